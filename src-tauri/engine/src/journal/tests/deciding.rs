//! Review, freeze, and what the person decides: the books follow.

use super::*;
use gantry_model::Code;
use gantry_model::view::Phase;

fn reviewed(journal: &Journal) -> UploadId {
    let id = journal.new_upload(begun()).unwrap();
    let mut blocked = file(1, b"photos/long.jpg", 20);
    blocked.state = State::Blocked;
    blocked.findings = vec![finding("s3-key-bytes", Severity::Blocked), finding("name-bidi", Severity::Warning)];
    let mut warned = file(2, b"photos/in/empty.jpg", 0);
    warned.findings = vec![finding("file-empty", Severity::Warning)];
    let mut twin = file(3, b"photos/in/twin.jpg", 7);
    twin.state = State::Clash;
    twin.findings = vec![finding("key-same", Severity::Blocked)];
    let mut unreadable = aside(EntryKind::Unreadable, b"photos/closed");
    unreadable.ord = 4;
    unreadable.entry.trouble = Some("Permission denied".into());
    unreadable.findings = vec![finding("entry-unreadable", Severity::Blocked)];
    let mut link = aside(EntryKind::Link, b"photos/link");
    link.findings = vec![finding("entry-link", Severity::Note)];
    let hidden = aside(EntryKind::Skipped, b"photos/.DS_Store");
    let also = Also { ord: 0, finding: finding("key-same", Severity::Blocked), state: State::Clash };
    journal.add(&id, vec![file(0, b"photos/Twin.jpg", 10), blocked, warned], Vec::new()).unwrap();
    journal.add(&id, vec![twin, unreadable, link, hidden.clone(), hidden], vec![also]).unwrap();
    journal.read_ended(&id).unwrap();
    id
}

#[test]
fn what_was_met_is_counted_and_grouped() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = reviewed(&journal);
    let upload = journal.upload(&id.0).unwrap().unwrap();
    let account = upload.books.account;
    assert_eq!((account.files, account.skipped, account.notes), (5, 2, 1));
    assert_eq!((account.ready, account.blocked, account.clash), (1, 2, 2));
    assert_eq!(upload.books.findings, [4, 1, 0]);
    assert_eq!(upload.phase, Phase::Review);
    let groups = journal.finding_groups(&id).unwrap();
    let short: Vec<(&str, u64, &str)> = groups.iter().map(|group| (&*group.rule, group.count, &*group.example)).collect();
    assert_eq!(short[0], ("key-same", 2, "photos/Twin.jpg"));
    assert!(short.contains(&("entry-link", 1, "photos/link")));
    assert_eq!(journal.asides(&id, 0, 9).unwrap().len(), 3);
    assert_eq!(journal.detail(&id, 1).unwrap().unwrap().findings.len(), 2);
    audit(&journal);
}

#[test]
fn a_new_plan_names_and_judges_every_file_anew() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = reviewed(&journal);
    let mut asked = Vec::new();
    let account = journal
        .rewrite(&id, &mut |item| {
            asked.push(item.ord);
            Rewritten {
                key: format!("q/{}", item.shown()),
                state: State::Ready,
                findings: if item.ord == 1 { vec![finding("name-bidi", Severity::Note)] } else { Vec::new() },
                copy: None,
                left_out: item.ord == 2,
                also: match item.ord {
                    3 => vec![Also { ord: 0, finding: finding("key-case-twins", Severity::Warning), state: State::Ready }],
                    _ => Vec::new(),
                },
            }
        })
        .unwrap();
    assert_eq!(asked, [0, 1, 2, 3, 4]);
    assert_eq!((account.files, account.ready, account.blocked, account.skipped), (4, 3, 1, 3), "what can't be read stays");
    assert_eq!(journal.item(&id, 4).unwrap().unwrap().code, Some(Code::SourceUnreadable));
    assert_eq!(journal.by_key(&id, None, 9).unwrap().iter().map(|item| item.ord).collect::<Vec<_>>(), [0, 4, 3, 1]);
    assert_eq!(journal.findings(&id, 0).unwrap()[0].rule, "key-case-twins");
    assert_eq!(journal.findings(&id, 3).unwrap(), Vec::new());
    audit(&journal);
}

