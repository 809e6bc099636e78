import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, vi } from "vitest";
import { ok, Problem, sample, SingleWindow, verifyWebhook, type Kind } from "swsim";
import { inWorld, test } from "swsim/vitest";

test("a registration is approved within a day", async ({ world }) => {
  const clerk = world.account("cardless");
  const filing = await clerk.file(world.sample("registration"));
  expect(filing.content.legal_representative?.name).toBe("张演练");
  await filing.save({ remarks: "类型生成" });
  expect((await filing.attach("备案信息表.pdf", new TextEncoder().encode("%PDF-1.4"), "record_form")).filename).toBe("备案信息表.pdf");
  expect((await filing.reload()).data.warnings).toEqual([]);
  await filing.declare();
  await filing.until("approved");
  expect((await filing.timeline()).map((step) => step.to)).toEqual(["draft", "declared", "sent", "stored", "manual_review", "approved"]);
  expect((await filing.receipts()).at(-1)?.text).toBe("审批通过");
  expect((await ok(clerk.api.GET("/enterprise"))).standing).toBe("normal");
  await world.verify({ method: "POST", path: "/filings/*/declare", exactly: 1 });
});

test("a refusal is told in the document's words", async ({ world }) => {
  const filing = await world.account("cardless").file(world.sample("registration"));
  const refused = await filing.save({ express_operator: true }).catch((problem: unknown) => problem);
  expect(refused).toBeInstanceOf(Problem);
  expect(refused).toMatchObject({ status: 422, code: "express_not_allowed", faq: "2.19", errors: [{ pointer: "/content/express_operator" }] });
  await filing.declare();
  const again = await filing.account.api.POST("/filings/{filing}/declare", { params: { path: { filing: filing.id } } });
  expect([again.error?.code, again.error?.allowed]).toEqual(["illegal_transition", ["copy"]]);
});

test.for<Kind>(["registration", "change", "deregistration", "mofcom_change"])("a sample of a %s declares cleanly", async (kind, { world }) => {
  const clerk = world.account(kind === "registration" ? "cardless" : "card", { card: kind !== "registration" });
  const filing = await clerk.file(world.sample(kind), { kind });
  await filing.declare();
  expect((await filing.until("decided")).status).toBe("approved");
});

test("a sample of an annual report is taken", async ({ world }) => {
  const clerk = world.account("card", { card: true });
  const report = await ok(clerk.api.POST("/annual-reports", { body: { year: 2020, content: world.sample("annual_report") } }));
  expect(report.year).toBe(2020);
});

const refused = inWorld({ scenario: "reject; reason=address_mismatch" });

refused("who waits for what does not come is told why", async ({ world }) => {
  const filing = await (await world.account("cardless").file(world.sample("registration"))).declare();
  await expect(filing.until("approved")).rejects.toThrow(/is rejected; answered by reject; reason=address_mismatch \(sandbox\)/);
  expect((await (await filing.copy()).declare({ scenario: "approve" })).status).toBe("declared");
});

test("an answer that was lost is asked for again, and the deed done once", async ({ world }) => {
  const clerk = world.account("cardless");
  await world.fault("cut_after_commit", { match: { method: "POST", path: "/filings" }, times: 1 });
  await world.fault("status; code=503; retry_after=0", { match: { method: "POST", path: "/filings/*/declare" }, times: 2 });
  const filing = await clerk.file(world.sample("registration"));
  await filing.declare();
  expect((await ok(clerk.api.GET("/filings"))).results.map((one) => one.id)).toEqual([filing.id]);
  await world.verify({ method: "POST", path: "/filings", status: 201, exactly: 2 });
  await world.verify({ method: "POST", path: "/filings/*/declare", status: 503, exactly: 2 });
});

test("what was not sent is told with what comes near", async ({ world }) => {
  await world.account("cardless").file(world.sample("registration"));
  await expect(world.verify({ method: "POST", path: "/filings", status: 200, atLeast: 1 })).rejects.toThrow(/found 0.*\nnear misses:\n  POST \/api\/v1\/filings 201/);
});

test("each change of status is sent once, signed, while the clock passes", async ({ world, webhooks }) => {
  await world.fault("duplicate", { match: { event: "filing.sent" }, times: 1 });
  await world.fault("drop", { match: { event: "filing.approved" }, times: 1 });
  const filing = await (await world.account("cardless").file(world.sample("registration"))).declare();
  const approved = await webhooks.waitFor("filing.approved");
  expect(approved.data.filing.id).toBe(filing.id);
  expect(webhooks.types).toEqual(["declared", "sent", "stored", "manual_review", "approved"].map((status) => `filing.${status}`));
  expect(webhooks.refused).toEqual([]);
});

