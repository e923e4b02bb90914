// The query console in a real browser: write, complete, run, mend what is wrong, find it again.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, afterEach, before, test } from "node:test";
import { accessibilityProblems } from "./harness/accessibility.js";
import { launchBrowser, newVisitor } from "./harness/browser.js";
import { startPlants } from "./harness/plants.js";

let browser;
let plants;
let reader;
let visitors = [];

before(async () => {
  [plants, reader] = await Promise.all([startPlants("write"), startPlants("read")]);
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await Promise.all([plants?.stop(), reader?.stop()]);
});
afterEach(async () => {
  for (const page of visitors) await page.context().close();
  visitors = [];
});

async function visit({ server } = plants, options = {}) {
  const page = await newVisitor(browser, options);
  visitors.push(page);
  await page.goto(`${server.url}/console/`);
  await page.getByRole("button", { name: "Run", exact: true }).waitFor();
  return page;
}

const editor = (page) => page.getByRole("textbox", { name: "Requests" });
const response = (page) => page.locator("#response .CodeMirror").evaluate((element) => element.CodeMirror.getValue());
const text = (page) => page.locator("#editor .CodeMirror").evaluate((element) => element.CodeMirror.getValue());

/// As if it had been pasted; the cursor is at the end.
async function write(page, requests) {
  await page.locator("#editor .CodeMirror").evaluate((element, value) => {
    element.CodeMirror.setValue(value);
    element.CodeMirror.execCommand("goDocEnd");
    element.CodeMirror.focus();
  }, requests);
}

async function run(page, status) {
  await page.keyboard.press("Control+Enter");
  await page.locator("#status").filter({ hasText: status }).waitFor();
}

test("the request at the cursor runs, and its answer is there with status and time", async () => {
  const page = await visit();
  await write(page, 'GET /plants/_count\n\nGET /plants/_search\n{\n  "size": 1, "query": {"term": {"kind": "tree"}}\n}\n');
  await run(page, "200 in");
  assert.equal(JSON.parse(await response(page)).hits.total.value, 20);
  assert.match(await page.locator("#status").textContent(), /^200 in \d+ ms, \d+ ms in the index$/);
  await page.keyboard.press("Control+Home");
  await run(page, "200 in");
  await page.waitForFunction(() => document.querySelector("#response .CodeMirror").CodeMirror.getValue().includes('"count"'));
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.deepEqual(page.problems, []);
});

test("typing offers endpoints, words of the language and fields of the mapping", async () => {
  const page = await visit();
  await write(page, "");
  const offer = (name) => page.getByRole("option", { name });
  await page.keyboard.type("GET /pl");
  await offer(/^plants/).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.type("_se");
  await offer(/^_search/).waitFor();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await page.keyboard.type('{"que');
  await offer(/^query/).waitFor();
  await page.keyboard.press("Enter");
  await write(page, 'GET /plants/_search\n{"query": {"term": {"be');
  await page.keyboard.press("Control+Space");
  await offer(/^bed\.number/).waitFor();
  await page.keyboard.press("Enter");
  assert.match(await text(page), /"term": \{"bed\.number$/);
  assert.deepEqual(page.problems, []);
});

test("a slip in the JSON is marked at its line before anything is sent", async () => {
  const page = await visit();
  await write(page, 'GET /plants/_search\n{\n  "query" {\n  }\n}');
  await page.keyboard.press("Control+Enter");
  await page.getByRole("alert").filter({ hasText: "Line 3: a colon is missing before this" }).waitFor();
  assert.equal(await page.locator(".console-fault-sign").count(), 1);
  assert.equal(await page.locator("#status").textContent(), "");
  await write(page, "GET /plants/_search\n{}\n");
  await page.getByRole("alert").filter({ hasText: "Line" }).waitFor({ state: "hidden" });
});

test("what the index refuses is shown with its reason", async () => {
  const page = await visit();
  await write(page, 'GET /plants/_search\n{"query": {"mach": {"name": "x"}}}');
  await run(page, "400 in");
  await page.getByRole("alert").filter({ hasText: /Line \d: .*mach/ }).waitFor();
  await write(page, "GET /nothing/_search");
  await run(page, "404 in");
  await page.getByRole("alert").filter({ hasText: "index_not_found_exception: no such index [nothing]" }).waitFor();
  assert.deepEqual(page.problems, []);
});

test("those with the right write, in bulks too", async () => {
  const page = await visit();
  await write(page, 'POST /herbs/_bulk?refresh=true\n{"index": {"_id": "1"}}\n{"name": "Mint"}\n{"index": {"_id": "2"}}\n{\n  "name": "Sage"\n}');
  await run(page, "200 in");
  assert.equal(JSON.parse(await response(page)).errors, false);
  await write(page, "DELETE /herbs");
  await run(page, "200 in");
});

test("who may only read is told so, and reads", async () => {
  const page = await visit(reader);
  await page.getByText("You may read. What changes the index is refused.").waitFor();
  await write(page, "GET /_cat/indices");
  await run(page, "200 in");
  await write(page, 'PUT /plants/_doc/1\n{"name": "Yew"}');
  await run(page, "Refused");
  await page.getByRole("alert").filter({ hasText: "you may only read" }).waitFor();
  assert.equal(page.problems.filter((each) => !each.includes("403")).length, 0);
});

test("what ran is in the history, after the page was left too", async () => {
  const page = await visit();
  await write(page, 'GET /plants/_count\n{"query": {"term": {"kind": "herb"}}}');
  await run(page, "200 in");
  await write(page, "GET /");
  await run(page, "200 in");
  await page.reload();
  await page.getByText("History", { exact: true }).click();
  await page.getByRole("button", { name: "GET /plants/_count 200" }).click();
  assert.match(await text(page), /GET \/plants\/_count\n\{"query": \{"term": \{"kind": "herb"\}\}\}/);
  await page.keyboard.press("Control+Enter");
  await page.waitForFunction(() => document.querySelector("#response .CodeMirror").CodeMirror.getValue().includes('"count" : 20'));
  await page.getByRole("button", { name: "Clear the history" }).click();
  await page.getByText("Requests that you run are listed here.").waitFor();
});

test("a copied command does on a terminal what the request does here", async () => {
  const page = await visit(plants, { permissions: ["clipboard-read", "clipboard-write"] });
  await write(page, 'GET /plants/_count\n{"query": {"match": {"name": "plant"}}}');
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(JSON.parse(execFileSync("sh", ["-c", `${command} --silent`], { encoding: "utf8" })).count, 60);
});

test("the keyboard leaves the editor, and phones and the dark show it whole", async () => {
  const page = await visit(plants, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await editor(page).focus();
  await page.keyboard.press("Tab");
  assert.equal(await editor(page).evaluate((element) => element === document.activeElement), false);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  assert.deepEqual(await accessibilityProblems(page), []);
});
