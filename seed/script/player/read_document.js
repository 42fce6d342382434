// Reads the live document for the browser player: a copy in which what a person cannot see is marked hidden, what was
// typed stands in the attributes, and every element has a number by which it can be used afterwards.
(() => {
  const live = [document.documentElement, ...document.documentElement.querySelectorAll('*')];
  window.walkElements = live;
  const copy = document.documentElement.cloneNode(true);
  const copies = [copy, ...copy.querySelectorAll('*')];
  const modal = [...document.querySelectorAll('dialog[open]')].filter((d) => d.matches(':modal')).pop();
  live.forEach((element, index) => {
    const twin = copies[index];
    twin.setAttribute('data-walk', index);
    if (document.head.contains(element) || element === document.documentElement) return;
    const details = element.closest('details:not([open])');
    const shut = details && details !== element && !element.closest('summary');
    const outside = modal && !modal.contains(element) && !element.contains(modal);
    if (outside || (!shut && !element.checkVisibility())) twin.setAttribute('hidden', '');
    switch (element.localName) {
      case 'input':
        if (element.type === 'checkbox' || element.type === 'radio') twin.toggleAttribute('checked', element.checked);
        else if (!['file', 'submit', 'reset', 'button', 'image'].includes(element.type)) twin.setAttribute('value', element.value);
        break;
      case 'textarea':
        twin.textContent = element.value;
        break;
      case 'option':
        twin.toggleAttribute('selected', element.selected);
        break;
    }
  });
  return { url: location.href, html: '<!doctype html>' + copy.outerHTML };
})()
