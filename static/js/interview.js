// An interview: a question goes into the notes by a tap, Alt and a digit choose the advice, and what was typed is
// kept every five seconds, so that a session that ends or a computer that dies takes none of it.
(function () {
  "use strict";
  var EVERY = 5000; // ms
  var kept = null;
  var sent = false; // the notes are on their way with the form
  function notes() {
    var form = document.querySelector("form[data-notes]");
    return form && form.querySelector("textarea");
  }
  function insert(chip) {
    var field = document.getElementById(chip.dataset.into);
    var before = field.value.slice(0, field.selectionEnd);
    var line = (before && before.slice(-1) !== "\n" ? "\n" : "") + chip.dataset.insert;
    field.focus();
    field.setRangeText(line, field.selectionEnd, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function keep() {
    var field = notes();
    if (!field || sent || field.value === kept || document.hidden) return;
    kept = field.value;
    var values = { csrf_token: field.form.elements.csrf_token.value };
    values[field.name] = kept;
    window.htmx.ajax("POST", field.form.dataset.notes, {
      source: "#catatan-tersimpan",
      target: "#catatan-tersimpan",
      swap: "outerHTML",
      values: values,
    });
  }
  document.addEventListener("click", function (event) {
    var chip = event.target.closest("[data-insert]");
    if (chip) insert(chip);
  });
  document.addEventListener("keydown", function (event) {
    if (!event.altKey || event.ctrlKey || event.repeat || !notes()) return;
    var choices = notes().form.querySelectorAll("input[type=radio]");
    var at = "123".indexOf(event.key);
    if (at < 0 || !choices[at]) return;
    event.preventDefault();
    choices[at].click();
  });
  document.addEventListener("visibilitychange", keep);
  // What goes with the form is not kept beside it: it would come too late, and be refused.
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (!event.target.matches("form[data-notes]")) return;
    sent = true;
    kept = null;
    window.htmx.trigger("#catatan-tersimpan", "htmx:abort");
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.matches("form[data-notes]")) sent = false;
  });
  // Another person's notes are kept as they came: nothing was typed yet.
  function begin() {
    if (notes()) kept = notes().value;
  }
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "isi") begin();
  });
  document.addEventListener("DOMContentLoaded", function () {
    if (!document.querySelector(".desk-page")) return;
    begin();
    setInterval(keep, EVERY);
  });
})();
