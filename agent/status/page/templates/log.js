// The log, live: new lines come on top. It only ever reads from the box that served it.
"use strict";
(() => {
const LINES = 500;       // that are kept
const AGAIN_MS = 5000;   // between two tries to have a stream
const $ = (id) => document.getElementById(id);

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
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => startLog(list), AGAIN_MS);
  };
  addEventListener("pagehide", () => stream.close());
}

startLog($("log"));
})();
