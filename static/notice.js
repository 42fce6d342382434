// Keeps the workshop notice on a lab's pages up to date. It polls every four seconds: browsers allow about six connections to one
// server (HTTP/1.1), and one more event stream for each open window would use them up.
const notice = document.querySelector("[data-workshop-notice]");

async function refresh() {
  if (document.hidden) return;
  try {
    const response = await fetch(notice.dataset.workshopNotice);
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector("[data-workshop-notice]");
    if (!fresh || fresh.textContent === notice.textContent && fresh.dataset.sections === notice.dataset.sections) return;
    const sectionsChanged = fresh.dataset.sections !== notice.dataset.sections;
    notice.dataset.sections = fresh.dataset.sections;
    const replace = (selector) => notice.querySelector(selector).replaceChildren(...fresh.querySelector(selector).childNodes);
    replace("[data-workshop-messages]");
    if (!notice.querySelector("[data-workshop-buttons]").contains(document.activeElement)) replace("[data-workshop-buttons]");
    if (sectionsChanged) document.dispatchEvent(new Event("guide-stale"));
  } catch {
    // The server is not reachable now. The next poll tries again.
  }
}

if (notice) setInterval(refresh, 4000);
document.addEventListener("visibilitychange", () => notice && refresh());
