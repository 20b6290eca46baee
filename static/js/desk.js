// Keys of the desk. A letter moves, opens or calls and never decides: data-key stands on links, fields, folds,
// and on the buttons of the queue (data-turn).
// Decisions take two fingers: Ctrl+Enter presses the verb (data-verb) that is stated; F9 opens the other way.
(function () {
  "use strict";
  var HOLD = 40; // ms that a letter waits: when another character follows at once, a scanner is typing
  var DEAF = 400; // ms after loading in which keys were meant for the page before
  var born = performance.now();
  var waiting = 0;
  var written = false; // something was typed here and has not been sent
  function asked() {
    return document.querySelector("main dialog[open]");
  }
  function inForm(element) {
    return element.closest && element.closest("form");
  }
  function walk(step) {
    var links = Array.prototype.slice.call(document.querySelectorAll("table.desk tbody a"));
    if (!links.length) return;
    var at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at + step))].focus();
  }
  function unfold(summary) {
    if (!summary.parentNode.open) summary.click();
    var first = summary.parentNode.querySelector("[data-first]") || summary.parentNode.querySelector("input:not([type=hidden]), textarea, select");
    (first || summary).focus();
  }
  // The form that has the focus, else the page's one verb; none while another way stands open beside it.
  function verb(target) {
    var form = inForm(target);
    if (form && form.method === "post" && form.closest("main")) return form.querySelector("button:not([type=button])");
    if (asked() || document.querySelector("main details[open] form[method=post]")) return null;
    var verbs = document.querySelectorAll("main [data-verb]");
    return verbs.length === 1 ? verbs[0] : null;
  }
  // What has to be looked at has its number: there a digit ticks, and nothing else is sent or opened.
  function tick(target, key) {
    var form = target.matches("input[type=checkbox]") && inForm(target);
    return form && form.querySelector('input[data-key="' + CSS.escape(key) + '"]');
  }
  function open(key) {
    if ((key === "j" || key === "k") && !asked()) return walk(key === "j" ? 1 : -1);
    var wanted = (asked() || document).querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (!wanted || (wanted.matches("button, [type=submit]") && !("turn" in wanted.dataset))) return;
    if (wanted.tagName === "SUMMARY") return unfold(wanted);
    wanted.focus();
    if (wanted.select) wanted.select();
    else wanted.click();
  }
  function press(event) {
    var button = event.key === "Enter" && event.ctrlKey && verb(event.target);
    var other = event.key === "F9" && !asked() && document.querySelector('main summary[data-key="f9"]');
    if (!button && !other) return false;
    event.preventDefault();
    if (button) button.click();
    else unfold(other);
    return true;
  }
  document.addEventListener("keydown", function (event) {
    clearTimeout(waiting);
    if (!document.querySelector(".desk-page") || event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape" && inForm(event.target)) return event.target.blur();
    if (event.repeat || event.timeStamp - born < DEAF || press(event)) return;
    if (event.ctrlKey || event.altKey || event.metaKey || event.key.length > 1) return;
    var key = event.key.toLowerCase();
    if (tick(event.target, key)) {
      waiting = setTimeout(function (box) {
        box.focus();
        box.click();
      }, HOLD, tick(event.target, key));
      return;
    }
    if (inForm(event.target) || written) return;
    if (key === "/") {
      event.preventDefault(); // else the browser's own search opens
      return open(key);
    }
    waiting = setTimeout(open, HOLD, key);
  });
  document.addEventListener("input", function (event) {
    if (event.target.closest(".desk-page main form[method=post]")) written = true;
  });
  // A form that was sent leaves nothing unsent; one sent in place, once it is taken, or where its refusal does not bring
  // it back. Another main part is another page: a key that is still on its way was not meant for it.
  document.addEventListener("submit", function (event) {
    if (!event.defaultPrevented) written = false;
  });
  document.addEventListener("htmx:beforeOnLoad", function (event) {
    if (event.detail.elt.matches("main form") && event.detail.xhr.status < 400) written = false;
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id !== "isi") return;
    born = performance.now();
    written = written && Boolean(document.querySelector('main form[action="' + event.detail.pathInfo.requestPath + '"]'));
  });
  window.addEventListener("beforeunload", function (event) {
    if (written) event.preventDefault();
  });
})();
