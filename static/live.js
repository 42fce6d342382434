// Updates elements with data-live="/path" and an id. Every second the page at the path is fetched, and the element with the same
// id replaces the content, until it has data-live-done or is not in the page. A hidden browser tab does not fetch.
import { enhance } from "./kit.js";
import { replaceContent } from "./refresh.js";

async function refresh(part) {
  if (document.hidden) return true;
  try {
    const response = await fetch(part.dataset.live, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!response.ok || !fresh) return false;
    if (fresh.textContent !== part.textContent) replaceContent(part, fresh.childNodes, enhance);
    return !fresh.hasAttribute("data-live-done");
  } catch {
    return true; // the server is not reachable; try again
  }
}

function poll(part) {
  setTimeout(async () => {
    if (part.isConnected && (await refresh(part))) poll(part);
  }, 1000);
}

for (const part of document.querySelectorAll("[data-live][id]")) if (part.dataset.live) poll(part);
