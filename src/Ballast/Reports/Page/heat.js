// Heat maps: a plain grid in the proportions of an image, or a matrix with names.
import { clipped, el, named } from "./text.js";
import { isNumber, number, writerOf } from "./format.js";
import { aroundOne, density, inkOn, rgb } from "./palette.js";
import { base, fontFamily, textWidth, tooltip } from "./marks.js";

export const isPlain = figure => figure.aspect > 0;

const largest = figure => figure.values.reduce((most, row) => row.reduce((top, value) => isNumber(value) ? Math.max(top, value) : top, most), 0);

export function heatHeight(figure) {
  const longest = Math.max(...figure.columns.map(name => textWidth(clipped(name, 22), 11)), 0);
  return figure.values.length * Math.min(40, Math.max(18, 440 / figure.values.length)) + (slanted(figure) ? Math.min(110, longest * 0.75) : 18) + (figure.xLabel ? 40 : 20);
}

const slanted = figure => figure.columns.length > 6 || figure.columns.some(name => [...name].length > 12);

/** The colour of a value. */
function painter(figure, themeName) {
  if (figure.aroundOne) return aroundOne(themeName);
  const top = largest(figure) || 1;
  const scale = density(themeName);
  return value => scale(value / top);
}

export function heatOption(figure, context, theme, width, themeName) {
  const paint = painter(figure, themeName);
  const write = writerOf(figure);
  const plain = isPlain(figure);
  const columns = figure.values[0]?.length ?? 0, rows = figure.values.length;
  const rowNames = figure.rows.map(name => clipped(named(name), 40));
  const left = plain ? 1 : Math.min(Math.max(...rowNames.map(name => textWidth(name, 12)), 20), width * 0.32) + 12;
  const cells = figure.values.flatMap((row, y) => row.map((value, x) => ({ x, y, value })));
  const axis = (count, names, more) => ({
    type: "category", data: names.length ? names : Array.from({ length: count }, (_, i) => i), show: !plain, axisTick: { show: false }, axisLine: { show: false }, splitLine: { show: false }, ...more,
  });
  const text = { color: theme.ink, fontSize: 11.5 };
  return {
    ...base(theme, figure.title),
    grid: plain ? { left: 1, right: 1, top: 1, bottom: 1 } : { left: left + (figure.yLabel ? 20 : 0), right: 12, top: 4, bottom: heatHeight(figure) - 4 - rows * Math.min(40, Math.max(18, 440 / rows)) },
    xAxis: axis(columns, figure.columns.map(name => clipped(named(name), 22)), {
      axisLabel: { ...text, rotate: slanted(figure) ? 40 : 0, hideOverlap: true, interval: columns > 40 ? "auto" : 0 },
      name: clipped(figure.xLabel, 80), nameLocation: "middle", nameGap: slanted(figure) ? 70 : 28, nameTextStyle: { color: theme.muted, fontSize: 11.5 },
    }),
    yAxis: axis(rows, rowNames, {
      inverse: true, axisLabel: { ...text, width: left - 8, overflow: "truncate", interval: rows > 60 ? "auto" : 0 },
      name: plain || !figure.yLabel ? "" : clipped(figure.yLabel, 60), nameLocation: "middle", nameGap: left + 2, nameTextStyle: { color: theme.muted, fontSize: 11.5 },
    }),
    series: [cellSeries(cells, { paint, write, theme, plain, crowded: cells.length > 400, tip: cell => tooltip(cellName(figure, cell), [[isNumber(cell.value) ? rgb(paint(cell.value)) : null, figure.aroundOne ? "ratio" : "value", write(cell.value)]]) })],
  };
}

function cellName(figure, cell) {
  if (!isPlain(figure)) return `${named(figure.rows[cell.y])} \u00d7 ${named(figure.columns[cell.x])}`;
  return `${number(100 * (cell.x + 0.5) / figure.values[0].length)} % from the left, ${number(100 * (cell.y + 0.5) / figure.values.length)} % from the top`;
}

function cellSeries(cells, { paint, write, theme, plain, crowded, tip }) {
  return {
    type: "custom", data: cells.map(cell => [cell.x, cell.y]), tooltip: { formatter: params => tip(cells[params.dataIndex]) },
    renderItem(params, api) {
      const cell = cells[params.dataIndex];
      const [middleX, middleY] = api.coord([cell.x, cell.y]);
      const [wide, high] = api.size([1, 1]);
      const gap = plain ? 0 : 1;
      const [x1, y1] = [Math.round(middleX - wide / 2), Math.round(middleY - high / 2)];
      const shape = { x: x1, y: y1, width: Math.round(middleX + wide / 2) - x1 - gap, height: Math.round(middleY + high / 2) - y1 - gap };
      const colour = isNumber(cell.value) ? paint(cell.value) : null;
      const rect = { type: "rect", shape, style: { fill: colour ? rgb(colour) : theme.empty }, emphasis: { style: { stroke: theme.ink, lineWidth: 1.5 } } };
      const label = isNumber(cell.value) ? write(cell.value) : "\u2013";
      if (plain || crowded || textWidth(label, 11) + 4 > wide) return rect;
      const ink = colour ? inkOn(colour) : theme.muted;
      return { type: "group", children: [rect, { type: "text", silent: true, style: { x: middleX, y: middleY, text: label, fill: ink, font: `11px ${fontFamily}`, align: "center", verticalAlign: "middle" } }] };
    },
  };
}

/** The scale beside a heat map: a strip of its colours with both ends named. */
export function heatLegend(figure, themeName) {
  const paint = painter(figure, themeName);
  const top = largest(figure);
  const stops = Array.from({ length: 12 }, (_, i) => rgb(figure.aroundOne ? paint(2 ** (-3 + 6 * i / 11)) : paint(top * i / 11)));
  const strip = el("i", { class: "strip" });
  strip.style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  const write = writerOf(figure);
  return figure.aroundOne ? [el("span", null, "1/8 and less"), strip, el("span", null, "8 and more")] : [el("span", null, write(0)), strip, el("span", null, write(top))];
}
