/* The keyboard over a sheet: from field to field and on into the next tab, deeds by their keys, and what a field rests
   on by F1 or ?. */
import { $, $$, say } from "./app.js";

const FIELDS = "input:not([type=hidden]), select, textarea";
const STOPS = `a[href], button, ${FIELDS}`;
const shown = (one) => one.checkVisibility() && !one.disabled;
/* Of radio buttons, the one that is chosen stands for all; the first, where none is. */
const first = (one) => one.type !== "radio" || one.checked || ![...one.form.elements[one.name]].some((other) => other.checked);
const fields = (root) => $$(FIELDS, root).filter((one) => shown(one) && !one.readOnly && first(one));
const stops = (root) => $$(STOPS, root).filter((one) => shown(one) && one.tabIndex >= 0 && first(one));

/* As Tab does it: what stands there is overwritten by what is typed. */
function go(to) {
  to.focus();
  if (to.matches("input.in")) to.select();
}

/** Takes out of the order of Tab what stands beside the fields: sources, recommendations, grey boxes, the buttons of
    rows. They come and go, and have keys of their own. */
export function aside(root) {
  for (const one of $$(".say :is(a, button), .note a, a.faq, [data-drop]", root)) one.tabIndex = -1;
  for (const one of $$("input.in, textarea", root)) one.tabIndex = one.readOnly ? -1 : 0;
}

export function flow(form, tabs, panelOf, select) {
  const panels = tabs.length ? tabs.map(panelOf) : [form];
  aside(form);

  /** The first or last place in a later or earlier panel that has one. */
  function beyond(panel, step, among) {
    for (let n = panels.indexOf(panel) + step; n in panels; n += step) {
      select(tabs[n]);
      const found = among(panels[n]);
      if (found.length) return found.at(step > 0 ? 0 : -1);
    }
    if (tabs.length) select(tabs[panels.indexOf(panel)]);
    return null;
  }

  form.addEventListener("keydown", (event) => {
    const { key, target, shiftKey } = event;
    const panel = panels.find((one) => one.contains(target));
    if (!panel || event.isComposing || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    if (key === "Tab") {
      const inside = stops(panel);
      if (target !== inside.at(shiftKey ? 0 : -1)) return;
      const next = beyond(panel, shiftKey ? -1 : 1, stops);
      if (!next) return;
      event.preventDefault();
      go(next);
    }
    if (key === "Enter" && target.matches(`${FIELDS}:not(textarea, [type=file])`)) {
      event.preventDefault();
      const inside = fields(panel);
      const next = inside[inside.findIndex((one) => one === target) + 1] ?? beyond(panel, 1, fields);
      if (next) go(next);
      else say("这是最后一项");
    }
  });

  /* ── deeds ── */
  const KEYS = { KeyS: "Alt+S", Enter: "Alt+Enter", NumpadEnter: "Alt+Enter", KeyN: "Alt+N", Delete: "Alt+Delete" };
  const near = (selector) => $$(selector, document.activeElement.closest(".row") ?? document).find(shown) ?? $$(selector).find(shown);
  document.addEventListener("keydown", (event) => {
    if ($("dialog[open]") || event.isComposing) return;
    const { activeElement } = document;
    const name = form.contains(activeElement) ? activeElement.name : "";
    const chord = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (chord && KEYS[event.code]) {
      event.preventDefault();
      const keys = `[aria-keyshortcuts="${KEYS[event.code]}"]`;
      if (event.code === "Delete" && !activeElement.closest(".row")) return;
      near(keys)?.click();
    } else if (chord && event.code === "KeyR") {
      event.preventDefault();
      $(`[data-says="${CSS.escape(name)}"] [data-rec]:not([hidden]) [data-take]`, form)?.click();
    } else if (event.key === "F1" || (["?", "？"].includes(event.key) && !writes(activeElement))) {
      event.preventDefault();
      explain(activeElement);
    }
  });

  /* In a box for words that has some already, a question mark is one more; so it is outside the sheet. */
  const words = (one) => one.matches("textarea, input.in:not(.code, .date, .money)") && !one.closest(".combo");
  const writes = (one) => (form.contains(one) ? words(one) && one.value !== "" : one.matches("input, textarea"));

  /** What the keys do; of a field, what is said below it, and where that rests on. */
  function explain(control) {
    const dialog = document.getElementById("keys");
    const wrapper = control.closest(".f");
    const place = $("[data-asked]", dialog);
    place.hidden = !wrapper;
    if (wrapper) {
      const told = $(`[data-says="${CSS.escape(control.name || control.dataset.field || "")}"]`, form) ?? $(".say", wrapper);
      const lines = told ? $$("p:not([hidden])", told).map((line) => line.cloneNode(true)) : [];
      lines.flatMap((line) => $$("[hidden], button", line)).forEach((one) => one.remove());
      const { faq } = told?.dataset ?? {};
      if (faq && !lines.some((line) => $(`a[href$="/${faq}"]`, line))) lines.push(source(faq));
      lines.flatMap((line) => $$("a", line)).forEach((link) => link.removeAttribute("tabindex"));
      $("[data-asked-label]", place).textContent = control.ariaLabel || $(".lb", wrapper).textContent.trim();
      $("[data-asked-words]", place).replaceChildren(...(lines.length ? lines : ["本项没有另外的说明"]));
    }
    dialog.showModal();
    ($("[data-asked] a", dialog) ?? $("button", dialog)).focus();
  }

  function source(faq) {
    const link = Object.assign(document.createElement("a"), { className: "faq", target: "_blank", rel: "noopener" });
    link.href = `${document.documentElement.dataset.root}faq/${faq}`;
    link.textContent = `依据：常见问题 ${faq}`;
    const line = document.createElement("p");
    line.append(link);
    return line;
  }
}
