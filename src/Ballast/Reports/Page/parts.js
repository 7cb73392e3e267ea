// The pieces of the page: head, tiles, what to do first, sections. Everything is driven by the data; nothing knows a finding by its id.
import { clipped, el, named, sentence, slug, svg, words } from "./text.js";
import { count, counted, measured } from "./format.js";
import { chart, hasNumbers, shareAxes, themeName } from "./charts.js";
import { spark } from "./spark.js";
import { numbersBehind, table } from "./tables.js";

const verdicts = {
  balanced: { word: "balanced", shape: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", sign: "M5 8.2l2.1 2.1L11 6.2" },
  mild: { word: "mild", shape: "M8 1.8L15 14H1z", sign: "M8 6.2v3.6M8 11.6v.6" },
  severe: { word: "severe", shape: "M8 .8L15.2 8 8 15.2.8 8z", sign: "M8 4.4v4.4M8 10.8v.7" },
  measured: { word: "measured", shape: "M8 4.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 0 0 0-7.2z", sign: "" },
  "cannot-tell": { word: "cannot tell", shape: "M3 2h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1z", sign: "M6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.5.2-.8.5-.8 1.1M8 11.4v.5" },
};

/** The verdict as a shape, a colour and a word. */
export function mark(verdict, worded = true) {
  const { word, shape, sign } = verdicts[verdict] ?? verdicts["cannot-tell"];
  return el("span", { class: `verdict ${slug(verdict)}` },
    svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, svg("path", { d: shape, class: "shape" }), svg("path", { d: sign, class: "sign" })),
    worded ? word : el("span", { class: "unseen" }, word));
}

export const anchorOf = finding => "finding-" + slug(finding.id);
const decidingOf = finding => finding.measures.find(measure => measure.name === finding.deciding);
const subjectOf = finding => finding.family === finding.subject || !finding.subject ? finding.family : `${finding.family}: ${finding.subject}`;

/** Head of the page. */
export function head(data) {
  const crops = data.crops.filter(crop => crop.finding === "head");
  return el("header", { class: "head" },
    el("div", { class: "bar" }, el("span", { class: "kind" }, "Ballast", el("i", null, "\u00b7"), data.kind), el("button", { type: "button", id: "theme", "aria-label": "Switch between light and dark" }, themeIcon(), el("span", null, "Light or dark"))),
    el("div", { class: crops.length ? "opening pictured" : "opening" },
      el("div", null,
        el("h1", null, named(data.title)),
        data.datasets.length === 1 ? [facts(data.datasets[0]), parts(data.datasets[0])] : null,
        el("p", { class: "summary" }, sentence(data.summary))),
      crops.length > 0 && el("div", { class: "thumbnails" }, crops.map(picture))),
    data.datasets.length > 1 && datasets(data.datasets));
}

/** Whether a finding stands in the overview. */
export const hasTile = (finding, data) => data.tiles ? data.tiles.includes(finding.id) : finding.family !== "data";

function themeIcon() {
  return svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("circle", { cx: 8, cy: 8, r: 6.2, fill: "none", stroke: "currentColor", "stroke-width": 1.4 }), svg("path", { d: "M8 1.8a6.2 6.2 0 0 1 0 12.4z", fill: "currentColor" }));
}

const counting = (dataset, notes) => dataset.flaws.reduce((sum, flaw) => sum + ((flaw.severity === "note") === notes ? flaw.count : 0), 0);
const flawsOf = dataset => counting(dataset, false);
const notesOf = dataset => counting(dataset, true);

function facts(dataset) {
  const items = [counted(dataset.images, "image"), counted(dataset.boxes, "box", "boxes"), counted(dataset.classes.length, "class", "classes"),
    dataset.ignored > 0 && counted(dataset.ignored, "ignored region"), counted(flawsOf(dataset), "flaw"), notesOf(dataset) > 0 && counted(notesOf(dataset), "note"), dataset.format];
  return el("ul", { class: "facts" }, items.filter(Boolean).map(item => el("li", null, item)));
}

function parts(dataset) {
  if (dataset.parts.length === 0) return null;
  return el("ul", { class: "parts" }, dataset.parts.map(part => el("li", null, el("b", null, clipped(part.name, 30)), ` ${counted(part.images, "image")}, ${counted(part.boxes, "box", "boxes")}`)));
}

