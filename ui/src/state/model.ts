// What the window knows, and what can happen to it. Plain values only.
import type { Drag, Trouble } from "../bridge/bridge";
import type { BenchDoor, ConnectionRow, Hello, Picture } from "../bridge/wire";

export type Tab = "upload" | "manifests" | "history" | "connections" | "settings" | "help";

/** Part of the screen of an upload that lies over its main view. */
export type Over = "" | "work-list" | "destination" | "files";

export interface State {
  hello: Hello | null;
  /** Every upload that this window has heard of, by id. */
  pictures: ReadonlyMap<string, Picture>;
  /** The first list of uploads has come. */
  heard: boolean;
  tab: Tab;
  /** The upload on the Upload screen; empty shows the bay. */
  shown: string;
  over: Over;
  /** Which tab of the work list is open. */
  aside: boolean;
  /** The form for a connection is open: its kind, and the connection that is changed. */
  connect: { kind: string; row: ConnectionRow | null } | null;
  /** The connection whose checks are shown. */
  doctor: ConnectionRow | null;
  /** The manifest that is open, or was refused. */
  door: BenchDoor | null;
  /** It was opened because it was dropped, and may be meant as a file. */
  dropped: boolean;
  /** Something is held over the window: how many things, 0 when the system does not say. */
  held: number | null;
  /** The last drop had nothing that is a file on this computer. */
  refused: boolean;
  /** The last call that failed. */
  trouble: Trouble | null;
}

export type Event =
  | { is: "hello"; hello: Hello }
  | { is: "pictures"; pictures: readonly Picture[] }
  | { is: "drag"; drag: Drag }
  | { is: "tab"; tab: Tab }
  | { is: "given"; upload: string }
  | { is: "open"; picture: Picture }
  | { is: "door"; door: BenchDoor | null; dropped?: boolean }
  | { is: "bay" }
  | { is: "gone"; upload: string }
  | { is: "over"; over: Over; aside?: boolean }
  | { is: "connect"; kind: string; row: ConnectionRow | null }
  | { is: "doctor"; row: ConnectionRow | null }
  | { is: "settings"; settings: Hello["settings"] }
  | { is: "failed"; trouble: Trouble }
  | { is: "understood" };

export type Screen =
  | "upload" | "manifests" | "bench" | "counting" | "review" | "sending" | "done" | "history" | "connections" | "connect" | "settings" | "help";

export const blank: State = {
  hello: null,
  pictures: new Map(),
  heard: false,
  tab: "upload",
  shown: "",
  over: "",
  aside: false,
  connect: null,
  doctor: null,
  door: null,
  dropped: false,
  held: null,
  refused: false,
  trouble: null,
};
