// Manifests: opened by button and by drop, findings shown and repaired and undone, rows read by keyboard, saved, converted, compared.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { BenchDoor } from "../../ui/src/bridge/wire";
import { calls, last, screen, Stage } from "./harness";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

async function open(script: string): Promise<Page> {
  const page = await stage.page(script);
  await page.click('.bar a[href="#manifests"]');
  await page.click("text=Open…");
  return page;
}

test("the head says which form and why, and the first rows are there", async () => {
  const page = await open("bench-ango");
  await screen(page, "bench");
  const head = await page.locator(".bench-head").innerText();
  expect(head).toMatch(/manifest\.json[\s\S]*4\u202f210 rows\. Looks like Ango Hub, because rows have data and externalId\./);
  await page.waitForSelector(".vg-body .vg-row >> nth=5");
  expect(await page.locator('.vg-body .vg-row[aria-rowindex="3"]').innerText()).toMatch(/2[\s\S]*IMG_0002\.jpg[\s\S]*\+ for a space/);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
  await page.context().close();
});

test("a manifest that is dropped goes to the bench, and can still be sent as a file", async () => {
  const page = await stage.page("bench-ango");
  const door: BenchDoor = { id: "", name: "", trouble: null, line: null, can_say: false, columns: [], fields: [] };
  await page.evaluate((manifest) => window.gantryBackstage?.drag({ kind: "drop", manifest }), door);
  await screen(page, "bench");
  await page.click("text=Upload it as a file");
  await page.waitForFunction(() => document.querySelector("main")?.dataset["screen"] !== "bench");
  expect((await calls(page, "benchUpload")).length).toBe(1);
  await page.context().close();
});

test("a repair is planned and undone, rows and sums follow, and the file is never written", async () => {
  const page = await open("bench-ango");
  await page.click("text=Repair 211 rows");
  await page.waitForSelector("text=211 rows repaired here");
  expect(await last(page, "benchRepair")).toEqual(["m1", "url-plus", true]);
  await page.waitForFunction(() => document.querySelector('.vg-body .vg-row[aria-rowindex="3"]')?.textContent?.includes("Repaired"));
  expect(await page.locator(".bench-sums").innerText()).toMatch(/12 to look at[\s\S]*211 repaired/);
  await page.getByRole("button", { name: "Undo the repair: + for a space" }).click();
  await page.waitForSelector("text=Repair 211 rows");
  await page.waitForFunction(() => document.querySelector('.vg-body .vg-row[aria-rowindex="3"]')?.textContent?.includes("+ for a space"));
  expect((await calls(page, "benchSave")).length).toBe(0);
  expect(await page.locator(".foot").innerText()).toContain("The file on disk is unchanged.");
  await page.context().close();
});

test("rows of one finding are shown alone, by keyboard, and a row opens with line, column and before and after", async () => {
  const page = await open("bench-ango");
  const show = page.getByRole("button", { name: "Show the rows: + for a space" });
  await show.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("text=Rows with: + for a space");
  expect(await last(page, "benchPage")).toEqual(["m1", { about: "url-plus", kind: "" }, 0, 100]);
  await page.waitForSelector(".vg-body .vg-row >> nth=3");
  expect(await page.locator('.vg-body .vg-row[aria-rowindex="3"]').innerText()).toContain("22");
  await page.locator(".vg").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".bench-row .ba");
  const row = page.locator(".bench-row");
  expect(await row.innerText()).toMatch(/Row 22[\s\S]*line 22, column 3[\s\S]*Now[\s\S]*street[\s\S]*Would be/);
  expect(await row.locator("mark.del").innerText()).toContain("+");
  expect(await row.locator("mark.ins").innerText()).toContain("%20");
  await page.getByRole("button", { name: "Close the row" }).click();
  expect(await page.evaluate(() => document.activeElement?.className)).toContain("vg");
  await page.click("text=Show all rows");
  await page.waitForSelector("text=All rows");
  await page.context().close();
});

