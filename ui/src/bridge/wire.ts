// What crosses between the window and the program. Types only; the same names as in the model package.

export type Severity = "blocked" | "warning" | "note";

export type State =
  | "found"
  | "ready"
  | "blocked"
  | "clash"
  | "same"
  | "waiting"
  | "sending"
  | "sent"
  | "verified"
  | "registered"
  | "visible"
  | "needs_you"
  | "set_aside"
  | "cancelled";

export type MediaKind = "image" | "audio" | "video" | "point_cloud" | "text" | "document" | "other";

export type Format =
  | "jpeg" | "png" | "gif" | "bmp" | "webp" | "tiff" | "heic" | "avif"
  | "mp3" | "wav" | "flac" | "ogg" | "m4a"
  | "mp4" | "mov" | "webm" | "avi"
  | "pcd" | "ply" | "las"
  | "pdf" | "zip" | "gzip"
  | "json" | "text"
  | "unknown";

export type Algorithm = "crc64nvme" | "crc32c" | "md5";

export type Account = {
  files: number;
  bytes: number;
  skipped: number;
  notes: number;
  found: number;
  ready: number;
  blocked: number;
  clash: number;
  same: number;
  waiting: number;
  sending: number;
  sent: number;
  verified: number;
  registered: number;
  visible: number;
  needs_you: number;
  set_aside: number;
  cancelled: number;
  by_size: number;
  bytes_done: number;
};

export type Phase = "reading" | "review" | "planning" | "sending" | "paused" | "stopped" | "finished" | "cancelled";

export type Hold = { code: string; detail: string; again: string };

export type Picture = {
  upload: string;
  title: string;
  phase: Phase;
  account: Account;
  findings: [number, number, number];
  looked: number;
  connection: string;
  kind: string;
  place: string;
  prefix: string;
  speed: number;
  left: number | null;
  seconds: number;
  at_once: number;
  hold: Hold | null;
  winding_down: boolean;
  current: string;
  revision: number;
  created: string;
  finished: string;
  number: string;
};

export type Filter = { states: Array<State>; rule: string; code: string; folder: number; find: string };

export type ItemRow = {
  ord: number;
  name: string;
  folder: string;
  size: number;
  state: State;
  code: string;
  kind: MediaKind;
  format: Format;
  width: number;
  height: number;
  worst: Severity | null;
  by_size: boolean;
};

export type ItemPage = { total: number; first: number; rows: Array<ItemRow> };

export type FindingLine = { rule: string; severity: Severity; detail: string; source: string; checked: string };

export type ItemDetail = {
  row: ItemRow;
  path: string;
  key: string;
  url: string;
  external_id: string;
  content_type: string;
  orientation: number;
  modified: string;
  findings: Array<FindingLine>;
  detail: string;
  proof: string;
  algorithm: Algorithm | null;
  checksum: string;
  at: string;
};

export type FindingGroup = {
  rule: string;
  severity: Severity;
  value: string;
  count: number;
  example: string;
  detail: string;
  source: string;
  checked: string;
};

export type FolderRow = {
  id: number;
  parent: number;
  name: string;
  has_folders: boolean;
  files: number;
  bytes: number;
  done: number;
  open: number;
  left: number;
  warnings: number;
};

export type TroubleGroup = { code: string; state: State; count: number; detail: string; example: string };

export type HistoryRow = { picture: Picture; matched: string; matches: number };

export type SecretPlace = "keychain" | "until_quit" | "environment" | "missing";

export type ConnectionRow = {
  name: string;
  kind: string;
  fields: { [name in string]?: string };
  place: string;
  secrets: Array<[string, SecretPlace]>;
  tested: string;
  checks: Array<[string, boolean | null]>;
  learned: Array<[string, string]>;
  open_uploads: number;
};

export type Settings = {
  theme: string;
  at_once: number;
  limit: number;
  include_hidden: boolean;
  exclude: Array<string>;
  names: string;
  go_on: boolean;
};

export type KeychainState = "ready" | "locked" | "absent";

export type Field = { name: string; secret: boolean; required: boolean; choices: Array<string>; example: string };

export type Kind = { id: string; fields: Array<Field> };

export type Hello = {
  version: string;
  system: string;
  home: string;
  keychain: KeychainState;
  kinds: Array<Kind>;
  settings: Settings;
  trouble: string;
  trouble_detail: string;
};

export type Plan = {
  connection: string;
  prefix: string;
  names: string;
  on_clash: string;
  exclude: Array<string>;
  every: number;
  include_hidden: boolean;
};

export type Difference = { known: boolean; new: number; same: number; unsure: number; changed: number };

export type Review = {
  plan: Plan;
  findings: Array<FindingGroup>;
  kinds: Array<[MediaKind, number]>;
  examples: Array<string>;
  difference: Difference;
  ready: number;
  ready_bytes: number;
  hold: Hold | null;
};
