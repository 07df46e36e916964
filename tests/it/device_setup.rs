//! Setting a scanner up on a whole station without a window: a scanner on a pseudo-terminal is asked for what it sends as it is, three
//! scans of codes that stand on the screen teach how it is set, the settings file holds it, and the scanner is read by it at once.

use std::fs::File;
use std::path::Path;

use packbench::cli::station::wiring::Running;
use packbench::config::{self, Base, Raw};
use packbench::devices::config::ScanFraming;
use packbench::devices::scanner::ScanFault;
use packbench::devices::scanner::learn::{EAN, GS1, PLAIN, TestCode};
use packbench::devices::{DeviceCommand, DeviceEvent, DeviceStatus};
use packbench::engine::input::Ui;
use packbench::engine::view::{DeviceState, ScanTrial, Screen, SetupStage, SetupView, Sheet};
use packbench::engine::{EngineHandle, Input};

use crate::device_plugs::scanner;
use crate::device_pty::Plug;
use crate::device_support::{Pty, Station, id, until, write_all};
use crate::station_kit::running::start;

/// A settings file whose scanner is set quite otherwise than the scanner is.
const SETTINGS: &str = r#"# Bench 4
[station]
language = "es" # the packers'

[station.scanners.bench]
kind = "serial"
port = "PORT"
prefix = "OLD"
idle_ms = 40
"#;

struct Bench {
    folder: tempfile::TempDir,
    _pty: Pty,
    peer: File,
    running: Running,
    engine: EngineHandle,
}

impl Bench {
    fn new(settings: &str) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let pty = Pty::start(folder.path());
        let text = settings.replace("PORT", pty.dev().to_str().unwrap());
        let file = folder.path().join("packbench.toml");
        std::fs::write(&file, &text).unwrap();
        let running = start(folder.path(), &text, Some(file));
        let engine = running.handle();
        let there =
            || engine.view().devices.iter().any(|d| d.name == "bench" && d.state == DeviceState::Ready && d.set_up);
        until("the scanner", || there().then_some(()));
        assert!(matches!(engine.view().screen, Screen::Pairing { .. }), "before the station belongs to a site");
        let peer = pty.peer();
        Bench { folder, _pty: pty, peer, running, engine }
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("packbench.toml")).unwrap()
    }

    fn press(&self, ui: Ui) {
        self.engine.send(Input::Ui(ui)).unwrap();
    }

    fn until(&self, what: &str, wanted: impl Fn(&SetupView) -> bool) -> SetupView {
        until(what, || match self.engine.view().sheet.as_ref() {
            Some(Sheet::ScannerSetup(view)) if wanted(view) => Some(SetupView::clone(view)),
            _ => None,
        })
    }

    /// Waits until a code is asked for; then it is listened for, too.
    fn asked(&self, wanted: u8) {
        self.until("the next code", |v| matches!(&v.stage, SetupStage::Scan { number, .. } if *number == wanted));
    }

    /// Scans until it is taken as it is: the scanner may still be read as before when the first code is shown.
    fn first(&mut self, bytes: &str) {
        self.asked(1);
        until("the first scan", || {
            write_all(&mut self.peer, bytes.as_bytes());
            let view = self.until("an answer", |v| v.came.is_some());
            let early = view.came.and_then(|came| came.refused).is_some_and(|(what, _)| what.key == "setup-too-early");
            if early {
                self.press(Ui::SetupAgain);
                self.until("the first code again", |v| {
                    v.came.is_none() && matches!(v.stage, SetupStage::Scan { number: 1, .. })
                });
            }
            (!early).then_some(())
        });
    }

    fn scan(&mut self, bytes: &str) {
        write_all(&mut self.peer, bytes.as_bytes());
    }

    /// What the scanner reads of these bytes; one that is still left as it was set up with has it scanned again.
    fn read(&mut self, bytes: &str) -> ScanTrial {
        until("a scan", || {
            self.press(Ui::OpenSheet(Sheet::ScanTrial(None)));
            let shown = |sheet: Option<Sheet>| match sheet {
                Some(Sheet::ScanTrial(read)) => Some(read),
                _ => None,
            };
            until("the sheet", || shown(self.engine.view().sheet.clone()).filter(Option::is_none));
            self.scan(bytes);
            let read = until("what was read", || shown(self.engine.view().sheet.clone()).flatten());
            (!read.text.is_empty()).then_some(read)
        })
    }

    fn learn(&mut self) {
        self.press(Ui::SetUpScanner("bench".into()));
        self.first(&format!("\x02{PLAIN}\r"));
        self.asked(2);
        self.scan(&format!("\x02{}|{}\r", GS1[0], GS1[1]));
        self.asked(3);
        self.scan(&format!("\x02{EAN}\r"));
        self.until("what was learnt", |v| matches!(v.stage, SetupStage::Learnt(_)));
    }
}

fn station(folder: &Path, text: &str) -> config::StationSettings {
    let raw = Raw::from_toml(Path::new("packbench.toml"), text).unwrap();
    config::station(&raw, &Base { data_home: folder.to_path_buf() }).unwrap()
}

