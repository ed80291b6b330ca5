// What crosses between the window and the program. Generated: GANTRY_RENEW=1 cargo test -p gantry wire

export type Severity = "blocked" | "warning" | "note";

export type Fix = "gps" | "rotate" | "scale" | "convert";

export type State = "found" | "ready" | "blocked" | "clash" | "same" | "waiting" | "sending" | "sent" | "verified" | "registered" | "visible" | "needs_you" | "set_aside" | "cancelled";

export type MediaKind = "image" | "audio" | "video" | "point_cloud" | "text" | "document" | "other";

export type Format = "jpeg" | "png" | "gif" | "bmp" | "webp" | "tiff" | "heic" | "avif" | "mp3" | "wav" | "flac" | "ogg" | "m4a" | "mp4" | "mov" | "webm" | "avi" | "pcd" | "ply" | "las" | "laz" | "splat" | "dicom" | "nifti" | "nifti_gz" | "nrrd" | "pdf" | "zip" | "gzip" | "json" | "html" | "markdown" | "text" | "unknown";

export type Algorithm = "crc64nvme" | "crc32c" | "md5";

export type Account = {
  /** Regular files taken in, and what could not be read. */
  files: number,
  /** Their bytes. */
  bytes: number,
  /** Left out by rule: hidden, system files, excluded. Not part of `files`. */
  skipped: number,
  /** Links, sockets, devices. Not part of `files`. */
  notes: number, found: number, ready: number, blocked: number, clash: number, same: number, waiting: number, sending: number, sent: number, verified: number, registered: number, visible: number, needs_you: number, set_aside: number, cancelled: number,
  /** How many of the verified ones are proven by size alone. */
  by_size: number,
  /** How many of the verified ones the store only says it took. */
  accepted: number,
  /** Bytes of the files that are verified or the same. */
  bytes_done: number,
};

export type Phase = "reading" | "review" | "planning" | "sending" | "paused" | "stopped" | "finished" | "cancelled";

export type Hold = {
  /** Why. */
  code: string,
  /** Measured facts, `name=value; name=value`. */
  detail: string,
  /** When it is tried again, RFC 3339; empty when it waits for the person. */
  again: string,
};

export type Picture = {
  /** The upload's id. */
  upload: string,
  /** What was given, in short: the first name, and how many more. */
  title: string,
  /** Rows of a manifest are registered, and no file is sent: all that is counted are rows. */
  manifest: boolean,
  /** What it is doing. */
  phase: Phase,
  /** Where the files stand. */
  account: Account,
  /** Files with findings, by severity: blocked, warning, note. */
  findings: [number, number, number],
  /** Files looked at so far while reading. */
  looked: number,
  /** Copies that are wanted and not made yet: while this is not 0, they are being made. */
  copies_wanted: number,
  /** Copies made so far of those. */
  copies_made: number,
  /** Connection that it goes to. */
  connection: string,
  /** Kind of that connection. */
  kind: string,
  /** The place for people: `s3://bucket/prefix`, a folder's path. */
  place: string,
  /** Prefix below the connection's own. */
  prefix: string,
  /** Kind of the platform where rows are registered; empty when only bytes are sent. */
  platform: string,
  /** The dataset or project for people; empty when only bytes are sent. */
  container: string,
  /** The page that shows the dataset or project; empty when only bytes are sent. */
  link: string,
  /** Rows of this upload; 0 when only bytes are sent. */
  rows: number,
  /** Files whose bytes were there already and whose row has no answer yet: `same` in the account, and not done. */
  same_open: number,
  /** Content bytes a second over the last ten seconds. */
  speed: number,
  /** Content bytes that the store has confirmed, parts of unfinished files included. */
  bytes_sent: number,
  /** Seconds left; absent in the first 20 seconds and while nothing moves. */
  left: number | null,
  /** Seconds of sending so far, over all runs. */
  seconds: number,
  /** Requests in flight. */
  at_once: number,
  /** Why it does not move though it wants to. */
  hold: Hold | null,
  /** Asked to pause or stop, and finishing what is in flight. */
  winding_down: boolean,
  /** A file that went lately, display form; for the one line that says what moves. */
  current: string,
  /** Grows whenever pages of this upload may show something else. */
  revision: number,
  /** When it was given, RFC 3339. */
  created: string,
  /** When nothing was left to do, RFC 3339; empty before. */
  finished: string,
  /** Receipt number, such as `G26 000041 7`; empty before the upload is approved. */
  number: string,
};

