// Every screen in both themes and two sizes: no violation of WCAG 2.2 AA, no complaint of the content policy, no target too small.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { artefacts, Stage } from "./harness";
import { go, SHOTS } from "./screens";

const axe = readFileSync(createRequire(new URL("../../ui/package.json", import.meta.url)).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** `SHOTS=review,done` looks at a few. */
const only = process.env["SHOTS"]?.split(",");

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage.close());

interface Found {
  violations: Array<{ id: string; nodes: Array<{ html: string; failureSummary?: string }> }>;
}

async function violations(page: Page): Promise<string[]> {
  const found = (await page.evaluate(
    ([source, tags]) => {
      // The page's own policy forbids added scripts; the debugger may still run one.
      (0, eval)(source as string);
      const run = (window as unknown as { axe: { run(root: Document, options: object): Promise<unknown> } }).axe.run;
      return run(document, { runOnly: { type: "tag", values: tags } });
    },
    [axe, RULES] as const,
  )) as Found;
  return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary?.split("\n")[1] ?? ""}`));
}

/** Controls under 24 by 24 pixels, but for links inside a sentence. */
const small = (page: Page) =>
  page.evaluate(() => {
    const found: string[] = [];
    for (const control of document.querySelectorAll<HTMLElement>("button, a[href], select, textarea, input:not([type=radio], [type=checkbox]), label.pick, .seg label, summary")) {
      const box = control.getBoundingClientRect();
      if (box.width === 0 || control.closest(".vh")) continue;
      const inline = control.matches(".link") && control.closest("p, .src, .sub, .note, th, h1") !== null;
      if (!inline && (box.width < 23.9 || box.height < 23.9)) found.push(`${control.outerHTML.slice(0, 120)} ${box.width}x${box.height}`);
    }
    return found;
  });

const AUDITED = [
  ["light", { colorScheme: "light", forcedColors: "none" }, 960, 640],
  ["dark", { colorScheme: "dark", forcedColors: "none" }, 960, 640],
  ["light-720x480", { colorScheme: "light", forcedColors: "none" }, 720, 480],
  ["dark-720x480", { colorScheme: "dark", forcedColors: "none" }, 720, 480],
] as const;
// Looked at, and never wider than the window: 200 % zoom of the smallest window, and high contrast.
const SEEN = [
  ["light-320", { colorScheme: "light", forcedColors: "none" }, 320, 640],
  ["forced", { colorScheme: "light", forcedColors: "active" }, 960, 640],
] as const;

describe("every screen, light and dark, at both sizes", () => {
  for (const shot of SHOTS.filter((one) => !only || only.includes(one.name))) {
    test.concurrent(shot.name, { timeout: 120_000 }, async () => {
      const page = await stage.page(shot.script);
      await go(page, shot);
      for (const [look, media, width, height] of [...AUDITED, ...SEEN]) {
        await page.emulateMedia(media);
        await page.setViewportSize({ width, height });
        await page.waitForTimeout(120);
        await page.screenshot({ path: join(artefacts, `${shot.name}-${look}.png`), fullPage: width === 320 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${look} is wider than the window`).toBeLessThanOrEqual(0);
        if (!AUDITED.some(([name]) => name === look)) continue;
        expect(await page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight), `${look} is taller than the window`).toBeLessThanOrEqual(0);
        expect(await violations(page), look).toEqual([]);
        expect(await small(page), look).toEqual([]);
      }
      await page.context().close();
    });
  }
});

/** Controls and headings whose words do not fit into them. */
const cut = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, h1, h2, label, legend, summary, dt")]
      .filter((one) => one.closest(".vh, .cut, .vg") === null && one.offsetWidth > 0 && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
      .filter((one) => !one.querySelector(".cut"))
      .map((one) => `${one.outerHTML.slice(0, 100)} ${one.scrollWidth}>${one.clientWidth}`),
  );

/** Wider spaces in text, as a person may set them: WCAG 1.4.12. */
const SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }";
const NARROW = ["bay", "review", "review-fixes", "destination", "sending", "failures", "done", "history", "connections", "connect", "doctor", "settings-transfers", "platform-destination", "platform-new", "platform-sending", "platform-troubles", "manifests", "bench", "bench-checking", "bench-stopped", "bench-pictures", "bench-signatures", "bench-workspace", "bench-folder"];

describe("longer words, other directions and wider text spoil nothing", () => {
  for (const shot of SHOTS.filter((one) => NARROW.includes(one.name) && (!only || only.includes(one.name)))) {
    test.concurrent(shot.name, { timeout: 120_000 }, async () => {
      for (const [look, options] of [["pseudo", { pseudo: true }], ["mirrored", { mirrored: true }]] as const) {
        const page = await stage.page(shot.script, options);
        await go(page, shot);
        await page.screenshot({ path: join(artefacts, `${shot.name}-${look}.png`) });
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), look).toBeLessThanOrEqual(0);
        expect(await cut(page), look).toEqual([]);
        if (look === "mirrored") {
          // A constructed sheet: the page's own policy allows no added style element.
          await page.evaluate((css) => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
          }, SPACED);
          expect(await cut(page), "wider text").toEqual([]);
        }
        await page.context().close();
      }
    });
  }
});

test("no page asked for anything from elsewhere, and the content policy had nothing to refuse", () => {
  expect(stage.complaints).toEqual([]);
});
