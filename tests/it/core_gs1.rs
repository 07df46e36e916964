//! GS1 numbers and element strings: the table against the official dictionary, the way in and the
//! ways not to be taken in.

use crate::gs1_kit;
use packbench::core::aim::AimId;
use packbench::core::gs1::table::{Ai, rows};
use packbench::core::gs1::{GS, YEAR_BASE, canonical_gtin, check_digit, day, is_sscc, parse, sscc};
use packbench::core::scan::{Form, form};
use packbench::core::time::{Day, UtcMs};
use packbench::core::units::Grams;

#[test]
fn table_is_the_official_dictionary() {
    let theirs = gs1_kit::dictionary();
    assert!(theirs.len() > 200, "only {} rows read from the dictionary", theirs.len());
    assert_eq!(rows().len(), theirs.len());
    for (row, entry) in rows().iter().zip(&theirs) {
        let ours = (row.first().to_string(), row.last().to_string(), row.specification());
        assert_eq!(ours, (entry.from.clone(), entry.to.clone(), entry.spec.as_str()));
        assert_eq!(row.has_predefined_length(), entry.predefined, "({})", entry.from);
        assert_eq!(row.is_key(), entry.key.is_some(), "({})", entry.from);
    }
}

#[test]
fn an_identifier_is_its_digits_and_has_a_title() {
    for (text, title) in [("01", "GTIN"), ("10", "BATCH/LOT"), ("3103", "NET WEIGHT (kg)"), ("99", "INTERNAL")] {
        let ai = Ai::parse(text).unwrap();
        assert_eq!((ai.to_string().as_str(), ai.title()), (text, title));
    }
    for text in ["", "1", "04", "001", "010", "310", "3106", "31030", "0A", "１０", "236", "89"] {
        assert_eq!(Ai::parse(text), None, "{text}");
    }
}

#[test]
fn every_row_of_the_table_can_be_used() {
    for row in rows() {
        // The shortest value: digits fit every character set; check digits are made right.
        let mut value = String::new();
        for part in row.specification().split(' ').filter(|p| !p.starts_with('[')) {
            let (shape, linters) = part.split_once(',').unwrap_or((part, ""));
            let n = if shape[1..].starts_with("..") { 1 } else { shape[1..].parse().unwrap() };
            let mut own = "1".repeat(n);
            if linters.split(',').any(|l| l == "csum") {
                own.truncate(n - 1);
                own.push(char::from(b'0' + check_digit(&own).unwrap()));
            }
            value += &own;
        }
        let (first, last) = (row.first().to_string(), row.last().to_string());
        let next = if first == "10" { "99LOT" } else { "10LOT" };
        for ai in [first.as_str(), last.as_str()] {
            let text = format!("{ai}{value}{GS}{next}");
            let got = parse(&text, true).unwrap_or_else(|| panic!("{text:?} is refused"));
            assert_eq!(got.value(ai), Some(value.as_str()), "{text:?}");
            assert!(parse(&format!("{ai}{GS}"), true).is_none(), "({ai}) without a value");
            assert!(parse(&format!("{ai}{}", "1".repeat(200)), true).is_none(), "({ai}) too long");
        }
    }
}

#[test]
fn no_identifier_begins_another() {
    for a in rows() {
        for b in rows() {
            let (from, to, longer) = (a.first().to_string(), a.last().to_string(), b.first().to_string());
            if longer.len() > from.len() {
                let start = &longer[..from.len()];
                assert!(!(*from <= *start && *start <= *to), "{from} is the start of {longer}");
            }
        }
    }
}

/// Elements as `ai=value`, joined by a blank, or `-`.
fn read(text: &str, says_gs1: bool) -> String {
    match parse(&text.replace('~', "\u{1d}"), says_gs1) {
        None => "-".to_owned(),
        Some(g) => g.elements.iter().map(|(a, v)| format!("{a}={v}")).collect::<Vec<_>>().join(" "),
    }
}

