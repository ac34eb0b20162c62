// Forms that can be told where there is no network: kept on this device as entries, shown there, sent later.
import { entriesOf } from "./away_forms.js";
import { putAll } from "./keep.js";
import { heard, queued, sync, who } from "./sync.js";
import { dayOf, now, said, stamp, zone } from "./when.js";

const PATIENCE_MS = 2500, NOON = 12, DAY_MS = 86400000;
const html = document.documentElement, note = document.getElementById("kept-here");
const forms = () => document.querySelectorAll("form[data-away]");

// Whether the server cannot be reached now, whatever the device thinks of its network.
async function isAway() {
  if (!navigator.onLine) return true;
  try {
    return !(await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) })).ok;
  } catch {
    return true;
  }
}

function submitted(event) {
  const form = event.target.closest("form[data-away]"), pressed = event.submitter;
  if (!form || !who || !note || form.dataset.sure) return;
  event.preventDefault();
  if (form.dataset.busy) return; // a second tap while the first is on its way
  form.dataset.busy = "1";
  told(form, pressed).finally(() => { delete form.dataset.busy; });
}

async function told(form, pressed) {
  const entries = (await isAway()) ? entriesOf(form, pressed, await heard().catch(() => 0)) : null;
  if (entries === null) {
    await new Promise((done) => setTimeout(done)); // a form is not sent while it is still being asked whether it is
    form.dataset.sure = "1";
    form.requestSubmit(pressed);
    delete form.dataset.sure;
    return;
  }
  try {
    await putAll(entries.map((entry) => ({ who, state: "waiting", entry })), null);
    say(form, entries.length || pressed?.value === "goes-on" ? "kept" : "nothing");
  } catch { // no room, or a browser that keeps nothing
    say(form, "full");
    return;
  }
  if (entries.length && form.dataset.away !== "dose" && form.dataset.away !== "took") form.hidden = true;
  sync();
}

function say(form, what) {
  note.hidden = false;
  note.dataset.stands = what;
  note.className = what === "kept" ? "badge" : "badge message";
  note.textContent = [note.dataset[what], (form.dataset.away === "effect" || form.dataset.kind === "effect.told") && what === "kept" ? note.dataset.calls : ""].filter(Boolean).join(" ");
  form.before(note);
  note.tabIndex = -1;
  note.focus();
}

// What waits here is shown as told, so that nobody tells it twice.
function mark(waiting) {
  const entries = waiting.map((each) => each.entry);
  for (const form of forms()) {
    const { away } = form.dataset, day = form.elements.day?.value ?? form.dataset.day, name = form.elements.entry?.value;
    const mine = entries.filter(({ kind, body }) => (["evening", "day"].includes(away) ? kind === "day.told" && body.cells?.date === day : ["relief", "over"].includes(away) && body.entry === name) || (away === "entry" && body.entry === form.dataset.entry));
    if (mine.length) form.before(tellWaits(form));
    else if (form.previousElementSibling?.matches(".waits")) form.previousElementSibling.remove();
    if (mine.length && ["relief", "over"].includes(away)) form.hidden = true;
    if (away === "dose") markDoses(form.closest("[data-doses]"), entries);
  }
}

function tellWaits(form) {
  if (form.previousElementSibling?.matches(".waits, #kept-here")) return form.previousElementSibling;
  const line = Object.assign(document.createElement("p"), { className: "waits", textContent: note.dataset.waits });
  return line;
}