test("a world goes back to a checkpoint, and elsewhere", async ({ world, singleWindow }) => {
  const filing = await world.account("cardless").file(world.sample("registration"));
  await world.checkpoint("drafted");
  await filing.declare();
  await world.advance("PT1H");
  await world.restore("drafted");
  expect((await filing.reload()).status).toBe("draft");
  const copy = await singleWindow.importWorld(await world.export());
  expect((await (await copy.account("cardless").login()).filing(filing.id)).status).toBe("draft");
  await copy.delete();
  await world.reset();
  await expect(filing.reload()).rejects.toThrow(Problem);
});

test("somebody with a card logs in by it, or by signing", async ({ world }) => {
  const clerk = world.account("card");
  for (const one of [await clerk.loginByCard(), await clerk.loginByChallenge()]) {
    expect((await ok(one.api.GET("/sessions/current"))).medium).toBe("card");
  }
  expect(() => world.account("cardless", { card: true })).toThrow("cardless holds no card");
  expect(() => world.account("nobody")).toThrow(/no account nobody; there are cardless, card, /);
});

test("a filing\nis put\u0000 where it is wanted \ud800 " + "🚢".repeat(90), async ({ world }) => {
  const made = await world.fixture("filing", { kind: "registration", state: "stored" });
  expect(made.status).toBe("stored");
  await world.trigger(made.id, "rejected", { reason_code: "address_mismatch" });
  expect((await world.explain(made.id)).status).toBe("rejected");
  expect((await world.situation("not_synced")).faq).toBe("2.4");
  expect(await world.sync()).toContain(world.account("card").uscc);
  expect((await world.at("2021-12-02T09:00:00+08:00")).now).toBe("2021-12-02T09:00:00+08:00");
});

test("changes are laid over a sample", () => {
  const { legal_representative: who, remarks } = sample("registration", { legal_representative: { name: "李演练", email: null }, remarks: "x" });
  expect([who?.name, who?.email, who?.mobile, remarks]).toEqual(["李演练", undefined, "13800000001", "x"]);
  expect(sample("registration").legal_representative?.name).toBe("张演练");
});

test("only what was signed just now is an event", () => {
  const signed = (seconds: number) => {
    const stamp = Math.floor(Date.now() / 1_000) + seconds;
    const signature = createHmac("sha256", "k".repeat(24)).update(`msg_1.${stamp}.{"type":"filing.sent"}`).digest("base64");
    return { "webhook-id": "msg_1", "webhook-timestamp": `${stamp}`, "webhook-signature": `v1,AAAA v1,${signature}` };
  };
  const secret = `whsec_${btoa("k".repeat(24))}`;
  const body = `{"type":"filing.sent"}`;
  expect(verifyWebhook(secret, signed(-290), body)).toEqual({ type: "filing.sent" });
  expect(() => verifyWebhook(secret, signed(0), `${body} `)).toThrow("not of this secret");
  for (const seconds of [-310, 310]) expect(() => verifyWebhook(secret, signed(seconds), body)).toThrow("is not of now");
  expect(() => verifyWebhook(secret, {}, body)).toThrow("webhook-timestamp");
});

test("a simulator of another contract is told, once, and a refusal that is none of its own", async () => {
  const another = createServer((request, response) => {
    if (request.url === "/api/v1/version") response.setHeader("Content-Type", "application/json").end(`{"contract_version": "2.0"}`);
    else response.writeHead(404).end("<h1>gone</h1>");
  });
  await new Promise<void>((listening) => another.listen(0, "127.0.0.1", listening));
  const said = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const sw = new SingleWindow({ url: `http://127.0.0.1:${(another.address() as AddressInfo).port}/` });
  for (const _ of [1, 2]) await expect(sw.world()).rejects.toMatchObject({ status: 404, code: "", detail: "<h1>gone</h1>" });
  expect(said.mock.calls).toEqual([["the simulator speaks contract 2.0, this kit 1.0: types may be wrong"]]);
  said.mockRestore();
  another.closeAllConnections();
  await new Promise((closed) => another.close(closed));
  await expect(sw.world()).rejects.toThrow(/no answer to POST .*ECONNREFUSED/);
  await expect(new SingleWindow({ url: sw.url, retries: 0 }).world()).rejects.toThrow(/no answer to GET .*ECONNREFUSED/);
});
