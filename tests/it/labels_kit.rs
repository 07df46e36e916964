//! Shared by the label tests: words, sample labels, a seeded generator, and the outside programs that read what we print.

use packbench::core::gs1::check_digit;
use packbench::engine::view::LabelPicture;
use packbench::labels::documents::{Party, Words};
use packbench::labels::house::HouseLabel;
use packbench::labels::house::house_label;
use packbench::labels::marks::{Mark, MarkIcon};
use packbench::labels::raster;
use rxing::helpers::{detect_in_luma_with_hints, detect_multiple_in_luma_with_hints};
use rxing::{BarcodeFormat, DecodeHints};
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// Words of a language from the test data (the same lines as the message catalogue).
pub fn words(language: &str) -> Words {
    let text = match language {
        "en" => include_str!("../data/labels/words.en.ftl"),
        "es" => include_str!("../data/labels/words.es.ftl"),
        "ms" => include_str!("../data/labels/words.ms.ftl"),
        "ru" => include_str!("../data/labels/words.ru.ftl"),
        other => panic!("no words in {other}"),
    };
    let lines = text.lines().filter_map(|line| line.split_once(" = "));
    let by_key: BTreeMap<&str, &str> = lines.collect();
    Words::from_catalogue(|key| {
        let text = by_key.get(key).unwrap_or_else(|| panic!("{language} lacks {key}"));
        text.replace("{ $n }", "{n}").replace("{ $m }", "{m}").replace("{\"\\u00A0\"}", "\u{a0}")
    })
}

/// SplitMix64: the same numbers for the same seed, everywhere.
pub struct Seeded(pub u64);

impl Seeded {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// An SSCC with a right check digit.
    pub fn sscc(&mut self) -> String {
        let before = format!("{:017}", self.next() % 100_000_000_000_000_000);
        format!("{before}{}", check_digit(&before).expect("digits"))
    }
}

pub fn party(name: &str, lines: &[&str]) -> Party {
    Party { name: name.to_owned(), lines: lines.iter().map(|l| (*l).to_owned()).collect() }
}

pub fn mark(icon: MarkIcon, text: &str) -> Mark {
    Mark { icon, text: text.to_owned() }
}

/// The label of the design's example parcel.
pub fn plain_label() -> HouseLabel {
    HouseLabel {
        sender_name: "PACKBENCH DEMO".to_owned(),
        sender_lines: vec![
            "Unit 4, Dock Road".to_owned(),
            "Felixstowe IP11 3SY".to_owned(),
            "United Kingdom".to_owned(),
        ],
        recipient_name: "Customer 17850".to_owned(),
        recipient_lines: vec!["Demo Street 1".to_owned(), "London E1 6AN".to_owned()],
        country: "United Kingdom".to_owned(),
        country_code: "GB".to_owned(),
        service: "STANDARD".to_owned(),
        order_number: "536365".to_owned(),
        parcel_number: 1,
        parcel_count: 1,
        ship_date: "01 Dec 2010".to_owned(),
        route: "R 12".to_owned(),
        weight_g: 12_110,
        marks: vec![mark(MarkIcon::Fragile, "FRAGILE")],
        sscc: "350123450000047110".to_owned(),
        copy_number: 0,
    }
}

