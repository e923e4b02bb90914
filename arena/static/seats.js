// Which seats are ours: a token for each game, kept in this browser.

const kKey = "arena.seats";
const kMost = 50;

function read() {
  try {
    return JSON.parse(localStorage.getItem(kKey)) ?? {};
  } catch {
    return {}; // no storage, or something else wrote there: we then are nobody
  }
}

function write(seats) {
  const newest = Object.entries(seats).sort((a, b) => b[1].at - a[1].at).slice(0, kMost);
  try {
    localStorage.setItem(kKey, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // A private window without storage: the seat is good until the page is closed.
  }
}

/// A token for a seat that we are about to ask for. It is ours before anything is sent: if the answer gets lost, the
/// same question with the same token leads to the same seat.
export function newToken() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const kAsked = "arena.asked";

/// Keeps what we ask for until it is answered, over a reload too; null forgets it.
export function keepAsked(message) {
  try {
    if (message === null) sessionStorage.removeItem(kAsked);
    else sessionStorage.setItem(kAsked, JSON.stringify(message));
  } catch {
    // No storage: the question is good until the page is closed.
  }
}

/// What was asked for and not answered when the page was left, or null.
export function unanswered() {
  try {
    return JSON.parse(sessionStorage.getItem(kAsked));
  } catch {
    return null;
  }
}

/// The token of our seat in `game`, or undefined.
export function tokenOf(game) {
  return read()[game]?.token;
}

export function keepSeat(game, token, you, invite = null) {
  const kept = invite ?? inviteTo(game);
  write({ ...read(), [game]: { token, you, at: Date.now(), over: false, ...(kept && { invite: kept }) } });
}

/// What others are invited with to a private game of ours, or null.
export function inviteTo(game) {
  return read()[game]?.invite ?? null;
}

export function forgetSeat(game) {
  const seats = read();
  delete seats[game];
  write(seats);
}

export function markOver(game) {
  const seats = read();
  if (!seats[game] || seats[game].over) return;
  seats[game].over = true;
  write(seats);
}

/// Games that still go on, the latest first: [{ game, you }].
export function openGames() {
  return Object.entries(read())
    .filter(([, seat]) => !seat.over)
    .sort((a, b) => b[1].at - a[1].at)
    .map(([game, seat]) => ({ game: Number(game), you: seat.you }));
}
