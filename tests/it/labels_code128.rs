//! Code 128 and GS1-128: what an independent reader decodes is what went in, with the fewest codewords possible.

use super::labels_kit::Seeded;
use packbench::labels::code128::{CODE128_SYMBOLS_MAX, Code128, Code128Error, Symbol};
use packbench::labels::gs1::{self, ElementString, Gs1Error};
use rxing::helpers::detect_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use std::collections::{BTreeSet, VecDeque};

/// Bars two pixels per module and forty high, with quiet zones, read by rxing.
fn read(code: &Code128, gs1: bool) -> String {
    let mut row = vec![255_u8; 30];
    for (i, width) in code.widths().into_iter().enumerate() {
        let shade = if i % 2 == 0 { 0 } else { 255 };
        row.extend(std::iter::repeat_n(shade, usize::from(width) * 2));
    }
    row.extend([255; 30]);
    let width = row.len() as u32;
    let mut hints = DecodeHints { TryHarder: Some(true), AssumeGs1: Some(gs1), ..DecodeHints::default() };
    let found = detect_in_luma_with_hints(row.repeat(40), width, 40, Some(BarcodeFormat::CODE_128), &mut hints);
    found.expect("rxing reads the code").getText().to_owned()
}

#[test]
fn random_ascii_decodes_to_itself() {
    let mut seeded = Seeded(1);
    let alphabets: [&dyn Fn(u64) -> u8; 4] =
        [&|n| (n % 128) as u8, &|n| 32 + (n % 95) as u8, &|n| b'0' + (n % 10) as u8, &|n| {
            if n % 5 == 0 { b'A' + (n % 26) as u8 } else { b'0' + (n % 10) as u8 }
        }];
    for round in 0..400 {
        let length = 1 + seeded.below(40);
        let alphabet = alphabets[round % alphabets.len()];
        let text: String = (0..length).map(|_| char::from(alphabet(seeded.next() >> 11))).collect();
        let code = Code128::from_text(&text).expect("ASCII encodes");
        assert_eq!(read(&code, false), text, "round {round}");
    }
}

/// Fewest codewords by breadth-first search over every codeword a writer may choose, check and stop not counted.
fn fewest(symbols: &[Symbol]) -> usize {
    let in_a = |s: &Symbol| matches!(s, Symbol::Fnc1 | Symbol::Ascii(0..=95));
    let in_b = |s: &Symbol| matches!(s, Symbol::Fnc1 | Symbol::Ascii(32..=127));
    let digit = |s: Option<&Symbol>| matches!(s, Some(Symbol::Ascii(b'0'..=b'9')));
    let mut queue: VecDeque<(usize, char, usize)> = ['A', 'B', 'C'].into_iter().map(|set| (0, set, 1)).collect();
    let mut seen = BTreeSet::new();
    while let Some((at, set, cost)) = queue.pop_front() {
        if at == symbols.len() {
            return cost;
        }
        if !seen.insert((at, set)) {
            continue;
        }
        let next = &symbols[at];
        let fits = match set {
            'A' => in_a(next),
            'B' => in_b(next),
            _ => *next == Symbol::Fnc1,
        };
        if fits {
            queue.push_back((at + 1, set, cost + 1));
        }
        if set == 'C' && digit(symbols.get(at)) && digit(symbols.get(at + 1)) {
            queue.push_back((at + 2, set, cost + 1));
        }
        for other in ['A', 'B', 'C'] {
            if other != set {
                queue.push_back((at, other, cost + 1));
            }
        }
        // SHIFT and the one character after it: two codewords, and the set stays.
        let shifted = match set {
            'A' => in_b(next) && !in_a(next),
            'B' => in_a(next) && !in_b(next),
            _ => false,
        };
        if shifted {
            queue.push_back((at + 1, set, cost + 2));
        }
        queue.make_contiguous().sort_by_key(|(_, _, cost)| *cost);
    }
    unreachable!("every symbol can be encoded")
}

#[test]
fn no_shorter_code_exists() {
    let letters = [Symbol::Ascii(b'1'), Symbol::Ascii(b'a'), Symbol::Ascii(b'A'), Symbol::Ascii(1), Symbol::Fnc1];
    let mut seeded = Seeded(7);
    for _ in 0..3_000 {
        let symbols: Vec<Symbol> = (0..1 + seeded.below(11)).map(|_| letters[seeded.below(5)]).collect();
        let code = Code128::from_symbols(&symbols).expect("encodes");
        assert_eq!(code.codewords().len() - 1, fewest(&symbols), "{symbols:?}");
    }
}

