// Chromium, driven by Playwright. Every player is a browser context of its own: cookies and storage are not shared.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

export const kChromium = process.env.HORNBEAM_CHROMIUM ?? "/usr/bin/chromium";

// Nothing leaves the machine: all that Chromium would fetch on its own account is turned off.
const kFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function hasChromium() {
  return existsSync(kChromium);
}

/// A headless Chromium; close() it at the end.
export async function launchBrowser() {
  return chromium.launch({ executablePath: kChromium, headless: true, args: kFlags });
}

/// A page of a visitor who shares nothing with the others. Options are Playwright's of newContext(), such as
/// { viewport, colorScheme: "dark", hasTouch: true }. `page.problems` fills with what a careful user would see in the
/// console: errors, uncaught exceptions, requests that failed.
export async function newVisitor(browser, options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.problems = [];
  page.on("console", (message) => {
    if (message.type() === "error") page.problems.push(message.text());
  });
  page.on("pageerror", (error) => page.problems.push(String(error)));
  page.on("requestfailed", (request) => {
    page.problems.push(`${request.method()} ${request.url()}: ${request.failure()?.errorText}`);
  });
  return page;
}