#[test]
fn element_strings() {
    let full = "01=09506000134352 17=261231 10=AB-12 21=S/7";
    // `~` is the separator.
    let cases = [
        ("0109506000134352172612311", true, "-"),
        ("01095060001343521726123110AB-12~21S/7", true, full),
        ("01095060001343521726123110AB-12~21S/7", false, full),
        ("]C101095060001343521726123110AB-12~21S/7", false, full),
        ("]d201095060001343521726123110AB-12~21S/7", false, full),
        ("]Q301095060001343521726123110AB-12~21S/7~", false, full),
        ("]e001095060001343521726123110AB-12~21S/7", false, full),
        ("~0109506000134352~17261231~10AB-12~21S/7", false, full),
        ("(01)09506000134352(17)261231(10)AB-12(21)S/7", false, full),
        ("(01) 9506000134352", false, "-"),
        ("(10)A(B)C(21)7", false, "10=A(B)C 21=7"),
        ("(10)A(98765)C", false, "10=A(98765)C"),
        // The hint lets any identifier begin; without it a product code stays a product code.
        ("10LOT7", true, "10=LOT7"),
        ("10LOT7", false, "-"),
        ("]C110LOT7", false, "10=LOT7"),
        ("21084", false, "-"),
        ("85123A", false, "-"),
        ("01234", false, "-"),
        ("10LOT~0109506000134352", false, "10=LOT 01=09506000134352"),
        // Check digits, lengths, characters.
        ("0109506000134353", false, "-"),
        ("0109506000134353", true, "-"),
        ("010950600013435", true, "-"),
        ("0109506000134352XX", true, "-"),
        ("00095060001343521234", true, "-"),
        ("10ABCDEFGHIJKLMNOPQRSTU", true, "-"),
        ("10LOT#7", true, "-"),
        ("10LÖT", true, "-"),
        ("~", true, "-"),
        ("]C1", false, "-"),
        ("", true, "-"),
        // Said twice is fine, a contradiction is not.
        ("10A~10A", true, "10=A"),
        ("10A~10B", true, "-"),
        // Dates that do not exist: kept as text where the symbol is surely GS1, else not believed.
        ("010950600013435217261340", true, "01=09506000134352 17=261340"),
        ("010950600013435217261340", false, "-"),
        ("(01)09506000134352(17)261340", false, "-"),
        // Optional parts.
        ("800309506000134353ABC", true, "-"),
        ("800309506000134352ABC", true, "8003=09506000134352ABC"),
        ("800309506000134352", true, "8003=09506000134352"),
        ("7007260101260131", true, "7007=260101260131"),
        ("70072601012601", true, "-"),
    ];
    for (text, says_gs1, want) in cases {
        assert_eq!(read(text, says_gs1), want, "{text:?} with says_gs1 = {says_gs1}");
    }
}

#[test]
fn the_facts_of_a_barcode() {
    let g = parse("]d2010950600013435215270100310300125037~", false);
    assert!(g.is_none(), "a count without digits");
    let g = parse("]d20109506000134352152702003103001250370024\u{1d}10L1", false).unwrap();
    assert_eq!(g.gtin.as_deref(), Some("09506000134352"));
    assert_eq!(g.count, Some(24));
    assert_eq!(g.net_weight_g, Some(Grams(1_250)));
    assert_eq!(g.trace.lot.as_deref(), Some("L1"));
    assert_eq!(g.trace.serial, None);
    assert_eq!(g.trace.expiry, Day::new(2027, 2, 28), "best before, day 00 is the month's last");
    let both = parse("(15)270101(17)280101", false).unwrap();
    assert_eq!(both.trace.expiry, Day::new(2028, 1, 1), "expiry goes before best before");
    let inside = parse("(00)376104250021234569(02)09506000134352(37)6", false).unwrap();
    assert_eq!((inside.sscc.as_deref(), inside.count), (Some("376104250021234569"), Some(6)));
    assert_eq!(inside.gtin.as_deref(), Some("09506000134352"));
    assert_eq!(parse("(30)0", false).unwrap().count, None);
    let hours = parse("]d20109506000134352700326123112001", true);
    assert!(hours.is_none(), "hours and minutes are four digits");
    let hours = parse("]d2010950600013435270032612311200", true).unwrap();
    assert_eq!(hours.trace.expiry, Day::new(2026, 12, 31));
    assert_eq!(hours.expiry(2090), Day::new(2126, 12, 31), "another year, another century");
    let weights = [
        ("3100000002", 2_000),
        ("3103000320", 320),
        ("3105032049", 320),
        ("3105032050", 321),
        ("3200000001", 454),
        ("3205100000", 454),
        ("3560000001", 31),
        ("3100999999", 999_999_000),
    ];
    for (text, grams) in weights {
        assert_eq!(parse(text, true).unwrap().net_weight_g, Some(Grams(grams)), "{text}");
    }
}

