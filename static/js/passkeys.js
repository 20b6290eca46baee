// Passkeys: a button with data-passkey asks the server for a question, the device for its answer, and sends the
// form that it stands in with that answer. Where passkeys cannot work the button stays hidden.
(function () {
  "use strict";
  var able = window.PublicKeyCredential && navigator.credentials && PublicKeyCredential.parseRequestOptionsFromJSON;
  function ask(url, token) {
    return fetch(url, { method: "POST", headers: { "X-CSRFToken": token }, credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    });
  }
  function answer(button, question) {
    if (button.dataset.passkey === "new") {
      var made = PublicKeyCredential.parseCreationOptionsFromJSON(question);
      return navigator.credentials.create({ publicKey: made });
    }
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question) });
  }
  function begin(button) {
    var form = button.form;
    var failed = form.querySelector("[data-passkey-failed]");
    button.disabled = true;
    failed.hidden = true;
    ask(button.dataset.question, form.elements.csrf_token.value)
      .then(function (question) {
        return answer(button, question);
      })
      .then(function (credential) {
        (form.elements.kunci_sandi || form.elements.jawaban_kunci).value = JSON.stringify(credential);
        form.noValidate = true;
        form.requestSubmit();
      })
      .catch(function () {
        button.disabled = false;
        failed.hidden = false;
        button.focus();
      });
  }
  function show(root) {
    root.querySelectorAll("[data-passkey]").forEach(function (button) {
      if (!able || location.origin !== button.dataset.origin) return;
      button.closest("[data-passkey-part]").hidden = false;
    });
    root.querySelectorAll("[data-passkey-without]").forEach(function (words) {
      words.hidden = !!able;
    });
    root.querySelectorAll("[data-passkey-elsewhere]").forEach(function (words) {
      words.hidden = !able || location.origin === words.dataset.passkeyElsewhere;
    });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-passkey]");
    if (!button) return;
    event.preventDefault();
    begin(button);
  });
  document.addEventListener("htmx:afterSettle", function (event) {
    show(event.target);
  });
  show(document);
})();
