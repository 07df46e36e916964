//! Labels as every printer and screen gets them, read back by readers that share no code with Packbench:
//! rxing on the picture, zbarimg on the picture, on the rendered ZPL and on the rendered PDF, pdftotext on the text.

use super::labels_kit::{Seeded, crowded_label, path_text, plain_label, run, scratch, words, zbar};
use packbench::labels::gs1::ElementString;
use packbench::labels::house::{HouseLabel, house_label};
use packbench::labels::raster::{self, Picture};
use packbench::labels::sheet::{Area, Sheet, Symbology};
use packbench::labels::{pdf, zpl};
use rxing::helpers::detect_multiple_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;

const LABELS: usize = 200;

/// The two sample labels in turn, each with another SSCC.
fn seeded_labels(count: usize) -> Vec<(HouseLabel, Sheet)> {
    let mut seeded = Seeded(42);
    let (en, ru) = (words("en"), words("ru"));
    let make = |i: usize| {
        let (base, words) = if i.is_multiple_of(2) { (plain_label(), &en) } else { (crowded_label(), &ru) };
        let label = HouseLabel { sscc: seeded.sscc(), ..base };
        let sheet = house_label(&label, words).expect("the label is laid out");
        (label, sheet)
    };
    (0..count).map(make).collect()
}

/// Everything rxing finds, as format and text without the GS1 mark.
fn rxing_reads(picture: &Picture, formats: &[BarcodeFormat]) -> Vec<(BarcodeFormat, String)> {
    let mut hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some(formats.iter().copied().collect::<HashSet<_>>()),
        ..DecodeHints::default()
    };
    let found = detect_multiple_in_luma_with_hints(
        picture.grey().to_vec(),
        picture.width_px(),
        picture.height_px(),
        &mut hints,
    );
    let text = |r: &rxing::RXingResult| r.getText().trim_start_matches("]C1").trim_start_matches('\u{1d}').to_owned();
    found.unwrap_or_default().iter().map(|r| (*r.getBarcodeFormat(), text(r))).collect()
}

#[test]
fn rxing_reads_every_label_at_203_dpi() {
    for (label, sheet) in seeded_labels(LABELS) {
        let picture = raster::render(&sheet, 203).expect("drawn");
        assert_eq!((picture.width_px(), picture.height_px()), (799, 1_199));
        let expected = format!("00{}", label.sscc);
        let bars = rxing_reads(&picture, &[BarcodeFormat::CODE_128]);
        assert_eq!(bars, [(BarcodeFormat::CODE_128, expected.clone())]);
        let matrix = rxing_reads(&picture, &[BarcodeFormat::DATA_MATRIX]);
        assert!(matrix.iter().any(|(_, text)| *text == expected), "data matrix of {expected}: {matrix:?}");
    }
}

#[test]
fn zbarimg_reads_the_png_at_both_resolutions() {
    let folder = scratch("png");
    for dpi in [203, 300] {
        let path = folder.join(format!("{dpi}.png"));
        for (label, sheet) in seeded_labels(4) {
            let picture = raster::render(&sheet, dpi).expect("drawn");
            fs::write(&path, picture.png().expect("a PNG")).expect("written");
            assert_eq!(zbar(&path), [format!("CODE-128:00{}", label.sscc)], "{dpi} dpi");
        }
    }
}

