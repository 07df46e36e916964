//! GS1 codes read by all rules: what each form says, which rule is broken and where, what is taken instead of FNC1, numbers
//! of restricted circulation.

use packbench::core::gs1::restricted::{self, RuleError, value_check_digit};
use packbench::core::gs1::{DATA_MAX, Gs1Error, Message, Reader, Rules, Said, Scanned, TextReader, upc_e};
use packbench::core::units::Grams;

fn told(m: &Message<'_>) -> String {
    let value = |v: &[u8]| String::from_utf8(v.to_vec()).unwrap();
    m.elements().map(|(ai, v)| format!("{ai}={}", value(v))).collect::<Vec<_>>().join(" ")
}

fn wrong(e: Gs1Error) -> String {
    let ai = e.ai.map_or(String::new(), |ai| format!("({ai}) "));
    format!("{}+{} {ai}{}", e.at, e.len, e.rule.id())
}

/// `~` is the separator.
fn string(text: &str) -> String {
    let data = text.replace('~', "\u{1d}");
    Reader::default().element_string(data.as_bytes()).map_or_else(wrong, |m| told(&m))
}

fn bracketed(text: &str) -> String {
    Reader::default().bracketed(text.as_bytes()).map_or_else(wrong, |m| told(&m))
}

fn link(text: &str) -> String {
    Reader::default().digital_link(text.as_bytes()).map_or_else(wrong, |m| told(&m))
}