#[test]
fn centuries_slide() {
    let cases = [
        ("260101", 2026, Some((2026, 1, 1))),
        ("760101", 2026, Some((2076, 1, 1))),
        ("770101", 2026, Some((1977, 1, 1))),
        ("990101", 2026, Some((1999, 1, 1))),
        ("000229", 2026, Some((2000, 2, 29))),
        ("000229", 2099, None),
        ("010101", 2099, Some((2101, 1, 1))),
        ("490101", 2099, Some((2149, 1, 1))),
        ("500101", 2099, Some((2050, 1, 1))),
        ("280200", 2026, Some((2028, 2, 29))),
        ("261301", 2026, None),
        ("260431", 2026, None),
        ("260100x", 2026, None),
        ("+60101", 2026, None),
    ];
    for (text, now, want) in cases {
        let want = want.map(|(y, m, d)| Day::new(y, m, d).unwrap());
        assert_eq!(day(text, now), want, "{text} in {now}");
    }
    assert_eq!(YEAR_BASE, 2026);
}

#[test]
fn the_year_of_a_moment() {
    let cases = [
        (0, 1970),
        (-1, 1969),
        (951_868_799_999, 2000),
        (978_307_199_999, 2000),
        (978_307_200_000, 2001),
        (1_798_761_599_999, 2026),
        (1_798_761_600_000, 2027),
        (4_107_542_399_999, 2100),
        (i64::MAX, 9_999),
        (i64::MIN, 1),
    ];
    for (ms, year) in cases {
        assert_eq!(UtcMs(ms).year(), year, "{ms}");
    }
}

#[test]
fn gtins_have_one_spelling() {
    let cases = [
        ("5012345678900", Some("05012345678900")),
        ("036000291452", Some("00036000291452")),
        ("0036000291452", Some("00036000291452")),
        ("00036000291452", Some("00036000291452")),
        ("96385074", Some("00000096385074")),
        ("96385075", None),
        ("5012345678901", None),
        ("0501234567891", None),
        ("12345", None),
        ("1234567", None),
        ("85123A", None),
        ("50123456789O0", None),
        ("00000000", None),
        ("0000000000000", None),
        ("", None),
        ("１２３", None),
    ];
    for (text, want) in cases {
        assert_eq!(canonical_gtin(text).as_deref(), want, "{text:?}");
    }
}

#[test]
fn check_digits() {
    // Worked examples of the General Specifications and of well-known goods.
    let cases = [
        ("629104150021", Some(3)),
        ("37610425002123456", Some(9)),
        ("03600029145", Some(2)),
        ("", None),
        ("12a", None),
    ];
    for (digits, want) in cases {
        assert_eq!(check_digit(digits), want, "{digits:?}");
    }
}

#[test]
fn container_codes() {
    assert_eq!(sscc("7610425", 2_123_456, 3).as_deref(), Some("376104250021234569"));
    assert!(is_sscc("376104250021234569"));
    assert_eq!(sscc("9506000", 1, 0).as_deref().map(str::len), Some(18));
    for (prefix, serial, extension) in
        [("7610425", 1_000_000_000, 3), ("761", 1, 3), ("7610425", 1, 10), ("761042A", 1, 3), ("7610425000001", 1, 3)]
    {
        assert_eq!(sscc(prefix, serial, extension), None, "{prefix} {serial} {extension}");
    }
    assert!(sscc("7610425", 999_999_999, 9).is_some(), "the last one of a block");
    for text in ["376104250021234568", "37610425002123456", "000000000000000000", "37610425002123456x"] {
        assert!(!is_sscc(text), "{text}");
    }
}

#[test]
fn links_and_spelt_separators_say_the_same_as_the_barcode() {
    let want = parse("01095060001343521726123110AB-12\u{1d}21S/7", false).unwrap();
    let link = parse("https://example.com/p/01/09506000134352/10/AB-12/21/S%2F7?17=261231&lang=en", false).unwrap();
    assert_eq!((&link.gtin, &link.trace), (&want.gtin, &want.trace));
    let old = parse("http://example.com/gtin/9506000134352/lot/AB-12/ser/S%2F7?17=261231", false).unwrap();
    assert_eq!((&old.gtin, &old.trace), (&want.gtin, &want.trace), "names and 13 digits, as old links have them");
    for gs in ["{GS}", "^", "^]", "~", "|", "\\x1d", "{FNC1}"] {
        let text = format!("01095060001343521726123110AB-12{gs}21S/7");
        assert_eq!(parse(&text, false).as_ref(), Some(&want), "{text}");
        assert_eq!(parse(&format!("10A{gs}21B"), false), None, "a product code may well be so");
        assert!(parse(&format!("10A{gs}21B"), true).is_some());
    }
    for text in ["https://example.com/01/09506000134353", "https://example.com/shop", "https://example.com/10/A"] {
        assert_eq!(parse(text, true), None, "{text}");
    }
}

