//! Every command at every step, on a plain order: what is accepted and where it leads, what is refused and how.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::checklist::DocumentKind;
use packbench::core::command_code::CommandCode;
use packbench::core::order::Flag;
use packbench::core::scan::Meaning;
use packbench::core::session::event::{PrintOutcome, Reason};
use packbench::core::session::{Command, End, Mode, Step};
use packbench::core::units::Grams;

/// One row per command, one column per step from Review to Next: the step or state it leads to, `=` where it changes
/// neither, or the code of the refusal.
const TABLE: &str = include_str!("../data/flow/matrix.txt");

fn commands() -> Vec<(&'static str, Command)> {
    let reason = Reason::Other;
    let scanned = |m| scan(7_000, m);
    vec![
        ("continue", Command::Continue),
        ("clear flag", Command::ClearFlag { flag: Flag::Unpaid, approval: lead() }),
        ("scan item", scanned(item(CLOCK))),
        ("scan shelf", scanned(shelf("A-01"))),
        ("scan box", scanned(Meaning::Packaging(packaging(BOX_L)))),
        ("scan label", scanned(label(&sscc(1)))),
        ("scan tick", scanned(Meaning::Command(CommandCode::Tick))),
        ("scan unknown", scanned(unknown("?"))),
        ("take stop", Command::TakeStop),
        ("count", Command::Count { more: 1 }),
        ("give trace", give(lot("L-1"))),
        ("by hand", by_hand(1)),
        ("choose box", Command::ChoosePackaging(packaging(BOX_L))),
        ("tick", Command::Tick { index: 0 }),
        ("weight", Command::Weight { grams: Grams(1_270) }),
        ("override", Command::OverrideWeight { grams: Grams(900), approval: lead(), reason }),
        ("recount", Command::Recount),
        ("make label", Command::MakeLabel),
        ("printed", printed(1, DocumentKind::Label, 1, PrintOutcome::Sent)),
        ("reprint label", Command::Reprint { document: DocumentKind::Label, reason }),
        ("reprint slip", Command::Reprint { document: DocumentKind::PackingSlip, reason }),
        ("advance", Command::Advance),
        ("short", short(1, 1)),
        ("allow partial", Command::AllowPartial { approval: lead() }),
        ("damaged", damaged(1, 1)),
        ("substitute", substitute(2, BLUE, 1)),
        ("undo", Command::Undo),
        ("another parcel", Command::AnotherParcel),
        ("photo", photo(1)),
        ("call lead", Command::CallLead),
        ("pause", Command::Pause),
        ("resume", Command::Resume),
        ("hold", Command::Hold { reason }),
        ("hand back", Command::HandBack { reason }),
        ("switch packer", Command::SwitchPacker(user(2))),
        ("cancelled", Command::CancelledByServer),
        ("taken over", Command::TakenOver),
        ("unpacked", Command::ConfirmUnpacked),
    ]
}

fn outcome(step: Step, command: &Command) -> String {
    let mut b = Bench::at(step);
    let before = (b.session.step, b.session.mode);
    match b.act(command) {
        Err(r) => r.code().to_owned(),
        Ok(_) if (b.session.step, b.session.mode) == before => "=".to_owned(),
        Ok(_) => match b.session.mode {
            Mode::Working => format!("{:?}", b.session.step),
            Mode::Paused { .. } => "Paused".to_owned(),
            Mode::Held { .. } => "Held".to_owned(),
            Mode::MustUnpack => "Unpack".to_owned(),
            Mode::Ended(End::Packed) => "End".to_owned(),
            Mode::Ended(End::HandedBack(_)) => "HandedBack".to_owned(),
            Mode::Ended(End::Cancelled) => "Cancelled".to_owned(),
            Mode::Ended(End::TakenOver) => "TakenOver".to_owned(),
        },
    }
}

#[test]
fn every_command_at_every_step_does_what_the_table_says() {
    let mut made = format!("{:<15}", "command");
    for step in &Step::ALL[1..] {
        made += &format!(" {:<16}", format!("{step:?}"));
    }
    made = made.trim_end().to_owned() + "\n";
    for (name, command) in commands() {
        let cells: Vec<String> = Step::ALL[1..].iter().map(|s| format!("{:<16}", outcome(*s, &command))).collect();
        made += format!("{name:<15} {}", cells.join(" ")).trim_end();
        made += "\n";
    }
    assert!(made == TABLE, "the flow differs from the table; it does this:\n{made}");
}
