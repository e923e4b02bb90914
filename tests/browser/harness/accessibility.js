// What axe finds wrong with a page for those who use it by keyboard, by ear or with other colours.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const kAxe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/// One line for each rule that the page as it is now breaks: the rule, and the elements that do.
export async function accessibilityProblems(page) {
  await page.evaluate(kAxe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ html }) => html).join(" ")}`);
}
