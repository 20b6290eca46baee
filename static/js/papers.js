// A paper under one's eyes: larger, smaller, whole, turned. Y goes on to the next field that the paper must say, A
// past all of them to the original; X opens
// the way to ask for it again, with the field's name in the message. Neither decides anything.
(function () {
  "use strict";
  var STEP = 1.4, MOST = 6;
  var size = 1, turns = 0;
  function show() {
    document.querySelectorAll(".viewer img").forEach(function (image) {
      image.style.transform = "rotate(" + 90 * turns + "deg) scale(" + size + ")";
    });
  }
  var views = {
    in: function () {
      size = Math.min(MOST, size * STEP);
    },
    out: function () {
      size = Math.max(1, size / STEP);
    },
    fit: function () {
      size = 1;
      turns = 0;
    },
    turn: function () {
      turns = (turns + 1) % 4;
    },
  };
  function row() {
    return document.querySelector("[data-row]:not(.matched)");
  }
  function match(all) {
    do {
      var here = row();
      if (here) here.classList.add("matched");
    } while (all && row());
    (row() || document.getElementById("asli")).focus();
  }
  function differs(link) {
    var here = row();
    var fold = document.querySelector("summary[data-key=f9]");
    if (!fold) return;
    if (!fold.parentNode.open) fold.click();
    var form = fold.parentNode.querySelector("form");
    var reason = form.querySelector("[value=differs]");
    if (reason) reason.checked = true;
    var message = form.querySelector("textarea");
    if (here && !message.value) message.value = here.dataset.row + ": " + link.dataset.begins + " ";
    message.focus();
    message.setSelectionRange(message.value.length, message.value.length);
    message.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-view], [data-match], [data-differs]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.view) {
      views[link.dataset.view]();
      show();
    } else if (link.dataset.match !== undefined) match(link.dataset.match === "all");
    else differs(link);
  });
  function dress() {
    document.querySelectorAll("[data-scripted]").forEach(function (part) {
      part.hidden = false;
    });
    document.querySelectorAll("[data-unscripted]").forEach(function (part) {
      part.hidden = true;
    });
  }
  document.addEventListener("DOMContentLoaded", dress);
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "isi") views.fit(); // another picture, not yet looked at
    dress();
  });
})();
