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

  // All that can be chosen on the page, by its words; the last line searches everywhere.
  const palette = {
    get dialog() { return document.querySelector("#palette"); },
    get field() { return this.dialog.querySelector("input"); },
    lines: [],
    at: 0,

    open() {
      if (isAsking() || this.dialog.open) return;
      const targets = document.querySelectorAll("#staff-nav a, .work-views a, a[data-row], main button.button, main a.button");
      this.all = [...targets]
        .filter(target => !target.disabled && (target.closest("nav") || target.checkVisibility()))
        .map(target => ({ words: target.textContent.trim().replace(/\s+/g, " "), run: () => target.click() }));
      this.field.value = "";
      this.dialog.showModal();
      this.draw();
    },

    draw() {
      const term = this.field.value.trim();
      const parts = term.toLowerCase().split(/\s+/);
      this.lines = this.all.filter(line => parts.every(part => line.words.toLowerCase().includes(part))).slice(0, 12);
      if (term) this.lines.push({ words: `${this.dialog.dataset.searchWord}: ${term}`, run: () => this.search(term) });
      this.at = 0;
      const list = this.dialog.querySelector("ul");
      list.replaceChildren(...this.lines.map((line, i) => {
        const option = document.createElement("li");
        option.id = `palette-${i}`;
        option.role = "option";
        option.textContent = line.words;
        option.addEventListener("click", () => this.run(i));
        return option;
      }));
      this.mark();
    },

    mark() {
      const options = [...this.dialog.querySelectorAll("li")];
      options.forEach((option, i) => option.setAttribute("aria-selected", i === this.at ? "true" : "false"));
      options[this.at]?.scrollIntoView({ block: "nearest" });
      if (options.length > 0) this.field.setAttribute("aria-activedescendant", `palette-${this.at}`);
      else this.field.removeAttribute("aria-activedescendant");
    },

    step(by) {
      this.at = Math.min(this.lines.length - 1, Math.max(0, this.at + by));
      this.mark();
    },

    run(i) {
      this.dialog.close();
      this.lines[i]?.run();
    },

    search(term) {
      const field = document.querySelector("[data-search]");
      field.value = term;
      field.dispatchEvent(new Event("change", { bubbles: true }));
      field.form.requestSubmit();
    },
  };

  document.addEventListener("input", e => {
    if (e.target.closest("#palette")) palette.draw();
  });

  document.addEventListener("keydown", e => {
    if (!e.isComposing && e.target.closest("#palette")) {
      const act = { ArrowDown: () => palette.step(1), ArrowUp: () => palette.step(-1), Enter: () => palette.run(palette.at) }[e.key];
      if (act) {
        e.preventDefault();
        act();
      }
      return;
    }

    if (e.isComposing || e.altKey || e.metaKey) return;
    if (e.ctrlKey) {
      if (e.key === "k") {
        e.preventDefault();
        palette.open();
      }
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