function datasets(all) {
  return table(["data set", "format", "images", "boxes", "classes", "ignored", "flaws"], all.map(item => [named(item.name), item.format, count(item.images), count(item.boxes), count(item.classes.length), count(item.ignored), count(flawsOf(item))]));
}

function picture(crop) {
  const image = crop.uri.startsWith("data:image/") ? el("img", { src: crop.uri, width: crop.width, height: crop.height, alt: named(crop.caption), loading: "lazy" }) : null;
  return el("figure", null, image, el("figcaption", null, sentence(crop.caption)));
}

/** The tile of a finding: a link to its section. */
export function tile(finding, context) {
  const measure = decidingOf(finding);
  const written = measure && measured(measure);
  const figure = finding.figures.find(hasNumbers);
  const picture = el("span", { class: "picture" });
  context.sparks.push(() => picture.replaceChildren(spark(figure, context, themeName())));
  return el("a", { class: `tile ${slug(finding.verdict)}`, href: "#" + anchorOf(finding), title: finding.headline },
    el("span", { class: "family" }, finding.family),
    el("span", { class: "subject" }, finding.subject || finding.family),
    mark(finding.verdict),
    measure
      ? el("span", { class: "figure" }, el("b", null, written.value), " ", el("span", null, measure.label || words(measure.name), written.interval && el("em", null, `95\u00a0%: ${written.interval}`)))
      : el("span", { class: "figure said" }, clipped(sentence(finding.headline), 90)),
    picture);
}

/** What to do first. */
export function first(data) {
  if (data.first.length === 0) return null;
  return el("section", { class: "first", id: "first", "aria-labelledby": "first-title" },
    el("h2", { id: "first-title" }, "What to do first"),
    el("ol", null, data.first.map(({ finding, advice }) => {
      const source = data.findings.find(item => item.id === finding);
      return el("li", null,
        el("h3", null, el("span", null, sentence(advice.title)), source && el("a", { href: "#" + anchorOf(source) }, subjectOf(source))),
        el("p", { class: "effect" }, el("b", null, sentence(advice.effect)), advice.computed ? null : el("i", null, "not computed on this data")),
        el("p", { class: "cost" }, "Costs: ", sentence(advice.cost)),
        command(advice));
    })));
}

function command(advice) {
  if (!advice.command) return null;
  return [
    el("div", { class: "command" }, el("code", { tabindex: "0" }, advice.command), el("button", { type: "button", class: "copy", "data-copy": "", "aria-label": "Copy the command" }, "Copy")),
    advice.commandExists ? null : el("p", { class: "later" }, "This version does not have this command yet."),
  ];
}

/** The section of a finding. */
export function section(finding, data, context) {
  const id = anchorOf(finding);
  const crops = data.crops.filter(crop => crop.finding === finding.id);
  return el("section", { class: "finding", id, "aria-labelledby": id + "-title" },
    el("p", { class: "eyebrow" }, mark(finding.verdict), el("span", null, subjectOf(finding))),
    el("h2", { id: id + "-title" }, sentence(finding.headline)),
    el("p", { class: "meaning" }, sentence(finding.meaning)),
    groups(finding.figures).map(group => figures(group, context)),
    finding.measures.length > 0 && measures(finding),
    finding.tables.map(item => bring(item)),
    finding.remedies.length > 0 && remedies(finding.remedies),
    cropGroups(crops));
}

/** Figures that stand side by side are one group. */
function groups(all) {
  const result = [];
  for (const figure of all) {
    const last = result.at(-1);
    if (figure.multiples && last?.name === figure.multiples) last.figures.push(figure);
    else result.push({ name: figure.multiples ?? null, figures: [figure] });
  }
  return result;
}

function figures(group, context) {
  const drawn = group.figures.filter(hasNumbers);
  if (drawn.length === 0) return el("p", { class: "empty" }, `${named(group.figures[0].title)}: there is nothing to draw.`);
  const one = figure => el("figure", { class: "plot" }, el("figcaption", null, sentence(named(figure.title))), chart(figure, context));
  if (group.name === null) return el("div", { class: "plots" }, one(drawn[0]), numbersBehind(drawn));
  if (drawn.length > 1) shareAxes(drawn);
  return el("div", { class: "plots" }, el("h3", null, sentence(group.name)), el("div", { class: drawn.some(figure => figure.kind !== "heat") ? "multiples wide" : "multiples" }, drawn.map(one)), numbersBehind(drawn));
}

