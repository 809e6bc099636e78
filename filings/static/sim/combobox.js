/* The box of a code table: an editable combobox (WAI-ARIA APG, list autocomplete, manual selection).
   A clerk types a code and leaves; which row that means is the server's answer (`taken`), never decided here. */
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
    this.settled = this.input.value;
    this.found = [];
    this.at = -1;
    this.turn = 0;
    this.build();
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(this.input.value.trim()), 90);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("blur", () => this.leave(false));
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
    const label = $("label", this.element.closest(".f")).textContent.trim();
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

  query(typed) {
    const from = this.element.dataset.division;
    return { q: typed, ...(from && { division: $(`[name="${from}"]`)?.value ?? "" }) };
  }

  async ask(typed) {
    const turn = ++this.turn;
    const answer = await rows(this.element.dataset.table, this.query(typed)).catch(() => null);
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

  set(text, code = "") {
    const was = this.settled;
    this.input.value = this.input.title = this.settled = text;
    this.input.dataset.code = code;
    if (was !== text) this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* What was typed and not picked: the row it means is taken; else, on leaving, it is cleared and told. */
  async leave(staying) {
    clearTimeout(this.timer);
    const typed = this.input.value.trim();
    if (typed === this.settled) return this.close();
    const turn = ++this.turn;
    if (!typed) {
      this.close();
      return this.set("");
    }
    if (!staying) this.close();
    const answer = await rows(this.element.dataset.table, this.query(typed)).catch(() => null);
    if (!answer || turn !== this.turn || this.input.value.trim() !== typed) return;
    if (answer.taken) return this.take(answer.taken);
    if (staying && answer.rows.length) {
      this.found = answer.rows;
      this.shown = typed;
      return this.show(typed, answer);
    }
    this.close();
    this.set("");
    say(`代码表中没有“${typed}”，已清空${answer.hint ? `。${answer.hint}` : ""}`);
  }

  key(event) {
    if (this.input.readOnly || event.isComposing) return;
    const fresh = this.open && this.at >= 0 && this.shown === this.input.value.trim();
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        if (!this.open) this.ask(this.input.value === this.settled ? "" : this.input.value.trim());
        else if (this.found.length) {
          const step = event.key === "ArrowDown" ? 1 : -1;
          this.shown = this.input.value.trim();
          this.move(this.at < 0 && step < 0 ? this.found.length - 1 : (this.at + step + this.found.length) % this.found.length);
        }
        break;
      case "Enter":
        event.preventDefault();
        if (fresh) this.take(this.found[this.at]);
        else this.leave(true);
        break;
      case "Tab":
        if (fresh) this.take(this.found[this.at]);
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
