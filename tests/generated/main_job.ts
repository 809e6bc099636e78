/* The main job in TypeScript, by the types that openapi-typescript makes of both documents: every call is typed by its operation. */

import createClient from "openapi-fetch";
import type { components, paths } from "./business.js";
import type { paths as Control } from "./control.js";

const BASE = process.env.BASE!;
declare const process: { env: Record<string, string | undefined> };

/** What was answered, or the refusal as an error. */
function good<T>(answer: { data?: T; error?: { code: string; detail: string } }): T {
  if (answer.data === undefined) throw new Error(`${answer.error?.code}: ${answer.error?.detail}`);
  return answer.data;
}
function expect(what: unknown, wanted: unknown): void {
  if (what !== wanted) throw new Error(`${what}, not ${wanted}`);
}

const control = createClient<Control>({ baseUrl: `${BASE}/control/v1` });
const world = good(await control.POST("/sandboxes", { body: { scenario: "approve" } }));
const player = world.accounts.find((one) => one.role === "cardless")!;

const nobody = createClient<paths>({ baseUrl: `${BASE}/api/v1` });
const credentials: components["schemas"]["PasswordLogIn"] = {
  sandbox: world.id, username: player.username, password: player.password,
};
const session = good(await nobody.POST("/sessions", { body: credentials }));
const portal = createClient<paths>({ baseUrl: `${BASE}/api/v1`, headers: { Authorization: `Bearer ${session.token}` } });

const reference: components["schemas"]["NewRegistration"] = await (await fetch(`${BASE}/first-steps/reference-registration.json`)).json();
const made = await portal.POST("/filings", { body: reference, params: { header: { "Idempotency-Key": "one" } } });
const filing = good(made);
expect(made.response.headers.get("ETag"), '"v1"');
expect(filing.kind, "registration");
if (filing.kind !== "registration") throw new Error("told apart by kind");
expect(filing.content.legal_representative?.name, "张演练");

const at = { path: { filing: filing.id } };
const patched = good(await portal.PATCH("/filings/{filing}", { params: at, body: { content: { remarks: "类型生成" } } }));
expect(patched.kind === "registration" && patched.content.remarks, "类型生成");
const declared = good(await portal.POST("/filings/{filing}/declare", { params: at }));
expect(declared.status, "declared");

const refused = await portal.POST("/filings/{filing}/declare", { params: at });
expect(refused.error?.code, "illegal_transition");
expect(refused.error?.allowed?.join(), "copy");

const advanced = good(await control.POST("/sandboxes/{sandbox}/clock/advance", { params: { path: { sandbox: world.id } }, body: { until: "idle" } }));
expect(advanced.fired.length, 4);
const receipts = good(await portal.GET("/filings/{filing}/receipts", { params: at }));
expect(receipts.results.map((one) => one.status).join(), "sent,stored,manual_review,approved");
expect(receipts.results.some((one) => one.reason !== undefined), false);
await control.DELETE("/sandboxes/{sandbox}", { params: { path: { sandbox: world.id } } });
console.log("typed all the way");
