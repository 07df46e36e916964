//! A seeded random walk through the guided flow: whatever is asked in whatever order, the counters stay true, a refusal
//! changes nothing, nothing panics, and from wherever the walk has come there is a way to the end.

use crate::support::flow::*;
use crate::support::flow_bench::Bench;
use packbench::core::checklist::{Condition, DocumentKind, ItemKind, Rule};
use packbench::core::ids::LineNo;
use packbench::core::order::Flag;
use packbench::core::person::Role;
use packbench::core::policy::{ByHandPolicy, CountPolicy, PickConfirm};
use packbench::core::scan::{Meaning, NetWeight, Trace};
use packbench::core::session::event::{PrintOutcome, PrintTrouble, Reason};
use packbench::core::session::{Command, End, Mode, Step};
use packbench::core::units::Grams;

const SEEDS: u64 = 2_000;
const COMMANDS: usize = 200;
const THREADS: u64 = 2;

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }

    fn small(&mut self, n: u64) -> u32 {
        u32::try_from(self.below(n)).unwrap()
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[usize::try_from(self.below(list.len() as u64)).unwrap()]
    }
}

fn world(c: &mut Chance) -> World {
    let lines: Vec<(u128, u32)> =
        (0..=c.below(4)).map(|_| (c.of(&[CLOCK, MUG, MUG, PHONE, MILK, BULB, POST]), 1 + c.small(6))).collect();
    let mut w = World::new(&lines);
    if c.below(4) == 0 {
        w = w.in_tote();
    }
    if c.below(3) == 0 {
        w = w.complete_only();
    }
    if c.below(5) == 0 {
        w = w.flagged(&[Flag::Unpaid]);
    }
    if c.below(5) == 0 {
        w = w.meeting_at("D-01");
    }
    if c.below(4) == 0 {
        w.tour.truncate(1);
    }
    w.policy.weigh = c.below(4) > 0;
    w.policy.count = c.of(&[CountPolicy::Never, CountPolicy::UpTo(2), CountPolicy::UpTo(200)]);
    w.policy.by_hand = c.of(&[ByHandPolicy::Allowed, ByHandPolicy::NeedsLead, ByHandPolicy::Never]);
    w.policy.pick = c.of(&[PickConfirm::Scan, PickConfirm::ScanOrTouch]);
    if c.below(3) == 0 {
        w.policy.checklist.push(Rule { when: vec![Condition::Always], item: ItemKind::Photo });
    }
    w
}

fn trace(c: &mut Chance) -> Trace {
    let lot = c.of(&[None, Some("L-1"), Some("L-2")]).map(str::to_owned);
    let serial = c.of(&[None, Some("SN-A"), Some("SN-B"), Some("SN-C"), Some(" ")]).map(str::to_owned);
    let expiry = c.of(&[None, Some("2027-05-31"), Some("2020-01-01")]).map(day);
    let net = c.of(&[None, None, NetWeight::of(Grams(1_234), 1), NetWeight::of(Grams(1_000), 3)]);
    Trace { serial, lot, expiry, net }
}

fn meaning(c: &mut Chance, b: &Bench) -> Meaning {
    let goods = [CLOCK, MUG, PHONE, BLUE, MILK, BULB, STRANGER];
    match c.below(14) {
        0..=5 => case(c.of(&goods), c.of(&[1, 1, 1, 2, 3, 6, 12]), trace(c)),
        6 => shelf(c.of(&["A-01", "A-02", "A-03", "D-01", "Z-99"])),
        7 => label(b.session.parcel().sscc.as_deref().unwrap_or("003401234500000009")),
        8 => foreign_label("536999", 2),
        9 => Meaning::Packaging(packaging(c.of(&[BOX_L, BAG_S, 999]))),
        10 => unknown(c.of(&["SN-A", "SN-B", "SN-D", "L-1", "?"])),
        11 => Meaning::Command(c.of(packbench::core::command_code::CommandCode::ALL)),
        12 => Meaning::Tote("T-1".to_owned(), Vec::new()),
        _ => match c.below(3) {
            0 => Meaning::Unreadable,
            1 => Meaning::TooLong,
            _ => Meaning::Ambiguous("12".to_owned()),
        },
    }
}

fn outcome(c: &mut Chance) -> PrintOutcome {
    let failed = PrintOutcome::Failed(PrintTrouble::PaperOut);
    c.of(&[PrintOutcome::Sent, PrintOutcome::PaperMoved, failed, PrintOutcome::Unknown])
}

