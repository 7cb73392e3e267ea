// Values with intervals, a row each, around the place that means "no difference": full where something is told, hollow where not.
import { clipped, named } from "./text.js";
import { interval, isNumber, unitOf, withUnit } from "./format.js";
import { linear, valueAxis } from "./scale.js";
import { base, fontFamily, hoverSeries, textWidth, tooltip } from "./marks.js";

const mostRows = 60;
const hues = { light: { up: "#0072b2", down: "#b84e00" }, dark: { up: "#56b4e9", down: "#f08a3c" } };

/** The rows that are drawn: all, or the first and last of very many. */
export function dotRows(figure) {
  const all = figure.categories.map((_, index) => index);
  return all.length <= mostRows ? all : [...all.slice(0, mostRows / 2), null, ...all.slice(-mostRows / 2)];
}

export const dotHeight = figure => dotRows(figure).length * 26 + 58;

export const dotReach = figure => ({ values: [...figure.series.values, ...(figure.series.low ?? []), ...(figure.series.high ?? [])], places: [] });

/** The colour of a row: blue above the place of no difference, vermillion below it. */
export const dotColour = (figure, value, themeName) => hues[themeName][value < figure.around ? "down" : "up"];

/** A difference with its sign. */
export const signed = (value, unit) => isNumber(value) ? (value > 0 ? "+" : value < 0 ? "\u2212" : "") + withUnit(Math.abs(value), unit) : "\u2013";

export function dotScale(figure) {
  const values = [...dotReach(figure).values, ...(figure.reach?.values ?? []), figure.around].filter(isNumber);
  const air = (Math.max(...values) - Math.min(...values) || 1) * 0.05;
  return linear([Math.min(...values) - air, Math.max(...values) + air], { exact: true, ticks: 7 });
}

export function dotOption(figure, context, theme, width, themeName) {
  const rows = dotRows(figure);
  const scale = dotScale(figure);
  const labels = rows.map(row => row === null ? "\u2026" : clipped(named(figure.categories[row]), 60));
  const left = Math.min(Math.max(...labels.map(label => textWidth(label, 12) + 2), 24), width * 0.34);
  const said = rows.map(row => row === null ? "" : `${signed(figure.series.values[row], unitOf(figure))}  ${clipped(figure.words[row], 24)}`);
  const right = Math.min(Math.max(...said.map(text => textWidth(text, 11)), 20) + 18, width * 0.36);
  const tip = place => rows[place] === null ? tooltip(`${rows.length - 1} of ${figure.categories.length} rows are drawn`, []) : rowTip(figure, rows[place], themeName);
  return {
    ...base(theme, figure.title),
    grid: { left: left + 14, right, top: 6, bottom: figure.xLabel ? 46 : 30 },
    xAxis: valueAxis(scale, clipped(figure.xLabel, 90), theme),
    yAxis: {
      type: "category", inverse: true, data: labels, axisTick: { show: false }, axisLine: { show: false },
      axisLabel: { color: theme.ink, fontSize: 12, width: left, overflow: "truncate", interval: 0 },
    },
    series: [aroundSeries(figure, scale, theme), rowSeries(figure, rows, said, scale, theme, themeName), hoverSeries(rows.map((_, place) => place), theme, { rows: true, tip })],
  };
}

function rowTip(figure, row, themeName) {
  const { values, low, high } = figure.series;
  const between = interval(low?.[row], high?.[row], unitOf(figure));
  return tooltip(named(figure.categories[row]), [[dotColour(figure, values[row], themeName), figure.series.name, signed(values[row], unitOf(figure)) + (between ? `  (${between})` : "")], [null, "said", figure.words[row]]]);
}

function aroundSeries(figure, scale, theme) {
  return {
    type: "custom", silent: true, data: [[scale.min, 0]], tooltip: { show: false },
    renderItem(params) {
      const plot = params.coordSys;
      const x = plot.x + (figure.around - scale.min) / (scale.max - scale.min) * plot.width;
      return { type: "line", shape: { x1: x, y1: plot.y, x2: x, y2: plot.y + plot.height }, style: { stroke: theme.ink, lineWidth: 1.2 } };
    },
  };
}

function rowSeries(figure, rows, said, scale, theme, themeName) {
  return {
    type: "custom", silent: true, clip: false, data: rows.map((row, place) => [row === null ? scale.min : figure.series.values[row] ?? scale.min, place]), encode: { x: 0, y: 1 },
    renderItem(params, api) {
      const row = rows[params.dataIndex];
      if (row === null || !isNumber(figure.series.values[row])) return null;
      const colour = dotColour(figure, figure.series.values[row], themeName);
      const [x, y] = api.coord([figure.series.values[row], params.dataIndex]);
      const [low, high] = [figure.series.low?.[row], figure.series.high?.[row]];
      const children = [];
      if (isNumber(low) && isNumber(high)) {
        const [from, to] = [api.coord([low, 0])[0], api.coord([high, 0])[0]];
        children.push({ type: "path", shape: { pathData: `M${from} ${y - 4}V${y + 4}M${from} ${y}H${to}M${to} ${y - 4}V${y + 4}` }, style: { stroke: colour, lineWidth: 1.4, fill: "none" } });
      }
      children.push({ type: "circle", shape: { cx: x, cy: y, r: 4.5 }, style: { fill: figure.told[row] ? colour : theme.paper, stroke: colour, lineWidth: 1.6 } });
      const plot = params.coordSys;
      children.push({ type: "text", style: { x: plot.x + plot.width + 10, y, text: said[params.dataIndex], fill: figure.told[row] ? theme.ink : theme.muted, font: `11px ${fontFamily}`, verticalAlign: "middle" } });
      return { type: "group", children };
    },
  };
}
