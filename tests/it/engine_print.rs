//! Paper and what it needs: facts, numbers, print outcomes, restarts in between, reprints, photos.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, ANNA, Job};
use packbench::core::checklist::DocumentKind;
use packbench::core::command_code::CommandCode;
use packbench::core::session::PrintState;
use packbench::core::session::event::{PrintOutcome, PrintTrouble, Reason};
use packbench::engine::Effect;
use packbench::engine::Input;
use packbench::engine::input::{LabelInPhoto, PhotoOutcome, Ui};
use packbench::engine::view::{LabelView, Screen, Sheet, StageView};
use packbench::protocol::sync;
use packbench::protocol::wire::fulfillment::PhotoRule;
use packbench::protocol::wire::{Change, Put};
use packbench::storage::{blobs, sessions};

fn label(s: &mut Station) -> LabelView {
    match s.stage() {
        StageView::Label(l) => l,
        other => panic!("not at the label: {other:?}"),
    }
}

fn at_label(job: &Job, printer: Option<PrintOutcome>) -> Station {
    let mut s = Station::with_anna(std::slice::from_ref(job));
    s.printer = printer;
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Label(_)));
    s
}

fn lamp() -> Job {
    Job::new(1, &[(world::LAMP, 2)])
}

#[test]
fn a_missing_fact_blocks_the_label_by_name_until_the_server_tells_it() {
    let mut job = lamp();
    job.order.ship_to.country = "NO".to_owned();
    let mut s = at_label(&job, Some(PrintOutcome::Sent));
    let (title, _) = label(&mut s).blocked.expect("a fact is missing");
    assert_eq!(title.key, "refusal-fact-missing");
    assert!(format!("{title:?}").contains("Thing 2"), "{title:?}");
    let mut lamp = world::products()[1].clone();
    lamp.compliance.hs_code = Some("940511".to_owned());
    s.pull(vec![Change::Product(Put::Upsert(Box::new(lamp.clone())))]);
    assert!(label(&mut s).blocked.is_some(), "the country of origin is missing as well");
    lamp.compliance.origin_country = Some("GB".to_owned());
    s.pull(vec![Change::Product(Put::Upsert(Box::new(lamp)))]);
    assert!(label(&mut s).blocked.is_none());
    assert!(s.papers.iter().any(|p| p.job.document == DocumentKind::Cn22), "customs papers go with it");
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
}

#[test]
fn a_printer_in_trouble_says_what_to_do_and_the_label_is_tried_again() {
    for trouble in [PrintTrouble::PaperOut, PrintTrouble::HeadOpen, PrintTrouble::Paused, PrintTrouble::Unreachable] {
        let job = lamp();
        let mut s = at_label(&job, Some(PrintOutcome::Failed(trouble)));
        assert_eq!(s.said(), "say-print-failed");
        assert!(label(&mut s).prints.iter().any(|p| p.trouble == Some(trouble)));
        s.printer = Some(PrintOutcome::Sent);
        s.code(CommandCode::Continue);
        s.work();
        assert!(matches!(s.stage(), StageView::Done(_)), "{trouble:?}");
        let copies: Vec<u16> =
            s.papers.iter().filter(|p| p.job.document == DocumentKind::Label).map(|p| p.job.copy).collect();
        assert_eq!(copies, [1, 2]);
    }
}

#[test]
fn a_silent_printer_holds_nobody_up_and_says_so() {
    let mut s = at_label(&lamp(), None);
    assert!(label(&mut s).prints.iter().all(|p| p.state == PrintState::Attempting));
    s.code(CommandCode::Continue);
    assert_eq!(s.said(), "say-printing");
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)), "the label in hand proves that it came");
}

