// Sends what waits on this device: in order, each until it has an answer, and never twice at the same time.
import { everything, find, put, remove } from "./keep.js";

const MOST = 50, FIRST_WAIT_MS = 2000, LONGEST_WAIT_MS = 300000;
let wait = 0, timer = 0;
export const who = document.documentElement.dataset.who ?? "";

export async function queued() {
  const all = await everything("queue"), mine = all.filter((each) => each.who === who);
  const of = (state) => mine.filter((each) => each.state === state);
  return { waiting: of("waiting"), refused: of("refused"), away: of("away"), others: all.length - mine.length };
}

// How many events the story had when the server was heard last.
export const heard = async () => (await find("state", `seq ${who}`))?.seq ?? 0;

export async function hear(seq) {
  await put("state", { name: `seq ${who}`, seq: Math.max(await heard(), seq) });
}

// Send now what can be sent; told to whoever listens for "queue" on the window.
export async function sync() {
  clearTimeout(timer);
  const work = () => sendAll().catch(() => "away");
  const how = navigator.locks ? await navigator.locks.request("cleardays-send", { ifAvailable: true }, (lock) => (lock ? work() : "busy")) : await work();
  wait = how === "away" ? Math.min(wait * 2 || FIRST_WAIT_MS, LONGEST_WAIT_MS) : 0;
  if (wait) timer = setTimeout(sync, wait * (0.75 + Math.random() / 2));
  if (how === "busy") timer = setTimeout(sync, FIRST_WAIT_MS);
  const found = await queued();
  dispatchEvent(new CustomEvent("queue", { detail: { ...found, how } }));
  return how;
}

async function sendAll() {
  let most = MOST;
  for (;;) {
    const rows = (await queued()).waiting.slice(0, most);
    if (rows.length === 0) return "sent";
    const answer = await send(rows.map((each) => each.entry));
    if (answer.status === 200) await settle(rows, await answer.json());
    else if (rows.length > 1 && [400, 413, 422].includes(answer.status)) most = 1; // one of them cannot be read: find out which
    else if ([400, 413, 422].includes(answer.status)) await refuse(rows[0], (await answer.json()).problems);
    else if ([401, 403, 404].includes(answer.status)) return "signed out"; // kept until somebody signs in
    else return "away";
  }
}

function send(entries) {
  const body = JSON.stringify(who ? { entries, who } : { entries }); // somebody else may be signed in by now
  const asked = { method: "POST", headers: { "Content-Type": "application/json" }, body, signal: AbortSignal.timeout(20000) };
  return fetch("/api/v1/entries", asked);
}

async function settle(rows, answer) {
  await hear(answer.seq);
  for (const row of rows) {
    const kept = answer.entries.find((each) => each.id === row.entry.id);
    if (!kept) continue; // it stays and is sent again
    if (kept.state === "refused") await refuse(row, kept.problems);
    else await remove("queue", row.n);
  }
  if (answer.entries.some((each) => each.state === "asked")) await put("state", { name: `asked ${who}`, asked: true });
}

const refuse = (row, problems) => put("queue", { ...row, state: "refused", problems });
