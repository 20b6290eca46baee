// The bar names the hour that is marked, in the words that the server wrote beside it.
(function () {
  "use strict";
  function say(tile) {
    var said = tile.dataset.said && tile.form && tile.form.querySelector(".actions b");
    if (!said) return;
    said.textContent = tile.dataset.said;
    said.className = "";
  }
  document.addEventListener("change", function (event) {
    say(event.target);
  });
  // Some browsers mark again what was marked before the page was loaded anew.
  document.querySelectorAll(".hour :checked").forEach(say);
})();
