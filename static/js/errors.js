// After a refused form came back: read the summary first, and lead each of its links to the field.
(function () {
  "use strict";
  function focusSummary(root) {
    var summary = root.querySelector ? root.querySelector(".errors") : null;
    if (!summary && root.classList && root.classList.contains("errors")) summary = root;
    if (!summary) return;
    summary.focus();
    summary.scrollIntoView({ block: "start" });
  }
  document.addEventListener("htmx:afterSwap", function (event) {
    focusSummary(event.detail.elt || event.target);
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest(".errors a[href^='#']") : null;
    if (!link) return;
    var field = document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    var group = field.closest(".field") || field;
    group.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
  focusSummary(document);
})();
