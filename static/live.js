// Parts with data-live that name an address (data-live="/x") are fetched anew every second until the part says data-live-done, is gone, or hidden.
async function refresh(part) {
  if (document.hidden) return true;
  try {
    const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!answer.ok || !fresh) return false;
    if (fresh.textContent !== part.textContent) part.replaceChildren(...fresh.childNodes);
    return !fresh.hasAttribute("data-live-done");
  } catch {
    return true; // the server may be back in a moment
  }
}

function keepFresh(part) {
  setTimeout(async () => {
    if (part.isConnected && (await refresh(part))) keepFresh(part);
  }, 1000);
}

for (const part of document.querySelectorAll("[data-live][id]")) if (part.dataset.live) keepFresh(part);
