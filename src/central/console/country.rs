//! Countries at the console: chosen by name in the reader's language, so that none is typed by two letters of its name, and named
//! wherever one is shown. Must never decide what an address may hold: the service does.

use crate::core::country::{code, codes};
use crate::i18n::Catalogue;
use maud::{Markup, html};

fn of_code(words: &Catalogue, code: &str) -> String {
    words.text(&format!("country-{}", code.to_lowercase())).into_owned()
}

/// Name of a country by its code; else of what came in its place, which is often the name itself.
pub(super) fn country_name(words: &Catalogue, of: &str, text: &str) -> String {
    code(of).or_else(|| code(text)).map_or_else(|| text.to_owned(), |code| of_code(words, code))
}

/// Where a name stands in a list: letters with a mark beside those without.
fn order_of(name: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ё' => 'е',
        other => other,
    };
    name.to_lowercase().chars().map(plain).collect()
}

/// A list to choose one from. What is no code stays in it as it was written, so that nothing is saved in its place unseen.
pub(super) fn country_choice(words: &Catalogue, label: &str, name: &str, value: &str) -> Markup {
    let chosen = code(value);
    let mut all: Vec<(&str, String)> = codes().map(|code| (code, of_code(words, code))).collect();
    all.sort_by_cached_key(|(_, name)| order_of(name));
    html! {
        label { (words.text(label)) select name=(name) autocomplete="off" {
            option value="" { "–" }
            @if chosen.is_none() && !value.is_empty() { option value=(value) selected { (value) } }
            @for (code, name) in &all { option value=(code) selected[chosen == Some(*code)] { (name) } }
        } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn every_country_has_a_name_in_every_language_and_the_list_is_in_its_order() {
        for lang in Lang::ALL {
            let words = Catalogue::new(lang);
            let list = country_choice(&words, "neworder-country", "country", "UK").into_string();
            assert_eq!(list.matches("<option").count(), 250, "{list}");
            assert!(!list.contains('⟦') && list.contains("value=\"GB\" selected"), "{list}");
        }
        let list = country_choice(&Catalogue::new(Lang::Es), "neworder-country", "country", "Germany").into_string();
        assert!(list.contains("<option value=\"Germany\" selected>Germany"), "what is no code stays: {list}");
        let at = |name: &str| list.find(name).unwrap();
        assert!(
            at(">Emiratos") < at(">Eslovaquia")
                && at(">Etiopía") < at(">Filipinas")
                && at(">Australia") < at(">Austria")
        );
    }

    #[test]
    fn a_country_is_named_by_its_code_and_else_as_it_came() {
        let named = |lang, of, text| country_name(&Catalogue::new(lang), of, text);
        assert_eq!(named(Lang::En, "IE", "EIRE"), "Ireland");
        assert_eq!(named(Lang::Ru, "", "DE"), "Германия");
        assert_eq!(named(Lang::En, "", "Channel Islands"), "Channel Islands");
    }
}
