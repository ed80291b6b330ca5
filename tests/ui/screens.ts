// Every screen and state of the window, and the way to it.
import type { Page } from "playwright-core";
import { screen, settle } from "./harness";

export interface Shot {
  name: string;
  script: string;
  screen: string;
  go?: (page: Page) => Promise<unknown>;
}

const nav = (name: string) => (page: Page) => page.click(`.bar a[href="#${name}"]`);

export const SHOTS: Shot[] = [
  { name: "bay", script: "first", screen: "upload" },
  { name: "drag-over", script: "first", screen: "upload", go: (page) => page.evaluate(() => window.gantryBackstage?.drag({ kind: "enter", count: 1 })) },
  { name: "drop-refused", script: "first", screen: "upload", go: (page) => page.evaluate(() => window.gantryBackstage?.drag({ kind: "refused" })) },
  { name: "drop-gone", script: "first", screen: "upload", go: (page) => page.evaluate(() => window.gantryBackstage?.drag({ kind: "refused", trouble: { code: "source_gone", facts: { path: "/media/usb/2026-Zurich/2026-05-01/IMG_0001.jpg" } } })) },
  { name: "counting", script: "counting", screen: "counting" },
  { name: "review-reading", script: "reading", screen: "review" },
  { name: "review", script: "review", screen: "review" },
  { name: "review-fixes", script: "fixes", screen: "review" },
  { name: "review-fixing", script: "fixes", screen: "review", go: (page) => page.click('button:has-text("Remove positions")') },
  { name: "review-fixed", script: "fixes", screen: "review", go: fixAll },
  { name: "review-fine", script: "fine", screen: "review" },
  { name: "review-flat", script: "flat", screen: "review" },
  { name: "review-empty", script: "empty", screen: "review" },
  { name: "review-menu", script: "review", screen: "review", go: (page) => page.click(".route .menu") },
  { name: "review-files", script: "review", screen: "review", go: openFile },
  { name: "review-tables", script: "platform-tables", screen: "review", go: openTables },
  { name: "destination", script: "review", screen: "review", go: openDestination },
  { name: "hostile", script: "hostile", screen: "review" },
  { name: "sending", script: "sending", screen: "sending" },
  { name: "sending-list", script: "sending", screen: "sending", go: (page) => page.check('input[value="moving"]', { force: true }) },
  { name: "sending-large", script: "large", screen: "sending" },
  { name: "sending-stop", script: "sending", screen: "sending", go: (page) => page.click(".ctl button:nth-child(2)") },
  { name: "paused", script: "paused", screen: "sending" },
  { name: "offline", script: "offline", screen: "sending" },
  { name: "slow", script: "slow", screen: "sending" },
  { name: "bad-key", script: "badkey", screen: "sending" },
  { name: "failures", script: "done", screen: "done", go: openWorkList },
  { name: "done", script: "done", screen: "done" },
  { name: "finished", script: "finished", screen: "done" },
  { name: "finished-by-size", script: "size", screen: "done" },
  { name: "stopped-on-bay", script: "stopped", screen: "upload" },
  { name: "stopped", script: "stopped", screen: "done", go: (page) => page.click(".opens li .b-quiet") },
  { name: "history", script: "history", screen: "history", go: nav("history") },
  { name: "history-found", script: "history", screen: "history", go: findInHistory },
  { name: "history-empty", script: "first", screen: "history", go: nav("history") },
  { name: "connections", script: "connections", screen: "connections", go: nav("connections") },
  { name: "connections-first", script: "nobucket", screen: "connections", go: nav("connections") },
  { name: "no-keychain", script: "nokeychain", screen: "connections", go: nav("connections") },
  { name: "connect", script: "connections", screen: "connect", go: openForm },
  { name: "connect-wrong", script: "connections", screen: "connect", go: fillWrong },
  { name: "doctor", script: "connections", screen: "connections", go: openDoctor },
  { name: "remove", script: "connections", screen: "connections", go: openRemove },
  { name: "platform-connect", script: "platforms", screen: "connect", go: (page) => openPlatformForm(page) },
  { name: "platform-connect-wrong", script: "platforms", screen: "connect", go: (page) => typeKey(page, "bad", '[aria-invalid="true"]') },
  { name: "platform-connect-who", script: "platforms", screen: "connect", go: (page) => typeKey(page, "good-key", ".who") },
  { name: "platform-connections", script: "platforms", screen: "connections", go: nav("connections") },
  { name: "platform-doctor", script: "platforms", screen: "connections", go: openPlatformDoctor },
  { name: "platform-destination", script: "platform-review", screen: "review", go: openDestination },
  { name: "platform-picker", script: "platform-review", screen: "review", go: openPicker },
  { name: "platform-new", script: "platform-first", screen: "review", go: openNewDataset },
  { name: "platform-grouping", script: "platform-first", screen: "review", go: openGrouping },
  { name: "platform-own", script: "platform-own", screen: "review", go: openDestination },
  { name: "platform-none", script: "review", screen: "review", go: (page) => openDestination(page).then(() => page.check('input[value="bucket-platform"]')) },
  { name: "platform-review", script: "platform-review", screen: "review" },
  { name: "platform-sending", script: "platform-sending", screen: "sending" },
  { name: "platform-done", script: "platform-done", screen: "done" },
  { name: "platform-refused", script: "platform-refused", screen: "done" },
  { name: "platform-failures", script: "platform-refused", screen: "done", go: openWorkList },
  { name: "platform-troubles", script: "platform-troubles", screen: "done", go: (page) => page.click(".done-l .b-main") },
  { name: "platform-ticket", script: "platform-done", screen: "done", go: openRow },
  { name: "platform-history", script: "platform-history", screen: "history", go: nav("history") },
  { name: "rows-sending", script: "manifest-sending", screen: "sending" },
  { name: "rows-done", script: "manifest-done", screen: "done" },
  { name: "rows-refused", script: "manifest-refused", screen: "done" },
  { name: "rows-failures", script: "manifest-refused", screen: "done", go: openWorkList },
  { name: "rows-history", script: "manifest-history", screen: "history", go: nav("history") },
  { name: "manifests", script: "first", screen: "manifests", go: nav("manifests") },
  { name: "bench", script: "bench-ango", screen: "bench", go: (page) => openBench(page).then(() => page.click(".vg-body .vg-row >> nth=1")) },
  { name: "bench-repaired", script: "bench-ango", screen: "bench", go: (page) => openBench(page).then(() => page.click("text=Repair 211 rows")) },
  { name: "bench-clean", script: "bench-clean", screen: "bench", go: openBench },
  { name: "bench-broken", script: "bench-broken", screen: "bench", go: openBench },
  { name: "bench-checking", script: "bench-checking", screen: "bench", go: openBench },
  { name: "bench-stopped", script: "bench-stopped", screen: "bench", go: openBench },
  { name: "bench-changed", script: "bench-changed", screen: "bench", go: openBench },
  { name: "bench-table", script: "bench-table", screen: "bench", go: (page) => openBench(page).then(() => page.click(".bench-head .link >> text=Change")) },
  { name: "bench-build", script: "bench-table", screen: "bench", go: openBuild },
  { name: "bench-register", script: "bench-ango", screen: "bench", go: openRegister },
  { name: "bench-register-saves", script: "bench-ango", screen: "bench", go: openRegisterRepaired },
  { name: "bench-removed", script: "bench-ango", screen: "bench", go: openRemoved },
  { name: "bench-weighed", script: "bench-ango", screen: "bench", go: openWeighed },
  { name: "bench-compared", script: "bench-ango", screen: "bench", go: (page) => openBench(page).then(() => page.click("text=Compare…")) },
  { name: "bench-pictures", script: "bench-ango", screen: "bench", go: openPictures },
  { name: "bench-looking", script: "bench-looking", screen: "bench", go: openBench },
  { name: "bench-signatures", script: "bench-signed", screen: "bench", go: openSignatures },
  { name: "bench-unsignable", script: "bench-unsignable", screen: "bench", go: (page) => openBench(page).then(() => page.waitForSelector("text=is not connected")) },
  { name: "bench-workspace", script: "bench-labelbox", screen: "bench", go: openWorkspace },
  { name: "bench-folder", script: "bench-ango", screen: "manifests", go: openFolder },
  { name: "bench-made", script: "bench-ango", screen: "bench", go: openMade },
  { name: "bench-refused", script: "bench-unknown", screen: "manifests", go: openManifest },
  { name: "bench-nothing", script: "bench-nothing", screen: "manifests", go: openManifest },
  { name: "settings", script: "first", screen: "settings", go: nav("settings") },
  { name: "settings-transfers", script: "first", screen: "settings", go: (page) => nav("settings")(page).then(() => page.click(".set-nav li:nth-child(2) button")) },
  { name: "help", script: "first", screen: "help", go: nav("help") },
  { name: "journal-newer", script: "newer", screen: "upload" },
  { name: "journal-damaged", script: "damaged", screen: "upload" },
];

