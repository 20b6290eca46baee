// Keys of the desk: data-key="n" on a link, button or field; J and K walk
// through the rows of table.desk. On a summary the key opens it and goes to its first field.
(function () {
  "use strict";
  function typing(element) {
    return /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) && !/^(radio|checkbox)$/.test(element.type);
  }
  function walk(step) {
    var links = Array.prototype.slice.call(document.querySelectorAll("table.desk tbody a"));
    if (!links.length) return;
    var at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
  }
  function unfold(summary) {
    summary.click();
    var first = summary.parentNode.querySelector("input:not([type=hidden]), textarea, select");
    (summary.parentNode.open && first ? first : summary).focus();
  }
  // What stands in the scan field is marked, so that the next scan replaces it.
  var scan = document.querySelector(".scanbox [autofocus]");
  if (scan) scan.select();
  document.addEventListener("keydown", function (event) {
    if (!document.querySelector(".desk-page")) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape" && typing(event.target)) return event.target.blur();
    if (typing(event.target)) return;
    var key = event.key.toLowerCase();
    if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
    var wanted = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (!wanted || wanted.disabled) return;
    event.preventDefault();
    if (wanted.tagName === "SUMMARY") return unfold(wanted);
    if (typing(wanted)) {
      wanted.focus();
      wanted.select();
    } else {
      wanted.click();
    }
  });
})();
