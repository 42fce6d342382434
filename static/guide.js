// The guide panel. It updates when the server sends an event, highlights the controls that a step names, and puts copied values
// on the clipboard of the lab.
import { listen } from "./events.js";
import { enhance } from "./kit.js";
import { fetchPage, oneAtATime, replaceContent } from "./refresh.js";

const panel = document.querySelector("[data-guide]");
const base = panel?.dataset.guide;

const here = () => location.pathname + location.search;

// Forms that change only the panel. They are sent without leaving the page, so that typed text stays.
const quiet = new Set(["show", "step", "done"]);

// prepare adds the current page to the forms of the panel, and shows the buttons that need JavaScript.
function prepare(root) {
  for (const form of root.querySelectorAll("[data-guide-form]")) {
    form.elements.back.value = here();
    if (quiet.has(form.dataset.guideForm)) form.addEventListener("submit", sendQuietly);
  }
  for (const button of root.querySelectorAll("[data-guide-where]")) {
    button.hidden = false;
    button.addEventListener("click", () => showWhere(button));
  }
}

async function sendQuietly(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const shown = form.elements.shown?.value;
  try {
    await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
  } catch {
    form.submit(); // the browser says what is wrong
    return;
  }
  if (shown) await replacePanel(shown);
  else await refresh();
}

const panelAddress = (shown) => base + "/panel?" + new URLSearchParams({ at: here(), shown });

// replacePanel shows or hides the panel on the open page.
async function replacePanel(shown) {
  const fresh = (await fetchPage(panelAddress(shown)))?.querySelector("aside[data-guide]");
  if (!fresh) return;
  panel.className = fresh.className;
  panel.replaceChildren(...fresh.childNodes);
  prepare(panel);
  enhance(panel);
  const edge = panel.querySelector("[data-guide-resizer]");
  if (edge) resizable(edge);
  panel.querySelector("[data-guide-form=show] button")?.focus();
}

const refresh = oneAtATime(() => (panel.hasAttribute("data-guide-page") ? refreshPage() : refreshPanel()));

// refreshPanel replaces the content of the panel.
async function refreshPanel() {
  const content = panel.querySelector("[data-guide-content]");
  if (!content) return; // the panel is hidden
  const fresh = (await fetchPage(panelAddress("yes")))?.querySelector("[data-guide-content]");
  if (!fresh) return;
  content.dataset.guideState = fresh.dataset.guideState;
  if (fresh.innerHTML === content.dataset.loadedHtml) return;
  content.dataset.loadedHtml = fresh.innerHTML;
  const progress = () =>
    [".guide-who strong", ".guide-who .pill", ".guide-progress span"].map((part) => content.querySelector(part)?.textContent ?? "").join(" ").trim();
  const before = progress();
  replaceContent(content, fresh.childNodes, (part) => {
    prepare(part);
    enhance(part);
  });
  if (progress() !== before) panel.querySelector("[data-guide-status]").textContent = progress();
}

// refreshPage replaces the content of the whole guide's page and scrolls to the current step if it is another one.
async function refreshPage() {
  const main = panel.closest("main");
  const fresh = (await fetchPage(location.href))?.querySelector("main");
  const state = fresh?.querySelector("[data-guide]");
  if (!state) return;
  const current = () => document.querySelector(".guide-line-current")?.id;
  const before = current();
  panel.dataset.guideState = state.dataset.guideState;
  state.replaceWith(panel);
  replaceContent(main, fresh.childNodes, (part) => {
    prepare(part);
    enhance(part);
  });
  if (current() !== before) document.querySelector(".guide-line-current")?.scrollIntoView({ block: "center" });
}

// nameOf returns the accessible name of a control, as far as the pages of this program need it.
function nameOf(control) {
  const ids = (control.getAttribute("aria-labelledby") ?? "").split(" ");
  const labelledBy = ids.map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const label = [...(control.labels ?? [])].map((l) => l.textContent).join(" ");
  const name = labelledBy || control.getAttribute("aria-label") || label || control.textContent || control.title || "";
  return name.replace(/\s+/g, " ").trim();
}

