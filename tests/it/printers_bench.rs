//! A whole station without a window, with two label printers of one kind on TCP and a folder that steps in for them: they share the work,
//! the packer reads within two seconds why nothing comes, another printer steps in, and after a restart nothing is printed again by
//! itself.

use crate::device_support::until;
use crate::device_zpl::{Manner, Printer};
use crate::station_kit::running::start;
use crate::station_kit::station::Station as Kit;
use crate::station_kit::world::{self, Job};
use packbench::cli::station::wiring::Running;
use packbench::core::aim::AimId;
use packbench::core::checklist::DocumentKind;
use packbench::core::ids::GestureId;
use packbench::core::scan::Scan;
use packbench::core::session::PrintState;
use packbench::core::session::event::{PrintOutcome, Reason};
use packbench::core::time::UtcMs;
use packbench::core::units::Grams;
use packbench::engine::input::{ScaleReading, Ui};
use packbench::engine::view::{DeviceState, LabelView, PrintRow, Screen, StageView};
use packbench::engine::{Clock, EngineHandle, Input, SystemClock};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// The packer sees a fault within this time.
const SEEN: Duration = Duration::from_secs(2);

const SETTINGS: &str = r#"
[station.printers.labels-1]
kind = "tcp"
host = "127.0.0.1"
tcp_port = PORT1
fallback = "spare"
[station.printers.labels-2]
kind = "tcp"
host = "127.0.0.1"
tcp_port = PORT2
fallback = "spare"
[station.printers.spare]
kind = "folder"
use = "documents"
folder = "SPARE"
"#;

/// The bench: both printers, and the folder of the station with its spare printer's in it.
struct Bench {
    printers: [Printer; 2],
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Bench {
        let mut kit = Kit::unpaired();
        // What the station holds is held by the clock of this machine, on which it runs later.
        kit.clock.wall_ms.store(SystemClock::new().wall_ms(), Ordering::SeqCst);
        kit.pair();
        kit.pull(world::site_changes());
        kit.numbers(world::block(1, 1, 100, 1_000));
        kit.give(&[Job::new(1, &[(world::LAMP, 2)])]);
        let folder = kit.leave();
        std::fs::create_dir(folder.path().join("spare")).unwrap();
        Bench { printers: [(); 2].map(|()| Printer::start()), folder }
    }

    /// The station is switched on, and its devices are there.
    fn switch_on(&self) -> Running {
        let folder = self.folder.path();
        let text = SETTINGS
            .replace("PORT1", &self.printers[0].port.to_string())
            .replace("PORT2", &self.printers[1].port.to_string())
            .replace("SPARE", folder.join("spare").to_str().unwrap());
        let running = start(folder, &text, None);
        let engine = running.handle();
        for name in ["labels-1", "labels-2", "spare"] {
            stands(&engine, name, |state| *state == DeviceState::Ready);
        }
        until("the login", || matches!(engine.view().screen, Screen::Login(_)).then_some(()));
        scan(&engine, world::ANNA.badge, None);
        until("the queue or the bench", || matches!(engine.view().screen, Screen::Queue | Screen::Pack).then_some(()));
        running
    }

    /// Labels that came out of each printer and of the spare one, whose own papers do not count.
    fn printed(&self) -> (usize, usize, usize) {
        let files = std::fs::read_dir(self.folder.path().join("spare")).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let labels = names.filter(|name| name.contains("_label_")).count();
        (self.printers[0].printed().len(), self.printers[1].printed().len(), labels)
    }
}

fn stands(engine: &EngineHandle, name: &str, wanted: impl Fn(&DeviceState) -> bool) {
    until(name, || engine.view().devices.iter().any(|d| d.name == name && wanted(&d.state)).then_some(()));
}

fn scan(engine: &EngineHandle, text: &str, symbology: Option<AimId>) {
    let at = UtcMs(SystemClock::new().wall_ms());
    let gesture = GestureId(Uuid::now_v7());
    let scan = Scan { gesture, device: "hand".to_owned(), bytes: text.as_bytes().to_vec(), symbology, at };
    engine.send(Input::Scan(scan)).unwrap();
}

fn weigh(engine: &EngineHandle, grams: i64) {
    let at_mono_ms = i64::try_from(SystemClock::new().mono_ms()).unwrap();
    let reading = ScaleReading { grams: Grams(grams), stable: true, at_mono_ms };
    engine.send(Input::Weight { scale: String::new(), reading }).unwrap();
}

fn label_view(engine: &EngineHandle) -> Option<LabelView> {
    match &engine.view().pack.as_ref()?.stage {
        StageView::Label(label) => Some(label.clone()),
        _ => None,
    }
}

/// The latest copy of the parcel's label.
fn row(engine: &EngineHandle) -> Option<PrintRow> {
    label_view(engine)?.prints.into_iter().find(|row| row.document == DocumentKind::Label)
}

