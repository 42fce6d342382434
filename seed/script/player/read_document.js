// Reads the document for the browser player. The result is a copy in which elements that a person cannot see have the
// attribute hidden, the attributes hold what was typed and chosen, and every element has a number in data-element.
// window.understudyElements holds the original elements by that number.
(() => {
  const originals = [document.documentElement, ...document.documentElement.querySelectorAll('*')];
  window.understudyElements = originals;
  const root = document.documentElement.cloneNode(true);
  const copies = [root, ...root.querySelectorAll('*')];
  const modal = [...document.querySelectorAll('dialog[open]')].filter((d) => d.matches(':modal')).pop();
  originals.forEach((element, index) => {
    const copy = copies[index];
    copy.setAttribute('data-element', index);
    if (document.head.contains(element) || element === document.documentElement) return;
    const details = element.closest('details:not([open])');
    const inClosedDetails = details && details !== element && !element.closest('summary');
    const behindModal = modal && !modal.contains(element) && !element.contains(modal);
    // Content of a closed details element is not rendered, but a person can open it: it stays in the copy.
    if (behindModal || (!inClosedDetails && !element.checkVisibility())) copy.setAttribute('hidden', '');
    switch (element.localName) {
      case 'input':
        if (element.type === 'checkbox' || element.type === 'radio') copy.toggleAttribute('checked', element.checked);
        else if (!['file', 'submit', 'reset', 'button', 'image'].includes(element.type)) copy.setAttribute('value', element.value);
        break;
      case 'textarea':
        copy.textContent = element.value;
        break;
      case 'option':
        copy.toggleAttribute('selected', element.selected);
        break;
    }
  });
  return { url: location.href, html: '<!doctype html>' + root.outerHTML };
})()
