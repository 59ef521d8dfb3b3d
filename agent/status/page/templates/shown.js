// What the page makes of what it was told: its panels, icon and title, times that go on, and the search by room.
"use strict";

const root = document.documentElement, words = root.dataset;
const $ = (id) => document.getElementById(id);
let isAway = false;  // the box does not answer

// ---- Panels, and the level in icon and title.

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
  if (clock && clock.firstChild && !isAway) clock.firstChild.data = atHotel(now, clock.dateTime);
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
