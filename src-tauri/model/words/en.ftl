### Every sentence that people read: window, console, receipts. One word, one meaning; see the glossary.
### A problem has a title (what happened), a body (why), and an action (what to do next).

## The window. Its sentences stand under `ui-`; what it shares with the console is in the sections below.

ui-app-name = Gantry
ui-window-title = { $name } – Gantry
ui-nav-upload = Upload
ui-nav-manifests = Manifests
ui-nav-history = History
ui-nav-connections = Connections
ui-nav-settings = Settings
ui-nav-help = Help
ui-route = Route
ui-this-computer = This computer
ui-checked-here = files are checked here first
ui-a-folder-or-bucket = A folder or your bucket
ui-kinds-of-stores = this computer, Amazon S3 and compatible
ui-drop-here = Drop files or folders here
ui-checked-first = They are checked on this computer first.
ui-nothing-sent-yet = Nothing is sent until you say so.
ui-choose-files = Choose files…
ui-choose-folder = Choose folder…
ui-choose = Choose…
ui-or-paste = Or paste with
ui-try-samples = Try it with sample files
ui-let-go = Let go to check these files
ui-let-go-hint = Nothing is sent yet. You see the result first.
ui-held = { $count ->
    [one] One file or folder
   *[other] { $count } files or folders
 }
ui-drop-refused = These items are not files on this computer. Save them first, or use Choose files.
ui-open-uploads = Uploads that are not finished
ui-open-reading = is being read
ui-open-review = is waiting for your look
ui-open-planning = is about to go
ui-open-sending = { $done } of { $files } done
ui-open-paused = paused at { $done } of { $files }
ui-open-stopped = stopped at { $done } of { $files }
ui-open-finished = finished
ui-open-cancelled = cancelled
ui-open-it = Open
ui-go-on = Go on
ui-go-on-n = { $count ->
    [one] Go on with one file
   *[other] Go on with { $count } files
 }

ui-reading = Reading { $title }
ui-reading-nothing = Reading what you gave
ui-of-checked = of { $count } checked
ui-of-checked-long = { $done } of { $files } files checked
ui-checking = Checking
ui-stop-reading = Stop
ui-found-so-far = Found so far
ui-nothing-found = Nothing to report so far.
ui-what-is-in-it = What is in it
ui-hidden-skipped = Hidden or left out
ui-links-skipped = Links and special files, not followed
ui-nothing-sent-reading = Nothing has been sent. You can look around while the rest is read.
ui-choose-where = Choose where they go
ui-where-hint = checks change with it, files are not read again
ui-kind-image = Images
ui-kind-audio = Sound
ui-kind-video = Video
ui-kind-point-cloud = Point clouds
ui-kind-text = Text
ui-kind-document = Documents
ui-kind-other = Other files
ui-files-and-bytes = { $count ->
    [one] One file · { $bytes }
   *[other] { $count } files · { $bytes }
 }

ui-review = Review
ui-review-of = Review of { $title }
ui-destination-is = Destination: { $place }
ui-destination-sub = { $kind } · { $name }
ui-destination-more = Prefix, names, what to leave out…
ui-connect-bucket-more = Connect a bucket…
ui-other-destination = Choose another destination
ui-n-files = { $count ->
    [one] 1 file
   *[other] { $count } files
 }
ui-show-n-files = { $count ->
    [one] 1 file
   *[other] { $count } files
 }
ui-source = Source
ui-source-of-rule = of this rule: { $rule }
ui-source-checked = checked { $day }
ui-fix-gps = Remove positions
ui-fix-rotate = Turn copies upright
ui-fix-scale = Make copies smaller
ui-fix-convert = Convert copies
ui-fix-some = { $count ->
    [one] It works on one of them.
   *[other] It works on { $count } of them.
 }
ui-fix-needs = Copies take about { $bytes }.
ui-may-go = { $count ->
    [one] It may go
   *[other] They may go
 }
ui-you-said-go = You said that this may go.
ui-undo = Undo
ui-on-copies = On copies
ui-copies-take = { $held } of at most { $limit }
ui-fixed-gps = { $count ->
    [0] Copies without positions
    [one] One copy without its position
   *[other] { $count } copies without positions
 }
ui-fixed-rotate = { $count ->
    [0] Copies turned upright
    [one] One copy turned upright
   *[other] { $count } copies turned upright
 }
ui-fixed-scale = { $count ->
    [0] Smaller copies
    [one] One smaller copy
   *[other] { $count } smaller copies
 }
ui-fixed-convert = { $count ->
    [0] Converted copies
    [one] One converted copy
   *[other] { $count } converted copies
 }
ui-making-copies = Making copies: { $made } of { $count }
ui-stop-copies = Stop
ui-becomes = becomes
ui-originals-stay = Copies are sent in place of these files. The files themselves stay as they are.
ui-no-files = There are no files in it.
ui-only-hidden = { $count ->
    [one] There is only one hidden file here. It is skipped.
   *[other] There are only { $count } hidden files here, such as .DS_Store or Thumbs.db. They are skipped.
 }
ui-include-hidden = Include hidden files
ui-include-hidden-long = Take hidden and system files too
ui-none-usable = { $count ->
    [one] This file can't be used here.
   *[other] None of these { $count } files can be used here.
 }
ui-everything-fits = { $count ->
    [one] Everything fits. One file is ready for { $place }.
   *[other] Everything fits. { $count } files are ready for { $place }.
 }
ui-looking = Looking…
ui-files = Files
ui-all-files = All files
ui-folders = Folders
ui-all-folders = All folders
ui-all-folders-total = All folders
ui-files-in = Files: { $title }
ui-files-of = Files: { $title }
ui-files-none = No file is in this list.
ui-find-file = Find a file
ui-folder-needs-you = { $count ->
    [one] 1 needs you
   *[other] { $count } need you
 }
ui-folder-blocked = { $count } can't be used
ui-folder-look = { $count } to look at
ui-column-file = File
ui-column-folder = Folder
ui-column-files = Files
ui-column-many = How many
ui-column-size = Size
ui-column-pixels = Size, px
ui-column-state = State
ui-column-progress = Progress
ui-column-place = Place
ui-column-when = When
ui-column-matches = Files
ui-column-actions = Actions
ui-column-started = Started
ui-column-number = Receipt no.
ui-column-name = Name
ui-column-key = Secret
ui-column-tested = Tested
ui-pixels = { $w } × { $h }
ui-pixels-long = { $w } × { $h } px
ui-compared = Compared with what is already there
ui-diff-new = New
ui-diff-same = Same
ui-diff-changed = Changed
ui-diff-unsure = Shows when read
ui-diff-checking = Already there: checking…
ui-diff-not-checked = What is there already could not be looked at.
ui-diff-unlisted = What is there already shows when the files are sent.
ui-back-to-review = Back to review
ui-discard = Discard
ui-upload-n = { $count ->
    [one] Upload one file
   *[other] Upload { $count } files
 }
ui-nothing-to-send = Nothing to send

ui-where-to = Where should they go?
ui-tested-when = Tested: { $when }
ui-never-tested = Not tested yet
ui-prefix = Folder there
ui-prefix-hint = Put before each name, below the connection's own folder.
ui-if-there = If another file has the name already
ui-clash-keep = Leave it there and ask me
ui-clash-replace = Replace it
ui-clash-new-name = Send under a new name
ui-replace-there = Replace what is there…
ui-replace-title = { $count ->
    [one] Replace the file that is there?
   *[other] Replace { $count } files that are there?
 }
ui-replace-body = { $count ->
    [one] What is there now is overwritten with your file. It is gone for good, unless the store keeps versions.
   *[other] What is there now is overwritten with your files. It is gone for good, unless the store keeps versions.
 }
ui-replace-yes = { $count ->
    [one] Replace it
   *[other] Replace { $count } files
 }
