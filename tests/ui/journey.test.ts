// What a person does, by the keyboard alone: from the empty window to the receipt.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { screen, settle, Stage } from "./harness";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const focused = (page: Page) =>
  page.evaluate(() => {
    const one = document.activeElement as HTMLElement | null;
    return (one?.getAttribute("aria-label") ?? one?.innerText ?? "").trim().replace(/\s+/g, " ");
  });

/** Presses Tab until the control with this name has the focus, and checks on the way that the focus can be seen. */
async function tabTo(page: Page, name: RegExp, most = 60) {
  for (let press = 0; press < most; press += 1) {
    await page.keyboard.press("Tab");
    if (name.test(await focused(page))) return;
  }
  throw new Error(`no way by Tab to ${name}; at: ${await focused(page)}`);
}

async function openChange(page: Page) {
  await page.click('.bar a[href="#connections"]');
  await page.click("table.conn >> nth=1 >> tr >> nth=1 >> .b-icon");
  await page.click('[role="menuitem"] >> nth=0');
  await screen(page, "connect");
}

const calls = (page: Page) => page.evaluate(() => window.gantryBackstage?.calls.map((call) => call.name) ?? []);
const said = (page: Page) => page.evaluate(() => document.querySelector('[role="status"].vh')?.textContent ?? "");

test("from the first launch to the receipt with Tab, arrows, Enter and Space only", async () => {
  const page = await stage.page("first");
  const heard: string[] = [];
  await page.exposeFunction("hear", (text: string) => void heard.push(text));
  await page.evaluate(() => {
    const region = document.querySelector('[role="status"].vh')!;
    new MutationObserver(() => (window as unknown as { hear(text: string): void }).hear(region.textContent ?? "")).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Upload");
  await tabTo(page, /^Choose folder/);
  await page.keyboard.press("Enter");
  await screen(page, "review");
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>(".foot .b-main")?.disabled);
  expect(await focused(page)).toBe("Review of photos");

  await tabTo(page, /^Folders$/);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".crumb");
  await tabTo(page, /^Files: /);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".ticket .facts code");
  await tabTo(page, /^Back to review/);
  await page.keyboard.press("Space");
  await page.waitForSelector(".findings");

  await tabTo(page, /^Upload 400 files$/);
  expect(await calls(page)).not.toContain("approve");
  await page.keyboard.press("Enter");
  await screen(page, "sending");
  await screen(page, "done");
  expect(await focused(page)).toBe("400 of 400 verified");
  await tabTo(page, /^HTML$/);
  await page.keyboard.press("Enter");
  expect((await calls(page)).filter((name) => ["approve", "openReceipt"].includes(name))).toEqual(["approve", "openReceipt"]);
  await page.waitForTimeout(200);
  expect(heard.join(" | ")).toMatch(/400 files checked.*Upload of 400 files started.*Done\. 400 of 400/);
  expect(heard.length).toBeLessThanOrEqual(15);
  await page.context().close();
});

describe("every door leads to the same review", () => {
  const doors: Array<[string, string, (page: Page) => Promise<unknown>]> = [
    ["drop", "", (page) => page.evaluate(() => window.gantryBackstage?.drag({ kind: "drop" }))],
    ["choose files", "chooseFiles", (page) => page.keyboard.press("Control+o")],
    ["choose folder", "chooseFolder", (page) => page.keyboard.press("Control+Shift+O")],
    ["paste", "paste", (page) => page.keyboard.press("Control+v")],
    ["samples", "samples", (page) => page.click("text=Try it with sample files")],
  ];
  test.each(doors)("%s", async (_, call, open) => {
    const page = await stage.page("first");
    await open(page);
    await screen(page, "review");
    await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>(".foot .b-main")?.disabled);
    expect(await page.innerText(".foot .b-main")).toBe("Upload 400 files");
    if (call) expect(await calls(page)).toContain(call);
    await page.context().close();
  });

  test("a drop without files says so, and changes nothing", async () => {
    const page = await stage.page("review");
    await page.evaluate(() => window.gantryBackstage?.drag({ kind: "refused" }));
    await page.waitForSelector('.banner[role="alert"]');
    expect(await page.innerText(".banner")).toContain("not files on this computer");
    expect(await page.getAttribute("main", "data-screen")).toBe("review");
    await page.context().close();
  });

  test("a drop of files that are gone says that, and which", async () => {
    const page = await stage.page("first");
    await page.evaluate(() => window.gantryBackstage?.drag({ kind: "refused", trouble: { code: "source_gone", facts: { path: "/media/usb/2026/a.jpg" } } }));
    await page.waitForSelector('.banner[role="alert"]');
    const words = await page.innerText(".banner");
    expect(words).toContain("The file or folder is not there.");
    expect(words).toContain("/media/usb/2026/a.jpg");
    expect(words).not.toContain("not files on this computer");
    await page.context().close();
  });

  test.each([["text", false], ["a file that the program never hears of", true]])("%s dropped on the page is refused with words", async (_, file) => {
    const page = await stage.page("review");
    await screen(page, "review");
    await page.evaluate((file) => {
      const held = new DataTransfer();
      if (file) held.items.add(new File(["x"], "x.jpg"));
      else held.setData("text/plain", "some words");
      document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: held }));
    }, file);
    await page.waitForSelector('.banner[role="alert"]');
    expect(await page.innerText(".banner")).toContain("not files on this computer");
    expect(await page.getAttribute("main", "data-screen")).toBe("review");
    await page.context().close();
  });

  test("what is dragged inside the window is no gift", async () => {
    const page = await stage.page("first");
    await page.dragAndDrop('.bar a[href="#history"]', ".bay");
    await page.waitForTimeout(500);
    expect(await page.locator(".banner").count()).toBe(0);
    await page.context().close();
  });

  test("a file that the browser gets itself never takes the window elsewhere", async () => {
    const page = await stage.page("first");
    const taken = await page.evaluate(() => {
      const held = new DataTransfer();
      held.items.add(new File(["x"], "x.html", { type: "text/html" }));
      return ["dragenter", "dragover", "drop"].map((kind) => !document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: held })));
    });
    expect(taken).toEqual([true, true, true]);
    await page.context().close();
  });
});