export type Filter = {
  /** Only these states; empty takes all. */
  states: Array<State>,
  /** Only files with a finding of this rule; empty takes all. */
  rule: string,
  /** Only files that stopped for this reason; empty takes all. */
  code: string,
  /** Only files below this folder; 0 takes all. */
  folder: number,
  /** Only files whose path has this text; empty takes all. */
  find: string,
  /** Only files that no table has a line for. */
  untold: boolean,
};

export type ItemRow = {
  /** Its number in the upload: the only handle a page has on a file. */
  ord: number,
  /** File name, display form. */
  name: string,
  /** Folders above it, display form, `/` between, no trailing `/`. */
  folder: string,
  /** Bytes. */
  size: number,
  /** Where it stands. */
  state: State,
  /** Why it waits or needs the person; empty otherwise. */
  code: string,
  /** Kind of media. */
  kind: MediaKind,
  /** Format. */
  format: Format,
  /** Pixels as displayed, 0 where not known. */
  width: number,
  /** Pixels as displayed, 0 where not known. */
  height: number,
  /** The worst finding. */
  worst: Severity | null,
  /** Proven by size alone. */
  by_size: boolean,
};

export type ItemPage = {
  /** Rows in the whole list under this filter. */
  total: number,
  /** Number of the first row given, from 0. */
  first: number,
  /** The rows. */
  rows: Array<ItemRow>,
  /** Files have moved since the list was made, so that others may belong to it by now. */
  late: boolean,
};

export type FindingLine = {
  /** Rule id; the sentence is in the words under `rule-` and this. */
  rule: string,
  /** How much it matters. */
  severity: Severity,
  /** What exactly. */
  detail: string,
  /** The page that publishes the rule. */
  source: string,
  /** The day on which that page was last read. */
  checked: string,
};

export type ItemDetail = {
  /** The row. */
  row: ItemRow,
  /** Relative path, display form. */
  path: string,
  /** Key at the store. */
  key: string,
  /** Address without any signature. */
  url: string,
  /** External id: the relative path. */
  external_id: string,
  /** The row's name at the platform; empty without a platform. */
  row_key: string,
  /** The row's id at the platform; empty before it is registered. */
  row_id: string,
  /** What is known about it: names and values. */
  metadata: Array<[string, string]>,
  /** What is shown beside it at the platform: type, address or text, name. */
  attachments: Array<[string, string, string]>,
  /** Content type that is set. */
  content_type: string,
  /** EXIF orientation, 0 where there is none. */
  orientation: number,
  /** What was measured beside that: the word of its name in the words, and its value. */
  measured: Array<[string, string]>,
  /** What was done to the copy that is sent in its place; empty where the file itself is sent. */
  copy: Array<Fix>,
  /** The original of that copy: format, pixels, bytes. */
  original: string,
  /** Modification time, RFC 3339. */
  modified: string,
  /** What is wrong or good to know. */
  findings: Array<FindingLine>,
  /** Measured facts of the trouble, `name=value; name=value`. */
  detail: string,
  /** `checksum`, `size` or empty. */
  proof: string,
  /** The algorithm, where the proof is a checksum. */
  algorithm: Algorithm | null,
  /** Hexadecimal digest, where there is one. */
  checksum: string,
  /** When it was proven, RFC 3339; empty before. */
  at: string,
};

