// Charts on the page: drawn when they come into view, again when the width or the theme changes, and all of them for print.
import { clipped, el, named, svg } from "./text.js";
import { seriesColours, themes } from "./palette.js";
import { barColours, barHeight, barOption, barReach } from "./bars.js";
import { histogramHeight, histogramOption, histogramReach } from "./histogram.js";
import { dashes } from "./marks.js";
import { curveHeight, curveOption, curveReach, namesAtEnd } from "./curves.js";
import { heatHeight, heatLegend, heatOption, isPlain } from "./heat.js";
import { dotHeight, dotOption, dotReach } from "./dots.js";
import { pointHeight, pointOption, pointReach } from "./points.js";

const kinds = {
  bars: { height: barHeight, option: barOption, reach: barReach },
  histogram: { height: histogramHeight, option: histogramOption, reach: histogramReach },
  curves: { height: curveHeight, option: curveOption, reach: curveReach },
  heat: { height: heatHeight, option: heatOption },
  dots: { height: dotHeight, option: dotOption, reach: dotReach },
  points: { height: pointHeight, option: pointOption, reach: pointReach },
};

const printWidth = 680;
const charts = [];
let printing = false;

/** The theme the page shows now. */
export function themeName() {
  if (printing) return "light";
  const chosen = document.documentElement.dataset.theme;
  return chosen ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

/** Whether there is anything to draw. */
export function hasNumbers(figure) {
  if (figure.kind === "heat") return figure.values.some(row => row.some(value => value !== null));
  return [figure.series].flat().some(series => series.values.some(value => value !== null));
}

/** Gives figures of one kind that stand side by side the same axes, so that they can be held against each other. */
export function shareAxes(figures) {
  const { reach } = kinds[figures[0].kind];
  if (!reach || figures.some(figure => figure.kind !== figures[0].kind)) return;
  const own = figures.map(reach);
  for (const figure of figures) figure.reach = { values: own.flatMap(each => each.values), places: own.flatMap(each => each.places) };
}

/** A chart's place on the page: its legend and its canvas, of the height it will have. */
export function chart(figure, context) {
  const host = el("div", { class: "chart", "data-kind": figure.kind, role: "img", "aria-label": named(figure.title) });
  if (figure.kind === "heat" && isPlain(figure)) Object.assign(host.style, { aspectRatio: String(figure.aspect), maxWidth: "560px" });
  else host.style.height = kinds[figure.kind].height(figure) + "px";
  const legend = el("div", { class: "legend" });
  const entry = { figure, context, host, legend, instance: null, width: 0, theme: "", visible: false };
  charts.push(entry);
  writeLegend(entry);
  return [legend, host];
}

function writeLegend({ figure, context, host, legend }) {
  if (figure.kind === "heat") return legend.replaceChildren(...heatLegend(figure, themeName()));
  const width = host.clientWidth || 700;
  if (!(figure.series.length > 1) || (figure.kind === "curves" && namesAtEnd(figure, width))) return legend.replaceChildren();
  const bars = figure.kind === "bars" ? barColours(figure, context) : null;
  const colours = seriesColours(figure, context);
  legend.replaceChildren(...figure.series.map((series, index) => {
    return el("span", null, figure.kind === "curves" ? stroke(colours[index], index) : swatch(bars ? bars.legend(index) : colours[index], bars ? bars.opacity(index) : 1), clipped(named(series.name), 40));
  }));
}

function swatch(colour, opacity) {
  const element = el("i");
  element.style.background = colour;
  element.style.opacity = opacity;
  return element;
}

function stroke(colour, index) {
  return svg("svg", { width: 26, height: 10, "aria-hidden": "true" }, svg("line", { x1: 0, y1: 5, x2: 26, y2: 5, stroke: colour, "stroke-width": 2, "stroke-dasharray": (dashes[index % dashes.length] ?? []).join(" ") }));
}

function draw(entry) {
  const width = printing ? Math.min(entry.host.clientWidth || printWidth, printWidth) : entry.host.clientWidth;
  const theme = themeName();
  if (width === 0 || (entry.instance && entry.width === width && entry.theme === theme)) return;
  const height = entry.host.clientHeight;
  entry.instance ??= echarts.init(entry.host, null, { renderer: "svg", width, height });
  entry.instance.resize({ width, height });
  entry.instance.setOption(kinds[entry.figure.kind].option(entry.figure, entry.context, themes[theme], width, theme), { notMerge: true });
  entry.instance.getZr().flush();
  Object.assign(entry, { width, theme });
  writeLegend(entry);
}

/** Draws every chart now, seen or not. */
export function drawAll() {
  for (const entry of charts) draw(entry);
}

/** Draws again what has been drawn, in the theme of now. */
export function redraw() {
  for (const entry of charts) if (entry.visible || entry.instance) draw(entry);
}

/** Starts watching: what comes into view is drawn, what changes its width is drawn again; other drawings of the page follow the theme. */
export function watch(paintOthers) {
  const byHost = new Map(charts.map(entry => [entry.host, entry]));
  const seen = new IntersectionObserver(changes => {
    for (const change of changes) {
      if (!change.isIntersecting) continue;
      const entry = byHost.get(change.target);
      entry.visible = true;
      draw(entry);
      seen.unobserve(change.target);
    }
  }, { rootMargin: "600px" });
  const sized = new ResizeObserver(changes => {
    if (printing) return;
    for (const change of changes) {
      const entry = byHost.get(change.target);
      if (entry.instance) draw(entry);
    }
  });
  for (const host of byHost.keys()) {
    seen.observe(host);
    sized.observe(host);
  }
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { redraw(); paintOthers(); });
  const print = on => {
    if (printing === on) return;
    printing = on;
    document.documentElement.classList.toggle("printing", on);
    if (on) drawAll();
    else redraw();
    paintOthers();
  };
  addEventListener("beforeprint", () => print(true));
  addEventListener("afterprint", () => print(false));
  matchMedia("print").addEventListener("change", event => print(event.matches));
}
