// A hand scanner is a keyboard faster than any hand. Wherever the focus is, what it types is taken out of
// the way and goes to the scan field of the page, or is looked up beside whatever lies open.
(function () {
  "use strict";
  var GAP = 35; // ms between two signs
  var ENOUGH = 6; // signs in a row
  var PAUSE = 120; // ms of silence that end a scan without Enter or Tab
  var text = "";
  var last = -GAP;
  var field = null;
  var before = "";
  var ending = 0;
  function begin(target) {
    text = "";
    field = target.matches("input:not([type=radio]):not([type=checkbox]):not([type=file]), textarea") ? target : null;
    before = field ? field.value : "";
  }
  function send(form, box, found) {
    box.value = found;
    form.requestSubmit();
  }
  function end() {
    var found = text;
    var box = field && found.length <= Number(field.dataset.scan) ? field : document.querySelector("main .scanbox [data-scan]");
    text = "";
    if (box) return send(box.form, box, found);
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
      if (event.repeat) return begin(event.target);
      var isEnd = event.key === "Enter" || event.key === "Tab";
      if (event.key.length > 1 && !isEnd) return;
      var isFast = event.timeStamp - last < GAP;
      last = event.timeStamp;
      if (!isFast) begin(event.target);
      var isControl = event.ctrlKey || event.altKey || event.metaKey;
      if (!isEnd && !isControl) text += event.key;
      if (text.length < ENOUGH) return;
      event.preventDefault();
      if (text.length === ENOUGH && field) field.value = before;
      clearTimeout(ending);
      if (isEnd) end();
      else ending = setTimeout(end, PAUSE);
    },
    true
  );
})();
