//! Settings of scanners and scales: bytes, languages, and what does not go together.

use std::path::{Path, PathBuf};

use packbench::cli::station::devices::plan;
use packbench::config::{self, Base, Problems, Raw, ScaleModel, ScaleUnit, ScannerPort, StationSettings};

fn station(text: &str) -> Result<StationSettings, Problems> {
    let raw = Raw::from_toml(Path::new("settings.toml"), text).unwrap();
    config::station(&raw, &Base { data_home: PathBuf::from("/home/pack/.local/share") })
}

fn problems(text: &str) -> Vec<String> {
    station(text).unwrap_err().0.iter().map(ToString::to_string).collect()
}

const SCANNER: &str = "[station.scanners.bench]\nkind = \"serial\"\nport = \"/dev/ttyACM0\"\n";
const SCALE: &str = "[station.scales.floor]\nkind = \"serial\"\nport = \"/dev/ttyUSB0\"\n";

#[test]
fn bytes_are_written_as_text() {
    let s = station(&format!(
        "{SCANNER}prefix = '\\x02'\nsuffix = \"#\"\nterminator = \"\\u0003\"\ngs = '<GS>'\ngood = '\\x1B[6q\\r'\nbad = '\\x07'\n"
    ))
    .unwrap();
    let ScannerPort::Serial { frame, good, bad, .. } = &s.scanners[0].port else { panic!("{s:?}") };
    assert_eq!((frame.prefix.as_slice(), frame.suffix.as_slice()), (&b"\x02"[..], &b"#"[..]));
    assert_eq!((frame.terminators.as_slice(), frame.gs.as_slice()), (&b"\x03"[..], &b"<GS>"[..]));
    assert_eq!((good.as_slice(), bad.as_slice()), (&b"\x1b[6q\r"[..], &b"\x07"[..]));
    plan(&s).unwrap();
    assert_eq!(
        problems(&format!("{SCANNER}prefix = '\\q'\nsuffix = 'x\\r'\n")),
        [
            "settings.toml:4: station.scanners.bench.prefix: \\q is no escape; write \\r, \\n, \\t, \\\\ or \\xHH with two hexadecimal digits",
            "settings.toml:5: station.scanners.bench.suffix: this holds a byte that ends a code; take it out here or from terminator",
        ]
    );
}

#[test]
fn a_keyboard_file_has_a_layout_and_no_speed() {
    let of = "[station.scanners.left]\nkind = \"evdev\"\ndevice = \"/dev/input/by-id/usb-scanner-event-kbd\"\n";
    let s = station(&format!("{of}layout = \"de\"\n")).unwrap();
    let ScannerPort::Evdev { path, layout, frame } = &s.scanners[0].port else { panic!("{s:?}") };
    assert_eq!((path.as_path(), layout.as_str()), (Path::new("/dev/input/by-id/usb-scanner-event-kbd"), "de"));
    assert_eq!(frame.idle_ms, 100);
    plan(&s).unwrap();
    let wrong = problems(&format!("{of}baud = 9600\n"));
    assert!(wrong[0].contains("kind \"evdev\" has no use for this"), "{wrong:?}");
    let wrong = problems("[station.scanners.left]\nkind = \"evdev\"\n");
    assert!(wrong[0].contains("station.scanners.left.device: this is needed"), "{wrong:?}");
}

#[test]
fn every_language_of_a_scale_can_be_named() {
    for (word, model) in [
        ("mt-sics", ScaleModel::MtSics),
        ("toledo-8217", ScaleModel::Toledo8217),
        ("nci", ScaleModel::Nci { h1_inverted: false }),
        ("adam", ScaleModel::Adam),
        ("find-out", ScaleModel::FindOut),
    ] {
        let s = station(&format!("{SCALE}model = \"{word}\"\n")).unwrap();
        assert_eq!((&s.scales[0].model, s.scales[0].unit, s.scales[0].line), (&model, ScaleUnit::Kilogram, None));
        plan(&s).unwrap();
    }
    let s = station(&format!("{SCALE}model = \"nci\"\nh1_inverted = true\nunit = \"lb\"\n")).unwrap();
    assert_eq!((&s.scales[0].model, s.scales[0].unit), (&ScaleModel::Nci { h1_inverted: true }, ScaleUnit::Pound));
}

#[test]
fn a_scale_is_described_by_a_pattern_that_makes_sense() {
    let of = format!("{SCALE}model = \"pattern\"\n");
    let s = station(&format!(
        "{of}pattern = '(?<weight>[0-9.]+) *(?<unit>kg)(?<stable>)'\nask = 'P\\r\\n'\nzero = 'Z\\r\\n'\nline_end = '\\n'\n"
    ))
    .unwrap();
    let ScaleModel::Pattern(pattern) = &s.scales[0].model else { panic!("{s:?}") };
    assert_eq!((pattern.ask.as_slice(), pattern.zero.as_slice()), (&b"P\r\n"[..], &b"Z\r\n"[..]));
    assert_eq!((pattern.tare.as_slice(), pattern.line_end.as_slice()), (&b""[..], &b"\n"[..]));
    plan(&s).unwrap();
    let s = station(&format!("{of}pattern = '(?<weight>[0-9.]+)'\n")).unwrap();
    let told = plan(&s).unwrap_err();
    let why = std::error::Error::source(&told).unwrap().to_string();
    assert!(told.to_string().contains("station.scales.floor.pattern") && why.contains("stable"), "{told}: {why}");
    assert!(problems(&of)[0].contains("station.scales.floor.pattern: this is needed"));
    let wrong = problems(&format!("{SCALE}model = \"adam\"\nask = 'W'\nh1_inverted = true\n"));
    assert_eq!(
        wrong,
        [
            "settings.toml:5: station.scales.floor.ask: model \"adam\" has no use for this; it belongs to \"pattern\"",
            "settings.toml:6: station.scales.floor.h1_inverted: model \"adam\" has no use for this; it belongs to \"nci\"",
        ]
    );
}
