//! An order packed to the end by the real station, without a window, with nothing but USB devices: two HID POS scanners and a CDC-ACM
//! one, a HID scale and a USB label printer, each of them pulled out and plugged in again on the way. Runs inside the machine of
//! tests/lib/usb_machine.sh, which `usb_machine` boots and whose clock stands at the made site's morning.

use crate::device_support::{DEADLINE, until};
use crate::station_kit::running::start;
use crate::station_kit::station::Station as Kit;
use crate::station_kit::world::{self, Job};
use crate::usb_kit::gadget::Gadget;
use crate::usb_kit::things::{Printer, Scale, Scanner, SerialScanner};
use packbench::cli::station::wiring::Running;
use packbench::engine::input::Ui;
use packbench::engine::view::{DeviceState, Screen, StageView, StationView};
use packbench::engine::{EngineHandle, Input};
use packbench::storage::{self, sessions};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

const SETTINGS: &str = r#"
[station.scanners.hand]
kind = "usb"
usb_serial = "SN-HAND"
[station.scanners.belt]
kind = "usb"
usb_id = "05e0:1300"
[station.scanners.gate]
kind = "serial"
port = "usb:05e0:1701:SN-GATE"
[station.scales.bench]
kind = "usb"
[station.printers.labels]
kind = "usb"
[station.printers.office]
kind = "folder"
use = "documents"
folder = "OFFICE"
"#;

/// Their names at the station.
const DEVICES: [&str; 5] = ["hand", "belt", "gate", "bench", "labels"];

/// The bench's things.
struct Bench {
    hand: Scanner,
    belt: Scanner,
    gate: SerialScanner,
    scale: Scale,
    printer: Printer,
    turn: usize,
}

impl Bench {
    fn plugged() -> Bench {
        let bench = Bench {
            hand: Scanner::new("order-hand", "SN-HAND"),
            belt: Scanner::new("order-belt", "SN-BELT"),
            gate: SerialScanner::new("order-gate", "SN-GATE"),
            scale: Scale::new("order-scale", "SN-SCALE"),
            printer: Printer::new("order-labels", "SN-LABELS"),
            turn: 0,
        };
        bench.scale.grams(0);
        bench.plug(0);
        bench
    }

    /// Reads with the next of the three scanners.
    fn read(&mut self, aim: &str, code: &str) {
        self.turn += 1;
        match self.turn % 3 {
            1 => self.hand.read(aim, code.as_bytes()),
            2 => self.belt.read(aim, code.as_bytes()),
            _ => self.gate.read(&format!("{aim}{code}")),
        }
    }

    /// Pulls out everything, waits until the station says so, and plugs it in at other ports.
    fn pull_and_plug(&self, engine: &EngineHandle, shift: usize) {
        self.gadgets().into_iter().for_each(Gadget::pull);
        self.printer.pull();
        for name in DEVICES {
            stands(engine, name, "lost", |state| matches!(state, DeviceState::Lost { .. }));
        }
        self.plug(shift);
        all_ready(engine);
    }

    fn gadgets(&self) -> [&Gadget; 4] {
        [&self.hand.gadget, &self.belt.gadget, &self.gate.gadget, &self.scale.gadget]
    }

    fn plug(&self, shift: usize) {
        let port = |at: usize| u8::try_from((at + shift) % 8).unwrap();
        for (at, gadget) in self.gadgets().into_iter().enumerate() {
            gadget.plug(port(at));
        }
        self.printer.plug(port(4));
    }
}

pub fn stands(engine: &EngineHandle, name: &str, what: &str, wanted: impl Fn(&DeviceState) -> bool) {
    let end = Instant::now() + DEADLINE;
    loop {
        let view = engine.view();
        if view.devices.iter().any(|d| d.name == name && wanted(&d.state)) {
            return;
        }
        assert!(Instant::now() < end, "{name} is not {what} at {:?}: {:?}", view.screen, view.devices);
        let _ = engine.view_after(view.revision, Duration::from_millis(100));
    }
}

fn all_ready(engine: &EngineHandle) {
    for name in DEVICES {
        stands(engine, name, "ready", |state| *state == DeviceState::Ready);
    }
}

/// A station of the made site with one order, as it was left the evening before.
fn station(folder: &Path) -> Running {
    let office = folder.join("office");
    std::fs::create_dir(&office).unwrap();
    start(folder, &SETTINGS.replace("OFFICE", office.to_str().unwrap()), None)
}

