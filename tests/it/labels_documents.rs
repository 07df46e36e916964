//! Documents: complete, sound on every page, in every language; no price on a gift; no figures that do not add up.

use super::labels_kit::{path_text, run, scratch, words};
use super::labels_samples as samples;
use packbench::labels::documents::cards::{badge_sheet, command_sheet};
use packbench::labels::documents::cn22::{CN22_LINES_MAX, Category, cn22};
use packbench::labels::documents::cn23::{CN23_LINES_MAX, cn23};
use packbench::labels::documents::commercial::commercial_invoice;
use packbench::labels::documents::hazard::{BatteryMark, battery_mark};
use packbench::labels::documents::invoice::invoice;
use packbench::labels::documents::manifest::manifest;
use packbench::labels::documents::slip::packing_slip;
use packbench::labels::documents::{LINES_MAX, Paper, Words};
use packbench::labels::format::{Currency, decimal, kilograms, mass, percent};
use packbench::labels::sheet::{Element, Sheet};
use packbench::labels::{LabelError, pdf, raster};
use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use std::collections::{BTreeSet, HashSet};
use std::fs;

fn text_of(sheets: &[Sheet]) -> String {
    sheets.iter().map(Sheet::plain_text).collect()
}

fn mark() -> BatteryMark {
    BatteryMark { un_numbers: vec!["UN3481".to_owned(), "UN3091".to_owned()], telephone: "+44 1394 000000".to_owned() }
}

/// Every document in one language.
fn all(words: &Words) -> Vec<(&'static str, Vec<Sheet>)> {
    vec![
        ("slip A4", packing_slip(&samples::slip(Paper::A4, 90), words).expect("slip")),
        ("slip A6", packing_slip(&samples::slip(Paper::A6, 30), words).expect("slip")),
        ("slip label", packing_slip(&samples::slip(Paper::Label, 3), words).expect("slip")),
        ("invoice", invoice(&samples::invoice(60), words).expect("invoice")),
        ("cn22", vec![cn22(&samples::cn22(), words).expect("cn22")]),
        ("cn23", vec![cn23(&samples::cn23(), words).expect("cn23")]),
        ("commercial", commercial_invoice(&samples::commercial(40), words).expect("commercial invoice")),
        ("manifest", manifest(&samples::manifest(90), words).expect("manifest")),
        ("battery mark", vec![battery_mark(&mark(), words).expect("mark")]),
        ("commands", command_sheet("K", &samples::commands(), words).expect("commands")),
        ("badges", badge_sheet(&samples::badges()).expect("badges")),
    ]
}

