// Builds the page from the data it carries.
import { clipped, el, named } from "./text.js";
import { classColours } from "./palette.js";
import { redraw, themeName, watch } from "./charts.js";
import { anchorOf, first, flaws, hasTile, head, mark, method, section, tile } from "./parts.js";

const data = JSON.parse(document.getElementById("data").textContent);
const classes = data.datasets[0]?.classes ?? [];
const context = { classes, classColours: classColours(classes), sparks: [] };
for (const finding of data.findings) if (data.unjudged?.includes(finding.id)) finding.verdict = "measured";
const tiled = data.findings.filter(finding => hasTile(finding, data));
const others = data.findings.filter(finding => !tiled.includes(finding));

function contents() {
  const item = (href, sign, text) => el("li", null, el("a", { href }, sign, el("span", null, text)));
  return el("nav", { class: "contents", "aria-label": "Contents" }, el("ol", null,
    data.first.length > 0 && item("#first", null, "What to do first"),
    tiled.map(finding => item("#" + anchorOf(finding), mark(finding.verdict, false), clipped(finding.subject || finding.family, 40))),
    data.datasets.length > 0 && item("#flaws", null, "Flaws"),
    others.map(finding => item("#" + anchorOf(finding), mark(finding.verdict, false), clipped(finding.subject || finding.family, 40))),
    item("#method", null, "How this was measured")));
}

function build() {
  document.title = `${named(data.title)} \u00b7 Ballast`;
  document.getElementById("page").append(
    head(data),
    el("div", { class: "body" },
      contents(),
      el("main", { id: "main", tabindex: "-1" },
        tiled.length > 1 && el("section", { class: "tiles", "aria-label": "Verdicts" }, tiled.map(finding => tile(finding, context))),
        first(data),
        tiled.map(finding => section(finding, data, context)),
        flaws(data),
        others.map(finding => section(finding, data, context)),
        method(data))));
  paintSparks();
}

function paintSparks() {
  for (const paint of context.sparks) paint();
}

function listen() {
  document.getElementById("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = themeName() === "dark" ? "light" : "dark";
    redraw();
    paintSparks();
  });
  document.addEventListener("click", event => {
    const button = event.target.closest?.("[data-copy]");
    if (button) copy(button);
  });
}

/** Copies what is shown, so that nothing unseen reaches a terminal. */
async function copy(button) {
  const code = button.parentElement.querySelector("code");
  const done = await write(code);
  button.textContent = done ? "Copied" : "Press Ctrl+C";
  setTimeout(() => { button.textContent = "Copy"; }, 1600);
}

async function write(code) {
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    const range = document.createRange();
    range.selectNodeContents(code);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  }
}

build();
listen();
watch(paintSparks);
