// Faster hands over forms that work without it: lines are dragged, moved and added by keys, and saved by Ctrl+S.
//
// [data-order-list] holds [data-line]s. In a form the order is sent with it: in a table by hidden fields that stand in
// the lines, on a page of numbers by the numbers. A list with data-order-url stands on a page that is read; its order is
// sent as soon as a line has been moved.

const UP = -1;
const DOWN = 1;
let waiting; // until an order moved by keys on a page that is read is sent

const listOf = (line) => line.closest("[data-order-list]");
const linesOf = (list) => [...list.children].filter((one) => one.matches("[data-line]"));
const movable = (list) => linesOf(list).filter((one) => !one.matches(".line-blank"));

function number(list) {
  movable(list).forEach((line, place) => {
    const shown = line.querySelector("[data-number]");
    if (shown && shown.tagName === "INPUT") shown.value = place + 1;
    else if (shown) shown.textContent = place + 1;
  });
}

function say(list, line) {
  const place = movable(list).indexOf(line) + 1;
  const said = document.querySelector("[data-said]");
  if (said) said.textContent = `${place} / ${movable(list).length}`;
}

// A line sets before another, or at the end of those that can be moved.
function put(line, before) {
  const list = listOf(line);
  list.insertBefore(line, before ?? list.querySelector(":scope > .line-blank"));
  number(list);
  list.dispatchEvent(new Event("input", { bubbles: true })); // so that the order is kept like what is typed
  say(list, line);
}

function step(line, by) {
  const lines = movable(listOf(line));
  const place = lines.indexOf(line);
  if (place < 0 || !lines[place + by]) return false;
  const focused = document.activeElement;
  put(line, by === UP ? lines[place - 1] : lines[place + 2]);
  if (line.contains(focused)) focused.focus();
  return true;
}

// ---- where the order is sent at once

function send(list) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = list.dataset.orderUrl;
  const add = (name, value) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  };
  add("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  add("opened_from", list.dataset.openedFrom);
  add("opened_as", list.dataset.openedAs);
  for (const line of movable(list)) add("item", line.dataset.line);
  document.body.append(form);
  form.submit();
}

function settled(list) {
  if (list.dataset.orderUrl && list.dataset.before !== orderOf(list)) send(list);
}

const orderOf = (list) => movable(list).map((line) => line.dataset.line).join(" ");

// ---- dragging, by mouse, pen or finger

function handle(line) {
  const list = listOf(line);
  const grip = document.createElement("button");
  grip.type = "button";
  grip.className = "grip";
  grip.append(dots());
  grip.setAttribute("aria-label", `${list.dataset.move}: ${nameOf(line)}`);
  // The line is moved when it is let go: a handle that moves in the page loses the pointer.
  let before = line;
  const mark = (target) => {
    for (const one of list.querySelectorAll(".drop-before, .drop-after")) one.classList.remove("drop-before", "drop-after");
    before = target;
    const others = movable(list);
    if (target && target !== line) target.classList.add("drop-before");
    if (!target) others[others.length - 1].classList.add("drop-after");
  };
  grip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    grip.focus();
    grip.setPointerCapture(event.pointerId);
    line.classList.add("is-dragged");
    before = line;
  });
  grip.addEventListener("pointermove", (event) => {
    if (!line.classList.contains("is-dragged")) return;
    const below = movable(list).find((one) => {
      const box = one.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    mark(below === next(line) && below ? line : (below ?? null));
    const edge = 48;
    if (event.clientY < edge) window.scrollBy(0, -12);
    if (event.clientY > window.innerHeight - edge) window.scrollBy(0, 12);
  });
  const drop = (event) => {
    if (!line.classList.contains("is-dragged")) return;
    const target = before;
    mark(line);
    line.classList.remove("is-dragged");
    if (event.type === "pointercancel" || target === line || (!target && !next(line))) return;
    list.dataset.before ??= orderOf(list);
    put(line, target);
    settled(list);
  };
  grip.addEventListener("pointerup", drop);
  grip.addEventListener("pointercancel", drop);
  grip.addEventListener("keydown", (event) => {
    const by = { ArrowUp: UP, ArrowDown: DOWN }[event.key];
    if (!by || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    list.dataset.before ??= orderOf(list);
    step(line, by);
    grip.focus();
    clearTimeout(waiting);
    waiting = setTimeout(() => settled(list), 900); // several steps are one change
  });
  return grip;
}

function dots() {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  drawing.setAttribute("viewBox", "0 0 20 20");
  drawing.setAttribute("aria-hidden", "true");
  drawing.classList.add("i");
  path.setAttribute("d", "M7 4v.1M13 4v.1M7 10v.1M13 10v.1M7 16v.1M13 16v.1");
  drawing.append(path);
  return drawing;
}

function next(line) {
  const lines = movable(listOf(line));
  return lines[lines.indexOf(line) + 1] ?? null;
}

function nameOf(line) {
  const typed = line.closest("[data-desk]") ? line.querySelector("textarea")?.value : null;
  const words = typed ?? line.querySelector(".says")?.textContent ?? line.textContent;
  return words.trim().replace(/\s+/g, " ").slice(0, 60);
}

function equip(line) {
  // In a table the handle stands beside the number, on a page that is read among the acts of the thing.
  const home = line.querySelector(":scope > .place") ?? (listOf(line).dataset.orderUrl && line.querySelector(".acts")) ?? line;
  if (!line.matches(".line-blank") && !home.querySelector(":scope > .grip")) (home || line).prepend(handle(line));
}

// ---- a table: new lines

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function addBelow(line) {
  const list = listOf(line);
  const blank = list.querySelector(":scope > .line-blank");
  if (!blank) return;
  const old = blank.dataset.line;
  const fresh = blank.cloneNode(true);
  const now = uuid();
  for (const one of [fresh, ...fresh.querySelectorAll("*")]) {
    for (const attribute of one.attributes) {
      if (attribute.value.includes(old)) one.setAttribute(attribute.name, attribute.value.replaceAll(old, now));
    }
  }
  for (const field of fresh.querySelectorAll("textarea, input[type=text], select")) field.value = "";
  fresh.classList.remove("line-blank");
  fresh.querySelector(".place .n").outerHTML = '<span class="n" data-number></span>';
  list.insertBefore(fresh, line === blank ? blank : line.nextElementSibling);
  equip(fresh);
  number(list);
  fresh.querySelector("textarea").focus();
}

// ---- keys

document.addEventListener("keydown", (event) => {
  const desk = document.querySelector("[data-desk]");
  if (desk && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    desk.requestSubmit();
    return;
  }
  const line = event.target.closest("[data-line]");
  if (!line || !line.closest("form")) return;
  const by = { ArrowUp: UP, ArrowDown: DOWN }[event.key];
  if (by && event.altKey) {
    event.preventDefault();
    step(line, by);
  }
  if (desk && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    addBelow(line);
  }
});

for (const hidden of document.querySelectorAll("[data-with-script]")) hidden.hidden = false;
for (const line of document.querySelectorAll("[data-order-list] > [data-line]")) equip(line);