export type FindingGroup = {
  /** Rule id; the sentence is in the words under `rule-` and this, with `count` and `value`. */
  rule: string,
  /** How much it matters. */
  severity: Severity,
  /** The rule's figure, where it has one. */
  value: string,
  /** Files. */
  count: number,
  /** One file's display path, as an example. */
  example: string,
  /** What exactly, for the example. */
  detail: string,
  /** The page that publishes the rule. */
  source: string,
  /** The day on which that page was last read. */
  checked: string,
  /** What would help on copies, where something would. */
  fix: Fix | null,
  /** How many of the files it can be done to. */
  fixable: number,
  /** About how many bytes the copies would take. */
  needs: number,
  /** The files are held until the person says that they may go. */
  asks: boolean,
  /** The person has said so. */
  confirmed: boolean,
};

export type FolderRow = {
  /** Its number in the upload, from 1. */
  id: number,
  /** The folder above; 0 at the top. */
  parent: number,
  /** Its own name, display form. */
  name: string,
  /** It has folders below. */
  has_folders: boolean,
  /** Files in it and below. */
  files: number,
  /** Their bytes. */
  bytes: number,
  /** Verified or the same. */
  done: number,
  /** Blocked, clashing or needing the person. */
  open: number,
  /** Set aside or cancelled. */
  left: number,
  /** Warnings. */
  warnings: number,
};

export type TroubleGroup = {
  /** Why; title, body and action are in the words under `problem-` and the code's word. */
  code: string,
  /** `needs_you` or `set_aside`. */
  state: State,
  /** Files. */
  count: number,
  /** Measured facts of one of them, `name=value; name=value`. */
  detail: string,
  /** One file's display path, as an example. */
  example: string,
};

export type HistoryRow = {
  /** The upload as it stands. */
  picture: Picture,
  /** Display path of the file that matched a search by name; empty otherwise. */
  matched: string,
  /** How many files matched. */
  matches: number,
};

export type SecretPlace = "keychain" | "until_quit" | "environment" | "missing";

export type ConnectionRow = {
  /** Its name. */
  name: string,
  /** Its kind. */
  kind: string,
  /** The fields that are not secret. */
  fields: { [key in string]: string },
  /** The place for people. */
  place: string,
  /** Secret fields and where each is kept. */
  secrets: Array<[string, SecretPlace]>,
  /** When it was last tested, RFC 3339; empty when never. */
  tested: string,
  /** The lines of that test: the word under `access-`, and whether it passed. */
  checks: Array<[string, boolean | null]>,
  /** What the test learned. */
  learned: Array<[string, string]>,
  /** Open uploads that use it. */
  open_uploads: number,
};

export type Who = {
  /** The name that the platform knows the person by. */
  name: string,
  /** Their e-mail, where the platform says it. */
  email: string,
  /** Owners under which a new dataset can be made: the person first, then organisations. */
  owners: Array<string>,
  /** The plan, in the platform's own word; may be empty. */
  plan: string,
};

export type Shape = "single" | "sequence" | "scene" | "scene_sequence" | "multi_sensor";

export type Container = {
  /** What a target names it by: `owner/name`, a dataset's id, a project's id. */
  id: string,
  /** Its name for people. */
  name: string,
  /** The user or organisation that owns it; may be empty. */
  owner: string,
  /** Its type in the platform's own word: a task type, a project type; may be empty. */
  kind: string,
  /** Kinds of media that it takes; empty where it takes any, or does not say. */
  takes: Array<MediaKind>,
  /** How the files of one row stand together in it. */
  shape: Shape,
  /** Rows in it, where the platform says so. */
  rows: number | null,
  /** The page that shows it. */
  link: string,
  /** Named parts of it that rows can be put into (batches): id and name. */
  batches: Array<[string, string]>,
};

export type NewContainer = {
  /** Its name. */
  name: string,
  /** Who shall own it; empty means the person. */
  owner: string,
  /** Its type in the platform's own word; empty takes the platform's usual one. */
  kind: string,
  /** The integration to attach; empty for none. */
  integration: string,
};

