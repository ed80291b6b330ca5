// Rows of a manifest on every screen that an upload passes: nothing of it is called a file, sent, verified, or told in bytes.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { screen, Stage } from "./harness";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

/** What the window says of the upload; the bar and the foot of the window speak of all there is. */
async function words(page: Page): Promise<string> {
  const text = await page.evaluate(() => [document.querySelector("main")?.textContent, document.querySelector(".route")?.textContent, document.querySelector(".strip")?.textContent, ...[...document.querySelectorAll("[aria-label], [aria-valuetext], [placeholder]")].filter((one) => !one.closest(".bar")).map((one) => `${one.getAttribute("aria-label") ?? ""} ${one.getAttribute("aria-valuetext") ?? ""} ${one.getAttribute("placeholder") ?? ""}`)].join("\n"));
  for (const claim of [/\bfiles?\b/i, /\bsent\b/i, /\bsending\b/i, /\bverif/i, /\d[\s\u00a0](?:B|kB|MB|GB)\b/, /\btaken\b/i, /\barrived\b/i]) expect(text).not.toMatch(claim);
  return text;
}

test("the way from the bench to the receipt speaks of rows", async () => {
  const page = await stage.page("bench-clean");
  await page.click('.bar a[href="#manifests"]');
  await page.click("text=Open…");
  await page.click("text=Register 4\u202f210 rows…");
  await page.locator("[role=option]").first().click();
  await page.getByRole("button", { name: "Register 4\u202f210 rows", exact: true }).click();
  await screen(page, "sending");
  await page.waitForSelector("text=of 60 rows registered");
  expect(await words(page)).toMatch(/60 rows/);
  await screen(page, "done");
  expect(await words(page)).toMatch(/60 of 60 rows registered in Street signs/);
  await page.context().close();
});

test("what was registered is told as rows, with its receipt", async () => {
  const page = await stage.page("manifest-done");
  await screen(page, "done");
  const text = await words(page);
  for (const said of ["3 of 3 rows registered in birds", "3 registered", "3 rows", "Rows of the manifest", "The platform answered for each row"]) expect(text).toContain(said);
  expect(await page.locator(".slip").innerText()).toMatch(/Rows\s+3 \/ 3[\s\S]*The platform's answer[\s\S]*Registered\s+3 rows/);
  expect(await page.locator(".route li").count()).toBe(2);
  await page.getByRole("button", { name: "List the rows" }).click();
  await page.waitForSelector(".vg-body .vg-row >> nth=2");
  await words(page);
  await page.click(".vg-body .vg-row >> nth=0");
  await page.waitForSelector(".ticket");
  await words(page);
  await page.context().close();
});

test("while rows are registered, paused or stopped, their number is what is told", async () => {
  const page = await stage.page("manifest-sending");
  await screen(page, "sending");
  const text = await words(page);
  expect(text).toMatch(/480 of 1\u202f200 rows registered/);
  expect(text).toMatch(/Registering 40 %/);
  expect(await page.locator(".stages [role=progressbar]").count()).toBe(2);
  for (const list of ["All rows", "Needs you", "Registered"]) {
    await page.locator(".seg label", { hasText: list }).click();
    await words(page);
  }
  await page.getByRole("button", { name: "Stop…" }).click();
  await page.waitForSelector("text=480 rows are registered and stay registered.");
  await page.context().close();
  const paused = await stage.page("manifest-paused");
  await screen(paused, "sending");
  expect(await words(paused)).toMatch(/paused at 40 %/);
  await paused.context().close();
  const stopped = await stage.page("manifest-stopped");
  await stopped.click(".opens li .b-quiet");
  await screen(stopped, "done");
  expect(await words(stopped)).toMatch(/Stopped at 480 of 1\u202f200 rows[\s\S]*Not registered yet720[\s\S]*Go on with 720 rows/);
  await stopped.context().close();
});

test("rows that were refused say why, and a row that cannot be used leads back to the manifests", async () => {
  const page = await stage.page("manifest-refused");
  await screen(page, "done");
  expect(await words(page)).toMatch(/1\u202f196 rows registered, 4 need you/);
  await page.click("text=Look at the 4 rows");
  const text = await words(page);
  expect(text).toMatch(/4 rows need you[\s\S]*The platform refused this row[\s\S]*Nothing was made of it\./);
  await page.locator(".group", { hasText: "refused" }).getByRole("button", { name: "Show rows" }).click();
  await page.waitForSelector(".group-files .vg-row");
  await words(page);
  await page.getByRole("button", { name: "Mend the manifest and submit it again" }).click();
  await screen(page, "manifests");
  await page.context().close();
});

test("history counts rows where rows were registered", async () => {
  const page = await stage.page("manifest-history");
  await page.click('.bar a[href="#history"]');
  const line = page.locator(".hist tbody tr", { hasText: "birds.json" });
  expect(await line.innerText()).toMatch(/birds\.json\s*Labelbox · birds[\s\S]*3 rows[\s\S]*Registered/);
  await page.context().close();
});

test("no page asked for anything from elsewhere", () => {
  expect(stage.complaints).toEqual([]);
});
