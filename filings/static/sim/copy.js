/* Copying: the code beside a button, or the button's own text. */
import { $, say } from "./app.js";

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    const area = document.createElement("textarea");
    area.value = words;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say("已复制");
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-text]");
  if (!button) return;
  await copy(button.dataset.copyText ?? $("code", button.closest(".sample") ?? button.parentElement).textContent);
  button.dataset.words ??= button.textContent;
  button.textContent = "已复制";
  setTimeout(() => (button.textContent = button.dataset.words), 2000);
});
