// Taking hold of a date on the map. The page works without it: each step has its own link and form.
// Nothing is computed here: where a handle is let go, the server is asked what would follow.
(() => {
  "use strict";
  const DAY = 86400;
  let held = null;
  let asking = 0;
  let waiting = null;

  const board = () => document.querySelector("[data-board]");
  const dayOf = (seconds) => {
    const at = new Date(seconds * 1000);
    const two = (number) => String(number).padStart(2, "0");
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  };
  const said = (seconds) =>
    new Date(seconds * 1000).toLocaleDateString(document.documentElement.lang, { weekday: "short", day: "numeric", month: "short" });

  function place(svg, event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const { left, right, from, to } = svg.dataset;
    const x = Math.min(Math.max(point.x, Number(left)), Number(right));
    const part = (x - Number(left)) / (Number(right) - Number(left));
    return { x, at: Number(from) + part * (Number(to) - Number(from)) };
  }

  function follow(event) {
    const here = place(held.svg, event);
    held.at = here.at;
    held.moved = held.moved || Math.abs(event.clientX - held.began) > 3;
    held.handle.setAttribute("transform", `translate(${here.x - Number(held.handle.dataset.x)} 0)`);
    const label = held.svg.querySelector("[data-dragged]");
    const knob = held.handle.querySelector(".m-handle__reach");
    label.textContent = said(here.at);
    label.setAttribute("x", here.x);
    label.setAttribute("y", Number(knob.getAttribute("cy")) - 12);
    label.setAttribute("text-anchor", here.x > Number(held.svg.dataset.right) - 60 ? "end" : "middle");
  }

  function letGo(cancelled) {
    const { handle, svg, at, moved } = held;
    held = null;
    handle.classList.remove("is-held");
    svg.querySelector("[data-dragged]").textContent = "";
    if (cancelled || !moved) { handle.removeAttribute("transform"); return; }
    ask(handle, { to: dayOf(at) }, false);
  }

  // ---- asking what would follow; only the newest answer counts.
  async function ask(handle, given, byKey) {
    const { url, edge, run } = handle.dataset;
    await show(`${url}?${new URLSearchParams({ edge, ...given, ...view() })}`, byKey ? { run, edge } : null);
  }

  const view = () => (new URLSearchParams(location.search).get("ver") === "todo" ? { ver: "todo" } : {});

  async function show(url, focus) {
    const mine = ++asking;
    board().classList.add("is-asking");
    let answer;
    try {
      answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    } catch {
      location.href = url;
      return;
    }
    if (mine !== asking) return;
    const text = await answer.text();
    if (mine !== asking) return;
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-board]");
    if (!fresh) { location.href = url; return; }
    board().replaceWith(fresh);
    settle(focus);
  }

  function settle(focus) {
    if (!focus) { document.getElementById("consequences").scrollIntoView({ block: "nearest" }); return; }
    const again = [...document.querySelectorAll(`[data-handle][data-run="${focus.run}"][data-edge="${focus.edge}"]`)];
    again.find((one) => one.getClientRects().length)?.focus();
  }

  // ---- pointer
  document.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest?.("[data-handle]");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.focus();
    held = { handle, svg: handle.closest("svg"), began: event.clientX, moved: false, at: 0 };
    handle.classList.add("is-held");
    handle.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => { if (held) follow(event); });
  document.addEventListener("pointerup", () => { if (held) letGo(false); });
  document.addEventListener("pointercancel", () => { if (held) letGo(true); });

  // ---- keys: arrows by working day, Page by week; several quick presses are asked at once.
  const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -5, PageUp: 5 };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && held) { letGo(true); return; }
    const handle = event.target.closest?.("[data-handle]");
    if (!handle) return;
    if (event.key === "Escape") { event.preventDefault(); show(board().dataset.cancel, null); return; }
    if (event.key === "Enter") { event.preventDefault(); ask(handle, { to: handle.dataset.day }, true); return; }
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    clearTimeout(waiting?.timer);
    const same = waiting && waiting.handle === handle ? waiting.steps : 0;
    waiting = { handle, steps: same + step };
    waiting.timer = setTimeout(() => {
      const { steps } = waiting;
      waiting = null;
      ask(handle, { to: handle.dataset.day, steps: String(steps) }, true);
    }, 250);
  });

  // ---- the panel's own form and links stay on the page too.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-tries]")) return;
    event.preventDefault();
    const given = new URLSearchParams(new FormData(form, event.submitter));
    for (const [name, value] of Object.entries(view())) given.set(name, value);
    show(`${form.getAttribute("action")}?${given}`, null);
  });
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest?.("a[data-takes]");
    if (!link) return;
    event.preventDefault();
    show(`${link.getAttribute("href")}&${new URLSearchParams(view())}`, null);
  });
})();
