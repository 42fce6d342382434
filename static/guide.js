// The guide beside the work: kept fresh by server-sent events; marks the control that a step names; remembers what was copied.
import { enhance } from "./kit.js";

const home = document.querySelector("[data-guide]");
const base = home?.dataset.guide;

function prepare(root) {
  for (const form of root.querySelectorAll("[data-guide-form]")) form.elements.back.value = location.pathname + location.search;
  for (const button of root.querySelectorAll("[data-guide-where]")) {
    button.hidden = false;
    button.addEventListener("click", () => showWhere(JSON.parse(button.dataset.guideWhere)));
  }
}

async function freshen() {
  if (home.hasAttribute("data-guide-reload")) {
    sessionStorage.setItem("guide-follow", "yes");
    location.reload();
    return;
  }
  const content = home.querySelector("[data-guide-content]");
  const answer = await fetch(base + "/panel");
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-guide-content]");
  if (!fresh) return;
  content.dataset.guideState = fresh.dataset.guideState;
  if (fresh.innerHTML === content.dataset.plain) return;
  content.dataset.plain = fresh.innerHTML;
  const focused = content.contains(document.activeElement);
  content.replaceChildren(...fresh.childNodes);
  prepare(content);
  enhance(content);
  home.querySelector("[data-guide-status]").textContent = content.querySelector(".guide-progress span")?.textContent ?? "";
  if (focused) content.querySelector("button, summary, a")?.focus();
}

// nameOf is what a person would call a control.
function nameOf(control) {
  const by = (control.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const label = [...(control.labels ?? [])].map((l) => l.textContent).join(" ");
  return (by || control.getAttribute("aria-label") || label || control.textContent || control.title || "").replace(/\s+/g, " ").trim();
}

function showWhere(names) {
  document.querySelector(".guide-highlight")?.classList.remove("guide-highlight");
  const status = home.querySelector("[data-guide-status]");
  const controls = [...document.querySelectorAll("a, button, summary, input, select, textarea")].filter((c) => !home.contains(c) && c.checkVisibility());
  for (const name of names.toReversed()) {
    const found = controls.find((c) => nameOf(c) === name && c.getAttribute("aria-current") !== "page");
    if (!found) continue;
    found.classList.add("guide-highlight");
    found.scrollIntoView({ block: "center" });
    found.focus();
    status.textContent = "It is here: " + name;
    return;
  }
  status.textContent = "Nothing on this page belongs to the step. It begins with: " + (names[0] ?? "the page itself");
  home.querySelector("[data-guide-where]").textContent = names.length ? "Not on this page. Begin with: " + names[0] : "Not on this page";
}

// What is copied out of a labelled field goes on the shelf.
document.addEventListener("copy", () => {
  const field = document.activeElement;
  if (!home || home.contains(field) || !field?.matches?.("input[readonly], textarea[readonly], output")) return;
  keep(field);
});
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("[data-copy-button]")?.closest("[data-copy]");
  if (box && home && !home.contains(box)) keep(box.querySelector("input, textarea"));
});

// What stands on the shelf and arrives in a field of the page was pasted there; what else is typed is nobody's business.
const pasted = new Set();
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!home || home.contains(field) || !field.value || pasted.has(field)) return;
  const kept = [...home.querySelectorAll(".guide-clipboard :is(input, textarea)")].map((box) => box.value.trim());
  if (!kept.includes(field.value.trim())) return;
  pasted.add(field);
  fetch(shelf(), { method: "POST", body: new URLSearchParams({ into: nameOf(field) }) }).then(freshen);
});

const shelf = () => base.replace(/guide$/, "clipboard");

function keep(field) {
  const body = new URLSearchParams({ label: nameOf(field), value: field.value ?? field.textContent });
  fetch(shelf(), { method: "POST", body }).then(freshen);
}

// The edge of the panel can be dragged, or moved with the arrow keys.
function resizable(edge) {
  const set = (width) => {
    const bounded = Math.min(Math.max(width, 240), 640);
    document.documentElement.style.setProperty("--guide-width", bounded + "px");
    edge.setAttribute("aria-valuenow", String(Math.round(bounded)));
    sessionStorage.setItem("guide-width", String(bounded));
  };
  edge.hidden = false;
  for (const [name, value] of Object.entries({ role: "separator", tabindex: "0", "aria-label": "Width of the guide", "aria-orientation": "vertical", "aria-valuemin": "240", "aria-valuemax": "640" })) {
    edge.setAttribute(name, value);
  }
  set(Number(sessionStorage.getItem("guide-width")) || home.getBoundingClientRect().width);
  edge.addEventListener("pointerdown", (event) => {
    edge.setPointerCapture(event.pointerId);
    const move = (e) => set(innerWidth - e.clientX);
    edge.addEventListener("pointermove", move);
    edge.addEventListener("pointerup", () => edge.removeEventListener("pointermove", move), { once: true });
  });
  edge.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: 20, ArrowRight: -20 }[event.key];
    if (step) set(home.getBoundingClientRect().width + step);
  });
}

// The whole guide, on a phone beside the work, goes on to the next step when one is done.
function follow() {
  if (!sessionStorage.getItem("guide-follow")) return;
  sessionStorage.removeItem("guide-follow");
  document.querySelector(".guide-line-current")?.scrollIntoView({ block: "center" });
}

if (home) {
  prepare(document);
  if (home.hasAttribute("data-guide-reload")) addEventListener("load", follow);
  const edge = home.querySelector("[data-guide-resizer]");
  if (edge) resizable(edge);
  whileVisible();
}

// Browsers allow a handful of connections to a server, so only pages that are looked at keep one open.
function whileVisible() {
  let events = null;
  const listen = () => {
    events = new EventSource(base + "/events");
    // Much can have happened between the making of the page and the first word of the stream: what is shown counts.
    events.addEventListener("guide", (event) => {
      const shown = home.querySelector("[data-guide-state]") ?? home;
      if (shown.dataset.guideState !== event.data) freshen();
    });
  };
  const stop = () => {
    events?.close();
    events = null;
  };
  document.addEventListener("guide-stale", freshen);
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : events ?? listen()));
  addEventListener("pagehide", stop);
  if (!document.hidden) listen();
}
