// The list of the day goes with its officer: a page for somebody else, or for nobody, drops what this computer kept
// for the door, and so does signing out. Arrivals that wait to be told stay, sealed, and nobody sees them here.
(function () {
  "use strict";
  var mine = document.currentScript.dataset.list;
  var SEEN = "luring-ada";
  if (mine === undefined) return; // a page that does not know who sits here
  function drop() {
    localStorage.removeItem("luring-milik");
    localStorage.removeItem(SEEN);
    indexedDB.deleteDatabase("luring-daftar");
  }
  var kept = localStorage.getItem("luring-milik");
  if (kept && kept !== mine) drop();
  else if (kept) localStorage.setItem(SEEN, Date.now()); // the server knows who sits here
  // A desk that was left alone is not taken up again by a key: the list's names stay hidden until a page says who it is.
  function seen() {
    var box = document.getElementById("kunci");
    var last = Number(localStorage.getItem(SEEN));
    if (last && box && !box.open && Date.now() - last < Number(box.dataset.idle) * 1000) localStorage.setItem(SEEN, Date.now());
  }
  document.addEventListener("keydown", seen);
  document.addEventListener("pointerdown", seen);
  document.addEventListener("submit", function (event) {
    var action = event.target.getAttribute("action");
    if ((action === "/petugas/keluar" || action === "/petugas/kios") && localStorage.getItem("luring-milik")) drop();
  });
})();
