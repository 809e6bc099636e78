/* The page of a declared filing keeps itself up to date: it asks whether anything has changed, and lays what has over what stands. */
import { $, $$, say, ticks } from "./app.js";

const EVERY = 1800; // the server keeps its answer back for longer while nothing has changed; where one does not, it is asked no more often
const AT_MOST = 30_000;

const news = $("[data-asks]");
let { tag } = news.dataset;
const said = (element) => element.textContent.trim().replace(/\s+/g, "，");
let words = said(news);
let timer;
let wait = EVERY;
let asking;

const rest = () => {
  clearTimeout(timer);
  asking?.abort();
};

async function ask() {
  rest();
  if (document.hidden || "over" in news.dataset) return;
  const { signal } = (asking = new AbortController());
  const began = performance.now();
  try {
    const reply = await fetch(news.dataset.asks, { headers: { "If-None-Match": tag }, redirect: "error", signal });
    if (reply.status === 200) {
      tag = reply.headers.get("ETag");
      lay(await reply.text());
    } else if ([401, 403, 404].includes(reply.status)) return over(await reply.text());
    else if (reply.status !== 304) throw new Error(reply.status);
    wait = EVERY;
  } catch {
    if (signal.aborted) return;
    wait = Math.min(2 * wait, AT_MOST); // a server that is busy, or away, is asked ever less
  }
  timer = setTimeout(ask, Math.max(0, began + wait - performance.now()));
}

function lay(answer) {
  const fresh = document.createElement("template");
  fresh.innerHTML = answer;
  for (const part of $$("[data-part]", fresh.content)) {
    const old = $(`[data-part="${part.dataset.part}"]`);
    if (!old || part.parentElement?.closest("[data-part]") || old.innerHTML === part.innerHTML) continue;
    const held = old.contains(document.activeElement) && document.activeElement.getAttribute("href");
    old.replaceChildren(...part.childNodes);
    if (held) $$("a[href]", old).find((link) => link.getAttribute("href") === held)?.focus();
    $$("[data-ticks]", old).forEach(ticks);
  }
  const told = $("[data-asks]", fresh.content);
  if ("over" in told.dataset) news.dataset.over = "";
  if (said(told) === words) return;
  words = said(told);
  show(...told.childNodes);
}

function show(...told) {
  news.replaceChildren(...told);
  news.hidden = false;
  say(said(news));
}

function over(why) {
  news.dataset.over = "";
  news.classList.add("ended");
  show(`${why}，本页不再自动更新，请刷新`);
}

document.addEventListener("visibilitychange", () => (document.hidden ? rest() : ask()));
addEventListener("pagehide", rest);
addEventListener("pageshow", ask);
