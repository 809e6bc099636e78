import type { components } from "./business.js";

export type ProblemBody = components["schemas"]["Problem"];

/** A refusal, as the simulator tells it (RFC 9457), or an answer that was none of its own. */
export class Problem extends Error {
  readonly status: number;
  /** Stable, to be compared; `""` where the answer was not the simulator's. */
  readonly code: string;
  readonly title: string;
  /** The words of the document, where it has some. */
  readonly detail: string;
  /** The entry of the FAQ it rests on, e.g. `"2.10"`. */
  readonly faq: string | null;
  readonly provenance: ProblemBody["provenance"] | null;
  /** What to do. */
  readonly remedy: string;
  /** Every field that is wrong, at once. */
  readonly errors: ProblemBody["errors"];
  readonly requestId: string;

  constructor(
    readonly response: Response,
    /** The answer as it came, with the members that some refusals tell besides: `allowed`, `retry_at`, `filing`. */
    readonly raw: Partial<ProblemBody>,
  ) {
    const { code = "", detail = "", errors = [], remedy = "" } = raw;
    const lines = [`${response.status} ${code}: ${detail}`, ...errors.map((one) => `  ${one.pointer} ${one.code}: ${one.detail}`)];
    super([...lines, ...(remedy ? [remedy] : [])].join("\n"));
    this.name = "Problem";
    this.status = response.status;
    this.code = code;
    this.title = raw.title ?? "";
    this.detail = detail;
    this.faq = raw.faq ?? null;
    this.provenance = raw.provenance ?? null;
    this.remedy = remedy;
    this.errors = errors;
    this.requestId = raw.request_id ?? response.headers.get("X-Request-Id") ?? "";
  }
}

/** What was answered; a refusal is thrown as a {@link Problem}: `await ok(clerk.api.GET("/enterprise"))`. */
export async function ok<T>(answer: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await answer;
  if (response.ok) return data as T;
  throw new Problem(response, typeof error === "object" && error !== null ? error : { detail: String(error ?? "") });
}
