// Colours: Okabe and Ito's for classes and series, viridis for density, blue to vermillion around one.

export const themes = {
  light: { ink: "#1c2127", muted: "#5b6570", line: "#dfe3e8", axis: "#aab2bb", paper: "#ffffff", hover: "rgba(0,40,80,0.06)", empty: "#f1f3f5" },
  dark: { ink: "#e8ebee", muted: "#a0a9b3", line: "#2d333a", axis: "#56606b", paper: "#171a1e", hover: "rgba(255,255,255,0.07)", empty: "#22262b" },
};

const majority = "#8b929b";
const rare = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
const sequence = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];

/** A colour for each class: the commonest grey, the rarest saturated, the many between in greys. */
export function classColours(classes) {
  const colours = classes.map(() => majority);
  const byRarity = classes.map((_, index) => index).sort((a, b) => classes[a].boxes - classes[b].boxes || a - b);
  byRarity.slice(0, classes.length === 1 ? 0 : Math.min(rare.length, classes.length - 1)).forEach((index, rank) => { colours[index] = rare[rank]; });
  return colours;
}

/** A colour for each series: its class's, or the next in the sequence; of bars that are parts of a whole the one that dwarfs the others is grey. */
export function seriesColours(figure, context) {
  const totals = figure.series.map(series => series.values.reduce((sum, value) => sum + (value ?? 0), 0));
  const most = Math.max(...totals);
  const dwarfs = (figure.stacked || figure.log) && totals.filter(total => total * 3 > most).length === 1 && totals.length > 1;
  let next = 0;
  return figure.series.map((series, index) => {
    if (series.class !== undefined && context.classColours[series.class]) return context.classColours[series.class];
    if (dwarfs && totals[index] === most) return majority;
    return sequence[next++ % sequence.length];
  });
}

const onDark = ["#2b1340", "#482878", "#3e4a89", "#31688e", "#26828e", "#1f9e89", "#35b779", "#6ece58", "#b5de2b", "#fde725"];
const onPaper = ["#f6f7f1", "#dcebb2", "#a5d68a", "#5fbe80", "#2ea185", "#25848e", "#33638d", "#404387", "#472a7a", "#440154"];
const around = { light: ["#0b5c8f", "#4a97c4", "#a9cfe6", "#f4f5f6", "#f5c49b", "#e58a45", "#b84e00"], dark: ["#56b4e9", "#2f7fb0", "#20506e", "#2a2f35", "#6f4220", "#b5611f", "#f08a3c"] };

function mix(stops, share) {
  const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  const part = place - below;
  const channel = at => {
    const [a, b] = [stops[below], stops[below + 1]].map(stop => parseInt(stop.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * part);
  };
  return [channel(1), channel(3), channel(5)];
}

/** A colour scale; more is more ink: dark on paper, bright on dark. */
export function density(theme) {
  return share => mix(theme === "dark" ? onDark : onPaper, share);
}

/** Ratios by their logarithm: an eighth is full blue, one neutral, eight full vermillion. */
export function aroundOne(theme) {
  return ratio => mix(around[theme], ratio > 0 ? (Math.log2(ratio) + 3) / 6 : 0);
}

export const rgb = ([r, g, b]) => `rgb(${r},${g},${b})`;

/** Black or white, whichever reads on the colour. */
export const inkOn = ([r, g, b]) => 0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#1c2127" : "#ffffff";
