// The blog of docs/examples/blog in the hands of two writers: on a desk, on a phone in the dark, without a script.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { accessibilityProblems } from "./harness/accessibility.js";
import { launchBrowser, newVisitor } from "./harness/browser.js";
import { startServer } from "./harness/server.js";

let browser;
let server;
let folder;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "blog-"));
  server = await startServer({
    command: process.env.HORNBEAM_BLOG,
    args: (port) => ["run", "--port", port],
    environment: { BLOG_SECRET_KEY: "of this test, which keeps nothing" },
    folder,
  });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const button = (page, name) => page.getByRole("button", { name });
const link = (page, name) => page.getByRole("link", { name, exact: true });

async function visit(path, options = {}) {
  const page = await newVisitor(browser, options);
  await page.goto(server.url + path);
  return page;
}

async function enter(page, form, email, password) {
  await link(page, form).click();
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Password").fill(password);
  await button(page, form).click();
}

async function looksRight(page, width) {
  assert.deepEqual(await accessibilityProblems(page), []);
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(needed <= width, `${needed} pixels wide, of ${width}`);
}

for (const [name, options] of [
  ["on a desk", { viewport: { width: 1200, height: 900 } }],
  ["on a phone in the dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
  ["without a script", { viewport: { width: 800, height: 600 }, javaScriptEnabled: false }],
]) {
  test(`a writer registers, writes, mends and removes, ${name}`, async () => {
    const page = await visit("/", options);
    const email = `${name.replaceAll(" ", ".")}@example.org`;
    const check = async () => options.javaScriptEnabled === false || looksRight(page, options.viewport.width);
    await check();

    await enter(page, "Register", email, "short");
    await page.locator("[aria-invalid]").waitFor();
    await check();
    await page.getByLabel("Password").fill("correct horse battery");
    await button(page, "Register").click();
    if ((await link(page, "New post").count()) === 0) await enter(page, "Log in", email, "correct horse battery");

    await link(page, "New post").click();
    await check();
    await page.getByLabel("Title").fill("<b>Bold</b> & 'quoted'");
    await page.getByLabel("Text").fill("x".repeat(300));
    await button(page, "Save").click();
    await page.getByRole("heading", { level: 2, name: "<b>Bold</b> & 'quoted'" }).waitFor();
    await check();

    await link(page, "Edit").click();
    await page.getByLabel("Title").fill("Plain");
    await button(page, "Save").click();
    await page.getByRole("heading", { level: 2, name: "Plain" }).waitFor();

    const other = await visit("/");
    assert.equal(await link(other, "Edit").count(), 0, "another reader cannot edit it");
    await other.context().close();

    await button(page, "Delete").click();
    await page.getByText("Nobody has written anything yet.").waitFor();
    await button(page, "Log out").click();
    await link(page, "Log in").waitFor();
    await check();
    if (options.javaScriptEnabled !== false) {
      assert.deepEqual(page.problems.filter((problem) => !problem.includes("422")), []);
    }
    await page.context().close();
  });
}
