// A kiosk: what is typed goes into its one field wherever somebody has touched the screen before, and a letter is
// printed as soon as it is there. Without scripts the letter's own viewer prints.
(function () {
  "use strict";
  var field = document.getElementById("scan");
  var frame = document.getElementById("cetak");
  // What a person has opened is not there for the next one, nor under Back.
  var answer = document.querySelector("[data-back]");
  if (answer) {
    setTimeout(function () {
      location.replace(answer.dataset.back);
    }, answer.dataset.seconds * 1000);
  }
  document.addEventListener("keydown", function (event) {
    if (field && event.target === document.body && event.key.length === 1) field.focus();
  });
  if (!frame) return;
  // Whoever stands behind the person reads no letter: it goes to the printer unseen, where the browser lets us.
  frame.classList.add("unseen");
  frame.addEventListener("load", function () {
    try {
      frame.contentWindow.focus();
      frame.contentWindow.print();
    } catch (error) {
      frame.classList.remove("unseen"); // then by the button of the browser's own viewer
    }
  });
})();
