// The head with its places: a tap on one gives it what is planned there, another takes it away; sums follow.
const form = document.querySelector("form.sites");
const planned = new Map();

function units(field) {
  const value = Number(field.value.trim().replace(",", "."));
  return Number.isFinite(value) ? value : 0;
}

function sum(fields) {
  // in thousandths, so that what is written in tenths adds up
  return [...fields].reduce((all, field) => all + Math.round(units(field) * 1000), 0) / 1000;
}

function add() {
  for (const muscle of form.querySelectorAll("fieldset[data-muscle-most]")) {
    muscle.querySelector("[data-sum]").textContent = String(sum(muscle.querySelectorAll("[data-site]")));
  }
  const total = sum(form.querySelectorAll("[data-site]"));
  form.querySelector("[data-total]").textContent = String(total);
  form.querySelector("[data-above]").classList.toggle("hidden", total <= Number(form.dataset.most));
}

function mark(place, field) {
  const number = place.querySelector("text");
  number.textContent = units(field) ? String(units(field)) : "";
  place.classList.toggle("empty", units(field) === 0);
}

function usual(field) {
  // what this place gets when it is tapped: its own amount, or that of the first place of its muscle that has one
  const others = field.closest("fieldset").querySelectorAll("[data-site]");
  return planned.get(field.id) || [...others].map((each) => planned.get(each.id)).find(Boolean) || 0;
}

if (form) {
  for (const field of form.querySelectorAll("[data-site]")) {
    planned.set(field.id, units(field));
    field.addEventListener("input", () => {
      add();
      const place = form.querySelector(`a[href="#${CSS.escape(field.id)}"]`);
      if (place) mark(place, field);
    });
  }
  for (const place of form.querySelectorAll("svg a")) {
    const field = document.getElementById(place.getAttribute("href").slice(1));
    place.addEventListener("click", (tap) => {
      tap.preventDefault();
      field.value = String(units(field) ? 0 : usual(field));
      mark(place, field);
      add();
    });
  }
}
