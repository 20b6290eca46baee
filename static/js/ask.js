// A question that stands over the page: opened by the part that comes into it. A digit chooses (desk.js), Escape goes
// back; no button has the focus, so Enter alone does nothing.
(function () {
  "use strict";
  document.addEventListener("htmx:afterSwap", function (event) {
    var id = event.detail.target.id;
    var open = document.querySelector("dialog.ask[open]");
    if (id === "kabar" && open) open.close(); // what a scan has found stands behind the question
    var part = id && document.getElementById(id);
    var question = part && part.closest("dialog.ask");
    if (!question || question.open) return;
    question.showModal();
    question.querySelector("h2").focus();
  });
})();
