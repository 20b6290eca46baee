// What the door shows while the server is away. Sentences come translated with the page (data-… of its script) and
// structure from its templates; people only as plain text.
(function () {
  "use strict";
  var words = document.currentScript.dataset;
  var zone = "Asia/Jakarta";
  var office = "";
  var byId = (id) => document.getElementById(id);
  var say = (key, facts) => (words[key] || "").replace(/\{(\w+)\}/g, (_all, name) => (facts || {})[name]);
  var hour = (at) => new Intl.DateTimeFormat("id-ID", { timeStyle: "short", timeZone: zone }).format(at);
  function day(at) {
    var parts = { weekday: "long", day: "numeric", month: "long", timeZone: zone };
    return new Intl.DateTimeFormat(document.documentElement.lang, parts).format(at);
  }
  // A copy of a template, its places (data-f) filled; what there is nothing for is left out.
  function drawn(id, facts) {
    var copy = byId(id).content.firstElementChild.cloneNode(true);
    copy.querySelectorAll("[data-f]").forEach(function (place) {
      var text = facts[place.dataset.f];
      if (text) place.textContent = text;
      else place.remove();
    });
    return copy;
  }
  // Who was written down just now, as the slip that Ctrl+P prints.
  function accepted(entry) {
    var facts = { title: say("accept"), office: office, hour: hour(entry.starts), where: say("where") };
    Object.assign(facts, { name: entry.name || say("noName"), year: entry.year, at: day(entry.at) + ", " + hour(entry.at) });
    byId("jawaban").replaceChildren(drawn("diterima", facts));
  }
  // Why somebody is not simply let in; `admit` where the door may write a reason.
  function refused(title, row, admit) {
    var facts = { title: title, name: row && row.name, year: row && row.year };
    var box = drawn("tidak", Object.assign(facts, admit && { label: say("reason"), admit: say("admit") }));
    var form = box.querySelector("form");
    if (!admit) form.remove();
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var reason = form.elements.reason.value.trim();
      if (reason) admit(reason);
    });
    byId("jawaban").replaceChildren(box);
  }
  function matches(rows, pick) {
    var found = rows.slice(0, 8).map(function (row) {
      var one = drawn("orang", { name: row.name, year: row.year, hour: hour(row.from), pick: say("pick") });
      one.querySelector("button").addEventListener("click", () => pick(row));
      return one;
    });
    byId("jawaban").replaceChildren(...found);
  }
  // What waits to be told, and what was told without success until somebody has read it.
  function queue(lines, read) {
    var found = lines.map(function (one) {
      var facts = { name: one.name || one.code, hour: hour(one.at), words: one.words || say("waits"), read: one.words && say("read") };
      var line = drawn("baris", facts);
      var button = line.querySelector("button");
      if (button) button.addEventListener("click", () => read(one));
      return line;
    });
    byId("antre").replaceChildren(...found);
    byId("jumlah").textContent = say("count", { n: lines.filter((one) => !one.words).length });
  }
  function state(title, list) {
    byId("keadaan").textContent = title;
    var rows = list && list.rows;
    var facts = list && { made: hour(list.made), day: day(list.made), n: rows && rows.length };
    byId("daftar").textContent = say(rows ? "list" : list ? "listHidden" : "noList", facts);
    byId("hapus").hidden = !list;
  }
  function of(list) {
    zone = list.zone;
    office = list.officeName;
  }
  Luring.screen = { accepted, refused, matches, queue, state, of, say, hour, day };
})();