/// Packs the order until its label is asked for.
fn pack(engine: &EngineHandle) {
    engine.send(Input::Ui(Ui::Start)).unwrap();
    for _ in 0..100 {
        if label_view(engine).is_some() {
            return;
        }
        let view = engine.view();
        let press = |ui: Ui| engine.send(Input::Ui(ui)).unwrap();
        match view.pack.as_ref().map(|p| p.stage.clone()) {
            None => {}
            Some(StageView::Pick(pick)) => match pick.location {
                Some(at) => scan(engine, &at.code, None),
                None => press(Ui::TakeStop),
            },
            Some(StageView::Verify(verify)) => scan(engine, &verify.product.sku, None),
            Some(StageView::Pack(boxes)) if boxes.suggested.is_none() => {
                press(Ui::ChooseBox(view.packagings.last().unwrap().id));
            }
            Some(StageView::Checklist(list)) => press(Ui::Tick(list.current)),
            Some(StageView::Weigh(gate)) => {
                weigh(engine, 0);
                weigh(engine, gate.expected_g.0);
            }
            Some(_) => press(Ui::Continue),
        }
        let _ = engine.view_after(view.revision, Duration::from_millis(500));
    }
    panic!("never at the label: {:?} {:?}", engine.view().pack, engine.view().feedback);
}

/// Prints the label once more; the row of that copy as soon as it stands so.
fn again(engine: &EngineHandle, copy: u16, wanted: impl Fn(&PrintRow) -> bool) -> PrintRow {
    let parcel = engine.view().pack.as_ref().unwrap().parcel;
    let (document, reason) = (DocumentKind::Label, Reason::LabelDamaged);
    engine.send(Input::Ui(Ui::Reprint { fulfillment: None, parcel, document, reason })).unwrap();
    until("the copy", || row(engine).filter(|row| row.copy == copy && wanted(row)))
}

const OUT: PrintState = PrintState::Ended(PrintOutcome::PaperMoved);
const SENT: PrintState = PrintState::Ended(PrintOutcome::Sent);

fn by(row: &PrintRow) -> (&str, Option<(&str, &str)>) {
    let way = row.way.as_ref().unwrap_or_else(|| panic!("nobody said which printer: {row:?}"));
    (&way.printer, way.instead_of.as_ref().map(|(other, why)| (other.as_str(), *why)))
}

#[test]
fn printers_of_one_kind_share_the_work_and_another_steps_in_for_both() {
    let bench = Bench::new();
    let running = bench.switch_on();
    let engine = running.handle();
    pack(&engine);
    let first = until("the first label", || row(&engine).filter(|row| row.state == OUT));
    assert_eq!((by(&first), bench.printed()), (("labels-1", None), (1, 0, 0)));
    let sscc = label_view(&engine).unwrap().preview.unwrap().sscc;
    assert!(String::from_utf8_lossy(&bench.printers[0].printed()[0]).contains(&sscc));
    let second = again(&engine, 2, |row| row.state == OUT);
    assert_eq!((by(&second), bench.printed()), (("labels-2", None), (1, 1, 0)), "in turn");
    bench.printers[0].set(|s| s.errors = 0x1);
    stands(&engine, "labels-1", |state| *state == DeviceState::Attention);
    let third = again(&engine, 3, |row| row.state == OUT);
    let no_paper = Some(("labels-1", "device-warning-paper-out"));
    assert_eq!((by(&third), bench.printed()), (("labels-2", no_paper), (1, 2, 0)));
    bench.printers[1].set(|s| s.errors = 0x4);
    stands(&engine, "labels-2", |state| *state == DeviceState::Attention);
    let fourth = again(&engine, 4, |row| row.state == SENT);
    assert_eq!((by(&fourth), bench.printed()), (("spare", no_paper), (1, 2, 1)));
    for printer in &bench.printers {
        printer.set(|s| s.errors = 0);
    }
    stands(&engine, "labels-1", |state| *state == DeviceState::Ready);
    stands(&engine, "labels-2", |state| *state == DeviceState::Ready);
    let fifth = again(&engine, 5, |row| row.state == OUT);
    assert_eq!((by(&fifth), bench.printed()), (("labels-1", None), (2, 2, 1)));
    running.stop();
}

#[test]
fn the_packer_reads_why_nothing_comes_and_a_restart_prints_nothing_again() {
    let bench = Bench::new();
    let running = bench.switch_on();
    let engine = running.handle();
    for printer in &bench.printers {
        printer.set(|s| s.manner = Manner::NeverAfterJob);
    }
    pack(&engine);
    until("the label's bytes", || row(&engine).filter(|row| row.state == SENT));
    let begun = Instant::now();
    let said = until("why nothing comes", || {
        let pack = engine.view().pack.clone()?;
        (pack.say.key == "say-print-held").then_some(pack)
    });
    assert!(begun.elapsed() < SEEN, "{:?}", begun.elapsed());
    let told = said.say_detail.as_ref().map(|detail| format!("{detail:?}")).unwrap_or_default();
    assert!(told.contains("labels-1") && told.contains("device-warning-printer-silent"), "{told}");
    assert_eq!(bench.printed(), (1, 0, 0));
    running.stop();
    // The printer is switched off and on meanwhile; the station is started again.
    for printer in &bench.printers {
        printer.set(|s| s.manner = Manner::Well);
    }
    let running = bench.switch_on();
    let engine = running.handle();
    let back = until("the label's row", || row(&engine));
    assert_eq!((back.copy, back.state), (1, SENT), "what is known of it stays what it was");
    assert_eq!(bench.printed(), (1, 0, 0), "nothing is printed again by itself");
    let copy = again(&engine, 2, |row| row.state == OUT);
    assert_eq!((copy.copy, bench.printed().2), (2, 0));
    running.stop();
    let all = bench.printers[0].printed().len() + bench.printers[1].printed().len();
    assert_eq!(all, 2, "the packer asked for one copy");
}
