// The timeline of both systems: fetched anew when the server says that something happened. What is focused stays so.
const timeline = document.querySelector("[data-traffic]");
let busy = false;
let again = false;
let events = null;
let said = null;

async function refresh() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  try {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("timeline");
    if (!answer.ok || !fresh || fresh.innerHTML === timeline.dataset.plain) return;
    timeline.dataset.plain = fresh.innerHTML;
    const focused = timeline.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    timeline.replaceChildren(...fresh.childNodes);
    if (focused) timeline.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  } finally {
    busy = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

// Browsers allow a handful of connections to a server, so only a page that is looked at keeps one open.
function listen() {
  events = new EventSource(timeline.dataset.traffic);
  events.addEventListener("traffic", (event) => {
    if (said !== null && said !== event.data) refresh();
    said = event.data;
  });
}

if (timeline) {
  listen();
  document.addEventListener("visibilitychange", () => {
    events.close();
    if (!document.hidden) listen();
  });
}
