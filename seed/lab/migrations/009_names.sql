-- Tables and columns named as the code names them.
ALTER TABLE lab_shelf RENAME TO lab_clipboard;
ALTER TABLE lab_hop RENAME TO lab_page_request;
ALTER TABLE lab_trouble RENAME TO lab_injected_fault;
ALTER TABLE lab_fault RENAME COLUMN card TO fault;
ALTER TABLE lab_fault RENAME COLUMN mended_ms TO fixed_ms;