function measures(finding) {
  const rows = finding.measures.map(measure => el("tr", { class: measure.name === finding.deciding ? "decides" : null },
    el("th", { scope: "row" }, measure.label || words(measure.name), measure.name === finding.deciding && el("i", null, "decides")),
    el("td", { class: "number" }, measured(measure).value),
    el("td", { class: "number" }, measured(measure).interval ?? ""),
    el("td", null, sentence(measure.meaning))));
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Measures" }, el("table", { class: "measures" },
    el("thead", null, el("tr", null, ["measure", "value", "95 % interval", "what it measures"].map((text, i) => el("th", { scope: "col", class: i === 1 || i === 2 ? "number" : null }, text)))),
    el("tbody", null, rows)));
}

function bring(item) {
  return item.rows.length <= 12
    ? el("div", { class: "brought" }, el("h3", null, sentence(named(item.title))), table(item.columns, item.rows))
    : el("details", { class: "numbers" }, el("summary", null, `${named(item.title)} (${count(item.rows.length)} rows)`), table(item.columns, item.rows));
}

function remedies(all) {
  const read = all.some(advice => advice.paper);
  return el("div", { class: "remedies" }, el("h3", null, "Remedies"), el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Remedies" }, el("table", null,
    el("thead", null, el("tr", null, ["remedy", "effect", "cost", read && "to read"].filter(Boolean).map(text => el("th", { scope: "col" }, text)))),
    all.map(advice => el("tbody", null,
      el("tr", null,
        el("th", { scope: "row" }, sentence(advice.title)),
        el("td", null, sentence(advice.effect), el("i", null, advice.computed ? "computed on this data" : "not computed on this data")),
        el("td", null, sentence(advice.cost)),
        read && el("td", null, paper(advice.paper))),
      advice.command && el("tr", { class: "how" }, el("td", { colspan: read ? "4" : "3" }, command(advice))))))));
}

function paper(text) {
  const address = /^https:\/\/\S+$/.test(text) ? text : /arxiv:\s*(\d{4}\.\d{4,5})/i.test(text) ? "https://arxiv.org/abs/" + text.match(/arxiv:\s*(\d{4}\.\d{4,5})/i)[1] : null;
  return address ? el("a", { href: address, rel: "noopener noreferrer" }, text) : text;
}

function cropGroups(crops) {
  const names = [...new Set(crops.map(crop => crop.group))];
  return names.map(name => el("div", { class: "crops" }, el("h3", null, name), el("div", { class: "grid" }, crops.filter(crop => crop.group === name).map(picture))));
}

/** Flaws of every data set. */
export function flaws(data) {
  if (data.datasets.length === 0) return null;
  const some = data.datasets.filter(dataset => dataset.flaws.length > 0);
  const one = data.datasets.length === 1;
  return el("section", { id: "flaws", "aria-labelledby": "flaws-title" },
    el("h2", { id: "flaws-title" }, "Flaws"),
    some.length === 0 && el("p", null, "No flaw was found in the annotations."),
    some.map(dataset => [
      !one && el("h3", null, named(dataset.name)),
      el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Flaws" }, el("table", { class: "flaws" },
        el("thead", null, el("tr", null, ["flaw", "severity", "count", "what it means"].map((text, i) => el("th", { scope: "col", class: i === 2 ? "number" : null }, text)))),
        el("tbody", null, dataset.flaws.map(flaw => el("tr", null,
          el("th", { scope: "row" }, el("code", null, flaw.code)),
          el("td", null, flaw.severity),
          el("td", { class: "number" }, count(flaw.count)),
          el("td", null, sentence(flaw.meaning), flaw.first.length > 0 && el("details", null, el("summary", null, flaw.first.length < flaw.count ? `the first ${flaw.first.length}` : "where"), el("ul", null, flaw.first.map(line => el("li", null, line))))))))))]));
}

/** How this was measured. */
export function method(data) {
  return el("section", { id: "method", "aria-labelledby": "method-title" },
    el("h2", { id: "method-title" }, "How this was measured"),
    el("dl", null, data.method.map((fact, i) => [el("dt", null, fact.name === data.method[i - 1]?.name ? "" : fact.name), el("dd", null, sentence(fact.value))])));
}
