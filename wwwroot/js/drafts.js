// What is typed into a form survives a reconnect, a reload and a restart of the server: this tab keeps it until the form is sent or given up.
//   form[data-draft="case-12-Retry"]      its named fields are kept under that name
//   [data-draft-opens="case-12-Retry"]    what opens the form: pressed again after a reload, when something was left in it
//   [data-draft-drops]                    inside the form: gives it up
const prefix = "psaconsole.draft.";
const read = name => JSON.parse(sessionStorage.getItem(prefix + name) ?? "null");
const drop = name => sessionStorage.removeItem(prefix + name);
const fields = form => [...form.elements].filter(field => field.name);

const sent = new Set();
const left = new Set(Object.keys(sessionStorage).filter(key => key.startsWith(prefix)).map(key => key.slice(prefix.length)));

function restore(form) {
  const name = form.dataset.draft;
  const kept = read(name);
  left.delete(name);
  sent.delete(name);
  for (const field of kept == null ? [] : fields(form)) {
    if (!(field.name in kept) || field.value === kept[field.name]) continue;
    field.value = kept[field.name];
    // The server has an empty form: tell it.
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

const all = (node, selector) => node instanceof Element ? [...(node.matches(selector) ? [node] : []), ...node.querySelectorAll(selector)] : [];

function appeared(node) {
  all(node, "form[data-draft]").forEach(restore);
  // Before the page is interactive a press would be lost.
  if (document.documentElement.dataset.interactive !== "true") return;
  for (const opener of all(node, "[data-draft-opens]")) {
    if (left.delete(opener.dataset.draftOpens)) opener.click();
  }
}

function vanished(node) {
  // A form that goes after it was sent was taken; one that goes otherwise was left for later.
  all(node, "form[data-draft]").map(form => form.dataset.draft).filter(name => sent.delete(name)).forEach(drop);
}

document.addEventListener("input", event => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) sessionStorage.setItem(prefix + form.dataset.draft, JSON.stringify(Object.fromEntries(fields(form).map(field => [field.name, field.value]))));
});
document.addEventListener("submit", event => {
  if (event.target.dataset?.draft) sent.add(event.target.dataset.draft);
});
document.addEventListener("click", event => {
  const form = event.target.closest?.("[data-draft-drops]")?.closest("form[data-draft]");
  if (form) drop(form.dataset.draft);
}, true);

new MutationObserver(changes => {
  for (const change of changes) {
    if (change.type === "attributes") appeared(document.body);
    change.addedNodes.forEach(appeared);
    change.removedNodes.forEach(vanished);
  }
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-interactive"] });
