//! A scanner in HID POS mode: a thin loop around the pipe and the assembler. Must never interpret a code.

use std::time::{Duration, Instant};

use super::LOOK_MS;
use super::choose::{UsbUse, UsbWanted};
use super::hub::UsbHub;
use super::pipe::{Pipe, Socket};
use super::pos::{Assembler, Gesture};
use crate::devices::bay::Bay;
use crate::devices::event::{DeviceCommand, DeviceEvent};
use crate::devices::mailbox::Taken;
use crate::devices::supervisor::{Driver, End, Offline};

/// Longest wait in one read: the delay of a stop.
const READ_WAIT: Duration = Duration::from_millis(500);
/// The reports of one code follow each other at once; after this silence the rest will not come.
const INSIDE_WAIT: Duration = Duration::from_millis(500);
/// Longest code in bytes.
pub const CODE_BYTES_MAX: usize = 512;

/// Reads one scanner.
pub(crate) struct UsbScanner {
    socket: Socket,
}

impl UsbScanner {
    pub(crate) fn new(hub: &UsbHub, wanted: UsbWanted) -> Self {
        Self { socket: Socket::Port(hub.seat(UsbUse::Scanner, wanted)) }
    }
}

impl Driver for UsbScanner {
    fn session(&mut self, bay: &mut Bay) -> End {
        let (mut pipe, layout) = match self.socket.open(bay) {
            Ok(open) => open,
            Err(reason) => return End::Lost(reason),
        };
        pipe.hush();
        tracing::info!(device = %bay.id(), unit = pipe.name(), "a USB scanner is in use");
        bay.ready();
        let mut reader = Reading { pipe, assembler: Assembler::new(layout, CODE_BYTES_MAX) };
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
    pipe: Pipe,
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
            let gesture = match self.pipe.read(bay, READ_WAIT) {
                Ok(Some(report)) => {
                    heard = Instant::now();
                    self.assembler.push(report)
                }
                Ok(None) if self.assembler.begun() && heard.elapsed() >= INSIDE_WAIT => self.assembler.cut(),
                Ok(None) => None,
                Err(reason) => return End::Lost(reason),
            };
            if let Some(gesture) = gesture {
                deliver(bay, gesture);
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
