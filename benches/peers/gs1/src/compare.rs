//! Every code is read by both; whatever differs is told.

use crate::core::gs1::{Gs1Error, Message, Reader, Rules, Scanned, is_link};
use crate::engine::{Engine, Mode};
use crate::gs1_kit::{self, Entry, Rng, make, peer};

/// Most differences that are printed.
const SHOWN_MAX: u64 = 20;
const STEMS: [&str; 3] = ["https://id.gs1.org", "https://example.com/", "https://a/b/c"];

/// What came of all comparisons.
#[derive(Default)]
struct Counts {
    codes: u64,
    valid: u64,
    places: u64,
    differences: u64,
}

/// Compares; whether nothing differed.
pub fn run(engine: &mut Engine, checkout: &str, codes: u64, seed: u64) -> bool {
    let begun = std::time::Instant::now();
    let all = gs1_kit::dictionary();
    let mut counts = Counts::default();
    let mut reader = Reader::default();
    for code in own_strings(checkout) {
        for (mode, code) in ways(&code) {
            for rules in every_rules() {
                note(&mut counts, engine, &mut reader, mode, &code, rules, STEMS[0]);
            }
        }
    }
    let own = counts.codes;
    let mut rng = Rng(seed);
    while counts.codes < own + codes {
        let (mode, code) = code(&mut rng, &all);
        let mut rules = Rules::OFFICIAL;
        if rng.one_in(3) {
            rules.unknown_ais = rng.one_in(3);
            rules.short_gtins = rng.one_in(2);
            rules.required_ais = rng.one_in(2);
        }
        let stem = *rng.pick(&STEMS);
        note(&mut counts, engine, &mut reader, mode, &code, rules, stem);
    }
    println!("the engine's own strings, each in every mode and with all rules: {own}");
    println!("made codes: {codes} (seed {seed}) in {:.1} s", begun.elapsed().as_secs_f64());
    println!("valid: {}; refused with a place that both tell: {}", counts.valid, counts.places);
    println!(
        "differences in verdict, rule, place, elements, bracketed text, element string or link: {}",
        counts.differences
    );
    counts.differences == 0
}

fn note(n: &mut Counts, e: &mut Engine, r: &mut Reader, mode: Mode, code: &[u8], rules: Rules, stem: &str) {
    // Anything else is free text to the engine.
    if mode == Mode::Uri && !is_link(code) {
        return;
    }
    n.codes += 1;
    if let Err(what) = one(n, e, r, mode, code, rules, stem) {
        n.differences += 1;
        if n.differences <= SHOWN_MAX {
            println!("{mode:?} {}\n    {rules:?}\n    {what}", show(code));
        }
    }
}

/// A made code: valid, damaged, or of random characters. The engine ends texts at a null, so none is in them.
pub fn code(rng: &mut Rng, all: &[Entry]) -> (Mode, Vec<u8>) {
    if rng.one_in(10) {
        let (mode, code) = make::random(rng);
        return (mode_of(mode), code);
    }
    let elements = make::elements(rng, all);
    let (mode, mut code) = match rng.below(3) {
        0 => (Mode::Scan, make::scanned(rng, all, &elements)),
        1 => (Mode::Bracketed, make::bracketed(rng, &elements)),
        _ if rng.one_in(10) => (Mode::Scan, [b"]Q1", &make::link(rng, all, &elements)[..]].concat()),
        _ => (Mode::Uri, make::link(rng, all, &elements)),
    };
    make::damage(rng, &mut code);
    code.retain(|b| *b != 0);
    (mode, code)
}

fn mode_of(n: usize) -> Mode {
    [Mode::Scan, Mode::Bracketed, Mode::Uri][n]
}

fn every_rules() -> impl Iterator<Item = Rules> {
    (0..8).map(|n| Rules {
        unknown_ais: n & 1 > 0,
        short_gtins: n & 2 > 0,
        required_ais: n & 4 == 0,
        ..Rules::OFFICIAL
    })
}

