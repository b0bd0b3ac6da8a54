// Drives the overlay of Components/Layout/ReconnectOverlay.razor. Blazor sets the classes components-reconnect-* and raises the event.
const overlay = document.getElementById("components-reconnect-modal");
const whenVisible = () => { if (document.visibilityState === "visible") retry(); };

async function retry() {
  document.removeEventListener("visibilitychange", whenVisible);
  try {
    if (await Blazor.reconnect()) return;
    if (await Blazor.resumeCircuit()) overlay.close(); else location.reload();
  } catch {
    // Not reachable yet: look again when somebody looks at the page.
    document.addEventListener("visibilitychange", whenVisible);
  }
}

async function resume() {
  try {
    if (!await Blazor.resumeCircuit()) location.reload();
  } catch {
    overlay.classList.replace("components-reconnect-paused", "components-reconnect-resume-failed");
  }
}

overlay.addEventListener("components-reconnect-state-changed", ({ detail }) => {
  if (detail.state === "show") overlay.showModal();
  else if (detail.state === "hide") overlay.close();
  else if (detail.state === "failed") document.addEventListener("visibilitychange", whenVisible);
  else if (detail.state === "rejected") location.reload();
});
overlay.addEventListener("cancel", event => event.preventDefault());
document.getElementById("components-reconnect-button").addEventListener("click", retry);
document.getElementById("components-resume-button").addEventListener("click", resume);
overlay.querySelector("[data-reload]").addEventListener("click", () => location.reload());
