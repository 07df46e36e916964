//! Every kind of barcode, drawn at every resolution and as ZPL and PDF, read back by other readers: rxing, zbar, libdmtx, zxing-cpp.

use super::labels_kit::{dmtx, path_text, render_zpl_sized, run, rxing_reads, scratch, zbar, zxing};
use packbench::labels::bars::{Bars, BarsError, BarsKind};
use packbench::labels::gs1::ElementString;
use packbench::labels::sheet::{Area, Sheet, Symbology};
use packbench::labels::{pdf, raster, zpl};
use rxing::BarcodeFormat;
use std::fs;

/// Name, bars, what rxing calls it, what zbar prints, what a scanner returns.
type Case = (&'static str, BarsKind, &'static str, BarcodeFormat, &'static str);

const CASES: [Case; 5] = [
    ("ean13", BarsKind::Ean13, "4006381333931", BarcodeFormat::EAN_13, "EAN-13:4006381333931"),
    ("ean8", BarsKind::Ean8, "9638507", BarcodeFormat::EAN_8, "EAN-8:96385074"),
    ("upca", BarsKind::UpcA, "036000291452", BarcodeFormat::UPC_A, "EAN-13:0036000291452"),
    ("itf", BarsKind::Itf, "0123456789", BarcodeFormat::ITF, "I2/5:0123456789"),
    ("itf14", BarsKind::Itf14, "1540014128876", BarcodeFormat::ITF, "I2/5:15400141288763"),
];

fn sheet_of(symbology: Symbology<'_>) -> Sheet {
    let mut sheet = Sheet::new(100_000, 60_000).expect("a sheet");
    sheet.barcode(Area::tenths(100, 100, 800, 300), symbology, 500, 250).expect("fits");
    sheet
}

#[test]
fn retail_and_carton_codes_are_read_at_every_resolution() {
    let folder = scratch("symbols");
    for (name, kind, number, format, expected) in CASES {
        let sheet = sheet_of(Symbology::Bars(kind, number));
        for dpi in [203, 300, 600] {
            let picture = raster::render(&sheet, dpi).expect("drawn");
            let path = folder.join(format!("{name}{dpi}.png"));
            fs::write(&path, picture.png().expect("a PNG")).expect("written");
            assert_eq!(zbar(&path), [expected], "{name} at {dpi} dpi by zbar");
            let read = rxing_reads(&picture, &[format]);
            let returned = Bars::new(kind, number).expect("bars").text().to_owned();
            assert_eq!(read, [(format, returned)], "{name} at {dpi} dpi by rxing");
        }
    }
}

#[test]
fn printers_commands_and_pdf_carry_the_same_numbers() {
    let folder = scratch("symbols-pdf");
    for (resolution, dots_per_mm) in
        [(zpl::Resolution::Dpi203, "8"), (zpl::Resolution::Dpi300, "12"), (zpl::Resolution::Dpi600, "24")]
    {
        let job = |case: &Case| zpl::render(&sheet_of(Symbology::Bars(case.1, case.2)), resolution).expect("ZPL");
        let jobs: Vec<String> = CASES.iter().map(job).collect();
        let drawn: Vec<&str> =
            CASES.iter().zip(&jobs).filter(|(_, job)| job.contains("^GF")).map(|(c, _)| c.0).collect();
        assert_eq!(drawn, ["ean8"], "all others by the printer's own commands");
        let pictures = render_zpl_sized(&format!("symbols{dots_per_mm}"), ("100", "60"), dots_per_mm, &jobs);
        for ((name, _, _, _, expected), picture) in CASES.iter().zip(pictures) {
            assert_eq!(zbar(&picture), [*expected], "{name} at {dots_per_mm} dots/mm");
        }
    }
    for (name, kind, number, _, expected) in CASES {
        let (file, picture) = (folder.join("symbol.pdf"), folder.join("symbol"));
        fs::write(&file, pdf::render(&[sheet_of(Symbology::Bars(kind, number))]).expect("a PDF")).expect("written");
        let arguments = ["-r", "203", "-gray", "-png", "-singlefile", path_text(&file), path_text(&picture)];
        run("pdftoppm", "poppler-utils", &arguments);
        assert_eq!(zbar(&picture.with_extension("png")), [expected], "{name} in a PDF");
    }
}

#[test]
fn matrix_codes_are_read_by_libdmtx_and_zxing_cpp_with_their_separators() {
    let elements = [
        ElementString::new("01", "03453120000011").expect("an element"),
        ElementString::new("10", "ABC-42").expect("an element"),
        ElementString::new("21", "9001").expect("an element"),
    ];
    let gs1 = "010345312000001110ABC-42{GS}219001";
    let cases = [
        ("gs1dm", Symbology::Gs1DataMatrix(&elements), gs1, true),
        ("dm", Symbology::DataMatrix("Packbench 42"), "Packbench 42", true),
        ("gs1128", Symbology::Gs1128(&elements), gs1, false),
        ("qr", Symbology::Qr("https://example.com/01/03453120000011"), "https://example.com/01/03453120000011", false),
        ("ean13", Symbology::Bars(BarsKind::Ean13, "4006381333931"), "4006381333931", false),
        ("code39", Symbology::Bars(BarsKind::Code39, "BIN A-01/7"), "BIN A-01/7", false),
    ];
    let folder = scratch("symbols-matrix");
    let mut paths = Vec::new();
    for (name, symbology, expected, matrix) in cases {
        let path = folder.join(format!("{name}.png"));
        let picture = raster::render(&sheet_of(symbology), 203).expect("drawn");
        fs::write(&path, picture.png().expect("a PNG")).expect("written");
        if matrix {
            // libdmtx tells FNC1 at the start as a separator too.
            assert_eq!(dmtx(&path).trim_start_matches("{GS}"), expected, "{name} by libdmtx");
        }
        paths.push(path);
    }
    if let Some(read) = zxing(&paths) {
        let expected: Vec<String> = cases.iter().map(|c| c.2.to_owned()).collect();
        assert_eq!(read, expected, "by zxing-cpp");
    }
}

#[test]
fn numbers_that_would_be_read_differently_are_refused() {
    let wrong = Bars::new(BarsKind::Ean13, "4006381333932");
    assert_eq!(wrong, Err(BarsError::CheckDigit { kind: "EAN-13", given: '2', expected: '1' }));
    let refused = [
        (BarsKind::Ean13, "40063813339"),
        (BarsKind::Ean8, "9638507A"),
        (BarsKind::UpcA, ""),
        (BarsKind::Itf, "123"),
        (BarsKind::Itf14, "١٢٣٤٥٦٧٨٩٠١٢٣"),
    ];
    for (kind, number) in refused {
        assert!(matches!(Bars::new(kind, number), Err(BarsError::Digits { .. })), "{kind:?} {number}");
    }
    assert_eq!(Bars::new(BarsKind::Code39, "AB*C"), Err(BarsError::Code39 { at: 3 }));
    assert_eq!(Bars::new(BarsKind::Ean13, "400638133393").map(|b| b.text().to_owned()), Ok("4006381333931".to_owned()));
}
