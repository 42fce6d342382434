// Every page loads this module. Each imported module finds its elements by a data attribute and improves them.
import { copyBoxes } from "./copy.js";
import { dialogs } from "./dialog.js";
import { typeaheads } from "./typeahead.js";
import { reorderings } from "./drag.js";
import { conditions } from "./conditions.js";

export function enhance(root) {
  copyBoxes(root);
  typeaheads(root);
  reorderings(root);
  conditions(root);
  for (const button of root.querySelectorAll("[data-dismiss]")) {
    button.hidden = false;
    button.addEventListener("click", () => button.closest(".notice").remove());
  }
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except && !menu.contains(except)) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

enhance(document);
if (document.querySelector("[data-live]")) import("./live.js");
dialogs(enhance).finally(() => document.querySelector("[data-focus]")?.focus());
