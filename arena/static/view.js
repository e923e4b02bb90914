// The page for a game: words, buttons, who is there. Reads the game, changes the page, decides nothing.

import { isMyTurn, kShapes, shapeOf, shownBoard, timeLeft, winningLine } from "./game.js";
import { openGames } from "./seats.js";

export const element = (id) => document.getElementById(id);

function other(seat) {
  return seat === "X" ? "O" : "X";
}

function opponentName(game) {
  if (game.bot === other(game.you)) return "the computer";
  if (!game.isOpen) return "your friend";
  return game.cards[other(game.you)]?.name ?? "your opponent";
}

/// "Your friend" as the first words of a sentence.
function opponentFirst(game) {
  return capital(opponentName(game));
}

function aim(game) {
  return shapeOf(game.board).aim;
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function nameOf(game, seat) {
  if (seat === game.you) return "You";
  if (seat === game.bot) return "Computer";
  const name = game.cards[seat]?.name;
  if (name) return name;
  return !game.you ? seat : game.isOpen ? "Opponent" : "Friend";
}

function overWords(game) {
  const nobody = { headline: "Game aborted.", detail: "Nobody wins." };
  if (game.reason === "abort") return nobody;
  if (game.reason === "agreed") return { headline: "A draw.", detail: "Both agreed to it." };
  if (game.reason === "draw") return { headline: "A draw.", detail: "Every cell is taken." };
  if (game.reason === "time") return timeWords(game);
  const byResigning = game.reason === "resign";
  if (!game.you) {
    return { headline: `${game.winner} wins.`, detail: byResigning ? `${other(game.winner)} resigned.` : `${aim(game)}.` };
  }
  if (game.winner === game.you) {
    return { headline: "You win.", detail: byResigning ? `${opponentFirst(game)} resigned.` : `${aim(game)}.` };
  }
  return { headline: `${opponentFirst(game)} wins.`, detail: byResigning ? "You resigned." : `${aim(game)}, this time not yours.` };
}

function timeWords(game) {
  if (!game.you) return { headline: `${game.winner} wins.`, detail: `${other(game.winner)} ran out of time.` };
  if (game.winner === game.you) return { headline: "You win.", detail: `${opponentFirst(game)} ran out of time.` };
  return { headline: `${opponentFirst(game)} wins.`, detail: "Your time is up." };
}

function playingWords(game) {
  if (!game.you) return { headline: `${game.turn} to move.`, detail: "You are watching." };
  if (game.pending || game.turn !== game.you) {
    const away = game.bot === null && !game.presence[other(game.you)];
    return {
      headline: `${opponentFirst(game)}'s turn.`,
      // Never empty: the board would jump with every turn.
      detail: away ? `${opponentFirst(game)} is not connected just now. The game waits.` : `You are ${game.you}.`,
    };
  }
  return { headline: "Your turn.", detail: `You are ${game.you}.` };
}

function waitingWords(game) {
  if (game.isSeeking || (game.you && game.isOpen)) return { headline: "Looking for an opponent.", detail: "The game begins when somebody comes." };
  if (game.you) return { headline: "Waiting for your friend.", detail: "The game begins when they open it." };
  return { headline: "A seat is free.", detail: "Someone is waiting for an opponent." };
}

/// What stands in large letters, and the line below.
export function words(game) {
  switch (game.phase) {
    case "waiting": return waitingWords(game);
    case "playing": return playingWords(game);
    case "over": return overWords(game);
    default: return { headline: `${aim(game)}.`, detail: "Make a move to play the computer, or invite a friend." };
  }
}

/// Such as "2:05", "9.4" when it gets short, "1 day 3 h" where there is much.
function clockWords(left) {
  const tenths = Math.floor(left / 100);
  if (tenths < 100) return (tenths / 10).toFixed(1);
  const seconds = Math.ceil(left / 1000);
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  if (hours >= 3) return `${hours} h`;
  const pad = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return hours > 0 ? `${hours}:${pad(minutes % 60)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/// Shows the time as it runs down.
export function showClocks(game) {
  for (const item of element("players").children) {
    const clock = item.querySelector(".clock");
    const left = timeLeft(game, item.dataset.seat);
    clock.hidden = left === null || game.phase === "none";
    if (left === null) continue;
    clock.textContent = clockWords(left);
    clock.classList.toggle("short", left < 10_000 && game.phase === "playing");
    clock.classList.toggle("running", game.clocks.running === item.dataset.seat && game.phase === "playing");
  }
}

/// Such as "180+2" in words.
function clockName(clock) {
  const [base, more] = clock.split("+");
  const begins = Number(base) % 60 === 0 ? `${Number(base) / 60} min` : `${base} s`;
  if (more !== undefined) return `${begins}${Number(more) ? ` + ${more} s` : ""}`;
  const seconds = Number(clock.split("/")[0]);
  return seconds >= 86_400 ? `${seconds / 86_400} day${seconds >= 172_800 ? "s" : ""} a move` : `${seconds} s a move`;
}

/// Such as "1512", "1500?" of one who has played little, "1512 +12" after a rated game.
function ratingOf(card) {
  if (!card) return "";
  const change = card.change === undefined ? "" : ` ${card.change < 0 ? "−" : "+"}${Math.abs(card.change)}`;
  return `${card.rating}${card.provisional ? "?" : ""}${change}`;
}

function showPlayers(game) {
  element("players").hidden = game.phase === "none";
  for (const item of element("players").children) {
    const seat = item.dataset.seat;
    const isThere = game.presence[seat] || seat === game.you || seat === game.bot;
    const isTaken = game.phase !== "waiting" || seat === game.you || game.presence[seat];
    const isAway = isTaken && !isThere && game.phase === "playing";
    item.classList.toggle("turn", game.phase === "playing" && game.turn === seat);
    item.classList.toggle("away", isAway);
    item.querySelector(".name").textContent = isTaken ? nameOf(game, seat) : "Free seat";
    item.querySelector(".presence").textContent = isAway ? "away" : "";
    item.querySelector(".rating").textContent = isTaken ? ratingOf(game.cards[seat]) : "";
  }
}

function showRematch(game) {
  const button = element("rematch");
  button.hidden = game.phase !== "over" || !game.you || game.reason === "abort" || game.next !== null;
  const mine = game.offers.includes(game.you);
  button.disabled = mine;
  const theirs = game.you !== null && game.offers.includes(other(game.you));
  button.textContent = mine ? "Waiting for an answer" : theirs ? "Accept the rematch" : "Rematch";
  return theirs && !mine && game.next === null;
}

function showRecent(game) {
  const games = openGames().slice(0, 4);
  element("recent").hidden = game.phase !== "none" || games.length === 0;
  element("recent-list").replaceChildren(...games.map(({ game: id, you }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = `/g/${id}`;
    link.dataset.game = id;
    link.textContent = `Game ${id}, as ${you}`;
    item.append(link);
    return item;
  }));
}

/// Draw and undo: offers of ours that wait, and answers to theirs.
function showOffers(game, isTakenOver) {
  const plays = !isTakenOver && game.you !== null && game.phase === "playing";
  const theirs = other(game.you);
  const set = (id, offer, words, isUseful) => {
    const button = element(id);
    button.hidden = !plays || !(isUseful || offer);
    button.disabled = offer === game.you;
    button.textContent = offer === game.you ? words.asked : offer === theirs ? words.accept : words.offer;
    button.classList.toggle("sure", offer === theirs);
  };
  const draw = { offer: "Offer a draw", asked: "Draw offered", accept: "Accept the draw" };
  const undo = { offer: "Take back", asked: "Asked to take back", accept: "Let them take back" };
  set("draw", game.drawOffer, draw, game.bot === null && game.moves >= 2);
  set("undo", game.undoOffer, undo, game.moves > 0 && !game.pending);
  element("decline").hidden = !plays || ![game.drawOffer, game.undoOffer].includes(theirs);
}

function showTalk(game) {
  const isPlayer = game.you !== null && game.bot === null && game.phase !== "waiting";
  element("talk").hidden = game.phase === "none" || (!isPlayer && game.chat.length === 0);
  element("talk-form").hidden = !isPlayer;
  const list = element("talk-lines");
  if (Number(list.dataset.game) !== game.id) list.replaceChildren();
  list.dataset.game = game.id;
  const shown = Number(list.lastElementChild?.dataset.n ?? 0);
  for (const { n, by, text } of game.chat) {
    if (n <= shown) continue;
    const item = document.createElement("p");
    const name = document.createElement("b");
    item.dataset.n = n;
    name.textContent = `${nameOf(game, by)}: `;
    item.append(name, text);
    list.append(item);
    list.scrollTop = list.scrollHeight;
  }
}

function showOpenGames(game, openGames) {
  element("open-games").hidden = game.phase !== "none" || openGames.length === 0;
  const wanted = openGames.map(({ game_id: id }) => id).join();
  if (element("open-list").dataset.shown === wanted) return; // what has the focus keeps it
  element("open-list").dataset.shown = wanted;
  element("open-list").replaceChildren(...openGames.map(({ game_id: id, kind, side, clock, rating }) => {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.dataset.game = id;
    button.textContent = `${kShapes.find((shape) => shape.kind === kind)?.name ?? kind}, as ${side}${clock ? `, ${clockName(clock)}` : ""}${rating ? `, ${rating}` : ""}`;
    item.append(button);
    return item;
  }));
}

function showButtons(game, isTakenOver) {
  const isPlayer = game.you !== null;
  element("take-over").hidden = !isTakenOver;
  element("join").hidden = isTakenOver || game.phase !== "waiting" || isPlayer;
  element("abort").hidden = isTakenOver || !isPlayer || game.phase === "over" || game.moves >= 2;
  element("abort").textContent = game.phase === "waiting" ? "Cancel" : "Abort";
  element("resign").hidden = isTakenOver || !isPlayer || game.phase !== "playing" || game.moves < 2;
  element("home").hidden = game.phase !== "over" && isPlayer && !isTakenOver;
  if (game.phase === "none") for (const button of element("actions").children) button.hidden = true;
}

function showWatchers(game) {
  const isOne = game.you === null;
  const others = game.presence.watchers - (isOne ? 1 : 0);
  element("watchers").hidden = game.phase === "none" || others <= 0;
  element("watchers").textContent = `${others} ${isOne ? "more " : ""}${others === 1 ? "person is" : "people are"} watching.`;
}

function showReplay(game) {
  element("replay").hidden = game.phase !== "over";
  element("replay").href = `/games/${game.id}${game.invite ? `?invite=${game.invite}` : ""}`;
}

function showShare(game) {
  element("share").hidden = !(game.phase === "waiting" && game.you) || game.isSeeking || game.isOpen;
  element("share-link").value = `${location.origin}/g/${game.id}${game.invite ? `#invite=${game.invite}` : ""}`;
  element("share-by-number").hidden = game.invite !== null;
  element("share-number").textContent = game.id ?? "";
}

/// Shows everything. `isTakenOver`: our seat is open in another window.
export function show(game, board, { isTakenOver, openGames }) {
  const { headline, detail } = words(game);
  const wantsRematch = showRematch(game);
  element("headline").textContent = isTakenOver ? "Playing elsewhere." : headline;
  element("detail").textContent = isTakenOver ? "This seat is open in another window."
    : wantsRematch ? `${opponentFirst(game)} would like to play again.` : detail;
  element("eyebrow").textContent = game.id === null ? shapeOf(game.board).name : `${shapeOf(game.board).name}, game ${game.id}${game.clock ? `, ${clockName(game.clock)}` : ""}${game.isRated ? ", rated" : ""}`;
  element("best").textContent = shapeOf(game.board).kind === "tic-tac-toe" ? "perfectly" : "as well as it can";
  element("start").hidden = game.phase !== "none";
  showWatchers(game);
  showClocks(game);
  showPlayers(game);
  showButtons(game, isTakenOver);
  showOffers(game, isTakenOver);
  showTalk(game);
  showOpenGames(game, openGames);
  showRecent(game);
  showShare(game);
  showReplay(game);
  const isHome = game.phase === "none";
  board.setShape(shapeOf(game.board));
  board.show({
    marks: shownBoard(game),
    line: game.phase === "over" ? winningLine(game.board) : [],
    pending: game.pending?.cell ?? null,
    last: game.phase === "playing" ? game.last : null,
    mine: !isTakenOver && (isHome || isMyTurn(game)),
    hint: isHome ? "X" : game.you,
    isAsleep: game.phase === "waiting",
  });
  document.title = isHome ? "Hornbeam Arena" : `${headline.replace(/\.$/, "")} · Arena`;
}
