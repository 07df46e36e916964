//! What a driverless printer's words mean for a packer: states and state reasons (RFC 8011, PWG 5100.9) as closed enums. Pure.
//! Must never take an unknown word for a known one: it is left out while the printer works, and "stopped" when it does not.

use super::trouble::NotReady;
use super::{PrintFailure, PrintFormat};
use crate::devices::event::DeviceWarning;

/// Where a printer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrinterState {
    /// Would begin at once.
    Idle,
    /// Prints.
    Processing,
    /// Prints nothing until somebody does something.
    Stopped,
}

/// What a printer says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterSays {
    /// Where it stands.
    pub state: PrinterState,
    /// Why, in the protocol's words.
    pub reasons: Vec<String>,
    /// It takes jobs.
    pub accepting: bool,
    /// Jobs in it.
    pub queued: u32,
    /// What it takes, where it says.
    pub formats: Option<Vec<PrintFormat>>,
    /// Resolutions of PWG raster in dots per inch.
    pub dpi: Vec<u32>,
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Waits for its turn.
    Pending,
    /// Waits for somebody's word.
    Held,
    /// Is being printed.
    Processing,
    /// Was begun and stands.
    Stopped,
    /// Somebody took it back.
    Canceled,
    /// The printer gave it up.
    Aborted,
    /// The paper is out.
    Completed,
}

/// What a printer says of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobSays {
    /// The printer's number of it.
    pub id: i32,
    /// The name it was sent with.
    pub name: String,
    /// Who sent it; empty where the printer does not say.
    pub user: String,
    /// Where it stands.
    pub state: JobState,
    /// Why, in the protocol's words.
    pub reasons: Vec<String>,
    /// Pages that are out, where the printer counts them.
    pub pages_out: Option<u32>,
}

/// How grave a printer calls its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Severity {
    Report,
    Warning,
    Error,
}

/// What a reason means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Meaning {
    Stops(NotReady),
    Look(DeviceWarning),
}

/// Reasons that stop a printer, the most telling first: an open door is why no paper is seen.
const STOPS: &[(&str, NotReady)] = &[
    ("cover-open", NotReady::CoverOpen),
    ("door-open", NotReady::CoverOpen),
    ("interlock-open", NotReady::CoverOpen),
    ("media-jam", NotReady::PaperJam),
    ("media-empty", NotReady::PaperOut),
    ("media-needed", NotReady::PaperOut),
    ("input-tray-missing", NotReady::PaperOut),
    ("toner-empty", NotReady::SupplyOut),
    ("marker-supply-empty", NotReady::SupplyOut),
    ("marker-supply-missing", NotReady::SupplyOut),
    ("developer-empty", NotReady::SupplyOut),
    ("output-area-full", NotReady::OutputFull),
    ("output-tray-missing", NotReady::OutputFull),
    ("marker-waste-full", NotReady::Stopped),
    ("fuser-over-temp", NotReady::TooHot),
    ("spool-area-full", NotReady::Busy),
    ("moving-to-paused", NotReady::Paused),
    ("paused", NotReady::Paused),
    ("hold-new-jobs", NotReady::Paused),
    (CONNECTING, NotReady::Silent),
    ("timed-out", NotReady::Silent),
    ("offline", NotReady::Silent),
    ("shutdown", NotReady::Silent),
];

/// What a queue says while it reaches for the printer behind it: at the beginning of each job, or for as long as that is off.
const CONNECTING: &str = "connecting-to-device";

/// Reasons that want a look.
const LOOKS: &[(&str, DeviceWarning)] = &[
    ("media-low", DeviceWarning::PaperLow),
    ("toner-low", DeviceWarning::SupplyLow),
    ("marker-supply-low", DeviceWarning::SupplyLow),
    ("developer-low", DeviceWarning::SupplyLow),
];

/// Splits the gravity off; a word without one is an error (RFC 8011, 5.4.12).
fn split(word: &str) -> (&str, Severity) {
    let ends = [("-error", Severity::Error), ("-warning", Severity::Warning), ("-report", Severity::Report)];
    ends.iter().find_map(|(end, s)| Some((word.strip_suffix(end)?, *s))).unwrap_or((word, Severity::Error))
}

fn meaning(base: &str) -> Option<Meaning> {
    let stops = STOPS.iter().find(|(word, _)| *word == base).map(|(_, what)| Meaning::Stops(*what));
    stops.or_else(|| LOOKS.iter().find(|(word, _)| *word == base).map(|(_, what)| Meaning::Look(what.clone())))
}

impl PrinterSays {
    /// The gravest stopping reason that is at least so grave, by the order of the table.
    fn stopping(&self, least: Severity) -> Option<NotReady> {
        let named =
            |word: &str| self.reasons.iter().any(|r| matches!(split(r), (base, s) if base == word && s >= least));
        STOPS.iter().find(|(word, _)| named(word)).map(|(_, what)| *what)
    }

