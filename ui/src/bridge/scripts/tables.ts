// Made-up tables about the files, for scripts.
import type { LinePage, Plan, Table } from "../wire";

const column = (header: string, goes: string, examples: string[], more: Partial<Table["columns"][number]> = {}) => ({ header, goes, examples, note: "", said: "", misfits: 0, ...more });

export const about = (): Table => ({
  path: "2026-Zurich/about.csv", inside: true, used: true, why: "names", looked: [200, 198], lines: 12_020, matched: 11_988, no_file: 25, ambiguous: 2, twice: 4, broken: 1, trouble: "", line: 0, detail: "",
  columns: [
    column("file", "name", ["IMG_0001.jpg", "IMG_0002.jpg", "IMG_0003.jpg"]),
    column("site", "metadata:site", ["Zürich West", "Altstetten"]),
    column("altitude", "metadata:altitude", ["408", "high"], { misfits: 3, said: "“high” is not a number, and “altitude” takes numbers." }),
    column("split", "split", ["train", "valid"]),
    column("sketch", "attachment", ["https://acme.example/1.png"]),
    column("#6", "ignore", []),
  ],
});

/** The table as the plan wishes it. */
export function asWished(table: Table, plan: Plan): Table {
  const wish = plan.tables.find((one) => one.path === table.path);
  if (!wish) return table;
  const used = wish.use === "found" ? table.used : wish.use === "about";
  const columns = table.columns.map((one) => ({ ...one, goes: wish.columns.find(([header]) => header === one.header)?.[1] ?? one.goes }));
  return { ...table, used, columns, why: wish.use === "found" ? table.why : wish.use === "file" ? "file" : "asked" };
}

export function linesLeft(table: Table | undefined, why: string, first: number, count: number): LinePage {
  const total = { no_file: table?.no_file, ambiguous: table?.ambiguous, twice: table?.twice, broken: table?.broken }[why] ?? 0;
  const lines = Array.from({ length: Math.max(0, Math.min(count, total - first)) }, (_, at) => ({ line: 90 + first + at, text: why === "broken" ? "4" : `IMG_${9000 + first + at}.jpg` }));
  return { total, first, lines };
}
