/* The box of a code table: an editable combobox (WAI-ARIA APG, list autocomplete, manual selection).
   A clerk types a code, a name or initials and leaves; which row that means is the server's answer (`taken`), never
   decided here. What means none stays as it was typed, with its fault. */
import { $, $$, say } from "./app.js";

const heard = new Map();

/** Rows of a table, asked once a page. */
export async function rows(table, query) {
  const url = `${document.documentElement.dataset.root}codes/${table}?${new URLSearchParams(query)}`;
  if (!heard.has(url)) {
    const answer = fetch(url).then((reply) => reply.json());
    heard.set(url, answer);
    answer.catch(() => heard.delete(url));
  }
  return heard.get(url);
}

const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

function marked(text, typed) {
  const at = typed ? text.indexOf(typed) : -1;
  if (at < 0) return escape(text);
  return `${escape(text.slice(0, at))}<mark>${escape(typed)}</mark>${escape(text.slice(at + typed.length))}`;
}

export class Combobox {
  constructor(element) {
    this.element = element;
    this.input = $("input", element);
    this.hangs = ["division", "parent"].find((name) => name in element.dataset); // on the box of the division above
    this.settled = this.input.value; // what was last left in it
    this.settling = Promise.resolve(); // until it is known what that means
    this.settlings = 0;
    this.fault = "";
    this.found = [];
    this.at = -1;
    this.turn = 0;
    this.build();
    this.input.addEventListener("input", () => {
      this.input.dataset.code = "";
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(this.input.value.trim()), 90);
    });
    this.input.addEventListener("change", (event) => event.isTrusted && event.stopPropagation()); // told when settled
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("click", () => {
      if (!this.open && !this.input.readOnly && this.input.value === this.settled) this.ask("");
    });
    this.input.addEventListener("blur", () => this.leave());
    this.button.addEventListener("mousedown", (event) => {
      event.preventDefault();
      if (this.input.readOnly) return;
      this.input.focus();
      if (this.open) this.close();
      else this.ask("");
    });
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[data-n]");
      if (option) this.take(this.found[+option.dataset.n]);
    });
    element.box = this;
  }

  build() {
    const label = this.input.ariaLabel ?? $("label", this.element.closest(".f")).textContent.trim();
    this.element.insertAdjacentHTML(
      "beforeend",
      `<button type="button" tabindex="-1" aria-label="打开${escape(label)}代码表"><svg width="10" height="6" aria-hidden="true"><path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.6"/></svg></button><ul class="list" role="listbox" id="${this.input.id}-list" aria-label="${escape(label)}" hidden></ul>`,
    );
    this.button = $("button", this.element);
    this.list = $(".list", this.element);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id })) {
      this.input.setAttribute(name, value);
    }
  }

  get open() {
    return !this.list.hidden;
  }

  /** The box of the division above. */
  get above() {
    return document.getElementsByName(this.element.dataset[this.hangs])[0];
  }

  /** Rows for what is typed, as soon as it is known in which division. */
  async look(typed) {
    const query = { q: typed };
    if (this.hangs) {
      await this.above?.closest(".combo").box.settling;
      query[this.hangs] = this.above?.dataset.code ?? "";
    }
    return rows(this.element.dataset.table, query).catch(() => null);
  }

  async ask(typed) {
    const turn = ++this.turn;
    const answer = await this.look(typed);
    if (!answer || turn !== this.turn || document.activeElement !== this.input) return;
    this.found = answer.rows;
    this.shown = typed;
    this.show(typed, answer);
  }

  show(typed, answer) {
    this.list.innerHTML = this.found.length
      ? this.found
          .map((row, n) => {
            const code = row.code === row.name ? "" : `<code>${marked(row.code, typed)}</code>`;
            return `<li role="option" id="${this.input.id}-o${n}" data-n="${n}" aria-selected="false">${code}<span>${marked(row.name, typed)}</span></li>`;
          })
          .join("")
      : `<li class="none" role="option" aria-disabled="true" aria-selected="false">${escape(answer.message)}${answer.hint ? `<small>${escape(answer.hint)}</small>` : ""}</li>`;
    this.list.hidden = false;
    this.list.classList.remove("end");
    this.list.classList.toggle("end", this.list.getBoundingClientRect().right > document.documentElement.clientWidth);
    this.list.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-expanded", "true");
    this.move(answer.taken ? this.found.findIndex((row) => row.code === answer.taken.code) : -1);
    say(this.found.length ? `共 ${this.found.length} 项，用上下方向键选择` : [answer.message, answer.hint].filter(Boolean).join("，"));
  }

  move(to) {
    this.at = to;
    $$("[data-n]", this.list).forEach((option, n) => option.setAttribute("aria-selected", n === to));
    const option = to >= 0 && document.getElementById(`${this.input.id}-o${to}`);
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    this.list.hidden = true;
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  take(row) {
    this.turn++;
    clearTimeout(this.timer);
    this.set(row.label, row.code);
    this.close();
  }

  set(text, code = "", fault = "") {
    const was = this.settled;
    this.input.value = this.input.title = this.settled = text;
    this.input.dataset.code = code;
    this.fault = fault;
    if (was !== text) this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* What was typed and not picked: the row it means is taken. */
  leave() {
    clearTimeout(this.timer);
    this.turn++;
    this.close();
    const typed = this.input.value.trim();
    const known = typed === this.settled && (!typed || this.input.dataset.code || this.fault);
    if (!known && !this.input.readOnly) this.settling = this.settle();
  }

  async settle() {
    const typed = this.input.value.trim();
    if (!typed) return this.set("");
    const turn = ++this.settlings;
    const answer = await this.look(typed);
    if (!answer || turn !== this.settlings || this.input.value.trim() !== typed) return;
    if (answer.taken) this.set(answer.taken.label, answer.taken.code);
    else this.set(typed, "", answer.fault);
    if (answer.fault) say(answer.fault);
  }

  /* The division above has changed: what was taken in the old one goes, what was only typed is looked up in the new;
     what is being typed, when it is left. */
  again() {
    const typing = document.activeElement === this.input;
    if (this.input.dataset.code) this.set("");
    else if (this.input.value.trim() && !(typing && this.input.value !== this.settled)) {
      this.settled = null;
      this.settling = this.settle().then(() => typing && document.activeElement === this.input && this.input.select());
    }
  }

  key(event) {
    if (this.input.readOnly || event.isComposing) return;
    const fresh = this.open && this.at >= 0 && this.shown === this.input.value.trim();
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        if (!this.open) this.ask(this.input.value === this.settled && !this.fault ? "" : this.input.value.trim());
        else if (this.found.length) {
          const step = event.key === "ArrowDown" ? 1 : -1;
          this.shown = this.input.value.trim();
          this.move(this.at < 0 && step < 0 ? this.found.length - 1 : (this.at + step + this.found.length) % this.found.length);
        }
        break;
      case "Enter":
      case "Tab":
        if (fresh) this.take(this.found[this.at]);
        else this.close(); // a list that scrolls would be where Tab goes next
        break;
      case "Escape":
        if (this.open) {
          event.stopPropagation();
          event.preventDefault();
          this.close();
        } else this.set("");
    }
  }
}
