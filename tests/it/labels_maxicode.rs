//! MaxiCode of carriers' labels: what is drawn of `^BD` is read again by zxing-cpp and rxing, byte for byte, in its true size.

use super::labels_kit::{Codes, Seeded, labelize_list, path_text, render_zpl_sized, scratch, zxing_list};
use packbench::labels::maxicode::{Carrier, MaxiCode, MaxiCodeError, Mode, Part, Postal};
use packbench::labels::preview::{Preview, preview};
use packbench::labels::raster::Picture;
use rxing::helpers::detect_in_luma_with_hints;
use rxing::{BarcodeFormat, DecodeHints};
use std::path::PathBuf;

/// What a carrier prints after the address.
const MESSAGE: &str = "[)>\u{1e}01\u{1d}961Z12345675\u{1d}UPSN\u{1d}12345E\u{1d}089\u{1d}\u{1d}1/1\u{1d}10.1\u{1d}Y\u{1d}\
    DOCK ROAD 4\u{1d}FELIXSTOWE\u{1d}\u{1e}\u{4}";

/// A field of `^BD` with its data in hexadecimal where it is not plain.
fn job(parameters: &str, data: &str) -> String {
    let mut field = String::new();
    for byte in data.bytes() {
        match byte {
            b' '..=b'~' if !b"^~_".contains(&byte) => field.push(char::from(byte)),
            _ => field.push_str(&format!("_{byte:02X}")),
        }
    }
    format!("^XA^PW480^LL480^FO60,60^BD{parameters}^FH^FD{field}^FS^XZ")
}

/// A message of few or many kinds of characters, as changes of the code set come.
fn text(seeded: &mut Seeded) -> String {
    let mut out = String::new();
    for _ in 0..1 + seeded.below(6) {
        let kind = seeded.below(6);
        for _ in 0..1 + seeded.below(if kind == 0 { 14 } else { 7 }) {
            out.push(match kind {
                0 => char::from(b'0' + seeded.below(10) as u8),
                1 => char::from(b'A' + seeded.below(26) as u8),
                2 => char::from(b'a' + seeded.below(26) as u8),
                3 => char::from(b" ,./:!?@|-'\"()\x1c\x1d\x1e"[seeded.below(17)]),
                4 => char::from(0xC0 + seeded.below(64) as u8),
                _ => char::from(seeded.below(256) as u8),
            });
        }
    }
    out
}

/// A job, and what readers must return of it.
struct Case {
    job: String,
    read: Vec<u8>,
}

fn case(seeded: &mut Seeded) -> Case {
    let text = text(seeded);
    let (country, service) = (format!("{:03}", seeded.below(1_000)), format!("{:03}", seeded.below(1_000)));
    let mut carried = |parameters: &str, postal: &str| {
        // A postal code that is shorter than usual needs the message's head, to show where it ends.
        let text = if seeded.below(2) == 0 { text.clone() } else { format!("[)>\u{1e}01\u{1d}96{text}") };
        let told = format!("{postal}\u{1d}{country}\u{1d}{service}\u{1d}");
        let read = match text.strip_prefix("[)>\u{1e}01\u{1d}96") {
            Some(rest) => format!("[)>\u{1e}01\u{1d}96{told}{rest}"),
            None => format!("{told}{text}"),
        };
        (job(parameters, &format!("{service}{country}{postal}{text}")), read)
    };
    let (job, read) = match seeded_mode(&text) {
        2 => carried("", "021500000"),
        3 => carried("3", "V6C2A4"),
        mode => (job(&mode.to_string(), &text), text.clone()),
    };
    Case { job, read: read.chars().map(|c| c as u8).collect() }
}

/// A mode by the text, so that all come.
fn seeded_mode(text: &str) -> usize {
    2 + text.len() % 4
}

fn shown(job: &str, dpi: u32) -> Preview {
    let shown = preview(job.as_bytes(), dpi, 1).unwrap_or_else(|e| panic!("{job}: {e}"));
    assert_eq!(shown.not_drawn, Vec::<String>::new(), "{job}");
    shown
}

/// What rxing's reader of pure pictures reads; its other one, which it tries harder with, is an experiment. It takes no white
/// above a symbol: as many rows would be left out at the foot.
fn by_rxing(picture: &Picture) -> rxing::common::Result<Vec<u8>> {
    let (width, height) = (picture.width_px(), picture.height_px());
    let above = picture.grey().iter().take_while(|grey| **grey == 255).count() / width as usize;
    let cut = picture.grey()[above * width as usize..].to_vec();
    let mut hints = DecodeHints { TryHarder: Some(false), ..DecodeHints::default() };
    let format = Some(BarcodeFormat::MAXICODE);
    let read = detect_in_luma_with_hints(cut, width, height - above as u32, format, &mut hints)?;
    Ok(read.getText().chars().map(|c| c as u8).collect())
}

