// The screen of a waiting room says each new call once. What stood there before the voice was switched on is old.
(function () {
  "use strict";
  var REMEMBERED = 200; // calls; a screen that runs for weeks keeps no more
  var button = document.getElementById("suara");
  var speech = window.speechSynthesis;
  if (!button || !speech) return;
  var isOn = false;
  var said = [];
  function say(words) {
    var one = new SpeechSynthesisUtterance(words);
    one.lang = "id-ID";
    one.rate = 0.9;
    speech.speak(one);
  }
  function listen() {
    document.querySelectorAll("[data-call]").forEach(function (call) {
      if (said.indexOf(call.dataset.call) >= 0) return;
      said.push(call.dataset.call);
      if (isOn) say(call.dataset.words);
    });
    said = said.slice(-REMEMBERED);
  }
  listen();
  button.hidden = false; // a browser speaks only after somebody pressed something
  button.addEventListener("click", function () {
    isOn = true;
    button.hidden = true;
    say(button.dataset.ready);
  });
  document.addEventListener("htmx:afterSwap", listen);
})();