/// Renders print jobs with zpl-renderer-js in one go.
fn render_zpl(name: &str, dots_per_mm: &str, jobs: &[String]) -> Vec<PathBuf> {
    let folder = scratch(name);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/zpl_render.mjs");
    let mut arguments: Vec<String> = [script, "100", "150", dots_per_mm].map(str::to_owned).to_vec();
    let mut pictures = Vec::new();
    for (i, job) in jobs.iter().enumerate() {
        let (source, picture) = (folder.join(format!("{i}.zpl")), folder.join(format!("{i}.png")));
        fs::write(&source, job).expect("written");
        arguments.extend([path_text(&source).to_owned(), path_text(&picture).to_owned()]);
        pictures.push(picture);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run("node", "nodejs, and `npm install -g zpl-renderer-js`", &arguments);
    pictures
}

#[test]
fn zbarimg_reads_the_zpl_as_another_renderer_draws_it() {
    let resolutions = [(zpl::Resolution::Dpi203, "8"), (zpl::Resolution::Dpi300, "12")];
    for (resolution, dots_per_mm) in resolutions {
        let labels = seeded_labels(6);
        let job = |sheet: &Sheet| zpl::render(sheet, resolution).expect("ZPL");
        let jobs: Vec<String> = labels.iter().map(|(_, sheet)| job(sheet)).collect();
        let pictures = render_zpl(&format!("zpl{dots_per_mm}"), dots_per_mm, &jobs);
        for ((label, _), picture) in labels.iter().zip(pictures) {
            assert_eq!(zbar(&picture), [format!("CODE-128:00{}", label.sscc)], "{dots_per_mm} dots/mm");
        }
    }
}

/// Share of dark pixels that our picture and the other renderer's have in common, in percent of ours.
fn common_ink_percent(ours: &Picture, theirs: &image::GrayImage) -> u64 {
    let (mut dark, mut common) = (0_u64, 0_u64);
    for (x, y, pixel) in theirs.enumerate_pixels() {
        let at = y as usize * ours.width_px() as usize + x as usize;
        if x < ours.width_px() && ours.grey().get(at).is_some_and(|g| *g < 128) {
            dark += 1;
            common += u64::from(pixel.0[0] < 128);
        }
    }
    common * 100 / dark.max(1)
}

#[test]
fn cyrillic_reaches_the_paper_as_bitmap_in_the_right_place() {
    let sheet = house_label(&crowded_label(), &words("ru")).expect("laid out");
    let job = zpl::render(&sheet, zpl::Resolution::Dpi203).expect("ZPL");
    assert!(job.is_ascii(), "no Cyrillic byte may reach a font that lacks it");
    let picture = render_zpl("cyrillic", "8", &[job]).remove(0);
    let theirs = image::open(picture).expect("a picture").into_luma8();
    let ours = raster::render(&sheet, 203).expect("drawn");
    let common = common_ink_percent(&ours, &theirs);
    assert!(common >= 90, "only {common} % of the ink of our picture is on the label");
}

#[test]
fn pdf_is_readable_as_picture_and_as_text() {
    let folder = scratch("pdf");
    for (label, sheet) in seeded_labels(4) {
        let (file, picture) = (folder.join("label.pdf"), folder.join("label"));
        fs::write(&file, pdf::render(&[sheet]).expect("a PDF")).expect("written");
        let poppler = "poppler-utils";
        let arguments = ["-r", "203", "-gray", "-png", "-singlefile", path_text(&file), path_text(&picture)];
        run("pdftoppm", poppler, &arguments);
        assert_eq!(zbar(&picture.with_extension("png")), [format!("CODE-128:00{}", label.sscc)]);
        let text = run("pdftotext", poppler, &["-raw", path_text(&file), "-"]);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in label.recipient_lines.iter().chain([&label.recipient_name, &label.country, &label.route]) {
            assert!(flat.contains(part.as_str()), "{part:?} is missing in {flat:?}");
        }
        let fonts = run("pdffonts", poppler, &[path_text(&file)]);
        for font in fonts.lines().skip(2) {
            let embedded = font.contains(" yes yes yes ");
            assert!(embedded && font.contains("CID TrueType"), "embedded, subset, with text mapping: {font}");
        }
    }
}

#[test]
fn every_symbology_decodes_to_its_content() {
    let elements = [ElementString::new("01", "03453120000011").expect("an element")];
    let text = "Packbench 42/ä";
    let cases = [
        (Symbology::Code128("Order-536365"), BarcodeFormat::CODE_128, "Order-536365"),
        (Symbology::Gs1128(&elements), BarcodeFormat::CODE_128, "0103453120000011"),
        (Symbology::Gs1DataMatrix(&elements), BarcodeFormat::DATA_MATRIX, "0103453120000011"),
        (Symbology::DataMatrix("Packbench 42"), BarcodeFormat::DATA_MATRIX, "Packbench 42"),
        (Symbology::Qr(text), BarcodeFormat::QR_CODE, text),
    ];
    for (symbology, format, expected) in cases {
        let mut sheet = Sheet::new(100_000, 60_000).expect("a sheet");
        sheet.barcode(Area::tenths(100, 100, 800, 400), symbology, 600, 250).expect("fits");
        let picture = raster::render(&sheet, 203).expect("drawn");
        assert_eq!(rxing_reads(&picture, &[format]), [(format, expected.to_owned())], "{symbology:?}");
    }
}

#[test]
fn equal_labels_give_equal_bytes() {
    let make = || {
        let (_, sheet) = seeded_labels(2).remove(1);
        let png = raster::render(&sheet, 203).expect("drawn").png().expect("a PNG");
        let job = zpl::render(&sheet, zpl::Resolution::Dpi300).expect("ZPL");
        (pdf::render(&[sheet]).expect("a PDF"), png, job)
    };
    assert!(make() == make(), "the same label must give the same file");
}
