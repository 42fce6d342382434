// Refreshing a part of an open page. What a person is doing in the part goes on: the focus stays on the same control, what is open
// stays open, ticked boxes stay ticked, and typed text stays.

// nameOf returns what a control is called, as far as it matters for finding the same control again.
const nameOf = (c) => c.getAttribute("aria-label") || c.labels?.[0]?.textContent || c.textContent;

// keyOf is equal for the same control in the old and in the new content. The value of a field belongs to the person, that of a box or
// a button to the page.
function keyOf(control) {
  const own = ["checkbox", "radio", "hidden"].includes(control.type) || control.tagName === "BUTTON";
  return [
    control.tagName, control.type, control.name, own ? control.value : "", control.getAttribute("href"),
    control.form?.getAttribute("action"), control.title, nameOf(control).trim().replace(/\s+/g, " "),
  ].join("|");
}

// keyOfDetails is equal for details with the same text. data-keep names details that stay open although their text changes.
const keyOfDetails = (details) => details.dataset.keep ?? details.textContent.trim().replace(/\s+/g, " ");

const controlsIn = (part) => [...part.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")];

// summaryKey lets the focus stay on the summary of details that are named with data-keep.
const focusKey = (control) => (control.tagName === "SUMMARY" && control.parentElement.dataset.keep) || keyOf(control);

// replaceContent puts new nodes into a part of the page. prepare may add what scripts add to the part; it runs before the focus is set.
export function replaceContent(part, nodes, prepare = () => {}) {
  const focused = part.contains(document.activeElement) ? focusKey(document.activeElement) : null;
  const open = new Set([...part.querySelectorAll("details[open]")].map(keyOfDetails));
  const changed = new Map();
  for (const c of controlsIn(part)) {
    if (c.checked !== undefined && c.checked !== c.defaultChecked) changed.set(keyOf(c), { checked: c.checked });
    else if (["INPUT", "TEXTAREA"].includes(c.tagName) && c.defaultValue !== c.value) changed.set(keyOf(c), { value: c.value });
  }
  part.replaceChildren(...nodes);
  prepare(part);
  for (const details of part.querySelectorAll("details")) if (open.has(keyOfDetails(details))) details.open = true;
  const controls = controlsIn(part);
  for (const c of controls) Object.assign(c, changed.get(keyOf(c)));
  if (focused === null) return;
  const visible = controls.filter((c) => !c.disabled && c.checkVisibility());
  (visible.find((c) => focusKey(c) === focused) ?? visible[0])?.focus({ preventScroll: true });
}

// Whether a key or a pointer button is held down. A control that is replaced between press and release would lose the click.
let held = false;
const waiting = [];
const release = () => {
  held = false;
  setTimeout(() => { // after the click that the release causes
    if (!held) for (const change of waiting.splice(0)) change();
  });
};
for (const press of ["keydown", "pointerdown"]) addEventListener(press, () => { held = true; }, true);
for (const end of ["keyup", "pointerup", "pointercancel", "blur"]) addEventListener(end, (e) => { if (end !== "blur" || e.target === window) release(); }, true);

// whenReleased changes the page at once, or after the release of a key or pointer button that is held down. Changes keep their order.
export function whenReleased(change) {
  if (held || waiting.length) waiting.push(change);
  else change();
}

// oneAtATime returns a function that runs load. Calls during a run lead to one more run after it, so an old response never replaces a
// newer one.
export function oneAtATime(load) {
  let running = false;
  let again = false;
  return async function run() {
    again = running;
    if (running) return;
    running = true;
    try {
      do {
        again = false;
        await load();
      } while (again);
    } finally {
      running = false;
    }
  };
}

// fetchPage returns the document at an address, or null if the server refuses or cannot be reached.
export async function fetchPage(address, headers = {}) {
  try {
    const response = await fetch(address, { headers: { Accept: "text/html", ...headers } });
    return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  } catch {
    return null;
  }
}
