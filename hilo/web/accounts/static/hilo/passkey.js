/* Passkeys. A form with data-passkey="create" or "get" asks the browser for one before it is sent.

   data-options-url: where the form's own fields are tried and the question to the browser is made;
   data-options: the question itself, when the page has it already. What went wrong is said in the form's
   [data-passkey-says], in the sentences of its data-says-… attributes. */
(() => {
  "use strict";

  const bytes = (text) => {
    const plain = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(plain + "=".repeat((4 - (plain.length % 4)) % 4)), (each) => each.charCodeAt(0));
  };
  const text = (buffer) => {
    const plain = Array.from(new Uint8Array(buffer), (each) => String.fromCharCode(each)).join("");
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const withBytes = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  const forCreate = (asked) => ({
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: withBytes(asked.excludeCredentials),
  });
  const forGet = (asked) => ({
    ...asked,
    challenge: bytes(asked.challenge),
    allowCredentials: withBytes(asked.allowCredentials),
  });

  const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const asJson = (credential) => {
    const response = {};
    for (const part of PARTS) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || undefined,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  };

  const say = (form, sentence) => {
    const place = form.querySelector("[data-passkey-says]");
    place.textContent = sentence;
    place.hidden = !sentence;
  };
  const why = (form, error) => {
    if (error.name === "NotAllowedError" || error.name === "AbortError") return form.dataset.saysCancelled;
    if (error.name === "InvalidStateError") return form.dataset.saysKnown || form.dataset.saysFailed;
    if (error.name === "SecurityError") return form.dataset.saysInsecure;
    return error.sentence || form.dataset.saysFailed;
  };
  const impossible = (form) => {
    if (!window.isSecureContext) return form.dataset.saysInsecure;
    return window.PublicKeyCredential ? "" : form.dataset.saysNone;
  };

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.dataset.optionsUrl, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw Object.assign(new Error("refused"), { sentence: told.sentence });
    return told;
  };

  const credentialFor = async (form) => {
    const asked = (await optionsOf(form)).publicKey;
    const made = form.dataset.passkey === "create"
      ? await navigator.credentials.create({ publicKey: forCreate(asked) })
      : await navigator.credentials.get({ publicKey: forGet(asked) });
    return asJson(made);
  };

  const send = async (event) => {
    const form = event.currentTarget;
    event.preventDefault();
    const sentence = impossible(form);
    say(form, sentence);
    if (sentence) return;
    const button = form.querySelector("button:not([type=button])");
    button.disabled = true;
    try {
      form.elements.namedItem("credential").value = JSON.stringify(await credentialFor(form));
      form.submit();
    } catch (error) {
      say(form, why(form, error));
      button.disabled = false;
      button.focus();
    }
  };

  const begin = () => {
    for (const form of document.querySelectorAll("form[data-passkey]")) {
      form.hidden = false;
      form.addEventListener("submit", send);
      if (form.dataset.passkey === "create") say(form, impossible(form));
    }
  };
  document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", begin) : begin();
})();
