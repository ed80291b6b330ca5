// Platforms: a key is checked before it is kept, a dataset is found by the keyboard alone, and rows are followed to the end.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Plan } from "../../ui/src/bridge/wire";
import { last, screen, Stage } from "./harness";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const calls = (page: Page) => page.evaluate(() => window.gantryBackstage?.calls.map((call) => call.name) ?? []);
const button = (page: Page) => page.locator(".foot .b-main");
const plan = async (page: Page) => ((await last(page, "plan"))?.[1] ?? null) as Plan | null;

async function openDestination(page: Page) {
  await page.click(".route .menu >> nth=0");
  await page.click('[role="menuitem"] >> nth=-1');
  await page.waitForSelector('input[name="way"]');
}

test("connect a platform: a wrong key is said at its field, a good one says whose it is, and only then it is kept", async () => {
  const page = await stage.page("first");
  await page.click('.bar a[href="#connections"]');
  await page.click("text=Connect a platform");
  await page.click('[role="menuitem"]:has-text("Segments.ai")');
  await screen(page, "connect");
  expect(await page.locator("form").innerText()).toMatch(/You find your API key.*keychain/s);
  await page.fill('input[type="password"]', "mistyped-key");
  await button(page).click();
  await page.waitForSelector('[aria-invalid="true"]');
  expect(await page.evaluate(() => document.activeElement?.getAttribute("type"))).toBe("password");
  expect(await page.locator("form").innerText()).toContain("The platform does not accept the key");
  await page.fill('input[type="password"]', "good-key");
  expect(await button(page).innerText()).toBe("Check key");
  await button(page).click();
  await page.waitForSelector(".who");
  expect(await page.locator(".who").innerText()).toMatch(/mara@acme\.example.*acme, robotics-lab.*Team/s);
  expect(await calls(page)).not.toContain("addConnection");
  expect(await button(page).innerText()).toBe("Keep connection");
  await page.fill('input[type="password"]', "good-key-2");
  expect(await page.locator(".who").count()).toBe(0);
  await page.fill('input[type="password"]', "good-key");
  await button(page).click();
  await page.waitForSelector(".who");
  await button(page).click();
  await page.waitForSelector(".checks");
  expect(await last(page, "addConnection")).toEqual([{ name: "segments", kind: "segments", fields: {}, secrets: { api_key: "good-key" }, untilQuit: false }]);
  expect(await page.content()).not.toContain("good-key");
  await page.context().close();
});

test("a dataset is found and chosen by the keyboard alone, and nothing can be sent before", async () => {
  const page = await stage.page("platform-first");
  await screen(page, "review");
  await openDestination(page);
  await page.focus('input[value="store"]');
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  await page.waitForSelector('[role="combobox"]');
  expect(await button(page).isDisabled()).toBe(true);
  expect(await page.locator(".foot").innerText()).toContain("Choose a dataset");
  for (let press = 0; press < 12 && (await page.evaluate(() => document.activeElement?.getAttribute("role"))) !== "combobox"; press += 1) await page.keyboard.press("Tab");
  await page.keyboard.type("archive 2");
  await page.waitForSelector('[role="option"]');
  await page.keyboard.press("Escape");
  expect(await page.locator('[role="option"]').count()).toBe(0);
  await page.keyboard.type("zebra");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  const active = await page.evaluate(() => document.getElementById(document.activeElement?.getAttribute("aria-activedescendant") ?? "")?.textContent);
  expect(active).toMatch(/Zebra crossings.*rows/);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll(".route li").length === 3);
  expect(await page.locator(".route").innerText()).toContain("Labelbox · Zebra crossings");
  expect(await page.inputValue('[role="combobox"]')).toBe("Zebra crossings");
  expect(await plan(page)).toMatchObject({ connection: "acme-zurich", register: { connection: "labelbox", kind: "labelbox", name: "Zebra crossings", target: { container: "cm1", integration: "int1" }, presigned_days: 0, grouping: "file" } });
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>(".foot .b-main")?.disabled);
  expect(await button(page).innerText()).toMatch(/^Upload and register/);
  await page.context().close();
});

test("a new dataset is made where it is chosen; a name that is taken keeps the platform's words", async () => {
  const page = await stage.page("platform-first");
  await screen(page, "review");
  await openDestination(page);
  await page.check('input[value="bucket-platform"]');
  await page.selectOption('.choice-body select:has(option[value="segments"])', "segments");
  expect(await page.locator(".choice-body").innerText()).toContain("does not tell Gantry");
  await page.click('[role="combobox"]');
  await page.click(".opt.new");
  await page.waitForSelector(".anew");
  expect(await page.evaluate(() => document.activeElement?.closest(".anew") !== null)).toBe(true);
  await page.keyboard.type("taken");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.anew [aria-invalid="true"]');
  expect(await page.locator(".anew").innerText()).toContain("You already have a dataset called taken.");
  await page.fill(".anew input", "birds");
  await page.selectOption(".anew select >> nth=0", "acme");
  await page.selectOption(".anew select >> nth=1", "bboxes");
  await page.keyboard.press("Tab");
  await page.click("text=Make it");
  await page.waitForFunction(() => document.querySelector(".route")?.textContent?.includes("Segments.ai · birds"));
  expect(await last(page, "createContainer")).toEqual(["segments", { name: "birds", owner: "acme", kind: "bboxes", integration: "" }]);
  expect(await plan(page)).toMatchObject({ register: { target: { container: "made/birds" } } });
  await page.context().close();
});

