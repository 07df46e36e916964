//! The closed words between devices and the station: events out, commands in, statuses and reasons. Must never hold a text
//! for people: each reason has a `code()` which the message catalogue maps.

use std::sync::Arc;

use super::camera::{Photo, PhotoFailure};
use super::config::{DeviceId, ScanFraming};
use super::light::LightState;
use super::nfc::{TagContent, TagFault};
use super::printer::{PrintFormat, PrintOutcome};
use super::scale::{Reading, ScaleVerb};
use super::scanner::{AimId, ScanFault};
use super::sound::SoundName;
use crate::core::voice::VoiceLang;

/// What a device is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeviceKind {
    /// Reads barcodes.
    Scanner,
    /// Weighs parcels.
    Scale,
    /// Prints labels and documents.
    Printer,
    /// Takes photos of parcels.
    Camera,
    /// Plays the signals of the station.
    Sound,
    /// Speaks prompts.
    Speech,
    /// Listens for commands.
    Voice,
    /// Reads and writes NFC tags.
    TagReader,
    /// Shows the signals of the station.
    Light,
}

/// Where a device stands. Only its supervisor changes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceStatus {
    /// Configured, but never seen since the start.
    Absent,
    /// The first contact is being made.
    Opening,
    /// Works: by its own word where it has one (a scale answers, a printer tells its state), else because it is open.
    Ready,
    /// Works at something that takes a moment.
    Busy {
        /// At what.
        doing: Doing,
    },
    /// Connected, but a person should look.
    Attention {
        /// What is the matter.
        why: DeviceWarning,
    },
    /// Was or should be there and is not; it is tried again with a growing pause.
    Lost {
        /// UTC milliseconds of the first failure of this outage.
        since_ms: i64,
        /// Why, as far as it is known.
        reason: LostReason,
    },
}

/// What a busy device does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doing {
    /// Prints a job.
    Printing,
    /// Takes a photo.
    Capturing,
}

impl Doing {
    /// A stable word for catalogues and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Printing => "printing",
            Self::Capturing => "capturing",
        }
    }
}

/// Something about a connected device that a person should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceWarning {
    /// The printer has no paper.
    PaperOut,
    /// The printer's head or lid is open.
    HeadOpen,
    /// The printer's ribbon is used up.
    RibbonOut,
    /// The printer was paused at its own panel.
    Paused,
    /// The printer's receive buffer is full.
    BufferFull,
    /// The print head is too cold to print.
    TooCold,
    /// The print head is too hot to print.
    TooHot,
    /// The printer takes the connection and says nothing.
    PrinterSilent,
    /// A cover or door of the printer is open.
    CoverOpen,
    /// Paper is jammed in the printer.
    PaperJam,
    /// Ink or toner is used up.
    SupplyOut,
    /// The printer's output tray is full.
    OutputFull,
    /// The printer's cutter is stuck.
    CutterFault,
    /// The print head is damaged or not recognised.
    HeadFault,
    /// The printer stopped for a reason of its own.
    PrinterStopped,
    /// The printer works for somebody else and takes nothing more now.
    PrinterBusy,
    /// The printer was told to take no jobs.
    NotAccepting,
    /// Paper or labels run low.
    PaperLow,
    /// Ink, toner or ribbon runs low.
    SupplyLow,
    /// The print head wants to be cleaned.
    CleanHead,
    /// The printer does not know where its labels begin.
    Uncalibrated,
    /// The scale has not answered for a while; its last weight no longer counts.
    ScaleSilent {
        /// Milliseconds since the last understood answer.
        silent_ms: u64,
    },
    /// The scale says nothing, as it does while its weight stays the same: whether it still answers cannot be told.
    ScaleQuiet,
    /// The load is above the scale's range.
    ScaleOver,
    /// The load is below the scale's range.
    ScaleUnder,
    /// The scale reports a defect of its own.
    ScaleBroken,
    /// The device talks, but not the configured protocol (wrong speed or model).
    Garbled,
    /// Scans arrived faster than the station could take them and were refused.
    ScansRefused {
        /// Scans refused since the start.
        count: u64,
    },
    /// The sound player ends with an error: nothing is heard.
    PlayerFails,
    /// The scale must be calibrated before it weighs.
    ScaleUncalibrated,
    /// The scale must be set to zero before it weighs.
    ScaleNeedsZero,
    /// The camera is open and gives no picture; the last one no longer counts.
    CameraStill,
    /// The speech recogniser or its acoustic model is not installed.
    RecogniserMissing,
    /// The speech recogniser is there and does not start.
    RecogniserFails,
    /// The microphone gives silence without the least noise: it is muted, or none is plugged in.
    MicrophoneSilent,
    /// The speech program ends with an error: nothing is spoken.
    SpeakerFails,
}

