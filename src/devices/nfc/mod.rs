//! Readers of NFC tags: found and lost like every device, a tap is one gesture, a code is written on request. Must never judge
//! what a code or a number means, never log either, and never take the same lying tag for a second tap.

pub mod ndef;
mod pcsc;
pub mod tag;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

pub use tag::TagFault;

use self::pcsc::{Service, ServiceFault, Watch};
use self::tag::{CardFault, technology};
use super::bay::Bay;
use super::event::{DeviceCommand, DeviceEvent, LostReason};
use super::mailbox::Taken;
use super::scanner::ScanFault;
use super::supervisor::{Driver, End, Offline};

/// What the code of a tag's own number begins with: bare digits could be taken for a barcode's.
pub const UID_PREFIX: &str = "NFC-";
/// Longest wait for a change at the reader: the delay of a stop and of a wish to write.
const LOOK: Duration = Duration::from_millis(250);
/// While no reader is there, the list is read again after this many looks, should the service have told of none.
const LOOKS_PER_LIST: u32 = 8;
/// A tag at the edge of the field comes and goes: the same one back within this time never left.
const FLICKER: Duration = Duration::from_millis(150);
/// Tries at a reader that another program holds for a moment, and the pause between two.
const BUSY_TRIES: u32 = 8;
const BUSY_PAUSE: Duration = Duration::from_millis(50);
/// A tag that left too early is read again when the reader says after this time that one lies there: it looks only every 400 ms,
/// and misses a tag that was away for less. So often at most, or a tag that never answers would be refused for ever.
const AGAIN: Duration = Duration::from_millis(600);
const AGAIN_MAX: u8 = 3;
/// How long a wish to write waits for a tag.
const WRITE_WAIT: Duration = Duration::from_secs(30);

/// What a tag says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TagContent {
    /// A code: a text, or an address.
    Code(String),
    /// Nothing: it was never written, or is no NDEF tag.
    Nothing,
    /// Something that breaks the rules.
    Broken,
}

/// A reader at the system's card service.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagReaderConfig {
    /// A part of the reader's name as the system calls it; empty takes the first reader.
    pub reader: String,
}

/// The number of a tag as a code that can be somebody's badge; none for numbers that a phone makes up at every tap.
#[must_use]
pub fn uid_code(uid: &[u8]) -> Option<String> {
    // ISO 14443-3: four bytes that begin with 08 are random.
    if uid.is_empty() || (uid.len() == 4 && uid.first() == Some(&0x08)) {
        return None;
    }
    let mut code = UID_PREFIX.to_owned();
    for byte in uid {
        let _ = write!(code, "{byte:02X}");
    }
    Some(code)
}

/// What a tap gave.
struct Read {
    uid: Option<Vec<u8>>,
    content: TagContent,
}

struct Wish {
    request: String,
    code: String,
    until: Instant,
}

/// Where a reader's own session ended.
enum Left {
    Stopped,
    /// It was plugged out: wait for it to come back.
    Unplugged,
    Fault(LostReason),
}

/// Drives one reader.
pub(crate) struct TagReader {
    config: TagReaderConfig,
    wish: Option<Wish>,
    /// The last tag by its number, and when it went.
    last: Option<(Vec<u8>, Instant)>,
    /// When a tag that left too early is looked for once more, and how often it was.
    again: Option<Instant>,
    agains: u8,
}

impl TagReader {
    pub(crate) fn new(config: TagReaderConfig) -> Self {
        Self { config, wish: None, last: None, again: None, agains: 0 }
    }
}

impl Driver for TagReader {
    fn session(&mut self, bay: &mut Bay) -> End {
        let service = match Service::open() {
            Ok(service) => service,
            Err(fault) => return End::Lost(fault.reason()),
        };
        loop {
            let reader = match self.find(bay, &service) {
                Ok(reader) => reader,
                Err(Left::Stopped) => return End::Stopped,
                Err(Left::Unplugged) => continue,
                Err(Left::Fault(reason)) => return End::Lost(reason),
            };
            match self.attend(bay, &service, reader) {
                Left::Stopped => return End::Stopped,
                Left::Unplugged => {
                    self.give_up(bay, TagFault::Reader);
                    bay.lost(LostReason::Disconnected);
                }
                Left::Fault(reason) => {
                    self.give_up(bay, TagFault::Reader);
                    return End::Lost(reason);
                }
            }
        }
    }

    fn offline(&mut self, bay: &mut Bay, command: DeviceCommand) -> Offline {
        refuse(bay, command);
        Offline::KeepWaiting
    }
}

/// A command that nothing can carry out now.
fn refuse(bay: &mut Bay, command: DeviceCommand) {
    if let DeviceCommand::WriteTag { request, .. } = command {
        written(bay, request, Err(TagFault::Reader));
    }
}

