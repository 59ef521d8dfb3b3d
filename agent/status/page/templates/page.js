// The page, live: swaps panels that changed, and says so when the box does not answer.
// It only ever reads from the box that served it. Without it the page renews itself as a whole.
"use strict";
(() => {
const root = document.documentElement, words = root.dataset;
const OPEN_MS = 3000;      // a stream that has not begun by then is not waited for
const SILENT_MS = 12000;   // the box says something every 5 s
const AGAIN_MS = 2000;     // between two questions to a box that does not answer
const POLL_MS = 5000;      // between two questions to a box that has no place for one more stream
const STREAM_MS = 30000;   // until such a stream is tried again
const HIDDEN_MS = 15000;   // a tab that is not looked at asks for the level alone
const LINES = 500;         // of the log
const LANG = new URLSearchParams(location.search).get("lang");
const ASKED = LANG ? "?lang=" + encodeURIComponent(LANG) : "";  // the language that the address asks for
const $ = (id) => document.getElementById(id);

// ---- Swapping: only what differs is touched, so that selection, focus, scroll and open details stay.

function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
}

const keyOf = (node) => node.nodeType === 1 ? node.getAttribute("data-key") : null;
const isKept = (node, name) => (node.nodeName === "DETAILS" && name === "open") || name === "hidden";

function sameAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !isKept(old, name)) old.removeAttribute(name);
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value && !isKept(old, name)) old.setAttribute(name, value);
  }
}

function morph(old, fresh) {
  const wanted = new Set([...fresh.children].map(keyOf));
  for (const child of [...old.children]) {
    if (keyOf(child) !== null && !wanted.has(keyOf(child))) child.remove();
  }
  const known = new Map([...old.children].filter((child) => keyOf(child) !== null).map((child) => [keyOf(child), child]));
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const key = keyOf(next);
    let match = null;
    if (key !== null) match = known.get(key) || null;
    else match = alike(at, next);
    if (!match) { old.insertBefore(next, at); continue; }
    if (key === null) while (at !== match) { const gone = at; at = at.nextSibling; gone.remove(); }
    if (match === at) at = at.nextSibling;
    else old.insertBefore(match, at);
    if (match.nodeType !== 1) { if (match.data !== next.data) match.data = next.data; }
    else if (!match.isEqualNode(next)) { sameAttributes(match, next); morph(match, next); }
  }
  while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
}

// The next old node of the same kind, if only nodes without a key stand before it.
function alike(at, next) {
  for (let node = at, steps = 0; node && steps < 4 && keyOf(node) === null; node = node.nextSibling, steps++) {
    if (node.nodeName === next.nodeName) return node;
  }
  return null;
}

function swap(panels) {
  for (const [name, html] of Object.entries(panels)) {
    const place = $("p-" + name);
    if (place) morph(place, parsed(html));
  }
  afterSwap();
}

function afterSwap() {
  setClock();
  tick();
  search();
  const said = $("sentence");
  if (said) setFace(said.dataset.level, said.dataset.word);
}

function setFace(level, word) {
  const icon = document.querySelector("link[rel=icon]"), address = root.getAttribute("data-icon-" + level);
  if (address && icon.getAttribute("href") !== address) icon.setAttribute("href", address);
  const title = word + document.title.slice(document.title.indexOf(" – "));
  if (document.title !== title) document.title = title;
}

// ---- Times: the box's clock, which may be wrong, is the one that all times on the page are told by.

let ahead = 0;

function setClock() {
  const clock = $("clock");
  if (clock && clock.dateTime !== setClock.last) {
    setClock.last = clock.dateTime;
    ahead = Date.parse(clock.dateTime) - Date.now();
  }
}

function span(seconds) {
  const names = words.units.split("|"), sizes = [86400, 3600, 60, 1], parts = [];
  let left = Math.max(0, Math.floor(seconds));
  const until = left < 60 ? 4 : 3;
  for (let unit = 0; unit < until; unit++) {
    const count = Math.floor(left / sizes[unit]);
    left -= count * sizes[unit];
    if (count) parts.push(count + " " + names[2 * unit + (count === 1 ? 0 : 1)]);
  }
  return parts.slice(0, 2).join(" ") || "0 " + names[6];
}