ui-replace-no = Leave them there
ui-names = Names
ui-key-template = Name at the destination
ui-key-template-hint = You can use {"{prefix}"}, {"{relative_path}"}, {"{uuid}"} and {"{sha256}"}. Your local path is never sent.
ui-what-that-makes = What that makes
ui-sha256-hint = With {"{sha256}"} each file is read twice.
ui-leave-out = Leave out
ui-patterns = Patterns
ui-patterns-hint = One on each line, such as *.tmp or raw/**
ui-every-nth = Only every n-th picture
ui-every-nth-hint = 1 takes all of them.

ui-thumbnail-of = Small picture of { $name }
ui-close = Close
ui-close-ticket = Close the file
ui-measured = Measured
ui-as-it-will-be = As it will be
ui-as-it-is-there = As it is there
ui-fact-kind = Kind
ui-fact-pixels = Size as shown
ui-fact-stored = Stored
ui-fact-bytes = Bytes
ui-fact-size = Size
ui-fact-copy = Copy
ui-fact-original = The file itself
ui-fact-modified = Changed
ui-fact-key = Key
ui-fact-url = Address
ui-fact-external-id = External ID
ui-fact-content-type = Type
ui-fact-proof = Proof
ui-fact-when = When
ui-not-rotated = not rotated
ui-rotated = rotated
ui-proof-size = Size confirmed by the store, no checksum
ui-proof-checksum = Checksum { $algorithm }, reported by the store
ui-proof-accepted = Taken, not confirmed: the platform tells neither size nor checksum
ui-send-again = Send again
ui-set-aside-one = Set aside
ui-format-jpeg = JPEG
ui-format-png = PNG
ui-format-gif = GIF
ui-format-bmp = BMP
ui-format-webp = WebP
ui-format-tiff = TIFF
ui-format-heic = HEIC
ui-format-avif = AVIF
ui-format-mp3 = MP3
ui-format-wav = WAV
ui-format-flac = FLAC
ui-format-ogg = Ogg
ui-format-m4a = M4A
ui-format-mp4 = MP4
ui-format-mov = QuickTime
ui-format-webm = WebM or Matroska
ui-format-avi = AVI
ui-format-pcd = PCD
ui-format-ply = PLY
ui-format-las = LAS
ui-format-laz = LAZ
ui-format-splat = splat
ui-format-dicom = DICOM
ui-format-nifti = NIfTI
ui-format-nifti-gz = Compressed NIfTI
ui-format-nrrd = NRRD
ui-format-pdf = PDF
ui-format-zip = ZIP
ui-format-gzip = gzip
ui-format-json = JSON
ui-format-html = HTML
ui-format-markdown = Markdown
ui-format-text = Text
ui-format-unknown = Not known

ui-sent-verified = { $sent } sent, { $verified } verified
ui-of-done = of { $files } done
ui-of-files = { $done } of { $files } files
ui-of = { $done } / { $files }
ui-of-bytes = { $done } of { $bytes }
ui-n-need-you = { $count ->
    [one] 1 needs you
   *[other] { $count } need you
 }
ui-about-left = about { $left } left
ui-working-out = working out the time…
ui-looking-there = looking at what is there already…
ui-all-checked = all checked
ui-sending = Sending
ui-verifying = Verifying
ui-by-checksum = by checksum
ui-by-size-some = { $count } by size only
ui-by-accepted-some = { $count } taken, not confirmed
ui-per-second = { $bytes }/s
ui-at-once = · { $count } at once
ui-nothing-moves = Nothing moves just now.
ui-speed-full = Speed: full
ui-speed-limited = Speed: at most { $bytes }/s
ui-upload-more = Upload more…
ui-close-goes-on = You can close the window. The next start goes on.
ui-close-waits = If you close the window, it waits until you go on.
ui-needs-you = Needs you
ui-needs-rest = { $count ->
    [one] 1 file, the rest goes on
   *[other] { $count } files, the rest goes on
 }
ui-show = Show
ui-list-folders = Folders
ui-list-moving = In progress
ui-list-needs = Needs you
ui-list-done = Done
ui-pause = Pause
ui-paused = Paused
ui-paused-banner = Paused. It goes on when you say so.
ui-pausing = { $count ->
    [0] Pausing…
    [one] Pausing, finishing what is on its way…
   *[other] Pausing, finishing { $count } that are on their way…
 }
ui-stop-more = Stop…
ui-stop-title = Stop now?
ui-stop-body = { $count ->
    [one] One file is there and stays there. You can go on later from History.
   *[other] { $count } files are there and stay there. You can go on later from History.
 }
ui-stop-yes = Stop and keep
ui-stop-no = Keep uploading
ui-cancel-more = Give up…
ui-cancel-title = Give up this upload?
ui-cancel-body = { $count ->
    [one] One file is there and stays there. What was half sent is removed. You can't go on with it later.
   *[other] { $count } files are there and stay there. What was half sent is removed. You can't go on with it later.
 }
ui-cancel-yes = Give it up
ui-cancel-no = Keep it
ui-hold-slow = { $at_once ->
    [0] We wait.
   *[other] We send fewer: now { $at_once } at once.
 }
ui-hold-again = Next try at { $time }.
ui-try-now = Try now
ui-try-again = Try again
ui-to-connections = Open connections

ui-work-title = { $count ->
    [0] Nothing needs you
    [one] One file needs you
   *[other] { $count } files need you
 }
ui-set-aside-title = { $count ->
    [0] Nothing is set aside
    [one] One file is set aside
   *[other] { $count } files are set aside
 }
ui-work-sub = { $title } to { $place }. There already: { $done }.
ui-tab-needs = Needs you { $count }
ui-tab-aside = Set aside { $count }
ui-work-list = Work list
ui-work-hint = A file that is set aside is not sent. Then this upload is finished.
ui-nothing-needs-you = Nothing needs you.
ui-nothing-aside = Nothing is set aside.
ui-show-files = Show files
ui-hide-files = Hide files
ui-export-list = Export list…
ui-ignore-here = Ignore for this upload
ui-send-these-again = { $count ->
    [one] Send this one again
   *[other] Send these { $count } again
 }
ui-keep-there = Keep what is there
ui-details = Details
ui-copy = Copy
ui-copied = Copied
ui-back = Back

ui-not-finished = Not finished yet
ui-finished-word = Finished
ui-stopped-word = Stopped
ui-done-verified = { $done } of { $files } verified
ui-done-there = { $done } of { $files } are there
ui-done-verified-needs = { $count ->
    [one] { $done } verified, 1 needs you
   *[other] { $done } verified, { $count } need you
 }
ui-done-there-needs = { $count ->
    [one] { $done } there, 1 needs you
   *[other] { $done } there, { $count } need you
 }
ui-done-stopped = Stopped at { $done } of { $files }
ui-done-cancelled = Given up at { $done } of { $files }
ui-proof-all = { $bytes } in { $time }. Every file that is counted as there was verified by checksum.
ui-proof-some-size = { $count ->
    [one] { $bytes } in { $time }. The store reported no checksum for one file: its size was confirmed.
   *[other] { $bytes } in { $time }. The store reported no checksum for { $count } files: their size was confirmed.
 }
ui-proof-nothing = Nothing was sent.
ui-proof-some-accepted = { $count ->
    [one] { $bytes } in { $time }. The platform took one file and confirmed neither its size nor its checksum.
   *[other] { $bytes } in { $time }. The platform took { $count } files and confirmed neither their size nor their checksum.
 }
ui-account-label = Where each file is
ui-account-checksum = Verified by checksum
ui-account-size = Size confirmed
ui-account-accepted = Taken, not confirmed
ui-account-same = Same, not sent again
ui-account-ahead = Not sent yet
ui-account-needs-you = Needs you
ui-account-set-aside = Set aside on purpose
ui-account-cancelled = Given up
ui-files-given = Files you gave
ui-besides = { $notes ->
    [0] Besides: { $skipped } hidden or left out.
    [one] Besides: { $skipped } hidden or left out, 1 link or special file.
   *[other] Besides: { $skipped } hidden or left out, { $notes } links or special files.
 }
ui-look-at-n = { $count ->
    [one] Look at the file
   *[other] Look at the { $count } files
 }
ui-list-files = List the files
ui-show-them = Show
ui-done-hint-needs = Set them aside if they should not go. Then this upload is finished.
ui-done-hint = Drop the folder again at any time: what is there already is not sent twice.
ui-receipt = Receipt
ui-receipt-html = HTML
ui-receipt-csv = CSV
ui-receipt-json = JSON
ui-receipt-folder = Show in folder
ui-receipt-html-long = Open receipt
ui-receipt-csv-long = Receipt as CSV
ui-receipt-json-long = Receipt as JSON
ui-receipt-folder-long = Show receipt in folder
ui-copy-command = Copy as command
ui-slip-from = From
ui-slip-to = To
ui-slip-started = Started
ui-slip-took = Time taken
ui-slip-until-now = Until now
ui-slip-files = Files
ui-slip-proof = Proven by
ui-slip-checksum = Checksum
ui-slip-size = Size
ui-slip-both = Checksum or size
ui-slip-accepted = Taken, not confirmed
ui-slip-open = { $count ->
    [one] Open: 1 file
   *[other] Open: { $count } files
 }
ui-stamp-verified = Verified
ui-stamp-size = Size confirmed
ui-stamp-accepted = Taken
ui-stamp-files = { $count ->
    [one] one file by checksum
   *[other] { $count } files by checksum
 }
ui-stamp-files-size = { $count ->
    [one] one file arrived
   *[other] { $count } files arrived
 }

ui-uploads = Uploads
ui-all-uploads = All uploads
ui-find-history = Find a file in all uploads
ui-where-went = Where { $name } went
ui-found-in = { $uploads ->
    [0] in no upload
    [one] { $files } in 1 upload
   *[other] { $files } in { $uploads } uploads
 }
ui-files-found = Files found
ui-history-empty = Uploads you make appear here with a receipt.
ui-to-upload = Choose what to upload
ui-in-review = In review
ui-nothing-sent = Nothing sent
ui-not-chosen = not chosen yet
ui-register-at = Register at a platform
ui-more-for = More for { $title }

ui-keys-kept = Secrets are kept in { $keychain }. They are never shown again.
ui-keychain-linux = your keychain
ui-keychain-macos = the macOS keychain
ui-keychain-windows = Windows Credential Manager
ui-keychain-absent-hint = What you enter is kept only until you quit. It is never written to disk in the clear.
ui-keychain-locked-hint = Unlock it to use the secrets in it. What you enter now is kept only until you quit.
ui-connect-folder = Add a folder
ui-connect-bucket = Connect a bucket
ui-kinds-folder = Folders
ui-kinds-s3 = Buckets
ui-kinds-segments = Segments.ai
ui-kinds-labelbox = Labelbox
ui-kinds-ango = Ango Hub
ui-none-folder = No folder yet.
ui-none-s3 = No bucket yet. Setting one up takes a few minutes, and you do it once.
ui-none-segments = No connection to Segments.ai yet. You need an API key from your account page.
ui-none-labelbox = No connection to Labelbox yet. You need an API key from your workspace.
ui-none-ango = No connection to Ango Hub yet. You need an API key from your account.
ui-setting-up-takes = What setting up takes
ui-step-bucket = Bucket
ui-step-bucket-hint = Give its name. The region is found by itself.
ui-step-access = Access
ui-step-access-hint = Copy one policy, paste two keys. Nothing more is allowed than needed.
ui-step-test = Test
ui-step-test-hint = A small file is written, read back and removed. You see each step.
ui-secret-keychain = in the keychain
ui-secret-until-quit = until you quit
ui-secret-environment = from the environment
ui-secret-missing = Secret is missing
ui-enter-secret = Enter the secret
ui-works = Works
ui-does-not-work = Does not work
ui-not-tested = Not tested
ui-testing = Testing…
ui-check-access = Check access
ui-change-folder = Change folder…
ui-change-connection = Change…
ui-last-test = Show the last test
ui-remove-more = Remove…
ui-remove-title = Remove { $name }?
ui-remove-body = Its fields and its secret are forgotten. Files that were sent stay where they are.
ui-remove-body-open = { $count ->
    [one] One upload that is not finished uses it, and will wait until it is connected again under the same name. Its secret is forgotten.
   *[other] { $count } uploads that are not finished use it, and will wait until it is connected again under the same name. Its secret is forgotten.
 }
ui-remove-yes = Remove
ui-remove-no = Keep it
ui-all-connections = All connections
ui-check-passed = Passed
ui-check-failed = Failed
ui-check-skipped = Not checked
ui-check-learned = Learned
ui-check-again = Check again
ui-doctor-passed = { $name } works
ui-doctor-failed = { $count ->
    [one] One thing stops { $name } from working
   *[other] { $count } things stop { $name } from working
 }
ui-doctor-none = Not tested yet
ui-doctor-sum = { $passed } passed, { $failed } failed, { $skipped } not checked.
ui-access-failed = This did not work. Look at the fields of the connection and at what the key may do, then check again.
ui-access-reach-failed = There was no answer from the store. Look at the address, the network and the proxy.
ui-access-write-failed = The store does not let this key write there. Look at the policy of the key and at the folder in the bucket.
ui-access-read-failed = The store does not let this key read there, so that what arrived can't be checked.
ui-access-remove-failed = The store does not let this key remove there. The small test file stays; it does no harm.
ui-access-list-failed = The store does not let this key list. What is there already is then asked for file by file.
ui-access-checksum-failed = The store reports no checksums. Files are then counted as size confirmed, not as verified.
ui-access-if-none-match-failed = The store does not refuse to overwrite. Gantry looks first, which is not quite as safe.
ui-access-list-parts-failed = The store does not list parts. Large files go on from Gantry's own notes.
ui-access-region-failed = The bucket is in another region than the connection says.
ui-access-clock-failed = Your computer's clock is off. Set it, then check again.

ui-connect-s3-title = Connect a bucket
ui-connect-folder-title = Add a folder
ui-connect-segments-title = Connect a platform
ui-connect-labelbox-title = Connect a platform
ui-connect-ango-title = Connect a platform
ui-connect-change = Change connection
ui-connect-form = Connection
ui-connection-name = Name of the connection
ui-connection-name-hint = For you to recognise it: letters, digits, - and _
ui-name-rule = Use 1 to 64 letters, digits, - or _
ui-field-missing = This is needed
ui-form-wrong = { $count ->
    [one] One field is not right yet.
   *[other] { $count } fields are not right yet.
 }
ui-optional = (optional)
ui-by-itself = By itself
ui-choice-path = In the path
ui-choice-virtual = In the host name
ui-hint-field-path = Files are written here, and nothing else in it is touched.
ui-hint-field-bucket = Its name only, without s3:// in front.
ui-hint-field-prefix = Everything goes below this folder.
ui-hint-field-region = Left empty, the store says which it is.
ui-hint-field-endpoint = Empty for Amazon. Another store: its https address.
ui-hint-field-addressing = Most stores other than Amazon want it in the path.
ui-hint-field-ca-file = If your network or store has a certificate of its own.
ui-hint-field-session-token = Only with temporary keys. They expire.
ui-hint-field-profile = Use the keys of this profile of the AWS tools instead.
ui-hint-field-allow-http = What is sent can then be read on the way.
ui-hint-field-api-key = You make it on the platform's own page. It can do all that you can do there.
ui-hint-field-api-url = Empty for the public one. Another server, or an installation of your own: its https address.
ui-hint-field-settle-seconds = After a call without an answer, what was registered may show only later. Gantry waits so long before it asks again.
ui-policy = Policy for a user that can reach this bucket and nothing else
ui-policy-hint = for a user that can reach this and nothing else
ui-copy-policy = Copy policy
ui-policy-PutObject = send files
ui-policy-GetObject = check what arrived
ui-policy-DeleteObject = remove the test file again
ui-policy-ListBucket = find what is already there
ui-policy-ListMultipartUploadParts = go on after an interruption
ui-policy-ListBucketMultipartUploads = go on from another computer
ui-policy-AbortMultipartUpload = clean up if you give up
ui-secret-kept = Kept in { $keychain }. It is never shown again.
ui-secret-kept-until-quit = Kept in memory until you quit, and written nowhere.
ui-secret-unchanged = Leave every secret empty, and what is kept stays.
ui-secret-replaces = New secrets replace everything that is kept for this connection.
ui-secret-again = Enter this one too: new secrets replace everything that is kept for this connection.
ui-secret-token-again = If your key has a token, enter it too: new secrets replace everything that is kept.
ui-use-value = Use { $value }
ui-until-quit = Keep it only until I quit
ui-show-secret = Show: { $field }
ui-paste = Paste
ui-paste-by-keys = Paste with the keyboard: this system does not let a button do it.
ui-rare-s3 = Another store than Amazon, certificates, temporary keys
ui-rare-folder = More
ui-rare-segments = Another server
ui-rare-labelbox = Another server
ui-rare-ango = Another server or region, an installation of your own
ui-save-and-test = Save and test

ui-labelling-platform = A labelling platform
ui-kinds-of-platforms = Segments.ai, Labelbox, Ango Hub
ui-not-registered-yet = registered as files arrive
ui-word-registered = Registered
ui-word-registered-means = The platform answered that it has a row for this file.
ui-word-visible = Visible
ui-word-visible-means = The platform has finished with the row, so that its page shows the file.
ui-kinds-platform = Platforms
ui-none-platform = No labelling platform yet. With one, files are registered in a dataset as soon as they have arrived.
ui-connect-platform = Connect a platform
ui-connect-platform-more = Connect a platform…
ui-check-key = Check key
ui-keep-connection = Keep connection
ui-key-page-segments = You find your API key on your account page at Segments.ai, under API keys.
ui-key-page-labelbox = You make an API key in Labelbox in the settings of your workspace, under API.
ui-key-page-ango = You find your API key in Ango Hub on your account page. The vendor's guide shows where.
ui-key-page-open = Open the page
ui-who-label = Whose key it is
ui-who-is = { $platform } knows this key: { $name }
ui-who-email = E-mail
ui-who-owners = Organisations
ui-who-plan = Plan
ui-who-integrations = Accesses to buckets
ui-containers-segments = Datasets
ui-containers-labelbox = Datasets
ui-containers-ango = Projects
ui-access-platform-reach = The platform accepts the key
ui-access-platform-write = Send a file (shows with the first upload)

ui-platform-and-container = { $platform } · { $container }
ui-recommended = Recommended
ui-way-bucket-platform = My bucket, registered at the platform
ui-way-bucket-platform-hint = Your files stay yours. The platform reads them from your bucket.
ui-way-platform = The platform's own storage
ui-way-platform-hint = The platform keeps a copy of each file. No bucket is needed.
ui-way-store = Bucket or folder only
ui-way-store-hint = Nothing is registered anywhere.
ui-bucket = Bucket
ui-platform = Platform
ui-platform-option = { $platform } · { $name }
ui-no-bucket-yet = There is no bucket yet. Setting one up takes a few minutes, and you do it once.
ui-no-platform-yet = No platform is connected yet. You need an API key from your account there.
ui-container-segments = Dataset
ui-container-labelbox = Dataset
ui-container-ango = Project
ui-container-at = { $container } at { $platform }
ui-container-needed = Choose where to register.
ui-picker-hint = Search by name
ui-picker-found = { $count ->
    [0] None found
    [one] 1 found
   *[other] { $count } found
 }
ui-picker-more = { $count ->
    [one] and one more: type to narrow the list
   *[other] and { $count } more: type to narrow the list
 }
ui-picker-none = Nothing is called “{ $name }”.
ui-n-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
 }
ui-new-segments = New dataset
ui-new-labelbox = New dataset
ui-new-ango = New project
ui-new-segments-more = New dataset…
ui-new-labelbox-more = New dataset…
ui-new-ango-more = New project…
ui-new-owner = Owner
ui-new-type = Type
ui-make-it = Make it
ui-making = Making it…
ui-made = { $name } was made, and is chosen.
ui-cancel = Cancel
ui-own-words = { $platform } says: “{ $said }”
ui-batch = Batch
ui-batch-none = None
ui-integration = Access to the bucket
ui-integration-none = None
ui-integration-option = { $name } ({ $standing })
ui-integration-option-default = { $name } ({ $standing }, default)
ui-integration-valid = valid
ui-integration-invalid = not valid
ui-integration-unknown = not told
ui-access-valid = Access is valid
ui-access-invalid = Access is not valid
ui-access-unknown = Not told whether valid
ui-integration-absent = Only what is public can be shown
ui-integration-not-needed = Not needed
ui-integration-elsewhere = This access reads the bucket { $bucket }. Your files go to another one, which it can't show.
ui-integration-invalid-long = The platform says that this access does not work. Repair it on its pages, or choose another one.
ui-integration-silent-segments = Segments.ai reads a private bucket by an access that you set up on its own pages. It does not tell Gantry about it, so nothing is checked here. Without one, sign the addresses.
ui-addresses = Addresses
ui-addresses-plain = Plain, opened by the access
ui-addresses-signed = { $count ->
    [one] Signed for 1 day
   *[other] Signed for { $count } days
 }
ui-addresses-die = They die on { $day }
ui-addresses-public = Plain, for public files
ui-addresses-public-hint = Without an access the platform shows only what everybody may read. Choose an access, or sign the addresses.
ui-address-inside = { $platform } can't reach { $address }: it is an address of this computer or its network. Rows would be made, and their files not shown.
ui-addresses-plain-hint = The platform opens your bucket with its own access. Addresses stay good.
ui-addresses-signed-hint = Whoever has a signed address can read that file until the day it dies. After it, the platform can't show the files.
ui-grouping = What makes a row
ui-shape-sequence = One row of this dataset holds many files in their order.
ui-shape-scene = One row of this dataset holds a point cloud with the pictures of its cameras.
ui-shape-scene-sequence = One row of this dataset holds point clouds in their order, with pictures.
ui-shape-multi-sensor = One row of this dataset holds several sensors, each with its own frames.
ui-grouping-file = Each file
ui-grouping-file-hint = As many rows as files.
ui-grouping-folder = Each folder
ui-grouping-folder-hint = All files of a folder, in the order of their names.
ui-grouping-number = The number in the name
ui-grouping-number-hint = drive_0001.pcd and drive_0002.pcd are frames 1 and 2 of drive.
ui-grouping-sensors = Several sensors
ui-grouping-sensors-hint = Files that differ in their extension only, or lie in folders beside each other.
ui-address-own = The platform gives the address.
ui-rows-as = Rows as they will be
ui-unfinished = Choose a dataset or project first. Nothing is sent before.
ui-own-storage = in the platform's own storage
ui-by-integration = reads your bucket
ui-by-signed = { $count ->
    [one] by addresses signed for 1 day
   *[other] by addresses signed for { $count } days
 }
ui-by-address = by plain addresses
ui-diff-files = Files
ui-diff-rows = Rows
ui-diff-clash = Clash
ui-compared-rows = Rows compared with what the platform has
ui-upload-register-n = { $count ->
    [one] Upload and register one file
   *[other] Upload and register { $count } files
 }
ui-registering = Registering
ui-registered-of = { $done } of { $files } files registered
ui-n-registered = { $count } registered
ui-n-visible = { $count } visible
ui-at-platform = at { $platform }
ui-sent-registered = { $sent } sent, { $registered } registered
ui-done-registered = { $done } of { $files } registered in { $container }
ui-done-registered-needs = { $count ->
    [one] { $done } registered, 1 needs you
   *[other] { $done } registered, { $count } need you
 }
ui-open-container = Open { $container }
ui-account-registered = Registered
ui-account-visible = Registered, visible there
ui-account-unregistered = Verified, not registered
ui-slip-registered = Registered in
ui-work-sub-rows = { $title } to { $place }. { $done } are registered.
ui-work-hint-rows = A file that is set aside is not registered. Then this upload is finished.
ui-strip-needs-rows = { $count ->
    [one] { $title }: { $done } are registered, 1 needs you
   *[other] { $title }: { $done } are registered, { $count } need you
 }
ui-register-these-again = { $count ->
    [one] Register this one again
   *[other] Register these { $count } again
 }
ui-again-action = Choose another dataset
ui-again-hint = What was sent stays in the bucket. Give the files again and choose another dataset: nothing is sent twice.
ui-fact-row-key = Name there
ui-fact-row-id = ID there
ui-metadata = Metadata
ui-attachments = Attachments
ui-tables = What is known about the files
ui-tables-none = A table (CSV) with a column of file names can tell the platform more: metadata, split, tags, attachments.
ui-table-add = Add a table…
ui-table-not-sent = It is not sent itself.
ui-table-is-file = It is a file, send it
ui-table-leave = Leave it out
ui-table-is-about = It is about the files
ui-table-columns = Columns and where they go
ui-table-empty-column = no values in the first lines
ui-table-in-the-way = { $path } can't be used as it is. Nothing is sent before that is settled.
ui-goes-name = Names the files
ui-goes-metadata = Metadata
ui-goes-split = Split
ui-goes-tags = Tags
ui-goes-attachment = Attachment
ui-goes-ignore = Left out
ui-metadata-name-of = Name of the metadata of { $column }
ui-attachment-type-of = Type of the attachments of { $column }
ui-attachment-by-value = type: by the value
ui-table-show-lines = { $count ->
    [one] Show it
   *[other] Show { $count } lines
 }
ui-table-hide-lines = Hide them
ui-table-line = line { $line }
ui-table-cells = { $count ->
    [one] one cell
   *[other] { $count } cells
 }
ui-table-no-name = (no name)
ui-table-more-lines = Show more
ui-table-first-lines = These are the first { $count } of them.
ui-said-of-all = Said of all files
ui-said-of-all-hint = Goes along with every file. What a table says of a file wins.
ui-said-name = Name
ui-said-value = Value of { $name }
ui-said-value-short = Value
ui-said-remove = Remove { $name }
ui-said-add = Add one
ui-priority = Priority
ui-priority-hint = Files with a higher number come first at the platform.

ui-set-general = General
ui-set-transfers = Transfers
ui-set-checks = Checks
ui-set-names = Names
ui-set-receipts = Receipts
ui-set-privacy = Privacy
ui-theme = Theme
ui-theme-system = System
ui-theme-light = Light
ui-theme-dark = Dark
ui-at-start = At the start
ui-go-on-at-start = Go on with unfinished uploads
ui-go-on-at-start-hint = What you paused or stopped waits for you.
ui-version = Version
ui-speed = Speed
ui-speed-is-full = Full
ui-speed-is-limited = Limited
ui-speed-hint = Applies at once, also to what is on its way.
ui-limit-label = Megabytes a second
ui-megabytes-a-second = MB/s
ui-at-once-label = Files at once
ui-at-once-hint = By itself, it goes down when a store asks to slow down.
ui-automatic = By itself
ui-plain-count = { $count }
ui-copies-room = Room for copies
ui-gigabytes = GB at most
ui-copies-hint = Fixed copies stay on this computer until they have arrived. What has no room is made again just before it is sent.
ui-copies-held = Just now they take { $held }.
ui-hidden-files = Hidden files
ui-hidden-hint = Dotfiles, .DS_Store, Thumbs.db, desktop.ini. They are counted in any case.
ui-folder-of-receipts = Folder
ui-receipts-hint = One folder for each upload, with HTML, CSV and JSON.
ui-privacy-text = We collect nothing. Gantry speaks to the stores and platforms that you connect, and to nobody else.
ui-privacy-hint = There is no account, no telemetry and no check for updates.

ui-how-it-works = How it works
ui-how-give = Drop files or folders on the window, choose them, or paste them. They stay where they are.
ui-how-look = Each file is looked at on this computer. You see what is wrong and which rule says so. Nothing has been sent.
ui-how-send = You press Upload. You can pause, stop, close the window or lose the line; it goes on where it was.
ui-how-proof = A file counts as verified when the store itself reports its size and checksum. The receipt says where each file is.
ui-keys-title = Keys
ui-key-ctrl = Ctrl
ui-key-command = ⌘
ui-key-shift = Shift
ui-key-v = V
ui-key-o = O
ui-key-comma = ,
ui-key-f1 = F1
ui-key-arrows = Arrows
ui-key-enter = Enter
ui-key-esc = Esc
ui-keys-files = Choose files
ui-keys-folder = Choose a folder
ui-keys-paste = Upload the files that you copied
ui-keys-settings = Settings
ui-keys-help = This page
ui-keys-rows = Move in a list; right and left open and close folders
ui-keys-open = Open a row
ui-keys-close = Close a menu or a question
ui-words-title = Words
ui-word-verified = Verified
ui-word-verified-means = The store reported the same checksum as was read here.
ui-word-size = Size confirmed
ui-word-size-means = The store reported the right size, and no checksum.
ui-word-accepted = Taken, not confirmed
ui-word-accepted-means = The platform answered that it has the file, and tells neither its size nor a checksum.
ui-word-same = Same
ui-word-same-means = The same content was there already. It was not sent again.
ui-word-needs-you = Needs you
ui-word-needs-you-means = It could not be sent or was refused. The rest goes on.
ui-word-set-aside = Set aside
ui-word-set-aside-means = You decided to leave it.
ui-version-line = Gantry { $version }
ui-no-account = No account needed
ui-no-telemetry = No telemetry
ui-strip-label = What Gantry is doing
ui-strip-idle = Idle. Nothing is on its way.
ui-strip-reading = Reading { $title }. Nothing is on its way.
ui-strip-checked = Checked. Nothing has been sent.
ui-strip-sending = Sending { $percent } %
ui-strip-sending-left = Sending { $percent } %, about { $left } left
ui-strip-paused = { $title }: paused at { $percent } %
ui-strip-needs = { $count ->
    [one] { $title }: { $done } there, 1 needs you
   *[other] { $title }: { $done } there, { $count } need you
 }
ui-strip-needs-you = Needs you ({ $count })
ui-strip-show = Show upload

ui-journal-newer =
    .title = These notes are from a newer Gantry.
    .body = The journal in { $home } was written by a newer version. It is not opened, so that nothing in it is lost. Quit, and start the newer version.
ui-journal-damaged =
    .title = Gantry's notes are damaged.
    .body = The journal in { $home } can't be read as it is. Repair keeps a copy and takes over what can be read.
ui-journal-in-use =
    .title = Another Gantry is at work here.
    .body = The data folder { $home } is in use ({ $detail }). Quit the other one, then start Gantry again.
ui-journal-unwritable =
    .title = Gantry can't write its notes.
    .body = The data folder { $home } may not be written, or its disk is full ({ $detail }). Nothing can be sent like this. Allow writing or make room, then start Gantry again.
ui-repair = Repair…
ui-repair-title = Repair the journal?
ui-repair-body = A copy of the damaged one stays in { $home }. What can be read is taken over; files that were sent stay where they are.
ui-repair-yes = Repair
ui-repair-no = Not now
ui-quit = Quit

ui-hear-checked = { $files ->
    [one] One file checked.
   *[other] { $files } files checked.
 }
ui-hear-start = { $files ->
    [one] Upload of one file started.
   *[other] Upload of { $files } files started.
 }
ui-hear-part = { $percent } percent, { $done } of { $files }.
ui-hear-needs-you = { $count ->
    [one] One file needs you: { $title }.
   *[other] { $count } files need you: { $title }.
 }
ui-hear-hold = { $title }. It goes on by itself.
ui-hear-held = { $title }. This needs you.
ui-hear-paused = Paused.
ui-hear-done = { $open ->
    [0] Done. { $done } of { $files } are there.
    [one] Done. { $done } of { $files } are there, one needs you.
   *[other] Done. { $done } of { $files } are there, { $open } need you.
 }
ui-hear-fewer = { $count ->
    [one] One problem fewer.
   *[other] { $count } problems fewer.
 }
ui-hear-more = { $count ->
    [one] One problem more.
   *[other] { $count } problems more.
 }
ui-span-moment = less than a second
ui-span-seconds = { $s } s
ui-span-minutes-seconds = { $m } min { $s } s
ui-span-minutes = { $m } min
ui-span-hours = { $h } h { $m } min
ui-span-days = { $d } d { $h } h
ui-when-today = Today { $time }
ui-when-yesterday = Yesterday { $time }
ui-when-day = { $day } { $time }

## Problems

problem-offline =
    .title = Offline
    .body = There is no way to the destination just now. Try again when there is one.
    .going = There is no way to the destination just now. It goes on by itself.
    .action = Try now
problem-timed-out =
    .title = No answer in time
    .body = The destination did not answer in time. Try again in a moment.
    .going = The destination did not answer in time. We ask what arrived, then go on by ourselves.
    .action = Try now
problem-connection-lost =
    .title = The connection broke
    .body = The line was cut in the middle. Try again in a moment.
    .going = The line was cut in the middle. We ask what arrived, then go on by ourselves.
    .action = Try now
problem-tls-untrusted =
    .title = The connection is inspected, or not the one you meant
    .body = The certificate of the destination does not verify. A company proxy may replace certificates.
    .action = Add its certificate file to the connection
problem-proxy-password =
    .title = The proxy wants a password
    .body = The proxy of this network asks for a name and a password before it lets anything through. Start Gantry with both in HTTPS_PROXY, such as http://name:password@proxy:8080.
    .action = Try again
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
    .body = It answered with an error on its side. Try again in a moment.
    .going = It answered with an error on its side. We ask what arrived, then go on by ourselves.
    .action = Try now
problem-access-denied =
    .title = Not allowed to write here
    .body = The destination does not let us write there. It may be read-only, or this key or user may lack the right.
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
    .title = The store refused this
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
    .title = Changed after it was checked
    .body = It was saved again in the meantime. What was sent of it is not counted.
    .action = Send again
problem-source-gone =
    .title = The file or folder is not there
    .body = It was moved, renamed or deleted, or its drive is unplugged.
    .action = Bring it back, then try again
problem-source-unreadable =
    .title = Can't be read
    .body = The system does not let us read it.
    .action = Allow reading, then try again
problem-source-not-a-file =
    .title = Not a file any more
    .body = Something else stands at its place now.
    .action = Look at it
problem-source-is-folder =
    .title = A folder stands here
    .body = It was not read as a folder when this upload was put together, so its files are not part of it.
    .action = Upload that folder again, then set this aside
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
    .title = There is no such connection
    .body = None of this name leads there: it was removed, changed, or never made.
    .action = Connect it under this name, or choose another
problem-connection-in-use =
    .title = This connection can't be removed
    .body = { $said }
    .action = Let what is open end, leave it, or cancel it
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
    .body = The disk with Gantry's data folder is full, so nothing more is sent: what happened could not be written down. Make room there, then try again.
    .action = Make room, then try again
problem-copies-full =
    .title = No room for copies
    .body = The next copy needs { $needed } in { $path }. The disk is full there, or the bound in Settings is reached. The files themselves are as they were.
    .action = Make room or raise the bound, then try again
problem-copy-not-made =
    .title = The copy could not be made again
    .body = A copy of this file was measured before, and did not become the same again. Nothing of it is counted as sent, and the file itself is as it was.
    .action = Send again
problem-name-refused =
    .title = The name can't be stored
    .body = The destination does not take this name.
    .action = Rename it, then try again
problem-bad-api-key =
    .title = The platform does not accept the key
    .body = It may be mistyped, revoked or too old, or its account is disabled. Nothing more was sent with it.
    .action = Replace key
problem-plan-limit =
    .title = The platform refuses more data
    .body = It says that a limit of your plan is reached. We stopped asking. What is there stays there.
    .action = Make room or change the plan, then try again
problem-no-such-container =
    .title = There is no such dataset or project
    .body = The platform does not know { $container }, or does not show it to this key.
    .action = Choose another one
problem-wrong-container =
    .title = This dataset or project takes other files
    .body = Its type does not fit what you gave: pictures, point clouds, films and text each need their own.
    .action = Choose another one
problem-integration-invalid =
    .title = The platform can't read your bucket
    .body = Its access to the bucket (the integration) is not valid, so it could not show your files. Your files are in the bucket and stay there.
    .action = Repair the access at the platform, then try again
problem-row-refused =
    .title = The platform refused this file
    .body = Its words: “{ $said }”. The file itself is where it was sent.
    .action = Try again
problem-row-there =
    .title = Same name, another file
    .body = The platform has something else under this name already. It was left as it is.
    .action = Rename it, then try again
problem-call-too-large =
    .title = Too much in one request
    .body = The platform takes no request of this size, even for one file alone.
    .action = Try again with less beside this file
problem-slot-expired =
    .title = The place for this file was kept too short a time
    .body = The platform opens its storage for a while only, and the while was over. Trying again asks for a new place.
    .going = The platform opens its storage for a while only, and the while was over. We ask for a new place and go on by ourselves.
    .action = Try now
problem-no-web-address =
    .title = The platform can't read files from there
    .body = { $said }
    .action = Choose another place for the files
problem-table-broken =
    .title = A table about the files can't be used as it is
    .body = { $said }
    .action = Repair the table, or say that it is a file to be sent
problem-metadata-unfit =
    .title = The platform does not take what is said about the files
    .body = Its words: “{ $said }”. Nothing was sent.
    .action = Change it, then try again
problem-bad-field =
    .title = A field does not fit
    .body = { $said }
    .action = Correct the field
problem-not-a-manifest =
    .title = This is no manifest
    .body = { $said }
    .action = Choose another file, or say what it is with --as, and what the columns of a table are with --map
problem-output-there =
    .title = A file of this name is there already
    .body = { $path } is not overwritten.
    .action = Choose another name, or overwrite it with --force
problem-output-unwritable =
    .title = It cannot be written there
    .body = { $path }: { $said }
    .action = Choose another place
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
dialog-table = Choose a table about the files

## What does not fit, as the body of a bad field

said-bad-name = A name has 1 to 64 letters, digits, - and _.
said-name-taken = Another connection has this name already, apart from capitals, - and _.
said-in-use = { $count ->
    [one] One unfinished upload uses this connection.
   *[other] { $count } unfinished uploads use this connection.
 }
said-always-there = It is the place for files on this computer, and is always there.
said-no-upload = There is no upload { $upload }.
said-no-file = There is no file { $file }.
said-no-form = There is no receipt in the form { $form }.

no-web-address-kind = A platform reads files over the web. Files in { $place } have no address there. Send them to a bucket, or to the platform's own storage.
no-web-address-plain = A platform reads addresses that begin with https:// only, and this store is called over unencrypted http.
no-web-address-region = The region of this bucket is not known yet, and it is part of each address. Test the connection once, or fill in the region.
no-web-address-virtual = Labelbox reads Amazon buckets only by addresses that have the bucket in the host name. That is not possible with a dot in the bucket's name; otherwise leave the address of the store empty.

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
rule-photo-gps = { $count ->
    [one] One photo says where it was taken; that matters where addresses are public
   *[other] { $count } photos say where they were taken; that matters where addresses are public
 }
rule-dicom-patient-name = { $count ->
    [one] One medical picture has a patient's name in it
   *[other] { $count } medical pictures have a patient's name in them
 }
rule-copy-first-picture = { $count ->
    [one] One file holds more than one picture; its copy has only the first
   *[other] { $count } files hold more than one picture; their copies have only the first
 }
rule-copy-not-made = { $count ->
    [one] One copy could not be made; the file is held, because it is not as you wanted it
   *[other] { $count } copies could not be made; the files are held, because they are not as you wanted them
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
rule-entry-vanished = { $count ->
    [one] One file or folder was gone when it was looked at
   *[other] { $count } files or folders were gone when they were looked at
 }
rule-entry-own-folder = { $count ->
    [one] One folder that Gantry itself writes to lies inside what you gave, and is left out
   *[other] { $count } folders that Gantry itself writes to lie inside what you gave, and are left out
 }
rule-key-same = { $count ->
    [one] One file would share its name with another
   *[other] { $count } files would share a name with another
 }
rule-key-case-twins = { $count ->
    [one] One name differs from another in capitals only
   *[other] { $count } names differ from another in capitals only
 }
rule-key-look-alike = { $count ->
    [one] One name looks like another and is written with letters of another script
   *[other] { $count } names look like another and are written with letters of another script
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
rule-folder-reserved-names = { $count ->
    [one] One name has a part that means a folder itself
   *[other] { $count } names have a part that means a folder itself
 }
rule-folder-file-and-folder = { $count ->
    [one] One file has the name that another one needs for its folder
   *[other] { $count } files and folders have the same name
 }
rule-folder-path-bytes = { $count ->
    [one] One path is longer than { $value } bytes
   *[other] { $count } paths are longer than { $value } bytes
 }

rule-segments-file-bytes = { $count ->
    [one] One file is larger than the 100 MB that Segments.ai stores
   *[other] { $count } files are larger than the 100 MB that Segments.ai stores
 }
rule-segments-file-bytes-unsure = { $count ->
    [one] One file is hardly larger than 100 MB, and Segments.ai may refuse it: it does not say how it counts a megabyte
   *[other] { $count } files are hardly larger than 100 MB, and Segments.ai may refuse them: it does not say how it counts a megabyte
 }
rule-segments-public-address = { $count ->
    [one] One photo says where it was taken, and whoever knows its address at Segments.ai can open it
   *[other] { $count } photos say where they were taken, and whoever knows their addresses at Segments.ai can open them
 }
rule-segments-kinds = { $count ->
    [one] One file is neither a picture nor a point cloud, and Segments.ai takes nothing else
   *[other] { $count } files are neither pictures nor point clouds, and Segments.ai takes nothing else
 }
rule-segments-archives = { $count ->
    [one] One file is an archive; Segments.ai does not unpack it
   *[other] { $count } files are archives; Segments.ai does not unpack them
 }
rule-segments-unknown = { $count ->
    [one] One file is of a format that is not known here; Segments.ai can use it only if it is a KITTI or nuScenes point cloud
   *[other] { $count } files are of a format that is not known here; Segments.ai can use them only if they are KITTI or nuScenes point clouds
 }
rule-segments-image-formats = { $count ->
    [one] One picture is not JPEG, PNG or BMP, which Segments.ai takes
   *[other] { $count } pictures are not JPEG, PNG or BMP, which Segments.ai takes
 }
rule-segments-las-compressed = { $count ->
    [one] One LAS file is compressed (LAZ); Segments.ai takes uncompressed ones only
   *[other] { $count } LAS files are compressed (LAZ); Segments.ai takes uncompressed ones only
 }
rule-segments-las-version = { $count ->
    [one] One LAS file is not of version { $value }, which Segments.ai takes
   *[other] { $count } LAS files are not of version { $value }, which Segments.ai takes
 }
rule-segments-las-tasks = { $count ->
    [one] One LAS file works at Segments.ai with cuboids and vectors only, not with segmentation
   *[other] { $count } LAS files work at Segments.ai with cuboids and vectors only, not with segmentation
 }
rule-segments-pcd-version = { $count ->
    [one] One PCD file is not of version { $value }, which Segments.ai takes
   *[other] { $count } PCD files are not of version { $value }, which Segments.ai takes
 }
rule-segments-pcd-data = { $count ->
    [one] One PCD file is compressed; Segments.ai takes ASCII and binary ones
   *[other] { $count } PCD files are compressed; Segments.ai takes ASCII and binary ones
 }
rule-segments-pcd-floats = { $count ->
    [one] One PCD file does not have x, y and z as floats of 4 bytes, which Segments.ai wants
   *[other] { $count } PCD files do not have x, y and z as floats of 4 bytes, which Segments.ai wants
 }
rule-segments-coordinates = { $count ->
    [one] One point cloud has coordinates beyond { $value }; with floats of 4 bytes, hundredths are lost there
   *[other] { $count } point clouds have coordinates beyond { $value }; with floats of 4 bytes, hundredths are lost there
 }
rule-labelbox-kinds = { $count ->
    [one] One file is of a kind that the import pages of Labelbox do not name
   *[other] { $count } files are of kinds that the import pages of Labelbox do not name
 }
rule-labelbox-image-formats-by-upload = { $count ->
    [one] One picture is not JPEG, PNG or BMP, which Labelbox takes by direct upload
   *[other] { $count } pictures are not JPEG, PNG or BMP, which Labelbox takes by direct upload
 }
rule-labelbox-image-formats = { $count ->
    [one] One picture is of a format that Labelbox does not take: JPEG, PNG and BMP are
   *[other] { $count } pictures are of formats that Labelbox does not take: JPEG, PNG and BMP are
 }
rule-labelbox-tiff = { $count ->
    [one] One TIFF is taken by Labelbox as geospatial imagery (GeoTIFF) only, not as a picture
   *[other] { $count } TIFFs are taken by Labelbox as geospatial imagery (GeoTIFF) only, not as pictures
 }
rule-labelbox-dicom = { $count ->
    [one] One file is DICOM, which an older page of Labelbox lists and the newer ones do not
   *[other] { $count } files are DICOM, which an older page of Labelbox lists and the newer ones do not
 }
rule-labelbox-file-bytes = { $count ->
    [one] One file is larger than the 256 MB that Labelbox takes by direct upload
   *[other] { $count } files are larger than the 256 MB that Labelbox takes by direct upload
 }
rule-labelbox-file-bytes-unsure = { $count ->
    [one] One file is hardly larger than 256 MB, and Labelbox may refuse it: it does not say how it counts a megabyte
   *[other] { $count } files are hardly larger than 256 MB, and Labelbox may refuse them: it does not say how it counts a megabyte
 }
rule-labelbox-pdf-by-upload = { $count ->
    [one] One document may be refused: Labelbox names no direct upload for documents any more
   *[other] { $count } documents may be refused: Labelbox names no direct upload for documents any more
 }
rule-labelbox-html-by-upload = { $count ->
    [one] One web page may be refused: Labelbox names no direct upload for HTML
   *[other] { $count } web pages may be refused: Labelbox names no direct upload for HTML
 }
rule-labelbox-image-pixels = { $count ->
    [one] One picture is larger than { $value } pixels; Labelbox says that its annotations may be irretrievable
   *[other] { $count } pictures are larger than { $value } pixels; Labelbox says that their annotations may be irretrievable
 }
rule-labelbox-video-formats = { $count ->
    [one] One film is not MP4, which Labelbox takes
   *[other] { $count } films are not MP4, which Labelbox takes
 }
rule-labelbox-video-codecs = { $count ->
    [one] One film is not coded as H.264 or H.265, which Labelbox takes
   *[other] { $count } films are not coded as H.264 or H.265, which Labelbox takes
 }
rule-labelbox-video-bytes = { $count ->
    [one] One film is larger than the 1024 MB that Labelbox takes
   *[other] { $count } films are larger than the 1024 MB that Labelbox takes
 }
rule-labelbox-video-bytes-unsure = { $count ->
    [one] One film is hardly larger than 1024 MB, and Labelbox may refuse it: it does not say how it counts a megabyte
   *[other] { $count } films are hardly larger than 1024 MB, and Labelbox may refuse them: it does not say how it counts a megabyte
 }
rule-labelbox-video-bytes-before = { $count ->
    [one] One film is larger than 256 MB, the limit on an older page of Labelbox; the newer one says 1024 MB
   *[other] { $count } films are larger than 256 MB, the limit on an older page of Labelbox; the newer one says 1024 MB
 }
rule-labelbox-video-frames = { $count ->
    [one] One film has more than { $value } frames, which is the most that Labelbox takes
   *[other] { $count } films have more than { $value } frames, which is the most that Labelbox takes
 }
rule-labelbox-video-pixels = { $count ->
    [one] One film has pixels that are not square; Labelbox shows it stretched, or blocks it
   *[other] { $count } films have pixels that are not square; Labelbox shows them stretched, or blocks them
 }
rule-labelbox-video-frame-rate = { $count ->
    [one] One film has no constant frame rate; in Labelbox its labels may stand on wrong frames
   *[other] { $count } films have no constant frame rate; in Labelbox their labels may stand on wrong frames
 }
rule-labelbox-audio-formats = { $count ->
    [one] One sound file is not MP3 or WAV, which Labelbox takes
   *[other] { $count } sound files are not MP3 or WAV, which Labelbox takes
 }
rule-labelbox-audio-m4a = { $count ->
    [one] One sound file is M4A, which an older page of Labelbox lists and the newer one does not
   *[other] { $count } sound files are M4A, which an older page of Labelbox lists and the newer one does not
 }
rule-labelbox-text-utf8 = { $count ->
    [one] One text is not in UTF-8, which Labelbox wants
   *[other] { $count } texts are not in UTF-8, which Labelbox wants
 }
rule-labelbox-text-formats = { $count ->
    [one] One text is Markdown; Labelbox lists plain text (TXT) only
   *[other] { $count } texts are Markdown; Labelbox lists plain text (TXT) only
 }
rule-labelbox-pdf-pages = { $count ->
    [one] One document has more than the { $value } pages that Labelbox recommends at most
   *[other] { $count } documents have more than the { $value } pages that Labelbox recommends at most
 }
rule-labelbox-pdf-ocr-pages = { $count ->
    [one] One document has more than { $value } pages; Labelbox makes no text layer for it
   *[other] { $count } documents have more than { $value } pages; Labelbox makes no text layers for them
 }
rule-labelbox-pdf-ocr-bytes = { $count ->
    [one] One document is larger than { $value }; Labelbox makes no text layer for it
   *[other] { $count } documents are larger than { $value }; Labelbox makes no text layers for them
 }
rule-labelbox-key-length = { $count ->
    [one] One name is too long for a global key (200 characters): it is cut, and closed with a hash of the whole
   *[other] { $count } names are too long for global keys (200 characters): they are cut, and closed with a hash of the whole
 }
rule-labelbox-key-characters = { $count ->
    [one] One name has characters that no global key has: _ stands for them, and a hash of the whole closes it
   *[other] { $count } names have characters that no global key has: _ stands for them, and a hash of the whole closes each
 }
rule-labelbox-key-capitals = { $count ->
    [one] One name differs from another in capitals only, and Labelbox takes both for the same global key
   *[other] { $count } names differ from others in capitals only, and Labelbox takes them for the same global key
 }
rule-labelbox-address-characters = { $count ->
    [one] One name has characters that Labelbox asks to avoid in addresses: { $value }
   *[other] { $count } names have characters that Labelbox asks to avoid in addresses: { $value }
 }
rule-ango-audio-bit-rate = { $count ->
    [one] One sound file has no constant bit rate; Ango Hub would export wrong times for its annotations
   *[other] { $count } sound files have no constant bit rate; Ango Hub would export wrong times for their annotations
 }
rule-ango-clouds-by-upload = { $count ->
    [one] One point cloud may be refused: point cloud projects of Ango Hub take files from a bucket only
   *[other] { $count } point clouds may be refused: point cloud projects of Ango Hub take files from a bucket only
 }
rule-ango-kinds = { $count ->
    [one] One file is of a format that no list of Ango Hub names
   *[other] { $count } files are of formats that no list of Ango Hub names
 }
rule-ango-image-formats = { $count ->
    [one] One picture is of a format that no list of Ango Hub names
   *[other] { $count } pictures are of formats that no list of Ango Hub names
 }
rule-ango-audio-formats = { $count ->
    [one] One sound file is of a format that no list of Ango Hub names
   *[other] { $count } sound files are of formats that no list of Ango Hub names
 }
rule-ango-thumbnail = { $count ->
    [one] One picture is larger than { $value }; Ango Hub shows no thumbnail of it
   *[other] { $count } pictures are larger than { $value }; Ango Hub shows no thumbnails of them
 }
rule-ango-address-spaces = { $count ->
    [one] One name has spaces or plus signs; in its address they are written as %20 and %2B, as Ango Hub asks
   *[other] { $count } names have spaces or plus signs; in their addresses they are written as %20 and %2B, as Ango Hub asks
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
field-api-key = API key
field-api-url = Address of the platform
field-settle-seconds = Seconds to wait before repeating
kind-folder = A folder
kind-s3 = S3 bucket
kind-segments = Segments.ai
kind-labelbox = Labelbox
kind-ango = Ango Hub
place-elsewhere = { $name } at { $host }

# Where people make a key, in the words of the platforms' own pages: read on 27 November 2026 at
# docs.segments.ai/how-to-integrate/create-an-api-key, docs.labelbox.com/reference/create-api-key and
# docs.imerit.net/api/docs/overview.
where-key-segments = On your account page at Segments.ai (segments.ai/account), in the section API key: Add new.
where-key-labelbox = In Labelbox: Create API key on the home page; existing ones are in Workspace settings, API keys. A key is shown only once, and it ends after six months at most.
where-key-ango = In Ango Hub: Account, then API. There is one key for each person, and a new one ends the old one.

bad-field-kind = There is no kind of store or platform called “{ $value }”.
bad-field-missing = “{ $value }” is missing.
bad-field-unknown = There is no field called “{ $value }” here.
bad-field-secret = “{ $value }” is a secret: it is entered apart from the other fields, so that it is never written down.
bad-field-control = “{ $value }” has a line break or another character that cannot be typed.
bad-field-choice = Only one of these is possible: { $value }.
bad-field-path = “{ $value }” is not a whole path. Write it from the root, such as /home/me/Gantry.
bad-field-bucket = “{ $value }” cannot be the name of a bucket. It has 3 to 63 small letters, digits, hyphens and dots.
bad-field-region = “{ $value }” is not a region. A region looks like eu-central-1.
bad-field-prefix = “{ $value }” is not a folder in a bucket. Write it like photos/2026, without a slash at the start.
bad-field-endpoint = The address begins with https:// (or http://) and has no name, password or question mark in it.
bad-field-virtual-address = With an address made of numbers the bucket cannot stand in the host name. Choose “path”.
bad-field-plain-http = Over http everybody on the way can read what is sent, keys too. Use https, or allow unencrypted http for this connection.
bad-field-profile-and-key = Give a profile or an access key ID, not both.
bad-field-access-key = That does not look like an access key ID: it has no spaces and no slashes.
bad-field-ca-file = The certificate file can't be read, or has no certificate in it (PEM).
bad-field-batch-of-project = At Labelbox a batch belongs to a project, and rows go into datasets. Leave the batch out, and send the rows on to a project in Labelbox.
bad-field-no-batches = This platform puts no rows into batches. Leave the batch out.
bad-field-no-integration = Segments.ai reads a bucket without naming an integration: its access is set up for the whole account. Leave the integration out.
bad-field-settle = “{ $value }” is no number of seconds from 1 to 3600.

## What Labelbox would refuse, or has refused. `said` of a problem.

labelbox-file-too-long = Labelbox takes files of at most 2 GB. Put this one into a bucket and register it from there.
labelbox-integration-gone = Labelbox does not have this integration any more. Choose another one, or none.
labelbox-integration-invalid = Labelbox says that the integration “{ $name }” is not valid. Repair it in Labelbox under Settings, Integrations, or choose another one.
labelbox-integration-fails = Labelbox could not read the bucket with this integration, and does not say why.
labelbox-import-cancelled = Somebody cancelled this import in Labelbox. Rows that it had taken by then are there.
labelbox-import-failed = Labelbox says that it failed, and not why.
labelbox-search-failed = Labelbox could not look for the rows.
labelbox-row-shape = A row at Labelbox is about exactly one file. Choose a layout in which each file is a row of its own.
labelbox-row-address = “{ $value }” is no address that Labelbox can read: it begins with https:// and has no spaces and none of # < > | in it.
labelbox-row-too-long = This row is longer than 10 MB with its metadata and attachments. Shorten its texts.
labelbox-metadata-name = Labelbox has no metadata field called “{ $name }”. Create it in Labelbox first, or leave it out.
labelbox-metadata-number = “{ $value }” is not a number, and “{ $name }” takes numbers.
labelbox-metadata-time = “{ $value }” is not a date or time, and “{ $name }” takes times. Write it like 2026-01-31T14:05:00Z.
labelbox-metadata-choice = “{ $value }” is not a choice of “{ $name }”. It takes one of these: { $all }.
labelbox-metadata-kind = The metadata field “{ $name }” cannot be filled by an upload.
labelbox-attachment-type = “{ $value }” is not a type of attachment. Labelbox takes { $all }.
labelbox-attachment-empty = An attachment of the type { $value } has nothing in it.

## Tables about the files. `said` of a problem, and what the review and the console say about them.

table-why-asked = You said that it is about the files.
table-why-names = Its column “{ $column }” names files of this upload: { $count } of the first { $lines } lines.
table-why-file = You said that it is a file to be sent.
table-why-many = So many tables that name files are hardly about them. All of them are sent as files.
table-why-no-header = Its lines name files, but the first line is no header.
table-why-no-platform = What it says goes to a labelling platform, and none is chosen.
table-goes-name = names the files
table-goes-metadata = metadata “{ $name }”
table-goes-split = split
table-goes-tags = tags
table-goes-attachment = attachment
table-goes-attachment-of = attachment of the type { $name }
table-goes-ignore = is left out
table-note-as-metadata = { $platform } has no field of its own for this: it goes along as metadata.
table-note-not-carried = { $platform } takes no attachments: this column is not carried. It can be metadata.
table-misfits = { $count ->
    [one] One value would be refused: { $said }
   *[other] { $count } values would be refused, such as: { $said }
 }
table-signed = “{ $value }” carries a signature. A signature opens the file to everybody and stops to work, so Gantry keeps none. Put an address without a signature into the table, or use no column for it.
table-attachment = “{ $value }” would be an attachment of the type { $kind }. The platform takes { $all }.
table-matched = { $count ->
    [one] One line belongs to a file
   *[other] { $count } lines belong to a file each
 }
table-no-file = { $count ->
    [one] One line names no file of this upload
   *[other] { $count } lines name no file of this upload
 }
table-files-left = { $count ->
    [one] No table has a line for one file
   *[other] No table has a line for { $count } files
 }
table-ambiguous = { $count ->
    [one] One line has a name that several files have: it is not used
   *[other] { $count } lines have a name that several files have: they are not used
 }
table-twice = { $count ->
    [one] One line is about a file that an earlier line is about: the earlier one counts
   *[other] { $count } lines are about files that an earlier line is about: the earlier one counts
 }
table-broken = { $count ->
    [one] One line has another number of cells than the header: it is not used
   *[other] { $count } lines have another number of cells than the header: they are not used
 }
table-same = { $count ->
    [one] One row is at the platform already. What is said about it now is not sent: rows that are there stay as they are.
   *[other] { $count } rows are at the platform already. What is said about them now is not sent: rows that are there stay as they are.
 }
table-other = { $count ->
    [one] Of one of them something else was said when it was registered from here.
   *[other] Of { $count } of them something else was said when they were registered from here.
 }
table-no-column = No table has a column called “{ $name }”.
table-trouble-open-quote = A quote is opened in line { $line } and never closed. Close it, then try again.
table-trouble-long-cell = A cell that begins in line { $line } is longer than 1 MiB. Most often a quote is not closed there.
table-trouble-wide = Line { $line } has more than 1000 cells.
table-trouble-not-text = Line { $line } is no text. Save the table as UTF-8, then try again.
table-trouble-unreadable = The table can't be read: { $said }
table-trouble-empty = The table is empty.
table-trouble-no-lines = The table has a header and no lines.
table-trouble-no-header = The first line names a file. Put a header above it that says what each column is.
table-trouble-no-names = No column names a file of this upload.
table-trouble-uneven = No line has as many cells as the header.
## Copies: why none could be made, and what was done to one

copy-trouble-damaged = the content is damaged or ends too early
copy-trouble-too-large = the picture has more pixels than can be held in memory
copy-trouble-other-picture = the full picture in it can't be read here
copy-trouble-colours = its colours are finer than PNG can hold
copy-trouble-odd = the position can't be taken out without touching something else
copy-trouble-said = it can't be read: { $said }
copy-done-gps = position removed
copy-done-rotate = turned upright
copy-done-scale = made smaller
copy-done-convert = converted

## Receipts
receipt-copy = A copy was sent: { $done }. The file itself stayed as it was: { $was }.

receipt-page-title = Receipt { $number } – Gantry
receipt-title = Receipt
receipt-motto = for files taken to where they are labelled
receipt-number = Receipt no.
receipt-no-number = none yet
receipt-from = From
receipt-given = { $count ->
    [one] one file or folder
   *[other] { $count } files and folders
 }
receipt-given-folders = { $count ->
    [one] one folder
   *[other] { $count } folders
 }
receipt-stored-in = Stored in
receipt-started = Started
receipt-finished = Finished
receipt-not-yet = not yet
receipt-took = Time of sending
receipt-seconds = { $s } s
receipt-minutes = { $m } min { $s } s
receipt-hours = { $h } h { $m } min
receipt-bytes = Bytes there
receipt-key = Name there
receipt-external-id = External ID
receipt-relative-path = the relative path
receipt-checksum = Checksum
receipt-no-checksum = none reported
receipt-upload = Upload
receipt-gantry = Gantry
receipt-prefix = Folder there
receipt-where = Where each file is
receipt-by-checksum = Verified by checksum
receipt-by-size = Size confirmed
receipt-by-accepted = Taken, not confirmed
receipt-same = Same, was there already
receipt-needs-you = Needs you, listed below
receipt-set-aside = Set aside, listed below
receipt-cancelled = Cancelled, listed below
receipt-under-way = Not sent yet
receipt-files-given = Files given
receipt-stamp-verified = Verified
receipt-stamp-size = Size confirmed
receipt-stamp-accepted = Taken
receipt-stamp-same = Was there already
receipt-n-by-checksum = { $count ->
    [one] one file by checksum
   *[other] { $count } files by checksum
 }
receipt-n-by-size = { $count ->
    [one] one file by its size
   *[other] { $count } files by their size
 }
receipt-n-by-accepted = { $count ->
    [one] one file was taken, not confirmed
   *[other] { $count } files were taken, not confirmed
 }
receipt-n-same = { $count ->
    [one] one file was there already
   *[other] { $count } files were there already
 }
receipt-skipped = { $count ->
    [one] One hidden, system or excluded file was left out and is not in this sum.
   *[other] { $count } hidden, system or excluded files were left out and are not in this sum.
 }
receipt-notes = { $count ->
    [one] One link, socket or device was not followed and is not in this sum.
   *[other] { $count } links, sockets and devices were not followed and are not in this sum.
 }
receipt-list-needs-you = Needs you ({ $count })
receipt-list-set-aside = Set aside ({ $count })
receipt-list-cancelled = Cancelled ({ $count })
receipt-list-under-way = Not sent yet ({ $count })
receipt-list-there = There ({ $count })
receipt-list-begins = { $count ->
    [0] All of them are in receipt.csv and receipt.json beside this page.
    [one] All of them are in receipt.csv and receipt.json beside this page. The first one:
   *[other] All of them are in receipt.csv and receipt.json beside this page. The first { $count }:
 }
receipt-folders = Folders ({ $count })
receipt-column-file = File
receipt-column-bytes = Bytes
receipt-column-proof = Proof
receipt-column-why = Why
receipt-column-folder = Folder
receipt-column-files = Files
receipt-column-there = There
receipt-column-open = Needs you
receipt-column-left = Left
receipt-no-secrets = This receipt holds no secrets, and signatures are cut from addresses. Times are local, with their distance from UTC.

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

## Manifests: what can be wrong with a row, and with the text itself.

manifest-rule-syntax = { $count ->
    [one] This is not written as JSON or as a table is written.
   *[other] { $count } rows are not written as JSON or as a table is written.
 }
manifest-rule-stopped = { $count ->
    [one] The reading stopped here: from here on, rows cannot be told apart. Mend this place first.
   *[other] { $count } places where the reading stopped: from there on, rows cannot be told apart.
 }
manifest-rule-not-an-object = { $count ->
    [one] This row is no object with fields.
   *[other] { $count } rows are no objects with fields.
 }
manifest-rule-too-long = { $count ->
    [one] This row is longer than 64 MiB and is not read.
   *[other] { $count } rows are longer than 64 MiB and are not read.
 }
manifest-rule-not-utf8 = { $count ->
    [one] This row has bytes that are no UTF-8. Save the file as UTF-8.
   *[other] { $count } rows have bytes that are no UTF-8. Save the file as UTF-8.
 }
manifest-rule-utf16 = { $count ->
    [one] The file is UTF-16. It is read; what is made of it is UTF-8, which is what platforms want.
   *[other] { $count } files are UTF-16. They are read; what is made of them is UTF-8.
 }
manifest-rule-nul = { $count ->
    [one] This row has a NUL byte: it was damaged, or written by a program that counts characters wrongly.
   *[other] { $count } rows have a NUL byte: they were damaged, or written by a program that counts characters wrongly.
 }
manifest-rule-cells = { $count ->
    [one] This row has more or fewer cells than the table has columns.
   *[other] { $count } rows have more or fewer cells than the table has columns.
 }
manifest-rule-field-twice = { $count ->
    [one] The field { $field } stands twice in this row: most programs take the last one.
   *[other] { $count } rows have a field twice: most programs take the last one.
 }
manifest-rule-long-number = { $count ->
    [one] The number { $value } has more digits than many programs keep. Written as text it stays as it is.
   *[other] { $count } rows have a number with more digits than many programs keep. Written as text it stays as it is.
 }
manifest-rule-field-unknown = { $count ->
    [one] { $platform } does not know the field { $field }.
   *[other] { $count } rows have a field that the platform does not know.
 }
manifest-rule-field-spelling = { $count ->
    [one] The field { $field } is spelled as on older pages. It is understood, and written in the new spelling.
   *[other] { $count } rows have a field that is spelled as on older pages. It is understood.
 }
manifest-rule-field-type = { $count ->
    [one] The field { $field } cannot be { $value }.
   *[other] { $count } rows have a field of another type than its own.
 }
manifest-rule-subject-missing = { $count ->
    [one] `{ $field }` is missing.
   *[other] { $count } rows do not say what is to be labelled.
 }
manifest-rule-subject-empty = { $count ->
    [one] `{ $field }` is empty.
   *[other] { $count } rows have nothing in the field that says what is to be labelled.
 }
manifest-rule-subject-shape = { $count ->
    [one] `{ $field }` has a shape that { $platform } does not know: { $value }
   *[other] { $count } rows say what is to be labelled in a shape that the platform does not know.
 }
manifest-rule-subject-twice = { $count ->
    [one] `data` and `dataset` are both there: only one of them can be what is labelled.
   *[other] { $count } rows have both `data` and `dataset`: only one of them can be what is labelled.
 }
manifest-rule-url-scheme = { $count ->
    [one] { $platform } reads only addresses that begin with https://: { $value }
   *[other] { $count } rows have an address that does not begin with https://.
 }
manifest-rule-url-http = { $count ->
    [one] The address begins with http://, so everybody on the way can read along, and browsers refuse it on a secure page: { $value }
   *[other] { $count } rows have an address that begins with http:// instead of https://.
 }
manifest-rule-url-store = { $count ->
    [one] The address is written in a store's own words; a platform reads it as https://: { $value }
   *[other] { $count } rows have an address in a store's own words, such as s3://; a platform reads https://.
 }
manifest-rule-url-local = { $count ->
    [one] This is a file on a computer, and { $platform } cannot reach it: { $value }
   *[other] { $count } rows name a file on a computer, which no platform can reach.
 }
manifest-rule-url-none = { $count ->
    [one] This is no address: { $value }
   *[other] { $count } rows have no address where one belongs.
 }
manifest-rule-url-path-style = { $count ->
    [one] The bucket stands in the path. With an integration, { $platform } reads it in the host name only: { $value }
   *[other] { $count } rows have the bucket in the path of the address. With an integration it must stand in the host name.
 }
manifest-rule-url-space = { $count ->
    [one] The address has a raw space or another blank; a space is written %20: { $value }
   *[other] { $count } rows have a raw space or another blank in their address; a space is written %20.
 }
manifest-rule-url-plus = { $count ->
    [one] The address has a +, which many stores do not read as a space; a space is written %20, a real plus %2B: { $value }
   *[other] { $count } rows have a + in their address; a space is written %20, a real plus %2B.
 }
manifest-rule-url-twice-encoded = { $count ->
    [one] The address looks as if it had been encoded twice: { $value }
   *[other] { $count } rows have an address that looks as if it had been encoded twice.
 }
manifest-rule-url-percent = { $count ->
    [one] A % without two digits behind it; a percent sign is written %25: { $value }
   *[other] { $count } rows have a % without two digits behind it in their address.
 }
manifest-rule-url-encoding = { $count ->
    [one] The address has characters that must be percent-encoded: { $value }
   *[other] { $count } rows have characters in their address that must be percent-encoded.
 }
manifest-rule-url-character = { $count ->
    [one] { $platform } takes no < > | in addresses: { $value }
   *[other] { $count } rows have < > or | in their address.
 }
manifest-rule-url-hash = { $count ->
    [one] Everything behind # is never sent to the store; in a name it is written %23: { $value }
   *[other] { $count } rows have a # in their address; in a name it is written %23.
 }
manifest-rule-url-question = { $count ->
    [one] Everything behind ? is no part of the name; in a name it is written %3F: { $value }
   *[other] { $count } rows have a ? in the name; in a name it is written %3F.
 }
manifest-rule-url-signed = { $count ->
    [one] The address is signed and works until { $value }. After that, nobody can see the object any more.
   *[other] { $count } rows have a signed address, which stops to work on some day.
 }
manifest-rule-url-signed-over = { $count ->
    [one] The address was signed until { $value }. It does not work any more: sign it again.
   *[other] { $count } rows have a signed address that does not work any more.
 }
manifest-rule-url-twice = { $count ->
    [one] Row { $row } has the same address: { $value }
   *[other] { $count } rows have the address of an earlier row.
 }
manifest-rule-key-missing = { $count ->
    [one] There is no `{ $field }`: the row cannot be found again by a name of yours.
   *[other] { $count } rows have no name to be found again by.
 }
manifest-rule-key-long = { $count ->
    [one] `{ $field }` is longer than 200 characters: { $value }
   *[other] { $count } rows have a name of more than 200 characters.
 }
manifest-rule-key-characters = { $count ->
    [one] `{ $field }` has a character that { $platform } replaces by _, and two names may become one: { $value }
   *[other] { $count } rows have a character in their name that the platform replaces by _.
 }
manifest-rule-key-spaces = { $count ->
    [one] `{ $field }` begins or ends with a space, or has two beside each other: { $value }
   *[other] { $count } rows have a name that begins or ends with a space, or has two beside each other.
 }
manifest-rule-key-twice = { $count ->
    [one] Row { $row } has the same name: { $value }
   *[other] { $count } rows have the name of an earlier row.
 }
manifest-rule-media-type = { $count ->
    [one] { $platform } knows no media type { $value }.
   *[other] { $count } rows have a media type that the platform does not know.
 }
manifest-rule-metadata-shape = { $count ->
    [one] `{ $field }` is not written as { $platform } reads it: { $value }
   *[other] { $count } rows have metadata that is not written as the platform reads it.
 }
manifest-rule-metadata-long = { $count ->
    [one] `{ $field }` is longer than 4,096 characters.
   *[other] { $count } rows have a value of metadata with more than 4,096 characters.
 }
manifest-rule-metadata-reserved = { $count ->
    [one] `split` can be train, valid or test, not { $value }.
   *[other] { $count } rows have a `split` that is none of train, valid and test.
 }
manifest-rule-attachment-shape = { $count ->
    [one] `{ $field }` is not written as { $platform } reads it: a list of objects with type and value.
   *[other] { $count } rows have attachments that are not written as the platform reads them.
 }
manifest-rule-attachment-type = { $count ->
    [one] { $platform } knows no attachment of the type { $value }.
   *[other] { $count } rows have an attachment of a type that the platform does not know.
 }
manifest-rule-attachment-empty = { $count ->
    [one] `{ $field }` is empty.
   *[other] { $count } rows have an empty attachment.
 }
manifest-rule-size = { $count ->
    [one] `{ $field }` is { $value }: no picture has that size. Both sizes are whole numbers above 0, or both are left out.
   *[other] { $count } rows have a size that no picture has.
 }
manifest-rule-cloud-type = { $count ->
    [one] `{ $field }` is not a type of point cloud that { $platform } knows: { $value }
   *[other] { $count } rows have a type of point cloud that the platform does not know.
 }
manifest-at = Line { $line }, column { $column }: { $what }.
json-slip-ends = the file ends in the middle of it; it was cut off
json-slip-comma-missing = a comma is missing
json-slip-comma-too-many = there is a comma too many
json-slip-colon-missing = a colon is missing behind the name
json-slip-name-missing = a name in double quotes is missing
json-slip-value-missing = a value is missing
json-slip-no-quotes = this is no value; text stands in double quotes, and true, false and null are in small letters
json-slip-other-quotes = text stands in double quotes, not in single ones
json-slip-number = this is no number as JSON writes numbers
json-slip-escape = a backslash stands before something that it does not go with; a backslash itself is written twice
json-slip-quote-missing = the closing quote is missing
json-slip-control = a control character stands inside text
json-slip-other-bracket = another kind of bracket was opened than is closed here
json-slip-too-deep = more than 128 lists and objects lie in each other
json-slip-comment = JSON has no comments
json-slip-behind = something stands behind the end of the list
json-slip-cell-quote = something stands behind the closing quote of a cell; a quote inside a cell is written twice
manifest-form-labelbox = Labelbox
manifest-form-ango = Ango Hub
manifest-form-segments = Segments.ai
manifest-form-urls = a list of addresses
manifest-layout-list = a JSON list
manifest-layout-lines = JSON Lines
manifest-layout-csv = a table with commas
manifest-layout-tsv = a table with tabs
manifest-layout-semicolons = a table with semicolons
manifest-layout-plain = an address a line
manifest-empty = The file is empty.
manifest-no-rows = The list has no rows.
manifest-binary = It is no text: it has NUL bytes.
manifest-no-layout = It is neither JSON, nor a table, nor a list of addresses.
manifest-no-object = It holds one object where a list of rows belongs. Put [ before it and ] behind it, or save the list inside it by itself.
manifest-no-form = We don't know this format: its rows say nothing that we know.
manifest-no-form-fields = We don't know this format. Its first row has these fields: { $fields }.
manifest-no-column = There is no column { $column }. There are: { $heads }.
manifest-no-field = { $field } is no field that is known here. Known are url, key, external_id, media_type, width, height, attachments and metadata.NAME, and the platform's own names.
manifest-utf16-only = It is UTF-16, which can be read from beginning to end only. A new copy of it, saved here or by “gantryctl manifest repair”, is UTF-8.

## Manifests in the window: the bench.

manifest-short-syntax = Not written as JSON or a table
manifest-short-stopped = The reading stopped
manifest-short-not-an-object = No object with fields
manifest-short-too-long = Too long to be read
manifest-short-not-utf8 = Not UTF-8
manifest-short-utf16 = The file is UTF-16
manifest-short-nul = A NUL byte
manifest-short-cells = Other number of cells
manifest-short-field-twice = A field stands twice
manifest-short-long-number = A number with too many digits
manifest-short-field-unknown = A field that is not known
manifest-short-field-spelling = An older spelling
manifest-short-field-type = A field of another type
manifest-short-subject-missing = Nothing to label
manifest-short-subject-empty = Empty
manifest-short-subject-shape = A shape that is not known
manifest-short-subject-twice = Two fields to label
manifest-short-url-scheme = Not https://
manifest-short-url-http = http:// instead of https://
manifest-short-url-store = A store's own address
manifest-short-url-local = A file on a computer
manifest-short-url-none = No address
manifest-short-url-path-style = The bucket stands in the path
manifest-short-url-space = A raw space
manifest-short-url-plus = + for a space
manifest-short-url-twice-encoded = Encoded twice
manifest-short-url-percent = A lone %
manifest-short-url-encoding = Not encoded
manifest-short-url-character = < > or |
manifest-short-url-hash = # in the name
manifest-short-url-question = ? in the name
manifest-short-url-signed = Signed for some days
manifest-short-url-signed-over = Its signature is over
manifest-short-url-twice = The same address twice
manifest-short-key-missing = No name
manifest-short-key-long = The name is too long
manifest-short-key-characters = Characters in the name
manifest-short-key-spaces = Spaces in the name
manifest-short-key-twice = The same name twice
manifest-short-media-type = Media type not known
manifest-short-metadata-shape = Metadata not as it is read
manifest-short-metadata-unknown = Metadata not known there
manifest-short-metadata-refused = Metadata that is refused
manifest-short-metadata-long = Metadata too long
manifest-short-metadata-reserved = split is not known
manifest-short-attachment-shape = Attachments not as they are read
manifest-short-attachment-type = Attachment type not known
manifest-short-attachment-empty = An empty attachment
manifest-short-size = A size that is none
manifest-short-cloud-type = Point cloud type not known
manifest-short-object-missing = Not there
manifest-short-object-empty = There, and empty
manifest-short-object-denied = Not ours to see
manifest-short-object-unseen = Could not be seen
manifest-short-object-private = In a private network
bench-save-first = Rows are repaired or removed here and not in the file: save the manifest first, and register the saved one.
bench-no-sizes = { $form } has no place for sizes in its rows: choose a name that ends in .csv.
bench-no-folder = Choose the folder again.
bench-folder-bucket = Only objects in a bucket have addresses: choose a connection to a bucket.
bench-picture-private = It is in a private network or on this computer, and was not asked.
bench-picture-bucket = Its bucket is not connected.
bench-picture-large = It has { $size }. More than { $most } is not fetched for a small picture.
bench-picture-other = It is no picture.
bench-picture-format = Pictures of this format are not drawn here.
bench-picture-damaged = It cannot be drawn: it is damaged, or has too many pixels.

dialog-manifest = Open a manifest
dialog-manifest-folder = Make a manifest from a folder
dialog-compare = Choose the manifest to compare with
dialog-save = Save as a new file
dialog-manifests = Manifests
dialog-all-files = All files
bench-build-no-table = Assets are made of a table whose first row names its columns.
bench-other-ending = A platform's form is JSON: choose a name that ends in .json or .jsonl. A table ends in .csv or .tsv, a list of addresses in .txt.

ui-problem-output-there =
    .title = That is the file that is open
    .body = It is never changed. Nothing was written.
    .action = Choose another name
ui-problem-not-a-manifest =
    .title = This is no manifest
    .body = { $said }
    .action = Choose another file, or say what it is
ui-bench-empty = Open a manifest, or make one from a folder
ui-bench-empty-hint = JSON, JSON Lines, CSV, TSV or a list of addresses, for Labelbox, Ango Hub or Segments.ai. Gantry says what is wrong to the line, and offers repairs. The file itself is never changed.
ui-bench-drop-too = You can also drop the file on this window.
ui-bench-open = Open…
ui-bench-open-other = Open another…
ui-bench-close = Close
ui-bench-close-name = Close { $name }
ui-bench-refused = { $name } is no manifest
ui-bench-refused-line = The line
ui-bench-say-what = Say what it is
ui-bench-say-hint = Pick the form, and for a table the column with the address and the one with the name.
ui-bench-read-as = Read it as
ui-bench-read = Read it so
ui-bench-upload = Upload it as a file
ui-bench-upload-hint = It was opened as a manifest.
ui-bench-form-ango = Ango Hub
ui-bench-form-labelbox = Labelbox
ui-bench-form-segments = Segments.ai
ui-bench-form-urls = a list of addresses
ui-bench-form-csv = a table (CSV)
ui-bench-looks-like = { $rows ->
    [one] One row. Looks like { $form }, because its rows have
   *[other] { $rows } rows. Looks like { $form }, because rows have
 }
ui-bench-looks-like-so-far = { $rows ->
    [one] One row so far. Looks like { $form }, because its rows have
   *[other] { $rows } rows so far. Looks like { $form }, because rows have
 }
ui-bench-read-like-so-far = { $rows ->
    [one] One row so far, read as { $form }.
   *[other] { $rows } rows so far, read as { $form }.
 }
ui-bench-read-like = { $rows ->
    [one] One row, read as { $form }.
   *[other] { $rows } rows, read as { $form }.
 }
ui-bench-and = and
ui-bench-utf16 = It is UTF-16; what is saved is UTF-8.
ui-bench-layout = It is { $layout }.
ui-bench-change = Change
ui-bench-change-title = What is this manifest?
ui-bench-columns = Columns
ui-bench-column-is = What the column { $column } is
ui-bench-columns-hint = Remembered for the next table with these heads.
ui-bench-field-url = the address
ui-bench-field-key = the name (key)
ui-bench-field-external-id = a second name
ui-bench-field-media-type = the media type
ui-bench-field-width = the width
ui-bench-field-height = the height
ui-bench-field-attachments = attachments
ui-bench-field-metadata = metadata
ui-bench-field-own = { $field }
ui-bench-field-none = left out
ui-bench-use = Use this
ui-bench-errors = { $count ->
    [one] One row can't be used
   *[other] { $count } rows can't be used
 }
ui-bench-mistakes = { $count ->
    [one] One error
   *[other] { $count } errors
 }
ui-bench-warnings = { $count ->
    [one] one to look at
   *[other] { $count } to look at
 }
ui-bench-mended = { $count ->
    [one] one repaired
   *[other] { $count } repaired
 }
ui-bench-clean = Nothing found
ui-bench-work-counting = Counting rows
ui-bench-work-checking = Checking
ui-bench-work-looking-for-repairs = Looking for repairs
ui-bench-work-repairing = Planning the repair
ui-bench-work-saving = Saving
ui-bench-work-weighing = Looking at what can be carried
ui-bench-work-converting = Converting
ui-bench-work-comparing = Comparing
ui-bench-work-building = Making assets
ui-bench-work-looking-up = Looking up objects
ui-bench-work-measuring = Measuring
ui-bench-save-left = Save this list…
ui-bench-progress-short = { $done } of { $total }
ui-bench-progress = { $done } of { $total } rows
ui-bench-progress-open = { $done } rows so far
ui-bench-stop = Stop
ui-bench-check-stopped = The check was stopped. Rows from { $row } on were not looked at.
ui-bench-check-again = Check again
ui-bench-hear-checked = { $rows } rows checked. { $blocked } can't be used, { $warned } to look at.
ui-bench-findings = Findings
ui-bench-none = No rule is broken.
ui-bench-none-yet = Nothing found so far.
ui-bench-repair = { $count ->
    [one] Repair one row
   *[other] Repair { $count } rows
 }
ui-bench-repaired = { $count ->
    [one] One row repaired here. Save as… writes it.
   *[other] { $count } rows repaired here. Save as… writes them.
 }
ui-bench-remove = { $count ->
    [one] Remove one row
   *[other] Remove { $count } rows
 }
ui-bench-removed-here = { $count ->
    [one] One row removed here. Save as… leaves it out.
   *[other] { $count } rows removed here. Save as… leaves them out.
 }
ui-bench-keep-group = Undo the removal: { $title }
ui-bench-removed-rows = { $count ->
    [one] one removed
   *[other] { $count } removed
 }
ui-bench-only-removed = Removed rows
ui-bench-removed-state = Removed
ui-bench-removed-to = Removed
ui-bench-row-goes = (the whole row goes)
ui-bench-on-wish = It may change what is meant. Look at some rows first.
ui-bench-show-group = Show the rows: { $title }
ui-bench-undo-group = Undo the repair: { $title }
ui-bench-rows = Rows of { $name }
ui-bench-all-rows = All rows
ui-bench-only = Rows with: { $title }
ui-bench-only-blocked = Rows that can't be used
ui-bench-only-warning = Rows to look at
ui-bench-only-mended = Repaired rows
ui-bench-show-all = Show all rows
ui-bench-go-to = Go to row
ui-bench-column-row = Row
ui-bench-column-name = Name
ui-bench-more-objects = and { $count } more
ui-bench-good = Good
ui-bench-repaired-state = Repaired
ui-bench-not-looked = Not checked yet
ui-bench-no-rows = No row is like this.
ui-bench-row-title = Row { $row }
ui-bench-row-place = line { $line }, column { $column }
ui-bench-close-row = Close the row
ui-bench-now = Now
ui-bench-repaired-to = Repaired
ui-bench-would-be = Would be
ui-bench-removed = removed:
ui-bench-added = added:
ui-bench-nothing = (nothing)
ui-bench-mended-by-plan = Repaired
ui-bench-nothing-wrong = Nothing is wrong with this row.
ui-bench-says = What it says
ui-bench-here = here
ui-bench-unchanged = The file on disk is unchanged.
ui-bench-convert = Convert to
ui-bench-compare = Compare…
ui-bench-build = Make assets…
ui-bench-save = Save as…
ui-bench-register-more = { $count ->
    [one] Register one row…
   *[other] Register { $count } rows…
 }
ui-bench-register-open = Register…
ui-bench-register = { $count ->
    [one] Register one row
   *[other] Register { $count } rows
 }
ui-bench-register-title = { $count ->
    [one] Where is the row registered?
   *[other] Where are the { $count } rows registered?
 }
ui-bench-register-hint = { $count ->
    [0] Only rows are made; the objects stay where they are.
    [one] Only rows are made; the objects stay where they are. One row can't be used: it is left out, and needs you.
   *[other] Only rows are made; the objects stay where they are. { $count } rows can't be used: they are left out, and need you.
 }
ui-bench-register-saves = { $removed ->
    [0] { $mended ->
        [one] One row is repaired here and not in the file.
       *[other] { $mended } rows are repaired here and not in the file.
     }
    [one] { $mended ->
        [0] One row is removed here and not in the file.
       *[other] Rows repaired here: { $mended }. Removed here: one. Neither is in the file.
     }
   *[other] { $mended ->
        [0] { $removed } rows are removed here and not in the file.
       *[other] Rows repaired here: { $mended }. Removed here: { $removed }. Neither is in the file.
     }
 } You choose where a new file is saved; then the rows of that file are registered.
ui-bench-save-and-register = { $count ->
    [one] Save as… and register one row
   *[other] Save as… and register { $count } rows
 }
ui-bench-register-none = No platform is connected yet. Its API key is all it takes.
ui-bench-register-converted = The rows are turned into the form of { $platform }. “Convert to” shows what it has no place for.
ui-bench-save-all = { $count ->
    [one] The one row
   *[other] All { $count } rows
 }
ui-bench-save-good = { $count ->
    [one] Only the one that can be used
   *[other] Only the { $count } that can be used
 }
ui-bench-save-good-hint = { $count ->
    [one] One is left out
   *[other] { $count } are left out
 }
ui-bench-done-saved = { $rows ->
    [one] { $name }: one row saved.
   *[other] { $name }: { $rows } rows saved.
 }
ui-bench-done-mended = { $count ->
    [one] One of them repaired.
   *[other] { $count } of them repaired.
 }
ui-bench-done-left-out = { $count ->
    [one] One was left out.
   *[other] { $count } were left out.
 }
ui-bench-done-broken = { $count ->
    [one] One could not be read.
   *[other] { $count } could not be read.
 }
ui-bench-done-converted = { $rows ->
    [one] { $name }: one row as { $form }.
   *[other] { $name }: { $rows } rows as { $form }.
 }
ui-bench-done-built = { $rows ->
    [one] { $name }: one asset made.
   *[other] { $name }: { $rows } assets made.
 }
ui-bench-done-looked-up = { $rows ->
    [one] The objects of one row were looked up.
   *[other] The objects of { $rows } rows were looked up.
 }
ui-bench-done-measured = { $rows ->
    [one] { $name }: one row.
   *[other] { $name }: { $rows } rows.
 }
ui-bench-done-filled = { $count ->
    [one] The size of one was filled in.
   *[other] The sizes of { $count } were filled in.
 }
ui-bench-done-unmeasured = { $count ->
    [one] One could not be measured.
   *[other] { $count } could not be measured.
 }
ui-bench-looked = { $there } are there, { $missing } are not, { $unseen } could not be seen.
ui-bench-looked-known = { $count ->
    [one] One was known from an earlier look.
   *[other] { $count } were known from an earlier look.
 }
ui-bench-looked-stopped = It was stopped before the end.
ui-bench-objects = Objects
ui-bench-look-up = Look up objects
ui-bench-look-some = { $count ->
    [one] Of one row
   *[other] Of { $count } rows, evenly spread
 }
ui-bench-look-all = { $count ->
    [one] Of the one row
   *[other] Of all { $count } rows
 }
ui-bench-look-hint = Asks each address whether its object is there; with your own keys where the bucket is connected. Nothing is sent. At most 50 a second are asked, and a stop keeps what was seen.
ui-bench-look-private = Ask there too
ui-bench-look-private-title = Ask addresses in private networks?
ui-bench-look-private-body = A manifest is somebody else's text. Its addresses could lead to devices in your network that answer to nobody else. Say yes only if you know where they lead.
ui-bench-look-private-yes = Ask them
ui-bench-look-private-no = Leave them
ui-bench-measure = Measure and fill…
ui-bench-measure-hint = Reads the first bytes of each picture, and saves a new file with width and height.
ui-bench-sign = Sign again for
ui-bench-sign-days = { $days ->
    [one] 1 day
   *[other] { $days } days
 }
ui-bench-sign-plan = Sign again
ui-bench-sign-none = The bucket of these addresses is not connected. With keys that may read it, Gantry can sign them again.
ui-bench-sign-connect = Connect the bucket
ui-bench-sign-left = { $count ->
    [one] One row lies in no connected bucket, and stays as it is.
   *[other] { $count } rows lie in no connected bucket, and stay as they are.
 }
ui-bench-workspace = Metadata
ui-bench-workspace-hint = Asks Labelbox which metadata your workspace has, and finds rows that name others. Nothing is sent there.
ui-bench-workspace-none = Whether your workspace has this metadata is not known: Labelbox is not connected.
ui-bench-workspace-check = Check against { $name }
ui-bench-workspace-choose = Check against
ui-bench-work-asking = Asking about metadata
ui-bench-done-asked = { $rows ->
    [one] One row was checked against { $name }.
   *[other] { $rows } rows were checked against { $name }.
 }
ui-bench-asked-found = { $count ->
    [0] It takes all their metadata.
    [one] It does not take the metadata of one row.
   *[other] It does not take the metadata of { $count } rows.
 }
ui-bench-from-folder = From folder…
ui-bench-folder-title = A manifest of the files in { $name }
ui-bench-folder-hint = Each file becomes a row with the address that it has, or will have, in the bucket. Nothing is sent, and no bucket is asked.
ui-bench-folder-bucket = Bucket
ui-bench-folder-none = No bucket is connected yet. Only objects in a bucket have addresses.
ui-bench-folder-prefix = Folder in the bucket
ui-bench-folder-form = Form
ui-bench-folder-other = Another folder…
ui-bench-folder-make = Save as…
ui-bench-folder-progress = { $files ->
    [one] One file so far, { $written } written
   *[other] { $files } files so far, { $written } written
 }
ui-bench-made = { $written ->
    [one] One row was written to { $name }.
   *[other] { $written } rows were written to { $name }.
 }
ui-bench-made-left = { $count ->
    [one] One file could not be sent, and has no row:
   *[other] { $count } files could not be sent, and have no row:
 }
ui-bench-pictures = Show pictures
ui-bench-pictures-hide = Hide pictures
ui-bench-pictures-who = { $hosts ->
    [one] Gantry then asks { $named } for the pictures of rows in sight.
    [2] Gantry then asks 2 hosts for the pictures of rows in sight: { $named }.
    [3] Gantry then asks 3 hosts for the pictures of rows in sight: { $named }.
   *[other] Gantry then asks { $hosts } hosts for the pictures of rows in sight, { $named } among them.
 }
ui-bench-pictures-many = Gantry then asks more than { $hosts } hosts for the pictures of rows in sight, { $named } among them.
ui-bench-pictures-own = Redirects to public places are followed. Your own keys are used where the bucket is connected.
ui-bench-pictures-wait = When all rows are checked, Gantry can say who would be asked.
ui-bench-pictures-refused = Some lead into private networks, and were not asked.
ui-bench-picture-of = Picture of row { $row }
ui-bench-picture-none = No picture: { $why }
ui-bench-done-stopped = Stopped. Nothing was written.
ui-bench-understood = Close this
ui-bench-weighed = { $rows ->
    [one] One row becomes { $form }.
   *[other] { $rows } rows become { $form }.
 }
ui-bench-weighed-whole = Nothing is lost.
ui-bench-weighed-left = It has no place for these fields:
ui-bench-weighed-refused = { $count ->
    [one] It has no place for one row.
   *[other] It has no place for { $count } rows.
 }
ui-bench-left-field = { $count ->
    [one] in one row
   *[other] in { $count } rows
 }
ui-bench-write-it = Save as…
ui-bench-not-now = Leave it
ui-bench-compared = Compared with { $name }
ui-bench-compared-new = New here
ui-bench-compared-gone = Only in { $name }
ui-bench-compared-changed = Changed
ui-bench-compared-same = { $count ->
    [one] One row is the same.
   *[other] { $count } rows are the same.
 }
ui-bench-compared-left = { $count ->
    [one] One row has no name, or could not be read.
   *[other] { $count } rows have no name, or could not be read.
 }
ui-bench-compared-first = { $count ->
    [one] The first one is shown.
   *[other] The first { $count } are shown.
 }
ui-bench-compared-none = None.
ui-bench-differs = Differs in
ui-bench-back = Back to the rows
ui-bench-more-differences = Show more
ui-bench-build-title = Make Ango Hub assets
ui-bench-build-hint = Each row, put into the template, becomes one asset, as Ango Hub's own builder makes it.
ui-bench-template = Template
ui-bench-template-hint = HTML with the names of columns in double braces. Values are text; scripts are not taken.
ui-bench-build-key = Column of the external ID
ui-bench-build-context = Columns that are exported with the labels
ui-bench-build-batches = Column of batches
ui-bench-build-no-batches = none
ui-bench-build-storage = Integration that reads the media of { $column }
ui-bench-preview = Preview of ten rows
ui-bench-preview-none = Write a template, and the first ten assets appear here.
ui-bench-build-save = Save the assets…
ui-bench-changed = The file was changed meanwhile.
ui-bench-changed-hint = What is shown here may not be what is in it now.
ui-bench-open-again = Open it again

## Rows of a manifest: what is said in place of the sentence without -of-rows, where rows are registered and no file is sent.

ui-go-on-n-of-rows = { $count ->
    [one] Go on with one row
   *[other] Go on with { $count } rows
 }
ui-reading-of-rows = Reading the rows of { $title }
ui-of-checked-long-of-rows = { $done } of { $files } rows checked
ui-nothing-sent-reading-of-rows = No row is registered yet. That begins when all rows are read.
ui-files-and-bytes-of-rows = { $count ->
    [one] One row
   *[other] { $count } rows
 }
ui-n-files-of-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
 }
ui-show-n-files-of-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
 }
ui-all-files-of-rows = All rows
ui-all-folders-of-rows = All rows
ui-files-in-of-rows = Rows: { $title }
ui-files-of-of-rows = Rows: { $title }
ui-files-none-of-rows = No row is in this list.
ui-find-file-of-rows = Find a row
ui-column-file-of-rows = Row
ui-close-ticket-of-rows = Close the row
ui-proof-accepted-of-rows = The platform's answer
ui-send-again-of-rows = Register again
ui-of-done-of-rows = of { $files } rows registered
ui-of-files-of-rows = { $done } of { $files } rows
ui-rows-go = The platform answers for each row.
ui-needs-rest-of-rows = { $count ->
    [one] 1 row, the rest goes on
   *[other] { $count } rows, the rest goes on
 }
ui-list-folders-of-rows = All rows
ui-list-done-of-rows = Registered
ui-stop-body-of-rows = { $count ->
    [one] One row is registered and stays registered. You can go on later from History.
   *[other] { $count } rows are registered and stay registered. You can go on later from History.
 }
ui-stop-no-of-rows = Keep registering
ui-cancel-title-of-rows = Give up registering?
ui-cancel-body-of-rows = { $count ->
    [one] One row is registered and stays registered. You can't go on with the others later; they can be registered anew.
   *[other] { $count } rows are registered and stay registered. You can't go on with the others later; they can be registered anew.
 }
ui-hold-slow-of-rows = We ask less often.
ui-work-title-of-rows = { $count ->
    [0] Nothing needs you
    [one] One row needs you
   *[other] { $count } rows need you
 }
ui-set-aside-title-of-rows = { $count ->
    [0] Nothing is set aside
    [one] One row is set aside
   *[other] { $count } rows are set aside
 }
ui-work-hint-rows-of-rows = A row that is set aside is not registered. Then this is finished.
ui-show-files-of-rows = Show rows
ui-hide-files-of-rows = Hide rows
ui-ignore-here-of-rows = Set aside
ui-again-hint-of-rows = Open the manifest again and choose another dataset or project. Rows that are registered stay as they are.
ui-done-registered-of-rows = { $done } of { $files } rows registered in { $container }
ui-done-registered-needs-of-rows = { $count ->
    [one] { $done } rows registered, 1 needs you
   *[other] { $done } rows registered, { $count } need you
 }
ui-done-stopped-of-rows = Stopped at { $done } of { $files } rows
ui-done-cancelled-of-rows = Given up at { $done } of { $files } rows
ui-proof-all-of-rows = It took { $time }. The platform answered for each row that is counted as registered. The objects stayed where they are.
ui-proof-nothing-of-rows = No row was registered.
ui-account-label-of-rows = Where each row is
ui-account-same-of-rows = Same, was there already
ui-account-unregistered-of-rows = Not registered yet
ui-files-given-of-rows = Rows of the manifest
ui-look-at-n-of-rows = { $count ->
    [one] Look at the row
   *[other] Look at the { $count } rows
 }
ui-list-files-of-rows = List the rows
ui-done-hint-needs-of-rows = Set them aside if they should not be registered. Then this is finished.
ui-done-hint-of-rows = Register the manifest again at any time: a row that is there already is not made twice.
ui-upload-more-of-rows = To the manifests
ui-slip-files-of-rows = Rows
ui-slip-accepted-of-rows = The platform's answer
ui-slip-open-of-rows = { $count ->
    [one] Open: 1 row
   *[other] Open: { $count } rows
 }
ui-no-row-yet = no row is registered yet
ui-stamp-registered = Registered
ui-stamp-same = Was there already
ui-stamp-files-of-rows = { $count ->
    [one] one row
   *[other] { $count } rows
 }
ui-nothing-sent-of-rows = Nothing registered
ui-registered-of-of-rows = { $done } of { $files } rows registered
ui-sent-registered-of-rows = { $registered } registered
ui-strip-sending-of-rows = Registering { $percent } %
ui-strip-sending-left-of-rows = Registering { $percent } %, about { $left } left
ui-strip-show-of-rows = Show it
ui-hear-checked-of-rows = { $files ->
    [one] One row checked.
   *[other] { $files } rows checked.
 }
ui-hear-start-of-rows = { $files ->
    [one] Registering of one row started.
   *[other] Registering of { $files } rows started.
 }
ui-hear-needs-you-of-rows = { $count ->
    [one] One row needs you: { $title }.
   *[other] { $count } rows need you: { $title }.
 }
ui-hear-done-of-rows = { $open ->
    [0] Done. { $done } of { $files } rows are registered.
    [one] Done. { $done } of { $files } rows are registered, one needs you.
   *[other] Done. { $done } of { $files } rows are registered, { $open } need you.
 }

state-sending-of-rows = Registering
state-verified-of-rows = Waiting

problem-row-refused-of-rows =
    .title = The platform refused this row
    .body = Its words: “{ $said }”. Nothing was made of it.
    .action = Try again
problem-row-there-of-rows =
    .title = Same name, something else
    .body = The platform has something else under this name already. It was left as it is.
    .action = Rename it in the manifest, then register it again
problem-same-key-of-rows =
    .title = Two rows have the same name
    .body = The platform keeps one row under a name: only the first of them goes.
    .action = Rename it in the manifest, then register it again
problem-source-changed-of-rows =
    .title = The manifest was changed
    .body = It was saved again after its rows had been read.
    .action = Try again
problem-source-gone-of-rows =
    .title = The manifest is not there
    .body = It was moved, renamed or deleted, or its drive is unplugged.
    .action = Bring it back, then try again
problem-wrong-container-of-rows =
    .title = This dataset or project takes something else
    .body = Its type does not fit these rows: pictures, point clouds, films and text each need their own.
    .action = Choose another one
problem-integration-invalid-of-rows =
    .title = The platform can't read your bucket
    .body = Its access to the bucket (the integration) is not valid, so it could not show the objects. They stay where they are.
    .action = Repair the access at the platform, then try again
problem-call-too-large-of-rows =
    .title = Too much in one request
    .body = The platform takes no request of this size, even for one row alone.
    .action = Make the row shorter in the manifest, then register it again
problem-metadata-unfit-of-rows =
    .title = The platform does not take what a row says
    .body = Its words: “{ $said }”. Nothing was registered.
    .action = Change it in the manifest, then register it again
problem-bad-api-key-of-rows =
    .title = The platform does not accept the key
    .body = It may be mistyped, revoked or too old, or its account is disabled. Nothing more was asked with it.
    .action = Replace key
problem-slow-down-of-rows =
    .title = Asked to slow down
    .body = The platform asks for fewer requests. We do that. No action is needed.
    .action = Try now
problem-refused-of-rows =
    .title = The platform refused this
    .body = Its words: “{ $said }”. We did not know this rule.
    .action = Try again
problem-not-a-store-of-rows =
    .title = Somebody else answered
    .body = The answer did not come from the platform. A sign-in page of this network may stand between. Nothing was counted as registered.
    .action = Sign in to the network, then try again
problem-server-error-of-rows =
    .title = The platform had a fault of its own
    .body = It answered with an error on its side. Try again in a moment.
    .going = It answered with an error on its side. We ask what is there, then go on by ourselves.
    .action = Try now
problem-journal-full-of-rows =
    .title = No room for Gantry's own notes
    .body = The disk with Gantry's data folder is full, so nothing more is registered: what happened could not be written down. Make room there, then try again.
    .action = Make room, then try again
problem-bug-of-rows =
    .title = A defect of Gantry
    .body = Something happened that should not. Nothing was counted as registered because of it.
    .action = Report it with the details

receipt-motto-of-rows = for rows registered where they are labelled
receipt-given-of-rows = { $count ->
    [one] one manifest
   *[other] { $count } manifests
 }
receipt-stored-in-of-rows = Registered in
receipt-took-of-rows = Time of registering
receipt-container = ID of the dataset or project
receipt-where-of-rows = Where each row is
receipt-registered = Registered
receipt-under-way-of-rows = Not registered yet
receipt-files-given-of-rows = Rows of the manifest
receipt-stamp-registered = Registered
receipt-n-registered = { $count ->
    [one] one row registered
   *[other] { $count } rows registered
 }
receipt-n-same-of-rows = { $count ->
    [one] one row was there already
   *[other] { $count } rows were there already
 }
receipt-list-under-way-of-rows = Not registered yet ({ $count })
receipt-list-there-of-rows = Registered, or there already ({ $count })
receipt-column-file-of-rows = Row
receipt-column-address = Address
receipt-column-proof-of-rows = State

console-sum-files-of-rows = { $count ->
    [one] One row:
   *[other] { $count } rows:
 }
console-sum-unregistered-of-rows = - { $count } not registered yet
console-sum-run-of-rows = This run took { $seconds } s.
console-no-files-of-rows = There is no row in it.
console-trouble-of-rows = { $title }: { $count ->
    [one] one row, { $example }
   *[other] { $count } rows, such as { $example }
 }
console-open-in-of-rows = { $count ->
    [one] One row needs you in { $upload }: gantryctl show { $upload } --state needs_you
   *[other] { $count } rows need you in { $upload }: gantryctl show { $upload } --state needs_you
 }
console-looking-begins-of-rows = Reading the rows.
console-looking-of-rows = Reading the rows: { $count }
console-sending-begins-of-rows = { $count ->
    [one] Registering one row in { $place }.
   *[other] Registering { $count } rows in { $place }.
 }
console-tenth-of-rows = { $percent } %, { $done } of { $count } rows
console-moving-of-rows = { $done } of { $count } rows
console-phase-sending-of-rows = registering
console-n-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
 }

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

    Where a copy would help, it is said: send makes it with --fix.
console-send = Check files, send what is ready, and prove what arrived
console-send-examples =
    Examples:
      gantryctl send photos --to this-computer --yes
      gantryctl send photos --to my-bucket/2026/autumn --dry-run
      gantryctl send photos --contents --to my-bucket/all --include '*.jpg' --on-clash new-name --yes
      gantryctl send photos --to my-bucket --register my-labelbox/DATASET_ID --table about.csv --map city=metadata:town --yes
      gantryctl send photos --to my-bucket --names '{"{"}prefix{"}"}/{"{"}sha256{"}"}.{"{"}ext{"}"}' --limit 2M --wait 1h --yes
      gantryctl send photos --to my-labelbox/birds --fix convert,scale --yes
      gantryctl send photos --to my-bucket --fix gps,rotate --dry-run
      gantryctl send scans --to my-bucket --confirm dicom-patient-name --yes

    --fix works on copies, which are sent in place of the files; the files themselves stay as they are. gps takes the position
    out of photos, rotate turns pixels upright, scale makes pictures as small as the platform recommends, convert makes PNG or
    JPEG of what it does not take. Only files that need it get a copy. --confirm lets files go that a rule holds until you say so.
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
      gantryctl retry last --on-clash new-name
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
      gantryctl connections add labelbox --name labels --secret api_key

    Each --secret reads one line from standard input. In place of the keychain, a secret of one run can stand in the
    environment: GANTRY_SECRET_MINIO_SECRET_ACCESS_KEY for the connection minio.

    Fields of a folder: path. Fields of s3: bucket, prefix, region, endpoint, addressing (path or virtual),
    access_key_id, profile, ca_file, allow_http; secrets: secret_access_key, session_token. Fields of segments, labelbox
    and ango: api_url (the public one where it is empty), allow_http, of ango settle_seconds too; secret: api_key.
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

console-manifest = Look at manifests, mend them, and turn them into other forms; the file itself is never changed
console-manifest-examples =
    Examples:
      gantryctl send photos --to my-bucket/2026 --manifest-only labelbox -o photos.json
      gantryctl manifest check birds.json
      gantryctl manifest check birds.csv --map photo=url --json
console-manifest-check = Say what is wrong with a manifest, to the line; nothing is changed or sent
console-manifest-check-examples =
    Examples:
      gantryctl manifest check birds.json
      gantryctl manifest check birds.jsonl --as labelbox --json
      gantryctl manifest check birds.json --objects all --per-second 20
      gantryctl manifest check birds.csv --map photo=url --map number=key

    It reads JSON, JSON Lines, tables (CSV, TSV) and lists of addresses. What --map says is remembered by the table's head.
    Exit status: 0 nothing is blocked, 1 something is blocked, 2 it is no manifest.
console-manifest-repair = Write a mended copy; every other byte stays as it is
console-manifest-repair-examples =
    Examples:
      gantryctl manifest repair birds.json --dry-run
      gantryctl manifest repair birds.json -o birds-mended.json
      gantryctl manifest repair birds.json -o birds-mended.json --only url-plus --only key-twice
      gantryctl manifest repair birds.json -o birds-left.json --remove url-local

    Without --only: addresses are encoded, +, raw spaces and double encoding become %20, Amazon's buckets move into the
    host name for Labelbox, names are taken from addresses and made unique where the platform wants them.
    Only on wish: url-http (http becomes https), url-question (? becomes %3F). Signed addresses are never changed.
console-manifest-convert = Write the same rows in another form, and say what it has no place for
console-manifest-convert-examples =
    Examples:
      gantryctl manifest convert birds.json --to ango -o birds-ango.json
      gantryctl manifest convert birds.json --to csv -o birds.csv
      gantryctl manifest convert birds.csv --to labelbox -o birds.jsonl

    The name's ending decides: .json is a list, .jsonl and .ndjson are a row a line, .csv and .tsv are tables, .txt is an address a line.
console-manifest-compare = Say which rows are new, gone or changed between two manifests, by name
console-manifest-compare-examples =
    Examples:
      gantryctl manifest compare yesterday.json today.json
      gantryctl manifest compare birds.json birds.csv --json
console-manifest-build = Make Ango Hub's assets of a table and a template, as its asset builder does
console-manifest-build-examples =
    Examples:
      gantryctl manifest build birds.csv --template card.html --key name --preview
      gantryctl manifest build birds.csv --template card.html --key name --context city -o assets.json

    A template is HTML in which the name of a column stands in two curly brackets.
console-arg-output = The new file; one that is there is not overwritten
console-arg-overwrite = Overwrite the new file when it is there; never the file that is read
console-arg-only = Mend only this, such as url-plus; can be given often
console-arg-remove = Leave out the rows that break this rule, such as url-local; can be given often
console-arg-repair-dry-run = Show before and after, write nothing
console-arg-into = What it becomes: labelbox, ango, segments, urls or csv
console-arg-first = The earlier manifest
console-arg-second = The later manifest
console-arg-build-table = The table, with a head
console-arg-template = The template: HTML
console-arg-build-key = The column that becomes the external id
console-arg-build-context = A column that is exported with the labels; can be given often
console-arg-build-storage = The integration that reads the media of a column; can be given often
console-arg-build-batches = The column with the batches of a row, several with ; between them
console-arg-preview = Show the first ten assets, write nothing
console-manifest-stopped = Stopped. Nothing was written.
console-manifest-mended-rule = { $rule }: { $count }
console-manifest-mended = { $count ->
    [0] Nothing had to be mended. The copy is { $path }
    [one] One of { $rows } rows was mended: { $path }
   *[other] { $count } of { $rows } rows were mended: { $path }
 }
console-manifest-would-mend = { $count ->
    [0] Nothing has to be mended.
    [one] One of { $rows } rows would be mended. Nothing was written.
   *[other] { $count } of { $rows } rows would be mended. Nothing was written.
 }
console-manifest-removed = { $count ->
    [one] One row was left out.
   *[other] { $count } rows were left out.
 }
console-manifest-would-remove = { $count ->
    [one] One row would be left out.
   *[other] { $count } rows would be left out.
 }
console-manifest-copied = { $broken ->
    [one] One row could not be read, and is copied as it stands; manifest check shows it.
   *[other] { $broken } rows could not be read, and are copied as they stand; manifest check shows them.
 }
console-manifest-no-table = A platform's form is JSON: choose a name that ends in .json or .jsonl, or --to csv.
console-manifest-left = What this form has no place for, and in how many rows:
console-manifest-left-field = - { $field }: { $count }
console-manifest-converted = { $count ->
    [one] One row was written: { $path }
   *[other] { $count } rows were written: { $path }
 }
console-manifest-refused = { $refused ->
    [one] One row has no place in this form and was left out.
   *[other] { $refused } rows have no place in this form and were left out.
 }
console-manifest-not-read = { $broken ->
    [one] One row could not be read and was left out; manifest check shows it.
   *[other] { $broken } rows could not be read and were left out; manifest check shows them.
 }
console-manifest-new = + { $key } (row { $row })
console-manifest-gone = - { $key } (row { $row } of the first)
console-manifest-changed = ~ { $key } (row { $row }): { $fields }
console-manifest-compared = New: { $new }. Gone: { $gone }. Changed: { $changed }. The same: { $same }.
console-manifest-compared-left = { $left ->
    [one] One row has no name, or could not be read, and was not compared.
   *[other] { $left } rows have no name, or could not be read, and were not compared.
 }
console-build-no-table = It is no table with a head: a CSV or TSV is needed, with the names of its columns in the first line.
console-build-template = { $path } is no template.
console-build-preview = { $count ->
    [one] This is the only asset. Nothing was written.
   *[other] These are the first { $count } assets. Nothing was written.
 }
build-script = A template has no scripts: the platform takes them out.
build-no-column = The template names no column: a column's name stands in two curly brackets.
console-arg-manifest-only = Write a manifest of what would be sent, in this form, and send nothing
console-manifest-one-file-rows = A manifest is made of rows of one file each: leave --group out.
console-manifest-sha256 = The names have the checksum of the content in them, which is known after an upload only: choose other names with --names.
console-manifest-of-bucket = Only objects in a bucket have addresses: { $name } is none.
console-arg-manifest = The manifest: JSON, JSON Lines, CSV, TSV or a list of addresses
console-arg-as = Whose words it is written in; recognised otherwise
console-arg-map-manifest = What a column of a table is, by its head or number; can be given often
console-arg-all-places = Show every place, not a few of each kind
console-manifest-form = { $path }: { $form }, since it has { $why }. It is { $layout }.
console-manifest-form-said = { $path }: read as { $form }. It is { $layout }.
console-manifest-unused = Columns that are left out: { $columns }. What they are can be said with --map.
console-manifest-place = Row { $row } (line { $line }, column { $column })
console-manifest-place-beside = Line { $line }, column { $column }
console-manifest-more = { $count ->
    [one]   and one more; --all shows it
   *[other]   and { $count } more; --all shows them
 }
console-manifest-source = { "  " }see { $source }
console-manifest-sum = { $count ->
    [one] One row: { $good } good, { $blocked } blocked, { $warnings } with warnings.
   *[other] { $count } rows: { $good } good, { $blocked } blocked, { $warnings } with warnings.
 }
console-manifest-fine = All of it can be used.
console-manifest-warnings = It can be used. Please look at the warnings.
console-manifest-blocked = What is blocked cannot be used as it is.
console-arg-home = The data folder; else GANTRY_HOME, else the system's folder for data
console-arg-json = Print JSON lines for programs, and nothing else on standard output
console-arg-path = Files and folders
console-arg-contents = Leave the folder's own name out of the names
console-arg-include = Only files whose name or path matches; can be given often
console-arg-exclude = Leave out files whose name or path matches; can be given often
console-arg-include-hidden = Take hidden and system files too
console-arg-every = Take every n-th picture only; all other files are taken
console-arg-for = Check by the rules of this connection
console-arg-to = Where to: a connection, and perhaps a folder in it; for a platform its dataset or project
console-arg-register = Register every file at this platform: its connection, and the dataset or project
console-arg-integration = The platform's own access to the bucket (see: gantryctl integrations)
console-arg-batch = Put the rows into this batch of the project
console-arg-group = What makes a row: each file, all files of a folder, files of one numbered name, or the sensors beside each other
console-arg-presign = Register addresses that are signed for so many days, 1 to 7
console-arg-meta = Something that is known about all files; can be given more than once
console-arg-priority = Rows with a higher priority come first, where the platform knows priorities
console-arg-table = A table (CSV) that tells something about the files: one column names them; then no other one is looked for
console-arg-no-tables = Send every table as a file: none of them tells something about the others
console-arg-map = Where a column goes: name, metadata:NAME, split, tags, attachment, attachment:TYPE or ignore
console-arg-create = Make a dataset or project of this name
console-arg-owner = Who shall own it: you, or one of your organisations
console-arg-type = Its type in the platform's own word, such as bboxes or pointcloud-cuboid
console-datasets = List the datasets or projects of a platform, or make one
console-datasets-examples =
    Examples:
      gantryctl datasets my-labelbox
      gantryctl datasets my-segments --create birds --type bboxes
console-integrations = List the accesses that a platform has to buckets
console-integrations-examples =
    Examples:
      gantryctl integrations my-labelbox
      gantryctl integrations my-ango --json
console-register-twice = A platform's own storage registers by itself: leave --register out, or send to a bucket.
console-no-target = Which dataset or project? Add it behind the connection, such as { $name }/NAME. “gantryctl datasets { $name }” lists them.
console-no-batch = { $name } has no batch called “{ $batch }”. It has: { $all }.
console-no-batches = { $name } has no batches that rows can be put into. Leave --batch out.
console-signed = { $days ->
    [one] The platform got signed addresses. Whoever has one can read that file for 1 day, counted from when it was registered; after that the platform can't show it.
   *[other] The platform got signed addresses. Whoever has one can read that file for { $days } days, counted from when it was registered; after that the platform can't show it.
}
console-no-integrations = This platform tells of no access to buckets. It is set up on its own pages.
console-valid = valid
console-not-valid = not valid
console-link = { $name }: { $link }
console-arg-yes = Send all that is ready without asking
console-arg-dry-run = Read, check and compare, say what would happen, send nothing
console-arg-names = How names are made there, such as {"{"}prefix{"}"}/{"{"}relative_path{"}"}; also folder, name, stem, ext, uuid, sha256
console-arg-on-clash = Where another file has the name already: keep it, replace it, or send under a new name
console-arg-fix = Send fixed copies of the files that need it: gps, rotate, scale, convert; several with commas
console-arg-confirm = Let files go that this rule holds until you say so: dicom-patient-name, copy-first-picture, copy-not-made
console-arg-at-once = Most requests at once, 1 to 256; found by itself otherwise
console-arg-limit = Most bytes a second, such as 500k, 10M, 1Gi; 0 is full speed
console-arg-wait = How long to wait for what goes on by itself, such as 30s, 10m, 2h; 10m off a terminal, for ever on one
console-arg-upload = An upload's number, a beginning of it that no other has, or last
console-arg-upload-or-all = An upload's number, a beginning of it that no other has, or last; all of them otherwise
console-arg-decide-clash = Those that stopped because another file has their name: replace it, or send under a new name
console-arg-reason = Only the files that stopped for this reason, such as clash
console-arg-state = Only the files in this state, such as needs_you
console-arg-format = The form: json, csv or html
console-arg-kind = What kind: folder, s3, segments, labelbox or ango
console-arg-name = The connection's name: 1 to 64 letters, digits, - and _
console-arg-set = A field that is no secret; can be given often
console-arg-secret = Read this secret from standard input into the keychain; can be given often
console-arg-connection = The connection's name
console-arg-force = Also when unfinished uploads use it: they wait until it is back

console-bad-rate = { $value } is no rate. A number and k, M, G, Ki, Mi or Gi is one: 500k, 10M, 1Gi.
console-bad-duration = { $value } is no length of time. A number and s, m or h is one: 30s, 10m, 2h.
console-bad-target = { $value } is no place to send to. A connection is one, or a connection with a folder in it: my-bucket/2026/autumn.
console-bad-assignment = A field is set as FIELD=VALUE.
console-bad-mapping = { $value } does not say where a column goes. Write COLUMN=WHERE, with name, metadata:NAME, split, tags, attachment, attachment:TYPE or ignore behind the equals sign.
console-table-needs-platform = What a table says goes to a labelling platform: add --register, or send to a platform's own storage.
console-table-used = Table { $path }. { $why } It is not sent itself.
console-table-unused = Table { $path } is not used. { $why }
console-table-column = { $column }: { $goes }
console-fixed-misfit = { $name }, said of all files, would be refused: { $said }
console-bad-name = A connection's name has 1 to 64 letters, digits, - and _.
console-bad-choice = Known are: { $known }.
console-bad-glob = This pattern makes no sense: { $said }.
console-needs-yes = Nobody is there to say yes. Add --yes to send all that is ready, or --dry-run to only look.
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
console-fix-gps = without its position
console-fix-rotate = turned upright
console-fix-scale = made smaller
console-fix-convert = as PNG or JPEG
console-can-be-fixed = A copy can be sent { $what }: send with --fix { $fix }
console-can-be-confirmed = It goes when you say so: send with --confirm { $rule }
console-copies = { $count ->
    [one] One copy: { $what }, { $bytes }. The file itself stays as it is.
   *[other] { $count } copies: { $what }, { $bytes }. The files themselves stay as they are.
 }
console-copies-example = for example { $path }: { $before } → { $after }
console-copying-begins = { $count ->
    [one] Making one copy.
   *[other] Making { $count } copies.
 }
console-copying = Making copies: { $made } of { $count }
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
console-sum-accepted = - { $count } taken, neither size nor checksum confirmed
console-sum-registered = - { $count } registered at the platform
console-sum-unregistered = - { $count } there, and not registered at the platform yet
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
console-open-resume = To go on: gantryctl resume { $upload }
console-open-retry = To try again what needs you: gantryctl retry { $upload }. To leave it: gantryctl set-aside { $upload }
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
console-unlisted = The store could not be listed: what is there already shows when the files are sent.
console-nothing-sent = Nothing was sent.
console-waited = Nothing moved for as long as we were to wait. It is kept, and goes on with resume.
console-nothing-to-resume = There is nothing to resume.
console-nothing-to-resume-here = There is nothing to resume in { $upload }: { $phase }.
console-cancel-parts-left = The connection is not there any more, so parts of files that had begun may still lie at { $place }.
console-cannot-print = The output could not be written: { $said }.
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
console-column-target = TARGET
console-column-type = TYPE
console-column-rows = ROWS
console-column-id = ID
console-column-provider = PROVIDER
console-column-bucket = BUCKET
console-column-valid = VALID
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
console-phase-open = ended, and something needs you
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

## What a platform cannot take, said before it is asked.
segments-no-subject = Nothing in this row is there to be labelled.
segments-no-sensor = A row of several sensors needs the name of the sensor for each of its files.
segments-pcd-type = The content of this file does not say what kind of point cloud it is. Give the row a value named pcd_type: binary-xyzi, binary-xyzir, kitti, nuscenes or splat.
segments-pcd-type-unknown = The value of pcd_type is none that Segments.ai reads. It reads pcd, ply, las, binary-xyzi, binary-xyzir, kitti, nuscenes and splat.
own-storage-place = { $name } storage
ango-made-none = Ango Hub took the call, made nothing of this file, and does not say why.
ango-no-own-storage = Projects for point clouds take no files into Ango Hub's own storage. Send the files to a bucket, and register them from there.

## What was measured in one file: names of facts, and a few values

measured-duration = Plays for
measured-bit-rate = Bit rate
measured-bits = Bits a second
measured-sample-rate = Samples a second
measured-channels = Channels
measured-codec = Codec
measured-frames = Frames
measured-pace = Frames a second
measured-frame-rate = Frame rate
measured-square = Square pixels
measured-points = Points
measured-version = Version of the format
measured-written = Written as
measured-fields = Fields of a point
measured-reach = Farthest coordinate
measured-utf8 = UTF-8
measured-chars = Characters
measured-pages = Pages
measured-gps = Says where it was taken
measured-patient = Patient's name in it
measured-yes = yes
measured-no = no
measured-constant = constant
measured-variable = variable
manifest-rule-object-missing = { $count ->
    [one] Nothing is there (`{ $field }`): { $value }
   *[other] { $count } objects are not there.
 }
manifest-rule-object-empty = { $count ->
    [one] What is there has no bytes (`{ $field }`): { $value }
   *[other] { $count } objects have no bytes.
 }
manifest-rule-object-denied = { $count ->
    [one] We may not see it (`{ $field }`): { $value } The platform may, if its integration can read this bucket.
   *[other] { $count } objects are not ours to see. The platform may see them, if its integration can read their bucket.
 }
manifest-rule-object-unseen = { $count ->
    [one] We could not see it (`{ $field }`): { $value }
   *[other] { $count } objects could not be seen.
 }
manifest-rule-object-private = { $count ->
    [one] The address leads into a private network or to this computer, and was not asked (`{ $field }`): { $value } With --allow-private it is.
   *[other] { $count } addresses lead into a private network or to this computer, and were not asked. With --allow-private they are.
 }
manifest-rule-metadata-unknown = { $count ->
    [one] The workspace does not take the metadata { $field }: { $value }
   *[other] { $count } times metadata is named that the workspace does not take.
 }
manifest-rule-metadata-refused = { $count ->
    [one] The workspace does not take this value of { $field }: { $value }
   *[other] { $count } times metadata has a value that the workspace does not take.
 }
manifest-unseen-missing = Nothing is there.
manifest-unseen-denied = We may not see it (status { $status }).
manifest-unseen-private = It is in a private network or on this computer, and was not asked. With --allow-private it is.
manifest-unseen-no-address = It is no web address.
manifest-unseen-status = The server answered with status { $status }.
manifest-unseen-silent = No answer came in time.
manifest-unseen-unreachable = The server could not be reached.
manifest-unseen-astray = The server sends us from place to place, or to one that is not secured.
manifest-unseen-not-in-pieces = The server gives it as a whole only, and its size does not stand in its beginning.
console-manifest-measure = Write a copy with width and height filled in, measured from the first bytes of each object
console-manifest-measure-examples =
    Examples:
      gantryctl manifest measure birds.json -o birds-with-sizes.json
      gantryctl manifest measure birds.csv -o sizes.csv --at-once 4 --per-second 10

    Buckets that are connected are read with your own keys, everything else as everybody would read it. What was measured is
    remembered. Exit status: 0 all is there, 1 some objects could not be measured, 2 it is no manifest.
console-arg-objects = Look whether the objects are there: all of them, or so many rows evenly spread (200 when nothing is said)
console-arg-allow-private = Let addresses in private networks and on this computer be asked: a manifest is somebody else's text
console-arg-look-at-once = Objects that are asked about at once, 1 to 256; 16 when nothing is said
console-arg-per-second = Objects that are asked about in a second; 50 when nothing is said, 0 for no limit
console-arg-patience = The longest wait for one answer, such as 20s
console-bad-sample = All of them (all), or how many rows: a number above 0.
console-manifest-looked = { $count ->
    [one] One object was looked at: { $there } there, { $missing } missing, { $unseen } not seen.
   *[other] { $count } objects were looked at: { $there } there, { $missing } missing, { $unseen } not seen.
 }
console-manifest-known = { $count ->
    [one] One of them was known from an earlier look.
   *[other] { $count } of them were known from an earlier look.
 }
console-manifest-no-sizes = { $form } has no place for width and height in JSON, or the new file is to be of another kind than this one. Choose a name that ends in .csv: then the sizes stand in a table.
console-manifest-measured = { $count ->
    [one] One row got its width and height: { $path }
   *[other] { $count } rows got their width and height: { $path }
 }
console-manifest-measured-had = { $had ->
    [one] One row had them already.
   *[other] { $had } rows had them already.
 }
console-manifest-measured-without = { $without ->
    [one] One row has no single picture or film that has a size.
   *[other] { $without } rows have no single picture or film that has a size.
 }
console-manifest-measured-failed = { $failed ->
    [one] One row could not be measured; it is in the new file as it was.
   *[other] { $failed } rows could not be measured; they are in the new file as they were.
 }
problem-row-broken =
    .title = The row cannot be used
    .body = This row of the manifest is not as the platform takes it.
    .action = Mend the manifest and submit it again
manifest-row-at = Row { $row } (line { $line }): { $said }
manifest-row-nameless = row { $row }
manifest-row-no-place = { $platform } has no place for what this row says: { $fields }.
manifest-row-no-name = This row has no name and no address, so it could not be found again.
manifest-row-changed = This row is not what it was when you said yes: the manifest has changed. Submit it again.
console-submit = Register the rows of a manifest at a platform; the objects stay where they are
console-submit-examples =
    Examples:
      gantryctl submit birds.json --register labelbox/clx1 --integration cly2 --yes
      gantryctl submit birds.csv --map photo=url --map number=key --register ango/64f0 --yes --json

    Rows that are there already are not made again. Rows that cannot be used need you; all others go on.
    Exit status: 0 all rows are registered, 1 some need you, 2 it is no manifest or the target is not known.
console-ask-submit = { $count ->
    [one] Register one row in { $name }?
   *[other] Register { $count } rows in { $name }?
 } { $blocked ->
    [0] [y/N]
    [one] One row cannot be used and stays away. [y/N]
   *[other] { $blocked } rows cannot be used and stay away. [y/N]
 }
console-nothing-registered = Nothing was registered.
console-no-integration = The platform has no integration { $integration }. It has: { $all }.
console-integration-invalid = The platform cannot use the integration { $integration } ({ $name }) as it is: it holds it for not valid. Mend it there, or choose another one.
manifest-signed-over = { $url } (signed; over since { $day })
manifest-signed-until = { $url } (signed; works until { $day })
manifest-metadata-no-id = none of its fields has this schema id. It is of another workspace, or was deleted.
manifest-signed-anew = { $url } (signed anew, until { $day })
console-arg-metadata-for = A platform's connection: its workspace is asked which metadata it takes
console-arg-days = Days for which addresses that are signed anew work, 1 to 7; 7 when nothing is said
