import { expect, test } from "vitest";
import { around, differ } from "./differ";

const told = (before: string, after: string) => {
  const { before: a, after: b } = differ(before, after);
  const mark = (all: typeof a) => all.map((one) => (one.kind === "same" ? one.text : `[${one.text}]`)).join("");
  return [mark(a), mark(b)];
};

test("only what a repair changes is marked, wherever it stands", () => {
  expect(told("street+view/IMG+2.jpg", "street%20view/IMG%202.jpg")).toEqual(["street[+]view/IMG[+]2.jpg", "street[%20]view/IMG[%20]2.jpg"]);
  expect(told("a.jpg", "a-2.jpg")).toEqual(["a.jpg", "a[-2].jpg"]);
  expect(told("", "name")).toEqual(["", "[name]"]);
  expect(told("same", "same")).toEqual(["same", "same"]);
});

test("both sides read as the value itself, whatever is marked", () => {
  for (const [a, b] of [["é+日本 x", "é%20日本x"], ["aaaa", "aa"], ["x".repeat(900), "y".repeat(900)]] as const) {
    const { before, after } = differ(a, b);
    expect(before.map((one) => one.text).join("")).toBe(a);
    expect(after.map((one) => one.text).join("")).toBe(b);
  }
});

test("far from a difference a value is cut, and never at it", () => {
  const { before, after } = around(differ("https://acme.example/zurich/street+view/IMG_0002_and_more.jpg", "https://acme.example/zurich/street%20view/IMG_0002_and_more.jpg"));
  expect(before.map((one) => one.text).join("")).toBe("…ch/street+view/IMG_…");
  expect(after.map((one) => one.text).join("")).toBe("…ch/street%20view/IMG_…");
  expect(around(differ("a.jpg", "a-2.jpg")).after.map((one) => one.text).join("")).toBe("a-2.jpg");
});
