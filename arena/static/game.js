// What we know of one game, and how messages change it. No page, no socket: only this.

const kLines = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]];

export function emptyGame() {
  return {
    id: null, seq: -1, board: ".".repeat(9), turn: null, you: null, bot: null,
    phase: "none", // none, waiting, playing, over
    winner: null, reason: null, offers: [], next: null, last: null, moves: 0,
    presence: { X: false, O: false, watchers: 0 },
    pending: null, // our move on its way: { cell, cid }
  };
}

export function cellOf(move) {
  const [row, col] = move.split(",").map(Number);
  return 3 * row + col;
}
export function moveOf(cell) {
  return `${Math.floor(cell / 3)},${cell % 3}`;
}

/// The three cells that decided the game, or [].
export function winningLine(board) {
  return kLines.find(([a, b, c]) => board[a] !== "." && board[a] === board[b] && board[b] === board[c]) ?? [];
}

/// True if `message` is about another game, or tells of an event that we know already.
function isOld(game, data) {
  return data.game_id !== game.id || data.seq < game.seq;
}

/// True if events are missing between what we know and `message`: ask for the state then.
export function hasGap(game, { action, data }) {
  if (!["move", "opp-move", "end", "rematch"].includes(action) || data.game_id !== game.id) return false;
  return data.seq > game.seq + 1;
}

function stand(game, data) {
  return {
    ...game, seq: data.seq, board: data.board, turn: data.turn,
    moves: [...data.board].filter((mark) => mark !== ".").length,
    pending: settle(game.pending, data, game.you),
  };
}

/// Our move has arrived, or no longer can.
function settle(pending, { board, turn }, you) {
  if (!pending || board[pending.cell] !== "." || turn !== you) return null;
  return pending;
}

/// The game after `message`.
export function apply(game, { action, data }) {
  switch (action) {
    case "wait-pair":
      return { ...stand({ ...emptyGame(), id: data.game_id }, data), you: data.you, phase: "waiting" };
    case "paired": {
      const before = data.game_id === game.id ? game : { ...emptyGame(), id: data.game_id };
      return { ...stand(before, data), you: data.you, bot: data.bot ?? null, phase: "playing" };
    }
    case "move":
    case "opp-move": {
      if (isOld(game, data)) return game;
      return { ...stand(game, data), last: data.move ? cellOf(data.move) : game.last };
    }
    case "end":
      if (isOld(game, data)) return game;
      return { ...stand(game, data), phase: "over", winner: data.winner, reason: data.reason, pending: null };
    case "state": {
      const moves = data.events.filter((event) => event.kind === "move");
      const before = data.game_id === game.id ? game : { ...emptyGame(), id: data.game_id };
      return {
        ...stand({ ...before, you: data.you }, data),
        phase: data.phase, bot: data.bot ?? null, presence: data.presence,
        winner: data.winner ?? null, reason: data.reason ?? null, offers: data.offers ?? [], next: data.next ?? null,
        last: moves.length > 0 ? cellOf(moves.at(-1).move) : before.last,
      };
    }
    case "presence":
      return data.game_id === game.id ? { ...game, presence: data.presence } : game;
    case "rematch":
      return isOld(game, data) ? game : { ...game, seq: data.seq, offers: data.offers, next: data.next };
    case "ack":
      return data.cid === game.pending?.cid ? { ...game, pending: null } : game;
    case "error":
      return data.cid && data.cid === game.pending?.cid ? { ...game, pending: null } : game;
    default:
      return game;
  }
}

/// The board as it is shown: with our move that is still on its way.
export function shownBoard(game) {
  if (!game.pending) return game.board;
  return game.board.slice(0, game.pending.cell) + game.you + game.board.slice(game.pending.cell + 1);
}

export function isMyTurn(game) {
  return game.phase === "playing" && game.you !== null && game.turn === game.you && !game.pending;
}
