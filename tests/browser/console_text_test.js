// The console's language without a browser: requests in a text, faults at their place, what may stand at a cursor.
import assert from "node:assert/strict";
import { test } from "node:test";

const folder = new URL("../../hornbeam/site/console/static/", import.meta.url);
const { contextAt, scanValues } = await import(new URL("json_scan.js", folder));
const { asCurl, bodyOf, faultOf, parseRequests, requestAt } = await import(new URL("requests.js", folder));
const { completeBody, completeHead } = await import(new URL("complete.js", folder));

test("what JSON.parse takes is taken, and what it refuses is refused", () => {
  const texts = ["{}", "[]", "0", "-1.5e3", '"a\\u00e4\\n"', "null", '[1,2,{"a":[]}]', '{"a":[1,{"b":null}],"c":true}', '{"a":1,}', '{"a" 1}',
    '{"a":1 "b":2}', "[1,]", '{"a":tru}', '{"a":"x', '{"a":{', "{a:1}", "[}", '{"a":"\\q"}', "-", "{", "]", '{"a":}', '{,}', "[,1]", "'a'", '{"a":1]'];
  for (const text of texts) {
    let isGood = true;
    try {
      JSON.parse(text);
    } catch {
      isGood = false;
    }
    assert.equal(scanValues(text).error === null, isGood, text);
  }
});

test("a text is requests, each with its lines; comments are none of them", () => {
  const requests = parseRequests('# all\nGET _cat/indices\n\npost /a/_search?size=1\n{\n  // why\n  "query": {}\n}\n\n');
  assert.deepEqual(requests.map(({ method, path, line, end }) => [method, path, line, end]),
    [["GET", "/_cat/indices", 1, 1], ["POST", "/a/_search?size=1", 3, 7]]);
  assert.deepEqual(JSON.parse(bodyOf(requests[1])), { query: {} });
  assert.equal(requestAt(requests, 0).line, 1);
  assert.equal(requestAt(requests, 8).line, 3);
  assert.equal(requestAt([], 0), null);
});

test("a fault is at its line in the text", () => {
  const [request] = parseRequests('\nGET /a/_search\n{\n  "query": {\n    "match" 1\n  }\n}');
  assert.deepEqual(faultOf(request), { line: 4, message: "a colon is missing before this" });
  const [two] = parseRequests("GET /a/_search\n{}\n{}");
  assert.equal(faultOf(two).line, 2);
});

test("values of a bulk are sent one a line, however they are written", () => {
  const [bulk] = parseRequests('POST /_bulk?refresh\n{"index": {}}\n{\n  "a": "b  c",\n  "n": 12345678901234567890\n}');
  assert.equal(faultOf(bulk), null);
  assert.equal(bodyOf(bulk), '{"index": {}}\n{ "a": "b  c", "n": 12345678901234567890 }\n');
});

test("a command for a shell quotes quotes", () => {
  const [request] = parseRequests('GET /a/_search\n{"q": "it\'s"}');
  assert.equal(asCurl(request, "http://h/rest"),
    "curl -X GET 'http://h/rest/a/_search' \\\n  -H 'Content-Type: application/json' \\\n  --data-binary '{\"q\": \"it'\\''s\"}'");
});

test("what may stand at the cursor goes by what stands around it", () => {
  const fields = [{ name: "title", type: "text" }, { name: "year", type: "integer" }];
  const first = (body) => completeBody(body, { path: "/a/_search" }, fields).options.map(({ text }) => text);
  const table = [
    ['{"', "query"], ['{"ag', "aggs"], ['{"query": {"', "match"], ['{"query": {"match": {"', "title"], ['{"query": {"match": {"title": {"op', "operator"],
    ['{"query": {"bool": {"', "must_not"], ['{"query": {"bool": {"filter": [{"ra', "range"], ['{"query": {"range": {"year": {"g', "gte"],
    ['{"aggs": {"x": {"date', "date_histogram"], ['{"aggs": {"x": {"terms": {"', "size"], ['{"aggs": {"x": {"terms": {"field": "ye', "year"],
    ['{"query": {"match": {"title": "x"}}, "si', "size"], ['{"sort": [{"ti', "title"],
  ];
  for (const [body, expected] of table) assert.ok(first(body).includes(expected), `${body}: ${first(body)}`);
  assert.deepEqual(contextAt('{"a": {"b": 1}, "c": "d').path, ["c"]);
});

test("a request's line is completed from indices and endpoints", () => {
  const first = (head) => completeHead(head, ["docs"]).options[0]?.text;
  const table = [["P", "POST "], ["GET /d", "docs/"], ["GET /docs/_se", "_search"], ["GET /_cat/in", "indices?v"], ["GET /_cluster/h", "health"]];
  for (const [head, expected] of table) assert.equal(first(head), expected, head);
});
