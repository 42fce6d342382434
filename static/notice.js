// Keeps the workshop notice on a lab's pages up to date. It polls every four seconds: browsers allow about six connections to one
// server (HTTP/1.1), and one more event stream for each open window would use them up.
import { fetchPage, oneAtATime, replaceContent } from "./refresh.js";

const notice = document.querySelector("[data-workshop-notice]");

// announce lets a screen reader read the messages once, however many pages show them. A live region must exist before its text
// changes, so the text is set after the page has loaded.
function announce() {
  const text = notice.querySelector("[data-workshop-messages]").dataset.spoken;
  if (sessionStorage.getItem("workshop-announced") === text) return;
  sessionStorage.setItem("workshop-announced", text);
  notice.querySelector("[data-workshop-status]").textContent = text;
}

const refresh = oneAtATime(async () => {
  if (document.hidden) return;
  const fresh = (await fetchPage(notice.dataset.workshopNotice))?.querySelector("[data-workshop-notice]");
  if (!fresh || fresh.textContent === notice.textContent && fresh.dataset.sections === notice.dataset.sections) return;
  const sectionsChanged = fresh.dataset.sections !== notice.dataset.sections;
  notice.dataset.sections = fresh.dataset.sections;
  notice.className = fresh.className;
  notice.querySelector("[data-workshop-messages]").dataset.spoken = fresh.querySelector("[data-workshop-messages]").dataset.spoken;
  for (const selector of ["[data-workshop-messages]", "[data-workshop-buttons]"]) {
    replaceContent(notice.querySelector(selector), fresh.querySelector(selector).childNodes);
  }
  announce();
  if (sectionsChanged) document.dispatchEvent(new Event("guide-stale"));
});

if (notice) {
  setTimeout(announce, 500);
  setInterval(refresh, 4000);
}
document.addEventListener("visibilitychange", () => notice && refresh());
