// The query console: an editor of requests, what they answer, and what was asked before.
import { ask, base, fieldsOf, indexNames, reasonOf } from "./search.js";
import { asCurl, bodyOf, faultOf, parseRequests, requestAt, typeOf } from "./requests.js";
import { completeBody, completeHead } from "./complete.js";
import { forget, history, keepText, keptText, remember } from "./history.js";

const { CodeMirror } = globalThis;
const $ = (id) => document.getElementById(id);
const may = $("console-rights")?.dataset ?? {};
$("rights-note").hidden = may.writes === "yes";

// Requests in the editor: a head such as "GET /docs/_search" is one token, the rest is JSON.
CodeMirror.defineMode("hornbeam-requests", (config) => {
  const json = CodeMirror.getMode(config, { name: "javascript", json: true });
  return {
    startState: () => ({ json: CodeMirror.startState(json) }),
    copyState: (state) => ({ json: CodeMirror.copyState(json, state.json) }),
    token(stream, state) {
      if (stream.sol() && stream.match(/^\s*(GET|POST|PUT|DELETE|HEAD)(?=\s)/i)) {
        state.json = CodeMirror.startState(json);
        return "keyword";
      }
      if (/^\s*(GET|POST|PUT|DELETE|HEAD)\s/i.test(stream.string)) return stream.skipToEnd(), "def";
      if (stream.sol() && stream.match(/^\s*(#|\/\/).*/)) return "comment";
      return json.token(stream, state.json);
    },
    indent: (state, textAfter) => json.indent?.(state.json, textAfter) ?? CodeMirror.Pass,
    electricInput: /^\s*[}\]]$/,
    fold: "brace",
  };
});

const common = {
  lineNumbers: true, lineWrapping: true, matchBrackets: true, foldGutter: true, inputStyle: "contenteditable", tabSize: 2,
};
const editor = CodeMirror($("editor"), {
  ...common, mode: "hornbeam-requests", autoCloseBrackets: true, value: keptText() ?? "GET /_cat/indices?v\n\nGET /_search\n{\n  \"query\": {\n    \"match_all\": {}\n  }\n}\n",
  gutters: ["CodeMirror-linenumbers", "CodeMirror-foldgutter", "console-faults"], screenReaderLabel: "Requests",
  extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-Space": complete, "Shift-Tab": false, Tab: false },
});
const response = CodeMirror($("response"), {
  ...common, mode: { name: "javascript", json: true }, readOnly: true, screenReaderLabel: "Response",
  gutters: ["CodeMirror-linenumbers", "CodeMirror-foldgutter"], extraKeys: { "Shift-Tab": false, Tab: false },
});

// What it is, in words that every screen reader knows.
for (const [each, isReadOnly] of [[editor, false], [response, true]]) {
  const field = each.getInputField();
  for (const [name, value] of Object.entries({ role: "textbox", "aria-multiline": "true", "aria-readonly": isReadOnly })) field.setAttribute(name, value);
}

const current = () => requestAt(parseRequests(editor.getValue()), editor.getCursor().line);

function say(text) {
  $("said").textContent = text;
}

// Faults: in words below the editor, and at their line.
let marked = [];
function showFault(line, message) {
  for (const handle of marked) editor.removeLineClass(handle, "background", "console-fault-line");
  marked = [];
  editor.clearGutter("console-faults");
  $("fault").textContent = message === "" ? "" : line === null ? message : `Line ${line + 1}: ${message}`;
  if (message === "" || line === null) return;
  const sign = document.createElement("span");
  sign.className = "console-fault-sign";
  sign.title = message;
  sign.textContent = "!";
  editor.setGutterMarker(line, "console-faults", sign);
  marked.push(editor.addLineClass(line, "background", "console-fault-line"));
}

let running = 0;
async function run() {
  const request = current();
  if (request === null) return showFault(null, "There is no request here. Write one, such as GET /_search.");
  const fault = faultOf(request);
  if (fault) {
    editor.setCursor(fault.line, 0);
    return showFault(fault.line, fault.message);
  }
  showFault(null, "");
  const mine = ++running;
  $("status").textContent = "Running …";
  $("status").dataset.state = "running";
  try {
    const answer = await ask(request.method, pretty(request), bodyOf(request), typeOf(request));
    if (mine !== running) return;
    show(answer);
    remember(request, answer.status);
    if (answer.status >= 400) showFault(lineOfError(request, answer), reasonOf(answer));
    else if (request.method !== "GET") learn();
  } catch (error) {
    if (mine !== running) return;
    $("status").textContent = "Refused";
    $("status").dataset.state = "bad";
    response.setValue("");
    showFault(request.line, error.message);
  }
  list();
}

// Readable, unless the request says otherwise or its answer is a table.
function pretty({ path, method }) {
  if (/[?&](pretty|format)\b/.test(path) || /^\/_cat/.test(path) || method === "HEAD") return path;
  return `${path}${path.includes("?") ? "&" : "?"}pretty`;
}

function show(answer) {
  const took = answer.json?.took === undefined ? "" : `, ${answer.json.took} ms in the index`;
  $("status").textContent = `${answer.status} in ${answer.milliseconds.toFixed(0)} ms${took}`;
  $("status").dataset.state = answer.status < 400 ? "good" : "bad";
  response.setOption("mode", answer.json === null ? "text/plain" : { name: "javascript", json: true });
  response.setValue(answer.text);
  response.scrollTo(0, 0);
}

// The line that the index names in its error, or that of the request itself.
function lineOfError(request, answer) {
  const error = answer.json?.error;
  const cause = error?.root_cause?.[0] ?? error;
  return typeof cause?.line === "number" ? Math.min(request.line + cause.line, request.end) : request.line;
}

// Completion, from mappings that are asked for once.
let indices = [];
const fields = new Map();
async function learn() {
  fields.clear();
  indices = await indexNames().catch(() => []);
}
async function fieldsFor(path) {
  const index = path.split("?")[0].split("/")[1] ?? "";
  const name = index === "" || index.startsWith("_") ? "*" : decodeURIComponent(index);
  if (!fields.has(name)) fields.set(name, await fieldsOf(name).catch(() => []));
  return fields.get(name);
}

async function hints(shown) {
  const cursor = shown.getCursor();
  const line = shown.getLine(cursor.line);
  const request = requestAt(parseRequests(shown.getValue()), cursor.line);
  const isHead = request === null || request.line >= cursor.line || line.trim() === "" && cursor.line > request.end;
  const before = line.slice(0, cursor.ch);
  const found = isHead ? completeHead(before, indices)
    : completeBody(shown.getRange({ line: request.line + 1, ch: 0 }, cursor), request, await fieldsFor(request.path));
  const { typed, options } = found;
  const from = { line: cursor.line, ch: cursor.ch - typed.length };
  const quoted = !isHead && line[from.ch - 1] !== '"';
  const list = options.slice(0, 60).map(({ text, note }) => ({
    text: quoted ? `"${text}"` : text,
    render(element) {
      const kind = document.createElement("span");
      kind.className = "console-hint-note";
      kind.textContent = note;
      element.append(text.trim(), " ", kind);
    },
  }));
  const result = { list, from, to: cursor };
  CodeMirror.on(result, "pick", () => isHead && queueMicrotask(complete));
  return result;
}

function complete() {
  editor.showHint({ hint: hints, completeSingle: false });
}
editor.on("inputRead", (_, change) => {
  if (change.text.length === 1 && /["/_\w]$/.test(change.text[0]) && !editor.state.completionActive) complete();
});

// Saying what is wrong while one writes would be rude: it is looked at a while after.
let later = 0;
editor.on("change", () => {
  clearTimeout(later);
  later = setTimeout(() => {
    keepText(editor.getValue());
    const wrong = parseRequests(editor.getValue()).map(faultOf).find((each) => each !== null);
    showFault(wrong?.line ?? null, wrong?.message ?? "");
  }, 700);
});

function tidy() {
  const request = current();
  if (request === null || request.body.trim() === "" || faultOf(request) || typeOf(request) !== "application/json") {
    return say("There is nothing to tidy: the request has no body that is one JSON value.");
  }
  const from = { line: request.line + 1, ch: 0 };
  const to = { line: request.end, ch: editor.getLine(request.end).length };
  editor.replaceRange(JSON.stringify(JSON.parse(request.body), null, 2), from, to);
}

async function copy() {
  const request = current();
  const fault = request === null ? { line: null, message: "There is no request here." } : faultOf(request);
  if (fault) return showFault(fault.line, fault.message);
  const command = asCurl(request, new URL("rest", base).href);
  try {
    await navigator.clipboard.writeText(command);
    $("copy").textContent = "Copied";
    setTimeout(() => ($("copy").textContent = "Copy as curl"), 2000);
    say("The command is on the clipboard.");
  } catch {
    // Browsers keep the clipboard from pages without TLS: then it is shown, to be copied by hand.
    response.setValue(command);
    $("status").textContent = "Copy the command from here";
    $("status").dataset.state = "good";
  }
}

function list() {
  const items = history().map((entry) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "console-history-entry";
    const status = document.createElement("span");
    status.className = "console-hint-note";
    status.textContent = entry.status;
    button.append(`${entry.method} ${entry.path} `, status);
    button.addEventListener("click", () => bringBack(entry));
    const item = document.createElement("li");
    item.append(button);
    return item;
  });
  $("history-list").replaceChildren(...items);
  $("history-empty").hidden = items.length > 0;
  $("history-clear").hidden = items.length === 0;
}

function bringBack({ method, path, body }) {
  const text = editor.getValue().trimEnd();
  editor.setValue(`${text}${text === "" ? "" : "\n\n"}${method} ${path}\n${body}${body === "" ? "" : "\n"}`);
  editor.setCursor(text === "" ? 0 : text.split("\n").length + 1, 0);
  editor.focus();
  say("The request is at the end of the editor.");
}

$("run").addEventListener("click", run);
$("copy").addEventListener("click", copy);
$("tidy").addEventListener("click", tidy);
$("history-clear").addEventListener("click", () => (forget(), list()));
list();
learn();
