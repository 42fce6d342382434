// Copy buttons: the Clipboard API where the page is trusted, else execCommand, else the field stays selected for the person.

async function copyText(field) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // not allowed: try the older way
    }
  }
  field.focus();
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  }
}

export function copyBoxes(root) {
  for (const box of root.querySelectorAll("[data-copy]")) {
    const field = box.querySelector("input, textarea");
    const status = box.querySelector("[role=status]");
    box.querySelector("[data-copy-button]").addEventListener("click", async () => {
      status.textContent = "";
      const copied = await copyText(field);
      status.textContent = copied ? "Copied" : "Selected: press Ctrl+C to copy";
    });
  }
}