/// Reads pictures of one symbol each with zxing-cpp, where it is installed, and says which job each is of.
fn all_are_read(folder: &str, pictures: &[(PathBuf, &Case)]) {
    let paths: Vec<PathBuf> = pictures.iter().map(|(path, _)| path.clone()).collect();
    let Some(read) = zxing_list(&scratch(folder).join("pictures.txt"), &paths) else { return };
    for (path, case) in pictures {
        let expected: Codes = vec![(read_mark(&case.job), case.read.clone())];
        assert_eq!(read.get(path), Some(&expected), "{} by zxing-cpp", case.job);
    }
}

/// AIM's mark of a MaxiCode: 1 where it has an address.
fn read_mark(job: &str) -> String {
    let addressed = ["^BD^", "^BD2", "^BD3"].iter().any(|code| job.contains(code));
    if addressed { "]U1".to_owned() } else { "]U0".to_owned() }
}

#[test]
fn every_text_of_latin_1_in_every_mode_is_read_again_by_rxing_and_zxing_cpp() {
    let folder = scratch("maxicode");
    let mut seeded = Seeded(16_023);
    let cases: Vec<Case> = (0..120).map(|_| case(&mut seeded)).collect();
    let mut pictures = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        for dpi in [203, 300] {
            let shown = shown(&case.job, dpi);
            let read = by_rxing(&shown.picture).unwrap_or_else(|e| panic!("{} at {dpi} by rxing: {e}", case.job));
            assert_eq!(read.escape_ascii().to_string(), case.read.escape_ascii().to_string(), "{}", case.job);
            let path = folder.join(format!("{n}.{dpi}.png"));
            std::fs::write(&path, shown.picture.png().expect("a PNG")).expect("written");
            pictures.push((path, case));
        }
    }
    all_are_read("maxicode", &pictures);
}

#[test]
fn other_renderers_draw_a_symbol_of_the_same_size_that_reads_the_same() {
    let folder = scratch("maxicode-peers");
    let code = job("2", &format!("003840902100000{MESSAGE}"));
    let ours = shown(&code, 203);
    let (path, ours_path) = (folder.join("job.zpl"), folder.join("ours.png"));
    std::fs::write(&path, &code).expect("written");
    std::fs::write(&ours_path, ours.picture.png().expect("a PNG")).expect("written");
    let rendered = render_zpl_sized("maxicode-renderer", ("60", "60"), "8", std::slice::from_ref(&code)).remove(0);
    let extent = |picture: image::GrayImage| {
        let dark: Vec<(u32, u32)> =
            picture.enumerate_pixels().filter(|(_, _, p)| p.0[0] < 128).map(|(x, y, _)| (x, y)).collect();
        let span = |of: &dyn Fn(&(u32, u32)) -> u32| {
            dark.iter().map(of).max().unwrap_or(0) - dark.iter().map(of).min().unwrap_or(0) + 1
        };
        (span(&|d| d.0), span(&|d| d.1))
    };
    let open = |path: &PathBuf| image::open(path).expect("a picture").into_luma8();
    let (mine, theirs) = (extent(open(&ours_path)), extent(open(&rendered)));
    assert!(mine.0.abs_diff(theirs.0) <= 4 && mine.1.abs_diff(theirs.1) <= 4, "{mine:?} {theirs:?}");
    let mut pictures = vec![ours_path, rendered];
    let drawn = folder.join("labelize.png");
    let line = format!("60\t60\t{}\t{}\n", path_text(&path), path_text(&drawn));
    if labelize_list(&folder.join("jobs.txt"), &line, "8") {
        pictures.push(drawn);
    }
    let Some(read) = zxing_list(&folder.join("pictures.txt"), &pictures) else { return };
    let told = MESSAGE.replacen("961Z", "96902100000\u{1d}840\u{1d}003\u{1d}1Z", 1).into_bytes();
    for path in &pictures {
        assert_eq!(read.get(path), Some(&vec![("]U1".to_owned(), told.clone())]), "{}", path.display());
    }
}

#[test]
fn it_has_its_true_size_at_every_resolution_and_stands_where_the_job_says() {
    let mode = Mode::Carrier(Carrier { postal: Postal::Letters("E16AN"), country: 826, service: 1 });
    let code = MaxiCode::new(mode, MESSAGE, Part::WHOLE).expect("made");
    let size = |dpi| (code.dots(dpi).width, code.dots(dpi).height);
    // 30 modules of 0.88 mm; 32 rows of 0.762 mm and the last one whole.
    assert_eq!([size(203), size(300), size(600)], [(211, 203), (312, 300), (624, 600)]);
    let picture = shown(&job("4", "PB-2026/00471"), 203).picture;
    let dark = |x: u32, y: u32| picture.grey()[(y * picture.width_px() + x) as usize] < 128;
    // The bull's-eye is around module 14 of row 16: white within 0.51 mm, dark to 1.18 mm.
    let (x, y) = (60 + 102, 60 + 101);
    assert!(!dark(x, y) && dark(x + 7, y) && dark(x, y - 7) && !dark(x - 12, y) && dark(x, y + 17), "the bull's-eye");
    assert!(dark(60 + 28 * 7 + 4, 60 + 4) && dark(60 + 29 * 7 + 4, 60 + 4), "the mark of the upper right corner");
    assert!((0..60).all(|y| (0..480).all(|x| !dark(x, y))), "nothing above its place");
}