impl DeviceWarning {
    /// Every kind of them, with counts of nothing.
    pub const ALL: [Self; 36] = [
        Self::PaperOut,
        Self::HeadOpen,
        Self::RibbonOut,
        Self::Paused,
        Self::BufferFull,
        Self::TooCold,
        Self::TooHot,
        Self::PrinterSilent,
        Self::CoverOpen,
        Self::PaperJam,
        Self::SupplyOut,
        Self::OutputFull,
        Self::CutterFault,
        Self::HeadFault,
        Self::PrinterStopped,
        Self::PrinterBusy,
        Self::NotAccepting,
        Self::PaperLow,
        Self::SupplyLow,
        Self::CleanHead,
        Self::Uncalibrated,
        Self::ScaleSilent { silent_ms: 0 },
        Self::ScaleQuiet,
        Self::ScaleOver,
        Self::ScaleUnder,
        Self::ScaleBroken,
        Self::Garbled,
        Self::ScansRefused { count: 0 },
        Self::PlayerFails,
        Self::ScaleUncalibrated,
        Self::ScaleNeedsZero,
        Self::CameraStill,
        Self::RecogniserMissing,
        Self::RecogniserFails,
        Self::MicrophoneSilent,
        Self::SpeakerFails,
    ];

    /// A stable word for catalogues and logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::PaperOut => "paper-out",
            Self::HeadOpen => "head-open",
            Self::RibbonOut => "ribbon-out",
            Self::Paused => "paused",
            Self::BufferFull => "buffer-full",
            Self::TooCold => "too-cold",
            Self::TooHot => "too-hot",
            Self::PrinterSilent => "printer-silent",
            Self::CoverOpen => "cover-open",
            Self::PaperJam => "paper-jam",
            Self::SupplyOut => "supply-out",
            Self::OutputFull => "output-full",
            Self::CutterFault => "cutter-fault",
            Self::HeadFault => "head-fault",
            Self::PrinterStopped => "printer-stopped",
            Self::PrinterBusy => "printer-busy",
            Self::NotAccepting => "not-accepting",
            Self::PaperLow => "paper-low",
            Self::SupplyLow => "supply-low",
            Self::CleanHead => "clean-head",
            Self::Uncalibrated => "uncalibrated",
            Self::ScaleSilent { .. } => "scale-silent",
            Self::ScaleQuiet => "scale-quiet",
            Self::ScaleOver => "scale-over",
            Self::ScaleUnder => "scale-under",
            Self::ScaleBroken => "scale-broken",
            Self::Garbled => "garbled",
            Self::ScansRefused { .. } => "scans-refused",
            Self::PlayerFails => "player-fails",
            Self::ScaleUncalibrated => "scale-uncalibrated",
            Self::ScaleNeedsZero => "scale-needs-zero",
            Self::CameraStill => "camera-still",
            Self::RecogniserMissing => "recogniser-missing",
            Self::RecogniserFails => "recogniser-fails",
            Self::MicrophoneSilent => "microphone-silent",
            Self::SpeakerFails => "speaker-fails",
        }
    }
}

/// Why a device is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LostReason {
    /// Its path, folder, address or program does not exist.
    NotFound,
    /// The operating system does not let this user open it.
    NotPermitted,
    /// Another program holds it.
    Busy,
    /// It was unplugged or hung up.
    Disconnected,
    /// It answers at its address, but refuses the connection.
    Refused,
    /// It did not answer in time.
    Timeout,
    /// It is connected, but says nothing.
    Silent,
    /// It answers something that this driver does not understand.
    BadAnswer,
    /// Any other failure of the operating system.
    Io,
    /// The driver itself failed; it is started again.
    DriverFailed,
    /// The system's card service (pcscd) or its library is not installed or does not run.
    NoCardService,
}

