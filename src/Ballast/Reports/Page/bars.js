// Bars by category: horizontal, side by side or stacked, with 95 % whiskers.
import { clipped, named } from "./text.js";
import { interval, isNumber, unitOf, writerOf } from "./format.js";
import { seriesColours } from "./palette.js";
import { linear, logarithmic, valueAxis } from "./scale.js";
import { base, fontFamily, hoverSeries, textWidth, tooltip } from "./marks.js";

const mostRows = 60;

/** The rows that are drawn: all, or the first and last of very many. */
function rowsOf(figure) {
  const all = figure.categories.map((_, index) => index);
  return all.length <= mostRows ? all : [...all.slice(0, mostRows / 2), null, ...all.slice(-mostRows / 2)];
}

const isStacked = figure => figure.stacked && !figure.log;
const barsPerRow = figure => isStacked(figure) ? 1 : figure.series.length;

export function barHeight(figure) {
  return rowsOf(figure).length * Math.max(26, barsPerRow(figure) * 17 + 12) + 58;
}

/** Where each bar starts and ends, and its whisker, in the axis' own places. */
function extents(figure, rows, scale) {
  const sums = rows.map(() => 0);
  return figure.series.map(series => rows.map((row, place) => {
    const value = row === null ? null : series.values[row];
    if (!isNumber(value)) return null;
    const start = isStacked(figure) ? sums[place] : Math.max(scale.min, 0);
    sums[place] += value;
    const [low, high] = [series.low?.[row], series.high?.[row]];
    return {
      from: isStacked(figure) ? start : figure.log ? scale.min : start, to: scale.at(isStacked(figure) ? sums[place] : value), value,
      low: isNumber(low) && isNumber(high) ? scale.at(low) : null, high: isNumber(low) && isNumber(high) ? scale.at(high) : null,
    };
  }));
}

const totalsOf = figure => figure.categories.map((_, row) => figure.series.reduce((sum, series) => sum + (series.values[row] ?? 0), 0));

/** What the value axis has to reach. */
export const barReach = figure => ({ values: isStacked(figure) ? totalsOf(figure) : figure.series.flatMap(series => [...series.values, ...(series.high ?? []), ...(figure.log ? series.low ?? [] : [])]), places: [] });

function scaleOf(figure) {
  const values = [...barReach(figure).values, ...(figure.reach?.values ?? [])];
  if (figure.log) return logarithmic(values, { floor: true, percent: figure.percent, ticks: 6 });
  if (!isStacked(figure)) return linear(values, { zero: true, percent: figure.percent });
  return linear(values, { zero: true, percent: figure.percent, exact: figure.percent });
}

/** Colours by series and row: rows that are classes take the class's colour, their second series paler. */
export function barColours(figure, context) {
  const bySeries = seriesColours(figure, context);
  const classOf = new Map(context.classes.map((item, index) => [item.name, index]));
  const rowsAreClasses = !figure.stacked && figure.series.every(series => series.class === undefined) && figure.series.length <= 2
    && context.classes.length > 1 && figure.categories.length > 0 && figure.categories.every(name => classOf.has(name));
  return {
    rowsAreClasses,
    of: (series, row) => rowsAreClasses ? context.classColours[classOf.get(figure.categories[row])] : bySeries[series],
    opacity: series => rowsAreClasses && series > 0 ? 0.45 : 1,
    legend: series => rowsAreClasses ? "#5f6771" : bySeries[series],
  };
}

export function barOption(figure, context, theme, width) {
  const rows = rowsOf(figure);
  const scale = scaleOf(figure);
  const bars = extents(figure, rows, scale);
  const colours = barColours(figure, context);
  const write = writerOf(figure);
  const labels = rows.map(row => row === null ? "\u2026" : clipped(named(figure.categories[row]), 60));
  const left = Math.min(Math.max(...labels.map(label => textWidth(label, 12) + 2), 24), width * (width < 420 ? 0.5 : 0.34));
  const labelled = !isStacked(figure);
  const tip = place => rows[place] === null
    ? tooltip(`${rows.length - 1} of ${figure.categories.length} rows are drawn`, [])
    : tooltip(named(figure.categories[rows[place]]), figure.series.map((series, index) => {
      const between = interval(series.low?.[rows[place]], series.high?.[rows[place]], unitOf(figure));
      return [colours.of(index, rows[place]), series.name, write(series.values[rows[place]]) + (between ? `  (${between})` : "")];
    }));
  return {
    ...base(theme, figure.title),
    grid: { left: left + 14, right: labelled ? 64 : 18, top: 6, bottom: figure.xLabel ? 46 : 30 },
    xAxis: valueAxis(scale, clipped(figure.xLabel, 90), theme),
    yAxis: {
      type: "category", inverse: true, data: labels, axisTick: { show: false }, axisLine: { onZero: false, lineStyle: { color: theme.axis } },
      axisLabel: { color: theme.ink, fontSize: 12, width: left, overflow: "truncate", interval: 0 },
    },
    series: [
      ...bars.map((column, index) => barSeries(column, { index, count: barsPerRow(figure), stacked: isStacked(figure), theme, write: labelled ? write : null, colour: place => colours.of(index, rows[place]), opacity: colours.opacity(index) })),
      hoverSeries(rows.map((_, place) => place), theme, { rows: true, tip }),
    ],
  };
}

function barSeries(column, { index, count, stacked, theme, write, colour, opacity }) {
  return {
    type: "custom", silent: true, clip: false, data: column.map((bar, place) => [bar?.to ?? null, place]), encode: { x: 0, y: 1 },
    renderItem(params, api) {
      const place = params.dataIndex;
      const bar = column[place];
      if (!bar) return null;
      const band = Math.abs(api.size([0, 1])[1]);
      const thick = Math.min(20, (band - 10) / count);
      const middle = api.coord([0, place])[1] + (stacked ? 0 : (index - (count - 1) / 2) * (thick + 1));
      const [x1, x2] = [api.coord([bar.from, 0])[0], api.coord([bar.to, 0])[0]];
      const children = [{ type: "rect", shape: { x: Math.min(x1, x2), y: middle - thick / 2, width: Math.max(Math.abs(x2 - x1), bar.value ? 1 : 0), height: thick, r: stacked ? 0 : 1.5 }, style: { fill: colour(place), opacity } }];
      let end = Math.max(x1, x2);
      if (bar.low !== null) {
        const [low, high] = [api.coord([bar.low, 0])[0], api.coord([bar.high, 0])[0]];
        const reach = Math.min(4, thick / 3);
        children.push({ type: "path", shape: { pathData: `M${low} ${middle - reach}V${middle + reach}M${low} ${middle}H${high}M${high} ${middle - reach}V${middle + reach}` }, style: { stroke: theme.ink, lineWidth: 1.2, fill: "none" } });
        end = Math.max(end, high);
      }
      if (write) children.push({ type: "text", style: { x: end + 6, y: middle, text: write(bar.value), fill: theme.muted, font: `11px ${fontFamily}`, verticalAlign: "middle" } });
      return { type: "group", children };
    },
  };
}
