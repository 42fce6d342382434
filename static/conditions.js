// Parts of a form that apply only under a condition. Without JavaScript they are all there, and the server judges.
//   data-show-if="name" or "!name"            shown while the box of that name is ticked, or is not
//   data-show-when="name" data-show-values="a|b"  shown while the field of that name has one of the values
//   data-enables="id"  on a box               the button with that id works only while the box is ticked
//   data-requires="id id"  on a box             ticking it ticks the boxes with those ids; unticking one of them unticks it

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
  const tell = (other, ticked) => {
    if (other.checked === ticked) return;
    other.checked = ticked;
    other.dispatchEvent(new Event("change", { bubbles: true })); // what it brings or needs follows in turn
  };
  box.addEventListener("change", () => box.checked && needed.forEach((other) => tell(other, true)));
  for (const other of needed) other.addEventListener("change", () => other.checked || tell(box, false));
}

export function conditions(root) {
  root.querySelectorAll("[data-show-if]").forEach(showIf);
  root.querySelectorAll("[data-show-when]").forEach(showWhen);
  root.querySelectorAll("[data-enables]").forEach(enables);
  root.querySelectorAll("[data-requires]").forEach(requires);
}
