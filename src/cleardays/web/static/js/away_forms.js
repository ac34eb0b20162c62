// What a form of the diary says, as entries: values in, values out. Each kind of form is read as its page is on the server.
import { newName } from "./keep.js";
import { now, stamp, there, zone } from "./when.js";

const AS_IT_IS = "as-it-is", OWN = { source: "patient" }, LONGEST = 200;

// The cells of an evening that a form says. Ticks carry what they stand for.
function saidOfEvening(form, pressed) {
  const cells = {}, items = [];
  for (const [name, value] of new FormData(form, pressed)) {
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
    if (field.dataset.item) items.push(field.dataset.item);
    else if (name === "own-none") items.push("none");
    else if (name === "day") cells.date = value;
    else if (!field.dataset.dose) cells[name] = cells[name] && name !== pressed?.name ? `${cells[name]};${value}` : value;
  }
  if (items.length) cells.triggers = items.join(";");
  return Object.fromEntries(Object.entries(cells).filter(([, value]) => value !== AS_IT_IS && value !== ""));
}

function changed(field) {
  if (field.type === "radio" || field.type === "checkbox") return field.checked && !field.defaultChecked;
  if (field.tagName === "SELECT") return field.selectedIndex !== Math.max(0, [...field.options].findIndex((each) => each.defaultSelected));
  return field.value !== field.defaultValue;
}

const daySaid = (cells) => (Object.keys(cells).length > 1 ? [{ kind: "day.told", body: { cells }, merge: true }] : []);
const taken = (dose, more) => ({ kind: "dose.told", body: { entry: newName(), cells: { ...dose, kind: "acute", state: "taken", ...OWN, ...more } }, merge: true });
const withdrawn = (of, entry) => ({ kind: "entry.withdrawn", body: { of, entry } });

function clock() {
  const time = stamp(now(), zone());
  return { date: time.slice(0, 10), time: time.slice(11, 16) };
}

const READ = {
  evening(form, pressed) {
    const cells = saidOfEvening(form, pressed), ticks = [...form.querySelectorAll("[data-dose]:checked")];
    const doses = ticks.map((tick) => ({ ...taken(JSON.parse(tick.dataset.dose), { date: cells.date }), merge: false }));
    return [...daySaid(cells), ...doses];
  },
  days(form) {
    const told = [...new FormData(form)].filter(([name, value]) => value && /^\d{4}-\d\d-\d\d$/.test(name));
    return told.flatMap(([date, value]) => daySaid({ date, [form.dataset.cell]: value }));
  },
  // Only what was changed here is said: what another device told meanwhile of something else stays.
  day(form, pressed) {
    if (!["keep", "forget"].includes(pressed?.value)) return null;
    if (pressed.value === "forget") return [withdrawn("day.told", form.dataset.day)];
    const fields = [...form.elements].filter((each) => each.name && each !== pressed && changed(each));
    return daySaid({ date: form.dataset.day, ...Object.fromEntries(fields.map((each) => [each.name, each.value])) });
  },
  dose(form, pressed) {
    const slots = [...form.closest("[data-doses]").querySelectorAll("[data-entry]")], isTold = (each) => "told" in each.dataset;
    const slot = pressed.value === "undo" ? slots.findLast(isTold) : slots.find((each) => !isTold(each));
    if (!slot) return [];
    if (pressed.value === "undo") return [withdrawn("dose.told", slot.dataset.entry)];
    const { amount, unit, ...cells } = JSON.parse(slot.dataset.cells), given = pressed.value === "skipped" ? {} : { amount, unit };
    const time = clock(), at = time.date === cells.date ? { time: time.time } : {};
    return [{ kind: "dose.told", body: { entry: slot.dataset.entry, cells: { ...cells, ...given, ...at, state: pressed.value } } }];
  },
  took: (form, pressed) => [taken(JSON.parse(pressed.dataset.dose), clock())],
  medicine(form) {
    const said = [...new FormData(form)].filter(([name, value]) => ["name", "amount", "unit"].includes(name) && value.trim());
    const cells = Object.fromEntries(said.map(([name, value]) => [name, name === "amount" ? value.trim().replace(",", ".") : value.trim()]));
    return cells.name ? [taken(cells, clock())] : [];
  },
  untake: (form) => [withdrawn("dose.told", form.elements.entry.value)],
  relief(form, pressed) {
    const cells = { ...JSON.parse(form.dataset.cells), ...(pressed.value === "unknown" ? {} : { relief_2h: pressed.value }) };
    return [{ kind: "dose.told", body: { entry: form.elements.entry.value, cells, relief_asked: true } }];
  },
  effect(form, pressed) {
    const { date } = clock(), term = form.elements.term?.value.trim().slice(0, LONGEST), head = { date, ...OWN };
    const cells = pressed?.name === "sign" ? { ...head, kind: "red_flag", term: pressed.value } : { ...head, kind: "side_effect", term, severity: pressed?.value };
    return cells.term && pressed ? [{ kind: "effect.told", body: { entry: newName(), cells }, merge: true }] : [];
  },
  // Only what was changed is said anew; a time that was not touched keeps its offset.
  entry(form, pressed) {
    const { kind, entry } = form.dataset, before = JSON.parse(form.dataset.cells);
    if (pressed?.value === "take-back") return [{ ...withdrawn(kind, entry), with_day: true }];
    const fields = [...form.elements].filter((each) => each.name && each !== pressed && each.value !== "take-back" && changed(each));
    if (!fields.length) return [];
    const said = fields.map((each) => [each.name, each.type === "datetime-local" && each.value ? there(each.value, zone()) : each.value.trim()]);
    const cells = Object.fromEntries(Object.entries({ ...(entry || kind === "score.told" ? before : { ...before, ...OWN }), ...Object.fromEntries(said) }).filter(([, value]) => value !== ""));
    return [{ kind, body: { entry: entry ?? newName(), cells }, merge: true, with_day: kind === "attack.told" && cells.headache !== "clear" }];
  },
  over(form, pressed) {
    if (!pressed?.dataset.end) return [];
    const cells = { ...JSON.parse(form.dataset.cells), end: pressed.dataset.end, ...(pressed.dataset.woke ? { asleep_end: "y" } : {}) };
    return [{ kind: "attack.told", body: { entry: form.elements.entry.value, cells } }];
  },
};

// The entries of a form; none where it says nothing, null where it can only be told to the server.
export function entriesOf(form, pressed, basedOn) {
  const found = READ[form.dataset.away]?.(form, pressed) ?? null;
  return found?.map((each) => ({ id: newName(), at: now().toISOString(), based_on: basedOn, ...each })) ?? null;
}