test("five million rows are reached by keyboard, and only pages of them are asked for", async () => {
  const page = await open("bench-huge");
  await page.waitForSelector(".vg-body .vg-row >> nth=3");
  await page.locator(".vg").focus();
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.querySelector('.vg-body .vg-row[aria-rowindex="5000001"]')?.textContent?.includes("IMG_5000000"));
  await page.fill('.bench-go input', "2500000");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector('.vg-body .vg-row[aria-rowindex="2500001"]')?.textContent?.includes("IMG_2500000"));
  expect(await page.locator(".vg-body .vg-row").count()).toBeLessThan(60);
  expect((await calls(page, "benchPage")).every((args) => args[3] === 100)).toBe(true);
  await page.context().close();
});

test("a mistake between rows is told with line, column and the line itself", async () => {
  const page = await open("bench-broken");
  const group = page.locator(".bf").first();
  expect(await group.innerText()).toMatch(/Line 51, column 3: a comma is missing\.[\s\S]*51\.jpg/);
  expect(await group.locator("mark.at").innerText()).toContain("{");
  await page.context().close();
});

test("a check that runs says how far it is and can be stopped; what was not looked at is not called good", async () => {
  const page = await open("bench-checking");
  const meter = page.getByRole("progressbar", { name: "Checking" });
  expect(await meter.getAttribute("aria-valuetext")).toBe("1\u202f800 of 4\u202f210 rows");
  await page.locator(".vg").focus();
  await page.keyboard.press("End");
  await page.waitForFunction(() => document.querySelector('.vg-body .vg-row[aria-rowindex="4211"]')?.textContent?.includes("Not checked yet"));
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.waitForSelector("text=The check was stopped. Rows from 1\u202f801 on were not looked at.");
  await page.click("text=Check again");
  await page.waitForFunction(() => !document.body.textContent?.includes("The check was stopped"));
  await page.context().close();
});

test("rows are registered where the person picks, with the integration they pick", async () => {
  const page = await open("bench-ango");
  await page.click("text=Register 4\u202f198 rows…");
  await page.waitForSelector("text=12 rows can't be used: they are left out, and need you.");
  const button = page.getByRole("button", { name: "Register 4\u202f198 rows", exact: true });
  expect(await button.isDisabled()).toBe(true);
  await page.locator("[role=option]").first().click();
  await page.getByLabel("Access to the bucket").selectOption("int2");
  await page.waitForSelector("text=Access is not valid");
  expect(await button.isDisabled()).toBe(true);
  await page.getByLabel("Access to the bucket").selectOption("int1");
  await button.click();
  await page.waitForFunction(() => document.querySelector("main")?.dataset["screen"] !== "bench");
  const [id, register] = (await last(page, "benchRegister")) as [string, { connection: string; grouping: string; target: { container: string; integration: string } }];
  expect([id, register.target.container !== "", register.target.integration, register.grouping]).toEqual(["m1", true, "int1", "file"]);
  await page.context().close();
});

test("repairs that no file has are saved and registered in one step, and nothing goes before the person says where to", async () => {
  const page = await open("bench-ango");
  await page.click("text=Repair 211 rows");
  await page.waitForSelector("text=211 rows repaired here");
  await page.click("text=Register 4\u202f198 rows…");
  await page.waitForSelector("text=211 rows are repaired here and not in the file. You choose where a new file is saved; then the rows of that file are registered.");
  expect(await page.getByRole("button", { name: "Register 4\u202f198 rows", exact: true }).count()).toBe(0);
  await page.locator("[role=option]").first().click();
  await page.getByRole("button", { name: "Save as… and register 4\u202f198 rows" }).click();
  await screen(page, "sending");
  expect([(await calls(page, "benchSaveAndRegister")).length, (await calls(page, "benchRegister")).length, (await calls(page, "benchSave")).length]).toEqual([1, 0, 0]);
  await page.click('.bar a[href="#manifests"]');
  await page.waitForSelector("text=manifest-repaired.json: 4\u202f210 rows saved.");
  await page.context().close();
});

