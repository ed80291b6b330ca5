// Long lists and hostile names.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { screen, Stage } from "./harness";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

const grid = '.vg[role="grid"]';

const seen = (page: Page) =>
  page.evaluate((selector) => {
    const view = document.querySelector(selector)!;
    const box = view.getBoundingClientRect();
    const rows = [...view.querySelectorAll<HTMLElement>(".vg-body .vg-row")];
    const inside = rows.filter((row) => row.getBoundingClientRect().bottom > box.top + 28 && row.getBoundingClientRect().top < box.bottom);
    const active = document.getElementById(view.getAttribute("aria-activedescendant") ?? "");
    return {
      drawn: rows.length,
      first: Number(inside[0]?.ariaRowIndex ?? inside[0]?.getAttribute("aria-rowindex")),
      texts: inside.map((row) => row.innerText),
      count: view.getAttribute("aria-rowcount"),
      active: Number(active?.getAttribute("aria-rowindex")),
      activeSeen: active !== null && inside.includes(active),
      focus: document.activeElement === view,
    };
  }, grid);

async function ready(page: Page, text: string) {
  await page.waitForFunction(([selector, want]) => document.querySelector(selector!)?.textContent?.includes(want!), [grid, text] as const);
}

describe.each([["huge", 100_000], ["million", 1_000_000]] as const)("a list of %s", (script, files) => {
  test("any row is reached by the keyboard, few are in the page, and the focus stays", { timeout: 120_000 }, async () => {
    const page = await stage.page(script);
    await screen(page, "review");
    await page.waitForSelector(grid);
    await page.focus(grid);
    await page.keyboard.press("End");
    await ready(page, `IMG_${files}.jpg`);
    const end = await seen(page);
    expect([end.count, end.active, end.activeSeen, end.focus]).toEqual([`${files + 1}`, files + 1, true, true]);
    expect(end.drawn).toBeLessThan(80);
    await page.keyboard.press("PageUp");
    await page.keyboard.press("ArrowUp");
    const up = await seen(page);
    expect(up.active).toBeLessThan(files - 5);
    expect(up.activeSeen).toBe(true);
    await page.keyboard.press("Home");
    await ready(page, "IMG_0001.jpg");
    expect((await seen(page)).active).toBe(2);
    await page.evaluate((selector) => {
      const view = document.querySelector(selector)!;
      view.scrollTop = view.scrollHeight / 2;
    }, grid);
    await page.waitForTimeout(600);
    const middle = await seen(page);
    expect(middle.first).toBeGreaterThan(files * 0.48);
    expect(middle.first).toBeLessThan(files * 0.52);
    // The row with the keyboard is out of sight, still in the page, and the next key brings it back.
    expect([middle.active, middle.focus]).toEqual([2, true]);
    await page.keyboard.press("ArrowDown");
    const back = await seen(page);
    expect([back.active, back.activeSeen]).toEqual([3, true]);
    await page.context().close();
  });
});

test("only the pages in sight are asked for", async () => {
  const page = await stage.page("huge");
  await page.waitForSelector(grid);
  await page.focus(grid);
  await page.keyboard.press("End");
  await ready(page, "IMG_100000.jpg");
  const asked = await page.evaluate(() => window.gantryBackstage?.calls.filter((call) => call.name === "items").map((call) => call.args[3]));
  expect(asked!.length).toBeLessThanOrEqual(6);
  expect(Math.max(...(asked as number[]))).toBeLessThanOrEqual(200);
  await page.context().close();
});

test.each([960, 1000])("at %s pixels the names of folders are whole, and the words of their states too", async (width) => {
  const page = await stage.page("review", { width });
  await page.waitForFunction(() => document.querySelectorAll('[role="treegrid"] .vg-body .vg-row').length > 5);
  const cut = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>('[role="treegrid"] .vg-body bdi, [role="treegrid"] .vg-body .word')].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
  expect(cut).toEqual([]);
  await page.context().close();
});

test("a path that is too long is cut in its folders, never in its file name", async () => {
  const page = await stage.page("review", { width: 900 });
  await page.click(".find .cnt button");
  await page.waitForSelector(".vg-body .path > * + *");
  for (const width of [900, 960, 1000, 1200]) {
    await page.setViewportSize({ width, height: 640 });
    const cut = await page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".vg-body .path > :last-child")].filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent));
    expect(cut, `${width}`).toEqual([]);
  }
  await page.context().close();
});

test("the drawing of the bay stays in the bay, whatever stands above it", async () => {
  for (const script of ["first", "stopped", "damaged"]) {
    const page = await stage.page(script);
    await page.waitForSelector(".bay");
    for (const [width, height] of [[960, 640], [720, 480], [1200, 800]] as const) {
      await page.setViewportSize({ width, height });
      const inside = await page.evaluate(() => {
        const [bay, drawing, route] = [".bay", ".crane svg", ".route.ghost"].map((one) => document.querySelector(one)!.getBoundingClientRect());
        return drawing!.height > 100 && drawing!.top >= bay!.top && drawing!.bottom <= bay!.bottom && drawing!.bottom <= route!.top;
      });
      expect(inside, `${script} ${width}`).toBe(true);
    }
    await page.context().close();
  }
});

test("hostile names are text, and turn nothing around them", async () => {
  const page = await stage.page("hostile");
  await screen(page, "review");
  await ready(page, "onerror");
  const texts = (await seen(page)).texts.join("\n");
  for (const name of ["<img src=x onerror=alert(1)>.jpg", "photo⟨U+202E⟩gpj.exe", "صورة من العطلة.jpg", "{{7*7}}.jpg", "&lt;b&gt;.jpg", "{count}.jpg"]) expect(texts).toContain(name);
  expect(await page.locator(".vg img").count()).toBe(0);
  const isolated = await page.evaluate(() => [...document.querySelectorAll(".vg-body .vg-row")].every((row) => row.querySelector("bdi") !== null));
  expect(isolated).toBe(true);
  expect(await page.innerText(".route .name >> nth=0")).toBe("<img src=x onerror=alert(1)>.jpg");
  expect(stage.complaints).toEqual([]);
  await page.context().close();
});
