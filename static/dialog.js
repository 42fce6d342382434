// Links with data-dialog open the dialog panel of their page over the current page. A form in the dialog posts normally, and
// the browser shows the whole page of the response. If anything fails, the browser follows the link.

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

// The page below has its own h1 and ids. So the heading of the panel becomes an h2, and ids that exist twice get a prefix.
function prepare(panel, page) {
  const heading = panel.querySelector("h1");
  if (heading) {
    const h2 = page.createElement("h2");
    h2.id = "overlay-title";
    h2.append(...heading.childNodes);
    heading.replaceWith(h2);
    panel.removeAttribute("aria-labelledby");
  }
  for (const element of panel.querySelectorAll("[id]")) {
    if (!document.getElementById(element.id)) continue;
    const oldID = element.id;
    element.id = "overlay-" + oldID;
    for (const name of ["for", "aria-describedby", "aria-labelledby", "aria-controls", "form"]) {
      for (const reference of panel.querySelectorAll(`[${name}~="${CSS.escape(oldID)}"]`)) {
        const ids = reference.getAttribute(name).split(" ");
        reference.setAttribute(name, ids.map((id) => (id === oldID ? element.id : id)).join(" "));
      }
    }
  }
  return document.adoptNode(panel);
}

async function open(url) {
  let panel;
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    panel = page.querySelector("[data-dialog-panel]");
    if (!response.ok || !panel) throw new Error("the page has no dialog panel");
    const dialog = overlay();
    dialog.replaceChildren();
    panel = prepare(panel, page);
    dialog.replaceChildren(panel);
    dialog.setAttribute("aria-labelledby", "overlay-title");
    enhance(dialog);
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    panel.querySelector("[autofocus], .input:not([readonly]), .form-actions .button")?.focus();
  } catch {
    location.assign(url);
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
