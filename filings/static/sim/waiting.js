/* A wait counted down by the sandbox's clock: what the server said, carried on at its pace. A clock that stands does not count. */
import { $, $$, say } from "./app.js";

/** So many seconds in words, as the server says them. */
const words = (seconds) => `${Math.floor(seconds / 60)} 分 ${seconds % 60} 秒`;

for (const wait of $$("[data-wait]")) {
  const pace = Number(wait.dataset.pace);
  const since = performance.now();
  const button = document.getElementById(wait.dataset.opensUp);
  const tick = () => {
    const left = Number(wait.dataset.wait) - (pace * (performance.now() - since)) / 1000;
    if (left > 0) {
      $("[data-left]", wait).textContent = words(Math.ceil(left));
      return;
    }
    clearInterval(timer);
    wait.hidden = true;
    button.disabled = false;
    say("现在可以申请");
  };
  const timer = pace ? setInterval(tick, 250) : 0;
}
