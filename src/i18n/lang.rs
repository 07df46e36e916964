//! The languages the house speaks.

use unic_langid::LanguageIdentifier;

/// A language of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lang {
    /// English; also what is shown where a translation is missing.
    #[default]
    En,
    /// Spanish.
    Es,
    /// Malay.
    Ms,
    /// Russian.
    Ru,
}

impl Lang {
    /// All of them, in the order a person chooses from.
    pub const ALL: [Lang; 4] = [Lang::En, Lang::Es, Lang::Ms, Lang::Ru];

    /// The ISO 639-1 code: `en`, `es`, `ms`, `ru`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
            Lang::Ms => "ms",
            Lang::Ru => "ru",
        }
    }

    /// What its speakers call it. Never translated, so that a lost reader finds the way home.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Es => "Español",
            Lang::Ms => "Bahasa Melayu",
            Lang::Ru => "Русский",
        }
    }

    /// The language of a code or a locale name: `es`, `es-MX`, `ru_RU.UTF-8`; anything else is `None`.
    #[must_use]
    pub fn from_code(text: &str) -> Option<Lang> {
        let primary = text.split(['-', '_', '.', '@']).next()?;
        Lang::ALL.into_iter().find(|lang| lang.code().eq_ignore_ascii_case(primary))
    }

    /// The identifier that chooses plural rules.
    pub(super) fn identifier(self) -> LanguageIdentifier {
        self.code().parse().unwrap_or_default()
    }
}
