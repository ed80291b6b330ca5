// What a manifest says of the world is looked at on a wish only: pictures, signatures, a workspace; and manifests made from folders.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { calls, last, screen, Stage } from "./harness";
import { openFolder, openPictures } from "./screens";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

async function open(script: string): Promise<Page> {
  const page = await stage.page(script);
  await page.click('.bar a[href="#manifests"]');
  await page.click("text=Open…");
  await screen(page, "bench");
  await page.waitForSelector(".vg-body .vg-row >> nth=3");
  return page;
}

const row = (page: Page, number: number) => page.locator(`.vg-body .vg-row[aria-rowindex="${number + 1}"]`);

test("who is asked for pictures is said first, and only rows in sight are asked for", async () => {
  const page = await open("bench-ango");
  expect(await page.locator(".bench-rows").innerText()).toContain("Gantry then asks 3 hosts for the pictures of rows in sight: acme-labelling.s3.eu-central-1.amazonaws.com, cdn.acme.example, 10.0.0.7.");
  expect(await calls(page, "benchPicture")).toEqual([]);
  await page.click("text=Show pictures");
  expect(await last(page, "benchPictures")).toEqual(["m1", true, false]);
  await page.waitForSelector("img.row-picture >> nth=5");
  expect(await row(page, 1).locator("img").getAttribute("alt")).toBe("Picture of row 1");
  expect(await row(page, 4).locator("img").count()).toBe(0);
  const before = (await calls(page, "benchPicture")).map((args) => args[1] as number);
  expect(Math.max(...before)).toBeLessThan(60);
  expect(before).not.toContain(4);
  await page.fill(".bench-go input", "3000");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelector('.vg-body .vg-row[aria-rowindex="3001"] img.row-picture') !== null);
  const asked = (await calls(page, "benchPicture")).map((args) => args[1] as number);
  expect(asked.length).toBeLessThan(150);
  expect(new Set(asked).size).toBe(asked.length);
  await page.click("text=Hide pictures");
  await page.waitForFunction(() => document.querySelector("img.row-picture") === null);
  expect(await last(page, "benchPictures")).toEqual(["m1", false, false]);
  await page.context().close();
});

test("a row without a picture says why, under the pointer and to the keyboard", async () => {
  const page = await open("bench-ango");
  await page.click("text=Show pictures");
  await page.waitForSelector("img.row-picture >> nth=5");
  const why = row(page, 2).locator(".row-why");
  expect(await why.isVisible()).toBe(false);
  await row(page, 2).locator(".row-picture").hover();
  expect(await why.innerText()).toBe("No picture: Nothing is there.");
  expect(await why.isVisible()).toBe(true);
  await page.mouse.move(0, 0);
  await page.locator(".vg").focus();
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.querySelector(".vg-row.active .row-why")?.checkVisibility());
  expect(await why.isVisible()).toBe(true);
  await page.context().close();
});

test("private places are asked for pictures only after another yes", async () => {
  const page = await stage.page("bench-ango");
  await openPictures(page);
  await page.locator(".bench-who").getByRole("button", { name: "Ask there too" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Leave them" }).click();
  expect((await calls(page, "benchPictures")).length).toBe(1);
  await page.locator(".bench-who").getByRole("button", { name: "Ask there too" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Ask them" }).click();
  expect(await last(page, "benchPictures")).toEqual(["m1", true, true]);
  await page.waitForFunction(() => document.querySelector('.vg-body .vg-row[aria-rowindex="4"] img.row-picture') !== null);
  await page.context().close();
});

test("a check that goes on cannot say yet who would be asked", async () => {
  const page = await open("bench-checking");
  expect(await page.getByRole("button", { name: "Show pictures" }).isDisabled()).toBe(true);
  await page.context().close();
});

test("a look at objects says how far it is, and a stop keeps what was seen", async () => {
  const page = await open("bench-looking");
  expect(await page.locator(".bench-work").innerText()).toContain("4\u202f120 of 10\u202f000");
  expect(await page.getByRole("progressbar", { name: "Looking up objects" }).getAttribute("aria-valuetext")).toBe("4\u202f120 of 10\u202f000 rows");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await page.waitForSelector("text=4\u202f110 are there, 10 are not, 0 could not be seen. It was stopped before the end.");
  await page.context().close();
});

test("what another form has no place for can be saved as a list, before and after", async () => {
  const page = await open("bench-ango");
  await page.click(".foot .menu");
  await page.click('[role="menuitem"]:has-text("Labelbox")');
  await page.click("text=Save this list…");
  await page.locator(".bench-outcome").getByRole("button", { name: "Save as…" }).click();
  await page.waitForSelector("text=manifest-labelbox.json");
  await page.click("text=Save this list…");
  expect((await calls(page, "benchSaveLeft")).length).toBe(2);
  await page.context().close();
});

test("signatures that are over are made new for as many days as the person picks, where the bucket is connected", async () => {
  const page = await open("bench-signed");
  const group = page.locator(".bf").first();
  await group.locator("select").selectOption("3");
  await group.getByRole("button", { name: "Sign again" }).click();
  expect(await last(page, "benchSign")).toEqual(["m1", "url-signed-over", 3]);
  await page.waitForSelector("text=208 rows repaired here");
  expect(await group.innerText()).toContain("3 rows lie in no connected bucket, and stay as they are.");
  await group.getByRole("button", { name: "Undo the repair: Its signature is over" }).click();
  expect(await last(page, "benchRepair")).toEqual(["m1", "url-signed-over", false]);
  await group.locator("select").waitFor();
  await page.context().close();
  const other = await open("bench-unsignable");
  await other.waitForSelector("text=The bucket of these addresses is not connected.");
  expect(await other.locator(".bench-sign").count()).toBe(0);
  await other.getByRole("button", { name: "Connect the bucket" }).first().click();
  await screen(other, "connect");
  await other.context().close();
});

test("a workspace is asked about metadata on a wish, and its rows are found", async () => {
  const page = await open("bench-labelbox");
  expect(await calls(page, "benchAsk")).toEqual([]);
  await page.click("text=Check against labelbox");
  expect(await last(page, "benchAsk")).toEqual(["m1", "labelbox"]);
  await page.waitForSelector("text=4\u202f210 rows were checked against labelbox. It does not take the metadata of 12 rows.");
  await page.getByRole("button", { name: "Show the rows: Metadata not known there" }).click();
  expect(await last(page, "benchPage")).toEqual(["m1", { about: "metadata-unknown", kind: "" }, 0, 100]);
  await page.context().close();
});

test("a manifest is made from a folder, opens, and says what has no row", async () => {
  const page = await stage.page("bench-ango");
  await openFolder(page);
  await page.getByLabel("Folder in the bucket").fill("2026/zurich");
  await page.getByLabel("Form").selectOption("ango");
  await page.click("text=Save as…");
  await screen(page, "bench");
  const [connection, prefix, form] = (await last(page, "benchFromFolder")) as string[];
  expect([connection !== "", prefix, form]).toEqual([true, "2026/zurich", "ango"]);
  await page.waitForSelector("text=4\u202f210 rows were written to manifest.json. 12 files could not be sent, and have no row:");
  await page.locator(".bench-outcome").getByRole("button", { name: "Close this" }).click();
  expect(await page.locator(".bench-outcome").count()).toBe(0);
  await page.context().close();
});
