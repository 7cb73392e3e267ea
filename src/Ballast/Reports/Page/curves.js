// Curves over x, with bands and marks; the name of a curve stands at its end.
import { clipped, named } from "./text.js";
import { interval, isNumber, number, unitOf, writerOf } from "./format.js";
import { seriesColours } from "./palette.js";
import { linear, logarithmic, valueAxis } from "./scale.js";
import { base, dashes, fontFamily, hoverSeries, markRows, markSeries, placeMarks, textWidth, tooltip } from "./marks.js";

export const curveHeight = () => 340;

const xOf = (figure, series) => series.x ?? figure.x;

/** What the axes have to reach. */
export const curveReach = figure => ({
  values: figure.series.flatMap(series => [...series.values, ...(series.low ?? []), ...(series.high ?? [])]),
  places: [...figure.series.flatMap(series => xOf(figure, series)), ...(figure.marks ?? []).map(mark => mark.at)],
});

export function curveOption(figure, context, theme, width) {
  const places = figure.series.flatMap(series => xOf(figure, series));
  const marks = figure.marks ?? [];
  const reach = [...curveReach(figure).places, ...(figure.reach?.places ?? [])];
  const x = figure.logX ? logarithmic(reach, { base: 2, exact: true, ticks: 10 }) : linear(reach, { exact: true, ticks: 8 });
  const y = valueScale(figure);
  const colours = seriesColours(figure, context);
  const names = figure.series.map(series => clipped(named(series.name), 26));
  const atEnd = namesAtEnd(figure, width);
  const left = 62, right = atEnd ? Math.min(Math.max(...names.map(name => textWidth(name, 11.5))) + 18, width * 0.3) : 18;
  const placed = placeMarks(marks, x, width - left - right);
  const { bands, at } = hoverBands(places, x);
  const tip = place => tooltip(`${clipped(figure.xLabel, 40)}: ${number(at[place])}`, figure.series.flatMap((series, index) => {
    const nearest = nearestIndex(xOf(figure, series), at[place]);
    if (!isNumber(series.values[nearest])) return [];
    const between = interval(series.low?.[nearest], series.high?.[nearest], unitOf(figure));
    return [[colours[index], series.name, writerOf(figure)(series.values[nearest]) + (between ? `  (${between})` : "")]];
  }));
  return {
    ...base(theme, figure.title),
    grid: { left, right, top: 12 + markRows(placed) * 14, bottom: 46 },
    xAxis: valueAxis(x, clipped(figure.xLabel, 90), theme, { line: true, grid: false }),
    yAxis: valueAxis(y, clipped(figure.yLabel, 60), theme, { gap: 46 }),
    series: [
      ...figure.series.map((series, index) => lineSeries(series, xOf(figure, series), x, y, colours[index], dashes[index % dashes.length])),
      markSeries(placed, x, theme),
      ...(atEnd ? [endLabels(figure, names, x, y, colours, theme)] : []),
      hoverSeries(bands, theme, { tip }),
    ],
  };
}

function valueScale(figure) {
  const values = [...curveReach(figure).values, ...(figure.reach?.values ?? [])];
  return figure.logY ? logarithmic(values, { ticks: 6, percent: figure.percent }) : linear(values, { percent: figure.percent });
}

/** Whether names can stand at the curves' ends: there is room, and the ends do not all meet. */
export function namesAtEnd(figure, width) {
  if (figure.series.length > 10 || width < 420) return false;
  const y = valueScale(figure);
  const ends = figure.series.map(series => y.at(series.values.findLast(isNumber))).filter(end => end !== null).sort((a, b) => a - b);
  const crowded = ends.filter((end, i) => i > 0 && (end - ends[i - 1]) / (y.max - y.min) * curveHeight() < 5).length;
  return crowded * 2 < ends.length;
}

function nearestIndex(places, at) {
  let best = 0;
  for (let i = 1; i < places.length; i++) if (Math.abs(places[i] - at) < Math.abs(places[best] - at)) best = i;
  return best;
}

/** The x values a pointer can land on (at most 200), each with the band around it. */
function hoverBands(places, x) {
  let at = [...new Set(places.filter(isNumber))].sort((a, b) => a - b);
  if (at.length > 200) at = at.filter((_, index) => index % Math.ceil(at.length / 200) === 0);
  const middles = at.map(x.at);
  const bands = middles.map((middle, i) => [i ? (middles[i - 1] + middle) / 2 : x.min, i + 1 < middles.length ? (middles[i + 1] + middle) / 2 : x.max]);
  return { bands, at };
}

/** Runs of points without a gap. */
function runs(places, values, x, y, api) {
  const result = [[]];
  places.forEach((place, i) => {
    if (isNumber(values[i]) && isNumber(place)) result.at(-1).push(api.coord([x.at(place), y.at(values[i])]));
    else if (result.at(-1).length) result.push([]);
  });
  return result.filter(run => run.length);
}

function lineSeries(series, places, x, y, colour, lineDash) {
  return {
    type: "custom", silent: true, clip: true, data: [[x.min, y.min]],
    renderItem(params, api) {
      const children = [];
      if (series.low && series.high) {
        const lower = runs(places, series.low, x, y, api), upper = runs(places, series.high, x, y, api);
        lower.forEach((run, i) => { if (upper[i]) children.push({ type: "polygon", shape: { points: [...run, ...upper[i].reverse()] }, style: { fill: colour, opacity: 0.16 } }); });
      }
      for (const run of runs(places, series.values, x, y, api)) {
        children.push(run.length === 1
          ? { type: "circle", shape: { cx: run[0][0], cy: run[0][1], r: 3 }, style: { fill: colour } }
          : { type: "polyline", shape: { points: run }, style: { stroke: colour, lineWidth: 2, lineDash, fill: "none", lineJoin: "round" } });
      }
      return { type: "group", children };
    },
  };
}

/** Names at the curves' ends, pushed apart where they would overlap, with a thin leader to the end. */
function endLabels(figure, names, x, y, colours, theme) {
  return {
    type: "custom", silent: true, clip: false, z: 6, data: [[x.min, y.min]],
    renderItem(params, api) {
      const plot = params.coordSys;
      const ends = figure.series.flatMap((series, index) => {
        const places = xOf(figure, series);
        let last = places.length - 1;
        while (last >= 0 && !isNumber(series.values[last])) last--;
        if (last < 0) return [];
        const [endX, endY] = api.coord([x.at(places[last]), y.at(series.values[last])]);
        return [{ index, endX, endY, y: endY }];
      }).sort((a, b) => a.y - b.y);
      for (let i = 1; i < ends.length; i++) ends[i].y = Math.max(ends[i].y, ends[i - 1].y + 14);
      let floor = plot.y + plot.height;
      for (let i = ends.length - 1; i >= 0; i--) { ends[i].y = Math.min(ends[i].y, floor); floor = ends[i].y - 14; }
      const right = plot.x + plot.width;
      const children = ends.flatMap(end => [
        { type: "polyline", shape: { points: [[Math.min(end.endX, right) + 2, end.endY], [right + 8, end.y]] }, style: { stroke: colours[end.index], lineWidth: 1, opacity: 0.7, fill: "none" } },
        { type: "text", style: { x: right + 11, y: end.y, text: names[end.index], fill: theme.ink, font: `11.5px ${fontFamily}`, verticalAlign: "middle" } },
      ]);
      return { type: "group", children };
    },
  };
}
