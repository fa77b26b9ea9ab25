// Keeps what is typed into a form that writes: some seconds after the last key, and when the page goes out of sight.
// The server holds it as the writer's own draft and saves nothing. Without this script the form works as well.

const PAUSE = 2500; // after the last key
const AGAIN = 10000; // after the server did not answer
const PATIENCE = 4000; // for its answer
const LARGEST = 60000; // what browsers still send for a page that is gone

for (const line of document.querySelectorAll("[data-keep]")) watch(line.closest("form"), line);

function watch(form, line) {
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  let kept = typed(); // what the page came with needs no keeping
  let isTouched = false; // nor what the browser put back after Back, which may be saved
  let timer;
  let sending = null;
  let isSubmitted = false;

  const keep = () => {
    clearTimeout(timer);
    const body = typed();
    if (!isTouched || isSubmitted || sending || body === kept) return;
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const signal = AbortSignal.timeout(PATIENCE);
    sending = fetch(line.dataset.keep, { method: "POST", headers, body, signal, keepalive: body.length < LARGEST })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
      .then(({ says }) => {
        kept = body;
        line.textContent = says;
        if (typed() !== kept) later(PAUSE);
      })
      .catch(() => {
        line.textContent = line.dataset.fails;
        later(AGAIN);
      })
      .finally(() => {
        sending = null;
      });
  };
  const later = (pause) => {
    clearTimeout(timer);
    timer = setTimeout(keep, pause);
  };

  form.addEventListener("input", () => {
    isTouched = true;
    isSubmitted = false;
    later(PAUSE);
  });
  // What is on its way arrives before the form does, or it would be kept after it was saved.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    isSubmitted = true;
    if (!sending) return;
    event.preventDefault();
    sending.finally(() => form.requestSubmit(event.submitter));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  window.addEventListener("pagehide", keep);
  const mark = form.elements.opened_as.value;
  const before = history.state?.[form.action];
  history.replaceState({ ...history.state, [form.action]: mark }, "");
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && isSubmitted) isTouched = isSubmitted = false;
    // After Back or a reload a browser may put old words beside the state of now, and what others saved in between would
    // be overwritten. They are taken out again: the page offers them as what was typed before.
    if (!event.persisted && !isTouched && before && before !== mark) form.reset();
  });
}
