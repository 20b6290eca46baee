// What a hand scanner typed, read without a server: the same readings as applications/scanned_text.py, and the
// signature as in applications/visit_token.py, by a public key that can check and not sign.
(function () {
  "use strict";
  var ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWX";
  var CODES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  var KIND = /^.{0,6}?(?=MP[12])|^\][A-Z][0-9]/i;
  var TOKEN = /^MP2([0-9A-HJ-NP-X]{116,200})$/;
  var EARLIER = /^(MP1\.([0-9A-HJKMNP-TV-Z]{8})\.([a-z0-9-]{1,40})\.([0-9]{12}))\.([A-Za-z0-9_-]{86})$/;
  var LAYOUTS = [["yzYZß?", "zyZY-_"], ["yzYZ/?", "zyZY-_"]];
  var UNSEEN = /[\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;
  var LONGEST = 300;
  var SHORTEST = 64 + 5 + 4 + 1; // bytes: signature, code, minutes, an office
  function translated(text, from, to) {
    return Array.from(text, (sign) => (from.includes(sign) ? to[from.indexOf(sign)] : sign)).join("");
  }
  function swapped(text) {
    return Array.from(text, (sign) => (sign === sign.toLowerCase() ? sign.toUpperCase() : sign.toLowerCase())).join("");
  }
  function cleaned(text) {
    var visible = text.slice(0, LONGEST).replace(UNSEEN, "");
    return visible.replace(/^\*+|\*+$/g, "").replace(KIND, "").replace(/^\*+|\*+$/g, "");
  }
  function readings(text) {
    var bare = cleaned(text);
    var plain = [bare].concat(LAYOUTS.map((layout) => translated(bare, layout[0], layout[1])));
    var capitals = translated(bare.toUpperCase(), "IO", "10");
    return Array.from(new Set([capitals].concat(plain, plain.map(swapped))));
  }
  function isToken(text) {
    var bare = cleaned(text);
    return !text.includes("://") && (/^MP[12]/i.test(bare) || bare.length > 40);
  }
  // The code that was typed, or that one of our addresses names.
  function code(text) {
    var bare = cleaned(text);
    try {
      var address = bare.includes("://") ? new URL(bare) : null;
      if (address) bare = address.searchParams.get("kode") || address.pathname.replace(/\/+$/, "").split("/").pop();
    } catch (error) {
      return "";
    }
    return translated(bare.replace(/[\s.\-–—_]/g, "").toUpperCase(), "ILO", "110");
  }
  function bytesOf(text) {
    var number = 0n;
    for (var sign of text) number = (number << 5n) | BigInt(ALPHABET.indexOf(sign));
    var over = (text.length * 5) % 8;
    var length = (text.length * 5 - over) / 8;
    // Unused bits at the end are zero and no character is to spare: one visit, one text.
    if (number & ((1n << BigInt(over)) - 1n) || Math.ceil((length * 8) / 5) !== text.length) return null;
    number >>= BigInt(over);
    var found = new Uint8Array(length);
    for (var place = length - 1; place >= 0; place--, number >>= 8n) found[place] = Number(number & 255n);
    return found;
  }
  function joined(purpose, body) {
    var head = new TextEncoder().encode(purpose + "\0");
    var all = new Uint8Array(head.length + body.length);
    all.set(head);
    all.set(body, head.length);
    return all;
  }
  function newest(shape) {
    var bytes = bytesOf(shape[1]);
    if (!bytes || bytes.length < SHORTEST) return null;
    var body = bytes.slice(64);
    var number = body.slice(0, 5).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    var signs = [35, 30, 25, 20, 15, 10, 5, 0].map((bits) => CODES[Number((number >> BigInt(bits)) & 31n)]);
    var minutes = new DataView(body.buffer).getUint32(5);
    var visit = { code: signs.join(""), office: new TextDecoder().decode(body.slice(9)), starts: minutes * 60000 };
    return { signature: bytes.slice(0, 64), signed: joined("mpaspor visit 2", body), visit: visit };
  }
  function earlier(shape) {
    var at = shape[4].match(/(....)(..)(..)(..)(..)/).slice(1).map(Number);
    var visit = { code: shape[2], office: shape[3], starts: Date.UTC(at[0], at[1] - 1, at[2], at[3], at[4]) };
    var text = atob(shape[5].replace(/-/g, "+").replace(/_/g, "/") + "==");
    var signature = Uint8Array.from(text, (sign) => sign.charCodeAt(0));
    return { signature: signature, signed: joined("mpaspor visit", new TextEncoder().encode(shape[1])), visit: visit };
  }
  // The visit that was signed, or null for what we did not sign. Throws where this browser cannot check it.
  async function verified(text, key) {
    var raw = Uint8Array.from(atob(key), (sign) => sign.charCodeAt(0));
    var checker = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    for (var reading of readings(text)) {
      var shape = TOKEN.exec(reading);
      var found = shape ? newest(shape) : (shape = EARLIER.exec(reading)) && earlier(shape);
      if (found && (await crypto.subtle.verify("Ed25519", checker, found.signature, found.signed))) return found.visit;
    }
    return null;
  }
  Object.assign(Luring, { isToken, code, verified, readings });
})();
