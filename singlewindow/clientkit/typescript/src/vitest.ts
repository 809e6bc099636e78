import { test as base } from "vitest";
import { SingleWindow, type World, type WorldOptions } from "./kit.js";
import { Webhooks } from "./receiving.js";

export interface Fixtures {
  /** The simulator of `SINGLE_WINDOW_URL`. */
  singleWindow: SingleWindow;
  /** How the world of a test begins: `test.scoped({ worldOptions: { scenario: "reject; reason=address_mismatch" } })`. */
  worldOptions: WorldOptions;
  /** A world of this test's own. A test that fails tells where everything stood in it. */
  world: World;
  /** A receiver of its webhooks. */
  webhooks: Webhooks;
}

/** Vitest's `test`, with a world for each. */
export const test = base.extend<Fixtures>({
  singleWindow: async ({}, use) => {
    await use(new SingleWindow());
  },
  worldOptions: async ({}, use) => {
    await use({});
  },
  world: async ({ singleWindow, worldOptions, task }, use) => {
    const world = await singleWindow.world({ name: task.name.slice(0, 100), ...worldOptions });
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
