// Times on the person's clock.
const ZONES = new Map();

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

// 02:14, as it is written in the language of the page
export function clock(at, zone) {
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const asked = { hour: "2-digit", minute: "2-digit" };
  try { return new Intl.DateTimeFormat(language, { ...asked, timeZone: zone || undefined }).format(at); } catch { return new Intl.DateTimeFormat(language, asked).format(at); }
}

// A text with what is named in it: "Stored %(time)s."
export const said = (text, named) => text.replace(/%\((\w+)\)s/g, (_, name) => named[name] ?? "");
