// Reading and searching documentation, packages and finished games, at the real page of the real server.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { accessibilityProblems } from "./harness/accessibility.js";
import { launchBrowser, newVisitor } from "./harness/browser.js";
import { startServer } from "./harness/server.js";

const kPhone = { viewport: { width: 360, height: 740 }, hasTouch: true };
const kPages = {
  "guide/trees.md":
    "# Trees\n\nTrees grow slowly, and for a very long time.\n\n## Planting\n\nDig a deep hole, see [the saw](saw.md#sharp).\n\n" +
    "| a wide | table | with | many | columns | that | a phone | cannot | show | at | once |\n" +
    "|---|---|---|---|---|---|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 |\n",
  "guide/saw.md": "# The saw\n\n## Sharp\n\nKeep it sharp.\n\n```sh\nsaw --sharp\n```\n",
  "howto/prune.md": "# How to prune trees\n\nCut branches in winter.\n",
};

let browser;
let server;
let folder;
let visitors = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "arena-docs-"));
  for (const [path, text] of Object.entries(kPages)) {
    mkdirSync(join(folder, "manual", path, ".."), { recursive: true });
    writeFileSync(join(folder, "manual", path), text);
  }
  let archive = "";
  for (let at = 0; at < 45; ++at) {
    archive +=
      `Package: example-tool${at}\nVersion: 1.${at}\nMaintainer: Example Team <team@example.org>\n` +
      `Section: ${at % 3 === 0 ? "games" : "utils"}\nTag: role::program\nDescription: Measures wood ${at}\n\n`;
  }
  writeFileSync(join(folder, "packages.txt"), archive);
  const settings = ["--set", `database.url=sqlite:///${folder}/arena.db`];
  execFileSync(process.env.HORNBEAM_ARENA, ["import", "debian", join(folder, "packages.txt"), ...settings], { cwd: folder });
  server = await startServer({
    command: process.env.HORNBEAM_ARENA,
    args: (port) => [
      "run", "--port", port, ...settings, "--set", "docs.import=true", "--set", "docs.django=", "--set", "docs.own=manual",
    ],
    folder,
    path: "/healthz",
  });
  browser = await launchBrowser();
  const page = await visit("/docs?q=branches");
  await total(page, "1 section").waitFor();
  await page.goto(`${server.url}/packages`);
  for (let at = 0; at < 100 && (await page.getByText("45 packages").count()) === 0; ++at) {
    await page.waitForTimeout(100);
    await page.reload();
  }
  await playGames(page, ["tic-tac-toe", "connect-four", "gomoku", "gomoku"]);
  await page.goto(`${server.url}/games/search`);
  for (let at = 0; at < 100 && (await page.getByText("4 games,").count()) === 0; ++at) {
    await page.waitForTimeout(100);
    await page.reload();
  }
  await page.context().close();
  visitors = [];
});