export type Integration = {
  /** Its id at the platform. */
  id: string,
  /** Its name for people. */
  name: string,
  /** `AWS`, `GCP`, `AZURE`, as the platform writes it. */
  provider: string,
  /** The bucket that it reads, where the platform says so. */
  bucket: string,
  /** Whether the platform holds it for valid; `None` where it does not say. */
  valid: boolean | null,
  /** New datasets get this one. */
  is_default: boolean,
};

export type PlatformView = {
  /** Whose key it is. */
  who: Who,
  /** Datasets or projects. */
  containers: Array<Container>,
  /** The platform's accesses to buckets. */
  integrations: Array<Integration>,
};

export type Settings = {
  /** `system`, `light` or `dark`. */
  theme: string,
  /** Most requests at once, 1 to 256; 0 lets Gantry find it. */
  at_once: number,
  /** Most bytes a second; 0 is full speed. */
  limit: number,
  /** Take hidden and system files too. */
  include_hidden: boolean,
  /** Patterns that are always left out. */
  exclude: Array<string>,
  /** Key template of new uploads. */
  names: string,
  /** Go on with unfinished uploads at the next start. */
  go_on: boolean,
  /** Most bytes that copies may take on this computer. */
  copies: number,
};

export type KeychainState = "ready" | "locked" | "absent";

export type Field = {
  /** Its name in `--set NAME=VALUE`; its label is in the words under `field-` and the name. */
  name: string,
  /** Kept in the keychain. */
  secret: boolean,
  /** Must be given. */
  required: boolean,
  /** The values that are allowed, where only some are. */
  choices: Array<string>,
  /** An example to show in an empty field. */
  example: string,
};

export type Kind = {
  /** `folder`, `s3`, `segments`, `labelbox`, `ango`. */
  id: string,
  /** It takes rows: a platform. Its own upload storage takes bytes only together with a container. */
  platform: boolean,
  /** The fields, in the order of the form. */
  fields: Array<Field>,
};

export type Hello = {
  /** Version of the program. */
  version: string,
  /** `linux`, `macos` or `windows`. */
  system: string,
  /** Where the journal and the receipts are. */
  home: string,
  /** The keychain's state. */
  keychain: KeychainState,
  /** Kinds of connections and their forms. */
  kinds: Array<Kind>,
  /** What the person has set. */
  settings: Settings,
  /** Why the journal could not be opened: `newer`, `damaged`, `in_use`, `unwritable`; empty when it is open. */
  trouble: string,
  /** Facts about that, for the sentence. */
  trouble_detail: string,
};

export type Target = {
  /** The dataset or project: [`Container::id`]. */
  container: string,
  /** The integration that reads the bucket: [`Integration::id`]; empty for none. */
  integration: string,
  /** The batch that rows are put into; empty for none. */
  batch: string,
};

export type Grouping = "file" | "folder" | "number" | "sensors";

export type Register = {
  /** Connection of the platform. */
  connection: string,
  /** Its kind: `segments`, `labelbox`, `ango`. */
  kind: string,
  /** Which dataset or project, with the integration that reads the bucket. */
  target: Target,
  /** The container's name for people. */
  name: string,
  /** The page that shows it. */
  link: string,
  /** How the files of one row stand together. */
  shape: Shape,
  /** How the files of a row are found. */
  grouping: Grouping,
  /** Days for which presigned addresses are good, 1 to 7; 0 registers plain addresses. */
  presigned_days: number,
  /** What is known about all files: names and values. */
  metadata: Array<[string, string]>,
  /** Priority of the rows, where the platform knows it. */
  priority: number,
};

export type TableUse = "found" | "about" | "file";

export type TableWish = {
  /** The table by [`Table::path`]; empty for every table. */
  path: string,
  /** What it is. */
  use: TableUse,
  /** Columns by their headers, and where each goes: a word of [`crate::Goes`]. */
  columns: Array<[string, string]>,
};

export type ManifestPlan = {
  /** Whose words it is written in: `labelbox`, `ango`, `segments`, `urls`. */
  form: string,
  /** What the columns of a table are: head or number, and field. */
  map: Array<[string, string]>,
};

