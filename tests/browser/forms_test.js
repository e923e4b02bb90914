// The form of docs/examples/forms for someone who mistypes, and the page of its API: on a phone, in the dark, by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessibilityProblems } from "./harness/accessibility.js";
import { launchBrowser, newVisitor } from "./harness/browser.js";
import { startServer } from "./harness/server.js";

let browser;
let server;
before(async () => {
  server = await startServer({ command: process.env.HORNBEAM_FORMS, args: (port) => ["run", "--port", port], path: "/docs" });
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function visit(path, options = {}) {
  const page = await newVisitor(browser, options);
  await page.goto(server.url + path);
  return page;
}

/// What a screen reader says of a field besides its label and value.
const descriptionOf = (field) =>
  field.evaluate((element) =>
    (element.getAttribute("aria-describedby") ?? "")
      .split(" ")
      .filter(Boolean)
      .map((id) => document.getElementById(id).textContent.trim())
      .join(" "),
  );

test("a form comes back with what was typed, and what is wrong beside it", async () => {
  const page = await visit("/join");
  await page.getByLabel("Name").fill('A"<b>');
  await page.getByLabel("E-mail").fill("nobody");
  await page.getByLabel("Password").fill("short");
  await page.getByLabel("Plan").selectOption("member");
  await page.getByRole("button", { name: "Join" }).click();

  const mail = page.getByLabel("E-mail");
  await page.getByText("expected an email address").waitFor();
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.equal(await mail.inputValue(), "nobody");
  assert.equal(await mail.getAttribute("aria-invalid"), "true");
  assert.equal(await descriptionOf(mail), "expected an email address");
  const password = page.getByLabel("Password");
  assert.equal(await password.inputValue(), "");
  assert.equal(await descriptionOf(password), "10 characters or more length of value must be at least 10");
  assert.equal(await page.getByLabel("Name").inputValue(), 'A"<b>');
  assert.equal(await page.getByLabel("Name").getAttribute("aria-invalid"), null);
  assert.equal(await page.getByLabel("Plan").inputValue(), "member");

  await mail.fill("ada@example.org");
  await password.fill("0123456789");
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByText("members say when they were born").waitFor();
  await page.getByLabel("Year of birth").fill("1980");
  await page.getByLabel("Password").fill("0123456789");
  await page.getByRole("button", { name: "Join" }).click();
  await page.getByText("You are a member now.").waitFor();
  await page.context().close();
});

for (const [name, options] of [
  ["a desk", { viewport: { width: 1200, height: 900 } }],
  ["a phone in the dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }],
]) {
  test(`the page of the API fits ${name}, and has no problem`, async () => {
    const page = await visit("/docs", options);
    await page.getByRole("heading", { level: 1, name: "Members" }).waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= options.viewport.width, `${width} pixels wide`);
    const dark = await page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--soft").trim());
    assert.equal(dark, options.colorScheme === "dark" ? "#1f242a" : "#f2f4f6", "the style sheet is there");
    assert.equal(await page.locator("script").count(), 0);
    assert.deepEqual(await accessibilityProblems(page), []);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}

test("the page of the API is walked by keyboard", async () => {
  const page = await visit("/docs");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the operations");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
  const add = page.getByRole("article").filter({ hasText: "Adds a member" });
  await add.getByText("Example").first().press("Enter");
  await add.getByText('"mail": "ada@example.org"').waitFor();
  await add.getByRole("link", { name: "Join", exact: true }).click();
  assert.match(page.url(), /#schema-Join$/);
  await page.getByRole("row", { name: /mail.*required.*string \(email\)/ }).waitFor();
  await page.context().close();
});
