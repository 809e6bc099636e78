// A client of one file, in Node with fetch: the main job, every body a stream, so sent in chunks.
// BASE=http://127.0.0.1:8000 node chunked.mjs
import assert from "node:assert/strict";

const { BASE } = process.env;

function chunked(body) {
  const data = new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
  return new ReadableStream({
    start(stream) {
      for (let at = 0; at < data.length; at += 64) stream.enqueue(data.slice(at, at + 64));
      stream.close();
    },
  });
}

async function call(method, path, body, { status = 200, token, type = "application/json" } = {}) {
  const headers = { "Content-Type": type, ...(token && { Authorization: `Bearer ${token}` }) };
  const answer = await fetch(BASE + path, { method, headers, ...(body !== undefined && { body: chunked(body), duplex: "half" }) });
  const text = await answer.text();
  assert.equal(answer.status, status, `${method} ${path}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

const world = await call("POST", "/control/v1/sandboxes", { scenario: "reject; reason=address_mismatch" }, { status: 201 });
assert.equal(world.scenario, "reject; reason=address_mismatch");
const at = `/control/v1/sandboxes/${world.id}`;
assert.equal((await call("PUT", `${at}/scenario`, { scenario: "approve" })).scenario, "approve");
const { username, password } = world.accounts.find((one) => one.role === "cardless");
const { token } = await call("POST", "/api/v1/sessions", { sandbox: world.id, username, password }, { status: 201 });
const reference = await (await fetch(`${BASE}/first-steps/reference-registration.json`)).json();
const { id } = await call("POST", "/api/v1/filings", reference, { status: 201, token });
const patched = await call("PATCH", `/api/v1/filings/${id}`, { content: { remarks: "分块发送" } }, { token });
assert.equal(patched.content.remarks, "分块发送");
const file = '--b\r\nContent-Disposition: form-data; name="file"; filename="form.pdf"\r\n\r\n%PDF-1.4\n%%EOF\r\n--b--\r\n';
const attached = await call("POST", `/api/v1/filings/${id}/attachments`, file, { status: 201, token, type: "multipart/form-data; boundary=b" });
assert.equal(attached.filename, "form.pdf");
assert.equal((await call("POST", `/api/v1/filings/${id}/declare`, {}, { token })).status, "declared");
await call("POST", `${at}/clock/advance`, { by: "P1D" });
assert.equal((await call("GET", `/api/v1/filings/${id}`, undefined, { token })).status, "approved");
await call("DELETE", at, undefined, { status: 204 });
console.log("chunked all the way");
