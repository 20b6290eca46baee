// The copy button appears only where it can work; the code can always be selected by hand.
(function () {
  "use strict";
  function reveal(root) {
    if (!navigator.clipboard || !root.querySelectorAll) return;
    root.querySelectorAll("[data-copy][hidden]").forEach(function (button) {
      button.hidden = false;
    });
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-copy]") : null;
    if (!button) return;
    navigator.clipboard.writeText(button.dataset.copy).then(function () {
      var label = button.querySelector("span");
      var before = label.textContent;
      if (before === button.dataset.done) return;
      label.textContent = button.dataset.done;
      setTimeout(function () {
        label.textContent = before;
      }, 4000);
    });
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    reveal(event.detail.elt.parentNode || document);
  });
  reveal(document);
})();
