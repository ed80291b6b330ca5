//! What goes wrong at a platform, through the real console: each is said in words, nothing is lost and nothing claimed that
//! is not so, no key is seen anywhere, and when the fault is gone one more command finishes.

use super::console_stand::{ALL, connected, count, each_once, nowhere, pictures, rows, send, with_bucket};
use super::{Console, Said};
use serde_json::Value;
use testkit::platforms::{Fake, Fault, Refusal, Trouble, Vendor, What};
use testkit::servers;
use testkit::trees::Tree;

/// Files of each upload.
const FILES: u32 = 40;

/// One upload at a platform.
struct Scene {
    vendor: Vendor,
    fake: Fake,
    console: Console,
    to: String,
    tree: Tree,
}

impl Scene {
    fn new(vendor: Vendor) -> Self {
        let fake = Fake::of(vendor);
        let (console, to) = connected(&fake, vendor);
        Self { vendor, fake, console, to, tree: pictures(FILES) }
    }

    /// The call that makes rows.
    fn create(&self) -> &'static str {
        match self.vendor {
            Vendor::Segments => "create_samples",
            Vendor::Labelbox => "upsertDataRows",
            Vendor::Ango => "create_assets",
        }
    }

    /// The call that comes once for each file.
    fn slot(&self) -> &'static str {
        match self.vendor {
            Vendor::Segments => "create_asset",
            Vendor::Labelbox => "uploadFile",
            Vendor::Ango => "upload_url",
        }
    }

    fn fail(&self, fault: Fault) {
        self.fake.fail(fault);
    }

    /// Sends, with at most so many seconds of waiting.
    fn send(&self, wait: &str) -> Said {
        let mut args = send(&self.tree, &self.to);
        let last = args.len() - 1;
        args[last] = wait.to_owned();
        self.checked(self.console.run(args))
    }

    fn again(&self, command: &[&str]) -> Said {
        self.checked(self.console.run(command))
    }

    /// The books balance, and what is claimed is there.
    fn checked(&self, said: Said) -> Said {
        let (summary, what) = (said.summary(), format!("{:?}: {said:#?}", self.vendor));
        assert_eq!(count(summary, "files"), u64::from(FILES), "{what}");
        let there = rows(&self.fake).len() as u64;
        assert!(count(summary, "registered") <= there, "more is called registered than is there: {what}");
        let state = self.fake.state();
        let objects = state["objects"].as_array().expect("objects").len() as u64;
        assert!(count(summary, "verified") <= objects, "more is called proven than is there: {what}");
        assert!(self.fake.violations().is_empty(), "{:?}: {what}", self.fake.violations());
        nowhere(&self.console, &[self.fake.key(), "X-Amz-Signature", "x-amz-signature"], &what);
        assert!(!said.stdout.contains(self.fake.key()) && !said.stderr.contains(self.fake.key()), "the key is printed: {what}");
        said
    }

    /// It needs the person for one reason, which is said in these words.
    #[track_caller]
    fn needs(&self, said: &Said, code: &str, words: &str) -> u64 {
        assert_eq!(said.status, 1, "{:?}: {said:#?}", self.vendor);
        let groups = said.all("needs_you");
        let codes: Vec<&Value> = groups.iter().map(|group| &group["code"]).collect();
        assert_eq!(codes, [code], "{:?}: {said:#?}", self.vendor);
        let text = groups[0]["text"].as_str().expect("words");
        assert!(text.contains(words), "{:?}: {words:?} is not in {text:?}", self.vendor);
        assert_eq!(groups[0]["count"], said.summary()["needs_you"]);
        count(said.summary(), "needs_you")
    }

    /// The fault is gone: this command finishes, and every file has its row once.
    #[track_caller]
    fn finishes(&self, command: &str) {
        self.fake.calm();
        let mut args = vec![command];
        args.extend(if command == "retry" { vec!["last"] } else { Vec::new() });
        args.extend(["--wait", "60s"]);
        let said = self.again(&args).ended(0);
        self.all_there(&said);
    }

    #[track_caller]
    fn all_there(&self, said: &Said) {
        assert_eq!(count(said.summary(), "registered"), u64::from(FILES), "{:?}: {said:#?}", self.vendor);
        each_once(&self.fake, FILES as usize, self.vendor.word());
    }
}

#[test]
fn a_key_that_is_revoked_in_the_middle_of_the_files_is_replaced_and_one_retry_finishes() {
    for vendor in ALL {
        let scene = Scene::new(vendor);
        scene.fail(Fault::on(scene.slot(), What::Refuse(Trouble::WrongKey)).after(15));
        let said = scene.send("60s");
        let open = scene.needs(&said, "bad_api_key", "does not accept the key");
        assert!(open >= 20, "{vendor:?}: {said:#?}");
        scene.finishes("retry");
    }
}

