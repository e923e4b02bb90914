// A finished game, stepped through without loading each page anew: arrow keys, Home and End, and the same links as without
// scripts. The server makes every position; this puts it in the place of the one that is shown.

const replay = document.getElementById("replay");
const kSteps = { ArrowLeft: "step-previous", ArrowRight: "step-next", Home: "step-first", End: "step-last" };

let asked = null;

/// Shows the position at `address`. What had the focus keeps it.
async function show(address) {
  asked?.abort();
  asked = new AbortController();
  try {
    const response = await fetch(address, { signal: asked.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.getElementById("replay");
    if (!response.ok || !found) throw new Error(`the server answered ${response.status}`);
    const focused = document.activeElement?.id;
    for (const part of [".replay-board svg", ".replay-text", ".replay-steps", ".replay-moves ol"]) {
      const after = found.querySelector(part);
      if (after) replay.querySelector(part)?.replaceWith(after);
    }
    // Its text alone is changed, so that screen readers say it.
    document.getElementById("replay-words").textContent = found.querySelector("#replay-words").textContent;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    const list = replay.querySelector(".replay-moves ol");
    const current = list?.querySelector("[aria-current]");
    if (current) list.scrollTop = current.offsetTop - list.clientHeight / 2;
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
  }
}

replay.addEventListener("click", (event) => {
  const link = event.target.closest(".replay-steps a[href], .replay-moves a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  show(link.getAttribute("href"));
});

document.addEventListener("keydown", (event) => {
  const step = kSteps[event.key];
  if (!step || event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  const address = document.getElementById(step).getAttribute("href");
  if (address) show(address);
});
