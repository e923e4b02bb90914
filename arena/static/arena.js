// The page's one program: messages in, game forward, page after it; clicks out.

import { Board } from "./board.js";
import { Connection } from "./connection.js";
import { apply, emptyGame, hasGap, isMyTurn, landing, moveOf, shapeOf, shownBoard, timeLeft } from "./game.js";
import { forgetSeat, keepAsked, keepSeat, markOver, inviteTo, newToken, tokenOf, unanswered } from "./seats.js";
import { element, show, showClocks, words } from "./view.js";

let game = emptyGame();
let intent = null; // a message to be sent (again) once connected: begin, join, watch or come back
let firstMove = null; // the cell that was chosen on the empty board of the first page
let seeking = null; // what we wait to play with anyone: { kind, token }
let invite = null; // what we were sent, to a private game
let openGames = []; // those that anyone may join, while the first page is shown
let spoken = "";
let warned = null; // the game in which we have said that time gets short
const kAskAgain = 5_000; // Milliseconds between two looks at who else is there.
const kClockEvery = 200;
const kShortTime = 30_000;

const board = new Board(element("board"), play);
const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const connection = new Connection(`${scheme}//${location.host}/ws`);

function render() {
  show(game, board, { isTakenOver: connection.state === "closed", openGames });
  const link = { open: "Connected", connecting: "Reconnecting", closed: "Closed" };
  element("link").dataset.state = connection.state;
  element("link-text").textContent = link[connection.state];
  const { headline, detail } = words(game);
  if (game.phase !== "none" && headline !== spoken) element("announcer").textContent = `${lastMoveWords()}${headline} ${detail}`;
  spoken = headline;
}

function lastMoveWords() {
  if (game.last === null || game.phase === "waiting") return "";
  const mark = game.board[game.last];
  if (mark === game.you || mark === ".") return "";
  const { cols } = shapeOf(game.board);
  return `${mark} plays row ${Math.floor(game.last / cols) + 1}, column ${game.last % cols + 1}. `;
}

/// Says once in a game that our time gets short, to those who do not see the clock.
function warnOfTime() {
  if (warned === game.id || game.clocks?.running !== game.you || !game.clock?.includes("+")) return;
  if (timeLeft(game, game.you) > kShortTime) return;
  warned = game.id;
  element("announcer").textContent = "You have thirty seconds left.";
}

function say(notice) {
  element("notice").textContent = notice;
}

// ---- What we send. ----

function send(message) {
  return connection.send({ ...message, v: 1 });
}

/// Sends `message` now, and again after every reconnection until it is answered.
function ask(message) {
  say("");
  const takesSeat = ["new", "join", "quick"].includes(message.action);
  intent = takesSeat && !message.token ? { ...message, token: newToken() } : message;
  keepAsked(takesSeat ? intent : null);
  send(intent);
}

/// Goes to a game: back to our seat if we have one, else to watch.
function open(id) {
  const token = tokenOf(id);
  const lastSeq = id === game.id ? game.seq : -1;
  ask(token ? { action: "hello", game_id: id, token, last_seq: lastSeq } : { action: "watch", game_id: id, ...invited(id) });
}

/// The invitation to a game, if we have one.
function invited(id) {
  const text = invite?.game === id ? invite.text : inviteTo(id);
  return text ? { invite: text } : {};
}

function sendPending() {
  const { pending } = game;
  if (pending) send({ action: "move", game_id: game.id, player_move: moveOf(pending.cell, game.board), cid: pending.cid });
}

function beginAgainstComputer(cell) {
  firstMove = cell;
  const level = document.querySelector("input[name=level]:checked").value;
  ask({ action: "new", kind: chosenKind(), opponent: "bot", level });
}

/// How much time a game with somebody gives; nothing where it does not matter.
function chosenClock() {
  const { value } = document.querySelector("input[name=clock]:checked");
  return value ? { clock: value } : {};
}

function chosenKind() {
  return document.querySelector("input[name=kind]:checked").value;
}

/// Plays with whoever is there, or waits for them.
function seek() {
  seeking = { kind: chosenKind(), token: newToken(), ...chosenClock() };
  ask({ action: "quick", ...seeking });
}