#[test]
fn gs1_elements_come_back_with_separators() {
    let elements = [
        ElementString::new("02", "03453120000011").expect("an element"),
        ElementString::new("10", "LOT-7a").expect("an element"),
        ElementString::new("37", "25").expect("an element"),
    ];
    let code = gs1::gs1_128(&elements).expect("encodes");
    let text = read(&code, true);
    assert_eq!(text.trim_start_matches("]C1"), "020345312000001110LOT-7a\u{1d}3725");
    assert!(text.starts_with("]C1"), "FNC1 in first place marks GS1: {text:?}");
    assert_eq!(gs1::human_readable(&elements), "(02) 03453120000011 (10) LOT-7a (37) 25");
}

#[test]
fn sscc_takes_start_c_fnc1_and_ten_pairs() {
    let sscc = ElementString::sscc("106141412345678908").expect("the example of the GS1 specifications");
    let code = gs1::gs1_128(&[sscc]).expect("encodes");
    assert_eq!(code.codewords()[..3], [105, 102, 0]);
    assert_eq!(code.modules(), 156);
    assert_eq!(read(&code, true), "]C100106141412345678908");
}

#[test]
fn check_digits_match_published_examples() {
    for (before, digit) in [("10614141234567890", 8), ("629104150021", 3), ("400638133393", 1), ("9638507", 4)] {
        assert_eq!(packbench::core::gs1::check_digit(before), Some(digit), "{before}");
    }
    assert_eq!(packbench::core::gs1::check_digit("12a"), None);
    for wrong in 0..10 {
        let digits = format!("10614141234567890{wrong}");
        let expected = if wrong == 8 { Ok(()) } else { Err(Gs1Error::CheckDigit { given: wrong, expected: 8 }) };
        assert_eq!(gs1::verify_sscc(&digits), expected);
    }
    assert_eq!(gs1::verify_sscc("123"), Err(Gs1Error::SsccLength { digits: 3 }));
    assert!(gs1::verify_sscc("１２３４５６").is_err(), "digits of another script are no digits");
}

#[test]
fn bad_input_is_refused_with_its_reason() {
    assert_eq!(Code128::from_text(""), Err(Code128Error::Empty));
    assert_eq!(Code128::from_text("abö"), Err(Code128Error::NotAscii { at: 2 }));
    let long = "x".repeat(CODE128_SYMBOLS_MAX + 1);
    assert_eq!(Code128::from_text(&long), Err(Code128Error::TooLong { symbols: CODE128_SYMBOLS_MAX + 1 }));
    assert!(Code128::from_symbols(&[Symbol::Ascii(200)]).is_err());
    for (ai, value) in [("0", "1"), ("00", "123"), ("10", ""), ("1x", "1"), ("10", "a b"), ("01", "123456789012345")] {
        assert!(ElementString::new(ai, value).is_err(), "({ai}) {value:?}");
    }
    let lot = ElementString::new("10", &"9".repeat(20)).expect("an element");
    let item = ElementString::new("01", "03453120000011").expect("an element");
    let serial = ElementString::new("21", &"9".repeat(20)).expect("an element");
    let together = |elements: &[&ElementString]| gs1::gs1_128(&elements.iter().copied().cloned().collect::<Vec<_>>());
    assert_eq!(together(&[&item, &lot, &serial]), Err(Gs1Error::TooLong { characters: 60 }));
    let rule = |made: Result<Code128, Gs1Error>| match made {
        Err(Gs1Error::Together(wrong)) => wrong.rule.id(),
        made => panic!("{made:?}"),
    };
    assert!(together(&[&lot]).is_ok(), "its item may stand in another code of the label");
    let content = ElementString::new("02", "03453120000011").expect("an element");
    assert_eq!(rule(together(&[&item, &content])), "pair");
}

#[test]
fn every_rule_of_the_dictionary_holds_for_what_is_printed() {
    let rule = |ai: &str, value: &str| match ElementString::new(ai, value) {
        Err(Gs1Error::Element { rule, .. }) => rule.rule.id(),
        made => panic!("({ai}) {value}: {made:?}"),
    };
    assert_eq!(rule("17", "261301"), "month");
    assert_eq!(rule("01", "03453120000012"), "check-digit");
    assert_eq!(rule("10", &"9".repeat(21)), "value-too-long");
    assert_eq!(rule("1", "0ABC"), "unknown-ai", "the identifier must end where it is said to");
    assert_eq!(rule("21", "9\u{1d}10A"), "unknown-ai", "a value can never bring an element of its own");
}

#[test]
fn printer_notation_is_given_only_where_it_is_safe() {
    let notation = |text: &str| Code128::from_text(text).expect("encodes").zpl_data();
    assert_eq!(notation("ORDER-104").as_deref(), Some(">:ORDER-104"));
    assert_eq!(notation("123456").as_deref(), Some(">;123456"));
    for risky in ["ORDER-1042", "1234AB", "a>b", "a^b", "a~b", "a_b", "a\\b", "a\tb", "\u{1}\u{2}"] {
        assert_eq!(notation(risky), None, "{risky:?}");
    }
}
