// Stands in front of the door's pages: the server answers, and where it does not, the page that was kept for that.
// A scan that could not be sent goes along. Nothing of anybody is kept here.
(function () {
  "use strict";
  var OFFLINE = "/petugas/hadir/luring";
  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  function kept() {
    return caches.match(OFFLINE, { ignoreVary: true });
  }
  // What stands in front of our server answers in its place while it is away: such an answer lacks our policy.
  function isOurs(answer) {
    return answer.status < 500 || answer.headers.has("Content-Security-Policy");
  }
  async function page(request, path) {
    var copy = request.method === "POST" ? request.clone() : null;
    try {
      var answer = await fetch(request);
      if (isOurs(answer)) return answer;
    } catch (error) {
      answer = Response.error();
    }
    var instead = await kept();
    if (!instead) return answer;
    if (path === OFFLINE) return instead;
    var scan = copy && (await copy.formData()).get("scan");
    return Response.redirect(OFFLINE + (scan ? "#" + encodeURIComponent(scan) : ""), 303);
  }
  self.addEventListener("fetch", function (event) {
    var path = new URL(event.request.url).pathname;
    if (event.request.mode === "navigate") event.respondWith(page(event.request, path));
    else if (path.startsWith("/static/")) {
      event.respondWith(caches.match(event.request, { ignoreVary: true }).then((found) => found || fetch(event.request)));
    }
  });
})();
