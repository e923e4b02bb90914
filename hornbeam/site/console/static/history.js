// What was run, kept in this browser.

const kHistory = "hornbeam.console.history";
const kText = "hornbeam.console.text";
const kMost = 100;

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // No storage, or not ours.
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: the console works without.
  }
}

/// The newest first: [{ method, path, body, status }].
export function history() {
  const kept = read(kHistory);
  return Array.isArray(kept) ? kept.filter((each) => typeof each?.path === "string") : [];
}

/// Adds a request; one that is there already moves to the front.
export function remember({ method, path, body }, status) {
  const same = (each) => each.method === method && each.path === path && each.body === body;
  write(kHistory, [{ method, path, body, status }, ...history().filter((each) => !same(each))].slice(0, kMost));
}

export function forget() {
  write(kHistory, []);
}

/// The editor's text as it was left; null if there is none.
export function keptText() {
  const text = read(kText);
  return typeof text === "string" && text.trim() !== "" ? text : null;
}

export function keepText(text) {
  write(kText, text);
}
