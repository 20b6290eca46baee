// A photo may take as long as the line needs. What ends it is silence: no byte has moved for a while, or
// everything was sent and no answer came. The chosen file stays in its field, and the same button tries again.
(function () {
  "use strict";
  var SILENCE = 30000;
  var ANSWER = 90000; // on a slow line the last bytes still lie in buffers when the browser calls them sent
  // A form that sends by itself needs its button only after a failure (see forms.css).
  document.documentElement.classList.add("js");
  function carriesFile(form) {
    return form.matches("form[enctype='multipart/form-data']");
  }
  function kilobytes(bytes) {
    return Math.ceil(bytes / 1000);
  }
  function clear(form) {
    form.querySelectorAll(".sending").forEach(function (old) {
      old.remove();
    });
  }
  // One of the pieces of templates/applicants/_sending.html, put under the file's field.
  function show(form, name) {
    var words = document.getElementById("pengiriman");
    clear(form);
    if (!words) return null;
    var piece = words.content.querySelector('[data-when="' + name + '"]').cloneNode(true);
    piece.querySelectorAll("[data-text]").forEach(function (part) {
      part.textContent = part.dataset.text;
    });
    form.querySelector(".file").after(piece);
    return piece;
  }
  function follow(form, xhr) {
    var box = show(form, "sending");
    var timer, why;
    function stop(reason) {
      why = reason;
      xhr.abort();
    }
    function wait(milliseconds) {
      clearTimeout(timer);
      timer = setTimeout(stop, milliseconds, "stalled");
    }
    xhr.upload.addEventListener("progress", function (event) {
      wait(SILENCE);
      if (!box || !event.lengthComputable) return;
      var percent = Math.floor((100 * event.loaded) / event.total);
      var told = [percent, kilobytes(event.loaded), kilobytes(event.total)];
      box.querySelector("progress").value = percent;
      var line = box.querySelector("[data-words]");
      line.textContent = line.dataset.words.replace(/\{(\d)\}/g, function (whole, number) {
        return told[number];
      });
    });
    xhr.upload.addEventListener("load", function () {
      wait(ANSWER);
      if (box) box.querySelector("[data-words]").textContent = box.querySelector("[data-sent]").dataset.sent;
    });
    xhr.addEventListener("loadend", function () {
      clearTimeout(timer);
      clear(form);
      if (why) show(form, why);
    });
    if (box) box.querySelector("button").addEventListener("click", stop.bind(null, "cancelled"));
    wait(SILENCE);
  }
  document.addEventListener("htmx:configRequest", function (event) {
    if (carriesFile(event.detail.elt)) event.detail.timeout = 0;
  });
  document.addEventListener("htmx:beforeSend", function (event) {
    if (carriesFile(event.detail.elt)) follow(event.detail.elt, event.detail.xhr);
  });
  ["htmx:responseError", "htmx:sendError", "htmx:sendAbort", "htmx:timeout"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (event.detail.elt.matches("form")) event.detail.elt.classList.add("failed");
    });
  });
})();