test("stopping asks first, the harmless answer has the focus, and Escape goes back to where one was", async () => {
  const page = await stage.page("sending");
  await screen(page, "sending");
  await page.focus(".ctl button:nth-child(2)");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  expect(await focused(page)).toBe("Keep uploading");
  await page.keyboard.press("Escape");
  // Keys come faster here than from any hand: the question is gone when the page has heard of it.
  await page.waitForSelector("dialog", { state: "detached" });
  expect(await focused(page)).toBe("Stop…");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await screen(page, "done");
  expect(await page.innerText("h1")).toMatch(/^Stopped at/);
  await page.context().close();
});

test("on Windows the main answer stands left of the other", async () => {
  const page = await stage.page("windows");
  await page.click(".ctl button:nth-child(2)");
  const answers = await page.locator("dialog .acts button").allInnerTexts();
  expect(answers.indexOf("Stop and keep")).toBeLessThan(answers.indexOf("Keep uploading"));
  await page.context().close();
});

test("what needs the person is set aside cause by cause, and then the upload is finished", async () => {
  const page = await stage.page("done");
  await screen(page, "done");
  expect(await page.innerText("h1")).toMatch(/25 need you$/);
  await page.click("text=Look at the 25 files");
  await page.waitForSelector(".group");
  for (let left = await page.locator(".group").count(); left > 0; left -= 1) {
    await page.click(".group >> nth=0 >> text=Ignore for this upload");
    await page.waitForFunction((count) => document.querySelectorAll(".group").length < count, left);
  }
  expect(await page.innerText("h1")).toBe("Nothing needs you");
  await page.click(".foot .b");
  await page.waitForSelector(".account");
  const lines = await page.locator(".account tbody td").allInnerTexts();
  const sum = lines.reduce((total, text) => total + Number(text.replace(/\D/g, "")), 0);
  expect(sum).toBe(Number((await page.innerText(".account tfoot td")).replace(/\D/g, "")));
  expect(await page.innerText(".account")).toMatch(/Set aside on purpose[^\d]*25/);
  await page.context().close();
});

test("a connection with a wrong name says so at its field; put right, it is tested", async () => {
  const page = await stage.page("connections");
  await page.click('.bar a[href="#connections"]');
  await page.click(".head .b-main");
  await screen(page, "connect");
  await page.click(".foot .b-main");
  const first = page.locator('[aria-invalid="true"] >> nth=0');
  expect(await first.evaluate((one) => one === document.activeElement && one.getAttribute("aria-describedby") !== null)).toBe(true);
  await page.keyboard.type("acme-labelling");
  await page.fill('input[type="password"] >> nth=0', "s3cr3t-that-nobody-sees");
  const eye = page.locator("button[aria-pressed] >> nth=0");
  await eye.click();
  expect([await eye.getAttribute("aria-pressed"), await page.locator("form input.in >> nth=5").getAttribute("type")]).toEqual(["true", "text"]);
  await page.click(".foot .b-main");
  await page.waitForSelector(".checks");
  expect(await page.innerText("h1")).toBe("acme-labelling works");
  const form = await page.evaluate(() => window.gantryBackstage?.calls.find((call) => call.name === "addConnection")?.args[0]);
  expect(form).toEqual({ name: "acme-labelling", kind: "s3", fields: { bucket: "acme-labelling" }, secrets: { secret_access_key: "s3cr3t-that-nobody-sees" }, untilQuit: false });
  expect(await page.content()).not.toContain("s3cr3t-that-nobody-sees");
  await page.context().close();
});

