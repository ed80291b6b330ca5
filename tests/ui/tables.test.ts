// Tables about the files in the review: what each is, where its columns go, which lines found no file; and what is said of all.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Plan } from "../../ui/src/bridge/wire";
import { last, screen, Stage } from "./harness";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const plan = async (page: Page) => ((await last(page, "plan"))?.[1] ?? null) as Plan | null;
const button = (page: Page) => page.locator(".foot .b-main");

test("a table says what it is and why, where its columns go, and what would be refused", async () => {
  const page = await stage.page("platform-table");
  await screen(page, "review");
  const known = page.locator(".known").first();
  expect(await known.innerText()).toMatch(/about\.csv[\s\S]*“file” names files of this upload: 198 of the first 200 lines[\s\S]*not sent itself/);
  expect(await known.innerText()).toContain("3 values would be refused, such as: “high” is not a number");
  const site = page.getByLabel("site", { exact: true });
  expect(await site.inputValue()).toBe("metadata");
  await site.selectOption("tags");
  expect((await plan(page))?.tables).toEqual([{ path: "2026-Zurich/about.csv", use: "found", columns: [["site", "tags"]] }]);
  await site.selectOption("metadata");
  await page.getByLabel("Name of the metadata of site").fill("place");
  await page.keyboard.press("Tab");
  expect((await plan(page))?.tables[0]?.columns).toEqual([["site", "metadata:place"]]);
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>(".foot .b-main")?.disabled);
  await page.click("text=It is a file, send it");
  expect((await plan(page))?.tables[0]).toMatchObject({ use: "file" });
  await page.click("text=It is about the files");
  expect((await plan(page))?.tables[0]).toMatchObject({ use: "about", columns: [["site", "metadata:place"]] });
  await page.context().close();
});

test("lines that found no file are shown a stretch at a time, and files without a line in the list", async () => {
  const page = await stage.page("platform-table");
  await screen(page, "review");
  const show = page.getByRole("button", { name: "Show 25 lines" });
  await show.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector(".lines li");
  expect(await last(page, "tableLines")).toEqual(["u1", 0, "no_file", 0, 100]);
  expect(await page.locator(".lines li").count()).toBe(25);
  expect(await page.locator(".lines").innerText()).toMatch(/line 90[\s\S]*IMG_9000\.jpg/);
  await page.getByRole("button", { name: "Hide them" }).click();
  expect(await page.locator(".lines").count()).toBe(0);
  await page.locator(".known", { hasText: "No table has a line for 12 files" }).getByRole("button").click();
  await page.waitForSelector("text=No table has a line for 12 files");
  expect((await last(page, "items"))?.[1]).toMatchObject({ untold: true });
  await page.context().close();
});

test("a table that is broken keeps everything here until it is settled", async () => {
  const page = await stage.page("platform-tables");
  await screen(page, "review");
  await page.waitForSelector(".known .bad-t");
  expect(await page.locator(".known .bad-t").innerText()).toContain("line 5\u202f120");
  expect(await button(page).isDisabled()).toBe(true);
  expect(await page.locator(".foot").innerText()).toContain("cameras.csv can't be used as it is");
  await page.locator(".known", { hasText: "cameras.csv" }).getByRole("button").click();
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>(".foot .b-main")?.disabled);
  await page.context().close();
});

test("a table that lies elsewhere is chosen in the system's own dialog", async () => {
  const page = await stage.page("platform-review");
  await screen(page, "review");
  await page.click("text=Add a table…");
  await page.waitForSelector(".maps");
  expect(await last(page, "chooseTable")).toEqual(["u1"]);
  await page.context().close();
});

test("what is said of all files is typed once, and a name that the platform lacks is said beside it", async () => {
  const page = await stage.page("platform-review");
  await screen(page, "review");
  await page.click(".route .menu >> nth=0");
  await page.click('[role="menuitem"] >> nth=-1');
  await page.waitForSelector(".said");
  await page.click("text=Add one");
  await page.fill(".said-row input >> nth=0", "wether");
  await page.fill(".said-row input >> nth=1", "rain");
  await page.keyboard.press("Tab");
  expect((await plan(page))?.register?.metadata).toEqual([["wether", "rain"]]);
  await page.waitForSelector('.said-row [aria-invalid="true"]');
  expect(await page.locator(".said").innerText()).toContain("Labelbox has no metadata field");
  await page.click('button[aria-label="Remove wether"]');
  expect((await plan(page))?.register?.metadata).toEqual([]);
  await page.context().close();
});

test("no page asked for anything from elsewhere", () => {
  expect(stage.complaints).toEqual([]);
});