/// A label with everything at its longest, in Cyrillic.
pub fn crowded_label() -> HouseLabel {
    HouseLabel {
        sender_name: "Общество с ограниченной ответственностью «Складские решения»".to_owned(),
        sender_lines: vec![
            "Промышленный проезд, дом 118, строение 4, ворота 27".to_owned(),
            "196084 Санкт-Петербург".to_owned(),
        ],
        recipient_name: "Константин Александрович Рождественский-Преображенский, отдел приёмки".to_owned(),
        recipient_lines: vec![
            "Производственно-складской комплекс «Северный»".to_owned(),
            "улица Академика Миллионщикова, дом 35, корпус 5, строение 2, подъезд 11, этаж 14, квартира 1208"
                .to_owned(),
            "код домофона 1208K, звонить заранее".to_owned(),
            "690105 Владивосток, Приморский край".to_owned(),
        ],
        country: "Российская Федерация".to_owned(),
        country_code: "RU".to_owned(),
        service: "ЭКСПРЕСС".to_owned(),
        order_number: "RU-2026-0000-0415-7788-A".to_owned(),
        parcel_number: 112,
        parcel_count: 128,
        ship_date: "23 сентября 2026".to_owned(),
        route: "VVO 104-B".to_owned(),
        weight_g: 31_445,
        marks: vec![
            mark(MarkIcon::Fragile, "ХРУПКОЕ"),
            mark(MarkIcon::Battery, "UN3481 PI966"),
            mark(MarkIcon::ThisWayUp, "ВЕРХ"),
            mark(MarkIcon::KeepDry, "БЕРЕЧЬ ОТ ВЛАГИ"),
            mark(MarkIcon::Adult, "ПАСПОРТ"),
            mark(MarkIcon::Temperature, "+2…+8 °C"),
            mark(MarkIcon::Plain, "ДВА ЧЕЛОВЕКА"),
        ],
        sscc: "003501234500000474".to_owned(),
        copy_number: 12,
    }
}

/// A folder of its own for a test, under the build's folder for test files.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("labels").join(name);
    std::fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

