// A button to see the password while typing: an extra where scripts run; without it the field is complete.
(function () {
  "use strict";
  function equip(field) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "btn link";
    var show = field.dataset.show, hiding = field.dataset.hide;
    function hide() {
      field.type = "password";
      button.textContent = show;
    }
    button.textContent = show;
    button.setAttribute("aria-controls", field.id);
    button.addEventListener("click", function () {
      if (field.type === "password") {
        field.type = "text";
        button.textContent = hiding;
      } else hide();
      field.focus();
    });
    delete field.dataset.show;
    field.insertAdjacentElement("afterend", button);
    // Sent as a password, so that no browser keeps it among typed words.
    if (field.form) field.form.addEventListener("submit", hide);
  }
  htmx.onLoad(function (root) {
    root.querySelectorAll("input[type=password][data-show]").forEach(equip);
  });
})();
