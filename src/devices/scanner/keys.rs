//! A scanner that the system knows as a keyboard, read by its own file and held for this program alone, so that no other window
//! gets its keys and two scanners are told apart. A thin loop around the key table and the framer; Linux alone. Must never read
//! a keyboard that people type on: which file is the scanner's is a setting.

use std::path::PathBuf;

use super::framing::{Frame, Framer};
use super::keyboard::{KeyLayout, Keyboard, Stroke};
use super::raw::RawGesture;
use crate::devices::bay::Bay;
use crate::devices::config::{KeyScannerConfig, ScanFraming};
use crate::devices::event::DeviceCommand;
use crate::devices::supervisor::{Driver, End, Offline};

/// Reads one scanner.
pub(crate) struct KeyScanner {
    path: PathBuf,
    layout: KeyLayout,
    framing: ScanFraming,
    /// It is being set up: what is typed is told as it is. This stands through a loss of the device.
    raw: Option<RawGesture>,
    /// There was nothing at its path at the last try.
    #[cfg(target_os = "linux")]
    missing: bool,
}

impl KeyScanner {
    pub(crate) fn new(config: KeyScannerConfig) -> Self {
        Self {
            path: config.path,
            layout: config.layout,
            framing: config.framing,
            raw: None,
            #[cfg(target_os = "linux")]
            missing: false,
        }
    }
}

/// What the system says of the keyboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Happened {
    /// A stroke of a key, by the kernel's number.
    Key(u16, Stroke),
    /// Its queue ran over: strokes are missing.
    Lost,
}

/// Strokes in, frames out.
struct Reader {
    keyboard: Keyboard,
    framer: Framer,
    typed: Vec<u8>,
}

impl Reader {
    fn new(layout: KeyLayout, framing: ScanFraming) -> Self {
        Self { keyboard: Keyboard::new(layout), framer: Framer::new(framing), typed: Vec::new() }
    }

