import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as format from "./format";
import { has, mistakes, problem, ruleText, say, when } from "./say";

const top = fileURLToPath(new URL("..", import.meta.url));

function sources(folder: string, ends: string[]): Array<[string, string]> {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ends.some((end) => entry.name.endsWith(end)) && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(top.length), readFileSync(path, "utf8")]);
}

describe("the table", () => {
  test("has no mistake", () => {
    expect(mistakes).toEqual([]);
  });

  test("has every sentence that the window asks for by name", () => {
    const missing: string[] = [];
    for (const [path, text] of sources(top, [".svelte", ".ts"])) {
      for (const [, id] of text.matchAll(/(?<![.\w])(?:(?:say|has)\(|sayOf\([\w.]+,)\s*"([\w.-]+)"/g)) if (id && !has(id)) missing.push(`${path}: ${id}`);
      for (const [, yes, no] of text.matchAll(/\b(?:say|sayOf)\([^"(]*\? "([\w.-]+)" : "([\w.-]+)"/g)) for (const id of [yes, no]) if (id && !has(id)) missing.push(`${path}: ${id}`);
    }
    expect(missing).toEqual([]);
  });

  test("has every sentence whose name is put together", () => {
    const families: Record<string, string[]> = {
      nav: ["upload", "manifests", "history", "connections", "settings", "help"], severity: ["blocked", "warning", "note"],
      state: ["found", "ready", "blocked", "clash", "same", "waiting", "sending", "sent", "verified", "registered", "visible", "needs-you", "set-aside", "cancelled"],
      kind: ["image", "audio", "video", "point-cloud", "text", "document", "other", "folder", "s3", "segments", "labelbox", "ango"], diff: ["new", "same", "changed", "unsure", "clash", "files", "rows"],
      format: ["jpeg", "png", "gif", "bmp", "webp", "tiff", "heic", "avif", "mp3", "wav", "flac", "ogg", "m4a", "mp4", "mov", "webm", "avi", "pcd", "ply", "las", "laz", "splat", "dicom", "nifti", "nifti-gz", "nrrd", "pdf", "zip", "gzip", "json", "html", "markdown", "text", "unknown"],
      clash: ["keep", "replace", "new-name"], list: ["folders", "moving", "needs", "done"], receipt: ["html", "csv", "json", "folder", "html-long", "csv-long", "json-long", "folder-long"],
      open: ["reading", "review", "planning", "sending", "paused", "stopped", "finished", "cancelled"], set: ["general", "transfers", "checks", "names", "receipts", "privacy"], theme: ["system", "light", "dark"],
      keychain: ["linux", "macos", "windows", "absent-hint", "locked-hint"], secret: ["keychain", "until-quit", "environment", "unchanged", "replaces", "again", "token-again"], kinds: ["folder", "s3", "platform"], none: ["folder", "s3", "platform"], rare: ["s3", "folder", "segments", "labelbox", "ango"],
      step: ["bucket", "bucket-hint", "access", "access-hint", "test", "test-hint"], how: ["give", "look", "send", "proof"], done: ["verified", "there", "verified-needs", "there-needs", "stopped", "cancelled"],
      connect: ["s3-title", "folder-title", "segments-title", "labelbox-title", "ango-title"], account: ["checksum", "size", "accepted", "same", "ahead", "needs-you", "set-aside", "cancelled", "visible", "registered", "unregistered"],
      way: ["bucket-platform", "platform", "store"].flatMap((way) => [way, `${way}-hint`]), grouping: ["file", "folder", "number", "sensors"].flatMap((one) => [one, `${one}-hint`]), shape: ["sequence", "scene", "scene-sequence", "multi-sensor"],
      container: ["segments", "labelbox", "ango"], containers: ["segments", "labelbox", "ango"], new: ["segments", "labelbox", "ango"].flatMap((kind) => [kind, `${kind}-more`]), "key-page": ["segments", "labelbox", "ango"],
      fact: ["kind", "pixels", "stored", "bytes", "size", "modified", "key", "url", "external-id", "content-type", "row-key", "row-id"], span: ["moment", "seconds", "minutes-seconds", "minutes", "hours", "days"],
      hear: ["checked", "start", "part", "needs-you", "hold", "held", "paused", "done", "fewer", "more"], keys: ["files", "folder", "paste", "settings", "help", "rows", "open", "close"],
      bench: [
        ...["counting", "checking", "looking-for-repairs", "repairing", "saving", "weighing", "converting", "comparing", "building", "looking-up", "measuring"].map((word) => `work-${word}`), ...["saved", "converted", "built", "stopped", "looked-up", "measured"].map((word) => `done-${word}`), ...["new", "gone", "changed"].map((word) => `compared-${word}`),
        ...["blocked", "warning", "mended", "removed"].map((word) => `only-${word}`), ...["ango", "labelbox", "segments", "urls", "csv"].map((word) => `form-${word}`), ...["url", "key", "external-id", "media-type", "width", "height", "attachments", "metadata", "own", "none"].map((word) => `field-${word}`),
      ],
      "manifest-layout": ["list", "lines", "csv", "tsv", "semicolons", "plain"],
      policy: ["PutObject", "GetObject", "DeleteObject", "ListBucket", "ListMultipartUploadParts", "ListBucketMultipartUploads", "AbortMultipartUpload"],
      word: ["verified", "size", "registered", "visible", "same", "needs-you", "set-aside"].flatMap((word) => [word, `${word}-means`]),
      goes: ["name", "metadata", "split", "tags", "attachment", "ignore"], "table-why": ["asked", "names", "file", "many", "no-header", "no-platform"], "table-note": ["as-metadata", "not-carried"],
      table: ["no-file", "ambiguous", "twice", "broken", "matched", "files-left", "same", "misfits"],
      "table-trouble": ["open-quote", "long-cell", "wide", "not-text", "unreadable", "empty", "no-lines", "no-header", "no-names", "uneven"],
      journal: ["newer", "damaged", "in-use", "unwritable"].flatMap((word) => [`${word}.title`, `${word}.body`]),
    };
    const missing = Object.entries(families).flatMap(([family, words]) => words.map((word) => `${family}-${word}`).filter((id) => !has(id)));
    expect(missing).toEqual([]);
  });
});

describe("sentences", () => {
  test("numbers choose the plural and are grouped", () => {
    expect(say("upload-n", { count: 1 })).toBe("Upload one file");
    expect(say("upload-n", { count: 12_000 })).toBe("Upload 12\u202f000 files");
    expect(say("n-files", { count: 0 })).toBe("0 files");
    expect(say("n-need-you", { count: 21 })).toBe("21 need you");
    expect(say("found-in", { files: 0, uploads: 0 })).toBe("in no upload");
  });

  test("a missing fact is a dash, never a hole in the sentence", () => {
    expect(problem("no_such_bucket", "body")).toBe("The store does not know the bucket –.");
    expect(problem("no_such_bucket", "body", { bucket: "acme" })).toBe("The store does not know the bucket acme.");
  });

  test("a right-to-left name does not turn the sentence", () => {
    expect(say("reading", { title: "صورة" })).toBe("Reading \u2068صورة\u2069");
  });

  test("markup in a name stays text", () => {
    expect(say("reading", { title: "<b>{ $x }</b>" })).toBe("Reading <b>{ $x }</b>");
  });

  test("a rule's figure stands in its sentence", () => {
    expect(ruleText({ rule: "s3-key-bytes", value: "1024" }, 3)).toBe("3 names are longer than 1024 bytes");
  });

  test("days are near or far", () => {
    const now = new Date(2026, 10, 21, 12, 0);
    expect(when(new Date(2026, 10, 21, 10, 42).toISOString(), now)).toBe("Today 10:42");
    expect(when(new Date(2026, 10, 20, 23, 59).toISOString(), now)).toBe("Yesterday 23:59");
    expect(when(new Date(2026, 10, 3, 16, 40).toISOString(), now)).toBe("3 Nov 16:40");
    expect(when(new Date(2025, 10, 3, 16, 40).toISOString(), now)).toBe("3 Nov 2025");
    expect(when("", now)).toBe("");
  });
});

describe("figures", () => {
  test("counts and bytes read as in the console", () => {
    expect([0, 999, 1_000, 1_234_567].map(format.count)).toEqual(["0", "999", "1\u202f000", "1\u202f234\u202f567"]);
    expect([999, 999_950, 1_250_000_000, 48_200_000_000, 402e9].map(format.bytes)).toEqual(["999\u00a0B", "1.00\u00a0MB", "1.25\u00a0GB", "48.2\u00a0GB", "402\u00a0GB"]);
  });

  test("nothing is rounded up to done, nothing that moved is nothing", () => {
    expect(format.percent(99_999, 100_000)).toBe(99);
    expect(format.percent(1, 100_000)).toBe(1);
    expect(format.share(99_999, 100_000)).toBeLessThan(100);
    expect([format.percent(0, 0), format.percent(5, 5)]).toEqual([0, 100]);
  });

  test("time is said in its two largest units", () => {
    const text = (seconds: number) => {
      const { id, args } = format.span(seconds);
      return say(id, args);
    };
    expect([0.4, 8, 75, 605, 18_180, 200_000].map(text)).toEqual(["less than a second", "8 s", "1 min 15 s", "10 min", "5 h 03 min", "2 d 7 h"]);
    expect([3, 61, 601, 9_500].map(format.roundLeft)).toEqual([10, 120, 900, 9_600]);
  });

  test("facts are read back, also where a value holds the separator", () => {
    expect(format.facts("bucket=acme; said=no; really; region=eu-west-1")).toEqual({ bucket: "acme", said: "no; really", region: "eu-west-1" });
    expect(format.facts("")).toEqual({});
  });

  test("a path is cut between folders and name", () => {
    expect([format.split("a/b/c.jpg"), format.split("c.jpg")]).toEqual([["a/b/", "c.jpg"], ["", "c.jpg"]]);
  });
});

/** What is left of a component when its code, tags and expressions are taken out: the text that people would read. */
export function visibleText(source: string): string {
  let text = source.replace(/<script[\s\S]*?<\/script>|<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/g, "");
  // Expressions first, innermost out: they may hold `>` and quotes.
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/\{[^{}]*\}/g, "");
  }
  return text.replace(/<[^>]*>/g, " ");
}

describe("views hold no sentence of their own", () => {
  const views = sources(top, [".svelte"]);

  test("the lint sees a sentence, and lets code and figures pass", () => {
    expect(visibleText('<p class="x">{say("a")} Hello</p>')).toMatch(/Hello/);
    expect(visibleText('<p onclick={() => a > b && c({ d: "Text" })}>{say("a")} · ×</p>')).not.toMatch(/\p{L}/u);
  });

  test("no letters between the tags", () => {
    // Names that belong to others, and are the same in every language.
    const names = /policy\.json|\bs3:/g;
    const found = views.map(([path, source]) => [path, visibleText(source).replace(names, "").trim()]).filter(([, text]) => /\p{L}/u.test(text ?? ""));
    expect(found).toEqual([]);
  });

  test("no sentence in an attribute that is read out", () => {
    const found = views.flatMap(([path, source]) => [...source.matchAll(/\s(aria-label|aria-valuetext|placeholder|title|alt|label)="[^"{]*\p{L}[^"{]*"/gu)].map((match) => `${path}:${match[0]}`));
    expect(found).toEqual([]);
  });

  test("no style stands in the markup, where the content policy would refuse it", () => {
    expect(views.filter(([, text]) => /\sstyle="/.test(text)).map(([path]) => path)).toEqual([]);
  });
});