test("rows that can't be used are removed as a plan: counted, shown, undone, and left out where something is saved", async () => {
  const page = await open("bench-ango");
  await page.click("text=Look up objects");
  await page.click('[role="menuitem"]:has-text("Of all")');
  const group = page.locator(".bf", { hasText: "The objects of 3 rows are not there." });
  await group.getByRole("button", { name: "Remove 3 rows" }).click();
  await group.getByText("3 rows removed here. Save as… leaves them out.").waitFor();
  expect(await last(page, "benchRemove")).toEqual(["m1", "object-missing", true]);
  await page.getByRole("button", { name: "3 removed" }).click();
  await page.waitForSelector("text=Removed rows");
  expect(await page.locator(".vg-body .vg-row").count()).toBe(3);
  await page.click(".vg-body .vg-row >> nth=0");
  const row = page.locator(".bench-row");
  await row.getByText("(the whole row goes)").waitFor();
  expect(await row.locator(".ba").innerText()).toMatch(/Now[\s\S]*zurich\/IMG_7"[\s\S]*Removed/);
  await page.click("text=Register 4\u202f195 rows…");
  await page.waitForSelector("text=3 rows are removed here and not in the file.");
  await page.click("text=Back to the rows");
  await page.getByRole("button", { name: "Save as…" }).click();
  await page.click('[role="menuitem"]:has-text("All 4\u202f207 rows")');
  await page.waitForSelector("text=manifest-repaired.json: 4\u202f207 rows saved.");
  await page.getByRole("button", { name: "Undo the removal: Not there" }).click();
  await group.getByRole("button", { name: "Remove 3 rows" }).waitFor();
  await page.getByRole("button", { name: /3 removed/ }).waitFor({ state: "detached" });
  expect(await page.locator(".bf", { hasText: "+ for a space" }).getByRole("button", { name: /Remove/ }).count()).toBe(0);
  await page.context().close();
});

test("all rows or only good ones are saved as a new file", async () => {
  const page = await open("bench-ango");
  await page.getByRole("button", { name: "Save as…" }).click();
  await page.click('[role="menuitem"]:has-text("Only the 4\u202f198")');
  await page.waitForSelector("text=manifest-good.json: 4\u202f198 rows saved.");
  expect(await last(page, "benchSave")).toEqual(["m1", true]);
  await page.click("text=Close this");
  await page.getByRole("button", { name: "Save as…" }).click();
  await page.click('[role="menuitem"]:has-text("All 4\u202f210 rows")');
  expect(await last(page, "benchSave")).toEqual(["m1", false]);
  await page.context().close();
});

test("what another form has no place for is said before anything is written", async () => {
  const page = await open("bench-ango");
  await page.click(".foot .menu");
  await page.click('[role="menuitem"]:has-text("Labelbox")');
  await page.waitForSelector("text=It has no place for these fields:");
  expect(await page.locator(".bench-left").innerText()).toMatch(/contextData\.weather[\s\S]*in 812 rows/);
  expect((await calls(page, "benchConvert")).length).toBe(0);
  await page.locator(".bench-outcome").getByRole("button", { name: "Save as…" }).click();
  await page.waitForSelector("text=manifest-labelbox.json: 4\u202f210 rows as Labelbox.");
  await page.context().close();
});

test("two manifests are compared: new, gone and changed, a page at a time", async () => {
  const page = await open("bench-ango");
  await page.click("text=Compare…");
  await page.waitForSelector("text=Compared with yesterday.json");
  await page.waitForSelector(".bench-compared tbody tr >> nth=99");
  await page.click("text=Show more");
  await page.waitForSelector(".bench-compared tbody tr >> nth=150");
  await page.locator(".seg label", { hasText: "Changed" }).click();
  await page.waitForSelector("text=width, height");
  await page.click("text=Back to the rows");
  await page.waitForSelector(".vg");
  await page.context().close();
});

test("objects are looked up on a wish only, and sizes are filled into a new file", async () => {
  const page = await open("bench-ango");
  await page.waitForSelector(".vg-body .vg-row >> nth=3");
  expect((await calls(page, "benchLookUp")).length).toBe(0);
  await page.click("text=Look up objects");
  await page.click('[role="menuitem"]:has-text("Of 100 rows")');
  expect(await last(page, "benchLookUp")).toEqual(["m1", 100, false]);
  await page.waitForSelector("text=98 are there, 2 are not, 0 could not be seen.");
  await page.click("text=Measure and fill…");
  await page.waitForSelector("text=The sizes of 3\u202f900 were filled in.");
  expect(await last(page, "benchMeasure")).toEqual(["m1", false]);
  await page.context().close();
});

test("columns are mapped by hand, one column a field", async () => {
  const page = await open("bench-table");
  await page.locator(".bench-head").getByRole("button", { name: "Change" }).click();
  const note = page.getByLabel("What the column note is");
  await note.selectOption("key");
  expect(await page.getByLabel("What the column id is").inputValue()).toBe("");
  await page.getByLabel("Read it as").selectOption("labelbox");
  await page.click("text=Use this");
  expect(await last(page, "benchSay")).toEqual(["m1", "labelbox", [["photo", "url"], ["id", ""], ["site", "metadata.site"], ["note", "key"]]]);
  await page.waitForSelector("text=read as Labelbox");
  await page.context().close();
});

test("a table becomes assets with a preview, and a wrong template says why", async () => {
  const page = await open("bench-table");
  await page.click("text=Make assets…");
  await page.fill("textarea", "{{age}}");
  await page.waitForSelector('textarea[aria-invalid="true"]');
  expect(await page.locator(".bench-build [role=alert]").innerText()).toContain("There is no column age");
  await page.fill("textarea", '<img src="{{photo}}">');
  await page.waitForSelector(".bench-assets li >> nth=9");
  await page.getByLabel(/Integration that reads the media of photo/).fill("64a0");
  await page.click("text=Save the assets…");
  expect((await last(page, "benchBuild"))?.[1]).toMatchObject({ storage: [["photo", "64a0"]], key: "id" });
  await page.context().close();
});

test("a file that is no manifest says what was seen, shows the line, and a table can be told what it is", async () => {
  const page = await open("bench-nothing");
  await page.waitForSelector("h1:has-text('manifest.json is no manifest')");
  expect(await page.locator("main").innerText()).toContain("Line 1, column 9: a comma is missing.");
  expect(await page.locator("mark.at").innerText()).toContain('"');
  await page.context().close();
  const table = await open("bench-unknown");
  await table.waitForSelector("text=We don't know this format");
  const read = table.getByRole("button", { name: "Read it so" });
  expect(await read.isDisabled()).toBe(true);
  await table.getByLabel("What the column photo is").selectOption("url");
  await read.click();
  await screen(table, "bench");
  expect(await last(table, "benchSay")).toEqual(["m1", "urls", [["photo", "url"]]]);
  await table.context().close();
});

test("a file that was changed meanwhile is noticed and opened again", async () => {
  const page = await open("bench-changed");
  await page.waitForSelector("text=The file was changed meanwhile.");
  await page.click("text=Open it again");
  await page.waitForFunction(() => !document.body.textContent?.includes("changed meanwhile"));
  await page.waitForFunction(() => document.querySelector('.vg-body .vg-row[aria-rowindex="2"]')?.textContent?.includes("IMG_0001"));
  await page.context().close();
});

test("no page asked for anything from elsewhere", () => {
  expect(stage.complaints).toEqual([]);
});
