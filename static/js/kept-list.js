// What the computer at the door keeps for when the server is away: the list of the day, which goes with its
// officer, and the queue of arrivals, which stays until it is told. Both are sealed by a key that the browser
// does not hand out; that hides them from a look at the files, not from whoever uses this browser.
(function () {
  "use strict";
  var LIST = "luring-daftar";
  var QUEUE = "luring-antrean";
  var OWNER = "luring-milik"; // in localStorage: whose list it is, and how many arrivals wait
  var WAITING = "luring-antre";
  var SEEN = "luring-ada"; // when somebody last did something here: their list outlives no locked screen
  var BACKWARDS = 3600000; // ms by which a clock may be set back without making an old list a new one
  function promised(request) {
    return new Promise(function (done, failed) {
      request.onsuccess = function () {
        done(request.result);
      };
      request.onerror = function () {
        failed(request.error);
      };
    });
  }
  // One act on one of the two stores; closed at once, so that another page may drop it.
  async function act(name, mode, does) {
    var opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = function () {
      opening.result.createObjectStore("isi");
    };
    var db = await promised(opening);
    try {
      return await promised(does(db.transaction("isi", mode).objectStore("isi")));
    } finally {
      db.close();
    }
  }
  async function keyOf(name) {
    var made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    await act(name, "readwrite", (store) => store.add(made, "kunci")).catch(function () {}); // there is one already
    return act(name, "readonly", (store) => store.get("kunci"));
  }
  async function put(name, place, value) {
    var iv = crypto.getRandomValues(new Uint8Array(12));
    var text = new TextEncoder().encode(JSON.stringify(value));
    var sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: iv }, await keyOf(name), text);
    return act(name, "readwrite", (store) => store.put({ iv: iv, sealed: sealed }, place));
  }
  async function opened(name, kept) {
    if (!kept || !kept.sealed) return null;
    var text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv }, await keyOf(name), kept.sealed);
    return JSON.parse(new TextDecoder().decode(text));
  }
  function drop() {
    localStorage.removeItem(OWNER);
    localStorage.removeItem(SEEN);
    indexedDB.deleteDatabase(LIST);
  }
  async function list() {
    if (!localStorage.getItem(OWNER)) return null;
    var kept = await act(LIST, "readonly", (store) => store.get("daftar"));
    var found = await opened(LIST, kept).catch(() => null); // dropped by another page meanwhile
    if (found && (now(found) >= found.until || Date.now() < found.keptAt - BACKWARDS)) drop();
    else return found;
    return null;
  }
  // The hour by the server's clock, as far as this computer's own has run on since it was compared.
  function now(found) {
    return Date.now() + found.made - found.keptAt;
  }
  async function keep(found) {
    await put(LIST, "daftar", found);
    localStorage.setItem(OWNER, found.owner);
    if (!localStorage.getItem(SEEN)) localStorage.setItem(SEEN, Date.now());
  }
  // Whether the desk was left alone for as long as it may be. Whoever comes later is nobody we know.
  function isAlone(found) {
    return Date.now() - Number(localStorage.getItem(SEEN)) >= found.idle;
  }
  function seen(found) {
    if (!isAlone(found)) localStorage.setItem(SEEN, Date.now());
  }
  async function queue() {
    var all = await act(QUEUE, "readonly", (store) => store.getAll());
    var found = (await Promise.all(all.map((one) => opened(QUEUE, one)))).filter(Boolean);
    var waits = found.filter((one) => !one.words).length;
    localStorage.setItem(WAITING, waits);
    // Whoever signs out of either half in this browser: the server must know not to clear it (web/headers.py).
    document.cookie = "mp_antre=" + waits + ";path=/;samesite=strict;max-age=" + (waits ? 31536000 : 0);
    return found.sort((a, b) => a.at - b.at);
  }
  async function write(one) {
    await put(QUEUE, one.key, one);
    return queue();
  }
  async function forget(key) {
    await act(QUEUE, "readwrite", (store) => store.delete(key));
    return queue();
  }
  var isAble = window.isSecureContext && "serviceWorker" in navigator && "indexedDB" in window;
  window.Luring = { isAble, list, keep, drop, now, isAlone, seen, queue, write, forget };
})();
