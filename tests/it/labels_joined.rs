//! Arabic, Hebrew, Devanagari and Thai on labels: the glyphs and places of another shaper (HarfBuzz), the order of another
//! implementation of the bidirectional algorithm (FriBidi), the same ink in every form, and nothing outside its cell.

use super::labels_kit::{Seeded, path_text, plain_label, render_zpl_sized, run, scratch, words};
use packbench::labels::house::{HouseLabel, house_label};
use packbench::labels::sheet::{Area, Element, Sheet};
use packbench::labels::text::{Align, Face, Style, TEXT_SIZE_UM_MIN, glyphs, missing_glyphs};
use packbench::labels::{LabelError, pdf, raster, zpl};
use std::collections::BTreeSet;
use std::fs;

/// Script and direction as HarfBuzz names them, the font, and words whose letters join, stack, reorder or carry marks.
const SCRIPTS: [(&str, &str, &str, Face, &[&str]); 4] = [
    (
        "arab",
        "rtl",
        "NotoSansArabic-Regular.ttf",
        Face::Arabic,
        &["محمّد", "الإسكندرية", "بَيْرُوت", "شركة", "الله", "لآلئ", "پژوهشگاه", "کراچی", "می\u{200c}روم", "ٱلْقَاهِرَة"],
    ),
    ("hebr", "rtl", "NotoSansHebrew-Regular.ttf", Face::Hebrew, &["שָׁלוֹם", "ירושלים", "צה״ל", "בְּרֵאשִׁית"]),
    (
        "deva",
        "ltr",
        "NotoSansDevanagari-Regular.ttf",
        Face::Devanagari,
        &["क्षत्रिय", "हिन्दी", "मुम्बई", "श्रीमती", "राष्ट्रपति", "कर्म", "ज़्यादा", "द्वारा", "र्\u{200d}य", "२०२६"],
    ),
    (
        "thai",
        "ltr",
        "NotoSansThai-Regular.ttf",
        Face::Thai,
        &["กรุงเทพฯ", "น้ำ", "ที่อยู่", "ปั๊ม", "ผู้รับ", "ไทย", "เชียงใหม่", "๑๒๓"],
    ),
];

/// One glyph: its number, the first byte of its characters, and its place from the left end of the first glyph.
type Placed = (u32, usize, i64, i64);

fn harfbuzz(word: &str, script: &str, direction: &str, font: &str) -> Vec<Placed> {
    let font = format!("{}/assets/fonts/{font}", env!("CARGO_MANIFEST_DIR"));
    let (script, direction) = (format!("--script={script}"), format!("--direction={direction}"));
    let options = ["--output-format=json", "--no-glyph-names", "--utf8-clusters", "--language=und"];
    let arguments = [&options[..], &[&script, &direction, &font, word]].concat();
    let told = run("hb-shape", "libharfbuzz-bin", &arguments);
    let told: Vec<serde_json::Value> = serde_json::from_str(&told).expect("JSON");
    let mut pen = 0;
    let mut out = Vec::new();
    for glyph in &told {
        let number = |key: &str| glyph[key].as_i64().expect("a number");
        out.push((number("g") as u32, number("cl") as usize, pen + number("dx"), number("dy")));
        pen += number("ax");
    }
    from_first(out)
}

fn ours(word: &str) -> Vec<Placed> {
    let glyphs = glyphs(word, Face::Regular).expect("the fonts");
    let place = |g: &packbench::labels::text::PlacedGlyph| {
        (u32::from(g.id.0), g.byte, i64::from(g.x_units), i64::from(g.y_units))
    };
    from_first(glyphs.iter().map(place).collect())
}

fn from_first(mut glyphs: Vec<Placed>) -> Vec<Placed> {
    let left = glyphs.first().map_or(0, |first| first.2);
    glyphs.iter_mut().for_each(|glyph| glyph.2 -= left);
    glyphs
}

