// Keeps the timeline on the traffic page up to date. It is fetched again when the server reports a change. The focus stays on
// the same line.
const timeline = document.querySelector("[data-traffic]");
let loading = false;
let loadAgain = false;
let events = null;
let lastEvent = null;

async function refresh() {
  if (loading) {
    loadAgain = true;
    return;
  }
  loading = true;
  try {
    const response = await fetch(location.href);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById("timeline");
    if (!response.ok || !fresh || fresh.innerHTML === timeline.dataset.loadedHtml) return;
    timeline.dataset.loadedHtml = fresh.innerHTML;
    const focused = timeline.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    timeline.replaceChildren(...fresh.childNodes);
    if (focused) timeline.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  } finally {
    loading = false;
    if (loadAgain) {
      loadAgain = false;
      refresh();
    }
  }
}

// Browsers allow about six connections to one server (HTTP/1.1), so only a visible page keeps an event stream open.
function listen() {
  events = new EventSource(timeline.dataset.traffic);
  events.addEventListener("traffic", (event) => {
    if (lastEvent !== null && lastEvent !== event.data) refresh();
    lastEvent = event.data;
  });
}

if (timeline) {
  listen();
  document.addEventListener("visibilitychange", () => {
    events.close();
    if (!document.hidden) listen();
  });
}
