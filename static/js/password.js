// A button to see the password while typing: an extra where scripts run; without it the field is complete.
(function () {
  "use strict";
  document.querySelectorAll("input[type=password][data-show]").forEach(function (field) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn link";
    button.textContent = field.dataset.show;
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", function () {
      var hidden = field.type === "password";
      field.type = hidden ? "text" : "password";
      button.textContent = hidden ? field.dataset.hide : field.dataset.show;
      field.focus();
    });
    field.insertAdjacentElement("afterend", button);
    // Sent as a password, so that no browser keeps it among typed words.
    if (field.form) field.form.addEventListener("submit", function () { field.type = "password"; });
  });
})();
