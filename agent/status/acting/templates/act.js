// The page of an act that is under way: asks each second what was told since, until the act has ended.
"use strict";

const EVERY = 1000; // ms
const LONGEST = 5000; // ms that one answer is waited for

// One question at a time: an answer that another one overtook would tell again what is over.
let isAsking = false;

async function look() {
  if (isAsking) return;
  isAsking = true;
  try {
    await ask();
  } catch {
    // the box restarts, or a cable is out: ask again
  } finally {
    isAsking = false;
  }
}

async function ask() {
  const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(LONGEST) });
  if (answer.redirected || !answer.ok) {
    clearInterval(timer);
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.querySelector("#told");
  if (!told) return;
  tell(document.querySelector("#told"), told);
  if (!told.hasAttribute("data-under-way")) {
    clearInterval(timer);
    document.querySelector("#told").removeAttribute("data-under-way");
    document.querySelector("#more").replaceWith(page.querySelector("#more"));
  }
}

// Only what is new is put in: a screen reader says again whatever is replaced.
function tell(shown, told) {
  const list = shown.querySelector("ol"), lines = told.querySelectorAll("ol > li");
  if (!list) {
    if (shown.innerHTML !== told.innerHTML) shown.replaceChildren(...told.childNodes);
    return;
  }
  lines.forEach((line, place) => {
    const had = list.children[place];
    if (!had) list.append(line);
    else if (had.textContent !== line.textContent) had.replaceWith(line);
  });
  while (list.children.length > lines.length) list.lastElementChild.remove();
  const result = shown.querySelector("ol ~ p"), end = told.querySelector(":scope > p");
  if (result.textContent !== end.textContent) result.replaceWith(end);
}

const timer = setInterval(look, EVERY);
