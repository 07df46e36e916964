//! The language of the screen, for what is spoken and listened for: people switch it while the station runs.

use crate::core::message::Message;
use crate::core::voice::VoiceLang;
use crate::i18n::{Catalogue, Lang};
use std::sync::{Arc, Mutex, PoisonError};

/// The language of the screen. Clones share it.
#[derive(Clone, Debug)]
pub struct ScreenLang(Arc<Mutex<Lang>>);

impl ScreenLang {
    /// Begins with this one.
    #[must_use]
    pub fn new(lang: Lang) -> ScreenLang {
        ScreenLang(Arc::new(Mutex::new(lang)))
    }

    /// Somebody switched it.
    pub fn set(&self, lang: Lang) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = lang;
    }

    fn get(&self) -> Lang {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts messages into spoken words.
pub struct Tongue {
    screen: ScreenLang,
    /// Made once per language: reading the catalogue takes longer than a prompt may.
    words: Option<(Lang, Catalogue)>,
}

impl Tongue {
    /// Speaks the language of the screen.
    #[must_use]
    pub fn new(screen: ScreenLang) -> Tongue {
        Tongue { screen, words: None }
    }

    /// The messages as one text, and its language.
    pub fn say(&mut self, list: &[Message]) -> (String, &'static str) {
        let lang = self.screen.get();
        if self.words.as_ref().is_none_or(|(known, _)| *known != lang) {
            self.words = Some((lang, Catalogue::new(lang)));
        }
        let Some((_, words)) = &self.words else { return (String::new(), lang.code()) };
        // A full stop is a pause; what is isolated for the eye (bidirectional marks) is nothing to the ear.
        let said: Vec<String> = list.iter().map(|m| words.render(m).replace(['\u{2068}', '\u{2069}'], "")).collect();
        (said.join(". "), lang.code())
    }

    /// In which language commands are listened for.
    #[must_use]
    pub fn listens(&self) -> VoiceLang {
        VoiceLang::of_station(self.screen.get().code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_speaks_and_listens_in_the_language_of_the_screen() {
        let screen = ScreenLang::new(Lang::En);
        let mut tongue = Tongue::new(screen.clone());
        let list = [Message::new("voice-dropped"), Message::new("voice-not-understood")];
        let (english, code) = tongue.say(&list);
        assert_eq!((code, tongue.listens()), ("en", VoiceLang::En));
        assert!(english.contains(". "), "{english}");
        screen.set(Lang::Es);
        let (spanish, code) = tongue.say(&list);
        assert_eq!((code, tongue.listens()), ("es", VoiceLang::Es));
        assert_ne!(english, spanish);
        screen.set(Lang::Ru);
        assert_eq!((tongue.say(&list).1, tongue.listens()), ("ru", VoiceLang::En));
    }
}
