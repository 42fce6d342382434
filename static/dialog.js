// Links with data-dialog open their page's dialog panel over this page. Forms inside post normally; the page they lead to is shown in full.
// Whatever goes wrong on the way falls back to following the link.

let enhance = () => {};
let opener = null;

function overlay() {
  let dialog = document.querySelector("dialog.overlay");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "overlay";
    dialog.addEventListener("close", () => {
      dialog.replaceChildren();
      opener?.focus();
    });
    document.body.append(dialog);
  }
  return dialog;
}

// The page below has its own h1 and ids: the panel's heading steps down, and clashing ids get a prefix.
function adopt(panel, page) {
  const heading = panel.querySelector("h1");
  if (heading) {
    const lower = page.createElement("h2");
    lower.id = "overlay-title";
    lower.append(...heading.childNodes);
    heading.replaceWith(lower);
    panel.removeAttribute("aria-labelledby");
  }
  for (const element of panel.querySelectorAll("[id]")) {
    if (!document.getElementById(element.id)) continue;
    const from = element.id;
    element.id = "overlay-" + from;
    for (const name of ["for", "aria-describedby", "aria-labelledby", "aria-controls", "form"]) {
      for (const user of panel.querySelectorAll(`[${name}~="${CSS.escape(from)}"]`)) {
        user.setAttribute(name, user.getAttribute(name).split(" ").map((id) => (id === from ? element.id : id)).join(" "));
      }
    }
  }
  return document.adoptNode(panel);
}

async function open(address) {
  let panel;
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    panel = page.querySelector("[data-dialog-panel]");
    if (!answer.ok || !panel) throw new Error("no dialog there");
    const dialog = overlay();
    dialog.replaceChildren();
    panel = adopt(panel, page);
    dialog.replaceChildren(panel);
    dialog.setAttribute("aria-labelledby", "overlay-title");
    enhance(dialog);
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    panel.querySelector("[autofocus], .input:not([readonly]), .form-actions .button")?.focus();
  } catch {
    location.assign(address);
  }
}

function follow(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a");
  if (!link) return;
  const dialog = link.closest("dialog.overlay");
  if (dialog && link.hasAttribute("data-dialog-close")) {
    event.preventDefault();
    dialog.close();
  } else if (link.hasAttribute("data-dialog")) {
    event.preventDefault();
    if (!dialog) opener = link.closest("details[data-menu]")?.querySelector("summary") ?? link;
    const menu = link.closest("details[data-menu]");
    if (menu) menu.open = false;
    open(link.href);
  }
}

export function dialogs(enhancer) {
  enhance = enhancer;
  document.addEventListener("click", follow);
}
