// The whole console by keyboard. Pages only mark their elements:
//   data-row         a row of a list; its first link opens it      j k move, o opens, x ticks its checkbox
//   data-key="r"     what a single letter presses                  first inside the current row, then anywhere on the page
//   data-go="e"      where "g" and the letter lead
//   data-search      what "/" focuses
const typing = element => element?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], .mud-select, .mud-picker") != null;
const dialogIsOpen = () => document.querySelector("dialog[open], .mud-dialog") != null;
const visible = element => element.getClientRects().length > 0;

let goUntil = 0;

const rows = () => [...document.querySelectorAll("[data-row]")].filter(visible);
const currentRow = () => document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row][aria-current=true]");
const linkOf = row => row?.querySelector("a[href], button");

function move(step) {
  const all = rows();
  if (all.length === 0) return false;
  const at = all.indexOf(currentRow());
  const next = all[Math.min(Math.max(at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step, 0), all.length - 1)];
  linkOf(next)?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function press(selector) {
  const candidates = [...(currentRow()?.querySelectorAll(selector) ?? []), ...document.querySelectorAll(selector)].filter(visible);
  // One that is not allowed is pressed when there is no other: it answers with the reason.
  const target = candidates.find(e => !e.disabled && e.getAttribute("aria-disabled") !== "true") ?? candidates.find(e => !e.disabled);
  target?.click();
  return target != null;
}

function help() {
  document.getElementById("keys-help")?.showModal();
  return true;
}

function focusSearch() {
  const box = [...document.querySelectorAll("[data-search]")].filter(visible).pop();
  box?.focus();
  box?.select?.();
  return box != null;
}

function act(key) {
  if (Date.now() < goUntil) { goUntil = 0; return press(`[data-go="${CSS.escape(key)}"]`); }
  switch (key) {
    case "g": goUntil = Date.now() + 1500; return true;
    case "j": return move(+1);
    case "k": return move(-1);
    case "o": { const link = linkOf(currentRow()); link?.click(); return link != null; }
    case "x": { const box = currentRow()?.querySelector("input[type=checkbox]"); box?.click(); return box != null; }
    case "/": return focusSearch();
    case "?": return help();
    default: return /^[a-z1-9]$/.test(key) && press(`[data-key="${key}"]`);
  }
}

document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
  if (typing(event.target) || dialogIsOpen()) return;
  if (act(event.key)) event.preventDefault();
});

document.addEventListener("click", event => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const dialog = event.target.closest?.("dialog");
  if (dialog && (event.target === dialog || event.target.closest("[data-closes]"))) dialog.close();
});
