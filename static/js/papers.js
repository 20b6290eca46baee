// A paper under one's eyes: larger, smaller, whole, turned. Y goes on to the next field that the paper must say, A
// past all of them to the original; X opens
// the place to write what the paper says instead, of which the server drafts the message. Neither decides anything.
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
    point();
  }
  // Where X begins to write: beside the field that is under one's eyes.
  function point() {
    var here = row();
    document.querySelectorAll("[name^=differs-]").forEach(function (field) {
      field.toggleAttribute("data-first", Boolean(here) && field.name === "differs-" + here.dataset.row);
    });
  }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-view], [data-match]");
    if (!link) return;
    event.preventDefault();
    if (link.dataset.view) {
      views[link.dataset.view]();
      show();
    } else match(link.dataset.match === "all");
  });
  function dress() {
    document.querySelectorAll("[data-scripted]").forEach(function (part) {
      part.hidden = false;
    });
    document.querySelectorAll("[data-unscripted]").forEach(function (part) {
      part.hidden = true;
    });
    point();
  }
  document.addEventListener("DOMContentLoaded", dress);
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "isi") views.fit(); // another picture, not yet looked at
    dress();
  });
})();
