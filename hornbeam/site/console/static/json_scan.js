// JSON with places: where it is wrong, and what stands around a cursor. JSON.parse says neither in every browser.

const kNumber = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const kWord = /[A-Za-z_]\w*/y;
const kEscapes = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/// The next token at or after `at`: { type, start, end, value }; type is a punctuation mark, "string", "number", "word",
/// "end", or "bad" with a message.
function tokenAt(text, at) {
  while (at < text.length && " \t\r\n".includes(text[at])) ++at;
  if (at >= text.length) return { type: "end", start: text.length, end: text.length };
  const mark = text[at];
  if ("{}[]:,".includes(mark)) return { type: mark, start: at, end: at + 1 };
  if (mark === '"') return stringAt(text, at);
  for (const [type, expression] of [["number", kNumber], ["word", kWord]]) {
    expression.lastIndex = at;
    const found = expression.exec(text);
    if (found) return { type, start: at, end: at + found[0].length, value: found[0] };
  }
  return { type: "bad", start: at, end: at + 1, message: `${JSON.stringify(mark)} is not expected here` };
}

function stringAt(text, start) {
  for (let at = start + 1; at < text.length; ++at) {
    if (text[at] === '"') return { type: "string", start, end: at + 1, value: text.slice(start + 1, at) };
    if (text[at] === "\n") break;
    if (text[at] !== "\\") continue;
    kEscapes.lastIndex = at;
    const escape = kEscapes.exec(text);
    if (!escape) return { type: "bad", start: at, end: at + 1, message: "this is no escape that JSON has" };
    at += escape[0].length - 1;
  }
  const end = text.indexOf("\n", start);
  return { type: "bad", start, end: end < 0 ? text.length : end, message: "this text has no closing quote" };
}

/// The JSON values that `text` is made of, one after the other: { values: [{ start, end }], error }, where an error is
/// { offset, message }.
export function scanValues(text) {
  const values = [];
  let token = tokenAt(text, 0);
  while (token.type !== "end") {
    const open = [];
    const start = token.start;
    let expects = "value";
    let end = start;
    while (expects !== "nothing") {
      const wrong = faultOf(token, expects, open);
      if (wrong) return { values, error: { offset: Math.min(token.start, Math.max(0, text.trimEnd().length - 1)), message: wrong } };
      expects = step(token, expects, open);
      end = token.end;
      token = tokenAt(text, token.end);
    }
    values.push({ start, end });
  }
  return { values, error: null };
}

const kStarts = new Set(["{", "[", "string", "number", "word"]);

// What is wrong with `token` where `expects` was; null if nothing is.
function faultOf(token, expects, open) {
  if (token.type === "bad") return token.message;
  const closing = open.at(-1);
  if (token.type === "end") return closing ? `a closing ${closing} is missing` : "a value is missing";
  if (token.type === "word" && !["true", "false", "null"].includes(token.value)) {
    return `${token.value} needs quotes around it`;
  }
  switch (expects) {
    case "value": return kStarts.has(token.type) ? null : "a value is missing here";
    case "value or ]": return kStarts.has(token.type) || token.type === "]" ? null : "a value or ] is missing here";
    case "key": return token.type === "string" ? null : token.type === "}" ? "there is a comma too many before this" : "a name in quotes is missing here";
    case "key or }": return token.type === "string" || token.type === "}" ? null : "a name in quotes is missing here";
    case ":": return token.type === ":" ? null : "a colon is missing before this";
    default: return token.type === "," || token.type === closing ? null : `a comma or ${closing} is missing before this`;
  }
}

// What is expected after `token`, which was right.
function step(token, expects, open) {
  const after = () => (open.length === 0 ? "nothing" : "more");
  if (token.type === "{") return open.push("}"), "key or }";
  if (token.type === "[") return open.push("]"), "value or ]";
  if (token.type === "}" || token.type === "]") return open.pop(), after();
  if (token.type === ":") return "value";
  if (token.type === ",") return open.at(-1) === "}" ? "key" : "value";
  return expects.startsWith("key") ? ":" : after();
}

/// What stands around the end of `text`, which need not be whole: { path, isKey, typed, from }: the names that lead there
/// (elements of lists have none), whether a name or a value is to follow, and what of it there is, from which offset.
export function contextAt(text) {
  const open = [];
  let expects = "value";
  let key = null;
  let token = tokenAt(text, 0);
  let last = null;
  while (token.type !== "end") {
    last = token;
    const touches = token.end === text.length && !"{}[]:,".includes(token.type);
    if (touches && (token.type === "bad" || token.type === "word" || token.type === "number")) break;
    if (token.type === "{" || token.type === "[") open.push({ mark: token.type, key }), (key = null);
    if (token.type === "}" || token.type === "]") key = open.pop()?.key ?? null;
    if (token.type === "," ) key = null;
    if (token.type === "string" && open.at(-1)?.mark === "{" && key === null) key = token.value;
    expects = token.type === "{" || (token.type === "," && open.at(-1)?.mark === "{") ? "key" : "value";
    last = null;
    token = tokenAt(text, token.end);
  }
  const path = [...open.slice(1).map((each) => each.key), ...(expects === "value" ? [key] : [])].filter((each) => each !== null);
  const from = last ? last.start : text.length;
  return { path, isKey: expects === "key", typed: text.slice(from).replace(/^"/, ""), from, depth: open.length };
}
