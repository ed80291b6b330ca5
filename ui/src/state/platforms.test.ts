import { describe, expect, test } from "vitest";
import type { ConnectionRow, Container, Integration, Plan } from "../bridge/wire";
import { lines, registered, through } from "./account";
import { bare as picture, ZERO } from "./pictures";
import { diesOn, isInside, registerIn, usualIntegration, wayOf } from "./platforms";

const access = (id: string, bucket: string, valid: boolean | null, is_default = false): Integration => ({ id, name: id, provider: "AWS", bucket, valid, is_default });
const store = (bucket: string): ConnectionRow => ({ name: "acme", kind: "s3", fields: { bucket }, place: "", secrets: [], tested: "", checks: [], learned: [], open_uploads: 0 });
const container = (shape: Container["shape"]): Container => ({ id: "c", name: "C", owner: "", kind: "", takes: [], shape, rows: null, link: "", batches: [] });
const labelbox: ConnectionRow = { ...store(""), name: "lb", kind: "labelbox" };

test("the access that reads this bucket comes before the default, and one that is not valid is never chosen", () => {
  const list = [access("default", "", true, true), access("ours", "acme", null), access("broken", "acme", false)];
  expect(usualIntegration(list, store("acme"))).toBe("ours");
  expect(usualIntegration(list, store("other"))).toBe("default");
  expect(usualIntegration([access("broken", "acme", false, true)], store("acme"))).toBe("");
  expect(usualIntegration([access("theirs", "elsewhere", true, true)], store("acme"))).toBe("");
  expect(usualIntegration([access("a", "", true), access("b", "", true)], store("acme"))).toBe("");
  expect(usualIntegration([{ ...access("azure", "", true, true), provider: "Azure" }], store("acme"))).toBe("");
  expect(usualIntegration([{ ...access("azure", "", true, true), provider: "Azure" }, access("aws", "", true)], store("acme"))).toBe("aws");
});

describe("another dataset", () => {
  test("of another shape asks anew how rows are found; of the same shape it keeps what was chosen", () => {
    const first = registerIn(container("sequence"), labelbox, "", null);
    expect(first.grouping).toBe("folder");
    expect(registerIn(container("sequence"), labelbox, "", { ...first, grouping: "number" }).grouping).toBe("number");
    expect(registerIn(container("single"), labelbox, "", { ...first, grouping: "number" }).grouping).toBe("file");
    expect(registerIn(container("multi_sensor"), labelbox, "", first).grouping).toBe("sensors");
  });

  test("at another platform does not inherit signed addresses or a batch", () => {
    const before = { ...registerIn(container("single"), labelbox, "int", null), presigned_days: 7, target: { container: "c", integration: "int", batch: "b1" } };
    const after = registerIn(container("single"), { ...labelbox, name: "other" }, "", before);
    expect([after.presigned_days, after.target.batch, after.target.integration]).toEqual([0, "", ""]);
    expect(registerIn(container("single"), labelbox, "int", before).presigned_days).toBe(7);
  });
});

test("a plan is told from its two connections", () => {
  const plan = (connection: string, register: string | null) => ({ connection, register: register === null ? null : { connection: register } }) as Plan;
  expect([wayOf(plan("acme", null)), wayOf(plan("lb", "lb")), wayOf(plan("acme", "lb"))]).toEqual(["store", "platform", "bucket-platform"]);
});

test("signed addresses die as many days later as they are good for", () => {
  expect(diesOn(7, new Date("2026-11-27T12:00:00Z")).toISOString()).toBe("2026-12-04T12:00:00.000Z");
});

test("a file that is only verified is not through where rows are asked for, and one that is the same is through at the end only", () => {
  const account = { ...ZERO, files: 10, verified: 4, registered: 3, visible: 1, same: 2 };
  expect(through(picture({ account, phase: "sending" }))).toBe(10);
  expect(through(picture({ account, phase: "sending", platform: "ango" }))).toBe(4);
  expect(registered(picture({ account, phase: "finished", platform: "ango" }))).toBe(6);
});

test("what a store only says it took is never in the line of the checksums", () => {
  const shown = lines(picture({ account: { ...ZERO, files: 10, verified: 10, by_size: 4, accepted: 5 } }));
  expect(shown.map((line) => [line.id, line.count]).slice(0, 3)).toEqual([["account-checksum", 1], ["account-size", 4], ["account-accepted", 5]]);
});

test("an address of this computer or its network is told from one that everybody reaches", () => {
  for (const inside of ["http://127.0.0.1:9000", "https://minio.local", "http://storage:9000", "https://10.1.2.3", "http://[::1]:9000", "https://172.20.0.4"]) expect([inside, isInside(inside)]).toEqual([inside, true]);
  for (const outside of ["", "https://s3.eu-central-1.amazonaws.com", "https://172.40.0.4", "https://fd.example.org", "not an address"]) expect([outside, isInside(outside)]).toEqual([outside, false]);
});
