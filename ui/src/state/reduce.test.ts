import { describe, expect, test } from "vitest";
import type { Picture } from "../bridge/wire";
import { ahead, doing, lines, open, proven, sentBytes } from "./account";
import { blank, type State } from "./model";
import { elsewhere, reduce, screenOf, shownPicture } from "./reduce";
import { bare as picture, ZERO } from "./pictures";
import { remedy } from "./remedy";
import { policy } from "./policy";

const heard = (...pictures: Picture[]): State => reduce(blank, { is: "pictures", pictures });

describe("the screens follow the upload", () => {
  test("a drop is counted before anything was heard of it, and opens its review at 200 files or all", () => {
    let state = reduce(heard(), { is: "drag", drag: { kind: "drop", upload: "u" } });
    expect(screenOf(state)).toBe("counting");
    const steps: Array<[Partial<Picture>, string]> = [
      [{ looked: 199 }, "counting"], [{ looked: 200 }, "review"], [{ phase: "review", looked: 3 }, "review"], [{ phase: "planning" }, "sending"], [{ phase: "sending" }, "sending"],
      [{ phase: "paused" }, "sending"], [{ phase: "stopped" }, "done"], [{ phase: "finished" }, "done"], [{ phase: "cancelled" }, "done"],
    ];
    // Rows of a manifest are registered with the press that gave them: there is no review of them.
    steps.push([{ looked: 200, manifest: true }, "counting"]);
    for (const [part, screen] of steps) {
      state = reduce(state, { is: "pictures", pictures: [picture(part)] });
      expect(screenOf(state), JSON.stringify(part)).toBe(screen);
    }
  });

  test("a drop takes the person to it from every tab, and closes what was open there", () => {
    for (const tab of ["history", "connections", "settings", "help"] as const) {
      const before = reduce(heard(), { is: "tab", tab });
      const after = reduce(before, { is: "drag", drag: { kind: "drop", upload: "u" } });
      expect([after.tab, after.shown, after.over]).toEqual(["upload", "u", ""]);
    }
  });

  test("a start shows what was under way, and news never takes the person elsewhere", () => {
    const state = heard(picture({ upload: "old", phase: "sending", created: "2026-11-20T09:00:00Z" }), picture({ upload: "new", phase: "paused", created: "2026-11-21T09:00:00Z" }));
    expect(state.shown).toBe("new");
    const bay = reduce(state, { is: "bay" });
    expect(screenOf(reduce(bay, { is: "pictures", pictures: [picture({ upload: "old", phase: "sending" })] }))).toBe("upload");
  });

  test("an upload that was dropped without sending is gone from the window", () => {
    const state = reduce(heard(picture({ phase: "review" })), { is: "gone", upload: "u" });
    expect([screenOf(state), shownPicture(state)]).toEqual(["upload", null]);
  });

  test("unfinished uploads stay in reach when another is shown", () => {
    const state = heard(picture({ upload: "a", phase: "stopped" }), picture({ upload: "b", phase: "sending" }), picture({ upload: "c", phase: "finished" }));
    expect(state.shown).toBe("b");
    expect(elsewhere(state).map((p) => p.upload)).toEqual(["a"]);
  });
});

test("a refused drop has words until the next thing is done", () => {
  const state = reduce(reduce(heard(), { is: "drag", drag: { kind: "enter", count: 2 } }), { is: "drag", drag: { kind: "refused" } });
  expect([state.held, state.refused]).toEqual([null, true]);
  expect(reduce(state, { is: "tab", tab: "history" }).refused).toBe(false);
});

test("a drop that was refused for a reason says the reason, and not that it was no file", () => {
  const gone = { code: "source_gone", facts: { path: "/media/usb/a.jpg" } };
  const state = reduce(heard(), { is: "drag", drag: { kind: "refused", trouble: gone } });
  expect([state.held, state.refused, state.trouble]).toEqual([null, false, gone]);
  const next = reduce(state, { is: "drag", drag: { kind: "refused" } });
  expect([next.refused, next.trouble]).toEqual([true, null]);
});

