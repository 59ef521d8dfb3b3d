// Puts fresh HTML in the place of old: only what differs is touched, so that selection, focus, scroll and open
// details stay. A node with a data-key is the one of that key before, wherever it stood.
"use strict";

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
