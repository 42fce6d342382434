// Keeps the timeline on the traffic page up to date. It is fetched again when the server reports a change. The focus stays on
// the same line.
import { listen } from "./events.js";
import { fetchPage, oneAtATime, replaceContent } from "./refresh.js";

const timeline = document.querySelector("[data-traffic]");
let lastEvent = null;

const refresh = oneAtATime(async () => {
  const fresh = (await fetchPage(location.href))?.getElementById("timeline");
  if (!fresh || fresh.innerHTML === timeline.dataset.loadedHtml) return;
  timeline.dataset.loadedHtml = fresh.innerHTML;
  replaceContent(timeline, fresh.childNodes);
});

if (timeline) {
  listen(timeline.dataset.traffic, "traffic", (version) => {
    if (lastEvent !== null && lastEvent !== version) refresh();
    lastEvent = version;
  });
}
