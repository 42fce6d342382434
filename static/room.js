// The instructors' console and the projector: what can change is fetched anew when the server says that something did, and now
// and then, as time passes too; ticks stay.
const rows = document.querySelector("[data-room]");
let busy = false;
let again = false;

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(rows.dataset.room);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-room]");
    if (!answer.ok || !fresh) return;
    if (rows.hasAttribute("data-room-empty") !== fresh.hasAttribute("data-room-empty")) {
      location.assign(rows.dataset.room); // the first has come, or all were removed: there are other controls now
      return;
    }
    const ticked = new Set([...rows.querySelectorAll("input:checked")].map((box) => box.value));
    const key = (control) => control.value ?? control.getAttribute("href");
    const focused = rows.contains(document.activeElement) ? key(document.activeElement) : null;
    rows.replaceChildren(...fresh.childNodes);
    for (const box of rows.querySelectorAll("input")) box.checked = ticked.has(box.value);
    if (focused) [...rows.querySelectorAll("input, a")].find((control) => key(control) === focused)?.focus();
  } finally {
    busy = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

// Browsers allow a handful of connections to a server, so only a page that is looked at keeps one open.
let events = null;

function listen() {
  events = new EventSource("/instructor/events");
  events.addEventListener("room", () => refresh());
}

function stop() {
  events?.close();
  events = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : events ?? listen()));
addEventListener("pagehide", stop);
setInterval(() => document.hidden || refresh(), 20000);
if (!document.hidden) listen();
