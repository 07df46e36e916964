//! The USB part of the device check: what is plugged in, what it is for, and what hinders its use. It opens what it may open and gives
//! it back at once; a running station keeps what it holds.

use super::{Findings, Mark};
use crate::devices::LostReason;
use crate::devices::usb::{UsbHub, UsbListed, UsbUse};

/// Where the rules are put.
const RULES: &str = "as root: `packbench devices rules > /etc/udev/rules.d/60-packbench.rules`, then `udevadm control --reload`, \
                     and plug it in again";

pub(super) fn check(found: &mut Findings) {
    found.part("USB devices");
    match UsbHub::default().list() {
        Ok(listed) if listed.is_empty() => {
            found.add(Mark::None, "no scanner in HID POS mode, no HID scale and no USB printer is plugged in", "");
        }
        Ok(listed) => listed.iter().for_each(|device| one(found, device)),
        Err(_) => found.add(Mark::None, "this machine has no USB ports that can be looked at", ""),
    }
}

fn one(found: &mut Findings, device: &UsbListed) {
    let what = match device.used_for {
        Some(UsbUse::Scanner) => "scanner",
        Some(UsbUse::Scale) => "scale",
        Some(UsbUse::Printer) => "printer",
        None => "HID device",
    };
    let product = if device.product.is_empty() { String::new() } else { format!(" ({})", device.product) };
    let line = format!("{what} {}{product}", device.name);
    let Some(hindrance) = device.hindrance else { return found.good(line) };
    match hindrance {
        LostReason::NotPermitted => {
            found.broken(format!("{line}: this user has no right to open {}", device.node.display()), RULES);
        }
        LostReason::Busy => found.add(
            Mark::Look,
            format!("{line}: a running station or another program holds it"),
            "if no station runs, end the other program",
        ),
        LostReason::NotFound
        | LostReason::Disconnected
        | LostReason::Refused
        | LostReason::Timeout
        | LostReason::Silent
        | LostReason::BadAnswer
        | LostReason::Io
        | LostReason::DriverFailed
        | LostReason::NoCardService => {
            found.broken(
                format!("{line}: {}", hindrance.code()),
                "plug it in again, with another cable or at another port",
            );
        }
    }
}
