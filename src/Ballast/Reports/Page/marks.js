// What every chart over a numeric x shares: marked places, the band under the pointer, and its tooltip.
import { clipped, el, named } from "./text.js";

export const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif";

let ruler;

/** Width of a text in pixels. */
export function textWidth(text, size = 11) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = `${size}px ${fontFamily}`;
  return ruler.measureText(text).width;
}

/** Strokes that differ without colour too. */
export const dashes = [null, [7, 3], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2, 1, 2]];

/** Marks with a row each, so that labels do not run into one another. */
export function placeMarks(marks, scale, plotWidth) {
  const ends = [];
  return marks.map(mark => ({ label: clipped(mark.label, 28), at: scale.at(mark.at) })).filter(mark => mark.at !== null && mark.at >= scale.min && mark.at <= scale.max)
    .sort((a, b) => a.at - b.at).map(mark => {
      const half = textWidth(mark.label, 10.5) / 2 + 4;
      const middle = (mark.at - scale.min) / (scale.max - scale.min) * plotWidth;
      const place = Math.min(Math.max(middle, half), plotWidth - half);
      let row = ends.findIndex(end => end <= place - half);
      if (row < 0) row = ends.length;
      ends[row] = place + half;
      return { ...mark, row, place };
    });
}

export const markRows = placed => placed.reduce((rows, mark) => Math.max(rows, mark.row + 1), 0);

/** The series that draws marks: a dashed line through the plot and a label above it. */
export function markSeries(placed, scale, theme) {
  return {
    type: "custom", silent: true, clip: false, z: 4, data: [[scale.min, 0]], tooltip: { show: false },
    renderItem(params) {
      const plot = params.coordSys;
      const children = placed.flatMap(mark => {
        const x = plot.x + (mark.at - scale.min) / (scale.max - scale.min) * plot.width;
        const y = plot.y - 6 - mark.row * 14;
        return [
          { type: "line", shape: { x1: x, y1: y + 2, x2: x, y2: plot.y + plot.height }, style: { stroke: theme.muted, lineWidth: 1, lineDash: [3, 3] } },
          { type: "text", style: { x: plot.x + mark.place, y, text: mark.label, fill: theme.muted, font: `10.5px ${fontFamily}`, align: "center", verticalAlign: "bottom", stroke: theme.paper, lineWidth: 3 } },
        ];
      });
      return { type: "group", children };
    },
  };
}

/** Invisible bands over the plot, one for each [from, to] on x, or for each row; the one under the pointer is tinted and shows a tooltip. */
export function hoverSeries(bands, theme, { rows = false, tip }) {
  return {
    type: "custom", z: 10, data: bands.map((_, index) => [index]), encode: { x: -1, y: -1 },
    renderItem(params, api) {
      const plot = params.coordSys;
      const band = bands[params.dataIndex];
      const shape = rows
        ? { x: plot.x, y: api.coord([0, band])[1] - api.size([0, 1])[1] / 2, width: plot.width, height: api.size([0, 1])[1] }
        : { x: api.coord([band[0], 0])[0], y: plot.y, width: api.coord([band[1], 0])[0] - api.coord([band[0], 0])[0], height: plot.height };
      return { type: "rect", shape, style: { fill: "rgba(0,0,0,0)" }, emphasis: { style: { fill: theme.hover } } };
    },
    tooltip: { formatter: params => tip(params.dataIndex) },
  };
}

/** A tooltip as elements: a head and rows of swatch, name, value. */
export function tooltip(head, rows) {
  return el("div", { class: "tip" }, el("strong", null, head), rows.map(([colour, name, value]) => {
    const swatch = el("i");
    swatch.style.background = colour ?? "transparent";
    return el("span", null, swatch, el("em", null, clipped(named(name), 60)), el("b", null, value));
  }));
}

/** What all options share. */
export function base(theme, description) {
  return {
    animation: false,
    textStyle: { fontFamily, color: theme.ink },
    aria: { enabled: true, label: { description: named(description) } },
    tooltip: { trigger: "item", confine: true, transitionDuration: 0, backgroundColor: theme.paper, borderColor: theme.line, borderWidth: 1, padding: [8, 10], textStyle: { color: theme.ink, fontSize: 12, fontFamily } },
  };
}
