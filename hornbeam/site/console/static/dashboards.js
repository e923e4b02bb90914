// Dashboards: what is looked at, the panels of it, and its documents. The page shows one `board`, which is what is saved.
import { base, fieldsOf, indexNames, refusalOf, search } from "./search.js";
import { isCounted, isDate, isNumber, queryOf } from "./ask_index.js";
import { dropPanel, fillPanel, make, panelElement } from "./panels.js";
import { documentElement } from "./documents.js";
import { wireBuilder } from "./builder.js";

const $ = (id) => document.getElementById(id);
const kPage = 10;

const given = JSON.parse($("saved-dashboard")?.textContent ?? "null");
let saved = given; // { id, version, dashboard } as the server has it.
const board = given?.dashboard ?? { name: "", index: "", query: "", time_field: "", from: "", to: "", filters: [], panels: [] };
const maySave = $("console-rights")?.dataset.saves === "yes";
let fields = [];

const say = (text) => ($("said").textContent = text);
const complain = (text) => ($("error").textContent = text);
const option = (value, text = value) => make("option", { value }, text);

// What is looked at.
async function begin() {
  $("rights-note").hidden = maySave;
  showName();
  try {
    const names = await indexNames();
    if (board.index !== "" && !names.includes(board.index)) names.push(board.index);
    if (names.length === 0) {
      complain("There is no index yet. Once documents are indexed, choose one here.");
      return;
    }
    $("index").replaceChildren(...names.map((name) => option(name)));
    if (board.index === "") board.index = names[0];
    $("index").value = board.index;
    await learn();
  } catch (error) {
    complain(error.message);
  }
}

// The index's fields, and whatever chooses among them.
async function learn() {
  fields = await fieldsOf(board.index);
  const dates = fields.filter(isDate);
  if (!dates.some(({ name }) => name === board.time_field)) board.time_field = dates[0]?.name ?? "";
  $("time-field").replaceChildren(...(dates.length > 0 ? dates.map(({ name }) => option(name)) : [option("", "none")]));
  $("time-field").value = board.time_field;
  for (const id of ["time-field", "range"]) $(id).disabled = dates.length === 0;
  $("filter-field").replaceChildren(...fields.filter(isCounted).map(({ name }) => option(name)));
  builder.offer(fields);
  showQuestion();
  showPanels();
  await refresh();
}

function showQuestion() {
  $("query").value = board.query;
  const isBetween = board.to !== "" || (board.from !== "" && !board.from.startsWith("now"));
  $("range").value = isBetween ? "between" : board.from;
  $("between").hidden = !isBetween;
  $("from").value = isBetween ? board.from : "";
  $("to").value = board.to;
  $("filters").replaceChildren(...board.filters.map((filter, index) => {
    const text = filter.kind === "exists" ? `${filter.field} exists` : `${filter.field} ${filter.kind === "is" ? "is" : "is not"} ${filter.value}`;
    const button = make("button", { type: "button" }, "×");
    button.setAttribute("aria-label", `Remove the filter ${text}`);
    button.addEventListener("click", () => {
      board.filters.splice(index, 1);
      changed(`Removed: ${text}.`);
      $("filter-field").focus();
    });
    return make("li", {}, text, button);
  }));
}

function changed(words) {
  say(words);
  showQuestion();
  refresh();
}

function addFilter(field, value, kind = "is") {
  const same = (each) => each.field === field && each.value === value;
  board.filters = [...board.filters.filter((each) => !same(each)), { field, value, kind }];
  changed(`Added a filter on ${field}.`);
}

// Panels.
function showPanels() {
  for (const element of $("panels").querySelectorAll(".boards-panel")) dropPanel(element);
  $("panels").append(...board.panels.map((panel) => {
    const remove = make("button", { type: "button", title: "Remove this panel" }, "×");
    remove.setAttribute("aria-label", "Remove this panel");
    const element = panelElement(panel, [remove]);
    remove.addEventListener("click", () => {
      board.panels.splice(board.panels.indexOf(panel), 1);
      dropPanel(element);
      $("builder").querySelector("summary").focus();
      say("Removed the panel.");
    });
    return element;
  }));
}

function fillPanels() {
  const elements = [...$("panels").querySelectorAll(".boards-panel")];
  return Promise.all(elements.map((element, index) => fillPanel(element, board.panels[index], board, addFilter)));
}

const builder = wireBuilder((panel) => {
  board.panels.push(panel);
  showPanels();
  fillPanels();
  say("Added the panel.");
});