fn written(bay: &mut Bay, request: String, outcome: Result<(), TagFault>) {
    if let Err(fault) = outcome {
        tracing::warn!(device = %bay.id(), fault = fault.code(), "a tag was not written");
    }
    let event = DeviceEvent::TagWritten { reader: bay.id().clone(), request, outcome };
    bay.surely(event);
}

impl TagReader {
    /// The reader of the settings, as soon as it is plugged in.
    fn find(&self, bay: &mut Bay, service: &Service) -> Result<Watch, Left> {
        let fault = |fault: ServiceFault| Left::Fault(fault.reason());
        let wanted = self.config.reader.to_lowercase();
        loop {
            let names = service.readers().map_err(fault)?;
            let name = names.iter().find(|name| name.to_lowercase().contains(&wanted));
            if let Some(watch) = name.and_then(|name| Watch::reader(name)) {
                return Ok(watch);
            }
            // Here and not by ending the session: whoever plugs the reader in waits for no pause.
            bay.lost(LostReason::NotFound);
            let mut plugging = [Watch::plugging()];
            for _ in 0..LOOKS_PER_LIST {
                match bay.wait_command(Duration::ZERO) {
                    Taken::Closed => return Err(Left::Stopped),
                    Taken::Item(command) => refuse(bay, command),
                    Taken::Timeout => {}
                }
                if service.wait(&mut plugging, LOOK).map_err(fault)? {
                    break;
                }
            }
        }
    }

    /// Watches one reader until it goes. A tag that lies there already was tapped before, or by nobody.
    fn attend(&mut self, bay: &mut Bay, service: &Service, reader: Watch) -> Left {
        let mut watch = [reader];
        if let Err(fault) = service.wait(&mut watch, Duration::ZERO) {
            return Left::Fault(fault.reason());
        }
        let (mut lies, mut count) = (watch[0].has_tag(), watch[0].count());
        watch[0].take_note();
        bay.ready();
        loop {
            if !self.hear(bay) {
                return Left::Stopped;
            }
            if self.wish.as_ref().is_some_and(|wish| wish.until <= Instant::now()) {
                self.give_up(bay, TagFault::NoTag);
            }
            if lies && self.wish.is_some() {
                self.fulfil(bay, service, &watch[0]);
            }
            if lies && self.again.is_some_and(|at| at <= Instant::now()) {
                self.agains += 1;
                if let Err(reason) = self.tap(bay, service, &watch[0]) {
                    return Left::Fault(reason);
                }
            }
            match service.wait(&mut watch, LOOK) {
                Ok(false) => continue,
                Ok(true) if watch[0].is_gone() => return Left::Unplugged,
                Ok(true) => {}
                Err(ServiceFault::NoReader) => return Left::Unplugged,
                Err(fault) => return Left::Fault(fault.reason()),
            }
            let came = watch[0].has_tag() && (!lies || watch[0].count() != count);
            let went = lies && (!watch[0].has_tag() || watch[0].count() != count);
            (lies, count) = (watch[0].has_tag(), watch[0].count());
            watch[0].take_note();
            if went {
                (self.again, self.agains) = (None, 0);
                if let Some((_, gone)) = self.last.as_mut() {
                    *gone = Instant::now();
                }
            }
            if came {
                // A wish that came while the wait was on is older than the tag.
                if !self.hear(bay) {
                    return Left::Stopped;
                }
                let done = if self.wish.is_some() {
                    self.fulfil(bay, service, &watch[0]);
                    Ok(())
                } else {
                    self.tap(bay, service, &watch[0])
                };
                if let Err(reason) = done {
                    return Left::Fault(reason);
                }
            }
        }
    }

    /// Takes the wishes that wait; `false` when the station stops.
    fn hear(&mut self, bay: &mut Bay) -> bool {
        loop {
            match bay.wait_command(Duration::ZERO) {
                Taken::Closed => return false,
                Taken::Timeout => return true,
                Taken::Item(DeviceCommand::WriteTag { request, code, .. }) => {
                    // The newer wish is what the person wants now.
                    self.give_up(bay, TagFault::NoTag);
                    self.wish = Some(Wish { request, code, until: Instant::now() + WRITE_WAIT });
                }
                Taken::Item(_) => {}
            }
        }
    }

    fn give_up(&mut self, bay: &mut Bay, fault: TagFault) {
        if let Some(wish) = self.wish.take() {
            written(bay, wish.request, Err(fault));
        }
    }

    /// Writes what was asked for onto the tag that lies there.
    fn fulfil(&mut self, bay: &mut Bay, service: &Service, watch: &Watch) {
        let Some(wish) = self.wish.take() else { return };
        let begun = connect(bay, service, watch).and_then(|mut card| {
            let uid = tag::uid(&mut card)?;
            Ok((card, uid))
        });
        let outcome = match begun {
            // The reader has not noticed yet that it was lifted: nothing was begun, so the wish waits for the next tag.
            Err(TagFault::Gone) => {
                self.wish = Some(wish);
                return;
            }
            Err(fault) => Err(fault),
            Ok((mut card, uid)) => {
                self.last = uid.map(|uid| (uid, Instant::now()));
                tag::write(&mut card, technology(watch.atr()), &wish.code)
            }
        };
        written(bay, wish.request, outcome);
    }

