// Time left, counted from the server's clock: a phone's own clock may be wrong by hours.
(function () {
  "use strict";
  var begun = Date.now();
  function words(box, left) {
    var hours = Math.floor(left / 3600);
    var minutes = Math.floor((left % 3600) / 60);
    var data = box.dataset;
    if (hours) return data.hours.replace("{h}", hours).replace("{m}", minutes);
    if (minutes) return data.minutes.replace("{m}", minutes);
    return data.seconds.replace("{s}", Math.floor(left));
  }
  function tick() {
    document.querySelectorAll(".countdown[data-until]").forEach(function (box) {
      // A box that came by htmx brings a newer "now": each box remembers when it was first seen.
      if (!box.dataset.seen) box.dataset.seen = String(box.dataset.begun || Date.now());
      var now = Date.parse(box.dataset.now) + Date.now() - Number(box.dataset.seen);
      var until = Date.parse(box.dataset.until);
      var started = Date.parse(box.dataset.started);
      var left = Math.max(0, (until - now) / 1000);
      var text = words(box, left);
      var target = box.querySelector(".left span");
      if (target.textContent !== text) target.textContent = text;
      box.querySelector(".on").setAttribute("width", String((100 * left * 1000) / (until - started)));
    });
  }
  document.querySelectorAll(".countdown").forEach(function (box) {
    box.dataset.begun = String(begun);
  });
  tick();
  setInterval(tick, 1000);
})();
