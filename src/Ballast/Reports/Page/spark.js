// The small picture in a tile: the finding's first chart without words.
import { svg } from "./text.js";
import { isNumber } from "./format.js";
import { density, aroundOne, rgb, seriesColours } from "./palette.js";
import { barColours } from "./bars.js";
import { linear, logarithmic } from "./scale.js";
import { dotColour, dotScale } from "./dots.js";
import { pointColours, pointScales } from "./points.js";

const width = 132, height = 40;

const kinds = { bars, histogram, curves, heat, dots, points };

/** A picture of a figure, or an empty one when there is nothing to draw. */
export function spark(figure, context, theme) {
  const root = svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "spark", preserveAspectRatio: "xMinYMid meet", "aria-hidden": "true", focusable: "false" });
  if (figure) root.append(...kinds[figure.kind](figure, context, theme));
  return root;
}

const rect = (x, y, w, h, fill, opacity = 1) => svg("rect", { x: x.toFixed(2), y: y.toFixed(2), width: Math.max(0, w).toFixed(2), height: Math.max(0, h).toFixed(2), fill, opacity });

function bars(figure, context) {
  const rows = figure.categories.map((_, row) => row).slice(0, 8);
  const stacked = figure.stacked && !figure.log;
  const colours = barColours(figure, context);
  const shown = stacked ? figure.series : figure.series.slice(0, 1);
  const sums = rows.map(row => shown.reduce((sum, series) => sum + (series.values[row] ?? 0), 0));
  const scale = figure.log ? logarithmic(sums, { floor: true }) : linear(sums, { zero: true, exact: true });
  const band = height / Math.max(rows.length, 3);
  return rows.flatMap((row, place) => {
    let from = 0;
    return shown.map((series, index) => {
      const value = series.values[row];
      if (!isNumber(value)) return rect(0, 0, 0, 0, "none");
      const at = number => (scale.at(number) - scale.min) / (scale.max - scale.min) * width;
      const start = stacked ? at(from) : 0;
      from += value;
      return rect(start, place * band + band * 0.15, (stacked ? at(from) : at(value)) - start, band * 0.7, colours.of(index, row));
    });
  });
}

function histogram(figure, context) {
  const colours = seriesColours(figure, context);
  const several = figure.series.length > 1;
  const full = figure.edges.slice(1).map((_, bin) => figure.series.some(series => series.values[bin] > 0));
  const first = Math.max(0, full.indexOf(true)), bins = Math.max(1, full.lastIndexOf(true) + 1 - first);
  return figure.series.flatMap((series, index) => {
    const values = series.values.slice(first, first + bins);
    const scale = figure.logY ? logarithmic(values, { floor: true }) : linear(values, { zero: true, exact: true });
    const tall = value => ((scale.at(value) ?? scale.min) - scale.min) / (scale.max - scale.min) * (height - 2);
    if (!several) return values.map((value, bin) => rect(bin * width / bins + 0.4, height - tall(value), width / bins - 0.8, tall(value), colours[index]));
    const path = values.map((value, bin) => `L${(bin * width / bins).toFixed(1)} ${(height - tall(value)).toFixed(1)}H${((bin + 1) * width / bins).toFixed(1)}`).join("");
    return [svg("path", { d: `M0 ${height}${path}V${height}`, fill: "none", stroke: colours[index], "stroke-width": 1.5 })];
  });
}

function curves(figure, context) {
  const colours = seriesColours(figure, context);
  const xOf = series => series.x ?? figure.x;
  const x = (figure.logX ? logarithmic : linear)(figure.series.flatMap(xOf), { exact: true, base: 2 });
  const y = (figure.logY ? logarithmic : linear)(figure.series.flatMap(series => series.values), { exact: true });
  return figure.series.map((series, index) => {
    const points = xOf(series).flatMap((place, i) => isNumber(place) && isNumber(series.values[i])
      ? [`${((x.at(place) - x.min) / (x.max - x.min) * width).toFixed(1)},${(height - 2 - (y.at(series.values[i]) - y.min) / (y.max - y.min) * (height - 4)).toFixed(1)}`] : []);
    return svg("polyline", { points: points.join(" "), fill: "none", stroke: colours[index], "stroke-width": 1.5, "stroke-linejoin": "round" });
  });
}

function heat(figure, context, theme) {
  const columns = figure.values[0]?.length ?? 0, rows = figure.values.length;
  if (columns === 0) return [];
  const top = Math.max(...figure.values.flat().filter(isNumber), 0) || 1;
  const scale = density(theme);
  const paint = figure.aroundOne ? aroundOne(theme) : value => scale(value / top);
  const wide = figure.aspect > 0 ? Math.min(width, height * figure.aspect) : width;
  return figure.values.flatMap((row, y) => row.map((value, x) => rect(x * wide / columns, y * height / rows, wide / columns + 0.2, height / rows + 0.2, isNumber(value) ? rgb(paint(value)) : "none")));
}

function dots(figure, context, theme) {
  const rows = figure.categories.map((_, row) => row).filter(row => isNumber(figure.series.values[row])).slice(0, 8);
  const scale = dotScale(figure);
  const at = value => (value - scale.min) / (scale.max - scale.min) * width;
  const band = height / Math.max(rows.length, 3);
  return [rect(at(figure.around) - 0.5, 0, 1, height, "#8b929b"), ...rows.flatMap((row, place) => {
    const colour = dotColour(figure, figure.series.values[row], theme);
    const middle = (place + 0.5) * band;
    const [low, high] = [figure.series.low?.[row], figure.series.high?.[row]];
    return [isNumber(low) && isNumber(high) ? rect(at(low), middle - 0.5, at(high) - at(low), 1, colour) : rect(0, 0, 0, 0, "none"), rect(at(figure.series.values[row]) - 2, middle - 2, 4, 4, colour)];
  })];
}

function points(figure, context) {
  const { x, y } = pointScales(figure);
  const colours = pointColours(figure, context);
  return figure.names.flatMap((_, index) => isNumber(figure.x[index]) && isNumber(figure.series.values[index])
    ? [svg("circle", { cx: ((x.at(figure.x[index]) - x.min) / (x.max - x.min) * (width - 6) + 3).toFixed(1), cy: (height - 3 - (y.at(figure.series.values[index]) - y.min) / (y.max - y.min) * (height - 6)).toFixed(1), r: 2.5, fill: colours[index] })] : []);
}
