// Keeps the workshop notice on a lab's pages up to date. It polls every four seconds: browsers allow about six connections to one
// server (HTTP/1.1), and one more event stream for each open window would use them up.
import { fetchPage, oneAtATime, replaceContent } from "./refresh.js";

const notice = document.querySelector("[data-workshop-notice]");

const refresh = oneAtATime(async () => {
  if (document.hidden) return;
  const fresh = (await fetchPage(notice.dataset.workshopNotice))?.querySelector("[data-workshop-notice]");
  if (!fresh || fresh.textContent === notice.textContent && fresh.dataset.sections === notice.dataset.sections) return;
  const sectionsChanged = fresh.dataset.sections !== notice.dataset.sections;
  notice.dataset.sections = fresh.dataset.sections;
  for (const selector of ["[data-workshop-messages]", "[data-workshop-buttons]"]) {
    replaceContent(notice.querySelector(selector), fresh.querySelector(selector).childNodes);
  }
  if (sectionsChanged) document.dispatchEvent(new Event("guide-stale"));
});

if (notice) setInterval(refresh, 4000);
document.addEventListener("visibilitychange", () => notice && refresh());
