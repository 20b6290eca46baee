// The counter's camera: what it sees stands in the form, an oval for the face over it. Space takes the photo, and
// once more looks again. Light and sharpness are advice. Without a camera, or a right to it, a file is chosen.
(function () {
  "use strict";
  var DARK = 60, BRIGHT = 215, BLURRED = 25; // mean grey, mean grey, variance of the Laplacian
  function greys(picture, width, height) {
    var small = document.createElement("canvas");
    small.width = width;
    small.height = height;
    var pen = small.getContext("2d");
    pen.drawImage(picture, 0, 0, width, height);
    var pixels = pen.getImageData(0, 0, width, height).data;
    var found = [];
    for (var i = 0; i < pixels.length; i += 4) {
      found.push(0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2]);
    }
    return found;
  }
  function judge(box, picture) {
    var wide = 320, high = Math.round((wide * picture.height) / picture.width);
    var grey = greys(picture, wide, high);
    var sum = 0, edges = 0, squares = 0, count = 0;
    for (var at = 0; at < grey.length; at++) {
      sum += grey[at];
      var x = at % wide;
      if (!x || x === wide - 1 || at < wide || at >= grey.length - wide) continue;
      var edge = grey[at - 1] + grey[at + 1] + grey[at - wide] + grey[at + wide] - 4 * grey[at];
      edges += edge;
      squares += edge * edge;
      count++;
    }
    var mean = sum / grey.length;
    var sharp = squares / count - Math.pow(edges / count, 2);
    var found = mean < DARK ? "dark" : mean > BRIGHT ? "bright" : sharp < BLURRED ? "blurry" : "good";
    box.querySelector("[role=status]").textContent = box.dataset[found];
  }
  function take(box) {
    var video = box.querySelector("video");
    var canvas = box.querySelector("canvas");
    var input = document.getElementById(box.dataset.camera);
    if (!canvas.hidden) {
      canvas.hidden = true;
      input.value = "";
      return;
    }
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.hidden = false;
    judge(box, canvas);
    canvas.toBlob(
      function (blob) {
        var list = new DataTransfer();
        list.items.add(new File([blob], "kamera.jpg", { type: "image/jpeg" }));
        input.files = list.files;
      },
      "image/jpeg",
      0.95
    );
  }
  // One stream for the page: the next person's lens shows it at once. Where no photo is taken any more it goes out.
  var stream = null;
  function begin(box) {
    if (box.begun || !navigator.mediaDevices || !window.DataTransfer) return;
    box.begun = true; // what came along with another main part looks as well
    var wanted = { video: { width: { ideal: 1280 }, height: { ideal: 960 } } };
    var seen = stream && stream.active ? Promise.resolve(stream) : navigator.mediaDevices.getUserMedia(wanted);
    seen.then(
      function (found) {
        var video = box.querySelector("video");
        video.srcObject = stream = found;
        video.play();
        box.hidden = false;
      },
      function () {} // none there, or not allowed: the file field is below
    );
  }
  function open() {
    return document.querySelector(".camera:not([hidden])");
  }
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-take]")) take(open());
  });
  document.addEventListener("keydown", function (event) {
    var isTyping = event.target.matches("input, textarea, select, button, a, summary");
    if (event.key !== " " || event.repeat || isTyping || !open()) return;
    event.preventDefault();
    take(open());
  });
  function look() {
    var box = document.querySelector("[data-camera]");
    if (box) return begin(box);
    (stream ? stream.getTracks() : []).forEach(function (track) {
      track.stop();
    });
  }
  document.addEventListener("DOMContentLoaded", look);
  document.addEventListener("htmx:afterSwap", look); // a form that came back brought another lens
})();
