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

/** Vitest's `test` with worlds that begin so: `const refused = inWorld({ scenario: "reject; reason=address_mismatch" })`. */
export function inWorld(options: WorldOptions): TestAPI<Fixtures> {
  return base.extend<Fixtures>({
    singleWindow: async ({}, use) => {
      await use(new SingleWindow());
    },
    world: async ({ singleWindow, task }, use) => {
      const world = await singleWindow.world({ name: task.name.slice(0, 100), ...options });
      await use(world);
      try {
        if (task.result?.state === "fail") console.error(await world.report());
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