/// Asserts pairs of text and what is told of it; all that differ are told.
#[track_caller]
fn all(mut read: impl FnMut(&str) -> String, cases: &[(&str, &str)]) {
    let differ: Vec<String> = cases
        .iter()
        .map(|(text, want)| (text, want, read(text)))
        .filter(|(_, want, got)| got != *want)
        .map(|(text, want, got)| format!("{text:?}: {got}, not {want}"))
        .collect();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn element_strings_name_the_rule_and_its_place() {
    all(
        string,
        &[
            ("01095060001343521726123110AB-12~21S/7", "01=09506000134352 17=261231 10=AB-12 21=S/7"),
            ("~0109506000134352~17261231~10AB", "01=09506000134352 17=261231 10=AB"),
            ("0109506000134353", "15+1 (01) check-digit"),
            ("010950600013435", "2+13 (01) wrong-length"),
            ("0109506000134352172613311", "20+2 (17) month"),
            ("010950600013435217260230", "22+2 (17) day"),
            ("010950600013435217270200", "01=09506000134352 17=270200"),
            ("010950600013435210", "18+0 (10) value-missing"),
            ("010950600013435210ABCDEFGHIJKLMNOPQRSTU", "38+1 (10) value-too-long"),
            ("010950600013435210A#B", "19+1 (10) character"),
            ("010950600013435210A\u{e9}", "19+1 (10) character"),
            ("01095060001343520499", "16+4 unknown-ai"),
            ("", "0+0 empty"),
            ("~", "1+0 empty"),
            ("10LOT", "2+3 (10) required"),
            ("0109506000134352370005", "2+14 (01) pair"),
            ("010950600013435210A~10A", "01=09506000134352 10=A 10=A"),
            ("010950600013435210A~10B", "22+1 (10) repeated"),
            ("010950600013435231030012503104001250", "20+6 (3103) pair"),
        ],
    );
}

#[test]
fn every_rule_of_values_is_told() {
    // Alone: what identifiers need beside them is not asked here.
    let mut reader = Reader::new(Rules { required_ais: false, ..Rules::OFFICIAL });
    let cases = [
        ("(8013)1987654Ad4X4bL5ttr2310c2K", "ok"),
        ("(8013)1987654Ad4X4bL5ttr2310c2J", "29+2 (8013) check-pair"),
        ("(8013)1", "6+1 (8013) check-pair-missing"),
        ("(8010)12A", "6+3 (8010) prefix-too-short"),
        ("(8010)12A4", "8+1 (8010) company-prefix"),
        ("(00)0A0000000000000000", "5+1 (00) character"),
        ("(7040)1ABz", "ok"),
        ("(7040)1AB.", "9+1 (7040) importer-index"),
        ("(8001)00001000100110", "6+4 (8001) zero"),
        ("(8001)12345000100120", "18+1 (8001) winding"),
        ("(8003)19506000134352", "6+1 (8003) not-zero"),
        ("(8011)012", "6+1 (8011) zero-prefix"),
        ("(4321)2", "6+1 (4321) yes-no"),
        ("(422)999", "5+3 (422) country"),
        ("(7030)998A", "6+3 (7030) country-or-999"),
        ("(7030)999A", "ok"),
        ("(4307)XX", "6+2 (4307) country-letters"),
        ("(3910)0001", "6+3 (3910) currency"),
        ("(7252)3", "6+1 (7252) sex"),
        ("(8007)GB82WEST12345698765432", "ok"),
        ("(8007)GB81WEST12345698765432", "8+2 (8007) iban-check"),
        ("(8007)GB82WEST1a345698765432", "15+1 (8007) iban-character"),
        ("(8007)XX82WEST12345698765432", "6+2 (8007) iban-country"),
        ("(8007)GB82WEST12", "6+10 (8007) iban-too-short"),
        ("(4324)2611312400", "10+2 (4324) day"),
        ("(4324)2611302400", "12+2 (4324) hour"),
        ("(4324)2611302360", "14+2 (4324) minute"),
        ("(8008)2611302359", "ok"),
        ("(8008)2611302360", "14+2 (8008) minute"),
        ("(8008)261130235960", "16+2 (8008) second"),
        ("(7250)19990229", "12+2 (7250) day"),
        ("(8006)095060001343520100", "22+2 (8006) piece-zero"),
        ("(8006)095060001343520302", "20+4 (8006) piece-above-total"),
        ("(4300)A%4gB", "7+3 (4300) percent"),
        ("(4309)18000000010000000000", "6+10 (4309) latitude"),
        ("(4309)18000000003600000001", "16+10 (4309) longitude"),
        ("(7241)11", "6+2 (7241) media-type"),
        ("(4330)000100A", "12+1 (4330) hyphen"),
        ("(7258)1-2", "6+3 (7258) sequence"),
        ("(7258)3/2", "6+3 (7258) sequence-above-end"),
        ("(8014)198765400000004", "19+2 (8014) check-pair"),
        ("(7041)QZ9", "6+3 (7041) package-type"),
        ("(8030)ABC=", "9+1 (8030) padding"),
        ("(8110)106141416543213150110120", "ok"),
        ("(8110)706141416543213150110120", "6+1 (8110) coupon"),
        ("(8112)01416543213150110120", "22+4 (8112) coupon"),
        ("(8030)ABCD(00)376104250021234569(253)9506000134352", "37+13 (253) serial-for-signature"),
    ];
    all(|text| reader.bracketed(text.as_bytes()).map_or_else(wrong, |_| "ok".to_owned()), &cases);
}

#[test]
fn brackets() {
    all(
        bracketed,
        &[
            ("(01)09506000134352(10)A\\(B)(21)7", "01=09506000134352 10=A(B) 21=7"),
            ("(01)09506000134352|(10)A", "01=09506000134352 10=A"),
            ("(01)09506000134352(10)A\\(#", "25+1 (10) character"),
            ("(01)09506000134352(10)A(B)C", "24+1 unknown-ai"),
            ("01)09506000134352", "0+1 brackets"),
            ("(01", "0+3 brackets"),
            ("(01)", "4+0 (01) value-missing"),
            ("(01)(10)A", "4+0 (01) value-too-short"),
            ("(01)095060001343521", "4+15 (01) value-too-long"),
            ("(01)09506000134352(10)A^B", "23+1 (10) separator-in-value"),
            ("(01)09506000134352|", "19+0 empty"),
            ("", "0+0 empty"),
        ],
    );
}

#[test]
fn links() {
    all(
        link,
        &[
            ("https://id.gs1.org/01/09506000134352/10/A%2FB?17=261231", "01=09506000134352 10=A/B 17=261231"),
            ("HTTP://x:80/p/q/01/09506000134352?x&lang=en&17=261231#10=1", "01=09506000134352 17=261231"),
            ("https://a.b/8004/9506000ABC/7040/1ABC", "8004=9506000ABC 7040=1ABC"),
            ("https://id.gs1.org/01/09506000134353", "35+1 (01) check-digit"),
            ("https://id.gs1.org/01/09506000134352/21/7/10/A", "22+14 (01) uri-sequence"),
            ("https://id.gs1.org/01/09506000134352/10/A?10=A", "45+1 (10) uri-duplicate"),
            ("https://id.gs1.org/01/09506000134352?10=A", "40+1 (10) uri-belongs-in-path"),
            ("https://id.gs1.org/01/09506000134352?03=09506000134352", "40+14 (03) uri-no-attribute"),
            ("https://id.gs1.org/01/09506000134352?1234=5", "37+4 unknown-ai"),
            ("https://id.gs1.org/01/09506000134352?17=", "40+0 (17) value-missing"),
            ("https://id.gs1.org/01/09506000134352/10/A%00", "41+3 uri-null"),
            ("https://id.gs1.org/01/09506000134352/10/A%5EB", "41+3 (10) separator-in-value"),
            ("https://id.gs1.org/01/09506000134352/10/A%23B", "41+3 (10) character"),
            ("https://id.gs1.org/10/A", "18+5 uri-no-key"),
            ("https://id.gs1.org", "18+0 uri-path"),
            ("https://id_gs1.org/01/09506000134352", "10+1 uri-domain"),
            ("https://id.gs1.org/01/09506000134352 ", "36+1 uri-character"),
            ("Https://id.gs1.org/01/09506000134352", "0+8 uri-scheme"),
            ("https://id.gs1.org/gtin/09506000134352", "18+20 uri-no-key"),
            ("https://id.gs1.org/01/9506000134352", "22+13 (01) value-too-short"),
        ],
    );
    let mut old = Reader::new(Rules { short_gtins: true, names: true, ..Rules::OFFICIAL });
    let m = old.digital_link(b"https://id.gs1.org/gtin/9506000134352/lot/A").unwrap();
    assert_eq!(told(&m), "01=09506000134352 10=A");
}

#[test]
fn written_forms() {
    let mut reader = Reader::default();
    let m = reader.bracketed(b"(10)A\\(1(3103)001250(01)09506000134352(21)S/7(17)270200").unwrap();
    let (mut string, mut brackets, mut link) = (Vec::new(), Vec::new(), Vec::new());
    m.write_element_string(&mut string);
    m.write_bracketed(&mut brackets);
    m.write_digital_link("https://example.com/p/", &mut link).unwrap();
    assert_eq!(string, b"10A(1\x1d31030012500109506000134352\x32\x31S/7\x1d17270200");
    assert_eq!(brackets, b"(10)A\\(1(3103)001250(01)09506000134352(21)S/7(17)270200");
    assert_eq!(link, b"https://example.com/p/01/09506000134352/10/A%281/21/S%2F7?3103=001250&17=270200");
    let m = reader.bracketed(b"(400)A").unwrap();
    let before = link.clone();
    assert_eq!(m.write_digital_link("https://x", &mut link).map_err(wrong), Err("0+0 uri-no-key".to_owned()));
    assert_eq!(link, before, "nothing is written where it cannot be");
}

#[test]
fn symbology_identifiers() {
    let mut reader = Reader::default();
    let mut scan = |data: &str| match reader.scanned(data.as_bytes()) {
        Ok(Scanned::Message(m)) => told(&m),
        Ok(Scanned::Digits(d, None)) => format!("digits {}", String::from_utf8_lossy(d)),
        Ok(Scanned::Digits(d, Some(m))) => format!("digits {} and {}", String::from_utf8_lossy(d), told(&m)),
        Ok(Scanned::Plain(p)) => format!("plain {}", String::from_utf8_lossy(p)),
        Err(e) => wrong(e),
    };
    for id in ["]C1", "]e0", "]d2", "]Q3", "]J1"] {
        assert_eq!(scan(&format!("{id}0109506000134352")), "01=09506000134352", "{id}");
    }
    let cases = [
        ("]E05012345678900", "digits 5012345678900"),
        ("]E496385074", "digits 96385074"),
        ("]E05012345678900|]e0400A", "digits 5012345678900 and 400=A"),
        ("]E05012345678901", "15+1 check-digit"),
        ("]E0501234567890", "3+12 primary-digits"),
        ("]Q1hello", "plain hello"),
        ("]Q1https://id.gs1.org/01/09506000134352", "01=09506000134352"),
        ("]Q1https://id.gs1.org/01/09506000134353", "38+1 (01) check-digit"),
        ("]C0hello", "0+3 symbology"),
        ("hello", "0+0 no-symbology"),
        ("]C1", "3+0 empty"),
    ];
    for (text, want) in cases {
        assert_eq!(scan(text), want, "{text}");
    }
}

#[test]
fn nothing_is_too_much() {
    let mut reader = Reader::default();
    let long = vec![b'1'; DATA_MAX + 9];
    for e in [reader.element_string(&long).err(), reader.scanned(&long).err(), reader.digital_link(&long).err()] {
        assert_eq!(e.map(wrong), Some(format!("{DATA_MAX}+9 data-too-long")));
    }
    let many = "(400)A".repeat(65);
    assert_eq!(reader.bracketed(many.as_bytes()).map_err(wrong).err(), Some("389+0 too-many-ais".to_owned()));
    assert!(reader.bracketed("(400)A".repeat(64).as_bytes()).is_ok());
    let value = format!("(400){}", "A".repeat(8_000));
    assert_eq!(bracketed(&value), "5+8000 (400) value-too-long");
}

#[test]
fn lines_are_told_apart_and_places_are_those_of_the_line() {
    let mut lines = TextReader::default();
    let mut read = |line: &str| match lines.read(line.as_bytes()) {
        Ok(Said::Elements(m)) => format!("elements {}", told(&m)),
        Ok(Said::Bracketed(m)) => format!("bracketed {}", told(&m)),
        Ok(Said::Link(m)) => format!("link {}", told(&m)),
        Ok(Said::Gtin(gtin, _)) => format!("gtin {gtin}"),
        Ok(Said::Sscc(sscc)) => format!("sscc {sscc}"),
        Ok(Said::Variable(v, _)) => format!("variable {v:?}"),
        Ok(Said::Plain(text)) => format!("plain {text}"),
        Err(e) => wrong(e),
    };
    let full = "elements 01=09506000134352 10=AB 21=7";
    for gs in ["\u{1d}", "{GS}", "{FNC1}", "^", "^]", "~", "|", "\\x1d", "\\u001D", "␝"] {
        assert_eq!(read(&format!("010950600013435210AB{gs}217")), full, "{gs}");
        assert_eq!(read(&format!("]d2010950600013435210AB{gs}217")), full, "{gs}");
        assert_eq!(read(&format!("{gs}010950600013435210AB{gs}217")), full, "{gs}");
        let at = 20 + gs.len() + 2;
        assert_eq!(read(&format!("010950600013435210AB{gs}21#")), format!("{at}+1 (21) character"), "{gs}");
        assert_eq!(read(&format!("]d2010950600013435210AB{gs}21#")), format!("{}+1 (21) character", at + 3), "{gs}");
    }
    let cases = [
        ("(01)09506000134352", "bracketed 01=09506000134352"),
        ("https://id.gs1.org/01/09506000134352", "link 01=09506000134352"),
        ("]Q1https://id.gs1.org/01/09506000134352", "link 01=09506000134352"),
        ("96385074", "gtin 00000096385074"),
        ("036000291452", "gtin 00036000291452"),
        ("]E05012345678900", "gtin 05012345678900"),
        ("376104250021234569", "sscc 376104250021234569"),
        ("", "0+0 empty"),
        ("LÖT", "0+4 unknown-ai"),
    ];
    for (line, want) in cases {
        assert_eq!(read(line), want, "{line}");
    }
    let bytes = TextReader::default().read(b"010950600013435210A\xff\xfe").map_err(wrong).err();
    assert_eq!(bytes.as_deref(), Some("19+1 (10) character"), "bytes that are no text have their place too");
    let mut own = TextReader::default().with_substitutes(vec!["<GS>".to_owned()]);
    assert!(matches!(own.read(b"010950600013435210AB<GS>217"), Ok(Said::Elements(m)) if m.len() == 3));
}

#[test]
fn weighed_and_priced_numbers() {
    let rule = |text: &str| text.parse::<restricted::Rule>().unwrap();
    let rules = [rule("2[0-1]IIIIIWWWWWC"), rule("23IIIIVPPPPPC"), rule("24IIIIVPPPPXC.1"), rule("25IIIIINNNNNC")];
    let read = |digits: &str| restricted::read(&rules, digits);
    let v = read("2112345012506").unwrap();
    assert_eq!((v.item.as_str(), v.weight_g, v.price, v.count), ("12345", Some(Grams(1_250)), None, None));
    assert_eq!(v.gtin, "02112345000008", "the number with zeros for what varies");
    assert_eq!(read("2112345012507"), None, "check digit");
    assert_eq!(read("5012345678900"), None, "another prefix");
    // The examples of the General Specifications: 2875 has 9, 14685 has 6.
    assert_eq!((value_check_digit("2875"), value_check_digit("14685")), (Some(9), Some(6)));
    assert_eq!((value_check_digit("123"), value_check_digit("12a4")), (None, None));
    let priced = with_check("231234614685");
    let v = read(&priced).unwrap();
    assert_eq!((v.price, v.price_decimals, v.item.as_str()), (Some(14_685), 2, "1234"));
    assert_eq!(read(&with_check("231234714685")), None, "the price's own check digit");
    let v = read(&with_check("241234928750")).unwrap();
    assert_eq!((v.price, v.price_decimals), (Some(2_875), 1));
    assert_eq!(read(&with_check("251234500012")).unwrap().count, Some(12));
    // A UPC-A comes with or without the zero that makes an EAN-13 of it, as the scanner is set.
    let upc = [rule("02IIIIIPPPPPC"), rule("3IIIIIPPPPPC")];
    for digits in ["0212345012505", "212345012505"] {
        let v = restricted::read(&upc, digits).unwrap_or_else(|| panic!("{digits}"));
        assert_eq!((v.item.as_str(), v.price), ("12345", Some(1_250)), "{digits}");
    }
    for body in ["31234501250", "031234501250"] {
        let v = restricted::read(&upc, &with_check(body)).unwrap_or_else(|| panic!("{body}"));
        assert_eq!((v.item.as_str(), v.price), ("12345", Some(1_250)), "{body}");
    }
    let wrong = [
        ("21IIIIIWWWWW", RuleError::NoCheckDigit),
        ("21IIIIIWWWWWCC", RuleError::NoCheckDigit),
        ("21IIIIIWWC", RuleError::Length(10)),
        ("21IIIIIIIIIIC", RuleError::NoValue),
        ("21IIIWWWPPPPC", RuleError::NoValue),
        ("21IIWWIIIWWWC", RuleError::Scattered),
        ("21IIIIVWWWWWWC", RuleError::Scattered),
        ("21IIIIIQWWWWC", RuleError::Character('Q')),
        ("2[9-1]IIIIIWWWWWC", RuleError::Character('[')),
        ("21IIIIIWWWWWC.9", RuleError::Decimals),
    ];
    for (text, want) in wrong {
        assert_eq!(text.parse::<restricted::Rule>(), Err(want), "{text}");
    }
}

fn with_check(body: &str) -> String {
    format!("{body}{}", packbench::core::gs1::check_digit(body).unwrap())
}

#[test]
fn zero_suppressed_numbers_grow_to_fourteen_digits() {
    let cases = [
        ("01234565", Some("00012345000065")),
        ("0123456", Some("00012345000065")),
        ("123456", Some("00012345000065")),
        ("01234505", Some("00012000003455")),
        ("425261", Some("00042100005264")),
        ("01234566", None),
        ("21234565", None),
        ("12345", None),
        ("0123456a", None),
    ];
    for (text, want) in cases {
        assert_eq!(upc_e(text).as_deref(), want, "{text}");
    }
}
