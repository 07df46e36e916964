//! What the words sound like, and the grammar that is listened for. The acoustic model knows the sounds of American English; Spanish
//! words are spelt with the nearest of them. Beside the commands the grammar has syllables of ordinary speech, in any order, so that what
//! is no command is heard as none. Pure; must never hold a word that the core does not know.

use std::fmt::Write as _;

use crate::core::voice::{VoiceLang, digit_words, phrases};

/// What begins the name of a syllable of ordinary speech.
const OTHER: char = '~';
/// How likely ordinary speech is beside a command, and how likely it goes on after a syllable. Greater: fewer wrong commands are
/// heard, and more right ones missed. Measured in `tests/it/voice_accuracy.rs`.
const OTHER_BEGINS: f64 = 1e-7;
const OTHER_GOES_ON: f64 = 1e-3;

/// Words and their sounds (ARPABET); several ways to say one are several rows.
const EN: &[(&str, &str)] = &[
    ("next", "N EH K S T"),
    ("confirm", "K AH N F ER M"),
    ("repeat", "R IY P IY T"),
    ("repeat", "R IH P IY T"),
    ("skip", "S K IH P"),
    ("short", "SH AO R T"),
    ("damaged", "D AE M IH JH D"),
    ("damaged", "D AE M AH JH D"),
    ("print", "P R IH N T"),
    ("label", "L EY B AH L"),
    ("no", "N OW"),
    ("cancel", "K AE N S AH L"),
    ("zero", "Z IH R OW"),
    ("zero", "Z IY R OW"),
    ("one", "W AH N"),
    ("two", "T UW"),
    ("three", "TH R IY"),
    ("four", "F AO R"),
    ("five", "F AY V"),
    ("six", "S IH K S"),
    ("seven", "S EH V AH N"),
    ("eight", "EY T"),
    ("nine", "N AY N"),
];
/// Spanish with English sounds: a tapped r is near D, and c before e and i is S or TH by region.
const ES: &[(&str, &str)] = &[
    ("siguiente", "S IY G Y EH N T EY"),
    ("siguiente", "S IY G IY EH N T EH"),
    ("confirmar", "K OW N F IY R M AA R"),
    ("confirmar", "K AO N F IH R M AA R"),
    ("repetir", "R EH P EH T IY R"),
    ("repetir", "R EY P EY T IH R"),
    ("repetir", "D EH P EH T IY R"),
    ("repetir", "R EH P EH T IH D"),
    ("saltar", "S AA L T AA R"),
    ("saltar", "S AO L T AA R"),
    ("falta", "F AA L T AA"),
    ("falta", "F AA L T AH"),
    ("dañado", "D AA N Y AA D OW"),
    ("dañado", "D AA N Y AA DH OW"),
    ("imprimir", "IY M P R IY M IY R"),
    ("imprimir", "IH M P R IY M IH R"),
    ("cancelar", "K AA N S EH L AA R"),
    ("cancelar", "K AA N TH EH L AA R"),
    ("cancelar", "K AA N S EH L AA"),
    ("cancelar", "K AA N TH EH L AA"),
    ("cancelar", "K AH N S EH L AA R"),
    ("no", "N OW"),
    ("no", "N AO"),
    ("cero", "S EH R OW"),
    ("cero", "TH EH R OW"),
    ("cero", "S EH D OW"),
    ("cero", "TH EH D OW"),
    ("cero", "S EY R OW"),
    ("cero", "TH EY R OW"),
    ("cero", "S EH L OW"),
    ("cero", "S EH R AO"),
    ("cero", "TH EH R AO"),
    ("cero", "S EH T OW"),
    ("uno", "UW N OW"),
    ("uno", "UW N AO"),
    ("dos", "D OW S"),
    ("dos", "D AO S"),
    ("dos", "DH OW S"),
    ("tres", "T R EH S"),
    ("tres", "T R EY S"),
    ("tres", "T D EH S"),
    ("tres", "T ER EH S"),
    ("tres", "T R AE S"),
    ("tres", "TH R EH S"),
    ("cuatro", "K W AA T R OW"),
    ("cuatro", "K W AA T D OW"),
    ("cuatro", "K W AO T R OW"),
    ("cinco", "S IY NG K OW"),
    ("cinco", "TH IY NG K OW"),
    ("seis", "S EY S"),
    ("siete", "S Y EH T EY"),
    ("siete", "S IY EH T EH"),
    ("siete", "S Y EY T EY"),
    ("ocho", "OW CH OW"),
    ("ocho", "AO CH OW"),
    ("nueve", "N W EH V EY"),
    ("nueve", "N W EH B EH"),
];
/// Syllables that ordinary speech is made of.
const SYLLABLES: &[&str] = &[
    "AH DH AH", "S OW", "M AY", "DH AE T", "W IY", "AE N D", "W IH DH", "HH IY", "Y UW", "DH EH R", "G OW", "B AE K",
    "K AH M", "W AH Z", "P AH", "M IH", "T ER", "L IY", "K AH L", "SH AH N", "IH NG", "B IY", "D UW", "F AH", "HH AE",
    "G EH T", "JH AH", "R AH", "V EH R", "L UH", "CH IH", "AO L", "AW T", "AY M", "EH L", "IH N", "AA N", "UH D",
    "Y AE", "W EH L", "M AO R", "T AY M", "P L EY", "K AA", "S AH M", "TH IH NG", "B AH T", "D OW N", "HH AH N",
    "L AO", "OW L", "G R EY", "F L AO", "R UW", "B AA K", "T R AH", "P AE", "L EH", "EH R", "S T AA",
];

