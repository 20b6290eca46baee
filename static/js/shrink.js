// Photos are scaled down before they travel: an 8 MB picture becomes some hundred kB. The rule is the
// server's own (applications/image_child.py): the same longest side, on white, and no pixel skipped.
// Where the browser cannot do it, the original is sent: the server re-encodes every picture anyway.
(function () {
  "use strict";
  var SMALL = 500000; // bytes; below that the original travels and the server scales it
  function drawn(image, width, height) {
    var canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    var pen = canvas.getContext("2d");
    pen.fillStyle = "#fff"; // JPEG has no transparency: what shows through would become black
    pen.fillRect(0, 0, width, height);
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, width, height);
    return canvas;
  }
  function scaled(file, side) {
    if (file.size < SMALL) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (image) {
      var factor = Math.min(1, side / Math.max(image.width, image.height));
      var width = Math.round(image.width * factor);
      var height = Math.round(image.height * factor);
      // By halves: in one large step browsers look at four pixels and skip the others.
      while (image.width > 2 * width) {
        image = drawn(image, Math.ceil(image.width / 2), Math.ceil(image.height / 2));
      }
      return new Promise(function (resolve) {
        drawn(image, width, height).toBlob(
          function (blob) {
            var smaller = blob && blob.size < file.size;
            resolve(smaller ? new File([blob], "foto.jpg", { type: "image/jpeg" }) : file);
          },
          "image/jpeg",
          0.82
        );
      });
    });
  }
  function replace(input, file) {
    var list = new DataTransfer();
    list.items.add(file);
    input.files = list.files;
  }
  // Listening in the capture phase: htmx must not send before the smaller picture lies in the field.
  document.addEventListener(
    "change",
    function (event) {
      var input = event.target;
      if (!input.dataset || !input.dataset.shrink || !input.files || !input.files[0]) return;
      if (input.dataset.ready) {
        delete input.dataset.ready;
        return;
      }
      if (!window.createImageBitmap || !window.DataTransfer) return;
      event.stopPropagation();
      scaled(input.files[0], Number(input.dataset.shrink))
        .then(function (file) {
          if (file !== input.files[0]) replace(input, file);
        })
        .catch(function () {})
        .then(function () {
          input.dataset.ready = "1";
          input.dispatchEvent(new Event("change", { bubbles: true }));
        });
    },
    true
  );
})();