#[test]
fn parts_of_a_message_and_the_readers_commands_are_symbols_of_their_own() {
    let part = |number, of| MaxiCode::new(Mode::Standard, "PART OF IT", Part { number, of });
    let whole = part(1, 1).expect("made").dots(203);
    let others: Vec<_> = (1..=3).map(|number| part(number, 3).expect("made").dots(203)).collect();
    assert!(others.iter().all(|dots| *dots != whole) && others[0] != others[1] && others[1] != others[2]);
    let program = MaxiCode::new(Mode::ReaderProgram, "PART OF IT", Part::WHOLE).expect("made").dots(203);
    assert_ne!(program, whole);
    // A part's number is no part of its text.
    let picture = shown(&job("4,2,3", "PART OF IT"), 203).picture;
    let folder = scratch("maxicode-parts");
    let path = folder.join("part.png");
    std::fs::write(&path, picture.png().expect("a PNG")).expect("written");
    let Some(read) = zxing_list(&folder.join("pictures.txt"), std::slice::from_ref(&path)) else { return };
    assert_eq!(read.get(&path), Some(&vec![("]U0".to_owned(), b"PART OF IT".to_vec())]));
}

#[test]
fn the_densest_text_fills_a_symbol_and_one_more_character_is_refused() {
    let made = |mode, text: &str| MaxiCode::new(mode, text, Part::WHOLE).map(|_| ());
    let address = Carrier { postal: Postal::Digits("902100000"), country: 840, service: 3 };
    for (mode, digits, capitals) in
        [(Mode::Standard, 138, 93), (Mode::FullCorrection, 113, 77), (Mode::Carrier(address), 126, 84)]
    {
        assert_eq!(made(mode, &"7".repeat(digits)), Ok(()), "{mode:?}");
        assert!(matches!(made(mode, &"7".repeat(digits + 1)), Err(MaxiCodeError::TooLong { .. })), "{mode:?}");
        assert_eq!(made(mode, &"Q".repeat(capitals)), Ok(()), "{mode:?}");
        let refused = made(mode, &"Q".repeat(capitals + 1));
        assert_eq!(refused, Err(MaxiCodeError::TooLong { needed: capitals + 1, most: capitals }), "{mode:?}");
    }
    let endless = "7".repeat(1 << 20);
    assert!(matches!(made(Mode::Standard, &endless), Err(MaxiCodeError::TooLong { .. })));
    // Capitals with accents need two codewords for their set to stay, and fill the rest with no pad at all.
    assert_eq!(made(Mode::FullCorrection, &"Ä".repeat(75)), Ok(()));
    assert!(matches!(made(Mode::FullCorrection, &"Ä".repeat(76)), Err(MaxiCodeError::TooLong { .. })));
}

#[test]
fn data_that_no_symbol_holds_is_told_by_its_kind() {
    let refused = |mode, text: &str, part| MaxiCode::new(mode, text, part).expect_err("refused");
    let to = |postal, country, service| Mode::Carrier(Carrier { postal, country, service });
    assert_eq!(refused(Mode::Standard, "Лондон", Part::WHOLE), MaxiCodeError::Character { at: 1 });
    assert_eq!(refused(Mode::FullCorrection, "12 €", Part::WHOLE), MaxiCodeError::Character { at: 4 });
    assert_eq!(refused(Mode::Standard, "", Part::WHOLE), MaxiCodeError::Empty);
    for digits in ["", "1234567890", "12A", "１２"] {
        assert_eq!(refused(to(Postal::Digits(digits), 840, 1), "", Part::WHOLE), MaxiCodeError::PostalDigits);
    }
    for letters in ["", "V6C 2A4", "v6c2a4", "V6Ç", "\u{1d}1"] {
        assert_eq!(refused(to(Postal::Letters(letters), 124, 1), "", Part::WHOLE), MaxiCodeError::PostalLetters);
    }
    assert_eq!(refused(to(Postal::Digits("1"), 1_000, 1), "", Part::WHOLE), MaxiCodeError::Number { number: 1_000 });
    for (number, of) in [(0, 1), (2, 1), (1, 9), (1, 0)] {
        assert_eq!(refused(Mode::Standard, "A", Part { number, of }), MaxiCodeError::Part { number, of });
    }
    let jobs = [
        job("2", "maxicode"),
        job("2", "003840ABCDE[)>"),
        job("3", "00312"),
        job("9", "text"),
        job("4,3,2", "text"),
        job("4", "Лондон"),
        job("4", ""),
    ];
    for job in jobs {
        let told = preview(job.as_bytes(), 203, 1).expect("shown").not_drawn;
        assert_eq!(told, ["data of a barcode that cannot be encoded"], "{job}");
    }
}
