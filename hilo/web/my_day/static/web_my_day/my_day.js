// j and k walk the rows, Enter opens the one in focus (it is a link), a accepts its offer. Without a row in
// focus a accepts the first offer of the page; while a row is in focus, only that row's.
(() => {
  "use strict";
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const rowOf = (element) => element?.closest?.("[data-row]") ?? null;
  const offers = () => [...document.querySelectorAll("[data-accepts]")];

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const here = all.indexOf(rowOf(document.activeElement));
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
    all[next].querySelector("[data-opens-row]").focus();
    all[next].scrollIntoView({ block: "nearest" });
  }

  function giveKeyTo(row) {
    const wanted = row ? row.querySelector("[data-accepts]") : offers()[0];
    for (const button of offers()) delete button.dataset.key;
    if (wanted) wanted.dataset.key = "a";
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.body.dataset.keys === "off") return;
    if (event.target.closest?.("input,textarea,select,dialog")) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      move(event.key === "j" ? 1 : -1);
    }
  });
  document.addEventListener("focusin", (event) => giveKeyTo(rowOf(event.target)));
  document.addEventListener("focusout", (event) => { if (!event.relatedTarget) giveKeyTo(null); });
})();
