import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";

export interface Patience {
  /** How often a request is sent again. */
  retries?: number;
  /** Milliseconds for one try. */
  timeout?: number;
}

const FOR_A_WHILE = new Set([502, 503, 504]);
const UNDER_WAY = new Set(["idempotency_in_flight", "clock_advancing"]);
const LONGEST = 30_000;
const EMPTY = new Set([204, 205, 304]);

/**
 * A `fetch` that sends again after a cut connection, after 502, 503 and 504, and after a 429 that says when: what reads, what replaces,
 * and every POST, which carries one `Idempotency-Key` over all its tries, so that it has its effect once. A refusal by a documented rule,
 * a wait on the sandbox's clock and one of more than half a minute are answers.
 */
export function retrying({ retries = 3, timeout = 10_000 }: Patience = {}): (request: Request) => Promise<Response> {
  return async (request) => {
    const most = ["GET", "PUT", "POST"].includes(request.method) ? retries : 0;
    const logsIn = new URL(request.url).pathname.includes("/api/v1/sessions");
    if (request.method === "POST" && !logsIn && !request.headers.has("Idempotency-Key")) {
      request.headers.set("Idempotency-Key", randomUUID());
    }
    for (let tried = 0; ; tried++) {
      let pause = 50 * 2 ** tried;
      try {
        const response = await whole(await fetch(request.clone(), { signal: AbortSignal.timeout(timeout) }));
        const asked = response.ok ? undefined : await after(response);
        if (asked === undefined || tried >= most) return response;
        pause = Math.max(asked, pause);
      } catch (broken) {
        if (!(broken instanceof TypeError)) throw broken; // fetch throws one where the line broke
        if (tried >= most) throw new Error(`no answer to ${request.method} ${request.url}: ${broken.cause ?? broken}`, { cause: broken });
      }
      await wait(pause);
    }
  };
}

/** An answer that came to its end: a line can be cut in the middle of one. */
async function whole(response: Response): Promise<Response> {
  const body = await response.arrayBuffer();
  const { status, statusText, headers } = response;
  return new Response(EMPTY.has(status) ? null : body, { status, statusText, headers });
}

/** Milliseconds after which an answer may be another one; undefined: this is the answer. */
async function after(response: Response): Promise<number | undefined> {
  const told = response.headers.get("Retry-After");
  const problem = (await response.clone().json().catch(() => ({}))) as { code?: string; faq?: string | null; retry_at?: string };
  if (problem.faq || problem.retry_at) return undefined;
  const waits = FOR_A_WHILE.has(response.status)
    || (response.status === 429 && told !== null)
    || (response.status === 409 && UNDER_WAY.has(problem.code ?? ""));
  const asked = Number(told ?? 0) * 1_000;
  return waits && asked <= LONGEST ? asked : undefined;
}
