// Runs one test file with node's own test runner: node run.js FILE
// Without a browser there is nothing to test: that is exit code 77, which ctest shows as "skipped"; in CI it is a failure.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const kSkipped = 77;

function lacks(what, mend) {
  console.log(`SKIPPED: ${what} is not here. Mend: ${mend}`);
  process.exit(process.env.CI ? 1 : kSkipped);
}

if (!existsSync(fileURLToPath(new URL("node_modules/playwright-core", import.meta.url)))) {
  lacks("playwright-core", "tools/setup test");
}
const { hasChromium, kChromium } = await import("./harness/browser.js");
if (!hasChromium()) lacks(kChromium, "tools/setup test, or set HORNBEAM_CHROMIUM");

const { status } = spawnSync(process.execPath, ["--test", "--test-reporter=spec", process.argv[2]], { stdio: "inherit" });
process.exit(status ?? 1);
