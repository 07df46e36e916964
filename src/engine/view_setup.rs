//! What the window shows while a scanner is set up by three scans of codes on the screen. Values only; must never hold a way to a
//! device or a file.

use crate::core::message::Message;
use std::sync::Arc;

/// Bars and spaces of a code, for drawing it on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupCode {
    /// Name of the symbology as scanners' manuals have it.
    pub symbology: &'static str,
    /// What is in it, as a person reads it.
    pub text: String,
    /// Widths in modules of bar and space in turn, a bar first.
    pub widths: Arc<[u8]>,
    /// Modules of white that each side must keep.
    pub quiet_modules: u32,
}

/// How a scanner is set, bytes as text with control characters by name; empty where there is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupLearnt {
    /// Before every code.
    pub prefix: String,
    /// Behind every code.
    pub suffix: String,
    /// What ends one; empty where silence does.
    pub end: String,
    /// It names the kind of code (AIM identifiers).
    pub aim: bool,
    /// What it sends for the separator GS; empty where it sends GS itself.
    pub gs: String,
}

/// What came of the last gesture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupCame {
    /// Everything that came, control characters by name; empty where nothing did.
    pub text: String,
    /// Why it does not count, and what to do.
    pub refused: Option<(Message, Message)>,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupStage {
    /// The scanner is asked to tell what comes as it is.
    Opening,
    /// A code is shown and is to be scanned.
    Scan {
        /// Which of the three, from 1.
        number: u8,
        /// The code.
        code: SetupCode,
    },
    /// The three scans contradict each other: why, and what to do.
    Contradiction(Message, Message),
    /// All three were read.
    Learnt(SetupLearnt),
    /// It is being written into the settings file.
    Keeping(SetupLearnt),
    /// It was not: why, and what to do.
    NotKept(SetupLearnt, Message, Message),
    /// It stands in the settings file, and counts at once.
    Kept {
        /// What.
        learnt: SetupLearnt,
        /// The settings file.
        file: String,
    },
}

/// One scanner being set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupView {
    /// Its name in the settings.
    pub scanner: String,
    /// How far it is.
    pub stage: SetupStage,
    /// What came last; `None` before anything did.
    pub came: Option<SetupCame>,
}

impl SetupView {
    /// Before anything is known.
    #[must_use]
    pub fn of(scanner: &str) -> SetupView {
        SetupView { scanner: scanner.to_owned(), stage: SetupStage::Opening, came: None }
    }
}
