// People at the real page of the real server: whole games, mishaps, and coming back.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { accessibilityProblems } from "./harness/accessibility.js";
import { launchBrowser, newVisitor } from "./harness/browser.js";
import { startServer } from "./harness/server.js";

let browser;
let server;
let folder;
let visitors = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "arena-"));
  server = await startServer({
    command: process.env.HORNBEAM_ARENA,
    args: (port) => ["run", "--port", port, "--set", `database.url=sqlite:///${folder}/arena.db`],
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
afterEach(async () => {
  for (const page of visitors) await page.context().close();
  visitors = [];
});

async function visit(path = "/", options = {}) {
  const page = await newVisitor(browser, options);
  visitors.push(page);
  await page.goto(server.url + path);
  await page.getByText("Connected", { exact: true }).waitFor();
  return page;
}

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();
const button = (page, name) => page.getByRole("button", { name });
const cell = (page, index) =>
  page.getByRole("gridcell", { name: `Row ${Math.floor(index / 3) + 1}, column ${(index % 3) + 1}` });

async function marks(page) {
  const labels = await page.getByRole("gridcell").evaluateAll((cells) => cells.map((each) => each.ariaLabel));
  return labels.map((label) => label.split(", ").at(-1)).map((mark) => (mark === "empty" ? "." : mark)).join("");
}

/// X, who begins, and O, who came by the link; and the address of their game.
async function pair(options = {}) {
  const x = await visit("/", options);
  await button(x, "Invite a friend").click();
  await heading(x, "Waiting for your friend.");
  const link = await x.getByLabel("Send this link to a friend").inputValue();
  const path = new URL(link).pathname;
  const o = await visit(path, options);
  await button(o, "Join the game").click();
  await heading(o, "Your friend's turn.");
  await heading(x, "Your turn.");
  return { x, o, path };
}

/// Plays cells in turn, X first, each as soon as the page says that it is that player's turn.
async function playAll(x, o, cells) {
  for (const [turn, index] of cells.entries()) {
    const player = turn % 2 === 0 ? x : o;
    await heading(player, "Your turn.");
    await cell(player, index).click();
  }
}

function expectNoProblems(...pages) {
  assert.deepEqual(pages.flatMap((page) => page.problems), []);
}

test("two people play to a win, and everyone sees it", async () => {
  const { x, o, path } = await pair();
  const watcher = await visit(path);
  await heading(watcher, "X to move.");
  assert.match(await x.locator("#eyebrow").textContent(), /3 min \+ 2 s$/);
  assert.match(await watcher.getByRole("timer").first().textContent(), /^3:0\d$/);
  await x.getByText("1 person is watching.").waitFor();
  for (const page of [x, watcher]) assert.deepEqual(await accessibilityProblems(page), []);
  await playAll(x, o, [0, 3, 1, 4, 2]);
  await heading(x, "You win.");
  await heading(o, "Your friend wins.");
  await heading(watcher, "X wins.");
  for (const page of [x, o, watcher]) assert.equal(await marks(page), "XXXOO....");
  assert.equal(await x.title(), "You win · Arena");
  assert.deepEqual(await accessibilityProblems(x), []);
  await x.getByRole("link", { name: "Replay" }).click();
  await x.getByText("Move 5 of 5: X plays row 1, column 3.").waitFor();
  assert.deepEqual(await accessibilityProblems(x), []);
  await x.keyboard.press("ArrowLeft");
  await x.getByText("Move 4 of 5: O plays row 2, column 2.").waitFor();
  assert.match(x.url(), /\/games\/\d+\?at=4$/);
  await x.keyboard.press("Home");
  await x.getByText("The beginning; 5 moves follow.").waitFor();
  await x.getByRole("link", { name: "Next move" }).click();
  await x.getByText("Move 1 of 5: X plays row 1, column 1.").waitFor();
  expectNoProblems(x, o, watcher);
});

test("two people play to a draw, then again with sides changed", async () => {
  const { x, o } = await pair();
  await playAll(x, o, [0, 4, 8, 1, 7, 6, 2, 5, 3]);
  await heading(x, "A draw.");
  await heading(o, "A draw.");
  await button(x, "Rematch").click();
  await button(o, "Accept the rematch").click();
  await heading(o, "Your turn.");
  await heading(x, "Your friend's turn.");
  assert.equal(new URL(x.url()).pathname, new URL(o.url()).pathname);
  await cell(o, 4).click();
  await heading(x, "Your turn.");
  assert.equal(await marks(x), "....X....");
  expectNoProblems(x, o);
});

test("a game is aborted before it has begun in earnest, and resigned after", async () => {
  const first = await pair();
  await button(first.o, "Abort").click();
  await heading(first.x, "Game aborted.");
  await heading(first.o, "Game aborted.");
  const second = await pair();
  await playAll(second.x, second.o, [4, 0]);
  await heading(second.x, "Your turn.");
  await button(second.x, "Resign").click();
  await button(second.x, "Really resign?").click();
  await heading(second.o, "You win.");
  await second.o.getByText("Your friend resigned.").first().waitFor();
  await heading(second.x, "Your friend wins.");
});

test("a click that is no move says why, and the game goes on", async () => {
  const { x, o } = await pair();
  await cell(o, 4).click({ force: true }); // forced: it is marked as disabled, and people click all the same
  await o.getByText("It is not your turn yet.").waitFor();
  await cell(x, 4).click();
  await heading(o, "Your turn.");
  await cell(o, 4).click({ force: true });
  await o.getByText("That cell is taken.").waitFor();
  assert.equal(await marks(o), "....X....");
  await cell(o, 0).click();
  await heading(x, "Your turn.");
  assert.equal(await marks(x), "O...X....");
  expectNoProblems(x, o);
});

test("a reload in the middle leads back to the seat", async () => {
  const { x, o } = await pair();
  await playAll(x, o, [4]);
  await heading(o, "Your turn.");
  await x.reload();
  await heading(x, "Your friend's turn.");
  assert.equal(await marks(x), "....X....");
  await o.reload();
  await heading(o, "Your turn.");
  await cell(o, 0).click();
  await heading(x, "Your turn.");
  assert.equal(await marks(x), "O...X....");
  expectNoProblems(x, o);
});

test("what happens while the network is away is there when it returns", async () => {
  const { x, o } = await pair();
  await o.context().setOffline(true);
  await o.getByText("Reconnecting", { exact: true }).waitFor();
  await x.getByText("away", { exact: true }).waitFor();
  await cell(x, 4).click();
  await o.context().setOffline(false);
  await heading(o, "Your turn.");
  assert.equal(await marks(o), "....X....");
  await playAll(o, x, [0]);
  await heading(x, "Your turn.");
});

test("a move made without the network arrives once, later", async () => {
  const { x, o } = await pair();
  await x.context().setOffline(true);
  await x.getByText("Reconnecting", { exact: true }).waitFor();
  await cell(x, 4).click();
  assert.equal(await marks(x), "....X....");
  await x.context().setOffline(false);
  await heading(o, "Your turn.");
  assert.equal(await marks(o), "....X....");
});

test("the server is killed and started again in the middle", async () => {
  const { x, o } = await pair();
  await playAll(x, o, [4, 0]);
  await heading(x, "Your turn.");
  await server.kill();
  await x.getByText("Reconnecting", { exact: true }).waitFor();
  await server.start();
  for (const page of [x, o]) await page.getByText("Connected", { exact: true }).waitFor();
  await playAll(x, o, [2, 1, 6]);
  await heading(x, "You win.");
  await heading(o, "Your friend wins.");
  assert.equal(await marks(o), "OOX.X.X..");
});

test("the computer is played by making a move, and does not lose", async () => {
  const page = await visit();
  await cell(page, 0).click();
  for (let turn = 1; turn < 5; ++turn) {
    await page.getByRole("heading", { level: 1, name: /Your turn|wins|draw/ }).waitFor();
    const board = await marks(page);
    if (!(await page.getByRole("heading", { level: 1, name: "Your turn." }).isVisible())) break;
    await cell(page, board.indexOf(".")).click();
  }
  await page.getByRole("heading", { level: 1, name: /The computer wins|A draw/ }).waitFor();
  await button(page, "Rematch").click();
  await heading(page, "Your turn.");
  assert.equal((await marks(page)).replaceAll(".", ""), "X", "the computer has begun");
  expectNoProblems(page);
});

test("a game is played with the keyboard alone", async () => {
  const page = await visit();
  await page.getByRole("radio", { name: "easily" }).check();
  await cell(page, 4).focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowLeft");
  assert.match(await page.evaluate(() => document.activeElement.ariaLabel), /Row 1, column 1/);
  await page.keyboard.press("Enter");
  await heading(page, "Your turn.");
  assert.match(await marks(page), /^X/);
  assert.match(await page.locator("#announcer").textContent(), /O plays row \d, column \d\. Your turn\./);
});

test("a game is joined by its number, and a full one is watched", async () => {
  const x = await visit();
  await button(x, "Invite a friend").click();
  await heading(x, "Waiting for your friend.");
  const number = await x.locator("#share-number").textContent();
  const o = await visit();
  await o.getByLabel("Have a number?").fill(number);
  await button(o, "Join").click();
  await heading(x, "Your turn.");
  const late = await visit();
  await late.getByLabel("Have a number?").fill(number);
  await late.keyboard.press("Enter");
  await late.getByText("You are watching it.").waitFor();
  await heading(late, "X to move.");
  await late.getByLabel("Have a number?").waitFor({ state: "hidden" });
});

test("an unknown game is said to be none", async () => {
  const page = await visit("/g/99999");
  await page.getByText("There is no game 99999.").waitFor();
  await heading(page, "Three in a row.");
});

test("a second window takes the seat over, and gives it back", async () => {
  const { x, o, path } = await pair();
  const second = await x.context().newPage();
  await second.goto(server.url + path);
  await heading(second, "Your turn.");
  await heading(x, "Playing elsewhere.");
  await button(x, "Play in this window").click();
  await heading(x, "Your turn.");
  await heading(second, "Playing elsewhere.");
  await cell(x, 4).click();
  await heading(o, "Your turn.");
});

test("the page fits a narrow screen in every state", async () => {
  const { x, o } = await pair({ viewport: { width: 320, height: 568 } });
  const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok((await overflow(x)) <= 0);
  await playAll(x, o, [0, 3, 1, 4, 2]);
  await heading(o, "Your friend wins.");
  for (const page of [x, o, await visit("/", { viewport: { width: 320, height: 568 } })]) {
    assert.ok((await overflow(page)) <= 0);
  }
});

test("a private game is entered with its link alone", async () => {
  const x = await visit();
  await x.getByLabel("Private: with my link only").check();
  await button(x, "Invite a friend").click();
  await heading(x, "Waiting for your friend.");
  await x.reload();
  await heading(x, "Waiting for your friend.");
  const link = await x.getByLabel("Send this link to a friend").inputValue();
  const stranger = await visit(new URL(link).pathname);
  await stranger.getByText("This game is by invitation").waitFor();
  const o = await visit(link.slice(server.url.length));
  await button(o, "Join the game").click();
  await heading(x, "Your turn.");
  assert.equal(await stranger.getByRole("heading", { level: 1, name: "Three in a row." }).isVisible(), true);
  expectNoProblems(x, o, stranger);
});

const column = (page, row, col) => page.getByRole("gridcell", { name: `Row ${row}, column ${col},` });

test("two strangers meet, play Connect Four, talk, take a move back and agree on a draw", async () => {
  const x = await visit();
  await x.getByRole("radio", { name: "Connect Four" }).check();
  await heading(x, "Four in a row.");
  await button(x, "Play anyone").click();
  await heading(x, "Looking for an opponent.");
  const o = await visit();
  await o.getByRole("button", { name: "Connect Four, as O, 3 min + 2 s, 1500" }).click();
  await heading(x, "Your turn.");
  await column(x, 1, 4).click(); // it falls
  await heading(o, "Your turn.");
  await o.getByRole("gridcell", { name: "Row 6, column 4, X" }).waitFor();
  await x.getByRole("button", { name: "Take back" }).click();
  await o.getByRole("button", { name: "Let them take back" }).click();
  await heading(x, "Your turn.");
  await column(x, 3, 1).press("Enter");
  await heading(o, "Your turn.");
  await column(o, 6, 1).click(); // on top of a mark
  await heading(x, "Your turn.");
  await x.getByRole("gridcell", { name: "Row 5, column 1, O" }).waitFor();
  await x.getByLabel("Say something").fill("Well <b>played</b>");
  await x.keyboard.press("Enter");
  await o.getByText(": Well <b>played</b>").waitFor();
  await button(x, "Offer a draw").click();
  await button(o, "Decline").waitFor();
  assert.deepEqual(await accessibilityProblems(o), []);
  await button(o, "Accept the draw").click();
  await heading(x, "A draw.");
  await heading(o, "A draw.");
  await o.getByText("1500? +0").first().waitFor(); // the ratings after a draw of two who had none
  await x.goto(`${server.url}/players/me`);
  await x.getByText("This is you, in this browser").waitFor();
  await x.getByLabel("Your name").fill("Ada <the> Tall");
  await button(x, "Change").click();
  await x.getByRole("heading", { level: 1, name: "Ada <the> Tall" }).waitFor();
  await x.getByText("Drawn by agreement").waitFor();
  assert.deepEqual(await accessibilityProblems(x), []);
  await x.getByRole("link", { name: /Connect Four/ }).click();
  await x.getByText("Move 2 of 2: O plays row 5, column 1.").waitFor();
  await x.getByRole("link", { name: "Players" }).click();
  assert.deepEqual(await accessibilityProblems(x), []);
  expectNoProblems(x, o);
});

test("Gomoku against the computer fits on a phone", async () => {
  const page = await visit("/", { viewport: { width: 360, height: 740 } });
  await page.getByRole("radio", { name: "Gomoku" }).check();
  await column(page, 8, 8).click();
  await heading(page, "Your turn.");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  assert.equal([...await marks(page)].filter((mark) => mark !== ".").length, 2);
  assert.deepEqual(await accessibilityProblems(page), []);
  expectNoProblems(page);
});