#[test]
fn after_a_restart_a_person_says_whether_the_paper_came() {
    for yes in [true, false] {
        let mut s = at_label(&lamp(), None);
        let open = sessions::attempting(s.look().as_mut()).expect("readable").len();
        s.restart();
        assert!(s.view().sheet.is_none(), "nobody is there to answer");
        s.scan(ANNA.badge);
        s.printer = Some(PrintOutcome::Sent);
        for n in 0..open {
            assert!(matches!(s.view().sheet, Some(Sheet::PrintUnknown { .. })), "question {n} of {open}");
            if yes { s.ui(Ui::PaperCame { yes }) } else { s.code(CommandCode::Reprint) }
        }
        assert!(s.view().sheet.is_none());
        let again = s.papers.iter().filter(|p| p.job.copy == 2).count();
        assert_eq!(again, if yes { 0 } else { open });
        s.work();
        assert!(matches!(s.stage(), StageView::Done(_)), "{:?}", s.stage());
        s.restart();
        s.scan(ANNA.badge);
        assert!(s.view().sheet.is_none(), "it is asked once");
    }
}

#[test]
fn a_question_whose_answer_comes_by_itself_is_withdrawn() {
    // The printer's own word, of a job that it kept over the restart.
    let mut s = at_label(&lamp(), None);
    s.restart();
    s.scan(ANNA.badge);
    let mut jobs: Vec<_> = s.papers.iter().map(|p| p.job).collect();
    let label = jobs.iter().position(|j| j.document == DocumentKind::Label).expect("a label");
    let label = jobs.remove(label);
    for job in jobs {
        s.feed(Input::Printed { job, outcome: PrintOutcome::PaperMoved });
    }
    assert!(matches!(s.view().sheet, Some(Sheet::PrintUnknown { document: DocumentKind::Label, .. })), "one is open");
    s.feed(Input::Printed { job: label, outcome: PrintOutcome::PaperMoved });
    assert!(s.view().sheet.is_none(), "it came, and nobody is asked");
    let papers = s.papers.len();
    s.ui(Ui::PaperCame { yes: false });
    assert_eq!(s.papers.len(), papers, "nothing is printed once more");
    // The label itself, scanned on its box.
    let mut s = at_label(&lamp(), None);
    s.restart();
    s.scan(ANNA.badge);
    let sscc = s.rebuilt(&lamp()).expect("a session").parcels[0].sscc.clone().expect("a number");
    s.scan_gs1(&format!("00{sscc}"));
    let asked =
        |s: &mut Station| matches!(s.view().sheet, Some(Sheet::PrintUnknown { document: DocumentKind::Label, .. }));
    while matches!(s.view().sheet, Some(Sheet::PrintUnknown { .. })) {
        assert!(!asked(&mut s), "the label is on its box");
        s.ui(Ui::PaperCame { yes: true });
    }
    assert!(sessions::attempting(s.look().as_mut()).expect("readable").is_empty(), "nor after another restart");
}

#[test]
fn an_answer_for_an_order_that_left_the_bench_belongs_to_it() {
    let job = lamp();
    let mut s = at_label(&job, None);
    s.work();
    s.ui(Ui::Continue);
    assert_eq!(s.view().screen, Screen::Queue);
    for p in s.papers.clone() {
        s.feed(Input::Printed { job: p.job, outcome: PrintOutcome::Sent });
    }
    assert!(sessions::attempting(s.look().as_mut()).expect("readable").is_empty());
    assert_eq!(s.view().screen, Screen::Queue);
    let p = &s.rebuilt(&job).expect("a session").parcels[0];
    assert!(p.prints.iter().all(|j| j.state == PrintState::Ended(PrintOutcome::Sent)));
}

#[test]
fn a_parcel_of_before_is_printed_again_as_a_copy() {
    let jobs = [lamp(), Job::new(2, &[(world::MUG, 1)])];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.work();
    s.ui(Ui::Continue);
    let row = s.view().history[0].clone();
    let here = s.view().pack.expect("the second order").fulfillment;
    s.ui(Ui::Reprint {
        fulfillment: Some(row.fulfillment),
        parcel: row.parcel,
        document: DocumentKind::Label,
        reason: Reason::LabelDamaged,
    });
    assert_eq!(s.papers.last().expect("a paper").job.copy, 2);
    assert_eq!(s.view().pack.expect("still there").fulfillment, here);
    assert_eq!(s.view().history.iter().find(|r| r.sscc == row.sscc).expect("a row").copies, 2);
    s.scan_gs1(&format!("00{}", row.sscc));
    assert_ne!(s.view().pack.expect("still there").fulfillment, row.fulfillment);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
}

