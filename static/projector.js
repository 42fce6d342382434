// Keeps the projector page up to date. The changing part of the page (data-workshop holds its URL) is fetched again on each event
// from the server, and every 20 seconds because the page shows the time that is left.
import { listen } from "./events.js";
import { fetchPage, oneAtATime, replaceContent } from "./refresh.js";

const part = document.querySelector("[data-workshop]");

const refresh = oneAtATime(async () => {
  const fresh = (await fetchPage(part.dataset.workshop))?.querySelector("[data-workshop]");
  if (fresh) replaceContent(part, fresh.childNodes);
});

listen("/instructor/events", "workshop", () => refresh());
setInterval(() => document.hidden || refresh(), 20000);
