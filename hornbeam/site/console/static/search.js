// Asks the index through this site: what the console and the dashboards share.

/// Where the page's own routes are: this file is served from static/ below them.
export const base = new URL("..", import.meta.url);

/// The index's answer to a request: { status, text, json, milliseconds }. `json` is null if it is none. Throws an Error
/// with a message for people if the site itself refuses, or is not there.
export async function ask(method, path, body = "", type = "application/json") {
  const url = new URL("run", base);
  url.searchParams.set("method", method);
  url.searchParams.set("path", path.startsWith("/") ? path : `/${path}`);
  const options = { method: "POST" };
  if (body !== "") Object.assign(options, { body, headers: { "Content-Type": type } });
  const begin = performance.now();
  let response;
  try {
    response = await fetch(url, options);
  } catch {
    throw new Error("The server does not answer. Is it running?");
  }
  const text = await response.text();
  const milliseconds = performance.now() - begin;
  if (!response.ok) throw new Error(refusalOf(text, response.status));
  return { status: Number(response.headers.get("X-Search-Status")), text, json: parsed(text), milliseconds };
}

/// The same for a search, with its answer as JSON. Throws an Error with the reason that the index gives.
export async function search(index, body) {
  const answer = await ask("POST", `/${encodeURIComponent(index)}/_search`, JSON.stringify(body));
  if (answer.status >= 400 || answer.json === null) throw new Error(reasonOf(answer));
  return answer.json;
}

/// What the site itself says when it refuses.
export function refusalOf(text, status) {
  const problem = parsed(text);
  return problem?.errors?.map((each) => `${each.pointer}: ${each.detail}`).join("; ") || problem?.detail
    || `The server answered ${status}.`;
}

/// What the index says is wrong: "index_not_found_exception: no such index [x]".
export function reasonOf(answer) {
  const error = answer.json?.error;
  if (typeof error === "string") return error;
  const cause = error?.root_cause?.[0] ?? error;
  if (!cause?.reason) return `The index answered ${answer.status}.`;
  return `${cause.type}: ${cause.reason}`;
}

/// Every field of an index's mapping: [{ name, type }], those within objects as "author.name".
export async function fieldsOf(index) {
  const answer = await ask("GET", `/${encodeURIComponent(index)}/_mapping`);
  if (answer.status >= 400 || answer.json === null) throw new Error(reasonOf(answer));
  const found = new Map();
  for (const { mappings } of Object.values(answer.json)) collect(mappings?.properties ?? {}, "", found);
  return [...found].map(([name, type]) => ({ name, type })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function collect(properties, prefix, found) {
  for (const [name, field] of Object.entries(properties)) {
    if (field.properties) collect(field.properties, `${prefix}${name}.`, found);
    else found.set(prefix + name, field.type ?? "object");
    collect(field.fields ?? {}, `${prefix}${name}.`, found);
  }
}

/// The names of indices and aliases, without those that begin with a dot.
export async function indexNames() {
  const [indices, aliases] = await Promise.all([
    ask("GET", "/_cat/indices?format=json"), ask("GET", "/_cat/aliases?format=json"),
  ]);
  const names = new Set([...(indices.json ?? []).map((each) => each.index), ...(aliases.json ?? []).map((each) => each.alias)]);
  return [...names].filter((name) => name && !name.startsWith(".")).sort();
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
