// Keys stand in for clicks; without this script the page works by mouse, touch and Tab.
// Who speaks to the computer, or types by chance, can switch them off; the browser remembers it.
const stored = () => { try { return localStorage.getItem("shortcuts"); } catch { return null; } };
let active = stored() !== "off";
const toggle = document.getElementById("shortcuts");
const tell = () => toggle?.setAttribute("aria-pressed", active);
toggle?.addEventListener("click", () => {
  active = !active;
  try { localStorage.setItem("shortcuts", active ? "on" : "off"); } catch { /* for this page alone */ }
  tell();
});
if (toggle) toggle.hidden = false;
tell();
addEventListener("keydown", event => {
  if (!active || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.matches("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = event.key.toLowerCase();
  if (!/^[a-z0-9]$/.test(key)) return;
  const found = document.querySelector(`[data-keys~="${key}"]`);
  const field = document.querySelector(`[data-focus="${key}"]`);
  if (!found && !field) return;
  event.preventDefault();
  if (found) found.click();
  else field.focus();
});
// A form is sent once, however often its button is pressed.
let sent = false;
addEventListener("submit", event => {
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("pageshow", () => { sent = false; });
