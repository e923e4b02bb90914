// The board: nine buttons in a grid, one of them in the tab order, arrow keys between them.

const kSvg = "http://www.w3.org/2000/svg";
const kSteps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Board {
  #root;
  #cells = [];
  #onPlay;

  /// `onPlay(cell)` is called for every cell that is chosen, free or not.
  constructor(root, onPlay) {
    this.#root = root;
    this.#onPlay = onPlay;
    for (let row = 0; row < 3; ++row) {
      const line = document.createElement("div");
      line.className = "row";
      line.setAttribute("role", "row");
      for (let col = 0; col < 3; ++col) line.append(this.#makeCell(row, col));
      root.append(line);
    }
    this.#cells[4].tabIndex = 0;
    root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #makeCell(row, col) {
    const index = this.#cells.length;
    const cell = document.createElement("button");
    cell.type = "button";
    cell.className = "cell";
    cell.tabIndex = -1;
    cell.setAttribute("role", "gridcell");
    const drawing = document.createElementNS(kSvg, "svg");
    drawing.setAttribute("viewBox", "-50 -50 100 100");
    drawing.setAttribute("aria-hidden", "true");
    drawing.append(document.createElementNS(kSvg, "use"));
    cell.append(drawing);
    cell.addEventListener("click", () => this.#onPlay(index));
    cell.addEventListener("focus", () => this.#makeCurrent(cell));
    cell.dataset.place = `Row ${row + 1}, column ${col + 1}`;
    this.#cells.push(cell);
    return cell;
  }

  #makeCurrent(current) {
    for (const cell of this.#cells) cell.tabIndex = cell === current ? 0 : -1;
  }

  #onKey(event) {
    const step = kSteps[event.key];
    const at = this.#cells.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    const row = (Math.floor(at / 3) + step[0] + 3) % 3;
    const col = (at % 3 + step[1] + 3) % 3;
    this.#cells[3 * row + col].focus();
  }

  /// Shows `marks` (nine characters). `mine`: a click would be a move, with the mark `hint`.
  show({ marks, line, pending, last, mine, hint, isAsleep }) {
    this.#root.classList.toggle("mine", mine);
    this.#root.classList.toggle("decided", line.length > 0);
    this.#root.classList.toggle("asleep", isAsleep);
    this.#cells.forEach((cell, index) => {
      const mark = marks[index];
      const isFree = mark === ".";
      const shown = isFree ? (mine ? hint : null) : mark;
      const use = cell.firstChild.firstChild;
      if (shown) use.setAttribute("href", `#mark-${shown}`);
      else use.removeAttribute("href");
      cell.classList.toggle("free", isFree);
      cell.classList.toggle("taken", !isFree);
      cell.classList.toggle("pending", index === pending);
      cell.classList.toggle("last", index === last && line.length === 0);
      cell.classList.toggle("line", line.includes(index));
      cell.setAttribute("aria-label", `${cell.dataset.place}, ${isFree ? "empty" : mark}`);
      cell.setAttribute("aria-disabled", String(!mine || !isFree));
    });
  }

  /// A small shake: that cell cannot be played.
  refuse(index) {
    const cell = this.#cells[index];
    cell.classList.remove("refused");
    void cell.offsetWidth; // starts the animation anew
    cell.classList.add("refused");
  }

  focus() {
    (this.#cells.find((cell) => cell.tabIndex === 0) ?? this.#cells[4]).focus();
  }
}
