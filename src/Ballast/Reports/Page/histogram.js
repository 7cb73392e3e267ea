// Histograms: one row as bars, several as steps, marks above.
import { clipped, named } from "./text.js";
import { isNumber, number, writerOf } from "./format.js";
import { seriesColours } from "./palette.js";
import { linear, logarithmic, valueAxis } from "./scale.js";
import { base, fontFamily, hoverSeries, markRows, markSeries, placeMarks, textWidth, tooltip } from "./marks.js";

export const histogramHeight = () => 320;

/** Edges that can be drawn: an open end on a logarithmic axis takes the width of its neighbour. */
function drawnEdges(figure) {
  const edges = figure.edges.map(edge => isNumber(edge) ? edge : NaN);
  const last = edges.length - 1;
  if (figure.logX && !(edges[0] > 0)) edges[0] = edges[1] ** 2 / edges[2] || edges[1] / 2;
  if (!Number.isFinite(edges[0])) edges[0] = 2 * edges[1] - edges[2];
  if (!Number.isFinite(edges[last])) edges[last] = figure.logX ? edges[last - 1] ** 2 / edges[last - 2] : 2 * edges[last - 1] - edges[last - 2];
  return edges;
}

/** First and last bin that hold anything, with one empty bin of air on each side. */
function used(figure) {
  const full = figure.edges.slice(1).map((_, bin) => figure.series.some(series => series.values[bin] > 0));
  const first = full.indexOf(true), last = full.lastIndexOf(true);
  return first < 0 ? [0, full.length - 1] : [Math.max(0, first - 1), Math.min(full.length - 1, last + 1)];
}

/** What the axes have to reach: the used edges, and the counts. */
export function histogramReach(figure) {
  const edges = drawnEdges(figure);
  const [first, last] = used(figure);
  return { values: figure.series.flatMap(series => series.values), places: [edges[first], edges[last + 1]] };
}

export function histogramOption(figure, context, theme, width) {
  const edges = drawnEdges(figure);
  const shared = figure.reach?.places.filter(isNumber) ?? [];
  const [first, last] = shared.length === 0 ? used(figure) : [edges.findLastIndex((edge, bin) => bin < edges.length - 1 && edge <= Math.min(...shared)), edges.findIndex(edge => edge >= Math.max(...shared)) - 1].map((bin, end) => bin < 0 ? used(figure)[end] : bin);
  const marks = figure.marks ?? [];
  const inside = figure.logX ? marks.filter(mark => mark.at > 0) : marks;
  const reach = [edges[first], edges[last + 1], ...inside.map(mark => mark.at)];
  const x = figure.logX ? logarithmic(reach, { base: 2, exact: true, ticks: width < 480 ? 6 : 12 }) : linear(reach, { exact: true, ticks: 8 });
  const several = figure.series.length > 1;
  const values = [...figure.series.flatMap(series => series.values), ...(figure.reach?.values ?? [])];
  const y = figure.logY ? logarithmic(values, { floor: true, ticks: 5, percent: figure.percent }) : linear(several ? [...values, Math.max(...values.filter(isNumber), 0) * 1.05] : values, { zero: true, percent: figure.percent });
  const colours = seriesColours(figure, context);
  const left = 62, right = 18;
  const placed = placeMarks(inside, x, width - left - right);
  const bins = [...edges.keys()].slice(first, last + 1);
  const tip = place => {
    const bin = bins[place];
    return tooltip(`${binName(figure, bin)}`, figure.series.map((series, index) => [colours[index], series.name, writerOf(figure)(series.values[bin])]));
  };
  return {
    ...base(theme, figure.title),
    grid: { left, right, top: 12 + markRows(placed) * 14, bottom: 46 },
    xAxis: valueAxis(x, clipped(figure.xLabel, 90), theme, { line: true, grid: false }),
    yAxis: valueAxis(y, clipped(figure.yLabel, 60), theme, { gap: 46 }),
    series: [
      ...figure.series.map((series, index) => several ? stepSeries(series, edges, bins, x, y, colours[index]) : columnSeries(series, edges, bins, x, y, colours[index])),
      markSeries(placed, x, theme),
      ...(several && figure.series.length <= 6 ? [peakLabels(figure, edges, bins, x, y, theme)] : []),
      hoverSeries(bins.map(bin => [x.at(edges[bin]), x.at(edges[bin + 1])]), theme, { tip }),
    ],
  };
}

