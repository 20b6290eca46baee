// The door while the server is away: a scan is judged here, an arrival is written down, and told once the server is
// there again.
(function () {
  "use strict";
  var LOOK = 15000; // ms between two looks whether the server is there
  var screen = Luring.screen;
  var form = document.getElementById("pindai");
  var list = null;
  var told = []; // what was told from this page, shown until it is read
  var since = null;
  async function drawQueue() {
    screen.queue((await Luring.queue()).concat(told), async function (read) {
      told = told.filter((one) => one !== read);
      await Luring.forget(read.key);
      drawQueue();
    });
  }
  async function accept(found, reason) {
    var row = found.row || {};
    var at = Math.round(Luring.now(list));
    var entry = { key: crypto.randomUUID(), list: list.id, code: found.code, name: row.name, at: at, reason: reason };
    await Luring.write(entry);
    screen.accepted(Object.assign({}, entry, { starts: found.starts, year: row.year }));
    await drawQueue();
    form.elements.scan.focus();
    look();
  }
  async function judge(text) {
    if (!list) return;
    var visit = null;
    if (Luring.isToken(text)) {
      visit = await Luring.verified(text, list.key).catch(() => undefined);
      if (!visit) return screen.refused(screen.say(visit === null ? "forged" : "cannotCheck"));
    }
    var found = Luring.answer(list, await Luring.queue(), visit ? visit.code : Luring.code(text), visit, Luring.now(list));
    var near = found.kind === "unknown" ? Luring.named(list, text) : [];
    if (near.length) return screen.matches(near, (row) => judge(row.code));
    if (found.kind === "accept") return accept(found);
    var facts = { office: found.office, made: screen.hour(list.made), hour: found.at && screen.hour(found.at) };
    if (found.starts) Object.assign(facts, { day: screen.day(found.starts), starts: screen.hour(found.starts), from: screen.hour(found.starts - list.early) });
    var sentence = found.kind === "says" ? found.row.says : screen.say(found.kind, facts);
    var mayAdmit = found.kind === "early" || found.kind === "late";
    screen.refused(sentence, found.row, mayAdmit && ((reason) => accept(found, reason)));
  }
  // Nobody was here for as long as a desk may be left alone: the names go, what was written down stays.
  async function hideNames() {
    if (!list || !list.rows || !Luring.isAlone(list)) return;
    list.rows = null;
    document.getElementById("jawaban").replaceChildren(); // at once: an answer that comes meanwhile names nobody
    await Luring.keep(list);
  }
  async function drawAll(found) {
    var next = await Luring.list();
    // What is kept may still name people whom this page has just hidden.
    if (next && (!list || next.made > list.made || (next.made === list.made && list.rows))) list = next;
    if (!next) list = null;
    await hideNames();
    if (list) screen.of(list);
    if (!found.away) since = null;
    else since = since || (list ? Luring.now(list) : Date.now());
    var state = found.ok ? "back" : found.out ? "signIn" : found.refused ? "noRole" : "away";
    screen.state(screen.say(state, { hour: since && screen.hour(since) }), list);
    document.getElementById("kembali").hidden = state === "away";
    form.hidden = !list;
    await drawQueue();
  }
  async function look() {
    var found = await Luring.meet((one) => one.became === "let_in" || one.became === "here" ? told.push(one) : 0);
    told = told.slice(-5);
    await drawAll(found);
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var text = form.elements.scan.value;
    form.elements.scan.value = "";
    if (text.trim()) judge(text);
  });
  ["keydown", "pointerdown"].forEach((name) => document.addEventListener(name, () => list && Luring.seen(list)));
  document.addEventListener("keydown", function (event) {
    if (event.key === "F8" && !document.getElementById("kembali").hidden) document.getElementById("kembali").click();
  });
  document.getElementById("kirim").addEventListener("click", look);
  document.getElementById("hapus").addEventListener("click", () => (Luring.drop(), (list = null), drawAll({ away: true })));
  window.addEventListener("online", look);
  setInterval(look, LOOK);
  // A scan that met no server on the ordinary page comes along behind the # and goes no farther.
  var brought = decodeURIComponent(location.hash.slice(1));
  if (brought) history.replaceState(null, "", location.pathname);
  drawAll({ away: true }).then(() => (brought ? judge(brought) : 0)).then(look);
})();
