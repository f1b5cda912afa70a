// Before the first paint: "auto" follows the device, now and when it changes. Without a script: light.
(() => {
  const root = document.documentElement;
  root.classList.add("has-script");
  if (root.dataset.theme !== "auto") return;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => (root.dataset.bsTheme = dark.matches ? "dark" : "light");
  dark.addEventListener("change", follow);
  follow();
})();
