import { expect, test } from "vitest";
import type { FindingGroup, Plan } from "../bridge/wire";
import { has, say } from "../words/say";
import { confirming, offered, withFix, withoutFix } from "./fixes";

const plan = (fixes: Plan["fixes"], confirmed: string[] = []) => ({ fixes, confirmed }) as Plan;
const group = (more: Partial<FindingGroup>): FindingGroup => ({
  rule: "photo-gps", severity: "note", value: "", count: 3, example: "", detail: "", source: "", checked: "", fix: "gps", fixable: 2, needs: 9, asks: false, confirmed: false, ...more,
});

test("a fix is offered until the plan has it, and only where it can be done", () => {
  expect(offered(group({}), plan([]))).toBe("gps");
  expect(offered(group({}), plan(["gps"]))).toBe(null);
  expect(offered(group({ fixable: 0 }), plan([]))).toBe(null);
  expect(offered(group({ fix: null }), plan([]))).toBe(null);
});

test("fixes stand in the order in which they are done, each once, and can be taken back", () => {
  expect(withFix(plan(["convert", "rotate"]), "gps")).toEqual(["gps", "rotate", "convert"]);
  expect(withFix(plan(["gps"]), "gps")).toEqual(["gps"]);
  expect(withoutFix(plan(["gps", "convert"]), "gps")).toEqual(["convert"]);
});

test("a yes stands once, and can be taken back", () => {
  const once = confirming(plan([], ["copy-not-made"]), "dicom-patient-name", true);
  expect(once).toEqual(["copy-not-made", "dicom-patient-name"]);
  expect(confirming(plan([], once), "dicom-patient-name", true)).toEqual(once);
  expect(confirming(plan([], once), "dicom-patient-name", false)).toEqual(["copy-not-made"]);
});

test("every fix has a button, a result and words for what it needs", () => {
  for (const fix of ["gps", "rotate", "scale", "convert"]) {
    for (const id of [`fix-${fix}`, `fixed-${fix}`]) expect(has(id), id).toBe(true);
    expect(say(`fixed-${fix}`, { count: 2 })).toContain("2 ");
  }
});
