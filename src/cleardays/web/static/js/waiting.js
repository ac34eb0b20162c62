// What waits on this device: shown as it is, what was not accepted can be changed and sent again. Nothing is thrown away.
import { put } from "./keep.js";
import { queued, sync } from "./sync.js";
import { dayAndTime, said, zone } from "./when.js";

const byId = (id) => document.getElementById(id), texts = byId("texts").dataset;
const NAMES = { "attack.told": texts.attack, "dose.told": texts.dose, "day.told": texts.day, "effect.told": texts.effect, "score.told": texts.score, "entry.withdrawn": texts.withdrawn };
const STAMP = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*/;
const CELLS = JSON.parse(texts.cells);
// What a cell is called on its page, and the names of its answers; a cell that no page asks for has its own.
const named = (kind, cell) => CELLS[kind]?.[cell] ?? [cell === "date" ? texts.on : cell, {}];
// What names an entry stays as it is.
const FIXED = ["id", "attack", "source", "kind"];

function rowOf(row) {
  const shown = byId("row").content.cloneNode(true).firstElementChild, { entry, state } = row;
  const what = NAMES[entry.kind] ?? texts.other, time = dayAndTime(new Date(entry.at), zone());
  shown.querySelector("h2").textContent = said(state === "waiting" ? texts.waiting : texts.refused, { what, time });
  const message = shown.querySelector(".message"), problems = row.problems ?? [];
  message.hidden = problems.length === 0;
  message.textContent = problems.map((each) => `${each.where}: ${each.what} ${each.try_this}`).join(" ");
  const cells = Object.entries(entry.body.cells ?? {}).filter(([name]) => !FIXED.includes(name));
  if (state === "waiting") shown.querySelector("form").replaceWith(line(entry.kind, cells));
  else shown.querySelector("form").append(...cells.map(([name, value]) => field(row.n, entry.kind, name, value)));
  for (const button of shown.querySelectorAll("button")) {
    button.hidden = { again: state !== "refused", away: state !== "refused", back: state !== "away" }[button.dataset.do];
    button.addEventListener("click", () => act(row, button.dataset.do, shown.querySelector("form")));
  }
  return shown;
}

function line(kind, cells) {
  const text = document.createElement("p");
  const told = cells.map(([cell, value]) => { const [name, answers] = named(kind, cell); return `${name}: ${answers[value] ?? value.replace(STAMP, "$1 $2")}`; });
  text.textContent = told.join(" · ");
  return text;
}

function field(n, kind, cell, value) {
  const [name, answers] = named(kind, cell), isChoice = value in answers;
  const [around, label, input] = ["div", "label", isChoice ? "select" : "input"].map((each) => document.createElement(each));
  around.className = "field";
  label.htmlFor = input.id = `cell-${n}-${cell}`;
  label.textContent = name;
  if (isChoice) input.append(new Option("–", ""), ...Object.entries(answers).map(([each, said]) => new Option(said, each, false, each === value)));
  else Object.assign(input, { value, autocomplete: "off" });
  input.name = cell;
  around.append(label, input);
  return around;
}

async function act(row, what, form) {
  const cells = { ...row.entry.body.cells };
  for (const input of form?.elements ?? []) {
    if (input.value.trim()) cells[input.name] = input.value.trim();
    else delete cells[input.name];
  }
  const body = row.entry.body.cells ? { ...row.entry.body, cells } : row.entry.body;
  const state = { again: "waiting", away: "away", back: "refused" }[what];
  await put("queue", { ...row, state, entry: { ...row.entry, body }, problems: what === "again" ? [] : row.problems });
  await (what === "again" ? sync() : show(await queued()));
}

function show({ waiting, refused, away, how }) {
  byId("rows").replaceChildren(...[...refused, ...waiting].map(rowOf));
  byId("away").replaceChildren(...away.map(rowOf));
  byId("away-said").hidden = away.length === 0;
  byId("none").hidden = refused.length + waiting.length > 0;
  byId("send").hidden = waiting.length === 0;
  if (waiting.length && how) byId("state").textContent = { away: texts.offline, "signed out": texts.signedout }[how] ?? byId("state").textContent;
}

addEventListener("queue", ({ detail }) => show(detail));
byId("send").addEventListener("click", () => sync());
show(await queued());
