### Every sentence that people read: window, console, receipts. One word, one meaning; see the glossary.
### A problem has a title (what happened), a body (why), and an action (what to do next).

## Problems

problem-offline =
    .title = Offline
    .body = There is no way to the destination just now. It goes on by itself.
    .action = Try now
problem-timed-out =
    .title = No answer in time
    .body = The destination did not answer in time. We ask what arrived, then go on by ourselves.
    .action = Try now
problem-connection-lost =
    .title = The connection broke
    .body = The line was cut in the middle. We ask what arrived, then go on by ourselves.
    .action = Try now
problem-tls-untrusted =
    .title = The connection is inspected, or not the one you meant
    .body = The certificate of the destination does not verify. A company proxy may replace certificates.
    .action = Add its certificate file to the connection
problem-proxy-password =
    .title = The proxy wants a password
    .body = The proxy of this network asks for a name and a password before it lets anything through.
    .action = Set the proxy with its password, then try again
problem-not-a-store =
    .title = Somebody else answered
    .body = The answer did not come from the store. A sign-in page of this network may stand between. Nothing was counted as sent.
    .action = Sign in to the network, then try again
problem-slow-down =
    .title = Asked to slow down
    .body = The store asks for fewer requests. We do that. No action is needed.
    .action = Try now
problem-server-error =
    .title = The store had a fault of its own
    .body = It answered with an error on its side. We ask what arrived, then go on by ourselves.
    .action = Try now
problem-access-denied =
    .title = Not allowed to write here
    .body = The store does not let this key write there.
    .action = Check access
problem-bad-key =
    .title = The store does not know this access key
    .body = The access key ID may be mistyped, deleted or from another account. Nothing was sent.
    .action = Replace key
problem-bad-secret =
    .title = The secret does not fit the access key
    .body = The store computed another signature. The secret access key may be mistyped or replaced. Nothing was sent.
    .action = Replace key
problem-token-expired =
    .title = Your sign-in has expired
    .body = The session token is no longer valid. Nothing is lost.
    .action = Sign in again
problem-clock-off =
    .title = Your computer's clock is off
    .body = Cloud services refuse requests from a clock that is wrong, and correcting for it was not enough.
    .action = Set the clock, then try again
problem-wrong-region =
    .title = The bucket is in another region
    .body = The store says that this bucket is in { $region }.
    .action = Use { $region }
problem-no-such-bucket =
    .title = There is no bucket with this name
    .body = The store does not know the bucket { $bucket }.
    .action = Choose bucket
problem-quota-exceeded =
    .title = The store refuses more data
    .body = A limit of your plan or quota is reached. We stopped asking.
    .action = Make room, then try again
problem-refused =
    .title = The store refused this file
    .body = Its words: “{ $said }”. We did not know this rule.
    .action = Try again
problem-clash =
    .title = Same name, different file
    .body = Another file is there under this name, with other content. It was not overwritten.
    .action = Decide what to keep
problem-same-key =
    .title = Two files would get the same name there
    .body = Only one of them could be kept, so neither was sent.
    .action = Rename one of them, then try again
problem-rule-broken =
    .title = Can't be used there
    .body = A published rule of the destination forbids this file.
    .action = See the rule
problem-ticket-gone =
    .title = The store forgot the parts
    .body = The parts that were sent are gone. The file is sent anew.
    .action = Try now
problem-checksum-differs =
    .title = What arrived is not what was read
    .body = The checksum of the store differs from ours. The file is sent anew, and not counted before it fits.
    .action = Send again
problem-not-there =
    .title = The store took it, but does not have it
    .body = It answered that all is well, and then did not know the file. It is not counted as sent.
    .action = Send again
problem-source-changed =
    .title = Changed while sending
    .body = Someone saved this file in the meantime. What was sent of it is not counted.
    .action = Send again
problem-source-gone =
    .title = The file is gone
    .body = It was there when you gave it, and is not any more. A drive may be unplugged.
    .action = Bring it back, then try again
problem-source-unreadable =
    .title = Can't be read
    .body = The system does not let us read it.
    .action = Allow reading, then try again
problem-source-not-a-file =
    .title = Not a file any more
    .body = Something else stands at its place now.
    .action = Look at it
problem-source-inside =
    .title = This lies inside its own destination
    .body = What you gave lies in the folder that it would be sent to. It would be sent onto itself.
    .action = Choose another destination
