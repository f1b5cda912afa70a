// What improves a page that already works without it. No framework; everything hangs on data- attributes.
(() => {
  "use strict";
  const palette = () => document.getElementById("palette");

  // ---- Ctrl K: a dialog of links. Arrows move, Enter opens, typing goes back to the question.
  function openPalette() {
    const dialog = palette();
    if (!dialog || dialog.open) return Boolean(dialog);
    dialog.showModal();
    const question = dialog.querySelector("input[name=q]");
    question.select();
    setTimeout(() => question.dispatchEvent(new CustomEvent("hilo:opened"))); // after htmx, which starts so too
    return true;
  }

  function moveInPalette(dialog, step) {
    const stops = [dialog.querySelector("input[name=q]"), ...dialog.querySelectorAll(".h-hit")];
    const here = stops.indexOf(document.activeElement);
    stops[(Math.max(here, 0) + step + stops.length) % stops.length].focus();
  }

  function keyInPalette(dialog, event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      moveInPalette(dialog, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && event.target.name === "q") {
      const first = dialog.querySelector(".h-hit");
      if (first) { event.preventDefault(); first.click(); }
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.target.closest(".h-hit")) {
      dialog.querySelector("input[name=q]").focus();
    }
  }

  // An answer that comes after one has begun to move: the place is kept, or one is back at the question.
  let placeInPalette = null;
  document.addEventListener("htmx:before:swap", () => {
    const hit = document.activeElement.closest("#palette-hits .h-hit");
    placeInPalette = hit && hit.getAttribute("href");
  });
  document.addEventListener("htmx:after:swap", () => {
    if (placeInPalette === null || document.activeElement.closest(".h-hit")) return;
    const same = [...palette().querySelectorAll(".h-hit")].find((hit) => hit.getAttribute("href") === placeInPalette);
    (same || palette().querySelector("input[name=q]")).focus();
    placeInPalette = null;
  });

  // ---- one key for what is done all day: <a|button data-key="a">; off with <body data-keys="off">.
  function isTyping(target) {
    return target.closest?.("input,textarea,select,[contenteditable],dialog") !== null;
  }

  function actingKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    if (document.body.dataset.keys === "off") return;
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!wanted || wanted.disabled) return;
    event.preventDefault();
    wanted.focus();
    if (wanted.matches("a,button,summary")) wanted.click();
  }

  document.addEventListener("keydown", (event) => {
    const dialog = palette();
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      if (openPalette()) event.preventDefault();
    } else if (dialog?.open) {
      keyInPalette(dialog, event);
    } else if (event.key === "Escape") {
      closeMenus(null, true);
    } else {
      actingKey(event);
    }
  });

  // ---- menus are <details data-menu>: one open at a time, closed from outside and by Esc.
  function closeMenus(except, refocus) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu === except || menu.contains(except)) continue;
      menu.open = false;
      if (refocus) menu.querySelector("summary").focus();
    }
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("[data-opens=palette]") && !event.ctrlKey && !event.metaKey && openPalette()) event.preventDefault();
    if (target.closest("[data-closes=palette]") || target === palette()) palette().close();
    target.closest("[data-dismisses]")?.closest(".h-alert").remove();
    closeMenus(target, false);
  });

  // ---- small conveniences: the composer's question follows its kind; a filter sends itself.
  document.addEventListener("change", (event) => {
    const asked = event.target.dataset.asks;
    const text = event.target.closest("form")?.querySelector("textarea[data-asked]");
    if (asked && text) text.placeholder = asked;
    if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
  });

  // ---- a form is sent once, and what is being typed is not lost by leaving.
  let typed = false;
  document.addEventListener("input", (event) => { if (event.target.closest("form[data-keeps]")) typed = true; });
  document.addEventListener("submit", (event) => {
    typed = false;
    const form = event.target;
    if (form.method === "dialog" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.method === "post" && !form.matches("[hx-post]")) form.dataset.sent = "1";
  });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
