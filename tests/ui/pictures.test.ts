// A picture of every screen, kept with the test run for people to look at.
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { artefacts, Stage, type Look } from "./harness";
import { go, SHOTS } from "./screens";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const LOOKS: Array<[string, Look]> = [
  ["light", {}],
  ["dark", { theme: "dark" }],
  ["light-720x480", { width: 720, height: 480 }],
  ["light-320", { width: 320, height: 640 }],
  ["forced", { forced: true }],
];
const only = process.env["SHOTS"]?.split(",");
const looks = process.env["LOOKS"]?.split(",");

for (const [look, options] of LOOKS.filter(([name]) => !looks || looks.includes(name))) {
  test.concurrent(`pictures: ${look}`, { timeout: 180_000 }, async () => {
    for (const shot of SHOTS.filter((one) => !only || only.includes(one.name))) {
      const page = await stage.page(shot.script, options);
      await go(page, shot);
      await page.screenshot({ path: join(artefacts, `${shot.name}-${look}.png`), fullPage: look === "light-320" });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, `${shot.name} is wider than the window at ${look}`).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });
}
