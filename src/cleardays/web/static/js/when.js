// Times on the person's clock.
const ZONES = new Map(), KEY = "clock-is-off", SLACK_MS = 120000;
const html = document.documentElement, off = clockIsOff();

// By how much the clock of this device is wrong: what a page from the server says of now counts, and is remembered.
function clockIsOff() {
  try {
    if (html.dataset.now && !html.dataset.asOf) {
      const came = performance.getEntriesByType("navigation")[0]?.responseStart || performance.now();
      const by = new Date(html.dataset.now) - (Date.now() - performance.now() + came);
      localStorage.setItem(KEY, Math.abs(by) < SLACK_MS ? 0 : Math.round(by));
    }
    return Number(localStorage.getItem(KEY)) || 0;
  } catch { return 0; }
}

export const now = () => new Date(Date.now() + off);
export const zone = () => html.dataset.zone;

function parts(at, zone) {
  if (!ZONES.has(zone)) {
    const asked = { hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    let made;
    try { made = new Intl.DateTimeFormat("en-CA", { ...asked, timeZone: zone || undefined }); } catch { made = new Intl.DateTimeFormat("en-CA", asked); }
    ZONES.set(zone, made);
  }
  return Object.fromEntries(ZONES.get(zone).formatToParts(at).map((each) => [each.type, each.value]));
}

// 2026-03-04T02:14+01:00
export function stamp(at, zone) {
  const p = parts(at, zone);
  const there = Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute, p.second);
  const off = Math.round((there - Math.floor(at.getTime() / 1000) * 1000) / 60000);
  const away = Math.abs(off), two = (number) => String(number).padStart(2, "0");
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}${off < 0 ? "-" : "+"}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}

// 2026-03-04T02:14+01:00 of a time on the person's clock, 2026-03-04T02:14
export function there(text, zone) {
  const asUtc = Date.parse(`${text}Z`), ahead = (at) => Date.parse(`${stamp(new Date(at), zone).slice(0, 16)}Z`) - at;
  return `${text}${stamp(new Date(asUtc - ahead(asUtc - ahead(asUtc))), zone).slice(16)}`;
}

// 02:14, as it is written in the language of the page
export function clock(at, zone) {
  return written(at, zone, { hour: "2-digit", minute: "2-digit" });
}

// Wednesday 4 March, 02:14
export const dayAndTime = (at, zone) => written(at, zone, { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });

// Wednesday 4 March: a calendar day, the same in every zone
export const dayOf = (text) => written(new Date(`${text}T12:00Z`), "UTC", { weekday: "long", day: "numeric", month: "long" });

function written(at, zone, asked) {
  const language = html.lang === "en" ? "en-GB" : html.lang;
  try { return new Intl.DateTimeFormat(language, { ...asked, timeZone: zone || undefined }).format(at); } catch { return new Intl.DateTimeFormat(language, asked).format(at); }
}

// A text with what is named in it: "Stored %(time)s."
export const said = (text, named) => text.replace(/%\((\w+)\)s/g, (_, name) => named[name] ?? "");
