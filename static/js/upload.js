// Photos are scaled down before they travel (an 8 MB picture becomes about 200 kB) and show how far they are.
// Where the browser cannot do it, the original is sent: the server re-encodes every picture anyway.
(function () {
  "use strict";
  // A form that sends by itself needs its button only after a failure (see forms.css).
  document.documentElement.classList.add("js");
  ["htmx:responseError", "htmx:sendError", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (event.detail.elt.matches("form")) event.detail.elt.classList.add("failed");
    });
  });
  function scaled(file, side) {
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (image) {
      var factor = Math.min(1, side / Math.max(image.width, image.height));
      if (factor === 1 && file.size < 500000) return file;
      var canvas = document.createElement("canvas");
      canvas.width = Math.round(image.width * factor);
      canvas.height = Math.round(image.height * factor);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      return new Promise(function (resolve) {
        canvas.toBlob(
          function (blob) {
            var smaller = blob && blob.size < file.size;
            resolve(smaller ? new File([blob], "foto.jpg", { type: "image/jpeg" }) : file);
          },
          "image/jpeg",
          0.85
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
          replace(input, file);
        })
        .catch(function () {})
        .then(function () {
          input.dataset.ready = "1";
          input.dispatchEvent(new Event("change", { bubbles: true }));
        });
    },
    true
  );
  document.addEventListener("htmx:xhr:progress", function (event) {
    var meter = event.target.querySelector && event.target.querySelector("progress");
    if (!meter || !event.detail.lengthComputable) return;
    meter.hidden = false;
    meter.value = (100 * event.detail.loaded) / event.detail.total;
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var meter = event.target.querySelector && event.target.querySelector("progress");
    if (meter) meter.hidden = true;
  });
})();
