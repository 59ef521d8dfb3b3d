// The page of an act that is under way: asks each second what was told since, until the act has ended.
"use strict";

const EVERY = 1000; // ms

async function look() {
  let answer;
  try {
    answer = await fetch(location.href, { cache: "no-store" });
  } catch {
    return; // the box restarts, or a cable is out: ask again
  }
  if (answer.redirected || !answer.ok) {
    clearInterval(timer);
    location.reload();
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const told = page.querySelector("#told");
  document.querySelector("#told").replaceChildren(...told.childNodes);
  if (!told.hasAttribute("data-under-way")) {
    clearInterval(timer);
    document.querySelector("#told").removeAttribute("data-under-way");
    document.querySelector("#more").replaceWith(page.querySelector("#more"));
  }
}

const timer = setInterval(look, EVERY);
