// Numbers as people read them.

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const three = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });

export const isNumber = value => typeof value === "number" && Number.isFinite(value);

/** A whole number with its thousands apart. */
export const count = value => isNumber(value) ? whole.format(value) : "\u2013";

/** "1 image", "364 images". */
export const counted = (value, one, many) => `${count(value)} ${value === 1 ? one : many ?? one + "s"}`;

/** Three digits that count; all digits of whole numbers. */
export function number(value) {
  if (!isNumber(value)) return "\u2013";
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 1000) return whole.format(value);
  return size > 0 && size < 0.001 ? value.toExponential(1) : three.format(value);
}

/** A fraction as per cent. */
export function percent(value) {
  if (!isNumber(value)) return "\u2013";
  const share = value * 100;
  const size = Math.abs(share);
  if (size > 0 && size < 0.1) return (share > 0 ? "under " : "") + (share > 0 ? "0.1" : three.format(share)) + "\u00a0%";
  return (size < 10 || (size > 99 && size < 100) ? Math.round(share * 10) / 10 : Math.round(share)) + "\u00a0%";
}

/** A number with its unit: "%" is a fraction shown as per cent, "x" a factor. */
export function withUnit(value, unit) {
  if (!isNumber(value)) return "\u2013";
  if (unit === "%") return percent(value);
  if (unit === "0.000") return value.toFixed(3);
  if (unit === "x") return number(value) + "\u00a0\u00d7";
  return unit ? `${number(value)}\u00a0${unit}` : number(value);
}

/** The unit of a figure's values. */
export const unitOf = figure => figure.percent ? "%" : figure.unit ?? "";

/** How the values of a figure are written. */
export const writerOf = figure => value => withUnit(value, unitOf(figure));

/** "10.6-12.5" with one unit and equal digits, or null when there is no interval. */
export const interval = (low, high, unit) => measured({ low, high, unit }).interval;

/** The value and the interval of a measure, with the same digits behind the point; an upper end that JSON has no number for is infinite. */
export function measured({ value, low, high, unit }) {
  if (!isNumber(low)) return { value: withUnit(value, unit), interval: null };
  if (!isNumber(high)) return { value: withUnit(value, unit), interval: `${withUnit(low, unit)} and more` };
  const factor = unit === "%" ? 100 : 1;
  const [from, to] = [low * factor, high * factor];
  const digits = digitsOf(from, to, unit);
  const write = number => number.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const tail = unit === "%" ? "\u00a0%" : unit === "x" ? "\u00a0\u00d7" : unit && unit !== "0.000" ? `\u00a0${unit}` : "";
  const range = write(from) === write(to) ? write(to) : from < 0 ? `${write(from)} to ${write(to)}` : `${write(from)}\u2013${write(to)}`;
  return { value: isNumber(value) ? write(value * factor) + tail : "\u2013", interval: range + tail };
}

function digitsOf(from, to, unit) {
  if (unit === "0.000") return 3;
  const size = Math.max(Math.abs(from), Math.abs(to));
  if (size === 0 || (Number.isInteger(from) && Number.isInteger(to))) return 0;
  if (unit === "%") return Math.abs(from) < 10 || from > 99 || to - from < 2 ? 1 : 0;
  return Math.min(4, Math.max(0, (size < 0.1 ? 1 : 2) - Math.floor(Math.log10(size))));
}

/** Short numbers for axes: 10k, 2M. */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 1e9) return three.format(value / 1e9) + "G";
  if (size >= 1e6) return three.format(value / 1e6) + "M";
  if (size >= 1e4) return three.format(value / 1e3) + "k";
  return number(value);
}
