// What improves the upload, which works without it: a name from the file, its size looked at before it is
// sent, and how much of it has arrived.
(() => {
  "use strict";

  function stemOf(file) {
    return file.name.replace(/(?:\.[A-Za-z][A-Za-z0-9]{0,9}){1,2}$/, "") || file.name;
  }

  function begin(form) {
    const log = form.elements.namedItem("log");
    const name = form.elements.namedItem("name");
    let suggested = name.value;
    log.addEventListener("change", () => {
      const size = [...log.files].reduce((sum, file) => sum + file.size, 0);
      log.setCustomValidity(size > Number(form.dataset.most) ? form.dataset.tooMuch : "");
      log.reportValidity();
      if (log.files.length && (name.value === "" || name.value === suggested)) {
        suggested = name.value = stemOf(log.files[0]).slice(0, 120);
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (log.checkValidity()) send(form);
      else log.reportValidity();
    });
  }

  function send(form) {
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    const waiting = form.querySelector("[data-upload]");
    const failed = form.querySelector("[data-upload-failed]");
    const bar = waiting.querySelector("progress");
    waiting.hidden = false;
    failed.hidden = true;
    const request = new XMLHttpRequest();
    request.open("POST", location.href);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (moved) => {
      if (moved.lengthComputable) bar.value = (100 * moved.loaded) / moved.total;
    });
    function giveUp() {
      waiting.hidden = true;
      failed.hidden = false;
      delete form.dataset.sent;
    }
    request.addEventListener("error", giveUp);
    request.addEventListener("load", () => answered(request, giveUp));
    request.send(new FormData(form));
  }

  // Where it went well the answer says where to go on; else it is the page again, with its sentences.
  function answered(request, giveUp) {
    const there = request.getResponseHeader("HX-Redirect");
    if (there) { location.assign(there); return; }
    const page = new DOMParser().parseFromString(request.responseText, "text/html").getElementById("main");
    if (!page) { giveUp(); return; }
    document.getElementById("main").replaceWith(document.adoptNode(page));
    const form = page.querySelector("form[data-uploads]");
    if (form) begin(form);
    page.focus();
    window.scrollTo(0, 0);
  }

  const form = document.querySelector("form[data-uploads]");
  if (form) begin(form);
})();
