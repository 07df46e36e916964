//! USB devices without a driver of the system: scanners in HID POS mode, HID scales, printers of the printer class; found by
//! themselves by what they are, told apart by serial number. Descriptors and reports are read by pure parsers; libusb is behind
//! two thin files. Must never take a device for what it does not say of itself, and never use libusb's global context.

pub mod bell;
pub(crate) mod bulk;
pub mod choose;
pub mod descriptor;
mod hub;
mod pipe;
pub mod port_status;
pub mod pos;
pub(crate) mod printer;
pub(crate) mod scale;
pub(crate) mod scanner;
mod transfer;
pub mod tty;
pub mod virtual_hid;
pub mod weighing;

pub use choose::{UsbName, UsbUse, UsbWanted};
pub(crate) use hub::Seat;
pub use hub::{UsbHub, UsbListed};
pub use virtual_hid::VirtualHid;

use std::time::Duration;

use super::supervisor::Driver;
use pipe::Socket;
use virtual_hid::Role;

/// A lost USB device is looked for this often, in milliseconds; looking is reading a list that libusb keeps by itself.
pub(crate) const LOOK_MS: u64 = 500;
/// Longest wait for the answer to a request.
const CONTROL_WAIT: Duration = Duration::from_millis(500);

/// The driver of a unit that a program moves: the very one that it would have at a USB port.
pub(crate) fn driver_of(unit: VirtualHid) -> Box<dyn Driver> {
    match unit.role() {
        Role::Scanner => Box::new(scanner::UsbScanner::at(Socket::Virtual(unit))),
        Role::Scale => Box::new(scale::UsbScale::at(Socket::Virtual(unit))),
    }
}
