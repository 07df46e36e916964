//! What a person chose on the settings sheet, kept beside the station's database and laid over the settings file at the
//! next start. A file that cannot be read or written changes nothing but the choice.

use crate::i18n::Lang;
use crate::station::local::{Look, Settings};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The file in the data folder.
const FILE: &str = "screen.json";

#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    language: String,
    /// What older versions wrote; read where `look` is missing.
    dark: bool,
    #[serde(default)]
    look: Option<String>,
    reduced_motion: bool,
    volume_percent: u8,
}

/// Where the choice is kept.
#[derive(Clone, Debug)]
pub struct Memory {
    path: PathBuf,
}

impl Memory {
    /// In this data folder.
    #[must_use]
    pub fn of(data_dir: &Path) -> Memory {
        Memory { path: data_dir.join(FILE) }
    }

    /// These settings with what was chosen laid over them.
    #[must_use]
    pub fn over(&self, settings: Settings) -> Settings {
        let text = match std::fs::read(&self.path) {
            Ok(text) => text,
            Err(e) => {
                if e.kind() != std::io::ErrorKind::NotFound {
                    tracing::warn!(error = %e, "the screen's settings cannot be read");
                }
                return settings;
            }
        };
        match serde_json::from_slice::<Kept>(&text) {
            Ok(kept) => Settings {
                lang: Lang::from_code(&kept.language).unwrap_or(settings.lang),
                look: look(&kept),
                reduced_motion: kept.reduced_motion,
                volume_percent: kept.volume_percent.min(100),
            },
            Err(e) => {
                tracing::warn!(error = %e, "the screen's settings cannot be read");
                settings
            }
        }
    }

    /// Keeps a choice.
    pub fn keep(&self, settings: Settings) {
        let kept = Kept {
            language: settings.lang.code().to_owned(),
            dark: settings.look == Look::Dark,
            look: Some(word(settings.look).to_owned()),
            reduced_motion: settings.reduced_motion,
            volume_percent: settings.volume_percent,
        };
        if let Err(e) = self.write(&kept) {
            tracing::warn!(error = %e, "the screen's settings were not kept");
        }
    }

    fn write(&self, kept: &Kept) -> std::io::Result<()> {
        let part = self.path.with_extension("part");
        let mut file = std::fs::File::create(&part)?;
        file.write_all(&serde_json::to_vec(kept)?)?;
        file.sync_all()?;
        std::fs::rename(&part, &self.path)
    }
}

/// A look's word in the file, which is the settings' word.
fn word(look: Look) -> &'static str {
    match look {
        Look::Light => "light",
        Look::Dark => "dark",
        Look::System => "system",
    }
}

fn look(kept: &Kept) -> Look {
    let all = [Look::Light, Look::Dark, Look::System];
    let told = all.into_iter().find(|look| kept.look.as_deref() == Some(word(*look)));
    told.unwrap_or(if kept.dark { Look::Dark } else { Look::Light })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_there_again_and_a_damaged_file_changes_nothing() {
        let folder = std::env::temp_dir().join(format!("packbench-screen-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&folder).unwrap();
        let memory = Memory::of(&folder);
        let first = Settings::default();
        assert_eq!(memory.over(first), first);
        let chosen = Settings { lang: Lang::Ms, look: Look::System, reduced_motion: true, volume_percent: 20 };
        memory.keep(chosen);
        assert_eq!(memory.over(first), chosen);
        let older = r#"{"language":"ms","dark":true,"reduced_motion":true,"volume_percent":20}"#;
        std::fs::write(folder.join(FILE), older).unwrap();
        assert_eq!(memory.over(first), Settings { look: Look::Dark, ..chosen });
        std::fs::write(folder.join(FILE), "{").unwrap();
        assert_eq!(memory.over(first), first);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