#[test]
fn another_parcels_label_is_refused_by_name() {
    let jobs = [lamp(), Job::new(2, &[(world::MUG, 1)])];
    let mut s = Station::with_anna(&jobs);
    s.ui(Ui::Start);
    s.work();
    let first = s.view().history[0].sscc.clone();
    s.ui(Ui::Continue);
    s.work_until(|x| matches!(x, StageView::Label(_)));
    s.scan_gs1(&format!("00{first}"));
    assert_eq!(s.said(), "refusal-other-parcel");
    assert!(format!("{:?}", s.view().feedback).contains(jobs[0].number()));
    s.scan(&first);
    assert_eq!(s.said(), "refusal-other-parcel", "also without the prefix");
}

#[test]
fn without_numbers_the_parcel_waits_and_goes_on_when_they_come() {
    let jobs = [lamp(), Job::new(2, &[(world::MUG, 1)]), Job::new(3, &[(world::MUG, 1)])];
    let mut s = Station::unpaired();
    s.pair();
    s.pull(world::site_changes());
    s.numbers(world::block(1, 1, 1, 1));
    s.give(&jobs);
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    s.work();
    s.ui(Ui::Continue);
    s.told();
    s.work();
    assert_eq!(label(&mut s).blocked.expect("no numbers").0.key, "refusal-no-numbers");
    assert!(s.told().iter().any(|i| matches!(i, sync::Input::Supply { sscc_left: 0, .. })), "the server is told");
    let mut foreign = world::block(2, 1, 9, 5);
    foreign.station_id = packbench::protocol::wire::StationId::from_u128(0x99);
    s.pull(vec![Change::SsccBlock(Put::Upsert(Box::new(foreign)))]);
    assert!(label(&mut s).preview.is_none(), "another station's numbers are not for use here");
    s.pull(vec![Change::SsccBlock(Put::Upsert(Box::new(world::block(3, 1, 2, 1))))]);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
}

#[test]
fn a_required_photo_ticks_its_line_and_is_bound_to_the_parcel() {
    let mut job = lamp();
    job.work.policy.photo_open = PhotoRule::Required;
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.ui(Ui::Start);
    s.work_until(|x| matches!(x, StageView::Checklist(c) if c.items.get(c.current).is_some_and(|i| i.by_photo)));
    let StageView::Checklist(c) = s.stage() else { unreachable!() };
    s.ui(Ui::Tick(c.current));
    assert_eq!(s.said(), "refusal-photo-needed");
    s.camera = false;
    s.ui(Ui::Photo);
    s.feed(Input::Photo(PhotoOutcome::Failed(packbench::core::message::Message::new("photo-failed"))));
    assert_eq!(s.said(), "photo-failed");
    s.camera = true;
    s.told();
    s.ui(Ui::Photo);
    assert!(s.told().iter().any(|i| matches!(i, sync::Input::PhotoQueued(_))));
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
    let unsent = blobs::unsent(s.look().as_mut(), 10).expect("readable");
    assert_eq!(unsent.len(), 1);
    assert_eq!(s.engine.blobs().part(unsent[0].0, 0, 1_000).expect("the file").len() as u64, unsent[0].1);
    assert_eq!(s.rebuilt(&job).expect("a session").parcels[0].photos, [unsent[0].0]);
    s.store(sync::Effect::MarkPhotoDone { hash: packbench::protocol::wire::ContentHash(unsent[0].0.0) });
    assert!(blobs::unsent(s.look().as_mut(), 10).expect("readable").is_empty());
}

