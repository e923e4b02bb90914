// Dashboards in a real browser: look at documents, build panels, save, come back, share.
import assert from "node:assert/strict";
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

async function visit(path = "", options = {}, { server } = plants) {
  const page = await newVisitor(browser, options);
  visitors.push(page);
  await page.goto(`${server.url}/dashboards/${path}`);
  return page;
}

const total = (page, words) => page.locator("#total").filter({ hasText: words }).waitFor();
const panel = (page, title) => page.locator("figure").filter({ has: page.getByRole("heading", { name: title, exact: true }) });

/// Builds a panel as someone would: `choices` are labels and values.
async function build(page, choices) {
  if (!(await page.locator("#builder").evaluate(({ open }) => open))) await page.getByText("Add a panel", { exact: true }).click();
  for (const [label, value] of Object.entries(choices)) {
    const field = page.locator("#builder").getByLabel(label, { exact: true });
    if ((await field.evaluate(({ tagName }) => tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
  await page.getByRole("button", { name: "Add the panel" }).click();
}

/// The rows of a panel's table, as texts.
async function rows(page, title) {
  const figure = panel(page, title);
  await figure.locator("table").waitFor({ state: "attached" });
  return figure.locator("tbody tr").evaluateAll((all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
}

test("documents are there, and filters come with a click and go with one", async () => {
  const page = await visit();
  await total(page, "60 documents");
  await page.getByRole("button", { name: "Show only these: kind tree" }).first().click();
  await total(page, "20 documents");
  await page.getByRole("button", { name: /^Hide these: bed.number 0/ }).first().click();
  await total(page, "16 documents");
  await page.getByRole("button", { name: "Remove the filter kind is tree" }).click();
  await total(page, "48 documents");
  await page.getByLabel("Words").fill("plant 7");
  await page.getByRole("button", { name: "Apply" }).click();
  await total(page, "1 document,");
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.deepEqual(page.problems, []);
});

test("time narrows what is looked at", async () => {
  const page = await visit();
  await total(page, "60 documents");
  await page.getByLabel("Time", { exact: true }).selectOption("between");
  await page.getByLabel("From").fill("2024-01-08");
  await page.getByLabel("to", { exact: true }).fill("2024-01-22");
  await page.getByRole("button", { name: "Apply" }).click();
  await total(page, "3 documents");
  await page.getByLabel("Time", { exact: true }).selectOption("now-15m");
  await total(page, "No documents");
});

test("panels of each kind count what is looked at, as a chart and as a table", async () => {
  const page = await visit();
  await total(page, "60 documents");
  await build(page, { Kind: "terms", Field: "kind" });
  assert.deepEqual(await rows(page, "Documents by kind"), [["herb", "20"], ["shrub", "20"], ["tree", "20"]]);
  await build(page, { Kind: "date_histogram", By: "quarter" });
  assert.equal((await rows(page, "Documents by planted"))[0].join(), "2024-01-01,13");
  await build(page, { Kind: "histogram", Field: "height", Width: "30" });
  assert.deepEqual(await rows(page, "Documents by height"), [["0", "30"], ["30", "30"]]);
  await build(page, { Kind: "metric", Shows: "avg", of: "height" });
  await panel(page, "Average of height").getByText("30", { exact: true }).waitFor();
  await build(page, { Kind: "table", Columns: ["name", "kind"], "How many": "2" });
  assert.equal((await rows(page, "Documents")).length, 2);
  assert.equal(await page.locator("canvas").count(), 3);
  await panel(page, "Documents by kind").getByText("As a table").click();
  await panel(page, "Documents by kind").getByRole("button", { name: "herb" }).click();
  await total(page, "20 documents");
  await page.waitForFunction(() => document.querySelectorAll(".boards-terms tbody tr").length === 1);
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.deepEqual(page.problems, []);
});

test("what is saved is there for whoever has the link, and a second change asks first", async () => {
  const page = await visit();
  await total(page, "60 documents");
  await build(page, { Kind: "terms", Field: "kind", Title: "Kinds" });
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("The <b>garden</b>");
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await page.waitForURL(/\/dashboards\/\d+$/);
  const path = new URL(page.url()).pathname.split("/").at(-1);

  const other = await visit(path);
  await other.getByRole("heading", { name: "The <b>garden</b>" }).waitFor();
  assert.equal((await rows(other, "Kinds")).length, 3);

  for (const [each, isFirst] of [[page, true], [other, false]]) {
    await each.getByRole("button", { name: /^Saved?$/ }).first().click();
    await each.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
    if (isFirst) await each.getByRole("button", { name: "Saved" }).waitFor();
    else await each.getByRole("alert").filter({ hasText: "someone else saved this dashboard meanwhile" }).waitFor();
  }
  const list = await visit();
  await list.getByRole("link", { name: "The <b>garden</b>" }).click();
  list.on("dialog", (dialog) => dialog.accept());
  await list.getByRole("button", { name: "Delete" }).click();
  await list.waitForURL(/\/dashboards\/$/);
  assert.equal(await list.getByRole("link", { name: "The <b>garden</b>" }).count(), 0);
  assert.deepEqual(page.problems, []);
});

test("without the right nothing is saved, and without an index the page says so", async () => {
  const page = await visit("", {}, reader);
  await page.getByText("Saving needs the right to.").waitFor();
  await page.getByRole("alert").filter({ hasText: "There is no index yet." }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Save", exact: true }).count(), 0);
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.deepEqual(page.problems, []);
});

test("an index that goes away is an error with its reason, not an empty page", async () => {
  const page = await visit();
  await total(page, "60 documents");
  await page.route("**/dashboards/run?**", (route) => route.abort());
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByRole("alert").filter({ hasText: "The server does not answer." }).waitFor();
});

test("a phone in the dark shows all of it", async () => {
  const page = await visit("", { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await total(page, "60 documents");
  await build(page, { Kind: "terms", Field: "name.keyword" });
  await build(page, { Kind: "table", Columns: ["name", "kind", "height", "planted"] });
  await rows(page, "Documents");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  assert.deepEqual(await accessibilityProblems(page), []);
});
