/* The sheet's page: tabs, divisions, rows, and the state the server gives it as it is filled. No rule lives here. */
import { $, $$, say } from "./app.js";
import { Combobox } from "./combobox.js";
import { aside, flow } from "./flow.js";

const form = $("#sheet");

/* ── tabs ── */
const tabs = $$("[role=tab]");
const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

function select(tab, { remember = true } = {}) {
  for (const one of tabs) {
    const on = one === tab;
    one.setAttribute("aria-selected", on);
    one.tabIndex = on ? 0 : -1;
    panelOf(one).classList.toggle("on", on);
  }
  if (remember) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (form) form.elements.tab.value = panelOf(tab).id.slice(4);
  if (remember) history.replaceState(null, "", `#${panelOf(tab).id}`);
}

tabs.forEach((tab, n) => {
  tab.addEventListener("click", () => select(tab));
  tab.addEventListener("keydown", (event) => {
    const to = { ArrowRight: n + 1, ArrowLeft: n - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    select(tabs[to % tabs.length]);
    tabs[to % tabs.length].focus();
  });
});
document.addEventListener("sought", (event) => {
  const panel = event.target.closest("[role=tabpanel]");
  if (panel) select(tabs.find((tab) => panelOf(tab) === panel));
});
const wanted = $(".f.bad, .rows > .err:not([hidden])")?.closest("[role=tabpanel]") ?? document.getElementById(location.hash.slice(1));
const first = tabs.find((tab) => panelOf(tab) === wanted);
if (first) select(first, { remember: false });
if (location.hash.startsWith("#tab-")) addEventListener("load", () => setTimeout(() => scrollTo(0, 0))); // what was said stands on top

if (form) fill();

function fill() {
  const named = (name) => form.elements.namedItem(name);
  const wrap = (name) => $(`[data-f="${CSS.escape(name)}"]`, form) ?? named(name)?.closest?.(".f");
  const early = $$("[data-field][name]", form).filter((one) => one.value !== (one.defaultValue ?? one.value)); // typed before this ran
  $$(".combo", form).forEach((element) => new Combobox(element));

  /* ── nothing typed is lost unasked ── */
  let unsaved = "unsaved" in form.dataset;
  addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
  form.addEventListener("submit", () => (unsaved = false));
  document.addEventListener("click", (event) => event.target.closest("[data-leaves]") && (unsaved = false));
  flow(form, tabs, panelOf, select);

  /* ── what hangs on a division follows it ── */
  form.addEventListener("change", ({ target }) => {
    for (const { box } of $$(".combo", form)) if (box.hangs && box.above === target) box.again();
  });

  /* ── rows ── */
  const NAMING = ["id", "for", "name", "data-f", "data-field", "data-says", "data-take", "aria-describedby", "aria-controls"];
  const rename = (row, list, n) => {
    const own = new RegExp(`(${list}[.-])(?:\\d+|__n__)(?=[.-]|$)`);
    for (const element of $$("*", row)) {
      for (const name of element.matches("button") ? [...NAMING, "value"] : NAMING) {
        const value = element.getAttribute(name);
        if (value && own.test(value)) element.setAttribute(name, value.replace(own, `$1${n}`));
      }
    }
    const label = `${row.dataset.label}第${n + 1}行`;
    row.setAttribute("aria-label", label);
    $("[data-no]", row).textContent = n + 1;
    $("[data-drop]", row).setAttribute("aria-label", `删除${label}`);
  };
  const renumber = (list) => {
    const all = $$(":scope > .row", list);
    all.forEach((row, n) => rename(row, list.dataset.rows, n));
    $("[data-none]", list).hidden = all.length > 0;
    $("[data-add]", list).disabled = all.length >= +list.dataset.max;
    return all;
  };
  form.addEventListener("click", (event) => {
    const list = event.target.closest("[data-rows]");
    if (list && event.target.closest("[data-add]")) {
      event.preventDefault();
      const row = $("template", list).content.firstElementChild.cloneNode(true);
      $("[data-none]", list).before(row);
      renumber(list);
      $$(".combo", row).forEach((element) => new Combobox(element));
      aside(row);
      $("input:not([type=hidden]), select", row).focus();
      touch();
    }
    if (list && event.target.closest("[data-drop]")) {
      event.preventDefault();
      const row = event.target.closest(".row");
      say(`已删除${row.getAttribute("aria-label")}`);
      row.remove();
      renumber(list);
      $("[data-add]", list).focus();
      touch();
    }
    const take = event.target.closest("[data-take]");
    if (take) {
      const control = named(take.dataset.take);
      const text = $("[data-rec-text]", take.parentElement).textContent;
      control.closest(".combo") ? control.closest(".combo").box.set(text, take.dataset.code) : (control.value = text);
      touch(take.dataset.take);
      control.focus();
    }
  });

  /* ── another enterprise, another record: the page is drawn anew ── */
  const shown = named("shown");
  const principal = named("principal");
  const whom = () => (named("filing_mode").value === "agent" ? (principal.dataset.code ?? principal.value) : shown.dataset.own);
  form.addEventListener("change", (event) => {
    if (shown && ["filing_mode", "principal"].includes(event.target.name) && whom() && whom() !== shown.value) form.requestSubmit($("[data-whom]", form));
  });

  /* ── the state of the sheet ── */
  const changed = new Set();
  let timer, asking;
  function touch(name) {
    unsaved = true;
    if (name) changed.add(name);
    else asking?.abort(); // rows have other numbers now than the answer under way
    clearTimeout(timer);
    timer = setTimeout(ask, 200);
  }
  form.addEventListener("input", (event) => {
    if (event.target.name) unsaved = true;
  });
  form.addEventListener("change", (event) => {
    if (event.target.type !== "file" && event.target.name !== "file_type") touch(event.target.name);
  });

  early.forEach((one) => touch(one.name));

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const asked = [...changed];
    changed.clear();
    const body = new FormData(form);
    body.delete("file");
    try {
      const reply = await fetch(form.dataset.state, { method: "POST", body, signal: asking.signal, redirect: "error" });
      $("[data-lapsed]").hidden = ![401, 403].includes(reply.status);
      if (!reply.ok) throw new Error(reply.status);
      draw(await reply.json(), asked);
    } catch (error) {
      asked.forEach((name) => changed.add(name));
      if (error.name !== "AbortError") say("暂时无法更新页面状态，您填写的内容仍在");
    }
  }

  const write = (element, words) => {
    if (!element) return;
    element.hidden = !words;
    element.textContent = words ?? "";
  };
  const reason = (element, field) => {
    if (!element) return;
    element.hidden = !field.reason;
    $("[data-reason-text]", element).textContent = field.reason ?? "";
    const link = $(".faq", element);
    link.hidden = !field.source;
    link.href = `${document.documentElement.dataset.root}faq/${field.source ?? ""}`;
    link.textContent = `依据：常见问题 ${field.source ?? ""}`;
  };
  const words = (problems, name) => problems.filter((one) => one.field === name).map((one) => one.detail).join("；");
  const controls = (name) => $$(`[name="${CSS.escape(name)}"]`, form);

  function draw(state, asked) {
    const told = [];
    for (const [name, field] of Object.entries(state.fields)) {
      const wrapper = wrap(name);
      if (!wrapper) continue;
      const says = $(`[data-says="${CSS.escape(name)}"]`, form);
      const trio = !wrapper.hasAttribute("data-f");
      if (!trio && !wrapper.classList.contains(field.shade)) {
        wrapper.classList.remove("required", "optional", "readonly");
        wrapper.classList.add(field.shade);
        told.push(`${$(".lb", wrapper).textContent.trim()}：${{ required: "必填", optional: "选填", readonly: "只读" }[field.shade]}`);
      }
      for (const control of controls(name)) {
        const ticked = control.matches("[type=radio], [type=checkbox], select");
        // The empty twin of tick boxes stays with the page when they turn grey: what was kept before is no longer so.
        if (control.type === "hidden") control.disabled &&= !field.editable;
        else if (ticked) control.disabled = !field.editable;
        else control.readOnly = !field.editable;
        const asks = control.type === "radio" ? control.closest("[role=radiogroup]") : control;
        if (control.type !== "checkbox") field.required ? asks.setAttribute("aria-required", "true") : asks.removeAttribute("aria-required");
        if (!field.editable) put(control, field.value, field.text);
      }
      reason($("[data-reason]", says), field);
      write($("[data-warn]", says), words(state.warnings, name));
      const beforehand = $("[data-hint]", says);
      if (beforehand) beforehand.hidden = !field.hint;
      const hint = $("[data-rec]", says);
      if (hint) {
        hint.hidden = !field.recommended || field.recommended === field.value;
        $("[data-rec-text]", hint).textContent = field.recommended_text;
        $("[data-take]", hint).dataset.code = field.recommended ?? "";
        $("[data-rec-faq]", hint).hidden = !!field.advised_by;
        write($("[data-rec-by]", hint), field.advised_by);
      }
      const wrong = controls(name)[0]?.closest(".combo")?.box.fault || words(state.errors, name);
      if (asked.includes(name) && !wrong && field.editable) spell(controls(name)[0], field.text);
      if (wrong || asked.includes(name)) {
        write($("[data-err]", says), wrong);
        wrapper.classList.toggle("bad", !!$("[data-err]:not([hidden])", wrapper));
        for (const control of controls(name)) wrong ? control.setAttribute("aria-invalid", "true") : control.removeAttribute("aria-invalid");
      }
    }
    for (const change of state.changes) {
      const name = change.pointer.replace("/content/", "").replaceAll("/", ".");
      for (const control of controls(name)) put(control, change.to, state.fields[name]?.text ?? change.to);
      told.push(change.reason);
    }
    if (state.laid) mark(state.laid);
    follow(state, told);
    aside(form);
    for (const tab of tabs) {
      const n = $$("[data-err]:not([hidden])", panelOf(tab)).length;
      const badge = $(".n", tab);
      if (!badge) continue;
      badge.hidden = !n;
      $("[data-n]", badge).textContent = n;
    }
    if (told.length) say(told.join("。"));
  }

  /** What was understood of what was typed, as it is kept: a date, an amount, a telephone number. */
  function spell(control, text) {
    const left = control?.matches("input.in") && !control.closest(".combo") && document.activeElement !== control;
    if (left && text && !changed.has(control.name)) control.value = text;
  }

  /** Who is filed for, whether its papers are here, and whether it would be for nothing. */
  let futile = !!$("[data-futile]")?.innerHTML.trim();
  function follow(state, told) {
    const applicant = $("[data-applicant]");
    if (!applicant) return;
    if (applicant.textContent !== state.applicant) told.push(`申请企业：${state.applicant}`);
    applicant.textContent = state.applicant;
    const papers = $("#papers");
    if (papers?.hidden && state.papers) told.push("页面旁附有材料包");
    papers?.toggleAttribute("hidden", !state.papers);
    if (!!state.futile === futile) return;
    const place = $("[data-futile]");
    place.innerHTML = state.futile;
    futile = !!state.futile;
    if (futile) told.push($(".advice span", place).textContent.trim());
  }

  /* ── what a change changes ── */
  const element = (tag, words, kind) => Object.assign(document.createElement(tag), { textContent: words, className: kind ?? "" });
  function mark({ was, added, gone, listed }) {
    for (const note of $$("[data-was]", form)) {
      const name = note.parentElement.dataset.says;
      note.hidden = !(name in was);
      $("[data-was-text]", note).textContent = was[name] || "（空）";
      note.closest("[data-f]")?.classList.toggle("changed", name in was);
    }
    for (const list of $$("[data-rows]", form)) {
      $$(":scope > .row", list).forEach((row, n) => ($("[data-added]", row).hidden = !added.includes(`${list.dataset.rows}.${n}`)));
      $("[data-gone]", list)?.replaceChildren(
        ...(gone[list.dataset.rows] ?? []).map((words) => {
          const line = element("li", "");
          line.append(element("b", "已删除"), " ", element("del", words));
          return line;
        }),
      );
    }
    const panel = $("#changes");
    if (!panel) return;
    $("[data-count]", panel).textContent = listed.length;
    $("[data-unchanged]", panel).hidden = listed.length > 0;
    $("[data-listed]", panel).replaceChildren(
      ...listed.map((one) => {
        const line = element("li", "");
        const link = element("a", one.label);
        link.href = `#${one.to}`;
        link.dataset.seek = "";
        line.append(["changed", "added"].includes(one.how) ? link : one.label, " ", element("span", one.how_label, "how"));
        const changed = one.how === "changed";
        if (one.was || changed) line.append(" ", element("del", one.was || "（空）"));
        if (changed) line.append(" → ");
        if (one.now || changed) line.append(" ", element("ins", one.now || "（空）"));
        return line;
      }),
    );
  }

  function put(control, value, text) {
    if (control.type === "radio") control.checked = control.value === String(value);
    else if (control.type === "checkbox") control.checked = (value ?? []).includes(control.value);
    else if (control.type === "hidden") return;
    else if (control.matches("select")) control.value = value ?? "";
    else if (control.closest(".combo")) {
      control.value = control.closest(".combo").box.settled = text ?? "";
      control.dataset.code = value ?? "";
    } else control.value = text ?? "";
  }
}
