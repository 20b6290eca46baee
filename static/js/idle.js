// A screen that was left alone is asked for the code over the page itself: what was typed stays where it is. The
// server decides when; here is only watched when to ask it, and that somebody who types is seen there too.
(function () {
  "use strict";
  var box = document.getElementById("kunci");
  if (!box) return;
  var IDLE = Number(box.dataset.idle) * 1000;
  var LOOK = 20000; // ms between two looks at the clock, which a sleeping computer makes longer
  var TELL = IDLE / 6; // somebody who types is told of this often at most
  var told = Date.now(); // when the server last saw a sign of somebody here
  function lock() {
    if (!box.open) htmx.ajax("GET", "/petugas/buka", { target: "#kunci-isi", swap: "outerHTML", headers: { "X-Poll": "1" } });
  }
  function show() {
    if (box.open || !box.querySelector("form")) return;
    box.showModal();
    box.querySelector("input:not([type=hidden])").focus();
  }
  function seen() {
    if (box.open || Date.now() - told < TELL) return;
    told = Date.now();
    htmx.ajax("GET", "/petugas/buka/ada", { swap: "none" });
  }
  setInterval(function () {
    if (Date.now() - told >= IDLE) lock();
  }, LOOK);
  ["keydown", "pointerdown"].forEach(function (name) {
    document.addEventListener(name, function () {
      if (Date.now() - told < IDLE) seen();
    });
  });
  // While the screen is locked no key and no scan reaches a script of the page; what is typed still types.
  window.addEventListener(
    "keydown",
    function (event) {
      if (box.open) event.stopPropagation();
    },
    true
  );
  document.addEventListener("htmx:afterSettle", show);
  document.addEventListener("terkunci", lock);
  document.addEventListener("terbuka", function () {
    told = Date.now();
    box.close();
    box.firstElementChild.replaceChildren();
  });
  box.addEventListener("cancel", function (event) {
    event.preventDefault(); // Escape opens nothing
  });
})();
