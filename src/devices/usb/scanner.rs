//! A scanner in HID POS mode: a thin loop around the interrupt endpoint and the assembler. Must never interpret a code.

use std::time::{Duration, Instant};

use super::choose::{UsbUse, UsbWanted};
use super::hub::{Claimed, Part, Seat, UsbHub};
use super::pos::{Assembler, Gesture};
use super::transfer::{self, Stop, Way};
use super::{LOOK_MS, hush, open, read_bytes};
use crate::devices::bay::Bay;
use crate::devices::event::{DeviceCommand, DeviceEvent, LostReason};
use crate::devices::mailbox::Taken;
use crate::devices::supervisor::{Driver, End, Offline};

/// Longest wait in one read: the delay of a stop.
const READ_WAIT: Duration = Duration::from_millis(500);
/// The reports of one code follow each other at once; after this silence the rest will not come.
const INSIDE_WAIT: Duration = Duration::from_millis(500);
/// Pause after an empty read, so that a device that only sends empty ones takes no time.
const EMPTY_PAUSE: Duration = Duration::from_millis(5);
/// Stalls in a row after which the device is opened anew.
const STALLS_MAX: u32 = 3;
/// Longest code in bytes.
pub const CODE_BYTES_MAX: usize = 512;

/// Reads one scanner.
pub(crate) struct UsbScanner {
    seat: Seat,
}

impl UsbScanner {
    pub(crate) fn new(hub: &UsbHub, wanted: UsbWanted) -> Self {
        Self { seat: hub.seat(UsbUse::Scanner, wanted) }
    }
}

impl Driver for UsbScanner {
    fn session(&mut self, bay: &mut Bay) -> End {
        let claimed = match open(&self.seat, bay) {
            Ok(claimed) => claimed,
            Err(reason) => return End::Lost(reason),
        };
        let Part::Hid(_, ends, layout) = claimed.part.clone() else { return End::Lost(LostReason::BadAnswer) };
        let Some((endpoint, packet)) = ends.interrupt_in else { return End::Lost(LostReason::BadAnswer) };
        hush(&claimed, ends.interface);
        tracing::info!(device = %bay.id(), unit = %claimed.name, "a USB scanner is in use");
        bay.ready();
        let buf = vec![0u8; read_bytes(&layout, packet)];
        let mut reader =
            Reading { claimed, endpoint, buf, stalls: 0, assembler: Assembler::new(layout, CODE_BYTES_MAX) };
        let end = reader.run(bay);
        // Half a code is a fault, never a shorter code.
        if let Some(gesture) = reader.assembler.cut() {
            deliver(bay, gesture);
        }
        end
    }

    fn offline(&mut self, _bay: &mut Bay, _command: DeviceCommand) -> Offline {
        // No command is addressed to a scanner; the handle refuses them.
        Offline::KeepWaiting
    }

    fn pause_ms_max(&self) -> Option<u64> {
        Some(LOOK_MS)
    }
}

/// One session.
struct Reading {
    claimed: Claimed,
    endpoint: u8,
    buf: Vec<u8>,
    stalls: u32,
    assembler: Assembler,
}

impl Reading {
    fn run(&mut self, bay: &mut Bay) -> End {
        let mut heard = Instant::now();
        loop {
            match bay.wait_command(Duration::ZERO) {
                Taken::Closed => return End::Stopped,
                Taken::Timeout | Taken::Item(_) => {}
            }
            let moved = transfer::read(&self.claimed.handle, Way::Interrupt, self.endpoint, &mut self.buf, READ_WAIT);
            if moved.bytes > 0 {
                heard = Instant::now();
                self.stalls = 0;
                let report = self.buf.get(..moved.bytes).unwrap_or_default();
                if let Some(gesture) = self.assembler.push(report) {
                    deliver(bay, gesture);
                }
            }
            match moved.stop {
                None if moved.bytes > 0 => {}
                None => {
                    bay.rest(EMPTY_PAUSE);
                }
                Some(Stop::Time) => {
                    if self.assembler.begun()
                        && heard.elapsed() >= INSIDE_WAIT
                        && let Some(gesture) = self.assembler.cut()
                    {
                        deliver(bay, gesture);
                    }
                }
                Some(Stop::Stall) => {
                    self.stalls += 1;
                    if self.stalls > STALLS_MAX || self.claimed.handle.clear_halt(self.endpoint).is_err() {
                        return End::Lost(LostReason::Io);
                    }
                }
                Some(Stop::Lost(reason)) => return End::Lost(reason),
            }
        }
    }
}

fn deliver(bay: &mut Bay, gesture: Gesture) {
    let now = bay.clock().now();
    let (device, id) = (bay.id().clone(), bay.next_gesture());
    let event = match gesture {
        Gesture::Code { symbology, bytes } => {
            DeviceEvent::Scan { device, gesture: id, bytes, symbology, at_ms: now.at_ms, mono_ms: now.mono_ms }
        }
        Gesture::Fault(fault) => {
            tracing::warn!(device = %device, fault = fault.code(), "a gesture gave no usable code");
            DeviceEvent::ScanFault { device, gesture: id, fault, at_ms: now.at_ms, mono_ms: now.mono_ms }
        }
    };
    bay.gesture(id, event);
}
