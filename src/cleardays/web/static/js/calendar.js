// Arrow keys go from day to day and from week to week; without this file the Tab key does.
const days = [...document.querySelectorAll(".days a")];
const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

document.querySelector(".days")?.addEventListener("keydown", (event) => {
  const at = days.indexOf(event.target.closest("a"));
  let step = steps[event.key];
  if (at < 0 || step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  if (document.documentElement.dir === "rtl" && Math.abs(step) === 1) step = -step;
  if (document.querySelector(".list") && Math.abs(step) === 7) step = Math.sign(step);
  const next = days[at + step];
  event.preventDefault();
  if (next) next.focus();
  else document.querySelector(step < 0 ? "[rel=prev]" : "[rel=next]")?.focus();
});