#[test]
fn a_key_that_is_revoked_before_the_rows_keeps_the_files_and_sends_none_again() {
    for vendor in ALL {
        let scene = Scene::new(vendor);
        scene.fail(Fault::on(scene.create(), What::Refuse(Trouble::WrongKey)));
        // Files go on arriving after the first call for rows: they stand still for the same reason.
        let bytes = if vendor == Vendor::Labelbox { "uploadFile" } else { "storage_p*" };
        scene.fail(Fault::on(bytes, What::Slow(700)));
        let said = scene.send("60s");
        assert_eq!(scene.needs(&said, "bad_api_key", "does not accept the key"), u64::from(FILES));
        let puts = scene.fake.count("storage_p*") + scene.fake.count("uploadFile");
        scene.finishes("retry");
        let more = scene.fake.count("storage_p*") + scene.fake.count("uploadFile") - puts;
        // Labelbox takes the lists of rows the same way as files: a chunk and a manifest.
        assert!(more <= 2, "{vendor:?}: {more} files are sent again");
    }
}

#[test]
fn a_plan_that_has_come_to_its_end_is_said_and_what_is_there_stays() {
    for vendor in ALL {
        for of_files in [true, false] {
            let scene = Scene::new(vendor);
            let (kind, after) = if of_files { (scene.slot(), 15) } else { (scene.create(), 0) };
            scene.fail(Fault::on(kind, What::Refuse(Trouble::PlanLimit)).after(after));
            let said = scene.send("60s");
            scene.needs(&said, "plan_limit", "a limit of your plan is reached");
            scene.finishes("retry");
        }
    }
}

#[test]
fn a_dataset_that_is_deleted_in_the_middle_is_named_and_a_new_one_of_that_name_is_filled() {
    for vendor in ALL {
        let scene = Scene::new(vendor);
        scene.fail(Fault::on(scene.create(), What::Gone(None)).times(1));
        let said = scene.send("60s");
        let target = scene.to.split_once('/').expect("a target").1;
        assert_eq!(scene.needs(&said, "no_such_container", target), u64::from(FILES));
        scene.fake.calm();
        if vendor == Vendor::Labelbox {
            // Its datasets go by ids: the old one stays gone, and that is what is said again.
            let said = scene.again(&["retry", "last", "--wait", "60s"]);
            scene.needs(&said, "no_such_container", target);
            continue;
        }
        scene.fake.seed_example();
        scene.finishes("retry");
    }
}

#[test]
fn files_for_another_type_of_dataset_are_refused_before_one_is_sent() {
    for (vendor, target) in [(Vendor::Segments, "acme/lidar"), (Vendor::Ango, "61f8d94a79002950df12234b")] {
        let scene = Scene::new(vendor);
        let said = scene.console.run(send(&scene.tree, &format!("{}/{target}", vendor.word())));
        assert_eq!(scene.needs(&said, "wrong_container", "takes other files"), u64::from(FILES));
        assert_eq!(scene.fake.count("storage_p*"), 0, "{vendor:?}: something was sent");
        each_once(&scene.fake, 0, vendor.word());
    }
    let scene = Scene::new(Vendor::Segments);
    let clouds = Tree::empty();
    clouds.file("a.pcd", b"# .PCD v0.7\nVERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nWIDTH 1\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 1\nDATA ascii\n0 0 0\n");
    let said = scene.console.run(send(&clouds, &scene.to));
    assert_eq!(scene.needs(&said, "wrong_container", "takes other files"), 1);
    assert_eq!(scene.fake.count("storage_p*"), 0, "a cloud was sent to a dataset of pictures");
}

#[test]
fn an_integration_that_is_not_valid_keeps_everything_here_until_it_is() {
    let server = servers::s3s_fs();
    let mut scene = Scene::new(Vendor::Labelbox);
    with_bucket(&mut scene.console, &server.endpoint());
    let listed = scene.console.run(["integrations", "labelbox"]).ended(0);
    let id = listed.all("integration")[0]["id"].as_str().expect("an id").to_owned();
    scene.fake.set(|manners| manners.invalid_integrations = vec![id.clone()]);
    let mut args = send(&scene.tree, "bucket/p");
    args.extend(["--register", &scene.to, "--integration", &id].map(str::to_owned));
    let said = scene.console.run(args);
    assert_eq!(scene.needs(&said, "integration_invalid", "can't read your bucket"), u64::from(FILES));
    assert!(!server.object_path("p").exists(), "something was sent");
    scene.fake.calm();
    let said = scene.console.run(["retry", "last", "--wait", "60s"]).ended(0);
    scene.all_there(&said);
}