/// Anything at all, sensible or not.
fn anything(c: &mut Chance, b: &mut Bench) -> Command {
    let line = 1 + c.small(5);
    let papers = [DocumentKind::Label, DocumentKind::PackingSlip, DocumentKind::Invoice];
    let reason = c.of(&Reason::ALL);
    let by = approval(c.of(&[Role::Packer, Role::Lead]));
    match c.below(40) {
        0..=9 => {
            let m = meaning(c, b);
            b.scanned(m)
        }
        10 | 11 => Command::Continue,
        12 => Command::ClearFlag { flag: Flag::Unpaid, approval: by },
        13 => Command::TakeStop,
        14 => Command::Count { more: c.small(5) },
        15 => give(trace(c)),
        16 | 17 => Command::ConfirmByHand { line: LineNo(line), reason, approval: Some(by) },
        18 => Command::ChoosePackaging(packaging(c.of(&[BOX_L, BAG_S]))),
        19 => Command::Tick { index: usize::try_from(c.below(4)).unwrap() },
        20 => Command::Weight { grams: Grams(i64::from(c.small(3_000)) - 5) },
        21 => Command::OverrideWeight { grams: Grams(i64::from(c.small(900)) - 5), approval: by, reason },
        22 => Command::Recount,
        23 => Command::MakeLabel,
        24 => {
            let parcel = u16::try_from(1 + c.below(3)).unwrap();
            printed(parcel, c.of(&papers), u16::try_from(1 + c.below(3)).unwrap(), outcome(c))
        }
        25 => Command::Reprint { document: c.of(&papers), reason },
        26 => short(line, c.small(4)),
        27 => Command::AllowPartial { approval: by },
        28 | 29 => damaged(line, c.small(4)),
        30 => substitute(line, c.of(&[BLUE, CLOCK]), c.small(4)),
        31 | 32 => Command::Undo,
        33 | 34 => Command::AnotherParcel,
        35 => photo(3),
        36 if c.below(2) == 0 => Command::Pause,
        36 => Command::CallLead,
        37 => Command::Resume,
        38 => Command::SwitchPacker(user(u128::from(c.below(3)))),
        _ => match c.below(12) {
            0 => Command::HandBack { reason },
            1 => Command::CancelledByServer,
            2 => Command::TakenOver,
            3 => Command::ConfirmUnpacked,
            4 => Command::Advance,
            _ => Command::Hold { reason },
        },
    }
}

/// What the walks of some seeds have met.
#[derive(Debug, Default)]
struct Sum {
    accepted: usize,
    refused: usize,
    parcels: usize,
    labelled: usize,
    ends: [usize; 4],
}

impl Sum {
    fn end(&mut self, end: End) {
        self.ends[match end {
            End::Packed => 0,
            End::HandedBack(_) => 1,
            End::Cancelled => 2,
            End::TakenOver => 3,
        }] += 1;
    }
}

fn walk(seed: u64, sum: &mut Sum) {
    let mut c = Chance(seed.wrapping_mul(0x2545_F491_4F6C_DD1D));
    let mut b = Bench::open(world(&mut c));
    b.thorough = false;
    let look = usize::try_from(c.below(COMMANDS as u64)).unwrap();
    for n in 0..COMMANDS {
        // Half of the commands are sensible, or the walk would hang about the first steps.
        let command = if c.below(2) == 0 { b.sensible() } else { anything(&mut c, &mut b) };
        let before = b.session.clone();
        match b.act(&command) {
            Ok(_) => sum.accepted += 1,
            Err(r) => {
                sum.refused += 1;
                assert_eq!(b.session, before, "{command:?} was refused with {r:?} and changed something");
            }
        }
        if n == look {
            leads_to_an_end(&b, seed);
        }
        if let Mode::Ended(end) = b.session.mode {
            sum.end(end);
            break;
        }
    }
    assert_eq!(b.replayed(), b.session, "replay differs");
    sum.parcels = sum.parcels.max(b.session.parcels.len());
    sum.labelled += usize::from(b.session.step >= Step::Confirm);
    if !matches!(b.session.mode, Mode::Ended(_)) {
        leads_to_an_end(&b, seed);
    }
}

fn leads_to_an_end(b: &Bench, seed: u64) {
    if let Err(stuck) = b.clone().finishes() {
        panic!("seed {seed} leads to a dead end: {stuck}\n{:?}", b.session);
    }
}

#[test]
fn whatever_is_asked_nothing_is_lost_and_every_order_can_be_ended() {
    let walks: Vec<_> = (0..THREADS)
        .map(|t| {
            let run = move || {
                let mut sum = Sum::default();
                for seed in (t..SEEDS).step_by(usize::try_from(THREADS).unwrap()) {
                    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| walk(seed, &mut sum)));
                    assert!(caught.is_ok(), "seed {seed}");
                }
                sum
            };
            std::thread::Builder::new().name(format!("walk-{t}")).spawn(run).unwrap()
        })
        .collect();
    for walk in walks {
        let sum = walk.join().expect("a walk failed: the message above names its seed");
        // The walks must have met what they are for.
        assert!(sum.accepted > 10_000 && sum.refused > 10_000, "{sum:?}");
        assert!(sum.parcels >= 3 && sum.labelled > 100 && sum.ends.iter().all(|n| *n > 0), "{sum:?}");
    }
}
