// Completion: what may stand at the cursor, by what stands around it.
import { contextAt } from "./json_scan.js";
import * as dsl from "./dsl.js";

const kMethods = ["GET", "POST", "PUT", "DELETE", "HEAD"];

/// What may stand at the end of `head`, the line of a request up to the cursor: { typed, options: [{ text, note }] }.
export function completeHead(head, indices) {
  const [, method, , path] = /^\s*(\S*)(\s+)?(\S*)$/.exec(head) ?? [];
  if (path === undefined || !/\s/.test(head.trimStart())) return chosen(method ?? "", kMethods.map((text) => ({ text: `${text} `, note: "method" })));
  const parts = path.replace(/^\//, "").split("/");
  if (parts.length === 1) {
    return chosen(parts[0], [
      ...indices.map((text) => ({ text: `${text}/`, note: "index" })),
      ...dsl.kNodeEndpoints.map((text) => ({ text, note: "endpoint" })),
    ], path === "" ? "/" : "");
  }
  if (parts[0].startsWith("_")) {
    const below = dsl.kNodeEndpoints.filter((each) => each.startsWith(`${parts[0]}/`)).map((each) => each.slice(parts[0].length + 1));
    return chosen(parts.slice(1).join("/"), below.map((text) => ({ text, note: "endpoint" })));
  }
  return chosen(parts.slice(1).join("/"), dsl.kIndexEndpoints.map((text) => ({ text, note: "endpoint" })));
}

/// The same in the body of a request, up to the cursor.
export function completeBody(body, request, fields) {
  const { path, isKey, typed, depth } = contextAt(body);
  const words = (isKey ? keysAt(path, depth, request, fields) : valuesAt(path, fields));
  return chosen(typed, words);
}

const named = (note) => (text) => ({ text, note });

function keysAt(path, depth, request, fields) {
  const fieldNames = fields.map(({ name, type }) => ({ text: name, note: type }));
  const parent = path.at(-1);
  if (depth <= 1 || parent === undefined) return (dsl.kBodies[endpointOf(request.path)] ?? dsl.kBodies._search).map(named("body"));
  const inAggregations = path.findLastIndex((each) => each === "aggs" || each === "aggregations");
  const below = inAggregations < 0 ? -1 : path.length - 1 - inAggregations;
  if (below === 1) return [...dsl.kAggregations.map(named("aggregation")), ...["aggs", "meta"].map(named("body"))];
  if (below === 0) return [];
  if (dsl.kQueryPlaces.has(parent) && !["multi_match", "match"].includes(path.at(-2))) return dsl.kQueries.map(named("query"));
  if (below === 2) return (dsl.kParameters[parent] ?? ["field", "missing"]).map(named(parent));
  if (dsl.kFieldQueries.includes(parent)) return fieldNames;
  if (parent === "fields" || parent === "sort") return [...fieldNames, ...(dsl.kParameters[parent] ?? []).map(named(parent))];
  const query = path.at(-2);
  if (dsl.kFieldParameters[query]) return dsl.kFieldParameters[query].map(named(query));
  return (dsl.kParameters[parent] ?? []).map(named(parent));
}

function valuesAt(path, fields) {
  const key = path.at(-1);
  if (["field", "fields", "_source", "default_field", "sort", "path"].includes(key)) return fields.map(({ name, type }) => ({ text: name, note: type }));
  return (dsl.kValues[key] ?? []).map(named(key));
}

function endpointOf(path) {
  return path.split("?")[0].split("/").find((part) => part.startsWith("_")) ?? "";
}

// Those that begin with what is typed, then those that have it inside.
function chosen(typed, options, prefix = "") {
  const word = typed.toLowerCase();
  const begins = options.filter(({ text }) => text.toLowerCase().startsWith(word));
  const contains = word === "" ? [] : options.filter(({ text }) => text.toLowerCase().indexOf(word) > 0);
  return { typed, options: [...begins, ...contains].map((each) => ({ ...each, text: prefix + each.text })) };
}