#[test]
fn a_row_that_is_refused_with_words_stands_alone_and_the_others_go() {
    for vendor in ALL {
        let scene = Scene::new(vendor);
        let words = "Could not read the image.".to_owned();
        scene.fake.set(|manners| manners.refuse.push(Refusal { holding: "street 0007 ".to_owned(), words }));
        let said = scene.send("60s");
        // Ango says only how many it made: the row that is missing is looked for, sent alone, and refused in our words.
        let words = if vendor == Vendor::Ango { "does not say why" } else { "Could not read the image." };
        assert_eq!(scene.needs(&said, "row_refused", words), 1);
        assert_eq!(count(said.summary(), "registered"), u64::from(FILES) - 1, "{vendor:?}: {said:#?}");
        each_once(&scene.fake, FILES as usize - 1, vendor.word());
        scene.finishes("retry");
    }
}

#[test]
fn a_platform_that_asks_to_slow_down_gets_its_time_and_everything_goes_by_itself() {
    for vendor in ALL {
        let scene = Scene::new(vendor);
        scene.fail(Fault::on(scene.slot(), What::Refuse(Trouble::Throttled(Some(1)))).after(10).times(2));
        scene.fail(Fault::on(scene.create(), What::Refuse(Trouble::Throttled(Some(1)))).times(1));
        // Segments.ai always says a time, in the header or in its sentence.
        let without = if vendor == Vendor::Segments { Trouble::ThrottledOddly } else { Trouble::Throttled(None) };
        scene.fail(Fault::on(scene.create(), What::Refuse(without)).after(1).times(1));
        let said = scene.send("60s").ended(0);
        scene.all_there(&said);
    }
}

#[test]
fn a_page_of_a_proxy_in_place_of_an_answer_is_no_answer() {
    for vendor in ALL {
        let scene = Scene::new(vendor);
        scene.fail(Fault::on(scene.slot(), What::Page(200)).after(5).times(1));
        scene.fail(Fault::on(scene.slot(), What::Page(502)).after(20).times(1));
        scene.fail(Fault::on(scene.create(), What::Page(200)).times(1));
        scene.fail(Fault::on(scene.create(), What::PageAfter(504)).after(1).times(1));
        let said = scene.send("60s").ended(0);
        scene.all_there(&said);
    }
}

#[test]
fn a_page_of_a_proxy_that_stays_is_said_and_resumed() {
    for vendor in ALL {
        let scene = Scene::new(vendor);
        scene.fail(Fault::on("*", What::Page(200)).after(20));
        let said = scene.send("3s");
        assert_eq!((said.status, count(said.summary(), "needs_you")), (1, 0), "{vendor:?}: {said:#?}");
        assert!(said.stderr.contains("Somebody else answered"), "{vendor:?}: {said:#?}");
        scene.finishes("resume");
    }
}

#[test]
fn too_many_rows_in_one_call_are_halved_until_they_are_taken() {
    for vendor in ALL {
        let scene = Scene::new(vendor);
        scene.fake.set(|manners| manners.rows_limit = Some(7));
        let said = scene.send("60s").ended(0);
        scene.all_there(&said);
    }
}

#[test]
fn rows_that_are_too_large_one_by_one_need_the_person() {
    for vendor in ALL {
        let scene = Scene::new(vendor);
        scene.fake.set(|manners| manners.rows_limit = Some(0));
        let said = scene.send("60s");
        assert_eq!(scene.needs(&said, "call_too_large", "takes no request of this size"), u64::from(FILES));
        scene.finishes("retry");
    }
}

#[test]
fn null_or_nothing_in_place_of_an_object_is_looked_at_and_never_believed() {
    for vendor in ALL {
        for what in [What::Null, What::Hollow] {
            let scene = Scene::new(vendor);
            scene.fail(Fault::on(scene.slot(), what.clone()).after(7).times(1));
            scene.fail(Fault::on(scene.create(), what.clone()).times(1));
            let said = scene.send("60s").ended(0);
            scene.all_there(&said);
            if what == What::Hollow {
                continue;
            }
            scene.fail(Fault::on("*", what));
            let said = scene.console.run(["datasets", vendor.word()]);
            assert_eq!((said.status, said.error()), (1, "server_error"), "{vendor:?}: {said:#?}");
        }
    }
}

#[test]
fn a_place_for_a_file_whose_time_is_over_is_asked_for_anew() {
    for vendor in [Vendor::Segments, Vendor::Ango] {
        let scene = Scene::new(vendor);
        scene.fail(Fault::on("storage_p*", What::Refuse(Trouble::Expired)).times(5));
        let said = scene.send("60s").ended(0);
        scene.all_there(&said);

        let scene = Scene::new(vendor);
        scene.fake.set(|manners| manners.expired_targets = true);
        let said = scene.send("6s");
        assert_eq!((said.status, count(said.summary(), "waiting")), (1, u64::from(FILES)), "{vendor:?}: {said:#?}");
        assert!(said.stderr.contains("kept too short a time"), "{vendor:?}: {said:#?}");
        scene.finishes("resume");
    }
}
