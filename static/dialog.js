// Dialogs. A link with data-dialog opens the dialog panel of its page over the current page. A page that is a dialog itself, such as
// the second step of a dialog or a form with an error, is shown over the page that its close link leads to. Forms in a dialog post
// normally. If anything fails, the browser follows the link, or shows the dialog as a page.
// The page below is inert, but the dialog is not modal for the browser, so that the guide beside it stays usable.
import { fetchPage } from "./refresh.js";

let enhance = () => {};
let opener = null;
let closePath = ""; // where closing leads; empty when the page below is the page of this address

const pageBelow = () => document.querySelector(".page");

function overlay() {
  let dialog = document.querySelector("dialog.overlay");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "overlay";
    dialog.setAttribute("aria-modal", "true");
    dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.target.getAttribute("aria-expanded") === "true") return;
      if (event.target.closest("details[data-menu][open]")) return;
      event.preventDefault();
      close(dialog);
    });
    document.body.append(dialog);
  }
  return dialog;
}

function close(dialog) {
  if (closePath) {
    location.assign(closePath);
    return;
  }
  dialog.close();
  dialog.replaceChildren();
  pageBelow().inert = false;
  opener?.focus();
}

function show(dialog) {
  pageBelow().inert = true;
  if (!dialog.open) dialog.show();
  dialog.querySelector(".dialog-body").scrollTop = 0;
  const first = ["[data-focus]", "[autofocus]", ".input:not([readonly])", ".form-actions .button", "a[href], button"];
  first.map((selector) => dialog.querySelector(selector)).find((control) => control)?.focus();
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
  try {
    const page = await fetchPage(url);
    const panel = page?.querySelector("[data-dialog-panel]");
    if (!panel) throw new Error("the page has no dialog panel");
    const dialog = overlay();
    dialog.replaceChildren();
    dialog.replaceChildren(prepare(panel, page));
    dialog.setAttribute("aria-labelledby", "overlay-title");
    enhance(dialog);
    show(dialog);
  } catch {
    location.assign(url);
  }
}

// mainBelow fetches the content of the page that a dialog lies over. That page can be a dialog, too.
async function mainBelow(path) {
  for (let depth = 0; path && depth < 3; depth++) {
    const main = (await fetchPage(path, { "Page-Below": "yes" }))?.querySelector("main");
    const panel = main?.querySelector(":scope > [data-dialog-panel]");
    if (!panel) return main;
    path = panel.querySelector("[data-dialog-close]")?.getAttribute("href");
  }
  return null;
}

// openDialogOfPage shows a page that is a dialog over the page below it. Only the dialog can be used: closing it leads to the page
// below. What the server reported above the panel, such as errors, moves into the dialog.
async function openDialogOfPage() {
  const main = document.querySelector("main");
  const panel = main?.querySelector(":scope > [data-dialog-panel]");
  if (!panel) return;
  document.documentElement.setAttribute("aria-busy", "true");
  const path = panel.querySelector("[data-dialog-close]")?.getAttribute("href");
  const below = await mainBelow(path);
  document.documentElement.removeAttribute("aria-busy");
  if (!below) {
    main.classList.add("dialog-as-page");
    return;
  }
  const dialog = overlay();
  const notices = main.querySelector(":scope > .notices");
  if (notices) panel.querySelector(".dialog-body").prepend(notices);
  dialog.append(panel);
  dialog.setAttribute("aria-labelledby", "dialog-title");
  const references = ["id", "for", "form", "aria-labelledby", "aria-describedby", "aria-controls", "data-live", "data-focus", "autofocus"];
  for (const element of below.querySelectorAll("*")) for (const name of references) element.removeAttribute(name);
  main.replaceChildren(...below.childNodes);
  closePath = path;
  show(dialog);
}

function follow(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.("a");
  if (!link) return;
  const dialog = link.closest("dialog.overlay");
  if (dialog && link.hasAttribute("data-dialog-close")) {
    event.preventDefault();
    close(dialog);
  } else if (link.hasAttribute("data-dialog")) {
    event.preventDefault();
    if (!dialog) opener = link.closest("details[data-menu]")?.querySelector("summary") ?? link;
    const menu = link.closest("details[data-menu]");
    if (menu) menu.open = false;
    open(link.href);
  }
}

// dialogs resolves when a page that is a dialog is shown as one.
export function dialogs(enhancer) {
  enhance = enhancer;
  document.addEventListener("click", follow);
  return openDialogOfPage();
}