/** Every fix, one after the other, and the yes for the patient's name. */
async function fixAll(page: Page) {
  for (const name of ["Convert copies", "Make copies smaller", "Remove positions", "Turn copies upright"]) {
    await page.click(`button:has-text("${name}"):not(:has-text("Undo"))`);
    await page.waitForFunction(() => !document.querySelector(".making .meter"));
  }
  await page.click('button:has-text("They may go")');
}

async function openManifest(page: Page) {
  await nav("manifests")(page);
  await page.click(".bay .b-main");
  await page.waitForSelector("main h1:not(#m-h)");
}

async function openBench(page: Page) {
  await openManifest(page);
  await screen(page, "bench");
  await page.waitForSelector(".foot");
}

async function openRegisterRepaired(page: Page): Promise<void> {
  await openBench(page);
  await page.click("text=Repair 211 rows");
  await page.click("text=Register 4\u202f198 rows…");
  await page.locator("[role=option]").first().click();
  await page.waitForSelector("text=You choose where a new file is saved");
}

async function openRemoved(page: Page): Promise<void> {
  await openBench(page);
  await page.click("text=Remove 12 rows");
  await page.getByRole("button", { name: "12 removed" }).click();
  await page.click(".vg-body .vg-row >> nth=0");
  await page.waitForSelector("text=(the whole row goes)");
}