#[test]
fn a_photo_that_comes_late_still_belongs_to_its_order() {
    let job = lamp();
    let mut s = Station::with_anna(std::slice::from_ref(&job));
    s.camera = false;
    s.ui(Ui::Start);
    s.code(CommandCode::Photo);
    assert!(s.effects.iter().any(|e| matches!(e, Effect::TakePhoto { .. })));
    s.work();
    s.ui(Ui::Continue);
    let hash = s.engine.blobs().put(b"late").expect("room");
    s.feed(Input::Photo(PhotoOutcome::Stored {
        fulfillment: job.id(),
        hash,
        bytes: 4,
        parcel: 1,
        label: LabelInPhoto::NotLooked,
    }));
    assert_eq!(s.rebuilt(&job).expect("a session").parcels[0].photos, [hash]);
    assert_eq!(s.view().screen, Screen::Queue);
}

#[test]
fn a_label_that_is_due_is_made_after_a_restart_as_soon_as_somebody_is_here() {
    let job = lamp();
    let mut s = Station::unpaired();
    s.pair();
    s.pull(world::site_changes());
    s.give(&[job]);
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    s.work();
    assert!(label(&mut s).blocked.is_some());
    s.restart();
    s.numbers(world::block(1, 1, 1, 10));
    s.scan(ANNA.badge);
    assert!(label(&mut s).preview.is_some(), "{:?}", s.stage());
}

#[test]
fn a_paper_that_cannot_be_drawn_is_seen_and_the_order_can_be_parked() {
    let mut job = lamp();
    job.order.ship_to.name = "x".repeat(5_000);
    let mut s = at_label(&job, Some(PrintOutcome::Sent));
    assert_eq!(s.said(), "say-print-failed");
    assert!(label(&mut s).prints.iter().any(|p| p.trouble.is_some()), "{:?}", label(&mut s).prints);
    assert!(sessions::attempting(s.look().as_mut()).expect("readable").is_empty(), "nothing is left in the air");
    s.code(CommandCode::Hold);
    s.code(CommandCode::Continue);
    assert_eq!((s.view().screen, s.view().held.len()), (Screen::Queue, 1));
}

#[test]
fn a_site_s_rule_offers_a_photo_and_the_packer_may_go_on_without() {
    use packbench::protocol::wire::product::Handling;
    use packbench::protocol::wire::settings::{ChecklistCondition, ChecklistRule};
    use packbench::protocol::wire::{Change, Put, SettingsRecord};
    let job = |no| Job::new(no, &[(world::MUG, 1)]);
    for (no, by_photo) in [(1, false), (2, true)] {
        let mut s = Station::with_anna(&[job(no)]);
        let rule = ChecklistRule {
            key: "photo".to_owned(),
            texts: Vec::new(),
            required: false,
            when: vec![ChecklistCondition::Handling(Handling::Fragile)],
        };
        let settings = SettingsRecord { checklist: vec![rule], ..world::settings() };
        s.pull(vec![Change::Settings(Put::Upsert(Box::new(settings)))]);
        s.ui(Ui::Start);
        let offered =
            |x: &StageView| matches!(x, StageView::Checklist(c) if c.items.get(c.current).is_some_and(|i| i.offered));
        s.work_until(offered);
        let StageView::Checklist(list) = s.stage() else { unreachable!() };
        assert_eq!(list.items[list.current].say.key, "list-say-photo-offered");
        assert!(!list.items[list.current].by_photo);
        s.ui(if by_photo { Ui::Photo } else { Ui::Tick(list.current) });
        s.work();
        assert!(matches!(s.stage(), StageView::Done(_)), "{:?}", s.stage());
        let how = if by_photo { "photo" } else { "without" };
        let sql = format!(
            "SELECT COUNT(*) FROM event WHERE kind = 'pack_session.ticked' AND payload ->> '$.event.how' = '{how}'"
        );
        assert_eq!(s.look().int(&sql, &[]).expect("readable"), 1, "{how}");
    }
}
