//! Layout: nothing overlaps, nothing is cut off, nothing leaves its cell, whatever the address.

use super::labels_kit::{Seeded, crowded_label, mark, plain_label, words};
use packbench::labels::LabelError;
use packbench::labels::house::{HouseLabel, MARKS_MAX, house_label};
use packbench::labels::marks::MarkIcon;
use packbench::labels::sheet::{Area, Element, Sheet, Symbology, dots};
use packbench::labels::text::{Align, Face, Rise, Style, TEXT_CHARS_MAX, TEXT_SIZE_UM_MIN, Text, missing_glyphs};

const NAMES: [&str; 7] = [
    "Li",
    "Customer 17850",
    "Zoë Müller-Łukaszewicz geb. von der Hohenlohe-Langenburg",
    "Константин Александрович Рождественский-Преображенский",
    "Wan Muhammad Hafizuddin bin Wan Abdul Rahman Al-Haj",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "Ñandú Ångström Ézéchiel Ïlôt Ǻǽ",
];
const STREETS: [&str; 6] = [
    "1 A St",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Railway Station Approach Road 1042b",
    "улица Академика Миллионщикова, дом 35, корпус 5, строение 2, подъезд 11, этаж 14, квартира 1208",
    "No. 27-13A, Jalan PJU 10/1C, Damansara Damai, Mukim Sungai Buloh, Kawasan Perindustrian Sungai Penchala",
    "c/o Goods-In Door 14, Building C, Unit 3, Great Northern Industrial & Distribution Park, Phase II",
    "Calle del Licenciado Verdad y Ramos núm. 1180, interior 4-B, colonia Jardines del Bosque Centro",
];
const ROUTES: [&str; 4] = ["R 12", "A", "VVO 104-B", "LHR-7/EAST NIGHT 02"];