/// The strings of the engine's own tests, adjacent literals as one.
pub fn own_strings(checkout: &str) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    for file in ["ai.c", "dl.c", "scandata.c", "gs1encoders.c"] {
        let path = format!("{checkout}/src/c-lib/{file}");
        let text = std::fs::read_to_string(&path).expect("a source of the engine");
        let tests = text.split_once("#ifdef UNIT_TESTS").map_or("", |(_, tests)| tests);
        out.extend(literals(tests.as_bytes()));
    }
    out.sort();
    out.dedup();
    out
}

fn literals(text: &[u8]) -> Vec<Vec<u8>> {
    let (mut out, mut at, mut joined): (Vec<Vec<u8>>, usize, bool) = (Vec::new(), 0, false);
    while at < text.len() {
        match text[at] {
            b'"' => {
                let mut literal = Vec::new();
                at += 1;
                while at < text.len() && text[at] != b'"' {
                    if text[at] == b'\\' {
                        at += 1;
                        if text[at] == b'x' {
                            let hex = std::str::from_utf8(&text[at + 1..at + 3]).unwrap_or("");
                            literal.push(u8::from_str_radix(hex, 16).unwrap_or(b'x'));
                            at += 2;
                        } else {
                            literal.push(text[at]);
                        }
                    } else {
                        literal.push(text[at]);
                    }
                    at += 1;
                }
                match out.last_mut().filter(|_| joined) {
                    Some(last) => last.extend(literal),
                    None => out.push(literal),
                }
                joined = true;
            }
            b' ' | b'\t' | b'\n' => {}
            _ => joined = false,
        }
        at += 1;
    }
    out.retain(|l| !l.contains(&0));
    out
}

/// A string of the tests in every form it could be.
pub fn ways(code: &[u8]) -> Vec<(Mode, Vec<u8>)> {
    let gs = |code: &[u8]| code.iter().map(|b| if *b == b'^' { 0x1d } else { *b }).collect::<Vec<u8>>();
    let mut out = vec![(Mode::Scan, code.to_vec()), (Mode::Bracketed, code.to_vec()), (Mode::Uri, code.to_vec())];
    if let Some(data) = code.strip_prefix(b"^") {
        out.push((Mode::Scan, [b"]C1", &gs(data)[..]].concat()));
    }
    out
}

/// What Packbench says: the elements, and whether digits stand before them.
pub fn ours<'a>(r: &'a mut Reader, mode: Mode, code: &'a [u8]) -> Result<(Option<Message<'a>>, bool), Gs1Error> {
    match mode {
        Mode::Scan => r.scanned(code).map(|said| match said {
            Scanned::Message(m) => (Some(m), false),
            Scanned::Digits(_, m) => (m, true),
            Scanned::Plain(_) => (None, false),
        }),
        Mode::Bracketed => r.bracketed(code).map(|m| (Some(m), false)),
        Mode::Uri => r.digital_link(code).map(|m| (Some(m), false)),
    }
}

fn one(
    n: &mut Counts,
    engine: &mut Engine,
    reader: &mut Reader,
    mode: Mode,
    code: &[u8],
    rules: Rules,
    stem: &str,
) -> Result<(), String> {
    reader.set_rules(rules);
    engine.rules(rules.unknown_ais, rules.short_gtins, rules.required_ais);
    let taken = engine.set(mode, code);
    match ours(reader, mode, code) {
        Err(e) if taken => Err(format!("only Packbench refuses: {e}")),
        Err(e) => refused(n, engine, mode, code, &e),
        Ok(_) if !taken => Err(format!("only the engine refuses: {}", engine.error())),
        Ok((None, _)) if engine.elements().is_empty() => Ok(()),
        Ok((None, _)) => Err("only the engine has elements".to_owned()),
        Ok((Some(message), digits)) => {
            n.valid += 1;
            written(engine, &message, stem, rules, digits)
        }
    }
}

