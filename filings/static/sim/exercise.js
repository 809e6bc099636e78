/* The panel of an exercise, from page to page: what is answered and not sent yet stays, and it stands where it was
   left. Whoever has just passed is shown so. */
import { $, $$ } from "./app.js";

const panel = $("#exercise > details");
const form = $(".answers", panel);
const place = `sim.exercise.${panel.dataset.of}`;
const kept = JSON.parse(sessionStorage.getItem(place) ?? "{}");
const asked = () => $$("[name^='answer.']", form);
const answered = () => Object.fromEntries([...new FormData(form)].filter(([name]) => name.startsWith("answer.")));

/* Who is quicker than this script has answered already. */
const touched = (one) => (one.type === "radio" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue);
for (const one of asked().some(touched) ? [] : asked()) {
  const value = kept.answers?.[one.name];
  if (value === undefined) continue;
  if (one.type === "radio") one.checked = one.value === value;
  else one.value = value;
}

const passed = $(".passed", panel);
panel.scrollTop = passed && !kept.passed ? Math.max(0, passed.offsetTop + passed.offsetHeight - panel.clientHeight) : (kept.top ?? 0);

addEventListener("pagehide", () => {
  sessionStorage.setItem(place, JSON.stringify({ answers: answered(), top: panel.scrollTop, passed: Boolean(passed) }));
});
