// Keeps the projector page up to date. The changing part of the page (data-workshop holds its URL) is fetched again on each event
// from the server, and every 20 seconds because the page shows the time that is left.
import { fetchPage, oneAtATime, replaceContent } from "./refresh.js";

const part = document.querySelector("[data-workshop]");

const refresh = oneAtATime(async () => {
  const fresh = (await fetchPage(part.dataset.workshop))?.querySelector("[data-workshop]");
  if (fresh) replaceContent(part, fresh.childNodes);
});

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
