// The attack screen: a tap is kept on this device at once, shown, said, and sent when it can be.
import { find, putAll } from "./keep.js";
import { nameOf, screenOf, tapped } from "./attack_model.js";
import { heard, queued, sync, who } from "./sync.js";
import { clock, now, said } from "./when.js";

const form = document.getElementById("attack"), status = document.getElementById("said"), texts = form.dataset;
const zone = texts.zone, page = JSON.parse(texts.screen), medicines = JSON.parse(texts.taken);
const DARK = ["green", "amber", "grey"], YEAR_S = 31536000, GUARD_MS = 700;
let model = { attack: page.attack, doses: page.doses }, seq = Number(texts.seq), lastTap = -GUARD_MS, unsent = false, undone = false;

function chosenTheme() {
  return document.cookie.split("; ").find((each) => each.startsWith("night="))?.slice(6);
}

function show() {
  const screen = screenOf(model, medicines, page.minutes, now());
  const held = document.activeElement;
  for (const button of form.querySelectorAll("[data-what]")) button.hidden = !screen.buttons.includes(button.dataset.what);
  form.querySelector("h1").hidden = screen.state !== "idle";
  form.elements.which.value = screen.offered ? nameOf(screen.offered) : "";
  if (screen.offered) form.querySelector("[data-what=took] span").textContent = said(texts.took, { name: nameOf(screen.offered) });
  const text = undone ? texts.undone : "";
  status.textContent = [screen.state === "idle" ? "" : stands(screen.state), text].filter(Boolean).join(" ");
  if (held?.hidden) status.focus({ preventScroll: true });
  return screen;
}

function stands(state) {
  const { cells } = model.attack;
  if (state === "ended") return said(texts.over, { time: clock(new Date(cells.end), zone) });
  const word = form.querySelector(`[data-what="${cells.headache}"] .word`)?.textContent;
  const text = word ? (unsent ? texts.here : texts.stored) : unsent ? texts.plainhere : texts.plain;
  const dose = model.doses.at(-1), first = said(text, { level: word, time: clock(new Date(cells.start), zone) });
  return dose ? `${first} ${said(texts.dose, { name: nameOf(dose.cells), time: clock(new Date(dose.at), zone) })}` : first;
}

async function tap(what) {
  if (performance.now() - lastTap < GUARD_MS) return; // the second tap of a shaking hand is none
  lastTap = performance.now();
  const screen = screenOf(model, medicines, page.minutes, now());
  if (!screen.buttons.includes(what)) return;
  const made = tapped(model, what, { now: now(), zone, seq, offered: screen.offered });
  const rows = made.entries.map((entry) => ({ who, state: "waiting", entry }));
  try {
    await putAll(rows, { name: who, model: made.model });
  } catch {
    form.removeEventListener("submit", submitted); // this browser keeps nothing: the form does without it
    await new Promise((done) => setTimeout(done)); // a form is not sent while it is still being asked whether it is
    form.requestSubmit(form.querySelector(`[data-what="${what}"]`));
    return;
  }
  model = made.model;
  undone = what === "undo";
  unsent = !navigator.onLine;
  show();
  sync();
}

function submitted(event) {
  event.preventDefault();
  tap(event.submitter?.value);
}

function nextColour(event) {
  event.preventDefault();
  const theme = DARK[(DARK.indexOf(document.documentElement.dataset.theme) + 1) % DARK.length];
  document.documentElement.dataset.theme = theme;
  document.cookie = `night=${theme}; path=/; max-age=${YEAR_S}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

// What this device did last counts where the page is older than it, or where something waits to be sent.
async function begin() {
  const [state, { waiting }, last] = await Promise.all([find("state", who), queued(), heard()]);
  const old = document.documentElement.dataset.asOf !== undefined; // this page was kept here
  if (state && (waiting.length > 0 || last > seq || (old && last === seq))) model = state.model;
  seq = Math.max(seq, last);
  unsent = waiting.length > 0;
}

if (chosenTheme()) document.documentElement.dataset.theme = chosenTheme();
form.addEventListener("submit", submitted);
document.getElementById("colours").addEventListener("submit", nextColour);
addEventListener("queue", async ({ detail }) => {
  unsent = detail.waiting.length > 0;
  seq = Math.max(seq, await heard());
  show();
});
// Another page here may have told something meanwhile.
document.addEventListener("visibilitychange", () => { if (!document.hidden) { undone = false; begin().catch(() => {}).finally(show); } });
begin().catch(() => form.removeEventListener("submit", submitted)).finally(() => { show(); form.dataset.ready = ""; });
