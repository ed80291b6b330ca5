import { expect, test } from "vitest";
import { Announcer } from "./announce";
import { picture } from "./pictures";

test("a hundred thousand updates are told in at most fifteen sentences", () => {
  const files = 100_000;
  const announcer = new Announcer();
  const said: string[] = [];
  const hear = (list: Array<{ id: string }>) => said.push(...list.map((one) => one.id));
  hear(announcer.next(picture({ phase: "reading", files })));
  hear(announcer.next(picture({ phase: "review", files })));
  hear(announcer.next(picture({ phase: "sending", files })));
  for (let done = 0; done <= files; done += 1) {
    const hold = done % 997 === 0 ? "offline" : "";
    hear(announcer.next(picture({ phase: "sending", files, done, hold })));
    if (done % 10 === 0) hear(announcer.cause("u", "access_denied", done));
  }
  hear(announcer.next(picture({ phase: "finished", files, done: files })));
  expect(said.length).toBeLessThanOrEqual(15);
  expect(said.filter((id) => id === "hear-start")).toHaveLength(1);
  expect(said.filter((id) => id === "hear-part")).toHaveLength(9);
  expect(said.filter((id) => id === "hear-needs-you")).toHaveLength(1);
  expect(said.filter((id) => id === "hear-hold")).toHaveLength(1);
  expect(said.at(-1)).toBe("hear-done");
});

test("an upload that was there at the start is not told as if it had begun now", () => {
  const announcer = new Announcer();
  expect(announcer.next(picture({ phase: "sending", files: 100, done: 55 }))).toEqual([]);
  expect(announcer.next(picture({ phase: "sending", files: 100, done: 61 })).map((one) => one.args)).toEqual([{ percent: "60", done: 61, files: 100 }]);
});

test("each cause is told once, and two causes are two sentences", () => {
  const announcer = new Announcer();
  announcer.next(picture({ phase: "sending", files: 10 }));
  const causes = ["access_denied", "source_changed", "access_denied"].flatMap((code) => announcer.cause("u", code, 1));
  expect(causes.map((one) => one.args["code"])).toEqual(["access_denied", "source_changed"]);
});

test("what goes on by itself is told apart from what does not", () => {
  const said = (hold: string) => {
    const announcer = new Announcer();
    announcer.next(picture({ phase: "review", files: 3 }));
    return announcer.next(picture({ phase: "review", files: 3, hold })).map((one) => one.id);
  };
  expect([said("offline"), said("slow_down"), said("bad_key")]).toEqual([["hear-hold"], ["hear-hold"], ["hear-held"]]);
});