/** "32 to 38.1". */
export function binName(figure, bin) {
  const [from, to] = [figure.edges[bin], figure.edges[bin + 1]];
  if (!isNumber(from)) return `under ${number(to)}`;
  return isNumber(to) ? `${number(from)} to ${number(to)}` : `${number(from)} and over`;
}

function columnSeries(series, edges, bins, x, y, colour) {
  return {
    type: "custom", silent: true, clip: true, data: bins.map(bin => [x.at(edges[bin]), y.at(series.values[bin])]),
    renderItem(params, api) {
      const bin = bins[params.dataIndex];
      const value = series.values[bin];
      if (!isNumber(value) || value <= 0) return null;
      const [x1, top] = api.coord([x.at(edges[bin]), y.at(value)]);
      const [x2, bottom] = api.coord([x.at(edges[bin + 1]), y.min]);
      return { type: "rect", shape: { x: x1 + 0.5, y: top, width: Math.max(0.5, x2 - x1 - 1), height: bottom - top }, style: { fill: colour } };
    },
  };
}

function stepSeries(series, edges, bins, x, y, colour) {
  return {
    type: "custom", silent: true, clip: true, data: [[x.min, y.min]],
    renderItem(params, api) {
      const points = [api.coord([x.at(edges[bins[0]]), y.min])];
      for (const bin of bins) {
        const height = y.at(series.values[bin]) ?? y.min;
        points.push(api.coord([x.at(edges[bin]), height]), api.coord([x.at(edges[bin + 1]), height]));
      }
      points.push(api.coord([x.at(edges[bins.at(-1) + 1]), y.min]));
      return { type: "group", children: [
        { type: "polygon", shape: { points }, style: { fill: colour, opacity: 0.1 } },
        { type: "polyline", shape: { points }, style: { stroke: colour, lineWidth: 1.8, fill: "none", lineJoin: "round" } },
      ] };
    },
  };
}

/** The name of each row above its highest step, pushed up where two would overlap. */
function peakLabels(figure, edges, bins, x, y, theme) {
  return {
    type: "custom", silent: true, clip: false, z: 6, data: [[x.min, y.min]],
    renderItem(params, api) {
      const taken = [];
      const peaks = figure.series.map(series => {
        const bin = bins.reduce((best, next) => (series.values[next] ?? 0) > (series.values[best] ?? 0) ? next : best, bins[0]);
        const [px, py] = api.coord([(x.at(edges[bin]) + x.at(edges[bin + 1])) / 2, y.at(series.values[bin]) ?? y.min]);
        const text = clipped(named(series.name), 24);
        return { text, px, py: py - 4, half: textWidth(text, 11.5) / 2 + 3, empty: !(series.values[bin] > 0) };
      }).filter(peak => !peak.empty).sort((a, b) => b.py - a.py);
      for (const peak of peaks) {
        for (const other of taken) if (Math.abs(other.px - peak.px) < other.half + peak.half && Math.abs(other.py - peak.py) < 14) peak.py = other.py - 14;
        taken.push(peak);
      }
      const children = peaks.map(peak => ({ type: "text", style: { x: peak.px, y: Math.max(peak.py, params.coordSys.y + 8), text: peak.text, fill: theme.ink, stroke: theme.paper, lineWidth: 3, font: `11.5px ${fontFamily}`, align: "center", verticalAlign: "bottom" } }));
      return { type: "group", children };
    },
  };
}