/// Asks again: who else waits, and which games anyone may join.
function lookAround() {
  if (document.visibilityState !== "visible" || connection.state !== "open") return;
  if (game.phase === "none" && intent === null) send({ action: "list" });
  else if (seeking !== null && game.phase === "waiting") send({ action: "quick", ...seeking });
}

function play(chosen) {
  say("");
  const cell = landing(shownBoard(game), chosen);
  if (game.phase === "none") {
    if (intent === null) beginAgainstComputer(cell);
    return;
  }
  if (connection.state === "closed") return;
  if (game.phase === "over") return refuse(cell, "The game is over.");
  if (game.you === null) return refuse(cell, "You are watching this game.");
  if (game.phase === "waiting") return refuse(cell, "Nobody has joined yet.");
  if (shownBoard(game)[cell] !== ".") {
    return refuse(cell, shapeOf(game.board).falls ? "That column is full." : "That cell is taken.");
  }
  if (!isMyTurn(game)) return refuse(cell, "It is not your turn yet.");
  game = { ...game, pending: { cell, cid: crypto.getRandomValues(new Uint32Array(2)).join("-") } };
  sendPending();
  render();
}

function refuse(cell, why) {
  board.refuse(cell);
  say(why);
}

// ---- What we are told. ----

connection.addEventListener("open", () => {
  if (intent) send(intent);
  else if (game.id !== null) open(game.id);
  else lookAround();
});

connection.addEventListener("state", render);

connection.addEventListener("message", ({ detail: message }) => {
  const { action, data } = message;
  if (hasGap(game, message)) return open(game.id);
  const before = game;
  if (action === "list") {
    if (JSON.stringify(data.games) === JSON.stringify(openGames)) return; // what has the focus keeps it
    openGames = data.games;
  }
  game = apply(game, message);
  if (action === "wait-pair") game = { ...game, isSeeking: seeking !== null };
  if (["wait-pair", "paired", "state"].includes(action)) enter(data, before);
  if (action === "state") sendPending();
  if (action === "error") complain(data);
  if (action === "rematch" && game.next !== null && game.you !== null) follow(game.next);
  if (game.phase === "over") markOver(game.id);
  if (seeking !== null && before.phase === "waiting" && game.reason === "abort") ask({ action: "quick", ...seeking }); // swept
  else if (game.phase === "playing") seeking = null;
  if (before.id === game.id && before.phase !== game.phase) say("");
  render();
});

/// We are in a game: its address is the page's, its token is kept, and a first move is made.
function enter(data, before) {
  const token = data.token ?? intent?.token;
  intent = null;
  keepAsked(null);
  if (token && data.you) keepSeat(data.game_id, token, data.you, data.invite ?? null);
  game = { ...game, invite: game.invite ?? invited(game.id).invite ?? null };
  const path = `/g/${data.game_id}`;
  if (location.pathname !== path) history.pushState(null, "", path);
  if (before.id !== game.id) resetConfirmation();
  if (firstMove === null || game.phase !== "playing") return;
  const cell = firstMove;
  firstMove = null;
  if (isMyTurn(game)) play(cell);
}

/// Both want to play again: our token is good for the next game too.
function follow(next) {
  const token = tokenOf(game.id);
  if (!token) return;
  keepSeat(next, token, game.you === "X" ? "O" : "X");
  open(next);
}

function complain({ code, message }) {
  const asked = intent;
  if (code === "busy" || code === "rate_limited") return say(message);
  if (asked !== null) intent = null;
  keepAsked(null);
  if (code === "bad_token" && asked?.action === "hello") {
    forgetSeat(asked.game_id);
    return open(asked.game_id);
  }
  if (code === "bad_token" && asked?.game_id) {
    goHome();
    return say(message);
  }
  if (asked?.action === "join" && (code === "full" || code === "game_over")) {
    ask({ action: "watch", game_id: asked.game_id });
    return say("That game has its two players. You are watching it.");
  }
  if (code === "no_such_game" && asked?.game_id) {
    forgetSeat(asked.game_id);
    goHome();
    return say(`There is no game ${asked.game_id}.`);
  }
  say(message);
}

// ---- Buttons and addresses. ----

function goHome() {
  if (game.id !== null && connection.state === "open") send({ action: "leave" });
  game = emptyGame(chosenKind());
  intent = firstMove = seeking = null;
  keepAsked(null);
  if (location.pathname !== "/") history.pushState(null, "", "/");
  if (connection.state === "closed") connection.connect();
  say("");
  render();
  lookAround();
}

