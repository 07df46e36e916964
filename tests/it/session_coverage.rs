//! Runs the tests of the guided flow once more, one after another, and looks at what they met: every declared way, every
//! refusal, every command, every kind of event. What none of them meets is not tested.

use crate::support::flow_bench::{MET, Met};
use packbench::core::session::refusal::Refusal;
use packbench::core::session::step::EDGES;
use packbench::protocol::session::KINDS;

/// Every command, as the tests name it.
const COMMANDS: [&str; 32] = [
    "Continue",
    "ClearFlag",
    "Scan",
    "TakeStop",
    "Count",
    "GiveTrace",
    "ConfirmByHand",
    "ChoosePackaging",
    "Tick",
    "Weight",
    "OverrideWeight",
    "Recount",
    "MakeLabel",
    "Printed",
    "Reprint",
    "Advance",
    "Short",
    "AllowPartial",
    "Damaged",
    "Substitute",
    "Undo",
    "AnotherParcel",
    "PhotoTaken",
    "CallLead",
    "Pause",
    "Resume",
    "Hold",
    "HandBack",
    "SwitchPacker",
    "CancelledByServer",
    "TakenOver",
    "ConfirmUnpacked",
];

/// Written by the station beside a refusal, never by a decision.
const BESIDE: [&str; 2] = ["pack_session.refused", "pack_session.weight_refused"];

/// The files whose tests are counted.
const FILES: &[&[fn()]] = &[
    crate::session_advance::CASES,
    crate::session_by_hand::CASES,
    crate::session_cancel::CASES,
    crate::session_checklist::CASES,
    crate::session_confirm::CASES,
    crate::session_count::CASES,
    crate::session_damaged::CASES,
    crate::session_hold::CASES,
    crate::session_label::CASES,
    crate::session_open::CASES,
    crate::session_packaging::CASES,
    crate::session_parcels::CASES,
    crate::session_people::CASES,
    crate::session_pick::CASES,
    crate::session_print::CASES,
    crate::session_review::CASES,
    crate::session_short::CASES,
    crate::session_stock::CASES,
    crate::session_substitute::CASES,
    crate::session_undo::CASES,
    crate::session_verify_scan::CASES,
    crate::session_verify_trace::CASES,
    crate::session_weigh::CASES,
];

fn all() -> Met {
    MET.set(Met::default());
    for cases in FILES {
        cases.iter().for_each(|case| case());
    }
    MET.take()
}

fn missing<'a, T: Ord + Copy + 'a>(wanted: impl IntoIterator<Item = T>, met: impl Fn(&T) -> bool) -> Vec<T> {
    wanted.into_iter().filter(|x| !met(x)).collect()
}

#[test]
fn every_way_every_refusal_every_command_and_every_event_is_met() {
    let met = all();
    let ways = missing(EDGES.iter().map(|(a, b, _)| (*a, *b)), |w| met.ways.contains(w));
    assert!(ways.is_empty(), "ways that no test goes: {ways:?}");
    let refusals = missing(Refusal::CODES.iter().copied(), |c| met.refusals.contains(c));
    assert!(refusals.is_empty(), "refusals that no test meets: {refusals:?}");
    let commands = missing(COMMANDS, |c| met.commands.contains(*c));
    assert!(commands.is_empty(), "commands that no test has accepted: {commands:?}");
    let kinds = missing(KINDS.iter().copied(), |k| met.kinds.contains(k) || BESIDE.contains(k));
    assert!(kinds.is_empty(), "events that no test makes: {kinds:?}");
}
