-- The journal of Gantry. The item's row is its state; counts are kept beside it and change in the same commit.

CREATE TABLE home (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id TEXT NOT NULL,
    clean INTEGER NOT NULL
) STRICT;

CREATE TABLE upload (
    -- Never used again: lists and late records know an upload by it.
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('reading', 'review', 'planning', 'sending', 'paused', 'stopped', 'finished', 'cancelled')),
    approved INTEGER NOT NULL,
    incoming TEXT NOT NULL,
    connection TEXT NOT NULL,
    plan TEXT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    bucket TEXT NOT NULL,
    at_once INTEGER NOT NULL,
    speed_limit INTEGER NOT NULL,
    hold_code TEXT,
    hold_detail TEXT NOT NULL DEFAULT '',
    read_ended INTEGER NOT NULL DEFAULT 0,
    frozen INTEGER NOT NULL DEFAULT 0,
    counter INTEGER UNIQUE,
    number TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL,
    started INTEGER,
    finished INTEGER,
    seconds INTEGER NOT NULL DEFAULT 0,
    -- How many rows it has; NULL until they are all made.
    rows INTEGER,
    -- The tables about its files as JSON; NULL while they are being read.
    tables TEXT DEFAULT '[]'
) STRICT;
CREATE INDEX upload_connection ON upload (connection);

