// Axes: where values stand, which ticks are written, and how. Logarithms are taken here, so that zero and bars behave.
import { isNumber, number, percent, short } from "./format.js";

const finite = values => values.filter(isNumber);

/** A linear axis over the values; from zero unless the values lie far from it. */
export function linear(values, options = {}) {
  const numbers = finite(values);
  let low = Math.min(...numbers), high = Math.max(...numbers);
  if (numbers.length === 0) [low, high] = [0, 1];
  if (options.zero || (!options.exact && low > 0 && low < high / 2)) low = Math.min(0, low);
  if (low === high) high = low + (Math.abs(low) || 1);
  const step = niceStep((high - low) / (options.ticks ?? 5));
  if (!options.exact) high += (high - low) * 0.03;
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) ticks.push(Number((i * step).toPrecision(12)));
  return { min: low, max: high, ticks, at: value => isNumber(value) ? value : null, label: options.percent ? percent : step < 1 ? number : short };
}

function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const part = rough / power;
  return (part > 5 ? 10 : part > 2 ? 5 : part > 1 ? 2 : 1) * power;
}

/** A logarithmic axis; values that are not above zero stand on its floor. */
export function logarithmic(values, options = {}) {
  const base = options.base ?? 10;
  const log = value => Math.log(value) / Math.log(base);
  const positive = finite(values).filter(value => value > 0);
  let low = positive.length ? log(Math.min(...positive)) : 0, high = positive.length ? log(Math.max(...positive)) : 1;
  if (options.floor) low -= 0.35;
  if (high - low < 0.5) [low, high] = [low - 0.25, high + 0.25];
  if (!options.exact) high += (high - low) * 0.03;
  const ticks = [];
  const every = Math.max(1, Math.round((high - low) / (options.ticks ?? 8)));
  const between = base === 10 && high - low < 1.6 ? [0, Math.log10(2), Math.log10(5)] : [0];
  for (let power = Math.ceil(low - 1); power <= high + 1e-9; power++) {
    if (power % every !== 0) continue;
    for (const part of between) if (power + part >= low - 1e-9 && power + part <= high + 1e-9) ticks.push(power + part);
  }
  const label = place => {
    const value = base ** place;
    return options.percent ? percent(value) : base === 2 && value >= 1 ? number(Math.round(value)) : short(Number(value.toPrecision(3)));
  };
  return { min: low, max: high, ticks, at: value => isNumber(value) ? value > 0 ? Math.max(low, log(value)) : low : null, label };
}

/** An ECharts axis drawn from a scale. */
export function valueAxis(scale, name, theme, options = {}) {
  return {
    type: "value", min: scale.min, max: scale.max,
    axisLine: { show: options.line ?? false, onZero: false, lineStyle: { color: theme.axis } },
    axisTick: { show: options.line ?? false, customValues: scale.ticks, lineStyle: { color: theme.axis } },
    axisLabel: { color: theme.muted, fontSize: 11, customValues: scale.ticks, formatter: scale.label, hideOverlap: true },
    splitLine: { show: options.grid ?? true, lineStyle: { color: theme.line } },
    name, nameLocation: "middle", nameGap: options.gap ?? 28, nameTextStyle: { color: theme.muted, fontSize: 11.5 },
    ...options.more,
  };
}
