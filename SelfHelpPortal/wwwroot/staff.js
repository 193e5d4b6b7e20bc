// Keys for whoever works here all day. Each only presses what is on the page anyway, so nothing can be done by key alone.
(() => {
  "use strict";
  const off = "selfhelp-keys-off";
  const isOff = () => localStorage.getItem(off) === "1";
  const isTyping = target => target.closest("input, textarea, select, [contenteditable]") !== null;
  const isAsking = () => document.querySelector("[role=dialog]") !== null;

  const step = by => {
    const rows = [...document.querySelectorAll("a[data-row]")];
    if (rows.length === 0) return;
    const focused = rows.indexOf(document.activeElement);
    const open = rows.findIndex(row => row.getAttribute("aria-current") === "true");
    const from = focused >= 0 ? focused : open;
    const next = rows[from < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, from + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    // Beside an open case the list is walked case by case.
    if (open >= 0 && next !== rows[open]) next.click();
  };

  const search = () => {
    const field = document.querySelector("[data-search]");
    field?.focus();
    field?.select();
    return field !== null;
  };

  document.addEventListener("keydown", e => {
    if (e.isComposing || e.altKey || e.metaKey) return;
    if (e.ctrlKey) {
      if (e.key === "k" && search()) e.preventDefault();
      if (e.key === "Enter") e.target.closest("form.act-form")?.requestSubmit();
      return;
    }

    if (isTyping(e.target) || isAsking()) return;
    if (e.key === "Escape") {
      document.querySelector(".opened [data-key=Escape]")?.click();
      return;
    }

    if (isOff() && e.key !== "?") return;
    switch (e.key) {
      case "j": step(1); break;
      case "k": step(-1); break;
      case "/": if (search()) e.preventDefault(); break;
      case "x": document.activeElement?.closest("tr")?.querySelector("input[type=checkbox]")?.click(); break;
      default:
        if (e.key.length === 1 && /[a-z?]/.test(e.key)) {
          const act = document.querySelector(`[data-key="${e.key}"]`);
          if (act) {
            e.preventDefault();
            act.click();
          }
        }
    }
  });

  // Only this browser knows, so the box learns it when it is shown.
  document.addEventListener("toggle", e => {
    const box = e.target.querySelector?.("[data-keys-off]");
    if (box) box.checked = isOff();
  }, true);
  document.addEventListener("change", e => {
    if (e.target.matches?.("[data-keys-off]")) localStorage.setItem(off, e.target.checked ? "1" : "0");
  });
})();
