// What the window may ask about manifests. Rows are asked for a page at a time; the page never names a path.
import type { BenchDetail, BenchDifferences, BenchDoor, BenchFilter, BenchFolder, BenchMade, BenchMaking, BenchNoPicture, BenchPage, BenchTemplate, BenchView, Register } from "./wire";

export type DifferenceKind = "new" | "gone" | "changed";

export interface BenchBridge {
  /** Asks for a manifest and opens it; null when the person thought better of it. */
  benchChoose(): Promise<BenchDoor | null>;
  /** Opens what was refused, or reads anew what is open, as a person says. */
  benchSay(bench: string, form: string, columns: Array<[string, string]>): Promise<BenchDoor>;
  benchAgain(bench: string): Promise<void>;
  benchClose(bench: string): Promise<void>;
  /** Takes the file itself into an upload, and gives its id. */
  benchUpload(bench: string): Promise<string>;
  /** Registers the rows of the file on disk, and gives the id of the upload that they are. */
  benchRegister(bench: string, register: Register): Promise<string>;
  benchView(bench: string): Promise<BenchView>;
  benchPage(bench: string, filter: BenchFilter, first: number, count: number): Promise<BenchPage>;
  benchRow(bench: string, row: number): Promise<BenchDetail>;
  /** Shows pictures of rows, or asks for no more of them. `priv` is the person's yes to private networks. */
  benchPictures(bench: string, on: boolean, priv: boolean): Promise<void>;
  /** A row's small picture, or why it has none. */
  benchPicture(bench: string, row: number, side: number): Promise<ArrayBuffer | BenchNoPicture>;
  benchStop(bench: string): Promise<void>;
  /** Plans a repair, or gives it up again; nothing is written. */
  benchRepair(bench: string, about: string, planned: boolean): Promise<void>;
  /** Takes the rows of a group out that can't be used, or gives that up again; nothing is written. */
  benchRemove(bench: string, about: string, planned: boolean): Promise<void>;
  /** Asks where to, saves, and registers the rows of the new file; null when the person thought better of it, or stopped it. */
  benchSaveAndRegister(bench: string, register: Register): Promise<string | null>;
  /** Each asks for a file first; false when the person thought better of it. */
  benchSave(bench: string, good: boolean): Promise<boolean>;
  benchConvert(bench: string, to: string): Promise<boolean>;
  /** Saves which fields another form has no place for. */
  benchSaveLeft(bench: string): Promise<boolean>;
  benchCompare(bench: string): Promise<boolean>;
  benchBuild(bench: string, template: BenchTemplate): Promise<boolean>;
  /** Finds out what another form has no place for. */
  benchWeigh(bench: string, to: string): Promise<void>;
  benchDifferences(bench: string, kind: DifferenceKind, first: number, count: number): Promise<BenchDifferences>;
  /** Looks whether objects are there: of so many rows, or of all (0). `priv` is the person's yes to private networks. */
  benchLookUp(bench: string, sample: number, priv: boolean): Promise<void>;
  benchMeasure(bench: string, priv: boolean): Promise<boolean>;
  /** Whether signatures can be made anew: the buckets of their addresses are connected. */
  benchCanSign(bench: string, about: string): Promise<boolean>;
  /** Plans that addresses are signed anew for so many days; nothing is written. */
  benchSign(bench: string, about: string, days: number): Promise<void>;
  /** Asks the workspace of a platform's connection about the metadata of all rows. */
  benchAsk(bench: string, connection: string): Promise<void>;
  /** Asks for a folder to make a manifest from; null when the person thought better of it. */
  benchFolder(): Promise<BenchFolder | null>;
  /** Asks where to, makes the manifest and opens it; null when the person thought better of it. */
  benchFromFolder(connection: string, prefix: string, form: string): Promise<BenchMade | null>;
  benchMaking(): Promise<BenchMaking>;
  benchMakingStop(): Promise<void>;
  benchPreview(bench: string, template: BenchTemplate): Promise<string[]>;
}
