// The list ticks and the board is dragged. Both work without this file: boxes are boxes, «Move on» is a link.
(() => {
  "use strict";

  // ---- how many are ticked
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-picking]");
    const shown = form?.querySelector("[data-picked]");
    if (!shown) return;
    const count = form.querySelectorAll("input[name=chosen]:checked").length;
    shown.textContent = String(count);
    shown.hidden = count === 0;
  });

  // ---- a card dragged to a column asks for the page that moves it there; nothing moves by itself
  const board = document.querySelector("[data-board]");
  if (!board) return;
  if (window.matchMedia("(hover: hover)").matches) {
    for (const card of board.querySelectorAll("[data-card]")) card.draggable = true;
  }
  let dragged = null;
  const columnOf = (event) => event.target.closest?.("[data-column]");

  function unmark() {
    for (const column of board.querySelectorAll(".is-target")) column.classList.remove("is-target");
  }

  board.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-card]") ?? null;
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  board.addEventListener("dragover", (event) => {
    const column = columnOf(event);
    if (!dragged || !column) return;
    event.preventDefault();
    unmark();
    column.classList.add("is-target");
  });
  board.addEventListener("drop", (event) => {
    const column = columnOf(event);
    if (!dragged || !column) return;
    event.preventDefault();
    window.location.assign(`${dragged.dataset.card}&a=${encodeURIComponent(column.dataset.column)}`);
  });
  board.addEventListener("dragend", () => { dragged = null; unmark(); });

  // ---- the arrows go from column to column
  board.addEventListener("keydown", (event) => {
    if (event.target !== board || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    const column = board.querySelector("[data-column]");
    board.scrollBy({ left: (event.key === "ArrowRight" ? 1 : -1) * (column.offsetWidth + 12) });
  });
})();
