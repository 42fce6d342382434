// The instructor console: keeps the page up to date, and makes it quicker to use.
//
// The server sends an event when something has changed (data-workshop-events holds the address of the stream). An event holds only
// the rows and parts that have changed, so that the page stays quick with hundreds of attendees.
import { listen } from "./events.js";
import { replaceContent, whenReleased } from "./refresh.js";

const stream = document.querySelector("[data-workshop-events]");
const table = () => document.querySelector("#workshop-rows tbody");

function nodesOf(html, tag) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return tag ? template.content.querySelector(tag) : template.content.childNodes;
}

const rowsByLab = () => new Map([...table().rows].map((row) => [row.dataset.lab, row]));

// order puts the rows into an order and removes those that are not in it. A focused control keeps the focus.
function order(rows, labs) {
  const body = table();
  const now = [...body.rows].map((row) => row.dataset.lab);
  if (now.length === labs.length && now.every((lab, i) => lab === labs[i])) return;
  const focused = body.contains(document.activeElement) ? document.activeElement : null;
  body.replaceChildren(...labs.map((lab) => rows.get(lab)).filter(Boolean));
  if (focused?.isConnected) focused.focus({ preventScroll: true });
}

function update(data) {
  const { parts, rows, order: labs, empty } = JSON.parse(data);
  if (empty !== stream.hasAttribute("data-workshop-empty")) {
    location.reload(); // the list of attendees became empty or non-empty, so the page has other controls
    return;
  }
  for (const [id, html] of Object.entries(parts ?? {})) {
    const part = document.getElementById(id);
    if (part) replaceContent(part, nodesOf(html));
  }
  if (empty) return;
  const known = rowsByLab();
  for (const [lab, html] of Object.entries(rows ?? {})) {
    const fresh = nodesOf(html, "tr");
    if (known.has(lab)) replaceContent(known.get(lab), fresh.childNodes);
    else known.set(lab, fresh);
  }
  if (labs) order(known, labs);
  showSelection();
}

// Only the fields of the chosen action are shown. Without JavaScript, all are.
const actionFields = document.querySelector("[data-console-action]");

function showFields() {
  for (const part of actionFields.querySelectorAll("[data-for]")) {
    part.hidden = part.dataset.for !== actionFields.querySelector("[name=action]").value;
  }
}

// The names of those whom the action is for are shown before it is sent.
const selection = document.querySelector("[data-console-selection]");

function showSelection() {
  if (!selection) return;
  const boxes = [...table().querySelectorAll("input[name=lab]")];
  const all = actionFields.querySelector("[name=all]").checked;
  const names = boxes.filter((box) => all || box.checked).map((box) => box.dataset.nickname);
  const shown = names.slice(0, 8).join(", ") + (names.length > 8 ? ` and ${names.length - 8} others` : "");
  const text = names.length ? `${names.length} selected: ${shown}` : "";
  if (selection.textContent !== text) selection.textContent = text;
}

// The arrow keys move between the attendees, from box to box; the space bar selects.
function moveBetweenRows(event) {
  const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
  const box = event.target.closest("tr[data-lab]");
  if (!(event.key in steps) || !box || event.altKey || event.ctrlKey || event.metaKey) return;
  const boxes = [...table().querySelectorAll("input[name=lab]")];
  const at = boxes.indexOf(box.querySelector("input[name=lab]"));
  event.preventDefault();
  boxes[Math.max(0, Math.min(boxes.length - 1, at + steps[event.key]))].focus();
}

// The search is sent while it is typed.
function searchWhileTyping(form) {
  let waiting;
  const field = form.querySelector("[name=q]");
  if (field.value) {
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => form.requestSubmit(), 400);
  });
  form.querySelector("[name=order]").addEventListener("change", () => form.requestSubmit());
}

if (stream) {
  listen(stream.dataset.workshopEvents, "workshop", (data) => whenReleased(() => update(data)));
}
if (actionFields) {
  actionFields.querySelector("[name=action]").addEventListener("change", showFields);
  document.getElementById("actions").addEventListener("change", showSelection);
  document.getElementById("workshop-rows").addEventListener("keydown", moveBetweenRows);
  showFields();
  showSelection();
  searchWhileTyping(document.querySelector("[data-console-search]"));
}
