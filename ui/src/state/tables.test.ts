import { describe, expect, test } from "vitest";
import type { Plan, Table } from "../bridge/wire";
import { goesTo, leftOf, mapColumn, placeOf, standsInTheWay, useTable } from "./tables";

const plan: Plan = { connection: "b", prefix: "", names: "", on_clash: "keep", exclude: [], every: 1, include_hidden: false, register: null, tables: [], manifest: null, fixes: [], confirmed: [] };
const table = (more: Partial<Table> = {}): Table => ({
  path: "trip/about.csv", inside: true, used: true, why: "names", columns: [], looked: [2, 2], lines: 2, matched: 2, no_file: 0, ambiguous: 0, twice: 0, broken: 0, trouble: "", line: 0, detail: "", ...more,
});

describe("where a column goes", () => {
  test("is a word with a name behind it", () => {
    expect(placeOf("metadata:city: of birth")).toEqual(["metadata", "city: of birth"]);
    expect(placeOf("attachment")).toEqual(["attachment", ""]);
    expect(goesTo("metadata", "  ", "city")).toBe("metadata:city");
    expect(goesTo("attachment", "IMAGE_OVERLAY", "x")).toBe("attachment:IMAGE_OVERLAY");
    expect(goesTo("split", "left over", "x")).toBe("split");
  });

  test("is wished once for each column, and one column alone names the files", () => {
    let tables = mapColumn(plan, table(), "city", "tags");
    tables = mapColumn({ ...plan, tables }, table(), "file", "name");
    tables = mapColumn({ ...plan, tables }, table(), "city", "metadata:town");
    tables = mapColumn({ ...plan, tables }, table(), "id", "name");
    expect(tables).toEqual([{ path: "trip/about.csv", use: "found", columns: [["city", "metadata:town"], ["id", "name"]] }]);
    expect(useTable({ ...plan, tables }, "trip/about.csv", "file")[0]).toMatchObject({ use: "file", columns: [["city", "metadata:town"], ["id", "name"]] });
    expect(useTable({ ...plan, tables }, "other.csv", "about")).toHaveLength(2);
  });
});

test("a table that is used and broken stands in the way; one that is sent as a file does not", () => {
  expect(standsInTheWay([table({ trouble: "open_quote" })])).toBeDefined();
  expect(standsInTheWay([table(), table({ used: false, trouble: "open_quote" })])).toBeUndefined();
});

test("only reasons that there are lines for are told", () => {
  expect(leftOf(table({ no_file: 3, broken: 1 }))).toEqual([["no_file", 3], ["broken", 1]]);
});
