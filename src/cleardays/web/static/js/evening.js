// The answer of the evening where there is no network: kept on this device as entries, sent later.
import { newName, putAll } from "./keep.js";
import { heard, sync, who } from "./sync.js";

const AS_IT_IS = "as-it-is";

// The cells of a day that a form says. Ticks carry what they stand for.
function said(form, pressed) {
  const cells = {}, items = [];
  for (const [name, value] of new FormData(form, pressed)) {
    const field = form.querySelector(`[name="${name}"]`);
    if (field.dataset.item) items.push(field.dataset.item);
    else if (name === "own-none") items.push("none");
    else if (name === "day") cells.date = value;
    else if (!field.dataset.dose) cells[name] = cells[name] && name !== pressed?.name ? `${cells[name]};${value}` : value;
  }
  if (items.length) cells.triggers = items.join(";");
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== AS_IT_IS && value !== ""));
}

function entriesOf(form, pressed, basedOn) {
  const made = (kind, body, merge) => ({ id: newName(), kind, at: new Date().toISOString(), body, based_on: basedOn, merge });
  const cells = said(form, pressed), found = Object.keys(cells).length > 1 ? [made("day.told", { cells }, true)] : [];
  for (const tick of form.querySelectorAll("[data-dose]:checked")) {
    const dose = { ...JSON.parse(tick.dataset.dose), date: cells.date, kind: "acute", state: "taken", source: "patient" };
    found.push(made("dose.told", { entry: newName(), cells: dose }, false));
  }
  return found;
}

async function keep(event) {
  if (navigator.onLine || !who) return; // the server answers; or nothing of this may stay here
  event.preventDefault();
  const form = event.target, entries = entriesOf(form, event.submitter, await heard());
  await putAll(entries.map((entry) => ({ who, state: "waiting", entry })), null);
  document.getElementById("kept-here").hidden = entries.length === 0;
  form.hidden = entries.length > 0;
  document.getElementById("kept-here").scrollIntoView();
  sync();
}

for (const form of document.querySelectorAll('form[action="/evening"]')) form.addEventListener("submit", keep);