CREATE TABLE root (
    upload INTEGER NOT NULL REFERENCES upload (n) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    path BLOB NOT NULL,
    PRIMARY KEY (upload, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    upload INTEGER PRIMARY KEY REFERENCES upload (n) ON DELETE CASCADE,
    files INTEGER NOT NULL DEFAULT 0 CHECK (files >= 0),
    bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    passed INTEGER NOT NULL DEFAULT 0,
    left_out INTEGER NOT NULL DEFAULT 0,
    notes INTEGER NOT NULL DEFAULT 0,
    found INTEGER NOT NULL DEFAULT 0 CHECK (found >= 0),
    ready INTEGER NOT NULL DEFAULT 0 CHECK (ready >= 0),
    blocked INTEGER NOT NULL DEFAULT 0 CHECK (blocked >= 0),
    clash INTEGER NOT NULL DEFAULT 0 CHECK (clash >= 0),
    same INTEGER NOT NULL DEFAULT 0 CHECK (same >= 0),
    waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    sending INTEGER NOT NULL DEFAULT 0 CHECK (sending >= 0),
    sent INTEGER NOT NULL DEFAULT 0 CHECK (sent >= 0),
    verified INTEGER NOT NULL DEFAULT 0 CHECK (verified >= 0),
    registered INTEGER NOT NULL DEFAULT 0 CHECK (registered >= 0),
    visible INTEGER NOT NULL DEFAULT 0 CHECK (visible >= 0),
    needs_you INTEGER NOT NULL DEFAULT 0 CHECK (needs_you >= 0),
    set_aside INTEGER NOT NULL DEFAULT 0 CHECK (set_aside >= 0),
    cancelled INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
    by_size INTEGER NOT NULL DEFAULT 0 CHECK (by_size >= 0),
    accepted INTEGER NOT NULL DEFAULT 0 CHECK (accepted >= 0),
    bytes_done INTEGER NOT NULL DEFAULT 0 CHECK (bytes_done >= 0),
    worst_blocked INTEGER NOT NULL DEFAULT 0,
    worst_warning INTEGER NOT NULL DEFAULT 0,
    worst_note INTEGER NOT NULL DEFAULT 0,
    looked INTEGER NOT NULL DEFAULT 0,
    -- Grow with every change of this upload, and with every change of which rows there are and how they are sorted.
    revision INTEGER NOT NULL DEFAULT 0,
    shape INTEGER NOT NULL DEFAULT 0,
    CHECK (files = found + ready + blocked + clash + same + waiting + sending + sent + verified + registered + visible
        + needs_you + set_aside + cancelled)
) STRICT;

CREATE TABLE folder (
    upload INTEGER NOT NULL REFERENCES upload (n) ON DELETE CASCADE,
    id INTEGER NOT NULL,
    parent INTEGER NOT NULL,
    name BLOB NOT NULL,
    shown TEXT NOT NULL,
    files INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    done INTEGER NOT NULL DEFAULT 0,
    open INTEGER NOT NULL DEFAULT 0,
    left INTEGER NOT NULL DEFAULT 0,
    warnings INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (upload, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX folder_name ON folder (upload, parent, name);

CREATE TABLE item (
    upload INTEGER NOT NULL REFERENCES upload (n) ON DELETE CASCADE,
    ord INTEGER NOT NULL,
    root INTEGER NOT NULL,
    folder INTEGER NOT NULL,
    path BLOB NOT NULL,
    key TEXT NOT NULL,
    readable INTEGER NOT NULL,
    size INTEGER NOT NULL,
    mtime INTEGER NOT NULL,
    ctime INTEGER NOT NULL,
    dev INTEGER NOT NULL,
    ino INTEGER NOT NULL,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    orientation INTEGER NOT NULL,
    -- 1 cut off, 2 damaged, 4 looked at
    media INTEGER NOT NULL,
    -- What its kind has beside that, as JSON; most pictures have nothing
    measured TEXT,
    -- Chains of OR, here and in the index: for IN with a list SQLite builds a table in memory at each change of a row.
    state TEXT NOT NULL CHECK (state = 'verified' OR state = 'waiting' OR state = 'ready' OR state = 'sending' OR state = 'sent'
        OR state = 'same' OR state = 'needs_you' OR state = 'blocked' OR state = 'clash' OR state = 'set_aside'
        OR state = 'cancelled' OR state = 'found' OR state = 'registered' OR state = 'visible'),
    left_out INTEGER NOT NULL DEFAULT 0,
    code TEXT,
    detail TEXT NOT NULL DEFAULT '',
    proof TEXT CHECK (proof IN ('checksum', 'size', 'accepted')),
    digest BLOB,
    -- 1 when the store said something about the sealed object
    said INTEGER NOT NULL DEFAULT 0,
    said_size INTEGER,
    said_digest BLOB,
    etag TEXT,
    version TEXT,
    -- The address that the store chose, without any signature; only where it chooses addresses.
    url TEXT,
    ticket TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    there_size INTEGER,
    there_etag TEXT,
    -- What the person decided after it met other content under its name; else the upload's own way holds.
    on_clash TEXT CHECK (on_clash IN ('replace', 'new-name')),
    worst TEXT CHECK (worst = 'blocked' OR worst = 'warning' OR worst = 'note'),
    at INTEGER,
    -- What was made of it for sending, with what the file itself is, as JSON; most files have none. Where it is used, size, times,
    -- format and pixels above are the copy's.
    copy TEXT,
    PRIMARY KEY (upload, ord)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_key ON item (upload, key) WHERE left_out = 0;
CREATE INDEX item_open ON item (upload, key)
    WHERE left_out = 0 AND (state = 'blocked' OR state = 'clash' OR state = 'needs_you' OR state = 'set_aside');

CREATE INDEX item_copy ON item (upload, ord) WHERE copy IS NOT NULL;

CREATE TABLE part (
    upload INTEGER NOT NULL,
    ord INTEGER NOT NULL,
    n INTEGER NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (upload, ord, n),
    FOREIGN KEY (upload, ord) REFERENCES item (upload, ord) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE finding (
    upload INTEGER NOT NULL,
    ord INTEGER NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity = 'blocked' OR severity = 'warning' OR severity = 'note'),
    detail TEXT NOT NULL,
    PRIMARY KEY (upload, ord, rule),
    FOREIGN KEY (upload, ord) REFERENCES item (upload, ord) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX finding_rule ON finding (upload, rule, ord);

CREATE TABLE aside (
    upload INTEGER NOT NULL REFERENCES upload (n) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('link', 'special', 'skipped')),
    root INTEGER NOT NULL,
    path BLOB NOT NULL,
    rule TEXT NOT NULL DEFAULT '',
    severity TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (upload, n)
) STRICT, WITHOUT ROWID;

-- What tables say about a file, as JSON: number of the table, of the column, text.
CREATE TABLE known (
    upload INTEGER NOT NULL,
    ord INTEGER NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (upload, ord),
    FOREIGN KEY (upload, ord) REFERENCES item (upload, ord) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Lines of tables that could not be used, the first ten thousand of each reason.
CREATE TABLE line_left (
    upload INTEGER NOT NULL REFERENCES upload (n) ON DELETE CASCADE,
    tab INTEGER NOT NULL,
    why TEXT NOT NULL CHECK (why IN ('no_file', 'ambiguous', 'twice', 'broken')),
    n INTEGER NOT NULL,
    line INTEGER NOT NULL,
    said TEXT NOT NULL,
    PRIMARY KEY (upload, tab, why, n)
) STRICT, WITHOUT ROWID;

-- One asset, data row or sample. `waiting` until all its items are proven and the platform has answered; `sending` while a call
-- without an answer is out: the platform is asked what it has before that row is sent again.
CREATE TABLE row (
    upload INTEGER NOT NULL REFERENCES upload (n) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    key TEXT NOT NULL,
    -- The key as the platform compares it.
    folded TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state = 'waiting' OR state = 'sending' OR state = 'registered' OR state = 'visible' OR state = 'same'
        OR state = 'needs_you' OR state = 'set_aside' OR state = 'cancelled'),
    -- The platform's own id.
    remote TEXT NOT NULL DEFAULT '',
    asked INTEGER,
    PRIMARY KEY (upload, n),
    UNIQUE (upload, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX row_open ON row (upload, n) WHERE state = 'waiting' OR state = 'sending';

CREATE TABLE row_item (
    upload INTEGER NOT NULL,
    row INTEGER NOT NULL,
    position INTEGER NOT NULL,
    ord INTEGER NOT NULL,
    role TEXT NOT NULL,
    sensor TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (upload, row, position),
    FOREIGN KEY (upload, row) REFERENCES row (upload, n) ON DELETE CASCADE,
    FOREIGN KEY (upload, ord) REFERENCES item (upload, ord) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX row_item_item ON row_item (upload, ord);

CREATE TABLE place (
    n INTEGER PRIMARY KEY,
    endpoint TEXT NOT NULL,
    bucket TEXT NOT NULL,
    UNIQUE (endpoint, bucket)
) STRICT;

CREATE TABLE ledger (
    place INTEGER NOT NULL REFERENCES place (n),
    key TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest BLOB,
    etag TEXT,
    url TEXT,
    source_size INTEGER NOT NULL,
    source_mtime INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (place, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE connection (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    fields TEXT NOT NULL,
    learned TEXT NOT NULL DEFAULT '{}',
    checks TEXT NOT NULL DEFAULT '[]',
    tested INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
