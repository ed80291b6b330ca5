// Serves the built page with the content policy that the program ships, and opens it in a browser.
import { readFileSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";

const here = fileURLToPath(new URL(".", import.meta.url));
const top = join(here, "../..");
export const artefacts = join(top, "tests/artefacts/ui");
const bundle = join(top, "tests/artefacts/ui-bundle");

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };

interface Shipped {
  app: { security: { csp: string } };
}

const csp = (JSON.parse(readFileSync(join(top, "tauri.conf.json"), "utf8")) as Shipped).app.security.csp;

async function serve(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://page").pathname).replace(/^\/$/, "/index.html");
    readFile(join(bundle, path)).then(
      (body) => response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "content-security-policy": csp }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

export interface Look {
  theme?: "light" | "dark";
  width?: number;
  height?: number;
  forced?: boolean;
  still?: boolean;
  /** Words that are longer by more than a third. */
  pseudo?: boolean;
  /** Mirrored, as for languages that run right to left. */
  mirrored?: boolean;
}

export class Stage {
  /** What the page complained of: content policy, errors, anything loaded from elsewhere. */
  readonly complaints: string[] = [];
  private constructor(private server: Server, private browser: Browser) {}

  static async open(): Promise<Stage> {
    await mkdir(artefacts, { recursive: true });
    const browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run", "--force-color-profile=srgb", "--font-render-hinting=none"],
    });
    return new Stage(await serve(), browser);
  }

  async page(script: string, look: Look = {}): Promise<Page> {
    const { theme = "light", width = 960, height = 640, forced = false, still = true, pseudo = false, mirrored = false } = look;
    const context = await this.browser.newContext({
      viewport: { width, height }, colorScheme: theme, reducedMotion: still ? "reduce" : "no-preference", forcedColors: forced ? "active" : "none", locale: "en-GB", timezoneId: "Europe/Zurich",
    });
    const page = await context.newPage();
    const origin = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    page.on("console", (message) => {
      if (message.type() === "error" || /content security policy/i.test(message.text())) this.complaints.push(`${script}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`${script}: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("blob:") && !request.url().startsWith("data:")) this.complaints.push(`${script}: asked for ${request.url()}`);
    });
    await page.goto(`${origin}/?script=${script}${pseudo ? "&pseudo" : ""}`);
    if (mirrored) await page.evaluate(() => (document.documentElement.dir = "rtl"));
    await page.waitForSelector("main[data-screen]");
    await page.evaluate(() => document.fonts.ready);
    return page;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await new Promise((done) => this.server.close(done));
  }
}

/** Waits until the window shows this screen. */
export const screen = (page: Page, name: string) => page.waitForSelector(`main[data-screen="${name}"]`);

/** Gives lists their rows and bars their places before a picture is taken. */
export const settle = (page: Page) => page.waitForTimeout(350);

/** What the page has asked the program for by this name, in order. */
export const calls = (page: Page, name: string) => page.evaluate((name) => window.gantryBackstage?.calls.filter((call) => call.name === name).map((call) => call.args) ?? [], name);

/** The last of them; null where there is none. */
export const last = async (page: Page, name: string) => (await calls(page, name)).at(-1) ?? null;