impl LostReason {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::NotFound,
        Self::NotPermitted,
        Self::Busy,
        Self::Disconnected,
        Self::Refused,
        Self::Timeout,
        Self::Silent,
        Self::BadAnswer,
        Self::Io,
        Self::DriverFailed,
        Self::NoCardService,
    ];

    /// A stable word for catalogues and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::NotPermitted => "not-permitted",
            Self::Busy => "busy",
            Self::Disconnected => "disconnected",
            Self::Refused => "refused",
            Self::Timeout => "timeout",
            Self::Silent => "silent",
            Self::BadAnswer => "bad-answer",
            Self::Io => "io",
            Self::DriverFailed => "driver-failed",
            Self::NoCardService => "no-card-service",
        }
    }

    /// The reason behind an operating-system error.
    #[must_use]
    pub fn from_io(kind: std::io::ErrorKind) -> Self {
        use std::io::ErrorKind as K;
        // `ErrorKind` is not ours and is non-exhaustive, so a wildcard is right here.
        match kind {
            K::NotFound => Self::NotFound,
            K::PermissionDenied => Self::NotPermitted,
            K::ResourceBusy | K::AddrInUse => Self::Busy,
            K::ConnectionRefused => Self::Refused,
            K::TimedOut | K::WouldBlock => Self::Timeout,
            K::BrokenPipe | K::ConnectionReset | K::ConnectionAborted | K::NotConnected | K::UnexpectedEof => {
                Self::Disconnected
            }
            _ => Self::Io,
        }
    }
}

/// What became of a zero or tare command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AdjustOutcome {
    /// The scale confirmed it.
    Done,
    /// The scale refused it (load moving or out of range).
    Refused,
    /// The command was sent; this protocol gives no confirmation.
    Asked,
    /// This protocol has no such command.
    Unsupported,
    /// No answer came in time, or the scale is not connected.
    NoAnswer,
}

/// Everything a device can tell the station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceEvent {
    /// One gesture of a scanner. Two identical units are two gestures; an echo of one gesture is delivered once.
    Scan {
        /// Which scanner.
        device: DeviceId,
        /// Unique within this run of the station.
        gesture: u64,
        /// The code as read, without terminator and without AIM identifier; any byte can occur.
        bytes: Vec<u8>,
        /// The AIM symbology identifier, if the scanner sent one.
        symbology: Option<AimId>,
        /// UTC milliseconds at which the last byte was read.
        at_ms: i64,
        /// The same moment on the monotonic clock, in milliseconds.
        mono_ms: u64,
    },
    /// A gesture that gave no usable code; it must be refused aloud, never dropped silently.
    ScanFault {
        /// Which scanner.
        device: DeviceId,
        /// Unique within this run of the station.
        gesture: u64,
        /// What was wrong.
        fault: ScanFault,
        /// UTC milliseconds.
        at_ms: i64,
        /// Monotonic milliseconds.
        mono_ms: u64,
    },
    /// One gesture of a scanner that is being set up, with everything around the code. It is no scan.
    RawScan {
        /// Which scanner.
        device: DeviceId,
        /// Unique within this run of the station.
        gesture: u64,
        /// From the first byte to the silence after the last.
        bytes: Vec<u8>,
    },
    /// One tap of a tag. A tag that lies there is tapped once.
    Tag {
        /// Which reader.
        device: DeviceId,
        /// Unique within this run of the station.
        gesture: u64,
        /// The tag's own number as a code, where it is one to rely on.
        uid: Option<String>,
        /// What is written on it.
        content: TagContent,
        /// UTC milliseconds.
        at_ms: i64,
        /// Monotonic milliseconds.
        mono_ms: u64,
    },
    /// The end of a wish to write a tag.
    TagWritten {
        /// Which reader.
        reader: DeviceId,
        /// The request's id, as given in the command.
        request: String,
        /// Written and read back, or why not.
        outcome: Result<(), TagFault>,
    },
    /// What the scale shows.
    Weight {
        /// Which scale.
        device: DeviceId,
        /// The reading; ask [`super::scale::usable`] before it may count.
        reading: Reading,
    },
    /// The end of a zero or tare command.
    Adjusted {
        /// Which scale.
        device: DeviceId,
        /// What it was told.
        verb: ScaleVerb,
        /// What became of it.
        outcome: AdjustOutcome,
    },
    /// A device's status changed.
    Status {
        /// Which device.
        device: DeviceId,
        /// What it is for.
        kind: DeviceKind,
        /// Where it stands now.
        status: DeviceStatus,
    },
    /// One stage of a print job; a job may report `Sent` and later `PaperMoved`.
    Printed {
        /// Which printer.
        printer: DeviceId,
        /// The job's id, as given in the command.
        job: String,
        /// How far it came.
        outcome: PrintOutcome,
    },
    /// The end of a photo request.
    Photo {
        /// Which camera.
        camera: DeviceId,
        /// The request's id, as given in the command.
        request: String,
        /// The picture, or why there is none.
        outcome: Result<Photo, PhotoFailure>,
    },
    /// Somebody spoke while it was listened to.
    Heard {
        /// Which microphone.
        device: DeviceId,
        /// In which language it was listened.
        lang: VoiceLang,
        /// The command as the core's table writes it; none where nothing was understood.
        words: Option<String>,
    },
    /// It begins to listen, or has ended.
    Listening {
        /// Which microphone.
        device: DeviceId,
        /// It listens.
        on: bool,
    },
}