/// Both refuse: for the same rule, at the same place?
fn refused(n: &mut Counts, engine: &Engine, mode: Mode, code: &[u8], e: &Gs1Error) -> Result<(), String> {
    if !peer::is_rule(e.rule.id(), engine.error()) {
        return Err(format!("rules: {e} and {}", engine.error()));
    }
    let Some(markup) = engine.markup() else { return Ok(()) };
    let value = markup.split(|b| *b == b')').next().map_or(0, |ai| ai.len() + 1);
    let parts: Vec<&[u8]> = markup[value..].split(|b| *b == b'|').collect();
    // A bar among the value's own characters hides where the marks are.
    let [before, wrong, _] = parts[..] else { return Ok(()) };
    n.places += 1;
    let found = code.get(e.at..e.at + e.len).unwrap_or(b"");
    let mode = if mode == Mode::Scan && is_link(&code[3..]) { Mode::Uri } else { mode };
    let same = match mode {
        Mode::Scan => e.at >= before.len() && code[e.at - before.len()..e.at] == *before && found == wrong,
        Mode::Bracketed | Mode::Uri => unescaped(mode, found) == unescaped(Mode::Scan, wrong),
    };
    if same { Ok(()) } else { Err(format!("places: {e}, length {}, and {}", e.len, show(&markup))) }
}

/// A piece of the input as the value it is. A plus sign and a blank count as one character.
fn unescaped(mode: Mode, piece: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    let hex = |digits: &[u8]| {
        let digits = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u8::from_str_radix(digits, 16).ok()
    };
    while at < piece.len() {
        let (byte, len) = match (mode, &piece[at..]) {
            (Mode::Bracketed, [b'\\', b'(', ..]) => (b'(', 2),
            (Mode::Uri, [b'%', digits @ ..]) => match digits.get(..2).and_then(hex) {
                Some(byte) => (byte, 3),
                None => (b'%', 1),
            },
            (_, rest) => (rest[0], 1),
        };
        out.push(if byte == b'+' { b' ' } else { byte });
        at += len;
    }
    out
}

/// Both take it: with the same elements and the same written forms?
fn written(engine: &mut Engine, m: &Message<'_>, stem: &str, rules: Rules, digits: bool) -> Result<(), String> {
    let elements: Vec<_> = m.elements().map(|(ai, v)| (ai.to_string().into_bytes(), v.to_vec())).collect();
    if elements != engine.elements() {
        return Err(format!("elements: {elements:?} and {:?}", engine.elements()));
    }
    let mut bracketed = Vec::new();
    m.write_bracketed(&mut bracketed);
    let theirs = engine.bracketed().unwrap_or_default();
    if bracketed != theirs {
        return Err(format!("bracketed: {} and {}", show(&bracketed), show(&theirs)));
    }
    let mut link = Vec::new();
    let end = m.write_digital_link(stem, &mut link);
    match (end, engine.link(stem)) {
        (Ok(()), Some(theirs)) if theirs == link => {}
        (Err(e), None) if peer::is_rule(e.rule.id(), engine.error()) => {}
        (end, theirs) => return Err(format!("link: {end:?} {} and {theirs:?}", show(&link))),
    }
    if !digits && !bracketed.contains(&b'|') {
        let mut string = vec![b'^'];
        m.write_element_string(&mut string);
        string.iter_mut().filter(|b| **b == 0x1d).for_each(|b| *b = b'^');
        engine.rules(rules.unknown_ais, false, rules.required_ais);
        if !engine.set(Mode::Bracketed, &bracketed) || engine.data() != string {
            return Err(format!("element string: {} and {}", show(&string), show(&engine.data())));
        }
    }
    Ok(())
}

pub fn show(code: &[u8]) -> String {
    code.iter().flat_map(|b| std::ascii::escape_default(*b)).map(char::from).collect()
}