/// A word that nobody wrote: letters of the script in any order, Devanagari in syllables.
fn made_up(script: &str, seeded: &mut Seeded) -> String {
    let letters = |seeded: &mut Seeded, of: &str| {
        let all: Vec<char> = of.chars().collect();
        all[seeded.below(all.len())]
    };
    let mut word = String::new();
    for _ in 0..2 + seeded.below(8) {
        match script {
            "arab" => {
                word.push(letters(seeded, "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةىپچژکگیں"));
                if seeded.below(4) == 0 {
                    word.push(letters(seeded, "\u{64b}\u{64c}\u{64d}\u{64e}\u{64f}\u{650}\u{652}"));
                }
            }
            "hebr" => word.push(letters(seeded, "אבגדהוזחטיכלמנסעפצקרשתךםןףץ")),
            "deva" => {
                for _ in 0..seeded.below(2) {
                    word.push(letters(seeded, "कखगघचजटडतथदधनपबभमयरलवशषसह"));
                    word.push('\u{94d}');
                }
                word.push(letters(seeded, "कखगघचजटडतथदधनपबभमयरलवशषसह"));
                match seeded.below(3) {
                    0 => word.push(letters(seeded, "\u{93e}\u{93f}\u{940}\u{941}\u{942}\u{947}\u{948}\u{94b}\u{94c}")),
                    1 => word.push(letters(seeded, "\u{902}\u{903}")),
                    _ => {}
                }
            }
            _ => {
                word.push(letters(seeded, "กขคงจฉชซญดตถทธนบปผฝพฟภมยรลวศษสหอฮ"));
                match seeded.below(3) {
                    0 => word.push(letters(seeded, "\u{e31}\u{e34}\u{e35}\u{e36}\u{e37}\u{e38}\u{e39}")),
                    1 => word.push(letters(seeded, "\u{e48}\u{e49}\u{e4a}\u{e4b}")),
                    _ => {}
                }
            }
        }
    }
    word
}

#[test]
fn glyphs_and_their_places_are_those_of_another_shaper() {
    let mut seeded = Seeded(7);
    for (script, direction, font, face, words) in SCRIPTS {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        words.extend((0..40).map(|_| made_up(script, &mut seeded)));
        for word in words {
            assert_eq!(missing_glyphs(&word, Face::Bold).expect("the fonts"), BTreeSet::new(), "{word}");
            let theirs = harfbuzz(&word, script, direction, font);
            assert_eq!(ours(&word), theirs, "{word} ({})", word.escape_unicode());
            assert!(glyphs(&word, Face::Bold).expect("the fonts").iter().all(|glyph| glyph.face == face), "{word}");
        }
    }
}

/// Which characters of a line stand from left to right.
fn from_left(line: &str) -> Vec<usize> {
    let glyphs = glyphs(line, Face::Regular).expect("the fonts");
    glyphs.iter().map(|glyph| line[..glyph.byte].chars().count()).collect()
}

#[test]
fn lines_of_both_directions_are_set_in_the_order_of_another_program() {
    let mut lines: Vec<String> =
        ["רחוב הרצל 12-14, דירה 3", "Order 12 שלום (abc) 42", "(שלום) PB-2026/00471", "עד 31.12.2026!"]
            .map(str::to_owned)
            .to_vec();
    let mut seeded = Seeded(3);
    let pieces = [
        "שלום", "דוד", "abc", "X", " ", " ", ", ", "(", ")", "12", "3.5", "-", "/", "№", "€", "%", "+7", "«", "»", ":",
    ];
    lines.extend((0..200).map(|_| (0..3 + seeded.below(9)).map(|_| seeded.pick(&pieces)).collect::<String>()));
    let file = scratch("order").join("lines.txt");
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    fs::write(&file, text).expect("written");
    let options = ["--nopad", "--nobreak", "--novisual", "--vtol"];
    let told = run("fribidi", "libfribidi-bin", &[&options[..], &[path_text(&file)]].concat());
    let told: Vec<&str> = told.lines().collect();
    assert_eq!(told.len(), lines.len());
    for (line, theirs) in lines.iter().zip(told) {
        let theirs: Vec<usize> = theirs.split_whitespace().map(|n| n.parse().expect("a number")).collect();
        assert_eq!(from_left(line), theirs, "{line:?}");
    }
}

#[test]
fn brackets_turn_round_where_the_text_runs_from_right_to_left() {
    let ids = |line: &str| glyphs(line, Face::Regular).expect("the fonts").iter().map(|g| g.id).collect::<Vec<_>>();
    let (open, close) = (ids("(")[0], ids(")")[0]);
    let set = ids("שלום (דוד)");
    assert_eq!((set.first(), set.get(4)), (Some(&open), Some(&close)), "closed at the left end");
    assert_eq!((ids("abc (x)").get(4), ids("abc (x)").last()), (Some(&open), Some(&close)));
}

