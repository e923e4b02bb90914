// A page of results that follows what is typed. Without this module the form works as any form; the server renders the
// results either way. Marks in the markup say what belongs to it: form[data-results], #results, #said, [data-refresh].

const kPause = 60; // milliseconds after a key, so that a fast typist asks once
const kPatience = 8_000; // milliseconds until an answer counts as lost

const form = document.querySelector("form[data-results]");
const box = form.querySelector("input[type=search]");
const results = document.getElementById("results");
const said = document.getElementById("said");
let asked = null; // the AbortController of the request under way
let timer = 0;
let refresh = 0;

function parameters() {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value !== "") values.set(name, value);
  return values;
}

function say(text) {
  said.textContent = text;
}

function showFailure() {
  const nothing = document.createElement("div");
  nothing.className = "nothing";
  nothing.setAttribute("role", "alert");
  nothing.innerHTML = "<h2>The server does not answer</h2><p>What you typed is kept. <a href=''>Try again</a></p>";
  nothing.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    ask(new URLSearchParams(location.search));
  });
  results.replaceChildren(nothing);
}

function scheduleRefresh() {
  clearTimeout(refresh);
  const wanted = results.querySelector("[data-refresh]");
  if (wanted === null) return;
  refresh = setTimeout(() => {
    // Not under the hands of who is choosing.
    if (results.contains(document.activeElement)) return scheduleRefresh();
    ask(new URLSearchParams(location.search), { isQuiet: true });
  }, Number(wanted.dataset.refresh));
}

async function ask(values, { isQuiet = false } = {}) {
  asked?.abort();
  const control = new AbortController();
  asked = control;
  const late = setTimeout(() => control.abort("late"), kPatience);
  results.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(`${form.dataset.results}?${values}`, { signal: control.signal });
    if (response.status !== 200 && response.status !== 503) throw new Error(`status ${response.status}`);
    const markup = await response.text();
    if (asked !== control) return;
    results.innerHTML = markup;
    const total = results.querySelector("#total");
    if (!isQuiet && total !== null) {
      const correction = results.querySelector("#correction");
      say(total.textContent.trim() + (correction === null ? "" : `. Did you mean ${correction.textContent}?`));
    }
  } catch (error) {
    if (asked !== control) return; // a later question has taken its place
    showFailure();
  } finally {
    clearTimeout(late);
    if (asked === control) {
      results.removeAttribute("aria-busy");
      scheduleRefresh();
    }
  }
}

/// Shows what an address of this page stands for, and has it in the address bar.
function go(values, { isNew = false } = {}) {
  const address = `${form.getAttribute("action")}${values.size === 0 ? "" : `?${values}`}`;
  history[isNew ? "pushState" : "replaceState"](null, "", address);
  ask(values);
}

function typed() {
  clearTimeout(timer);
  timer = setTimeout(() => go(parameters()), kPause);
}

/// Takes over the choices that an address has.
function adopt(values) {
  for (const each of form.querySelectorAll("input[type=hidden]")) each.remove();
  for (const [name, value] of values) {
    if (name === "q" || name === "page") continue;
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  box.value = values.get("q") ?? "";
}

box.addEventListener("input", typed);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  go(parameters(), { isNew: true });
});
results.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const address = new URL(link.href);
  if (address.pathname !== form.getAttribute("action") || link.getAttribute("href") === "") return;
  event.preventDefault();
  adopt(address.searchParams);
  go(address.searchParams, { isNew: true });
  if (link.closest(".pages") !== null) {
    scrollTo({ top: 0 });
  }
  box.focus({ preventScroll: true });
});
addEventListener("popstate", () => {
  const values = new URLSearchParams(location.search);
  adopt(values);
  ask(values);
});

/// Arrows go through the results, from the box on.
function move(by) {
  const links = [...results.querySelectorAll(".open")];
  const at = links.indexOf(document.activeElement);
  const next = at + by;
  if (next < 0) return box.focus();
  links[Math.min(next, links.length - 1)]?.focus();
}

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target.matches("input, textarea, select");
  if (event.key === "/" && !isTyping) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "Escape") {
    event.preventDefault();
    if (document.activeElement === box && box.value !== "") {
      box.value = "";
      typed();
    }
    box.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (document.activeElement !== box && !document.activeElement.matches(".open")) return;
    event.preventDefault();
    move(event.key === "ArrowDown" ? 1 : -1);
  }
});

scheduleRefresh();
