// Presses the one button of the page behind a QR code, so that the phone that scanned it need not. Only when somebody is looking, on a
// phone, and only on arrival: not in a preview, not after "back" or "reload".
(() => {
  "use strict";
  const form = document.querySelector("form[data-busy]");
  if (!form) return;
  const button = form.querySelector("button");
  const words = button.textContent;
  form.addEventListener("submit", () => { button.textContent = form.dataset.busy; });
  addEventListener("pageshow", event => { if (event.persisted) button.textContent = words; });
  const [arrival] = performance.getEntriesByType("navigation");
  if ("once" in form.dataset && document.visibilityState === "visible" && !document.prerendering
    && matchMedia("(pointer: coarse)").matches && arrival?.type === "navigate") {
    form.requestSubmit();
  }
})();