function markDoses(place, entries) {
  for (const slot of place.querySelectorAll("[data-entry]")) {
    const last = entries.findLast(({ body }) => body.entry === slot.dataset.entry), state = slot.querySelector("[data-state]");
    if (!last) continue;
    const how = last.body.cells?.state;
    if (how) slot.dataset.told = how;
    else delete slot.dataset.told;
    state.textContent = how ? said(note.dataset.dose, { what: place.dataset[how], time: last.body.cells.time ?? "" }) : place.dataset.open;
  }
  const slots = [...place.querySelectorAll("[data-entry]")], open = slots.some((each) => !("told" in each.dataset));
  for (const each of place.querySelectorAll("[data-next]")) each.hidden = !open;
  for (const each of place.querySelectorAll("[data-says]")) each.textContent = ` ${slots.find((slot) => !("told" in slot.dataset))?.querySelector("strong").textContent ?? ""}`;
  for (const each of place.querySelectorAll("[value=undo]")) each.hidden = !slots.some((slot) => "told" in slot.dataset);
}

// A page from this device may be of an earlier day: it says so, and never asks of "today" what is long over.
function ofAnotherDay() {
  const time = stamp(now(), zone()), today = time.slice(0, 10);
  if (!html.dataset.asOf || !html.dataset.day || html.dataset.day === today) return;
  for (const each of document.querySelectorAll("[data-otherwise]")) each.textContent = each.dataset.otherwise;
  for (const each of document.querySelectorAll("[data-if-old]")) each.hidden = false;
  for (const each of document.querySelectorAll("[data-if-new]")) each.hidden = true;
  const asks = Number(time.slice(11, 13)) >= NOON ? today : stamp(new Date(now() - DAY_MS), zone()).slice(0, 10);
  for (const form of document.querySelectorAll("form[data-away=evening][data-asks]")) askOf(form, asks);
}

function askOf(form, day) {
  form.elements.day.value = day;
  const title = document.querySelector("[data-evening]");
  if (title) title.textContent = said(form.dataset.asks, { day: dayOf(day) });
  for (const each of form.querySelectorAll(".told-already, .message")) each.remove();
  for (const each of form.querySelectorAll(".chosen")) each.classList.remove("chosen");
  for (const each of form.elements) {
    if (["radio", "checkbox"].includes(each.type)) each.checked = each.value === "" && each.type === "radio";
    else if (each.tagName === "SELECT") each.selectedIndex = [...each.options].findIndex((option) => option.value === "");
    else if (each.tagName === "TEXTAREA" || each.type === "text") each.value = "";
  }
}

// A page for any day is of the day in its address; where the page of a day is not here, something can be told of it still.
function ofThatDay() {
  const [, named, isNew] = /^\/day\/([^/]+)(\/new\/)?/.exec(location.pathname) ?? [];
  const day = named === "today" ? stamp(now(), zone()).slice(0, 10) : named, form = document.querySelector("form[data-away=entry]");
  const links = document.getElementById("of-this-day");
  if (day && isNew && form && html.dataset.asOf) {
    form.elements.date.value = form.elements.date.defaultValue = day;
    form.dataset.cells = JSON.stringify({ ...JSON.parse(form.dataset.cells), date: day });
    document.querySelector("[data-back]").href = `/day/${day}`;
  } else if (day && !isNew && links) {
    for (const each of links.querySelectorAll("a")) each.href = `/day/${day}/new/${each.dataset.word}`;
    links.hidden = false;
  }
}

// The second step of a side effect is on the page of the first one, where the server cannot show its own.
function secondStep() {
  const term = new URLSearchParams(location.search).get("term"), step = document.getElementById("how-bad");
  if (!step || !term) return;
  for (const each of document.querySelectorAll("[data-first-step]")) each.hidden = true;
  step.hidden = false;
  step.querySelector("input[name=term]").value = term;
  step.querySelector("[data-term]").textContent = term;
}

if (html.dataset.asOf) { ofAnotherDay(); secondStep(); }
ofThatDay();
document.addEventListener("submit", submitted);
addEventListener("queue", ({ detail }) => {
  mark(detail.waiting);
  if (note && detail.how === "sent" && note.dataset.stands === "kept") note.textContent = note.dataset.sent;
});
if (who && note) queued().then(({ waiting }) => mark(waiting)).catch(() => {});
