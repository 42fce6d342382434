// Parts of a form that apply only under a condition. Without JavaScript they are all there, and the server judges.
//   data-show-if="name" or "!name"            shown while the box of that name is ticked, or is not
//   data-show-when="name" data-show-values="a|b"  shown while the field of that name has one of the values
//   data-enables="id"  on a box               the button with that id works only while the box is ticked

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

export function conditions(root) {
  root.querySelectorAll("[data-show-if]").forEach(showIf);
  root.querySelectorAll("[data-show-when]").forEach(showWhen);
  root.querySelectorAll("[data-enables]").forEach(enables);
}
