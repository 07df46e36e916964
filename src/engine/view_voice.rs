//! What the window shows of commands by voice. Values only.

use crate::core::message::Message;
use crate::core::time::UtcMs;

/// What was heard last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardView {
    /// The command; none where nothing was understood.
    pub words: Option<String>,
}

/// Whether it is listened, what was heard, and what is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceView {
    /// The microphone listens: it says so itself.
    pub listening: bool,
    /// It was asked to.
    pub wanted: bool,
    /// The key opens and closes the microphone, instead of being held.
    pub open: bool,
    /// What was heard last, since the key was pressed.
    pub heard: Option<HeardView>,
    /// What is said about it.
    pub said: Option<Message>,
    /// How to answer, while something was read back.
    pub answer: Option<Message>,
    /// When one of these changed last.
    pub at: UtcMs,
}
