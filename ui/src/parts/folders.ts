// The open part of a tree of folders as a list of lines.
import type { FolderRow } from "../bridge/wire";

export interface Line {
  row: FolderRow;
  /** From 1. */
  level: number;
}

export function flatten(children: ReadonlyMap<number, FolderRow[]>, opened: ReadonlySet<number>): Line[] {
  const lines: Line[] = [];
  const walk = (parent: number, level: number) => {
    for (const row of children.get(parent) ?? []) {
      lines.push({ row, level });
      if (opened.has(row.id)) walk(row.id, level + 1);
    }
  };
  walk(0, 1);
  return lines;
}
