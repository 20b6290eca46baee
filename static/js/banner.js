// When htmx gets no good answer, say so; the input stays where it is and the same button works again.
(function () {
  "use strict";
  function place() {
    return document.getElementById("kabar");
  }
  function show() {
    var words = document.getElementById("gagal");
    var box = place();
    if (!box || !words) return;
    box.replaceChildren(words.content.cloneNode(true));
    box.focus({ preventScroll: true });
  }
  // An error page sent as a part names its own place: let htmx show it although the answer is an error.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var answer = event.detail.xhr;
    if (answer.status >= 400 && answer.getResponseHeader("HX-Retarget") === "#kabar") {
      event.detail.shouldSwap = true;
    }
  });
  document.addEventListener("htmx:responseError", function (event) {
    // A poll that fails comes again by itself: no alarm for what nobody asked for.
    if (event.detail.requestConfig.triggeringEvent && event.detail.xhr.getResponseHeader("HX-Retarget") !== "#kabar") show();
  });
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (event.detail.requestConfig.triggeringEvent) show();
    });
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    var box = place();
    if (box && event.detail.requestConfig.triggeringEvent) box.replaceChildren();
  });
})();
