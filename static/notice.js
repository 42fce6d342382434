// The strip of a workshop beside a lab's pages: what the instructor says is looked for every few seconds, as a further stream for
// every window would use up the handful of connections that browsers allow.
const strip = document.querySelector("[data-room-notice]");

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(strip.dataset.roomNotice);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-room-notice]");
    if (!fresh || fresh.textContent === strip.textContent && fresh.dataset.sections === strip.dataset.sections) return;
    const opened = fresh.dataset.sections !== strip.dataset.sections;
    strip.dataset.sections = fresh.dataset.sections;
    strip.querySelector("[data-room-said]").replaceChildren(...fresh.querySelector("[data-room-said]").childNodes);
    if (!strip.querySelector("[data-room-buttons]").contains(document.activeElement)) {
      strip.querySelector("[data-room-buttons]").replaceChildren(...fresh.querySelector("[data-room-buttons]").childNodes);
    }
    if (opened) document.dispatchEvent(new Event("guide-stale"));
  } catch {
    // the server may be back in a moment
  }
}

if (strip) setInterval(look, 4000);
document.addEventListener("visibilitychange", () => strip && look());
