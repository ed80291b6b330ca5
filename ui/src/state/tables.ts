// Tables about the files: what a person wishes of them becomes part of the plan, and where a column goes is a word.
import type { Column, Plan, Review, Table, TableUse, TableWish } from "../bridge/wire";

/** Where a column can go, in the order of the choice. */
export const PLACES = ["name", "metadata", "split", "tags", "attachment", "ignore"] as const;
export type Place = (typeof PLACES)[number];

/** The word of a column, taken apart: the place, and the name or type behind it. */
export function placeOf(goes: string): [Place, string] {
  const at = goes.indexOf(":");
  const [first, rest] = at < 0 ? [goes, ""] : [goes.slice(0, at), goes.slice(at + 1)];
  const place = PLACES.find((one) => one === first) ?? "ignore";
  return [place, rest];
}

/** The word for a place; metadata takes the column's header for its name when it has none. */
export function goesTo(place: Place, rest: string, header: string): string {
  if (place === "metadata") return `metadata:${rest.trim() || header}`;
  if (place === "attachment" && rest.trim()) return `attachment:${rest.trim()}`;
  return place;
}

function wished(plan: Plan, path: string, change: (wish: TableWish) => TableWish): TableWish[] {
  const before = plan.tables.find((wish) => wish.path === path) ?? { path, use: "found" as const, columns: [] };
  return [...plan.tables.filter((wish) => wish.path !== path), change(before)];
}

/** The plan's wishes with this table used so. */
export const useTable = (plan: Plan, path: string, use: TableUse): TableWish[] => wished(plan, path, (wish) => ({ ...wish, use }));

/** The plan's wishes with this column of this table going there. Only one column names the files. */
export function mapColumn(plan: Plan, table: Table, header: string, goes: string): TableWish[] {
  return wished(plan, table.path, (wish) => {
    const others = wish.columns.filter(([known, word]) => known !== header && !(goes === "name" && word === "name"));
    return { ...wish, columns: [...others, [header, goes]] };
  });
}

/** A table that is used and cannot be used whole: nothing is sent so. */
export const standsInTheWay = (tables: readonly Table[]): Table | undefined => tables.find((table) => table.used && table.trouble !== "");

/** The lines of a table that could not be used, by reason, without those that there are none of. */
export function leftOf(table: Table): Array<["no_file" | "ambiguous" | "twice" | "broken", number]> {
  const all: Array<["no_file" | "ambiguous" | "twice" | "broken", number]> = [["no_file", table.no_file], ["ambiguous", table.ambiguous], ["twice", table.twice], ["broken", table.broken]];
  return all.filter(([, count]) => count > 0);
}

/** Something is said about files whose rows are there already, and stays unsaid there. */
export const staysUnsaid = (review: Review): boolean =>
  review.difference.rows_same > 0 && ((review.plan.register?.metadata.length ?? 0) > 0 || review.tables.some((table) => table.used));

/** A column that has something to be said about. */
export const isAmiss = (column: Column): boolean => column.misfits > 0 || column.note === "not_carried";
