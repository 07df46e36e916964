//! The words that are understood, per language, and what they mean. A table: another language is another block of it. What a word
//! sounds like is not told here but where it is heard. Must never guess: what is not in the table means nothing.

/// Check digits of a place: that many are spoken.
pub const DIGITS_SPOKEN: usize = 2;

/// A language in which commands are understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum VoiceLang {
    /// English.
    #[default]
    En,
    /// Spanish.
    Es,
}

impl VoiceLang {
    /// All of them.
    pub const ALL: [VoiceLang; 2] = [VoiceLang::En, VoiceLang::Es];

    /// The language in which a station that shows `code` listens: its own where commands are known in it, else English.
    #[must_use]
    pub fn of_station(code: &str) -> VoiceLang {
        Self::ALL.into_iter().find(|lang| lang.code() == code).unwrap_or_default()
    }

    /// Two letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            VoiceLang::En => "en",
            VoiceLang::Es => "es",
        }
    }
}

/// What a spoken command means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Word {
    /// Go on.
    Next,
    /// Yes: what was read back is right, or what the step asks to confirm.
    Confirm,
    /// Say it again.
    Repeat,
    /// Leave out the next order.
    Skip,
    /// Fewer than needed.
    Short,
    /// Broken, dirty, open.
    Damaged,
    /// The label once more.
    Print,
    /// No: what was read back is wrong.
    No,
}

impl Word {
    /// All of them.
    pub const ALL: [Word; 8] =
        [Word::Next, Word::Confirm, Word::Repeat, Word::Skip, Word::Short, Word::Damaged, Word::Print, Word::No];

    /// Key of its name in the catalogue.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Word::Next => "voice-word-next",
            Word::Confirm => "voice-word-confirm",
            Word::Repeat => "voice-word-repeat",
            Word::Skip => "voice-word-skip",
            Word::Short => "voice-word-short",
            Word::Damaged => "voice-word-damaged",
            Word::Print => "voice-word-print",
            Word::No => "voice-word-no",
        }
    }
}

/// What somebody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spoken {
    /// A command.
    Word(Word),
    /// The check digits of a place.
    Digits([u8; DIGITS_SPOKEN]),
}

const EN: &[(&str, Word)] = &[
    ("next", Word::Next),
    ("confirm", Word::Confirm),
    ("repeat", Word::Repeat),
    ("skip", Word::Skip),
    ("short", Word::Short),
    ("damaged", Word::Damaged),
    ("print", Word::Print),
    ("print label", Word::Print),
    ("no", Word::No),
    ("cancel", Word::No),
];
const ES: &[(&str, Word)] = &[
    ("siguiente", Word::Next),
    ("confirmar", Word::Confirm),
    ("repetir", Word::Repeat),
    ("saltar", Word::Skip),
    ("falta", Word::Short),
    ("dañado", Word::Damaged),
    ("imprimir", Word::Print),
    ("no", Word::No),
    ("cancelar", Word::No),
];
const EN_DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const ES_DIGITS: [&str; 10] = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"];

/// The phrases of a language with their meaning.
#[must_use]
pub fn phrases(lang: VoiceLang) -> &'static [(&'static str, Word)] {
    match lang {
        VoiceLang::En => EN,
        VoiceLang::Es => ES,
    }
}

/// The digits of a language, from zero.
#[must_use]
pub fn digit_words(lang: VoiceLang) -> &'static [&'static str; 10] {
    match lang {
        VoiceLang::En => &EN_DIGITS,
        VoiceLang::Es => &ES_DIGITS,
    }
}

/// The phrase to be told to a person who is to say this: the first of the table.
#[must_use]
pub fn word_for(lang: VoiceLang, word: Word) -> &'static str {
    phrases(lang).iter().find(|(_, means)| *means == word).map_or("", |(phrase, _)| *phrase)
}

/// What a heard phrase means; none where it is no whole phrase of the table.
#[must_use]
pub fn parse(lang: VoiceLang, heard: &str) -> Option<Spoken> {
    let heard = heard.trim();
    if let Some((_, word)) = phrases(lang).iter().find(|(phrase, _)| *phrase == heard) {
        return Some(Spoken::Word(*word));
    }
    let mut digits = [0; DIGITS_SPOKEN];
    let mut said = heard.split(' ');
    for digit in &mut digits {
        let word = said.next()?;
        let value = digit_words(lang).iter().position(|name| *name == word)?;
        *digit = u8::try_from(value).ok()?;
    }
    said.next().is_none().then_some(Spoken::Digits(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_can_be_said_in_every_language_and_means_itself() {
        for lang in VoiceLang::ALL {
            for word in Word::ALL {
                assert_eq!(parse(lang, word_for(lang, word)), Some(Spoken::Word(word)), "{lang:?} {word:?}");
            }
            for (phrase, word) in phrases(lang) {
                assert_eq!(parse(lang, phrase), Some(Spoken::Word(*word)));
            }
        }
    }

    #[test]
    fn all_hundred_pairs_of_digits_are_read_and_nothing_else_is() {
        for lang in VoiceLang::ALL {
            for (tens, first) in digit_words(lang).iter().enumerate() {
                for (ones, second) in digit_words(lang).iter().enumerate() {
                    let digits = [tens as u8, ones as u8];
                    assert_eq!(parse(lang, &format!("{first} {second}")), Some(Spoken::Digits(digits)));
                }
                assert_eq!(parse(lang, first), None, "one digit is none");
                assert_eq!(parse(lang, &format!("{first} {first} {first}")), None);
            }
            for noise in ["", " ", "confirm next", "seven next", "print print", "siguiente label"] {
                assert_eq!(parse(lang, noise), None, "{noise}");
            }
        }
        assert_eq!(parse(VoiceLang::Es, "next"), None, "one language at a time");
    }

    #[test]
    fn a_station_listens_in_its_own_language_where_it_can() {
        let heard = ["en", "es", "ms", "ru"].map(VoiceLang::of_station);
        assert_eq!(heard, [VoiceLang::En, VoiceLang::Es, VoiceLang::En, VoiceLang::En]);
    }
}
