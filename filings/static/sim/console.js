/* Behind the counter: a reason fills its words, what is chosen shows its parameters, a call follows its form, a list its source. */
import { $, $$ } from "./app.js";
import "./copy.js";

/* ── what is chosen shows what it takes ── */
const chooser = (picker) => $("select", picker);
for (const picker of $$("[data-picker]")) {
  const show = () => {
    for (const line of $$("[data-takers]", picker)) line.hidden = !line.dataset.takers.split(" ").includes(chooser(picker).value);
    for (const place of $$("[data-chosen]")) place.textContent = chosen(picker);
  };
  picker.addEventListener("input", show);
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
function chosen(picker) {
  const given = $$("[data-takers]:not([hidden]) [name^=p-]", picker).map((one) => `${one.name.slice(2)}=${one.value}`);
  return [chooser(picker).value, ...given].join("; ");
}
const read = {
  number: ({ value }) => Number(value),
  flag: ({ checked }) => checked || undefined,
  json: ({ value }) => {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  },
};
/** A form's body by the names of its controls: `match__path` is the member `path` of `match`. What is empty or hidden is left out. */
function plain(form) {
  const body = {};
  const put = (path, value) => {
    const names = path.split("__");
    const last = names.pop();
    names.reduce((at, name) => (at[name] ??= {}), body)[last] = value;
  };
  const picker = $("[data-picker]", form);
  if (picker) put(chooser(picker).name, chosen(picker));
  for (const control of form.elements) {
    const { name, value, dataset, type, checked } = control;
    const picked = picker && control === chooser(picker);
    if (!dataset.as || picked || control.closest("[hidden]") || !value.trim() || (type === "radio" && !checked)) continue;
    if (dataset.as === "list") {
      if (checked) put(name, [...(body[name] ?? []), value]);
    } else put(name, (read[dataset.as] ?? (() => value.trim()))(control));
  }
  return body;
}
for (const form of $$("[data-curl]")) {
  const code = $(".curl pre code", form);
  const body = () => `'${JSON.stringify(plain(form)).replaceAll("'", `'"'"'`)}'`;
  form.addEventListener("input", () => (code.textContent = code.textContent.replace(/ -d .*$/s, () => ` -d ${body()}`)));
}

/* ── a reason fills in its words, unless others were typed ── */
const reasons = $("[data-reasons]");
if (reasons) {
  const known = [...reasons.content.children].map((one) => one.dataset);
  const { elements } = reasons.closest("form");
  elements.reason_code.addEventListener("change", () => {
    const chosen = known.find((one) => one.code === elements.reason_code.value);
    for (const name of ["public", "internal"]) {
      const box = elements[`${name}_comment`];
      const ours = known.map((one) => one[name]);
      if (!box.value.trim() || ours.includes(box.value.trim())) box.value = chosen?.[name] ?? "";
    }
  });
}

/* ── a list that keeps itself up to date; what is open in it stays open ── */
const EVERY = 2000;
for (const list of $$("[data-live]")) {
  const address = new URL(location);
  address.searchParams.set("part", "rows");
  const hold = $("[data-hold]", list.closest("section"));
  const nothing = $("[data-nothing]", list.closest("section"));
  let last = "";
  const refresh = async () => {
    if (document.hidden || hold.getAttribute("aria-pressed") === "true") return;
    const answer = await fetch(address).catch(() => null);
    const words = answer?.ok ? await answer.text() : last;
    if (words === last) return;
    last = words;
    const fresh = document.createElement("template");
    fresh.innerHTML = words;
    const before = new Map([...list.children].map((row) => [row.id, row]));
    list.replaceChildren(
      ...[...fresh.content.children].map((row) => {
        const old = before.get(row.id);
        if (old?.isEqualNode(row)) return old;
        if (old && $("details", old).open) {
          row.firstElementChild.open = true;
          return row.isEqualNode(old) ? old : row;
        }
        return row;
      }),
    );
    nothing.hidden = list.children.length > 0;
  };
  hold.hidden = false;
  hold.addEventListener("click", () => {
    const held = hold.getAttribute("aria-pressed") !== "true";
    hold.setAttribute("aria-pressed", held);
    hold.textContent = held ? "继续刷新" : "暂停刷新";
  });
  setInterval(refresh, EVERY);
}
