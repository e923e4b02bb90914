// A page of a manual: the way back to the results it was found in, and "/" to search.

const back = document.getElementById("back");
if (document.referrer !== "") {
  const from = new URL(document.referrer);
  if (from.origin === location.origin && from.pathname === "/docs") back.href = from.pathname + from.search;
}

// On a phone the contents would push the text out of sight.
if (matchMedia("(max-width: 52rem)").matches) document.querySelector(".contents details")?.removeAttribute("open");

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  if (event.key === "/" || event.key === "Escape") {
    event.preventDefault();
    location.href = back.href;
  }
});
