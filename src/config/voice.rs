//! Settings of commands by voice and of spoken prompts.

use std::path::PathBuf;

use super::merge::Check;

/// The key that is pressed to talk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TalkKey {
    /// F11.
    F11,
    /// F12.
    #[default]
    F12,
}

/// A program and its arguments.
pub type Program = (PathBuf, Vec<String>);

/// Commands by voice and spoken prompts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VoiceSettings {
    /// Commands are listened for.
    pub commands: bool,
    /// Prompts are spoken.
    pub prompts: bool,
    /// The key opens and closes the microphone, instead of being held.
    pub open: bool,
    /// Which key.
    pub key: TalkKey,
    /// The check digits of a place are the last two of its code, instead of computed ones.
    pub end_of_code: bool,
    /// What records; none: whichever is installed.
    pub microphone: Option<Program>,
    /// What speaks; none: whichever is installed.
    pub speaker: Option<Program>,
    /// Folder of the acoustic model; none: where its package puts it.
    pub model: Option<PathBuf>,
}

impl Check<'_> {
    pub(super) fn voice(&mut self) -> VoiceSettings {
        VoiceSettings {
            commands: self.flag("station.voice_commands"),
            prompts: self.flag("station.voice_prompts"),
            open: self.word("station.voice_talk") == "open",
            key: if self.word("station.voice_key") == "F11" { TalkKey::F11 } else { TalkKey::F12 },
            end_of_code: self.word("station.voice_check_digits") == "end-of-code",
            microphone: self.program("station.voice_microphone"),
            speaker: self.program("station.voice_speaker"),
            model: self.path("station.voice_model"),
        }
    }

    /// A program and its arguments, between blanks.
    fn program(&mut self, path: &str) -> Option<Program> {
        let text = self.checked(path)?;
        let mut words = text.split_whitespace().map(str::to_owned);
        Some((PathBuf::from(words.next()?), words.collect()))
    }
}
