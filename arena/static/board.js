// The board: buttons in a grid, one of them in the tab order, arrow keys between them.

import { landing } from "./game.js";

const kSvg = "http://www.w3.org/2000/svg";
const kSteps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Board {
  #root;
  #cells = [];
  #shape = null;
  #onPlay;

  /// `onPlay(cell)` is called for every cell that is chosen, free or not.
  constructor(root, onPlay) {
    this.#root = root;
    this.#onPlay = onPlay;
    root.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /// Makes the cells anew if another game is shown than before.
  setShape(shape) {
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#cells = [];
    for (const line of this.#root.querySelectorAll(".row")) line.remove();
    for (let row = 0; row < shape.rows; ++row) {
      const line = document.createElement("div");
      line.className = "row";
      line.setAttribute("role", "row");
      for (let col = 0; col < shape.cols; ++col) line.append(this.#makeCell(row, col));
      this.#root.append(line);
    }
    this.#cells[Math.floor(this.#cells.length / 2)].tabIndex = 0;
    this.#root.dataset.kind = shape.kind;
    this.#root.setAttribute("aria-label", `${shape.name} board`);
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
    const { rows, cols } = this.#shape;
    const row = (Math.floor(at / cols) + step[0] + rows) % rows;
    const col = (at % cols + step[1] + cols) % cols;
    this.#cells[cols * row + col].focus();
  }

  /// Shows `marks`, a character for each cell. `mine`: a click would be a move, with the mark `hint`.
  show({ marks, line, pending, last, mine, hint, isAsleep }) {
    this.#root.classList.toggle("mine", mine);
    this.#root.classList.toggle("decided", line.length > 0);
    this.#root.classList.toggle("asleep", isAsleep);
    this.#cells.forEach((cell, index) => {
      const mark = marks[index];
      const isFree = mark === ".";
      const target = landing(marks, index);
      const shown = isFree ? (mine && target === index ? hint : null) : mark;
      const use = cell.firstChild.firstChild;
      if (shown) use.setAttribute("href", `#mark-${shown}`);
      else use.removeAttribute("href");
      cell.classList.toggle("free", isFree);
      cell.classList.toggle("taken", !isFree);
      cell.classList.toggle("pending", index === pending);
      cell.classList.toggle("last", index === last && line.length === 0);
      cell.classList.toggle("line", line.includes(index));
      cell.setAttribute("aria-label", `${cell.dataset.place}, ${isFree ? "empty" : mark}`);
      cell.setAttribute("aria-disabled", String(!mine || marks[target] !== "."));
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
    this.#cells.find((cell) => cell.tabIndex === 0)?.focus();
  }
}
