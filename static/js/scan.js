// A hand scanner is a keyboard faster than any hand. Wherever the focus is, what it types is taken out of
// the way and goes to the scan field of the page, or is looked up beside whatever lies open.
(function () {
  "use strict";
  var GAP = 35; // ms between two characters
  var ENOUGH = 6; // signs in a row
  var PAUSE = 300; // ms of silence that end a scan without Enter or Tab; a busy computer makes shorter ones
  var HICCUP = 1000; // ms: what a scan began to type into its own field before the computer was busy is part of it
  var text = "";
  var last = -GAP;
  var field = null;
  var before = "";
  var begun = "";
  var ending = 0;
  function begin(target, gap) {
    text = begun = "";
    field = target.matches("input:not([type=radio]):not([type=checkbox]):not([type=file]), textarea") ? target : null;
    before = field ? field.value : "";
    if (!field || !field.dataset.scan || gap > HICCUP) return;
    begun = before.slice(0, field.selectionStart) + before.slice(field.selectionEnd);
  }
  function send(form, box, found) {
    box.value = found;
    form.requestSubmit();
    if (box.select) box.select(); // the next scan replaces it
  }
  // The two lines of a passport come with an Enter between them, and are not all that their form asks.
  function isHalf() {
    return field && text.split("\n").length < Number(field.dataset.lines || 1);
  }
  function end() {
    var found = begun + text;
    if (field && field.dataset.lines) {
      text = "";
      field.value = found.trim();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      var all = Array.prototype.slice.call(field.form.querySelectorAll("[data-lines]"));
      (all[all.indexOf(field) + 1] || field.form.querySelector("[data-key]") || field).focus();
      return;
    }
    var fits = function (box) {
      return box && found.length <= Number(box.dataset.scan);
    };
    var box = fits(field) ? field : document.querySelector("main .scanbox [data-scan]");
    text = "";
    if (fits(box)) return send(box.form, box, found);
    var form = document.getElementById("pindai");
    send(form, form.elements.scan, found);
  }
  // What stands in the scan field is marked, so that the next scan replaces it.
  var first = document.querySelector(".scanbox [autofocus]");
  if (first) first.select();
  document.addEventListener(
    "keydown",
    function (event) {
      if (!document.getElementById("pindai") || event.isComposing) return;
      if (event.repeat) return begin(event.target, PAUSE);
      var isEnd = event.key === "Enter" || event.key === "Tab";
      if (event.key.length > 1 && !isEnd) return;
      var gap = event.timeStamp - last;
      last = event.timeStamp;
      if (gap >= (text.length < ENOUGH ? GAP : PAUSE)) begin(event.target, gap);
      var isControl = event.ctrlKey || event.altKey || event.metaKey;
      if (!isEnd && !isControl) text += event.key;
      if (text.length < ENOUGH) return;
      event.preventDefault();
      if (text.length === ENOUGH && field) field.value = before;
      clearTimeout(ending);
      if (isEnd && isHalf()) text += "\n";
      if (isEnd && text.slice(-1) !== "\n") end();
      else ending = setTimeout(end, PAUSE);
    },
    true
  );
})();