    fn take(&mut self, happened: Happened, mono_ms: u64, raw: Option<&mut RawGesture>, frames: &mut Vec<Frame>) {
        match happened {
            Happened::Key(key, stroke) => {
                self.keyboard.stroke(key, stroke, &mut self.typed);
                match raw {
                    Some(raw) if !self.typed.is_empty() => raw.push(&self.typed, mono_ms),
                    None if !self.typed.is_empty() => self.framer.push(&self.typed, mono_ms, frames),
                    Some(_) | None => {}
                }
                self.typed.clear();
            }
            Happened::Lost => {
                self.keyboard.forget();
                match raw {
                    Some(raw) => raw.forget(),
                    None => frames.push(self.framer.lost(mono_ms)),
                }
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl Driver for KeyScanner {
    fn session(&mut self, _bay: &mut Bay) -> End {
        tracing::warn!(path = %self.path.display(), "keyboards are read by their files on Linux alone");
        End::Lost(crate::devices::event::LostReason::NotFound)
    }

    fn offline(&mut self, _bay: &mut Bay, _command: DeviceCommand) -> Offline {
        Offline::KeepWaiting
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::time::Duration;

    use evdev::raw_stream::RawDevice;
    use evdev::{EventSummary, InputEvent, SynchronizationCode};
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::super::{deliver_framed, deliver_raw, reads_anew};
    use super::{
        Bay, DeviceCommand, Driver, End, Frame, Framer, Happened, KeyScanner, Offline, RawGesture, Reader, Stroke,
    };
    use crate::devices::access;
    use crate::devices::event::LostReason;
    use crate::devices::mailbox::Taken;

    /// Longest wait in one read: the delay of a stop.
    const READ_WAIT: Duration = Duration::from_millis(100);
    /// While a code has begun, silence is measured this finely.
    const READ_WAIT_INSIDE: Duration = Duration::from_millis(10);

    impl Driver for KeyScanner {
        fn session(&mut self, bay: &mut Bay) -> End {
            // Looked up anew each time, as the path may be a pattern.
            let found = access::resolve(&self.path);
            self.missing = found.is_none();
            let Some(found) = found else { return End::Lost(LostReason::NotFound) };
            let mut device = match RawDevice::open(found) {
                Ok(device) => device,
                Err(error) => return End::Lost(LostReason::from_io(error.kind())),
            };
            // Not held, its keys would reach the window as well, and every code would count twice.
            if let Err(error) = device.grab() {
                return End::Lost(LostReason::from_io(error.kind()));
            }
            bay.ready();
            let mut reader = Reader::new(self.layout, self.framing.clone());
            let mut frames = Vec::new();
            let mut wait = READ_WAIT;
            loop {
                match bay.wait_command(Duration::ZERO) {
                    Taken::Closed => return End::Stopped,
                    Taken::Timeout => {}
                    // A keyboard takes no verdicts.
                    Taken::Item(command) => {
                        if let Some(begun) = reads_anew(&command, &mut self.framing, &mut self.raw) {
                            reader.framer = Framer::new(self.framing.clone());
                            frames.extend(reader.framer.begun_before(&begun, bay.clock().mono_ms()));
                        }
                    }
                }
                let end = match read(&mut device, wait) {
                    Ok(events) if events.is_empty() => {
                        match self.raw.as_mut() {
                            None => frames.extend(reader.framer.silent(bay.clock().mono_ms())),
                            Some(raw) => {
                                raw.silent(bay.clock().mono_ms()).into_iter().for_each(|bytes| deliver_raw(bay, bytes))
                            }
                        }
                        None
                    }
                    Ok(events) => {
                        let now = bay.clock().mono_ms();
                        for happened in events.into_iter().filter_map(meaning) {
                            reader.take(happened, now, self.raw.as_mut(), &mut frames);
                        }
                        None
                    }
                    Err(_) => {
                        self.raw.iter_mut().for_each(RawGesture::forget);
                        frames.extend(reader.framer.cut());
                        Some(End::Lost(LostReason::Disconnected))
                    }
                };
                wait = if reader.framer.begun() { READ_WAIT_INSIDE } else { READ_WAIT };
                self.hand_over(bay, &mut frames);
                if let Some(end) = end {
                    return end;
                }
            }
        }

        fn offline(&mut self, _bay: &mut Bay, command: DeviceCommand) -> Offline {
            reads_anew(&command, &mut self.framing, &mut self.raw);
            Offline::KeepWaiting
        }

        fn returned(&self) -> bool {
            self.missing && access::resolve(&self.path).is_some()
        }
    }

    impl KeyScanner {
        fn hand_over(&self, bay: &mut Bay, frames: &mut Vec<Frame>) {
            for frame in frames.drain(..) {
                let gesture = bay.next_gesture();
                deliver_framed(bay, gesture, frame, &self.framing);
            }
        }
    }

    /// The events that are there, after waiting for the first of them.
    fn read(device: &mut RawDevice, wait: Duration) -> io::Result<Vec<InputEvent>> {
        let timeout = Timespec { tv_sec: 0, tv_nsec: i64::from(wait.subsec_nanos()) };
        match poll(&mut [PollFd::new(device, PollFlags::IN)], Some(&timeout)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => Ok(Vec::new()),
            Ok(_) => Ok(device.fetch_events()?.collect()),
            Err(error) => Err(error.into()),
        }
    }

    /// What an event says; nothing for marks between groups, repeat rates and lights.
    fn meaning(event: InputEvent) -> Option<Happened> {
        match event.destructure() {
            EventSummary::Key(_, key, value) => {
                let stroke = match value {
                    0 => Stroke::Released,
                    1 => Stroke::Pressed,
                    _ => Stroke::Repeated,
                };
                Some(Happened::Key(key.0, stroke))
            }
            EventSummary::Synchronization(_, SynchronizationCode::SYN_DROPPED, _) => Some(Happened::Lost),
            _ => None,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use crate::devices::config::{KeyScannerConfig, ScanFraming};
        use crate::devices::scanner::keyboard::KeyLayout;
        use crate::devices::scanner::{ScanFault, framing};

        /// A scan as the kernel tells it: for each key the scan code, the key and the mark that ends the group.
        fn recorded(keys: &[(u16, i32)]) -> Vec<InputEvent> {
            let (syn, key, misc) = (0u16, 1u16, 4u16);
            let group = |(code, value): &(u16, i32)| {
                [
                    InputEvent::new(misc, 4, 0x7_0000 + i32::from(*code)),
                    InputEvent::new(key, *code, *value),
                    InputEvent::new(syn, 0, 0),
                ]
            };
            keys.iter().flat_map(group).collect()
        }

        fn frames(events: Vec<InputEvent>) -> Vec<framing::Frame> {
            let mut reader = Reader::new(KeyLayout::Us, ScanFraming::default());
            let mut frames = Vec::new();
            for happened in events.into_iter().filter_map(meaning) {
                reader.take(happened, 0, None, &mut frames);
            }
            frames
        }

        /// `]C1`, `10A`, Ctrl+], `21B`, Enter.
        const CODE: &[(u16, i32)] = &[
            (27, 1),
            (27, 0),
            (42, 1),
            (46, 1),
            (46, 0),
            (42, 0),
            (2, 1),
            (2, 0),
            (2, 1),
            (2, 0),
            (11, 1),
            (11, 0),
            (42, 1),
            (30, 1),
            (30, 0),
            (42, 0),
            (29, 1),
            (27, 1),
            (27, 0),
            (29, 0),
            (3, 1),
            (3, 0),
            (2, 1),
            (2, 0),
            (42, 1),
            (48, 1),
            (48, 0),
            (42, 0),
            (28, 1),
            (28, 0),
        ];

        #[test]
        fn a_scanner_that_was_not_there_is_seen_as_soon_as_it_is() {
            let folder = tempfile::tempdir().unwrap();
            let config = KeyScannerConfig {
                path: folder.path().join("usb-ACME_Scanner_*-event-kbd"),
                layout: KeyLayout::Us,
                framing: ScanFraming::default(),
            };
            let mut scanner = KeyScanner::new(config);
            assert!(!scanner.returned(), "not tried yet");
            scanner.missing = true;
            assert!(!scanner.returned());
            std::fs::write(folder.path().join("usb-ACME_Scanner_S2-event-kbd"), b"").unwrap();
            assert!(scanner.returned(), "another one of its model");
        }

        #[test]
        fn a_recorded_scan_is_one_code() {
            let whole = Frame::Whole(b"]C110A\x1d21B".to_vec());
            let twice: Vec<_> = CODE.iter().chain(CODE).copied().collect();
            assert_eq!(frames(recorded(&twice)), [whole.clone(), whole.clone()]);
            assert_eq!(frames(recorded(CODE)), [whole]);
        }

        #[test]
        fn strokes_that_the_system_lost_make_a_fault_and_the_next_code_counts() {
            for cut in (3..CODE.len()).filter(|at| CODE[..*at].len() < CODE.len() - 2) {
                let mut events = recorded(&CODE[..cut]);
                events.push(InputEvent::new(0, 3, 0));
                events.extend(recorded(&CODE[cut + 1..]));
                events.extend(recorded(CODE));
                let frames = frames(events);
                assert!(
                    matches!(frames.as_slice(), [Frame::Fault(ScanFault::Cut { .. }), Frame::Whole(code)] if code == b"]C110A\x1d21B"),
                    "cut at {cut}: {frames:?}"
                );
            }
        }
    }
}