test("rows of many files ask how they are found; signed addresses say when they die", async () => {
  const page = await stage.page("platform-first");
  await screen(page, "review");
  await openDestination(page);
  await page.check('input[value="bucket-platform"]');
  await page.selectOption('.choice-body select:has(option[value="segments"])', "segments");
  await page.fill('[role="combobox"]', "drives");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".groupings");
  await page.check('input[value="number"]');
  await page.selectOption('select:has(option:text("Signed for 7 days"))', "7");
  await page.waitForSelector("text=They die on");
  expect(await plan(page)).toMatchObject({ register: { shape: "sequence", grouping: "number", presigned_days: 7 } });
  const day = new Date(Date.now() + 7 * 86_400_000).getFullYear();
  expect(await page.locator(".choice-body").innerText()).toMatch(new RegExp(`They die on \\d{1,2} \\w{3,4} ${day}`));
  await page.context().close();
});

test("the platform's own storage has two stops and asks for no bucket; the store alone registers nothing", async () => {
  const page = await stage.page("platform-review");
  await screen(page, "review");
  await openDestination(page);
  await page.check('input[value="platform"]');
  await page.waitForFunction(() => document.querySelectorAll(".route li").length === 2);
  expect(await plan(page)).toMatchObject({ connection: "labelbox", register: { connection: "labelbox", target: { container: "cm0", integration: "" } } });
  expect(await page.locator(".choice-body").innerText()).not.toMatch(/Access to the bucket|Addresses/);
  await page.check('input[value="store"]');
  await page.waitForFunction(() => !document.querySelector(".route")?.textContent?.includes("Street signs"));
  expect((await plan(page))?.register).toBe(null);
  expect(await button(page).innerText()).toMatch(/^Upload 11/);
  await page.context().close();
});

test("with the last destination remembered, one press sends and registers", async () => {
  const page = await stage.page("platform-review");
  await screen(page, "review");
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>(".foot .b-main")?.disabled);
  const rows = page.locator('.diff[aria-label="Rows compared with what the platform has"]');
  expect((await rows.innerText()).replace(/\s+/g, " ")).toMatch(/Rows New [\d\s]+ Same 211 Clash 3/);
  await button(page).click();
  await screen(page, "sending");
  expect(await calls(page)).toContain("approve");
  await page.context().close();
});

test("while rows go there is a bar for them below the bytes, and nothing is green", async () => {
  const page = await stage.page("platform-sending");
  await screen(page, "sending");
  const bar = page.getByRole("progressbar", { name: "Registering" });
  expect(await bar.getAttribute("aria-valuetext")).toMatch(/^41\s182 of 100\s000 files registered$/);
  expect(await page.locator(".meter.full").count()).toBe(0);
  expect(await page.locator(".route li").count()).toBe(3);
  expect(await page.locator(".route").innerText()).toMatch(/registered/);
  await page.context().close();
});

test("done: the books balance, the dataset is opened, and it is the program that knows the address", async () => {
  const page = await stage.page("platform-done");
  await screen(page, "done");
  expect(await page.locator("h1").innerText()).toMatch(/12\s000 of 12\s000 registered in Street signs/);
  expect(await page.locator(".account").innerText()).toMatch(/visible there[^\d]*6\s000[\s\S]*Registered[^\d]*6\s000/);
  await page.click("text=Open Street signs");
  expect(await last(page, "openContainer")).toEqual(["u1"]);
  await page.context().close();
});

test("what the platform refused is quoted in its own words, and each cause has one main action", async () => {
  const page = await stage.page("platform-refused");
  await screen(page, "done");
  expect(await page.locator("h1").innerText()).toMatch(/registered, 3 need you$/);
  expect(await page.locator(".ok-t").count()).toBe(0);
  await page.click("text=Look at the 3 files");
  await page.waitForSelector(".group");
  expect(await page.locator(".group").innerText()).toContain("Media type application/x-tiff is not supported for this project");
  await page.click(".group .top .b");
  await page.waitForFunction(() => document.querySelectorAll(".group").length === 0);
  expect(await last(page, "retry")).toEqual(["u1", "row_refused", null]);
  await page.context().close();
});

test("a key that is no longer accepted leads to the platform's connection, not to the bucket's", async () => {
  const page = await stage.page("platform-troubles");
  await screen(page, "done");
  await page.click(".done-l .b-main");
  await page.waitForSelector(".group");
  expect(await page.locator(".group").count()).toBe(7);
  const group = page.locator(".group", { hasText: "does not accept the key" });
  expect(await group.innerText()).toContain("Labelbox says: “Invalid API key”");
  await group.locator(".top .b").click();
  await screen(page, "connect");
  expect(await page.locator("h1").innerText()).toContain("labelbox");
  await page.context().close();
});

test("no page asked for anything from elsewhere, and the content policy had nothing to refuse", () => {
  expect(stage.complaints).toEqual([]);
});
