//! GS1 codes by chance: what is written is read again as it was, and no bytes whatever make the reader fall over.
//! `PACKBENCH_FUZZ_SECONDS=600` lets the second go on for so long; without it, it is short.

use crate::gs1_kit::{self, Entry, Rng, make};
use packbench::core::gs1::{CANONICAL_STEM, Message, Reader, Rules, Scanned, TextReader, parse, restricted};
use packbench::core::scan::form;
use std::time::{Duration, Instant};

type Elements = Vec<(String, Vec<u8>)>;

fn elements(m: &Message<'_>) -> Elements {
    m.elements().map(|(ai, value)| (ai.to_string(), value.to_vec())).collect()
}

/// The three written forms; the third where a link can hold it.
fn forms(m: &Message<'_>) -> (Vec<u8>, Vec<u8>, Option<Vec<u8>>) {
    let (mut string, mut brackets, mut link) = (Vec::new(), Vec::new(), Vec::new());
    m.write_element_string(&mut string);
    m.write_bracketed(&mut brackets);
    let held = m.write_digital_link(CANONICAL_STEM, &mut link).is_ok();
    (string, brackets, held.then_some(link))
}

#[test]
fn what_is_written_is_read_again_as_it_was() {
    let all = gs1_kit::dictionary();
    let mut rng = Rng(20_261_122);
    let (mut reader, mut again) = (Reader::default(), Reader::default());
    let (mut read, mut links) = (0, 0);
    for _ in 0..20_000 {
        let given = make::elements(&mut rng, &all);
        let text = make::bracketed(&mut rng, &given);
        let Ok(m) = reader.bracketed(&text) else { continue };
        read += 1;
        assert_eq!(elements(&m), given, "what was made is what is read");
        let (string, brackets, link) = forms(&m);
        let second = again.element_string(&string).unwrap();
        assert_eq!(elements(&second), given, "element string {}", show(&string));
        assert_eq!(forms(&second).0, string, "the canonical form of itself");
        let second = again.bracketed(&brackets).unwrap();
        assert_eq!(elements(&second), given, "bracketed {}", show(&brackets));
        if let Some(link) = link {
            links += 1;
            let second = again.digital_link(&link).unwrap_or_else(|e| panic!("{}: {e}", show(&link)));
            let (mut found, mut once) = (elements(&second), given.clone());
            found.sort();
            once.sort();
            once.dedup();
            assert_eq!(found, once, "link {}", show(&link));
            assert_eq!(forms(&second).2.as_deref(), Some(&link[..]), "the canonical form of itself");
        }
    }
    assert!(read > 8_000 && links > 5_000, "only {read} codes and {links} links were valid");
}

#[test]
fn every_identifier_can_be_made_and_read() {
    let all = gs1_kit::dictionary();
    let mut rng = Rng(7);
    let rules = Rules { required_ais: false, ..Rules::OFFICIAL };
    let mut reader = Reader::new(rules);
    for entry in &all {
        for ai in [&entry.from, &entry.to] {
            for _ in 0..50 {
                let value = gs1_kit::values::value(&mut rng, &entry.spec);
                let text = [ai.as_bytes(), &value].concat();
                let m = reader.element_string(&text).unwrap_or_else(|e| panic!("{}: {e}", show(&text)));
                assert_eq!(elements(&m), [(ai.clone(), value)]);
            }
        }
    }
}

/// Everything that reads, once with these bytes.
fn read_all(bytes: &[u8], rules: Rules, reader: &mut Reader, lines: &mut TextReader) {
    reader.set_rules(rules);
    let checks = |at: usize, len: usize| assert!(at + len <= bytes.len(), "{}: a place outside", show(bytes));
    let messages = |m: Message<'_>| {
        let (string, brackets, link) = forms(&m);
        assert!(string.len() <= 64 * 95 && brackets.len() <= 64 * 190 && link.is_none_or(|l| l.len() <= 16_382));
    };
    reader.element_string(bytes).map(messages).unwrap_or_else(|e| checks(e.at, e.len));
    reader.bracketed(bytes).map(messages).unwrap_or_else(|e| checks(e.at, e.len));
    reader.digital_link(bytes).map(messages).unwrap_or_else(|e| checks(e.at, e.len));
    match reader.scanned(bytes) {
        Ok(Scanned::Message(m) | Scanned::Digits(_, Some(m))) => messages(m),
        Ok(Scanned::Digits(_, None) | Scanned::Plain(_)) => {}
        Err(e) => checks(e.at, e.len),
    }
    if let Err(e) = lines.read(bytes) {
        checks(e.at, e.len);
        assert!(!e.to_string().is_empty() && !e.rule.id().is_empty());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (parse(text, true), parse(text, false));
    }
    let _ = form(bytes, None);
}

fn bytes(rng: &mut Rng, all: &[Entry]) -> Vec<u8> {
    let made = make::elements(rng, all);
    let mut out = match rng.below(6) {
        0 => make::scanned(rng, all, &made),
        1 => make::bracketed(rng, &made),
        2 => make::link(rng, all, &made),
        3 => make::random(rng).1,
        4 => (0..rng.below(40)).map(|_| rng.next() as u8).collect(),
        // Longer than any code.
        _ => [b"(99)A^"[..].repeat(1 + rng.below(3_000)), b"http://a/01/"[..].repeat(rng.below(1_200))].concat(),
    };
    make::damage(rng, &mut out);
    out
}

#[test]
fn no_bytes_make_the_reader_fall_over() {
    let seconds = std::env::var("PACKBENCH_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    let end = Instant::now() + Duration::from_secs(seconds.unwrap_or(0));
    let all = gs1_kit::dictionary();
    let mut rng = Rng(seconds.unwrap_or(3));
    let mut reader = Reader::default();
    let restricted: Vec<restricted::Rule> = vec!["2XIIIIIWWWWWC".parse().unwrap()];
    let mut lines = TextReader::default().with_restricted(restricted);
    let mut n = 0_u64;
    while n < 15_000 || (n.is_multiple_of(1_000) && Instant::now() < end) || !n.is_multiple_of(1_000) {
        let given = bytes(&mut rng, &all);
        let (unknown_ais, short_gtins, names) = (rng.one_in(3), rng.one_in(2), rng.one_in(2));
        let rules = if rng.one_in(4) { Rules::LENIENT } else { Rules::OFFICIAL };
        read_all(&given, Rules { unknown_ais, short_gtins, names, ..rules }, &mut reader, &mut lines);
        n += 1;
    }
    println!("{n} codes were read");
}

fn show(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|b| std::ascii::escape_default(*b)).map(char::from).collect()
}
