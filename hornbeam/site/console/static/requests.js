// The text of the editor as requests: "GET /docs/_search" on a line of its own, and the lines below it as the body.
import { scanValues } from "./json_scan.js";

const kHead = /^\s*(GET|POST|PUT|DELETE|HEAD)\s+(\S+)\s*$/i;
const kComment = /^\s*(#|\/\/)/;

/// [{ method, path, line, end, body }]: `line` is that of the head, `end` the last line, both from 0. The body has the
/// lines below the head as they are, comments made empty, so that places in it are places in the text.
export function parseRequests(text) {
  const requests = [];
  for (const [number, line] of text.split("\n").entries()) {
    const head = kHead.exec(line);
    if (head) {
      requests.push({ method: head[1].toUpperCase(), path: head[2].replace(/^(?!\/)/, "/"), line: number, end: number, lines: [] });
    } else if (requests.length > 0) {
      const request = requests.at(-1);
      request.lines.push(kComment.test(line) ? "" : line);
      if (line.trim() !== "" && !kComment.test(line)) request.end = number;
    }
  }
  return requests.map(({ lines, ...rest }) => ({ ...rest, body: lines.slice(0, rest.end - rest.line).join("\n") }));
}

/// The request that the line belongs to; the first where it is above all of them, null where there is none.
export function requestAt(requests, line) {
  return requests.findLast((each) => each.line <= line) ?? requests[0] ?? null;
}

/// Whether the body is a list of JSON values, one a line.
export function isLines(path) {
  return /\/(_bulk|_msearch)$/.test(path.split("?")[0]);
}

/// What is wrong with the body before it is sent: { line, message } with the line of the text, or null.
export function faultOf(request) {
  if (request.body.trim() === "") return null;
  const { values, error } = scanValues(request.body);
  if (error) return { line: lineOf(request, error.offset), message: error.message };
  if (isLines(request.path) || values.length < 2) return null;
  return { line: lineOf(request, values[1].start), message: "there is a second JSON value; only _bulk and _msearch take more than one" };
}

function lineOf(request, offset) {
  return request.line + 1 + (request.body.slice(0, offset).match(/\n/g)?.length ?? 0);
}

/// The body as it is sent. Requires: there is nothing wrong with it.
export function bodyOf(request) {
  if (!isLines(request.path)) return request.body.trim() === "" ? "" : request.body;
  const one = ({ start, end }) => request.body.slice(start, end).replace(/\s*\n\s*/g, " ");
  return scanValues(request.body).values.map((each) => `${one(each)}\n`).join("");
}

/// The type that the body is sent with.
export function typeOf(request) {
  return isLines(request.path) ? "application/x-ndjson" : "application/json";
}

/// The request as a command for a shell.
export function asCurl(request, restUrl) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const method = request.method === "HEAD" ? "--head" : `-X ${request.method}`;
  const parts = [`curl ${method} ${quoted(restUrl + request.path)}`];
  const body = bodyOf(request);
  if (body !== "") parts.push(`-H 'Content-Type: ${typeOf(request)}'`, `--data-binary ${quoted(body)}`);
  return parts.join(" \\\n  ");
}
