// Everything that came from the data reaches the page through here: as text, never as markup.

// Controls, direction overrides and invisible characters; the joiners that scripts need (U+200C, U+200D) stay.
const unseen = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A text in which every character can be seen: ESC becomes a picture of itself, a direction override its code point. */
export function shown(text) {
  return String(text ?? "").replace(unseen, character => {
    const code = character.codePointAt(0);
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}

/** A class, file or series name; an empty one says so. */
export function named(text) {
  return String(text ?? "").trim() === "" ? "(no name)" : shown(text);
}

/** A sentence as it is set: arrows, and numbers that stay with their per cent. */
export function sentence(text) {
  return shown(text).replace(/ -> /g, "\u00a0\u2192 ").replace(/(\d) %/g, "$1\u00a0%").replace(/(95\u00a0%: [\d.,]+)-(?=\d)/g, "$1\u2011");
}

/** The first characters of a long text, for places that hold no more. */
export function clipped(text, length) {
  const characters = [...shown(text)];
  return characters.length > length ? characters.slice(0, length - 1).join("") + "\u2026" : characters.join("");
}

/** An element. Strings among the children become text nodes; null and false are left out. */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  add(element, children);
  return element;
}

function add(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    if (Array.isArray(child)) add(element, child);
    else element.append(child instanceof Node ? child : shown(child));
  }
}

/** An SVG element. */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A word fit for an element's id. */
export function slug(text) {
  return String(text).toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

/** "bestPossibleRecall" and "best-possible-recall" as words. */
export function words(name) {
  const spaced = String(name ?? "").replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([a-z]{3})(\d)/g, "$1 $2").replace(/[-_]+/g, " ");
  return spaced.replace(/ ([A-Z])(?=[a-z])/g, (_, letter) => " " + letter.toLowerCase()).replace(/\b([gdc]?)io ?u\b/gi, (_, kind) => kind.toUpperCase() + "IoU").replace(/\b(kl|cv|js|[lp]\d)\b/gi, short => short.toUpperCase()).replace(/\bgini\b/, "Gini");
}
