// Adds comfort, never function: every page works without it. It writes no words of its own; they come from data- attributes.
(() => {
  "use strict";
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  // GF(32) with x^5 + x^2 + 1 and alpha = 2, as the server's check symbols.
  const power = [], log = [];
  for (let i = 0, v = 1; i < 31; i++) {
    power[i] = v;
    log[v] = i;
    v <<= 1;
    if (v > 31) v ^= 37;
  }
  const times = (exponent, symbol) => symbol === 0 ? 0 : power[(log[symbol] + exponent) % 31];

  const fits = (kind, index, group) => {
    const d = [...group].map(symbol => alphabet.indexOf(symbol));
    if (d.length !== 5 || d.includes(-1)) return false;
    return d[4] === (power[(5 * alphabet.indexOf(kind) + index + 7) % 31]
      ^ times(1, d[0]) ^ times(2, d[1]) ^ times(3, d[2]) ^ times(4, d[3]));
  };

  const normalized = text => text.normalize("NFKC").toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");

  for (const list of document.querySelectorAll("[data-groups-for]")) {
    const field = document.getElementById(list.dataset.groupsFor);
    const kind = list.dataset.kind;
    if (!field || !kind) continue;
    field.addEventListener("input", () => {
      const groups = normalized(field.value).match(/.{5}/g) || [];
      // Another kind of code, or a whole mail: the server sorts that out and says so in words.
      const ours = groups.length > 0 && groups.length <= 7 && groups[0][0] === kind;
      list.replaceChildren(...(ours ? groups : []).map((group, index) => {
        const right = fits(kind, index, group);
        const item = document.createElement("li");
        item.className = right ? "group group-right" : "group group-wrong";
        const code = document.createElement("span");
        code.className = "code";
        code.textContent = group;
        const word = document.createElement("span");
        word.className = right ? "vh" : "group-word";
        word.textContent = right ? list.dataset.right : list.dataset.wrong;
        item.append(code, " ", word);
        return item;
      }));
      list.hidden = !ours;
    });
  }

  // One line on a phone.
  document.querySelector(".my-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source || !navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(source.textContent.trim());
      button.textContent = button.dataset.done;
    });
  }
})();