/// A label whose names and addresses are long and in the four scripts.
fn joined_label(of: usize) -> HouseLabel {
    let [name, street, town] = [
        [
            "شركة الأمل الجديد للتجارة العامة والمقاولات والخدمات اللوجستية المحدودة",
            "شارع الملك فيصل، مبنى ١٢، الطابق الثالث، شقة 14 (بجوار المستشفى)",
            "القاهرة 11511",
        ],
        ["חברת המשלוחים הישראלית בע״מ, מחלקת קבלת סחורה", "רחוב הרצל 12-14, דירה 3 (קומה ב׳)", "תל אביב-יפו 6688312"],
        [
            "श्रीमती राजलक्ष्मी विश्वेश्वरय्या क्षत्रिय एवं संस प्राइवेट लिमिटेड",
            "मकान संख्या ४२, महात्मा गाँधी मार्ग, द्वितीय तल, राष्ट्रपति भवन के निकट",
            "मुम्बई 400001",
        ],
        [
            "บริษัทแพ็คเบนช์โลจิสติกส์แห่งประเทศไทยจำกัดมหาชนสำนักงานใหญ่",
            "เลขที่ ๙๙/๑ ถนนสุขุมวิทแขวงคลองเตยเหนือเขตวัฒนาอาคารผู้รับสินค้าชั้นที่สิบสอง",
            "กรุงเทพฯ 10110",
        ],
    ][of];
    HouseLabel {
        recipient_name: name.to_owned(),
        recipient_lines: vec![street.to_owned(), town.to_owned()],
        ..plain_label()
    }
}

/// Texts of a sheet that hold letters of these scripts, one line each, as they were laid out.
fn joined_lines(sheet: &Sheet) -> Vec<(Area, String)> {
    let mut out = Vec::new();
    for element in sheet.elements() {
        if let Element::Text(text) = element {
            let lines = text.lines.iter().filter(|line| line.text.chars().any(|c| ('\u{590}'..'\u{e80}').contains(&c)));
            out.extend(lines.map(|line| (text.line_area(line), line.text.clone())));
            assert!(text.lines.iter().all(|line| text.area.contains(text.line_area(line))), "{text:?}");
            assert!(text.size_um >= TEXT_SIZE_UM_MIN);
        }
    }
    out
}

/// Dark dots outside the areas, one dot around them allowed for rounding.
fn stray(picture: &raster::Picture, areas: &[(Area, String)]) -> usize {
    let dot_um = 25_400 / 203 + 1;
    let within = |x: usize, y: usize| {
        let (x_um, y_um) = ((x as i32 * 25_400 + 12_700) / 203, (y as i32 * 25_400 + 12_700) / 203);
        areas.iter().any(|(a, _)| {
            (a.x_um - dot_um..=a.right_um() + dot_um).contains(&x_um)
                && (a.y_um - dot_um..=a.bottom_um() + dot_um).contains(&y_um)
        })
    };
    let width = picture.width_px() as usize;
    let dark = picture.grey().iter().enumerate().filter(|(_, grey)| **grey < 128);
    dark.filter(|(at, _)| !within(at % width, at / width)).count()
}

#[test]
fn long_names_wrap_between_words_and_no_ink_leaves_its_place() {
    for of in 0..4 {
        let label = joined_label(of);
        let sheet = house_label(&label, &words("en")).expect("laid out");
        assert_eq!(sheet.faults(9), [], "{of}");
        let lines = joined_lines(&sheet);
        assert!(lines.len() >= 3, "the name or the street takes two lines: {lines:?}");
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let printed = letters(&sheet.plain_text());
        for part in label.recipient_lines.iter().chain([&label.recipient_name]) {
            assert!(printed.contains(&letters(part)), "{part} is cut off in {printed}");
        }
        let words: BTreeSet<&str> =
            label.recipient_name.split(' ').chain(label.recipient_lines[0].split(' ')).collect();
        if of < 3 {
            let whole = |line: &str| {
                line.split(' ').all(|word| words.contains(word) || label.recipient_lines[1].contains(word))
            };
            assert!(lines.iter().all(|(_, line)| whole(line)), "a word is broken: {lines:?}");
        } else {
            let wrong = |line: &str| line.ends_with(|c| ('\u{e40}'..='\u{e44}').contains(&c));
            assert!(!lines.iter().any(|(_, line)| wrong(line)), "a vowel is left behind: {lines:?}");
        }
    }
}

#[test]
fn ink_of_any_word_stays_within_its_line_at_every_size() {
    let mut seeded = Seeded(19);
    for (script, _, _, _, known) in SCRIPTS {
        for round in 0..25 {
            let mut text = seeded.pick(known).to_owned();
            for _ in 0..seeded.below(5) {
                text.push(' ');
                text.push_str(&made_up(script, &mut seeded));
            }
            let mut sheet = Sheet::new(90_000, 60_000).expect("a sheet");
            let cell = Area::tenths(100, 100, 250 + 10 * seeded.below(40) as i32, 400);
            let align = [Align::Left, Align::Centre, Align::Right][round % 3];
            let style = Style::new(Face::Bold, 2_000 + 500 * seeded.below(14) as i32).wrapped().align(align);
            sheet.text(cell, &text, style).expect("fits");
            let lines = joined_lines(&sheet);
            let picture = raster::render(&sheet, 203).expect("drawn");
            assert!(picture.grey().iter().any(|grey| *grey < 128), "{text} is drawn");
            assert_eq!(stray(&picture, &lines), 0, "{text:?} leaves {lines:?}");
        }
    }
}

