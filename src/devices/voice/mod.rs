//! The voice: a microphone that is listened to while somebody wants to be heard, and prompts that are spoken. Two devices, each on its
//! own thread. Nothing that is heard is kept or sent anywhere; outside of listening every sample is thrown away at once. Must never carry
//! out a command: what was heard leaves as an event, and the engine reads back what matters.

pub(crate) mod driver;
mod lexicon;
mod microphone;
pub(crate) mod mouth;
pub mod recogniser;
pub(crate) mod speaker;
mod sphinx;
pub mod utterance;

use std::path::PathBuf;

use super::program::Program;
pub use recogniser::MODEL;

/// The microphone and what recognises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceConfig {
    /// Writes 16 kHz, 16 bits, mono to its standard output. `None` looks for `pw-record`, `parec`, `arecord`.
    pub microphone: Option<Program>,
    /// Folder of the acoustic model of American English.
    pub model: PathBuf,
}

impl Default for VoiceConfig {
    fn default() -> Self {
        Self { microphone: None, model: PathBuf::from(MODEL) }
    }
}

/// What speaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpeechConfig {
    /// Reads a text from its standard input and speaks it; `{lang}` in its arguments is the language. `None` looks for `espeak-ng`,
    /// `spd-say`.
    pub speaker: Option<Program>,
}
