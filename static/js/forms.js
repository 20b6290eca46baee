// Every form is sent in place: after a refusal or a lost connection what was typed is still on the screen, and
// Back never meets a page that was the answer to a form. Without scripts the same form is a plain POST.
(function () {
  "use strict";
  var words = document.currentScript.dataset;
  // The officers' desk does the same in its own way (in_place.js).
  if (document.querySelector(".desk-page")) return;
  function adopt() {
    document.querySelectorAll("main form[method=post]:not([hx-post]):not([data-as-page])").forEach(function (form) {
      form.setAttribute("hx-post", form.getAttribute("action") || location.pathname + location.search);
      form.setAttribute("hx-target", "#isi");
      form.setAttribute("hx-swap", "outerHTML");
      form.setAttribute("hx-sync", "this:drop");
      if (form.enctype === "multipart/form-data") form.setAttribute("hx-encoding", form.enctype);
      htmx.process(form);
    });
  }
  // While it is under way the button says so, and looks as it did: a grey button without a word looks broken.
  // Kept by request: when it ends, the form may hold another button first (a photo's way has "cancel" then).
  var waiting = new WeakMap();
  function label(event) {
    var form = event.detail.elt;
    if (!form.matches("form")) return null;
    var by = event.detail.requestConfig.triggeringEvent;
    var button = (by && by.submitter) || form.querySelector("button");
    return button && (button.querySelector("span") || button);
  }
  function word(text) {
    return text.parentNode.dataset.busy || words.busy;
  }
  document.addEventListener("htmx:beforeSend", function (event) {
    var text = label(event);
    if (!text || text.dataset.was) return;
    waiting.set(event.detail.xhr, text);
    text.dataset.was = text.textContent;
    document.getElementById("warta").textContent = text.textContent = word(text);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var text = waiting.get(event.detail.xhr);
    // On the way to the next page the button keeps its word.
    if (!text || event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    var told = document.getElementById("warta");
    if (told.textContent === text.textContent) told.textContent = "";
    text.textContent = text.dataset.was;
    delete text.dataset.was;
  });
  // A page that the browser had put aside still shows what was; the key in its form may be used up.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });
  htmx.onLoad(adopt);
})();
