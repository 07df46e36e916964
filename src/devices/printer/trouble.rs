//! Why a job or a printer failed, as closed words. Must never hold a text for people: the catalogue maps the codes.

use crate::devices::event::{DeviceWarning, LostReason};

/// Why a job failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrintFailure {
    /// The job's id cannot be a file name or is too long.
    BadJobId,
    /// No bytes, or more than [`super::JOB_BYTES_MAX`].
    BadSize,
    /// The printer does not take this format.
    WrongFormat,
    /// The printer could not be reached.
    NotThere(LostReason),
    /// The connection broke while the job was sent.
    CutMidJob,
    /// The printer took no bytes for too long.
    Stuck,
    /// The printer cannot print now.
    NotReady(NotReady),
    /// Somebody canceled the job at the printer.
    Canceled,
    /// The printer gave the job up.
    Aborted,
    /// The printer refused the job.
    Refused,
    /// The folder's disk is full.
    DiskFull,
    /// Another document has this job's id.
    NameTaken,
    /// The system failed to write.
    Io,
}

/// What keeps a printer from printing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NotReady {
    /// No paper.
    PaperOut,
    /// Head or lid open.
    HeadOpen,
    /// No ribbon.
    RibbonOut,
    /// Paused at its panel.
    Paused,
    /// A cover or door is open.
    CoverOpen,
    /// Paper is jammed.
    PaperJam,
    /// Ink or toner is used up.
    SupplyOut,
    /// The output tray is full.
    OutputFull,
    /// The cutter is stuck.
    CutterFault,
    /// The head is damaged.
    HeadFault,
    /// Too hot to go on.
    TooHot,
    /// Stopped for a reason of its own.
    Stopped,
    /// Busy with somebody else's job.
    Busy,
    /// Told to take no jobs.
    NotAccepting,
    /// It answered before and says nothing now.
    Silent,
}

impl PrintFailure {
    /// A stable word for catalogues and logs.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BadJobId => "bad-job-id",
            Self::BadSize => "bad-size",
            Self::WrongFormat => "wrong-format",
            Self::NotThere(reason) => reason.code(),
            Self::CutMidJob => "cut-mid-job",
            Self::Stuck => "stuck",
            Self::NotReady(what) => what.code(),
            Self::Canceled => "canceled",
            Self::Aborted => "aborted",
            Self::Refused => "job-refused",
            Self::DiskFull => "disk-full",
            Self::NameTaken => "name-taken",
            Self::Io => "io",
        }
    }
}

impl NotReady {
    /// The same as something to be told of the device.
    #[must_use]
    pub fn warning(self) -> DeviceWarning {
        match self {
            Self::PaperOut => DeviceWarning::PaperOut,
            Self::HeadOpen => DeviceWarning::HeadOpen,
            Self::RibbonOut => DeviceWarning::RibbonOut,
            Self::Paused => DeviceWarning::Paused,
            Self::CoverOpen => DeviceWarning::CoverOpen,
            Self::PaperJam => DeviceWarning::PaperJam,
            Self::SupplyOut => DeviceWarning::SupplyOut,
            Self::OutputFull => DeviceWarning::OutputFull,
            Self::CutterFault => DeviceWarning::CutterFault,
            Self::HeadFault => DeviceWarning::HeadFault,
            Self::TooHot => DeviceWarning::TooHot,
            Self::Stopped => DeviceWarning::PrinterStopped,
            Self::Busy => DeviceWarning::PrinterBusy,
            Self::NotAccepting => DeviceWarning::NotAccepting,
            Self::Silent => DeviceWarning::PrinterSilent,
        }
    }

    /// A stable word for catalogues and logs: the warning's own.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::PaperOut => "paper-out",
            Self::HeadOpen => "head-open",
            Self::RibbonOut => "ribbon-out",
            Self::Paused => "paused",
            Self::CoverOpen => "cover-open",
            Self::PaperJam => "paper-jam",
            Self::SupplyOut => "supply-out",
            Self::OutputFull => "output-full",
            Self::CutterFault => "cutter-fault",
            Self::HeadFault => "head-fault",
            Self::TooHot => "too-hot",
            Self::Stopped => "printer-stopped",
            Self::Busy => "printer-busy",
            Self::NotAccepting => "not-accepting",
            Self::Silent => "printer-silent",
        }
    }
}

/// Whether a warning of a printer means that it prints nothing now. What merely wants a look (labels run low) does not send
/// work elsewhere.
#[must_use]
pub fn stops_printing(warning: &DeviceWarning) -> bool {
    use DeviceWarning as W;
    match warning {
        W::PaperOut
        | W::HeadOpen
        | W::RibbonOut
        | W::Paused
        | W::BufferFull
        | W::TooCold
        | W::TooHot
        | W::PrinterSilent
        | W::CoverOpen
        | W::PaperJam
        | W::SupplyOut
        | W::OutputFull
        | W::CutterFault
        | W::HeadFault
        | W::PrinterStopped
        | W::PrinterBusy
        | W::NotAccepting
        | W::Garbled => true,
        W::PaperLow
        | W::SupplyLow
        | W::CleanHead
        | W::Uncalibrated
        | W::ScaleSilent { .. }
        | W::ScaleQuiet
        | W::ScaleOver
        | W::ScaleUnder
        | W::ScaleBroken
        | W::ScaleUncalibrated
        | W::ScaleNeedsZero
        | W::ScansRefused { .. }
        | W::PlayerFails
        | W::CameraStill
        | W::RecogniserMissing
        | W::RecogniserFails
        | W::MicrophoneSilent
        | W::SpeakerFails => false,
    }
}
