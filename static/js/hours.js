// The bar says what was chosen; without scripts it says what happens with it.
(function () {
  "use strict";
  document.addEventListener("change", function (event) {
    var tile = event.target.closest ? event.target.closest(".hour") : null;
    var form = tile && tile.closest("form");
    var said = form && form.querySelector(".actions b");
    if (!said) return;
    var day = tile.closest("fieldset").querySelector("legend").textContent.trim();
    said.textContent = tile.querySelector("b").textContent.trim() + ", " + day;
  });
})();
