//! What devices say, as inputs of the engine. Readings that say nothing new are left out, so that a station at rest
//! does nothing; a scan is never left out.

use super::cures::cure;
use super::photos::{Taken, Wanted};
use super::setup::Work;
use super::{papers, port::Port, trial};
use crate::core::aim::AimId;
use crate::core::ids::GestureId;
use crate::core::message::Message;
use crate::core::scan::{SCAN_BYTES_MAX, Scan};
use crate::core::time::UtcMs;
use crate::core::units::Grams;
use crate::devices::nfc::{TagContent, TagFault};
use crate::devices::scale::{Reading, ScaleVerb};
use crate::devices::scanner::ScanFault;
use crate::devices::{self, AdjustOutcome, DeviceEvent, DeviceStatus, DeviceWarning, Doing, Full, LostReason};
use crate::engine::input::{DeviceNews, PhotoOutcome, PrintNews, ScaleReading, Tap, Tried, VoiceNews};
use crate::engine::view::{DeviceKind, DeviceState, StageView};
use crate::engine::{Clock, Input};
use std::collections::BTreeMap;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// While a weight is asked for, an unchanged reading is told again after this time: before it is too old to count.
const REPEAT_MS: u64 = 400;

/// Turns device events into inputs. Clones share it.
#[derive(Clone)]
pub struct News(Arc<Inside>);

struct Inside {
    port: Port,
    photos: SyncSender<Taken>,
    /// To the thread `setup`.
    setup: SyncSender<Work>,
    /// Of the devices' events.
    device_clock: devices::Clock,
    /// Of the engine.
    clock: Arc<dyn Clock>,
    /// Half of every gesture's identity: this run of the station.
    run: u64,
    /// What each scale said last; as many as the settings name.
    weights: Mutex<BTreeMap<String, Weight>>,
    failed_pages: papers::FailedPages,
}

#[derive(Clone, Copy, Default)]
struct Weight {
    grams: i64,
    stable: bool,
    told_mono_ms: Option<u64>,
}

impl News {
    /// News for an engine. `device_clock` is the one of the supervisor.
    #[must_use]
    pub fn new(
        port: Port,
        photos: SyncSender<Taken>,
        setup: SyncSender<Work>,
        device_clock: devices::Clock,
        clock: Arc<dyn Clock>,
    ) -> News {
        let run = clock.new_id().as_u64_pair().0;
        News(Arc::new(Inside {
            port,
            photos,
            setup,
            device_clock,
            clock,
            run,
            weights: Mutex::default(),
            failed_pages: papers::FailedPages::default(),
        }))
    }

    /// Takes an event. Never blocks.
    ///
    /// # Errors
    /// [`Full`] when the engine is busy: the device tries again or refuses aloud.
    pub fn take(&self, event: DeviceEvent) -> Result<(), Full> {
        let inside = &*self.0;
        match event {
            DeviceEvent::Scan { device, gesture, bytes, symbology, at_ms, mono_ms: _ } => {
                inside.scan(device.as_str(), gesture, bytes, symbology, at_ms)
            }
            DeviceEvent::ScanFault { device, gesture, fault, at_ms, mono_ms: _ } => {
                // As bytes that the engine refuses for the same reason, aloud.
                let bytes = match fault {
                    ScanFault::TooLong { .. } => vec![b'?'; SCAN_BYTES_MAX + 1],
                    ScanFault::Cut { .. } | ScanFault::Unframed { .. } => Vec::new(),
                };
                inside.scan(device.as_str(), gesture, bytes, None, at_ms)
            }
            DeviceEvent::RawScan { device, gesture: _, bytes } => {
                inside.setup.try_send(Work::Came { device, bytes }).map_err(|_| Full)
            }
            DeviceEvent::Tag { device, gesture, uid, content, at_ms, mono_ms: _ } => {
                let bytes = match (content, &uid) {
                    (TagContent::Code(code), _) => code.into_bytes(),
                    (TagContent::Nothing, Some(uid)) => uid.clone().into_bytes(),
                    // As bytes that the engine refuses as unreadable, aloud.
                    (TagContent::Nothing, None) | (TagContent::Broken, _) => Vec::new(),
                };
                let scan = inside.gesture(device.as_str(), gesture, bytes, None, at_ms);
                inside.send(Input::Tag(Tap { scan, number: uid }))
            }
            DeviceEvent::TagWritten { reader, request: _, outcome } => {
                let refused = outcome.err().map(tag_refused);
                inside.send(Input::TagWritten { reader: reader.as_str().to_owned(), refused })
            }
            DeviceEvent::Weight { device, reading } => inside.weight(device.as_str(), reading),
            DeviceEvent::Adjusted { device, verb, outcome } => {
                tracing::info!(%device, ?verb, ?outcome, "the scale was adjusted");
                inside.send(Input::Tried(adjusted(device.as_str(), verb, outcome)))
            }
            DeviceEvent::Status { device, kind, status } => {
                inside.send(Input::Device(news(kind_of(kind), device.as_str(), &status)))
            }
            DeviceEvent::Printed { printer, job, outcome } if trial::is_test(&job) => {
                inside.send(Input::Tried(trial::printed(printer.as_str(), &outcome)))
            }
            DeviceEvent::Printed { printer, job, outcome } => {
                if let Some((job, why)) = papers::why(&job, &outcome) {
                    let news = PrintNews::Failed { printer: printer.to_string(), why };
                    inside.send(Input::PrintNews { job, news })?;
                }
                match inside.failed_pages.printed(&job, &outcome) {
                    Some((job, outcome)) => inside.send(Input::Printed { job, outcome }),
                    None => Ok(()),
                }
            }
            DeviceEvent::Photo { camera, request, outcome } if trial::is_test(&request) => {
                inside.send(Input::Tried(trial::pictured(camera.as_str(), &outcome)))
            }
            DeviceEvent::Heard { device: _, lang, words } => {
                inside.send(Input::Voice(VoiceNews::Heard { lang, words }))
            }
            DeviceEvent::Listening { device: _, on } => inside.send(Input::Voice(VoiceNews::Listening(on))),
            DeviceEvent::Photo { camera, request, outcome } => {
                let Some(wanted) = Wanted::of(&request) else { return Ok(()) };
                let at = UtcMs(inside.clock.wall_ms());
                inside.photo(Taken { camera, wanted, at, outcome })
            }
        }
    }
}

