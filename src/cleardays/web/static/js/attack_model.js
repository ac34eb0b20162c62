// How an attack stands and what a tap makes of it: values in, values out, nothing stored or shown here.
import { newName } from "./keep.js";
import { stamp } from "./when.js";

const LEVELS = ["mild", "moderate", "severe"];
export const nameOf = (medicine) => medicine.name || medicine.drug || "";
const minutesSince = (text, now) => (now - new Date(text)) / 60000;

// The same as attack_screen.py says: the state, the medicine that is offered, the buttons.
export function screenOf(model, medicines, minutes, now) {
  const attack = model.attack, cells = attack?.cells;
  if (!attack || minutesSince(cells.end ?? cells.start, now) > (cells.end ? minutes.ended : minutes.going)) {
    return { state: "idle", buttons: LEVELS };
  }
  if (cells.end) return { state: "ended", buttons: ["again", "undo", "colour"] };
  const justTaken = (medicine) => model.doses.some((dose) => nameOf(dose.cells) === nameOf(medicine) && minutesSince(dose.at, now) < minutes.taken);
  const offered = medicines.find((each) => !justTaken(each));
  const young = minutesSince(cells.start, now) < minutes.young;
  return { state: "going", offered, buttons: !offered ? ["over", "undo", "colour"] : young ? ["took", "undo", "colour"] : ["took", "over", "undo"] };
}

// What a tap makes: the model after it, and the entries that tell of it. `given`: now, zone, seq, offered.
export function tapped(model, what, given) {
  const made = (kind, body, withDay) => ({ id: newName(), kind, at: given.now.toISOString(), body, based_on: given.seq, with_day: withDay });
  const time = stamp(given.now, given.zone);
  if (LEVELS.includes(what) || what === "again") {
    const name = newName(), headache = what === "again" ? "present" : what;
    const cells = { id: name, date: time.slice(0, 10), start: time, headache, source: "patient" };
    return { model: { attack: { entry: name, cells }, doses: [] }, entries: [made("attack.told", { entry: name, cells }, true)] };
  }
  const { attack, doses } = model;
  const again = (cells) => ({ model: { attack: { ...attack, cells }, doses }, entries: [made("attack.told", { entry: attack.entry, cells }, false)] });
  if (what === "over") return again({ ...attack.cells, end: time });
  if (what === "took") {
    const name = newName();
    const cells = { ...given.offered, date: time.slice(0, 10), time: time.slice(11, 16), kind: "acute", state: "taken", source: "patient", attack: attack.entry };
    const dose = { entry: name, cells, at: given.now.toISOString() };
    return { model: { attack, doses: [...doses, dose] }, entries: [made("dose.told", { entry: name, cells }, false)] };
  }
  if (what !== "undo") throw new Error(what);
  if (attack.cells.end) {
    const { end: _, ...cells } = attack.cells;
    return again(cells);
  }
  const withdrawn = (of, entry, withDay) => made("entry.withdrawn", { of, entry }, withDay);
  const last = doses.at(-1);
  if (last) return { model: { attack, doses: doses.slice(0, -1) }, entries: [withdrawn("dose.told", last.entry, false)] };
  return { model: { attack: null, doses: [] }, entries: [withdrawn("attack.told", attack.entry, true)] };
}
