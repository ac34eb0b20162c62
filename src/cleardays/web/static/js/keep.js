// What this device keeps by itself: entries that wait to be sent, and how the attack screen stands.
const NAME = "cleardays", VERSION = 1, PATIENCE_MS = 3000;
let opened = null;

function open() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("queue", { keyPath: "n", autoIncrement: true });
      asked.result.createObjectStore("state", { keyPath: "name" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
    setTimeout(() => failed(new Error("this browser does not answer")), PATIENCE_MS); // then the form does without it
    asked.onblocked = () => failed(new Error("another page holds what this device keeps"));
  });
  return opened;
}

// Do something in one transaction; what it gives is given when it is on the disk.
async function within(store, mode, work) {
  const base = await open();
  return new Promise((done, failed) => {
    const act = base.transaction(store, mode, { durability: "strict" });
    let found;
    act.oncomplete = () => done(found);
    act.onerror = act.onabort = () => failed(act.error);
    const asked = work(act.objectStore(store));
    if (asked) asked.onsuccess = () => { found = asked.result; };
  });
}

export const everything = (store) => within(store, "readonly", (kept) => kept.getAll());
export const find = (store, key) => within(store, "readonly", (kept) => kept.get(key));
export const put = (store, value) => within(store, "readwrite", (kept) => kept.put(value));
export const remove = (store, key) => within(store, "readwrite", (kept) => kept.delete(key));

// Several entries together, and the state that they lead to: all of it or nothing.
export async function putAll(entries, state) {
  const base = await open();
  return new Promise((done, failed) => {
    const act = base.transaction(["queue", "state"], "readwrite", { durability: "strict" });
    act.oncomplete = () => done();
    act.onerror = act.onabort = () => failed(act.error);
    for (const each of entries) act.objectStore("queue").add(each);
    if (state) act.objectStore("state").put(state);
  });
}

export function newName() {
  const figures = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(figures, (each) => each.toString(16).padStart(2, "0")).join("");
}
