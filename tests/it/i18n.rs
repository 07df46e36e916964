//! The message catalogue: complete in every language, right in its plurals, and never at a loss.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use packbench::core::message::{Arg, Message};
use packbench::core::money::{Currency, Money};
use packbench::core::session::Refusal;
use packbench::core::time::{Day, UtcMs};
use packbench::core::units::{DimsMm, Grams};
use packbench::i18n::{Catalogue, FILES, Lang, sources};
use syn::spanned::Spanned;
use syn::visit::Visit;

use crate::tree;

/// Keys whose text is rightly the same as in English: names, codes, and words the languages share.
const SAME_AS_ENGLISH: &str = include_str!("../data/i18n-same-as-english.txt");

/// Prefixes of keys that the code puts together from a closed enum's code.
const COMPOSED: &[&str] =
    &["refusal-", "device-lost-", "device-warning-", "device-adjust-", "command-", "label-trouble-", "exception-kind-"];

/// Words the house never says to a packer.
const UNSAID: &[&str] = &["error", "invalid", "failed", "operation", "illegal", "forbidden", "abort"];

struct Entries {
    /// Key to the text of its pattern and the variables in it.
    keys: BTreeMap<String, (String, BTreeSet<String>)>,
    problems: Vec<String>,
}

/// Everything that is wrong with the translations; also asked by the tidy test.
pub fn problems() -> Vec<String> {
    let english = entries(Lang::En);
    let mut problems = Vec::new();
    let same: BTreeSet<(&str, &str)> =
        SAME_AS_ENGLISH.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(' ')).collect();
    let mut same_seen = BTreeSet::new();
    for lang in Lang::ALL {
        let here = entries(lang);
        problems.extend(here.problems.iter().cloned());
        for (key, (english_text, variables)) in &english.keys {
            let Some((text, own)) = here.keys.get(key) else {
                problems.push(format!("{}: {key} is not translated", lang.code()));
                continue;
            };
            if own != variables {
                problems.push(format!("{}: {key} uses {own:?}, English uses {variables:?}", lang.code()));
            }
            let wordless = text.split(['{', '}']).step_by(2).all(|t| !t.chars().any(char::is_alphabetic));
            if lang != Lang::En && text == english_text && !wordless {
                same_seen.insert((lang.code(), key.clone()));
                if !same.contains(&(lang.code(), key.as_str())) {
                    problems.push(format!("{}: {key} is still English: {text}", lang.code()));
                }
            }
        }
        for key in here.keys.keys().filter(|k| !english.keys.contains_key(*k)) {
            problems.push(format!("{}: {key} is not in English", lang.code()));
        }
    }
    let idle = same.iter().filter(|(l, k)| !same_seen.contains(&(*l, (*k).to_owned())));
    problems.extend(idle.map(|(l, k)| format!("tests/data/i18n-same-as-english.txt: {l} {k} is no longer the same")));
    problems
}

fn entries(lang: Lang) -> Entries {
    let mut out = Entries { keys: BTreeMap::new(), problems: Vec::new() };
    assert_eq!(sources(lang).len(), FILES.len());
    for source in sources(lang) {
        let place = format!("assets/i18n/{}/{}", lang.code(), source.file);
        let resource = fluent_syntax::parser::parse(source.text).unwrap_or_else(|(resource, errors)| {
            out.problems.extend(errors.iter().map(|e| format!("{place}: {e}")));
            resource
        });
        for entry in &resource.body {
            let Entry::Message(message) = entry else { continue };
            let key = message.id.name.to_owned();
            let Some(pattern) = &message.value else {
                out.problems.push(format!("{place}: {key} has no text"));
                continue;
            };
            let mut variables = BTreeSet::new();
            let mut text = String::new();
            read_pattern(pattern, &mut text, &mut variables);
            if out.keys.insert(key.clone(), (text, variables)).is_some() {
                out.problems.push(format!("{place}: {key} occurs twice"));
            }
        }
    }
    out
}

fn read_pattern(pattern: &Pattern<&str>, text: &mut String, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => text.push_str(value),
            PatternElement::Placeable { expression } => read_expression(expression, text, variables),
        }
    }
}

fn read_expression(expression: &Expression<&str>, text: &mut String, variables: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => read_inline(inline, text, variables),
        Expression::Select { selector, variants } => {
            let mut unseen = String::new();
            read_inline(selector, &mut unseen, variables);
            for variant in variants {
                text.push('|');
                read_pattern(&variant.value, text, variables);
            }
        }
    }
}