/// Runs an outside program; a missing one fails the test and says what to install.
pub fn run(program: &str, package: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|e| panic!("`{program}` cannot be run ({e}): install the package {package}"));
    assert!(output.status.success(), "{program} {arguments:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Writes a grey picture as a PGM file.
pub fn write_pgm(path: &Path, width: usize, grey: &[u8]) {
    let mut file = format!("P5\n{width} {}\n255\n", grey.len() / width).into_bytes();
    file.extend_from_slice(grey);
    std::fs::write(path, file).expect("written");
}

/// Every code zbarimg finds in a picture file, as `symbology:content`.
pub fn zbar(picture: &Path) -> Vec<String> {
    let path = picture.to_str().expect("a path in UTF-8");
    run("zbarimg", "zbar-tools", &["-q", path]).lines().map(str::to_owned).collect()
}

/// What libdmtx finds in a picture of one Data Matrix, with GS as `{GS}`.
pub fn dmtx(picture: &Path) -> String {
    run("dmtxread", "dmtx-utils", &["--stop-after=1", "--gs1=29", path_text(picture)]).replace('\u{1d}', "{GS}")
}

/// What zxing-cpp finds in pictures of one code each, with GS as `{GS}`. `None` outside `tests/run`, which installs it.
pub fn zxing(pictures: &[PathBuf]) -> Option<Vec<String>> {
    let tools = std::env::var_os("PACKBENCH_TEST_TOOLS")?;
    let python = Path::new(&tools).join("python/bin/python");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/zxing_read.py");
    let arguments: Vec<&str> = std::iter::once(script).chain(pictures.iter().map(|p| path_text(p))).collect();
    let told = run(path_text(&python), "zxing-cpp (tests/lib/zxing.txt)", &arguments);
    Some(told.lines().map(|line| line.rsplit('\t').next().unwrap_or_default().to_owned()).collect())
}

/// The AIM identifier and the bytes of every code of a picture.
pub type Codes = Vec<(String, Vec<u8>)>;

/// What zxing-cpp finds in each picture. `None` outside `tests/run`.
pub fn zxing_list(list: &Path, pictures: &[PathBuf]) -> Option<BTreeMap<PathBuf, Codes>> {
    let tools = std::env::var_os("PACKBENCH_TEST_TOOLS")?;
    let python = Path::new(&tools).join("python/bin/python");
    let lines: String = pictures.iter().map(|p| format!("{}\n", path_text(p))).collect();
    std::fs::write(list, lines).expect("written");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/zxing_read.py");
    let told = run(path_text(&python), "zxing-cpp (tests/lib/zxing.txt)", &[script, "--list", path_text(list)]);
    let mut found: BTreeMap<PathBuf, Codes> = BTreeMap::new();
    for line in told.lines() {
        let [path, mark, hex] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal");
        let bytes = (0..hex.len()).step_by(2).map(byte).collect();
        found.entry(PathBuf::from(path)).or_default().push((mark.to_owned(), bytes));
    }
    Some(found)
}

/// What rxing reads of one symbology in a picture of one code.
pub fn rxing_text(picture: &raster::Picture, format: BarcodeFormat, gs1: bool) -> Vec<Vec<u8>> {
    let mut hints = DecodeHints { TryHarder: Some(true), AssumeGs1: Some(gs1), ..DecodeHints::default() };
    let (width, height) = (picture.width_px(), picture.height_px());
    let read = detect_in_luma_with_hints(picture.grey().to_vec(), width, height, Some(format), &mut hints);
    // It takes a check character of the value of FNC1 for a separator at the end.
    let text =
        |found: &rxing::RXingResult| found.getText().trim_end_matches(if gs1 { "\u{1d}" } else { "" }).to_owned();
    read.iter().map(|found| text(found).into_bytes()).collect()
}

/// Everything rxing finds, as format and text without the GS1 mark.
pub fn rxing_reads(picture: &raster::Picture, formats: &[BarcodeFormat]) -> Vec<(BarcodeFormat, String)> {
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

/// Renders print jobs with zpl-renderer-js in one go; width and height in millimetres.
pub fn render_zpl_sized(name: &str, size_mm: (&str, &str), dots_per_mm: &str, jobs: &[String]) -> Vec<PathBuf> {
    let folder = scratch(name);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/zpl_render.mjs");
    let mut arguments: Vec<String> = [script, size_mm.0, size_mm.1, dots_per_mm].map(str::to_owned).to_vec();
    let mut pictures = Vec::new();
    for (i, job) in jobs.iter().enumerate() {
        let (source, picture) = (folder.join(format!("{i}.zpl")), folder.join(format!("{i}.png")));
        std::fs::write(&source, job).expect("written");
        arguments.extend([path_text(&source).to_owned(), path_text(&picture).to_owned()]);
        pictures.push(picture);
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run("node", "nodejs, and `npm install -g zpl-renderer-js`", &arguments);
    pictures
}

/// Draws print jobs with the crate labelize, a list as of `zpl_render.mjs`. `false` outside `tests/run`, which builds it.
pub fn labelize_list(list: &Path, jobs: &str, dots_per_mm: &str) -> bool {
    let Some(tools) = std::env::var_os("PACKBENCH_TEST_TOOLS") else { return false };
    std::fs::write(list, jobs).expect("written");
    let program = Path::new(&tools).join("labelize/release/packbench-peer-labelize");
    run(
        path_text(&program),
        "labelize (benches/peers/labelize, built by tests/run)",
        &["--list", path_text(list), dots_per_mm],
    );
    true
}

pub fn path_text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// The Code 128 texts that rxing finds in a grey picture.
pub fn read_code128(width_px: u32, height_px: u32, grey: &[u8]) -> Vec<String> {
    let formats = std::iter::once(rxing::BarcodeFormat::CODE_128).collect();
    let mut hints =
        rxing::DecodeHints { TryHarder: Some(true), PossibleFormats: Some(formats), ..rxing::DecodeHints::default() };
    let found = rxing::helpers::detect_multiple_in_luma_with_hints(grey.to_vec(), width_px, height_px, &mut hints);
    found.unwrap_or_default().iter().map(|read| read.getText().to_owned()).collect()
}

/// A house label as the screen shows it.
pub fn on_screen(sscc: &str) -> Arc<LabelPicture> {
    let label = HouseLabel { sscc: sscc.to_owned(), ..plain_label() };
    let sheet = house_label(&label, &words("en")).expect("the label is laid out");
    let drawn = raster::render(&sheet, 102).expect("drawn");
    Arc::new(LabelPicture { width_px: drawn.width_px(), height_px: drawn.height_px(), grey: drawn.grey().to_vec() })
}
