// What the window may ask of the program. One implementation speaks to Tauri, one plays scripts for tests.
import type { BenchBridge } from "./bench";
import type {
  BenchDoor, ConnectionRow, Container, CopiesRoom, Filter, FolderRow, Hello, HistoryRow, ItemDetail, ItemPage, LinePage, NewContainer, Picture, Plan, PlatformView, Review, Settings, TroubleGroup,
} from "./wire";

/** How a call fails: the words are under `problem-` and the code, `-` for `_`. */
export interface Trouble {
  code: string;
  facts: Record<string, string>;
}

/** What happens over the window while something is dragged. `refused`: nothing began; without a trouble, nothing in it was a file on this computer. */
export interface Drag {
  kind: "enter" | "over" | "leave" | "drop" | "refused";
  /** Things that are held, where the system says so. */
  count?: number;
  /** The upload that a drop began. */
  upload?: string;
  /** The manifest that a drop opened. */
  manifest?: BenchDoor;
  /** Why nothing began, where more is known. */
  trouble?: Trouble;
}

/** A connection as it is typed in. A name that exists already is changed; a secret left empty stays as it is. */
export interface ConnectionForm {
  name: string;
  kind: string;
  fields: Record<string, string>;
  secrets: Record<string, string>;
  untilQuit: boolean;
}

export type ReceiptFormat = "html" | "csv" | "json" | "folder";

export interface Bridge extends BenchBridge {
  hello(): Promise<Hello>;
  /** All unfinished uploads and those that finished in this run, at most ten times a second. */
  subscribe(onPictures: (pictures: Picture[]) => void): Promise<() => void>;
  onDrag(handler: (event: Drag) => void): Promise<() => void>;

  /** Each gives the id of the upload that began, or null when the person thought better of it. */
  chooseFiles(): Promise<string | null>;
  chooseFolder(): Promise<string | null>;
  paste(): Promise<string | null>;
  samples(): Promise<string>;

  review(upload: string): Promise<Review>;
  plan(upload: string, plan: Plan): Promise<void>;
  items(upload: string, filter: Filter, first: number, count: number): Promise<ItemPage>;
  item(upload: string, ord: number): Promise<ItemDetail>;
  folders(upload: string, parent: number): Promise<FolderRow[]>;
  /** Lines of a table that could not be used: `no_file`, `ambiguous`, `twice` or `broken`. */
  tableLines(upload: string, table: number, why: string, first: number, count: number): Promise<LinePage>;
  /** A table that lies elsewhere; false when the person thought better of it. */
  chooseTable(upload: string): Promise<boolean>;
  /** A picture of at most `side` pixels, or null where there is none. */
  thumbnail(upload: string, ord: number, side: number): Promise<ArrayBuffer | null>;

  approve(upload: string): Promise<void>;
  pause(upload: string): Promise<void>;
  goOn(upload: string): Promise<void>;
  stop(upload: string): Promise<void>;
  cancel(upload: string): Promise<void>;
  /** Drops a review; nothing was sent. */
  forget(upload: string): Promise<void>;
  retry(upload: string, code: string, ord: number | null): Promise<void>;
  /** What to do with those that met other content under their name: all of them, or one. */
  decideClash(upload: string, how: "replace" | "new-name", ord: number | null): Promise<void>;
  setAside(upload: string, code: string, ord: number | null): Promise<void>;
  troubles(upload: string): Promise<TroubleGroup[]>;
  exportTroubles(upload: string, code: string): Promise<void>;

  history(find: string): Promise<HistoryRow[]>;
  openReceipt(upload: string, format: ReceiptFormat): Promise<void>;
  copyCommand(upload: string): Promise<string>;

  connections(): Promise<ConnectionRow[]>;
  addConnection(form: ConnectionForm): Promise<void>;
  testConnection(name: string): Promise<ConnectionRow>;
  removeConnection(name: string, force: boolean): Promise<void>;
  /** Whose key a connection has, and what rows can go to. */
  platform(connection: string): Promise<PlatformView>;
  /** The same of a key that was typed, before anything is kept. */
  tryPlatform(form: ConnectionForm): Promise<PlatformView>;
  createContainer(connection: string, made: NewContainer): Promise<Container>;
  chooseFolderPath(): Promise<string | null>;
  choosePath(): Promise<string | null>;

  settings(settings: Settings): Promise<Settings>;
  /** What copies take on this computer, and what they may take. */
  copies(): Promise<CopiesRoom>;
  openLink(url: string): Promise<void>;
  /** Opens the page of the dataset or project that an upload is registered in. */
  openContainer(upload: string): Promise<void>;
  copy(text: string): Promise<void>;
  repair(): Promise<void>;
  quit(): Promise<void>;
}

/** Whatever was thrown, as a trouble. Something unknown is a defect of ours, and keeps its words for Details. */
export function asTrouble(thrown: unknown): Trouble {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && typeof thrown.code === "string") {
    const facts = "facts" in thrown && typeof thrown.facts === "object" ? (thrown.facts as Record<string, string>) : {};
    return { code: thrown.code, facts: facts ?? {} };
  }
  return { code: "bug", facts: { said: thrown instanceof Error ? thrown.message : String(thrown) } };
}
