// What went wrong is said in words, whatever the status; the input stays where it is and the same button works again.
(function () {
  "use strict";
  var words = document.currentScript.dataset;
  function place() {
    return document.getElementById("kabar");
  }
  // Somebody pressed something; a page that watches itself asks without an event.
  function wasAsked(event) {
    return Boolean(event.detail.requestConfig.triggeringEvent);
  }
  function show(event) {
    var mould = document.getElementById("gagal");
    var box = place();
    // A poll that fails comes again by itself: no alarm for what nobody asked for.
    if (!box || !mould || !wasAsked(event)) return;
    var notice = mould.content.cloneNode(true);
    notice.querySelector("b").textContent = words.failed;
    notice.querySelector("span").textContent = words.again;
    box.replaceChildren(notice);
    box.focus({ preventScroll: true });
  }
  // Ours is what names its own place, or holds the part that was asked for. Anything else (a page of a proxy or
  // of a hotspot, a server's last words) never takes the place of a form.
  function isOurs(detail) {
    if (detail.xhr.getResponseHeader("HX-Retarget")) return true;
    return detail.xhr.responseText.indexOf('id="' + detail.target.id + '"') >= 0;
  }
  document.addEventListener("htmx:beforeSwap", function (event) {
    var detail = event.detail;
    if (detail.xhr.status === 204) return;
    var isBad = detail.xhr.status >= 400;
    detail.shouldSwap = isOurs(detail) && (wasAsked(event) || !isBad);
    detail.isError = !detail.shouldSwap;
  });
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, show);
  });
  document.addEventListener("htmx:beforeRequest", function (event) {
    var box = place();
    if (box && wasAsked(event)) box.replaceChildren();
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    // A banner says itself; it takes the focus so that the keyboard stands beside it.
    if (event.detail.target && event.detail.target.id === "kabar") place().focus({ preventScroll: true });
  });
})();