/// Dark pixels of one picture that are dark, or touch a dark one, in another, in percent.
fn found_percent(of: &image::GrayImage, within: &image::GrayImage) -> u64 {
    let dark = |x: i64, y: i64| {
        let (x, y) = (u32::try_from(x).unwrap_or(u32::MAX), u32::try_from(y).unwrap_or(u32::MAX));
        x < within.width() && y < within.height() && within.get_pixel(x, y).0[0] < 160
    };
    let (mut all, mut found) = (0, 0);
    for (x, y, pixel) in of.enumerate_pixels() {
        if pixel.0[0] < 128 {
            all += 1;
            let near = |dx: i64, dy: i64| dark(i64::from(x) + dx, i64::from(y) + dy);
            found += u64::from(near(0, 0) || near(1, 0) || near(-1, 0) || near(0, 1) || near(0, -1));
        }
    }
    found * 100 / u64::max(all, 1)
}

#[test]
fn picture_print_job_and_file_show_the_same_letters() {
    let mut sheets = Vec::new();
    for (_, _, _, _, known) in SCRIPTS {
        let mut sheet = Sheet::new(100_000, 60_000).expect("a sheet");
        let style = Style::new(Face::Regular, 5_000).wrapped();
        sheet.text(Area::tenths(50, 50, 900, 500), &known.join(" "), style).expect("fits");
        sheets.push(sheet);
    }
    let jobs: Vec<String> = sheets.iter().map(|s| zpl::render(s, zpl::Resolution::Dpi203).expect("ZPL")).collect();
    assert!(jobs.iter().all(|job| job.is_ascii() && !job.contains("^FD")), "all of it goes as bitmaps");
    let printed = render_zpl_sized("joined", ("100", "60"), "8", &jobs);
    let folder = scratch("joined-pdf");
    let (file, page) = (folder.join("label.pdf"), folder.join("page"));
    fs::write(&file, pdf::render(&sheets).expect("a PDF")).expect("written");
    run("pdftoppm", "poppler-utils", &["-r", "203", "-gray", "-png", path_text(&file), path_text(&page)]);
    for (i, sheet) in sheets.iter().enumerate() {
        let drawn = raster::render(sheet, 203).expect("drawn");
        let ours =
            image::GrayImage::from_raw(drawn.width_px(), drawn.height_px(), drawn.grey().to_vec()).expect("whole");
        let read = |path: &std::path::Path| image::open(path).expect("a picture").into_luma8();
        for (form, theirs) in [("ZPL", read(&printed[i])), ("PDF", read(&folder.join(format!("page-{}.png", i + 1))))] {
            let (there, back) = (found_percent(&ours, &theirs), found_percent(&theirs, &ours));
            assert!(there >= 97 && back >= 97, "sheet {i} as {form}: {there} % and {back} % of the ink agree");
        }
    }
    let text = run("pdftotext", "poppler-utils", &["-raw", path_text(&file), "-"]);
    for word in ["ירושלים", "हिन्दी", "मुम्बई", "ไทย", "เชียงใหม่", "شركة"]
    {
        assert!(text.contains(word), "{word} is not in the file's text: {text}");
    }
}

#[test]
fn what_cannot_be_legible_is_refused_and_what_has_no_glyph_is_told() {
    let narrow = Area::tenths(0, 0, 8, 60);
    let mut sheet = Sheet::new(90_000, 60_000).expect("a sheet");
    let refused = sheet.text(narrow, "الإسكندرية", Style::new(Face::Regular, 3_000).wrapped());
    assert!(matches!(refused, Err(LabelError::TextTooLong { .. })), "{refused:?}");
    let marks = format!("ب{}", "\u{651}".repeat(60));
    let refused = sheet.text(Area::tenths(0, 0, 300, 60), &marks, Style::new(Face::Regular, 3_000));
    assert!(matches!(refused, Err(LabelError::TextTooLong { .. })), "a tower of marks: {refused:?}");
    let missing = missing_glyphs("বাংলা தமிழ் ไทย العربية עברית हिन्दी 🙂", Face::Regular).expect("the fonts");
    assert_eq!(missing, "বাংলাதமிழ்🙂".chars().collect::<BTreeSet<_>>());
}
