// Packages and games are searched as one types. The server makes the page either way: this fetches it, and puts its results in the
// place of those that are shown. Without JavaScript, the form does the same.

const form = document.getElementById("package-search");
const input = document.getElementById("q");
const results = document.getElementById("results");
const PAUSE = 120; // Milliseconds without a key, before the server is asked.

let timer = 0;
let asked = null;

function address() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value) fields.set(name, value);
  }
  const query = fields.toString();
  const path = new URL(form.action).pathname;
  return query ? `${path}?${query}` : path;
}

async function show() {
  const wanted = address();
  asked?.abort();
  asked = new AbortController();
  results.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(wanted, { signal: asked.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const found = page.getElementById("results");
    if (!response.ok || !found) throw new Error(`the server answered ${response.status}`);
    results.replaceChildren(...found.childNodes);
    history.replaceState(null, "", wanted);
  } catch (error) {
    if (error.name === "AbortError") return;
    const status = results.querySelector("[role=status]");
    if (status) status.textContent = "No answer: check the connection, then type on.";
  }
  results.removeAttribute("aria-busy");
}

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  show();
});
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    input.focus();
    input.select();
  }
});