/// Waits until the screen answers; a thing that went unheard is done once more afterwards.
pub fn answered(engine: &EngineHandle, before: &StationView) {
    let until = Instant::now() + Duration::from_secs(3);
    loop {
        let now = engine.view();
        let id = |view: &StationView| view.feedback.as_ref().map(|f| f.id);
        if now.pack != before.pack || id(&now) != id(before) || Instant::now() >= until {
            return;
        }
        let _ = engine.view_after(now.revision, Duration::from_millis(100));
    }
}

/// Does what the screen asks for, with the things of the bench.
fn act(bench: &mut Bench, engine: &EngineHandle, view: &StationView) {
    let press = |ui: Ui| engine.send(Input::Ui(ui)).unwrap();
    let Some(pack) = view.pack.as_ref() else { return };
    match &pack.stage {
        StageView::Review(_) | StageView::Stock(_) => press(Ui::Continue),
        StageView::Pick(pick) => match &pick.location {
            Some(at) => bench.read("]C0", &at.code),
            None => press(Ui::TakeStop),
        },
        StageView::Verify(verify) => bench.read("]C0", &verify.product.sku),
        StageView::Pack(pack) if pack.suggested.is_some() => press(Ui::Continue),
        StageView::Pack(_) => press(Ui::ChooseBox(view.packagings.last().unwrap().id)),
        StageView::Checklist(list) => press(Ui::Tick(list.current)),
        StageView::Weigh(weigh) => bench.scale.grams(u16::try_from(weigh.expected_g.0).unwrap()),
        StageView::Label(label) => match (&label.put_at, &label.preview) {
            (Some(place), _) => bench.read("]C0", place),
            // Only what has come out of the printer can be scanned.
            (None, Some(label)) if bench.printer.paper().contains(&label.sscc) => {
                bench.read("]C1", &format!("00{}", label.sscc));
            }
            (None, Some(_) | None) => {}
        },
        StageView::Done(_) | StageView::Paused { .. } | StageView::Held { .. } | StageView::MustUnpack { .. } => {}
    }
}

#[test]
#[ignore = "runs in the machine that usb_machine boots"]
fn an_order_is_packed_to_the_end_with_usb_devices_that_come_and_go() {
    let job = Job::new(1, &[(world::MUG, 2), (world::LAMP, 1)]);
    // Its own folder: a station knows a copy of its database, and takes up no work with one.
    let folder = Kit::new(std::slice::from_ref(&job)).leave();
    let mut bench = Bench::plugged();
    let running = station(folder.path());
    let engine = running.handle();
    all_ready(&engine);
    until("the login", || matches!(engine.view().screen, Screen::Login(_)).then_some(()));
    bench.read("", world::ANNA.badge);
    until("the queue", || (engine.view().screen == Screen::Queue).then_some(()));
    until("work", || (!engine.view().queue.rows.is_empty()).then_some(()));
    let before = engine.view();
    engine.send(Input::Ui(Ui::Start)).unwrap();
    answered(&engine, &before);
    assert_eq!(engine.view().screen, Screen::Pack, "{:?}", engine.view().feedback);
    let mut seen = BTreeSet::new();
    let done = |view: &StationView| view.pack.as_ref().is_some_and(|p| matches!(p.stage, StageView::Done(_)));
    for _ in 0..200 {
        let view = engine.view();
        if done(&view) {
            break;
        }
        let step = view.pack.as_ref().map(|p| format!("{:?}", p.step)).unwrap_or_default();
        // Everything is pulled out before units are verified, before the parcel is weighed, and before its label is scanned.
        if seen.insert(step.clone()) && ["Verify", "Weigh", "Confirm"].contains(&step.as_str()) {
            bench.pull_and_plug(&engine, seen.len());
        }
        let view = engine.view();
        act(&mut bench, &engine, &view);
        answered(&engine, &view);
    }
    assert!(done(&engine.view()), "{:?} {:?}", engine.view().pack, engine.view().feedback);
    running.stop();
    let (mut conn, _) = storage::open(&folder.path().join("station.db")).unwrap();
    let row = &sessions::history(conn.as_mut()).unwrap()[0];
    assert!(row.confirmed && row.copies == 1, "{row:?}");
    let paper = bench.printer.paper();
    assert_eq!(paper.matches("^XA").count(), 1, "one label, once: {paper}");
    assert!(paper.contains(&row.sscc), "{paper}");
    println!("steps: {seen:?}");
}
