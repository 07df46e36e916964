//! From a report of a HID POS scanner to the published view: descriptor, assembler, driver, channel and engine. The bus itself is not in
//! it, for there is none on most machines; `usb_speed` measures with one, in the machine of tests/lib/usb_machine.sh.

use super::{Measured, Way, counted, device, ready};
use crate::hid_kit;
use crate::station_kit::world;
use packbench::devices::usb::VirtualHid;
use packbench::devices::{DeviceSpec, DevicesConfig};
use std::time::Instant;

/// One code after the other.
pub fn measure(codes: u32) -> Measured {
    let scanner = VirtualHid::new(&[hid_kit::POS, hid_kit::TRIGGER].concat()).expect("a scanner");
    let devices = DevicesConfig::new(vec![device("hand", DeviceSpec::VirtualHid(scanner.clone()))]).expect("a device");
    let way = Way::to(ready(codes + 1), devices);
    let report = hid_kit::pos_report("]E0", world::ean13(world::MUG).as_bytes(), false);
    let measured = counted(&way.engine, codes, || {
        let begun = Instant::now();
        scanner.report(&report).expect("room");
        begun
    });
    way.end();
    measured
}