function tick() {
  const now = Date.now() + ahead;
  for (const age of document.querySelectorAll(".age[data-since]")) {
    const text = span((now - Date.parse(age.dataset.since)) / 1000);
    if (age.textContent !== text && age.dataset.since) age.firstChild.data = text;
  }
  for (const bar of document.querySelectorAll("progress[data-since]")) {
    bar.value = Math.min(bar.max, Math.max(0, (now - Date.parse(bar.dataset.since)) / 1000));
  }
  const clock = $("clock");
  if (clock && clock.firstChild && !away) clock.firstChild.data = atHotel(now, clock.dateTime);
}

// The time of day where the hotel is, wherever the reader is: the box's own offset is in its time.
function atHotel(now, iso) {
  const zone = /([+-])(\d\d):(\d\d)$/.exec(iso);
  const minutes = zone ? (zone[1] === "-" ? -1 : 1) * (60 * zone[2] + +zone[3]) : 0;
  return new Date(now + minutes * 60000).toISOString().slice(11, 19);
}

// ---- Searching the orders, at each letter.

function search() {
  const field = $("room");
  if (!field) return;
  const wanted = field.value.trim().toLowerCase(), rows = document.querySelectorAll("tr[data-room]");
  let shown = 0;
  for (const row of rows) {
    row.hidden = !row.dataset.room.toLowerCase().startsWith(wanted);
    shown += !row.hidden;
  }
  const fold = document.querySelector("#p-earlier details");
  if (fold && wanted && search.last !== wanted && fold.querySelector("tr[data-room]:not([hidden])")) fold.open = true;
  search.last = wanted;
  const found = $("found").dataset.found.replace("{shown}", shown).replace("{all}", rows.length);
  const text = wanted ? found : "";
  if ($("found").textContent !== text) $("found").textContent = text;
}

// ---- Hearing from the box: a stream, and questions where there is none.

let source = null, heard = Date.now(), opened = 0, refused = 0, timer = 0, away = false, isStopped = false;

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
    else isGone(new DOMParser().parseFromString(text, "text/html").querySelector(".summary span[dir]"));
  } catch (error) {
    if (isStopped) return;
    isGone(null);
  }
  next();
}

function next() {
  if (source) return;
  if (!document.hidden && !away && Date.now() - refused > STREAM_MS) return listen();
  clearTimeout(timer);
  timer = setTimeout(ask, document.hidden ? HIDDEN_MS : away ? AGAIN_MS : POLL_MS);
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
  if (!away) return;
  away = false;
  root.classList.remove("away");
  $("banner").hidden = true;
}

function isGone(said) {
  const banner = $("banner"), time = atHotel(heard + ahead, $("clock").dateTime);
  const text = banner.dataset.away.replace("{time}", time) + (said ? " " + banner.dataset.said + " " + said.textContent : "");
  away = true;
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

// ---- The log: new lines come on top.

function startLog(list) {
  const stream = new EventSource("/log/events" + location.search), banner = $("banner");
  stream.addEventListener("line", (event) => {
    const line = JSON.parse(event.data);
    if (list.querySelector(`[data-key="${line.number}"]`)) return;
    const row = $("line").content.firstElementChild.cloneNode(true);
    row.dataset.key = line.number;
    row.classList.add(line.level.toLowerCase());
    const texts = [line.at.slice(0, 19).replace("T", " "), line.level.toLowerCase(), line.hop, line.text];
    texts.forEach((text, place) => { row.children[place].textContent = text; });
    list.prepend(row);
    while (list.children.length > LINES) list.lastElementChild.remove();
  });
  stream.onopen = () => { banner.hidden = true; };
  stream.onerror = () => {
    banner.textContent = banner.dataset.away;
    banner.hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => startLog(list), POLL_MS);
  };
  addEventListener("pagehide", () => stream.close());
}

if ($("sentence")) startPage();
else if ($("log")) startLog($("log"));
})();
