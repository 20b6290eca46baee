// Asks the server whether it is there again, tells it what was written down meanwhile, one arrival after the
// other, and brings the list of the day. The same arrival may be told many times: its key makes it one.
(function () {
  "use strict";
  var PATIENCE = 8000; // ms until a server that does not answer counts as away
  var HOME = "/petugas/hadir/luring/";
  var telling = null;
  // {ok} with what it said; {away}; {out}: somebody must sign in first; {refused}: the role is not there any more.
  async function ask(path, token, fields) {
    var options = { redirect: "manual", cache: "no-store", headers: { "X-Poll": "1" }, signal: AbortSignal.timeout(PATIENCE) };
    if (token) Object.assign(options, { method: "POST", body: new URLSearchParams(fields) }, { headers: { "X-Poll": "1", "X-CSRFToken": token } });
    try {
      var answer = await fetch(HOME + path, options);
      if (answer.type === "opaqueredirect") return { out: true };
      // What stands in front of the server has answered in its place, or it is too busy to.
      if (!answer.headers.has("Content-Security-Policy") || answer.status >= 500) return { away: true };
      var isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (answer.ok && isJson) return { ok: await answer.json() };
      return answer.status === 403 ? { refused: true } : { out: true };
    } catch (error) {
      return { away: true };
    }
  }
  async function signOfLife() {
    var found = await ask("tanda");
    if (found.refused) Luring.drop(); // whoever signs in here, or unlocks, drops it by that page (drop-list.js)
    return found;
  }
  async function renew(token) {
    var found = await ask("daftar", token, {});
    if (found.ok) await Luring.keep(Object.assign(found.ok, { keptAt: Date.now() }));
    return found;
  }
  async function one(entry, token) {
    var fields = { key: entry.key, list: entry.list, code: entry.code, at: entry.at, reason: entry.reason || "" };
    var found = await ask("kirim", token, fields);
    if (!found.ok) return found;
    var done = Object.assign({}, entry, found.ok);
    if (done.became === "let_in" || done.became === "here") await Luring.forget(entry.key);
    else await Luring.write(done); // stays on the screen with its reason until somebody has read it
    return { ok: done };
  }
  async function tellAll(token, told) {
    for (var entry of await Luring.queue()) {
      if (entry.words) continue;
      var found = await one(entry, token);
      if (!found.ok) return found;
      told(found.ok);
    }
    return { ok: true };
  }
  // Everything at once: tell, then bring a list that knows of it. `told` hears of each arrival.
  async function meet(told) {
    var found = await signOfLife();
    if (!found.ok) return found;
    var token = found.ok.token;
    if (localStorage.getItem("luring-antre") !== "0") found = await tellAll(token, told);
    return found.ok ? renew(token) : found;
  }
  // One at a time in this page; what another page tells meanwhile changes nothing.
  Luring.meet = function (told) {
    telling = telling || meet(told || function () {}).finally(() => (telling = null));
    return telling;
  };
})();