export type Plan = {
  /** Connection that it goes to. */
  connection: string,
  /** Prefix below the connection's own. */
  prefix: string,
  /** Key template. */
  names: string,
  /** `keep`, `replace` or `new-name`. */
  on_clash: string,
  /** Patterns that are left out. */
  exclude: Array<string>,
  /** Take every n-th picture only; 0 and 1 take all. */
  every: number,
  /** Take hidden and system files too. */
  include_hidden: boolean,
  /** Where rows are registered; absent when only bytes are sent. */
  register: Register | null,
  /** What the person wants of tables about the files. */
  tables: Array<TableWish>,
  /** What was given is a manifest, whose rows are registered; absent when files are sent. */
  manifest: ManifestPlan | null,
  /** What is done to copies of the files that need it. */
  fixes: Array<Fix>,
  /** Rules that hold files until the person says that they may go: those for which they said so. */
  confirmed: Array<string>,
};

export type Difference = {
  /** The look at the store has ended. */
  known: boolean,
  /** The store could not be listed: what is there shows file by file, when they are sent. */
  unlisted: boolean,
  /** Nothing there under that name. */
  new: number,
  /** The same content is there. */
  same: number,
  /** Something is there; whether it is the same shows when the file is read. */
  unsure: number,
  /** Other content is there. */
  changed: number,
  /** Rows that the platform does not have. */
  rows_new: number,
  /** Rows that it has, for the same objects. */
  rows_same: number,
  /** Those of them that the platform was told something else about by an earlier upload from here: they stay as they are. */
  rows_other: number,
  /** Rows of these names that stand for something else. */
  rows_clash: number,
};

export type Column = {
  /** Its header; `#3` where the header line has none for it. */
  header: string,
  /** Where it goes: a word of [`crate::Goes`]. */
  goes: string,
  /** The first values that are there. */
  examples: Array<string>,
  /** What becomes of it at this destination, a word under `table-note-`; empty where nothing is to be said. */
  note: string,
  /** The platform's reason why it would not take values of it; empty when it takes them, or has not been asked. */
  said: string,
  /** Values that it would not take. */
  misfits: number,
};

export type Table = {
  /** Its display path; of one that lies elsewhere its name. */
  path: string,
  /** It was among what was given, and is not sent while it is used. */
  inside: boolean,
  /** It is used. */
  used: boolean,
  /** Why it is used, or why not: a word under `table-why-`. */
  why: string,
  /** Its columns in their order. */
  columns: Array<Column>,
  /** Lines that were looked at to find out what it is, and those of them that name a file. */
  looked: [number, number],
  /** Lines below the header. */
  lines: number,
  /** Files that a line was found for. */
  matched: number,
  /** Lines that name no file. */
  no_file: number,
  /** Lines whose name fits several files. */
  ambiguous: number,
  /** Lines about a file that an earlier line is about already: the earlier one counts. */
  twice: number,
  /** Lines with another number of cells than the header. */
  broken: number,
  /** What is wrong with it as a whole, a word under `table-trouble-`; empty when nothing is. */
  trouble: string,
  /** The line at which that is, from 1; 0 where it is at none. */
  line: number,
  /** More about it: a column, the system's words. */
  detail: string,
};

export type TableLine = {
  /** Its number in the table, from 1, the header being the first. */
  line: number,
  /** What it names, or how many cells it has. */
  text: string,
};

export type LinePage = {
  /** Lines of this kind that are kept for showing: ten thousand of each at most. The table counts all. */
  total: number,
  /** Number of the first line given, from 0. */
  first: number,
  /** The lines. */
  lines: Array<TableLine>,
};

export type Fixed = {
  /** The fix. */
  fix: Fix,
  /** Copies that were made with it. */
  made: number,
  /** Their bytes. */
  bytes: number,
  /** Files of which no copy could be made. */
  failed: number,
  /** One file's display path, as an example. */
  example: string,
  /** That file: format, pixels, bytes. */
  before: string,
  /** Its copy: format, pixels, bytes. */
  after: string,
};

