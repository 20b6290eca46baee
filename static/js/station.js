// A station's form that must be whole before it is sent: until every tick is made and every text filled in, its
// button waits. The server asks the same of whoever has no scripts.
(function () {
  "use strict";
  function isFilled(field) {
    return field.type === "checkbox" ? field.checked : field.value.trim() !== "";
  }
  function judge(form) {
    var fields = form.querySelectorAll("input[type=checkbox], textarea");
    var button = form.querySelector("[data-verb]");
    button.disabled = !Array.prototype.every.call(fields, isFilled);
  }
  function judgeAll() {
    document.querySelectorAll("form[data-whole]").forEach(judge);
  }
  ["input", "change"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var form = event.target.closest("form[data-whole]");
      if (form) judge(form);
    });
  });
  document.addEventListener("DOMContentLoaded", judgeAll);
  document.addEventListener("htmx:afterSettle", judgeAll);
  document.addEventListener("htmx:afterRequest", judgeAll);
})();