// Documents.
let asked = 0;
async function refresh() {
  complain("");
  await Promise.all([fillPanels(), showDocuments(0)]);
}

async function showDocuments(from) {
  const mine = ++asked;
  try {
    const sort = board.time_field === "" || board.query !== "" ? ["_score"] : [{ [board.time_field]: { order: "desc", unmapped_type: "date" } }];
    const answer = await search(board.index, { query: queryOf(board), from, size: kPage, sort, track_total_hits: true });
    if (mine !== asked) return;
    const { value } = answer.hits.total;
    $("total").textContent = value === 0 ? "No documents. Remove a filter, or choose a longer time." : `${value.toLocaleString("en")} ${value === 1 ? "document" : "documents"}, ${answer.took} ms`;
    const items = answer.hits.hits.map((hit) => documentElement(hit, fields, addFilter));
    if (from === 0) $("documents").replaceChildren(...items);
    else $("documents").append(...items);
    const count = $("documents").children.length;
    $("more").hidden = count >= value || count >= 200;
  } catch (error) {
    if (mine !== asked) return;
    $("documents").replaceChildren();
    $("total").textContent = "";
    $("more").hidden = true;
    complain(error.message);
  }
}

// Saving and sharing.
function showName() {
  $("board-name").textContent = board.name === "" ? "New dashboard" : board.name;
  $("new-board").hidden = saved === null;
  $("share").hidden = saved === null;
  $("delete").hidden = saved === null || !maySave;
  $("save").hidden = !maySave;
}

async function send(method, path, body) {
  const options = { method };
  if (body) Object.assign(options, { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
  const response = await fetch(new URL(path, base), options);
  const text = await response.text();
  if (!response.ok) throw new Error(refusalOf(text, response.status));
  return text === "" ? null : JSON.parse(text);
}

async function save() {
  try {
    complain("");
    const isNew = saved === null;
    saved = isNew ? await send("POST", "./", board) : await send("PUT", `./${saved.id}?version=${saved.version}`, board);
    if (isNew) history.replaceState(null, "", new URL(`./${saved.id}`, base));
    showName();
    say("Saved.");
    $("save").textContent = "Saved";
    setTimeout(() => ($("save").textContent = "Save"), 2000);
  } catch (error) {
    complain(error.message);
  }
}

$("save").addEventListener("click", () => {
  $("name").value = board.name;
  $("name-dialog").showModal();
});
$("name-dialog").addEventListener("close", () => {
  if ($("name-dialog").returnValue !== "save" || $("name").value.trim() === "") return;
  board.name = $("name").value.trim();
  save();
});
$("delete").addEventListener("click", async () => {
  if (!confirm(`Delete the dashboard "${board.name}" for everyone?`)) return;
  try {
    await send("DELETE", `./${saved.id}`);
    location.assign(base);
  } catch (error) {
    complain(error.message);
  }
});
$("share").addEventListener("click", async () => {
  const link = new URL(`./${saved.id}`, base).href;
  try {
    await navigator.clipboard.writeText(link);
    $("share").textContent = "Copied";
    setTimeout(() => ($("share").textContent = "Copy link"), 2000);
    say("The link is on the clipboard.");
  } catch {
    prompt("Copy this link", link);
  }
});

// The question.
$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  board.query = $("query").value.trim();
  const range = $("range").value;
  board.from = range === "between" ? $("from").value : range;
  board.to = range === "between" ? $("to").value : "";
  changed("");
});
$("range").addEventListener("change", () => {
  $("between").hidden = $("range").value !== "between";
  if ($("range").value !== "between") $("ask").requestSubmit();
});
$("time-field").addEventListener("change", () => {
  board.time_field = $("time-field").value;
  changed("");
});
$("index").addEventListener("change", async () => {
  Object.assign(board, { index: $("index").value, filters: [], panels: [], time_field: "", from: "", to: "" });
  try {
    await learn();
  } catch (error) {
    complain(error.message);
  }
});
$("add-filter").addEventListener("submit", (event) => {
  event.preventDefault();
  const kind = $("filter-kind").value;
  if (kind !== "exists" && $("filter-value").value === "") return $("filter-value").focus();
  addFilter($("filter-field").value, kind === "exists" ? "" : $("filter-value").value, kind);
  $("filter-value").value = "";
});
$("filter-kind").addEventListener("change", () => ($("filter-value").hidden = $("filter-kind").value === "exists"));
$("more").addEventListener("click", () => showDocuments($("documents").children.length));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", fillPanels);

begin();
