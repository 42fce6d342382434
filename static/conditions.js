// Shows, enables and ticks parts of a form depending on other fields. Without JavaScript all parts are visible, and the server
// ignores or refuses values that do not apply.
//   data-show-if="name" or "!name"                visible while the checkbox with that name is ticked (or not ticked)
//   data-show-when="name" data-show-values="a|b"  visible while the field with that name has one of the values
//   data-enables="id" on a checkbox               the button with that id is enabled while the checkbox is ticked
//   data-requires="id id" on a checkbox           ticking it ticks the checkboxes with those ids; unticking one of them unticks it

function watch(form, update) {
  form.addEventListener("change", update);
  update();
}

function showIf(part) {
  const wanted = !part.dataset.showIf.startsWith("!");
  const name = part.dataset.showIf.replace("!", "");
  const form = part.closest("form");
  if (!form) return;
  watch(form, () => (part.hidden = form.querySelector(`[name="${CSS.escape(name)}"]`)?.checked !== wanted));
}

function showWhen(part) {
  const form = part.closest("form");
  if (!form) return;
  const values = part.dataset.showValues.split("|");
  watch(form, () => (part.hidden = !values.includes(new FormData(form).get(part.dataset.showWhen))));
}

function enables(box) {
  const button = document.getElementById(box.dataset.enables);
  if (!button) return;
  watch(box.closest("form") ?? box, () => (button.disabled = !box.checked));
}

function requires(box) {
  const needed = box.dataset.requires.split(" ").map((id) => document.getElementById(id)).filter(Boolean);
  const setChecked = (other, ticked) => {
    if (other.checked === ticked) return;
    other.checked = ticked;
    other.dispatchEvent(new Event("change", { bubbles: true })); // so that the requirements of the other box apply, too
  };
  box.addEventListener("change", () => box.checked && needed.forEach((other) => setChecked(other, true)));
  for (const other of needed) other.addEventListener("change", () => other.checked || setChecked(box, false));
}

export function conditions(root) {
  root.querySelectorAll("[data-show-if]").forEach(showIf);
  root.querySelectorAll("[data-show-when]").forEach(showWhen);
  root.querySelectorAll("[data-enables]").forEach(enables);
  root.querySelectorAll("[data-requires]").forEach(requires);
}
