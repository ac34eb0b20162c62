// What every page does where scripts run; without them every page works too.
import "./away.js";
import { everything } from "./keep.js";
import { hear, sync } from "./sync.js";
import { dayAndTime, said, zone } from "./when.js";

const html = document.documentElement;

// The one address that a script may be loaded from by name.
const addresses = globalThis.trustedTypes?.createPolicy("cleardays", {
  createScriptURL: (text) => { if (text === "/sw.js") return text; throw new TypeError(text); },
});

async function install() {
  if (!("serviceWorker" in navigator)) return;
  const unseen = !performance.getEntriesByType("navigation")[0]?.workerStart; // then nobody kept this page on its way
  const worker = await navigator.serviceWorker.register(addresses ? addresses.createScriptURL("/sw.js") : "/sw.js");
  await navigator.serviceWorker.ready;
  worker.active?.postMessage({ fresh: true, keep: unseen ? location.pathname + location.search : null });
}

// A page from this device says of when it is.
function sayAge() {
  const note = document.getElementById("as-of");
  if (!note || !html.dataset.asOf) return;
  note.textContent = said(note.dataset.text, { time: dayAndTime(new Date(html.dataset.asOf), zone()) });
  note.hidden = false;
}

function showQueue({ detail }) {
  const badge = document.getElementById("queue"), held = document.getElementById("held");
  if (held) {
    held.hidden = detail.others + detail.waiting.length === 0;
    held.textContent = said(held.dataset.text, { num: detail.others + detail.waiting.length });
  }
  if (!badge) return;
  const many = detail.waiting.length + detail.refused.length, out = detail.how === "signed out" && detail.waiting.length > 0;
  badge.hidden = many === 0;
  badge.href = out ? "/sign-in" : "/waiting";
  badge.textContent = said(detail.refused.length ? badge.dataset.refused : out ? badge.dataset.out : badge.dataset.waiting, { num: detail.refused.length || many });
}

// Asked once, and never in an attack: that the browser does not throw away what it keeps here.
async function askToKeep() {
  if (document.body.classList.contains("night") || !navigator.storage?.persist || localStorage.getItem("asked-to-keep")) return;
  if ((await everything("state")).length === 0) return; // nothing is kept here yet
  localStorage.setItem("asked-to-keep", "1");
  await navigator.storage.persist();
}

sayAge();
if (html.dataset.seq && !html.dataset.asOf) hear(Number(html.dataset.seq)).catch(() => {});
addEventListener("queue", showQueue);
addEventListener("online", () => sync());
document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
sync().catch(() => {}); // a browser that keeps nothing has nothing to send
install().catch(() => {});
setTimeout(() => askToKeep().catch(() => {}), 2000);
