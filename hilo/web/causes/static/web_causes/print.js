/* A button with data-prints opens the browser's own printing; without a script it is not shown. */
for (const button of document.querySelectorAll("[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
