//! Which cameras are at this computer, and which of them a section of the settings means: read from the system's own list, without
//! opening any of them. Must never open a device: a camera that is opened may light up.

use std::fs;
use std::path::{Path, PathBuf};

use crate::devices::access;

/// Entries of the system's list that are looked at.
const LISTED_MAX: usize = 64;

/// A file of a camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// `/dev/video0`; the number is whatever was free.
    pub path: PathBuf,
    /// Its name, as its maker wrote it.
    pub name: String,
    /// Where it is plugged in: a USB port such as `1-2`, or the name of the device that carries it.
    pub bus: String,
    /// Its serial number, where it has one.
    pub serial: Option<String>,
    number: u32,
    /// Its place among the files of the same camera: pictures come from the first, notes about them from the others.
    index: u32,
}

impl Found {
    /// Whether it is the same camera, perhaps under another number.
    fn is_same(&self, other: &Found) -> bool {
        let known = self.serial.is_some() || other.serial.is_some();
        let place = if known { self.serial == other.serial } else { self.bus == other.bus };
        self.name == other.name && self.index == other.index && place
    }
}

/// All cameras' files of this computer, by number.
#[must_use]
pub fn list() -> Vec<Found> {
    list_in(Path::new("/sys/class/video4linux"), Path::new("/dev"))
}

fn list_in(class: &Path, dev: &Path) -> Vec<Found> {
    let entries = fs::read_dir(class).into_iter().flatten().flatten().take(LISTED_MAX);
    let mut found: Vec<Found> = entries.filter_map(|entry| one(&entry.path(), dev)).collect();
    found.sort_by_key(|found| found.number);
    found
}

fn one(entry: &Path, dev: &Path) -> Option<Found> {
    let file = entry.file_name()?.to_str()?;
    let number = file.strip_prefix("video")?.parse().ok()?;
    let text = |path: PathBuf| fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
    let carrier = fs::canonicalize(entry.join("device")).ok();
    let last = |path: &Path| path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
    // A USB camera's files hang at one of its interfaces, `1-2:1.0`; the device is the folder above.
    let interface = carrier.as_deref().map(last).unwrap_or_default();
    let device = if interface.contains(':') { carrier.as_deref().and_then(Path::parent) } else { carrier.as_deref() };
    Some(Found {
        path: dev.join(file),
        name: text(entry.join("name")).unwrap_or_default(),
        bus: device.map(last).unwrap_or_default(),
        serial: device.and_then(|device| text(device.join("serial"))).filter(|serial| !serial.is_empty()),
        number,
        index: text(entry.join("index")).and_then(|index| index.parse().ok()).unwrap_or(0),
    })
}

/// Whether a text is what a pattern says: `*` stands for anything, capital and small letters are the same.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|head| text.strip_prefix(head)) else { return false };
    let Some(tail) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(tail)
}

/// The files that a section means, the best first: the camera it had, then those with pictures by number.
#[must_use]
pub fn choose(wanted: &str, last: Option<&Found>, listed: Vec<Found>) -> Vec<Found> {
    let file = wanted.starts_with('/').then(|| access::resolve(Path::new(wanted))).flatten();
    let real = file.and_then(|file| fs::canonicalize(file).ok());
    let means = |found: &Found| {
        if wanted.starts_with('/') {
            return real.as_ref() == Some(&found.path);
        }
        let serial = found.serial.as_deref().unwrap_or_default();
        [found.name.as_str(), &found.bus, serial].iter().any(|text| !text.is_empty() && fits(wanted, text))
    };
    let mut chosen: Vec<Found> = listed.into_iter().filter(means).collect();
    let had = |found: &Found| last.is_some_and(|last| last.is_same(found));
    chosen.sort_by_key(|found| (!had(found), found.index, found.number));
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(number: u32, name: &str, bus: &str, serial: Option<&str>, index: u32) -> Found {
        Found {
            path: format!("/dev/video{number}").into(),
            name: name.into(),
            bus: bus.into(),
            serial: serial.map(str::to_owned),
            number,
            index,
        }
    }

    fn paths(chosen: &[Found]) -> Vec<u32> {
        chosen.iter().map(|found| found.number).collect()
    }

    #[test]
    fn the_systems_list_is_read_without_opening_anything() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path);
        for folder in ["usb1/1-2/1-2:1.0", "platform/vivid.0", "class/video10", "class/video2", "class/vbi0"] {
            fs::create_dir_all(at(folder)).unwrap();
        }
        let text = |path: &str, text: &str| fs::write(at(path), format!("{text}\n")).unwrap();
        text("usb1/1-2/serial", "C0FFEE");
        text("class/video10/name", "HD Pro Webcam C920");
        text("class/video10/index", "0");
        text("class/video2/name", "vivid-000-vid-cap");
        std::os::unix::fs::symlink(at("usb1/1-2/1-2:1.0"), at("class/video10/device")).unwrap();
        std::os::unix::fs::symlink(at("platform/vivid.0"), at("class/video2/device")).unwrap();
        let list = list_in(&at("class"), Path::new("/dev"));
        let wanted = [
            found(2, "vivid-000-vid-cap", "vivid.0", None, 0),
            found(10, "HD Pro Webcam C920", "1-2", Some("C0FFEE"), 0),
        ];
        assert_eq!(list, wanted);
        assert!(list_in(&at("nothing"), Path::new("/dev")).is_empty());
    }

    #[test]
    fn cameras_are_chosen_by_name_number_port_or_anything() {
        let all = || {
            vec![
                found(0, "HD Pro Webcam C920", "1-2", Some("AAA"), 0),
                found(1, "HD Pro Webcam C920", "1-2", Some("AAA"), 1),
                found(2, "HD Pro Webcam C920", "1-3", Some("BBB"), 0),
                found(3, "Laptop Camera", "1-8", None, 0),
            ]
        };
        let by = |wanted| paths(&choose(wanted, None, all()));
        assert_eq!(by("*"), [0, 2, 3, 1], "files of pictures before those of notes");
        assert_eq!(by("hd pro*"), [0, 2, 1]);
        assert_eq!(by("BBB"), [2]);
        assert_eq!(by("1-8"), [3]);
        assert_eq!(by("*web*c9*"), [0, 2, 1]);
        assert!(by("HD Pro").is_empty(), "a whole name, or a star");
        assert!(by("/nowhere/video0").is_empty());
        // It was the second one, and came back under another number.
        let last = found(2, "HD Pro Webcam C920", "1-3", Some("BBB"), 0);
        let moved = vec![all().remove(0), found(7, "HD Pro Webcam C920", "1-1", Some("BBB"), 0)];
        assert_eq!(paths(&choose("*", Some(&last), moved)), [7, 0]);
        assert!(fits("a*a", "aba") && !fits("a*a", "a") && fits("", "") && !fits("", "x") && fits("**", "x"));
    }
}
