//! Step 7: papers, gifts, inserts, marks and photo, ticked one by one.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::checklist::{Condition, DocumentKind, ItemKind, Rule};
use packbench::core::command_code::CommandCode;
use packbench::core::scan::Meaning;
use packbench::core::session::event::TickHow;
use packbench::core::session::{Command, Event, Step};

fn world() -> World {
    let rule = |item| Rule { when: vec![Condition::Always], item };
    World::new(&[(CLOCK, 1), (BULB, 1)]).with_policy(|p| {
        p.checklist = vec![rule(ItemKind::Insert("Flyer".to_owned())), rule(ItemKind::Photo)];
    })
}

fn kinds(b: &Bench) -> Vec<ItemKind> {
    b.session.parcel().checklist.as_ref().unwrap().iter().map(|i| i.kind.clone()).collect()
}

#[test]
fn the_list_is_made_when_the_box_is_chosen_and_inside_papers_print() {
    let b = Bench::open(world()).to(Step::Checklist);
    let slip = DocumentKind::PackingSlip;
    let expected = [ItemKind::Document(slip), ItemKind::Insert("Flyer".to_owned()), ItemKind::Photo, ItemKind::Fragile];
    assert_eq!(kinds(&b), expected);
    assert_eq!(b.session.parcel().last_print(slip).map(|p| p.copy), Some(1));
    assert!(b.session.parcel().last_print(DocumentKind::Label).is_none());
}

#[test]
fn a_line_is_ticked_by_touch_by_the_sheet_and_the_photo_by_a_photo() {
    let mut b = Bench::open(world()).to(Step::Checklist);
    b.ok(Command::Tick { index: 3 });
    b.scan(Meaning::Command(CommandCode::Tick));
    b.scan(Meaning::Command(CommandCode::Continue));
    b.no(Command::Tick { index: 2 }, "photo-needed");
    b.scan_no(Meaning::Command(CommandCode::Tick), "photo-needed");
    let events = b.ok(photo(1));
    assert!(matches!(
        events[..],
        [Event::PhotoTaken { .. }, Event::Ticked { how: TickHow::Photo, .. }, Event::StepEntered { .. }]
    ));
    assert_eq!(b.session.step, Step::Weigh);
}

#[test]
fn ticking_twice_is_no_second_event_and_a_line_that_is_not_there_is_refused() {
    let mut b = Bench::open(world()).to(Step::Checklist);
    b.ok(Command::Tick { index: 0 });
    assert!(b.ok(Command::Tick { index: 0 }).is_empty());
    b.no(Command::Tick { index: 9 }, "not-now");
    b.no(Command::Continue, "not-now");
    b.scan_no(Meaning::Command(CommandCode::Undo), "not-now");
    b.scan_no(item(CLOCK), "not-now");
    Bench::at(Step::Pack).no(Command::Tick { index: 0 }, "not-now");
}

#[test]
fn a_site_that_does_not_weigh_goes_to_the_label() {
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).with_policy(|p| p.weigh = false)).to(Step::Checklist);
    b.ok(Command::Tick { index: 0 });
    assert_eq!(b.session.step, Step::Label);
    assert!(b.finishes().is_ok());
}

#[test]
fn a_photo_that_comes_in_a_break_ticks_and_the_step_waits_for_the_packer() {
    let rule = Rule { when: vec![Condition::Always], item: ItemKind::Photo };
    let mut b = Bench::open(World::new(&[(CLOCK, 1)]).with_policy(|p| p.checklist = vec![rule])).to(Step::Checklist);
    b.ok(Command::Tick { index: 0 });
    b.ok(Command::Pause);
    b.ok(photo(1));
    assert_eq!(b.session.step, Step::Checklist);
    b.ok(Command::Resume);
    assert_eq!(b.session.step, Step::Weigh);
}

#[test]
fn a_list_made_anew_has_no_ticks_and_prints_its_paper_again() {
    let mut b = Bench::at(Step::Checklist);
    b.ok(Command::AnotherParcel);
    b.scan(item(MUG));
    b.ok(Command::Continue);
    b.ok(Command::Continue);
    assert!(b.session.parcel().checklist.as_ref().unwrap().iter().all(|i| !i.done));
    assert_eq!(b.session.parcel().last_print(DocumentKind::PackingSlip).map(|p| p.copy), Some(2));
}

#[test]
fn rules_gifts_and_invoices_make_their_lines() {
    let mut w = World::new(&[(CLOCK, 1)]);
    w.order.lines[0].gift_wrap = true;
    w.order.gift_message = Some("Get well".to_owned());
    w.order.customer.paper_invoice = true;
    w.order.invoice_no = Some("INV-1".to_owned());
    let b = Bench::open(w.clone()).to(Step::Checklist);
    assert!(kinds(&b).contains(&ItemKind::Document(DocumentKind::Invoice)));
    assert!(kinds(&b).contains(&ItemKind::GiftMessage));
    assert!(matches!(kinds(&b)[0], ItemKind::GiftWrap(_)));
    w.order.gift = true;
    let gift = Bench::open(w).to(Step::Checklist);
    assert!(!kinds(&gift).contains(&ItemKind::Document(DocumentKind::Invoice)), "a gift prints no price");
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    the_list_is_made_when_the_box_is_chosen_and_inside_papers_print,
    a_line_is_ticked_by_touch_by_the_sheet_and_the_photo_by_a_photo,
    ticking_twice_is_no_second_event_and_a_line_that_is_not_there_is_refused,
    a_site_that_does_not_weigh_goes_to_the_label,
    a_photo_that_comes_in_a_break_ticks_and_the_step_waits_for_the_packer,
    a_list_made_anew_has_no_ticks_and_prints_its_paper_again,
    rules_gifts_and_invoices_make_their_lines,
];

#[test]
fn an_offered_photo_is_taken_or_left_out_and_both_are_recorded() {
    let open = |demanded: bool| {
        let world = World::new(&[(CLOCK, 1), (BULB, 1)]).with_policy(|p| {
            p.checklist = vec![Rule { when: vec![Condition::Fragile], item: ItemKind::PhotoOffered }];
            if demanded {
                p.checklist.push(Rule { when: vec![Condition::Always], item: ItemKind::Photo });
            }
        });
        Bench::open(world).to(Step::Checklist)
    };
    let mut b = open(false);
    let index = kinds(&b).iter().position(|k| *k == ItemKind::PhotoOffered).expect("it is offered");
    let events = b.ok(Command::Tick { index });
    assert!(matches!(&events[0], Event::Ticked { how: TickHow::Without, .. }), "{events:?}");
    let mut b = open(false);
    let events = b.ok(photo(1));
    assert!(matches!(&events[1], Event::Ticked { how: TickHow::Photo, .. }), "{events:?}");
    // What one rule demands another does not offer.
    let list = kinds(&open(true));
    assert!(list.contains(&ItemKind::Photo) && !list.contains(&ItemKind::PhotoOffered), "{list:?}");
}