// showWhere highlights the control of the step. The button has the names of the controls that the step uses, in order. The last
// name that is on the page wins, because the page is then closest to the end of the step. While a dialog is open, the controls in the
// dialog come first, because those below cannot be used. A control in a closed menu is shown by opening the menu. When the page has no
// such control, a link to the page that has it appears.
function showWhere(button) {
  const names = JSON.parse(button.dataset.guideWhere);
  document.querySelector(".guide-highlight")?.classList.remove("guide-highlight");
  const status = panel.querySelector("[data-guide-status]");
  const controls = [...document.querySelectorAll("a, button, summary, input, select, textarea")].filter((c) => !panel.contains(c));
  const reachable = (c) => c.checkVisibility() || c.closest("details:not([open])")?.checkVisibility();
  const inDialog = controls.filter((c) => c.closest("dialog[open]"));
  const places = [inDialog, controls.filter((c) => !inDialog.includes(c))];
  for (const [among, name] of places.flatMap((place) => names.toReversed().map((name) => [place, name]))) {
    const usable = among.filter((c) => reachable(c) && c.getAttribute("aria-current") !== "page");
    const byName = usable.filter((c) => nameOf(c) === name);
    const named = byName.length ? byName : usable.filter((c) => c.title === name); // its name in another release of the product
    const found = named.find((c) => c.closest("main")) ?? named[0];
    if (!found) continue;
    for (let d = found.closest("details"); d; d = d.parentElement.closest("details")) if (!d.contains(panel)) d.open = true;
    found.classList.add("guide-highlight");
    found.scrollIntoView({ block: "center" });
    found.focus();
    status.textContent = "Highlighted on this page: " + name;
    return;
  }
  const link = panel.querySelector("[data-guide-where-page]");
  status.textContent = "The control is on another page.";
  if (!link) return;
  link.hidden = false;
  button.hidden = true;
  link.focus();
}

// A value copied from a read-only field goes on the clipboard of the lab.
document.addEventListener("copy", () => {
  const field = document.activeElement;
  if (!panel || panel.contains(field) || !field?.matches?.("input[readonly], textarea[readonly], output")) return;
  addToClipboard(field);
});
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-copy-button]")?.closest("[data-copy]");
  if (box && panel && !panel.contains(box)) addToClipboard(box.querySelector("input, textarea"));
});

// A field whose value is on the clipboard was filled by pasting, and the field is reported to the server. Other input is not sent.
const pasted = new Map();
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!panel || panel.contains(field) || !field.value) return;
  const boxes = [...panel.querySelectorAll(".guide-clipboard :is(input, textarea)")];
  const copied = boxes.find((box) => box.value.trim() === field.value.trim());
  if (!copied || pasted.get(field) === field.value) return;
  pasted.set(field, field.value);
  const from = nameOf(copied).replace(/^Copied: /, "");
  fetch(clipboardURL(), { method: "POST", body: new URLSearchParams({ into: nameOf(field), from }) }).then(refresh);
});

const clipboardURL = () => base.replace(/guide$/, "clipboard");

function addToClipboard(field) {
  if (field.closest(".guide-clipboard")) return; // copied from the clipboard itself
  const body = new URLSearchParams({ label: nameOf(field), value: field.value ?? field.textContent });
  fetch(clipboardURL(), { method: "POST", body }).then(refresh);
}

// The edge of the panel changes its width by dragging or with the arrow keys. The width is between 240 and 640 pixels.
function resizable(edge) {
  const set = (width) => {
    const bounded = Math.min(Math.max(width, 240), 640);
    document.documentElement.style.setProperty("--guide-width", bounded + "px");
    edge.setAttribute("aria-valuenow", String(Math.round(bounded)));
    sessionStorage.setItem("guide-width", String(bounded));
  };
  edge.hidden = false;
  const attributes = {
    role: "separator",
    tabindex: "0",
    "aria-label": "Width of the guide",
    "aria-orientation": "vertical",
    "aria-valuemin": "240",
    "aria-valuemax": "640",
  };
  for (const [name, value] of Object.entries(attributes)) edge.setAttribute(name, value);
  set(Number(sessionStorage.getItem("guide-width")) || panel.getBoundingClientRect().width);
  edge.addEventListener("pointerdown", (event) => {
    edge.setPointerCapture(event.pointerId);
    const move = (e) => set(innerWidth - e.clientX);
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", () => edge.removeEventListener("pointermove", move), { once: true });
  });
  edge.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: 20, ArrowRight: -20 }[event.key];
    if (step) set(panel.getBoundingClientRect().width + step);
  });
}

if (panel) {
  if (panel.dataset.guideTab) window.name = panel.dataset.guideTab; // links to this window come back to this tab
  prepare(document);
  const edge = panel.querySelector("[data-guide-resizer]");
  if (edge) resizable(edge);
  document.addEventListener("guide-stale", refresh);
  // The state can change between the rendering of the page and the first event, so compare with the state that is shown.
  listen(base + "/events", "guide", (state) => {
    const shown = panel.querySelector("[data-guide-state]") ?? panel; // a hidden panel has no state, and stays as it is
    if (shown.dataset.guideState !== state) refresh();
  });
  const where = panel.querySelector("[data-guide-where]");
  if (where && location.hash === "#show-me-where") showWhere(where);
}