impl Inside {
    fn send(&self, input: Input) -> Result<(), Full> {
        self.port.handle().send(input).map_err(|_| Full)
    }

    fn photo(&self, taken: Taken) -> Result<(), Full> {
        match self.photos.try_send(taken) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(_)) => Err(Full),
            // Nobody finishes photos any more: trying for ever would take the camera away as well.
            Err(TrySendError::Disconnected(_)) => {
                self.send(Input::Photo(PhotoOutcome::Failed(Message::new("refusal-no-photo-detail"))))
            }
        }
    }

    fn scan(
        &self,
        device: &str,
        gesture: u64,
        bytes: Vec<u8>,
        symbology: Option<AimId>,
        at_ms: i64,
    ) -> Result<(), Full> {
        self.send(Input::Scan(self.gesture(device, gesture, bytes, symbology, at_ms)))
    }

    fn gesture(&self, device: &str, no: u64, bytes: Vec<u8>, symbology: Option<AimId>, at_ms: i64) -> Scan {
        Scan { gesture: gesture_id(self.run, no), device: device.to_owned(), bytes, symbology, at: UtcMs(at_ms) }
    }

    /// Whether a weight is asked for now. Elsewhere only changes are told: a station at rest draws nothing.
    fn weighs(&self) -> bool {
        let view = self.port.handle().view();
        view.pack.as_ref().is_some_and(|pack| matches!(pack.stage, StageView::Weigh(_)))
    }

    fn weight(&self, scale: &str, r: Reading) -> Result<(), Full> {
        let mut weights = self.weights.lock().unwrap_or_else(PoisonError::into_inner);
        let last = weights.entry(scale.to_owned()).or_default();
        if r.overload || r.underload {
            // Its state says so, and takes the figure off the screen; whatever comes next is news.
            *last = Weight { stable: false, told_mono_ms: None, ..*last };
            return Ok(());
        }
        // A moving load often has no figure: the last one stands, as one that does not count.
        let new = match r.grams {
            Some(grams) => Weight { grams, stable: r.stable, told_mono_ms: Some(r.at_mono_ms) },
            None => Weight { grams: last.grams, stable: false, told_mono_ms: Some(r.at_mono_ms) },
        };
        let age_ms = last.told_mono_ms.map(|told| r.at_mono_ms.saturating_sub(told));
        let same = (new.grams, new.stable) == (last.grams, last.stable);
        if same && age_ms.is_some_and(|age| age < REPEAT_MS || !self.weighs()) {
            return Ok(());
        }
        let ago_ms = self.device_clock.mono_ms().saturating_sub(r.at_mono_ms);
        let at_mono_ms = i64::try_from(self.clock.mono_ms().saturating_sub(ago_ms)).unwrap_or(i64::MAX);
        let reading = ScaleReading { grams: Grams(new.grams), stable: new.stable, at_mono_ms };
        self.send(Input::Weight { scale: scale.to_owned(), reading })?;
        *last = new;
        Ok(())
    }
}

