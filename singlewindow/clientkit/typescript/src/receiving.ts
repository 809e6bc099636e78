import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { components } from "./control.js";
import type { World } from "./kit.js";
import { verifyWebhook } from "./signing.js";

export type FilingEvent = components["schemas"]["FilingEvent"];

/** Milliseconds of wall time that a message is waited for when all that was due by the world's clock has happened. */
const PATIENCE = 5_000;

/** A receiver of one world's webhooks, on a free port of this machine: takes what is signed with its secret, and each message once. */
export class Webhooks {
  /** What came, in order. */
  readonly events: FilingEvent[] = [];
  /** What was not taken, and why. */
  readonly refused: string[] = [];
  private readonly secret = `whsec_${randomBytes(24).toString("base64")}`;
  private readonly ids = new Set<string>();

  private constructor(private readonly world: World, private readonly server: Server) {}

  /** The simulator must be one that may send to this machine: started with `SIM_WEBHOOK_ALLOW=localhost:*`. */
  static async open(world: World): Promise<Webhooks> {
    const server = createServer();
    const webhooks = new Webhooks(world, server);
    server.on("request", async (request, response) => response.writeHead(await webhooks.take(request)).end());
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    try {
      await world.subscribe(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, { secret: webhooks.secret });
    } catch (refusal) {
      await webhooks.close();
      throw refusal;
    }
    return webhooks;
  }

  /** The types of what came, in order. */
  get types(): string[] {
    return this.events.map((one) => one.type);
  }

  /** The `n`th event of a type. Until it came, the world's clock passes from one moment at which something is due to the next. */
  async waitFor(type: FilingEvent["type"], n = 1): Promise<FilingEvent> {
    for (let end = Date.now() + PATIENCE; ; ) {
      const found = this.events.filter((one) => one.type === type);
      if (found.length >= n) return found[n - 1]!;
      if (await this.step()) {
        end = Date.now() + PATIENCE;
      } else if (Date.now() > end) {
        const words = `${type} came ${found.length} times, not ${n}; nothing more is due. What came: ${this.types.join(", ") || "nothing"}`;
        throw new Error([words, ...this.refused].join("\n"));
      } else {
        await wait(50);
      }
    }
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  /** To the next moment at which something is due, a message that is sent again included. Tells whether anything came of it. */
  private async step(): Promise<boolean> {
    const { fired, deliveries } = await this.world.advance({ until: "next_event" });
    if (fired.length || deliveries.some((one) => one.outcome !== "pending")) return true;
    const again = (await this.world.deliveries()).flatMap((one) => (one.state === "pending" && one.next_attempt_at) || []);
    if (!again.length) return false;
    const then = await this.world.at(again.sort()[0]!);
    return then.deliveries.some((one) => one.outcome !== "pending");
  }

  /** Takes a message; the status it is answered with. */
  private async take(request: IncomingMessage): Promise<number> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    try {
      const event = verifyWebhook<FilingEvent>(this.secret, request.headers, Buffer.concat(pieces));
      const id = String(request.headers["webhook-id"]);
      if (!this.ids.has(id)) this.events.push(event);
      this.ids.add(id);
      return 204;
    } catch (wrong) {
      this.refused.push(String(wrong));
      return 401;
    }
  }
}