/// Plays a game of each kind against the computer: one move, and gives it up.
function playGames(page, kinds) {
  return page.evaluate(async (wanted) => {
    for (const kind of wanted) {
      const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws`);
      await new Promise((resolve, reject) => {
        const say = (action, rest) => socket.send(JSON.stringify({ action, v: 1, ...rest }));
        socket.onerror = reject;
        socket.onopen = () => say("new", { kind, opponent: "bot", level: "easy" });
        socket.onmessage = ({ data }) => {
          const message = JSON.parse(data);
          if (message.action === "paired") say("move", { player_move: kind === "connect-four" ? "3" : "1,1" });
          if (message.action === "move" && message.data.by === "O") say("resign");
          if (message.action === "end") resolve();
        };
      });
      socket.close();
    }
  }, kinds);
}
after(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const page of visitors) await page.context().close();
  visitors = [];
});

async function visit(path, options = {}) {
  const page = await newVisitor(browser, options);
  visitors.push(page);
  await page.goto(server.url + path);
  return page;
}

const box = (page) => page.getByRole("searchbox");
const open = (page, name) => page.locator(".open", { hasText: name });
// A question that a later one overtook is given up, which is no problem.
const expectNoProblems = (page) =>
  assert.deepEqual(page.problems.filter((each) => !each.includes("net::ERR_ABORTED")), []);
const total = (page, text) => page.locator("#total", { hasText: new RegExp(`^\\s*${text}\\s*$`) });

test("results follow what is typed, and the address with them", async () => {
  const page = await visit("/docs");
  await box(page).pressSequentially("plantin");
  await total(page, "1 section").waitFor();
  await open(page, "Planting").waitFor();
  assert.match(page.url(), /\?q=plantin$/);
  assert.match(await page.locator("#took").textContent(), /^\d+\.\d$/);
  expectNoProblems(page);
});

test("a hit leads to its heading, and back to the results", async () => {
  const page = await visit("/docs?q=hole");
  await open(page, "Planting").click();
  await page.waitForURL(/\/docs\/hornbeam\/guide\/trees#planting$/);
  await page.getByRole("link", { name: "the saw" }).click();
  await page.waitForURL(/\/docs\/hornbeam\/guide\/saw#sharp$/);
  await page.goBack();
  await page.getByRole("link", { name: "‹ Documentation" }).waitFor();
  expectNoProblems(page);
});

test("everything can be done by keyboard", async () => {
  const page = await visit("/docs?q=trees");
  await page.locator("h1").click();
  await page.keyboard.press("/");
  assert.ok(await box(page).evaluate((input) => input === document.activeElement));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => [...document.querySelectorAll(".open")].indexOf(document.activeElement)), 1);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  assert.ok(await box(page).evaluate((input) => input === document.activeElement));
  await page.keyboard.press("Escape");
  await total(page, "3 pages").waitFor();
  await box(page).pressSequentially("winter");
  await total(page, "1 section").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/howto\/prune$/);
});

test("a slip of the finger is noticed", async () => {
  const page = await visit("/docs?q=brunches");
  await page.getByText("No section has all of these words").waitFor();
  await page.locator("#correction").click();
  await open(page, "How to prune trees").waitFor();
  assert.equal(await box(page).inputValue(), "branches");
});

test("facets narrow the results and can be taken away", async () => {
  const page = await visit("/docs?q=sharp");
  await page.getByRole("link", { name: /With examples/ }).click();
  await page.waitForURL(/kind=code/);
  await total(page, "1 section").waitFor();
  await page.getByRole("link", { name: /With examples/ }).click();
  await page.waitForURL((url) => !url.searchParams.has("kind"));
  await page.goBack();
  await page.waitForURL(/kind=code/);
  await total(page, "1 section").waitFor();
});

test("without JavaScript the form and every link do the same", async () => {
  const page = await visit("/docs", { javaScriptEnabled: false });
  await box(page).fill("sharp");
  await page.getByRole("button", { name: "Search" }).click();
  await page.getByRole("link", { name: /With examples/ }).click();
  await open(page, "Sharp").click();
  await page.waitForURL(/guide\/saw#sharp$/);
});

test("a server that is gone is said, and asked again", async () => {
  const page = await visit("/docs");
  await page.route("**/docs/results*", (route) => route.abort());
  await box(page).pressSequentially("hole");
  await page.getByText("The server does not answer").waitFor();
  await page.unroute("**/docs/results*");
  await page.getByRole("link", { name: "Try again" }).click();
  await open(page, "Planting").waitFor();
});

test("packages are browsed by facet, page and word", async () => {
  const page = await visit("/packages");
  await page.getByRole("link", { name: "Next" }).click();
  await page.getByText("Page 2 of 3").waitFor();
  await page.getByRole("link", { name: /^games/ }).click();
  await page.getByText("15 packages").waitFor();
  await page.getByRole("searchbox").pressSequentially("example-tool3");
  await page.getByRole("heading", { level: 2, name: "example-tool3", exact: true }).waitFor();
  await page.getByRole("link", { name: "example-tool3", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "example-tool3" }).waitFor();
  await page.getByRole("link", { name: "Example Team" }).click();
  await page.getByText("45 packages").waitFor();
  expectNoProblems(page);
});

test("finished games are browsed by facet and player", async () => {
  const page = await visit("/games/search");
  await page.getByText("4 games,").waitFor();
  await page.getByRole("link", { name: /^Gomoku 2/ }).click();
  await page.getByText("2 games,").waitFor();
  await page.getByRole("searchbox").pressSequentially("comp");
  await page.waitForURL(/q=comp&kind=gomoku$/);
  await page.getByText("2 games,").waitFor();
  await page.getByRole("searchbox").pressSequentially("nobody");
  await page.getByText("No game found.").waitFor();
  await page.getByRole("link", { name: "see all games" }).click();
  await page.getByText("4 games,").waitFor();
  expectNoProblems(page);
});

test("games are searched without JavaScript", async () => {
  const page = await visit("/games/search?kind=gomoku", { javaScriptEnabled: false });
  await page.getByRole("searchbox").fill("guest");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/q=guest&kind=gomoku$/);
  await page.getByText("2 games,").waitFor();
});

for (const [name, options] of Object.entries({
  "on a desk": {},
  "on a phone": kPhone,
  "on a phone in the dark": { ...kPhone, colorScheme: "dark" },
  "on a desk in the dark": { colorScheme: "dark" },
})) {
  test(`the pages fit and are accessible ${name}`, async () => {
    const page = await visit("/docs?q=trees", options);
    const paths = [
      "/docs?q=trees", "/docs?q=nothinglikeit", "/docs", "/docs/hornbeam/guide/trees", "/docs/hornbeam/none", "/packages",
      "/packages/example-tool7", "/games/search", "/games/search?q=nobody&result=X+won",
    ];
    for (const path of paths) {
      await page.goto(server.url + path);
      assert.deepEqual(await accessibilityProblems(page), [], path);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${path} is ${overflow} pixels too wide`);
    }
  });
}
