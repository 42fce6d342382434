// Copy buttons. They use the Clipboard API in a secure context, otherwise execCommand. If both fail, the text stays selected.

async function copyText(field) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      // The browser denied access to the clipboard. Try execCommand.
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
    const button = box.querySelector("[data-copy-button]");
    button.hidden = false; // without JavaScript it would do nothing
    button.addEventListener("click", async () => {
      status.textContent = "";
      const copied = await copyText(field);
      status.textContent = copied ? "Copied" : "Text selected. Press Ctrl+C to copy it.";
    });
  }
}