problem-disk-full =
    .title = No room at the destination
    .body = The disk is full. What was being written is not counted as sent.
    .action = Make room, then try again
problem-destination-gone =
    .title = The destination can't be written
    .body = The folder is gone or may not be written. A drive may be unplugged.
    .action = Bring it back, then try again
problem-connection-missing =
    .title = The connection was removed
    .body = This upload was meant for a connection that is not there any more.
    .action = Connect it again under the same name
problem-no-secret =
    .title = A secret is missing
    .body = No secret is kept for this connection.
    .action = Enter the secret
problem-keychain-locked =
    .title = Your keychain is locked
    .body = The secret of this connection is in it.
    .action = Unlock it, then try again
problem-keychain-absent =
    .title = No password store is running on this computer
    .body = Keys can be kept only until you quit. They are never written to disk in the clear.
    .action = Enter the secret for now
problem-journal-full =
    .title = No room for Gantry's own notes
    .body = The disk with Gantry's journal is full, so nothing more is sent: what happened could not be written down.
    .action = Make room, then try again
problem-name-refused =
    .title = The name can't be stored
    .body = The destination does not take this name.
    .action = Rename it, then try again
problem-bad-field =
    .title = A field does not fit
    .body = { $said }
    .action = Correct the field
problem-bug =
    .title = A defect of Gantry
    .body = Something happened that should not. Nothing was counted as sent because of it.
    .action = Report it with the details

## Rules: the sentence of a finding. $value is the rule's figure.

rule-file-empty = { $count ->
    [one] One file has no bytes
   *[other] { $count } files have no bytes
 }
rule-file-cut-off = { $count ->
    [one] One file ends too early
   *[other] { $count } files end too early
 }
rule-file-damaged = { $count ->
    [one] One file is damaged
   *[other] { $count } files are damaged
 }
rule-file-extension = { $count ->
    [one] One file is of another format than its name says
   *[other] { $count } files are of another format than their names say
 }
rule-file-rotated = { $count ->
    [one] One picture is stored rotated; its size is given as shown
   *[other] { $count } pictures are stored rotated; their sizes are given as shown
 }
rule-name-not-utf8 = { $count ->
    [one] One name is not readable text; its odd bytes become %XX
   *[other] { $count } names are not readable text; their odd bytes become %XX
 }
rule-name-control = { $count ->
    [one] One name has line breaks or control characters
   *[other] { $count } names have line breaks or control characters
 }
rule-name-bidi = { $count ->
    [one] One name has characters that turn the direction of writing
   *[other] { $count } names have characters that turn the direction of writing
 }
rule-entry-link = { $count ->
    [one] One link is not followed
   *[other] { $count } links are not followed
 }
rule-entry-special = { $count ->
    [one] One socket, pipe or device is left out
   *[other] { $count } sockets, pipes or devices are left out
 }
rule-entry-unreadable = { $count ->
    [one] One file or folder can't be read
   *[other] { $count } files or folders can't be read
 }
rule-entry-own-folder = { $count ->
    [one] The destination itself lies inside what you gave, and is left out
   *[other] { $count } folders of Gantry's own lie inside what you gave, and are left out
 }
rule-key-same = { $count ->
    [one] One file would share its name with another
   *[other] { $count } files would share a name with another
 }
rule-key-case-twins = { $count ->
    [one] One name differs from another in capitals only
   *[other] { $count } names differ from another in capitals only
 }
rule-key-normalisation-twins = { $count ->
    [one] One name looks the same as another and is written differently
   *[other] { $count } names look the same as another and are written differently
 }
rule-s3-key-bytes = { $count ->
    [one] One name is longer than { $value } bytes
   *[other] { $count } names are longer than { $value } bytes
 }
rule-s3-object-size = { $count ->
    [one] One file is larger than { $value }
   *[other] { $count } files are larger than { $value }
 }
rule-s3-part-count = { $count ->
    [one] One file needs more than { $value } parts
   *[other] { $count } files need more than { $value } parts
 }
rule-s3-characters-avoid = { $count ->
    [one] One name has characters that S3 advises to avoid
   *[other] { $count } names have characters that S3 advises to avoid
 }
rule-s3-characters-special = { $count ->
    [one] One name has characters that need care in addresses
   *[other] { $count } names have characters that need care in addresses
 }
rule-s3-dot-components = { $count ->
    [one] One name has a part that S3 treats specially
   *[other] { $count } names have a part that S3 treats specially
 }