/// The identity of a gesture: the run of the station and the number within it, in the form of a UUID.
#[must_use]
pub fn gesture_id(run: u64, number: u64) -> GestureId {
    // The two top bits of the second half mark the variant (RFC 9562, 4.1).
    GestureId(Uuid::from_u64_pair(run, (number & (u64::MAX >> 2)) | (1 << 63)))
}

/// The kind on screen.
pub(in crate::cli) fn kind_of(kind: devices::DeviceKind) -> DeviceKind {
    match kind {
        devices::DeviceKind::Scanner => DeviceKind::Scanner,
        devices::DeviceKind::Scale => DeviceKind::Scale,
        devices::DeviceKind::Printer => DeviceKind::Printer,
        devices::DeviceKind::Camera => DeviceKind::Camera,
        devices::DeviceKind::TagReader => DeviceKind::TagReader,
        devices::DeviceKind::Light => DeviceKind::Light,
        devices::DeviceKind::Sound => DeviceKind::Sound,
        devices::DeviceKind::Speech => DeviceKind::Speech,
        devices::DeviceKind::Voice => DeviceKind::Voice,
    }
}

/// What became of "zero" or "tare", for the scale's card.
fn adjusted(name: &str, verb: ScaleVerb, outcome: AdjustOutcome) -> Tried {
    let (good, key) = match outcome {
        AdjustOutcome::Done => match verb {
            ScaleVerb::Zero => (true, "device-adjust-done"),
            ScaleVerb::Tare => (true, "device-adjust-tared"),
        },
        AdjustOutcome::Asked => (true, "device-adjust-asked"),
        AdjustOutcome::Refused => (false, "device-adjust-refused"),
        AdjustOutcome::Unsupported => (false, "device-adjust-unsupported"),
        AdjustOutcome::NoAnswer => (false, "device-adjust-no-answer"),
    };
    Tried { kind: DeviceKind::Scale, name: name.to_owned(), good, said: Message::new(key) }
}

/// A device's state with what is wrong and what to do: one place for the screen and for the doctor.
pub(in crate::cli) fn news(kind: DeviceKind, name: &str, status: &DeviceStatus) -> DeviceNews {
    let (state, detail, code) = match status {
        DeviceStatus::Absent => (DeviceState::Absent, None, Some(LostReason::NotFound.code())),
        DeviceStatus::Opening => (DeviceState::Opening, None, None),
        DeviceStatus::Ready => (DeviceState::Ready, None, None),
        DeviceStatus::Busy { doing: Doing::Printing } => {
            (DeviceState::Busy, Some(Message::new("device-busy-printing")), None)
        }
        DeviceStatus::Busy { doing: Doing::Capturing } => {
            (DeviceState::Busy, Some(Message::new("device-busy-capturing")), None)
        }
        DeviceStatus::Attention { why } => (DeviceState::Attention, Some(warned(why)), Some(why.code())),
        DeviceStatus::Lost { since_ms, reason } => {
            (DeviceState::Lost { since: UtcMs(*since_ms) }, Some(lost(*reason)), Some(reason.code()))
        }
    };
    DeviceNews { kind, name: name.to_owned(), state, detail, cure: code.and_then(cure) }
}

/// What is the matter with a device that is there.
pub(super) fn warned(warning: &DeviceWarning) -> Message {
    Message::new(match warning {
        DeviceWarning::PaperOut => "device-warning-paper-out",
        DeviceWarning::HeadOpen => "device-warning-head-open",
        DeviceWarning::RibbonOut => "device-warning-ribbon-out",
        DeviceWarning::Paused => "device-warning-paused",
        DeviceWarning::BufferFull => "device-warning-buffer-full",
        DeviceWarning::TooCold => "device-warning-too-cold",
        DeviceWarning::TooHot => "device-warning-too-hot",
        DeviceWarning::PrinterSilent => "device-warning-printer-silent",
        DeviceWarning::CoverOpen => "device-warning-cover-open",
        DeviceWarning::PaperJam => "device-warning-paper-jam",
        DeviceWarning::SupplyOut => "device-warning-supply-out",
        DeviceWarning::OutputFull => "device-warning-output-full",
        DeviceWarning::CutterFault => "device-warning-cutter-fault",
        DeviceWarning::HeadFault => "device-warning-head-fault",
        DeviceWarning::PrinterStopped => "device-warning-printer-stopped",
        DeviceWarning::PrinterBusy => "device-warning-printer-busy",
        DeviceWarning::NotAccepting => "device-warning-not-accepting",
        DeviceWarning::PaperLow => "device-warning-paper-low",
        DeviceWarning::SupplyLow => "device-warning-supply-low",
        DeviceWarning::CleanHead => "device-warning-clean-head",
        DeviceWarning::Uncalibrated => "device-warning-uncalibrated",
        DeviceWarning::ScaleSilent { .. } => "device-warning-scale-silent",
        DeviceWarning::ScaleQuiet => "device-warning-scale-quiet",
        DeviceWarning::ScaleOver => "device-warning-scale-over",
        DeviceWarning::ScaleUnder => "device-warning-scale-under",
        DeviceWarning::ScaleBroken => "device-warning-scale-broken",
        DeviceWarning::Garbled => "device-warning-garbled",
        DeviceWarning::ScansRefused { .. } => "device-warning-scans-refused",
        DeviceWarning::PlayerFails => "device-warning-player-fails",
        DeviceWarning::ScaleUncalibrated => "device-warning-scale-uncalibrated",
        DeviceWarning::ScaleNeedsZero => "device-warning-scale-needs-zero",
        DeviceWarning::CameraStill => "device-warning-camera-still",
        DeviceWarning::RecogniserMissing => "device-warning-recogniser-missing",
        DeviceWarning::RecogniserFails => "device-warning-recogniser-fails",
        DeviceWarning::MicrophoneSilent => "device-warning-microphone-silent",
        DeviceWarning::SpeakerFails => "device-warning-speaker-fails",
    })
}