export type CopiesRoom = {
  /** Bytes that they take just now, those of all uploads. */
  held: number,
  /** Most bytes that they may take. */
  limit: number,
};

export type Review = {
  /** What the person can still change. */
  plan: Plan,
  /** Findings grouped by rule, worst first. */
  findings: Array<FindingGroup>,
  /** Files by kind of media. */
  kinds: Array<[MediaKind, number]>,
  /** Three keys as they will be. */
  examples: Array<string>,
  /** Rows that would be registered. */
  rows: number,
  /** Three rows as they will be: name, address. */
  row_examples: Array<[string, string]>,
  /** What was done to copies, by fix: those that the plan has. */
  fixed: Array<Fixed>,
  /** Where the copies are. */
  copies: CopiesRoom,
  /** Tables that tell something about the files, or may, and what was made of them. */
  tables: Array<Table>,
  /** Files that no table has a line for; 0 where no table is used. */
  files_left: number,
  /** Why the platform would not take what is known about all files: name and reason. */
  fixed_misfits: Array<[string, string]>,
  /** The least and the greatest priority that the platform knows. */
  priorities: [number, number] | null,
  /** What is there already. */
  difference: Difference,
  /** Files that would go now. */
  ready: number,
  /** Their bytes. */
  ready_bytes: number,
  /** Why the destination cannot be used just now; empty when it can. */
  hold: Hold | null,
};

export type Trouble = {
  /** A word of `Code`, or one of the shell's own. */
  code: string,
  /** Facts for the sentence, by name. */
  facts: { [key in string]: string },
};

export type DragKind = "enter" | "leave" | "drop" | "refused";

export type DragEvent = {
  /** What happened. */
  kind: DragKind,
  /** Things that are held, where the system says so. */
  count?: number,
  /** The upload that began. */
  upload?: string,
  /** The manifest that was opened. */
  manifest?: BenchDoor,
  /** Why nothing began, where more is known than that no file was in it. */
  trouble?: Trouble,
};

export type ConnectionForm = {
  /** Its name. */
  name: string,
  /** Its kind. */
  kind: string,
  /** The fields that are not secret. */
  fields: { [key in string]: string },
  /** Secret fields that were typed; an empty one stays as it is. */
  secrets: { [key in string]: string },
  /** Keep the secrets in memory only. */
  untilQuit: boolean,
};

export type BenchTrouble = {
  /** The word under `problem-`. */
  code: string,
  /** Facts for the sentence, by name. */
  facts: { [key in string]: string },
};

export type BenchLine = {
  /** The text; no query of an address is in it. */
  text: string,
  /** Characters before the place. */
  before: number,
};

export type BenchColumn = {
  /** Its head, or its number where the table has none. */
  head: string,
  /** What it is; empty when it is left out. */
  field: string,
  /** What stands in it in the first row. */
  example: string,
};

export type BenchDoor = {
  /** Known by this from now on, opened or not. */
  id: string,
  /** The name of the file. */
  name: string,
  /** Why it was not opened; none when it was. */
  trouble: BenchTrouble | null,
  /** The line that is broken, where one is. */
  line: BenchLine | null,
  /** It can be opened when a person says what it is. */
  can_say: boolean,
  /** The columns of a table. */
  columns: Array<BenchColumn>,
  /** What a column can be. */
  fields: Array<string>,
};

export type BenchWork = {
  /** A word under `bench-work-`. */
  kind: string,
  /** Rows so far. */
  done: number,
  /** Rows altogether; 0 while that is not known. */
  total: number,
  /** How far it is, 0 to 100. */
  share: number,
};

export type BenchCheck = "running" | "stopped" | "whole";

export type BenchPlace = {
  /** Line and column in words, and what is wrong. */
  text: string,
  /** The line itself. */
  line: BenchLine,
};

export type BenchChange = {
  /** The field. */
  field: string,
  /** What stands there. */
  before: string,
  /** What will stand there. */
  after: string,
  /** It is planned; otherwise it is offered. */
  planned: boolean,
  /** The whole row goes. */
  removes: boolean,
};