    /// Reads the tag that came and hands the gesture over.
    fn tap(&mut self, bay: &mut Bay, service: &Service, watch: &Watch) -> Result<(), LostReason> {
        let read = if watch.is_mute() { Err(TagFault::Broken) } else { self.read(bay, service, watch) };
        let left = matches!(read, Err(TagFault::Gone)) && self.agains < AGAIN_MAX;
        self.again = left.then(|| Instant::now() + AGAIN);
        let gesture = bay.next_gesture();
        let (now, device) = (bay.clock().now(), bay.id().clone());
        // Nothing is dropped silently: a tap that gave nothing is refused aloud, whatever becomes of the reader.
        let lost = match read {
            Ok(None) => return Ok(()),
            Ok(Some(Read { uid, content })) => {
                let uid = uid.and_then(|uid| uid_code(&uid));
                if uid.is_some() || content != TagContent::Nothing {
                    let event =
                        DeviceEvent::Tag { device, gesture, uid, content, at_ms: now.at_ms, mono_ms: now.mono_ms };
                    bay.gesture(gesture, event);
                    return Ok(());
                }
                Ok(())
            }
            Err(TagFault::Busy) => Err(LostReason::Busy),
            Err(TagFault::Reader) => Err(LostReason::Disconnected),
            Err(
                TagFault::Gone
                | TagFault::NotNdef
                | TagFault::Broken
                | TagFault::ReadOnly
                | TagFault::TooSmall
                | TagFault::Refused
                | TagFault::Differs
                | TagFault::BadCode
                | TagFault::NoTag,
            ) => Ok(()),
        };
        let fault = ScanFault::Cut { bytes: 0 };
        tracing::warn!(device = %device, fault = fault.code(), "a tag gave nothing usable");
        bay.gesture(gesture, DeviceEvent::ScanFault { device, gesture, fault, at_ms: now.at_ms, mono_ms: now.mono_ms });
        lost
    }

    /// None where the tag never left.
    fn read(&mut self, bay: &mut Bay, service: &Service, watch: &Watch) -> Result<Option<Read>, TagFault> {
        let mut card = connect(bay, service, watch)?;
        let uid = tag::uid(&mut card)?;
        let same = match (&uid, &self.last) {
            (Some(uid), Some((last, gone))) => uid == last && gone.elapsed() < FLICKER,
            (Some(_) | None, Some(_) | None) => false,
        };
        self.last = uid.clone().map(|uid| (uid, Instant::now()));
        if same {
            return Ok(None);
        }
        let content = match tag::read(&mut card, technology(watch.atr())) {
            Ok(Some(code)) => TagContent::Code(code),
            Ok(None) => TagContent::Nothing,
            Err(TagFault::Broken | TagFault::Refused) => TagContent::Broken,
            Err(fault) => return Err(fault),
        };
        Ok(Some(Read { uid, content }))
    }
}

/// Connects; a program that looks at the tag for a moment is waited for.
fn connect(bay: &mut Bay, service: &Service, watch: &Watch) -> Result<pcsc::Connection, TagFault> {
    for _ in 0..BUSY_TRIES {
        match service.connect(watch) {
            Ok(card) => return Ok(card),
            Err(ServiceFault::Busy) if bay.rest(BUSY_PAUSE) => {}
            Err(ServiceFault::Busy) => break,
            Err(ServiceFault::NoCard | ServiceFault::Other(_)) => return Err(CardFault::Gone.into()),
            Err(
                ServiceFault::NoLibrary | ServiceFault::NoService | ServiceFault::NotPermitted | ServiceFault::NoReader,
            ) => return Err(CardFault::Reader.into()),
        }
    }
    Err(CardFault::Busy.into())
}

/// The readers that are plugged in now, by the names the system gives them.
///
/// # Errors
/// Why the card service does not answer.
pub fn readers() -> Result<Vec<String>, LostReason> {
    Service::open().and_then(|service| service.readers()).map_err(ServiceFault::reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_code_unless_it_is_random() {
        assert_eq!(uid_code(&[0x04, 0xa1, 0x0f, 0x42, 0x10, 0x20, 0x30]).as_deref(), Some("NFC-04A10F42102030"));
        assert_eq!(uid_code(&[0x04, 0x11, 0x22, 0x33]).as_deref(), Some("NFC-04112233"));
        assert_eq!(uid_code(&[0x08, 0x11, 0x22, 0x33]), None, "a phone makes a new one at every tap");
        assert_eq!(uid_code(&[]), None);
    }
}
