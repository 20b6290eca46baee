// Every form of the desk but one that asks for a page (`data-as-page`: the code of a screen that was locked between two
// pages) is sent in place: without a connection it stays as it was typed, and the same button works again. One press
// sends once: until the answer comes, no button of the page can be pressed again.
(function () {
  "use strict";
  function adopt() {
    // The door's forms are sent as pages: where none comes back, the offline door takes over (door.js).
    if (document.getElementById("luring")) return;
    document.querySelectorAll(".desk-page main form[method=post]:not([hx-post]):not([data-as-page])").forEach(function (form) {
      form.setAttribute("hx-post", form.getAttribute("action") || location.pathname + location.search);
      form.setAttribute("hx-target", "#isi");
      form.setAttribute("hx-swap", "outerHTML");
      form.setAttribute("hx-sync", "this:drop");
      form.setAttribute("hx-disabled-elt", "main form[method=post] button");
      if (form.enctype === "multipart/form-data") form.setAttribute("hx-encoding", form.enctype);
      htmx.process(form);
    });
  }
  htmx.onLoad(adopt);
  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || !event.target.closest(".desk-page")) return;
    setTimeout(function () {
      document.querySelectorAll("main form[method=post] button").forEach(function (button) {
        button.disabled = true;
      });
    });
  });
  // Another case has come: it is read from its top, and its name is said.
  document.addEventListener("htmx:pushedIntoHistory", function () {
    document.addEventListener(
      "htmx:afterSwap",
      function () {
        var heading = document.querySelector(".desk-page main h1");
        if (!heading) return;
        window.scrollTo(0, 0);
        document.getElementById("warta").textContent = heading.textContent;
      },
      { once: true }
    );
  });
  // A page that the browser had put aside still shows what was; the key in its form may be used up.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && document.querySelector(".desk-page")) location.reload();
  });
  // A field of the same name in the next part is not the one that had the focus.
  document.addEventListener("htmx:afterSwap", function (event) {
    var main = document.querySelector(".desk-page main");
    if (!main || event.detail.target.id !== "isi" || !document.activeElement.closest("form")) return;
    main.setAttribute("tabindex", "-1");
    main.focus({ preventScroll: true });
  });
})();