#[test]
fn the_freeze_gives_a_number_and_leaves_what_does_not_fit_to_the_person() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = reviewed(&journal);
    let frozen = journal.freeze(&id).unwrap();
    assert_eq!((frozen.account.waiting, frozen.account.needs_you), (1, 4));
    assert!(frozen.number.starts_with('G') && frozen.number.contains(" 000001 "), "{}", frozen.number);
    assert_eq!(journal.freeze(&id).unwrap(), frozen, "twice is once");
    let troubles = journal.troubles(&id).unwrap();
    let short: Vec<(Code, u64)> = troubles.iter().map(|group| (group.code, group.count)).collect();
    assert_eq!(short, [(Code::SameKey, 2), (Code::RuleBroken, 1), (Code::SourceUnreadable, 1)]);
    assert_eq!(troubles[1].detail, "rule=s3-key-bytes; measured=1,025");
    assert_eq!(troubles[2].detail, "said=Permission denied");
    let second = reviewed(&journal);
    assert!(journal.freeze(&second).unwrap().number.contains(" 000002 "));
    audit(&journal);
}

#[test]
fn asking_again_moves_what_may_move_and_no_more() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let id = reviewed(&journal);
    journal.freeze(&id).unwrap();
    assert_eq!(journal.all_waiting_stuck(&id, Code::BadSecret, "said=no").unwrap(), 1);
    assert_eq!(journal.release(&id, Some(Code::RuleBroken), None).unwrap(), 0);
    assert_eq!(journal.release(&id, Some(Code::BadSecret), None).unwrap(), 1);
    assert_eq!(journal.release(&id, None, None).unwrap(), 1, "the one that could not be read");
    assert_eq!(journal.work(&id, None, true, u64::MAX, 9).unwrap().len(), 2);
    let renamed = journal.rewrite(&id, &mut |item| Rewritten {
        key: format!("p/{}-{}", item.shown(), item.ord),
        state: if item.ord == 1 { State::Blocked } else { State::Ready },
        findings: Vec::new(),
        copy: None,
        left_out: false,
        also: Vec::new(),
    });
    assert_eq!((renamed.unwrap().waiting, journal.account(&id).unwrap().account.needs_you), (4, 1));
    assert_eq!(journal.set_aside(&id, None, Some(0)).unwrap(), 0);
    assert_eq!(journal.set_aside(&id, None, None).unwrap(), 1);
    assert_eq!(journal.troubles(&id).unwrap()[0].state, State::SetAside);
    audit(&journal);
}

#[test]
fn cancel_ends_it_for_good() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let (id, no, mut items) = frozen(&journal, 30);
    happen(&journal, no, &mut items[3], verified(4));
    journal.flush().unwrap();
    assert_eq!(journal.uploads(Which::Resumable).unwrap().len(), 1);
    assert_eq!(journal.cancel(&id).unwrap(), 29);
    let upload = journal.upload(&id.0).unwrap().unwrap();
    assert_eq!((upload.books.account.verified, upload.books.account.cancelled), (1, 29));
    assert_eq!(upload.phase, Phase::Cancelled);
    assert!(upload.finished_ms.is_some() && journal.uploads(Which::Resumable).unwrap().is_empty());
    audit(&journal);
}

#[test]
fn an_upload_is_found_by_the_beginning_of_its_id_and_by_last() {
    let (_folder, home) = home();
    let journal = Journal::open(&home).unwrap();
    let first = journal.new_upload(begun()).unwrap();
    let second = journal.new_upload(begun()).unwrap();
    assert_eq!(journal.upload("last").unwrap().unwrap().id, second);
    assert_eq!(journal.upload(&first.0[..first.0.len() - 1]).unwrap().map(|found| found.id), Some(first.clone()));
    assert_eq!(journal.upload(&first.0[..4]).unwrap(), None, "two begin so");
    assert_eq!(journal.upload("").unwrap(), None);
    assert_eq!(first.0.len(), "20261121-081403-abcd".len());
}
