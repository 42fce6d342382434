// Keeps the timeline on the traffic page up to date. It is fetched again when the server reports a change. The focus stays on
// the same line.
import { fetchPage, oneAtATime, replaceContent } from "./refresh.js";

const timeline = document.querySelector("[data-traffic]");
let events = null;
let lastEvent = null;

const refresh = oneAtATime(async () => {
  const fresh = (await fetchPage(location.href))?.getElementById("timeline");
  if (!fresh || fresh.innerHTML === timeline.dataset.loadedHtml) return;
  timeline.dataset.loadedHtml = fresh.innerHTML;
  replaceContent(timeline, fresh.childNodes);
});

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