rule-folder-component-bytes = { $count ->
    [one] One name is longer than { $value } bytes
   *[other] { $count } names are longer than { $value } bytes
 }
rule-folder-path-bytes = { $count ->
    [one] One path is longer than { $value } bytes
   *[other] { $count } paths are longer than { $value } bytes
 }

## Checks of a connection

access-reach = Reach the store
access-write = Write a test file
access-read = Read it back
access-remove = Remove it again
access-list = List what is there
access-checksum = The store reports checksums
access-if-none-match = The store refuses to overwrite
access-list-parts = The store lists parts
access-region = Region
access-clock = Clock

## Fields of a connection

field-path = Folder
field-bucket = Bucket
field-prefix = Folder in the bucket
field-region = Region
field-endpoint = Address of the store
field-addressing = Bucket in the address
field-access-key-id = Access key ID
field-secret-access-key = Secret access key
field-session-token = Session token
field-profile = Profile
field-ca-file = Certificate file
field-allow-http = Allow unencrypted http
kind-folder = A folder
kind-s3 = S3 bucket

## States

state-found = Found
state-ready = Ready
state-blocked = Can't be used
state-clash = Clash
state-same = Same
state-waiting = Waiting
state-sending = Sending
state-sent = Sent
state-verified = Verified
state-registered = Registered
state-visible = Visible
state-needs-you = Needs you
state-set-aside = Set aside
state-cancelled = Cancelled
severity-blocked = Can't be used
severity-warning = Please look
severity-note = Good to know

## Console

console-about = Uploads your files, proves that they arrived, and keeps a receipt. Gantry without a window.
console-examples =
    Examples:
      gantryctl check photos
      gantryctl send photos --to this-computer --yes
      gantryctl send photos --to my-bucket/2026/autumn --yes --json
      gantryctl resume
      gantryctl receipt last --format html > receipt.html

    Exit status: 0 everything arrived, 1 something needs you, 2 bad input, 3 could not start, 130 stopped.
console-check = Look at files and say what is wrong with them; nothing is sent
console-check-examples =
    Examples:
      gantryctl check photos
      gantryctl check photos notes.txt --for my-bucket
      gantryctl check photos --exclude 'raw/**' --json
console-send = Check files, send what is ready, and prove what arrived
console-send-examples =
    Examples:
      gantryctl send photos --to this-computer --yes
      gantryctl send photos --to my-bucket/2026/autumn --dry-run
      gantryctl send photos --contents --to my-bucket/all --include '*.jpg' --on-clash new-name --yes
      gantryctl send photos --to my-bucket --names '{"{"}prefix{"}"}/{"{"}sha256{"}"}.{"{"}ext{"}"}' --limit 2M --wait 1h --yes
console-resume = Go on with uploads that were stopped or interrupted, oldest first
console-resume-examples =
    Examples:
      gantryctl resume
      gantryctl resume last --wait 2h
      gantryctl resume 20261121-0954 --json
console-retry = Try again what needs you in an upload
console-retry-examples =
    Examples:
      gantryctl retry last
      gantryctl retry 20261121-0954 --json
console-set-aside = Leave the files of an upload that are still open
console-set-aside-examples =
    Examples:
      gantryctl set-aside last
      gantryctl set-aside last --reason clash
console-cancel = End an upload for good: parts are thrown away, what arrived stays
console-cancel-examples =
    Examples:
      gantryctl cancel last
      gantryctl cancel 20261121-0954 --json
console-uploads = List all uploads, newest first
console-uploads-examples =
    Examples:
      gantryctl uploads
      gantryctl uploads --json
console-show = List the files of an upload
console-show-examples =
    Examples:
      gantryctl show last
      gantryctl show last --state needs_you
      gantryctl show 20261121-0954 --json
console-receipt = Print the receipt of an upload
console-receipt-examples =
    Examples:
      gantryctl receipt last
      gantryctl receipt last --format html > receipt.html
      gantryctl receipt 20261121-0954 --format csv
console-connections = List, add, test and remove the places where files can go
console-connections-examples =
    Examples:
      gantryctl connections
      gantryctl connections add folder --name archive --set path=/media/archive
      gantryctl connections test archive
