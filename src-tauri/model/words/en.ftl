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
problem-journal-closed =
    .title = Gantry's notes are not open
    .body = Nothing can be taken or sent before they are. The banner at the top says why.
    .action = See the banner
problem-no-files-in-clipboard =
    .title = No files to paste
    .body = The clipboard holds no files of this computer. Copy them in your file manager first.
    .action = Copy files, then paste
problem-cannot-open =
    .title = The system could not open it
    .body = No program took { $path }.
    .action = Open it yourself
problem-path-not-text =
    .title = This folder's name is not readable text
    .body = Its name has bytes that are no letters, so it can't stand in a field.
    .action = Choose or make another folder

## Dialogs of the system

dialog-files = Choose files to upload
dialog-folders = Choose folders to upload
dialog-destination = Choose the folder to send to
dialog-file = Choose a file
dialog-export = Save the list

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
