import { createHmac, createSign, timingSafeEqual } from "node:crypto";

/** What `POST /sessions` wants of a card that logs in by challenge: base64 of ECDSA P-256/SHA-256 over `random`. */
export function signChallenge(pem: string, random: string): string {
  return createSign("SHA256").update(random, "utf8").sign(pem, "base64");
}

/** Seconds that a message may be old, or ahead. */
const TOLERANCE = 300;

/**
 * The event that a webhook brought, if it was signed by this secret (Standard Webhooks): HMAC-SHA256 over id, time stamp and the body
 * as it came, joined by dots. Throws where the signature is wrong or old.
 */
export function verifyWebhook<T = unknown>(
  secret: string, headers: Record<string, string | string[] | undefined>, body: string | Buffer,
): T {
  const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => String(headers[name] ?? ""));
  if (!(Math.abs(Date.now() / 1_000 - Number(timestamp)) <= TOLERANCE)) throw new Error(`webhook-timestamp ${timestamp} is not of now`);
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const right = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  const signed = signatures!.split(" ").some((one) => {
    const [version, signature = ""] = one.split(",");
    const told = Buffer.from(signature, "base64");
    return version === "v1" && told.length === right.length && timingSafeEqual(told, right);
  });
  if (!signed) throw new Error("webhook-signature is not of this secret");
  return JSON.parse(String(body)) as T;
}