#[test]
fn three_scans_from_the_screen_change_the_settings_file_and_count_at_once() {
    let mut bench = Bench::new(SETTINGS);
    let before = bench.text();
    bench.learn();
    assert_eq!(bench.text(), before, "nothing is written before somebody says so");
    bench.press(Ui::SetupKeep);
    bench.press(Ui::SetupKeep);
    let kept = bench.until("the file", |v| matches!(v.stage, SetupStage::Kept { .. } | SetupStage::NotKept(..)));
    let SetupStage::Kept { learnt, file } = kept.stage else { panic!("{kept:?}") };
    assert_eq!((learnt.prefix.as_str(), learnt.gs.as_str(), learnt.end.as_str()), ("<STX>", "|", "<CR>"));
    assert!(file.ends_with("packbench.toml"));
    let text = bench.text();
    for line in ["# Bench 4", "language = \"es\" # the packers'", "kind = \"serial\"", "idle_ms = 40", "aim = false"] {
        assert!(text.contains(line), "{line} is missing: {text}");
    }
    assert!(!text.contains("OLD"), "{text}");
    let settings = station(bench.folder.path(), &text);
    let config::ScannerPort::Serial { frame, .. } = &settings.scanners[0].port else { panic!("{text}") };
    assert_eq!((frame.prefix.as_slice(), frame.gs.as_slice(), frame.aim), (&b"\x02"[..], &b"|"[..], false));
    bench.press(Ui::CloseSheet);
    let read = bench.read("\x02010950600013435210LOT|21S7\r");
    assert_eq!(read.text, "010950600013435210LOT<GS>21S7", "read by what was learnt, without a restart");
    bench.running.stop();
}

#[test]
fn leaving_changes_nothing_and_the_scanner_scans_again_as_before() {
    let mut bench = Bench::new(SETTINGS);
    let before = bench.text();
    bench.learn();
    bench.press(Ui::CloseSheet);
    until("the device check", || (bench.engine.view().sheet == Some(Sheet::Devices)).then_some(()));
    assert_eq!(bench.text(), before);
    assert_eq!(bench.read("OLD50123\r").text, "50123", "with the prefix of before");
    bench.running.stop();
}

#[test]
fn another_code_is_refused_with_what_it_is_and_a_file_that_cannot_be_written_is_said() {
    let mut bench = Bench::new(SETTINGS);
    bench.press(Ui::SetUpScanner("bench".into()));
    bench.first(&format!("\x02{EAN}\r"));
    let view = bench.until("the refusal", |v| v.came.is_some());
    let came = view.came.unwrap();
    let (what, todo) = came.refused.unwrap();
    assert_eq!(
        (came.text.as_str(), what.key, todo.key),
        ("<STX>9506000134352<CR>", "setup-other-test-code", "setup-scan-shown")
    );
    assert!(matches!(view.stage, SetupStage::Scan { number: 1, .. }), "the same code is still asked for");
    bench.scan(&format!("\x02{PLAIN}\r"));
    bench.asked(2);
    bench.scan(&format!("\x02{}\r", GS1.concat()));
    let view = bench.until("the missing separator", |v| v.came.as_ref().is_some_and(|came| came.refused.is_some()));
    assert_eq!(view.came.unwrap().refused.unwrap().0.key, "setup-no-separator");
    bench.scan(&format!("\x02{}\x1d{}\r", GS1[0], GS1[1]));
    bench.asked(3);
    bench.scan(&format!("\x02{EAN}\r"));
    bench.until("what was learnt", |v| matches!(v.stage, SetupStage::Learnt(_)));
    // In the way of the file that is to take the place of the old one.
    let beside = bench.folder.path().join("packbench.toml.new");
    std::fs::create_dir(&beside).unwrap();
    let before = bench.text();
    bench.press(Ui::SetupKeep);
    let view = bench.until("the refusal", |v| matches!(v.stage, SetupStage::NotKept(..)));
    let SetupStage::NotKept(_, what, todo) = view.stage else { panic!("{view:?}") };
    assert_eq!((what.key, todo.key), ("setup-file-unwritten", "setup-file-todo"));
    assert_eq!(bench.text(), before);
    std::fs::remove_dir(beside).unwrap();
    bench.press(Ui::SetupKeep);
    bench.until("the file", |v| matches!(v.stage, SetupStage::Kept { .. }));
    assert!(!bench.text().contains("OLD"));
    bench.running.stop();
}

#[test]
fn a_scanner_that_is_pulled_out_while_it_is_set_up_goes_on_when_it_is_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("usb-Scanner_S1");
    let mut plug = Plug::insert(&path);
    let station = Station::start_within(vec![("s", scanner(&path))], (10, 20));
    station.ready("s");
    let handle = station.supervisor.handle();
    handle.send(DeviceCommand::ScanRaw { scanner: id("s"), on: true }).unwrap();
    let raw = || {
        station.next("what came as it is", |event| match event {
            DeviceEvent::RawScan { bytes, .. } => Some(Ok(bytes.clone())),
            // The command may reach it after the first code.
            DeviceEvent::Scan { bytes, .. } => Some(Err(bytes.clone())),
            // Begun before a command and ended after it: neither.
            DeviceEvent::ScanFault { fault: ScanFault::Cut { .. }, .. } => Some(Ok(Vec::new())),
            _ => None,
        })
    };
    let whole = format!("\x02]E0{EAN}\r\n").into_bytes();
    until("the command to be heard", || {
        plug.send(&whole);
        raw().ok().map(|bytes| assert_eq!(bytes, whole))
    });
    plug.send(b"\x02]E0950");
    plug.pull();
    station.stands("s", "its loss", |status| matches!(status, DeviceStatus::Lost { .. }));
    let mut plug = Plug::insert(&path);
    station.ready("s");
    plug.send(&whole);
    assert_eq!(raw(), Ok(whole), "half a gesture is forgotten, and it is still listened to as it is");
    let framing = ScanFraming { prefix: b"\x02".to_vec(), idle_ms: None, ..ScanFraming::default() };
    handle.send(DeviceCommand::Reframe { scanner: id("s"), framing }).unwrap();
    handle.send(DeviceCommand::ScanRaw { scanner: id("s"), on: false }).unwrap();
    until("scans again", || {
        plug.send(format!("\x02{}\r", TestCode::Ean.text()).as_bytes());
        raw().err().map(|bytes| assert_eq!(bytes, EAN.as_bytes()))
    });
}
