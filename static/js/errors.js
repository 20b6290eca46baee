// After a part came: a refused form's summary is read first, and each of its links leads to the field. A part
// that took the place of what had the focus gets it, so that the keyboard does not start from the top again.
(function () {
  "use strict";
  function focusSummary(root) {
    var summary = root.querySelector ? root.querySelector(".errors") : null;
    if (!summary && root.classList && root.classList.contains("errors")) summary = root;
    if (!summary) return false;
    summary.focus();
    summary.scrollIntoView({ block: "start" });
    return true;
  }
  function tell(words) {
    document.getElementById("warta").textContent = words;
  }
  document.addEventListener("htmx:afterSwap", function (event) {
    var part = event.detail.elt || event.target;
    // What came along for another place (a figure, a sum) is not what was asked for.
    if (part.id && part.id !== event.detail.target.id) return;
    var wasAsked = event.detail.requestConfig.triggeringEvent;
    var heading = part.id === "isi" && !wasAsked && part.querySelector("h1");
    // The page changed by itself: its new heading is read out, and nobody is moved.
    if (heading) tell(heading.textContent);
    if (part.dataset && part.dataset.said) tell(part.dataset.said);
    if (focusSummary(part) || document.activeElement !== document.body || !part.focus || !wasAsked) return;
    var wrong = part.querySelector("[aria-invalid]");
    if (wrong) {
      var why = wrong.closest(".field").querySelector(".wrong");
      if (why) tell(why.textContent.trim());
      return wrong.focus();
    }
    part.setAttribute("tabindex", "-1");
    part.focus({ preventScroll: true });
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest ? event.target.closest(".errors a[href^='#']") : null;
    if (!link) return;
    var field = document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    event.preventDefault();
    var group = field.closest(".field") || field;
    group.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
  focusSummary(document);
})();
