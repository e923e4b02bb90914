// What we know of one game, and how messages change it. No page, no socket: only this.

/// The games that the page can show. A board tells by its number of cells what is played.
export const kShapes = [
  { kind: "tic-tac-toe", name: "Tic-tac-toe", aim: "Three in a row", rows: 3, cols: 3, line: 3, falls: false },
  { kind: "connect-four", name: "Connect Four", aim: "Four in a row", rows: 6, cols: 7, line: 4, falls: true },
  { kind: "gomoku", name: "Gomoku", aim: "Five in a row", rows: 15, cols: 15, line: 5, falls: false },
];

export function shapeOf(board) {
  return kShapes.find(({ rows, cols }) => rows * cols === board.length) ?? kShapes[0];
}

export function emptyGame(kind = kShapes[0].kind) {
  const { rows, cols } = kShapes.find((shape) => shape.kind === kind) ?? kShapes[0];
  return {
    id: null, seq: -1, board: ".".repeat(rows * cols), turn: null, you: null, bot: null,
    phase: "none", // none, waiting, playing, over
    winner: null, reason: null, offers: [], next: null, last: null, moves: 0,
    presence: { X: false, O: false, watchers: 0 },
    drawOffer: null, undoOffer: null, // the seat that waits for an answer
    chat: [], // what was said: { n, by, text }
    isSeeking: false, // waiting for anyone, not for a friend
    isOpen: false, // anyone could join: the other is no friend
    isRated: false,
    clock: null, // "180+2", or null where time does not matter
    clocks: null, // { X, O, running, at }: milliseconds left at that time of this page's own
    invite: null, // what a private game is entered with
    cards: {}, // who plays, by seat: { id, name, rating, provisional, change }
    pending: null, // our move on its way: { cell, cid }
  };
}

/// The cell that `move` has marked on `board`.
export function cellOf(move, board) {
  const { rows, cols, falls } = shapeOf(board);
  const [row, col] = move.split(",").map(Number);
  if (!falls) return cols * row + col;
  let cell = row; // The one number is a column: its highest mark.
  while (cell < cols * (rows - 1) && board[cell] === ".") cell += cols;
  return cell;
}
export function moveOf(cell, board) {
  const { cols, falls } = shapeOf(board);
  return falls ? `${cell % cols}` : `${Math.floor(cell / cols)},${cell % cols}`;
}

/// Where a mark put at `cell` comes to lie; a taken cell if its column is full.
export function landing(board, cell) {
  const { rows, cols, falls } = shapeOf(board);
  if (!falls) return cell;
  let lowest = cell % cols;
  while (lowest + cols < rows * cols && board[lowest + cols] === ".") lowest += cols;
  return lowest;
}

/// The cells that decided the game, or [].
export function winningLine(board) {
  const { rows, cols, line } = shapeOf(board);
  for (let start = 0; start < board.length; ++start) {
    if (board[start] === ".") continue;
    for (const [down, right] of [[0, 1], [1, 0], [1, 1], [1, -1]]) {
      const cells = [];
      for (let row = Math.floor(start / cols), col = start % cols;
        row < rows && col >= 0 && col < cols && board[cols * row + col] === board[start];
        row += down, col += right) cells.push(cols * row + col);
      if (cells.length >= line) return cells;
    }
  }
  return [];
}

/// True if `message` is about another game, or tells of an event that we know already.
function isOld(game, data) {
  return data.game_id !== game.id || data.seq < game.seq;
}

/// True if events are missing between what we know and `message`: ask for the state then.
export function hasGap(game, { action, data }) {
  if (!["move", "opp-move", "end", "rematch", "draw", "undo", "clocks"].includes(action) || data.game_id !== game.id) return false;
  return data.seq > game.seq + 1;
}

function stand(game, data) {
  return {
    ...game, seq: data.seq, board: data.board, turn: data.turn,
    clocks: data.clocks ? { ...data.clocks, at: performance.now() } : game.clocks,
    moves: [...data.board].filter((mark) => mark !== ".").length,
    pending: settle(game.pending, data, game.you),
  };
}

/// Who plays, and how the two met.
function company(data) {
  return { clock: data.clock ?? null, isOpen: data.open ?? false, isRated: data.rated ?? false, cards: data.players ?? {} };
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
      return {
        ...stand({ ...emptyGame(), id: data.game_id }, data),
        you: data.you, phase: "waiting", clock: data.clock ?? null, invite: data.invite ?? null,
      };
    case "paired": {
      const before = data.game_id === game.id ? game : { ...emptyGame(), id: data.game_id };
      return { ...stand(before, data), you: data.you, bot: data.bot ?? null, phase: "playing", ...company(data) };
    }
    case "move":
    case "opp-move": {
      if (isOld(game, data)) return game;
      const last = data.move ? cellOf(data.move, data.board) : game.last;
      return { ...stand(game, data), last, drawOffer: null, undoOffer: null };
    }
    case "draw":
      if (isOld(game, data)) return game;
      return { ...stand(game, data), drawOffer: data.state === "offered" ? data.by : null };
    case "undo": {
      if (isOld(game, data)) return game;
      const after = { ...stand(game, data), undoOffer: data.state === "offered" ? data.by : null };
      return data.state === "accepted" ? { ...after, last: null, drawOffer: null } : after;
    }
    case "chat": {
      if (data.game_id !== game.id) return game;
      const known = game.chat.at(-1)?.n ?? 0;
      return { ...game, chat: [...game.chat, ...data.lines.filter(({ n }) => n > known)] };
    }
    case "end":
      if (isOld(game, data)) return game;
      return { ...stand(game, data), phase: "over", winner: data.winner, reason: data.reason, pending: null };
    case "state": {
      const latest = data.events.filter(({ kind }) => kind === "move" || kind === "undo").at(-1);
      const before = data.game_id === game.id ? game : { ...emptyGame(), id: data.game_id };
      return {
        ...stand({ ...before, you: data.you }, data),
        phase: data.phase, bot: data.bot ?? null, presence: data.presence, ...company(data),
        winner: data.winner ?? null, reason: data.reason ?? null, offers: data.offers ?? [], next: data.next ?? null,
        drawOffer: data.draw_offer ?? null, undoOffer: data.undo_offer ?? null,
        last: latest ? (latest.move ? cellOf(latest.move, data.board) : null) : before.last,
      };
    }
    case "clocks":
      return isOld(game, data) ? game : stand(game, data);
    case "players":
      return data.game_id === game.id ? { ...game, cards: data.players } : game;
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

/// What `seat` has left now, in milliseconds; null without a clock.
export function timeLeft(game, seat) {
  if (!game.clocks) return null;
  const spent = game.clocks.running === seat && game.phase === "playing" ? performance.now() - game.clocks.at : 0;
  return Math.max(0, game.clocks[seat] - spent);
}

/// The board as it is shown: with our move that is still on its way.
export function shownBoard(game) {
  if (!game.pending) return game.board;
  return game.board.slice(0, game.pending.cell) + game.you + game.board.slice(game.pending.cell + 1);
}

export function isMyTurn(game) {
  return game.phase === "playing" && game.you !== null && game.turn === game.you && !game.pending;
}