export type BenchGroup = {
  /** The rule's id. */
  rule: string,
  /** What it is about: the last part of the id. */
  about: string,
  /** How much it matters. */
  severity: Severity,
  /** A few words. */
  title: string,
  /** One sentence. */
  sentence: string,
  /** Rows. */
  rows: number,
  /** Places that belong to no row. */
  beside: number,
  /** The first of those places. */
  places: Array<BenchPlace>,
  /** The page that publishes the rule; empty where none does. */
  source: string,
  /** When a person last read it. */
  checked: string,
  /** Rows that can be repaired. */
  mendable: number,
  /** Rows whose repair is planned. */
  mended: number,
  /** The repair is planned. */
  planned: boolean,
  /** The repair may change what is meant, or who can read it. */
  on_wish: boolean,
  /** A row before and after its repair. */
  example: BenchChange | null,
  /** Rows that can be taken out: they can't be used, and no planned repair mends them. */
  removable: number,
  /** They are taken out. */
  removed: boolean,
};

export type BenchCompared = {
  /** The other file. */
  name: string,
  /** Rows of this one alone. */
  new: number,
  /** Rows of the other one alone. */
  gone: number,
  /** Rows that differ. */
  changed: number,
  /** Rows that are equal. */
  same: number,
  /** Rows that have no name, or could not be read. */
  left_out: number,
};

export type BenchLooked = {
  /** Objects that were looked at. */
  objects: number,
  /** Are there. */
  there: number,
  /** Are not there. */
  missing: number,
  /** Could not be seen. */
  unseen: number,
  /** Were known from an earlier look. */
  known: number,
  /** It was stopped before the end. */
  stopped: boolean,
};

export type BenchDone = {
  /** `saved`, `weighed`, `converted`, `built`, `compared`, `looked_up`, `measured`, `asked`, `stopped`. */
  kind: string,
  /** The name of the file that was written, or of the connection that was asked. */
  name: string,
  /** The form it was turned into; `csv` for a table. */
  to: string,
  /** Rows that were written, or would be. */
  rows: number,
  /** Rows that were repaired. */
  mended: number,
  /** Rows that were left out, or that the form has no place for. */
  left_out: number,
  /** Rows that could not be read. */
  broken: number,
  /** Rows in which something was found. */
  found: number,
  /** Fields that are not carried, and in how many rows. */
  left: Array<[string, number]>,
  /** What a comparison found. */
  compared: BenchCompared | null,
  /** What a look at the objects saw. */
  looked: BenchLooked | null,
};

export type BenchPictures = {
  /** They are shown. */
  on: boolean,
  /** The person said yes to private networks too. */
  private: boolean,
  /** Some address leads into a private network, and was not asked. */
  refused: boolean,
  /** Hosts that the addresses of pictures name. */
  hosts: number,
  /** There are more hosts than are counted. */
  more: boolean,
  /** The first of them. */
  named: Array<string>,
};

export type BenchView = {
  /** What it is known by. */
  id: string,
  /** The name of the file. */
  name: string,
  /** Its bytes. */
  bytes: number,
  /** Grows with each change of what is shown. */
  revision: number,
  /** Whose words: `labelbox`, `ango`, `segments`, `urls`. */
  form: string,
  /** The fields that speak for it; empty where a person said so. */
  why: Array<string>,
  /** How rows stand in it, a word under `manifest-layout-`. */
  layout: string,
  /** It is UTF-16. */
  utf16: boolean,
  /** The field of what is labelled. */
  subject_field: string,
  /** The field of the name. */
  key_field: string,
  /** The columns of a table. */
  columns: Array<BenchColumn>,
  /** What a column can be. */
  fields: Array<string>,
  /** The first row of the table is a row and no head. */
  headless: boolean,
  /** Rows that are known so far. */
  rows: number,
  /** All rows are known. */
  counted: boolean,
  /** How far the check is. */
  check: BenchCheck,
  /** Rows that were looked at. */
  looked: number,
  /** Rows that can't be used as they will be, repairs counted in. */
  blocked: number,
  /** Rows that can be used as they will be: neither blocked nor taken out. */
  good: number,
  /** Rows that are taken out. */
  removed: number,
  /** Mistakes between rows. */
  beside: number,
  /** Rows to look at, repairs counted in. */
  warned: number,
  /** Rows that the repairs change. */
  mended: number,
  /** What is wrong, the gravest first. */
  groups: Array<BenchGroup>,
  /** What is being done. */
  work: BenchWork | null,
  /** Pictures of rows. */
  pictures: BenchPictures,
  /** What the last thing came to. */
  done: BenchDone | null,
  /** Why the last thing did not go well. */
  trouble: BenchTrouble | null,
};

