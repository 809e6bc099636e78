/* Behind the counter: the clock ticks, a reason fills its words, a scenario shows its parameters, a call follows its form. */
import { $, $$ } from "./app.js";
import "./copy.js";

/* ── the clock: what the server said, carried on at the sandbox's pace ── */
for (const time of $$("[data-ticks]")) {
  const rate = Number(time.dataset.ticks);
  const from = new Date(time.dateTime).getTime();
  const since = performance.now();
  const words = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });
  if (rate) setInterval(() => (time.textContent = words.format(from + rate * (performance.now() - since))), 1000);
}

/* ── a scenario's own parameters ── */
for (const picker of $$("[data-picker]")) {
  const scenario = $("[name=scenario]", picker);
  const show = () => {
    for (const line of $$("[data-takers]", picker)) line.hidden = !line.dataset.takers.split(" ").includes(scenario.value);
  };
  scenario.addEventListener("change", show);
  show();
}

/* ── what wipes a sandbox wants to be meant ── */
for (const line of $$("[data-wipes]")) {
  const situation = line.closest("form").elements.situation;
  const show = () => (line.hidden = !line.dataset.wipes.split(" ").includes(situation.value));
  situation.addEventListener("change", show);
  show();
}

/* ── the call that does what the form would do ── */
const chosen = (form) =>
  [form.elements.scenario.value, ...$$("[data-takers]:not([hidden]) [name]", form).map((one) => `${one.name.slice(2)}=${one.value}`)].join("; ");
const clock = (form) => ({
  mode: form.elements.mode.value,
  ...(form.elements.now.value.trim() && { now: `${form.elements.now.value.trim().replace(" ", "T")}+08:00`.replace(/T(\d\d:\d\d)\+/, "T$1:00+") }),
  ...(form.elements.mode.value === "scaled" && { rate: Number(form.elements.rate.value) }),
});
const bodies = {
  scenario: (form) => ({ scenario: chosen(form) }),
  clock,
  situation: ({ elements }) => ({ situation: elements.situation.value, ...(elements.uscc.value && { uscc: elements.uscc.value }) }),
  create: (form) => ({
    ...(form.elements.name.value.trim() && { name: form.elements.name.value.trim() }),
    situation: form.elements.situation.value,
    scenario: chosen(form),
    clock: clock(form),
    ...(form.elements.pinned.checked && { pinned: true }),
  }),
};
for (const form of $$("[data-curl]")) {
  const code = $(".curl pre code", form);
  const body = () => `'${JSON.stringify(bodies[form.dataset.curl](form)).replaceAll("'", `'"'"'`)}'`;
  form.addEventListener("input", () => (code.textContent = code.textContent.replace(/ -d .*$/s, () => ` -d ${body()}`)));
}

/* ── a reason fills in its words, unless others were typed ── */
const reason = $("[data-reason]");
reason?.addEventListener("change", () => {
  const { form, selectedOptions: [option] } = reason;
  for (const name of ["public", "internal"]) {
    const box = form.elements[`${name}_comment`];
    const ours = [...reason.options].map((one) => one.dataset[name]);
    if (!box.value.trim() || ours.includes(box.value.trim())) box.value = option.dataset[name] ?? "";
  }
});