#[test]
fn scans_are_sorted_by_look() {
    let gs1 = |b: &[u8], s| matches!(form(b, s), Form::Gs1(_));
    assert!(gs1(b"0109506000134352", None));
    assert!(gs1(b"10LOT", Some(AimId::GS1_DATAMATRIX)));
    assert!(!gs1(b"10LOT", Some(AimId::CODE_128)));
    assert_eq!(form(b"036000291452\r", None), Form::Gtin("00036000291452".into()));
    assert_eq!(form(b"85123A", None), Form::Text("85123A".into()));
    assert!(gs1(b"https://id.gs1.org/01/09506000134352/10/A", Some(AimId::QR)));
    assert!(gs1(b"010950600013435210A{GS}21B", None));
    assert_eq!(form(b"https://example.com/x", None), Form::Text("https://example.com/x".into()));
    assert_eq!(form(b"04252614", Some(AimId::EAN_13)), Form::Gtin("00042100005264".into()), "UPC-E");
    assert_eq!(form(b"04252614", None), Form::Gtin("00042100005264".into()), "eight digits that can be nothing else");
    assert_eq!(form(b"425261", None), Form::Text("425261".into()), "fewer could be anything");
    assert_eq!(form(b"425261", Some(AimId::EAN_13)), Form::Gtin("00042100005264".into()));
    // With 5 to 9 before its check digit every UPC-E is a GTIN-8 as well.
    let (gtin_8, upc_e) = ("00000001234565".to_owned(), "00012345000065".to_owned());
    assert_eq!(form(b"01234565", None), Form::TwoGtins(gtin_8.clone(), upc_e.clone()));
    assert_eq!(form(b"01234565", Some(AimId::EAN_13)), Form::Gtin(upc_e));
    assert_eq!(form(b"01234565", Some(AimId::EAN_8)), Form::Gtin(gtin_8.clone()));
    assert_eq!(form(b"]E401234565", None), Form::Gtin(gtin_8), "a scanner that types its identifier");
    assert_eq!(form(b"96385074", Some(AimId::EAN_13)), Form::Gtin("00000096385074".into()), "EAN-8");
    assert_eq!(form(b"]E05012345678900\r", None), Form::Gtin("05012345678900".into()));
    assert_eq!(form(b"]C0TOTE-7", None), Form::Text("TOTE-7".into()));
    assert_eq!(form(b"]y0TOTE-7", None), Form::Text("]y0TOTE-7".into()), "no identifier");
    assert!(gs1(b"]Q3172612310109506000134352", None));
    assert!(gs1(b"172612310109506000134352", Some(AimId::GS1_QR)));
    assert!(!gs1(b"172612310109506000134352", Some(AimId::QR)));
    assert!(gs1(b"]E05012345678900|]e01726123110LOT", None), "an EAN with a second part above it");
}

#[test]
fn links_are_read_as_people_write_them() {
    let gtin = Some("09506000134352");
    for text in [
        "https://example.com/01/09506000134352/",
        "https://example.com/01/09506000134352/?17=261231",
        "https://example.com/01/09506000134352?10=LOT1&21=S1",
        "https://example.com/01/09506000134352/21/S1/10/LOT1",
        "https://example.com/01/09506000134352/10/LOT1?1234567=9&utm_source=x",
        "Https://example.com/01/09506000134352/10/LOT1",
    ] {
        let said = parse(text, false).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(said.gtin.as_deref(), gtin, "{text}");
        let lot = text.contains("LOT1").then_some("LOT1");
        assert_eq!(said.value("10"), lot, "{text}");
        assert_eq!(said.trace.serial.is_some(), text.contains("S1"), "{text}");
    }
    for text in ["https://example.com/01/09506000134352/10/A?10=B", "https://example.com/", "https:///", "x://y"] {
        assert_eq!(parse(text, false), None, "{text}");
    }
}

#[test]
fn the_second_part_of_a_composite_belongs_to_the_number_before_it() {
    let said = parse("]E09506000134352|]e01726123110LOT", false).expect("both parts");
    assert_eq!((said.gtin.as_deref(), said.trace.lot.as_deref()), (Some("09506000134352"), Some("LOT")));
    assert_eq!(parse("9506000134352|]e00109506000134353", false), None, "a wrong check digit");
    assert_eq!(parse("9506000134352|]e00105012345678900", false), None, "two items");
    assert_eq!(parse("9506000134353|]e010LOT", false), None, "no number of goods");
}
