// Named points on two axes, with vertical intervals; names stand where they hide no other.
import { clipped, named } from "./text.js";
import { interval, isNumber, number, unitOf, writerOf } from "./format.js";
import { seriesColours } from "./palette.js";
import { linear, logarithmic, valueAxis } from "./scale.js";
import { base, fontFamily, textWidth, tooltip } from "./marks.js";

export const pointHeight = () => 340;

export const pointReach = figure => ({ values: [...figure.series.values, ...(figure.series.low ?? []), ...(figure.series.high ?? [])], places: figure.x });

export function pointScales(figure) {
  const own = pointReach(figure);
  const [values, places] = [[...own.values, ...(figure.reach?.values ?? [])], [...own.places, ...(figure.reach?.places ?? [])]];
  return { x: figure.logX ? logarithmic(places, { floor: true, ticks: 6 }) : linear(places, { zero: true, ticks: 7 }), y: linear(values, { zero: true }) };
}

/** A colour for each point: its class's where the names are classes. */
export function pointColours(figure, context) {
  const classOf = new Map(context.classes.map((item, index) => [item.name, index]));
  const [own] = seriesColours({ series: [figure.series] }, context);
  return figure.names.map(name => classOf.has(name) ? context.classColours[classOf.get(name)] : own);
}

export function pointOption(figure, context, theme, width) {
  const { x, y } = pointScales(figure);
  const colours = pointColours(figure, context);
  const points = figure.names.map((_, index) => index).filter(index => isNumber(figure.x[index]) && isNumber(figure.series.values[index]));
  return {
    ...base(theme, figure.title),
    grid: { left: 62, right: 24, top: 14, bottom: 46 },
    xAxis: valueAxis(x, clipped(figure.xLabel, 90), theme, { line: true, grid: false }),
    yAxis: valueAxis(y, clipped(figure.yLabel, 60), theme, { gap: 46 }),
    series: [pointSeries(figure, points, colours, x, y, theme), nameSeries(figure, points, x, y, theme)],
  };
}

function pointSeries(figure, points, colours, x, y, theme) {
  const { values, low, high, name } = figure.series;
  return {
    type: "custom", z: 5, clip: false, data: points.map(point => [x.at(figure.x[point]), y.at(values[point])]),
    tooltip: {
      formatter: ({ dataIndex }) => {
        const point = points[dataIndex];
        const between = interval(low?.[point], high?.[point], unitOf(figure));
        return tooltip(named(figure.names[point]), [[colours[point], name, writerOf(figure)(values[point]) + (between ? `  (${between})` : "")], [null, figure.xLabel, number(figure.x[point])]]);
      },
    },
    renderItem(params, api) {
      const point = points[params.dataIndex];
      const [px, py] = api.coord([x.at(figure.x[point]), y.at(values[point])]);
      const children = [];
      if (isNumber(low?.[point]) && isNumber(high?.[point])) {
        const [bottom, top] = [api.coord([0, y.at(low[point])])[1], api.coord([0, y.at(high[point])])[1]];
        children.push({ type: "path", shape: { pathData: `M${px - 4} ${bottom}H${px + 4}M${px} ${bottom}V${top}M${px - 4} ${top}H${px + 4}` }, style: { stroke: colours[point], lineWidth: 1.3, opacity: 0.9, fill: "none" } });
      }
      children.push({ type: "circle", shape: { cx: px, cy: py, r: 4.5 }, style: { fill: colours[point], stroke: theme.paper, lineWidth: 1 }, emphasis: { style: { stroke: theme.ink, lineWidth: 2 } } });
      return { type: "group", children };
    },
  };
}

/** Names beside their points, the lowest first: they are the ones to find. A name that would cover another name or point is left to the tooltip. */
function nameSeries(figure, points, x, y, theme) {
  return {
    type: "custom", silent: true, clip: false, z: 6, data: [[x.min, y.min]], tooltip: { show: false },
    renderItem(params, api) {
      const plot = params.coordSys;
      const places = points.map(point => ({ point, at: api.coord([x.at(figure.x[point]), y.at(figure.series.values[point])]) })).sort((a, b) => b.at[1] - a.at[1]);
      const taken = places.map(({ at: [px, py] }) => [px - 5, py - 5, px + 5, py + 5]);
      const children = [];
      for (const { point, at: [px, py] } of places) {
        const text = clipped(named(figure.names[point]), 24);
        const wide = textWidth(text, 11.5);
        const spots = [[px + 8, py - 7, "left"], [px - 8 - wide, py - 7, "left"], [px - wide / 2, py - 21, "left"]];
        const spot = spots.find(([left, top]) => left >= plot.x && left + wide <= plot.x + plot.width + 20 && !taken.some(box => left < box[2] && left + wide > box[0] && top < box[3] && top + 14 > box[1]));
        if (!spot) continue;
        taken.push([spot[0], spot[1], spot[0] + wide, spot[1] + 14]);
        children.push({ type: "text", style: { x: spot[0], y: spot[1] + 7, text, fill: theme.ink, stroke: theme.paper, lineWidth: 3, font: `11.5px ${fontFamily}`, verticalAlign: "middle" } });
      }
      return { type: "group", children };
    },
  };
}
