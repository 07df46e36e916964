//! USB devices without a driver of the system: scanners in HID POS mode, HID scales, printers of the printer class; found by
//! themselves by what they are, told apart by serial number. Descriptors and reports are read by pure parsers; libusb is behind
//! two thin files. Must never take a device for what it does not say of itself, and never use libusb's global context.

pub mod choose;
pub mod descriptor;
mod hub;
pub mod port_status;
pub mod pos;
pub(crate) mod printer;
pub(crate) mod scale;
pub(crate) mod scanner;
mod transfer;
pub mod tty;
pub mod weighing;

pub use choose::{UsbName, UsbUse, UsbWanted};
pub(crate) use hub::Seat;
pub use hub::{UsbHub, UsbListed};

use std::time::Duration;

use super::bay::Bay;
use super::event::LostReason;
use descriptor::{Layout, ReportKind};
use hub::Claimed;

/// A lost USB device is looked for this often, in milliseconds; looking is reading a list that libusb keeps by itself.
pub(crate) const LOOK_MS: u64 = 500;
/// A device that has just been plugged in gets its rights from the system a moment after it appears.
const RIGHTS_WAIT: Duration = Duration::from_millis(400);
/// Longest wait for the answer to a request.
const CONTROL_WAIT: Duration = Duration::from_millis(500);

/// Opens a place's unit; rights that are still on their way are waited for once.
fn open(seat: &Seat, bay: &mut Bay) -> Result<Claimed, LostReason> {
    match seat.open() {
        Err(LostReason::NotPermitted) if bay.rest(RIGHTS_WAIT) => seat.open(),
        other => other,
    }
}

/// Tells a HID device to speak only when it has something new: some repeat their last report otherwise, which would be a second
/// scan. Devices that do not know the request behave so anyway.
fn hush(claimed: &Claimed, interface: u8) {
    if let Err(error) = claimed.handle.write_control(0x21, 0x0a, 0, u16::from(interface), &[], CONTROL_WAIT) {
        tracing::debug!(%error, "the HID device does not take SET_IDLE");
    }
}

/// Bytes that one read must have room for: the longest report in whole packets.
fn read_bytes(layout: &Layout, packet: u16) -> usize {
    let id = usize::from(layout.numbered);
    let reports = layout.fields.iter().filter(|f| f.kind == ReportKind::Input).map(|f| f.report_id);
    let longest = reports.map(|report| layout.payload_bytes(ReportKind::Input, report) + id).max().unwrap_or(0);
    let packet = usize::from(packet).max(8);
    longest.div_ceil(packet).max(1) * packet
}
