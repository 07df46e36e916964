//! Tags held to a reader: a tag is a badge by its own number, or a scan of what is written on it. Must never show the number: it
//! opens doors like a badge's code.

use super::input::Tap;
use super::view::{DeviceKind, Sheet};
use super::{Effect, Engine, EngineError, feedback, resolve};
use crate::core::message::Message;
use crate::core::scan::{SCAN_BYTES_MAX, Scan};
use crate::core::signal::{Signal, SoundName};

impl Engine {
    /// The number goes first: a badge may carry somebody else's text, such as a shop's address.
    pub(super) fn on_tap(&mut self, tap: Tap) -> Result<(), EngineError> {
        let badge = match &tap.number {
            Some(number) => resolve::badge(self.conn.as_mut(), number)?.map(|_| number.clone()),
            None => None,
        };
        let at = self.now();
        self.with_device(DeviceKind::TagReader, &tap.scan.device, |d| {
            d.last_seen = Some(at);
            d.last_value = Some(Message::new("device-last-tag"));
        });
        match badge {
            Some(number) => self.scanned(&Scan { bytes: number.into_bytes(), ..tap.scan }),
            None => self.scanned(&tap.scan),
        }
    }

    /// A scan while somebody wants to write a tag says what is to be written; nothing else happens by it.
    pub(super) fn tag_code(&mut self, scan: &Scan) {
        let text = String::from_utf8_lossy(&scan.bytes).trim().to_owned();
        let fits = !text.is_empty() && scan.bytes.len() <= SCAN_BYTES_MAX && !text.chars().any(char::is_control);
        if !fits {
            self.refuse_plain(
                Message::new("device-tag-not-written"),
                Some(Message::new("tag-bad-code")),
                SoundName::Stop,
            );
            return;
        }
        if let Some(Sheet::WriteTag { code, waiting, .. }) = self.desk.sheet.as_mut() {
            (*code, *waiting) = (Some(text), false);
            self.out.push(Effect::Sound(SoundName::Ok));
        }
    }

    /// The reader is to write; the sheet says to hold the tag there.
    pub(super) fn write_tag(&mut self, reader: String, code: String) {
        self.desk.feedback = None;
        self.desk.sheet = Some(Sheet::WriteTag { reader: reader.clone(), code: Some(code.clone()), waiting: true });
        self.out.push(Effect::WriteTag { reader, code });
    }

    /// A tag was written at the device check, or was not.
    pub(super) fn on_tag_written(&mut self, reader: &str, refused: Option<Message>) {
        let at = self.now();
        let value = refused.clone().unwrap_or_else(|| Message::new("device-tag-written"));
        self.with_device(DeviceKind::TagReader, reader, |d| {
            d.last_seen = Some(at);
            d.last_value = Some(value);
        });
        // Written: back to the devices. Not written: the code stays, for another try.
        if let Some(Sheet::WriteTag { waiting, .. }) = self.desk.sheet.as_mut() {
            *waiting = false;
            if refused.is_none() {
                self.desk.sheet = Some(Sheet::Devices);
            }
        }
        match refused {
            Some(why) => self.refuse_plain(Message::new("device-tag-not-written"), Some(why), SoundName::Stop),
            None => {
                let title = Message::new("device-tag-written");
                self.say(feedback::plain(Signal::Ok, SoundName::LineFull, title, None, at));
            }
        }
    }
}
