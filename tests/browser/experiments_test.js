// The pages of experiments, with simulated visitors, on desktops and phones, for strangers and for those who may change.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessibilityProblems } from "./harness/accessibility.js";
import { launchBrowser, newVisitor } from "./harness/browser.js";
import { startServer } from "./harness/server.js";

const token = "0123456789abcdef0123";
let browser;
let server;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "experiments-"));
  const database = ["--set", `database.url=sqlite:///${folder}/arena.db`];
  execFileSync(process.env.HORNBEAM_ARENA, ["experiments", "simulate", "4000", ...database], { stdio: "ignore" });
  server = await startServer({
    command: process.env.HORNBEAM_ARENA,
    args: (port) => ["run", "--port", port, ...database, "--set", `experiments.operator_tokens=ada:${token}`],
    folder,
    path: "/healthz",
  });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function visit(path, options = {}) {
  const page = await newVisitor(browser, options);
  await page.goto(server.url + path);
  return page;
}

const pages = ["/", "/e/play-layout", "/e/piece-colour?by=dimension", "/plan", "/who?unit=simulated-1-7", "/audit",
  "/combine?one=play-layout/board-first&other=piece-colour/green"];

for (const [name, options] of [["a desktop", {}], ["a phone", { viewport: { width: 360, height: 740 } }],
  ["the dark", { colorScheme: "dark" }]]) {
  test(`every page can be read on ${name}`, async () => {
    const page = await newVisitor(browser, options);
    for (const path of pages) {
      const response = await page.goto(`${server.url}/experiments${path}`);
      assert.equal(response.status(), 200, path);
      assert.deepEqual(await accessibilityProblems(page), [], path);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${path} is ${overflow} pixels too wide`);
    }
    await page.context().close();
  });
}

test("a newcomer finds a result from the front page, marked as simulated", async () => {
  const page = await visit("/");
  await page.getByRole("link", { name: "Experiments" }).click();
  await page.getByText("Simulated visitors.").waitFor();
  await page.getByRole("heading", { name: "play-layout" }).getByRole("link").click();
  await page.getByRole("heading", { name: /believe/ }).waitFor();
  await page.getByRole("heading", { name: /Game started/ }).waitFor();
  await page.getByText("Show the primary metric by what units are like").click();
  await page.getByText(/^phone/).first().waitFor();
  await page.getByRole("heading", { name: /The plan/ }).waitFor();
  await page.context().close();
});

test("the calculator answers without a script", async () => {
  const page = await visit("/experiments/plan", { javaScriptEnabled: false });
  await page.getByLabel("Arms, besides the control").fill("2");
  await page.getByRole("button", { name: "Work it out" }).click();
  await page.getByText("In orthogonal lanes").waitFor();
  assert.match(page.url(), /arms=2/);
  await page.context().close();
});

test("one who has a token ends an experiment, and the audit says so", async () => {
  const page = await visit("/experiments/start", { httpCredentials: { username: "ada", password: token } });
  await page.getByRole("heading", { name: "Start an experiment" }).waitFor();
  await page.goto(`${server.url}/experiments/e/piece-colour`);
  const form = page.locator("form", { has: page.getByRole("heading", { name: "End" }) });
  await form.getByLabel("Why").fill("to see that it ends");
  await form.getByRole("button", { name: "End it now" }).click();
  await page.getByText("ended", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Audit" }).click();
  await page.getByText("to see that it ends").waitFor();
  await page.context().close();
});