fn sounds(lang: VoiceLang) -> &'static [(&'static str, &'static str)] {
    match lang {
        VoiceLang::En => EN,
        VoiceLang::Es => ES,
    }
}

/// The dictionary: a word and its sounds in each line.
#[must_use]
pub(super) fn dictionary(lang: VoiceLang) -> String {
    let mut out = String::new();
    let list = sounds(lang);
    for (at, (word, phones)) in list.iter().enumerate() {
        let nth = list.iter().take(at).filter(|(earlier, _)| earlier == word).count() + 1;
        // Writing to a String cannot fail, here and below.
        let _ = if nth == 1 { writeln!(out, "{word} {phones}") } else { writeln!(out, "{word}({nth}) {phones}") };
    }
    for (at, phones) in SYLLABLES.iter().enumerate() {
        let _ = writeln!(out, "{OTHER}{at} {phones}");
    }
    out
}

/// The grammar as a network of words: one command, or two digits, or ordinary speech.
#[must_use]
pub(super) fn grammar(lang: VoiceLang) -> String {
    const START: usize = 0;
    const END: usize = 1;
    const SECOND_DIGIT: usize = 2;
    const SPEECH: usize = 3;
    let mut ways: Vec<(usize, usize, f64, String)> = Vec::new();
    let mut states = 4;
    for (phrase, _) in phrases(lang) {
        let mut from = START;
        let mut words = phrase.split(' ').peekable();
        while let Some(word) = words.next() {
            let last = words.peek().is_none();
            let to = if last { END } else { states };
            states += usize::from(!last);
            ways.push((from, to, if from == START { 0.05 } else { 1.0 }, word.to_owned()));
            from = to;
        }
    }
    for digit in digit_words(lang) {
        ways.push((START, SECOND_DIGIT, 0.03, (*digit).to_owned()));
        ways.push((SECOND_DIGIT, END, 0.1, (*digit).to_owned()));
    }
    for at in 0..SYLLABLES.len() {
        ways.push((START, SPEECH, OTHER_BEGINS, format!("{OTHER}{at}")));
        ways.push((SPEECH, SPEECH, OTHER_GOES_ON, format!("{OTHER}{at}")));
    }
    ways.push((SPEECH, END, 1.0, String::new()));
    let mut out = format!("FSG_BEGIN commands\nNUM_STATES {states}\nSTART_STATE {START}\nFINAL_STATE {END}\n");
    for (from, to, chance, word) in ways {
        let _ = writeln!(out, "TRANSITION {from} {to} {chance:.9} {word}");
    }
    out.push_str("FSG_END\n");
    out
}

/// The command within what the decoder gave; none for ordinary speech.
#[must_use]
pub(super) fn command(heard: &str) -> Option<&str> {
    let heard = heard.trim();
    (!heard.is_empty() && !heard.contains(OTHER)).then_some(heard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_core_has_its_sounds_and_no_other_has() {
        for lang in VoiceLang::ALL {
            let mut wanted: Vec<&str> = phrases(lang).iter().flat_map(|(phrase, _)| phrase.split(' ')).collect();
            wanted.extend(digit_words(lang));
            wanted.sort_unstable();
            wanted.dedup();
            let mut has: Vec<&str> = sounds(lang).iter().map(|(word, _)| *word).collect();
            has.sort_unstable();
            has.dedup();
            assert_eq!(has, wanted, "{lang:?}");
        }
    }

    #[test]
    fn the_grammar_is_one_network() {
        for lang in VoiceLang::ALL {
            let text = grammar(lang);
            let states: usize =
                text.lines().find_map(|line| line.strip_prefix("NUM_STATES ")).unwrap().parse().unwrap();
            for way in text.lines().filter_map(|line| line.strip_prefix("TRANSITION ")) {
                let ends: Vec<usize> = way.split(' ').take(2).map(|state| state.parse().unwrap()).collect();
                assert!(ends.iter().all(|state| *state < states), "{way}");
                assert!(!way.contains(" 0.000000000 "), "a way that is never taken: {way}");
            }
        }
    }

    #[test]
    fn ordinary_speech_is_no_command() {
        assert_eq!(command(" next "), Some("next"));
        assert_eq!(command("~3 ~17"), None);
        assert_eq!(command(""), None);
    }
}
