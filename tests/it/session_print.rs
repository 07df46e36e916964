//! What became of a print job, and printing again. Nothing is called printed before it is known.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::checklist::DocumentKind;
use packbench::core::session::event::{PrintOutcome, PrintTrouble, Reason};
use packbench::core::session::{Command, Event, PrintState, Step};

const LABEL: DocumentKind = DocumentKind::Label;

fn labelled() -> Bench {
    let mut b = Bench::at(Step::Label);
    b.ok(Command::MakeLabel);
    b
}

fn again(document: DocumentKind) -> Command {
    Command::Reprint { document, reason: Reason::LabelDamaged }
}

#[test]
fn a_label_that_left_leads_to_the_scan_back() {
    for outcome in [PrintOutcome::Sent, PrintOutcome::PaperMoved] {
        let mut b = labelled();
        b.ok(printed(1, LABEL, 1, outcome));
        assert_eq!(b.session.step, Step::Confirm);
    }
    for outcome in [PrintOutcome::Unknown, PrintOutcome::Failed(PrintTrouble::Interrupted)] {
        let mut b = labelled();
        b.ok(printed(1, LABEL, 1, outcome));
        assert_eq!(b.session.step, Step::Label);
    }
}

#[test]
fn the_other_papers_and_unknown_jobs_lead_nowhere() {
    let mut b = labelled();
    b.ok(printed(1, DocumentKind::PackingSlip, 1, PrintOutcome::Sent));
    assert_eq!(b.session.step, Step::Label);
    for c in [printed(1, LABEL, 2, PrintOutcome::Sent), printed(7, LABEL, 1, PrintOutcome::Sent)] {
        assert!(b.ok(c).is_empty());
    }
}

#[test]
fn a_later_word_counts_only_where_it_says_more() {
    let (sent, moved, unknown) = (PrintOutcome::Sent, PrintOutcome::PaperMoved, PrintOutcome::Unknown);
    let failed = PrintOutcome::Failed(PrintTrouble::PaperOut);
    for (first, then, news) in [
        (sent, sent, false),
        (sent, moved, true),
        (sent, failed, true),
        (sent, unknown, false),
        (moved, sent, false),
        (moved, unknown, false),
        (moved, failed, true),
        (failed, sent, true),
        (failed, unknown, false),
        (unknown, sent, true),
        (unknown, failed, true),
    ] {
        let mut b = labelled();
        b.ok(printed(1, LABEL, 1, first));
        let events = b.ok(printed(1, LABEL, 1, then));
        assert_eq!(!events.is_empty(), news, "{first:?} then {then:?}");
        let state = b.session.parcel().last_print(LABEL).map(|p| p.state);
        assert_eq!(state, Some(PrintState::Ended(if news { then } else { first })));
    }
}

#[test]
fn the_printers_word_in_a_break_counts_when_work_goes_on() {
    let mut b = labelled();
    b.ok(Command::Pause);
    b.ok(printed(1, LABEL, 1, PrintOutcome::Sent));
    assert_eq!(b.session.step, Step::Label);
    b.ok(Command::Resume);
    assert_eq!(b.session.step, Step::Confirm);
}

#[test]
fn the_printers_word_is_kept_after_the_end() {
    let mut b = labelled();
    b.ok(Command::TakenOver);
    assert_eq!(b.ok(printed(1, LABEL, 1, PrintOutcome::Sent)).len(), 1);
}

#[test]
fn a_reprint_is_the_next_copy_with_its_reason() {
    let mut b = Bench::at(Step::Confirm);
    let events = b.ok(again(LABEL));
    assert!(matches!(events[..], [Event::PrintAttempted { copy: 2, reason: Some(Reason::LabelDamaged), .. }]));
    b.ok(printed(1, LABEL, 1, PrintOutcome::Failed(PrintTrouble::HeadOpen)));
    assert_eq!(
        b.session.parcel().last_print(LABEL).map(|p| p.state),
        Some(PrintState::Attempting),
        "of the older copy"
    );
    b.scan(label(&sscc(1)));
    b.ok(again(LABEL));
    b.ok(again(DocumentKind::PackingSlip));
    assert_eq!(b.session.step, Step::Next);
}

#[test]
fn an_unknown_print_is_settled_by_a_person_a_reprint_or_the_scan() {
    let mut b = labelled();
    b.ok(printed(1, LABEL, 1, PrintOutcome::Unknown));
    assert!(b.ok(Command::MakeLabel).is_empty(), "no second label is made unasked");
    let mut person = b.clone();
    person.ok(printed(1, LABEL, 1, PrintOutcome::Sent));
    let mut copy = b.clone();
    copy.ok(again(LABEL));
    copy.ok(printed(1, LABEL, 2, PrintOutcome::Sent));
    b.scan(label(&sscc(1)));
    assert_eq!((person.session.step, copy.session.step, b.session.step), (Step::Confirm, Step::Confirm, Step::Next));
}

#[test]
fn the_label_of_the_parcel_before_is_printed_again_while_the_next_has_none() {
    let mut b = Bench::at(Step::Pack);
    b.ok(Command::AnotherParcel);
    b.scan(item(MUG));
    b.ok(Command::Continue);
    let mut b = b.to(Step::Confirm);
    b.scan(label(&sscc(1)));
    assert_eq!(b.session.parcel().no, 2);
    let events = b.ok(again(LABEL));
    assert!(matches!(events[..], [Event::PrintAttempted { parcel: 1, copy: 2, .. }]));
    b.ok(printed(1, LABEL, 2, PrintOutcome::Sent));
    assert_eq!(b.session.step, Step::Pack);
}

#[test]
fn what_was_never_printed_is_not_printed_again_and_a_break_is_a_break() {
    Bench::at(Step::Weigh).no(again(LABEL), "no-label-yet");
    Bench::at(Step::Confirm).no(again(DocumentKind::Cn23), "no-label-yet");
    let mut b = Bench::at(Step::Confirm);
    b.ok(Command::Pause);
    b.no(again(LABEL), "on-break");
    let mut b = Bench::at(Step::Confirm);
    b.ok(Command::CancelledByServer);
    b.no(again(LABEL), "must-unpack");
}

/// All tests of this file, for the one that looks at what they meet together.
pub const CASES: &[fn()] = &[
    a_label_that_left_leads_to_the_scan_back,
    the_other_papers_and_unknown_jobs_lead_nowhere,
    a_later_word_counts_only_where_it_says_more,
    the_printers_word_in_a_break_counts_when_work_goes_on,
    the_printers_word_is_kept_after_the_end,
    a_reprint_is_the_next_copy_with_its_reason,
    an_unknown_print_is_settled_by_a_person_a_reprint_or_the_scan,
    the_label_of_the_parcel_before_is_printed_again_while_the_next_has_none,
    what_was_never_printed_is_not_printed_again_and_a_break_is_a_break,
];