test("rows of a manifest are there when their platform has answered, and each is in one line", () => {
  const account = { ...ZERO, files: 10, same: 6, registered: 3, needs_you: 1, accepted: 3 };
  const sums = (part: Partial<Picture>) => Object.fromEntries(lines(picture({ manifest: true, platform: "labelbox", kind: "labelbox", account, ...part })).map((line) => [line.id, line.count]));
  expect(sums({ phase: "sending" })).toEqual({ "account-registered": 3, "account-same": 0, "account-unregistered": 6, "account-needs-you": 1, "account-set-aside": 0 });
  expect(sums({ phase: "sending", rows: 10, same_open: 4 })).toEqual({ "account-registered": 3, "account-same": 2, "account-unregistered": 4, "account-needs-you": 1, "account-set-aside": 0 });
  expect(sums({ phase: "finished", rows: 10 })).toEqual({ "account-registered": 3, "account-same": 6, "account-needs-you": 1, "account-set-aside": 0 });
});

test("what is sent is shown as the store confirms it, never less than what is proven and never more than there is", () => {
  const account = { ...ZERO, files: 1, bytes: 5000, bytes_done: 1000 };
  const figures = [0, 700, 3000, 9000].map((sent) => sentBytes(picture({ account, bytes_sent: sent })));
  expect(figures).toEqual([1000, 1000, 3000, 5000]);
});

test("the books balance: the lines add up to the files given, whatever stands where", () => {
  const states = ["found", "ready", "blocked", "clash", "same", "waiting", "sending", "sent", "verified", "registered", "visible", "needs_you", "set_aside", "cancelled"] as const;
  for (let seed = 1; seed < 200; seed += 1) {
    const account = { ...ZERO };
    states.forEach((state, at) => {
      account[state] = (seed * (at + 7) * 2_654_435_761) % 13 === 0 ? 0 : (seed * (at + 3)) % 101;
      account.files += account[state];
    });
    account.by_size = Math.floor(account.verified / 2);
    for (const platform of ["", "labelbox"]) expect(lines(picture({ account, platform })).reduce((sum, line) => sum + line.count, 0)).toBe(account.files);
    expect(proven(account) + ahead(account) + open(account) + account.set_aside + account.cancelled).toBe(account.files);
  }
});

test("files proven by size alone are never in the line of the checksums", () => {
  const shown = lines(picture({ account: { ...ZERO, files: 10, verified: 10, by_size: 4 } }));
  expect(shown.find((line) => line.id === "account-checksum")?.count).toBe(6);
  expect(shown.find((line) => line.id === "account-size")?.count).toBe(4);
});

test("the lower edge says the first thing that applies", () => {
  const sending = picture({ phase: "sending" });
  const offline = picture({ phase: "sending", hold: { code: "offline", detail: "", again: "" } });
  const refused = picture({ phase: "sending", hold: { code: "bad_secret", detail: "", again: "" } });
  const needs = picture({ phase: "finished", account: { ...ZERO, files: 1, needs_you: 1 } });
  expect(doing([])).toBe("idle");
  expect(doing([sending])).toBe("working");
  expect(doing([picture({ phase: "paused" })])).toBe("paused");
  expect(doing([picture({ phase: "paused" }), offline])).toBe("offline");
  expect(doing([offline, refused])).toBe("needs");
  expect(doing([sending, needs])).toBe("needs");
  expect(doing([picture({ phase: "review", account: { ...ZERO, files: 1, blocked: 1 } })])).toBe("idle");
});

test("what another file holds is never overwritten by the main button, and a wrong key leads to its field", () => {
  expect(remedy("clash")).toBe("clash");
  expect(remedy("bad_secret")).toBe("connection");
  expect(remedy("wrong_region")).toBe("region");
  expect(remedy("source_changed")).toBe("retry");
});

test("the policy allows the folder in the bucket and nothing beside it", () => {
  const made = JSON.parse(policy("acme", "/zurich/")) as { Statement: Array<{ Resource: string; Condition?: unknown; Action: string[] }> };
  expect(made.Statement.map((one) => one.Resource)).toEqual(["arn:aws:s3:::acme/zurich/*", "arn:aws:s3:::acme"]);
  expect(made.Statement[1]?.Condition).toEqual({ StringLike: { "s3:prefix": ["zurich", "zurich/*"] } });
  expect(JSON.parse(policy("acme", "")).Statement[1].Condition).toBeUndefined();
});