fn random_label(seeded: &mut Seeded) -> HouseLabel {
    let icons = [
        MarkIcon::Fragile,
        MarkIcon::ThisWayUp,
        MarkIcon::KeepDry,
        MarkIcon::Battery,
        MarkIcon::Temperature,
        MarkIcon::Adult,
        MarkIcon::Plain,
    ];
    let texts = ["FRAGILE", "UN3481", "ХРУПКОЕ, НЕ БРОСАТЬ", "+2…+8 °C", "JANGAN TERBALIKKAN", "18"];
    let marks = (0..seeded.below(MARKS_MAX + 1)).map(|_| mark(icons[seeded.below(7)], seeded.pick(&texts))).collect();
    HouseLabel {
        sender_name: seeded.pick(&NAMES).to_owned(),
        sender_lines: (0..seeded.below(2)).map(|_| seeded.pick(&STREETS).to_owned()).collect(),
        recipient_name: seeded.pick(&NAMES).to_owned(),
        recipient_lines: (0..seeded.below(5)).map(|_| seeded.pick(&STREETS).to_owned()).collect(),
        country: seeded
            .pick(&["Malaysia", "United Kingdom of Great Britain and Northern Ireland", "Россия"])
            .to_owned(),
        country_code: seeded.pick(&["GB", "RU", "WW"]).to_owned(),
        service: seeded.pick(&["", "STANDARD", "ЭКСПРЕСС ДО ДВЕРИ 09:00"]).to_owned(),
        order_number: seeded.pick(&["1", "536365", "RU-2026-0000-0415-7788-A", "WWWWWWWWWWWWWWWWWWWW"]).to_owned(),
        parcel_number: seeded.below(1_000) as u32,
        parcel_count: seeded.below(100_000) as u32,
        ship_date: seeded.pick(&["", "01 Dec 2010", "23 сентября 2026 г."]).to_owned(),
        route: seeded.pick(&ROUTES).to_owned(),
        weight_g: seeded.below(2_000_000) as u32,
        marks,
        sscc: seeded.sscc(),
        copy_number: seeded.below(3) as u32 * 50,
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Every text lies in its cell, every cell on the sheet, every size is legible, and nothing overlaps.
fn assert_sound(sheet: &Sheet, what: &str) {
    assert_eq!(sheet.faults(9), [], "{what}");
    for element in sheet.elements() {
        assert!(sheet.area().contains(element.area()), "{what}: {element:?}");
        if let Element::Text(text) = element {
            assert!(text.size_um >= TEXT_SIZE_UM_MIN, "{what}: {text:?}");
            for line in &text.lines {
                assert!(text.area.contains(text.line_area(line)), "{what}: {line:?} leaves {:?}", text.area);
            }
        }
    }
}

#[test]
fn random_labels_are_sound_and_complete_in_every_language() {
    let mut seeded = Seeded(2026);
    for language in ["en", "es", "ms", "ru"] {
        let words = words(language);
        for round in 0..100 {
            let label = random_label(&mut seeded);
            let what = format!("{language} {round}");
            let sheet = house_label(&label, &words).unwrap_or_else(|e| panic!("{what}: {e}: {label:?}"));
            assert_sound(&sheet, &what);
            let printed = letters(&sheet.plain_text());
            let mut parts = vec![&label.sender_name, &label.recipient_name, &label.country, &label.route, &label.sscc];
            parts.extend(label.recipient_lines.iter().chain([&label.order_number, &label.service, &label.ship_date]));
            for part in parts {
                assert!(printed.contains(&letters(part)), "{what}: {part:?} is cut off: {printed}");
            }
        }
    }
}

#[test]
fn a_reprint_is_marked_and_a_first_print_is_not() {
    let words = words("en");
    let first = house_label(&plain_label(), &words).expect("laid out").plain_text();
    let reprint = HouseLabel { copy_number: 3, ..plain_label() };
    let copy = house_label(&reprint, &words).expect("laid out").plain_text();
    assert!(!first.contains("COPY"), "{first}");
    assert!(copy.contains("COPY 3"), "{copy}");
}

#[test]
fn the_bars_are_tall_and_wide_as_the_logistic_label_asks() {
    let sheet = house_label(&crowded_label(), &words("ru")).expect("laid out");
    let code = sheet.elements().iter().find_map(|e| match e {
        Element::Barcode(code) if code.quiet_modules == 10 => Some(code),
        _ => None,
    });
    let code = code.expect("a linear code");
    assert!(code.area.h_um >= 31_750, "GS1 asks for 31.75 mm: {}", code.area.h_um);
    assert!((495..=940).contains(&code.module_um));
    let quiet_um = code.dark_area().x_um - code.area.x_um;
    assert!(quiet_um >= 10 * code.module_um, "quiet zone {quiet_um} µm");
    assert_eq!(code.module_dots(203), Ok(4));
    assert_eq!(code.module_dots(300), Ok(6));
}

/// Printers of "203 dpi" have eight dots a millimetre. Counted with 203, 71.5 mm would be 571 dots, and this code of 2 × 286 would be
/// drawn with modules of one dot, half of what it may be.
#[test]
fn a_code_that_fits_to_the_dot_keeps_its_dots() {
    let made = |w_um: i32| {
        let mut sheet = Sheet::new(80_000, 30_000).expect("a sheet");
        let area = Area { x_um: 1_000, y_um: 1_000, w_um, h_um: 20_000 };
        sheet.barcode(area, Symbology::Code128("euaxo;evq)!>MabyD+V$b"), 500, 250)?;
        let Some(Element::Barcode(code)) = sheet.elements().first() else { panic!("no code") };
        code.module_dots(203)
    };
    assert_eq!(made(71_500), Ok(2));
    assert_eq!(made(71_499), Err(LabelError::BarcodeTooWide { needed_um: 71_500, width_um: 71_499 }));
}

#[test]
fn bad_labels_are_refused_with_their_reason() {
    let words = words("en");
    let make = |change: &dyn Fn(&mut HouseLabel)| {
        let mut label = plain_label();
        change(&mut label);
        house_label(&label, &words).map(|_| ())
    };
    let endless = make(&|l| l.recipient_name = "W".repeat(TEXT_CHARS_MAX + 1));
    assert!(matches!(endless, Err(LabelError::TextTooLong { .. })), "{endless:?}");
    let crammed = make(&|l| l.order_number = "W".repeat(900));
    assert!(matches!(crammed, Err(LabelError::TextTooLong { chars: 900, .. })), "{crammed:?}");
    assert!(matches!(make(&|l| l.sscc = "350123450000047111".to_owned()), Err(LabelError::Gs1(_))));
    let many = make(&|l| l.marks = vec![mark(MarkIcon::Fragile, "x"); MARKS_MAX + 1]);
    assert_eq!(many, Err(LabelError::TooMany { what: "marks", most: MARKS_MAX }));
}

#[test]
fn control_characters_and_direction_marks_never_print() {
    let label = HouseLabel { recipient_name: "An\u{2068}na\u{2069}\u{7} \u{1b}[2J\tB.".to_owned(), ..plain_label() };
    let text = house_label(&label, &words("en")).expect("laid out").plain_text();
    assert!(text.contains("Anna [2J B."), "{text}");
}

#[test]
fn letters_and_marks_written_apart_are_one_and_what_has_no_width_leaves() {
    let area = Area::tenths(0, 0, 900, 100);
    let line = |text: &str| {
        let mut lines = Text::lay_out(area, text, Style::new(Face::Regular, 4_000)).expect("fits").lines;
        let line = lines.remove(0);
        (line.text, line.width_um)
    };
    for (apart, one) in [
        ("Mu\u{308}ller Bjo\u{308}rn Je\u{301}ro\u{302}me", "Müller Björn Jérôme"),
        ("И\u{306}ошкар-Ола", "Йошкар-Ола"),
        ("\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}", "한국"),
        ("か\u{3099}", "が"),
        ("Donau\u{ad}dampf\u{200b}schiff\u{2060}", "Donaudampfschiff"),
    ] {
        assert_eq!(line(apart), line(one));
        assert_eq!(line(apart).0, one);
    }
    assert_eq!(line("क\u{93c}").0, "क\u{93c}", "no letter of its own: it stays");
}

#[test]
fn text_keeps_its_alignment_and_rise() {
    let area = Area::tenths(100, 100, 500, 100);
    let style = Style::new(Face::Bold, 3_000);
    let line = |style: Style| Text::lay_out(area, "abc", style).expect("fits").lines.remove(0);
    let (left, centre, right) = (line(style), line(style.align(Align::Centre)), line(style.align(Align::Right)));
    assert_eq!(left.x_um, area.x_um);
    assert_eq!(right.x_um + right.width_um, area.right_um());
    assert_eq!(centre.x_um - area.x_um, (area.w_um - centre.width_um) / 2);
    let bottom = line(style.rise(Rise::Bottom));
    assert_eq!(bottom.baseline_um, area.bottom_um() - 3_000 / 4);
}

#[test]
fn an_overlap_is_found() {
    let mut sheet = Sheet::new(100_000, 50_000).expect("a sheet");
    sheet.text(Area::tenths(10, 10, 400, 60), "first", Style::new(Face::Regular, 4_000)).expect("fits");
    assert_eq!(sheet.faults(9).len(), 0);
    sheet.text(Area::tenths(10, 20, 400, 60), "second", Style::new(Face::Regular, 4_000)).expect("fits");
    assert_eq!(sheet.faults(9).len(), 1);
    sheet.barcode(Area::tenths(0, 0, 1_000, 100), Symbology::Code128("X1"), 500, 250).expect("fits");
    assert_eq!(sheet.faults(9).len(), 3, "nothing may enter a barcode's ground");
    let outside = sheet.fill(Area::tenths(900, 0, 101, 10), packbench::labels::sheet::Ink::Black);
    assert!(matches!(outside, Err(LabelError::OutsideSheet { .. })));
}

#[test]
fn characters_without_a_glyph_are_reported() {
    for face in [Face::Regular, Face::SemiBold, Face::Bold, Face::Mono, Face::MonoBold] {
        let missing = missing_glyphs("Müller Петров 東京 서울 🙂 مرحبا বই", face).expect("the font");
        assert_eq!(missing.into_iter().collect::<String>(), "ইব🙂", "{face:?}");
    }
}

#[test]
fn dots_round_to_the_nearest() {
    assert_eq!(
        [dots(100_000, 203), dots(500, 203), dots(500, 300), dots(-500, 203), dots(25_400, 600)],
        [799, 4, 6, -4, 600]
    );
}