#[test]
fn every_document_is_sound_in_every_language() {
    for language in ["en", "es", "ms", "ru"] {
        for (name, sheets) in all(&words(language)) {
            for (page, sheet) in sheets.iter().enumerate() {
                assert_eq!(sheet.faults(9), [], "{language} {name} page {page}");
                for element in sheet.elements() {
                    if let Element::Text(text) = element {
                        let within = text.lines.iter().all(|l| text.area.contains(text.line_area(l)));
                        assert!(within, "{language} {name} page {page}: {text:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn long_documents_break_pages_repeat_heads_and_lose_no_line() {
    let words = words("en");
    let sheets = packing_slip(&samples::slip(Paper::A4, 90), &words).expect("slip");
    assert!(sheets.len() >= 3, "{} pages", sheets.len());
    let text = text_of(&sheets);
    assert_eq!(text.matches("White Metal Lantern").count(), 13);
    for (i, sheet) in sheets.iter().enumerate() {
        let page = sheet.plain_text();
        assert!(page.contains(&format!("Page {} of {}", i + 1, sheets.len())), "{page}");
    }
    assert_eq!(text.matches("Unit price").count(), sheets.len(), "the head stands on every page with lines");
    let too_many = packing_slip(&samples::slip(Paper::A4, LINES_MAX + 1), &words);
    assert_eq!(too_many, Err(LabelError::TooMany { what: "lines", most: LINES_MAX }));
}

#[test]
fn a_manifest_counts_its_parcels_sums_what_was_weighed_and_has_places_to_sign() {
    let words = words("en");
    let sheets = manifest(&samples::manifest(90), &words).expect("manifest");
    assert!(sheets.len() >= 3, "{} pages", sheets.len());
    let text = text_of(&sheets);
    for n in 1..=90 {
        assert!(text.contains(&format!("3952123400000{n:05}")), "{n}");
    }
    // 78 of the 90 were weighed.
    for part in ["H000042", "97.50 kg", "Zoë Müller-Łukaszewicz", "Not closed yet", "Taken along: date and signature"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    let too_many = manifest(&samples::manifest(LINES_MAX + 1), &words);
    assert_eq!(too_many, Err(LabelError::TooMany { what: "lines", most: LINES_MAX }));
}

#[test]
fn a_gift_prints_no_price() {
    let words = words("en");
    let mut slip = samples::slip(Paper::A4, 7);
    let priced = text_of(&packing_slip(&slip, &words).expect("slip"));
    assert!(priced.contains("GBP 139.12") && priced.contains("2.55"), "{priced}");
    slip.gift = true;
    slip.gift_message = "С днём рождения, Zoë!".to_owned();
    let sheets = packing_slip(&slip, &words).expect("slip");
    let folder = scratch("gift");
    let file = folder.join("slip.pdf");
    fs::write(&file, pdf::render(&sheets).expect("a PDF")).expect("written");
    let text = run("pdftotext", "poppler-utils", &["-layout", path_text(&file), "-"]);
    assert!(text.contains("С днём рождения, Zoë!") && text.contains("White Metal Lantern"), "{text}");
    for price in ["GBP", "2.55", "3.39", "139.12", "15.30", "Unit price", "Amount"] {
        assert!(!text.contains(price), "{price} on a gift: {text}");
    }
}

#[test]
fn invoices_show_tax_per_line_and_rate_and_refuse_wrong_sums() {
    let words = words("en");
    let good = samples::invoice(7);
    let text = text_of(&invoice(&good, &words).expect("invoice"));
    for part in ["20 %", "12.5 %", "5 %", "0 %", "3.06", "18.36", "GBP 139.12", "GBP 15.03", "GBP 154.15", "GBP 144.15"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    for change in 0..3 {
        let mut bad = good.clone();
        match change {
            0 => bad.net_minor += 1,
            1 => bad.tax_minor -= 1,
            _ => bad.gross_minor += 1,
        }
        assert_eq!(invoice(&bad, &words), Err(LabelError::Sums { what: "totals of the invoice" }));
    }
    let mut huge = good;
    huge.lines[0].net_minor = i64::MAX;
    assert!(matches!(invoice(&huge, &words), Err(LabelError::Overflow { .. })));
}

#[test]
fn currencies_have_their_own_decimals() {
    let (en, ru) = (words("en"), words("ru"));
    let show = |code: &str, minor| Currency::new(code).expect("a currency").amount_with_code(minor, &en);
    assert_eq!(show("GBP", 123_456_789), "GBP 1,234,567.89");
    assert_eq!(show("JPY", 1_234), "JPY 1,234");
    assert_eq!(show("KWD", -5), "KWD -0.005");
    assert_eq!(show("CLF", 10_001), "CLF 1.0001");
    assert_eq!(show("USD", i64::MIN), "USD -92,233,720,368,547,758.08");
    assert_eq!(samples::currency("EUR").amount(1_234_567, &ru), "12\u{a0}345,67");
    for bad in ["", "gbp", "EURO", "E1R", "ЕВР"] {
        assert_eq!(Currency::new(bad), Err(LabelError::Currency), "{bad}");
    }
}

#[test]
fn weights_and_rates_read_naturally() {
    let words = words("en");
    let shown: Vec<String> = [0, 999, 1_000, 12_110, 1_234_567].iter().map(|g| mass(*g, &words)).collect();
    assert_eq!(shown, ["0 g", "999 g", "1.00 kg", "12.11 kg", "1,234.57 kg"]);
    assert_eq!(kilograms(840, &words), "0.840");
    assert_eq!([percent(2_000, &words), percent(550, &words), percent(725, &words)], ["20 %", "5.5 %", "7.25 %"]);
    assert_eq!(decimal(-1_000, 0, &words), "-1,000");
}

#[test]
fn customs_forms_refuse_what_does_not_add_up_or_fit() {
    let words = words("en");
    let mut form = samples::cn22();
    form.total_value_minor += 1;
    assert_eq!(cn22(&form, &words), Err(LabelError::Sums { what: "customs values" }));
    let mut form = samples::cn22();
    form.total_weight_g = 100;
    assert_eq!(cn22(&form, &words), Err(LabelError::Sums { what: "customs weights" }));
    let mut form = samples::cn22();
    form.lines = samples::customs_lines(CN22_LINES_MAX + 1);
    assert!(matches!(cn22(&form, &words), Err(LabelError::TooMany { .. })));
    let mut form = samples::cn23();
    form.lines = samples::customs_lines(CN23_LINES_MAX + 1);
    assert!(matches!(cn23(&form, &words), Err(LabelError::TooMany { .. })));
}

#[test]
fn each_category_ticks_its_own_box() {
    let words = words("en");
    let crosses = |category| {
        let form =
            cn22(&packbench::labels::documents::cn22::Cn22 { category, ..samples::cn22() }, &words).expect("cn22");
        let shapes = form.elements().iter().filter(|e| matches!(e, Element::Polygon(_)));
        shapes.map(|e| e.area()).collect::<Vec<_>>()
    };
    let places: BTreeSet<_> = Category::ALL.into_iter().map(|c| crosses(c)[0]).collect();
    assert_eq!(places.len(), Category::ALL.len());
    assert!(Category::ALL.into_iter().all(|c| crosses(c).len() == 2), "one cross of two bars");
}

/// Every Code 128 rxing finds on a page of cards.
fn codes_on(sheet: &Sheet) -> BTreeSet<String> {
    let picture = raster::render(sheet, 203).expect("drawn");
    let (width, height) = (picture.width_px() as usize, picture.height_px() as usize);
    let mut found = BTreeSet::new();
    // Two columns of cards: each half and each band on its own, as a hand scanner sees them.
    for (left, band) in [(0, 0), (width / 2, 0)].into_iter().flat_map(|(l, _)| (0..60).map(move |b| (l, b))) {
        let top = height * band / 60;
        let rows = picture.grey().chunks(width).skip(top).take(height / 60);
        let part: Vec<u8> = rows.flat_map(|row| row[left..left + width / 2].to_vec()).collect();
        let mut hints = DecodeHints {
            TryHarder: Some(true),
            PossibleFormats: Some(HashSet::from([BarcodeFormat::CODE_128])),
            ..DecodeHints::default()
        };
        let (w, h) = ((width / 2) as u32, (part.len() / (width / 2)) as u32);
        let results = detect_multiple_in_luma_with_hints(part, w, h, &mut hints).unwrap_or_default();
        found.extend(results.iter().map(|r| r.getText().to_owned()));
    }
    found
}

#[test]
fn every_command_and_badge_can_be_scanned() {
    let commands = samples::commands();
    let sheets = command_sheet("Commands", &commands, &words("en")).expect("sheet");
    let expected: BTreeSet<String> = commands.iter().map(|c| c.code.clone()).collect();
    let found: BTreeSet<String> = sheets.iter().flat_map(codes_on).collect();
    assert_eq!(found, expected);
    let badges = samples::badges();
    let sheets = badge_sheet(&badges).expect("sheet");
    let expected: BTreeSet<String> = badges.iter().map(|b| b.code.clone()).collect();
    let found: BTreeSet<String> = sheets.iter().flat_map(codes_on).collect();
    assert_eq!(found, expected);
    for badge in &badges {
        assert!(!text_of(&sheets).contains(&badge.code), "a badge must not be copied by reading it");
    }
}

#[test]
fn the_slip_carries_its_order_and_link_as_codes() {
    let sheets = packing_slip(&samples::slip(Paper::A4, 7), &words("en")).expect("slip");
    let folder = scratch("slip");
    let file = folder.join("slip.pdf");
    fs::write(&file, pdf::render(&sheets).expect("a PDF")).expect("written");
    let picture = folder.join("slip");
    let arguments = ["-r", "200", "-gray", "-png", "-singlefile", path_text(&file), path_text(&picture)];
    run("pdftoppm", "poppler-utils", &arguments);
    let mut codes = super::labels_kit::zbar(&picture.with_extension("png"));
    codes.sort();
    assert_eq!(codes, ["CODE-128:536365", "QR-Code:https://example.com/returns/536365"]);
}
