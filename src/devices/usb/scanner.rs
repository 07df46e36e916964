//! A scanner in HID POS mode: a thin loop around the pipe and the assembler, which also tells it what became of its code. Must never
//! interpret a code, and never keep one waiting for the scanner's own beep.

use std::time::{Duration, Instant};

use super::LOOK_MS;
use super::bell::Bell;
use super::choose::{UsbUse, UsbWanted};
use super::hub::UsbHub;
use super::pipe::{Pipe, Socket};
use super::pos::{Assembler, Gesture};
use crate::devices::bay::Bay;
use crate::devices::event::DeviceCommand;
use crate::devices::mailbox::Taken;
use crate::devices::scanner;
use crate::devices::supervisor::{Driver, End, Offline};

/// Longest wait in one read: the delay of a stop.
const READ_WAIT: Duration = Duration::from_millis(500);
/// The reports of one code follow each other at once; after this silence the rest will not come.
const INSIDE_WAIT: Duration = Duration::from_millis(500);
/// While a verdict is awaited, it is passed on this soon.
const READ_WAIT_VERDICT: Duration = Duration::from_millis(10);
/// A verdict that comes later than this is passed on with the usual delay.
const VERDICT_WAIT: Duration = Duration::from_millis(1_000);
/// Longest wait for the scanner to take the report for its beep. Codes read meanwhile wait in the scanner.
const BELL_WAIT: Duration = Duration::from_millis(50);
/// After so many beeps in a row that it did not take, it is asked for none until it is opened anew.
const BELL_FAILURES_MAX: u32 = 3;
/// Longest code in bytes.
pub const CODE_BYTES_MAX: usize = 512;

/// Reads one scanner.
pub(crate) struct UsbScanner {
    socket: Socket,
}

impl UsbScanner {
    pub(crate) fn new(hub: &UsbHub, wanted: UsbWanted) -> Self {
        Self::at(Socket::Port(hub.seat(UsbUse::Scanner, wanted)))
    }

    pub(crate) fn at(socket: Socket) -> Self {
        Self { socket }
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
        let bell = Bell::of(&layout);
        let mut reader = Reading {
            pipe,
            bell,
            failures: 0,
            awaited: 0,
            until: Instant::now(),
            assembler: Assembler::new(layout, CODE_BYTES_MAX),
        };
        let end = reader.run(bay);
        // Half a code is a fault, never a shorter code.
        if let Some(gesture) = reader.assembler.cut() {
            deliver(bay, gesture);
        }
        end
    }

    fn offline(&mut self, _bay: &mut Bay, _command: DeviceCommand) -> Offline {
        // A verdict for a scanner that is gone: nobody would hear it.
        Offline::KeepWaiting
    }

    fn pause_ms_max(&self) -> Option<u64> {
        Some(LOOK_MS)
    }
}

/// One session.
struct Reading {
    pipe: Pipe,
    bell: Bell,
    failures: u32,
    /// Codes handed over whose verdict has not come yet, and when to stop waiting for it.
    awaited: usize,
    until: Instant,
    assembler: Assembler,
}

impl Reading {
    fn run(&mut self, bay: &mut Bay) -> End {
        let mut heard = Instant::now();
        loop {
            if !self.pass_on(bay) {
                return End::Stopped;
            }
            let wait = self.wait();
            let gesture = match self.pipe.read(bay, wait) {
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
                self.awaited = self.awaited.saturating_add(1);
                self.until = Instant::now() + VERDICT_WAIT;
            }
        }
    }

    /// How long the next read may take: while a verdict is on its way, no longer than it may wait here.
    fn wait(&mut self) -> Duration {
        if self.awaited == 0 || self.bell.is_mute() {
            return READ_WAIT;
        }
        if Instant::now() < self.until {
            return READ_WAIT_VERDICT;
        }
        self.awaited = 0;
        READ_WAIT
    }

    /// Passes on what the station says of the codes; `false` when it stops. Of several verdicts that wait the newest is heard: the
    /// packer has read on meanwhile, and beeps that lag behind the hand mislead it.
    fn pass_on(&mut self, bay: &mut Bay) -> bool {
        let mut newest = None;
        loop {
            match bay.wait_command(Duration::ZERO) {
                Taken::Closed => return false,
                Taken::Timeout => break,
                Taken::Item(command) => {
                    self.awaited = self.awaited.saturating_sub(1);
                    newest = command.verdict().or(newest);
                }
            }
        }
        if let Some(good) = newest {
            self.ring(bay, good);
        }
        true
    }

    fn ring(&mut self, bay: &Bay, good: bool) {
        let Some(ring) = self.bell.ring(good) else { return };
        match self.pipe.send(ring.kind, ring.id, &ring.payload, BELL_WAIT) {
            Ok(()) => self.failures = 0,
            Err(why) => {
                self.failures += 1;
                tracing::debug!(device = %bay.id(), ?why, "the scanner did not take the report for its beep");
                if self.failures >= BELL_FAILURES_MAX {
                    tracing::info!(device = %bay.id(), "the scanner takes no beeps; it is asked for none any more");
                    self.bell = Bell::default();
                }
            }
        }
    }
}

fn deliver(bay: &mut Bay, gesture: Gesture) {
    let id = bay.next_gesture();
    let read = match gesture {
        Gesture::Code { symbology, bytes } => Ok((symbology, bytes)),
        Gesture::Fault(fault) => Err(fault),
    };
    scanner::deliver_read(bay, id, read);
}
