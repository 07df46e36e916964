//! `packbench devices`: NFC readers and tags by hand, with the station's own driver. It must never log a tag's number or code.

use super::super::station::cures::cure;
use super::super::station::news::{lost, tag_refused};
use super::super::{CliError, error};
use super::TagArgs;
use crate::devices::nfc::{self, TagContent, TagReaderConfig};
use crate::devices::{
    DeviceCommand, DeviceConfig, DeviceEvent, DeviceId, DeviceKind, DeviceSpec, DeviceStatus, DevicesConfig, Full,
    LostReason, Supervisor,
};
use crate::i18n::{Catalogue, Lang};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};

/// The reader's name here.
const READER: &str = "nfc";
/// Events that may wait for this thread.
const EVENTS_MAX: usize = 64;
/// Longest wait for the end of a write that has begun.
const WRITE_MS_MAX: u64 = 10_000;

/// The readers that are plugged in.
///
/// # Errors
/// If none can be used, with what to do.
pub(super) fn readers() -> Result<(), CliError> {
    let readers = nfc::readers().map_err(no_reader)?;
    for reader in &readers {
        error::out(&format!("{reader}\n"))?;
    }
    if readers.is_empty() { Err(no_reader(LostReason::NotFound)) } else { Ok(()) }
}

fn words() -> Catalogue {
    Catalogue::new(Lang::En)
}

fn no_reader(reason: LostReason) -> CliError {
    let (words, why) = (words(), lost(reason).key);
    let todo = cure(reason.code()).map_or_else(String::new, |cure| words.render(&cure));
    CliError::plain(format!("no NFC reader can be used: {}", words.text(why)), todo)
}

/// One reader, ready, and what it says.
fn open(tag: &TagArgs) -> Result<(Supervisor, DeviceId, Receiver<DeviceEvent>), CliError> {
    let fault = |e| CliError::room("the reader cannot be used", "", e);
    let id = DeviceId::new(READER).map_err(fault)?;
    let spec = DeviceSpec::TagReader(TagReaderConfig { reader: tag.reader.clone() });
    let config = DevicesConfig::new(vec![DeviceConfig { id: id.clone(), spec }]).map_err(fault)?;
    let (sender, events) = sync_channel(EVENTS_MAX);
    let sink = move |event| sender.try_send(event).map_err(|_| Full);
    let supervisor = Supervisor::start(config, sink).map_err(|e| CliError::room("the reader cannot be used", "", e))?;
    let until = Instant::now() + Duration::from_secs(tag.wait);
    loop {
        match next(&events, until) {
            Some(DeviceEvent::Status { status: DeviceStatus::Ready, .. }) => return Ok((supervisor, id, events)),
            Some(DeviceEvent::Status { status: DeviceStatus::Lost { reason, .. }, .. }) => {
                return Err(no_reader(reason));
            }
            Some(DeviceEvent::Status { status: DeviceStatus::Absent, kind: DeviceKind::TagReader, .. }) | None => {
                return Err(no_reader(LostReason::NotFound));
            }
            Some(_) => {}
        }
    }
}

fn next(events: &Receiver<DeviceEvent>, until: Instant) -> Option<DeviceEvent> {
    events.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
}

pub(super) fn read(tag: &TagArgs) -> Result<(), CliError> {
    let (supervisor, _, events) = open(tag)?;
    eprintln!("hold a tag to the reader; lift one that lies there already");
    let until = Instant::now() + Duration::from_secs(tag.wait);
    loop {
        match next(&events, until) {
            Some(DeviceEvent::Tag { uid, content, .. }) => {
                supervisor.stop();
                return told(uid.as_deref(), &content);
            }
            Some(DeviceEvent::ScanFault { .. }) => eprintln!("nothing was read; hold it longer"),
            Some(DeviceEvent::Status { status: DeviceStatus::Lost { reason, .. }, .. }) => {
                return Err(no_reader(reason));
            }
            Some(_) => {}
            None => return Err(CliError::plain("no tag came", "hold one flat to the middle of the reader")),
        }
    }
}

fn told(uid: Option<&str>, content: &TagContent) -> Result<(), CliError> {
    let code = match content {
        TagContent::Code(code) => code.chars().filter(|c| !c.is_control()).collect(),
        TagContent::Nothing => String::new(),
        TagContent::Broken => {
            return Err(CliError::plain("the tag's content breaks the rules of NDEF", "write it anew"));
        }
    };
    error::out(&format!("code: {code}\nnumber: {}\n", uid.unwrap_or_default()))
}

pub(super) fn write(code: &str, tag: &TagArgs) -> Result<(), CliError> {
    if nfc::ndef::message_of(code).is_err() {
        return Err(CliError::plain("this code cannot be written", words().text("tag-bad-code")));
    }
    let (supervisor, reader, events) = open(tag)?;
    let command = DeviceCommand::WriteTag { reader, request: READER.to_owned(), code: code.to_owned() };
    let sent = supervisor.handle().send(command);
    sent.map_err(|e| CliError::room("the reader takes no command", "", e))?;
    eprintln!("hold the tag to the reader until this ends");
    let until = Instant::now() + Duration::from_secs(tag.wait);
    let outcome = loop {
        match next(&events, until) {
            Some(DeviceEvent::TagWritten { outcome, .. }) => break Some(outcome),
            Some(_) => {}
            None => break None,
        }
    };
    // A tag that came in the last moment is being written now, and is waited for.
    let last = Instant::now() + Duration::from_millis(WRITE_MS_MAX);
    supervisor.stop();
    let late = || loop {
        if let DeviceEvent::TagWritten { outcome, .. } = next(&events, last)? {
            return Some(outcome);
        }
    };
    match outcome.or_else(late) {
        Some(Ok(())) => error::out("written and read back\n"),
        Some(Err(fault)) => Err(CliError::plain("the tag was not written", words().text(tag_refused(fault).key))),
        None => Err(CliError::plain("the tag was not written", words().text("tag-no-tag"))),
    }
}
