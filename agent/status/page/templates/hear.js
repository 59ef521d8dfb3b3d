// Hears from the box, and says so when it does not answer: a stream, and questions where there is none.
// It only ever reads from the box that served it. Without it the page renews itself as a whole.
"use strict";

const OPEN_MS = 3000;      // a stream that has not begun by then is not waited for
const SILENT_MS = 12000;   // the box says something every 5 s
const AGAIN_MS = 2000;     // between two questions to a box that does not answer
const POLL_MS = 5000;      // between two questions to a box that has no place for one more stream
const STREAM_MS = 30000;   // until such a stream is tried again
const HIDDEN_MS = 15000;   // a tab that is not looked at asks for the level alone
const LANG = new URLSearchParams(location.search).get("lang");
const ASKED = LANG ? "?lang=" + encodeURIComponent(LANG) : "";  // the language that the address asks for

let source = null, heard = Date.now(), opened = 0, refused = 0, timer = 0, isStopped = false;

// A browser holds six connections to a box at most. Tabs tell each other, so that a few listen and the others ask.
const STREAMS = 3, mine = Date.now() + Math.random(), tabs = new Map(), channel = new BroadcastChannel("night-porter");
channel.onmessage = ({ data }) => {
  tabs.set(data, Date.now());
  if (source && isCrowded()) { refused = Date.now(); quiet(); next(); }
};

function isCrowded() {
  let before = 0;
  for (const [tab, at] of tabs) before += tab < mine && Date.now() - at < SILENT_MS;
  return before >= STREAMS;
}

function listen() {
  quiet();
  if (isCrowded()) { refused = Date.now(); return next(); }
  channel.postMessage(mine);
  opened = Date.now();
  let isHeard = false;
  const stream = source = new EventSource("/events" + ASKED);
  timer = setTimeout(() => isHeard || fallBack(stream), OPEN_MS);
  const on = (kind, act) => stream.addEventListener(kind, (event) => {
    if (stream !== source) return;
    isHeard = true;
    refused = 0;
    channel.postMessage(mine);
    hear();
    act(JSON.parse(event.data));
  });
  on("hello", (said) => checkBuild(said.build));
  on("panels", swap);
  on("beat", () => {});
  stream.onerror = () => fallBack(stream, isHeard);
}

function fallBack(stream, wasHeard) {
  if (stream !== source) return;
  if (!wasHeard) refused = Date.now();
  quiet();
  timer = setTimeout(ask, wasHeard ? 250 : 0);
}

function quiet() {
  clearTimeout(timer);
  if (source) source.close();
  source = null;
}

async function ask() {
  const isHidden = document.hidden;
  try {
    const answer = await fetch(isHidden ? "/healthz" : location.pathname + ASKED, {
      cache: "no-store", signal: AbortSignal.timeout(5000),
    });
    const text = await answer.text();
    if (isStopped) return;
    if (isHidden) level(text.trim(), answer.status);
    else if (answer.ok) renew(new DOMParser().parseFromString(text, "text/html"));
    else isGone(sentenceOf(text));
  } catch (error) {
    if (isStopped) return;
    isGone(null);
  }
  next();
}

// What the box says while its agent is not there. The style that stands in that page is not ours to apply: the
// policy of this one forbids it, and the browser would complain.
function sentenceOf(html) {
  const page = new DOMParser().parseFromString(html.replace(/<style[^]*?<\/style>/g, ""), "text/html");
  return page.querySelector(".summary span[dir]");
}

function next() {
  if (source) return;
  if (!document.hidden && !isAway && Date.now() - refused > STREAM_MS) return listen();
  clearTimeout(timer);
  timer = setTimeout(ask, document.hidden ? HIDDEN_MS : isAway ? AGAIN_MS : POLL_MS);
}

function level(text, status) {
  const word = { ok: 1, warning: 1, fault: 1 }[text];
  if (!word) return isGone(null);
  hear();
  setFace(text, words["word" + text[0].toUpperCase() + text.slice(1)] || text);
}

function renew(page) {
  const build = page.documentElement.dataset.build;
  if (!build) return isGone(null);
  hear();
  if (checkBuild(build)) return;
  const panels = {};
  for (const place of page.querySelectorAll(".panel")) panels[place.id.slice(2)] = place.innerHTML;
  swap(panels);
}

// A new version's page has new texts, style and script: it is loaded once, and never in a circle.
function checkBuild(build) {
  if (!build || build === words.build || sessionStorage.getItem("build") === build) return false;
  sessionStorage.setItem("build", build);
  isStopped = true;
  quiet();
  location.reload();
  return true;
}

function hear() {
  heard = Date.now();
  if (!isAway) return;
  isAway = false;
  root.classList.remove("away");
  $("banner").hidden = true;
}

function isGone(said) {
  const banner = $("banner"), time = atHotel(heard + ahead, $("clock").dateTime);
  const text = banner.dataset.away.replace("{time}", time) + (said ? " " + banner.dataset.said + " " + said.textContent : "");
  isAway = true;
  root.classList.add("away");
  if (banner.textContent !== text) banner.textContent = text;
  banner.hidden = false;
  setFace("away", words.wordAway || "?");
}

function second() {
  tick();
  if (source && Date.now() - Math.max(heard, opened) > SILENT_MS) fallBack(source, true);
}

function turn() {
  if (document.hidden) { quiet(); timer = setTimeout(ask, HIDDEN_MS); }
  else { refused = 0; quiet(); ask(); }
}

function startPage() {
  setClock();
  $("room").addEventListener("input", search);
  $("room").form.addEventListener("submit", (event) => { event.preventDefault(); search(); });
  document.addEventListener("visibilitychange", turn);
  addEventListener("pagehide", () => { isStopped = true; quiet(); });
  addEventListener("pageshow", (event) => { if (event.persisted) { isStopped = false; turn(); } });
  setInterval(second, 1000);
  if (document.hidden) turn(); else listen();
}

startPage();
