// What a person decides about findings in the review: fixes on copies, undone again, and what may go all the same.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Stage } from "./harness";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

interface Decided {
  fixes: string[];
  confirmed: string[];
}

const plans = (page: Page) => page.evaluate(() => (window.gantryBackstage?.calls ?? []).filter((call) => call.name === "plan").map((call) => call.args[1] as Decided));
const main = (page: Page) => page.innerText(".foot .b-main");

test("a fix is one press, shows what it did to copies, and can be undone", async () => {
  const page = await stage.page("fixes");
  const before = await main(page);
  const button = page.locator('button:has-text("Convert copies")');
  await button.press("Enter");
  await page.waitForSelector(".making .meter");
  expect(await page.isDisabled(".foot .b-main")).toBe(true);
  await page.waitForSelector("text=converted copies");
  await page.waitForFunction((was) => {
    const button = document.querySelector<HTMLButtonElement>(".foot .b-main");
    return button?.disabled === false && button.innerText !== was;
  }, before);
  const text = await page.innerText(".findings");
  expect(text.replace(/\s+/g, " ")).toMatch(/WebP, 4032 × 3024, 1.20 MB .*JPEG, 4032 × 3024, 3.10 MB/);
  expect(text).toContain("of at most");
  expect(text).toContain("The files themselves stay as they are.");
  expect(await page.locator(`button:has-text("Convert copies"):not(:has-text("Undo"))`).count()).toBe(0);
  await page.click('.finds button:has-text("Undo"):has-text("Convert copies")');
  await page.waitForFunction((was) => document.querySelector<HTMLElement>(".foot .b-main")?.innerText === was, before);
  expect((await plans(page)).map((plan) => plan.fixes)).toEqual([["convert"], []]);
  await page.context().close();
});

test("a patient's name holds its files until the person says that they may go, and that can be taken back", async () => {
  const page = await stage.page("fixes");
  const before = await main(page);
  await page.click('button:has-text("They may go")');
  await page.waitForSelector("text=You said that this may go.");
  await page.waitForFunction((was) => document.querySelector<HTMLElement>(".foot .b-main")?.innerText !== was, before);
  await page.click('.find:has-text("patient") button:has-text("Undo")');
  await page.waitForFunction((was) => document.querySelector<HTMLElement>(".foot .b-main")?.innerText === was, before);
  expect((await plans(page)).map((plan) => plan.confirmed)).toEqual([["dicom-patient-name"], []]);
  await page.context().close();
});

test("the settings bound what copies may take, and say what they take", async () => {
  const page = await stage.page("fixes");
  await page.click('.bar a[href="#settings"]');
  await page.click(".set-nav li:nth-child(3) button");
  await page.waitForSelector("text=Just now they take");
  await page.fill("#cp", "2.5");
  await page.waitForFunction(() => window.gantryBackstage?.calls.some((call) => call.name === "settings"));
  const set = await page.evaluate(() => window.gantryBackstage?.calls.filter((call) => call.name === "settings").at(-1)?.args[0] as { copies: number });
  expect(set.copies).toBe(2_500_000_000);
  await page.context().close();
});
