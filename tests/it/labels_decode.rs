//! Labels as every printer and screen gets them, read back by readers that share no code with Packbench:
//! rxing on the picture, zbarimg on the picture, on the rendered ZPL and on the rendered PDF, pdftotext on the text.

use super::labels_kit::{
    Seeded, crowded_label, labelize_list, path_text, plain_label, render_zpl_sized, run, rxing_reads, scratch, words,
    zbar,
};
use packbench::labels::gs1::ElementString;
use packbench::labels::house::{HouseLabel, house_label};
use packbench::labels::raster::{self, Picture};
use packbench::labels::sheet::{Area, Sheet, Symbology};
use packbench::labels::{pdf, zpl};
use rxing::BarcodeFormat;
use std::fs;
use std::path::PathBuf;

/// Labels of every symbology by the hundred are the matter of `labels_random`.
const LABELS: usize = 24;

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
fn zbarimg_reads_the_png_at_every_resolution() {
    let folder = scratch("png");
    for dpi in [203, 300, 600] {
        let path = folder.join(format!("{dpi}.png"));
        for (label, sheet) in seeded_labels(4) {
            let picture = raster::render(&sheet, dpi).expect("drawn");
            fs::write(&path, picture.png().expect("a PNG")).expect("written");
            assert_eq!(zbar(&path), [format!("CODE-128:00{}", label.sscc)], "{dpi} dpi");
        }
    }
}

fn render_zpl(name: &str, dots_per_mm: &str, jobs: &[String]) -> Vec<PathBuf> {
    render_zpl_sized(name, ("100", "150"), dots_per_mm, jobs)
}

#[test]
fn zbarimg_reads_the_zpl_as_another_renderer_draws_it() {
    let resolutions =
        [(zpl::Resolution::Dpi203, "8"), (zpl::Resolution::Dpi300, "12"), (zpl::Resolution::Dpi600, "24")];
    for (resolution, dots_per_mm) in resolutions {
        let labels = seeded_labels(2);
        let job = |sheet: &Sheet| zpl::render(sheet, resolution).expect("ZPL");
        let jobs: Vec<String> = labels.iter().map(|(_, sheet)| job(sheet)).collect();
        let pictures = render_zpl(&format!("zpl{dots_per_mm}"), dots_per_mm, &jobs);
        let others: Vec<PathBuf> = pictures.iter().map(|p| p.with_extension("other.png")).collect();
        let job = |(drawn, other): (&PathBuf, &PathBuf)| {
            format!("100\t150\t{}\t{}\n", path_text(&drawn.with_extension("zpl")), path_text(other))
        };
        let list: String = pictures.iter().zip(&others).map(job).collect();
        let other = labelize_list(&scratch(&format!("zpl{dots_per_mm}")).join("others.tsv"), &list, dots_per_mm);
        for ((label, _), (picture, second)) in labels.iter().zip(pictures.iter().zip(&others)) {
            let expected = [format!("CODE-128:00{}", label.sscc)];
            assert_eq!(zbar(picture), expected, "{dots_per_mm} dots/mm");
            assert!(!other || zbar(second) == expected, "{dots_per_mm} dots/mm by labelize");
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

/// A label whose names and addresses are written in Chinese, Japanese and Korean.
fn east_asian() -> HouseLabel {
    HouseLabel {
        sender_name: "上海派克贝奇物流有限公司".to_owned(),
        recipient_name: "株式会社 東京パッキング 御中".to_owned(),
        recipient_lines: vec![
            "東京都千代田区丸の内一丁目九番一号、東京ビルディング十二階（南側受付）、担当者、山田".to_owned(),
            "서울특별시 중구 세종대로 110".to_owned(),
        ],
        country: "日本".to_owned(),
        country_code: "JP".to_owned(),
        ..plain_label()
    }
}

#[test]
fn chinese_japanese_and_korean_are_letters_on_paper_and_in_the_file() {
    let sheet = house_label(&east_asian(), &words("en")).expect("laid out");
    assert!(sheet.faults(1).is_empty());
    let lines: Vec<String> = sheet.plain_text().lines().map(str::to_owned).collect();
    let address: Vec<&String> = lines.iter().filter(|l| l.contains("丸の内") || l.contains("山田")).collect();
    assert_eq!(address.len(), 2, "a long address wraps although it has no spaces: {lines:?}");
    assert!(lines.iter().all(|l| !l.starts_with(['、', '）', '。'])), "no line begins with a stop: {lines:?}");
    let job = zpl::render(&sheet, zpl::Resolution::Dpi203).expect("ZPL");
    assert!(job.is_ascii(), "letters that the printer lacks go as bitmaps");
    let theirs = image::open(render_zpl("han", "8", &[job]).remove(0)).expect("a picture").into_luma8();
    let common = common_ink_percent(&raster::render(&sheet, 203).expect("drawn"), &theirs);
    assert!(common >= 90, "only {common} % of the ink of our picture is on the label");
    let file = scratch("han").join("label.pdf");
    fs::write(&file, pdf::render(&[sheet]).expect("a PDF")).expect("written");
    let text = run("pdftotext", "poppler-utils", &["-raw", path_text(&file), "-"]);
    let flat: String = text.split_whitespace().collect();
    for part in ["上海派克贝奇物流有限公司", "株式会社東京パッキング御中", "南側受付", "서울특별시", "日本"]
    {
        assert!(flat.contains(part), "{part} is missing in {flat}");
    }
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