export type BenchFilter = {
  /** Rows that break the rule about this; empty for all. */
  about: string,
  /** Empty, `blocked`, `warning`, `mended` or `removed`. */
  kind: string,
};

export type BenchRow = {
  /** From 1. */
  row: number,
  /** What is labelled, without any query. */
  subject: string,
  /** It is an address. */
  address: boolean,
  /** More objects beside it. */
  more: number,
  /** Its name. */
  key: string,
  /** Pixels across; 0 where that is not said. */
  width: number,
  /** Pixels down. */
  height: number,
  /** The gravest thing that is left. */
  worst: Severity | null,
  /** It in a few words. */
  state: string,
  /** A repair changes it. */
  mended: boolean,
  /** It is taken out. */
  removed: boolean,
  /** It was looked at. */
  looked: boolean,
  /** What kind of media it names. */
  kind: MediaKind,
  /** It may have a picture, if the person wants pictures. */
  picture: boolean,
};

export type BenchPage = {
  /** Rows that pass. */
  total: number,
  /** The first one of this page, from 0. */
  first: number,
  /** The rows. */
  rows: Array<BenchRow>,
};

export type BenchNoPicture = {
  /** One sentence; empty when pictures are not wanted any more. */
  why: string,
  /** It leads into a private network. */
  private: boolean,
};

export type BenchFinding = {
  /** What it is about. */
  about: string,
  /** How much it matters. */
  severity: Severity,
  /** One sentence. */
  text: string,
  /** Line. */
  line: number,
  /** Column. */
  column: number,
  /** The line around it. */
  shown: BenchLine,
  /** The page that publishes the rule. */
  source: string,
  /** When a person last read it. */
  checked: string,
  /** A planned repair mends it. */
  mended: boolean,
};

export type BenchDetail = {
  /** The row. */
  row: BenchRow,
  /** Where it begins. */
  line: number,
  /** Where it begins. */
  column: number,
  /** What is wrong. */
  findings: Array<BenchFinding>,
  /** What repairs change. */
  changes: Array<BenchChange>,
  /** What it says, by field. */
  facts: Array<[string, string]>,
};

export type BenchDifference = {
  /** The name of the row. */
  key: string,
  /** The row, in the file that has it. */
  row: number,
  /** The fields that differ. */
  fields: Array<string>,
};

export type BenchDifferences = {
  /** How many are kept. */
  total: number,
  /** The first one, from 0. */
  first: number,
  /** They. */
  rows: Array<BenchDifference>,
};

export type BenchTemplate = {
  /** HTML with `{{column}}`. */
  html: string,
  /** The column that becomes the external id. */
  key: string,
  /** Columns that are exported with the labels. */
  context: Array<string>,
  /** Columns of media, and the id of the integration that reads them. */
  storage: Array<[string, string]>,
  /** The column of batches; empty for none. */
  batches: string,
};

export type BenchFolder = {
  /** Its name. */
  name: string,
};

export type BenchMaking = {
  /** Files that were met so far. */
  files: number,
  /** Rows that were written so far. */
  written: number,
};

export type BenchMade = {
  /** What came of opening it. */
  door: BenchDoor,
  /** Files that were met. */
  files: number,
  /** Rows that were written. */
  written: number,
  /** Why files were left out, in sentences, and how many for each. */
  left: Array<[string, number]>,
};
