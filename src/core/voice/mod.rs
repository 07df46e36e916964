//! Commands by voice: which words there are, what they mean, and when a person is asked "did you mean this?". Pure. A word never does
//! more than the key of the present step would; whatever matters is read back first.

mod dialogue;
pub mod digits;
mod words;

pub use dialogue::{Answer, Dialogue, Here, Input, READ_BACK_MS};
pub use words::{DIGITS_SPOKEN, Spoken, VoiceLang, Word, digit_words, parse, phrases, word_for};
