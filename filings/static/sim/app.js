/* Every page: clock, menu, large type, dialogs, error summaries. */
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Tell it to a screen reader. */
export function say(words) {
  const live = $("#live");
  live.textContent = "";
  setTimeout(() => (live.textContent = words), 30);
}

/** The clock: what the server said, carried on at the sandbox's pace; written as far as it was written. */
export function ticks(time) {
  const pace = Number(time.dataset.ticks);
  const from = new Date(time.dateTime).getTime();
  const since = performance.now();
  const { length } = time.textContent.trim();
  const words = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });
  const timer = pace ? setInterval(() => {
    if (time.isConnected) time.textContent = words.format(from + pace * (performance.now() - since)).slice(0, length);
    else clearInterval(timer);
  }, 1000) : 0;
}
$$("[data-ticks]").forEach(ticks);

$(".burger")?.addEventListener("click", (event) => {
  const open = $(".nav").classList.toggle("open");
  event.currentTarget.setAttribute("aria-expanded", open);
});

const big = $("[data-big]");
const pressed = () => big.setAttribute("aria-pressed", document.documentElement.classList.contains("big"));
big?.addEventListener("click", () => {
  localStorage.setItem("big", document.documentElement.classList.toggle("big") ? "1" : "0");
  pressed();
});
if (big) pressed();

/* What stands beside a page stays as it was left: the server draws it so. */
$("[data-shuts]")?.addEventListener("toggle", (event) => {
  const shut = event.target.open ? "0" : "1";
  document.cookie = `sim_panel=${shut}; path=${document.documentElement.dataset.root}; max-age=31536000; samesite=lax`;
});
$(".to-beside a")?.addEventListener("click", () => ($("[data-shuts]").open = true));

for (const dialog of $$("dialog[data-now]")) {
  dialog.close();
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const { target } = event;
  const opens = target.closest("[data-opens]");
  if (opens) {
    event.preventDefault();
    document.getElementById(opens.dataset.opens).showModal();
  }
  if (target.closest("[data-prints]")) print();
  if (target.closest("[data-closes]")) target.closest("dialog").close();
  const fill = target.closest("[data-fill]");
  if (fill) {
    for (const [name, value] of Object.entries(JSON.parse(fill.dataset.fill))) {
      const control = $(`[name=${name}][value="${value}"]`) ?? $(`[name=${name}]`);
      if (control.type === "radio") control.checked = true;
      else control.value = value;
    }
    $("form.stack .btn.p").focus();
  }
  const link = target.closest(".sum a[href^='#'], [data-seek]");
  const place = link && document.getElementById(link.hash.slice(1));
  if (place) {
    event.preventDefault();
    place.dispatchEvent(new CustomEvent("sought", { bubbles: true }));
    place.scrollIntoView({ block: "center" });
    place.focus({ preventScroll: true });
  }
});

/* A browser brings the caret into view, not the whole of a tall box, which a toolbar may then cover. */
document.addEventListener("focusin", ({ target }) => target.matches("textarea") && target.scrollIntoView({ block: "nearest" }));

/* On paper a box shows all that stands in it. */
addEventListener("beforeprint", () => {
  for (const control of $$("input.in, textarea, select")) {
    const shown = control.matches("select") && control.value ? control.selectedOptions[0].text : control.value;
    control.after(Object.assign(document.createElement("span"), { className: "onpaper", textContent: shown }));
  }
});
addEventListener("afterprint", () => $$(".onpaper").forEach((shown) => shown.remove()));

/* Enter in a form that is sent goes on to the next box, as in a sheet; in the last box it sends. Where one only looks
   something up, it looks. */
const BOXES = "input:not([type=hidden]), select, textarea";
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key !== "Enter" || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
  if (!target.matches("input:not([type=hidden], [type=file])") || target.form?.method !== "post") return;
  const boxes = $$(BOXES, target.form).filter((one) => one.checkVisibility() && !one.disabled && !one.readOnly);
  const next = boxes.slice(boxes.indexOf(target) + 1).find((one) => one.type !== "radio" || one.name !== target.name);
  if (!next) return;
  event.preventDefault();
  next.focus();
  if (next.matches("input.in")) next.select();
});

/* A second press within a second is the same press. */
document.addEventListener("submit", (event) => {
  const { target, timeStamp } = event;
  if (timeStamp - Number(target.dataset.sent ?? -1000) < 1000) event.preventDefault();
  else if (!event.defaultPrevented) target.dataset.sent = timeStamp;
});

const summary = $("#sum");
summary?.focus({ preventScroll: true });
summary?.scrollIntoView({ block: "start" });