/// Why a device is not there, and what to do.
pub(in crate::cli) fn lost(reason: LostReason) -> Message {
    Message::new(match reason {
        LostReason::NotFound => "device-lost-not-found",
        LostReason::NotPermitted => "device-lost-not-permitted",
        LostReason::Busy => "device-lost-busy",
        LostReason::Disconnected => "device-lost-disconnected",
        LostReason::Refused => "device-lost-refused",
        LostReason::Timeout => "device-lost-timeout",
        LostReason::Silent => "device-lost-silent",
        LostReason::BadAnswer => "device-lost-bad-answer",
        LostReason::Io => "device-lost-io",
        LostReason::DriverFailed => "device-lost-driver-failed",
        LostReason::NoCardService => "device-lost-no-card-service",
    })
}

/// Why a tag was not written, and what to do.
pub(in crate::cli) fn tag_refused(fault: TagFault) -> Message {
    Message::new(match fault {
        TagFault::Gone => "tag-gone",
        TagFault::Busy => "tag-busy",
        TagFault::Reader => "tag-reader",
        TagFault::NotNdef => "tag-not-ndef",
        TagFault::Broken => "tag-broken",
        TagFault::ReadOnly => "tag-read-only",
        TagFault::TooSmall => "tag-too-small",
        TagFault::Refused => "tag-refused",
        TagFault::Differs => "tag-differs",
        TagFault::BadCode => "tag-bad-code",
        TagFault::NoTag => "tag-no-tag",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Catalogue, Lang};

    #[test]
    fn gestures_of_two_runs_never_meet() {
        assert_ne!(gesture_id(1, 7), gesture_id(2, 7));
        assert_ne!(gesture_id(1, 7), gesture_id(1, 8));
        assert_eq!(gesture_id(1, 7).0.get_variant(), uuid::Variant::RFC4122);
    }

    #[test]
    fn every_reason_has_its_words_under_its_own_code() {
        let words = Catalogue::new(Lang::En);
        for reason in LostReason::ALL {
            let key = lost(reason).key;
            assert_eq!(key.strip_prefix("device-lost-"), Some(reason.code()));
            assert!(words.has(key), "{key}");
        }
    }

    #[test]
    fn every_warning_of_a_printer_has_its_words_under_its_own_code() {
        use crate::devices::printer::NotReady as N;
        let stopping = [
            N::PaperOut,
            N::HeadOpen,
            N::RibbonOut,
            N::Paused,
            N::CoverOpen,
            N::PaperJam,
            N::SupplyOut,
            N::OutputFull,
            N::CutterFault,
            N::HeadFault,
            N::TooHot,
            N::Stopped,
            N::Busy,
            N::NotAccepting,
            N::Silent,
        ];
        let looks = [
            DeviceWarning::BufferFull,
            DeviceWarning::TooCold,
            DeviceWarning::PaperLow,
            DeviceWarning::SupplyLow,
            DeviceWarning::CleanHead,
            DeviceWarning::Uncalibrated,
        ];
        for lang in [Lang::En, Lang::Es, Lang::Ms, Lang::Ru] {
            let words = Catalogue::new(lang);
            for warning in stopping.iter().map(|n| n.warning()).chain(looks.iter().cloned()) {
                let key = warned(&warning).key;
                assert_eq!(key.strip_prefix("device-warning-"), Some(warning.code()));
                assert!(words.has(key), "{key}");
            }
        }
        assert!(stopping.iter().all(|n| n.code() == n.warning().code()));
    }
}