function resetConfirmation() {
  element("resign").textContent = "Resign";
  element("resign").classList.remove("sure");
}

function resign() {
  const button = element("resign");
  if (button.classList.contains("sure")) {
    resetConfirmation();
    send({ action: "resign" });
    return;
  }
  button.textContent = "Really resign?";
  button.classList.add("sure");
  button.addEventListener("blur", resetConfirmation, { once: true });
}

async function copyLink() {
  const field = element("share-link");
  try {
    if (matchMedia("(pointer: coarse)").matches && navigator.share) await navigator.share({ url: field.value });
    else await navigator.clipboard.writeText(field.value);
    element("copy").textContent = "Copied";
    element("announcer").textContent = "The link is copied.";
  } catch {
    field.select(); // not allowed: it can be copied by hand
  }
  setTimeout(() => (element("copy").textContent = "Copy"), 2000);
}

function joinByNumber(event) {
  event.preventDefault();
  const number = Number(element("join-number").value.trim());
  if (!Number.isInteger(number) || number < 1) {
    say("A game has a number, such as 100.");
    return element("join-number").focus();
  }
  const token = tokenOf(number);
  ask({ action: "join", game_id: number, ...(token && { token }) });
}

function openAddress() {
  const found = /^\/g\/(\d+)$/.exec(location.pathname);
  const text = new URLSearchParams(location.hash.slice(1)).get("invite");
  if (found && text) invite = { game: Number(found[1]), text };
  const id = found ? Number(found[1]) : Number(new URLSearchParams(location.search).get("game"));
  const asked = unanswered();
  if (asked && (id || null) === (asked.game_id ?? null)) comeBackTo(asked);
  else if (id) open(id);
  else if (game.id !== null) goHome();
}

/// The page was left before the answer came: it is asked for again.
function comeBackTo(asked) {
  if (asked.action === "quick") {
    const { action, ...wanted } = asked;
    seeking = wanted;
  }
  ask(asked);
}

/// Offers a draw or an undo, or accepts the other's offer.
function agree(what, offer) {
  send({ action: `${what}-${offer !== null && offer !== game.you ? "accept" : "offer"}` });
}

function talk(event) {
  event.preventDefault();
  const field = element("talk-text");
  const text = field.value.trim();
  if (text && send({ action: "chat", text })) field.value = "";
}

element("invite").addEventListener("click", () => {
  const secrecy = element("private").checked ? { private: true } : {};
  ask({ action: "new", kind: chosenKind(), ...chosenClock(), ...secrecy });
});
element("quick").addEventListener("click", seek);
element("kinds").addEventListener("change", () => {
  if (game.phase === "none") game = emptyGame(chosenKind());
  render();
});
element("draw").addEventListener("click", () => agree("draw", game.drawOffer));
element("undo").addEventListener("click", () => agree("undo", game.undoOffer));
element("decline").addEventListener("click", () => send({ action: game.drawOffer ? "draw-decline" : "undo-decline" }));
element("talk-form").addEventListener("submit", talk);
element("open-list").addEventListener("click", (event) => {
  const id = event.target.dataset?.game;
  if (id) ask({ action: "join", game_id: Number(id) });
});
setInterval(lookAround, kAskAgain);
setInterval(() => {
  showClocks(game);
  warnOfTime();
}, kClockEvery);
element("join-form").addEventListener("submit", joinByNumber);
element("join").addEventListener("click", () => ask({ action: "join", game_id: game.id, ...invited(game.id) }));
element("rematch").addEventListener("click", () => send({ action: "rematch" }));
element("abort").addEventListener("click", () => send({ action: "abort" }));
element("resign").addEventListener("click", resign);
element("home").addEventListener("click", goHome);
element("copy").addEventListener("click", copyLink);
element("take-over").addEventListener("click", () => connection.connect());
element("brand").addEventListener("click", (event) => {
  event.preventDefault();
  goHome();
});
element("recent-list").addEventListener("click", (event) => {
  const id = event.target.dataset?.game;
  if (!id || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  open(Number(id));
});
addEventListener("popstate", openAddress);

openAddress();
connection.connect();
render();
