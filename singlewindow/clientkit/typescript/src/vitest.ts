import { test as base, type TestAPI } from "vitest";
import { SingleWindow, type World, type WorldOptions } from "./kit.js";
import { Webhooks } from "./receiving.js";

export interface Fixtures {
  /** The simulator of `SINGLE_WINDOW_URL`. */
  singleWindow: SingleWindow;
  /** A world of this test's own. A test that fails tells where everything stood in it. */
  world: World;
  /** A receiver of its webhooks. */
  webhooks: Webhooks;
}

let shared: SingleWindow | undefined;

/** Vitest's `test` with worlds that begin so: `const refused = inWorld({ scenario: "reject; reason=address_mismatch" })`. */
export function inWorld(options: WorldOptions): TestAPI<Fixtures> {
  return base.extend<Fixtures>({
    singleWindow: async ({}, use) => {
      await use((shared ??= new SingleWindow()));
    },
    world: async ({ singleWindow, task }, use) => {
      const world = await singleWindow.world({ name: named(task.name), ...options });
      await use(world);
      try {
        if (task.result?.state === "fail") console.error(await world.report().catch(String));
      } finally {
        await world.delete();
      }
    },
    webhooks: async ({ world }, use) => {
      const webhooks = await Webhooks.open(world);
      await use(webhooks);
      await webhooks.close();
    },
  });
}

/** Vitest's `test`, with a world for each. */
export const test = inWorld({});

/** A test's name as one line of a hundred characters. */
function named(name: string): string {
  return [...name.replace(/[\p{C}\p{Z}]+/gu, " ").trim()].slice(0, 100).join("") || "test";
}
