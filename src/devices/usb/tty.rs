//! Serial ports named by the USB device behind them: `usb:05e0:1701`, or `usb:05e0:1701:SERIAL` where there are two of a kind. The
//! same unit is found at whatever port it is plugged in, under whatever number the system gives it. Must never open a port.

use std::path::{Path, PathBuf};

use crate::core::usb_id::id_of;
use crate::devices::event::LostReason;

/// How such a name begins.
const SCHEME: &str = "usb:";
/// Where Linux lists serial ports.
const TTYS: &str = "/sys/class/tty";
/// Folders between a serial port and its USB device, at most.
const DEPTH_MAX: usize = 4;

/// The path of a serial port: itself, or the present path of the USB device that it names.
///
/// # Errors
/// [`LostReason::NotFound`] while no such device is plugged in.
pub fn resolve(path: &Path) -> Result<PathBuf, LostReason> {
    let Some(name) = path.to_str().and_then(|text| text.strip_prefix(SCHEME)) else {
        return Ok(path.to_path_buf());
    };
    find(Path::new(TTYS), name).map(|tty| Path::new("/dev").join(tty)).ok_or(LostReason::NotFound)
}

/// Whether a text is a good name of this form; any other path is.
#[must_use]
pub fn well_formed(path: &str) -> bool {
    path.strip_prefix(SCHEME).is_none_or(|name| wanted(name).is_some())
}

fn wanted(name: &str) -> Option<((u16, u16), Option<&str>)> {
    let (id, rest) = name.split_at_checked(9)?;
    let serial = match rest.strip_prefix(':') {
        Some(serial) if !serial.is_empty() => Some(serial),
        None if rest.is_empty() => None,
        Some(_) | None => return None,
    };
    Some((id_of(id)?, serial))
}

fn find(ttys: &Path, name: &str) -> Option<String> {
    let (id, serial) = wanted(name)?;
    let mut fitting: Vec<String> = std::fs::read_dir(ttys)
        .ok()?
        .filter_map(Result::ok)
        .filter(|tty| {
            let Ok(start) = tty.path().join("device").canonicalize() else { return false };
            // A port is a part of an interface, and that is a part of the device.
            start.ancestors().take(DEPTH_MAX).find_map(about).is_some_and(|(found, its_serial)| {
                found == id && serial.is_none_or(|serial| its_serial.as_deref() == Some(serial))
            })
        })
        .filter_map(|tty| tty.file_name().into_string().ok())
        .collect();
    fitting.sort();
    fitting.into_iter().next()
}

fn about(folder: &Path) -> Option<((u16, u16), Option<String>)> {
    let text = |what: &str| std::fs::read_to_string(folder.join(what)).ok().map(|text| text.trim().to_owned());
    let id = id_of(&format!("{}:{}", text("idVendor")?, text("idProduct")?))?;
    Some((id, text("serial")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn plugged(root: &Path, tty: &str, port: &str, id: (&str, &str), serial: &str) {
        let device = root.join("devices").join(port);
        let interface = device.join(format!("{port}:1.0"));
        fs::create_dir_all(&interface).unwrap();
        fs::write(device.join("idVendor"), format!("{}\n", id.0)).unwrap();
        fs::write(device.join("idProduct"), format!("{}\n", id.1)).unwrap();
        fs::write(device.join("serial"), format!("{serial}\n")).unwrap();
        let entry = root.join("class").join(tty);
        fs::create_dir_all(&entry).unwrap();
        std::os::unix::fs::symlink(&interface, entry.join("device")).unwrap();
    }

    #[test]
    fn a_unit_is_found_wherever_it_is_plugged_in() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("class/console")).unwrap();
        plugged(root.path(), "ttyACM0", "1-2", ("05e0", "1701"), "B");
        plugged(root.path(), "ttyACM1", "1-1", ("05e0", "1701"), "A");
        plugged(root.path(), "ttyUSB0", "1-3", ("0403", "6001"), "A");
        let found = |name: &str| find(&root.path().join("class"), name);
        assert_eq!(found("05e0:1701:A").as_deref(), Some("ttyACM1"));
        assert_eq!(found("05e0:1701:B").as_deref(), Some("ttyACM0"));
        assert_eq!(found("05e0:1701").as_deref(), Some("ttyACM0"));
        assert_eq!(found("0403:6001").as_deref(), Some("ttyUSB0"));
        assert_eq!(found("05e0:1701:C"), None);
        assert_eq!(found("05e0:9999"), None);
    }

    #[test]
    fn other_paths_stay_what_they_are() {
        let path = Path::new("/dev/serial/by-id/usb-scanner");
        assert_eq!(resolve(path).as_deref(), Ok(path));
        assert_eq!(resolve(Path::new("usb:ffff:ffff:none")), Err(LostReason::NotFound));
        for good in ["/dev/ttyS0", "usb:05e0:1701", "usb:05e0:1701:a:b"] {
            assert!(well_formed(good), "{good}");
        }
        for bad in ["usb:", "usb:05e0", "usb:05e0:170", "usb:05e0:1701:", "usb:05e0:1701x", "usb:ä5e0:1701"] {
            assert!(!well_formed(bad), "{bad}");
        }
    }
}
