// Rows with data-row in a table with data-reorder can be dragged. Dropping a row posts its id and its position, from 1.

function post(action, fields) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = action;
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

// isBelowMiddle reports whether the pointer is in the lower half of the row.
function isBelowMiddle(row, event) {
  const box = row.getBoundingClientRect();
  return event.clientY > box.top + box.height / 2;
}

function reorder(table) {
  const rows = [...table.querySelectorAll("tr[data-row]")];
  let dragged = null;
  const clear = () => rows.forEach((row) => row.classList.remove("drop-before", "drop-after", "dragging"));
  for (const row of rows) {
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      dragged = row;
      row.classList.add("dragging");
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.row);
    });
    row.addEventListener("dragend", clear);
    row.addEventListener("dragover", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      row.classList.toggle("drop-after", isBelowMiddle(row, event));
      row.classList.toggle("drop-before", !isBelowMiddle(row, event));
    });
    row.addEventListener("dragleave", () => row.classList.remove("drop-before", "drop-after"));
    row.addEventListener("drop", (event) => {
      if (!dragged || dragged === row) return;
      event.preventDefault();
      const order = rows.filter((other) => other !== dragged);
      const position = order.indexOf(row) + (isBelowMiddle(row, event) ? 1 : 0) + 1;
      post(table.dataset.reorder, { id: dragged.dataset.row, position });
    });
  }
}

export function reorderings(root) {
  for (const table of root.querySelectorAll("table[data-reorder]")) reorder(table);
}
