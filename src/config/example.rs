//! The example settings file, written from the table of settings.

use std::fmt::Write as _;

use super::key::{Key, Kind};
use super::keys::KEYS;

/// Kinds of device by section, with the name the example gives to one of each.
const DEVICES: &[(&str, &[(&str, &str)])] = &[
    ("station.scanners", &[("hand", "wedge"), ("bench", "serial"), ("left", "evdev"), ("belt", "usb")]),
    ("station.scales", &[("bench", "serial"), ("post", "usb")]),
    (
        "station.printers",
        &[("labels", "tcp"), ("parcels", "usb"), ("office", "ipp"), ("slips", "receipt"), ("files", "folder")],
    ),
    ("station.cameras", &[("bench", "v4l2"), ("top", "snapshot"), ("side", "mjpeg"), ("folder", "folder")]),
    ("station.tag_readers", &[("nfc", "pcsc")]),
    ("station.lights", &[("tower", "serial")]),
];

/// The text of an example file: every setting with its meaning, all of them commented out with a bare `#`, so
/// that the file changes nothing until a line is chosen.
#[must_use]
pub fn example() -> String {
    let mut out = String::from(
        "# Settings of Packbench. Take the # away from a line to use it.\n\
         # Flags go before environment variables, those before this file. The variable of station.theme is\n\
         # PACKBENCH_STATION_THEME; of station.printers.labels.host it is PACKBENCH_STATION_PRINTERS__LABELS__HOST.\n",
    );
    for room in ["station", "central"] {
        let _ = write!(out, "\n[{room}]\n");
        for key in KEYS.iter().filter(|k| k.path.starts_with(room) && !k.path.contains('*')) {
            let name = key.path.rsplit('.').next().unwrap_or(key.path);
            line(&mut out, key, name, sample(key));
        }
        for (section, devices) in DEVICES.iter().filter(|(section, _)| section.starts_with(room)) {
            for (name, kind) in *devices {
                device(&mut out, section, name, kind);
            }
        }
    }
    out
}

fn device(out: &mut String, section: &str, name: &str, kind: &str) {
    let _ = write!(out, "\n#[{section}.{name}]\n");
    let prefix = format!("{section}.*.");
    for key in KEYS.iter().filter(|k| k.only.is_empty() || k.only.contains(&kind)) {
        let Some(last) = key.path.strip_prefix(&prefix) else { continue };
        line(out, key, last, if last == "kind" { kind } else { sample(key) });
    }
}

fn line(out: &mut String, key: &Key, name: &str, value: &str) {
    let _ = writeln!(out, "# {}{}", key.doc, bounds(key.kind));
    let _ = if value.is_empty() {
        writeln!(out, "# {name} = \"…\"")
    } else {
        writeln!(out, "#{name} = {}", toml_value(key.kind, value))
    };
}

fn sample(key: &Key) -> &'static str {
    if key.default.is_empty() { key.sample } else { key.default }
}

fn bounds(kind: Kind) -> String {
    match kind {
        Kind::Whole(min, max) => format!(" {min} to {max}."),
        Kind::Choice(words) => format!(" One of: {}.", words.join(", ")),
        Kind::Words(words) => format!(" Of: {}.", words.join(", ")),
        Kind::Bytes => " Text with \\r, \\n, \\t and \\xHH.".to_owned(),
        Kind::Text
        | Kind::Path
        | Kind::Flag
        | Kind::Url(_)
        | Kind::Socket
        | Kind::Networks
        | Kind::Zone
        | Kind::Secret => String::new(),
    }
}

fn toml_value(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Whole(..) | Kind::Flag => value.to_owned(),
        Kind::Choice(_) if value.bytes().all(|b| b.is_ascii_digit()) => value.to_owned(),
        // In single quotation marks TOML leaves backslashes alone.
        Kind::Bytes => format!("'{value}'"),
        Kind::Text
        | Kind::Path
        | Kind::Choice(_)
        | Kind::Words(_)
        | Kind::Url(_)
        | Kind::Socket
        | Kind::Networks
        | Kind::Zone
        | Kind::Secret => {
            format!("\"{value}\"")
        }
    }
}
