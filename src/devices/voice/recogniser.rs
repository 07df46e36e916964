//! One language that is listened for: dictionary and grammar on disk for the library, and an utterance turned into a phrase. Must never
//! give a phrase that the core does not know.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::lexicon;
use super::sphinx::{Decoder, SphinxError};
use crate::core::voice::VoiceLang;

/// Where Debian's and Ubuntu's package puts the acoustic model.
pub const MODEL: &str = "/usr/share/pocketsphinx/model/en-us/en-us";

/// Numbers the folders of one process.
static FOLDERS: AtomicU64 = AtomicU64::new(0);

/// Why nothing can be recognised.
#[derive(Debug, thiserror::Error)]
pub enum RecogniserError {
    /// The library or its model.
    #[error(transparent)]
    Sphinx(#[from] SphinxError),
    /// Dictionary and grammar could not be written.
    #[error("no folder for the dictionary; check the space for temporary files")]
    Folder(#[from] std::io::Error),
}

/// Recognises the commands of one language.
pub struct Recogniser {
    lang: VoiceLang,
    decoder: Decoder,
}

/// Holds the files that the library reads; gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> std::io::Result<Self> {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("packbench-voice-{}-{number}", std::process::id()));
        if path.is_dir() {
            fs::remove_dir_all(&path)?;
        }
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    fn write(&self, name: &str, text: &str) -> std::io::Result<PathBuf> {
        let path = self.0.join(name);
        fs::File::create(&path)?.write_all(text.as_bytes())?;
        Ok(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "the folder of the dictionary could not be removed");
        }
    }
}

impl Recogniser {
    /// Loads everything for a language; takes some 30 ms.
    ///
    /// # Errors
    /// [`RecogniserError`]: what is missing.
    pub fn open(model: &Path, lang: VoiceLang) -> Result<Self, RecogniserError> {
        let folder = Folder::new()?;
        let dictionary = folder.write("commands.dict", &lexicon::dictionary(lang))?;
        let grammar = folder.write("commands.fsg", &lexicon::grammar(lang))?;
        Ok(Self { lang, decoder: Decoder::open(model, &dictionary, &grammar)? })
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> VoiceLang {
        self.lang
    }

    /// The command in an utterance (16 kHz, mono), as the core's table writes it; none where it is something else.
    pub fn hear(&mut self, samples: &[i16]) -> Option<String> {
        let heard = self.decoder.hear(samples)?;
        let command = lexicon::command(&heard)?;
        crate::core::voice::parse(self.lang, command).map(|_| command.to_owned())
    }
}
