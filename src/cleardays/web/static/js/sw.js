// The service worker: pages from the network, and from this device where there is none. MARK, FILES and PAGES stand
// before it, as the server wrote them.
const FILED = `files-${MARK}`, KEPT = `pages-${MARK}`;
const PATIENCE_MS = { "/attack": 1000, "/help": 1000 }, OTHERWISE_MS = 5000, LONGEST_MS = 15000, FRESH_MS = 900000, MOST_PAGES = 80;
const AT = "Kept-At", STORE = "Offline", KEEP = "keep";
// After these somebody else may sit here: pages of whoever sat here before are shown to nobody.
const SOMEBODY_ELSE = /^\/(sign-out|sign-in|first-keeper|leave|welcome\/[^/]+|api\/v1\/passkeys\/sign-in)$/;
const ANY_DAY = /^\/day\/[^/]+\/new\//;
let freshAt = 0, turn = 0; // what was asked for before the last turn (another language, another person) is not kept any more

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => {
  if (event.data?.fresh) event.waitUntil(Promise.all([fill(false), event.data.keep ? bring(event.data.keep) : null]));
});
self.addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && SOMEBODY_ELSE.test(url.pathname)) event.waitUntil(forget());
  if (request.method === "POST" && url.pathname === "/more/language") askAnew(); // in that language
  if (request.method === "POST" && request.mode === "navigate") event.respondWith(fetch(request).catch(unsent));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/static/") || url.pathname === "/app.webmanifest") event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
});

async function install() {
  await (await caches.open(FILED)).addAll(FILES);
  await fill(true);
  await self.skipWaiting();
}

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name !== FILED && name !== KEPT);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The pages that must be there in an attack without a network, as they are now.
async function fill(always) {
  if (!always && Date.now() - freshAt < FRESH_MS) return;
  freshAt = Date.now();
  await Promise.all(PAGES.map(bring));
}

function bring(path) {
  const asked = { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(LONGEST_MS) };
  const at = turn;
  return fetch(path, asked).then((answer) => keep(path, answer, at)).catch(() => {});
}

function askAnew() {
  freshAt = 0;
  turn += 1;
}

async function forget() {
  askAnew();
  await caches.delete(KEPT);
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

async function page(event, url) {
  const path = url.pathname + url.search, at = turn;
  const asked = fetch(event.request).then((answer) => {
    if (answer.status >= 500) throw new Error(answer.statusText);
    event.waitUntil(keep(path, answer.clone(), at));
    return answer;
  });
  asked.catch(() => {});
  const kept = await find(path, url.pathname);
  if (!kept) return asked.catch(async () => (await find("/offline", "/offline")) ?? Response.error());
  const patience = new Promise((done) => setTimeout(done, PATIENCE_MS[url.pathname] ?? OTHERWISE_MS));
  return (await Promise.race([asked.catch(() => null), patience])) ?? old(kept);
}

const unsent = async () => (await find("/offline?unsent", "/offline")) ?? Response.error();

async function find(path, pathname) {
  const cache = await caches.open(KEPT);
  const any = pathname.replace(ANY_DAY, "/day/today/new/"); // an empty page is the same for each day
  return (await cache.match(path, { ignoreVary: true })) ?? (await cache.match(pathname, { ignoreVary: true })) ?? cache.match(any, { ignoreVary: true });
}

// Kept with the time; only what the server says may be kept on a person's own device.
async function keep(path, answer, at) {
  if (at !== turn || answer.status !== 200 || answer.redirected || answer.headers.get(STORE) !== KEEP) {
    answer.body?.cancel().catch(() => {}); // a body that nobody reads holds its connection
    return;
  }
  const headers = new Headers(answer.headers);
  headers.set(AT, new Date(answer.headers.get("Date") ?? Date.now()).toISOString()); // the clock of the server, which is right
  headers.delete("Content-Encoding"); // it is unpacked already
  headers.delete("Vary"); // so that it takes the place of the one before, and there is no moment without either
  const cache = await caches.open(KEPT);
  const whole = new Response(await answer.blob(), { headers }); // first: the network may end here, and what was kept stays
  if (at !== turn) return;
  await cache.put(path, whole);
  const paths = (await cache.keys()).filter((each) => !PAGES.includes(new URL(each.url).pathname));
  await Promise.all(paths.slice(0, Math.max(0, paths.length - MOST_PAGES)).map((each) => cache.delete(each)));
}

// A kept page that says of when it is.
async function old(kept) {
  const text = await kept.text();
  return new Response(text.replace("<html ", `<html data-as-of="${kept.headers.get(AT)}" `), { headers: kept.headers });
}
