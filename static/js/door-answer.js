// What the door says of somebody while the server is away. Nothing is read or kept here: the list of the day, the
// queue, who was asked for and the hour go in; one kind of answer comes out, with what is known of the person.
(function () {
  "use strict";
  var NUMBER = 16; // characters of an application's number
  function dayOf(moment, zone) {
    return new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(moment); // 2026-11-23
  }
  function lineOf(list, code) {
    var rows = list.rows || [];
    return rows.find((row) => row.code === code || (code.length === NUMBER && row.number === code));
  }
  // `visit` is what a letter's signature holds for true; without it a code was typed.
  function answer(list, queue, code, visit, now) {
    if (visit && visit.office !== list.office) return { kind: "otherOffice", office: visit.office };
    var row = lineOf(list, code);
    var found = { code: row ? row.code : code, row: row, starts: row ? row.from : visit && visit.starts };
    var written = queue.find((one) => one.code === found.code && !one.words);
    if (written) return Object.assign(found, { kind: "written", at: written.at });
    if (row) return Object.assign(found, { kind: row.says ? "says" : hourly(list, row.from, row.until, now) });
    if (!visit) return Object.assign(found, { kind: "unknown" });
    if (dayOf(visit.starts, list.zone) !== list.day) return Object.assign(found, { kind: "otherDay" });
    // A letter for today whose person the list does not know: moved or withdrawn since it was printed.
    if (list.rows) return Object.assign(found, { kind: "notListed" });
    return Object.assign(found, { kind: hourly(list, visit.starts, Infinity, now) });
  }
  function hourly(list, starts, ends, now) {
    if (now < starts - list.early) return "early";
    return now > ends + list.late ? "late" : "accept";
  }
  function named(list, text) {
    var words = text.trim().toLowerCase();
    if (words.length < 3 || !list.rows) return [];
    return list.rows.filter((row) => row.name.toLowerCase().includes(words));
  }
  Object.assign(Luring, { answer, named, dayOf });
})();