/// Everything the station can tell a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeviceCommand {
    /// Print one job.
    Print {
        /// Which printer.
        printer: DeviceId,
        /// The job's id; also the file name at a folder printer (letters, digits, `.`, `_`, `-`; at most 100).
        job: String,
        /// What the bytes are.
        format: PrintFormat,
        /// The whole document, at most [`super::printer::JOB_BYTES_MAX`].
        bytes: Arc<[u8]>,
    },
    /// Take back a job that waits in the printer, as far as the printer can still do that: another copy of it follows.
    CancelPrint {
        /// Which printer.
        printer: DeviceId,
        /// What the job's id begins with.
        job: String,
    },
    /// Take one photo.
    TakePhoto {
        /// Which camera.
        camera: DeviceId,
        /// The request's id, returned with the outcome.
        request: String,
    },
    /// Set the scale to zero.
    Zero {
        /// Which scale.
        scale: DeviceId,
    },
    /// Take the present load as tare.
    Tare {
        /// Which scale.
        scale: DeviceId,
    },
    /// Write a code onto the tag that lies on the reader, or onto the next one within 30 s.
    WriteTag {
        /// Which reader.
        reader: DeviceId,
        /// The request's id, returned with the outcome.
        request: String,
        /// The code.
        code: String,
    },
    /// Show a state on every stack light.
    Light(LightState),
    /// Tell a scanner what became of what it read, for its own beep and light.
    Verdict {
        /// Which scanner.
        scanner: DeviceId,
        /// It counted.
        good: bool,
    },
    /// Tell everything that the scanner sends as it comes, in place of scans; or scans again.
    ScanRaw {
        /// Which scanner.
        scanner: DeviceId,
        /// As it comes.
        on: bool,
    },
    /// Take another framing from the next gesture on.
    Reframe {
        /// Which scanner.
        scanner: DeviceId,
        /// How its bytes become gestures.
        framing: ScanFraming,
    },
    /// Play a signal.
    Sound(SoundName),
    /// Listen for commands, or no longer.
    Listen {
        /// Begin.
        on: bool,
        /// Until told otherwise; else a key is held, and it ends by itself after a while.
        open: bool,
        /// In which language.
        lang: VoiceLang,
    },
    /// Speak a text; whatever is being spoken ends.
    Speak {
        /// The words.
        text: String,
        /// Their language, two letters.
        lang: &'static str,
    },
    /// Speak no more.
    Hush,
    /// Set the volume of all signals.
    SoundLevel {
        /// 0 to 100; more is taken as 100.
        volume_percent: u8,
        /// Silent without losing the volume.
        muted: bool,
    },
}

impl DeviceCommand {
    /// What a scanner is told of its code, if this is that.
    pub(crate) fn verdict(&self) -> Option<bool> {
        match self {
            Self::Verdict { good, .. } => Some(*good),
            Self::Print { .. }
            | Self::CancelPrint { .. }
            | Self::TakePhoto { .. }
            | Self::Zero { .. }
            | Self::Tare { .. }
            | Self::WriteTag { .. }
            | Self::Light(_)
            | Self::ScanRaw { .. }
            | Self::Reframe { .. }
            | Self::Sound(_)
            | Self::Listen { .. }
            | Self::Speak { .. }
            | Self::Hush
            | Self::SoundLevel { .. } => None,
        }
    }
}

/// The sink has no room for the event now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the station's input queue is full; the event was not taken")]
pub struct Full;

/// Why a command was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The device has too many waiting commands; try again after an outcome arrived.
    #[error("device {device} has too many waiting commands; wait for one to finish")]
    Full {
        /// The device's id.
        device: String,
    },
    /// No such device is configured.
    #[error("no device {device} is configured; check the station's settings")]
    Unknown {
        /// The id or kind that was asked for.
        device: String,
    },
    /// The device exists, but cannot do this.
    #[error("device {device} is a {kind:?} and cannot carry out this command")]
    WrongKind {
        /// The device's id.
        device: String,
        /// What it is.
        kind: DeviceKind,
    },
    /// The devices were stopped.
    #[error("device {device} was stopped")]
    Stopped {
        /// The device's id.
        device: String,
    },
}