export async function openPictures(page: Page): Promise<void> {
  await openBench(page);
  await page.click(".bench-tools .b.end");
  await page.waitForSelector("img.row-picture >> nth=5");
  await page.waitForSelector(".bench-who .link");
}

async function openSignatures(page: Page) {
  await openBench(page);
  await page.locator(".bench-sign").first().getByRole("button").click();
  await page.waitForSelector(".bench-ok");
}

async function openWorkspace(page: Page) {
  await openBench(page);
  await page.click(".bf:last-child .b-small");
  await page.waitForSelector(".bench-outcome");
}

export async function openFolder(page: Page): Promise<void> {
  await nav("manifests")(page);
  await page.click(".bay .b:not(.b-main)");
  await page.waitForSelector("select >> nth=1");
}

async function openMade(page: Page) {
  await openFolder(page);
  await page.click(".b-main");
  await screen(page, "bench");
  await page.waitForSelector(".foot");
}

async function openRegister(page: Page): Promise<void> {
  await openBench(page);
  await page.click("text=Register 4\u202f198 rows…");
  await page.locator("[role=option]").first().click();
  await page.waitForSelector("text=Access to the bucket");
}

async function openBuild(page: Page) {
  await openBench(page);
  await page.click("text=Make assets…");
  await page.fill("textarea", '<img src="{{photo}}">');
  await page.waitForSelector(".bench-assets li");
}