console-connections-add = Add a connection, or replace the one of that name
console-connections-add-examples =
    Examples:
      gantryctl connections add folder --name archive --set path=/media/archive
      gantryctl connections add s3 --name my-bucket --set bucket=pictures --set region=eu-central-1 --set profile=work
      gantryctl connections add s3 --name minio --set bucket=b --set endpoint=https://s3.example.org --set addressing=path --set access_key_id=me --secret secret_access_key

    Each --secret reads one line from standard input. In place of the keychain, a secret of one run can stand in the
    environment: GANTRY_SECRET_MINIO_SECRET_ACCESS_KEY for the connection minio.

    Fields of a folder: path. Fields of s3: bucket, prefix, region, endpoint, addressing (path or virtual),
    access_key_id, profile, ca_file, allow_http; secrets: secret_access_key, session_token.
console-connections-test = Try a connection for real: write, read back, remove
console-connections-test-examples =
    Examples:
      gantryctl connections test this-computer
      gantryctl connections test my-bucket --json
console-connections-remove = Remove a connection and its secrets; what was sent stays
console-connections-remove-examples =
    Examples:
      gantryctl connections remove my-bucket
      gantryctl connections remove my-bucket --force

console-arg-home = The data folder; else GANTRY_HOME, else the system's folder for data
console-arg-json = Print JSON lines for programs, and nothing else on standard output
console-arg-path = Files and folders
console-arg-contents = Leave the folder's own name out of the names
console-arg-include = Only files whose name or path matches; can be given often
console-arg-exclude = Leave out files whose name or path matches; can be given often
console-arg-include-hidden = Take hidden and system files too
console-arg-for = Check by the rules of this connection
console-arg-to = Where to: a connection, and perhaps a folder in it
console-arg-yes = Send all that is ready without asking
console-arg-dry-run = Read, check and compare, say what would happen, send nothing
console-arg-names = How names are made there, such as {"{"}prefix{"}"}/{"{"}relative_path{"}"}; also folder, name, stem, ext, uuid, sha256
console-arg-on-clash = Where another file has the name already: keep it, replace it, or send under a new name
console-arg-at-once = Most requests at once, 1 to 256; found by itself otherwise
console-arg-limit = Most bytes a second, such as 500k, 10M, 1Gi; 0 is full speed
console-arg-wait = How long to wait for what goes on by itself, such as 30s, 10m, 2h; 10m off a terminal, for ever on one
console-arg-upload = An upload's number, a beginning of it that no other has, or last
console-arg-upload-or-all = An upload's number, a beginning of it that no other has, or last; all of them otherwise
console-arg-reason = Only the files that stopped for this reason, such as clash
console-arg-state = Only the files in this state, such as needs_you
console-arg-format = The form: json, csv or html
console-arg-kind = What kind of store: folder or s3
console-arg-name = The connection's name: 1 to 64 letters, digits, - and _
console-arg-set = A field that is no secret; can be given often
console-arg-secret = Read this secret from standard input into the keychain; can be given often
console-arg-connection = The connection's name
console-arg-force = Also when unfinished uploads use it: they wait until it is back

console-bad-rate = { $value } is no rate. A number and k, M, G, Ki, Mi or Gi is one: 500k, 10M, 1Gi.
console-bad-duration = { $value } is no length of time. A number and s, m or h is one: 30s, 10m, 2h.
console-bad-target = { $value } is no place to send to. A connection is one, or a connection with a folder in it: my-bucket/2026/autumn.
console-bad-assignment = A field is set as FIELD=VALUE.
console-bad-name = A connection's name has 1 to 64 letters, digits, - and _.
console-bad-choice = Known are: { $known }.
console-bad-glob = This pattern makes no sense: { $said }.
console-needs-yes = Nobody is there to say yes. Add --yes to send all that is ready, or --dry-run to only look.
console-no-platform-yet = The rules of { $name } are not there yet.
console-no-such-kind = There is no such kind of connection. Known are: { $known }.
console-no-such-secret = There is no such secret field. Known are: { $known }.
console-no-secret-line = No line came for { $field } on standard input.
console-no-such-upload = There is no upload { $upload }.
console-set-twice = The field { $field } is set twice.
console-not-in-this-phase = This cannot be done with the upload { $upload }: { $phase }.
console-cannot-in-use =
    Gantry is already at work in this data folder: { $detail }.
    Wait until it has ended, or end it; nothing is lost. Another data folder can be named with --home.
console-cannot-newer =
    A newer version of Gantry wrote this journal (version { $detail }).
    It was left as it is. Install the newer Gantry, or name another data folder with --home.
