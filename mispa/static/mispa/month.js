// Over a table of days with links that work without it: arrows go from day to day, as in the grid pattern of WAI-ARIA.
//
// One day is in the order of the Tab key. Where a day has one link, the link is what is focused; where it has more, the
// day is, Enter leads to its links and Escape back. Beyond the days that are shown, arrows lead to the month before or after.

const table = document.querySelector("[data-month-grid]");
const days = [...table.querySelectorAll("tbody td")];
const WEEK = 7;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -WEEK, ArrowDown: WEEK };

const linksIn = (day) => [...day.querySelectorAll("a")].filter((link) => link.offsetParent !== null);
const focusOf = (day) => (linksIn(day).length === 1 ? linksIn(day)[0] : day);
const dateOf = (day) => day.id.slice("day-".length);

// What has the focus keeps a tabindex all the while: without one it would lose the focus.
function rove(day) {
  const target = focusOf(day);
  for (const one of days) {
    for (const thing of [one, ...one.querySelectorAll("a")]) thing.tabIndex = thing === target ? 0 : -1;
  }
}

function go(day) {
  rove(day);
  focusOf(day).focus();
}

function shifted(day, by) {
  const date = new Date(`${dateOf(day)}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + by);
  return date.toISOString().slice(0, 10);
}

// The same day of the month before or after; its last day where it has no such day.
function inMonth(day, by) {
  const [year, month, number] = dateOf(day).split("-").map(Number);
  const last = new Date(Date.UTC(year, month + by, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + by, Math.min(number, last))).toISOString().slice(0, 10);
}

function turn(by, date) {
  const link = document.querySelector(`[data-month="${by}"]`);
  if (link) location.assign(`${link.href}#day-${date}`);
}

function goTo(date, by) {
  const there = document.getElementById(`day-${date}`);
  if (there) go(there);
  else turn(by, date);
}

function pressed(event) {
  const day = event.target.closest("td");
  if (!day || event.ctrlKey || event.metaKey || event.altKey) return;
  const place = days.indexOf(day);
  const start = place - (place % WEEK);
  const within = event.target !== day && focusOf(day) === day;
  if (event.key in STEPS) {
    const by = STEPS[event.key];
    if (within && Math.abs(by) === WEEK) {
      const links = linksIn(day);
      const next = links[links.indexOf(event.target) + Math.sign(by)];
      if (next) next.focus();
    } else goTo(shifted(day, by), Math.sign(by));
  } else if (event.key === "Home") go(days[event.shiftKey ? 0 : start]);
  else if (event.key === "End") go(days[event.shiftKey ? days.length - 1 : start + WEEK - 1]);
  else if (event.key === "PageUp") turn(-1, inMonth(day, -1));
  else if (event.key === "PageDown") turn(1, inMonth(day, 1));
  else if (event.key === "Enter" && event.target === day && linksIn(day).length) linksIn(day)[0].focus();
  else if (event.key === "Escape" && within) go(day);
  else return;
  event.preventDefault();
}

table.setAttribute("role", "grid");
for (const row of table.rows) row.setAttribute("role", "row");
for (const day of days) day.setAttribute("role", "gridcell");
for (const head of table.querySelectorAll("th")) head.setAttribute("role", "columnheader");
table.addEventListener("keydown", pressed);
table.addEventListener("focusin", (event) => {
  const day = event.target.closest("td");
  if (day) rove(day);
});
addEventListener("resize", () => rove(days.find((day) => day.contains(table.querySelector("[tabindex='0']"))) ?? days[0]));

const asked = days.find((day) => `#${day.id}` === location.hash);
const inside = days.filter((day) => !day.classList.contains("out"));
rove(asked ?? table.querySelector(".is-today") ?? inside.find((day) => linksIn(day).length) ?? inside[0]);
if (asked) focusOf(asked).focus();
