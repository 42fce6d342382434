// Keeps the instructor console and the projector page up to date. The changing part of the page (data-workshop holds its URL) is
// fetched again on each event from the server, and every 20 seconds because the page shows elapsed time. Ticked boxes stay ticked.
const part = document.querySelector("[data-workshop]");
let loading = false;
let loadAgain = false;

async function refresh() {
  if (loading) {
    loadAgain = true;
    return;
  }
  loading = true;
  try {
    const response = await fetch(part.dataset.workshop);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-workshop]");
    if (!response.ok || !fresh) return;
    if (part.hasAttribute("data-workshop-empty") !== fresh.hasAttribute("data-workshop-empty")) {
      location.assign(part.dataset.workshop); // the list of attendees became empty or non-empty, so the page has other controls
      return;
    }
    const ticked = new Set([...part.querySelectorAll("input:checked")].map((box) => box.value));
    const key = (control) => control.value ?? control.getAttribute("href");
    const focused = part.contains(document.activeElement) ? key(document.activeElement) : null;
    part.replaceChildren(...fresh.childNodes);
    for (const box of part.querySelectorAll("input")) box.checked = ticked.has(box.value);
    if (focused) [...part.querySelectorAll("input, a")].find((control) => key(control) === focused)?.focus();
  } finally {
    loading = false;
    if (loadAgain) {
      loadAgain = false;
      refresh();
    }
  }
}

// Browsers allow about six connections to one server (HTTP/1.1), so only a visible page keeps an event stream open.
let events = null;

function listen() {
  events = new EventSource("/instructor/events");
  events.addEventListener("workshop", () => refresh());
}

function stop() {
  events?.close();
  events = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : events ?? listen()));
addEventListener("pagehide", stop);
setInterval(() => document.hidden || refresh(), 20000);
if (!document.hidden) listen();