fn read_inline(inline: &InlineExpression<&str>, text: &mut String, variables: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            text.push_str(&format!("{{{}}}", id.name));
            variables.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => read_expression(expression, text, variables),
        InlineExpression::StringLiteral { value } | InlineExpression::NumberLiteral { value } => text.push_str(value),
        InlineExpression::FunctionReference { id, .. }
        | InlineExpression::MessageReference { id, .. }
        | InlineExpression::TermReference { id, .. } => text.push_str(id.name),
    }
}

/// A key of the catalogue by its look: `say-verify`, `command-GO`.
fn looks_like_key(text: &str) -> bool {
    text.contains('-')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Keys that the code asks for by a literal, with the place: arguments of the calls that take a key, and what
/// functions named `…key` answer.
fn keys_in_code() -> Vec<(String, String)> {
    const CALLS: &[&str] = &["Message::new", "text", "text_with", "key", "t", "tr", "why", "Key"];
    let mut found = Vec::new();
    for file in tree::files("src", &[".rs"]) {
        let before = found.len();
        for (at, _) in file.text.match_indices('"') {
            let head = file.text[..at].trim_end();
            let Some(head) = head.strip_suffix('(') else { continue };
            let called = CALLS.iter().any(|call| {
                let name = head.strip_suffix(call);
                name.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            });
            let literal = file.text[at + 1..].split('"').next().unwrap_or_default();
            if called && looks_like_key(literal) {
                found
                    .push((literal.to_owned(), format!("{}:{}", file.path, 1 + file.text[..at].matches('\n').count())));
            }
        }
        // A function that makes a message of a key it holds in a variable: every literal of that look is one.
        for (line, body) in functions(&file.text) {
            let held =
                body.match_indices("Message::new(").any(|(at, m)| !body[at + m.len()..].trim_start().starts_with('"'));
            if held {
                let literals = body.split('"').skip(1).step_by(2).filter(|l| looks_like_key(l));
                found.extend(literals.map(|l| (l.to_owned(), format!("{}:{line}", file.path))));
            }
        }
        for (at, _) in file.text.match_indices("key(self) -> &'static str {") {
            let body = file.text[at..].split("\n    }").next().unwrap_or_default();
            let literals = body.split('"').skip(1).step_by(2).filter(|l| looks_like_key(l));
            found.extend(literals.map(|l| (l.to_owned(), file.path.clone())));
        }
        assert!(found.len() >= before);
    }
    found
}

#[test]
fn every_language_says_everything() {
    let problems = problems();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_key_in_the_code_is_in_the_catalogue() {
    let catalogue = Catalogue::new(Lang::En);
    let used = keys_in_code();
    assert!(used.len() > 20, "only {} keys found: the search is broken", used.len());
    let missing: Vec<String> =
        used.iter().filter(|(key, _)| !catalogue.has(key)).map(|(key, place)| format!("{place}: {key}")).collect();
    assert!(missing.is_empty(), "keys without a text in assets/i18n:\n{}", missing.join("\n"));
    let all_code: String = tree::files("src", &[".rs"]).into_iter().map(|f| f.text).collect();
    let quoted: std::collections::HashSet<&str> = all_code.split('"').collect();
    let unused: Vec<String> = entries(Lang::En)
        .keys
        .into_keys()
        .filter(|k| !COMPOSED.iter().any(|p| k.starts_with(p)) && !quoted.contains(k.as_str()))
        .collect();
    println!("{} keys that no code names: {}", unused.len(), unused.join(" "));
}

/// A sentence that waits for `$left` while the code gives `wait` would show a hole. Each function that names a key must
/// also name, somewhere in it, every variable of that key's text.
#[test]
fn what_a_text_wants_is_what_the_code_gives() {
    let keys = entries(Lang::En).keys;
    let mut found = Vec::new();
    for file in tree::files("src", &[".rs"]) {
        for (line, body) in functions(&file.text) {
            for key in
                body.match_indices("Message::new(\"").filter_map(|(at, m)| body[at + m.len()..].split('"').next())
            {
                let Some((_, wanted)) = keys.get(key) else { continue };
                for name in wanted.iter().filter(|name| !body.contains(&format!("\"{name}\""))) {
                    found.push(format!("{}:{line}: {key} wants ${name}", file.path));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The text of every function with its first line.
fn functions(text: &str) -> Vec<(usize, String)> {
    #[derive(Default)]
    struct Bodies(Vec<(usize, usize)>);
    impl<'ast> Visit<'ast> for Bodies {
        fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
            self.0.push((item.sig.span().start().line, item.block.span().end().line));
        }
        fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
            self.0.push((item.sig.span().start().line, item.block.span().end().line));
        }
    }
    let mut bodies = Bodies::default();
    bodies.visit_file(&syn::parse_file(text).unwrap());
    let lines: Vec<&str> = text.lines().collect();
    bodies.0.into_iter().map(|(from, to)| (from, lines[from - 1..to].join("\n"))).collect()
}

#[test]
fn every_refusal_has_two_lines() {
    let catalogue = Catalogue::new(Lang::En);
    let keys = entries(Lang::En).keys;
    let given = tree::file("src/core/session/refusal.rs").unwrap();
    for code in Refusal::CODES {
        for key in [format!("refusal-{code}"), format!("refusal-{code}-detail")] {
            assert!(catalogue.has(&key), "{key} is not in assets/i18n/*/refusal.ftl");
            for name in &keys[&key].1 {
                assert!(given.contains(&format!("\"{name}\"")), "{key} wants ${name}, which no refusal gives");
            }
        }
    }
}

#[test]
fn rail_words_fit_the_rail() {
    for lang in Lang::ALL {
        let catalogue = Catalogue::new(lang);
        for step in
            ["order", "review", "stock", "pick", "verify", "pack", "checklist", "weigh", "label", "confirm", "next"]
        {
            let word = catalogue.text(&format!("step-{step}")).into_owned();
            assert!(word.chars().count() <= 11, "{}: {word:?} is longer than 11 letters", lang.code());
            assert!(!word.contains(['⟦', ' ']), "{}: {word:?}", lang.code());
        }
    }
}

#[test]
fn the_house_neither_shouts_nor_blames() {
    let kiosk = ["station.ftl", "refusal.ftl", "exception.ftl", "device.ftl", "reason.ftl"];
    for lang in Lang::ALL {
        for source in sources(lang).iter().filter(|s| kiosk.contains(&s.file)) {
            for line in source.text.lines().filter(|l| !l.starts_with('#')) {
                assert!(!line.contains('!') && !line.contains('¡'), "{}/{}: {line}", lang.code(), source.file);
                let text = line.split_once('=').map_or(line, |(_, text)| text).to_lowercase();
                let text: String = text.split(['{', '}']).step_by(2).collect();
                let said = UNSAID.iter().find(|w| text.split(|c: char| !c.is_alphabetic()).any(|x| x == **w));
                assert_eq!(said, None, "{}/{}: {line}", lang.code(), source.file);
            }
        }
    }
}

#[test]
fn russian_counts_by_its_own_rules() {
    let catalogue = Catalogue::new(Lang::Ru);
    let say = |n: i64| catalogue.text_with("word-items", &[("n", Arg::Int(n))]);
    let cases = [
        (0, "0 товаров"),
        (1, "1 товар"),
        (2, "2 товара"),
        (4, "4 товара"),
        (5, "5 товаров"),
        (11, "11 товаров"),
        (14, "14 товаров"),
        (21, "21 товар"),
        (22, "22 товара"),
        (111, "111 товаров"),
        (1_201, "1\u{a0}201 товар"),
    ];
    for (n, expected) in cases {
        assert_eq!(say(n), expected);
    }
}

#[test]
fn other_languages_count_too() {
    let say = |lang, n: i64| Catalogue::new(lang).text_with("word-items", &[("n", Arg::Int(n))]);
    assert_eq!(say(Lang::En, 1), "1 item");
    assert_eq!(say(Lang::En, 0), "0 items");
    assert_eq!(say(Lang::En, 1_204), "1,204 items");
    assert_eq!(say(Lang::Es, 1), "1 artículo");
    assert_eq!(say(Lang::Es, 2), "2 artículos");
    assert_eq!(say(Lang::Ms, 40), "40 barang");
}

#[test]
fn a_message_is_written_the_readers_way() {
    let too_light = Message::new("refusal-weight-outside")
        .with("way", "light")
        .with("by", Grams(1_360))
        .with("count", 6_i64)
        .with("item", "WHITE HANGING HEART");
    let say = |lang| Catalogue::new(lang).render(&too_light);
    assert_eq!(say(Lang::En), "Too light by 1.36\u{a0}kg");
    assert_eq!(say(Lang::Es), "Faltan 1,36\u{a0}kg");
    assert_eq!(say(Lang::Ru), "Легче на 1,36\u{a0}кг");
    let detail = Message { key: "refusal-weight-outside-detail", ..too_light.clone() };
    assert_eq!(Catalogue::new(Lang::En).render(&detail), "Looks like 6 × WHITE HANGING HEART. Count again");
    let nobody = Message::new("refusal-weight-outside-detail").with("count", 0_i64).with("item", "");
    assert_eq!(Catalogue::new(Lang::En).render(&nobody), "Count again, or ask the lead");
}

#[test]
fn a_message_within_a_message_is_translated() {
    let message = Message::new("refusal-flag-set").with("flag", Arg::Key("flag-unpaid"));
    assert_eq!(Catalogue::new(Lang::Es).render(&message), "Alto: Sin pagar");
}

#[test]
fn an_unknown_key_shows_itself() {
    let catalogue = Catalogue::new(Lang::Ru);
    assert_eq!(catalogue.text("nobody-wrote-this"), "⟦nobody-wrote-this⟧");
    assert_eq!(catalogue.render(&Message::new("nobody-wrote-this").with("n", 3_i64)), "⟦nobody-wrote-this⟧");
    assert!(!catalogue.has("nobody-wrote-this"));
}

#[test]
fn a_missing_argument_does_not_hide_the_rest() {
    let text = Catalogue::new(Lang::En).text_with("say-pick", &[]);
    assert!(text.starts_with("Go to ") && text.ends_with(", scan the shelf"), "{text}");
}

#[test]
fn a_catalogue_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&Catalogue::new(Lang::Es));
}

#[test]
fn plain_texts_are_borrowed() {
    let catalogue = Catalogue::new(Lang::Ms);
    assert!(matches!(catalogue.text("step-pick"), Cow::Borrowed("Ambil")));
}

#[test]
fn times_are_the_sites() {
    // 2026-03-29 is the day Britain's clocks go forward: 00:59 UTC is 00:59, 01:00 UTC is 02:00.
    let before = UtcMs(1_774_745_940_000);
    let after = before.plus_ms(60_000);
    let london = Catalogue::in_zone(Lang::En, "Europe/London").unwrap();
    assert_eq!(london.format().time(before), "00:59");
    assert_eq!(london.format().time(after), "02:00");
    assert_eq!(london.format().date_time(after, before), "29\u{a0}Mar 02:00");
    let a_year_on = UtcMs(after.0 + 366 * 86_400_000);
    let whole = london.format().date_time_whole(after);
    assert!(whole.starts_with("29\u{a0}Mar\u{a0}20") && whole.ends_with(" 02:00"), "{whole}");
    assert_eq!(london.format().date_time(after, a_year_on), whole, "another year is named");
    let new_year = UtcMs(1_767_225_600_000); // 2026-01-01T00:00:00Z
    let eve = UtcMs(new_year.0 - 1);
    assert_eq!(london.format().date_time(eve, new_year), "31\u{a0}Dec\u{a0}2025 23:59");
    assert_eq!(london.format().time_s(after), "02:00:00");
    let kuala_lumpur = Catalogue::in_zone(Lang::Ms, "Asia/Kuala_Lumpur").unwrap();
    assert_eq!(kuala_lumpur.format().time(before), "08:59");
    assert_eq!(kuala_lumpur.format().date(before), "29\u{a0}Mac\u{a0}2026");
    assert_eq!(london.switched(Lang::Ru).format().time(after), "02:00");
    let refused = Catalogue::in_zone(Lang::En, "Mars/Olympus").unwrap_err();
    assert!(refused.to_string().contains("Mars/Olympus") && refused.to_string().contains("IANA"), "{refused}");
}

#[test]
fn values_follow_each_languages_habits() {
    let all = Lang::ALL.map(Catalogue::new);
    let f = |lang| all.iter().find(|words| words.lang() == lang).unwrap().format();
    let (en, es, ms, ru) = (f(Lang::En), f(Lang::Es), f(Lang::Ms), f(Lang::Ru));
    for (n, expected) in [(999, "999"), (1_204, "1,204"), (-1_234_567, "\u{2212}1,234,567"), (0, "0")] {
        assert_eq!(en.number(n), expected);
    }
    assert_eq!((es.number(1_204), es.number(12_040)), ("1204".to_owned(), "12.040".to_owned()));
    assert_eq!(ru.number(12_040), "12\u{a0}040");
    assert_eq!(en.number(i64::MIN), "\u{2212}9,223,372,036,854,775,808");

    let pounds = Money { minor: 13_912, currency: Currency::GBP };
    assert_eq!((en.money(pounds), es.money(pounds)), ("£139.12".to_owned(), "139,12\u{a0}£".to_owned()));
    assert_eq!(ms.money(Money { minor: 123_456, currency: Currency::new("MYR").unwrap() }), "RM1,234.56");
    assert_eq!(ru.money(Money { minor: -5, currency: Currency::EUR }), "\u{2212}0,05\u{a0}€");
    assert_eq!(en.money(Money { minor: 1_200, currency: Currency::new("JPY").unwrap() }), "¥1,200");
    assert_eq!(en.money(Money { minor: 1_234_567, currency: Currency::new("KWD").unwrap() }), "KWD\u{a0}1,234.567");

    for (g, expected) in
        [(320, "320\u{a0}g"), (1_000, "1.00\u{a0}kg"), (12_080, "12.08\u{a0}kg"), (12_345, "12.345\u{a0}kg")]
    {
        assert_eq!(en.mass(Grams(g)), expected);
    }
    assert_eq!(ru.mass(Grams(12_110)), "12,11\u{a0}кг");
    assert_eq!(en.grams(Grams(1_320)), "1,320\u{a0}g");
    assert_eq!(en.mass_difference(Grams(30)), "+\u{a0}30\u{a0}g");
    assert_eq!(en.mass_difference(Grams(-1_360)), "\u{2212}\u{a0}1.36\u{a0}kg");
    assert_eq!(en.mass_parts(Grams(12_110)), ("12.11".to_owned(), "kg"));
    assert_eq!(en.dims(DimsMm { length: 400, width: 300, height: 300 }), "400\u{a0}×\u{a0}300\u{a0}×\u{a0}300\u{a0}mm");
    assert_eq!(
        (en.percent(996), ru.percent(996), en.percent(820)),
        ("99.6\u{a0}%".to_owned(), "99,6\u{a0}%".to_owned(), "82\u{a0}%".to_owned())
    );
    let day = Day::new(2010, 12, 1).unwrap();
    assert_eq!((en.day(day), es.day(day)), ("1\u{a0}Dec\u{a0}2010".to_owned(), "1\u{a0}dic\u{a0}2010".to_owned()));
    assert_eq!(ru.day(day), "1\u{a0}дек.\u{a0}2010\u{a0}г.");
}

#[test]
fn spans_are_read_aloud() {
    let words = Catalogue::new(Lang::En);
    let en = words.format();
    const MINUTE: i64 = 60_000;
    let cases = [
        (0, "0\u{a0}s"),
        (12_900, "12\u{a0}s"),
        (252_000, "4:12"),
        (10 * MINUTE, "10\u{a0}min"),
        (42 * MINUTE + 59_000, "42\u{a0}min"),
        (130 * MINUTE, "2\u{a0}h 10\u{a0}min"),
        (60 * MINUTE, "1\u{a0}h"),
        (28 * 60 * MINUTE, "1\u{a0}d 4\u{a0}h"),
        (-42 * MINUTE, "\u{2212}42\u{a0}min"),
        (-20, "0\u{a0}s"),
    ];
    for (ms, expected) in cases {
        assert_eq!(en.span(ms), expected);
    }
    assert_eq!(en.span_min(252_000), "4\u{a0}min");
    assert_eq!((en.stopwatch(7_000), en.stopwatch(3_729_000)), ("0:07".to_owned(), "1:02:09".to_owned()));
    assert_eq!(Catalogue::new(Lang::Ru).format().span(42 * MINUTE), "42\u{a0}мин");
}

#[test]
fn a_language_is_found_by_its_code() {
    assert_eq!(Lang::from_code("es-MX"), Some(Lang::Es));
    assert_eq!(Lang::from_code("ru_RU.UTF-8"), Some(Lang::Ru));
    assert_eq!(Lang::from_code("MS"), Some(Lang::Ms));
    assert_eq!((Lang::from_code("C"), Lang::from_code("")), (None, None));
    let names: Vec<&str> = Lang::ALL.into_iter().map(Lang::own_name).collect();
    assert_eq!(names, ["English", "Español", "Bahasa Melayu", "Русский"]);
}

#[test]
fn every_permission_has_a_name_in_every_language() {
    for lang in Lang::ALL {
        let words = Catalogue::new(lang);
        for permission in packbench::central::services::access::Permission::ALL {
            let key = format!("office-may-{}", permission.name().replace('.', "-"));
            assert!(words.has(&key), "{key} in {lang:?}");
        }
    }
}
