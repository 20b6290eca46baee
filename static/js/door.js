// The ordinary door prepares for a server that goes away: a worker that keeps the page for that, the list of the day,
// and a look every minute. When nobody answers, F8 or the next scan leads to the offline door.
(function () {
  "use strict";
  var RENEW = 60000; // ms
  var AGAIN = 4000; // ms after which one look that failed is not called an outage yet
  document.addEventListener("DOMContentLoaded", function () {
    var box = document.getElementById("luring");
    if (!box || !Luring.isAble) return;
    var page = box.dataset.page;
    async function keepPage() {
      await navigator.serviceWorker.register(box.dataset.worker, { scope: "/petugas/hadir" });
      var wanted = [page].concat(box.dataset.keep.split(" "));
      var cache = await caches.open("luring");
      await cache.addAll(wanted);
      var kept = await cache.keys(); // what an older version of these pages needed
      await Promise.all(kept.filter((one) => !wanted.includes(new URL(one.url).pathname)).map((one) => cache.delete(one)));
    }
    function draw(isAway) {
      var waits = Number(localStorage.getItem("luring-antre"));
      var line = box.querySelector("[data-queue]");
      line.querySelector("b").textContent = waits;
      line.hidden = !waits;
      box.querySelector("[data-away]").hidden = !isAway;
      box.hidden = !isAway && !waits;
    }
    async function look(isAgain) {
      var found = await Luring.meet();
      if (found.away && isAgain !== true) return setTimeout(look, AGAIN, true);
      draw(Boolean(found.away));
    }
    document.addEventListener("keydown", function (event) {
      if (event.key === "F8" && !box.querySelector("[data-away]").hidden) location.assign(page);
    });
    window.addEventListener("offline", () => look(true));
    window.addEventListener("online", look);
    setInterval(look, RENEW);
    keepPage().catch(function () {}); // tried again with the next page
    look();
  });
})();