    /// What keeps it from taking or printing a job. A reason that the printer itself calls a mere warning does not, as long as it
    /// has not stopped: one of several trays may be empty.
    #[must_use]
    pub fn not_ready(&self) -> Option<NotReady> {
        match self.state {
            PrinterState::Stopped => Some(self.stopping(Severity::Report).unwrap_or(NotReady::Stopped)),
            PrinterState::Idle | PrinterState::Processing => {
                let error = self.stopping(Severity::Error);
                error.or((!self.accepting).then_some(NotReady::NotAccepting))
            }
        }
    }

    /// Nothing keeps it from taking a job but that it is reaching for the printer behind it, which may take a moment.
    #[must_use]
    pub fn connects(&self) -> bool {
        let others = PrinterSays {
            reasons: self.reasons.iter().filter(|r| split(r).0 != CONNECTING).cloned().collect(),
            ..self.clone()
        };
        self.state == PrinterState::Processing && self.not_ready().is_some() && others.not_ready().is_none()
    }

    /// What a person should know, whether it prints or not.
    #[must_use]
    pub fn warning(&self) -> Option<DeviceWarning> {
        let grave = self.not_ready().or_else(|| self.stopping(Severity::Warning)).map(NotReady::warning);
        grave.or_else(|| {
            self.reasons.iter().find_map(|r| match meaning(split(r).0)? {
                Meaning::Look(warning) => Some(warning),
                Meaning::Stops(_) => None,
            })
        })
    }

    /// What holds a job up that this printer works on: here its own warnings count as well.
    #[must_use]
    pub fn holds(&self) -> Option<NotReady> {
        self.not_ready().or_else(|| self.stopping(Severity::Warning))
    }
}

impl JobSays {
    /// How a job that is over ended; `None` while it is not.
    #[must_use]
    pub fn end(&self) -> Option<Result<(), PrintFailure>> {
        match self.state {
            JobState::Completed => Some(Ok(())),
            JobState::Canceled => Some(Err(PrintFailure::Canceled)),
            JobState::Aborted => Some(Err(PrintFailure::Aborted)),
            JobState::Pending | JobState::Held | JobState::Processing | JobState::Stopped => None,
        }
    }

    /// Surely nothing of it is on paper.
    #[must_use]
    pub fn untouched(&self) -> bool {
        self.pages_out == Some(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(state: PrinterState, reasons: &[&str]) -> PrinterSays {
        let reasons = reasons.iter().map(|r| (*r).to_owned()).collect();
        PrinterSays { state, reasons, accepting: true, queued: 0, formats: None, dpi: Vec::new() }
    }

    #[test]
    fn reasons_become_words_by_their_gravity() {
        use PrinterState::{Idle, Processing, Stopped};
        type Row = (PrinterState, &'static [&'static str], Option<NotReady>, Option<DeviceWarning>);
        let table: &[Row] = &[
            (Idle, &["none"], None, None),
            (Idle, &[], None, None),
            (Stopped, &["media-empty-error"], Some(NotReady::PaperOut), Some(DeviceWarning::PaperOut)),
            (
                Stopped,
                &["media-empty-warning", "door-open-error"],
                Some(NotReady::CoverOpen),
                Some(DeviceWarning::CoverOpen),
            ),
            (Stopped, &["media-needed-report"], Some(NotReady::PaperOut), Some(DeviceWarning::PaperOut)),
            (Stopped, &["com.example-odd-error"], Some(NotReady::Stopped), Some(DeviceWarning::PrinterStopped)),
            (Idle, &["media-empty-warning"], None, Some(DeviceWarning::PaperOut)),
            (Processing, &["media-jam"], Some(NotReady::PaperJam), Some(DeviceWarning::PaperJam)),
            (Idle, &["toner-empty-error"], Some(NotReady::SupplyOut), Some(DeviceWarning::SupplyOut)),
            (Idle, &["toner-low-report"], None, Some(DeviceWarning::SupplyLow)),
            (Idle, &["media-low-warning"], None, Some(DeviceWarning::PaperLow)),
            (Idle, &["media-needed-report", "com.example-odd-report"], None, None),
            (Idle, &["output-area-full-error"], Some(NotReady::OutputFull), Some(DeviceWarning::OutputFull)),
            (Processing, &["connecting-to-device"], Some(NotReady::Silent), Some(DeviceWarning::PrinterSilent)),
        ];
        for (state, reasons, not_ready, warning) in table {
            let says = says(*state, reasons);
            assert_eq!((says.not_ready(), says.warning()), (*not_ready, warning.clone()), "{state:?} {reasons:?}");
        }
        let closed = PrinterSays { accepting: false, ..says(Idle, &["none"]) };
        assert_eq!(closed.not_ready(), Some(NotReady::NotAccepting));
        assert_eq!(says(Processing, &["media-empty-warning"]).holds(), Some(NotReady::PaperOut));
        assert_eq!(says(Processing, &["media-needed-report"]).holds(), None);
        let queues: &[(PrinterState, &[&str], bool)] = &[
            (Processing, &["connecting-to-device", "media-low-warning"], true),
            (Processing, &["connecting-to-device", "media-empty-error"], false),
            (Processing, &["none"], false),
            (Stopped, &["connecting-to-device"], false),
        ];
        for (state, reasons, connects) in queues {
            assert_eq!(says(*state, reasons).connects(), *connects, "{state:?} {reasons:?}");
        }
    }
}
