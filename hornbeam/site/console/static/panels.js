// Panels: a chart and, for those who do not see it, the same as a table.
import { search } from "./search.js";
import { measureOf, rowsOf, searchOf, titleOf, valueOf } from "./ask_index.js";

const { Chart } = globalThis;
const charts = new Map(); // By the element of the panel.

/// An element; what is given as text is never markup.
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/// The element of a panel, empty until `fillPanel`. `actions` are buttons of the panel's own.
export function panelElement(panel, actions) {
  const body = make("div", { className: "boards-panel-body" });
  return make("figure", { className: `boards-panel boards-${panel.kind}` },
    make("figcaption", {}, make("h2", {}, titleOf(panel)), make("span", { className: "boards-panel-actions" }, ...actions)), body);
}

/// Asks the index and shows the answer. `pick(field, value)` is called for a value that someone chooses.
export async function fillPanel(element, panel, board, pick) {
  const body = element.querySelector(".boards-panel-body");
  charts.get(element)?.destroy();
  charts.delete(element);
  body.setAttribute("aria-busy", "true");
  try {
    const answer = await search(board.index, searchOf(panel, board));
    if (panel.kind === "table") return showDocuments(body, panel, answer);
    const { rows } = rowsOf(panel, answer);
    if (panel.kind === "metric") return showNumber(body, panel, rows[0].value);
    if (rows.length === 0) return body.replaceChildren(make("p", { className: "boards-empty" }, "No documents here have this."));
    showChart(element, body, panel, rows, pick);
  } catch (error) {
    body.replaceChildren(make("p", { className: "console-error" }, error.message));
  } finally {
    body.removeAttribute("aria-busy");
  }
}

/// Takes down the chart of a panel that goes away.
export function dropPanel(element) {
  charts.get(element)?.destroy();
  charts.delete(element);
  element.remove();
}

const shown = (value) => (value === null ? "–" : Number(value).toLocaleString("en", { maximumFractionDigits: 2 }));

function showNumber(body, panel, value) {
  body.replaceChildren(make("p", { className: "boards-number" }, shown(value)), make("p", { className: "console-note" }, measureOf(panel)));
}

function showDocuments(body, panel, answer) {
  const columns = panel.columns.length > 0 ? panel.columns : ["_id"];
  const cells = (hit) => columns.map((name) => make("td", {}, name === "_id" ? hit._id : valueOf(hit._source, name)));
  if (answer.hits.hits.length === 0) return body.replaceChildren(make("p", { className: "boards-empty" }, "No documents."));
  body.replaceChildren(scrolling(titleOf(panel), make("table", {},
    make("thead", {}, make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, name)))),
    make("tbody", {}, ...answer.hits.hits.map((hit) => make("tr", {}, ...cells(hit)))))));
}

// Whoever has no mouse scrolls it too: hence it takes the focus, and has a name.
function scrolling(name, table) {
  const region = make("div", { className: "boards-scroll", tabIndex: 0 }, table);
  region.setAttribute("role", "region");
  region.setAttribute("aria-label", `Table: ${name}`);
  return region;
}

function tableOf(panel, rows, pick) {
  const row = ({ label, key, value }) => {
    const first = make("th", { scope: "row" });
    if (panel.kind === "terms") {
      const button = make("button", { type: "button", className: "boards-value", title: "Show only these" }, label);
      button.addEventListener("click", () => pick(panel.field, key));
      first.append(button);
    } else {
      first.append(label);
    }
    return make("tr", {}, first, make("td", { className: "boards-figure" }, shown(value)));
  };
  return make("table", {},
    make("thead", {}, make("tr", {}, make("th", { scope: "col" }, panel.field), make("th", { scope: "col", className: "boards-figure" }, measureOf(panel)))),
    make("tbody", {}, ...rows.map(row)));
}

function showChart(element, body, panel, rows, pick) {
  const canvas = make("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${titleOf(panel)}: a chart; the same numbers are in the table below it.`);
  const details = make("details", {}, make("summary", {}, "As a table"), scrolling(titleOf(panel), tableOf(panel, rows, pick)));
  const holder = make("div", { className: "boards-canvas" }, canvas);
  if (panel.kind === "terms") holder.style.height = `${Math.max(8, rows.length * 1.6 + 3)}rem`;
  body.replaceChildren(holder, details);
  charts.set(element, new Chart(canvas, options(panel, rows, pick, getComputedStyle(element))));
}

function options(panel, rows, pick, style) {
  const colour = (name) => style.getPropertyValue(name).trim();
  const across = panel.kind === "terms";
  const grid = { color: colour("--c-line"), drawBorder: false };
  const ticks = { color: colour("--c-muted"), font: { family: style.fontFamily } };
  const counts = { grid, ticks: { ...ticks, precision: panel.metric === "count" ? 0 : undefined, maxTicksLimit: 6 }, beginAtZero: true };
  const names = { grid: { display: false }, ticks: { ...ticks, autoSkip: !across, maxRotation: 0 } };
  return {
    type: "bar",
    data: {
      labels: rows.map(({ label }) => (label.length > 28 ? `${label.slice(0, 27)}…` : label)),
      datasets: [{ data: rows.map(({ value }) => value), backgroundColor: colour("--c-accent"), maxBarThickness: 28, borderRadius: 3 }],
    },
    options: {
      indexAxis: across ? "y" : "x", maintainAspectRatio: false, animation: false,
      scales: across ? { x: counts, y: names } : { x: names, y: counts },
      plugins: { legend: { display: false }, tooltip: { callbacks: { title: ([item]) => rows[item.dataIndex].label } } },
      onClick: (_, [hit]) => across && hit && pick(panel.field, rows[hit.index].key),
    },
  };
}
