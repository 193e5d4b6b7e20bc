// Asks the browser for a passkey and sends the form with its answer. Without it, or where the browser has none, the page offers another
// way.
(() => {
  "use strict";
  const able = window.PublicKeyCredential;
  if (!able?.parseRequestOptionsFromJSON) return;
  for (const part of document.querySelectorAll("[data-passkey]")) {
    const fields = part.closest("form").elements;
    const button = part.querySelector("button");
    const said = part.querySelector("[role=alert]");
    part.hidden = false;
    if (part.nextElementSibling) part.nextElementSibling.hidden = true;
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.textContent = "";
      try {
        const body = new FormData();
        for (const name of ["__RequestVerificationToken", "PasskeyTicket"]) body.append(name, fields[name]?.value ?? "");
        const { options, state } = await (await fetch("/account/passkey-question", { method: "POST", body })).json();
        const credential = options.user
          ? await navigator.credentials.create({ publicKey: able.parseCreationOptionsFromJSON(options) })
          : await navigator.credentials.get({ publicKey: able.parseRequestOptionsFromJSON(options) });
        fields.Passkey.value = JSON.stringify(credential);
        fields.PasskeyState.value = state;
        button.form.submit();
      } catch (error) {
        said.textContent = error.name === "InvalidStateError" ? part.dataset.known : part.dataset.failed;
        button.disabled = false;
      }
    });
  }
})();
