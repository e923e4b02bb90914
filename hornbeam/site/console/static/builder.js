// The form that builds a panel: it asks for what the kind of panel needs, of fields that fit.
import { make } from "./panels.js";
import { isCounted, isDate, isNumber } from "./ask_index.js";

const $ = (id) => document.getElementById(id);
const kFits = {
  terms: isCounted, date_histogram: isDate, histogram: isNumber, metric: isCounted, table: () => true,
};

/// Wires the form. `add(panel)` is called with each that is built. Gives { offer(fields) } for the fields of an index.
export function wireBuilder(add) {
  let fields = [];
  const fill = (id, fitting) => {
    $(id).replaceChildren(...fitting.map(({ name }) => make("option", { value: name }, name)));
    $(id).disabled = fitting.length === 0;
  };
  const arrange = () => {
    const kind = $("panel-kind").value;
    const counts = $("panel-metric").value === "count";
    for (const part of $("add-panel").querySelectorAll("[data-for]")) {
      const needs = part.dataset.for.split(" ");
      part.hidden = needs.includes("metric-field") ? kind === "table" || counts : !needs.includes(kind);
    }
    fill("panel-field", fields.filter(kFits[kind]));
    fill("panel-metric-field", fields.filter($("panel-metric").value === "cardinality" ? isCounted : isNumber));
  };
  $("panel-kind").addEventListener("change", arrange);
  $("panel-metric").addEventListener("change", arrange);
  $("add-panel").addEventListener("submit", (event) => {
    event.preventDefault();
    const panel = read();
    if (panel) add(panel);
  });
  return {
    offer(offered) {
      fields = offered;
      fill("panel-columns", fields.filter(({ name }) => !name.endsWith(".keyword")));
      arrange();
    },
  };
}

// The panel that the form describes; null, with the reason in the form, if a field is missing.
function read() {
  const kind = $("panel-kind").value;
  const metric = kind === "table" ? "count" : $("panel-metric").value;
  const missing = [["panel-field", ["terms", "histogram", "date_histogram"].includes(kind)], ["panel-metric-field", metric !== "count"]]
    .find(([id, isNeeded]) => isNeeded && $(id).value === "");
  if (missing) {
    $("error").textContent = "This index has no field that fits such a panel.";
    return null;
  }
  return {
    kind, metric, title: $("panel-title").value.trim(),
    field: ["metric", "table"].includes(kind) ? "" : $("panel-field").value,
    metric_field: metric === "count" ? "" : $("panel-metric-field").value,
    interval: kind === "date_histogram" ? $("panel-calendar").value : kind === "histogram" ? $("panel-interval").value : "",
    size: Math.min(100, Math.max(1, Number($("panel-size").value) || 10)),
    columns: kind === "table" ? [...$("panel-columns").selectedOptions].map(({ value }) => value).slice(0, 20) : [],
  };
}