async function openWeighed(page: Page) {
  await openBench(page);
  await page.click(".foot .menu");
  await page.click('[role="menuitem"]:has-text("Labelbox")');
  await page.waitForSelector(".bench-outcome");
}

async function openFile(page: Page) {
  await page.click(".find .cnt button");
  await page.click(".vg-body .vg-row >> nth=0");
  await page.waitForSelector(".ticket .facts");
}

async function openDestination(page: Page) {
  await page.click(".route .menu");
  await page.click('[role="menuitem"] >> nth=-1');
}

async function openPlatformForm(page: Page, kind = "Labelbox") {
  await nav("connections")(page);
  await page.click(".head .menu-at > button");
  await page.click(`[role="menuitem"]:has-text("${kind}")`);
  await screen(page, "connect");
}

async function typeKey(page: Page, key: string, then: string) {
  await openPlatformForm(page);
  await page.fill('input[type="password"]', key);
  await page.click(".foot .b-main");
  await page.waitForSelector(then);
}

async function openPlatformDoctor(page: Page) {
  await nav("connections")(page);
  await page.click('table.conn tr:has-text("Labelbox") .b-small >> nth=0');
  await page.waitForSelector(".who");
}

async function openPicker(page: Page) {
  await openDestination(page);
  await page.click('[role="combobox"]');
  await page.waitForSelector('[role="option"]');
}

async function choosePlatform(page: Page, name: string) {
  await openDestination(page);
  await page.check('input[value="bucket-platform"]');
  await page.selectOption('.choice-body select:has(option[value="segments"])', name);
}

async function openNewDataset(page: Page) {
  await choosePlatform(page, "segments");
  await page.click('[role="combobox"]');
  await page.click(".opt.new");
  await page.waitForSelector(".anew");
}

async function openGrouping(page: Page) {
  await choosePlatform(page, "segments");
  await page.fill('[role="combobox"]', "drives");
  await page.click('[role="option"] >> nth=0');
  await page.waitForSelector(".groupings");
}

async function openRow(page: Page) {
  await page.click("text=List the files");
  await page.click(".vg-body .vg-row >> nth=0");
  await page.waitForSelector(".ticket .facts");
}

async function openWorkList(page: Page) {
  await page.click(".done-l .b-main");
  await page.click(".group .more button");
}

async function findInHistory(page: Page) {
  await nav("history")(page);
  await page.fill('input[type="search"]', "IMG_0412");
  await page.waitForSelector(".found");
}

async function openForm(page: Page) {
  await nav("connections")(page);
  await page.click(".head .b-main");
  await screen(page, "connect");
}

async function fillWrong(page: Page) {
  await openForm(page);
  await page.fill("form input >> nth=0", "acme-labeling");
  await page.click(".foot .b-main");
  await page.waitForSelector('[aria-invalid="true"]');
}

async function openDoctor(page: Page) {
  await nav("connections")(page);
  await page.click("table.conn >> nth=1 >> tr >> nth=2 >> .b-small >> nth=0");
  await page.waitForSelector(".checks");
}

async function openRemove(page: Page) {
  await nav("connections")(page);
  await page.click("table.conn >> nth=1 >> tr >> nth=1 >> .b-icon");
  await page.click('[role="menuitem"] >> nth=-1');
  await page.waitForSelector("dialog[open]");
}

export async function go(page: Page, shot: Shot): Promise<void> {
  await shot.go?.(page);
  await screen(page, shot.screen);
  await settle(page);
}

async function openTables(page: Page) {
  await page.waitForSelector(".known");
  await page.getByRole("button", { name: "Show 25 lines" }).click();
  await page.waitForSelector(".lines li");
}
