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

use std::path::{Path, PathBuf};

pub use recogniser::MODEL;

/// A program with its arguments.
pub type Program = (PathBuf, Vec<String>);

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

/// The path of a program that is there and may be run.
pub(crate) fn find(program: &Path) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;
    let runs = |path: &Path| {
        std::fs::metadata(path).is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
    };
    if program.components().count() > 1 {
        return runs(program).then(|| program.to_path_buf());
    }
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths).map(|folder| folder.join(program)).find(|path| runs(path))
}

/// The first of these programs that is there, or the one of the settings.
pub(crate) fn choose(set: Option<&Program>, known: &[(&str, &[&str])]) -> Option<Program> {
    match set {
        Some((program, args)) => find(program).map(|path| (path, args.clone())),
        None => known.iter().find_map(|(program, args)| {
            find(Path::new(program)).map(|path| (path, args.iter().map(|arg| (*arg).to_owned()).collect()))
        }),
    }
}