test("one new secret never takes another away unsaid: all are asked for together", async () => {
  const page = await stage.page("connections");
  await openChange(page);
  expect(await page.innerText("form")).toContain("Leave every secret empty");
  await page.click("details summary");
  await page.fill('input[type="password"] >> nth=1', "a-new-token");
  await page.click(".foot .b-main");
  await page.waitForSelector('[aria-invalid="true"]');
  expect(await page.evaluate(() => [document.activeElement?.getAttribute("type"), document.activeElement?.closest(".field")?.textContent?.includes("Enter this one too")])).toEqual(["password", true]);
  expect(await calls(page)).not.toContain("addConnection");
  await page.fill('input[type="password"] >> nth=0', "a-new-secret");
  await page.click(".foot .b-main");
  await page.waitForSelector(".checks");
  const form = await page.evaluate(() => window.gantryBackstage?.calls.find((call) => call.name === "addConnection")?.args[0]);
  expect(form).toMatchObject({ name: "acme-zurich", secrets: { secret_access_key: "a-new-secret", session_token: "a-new-token" } });
  await page.context().close();
});

test("a new secret key shows that a token has to come again", async () => {
  const page = await stage.page("connections");
  await openChange(page);
  await page.fill('input[type="password"] >> nth=0', "a-new-secret");
  await page.waitForSelector("details[open]");
  expect(await page.innerText("details")).toContain("If your key has a token, enter it too");
  await page.context().close();
});

test("one large file: what is sent grows while nothing is proven yet", async () => {
  const page = await stage.page("large");
  await screen(page, "sending");
  expect(await page.innerText("h1")).toMatch(/^0 of/);
  expect(await page.innerText(".stages")).toMatch(/1\.50\sMB of 3\.00\sMB/);
  await page.context().close();
});

test("a wrong region is said at its field, with the right one to take over", async () => {
  const page = await stage.page("connections");
  await page.click('.bar a[href="#connections"]');
  await page.click(".head .b-main");
  await page.fill("form input >> nth=0", "acme");
  await page.fill("form input >> nth=2", "us-east-1");
  await page.click(".foot .b-main");
  await page.click("text=Use eu-central-1");
  await page.click(".foot .b-main");
  await page.waitForSelector(".checks");
  expect(await page.innerText("h1")).toBe("acme works");
  await page.context().close();
});

test("a call that fails has words in place, and they can be closed", async () => {
  const page = await stage.page("review");
  await screen(page, "review");
  await page.evaluate(() => window.gantryBackstage?.fail("approve", { code: "no_such_bucket", facts: { bucket: "acme" } }));
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>(".foot .b-main")?.disabled);
  await page.click(".foot .b-main");
  await page.waitForSelector(".banner.bad");
  expect(await page.innerText(".banner.bad")).toContain("The store does not know the bucket acme.");
  await page.click(".banner.bad >> text=Close");
  expect(await page.locator(".banner.bad").count()).toBe(0);
  await page.context().close();
});

test("the theme that was chosen is there at the next first paint", async () => {
  const page = await stage.page("first");
  await page.click('.bar a[href="#settings"]');
  await page.check('input[value="dark"]', { force: true });
  expect(await page.getAttribute("html", "data-theme")).toBe("dark");
  const asked = await page.evaluate(() => window.gantryBackstage?.calls.filter((call) => call.name === "settings").length);
  expect(asked).toBe(1);
  await page.context().close();
});

test("open folders stay open and the focus stays where it is while the upload moves", async () => {
  const page = await stage.page("first");
  await page.evaluate(() => window.gantryBackstage?.drag({ kind: "drop" }));
  await page.waitForFunction(() => !document.querySelector<HTMLButtonElement>(".foot .b-main")?.disabled);
  await page.click(".foot .b-main");
  await screen(page, "sending");
  await page.focus('[role="treegrid"]');
  await page.waitForFunction(() => document.querySelectorAll('[role="treegrid"] .vg-body .vg-row').length === 5);
  await page.keyboard.press("End");
  for (let look = 0; look < 6; look += 1) {
    await page.waitForTimeout(150);
    if ((await page.getAttribute("main", "data-screen")) !== "sending") break;
    expect(await page.evaluate(() => [document.activeElement?.getAttribute("role"), document.querySelectorAll('[role="treegrid"] .vg-body .vg-row').length])).toEqual(["treegrid", 5]);
  }
  await page.context().close();
});

test("a control that goes away under the keyboard leaves it at the heading", async () => {
  const page = await stage.page("paused");
  await screen(page, "sending");
  await page.focus(".banner button");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.tagName === "H1");
  await page.context().close();
});

test("pause and go on are one button, and the focus stays on it", async () => {
  const page = await stage.page("sending");
  await screen(page, "sending");
  await page.focus(".ctl button");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => (document.activeElement as HTMLElement).innerText.trim() === "Go on");
  expect(await calls(page)).toContain("pause");
  await page.context().close();
});

test("the announcement of a new cause is heard once", async () => {
  const page = await stage.page("sending");
  await screen(page, "sending");
  await settle(page);
  await page.waitForFunction(() => (document.querySelector('[role="status"].vh')?.textContent ?? "") !== "");
  expect(await said(page)).toMatch(/files? needs? you:/);
  await page.context().close();
});

test("nothing of all this was refused by the content policy or asked from elsewhere", () => {
  expect(stage.complaints).toEqual([]);
});
