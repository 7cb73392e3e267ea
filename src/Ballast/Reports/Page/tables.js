// Tables: the numbers behind a chart, and any table a report brings.
import { el, named } from "./text.js";
import { number, writerOf } from "./format.js";
import { binName } from "./histogram.js";

/** A table element; cells are text, and columns of numbers stand at the right. */
export function table(columns, rows, caption) {
  const numeric = columns.map((_, column) => rows.length > 0 && rows.every(row => /^(|\u2013|(under )?[+\-\u2212]?[\d.,]+([\s\u00a0]?[^\d\s]{1,8})?)$/.test(row[column] ?? "")));
  const cell = (tag, text, column, more) => el(tag, { class: numeric[column] ? "number" : null, ...more }, text ?? "");
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": caption ? named(caption) : "table" }, el("table", null,
    caption && el("caption", null, caption),
    el("thead", null, el("tr", null, columns.map((text, column) => cell("th", text, column, { scope: "col" })))),
    el("tbody", null, rows.map(row => el("tr", null, row.map((text, column) => column === 0 ? cell("th", text, column, { scope: "row" }) : cell("td", text, column)))))));
}

/** The numbers behind figures, folded away; made when it is opened. */
export function numbersBehind(figures) {
  const details = el("details", { class: "numbers" }, el("summary", null, figures.length > 1 ? "Numbers behind these charts" : "Numbers behind this chart"));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(...figures.map(figure => figureTable(figure, figures.length > 1)));
  });
  return details;
}

function figureTable(figure, captioned) {
  const { columns, rows } = kinds[figure.kind](figure);
  return table(columns, rows, captioned ? figure.title : null);
}

const kinds = {
  bars(figure) {
    const write = writerOf(figure);
    return { columns: [figure.yLabel || "", ...figure.series.flatMap(seriesHeads)], rows: figure.categories.map((name, row) => [named(name), ...figure.series.flatMap(series => seriesCells(series, row, write))]) };
  },
  histogram(figure) {
    const write = writerOf(figure);
    return { columns: [figure.xLabel || "bin", ...figure.series.map(series => named(series.name))], rows: figure.edges.slice(1).map((_, bin) => [binName(figure, bin), ...figure.series.map(series => write(series.values[bin]))]) };
  },
  curves(figure) {
    const write = writerOf(figure);
    if (figure.series.every(series => !series.x)) {
      return { columns: [figure.xLabel || "x", ...figure.series.flatMap(seriesHeads)], rows: figure.x.map((x, row) => [number(x), ...figure.series.flatMap(series => seriesCells(series, row, write))]) };
    }
    return { columns: ["curve", figure.xLabel || "x", figure.yLabel || "value"], rows: figure.series.flatMap(series => (series.x ?? figure.x).map((x, row) => [named(series.name), number(x), write(series.values[row])])) };
  },
  dots(figure) {
    return { columns: [figure.yLabel || "", ...seriesHeads(figure.series), "said"], rows: figure.categories.map((name, row) => [named(name), ...seriesCells(figure.series, row, writerOf(figure)), figure.words[row]]) };
  },
  points(figure) {
    return { columns: ["", figure.xLabel || "x", ...seriesHeads(figure.series)], rows: figure.names.map((name, row) => [named(name), number(figure.x[row]), ...seriesCells(figure.series, row, writerOf(figure))]) };
  },
  heat(figure) {
    const columns = figure.columns.length ? figure.columns.map(named) : (figure.values[0] ?? []).map((_, column) => `column ${column + 1}`);
    return { columns: [figure.yLabel || "", ...columns], rows: figure.values.map((row, y) => [figure.rows.length ? named(figure.rows[y]) : `row ${y + 1}`, ...row.map(writerOf(figure))]) };
  },
};

const hasInterval = series => Boolean(series.low && series.high);
const seriesHeads = series => hasInterval(series) ? [named(series.name), "low", "high"] : [named(series.name)];
const seriesCells = (series, row, write) => hasInterval(series) ? [write(series.values[row]), write(series.low[row]), write(series.high[row])] : [write(series.values[row])];
