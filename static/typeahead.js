// Turns inputs with data-suggest-url into ARIA comboboxes. The URL returns JSON [{label, detail, href, value}] for ?q=….
// Selecting a suggestion with href opens that page. Otherwise it fills the input and the hidden input named by
// data-suggest-picked, and submits the form if the input has data-suggest-submit.

let count = 0;

class Typeahead {
  constructor(input) {
    this.input = input;
    this.items = [];
    this.active = -1;
    this.list = document.createElement("ul");
    this.list.className = "suggestions";
    this.list.id = "suggestions-" + ++count;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.list.hidden = true;
    input.after(this.list);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    input.addEventListener("input", () => this.schedule());
    input.addEventListener("keydown", (event) => this.handleKey(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  schedule() {
    clearTimeout(this.timer);
    this.abort?.abort();
    const picked = this.picked();
    if (picked) picked.value = "";
    const query = this.input.value.trim();
    if (!query) return this.close();
    this.timer = setTimeout(() => this.fetch(query), 120);
  }

  async fetch(query) {
    this.abort = new AbortController();
    try {
      const url = new URL(this.input.dataset.suggestUrl, location.href);
      url.searchParams.set("q", query);
      const response = await fetch(url, { signal: this.abort.signal, headers: { Accept: "application/json" } });
      if (!response.ok) return this.close();
      this.show(await response.json());
    } catch {
      // A newer request replaced this one, or the server is not reachable. The form still works without suggestions.
    }
  }

  show(items) {
    this.items = items;
    this.active = -1;
    this.list.replaceChildren(...items.map((item, i) => this.option(item, i)));
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.input.removeAttribute("aria-activedescendant");
  }

  option(item, i) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${i}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(item.label);
    if (item.detail) {
      const detail = document.createElement("small");
      detail.textContent = item.detail;
      option.append(detail);
    }
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.choose(i));
    return option;
  }

  handleKey(event) {
    if (this.list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.activate((this.active + step + this.items.length) % this.items.length);
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  activate(i) {
    this.list.children[this.active]?.setAttribute("aria-selected", "false");
    this.active = i;
    const option = this.list.children[i];
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  choose(i) {
    const item = this.items[i];
    if (item.href) {
      // The Enter key must not also submit the form.
      this.input.form?.addEventListener("submit", (event) => event.preventDefault(), { once: true });
      return location.assign(item.href);
    }
    this.input.value = item.label;
    const picked = this.picked();
    if (picked) picked.value = item.value ?? item.label;
    this.close();
    if (this.input.hasAttribute("data-suggest-submit")) this.input.form.requestSubmit();
  }

  picked() {
    return this.input.form?.elements.namedItem(this.input.dataset.suggestPicked ?? "");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

export function typeaheads(root) {
  for (const input of root.querySelectorAll("input[data-suggest-url]")) new Typeahead(input);
}