console-cannot-damaged =
    The journal is damaged: { $detail }
    Nothing was changed. Open the window of Gantry and choose Repair, bring back a copy of journal.db, or name another data folder with --home. What was sent is where it was sent.
console-cannot-unwritable =
    The data folder cannot be used: { $detail }
    Allow reading and writing there, or name another one with --home.
console-cannot-full =
    No room is left on the disk of the data folder.
    Make room, then try again; nothing is lost.
console-next = What to do: { $action }.
console-secret-by-environment = For one run, a secret can stand in the environment: { $variable } with the field's name at its end.
console-for-example = for example { $path }; see { $source }
console-checked = { $count ->
    [one] One file of { $bytes } was checked.
   *[other] { $count } files of { $bytes } were checked.
 } Left out: { $left }.
console-check-fine = All of it can be sent.
console-check-warnings = { $warnings ->
    [one] All of it can be sent. Please look at one file.
   *[other] All of it can be sent. Please look at { $warnings } files.
 }
console-check-blocked = { $blocked ->
    [one] One file can't be sent like this.
   *[other] { $blocked } files can't be sent like this.
 }
console-no-files = There is no file to send. Left out: { $skipped }.
console-sum-files = { $count ->
    [one] One file:
   *[other] { $count } files:
 }
console-sum-verified = - { $count } verified by checksum
console-sum-by-size = - { $count } confirmed by size
console-sum-same = - { $count } there already, the same
console-sum-needs-you = { $count ->
    [one] - 1 needs you
   *[other] - { $count } need you
 }
console-sum-set-aside = - { $count } set aside
console-sum-waiting = - { $count } still waiting
console-sum-would-go = - { $count } would be sent
console-sum-left-out = Left out by rule: { $skipped }. Links and devices: { $notes }.
console-sum-run = This run sent { $bytes } in { $seconds } s.
console-trouble = { $title }: { $count ->
    [one] one file, { $example }
   *[other] { $count } files, such as { $example }
 }
console-open-next = To go on: gantryctl resume { $upload }. To try again what needs you: gantryctl retry { $upload }. To leave it: gantryctl set-aside { $upload }
console-open-in = { $count ->
    [one] One file needs you in { $upload }: gantryctl show { $upload } --state needs_you
   *[other] { $count } files need you in { $upload }: gantryctl show { $upload } --state needs_you
 }
console-receipt-is = Receipt: { $path }
console-would-be = A name as it would be: { $key }
console-ask = { $count ->
    [one] Send one file ({ $bytes })? [y/N]
   *[other] Send { $count } files ({ $bytes })? [y/N]
 }
console-nothing-sent = Nothing was sent.
console-waited = Nothing moved for as long as we were to wait. It is kept, and goes on with resume.
console-nothing-to-resume = There is nothing to resume.
console-nothing-to-resume-here = There is nothing to resume in { $upload }: { $phase }.
console-cancel-finished = This upload is finished; there is nothing to cancel.
console-looking-begins = Looking at the files.
console-looking = Looking at the files: { $count }
console-sending-begins = { $count ->
    [one] Sending one file, { $bytes }, to { $place }.
   *[other] Sending { $count } files, { $bytes }, to { $place }.
 }
console-tenth = { $percent } %, { $done } of { $count } files
console-moving = { $done } of { $count } files, { $speed }/s
console-left = , { $left } left
console-held = { $title }. It is tried again by itself. { $again }
console-goes-on = It goes on.
console-no-uploads = There is no upload yet.
console-show-head = { $upload }: { $phase }, to { $place }
console-column-upload = UPLOAD
console-column-phase = STANDS
console-column-files = FILES
console-column-done = DONE
console-column-needs-you = NEED YOU
console-column-place = PLACE
console-column-title = WHAT
console-column-name = NAME
console-column-kind = KIND
console-column-secret = SECRET
console-column-tested = TESTED
console-phase-reading = reading
console-phase-review = waits for your yes
console-phase-planning = comparing
console-phase-sending = sending
console-phase-paused = paused
console-phase-stopped = stopped
console-phase-finished = finished
console-phase-cancelled = cancelled
console-secret-keychain = in the keychain
console-secret-until-quit = until you quit
console-secret-environment = in the environment
console-secret-missing = missing
console-added = Connection { $name } is there: { $place }
console-removed = Connection { $name } was removed. What was sent stays.
console-check-passed = yes: { $check }
console-check-failed = no: { $check }
console-check-open = not checked: { $check }
