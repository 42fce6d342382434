// The instructors' console: rows are fetched anew when the server says that something changed; ticks stay.
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
    const answer = await fetch("/instructor/console");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-room]");
    if (!answer.ok || !fresh) return;
    const ticked = new Set([...rows.querySelectorAll("input:checked")].map((box) => box.value));
    const focused = rows.contains(document.activeElement) ? document.activeElement.value : null;
    rows.replaceChildren(...fresh.childNodes);
    for (const box of rows.querySelectorAll("input")) {
      box.checked = ticked.has(box.value);
      if (box.value === focused) box.focus();
    }
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
  events.addEventListener("room", () => (rows ? refresh() : location.reload()));
}

function stop() {
  events?.close();
  events = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : events ?? listen()));
addEventListener("pagehide", stop);
if (!document.hidden) listen();
