//! Texts of other people's print jobs: the letters are those that a printer makes of the bytes, in the lines it breaks them into.

use super::preview_kit::{field_box, ink_box, shown, shown_bytes};
use packbench::labels::preview::{Preview, Warning};

/// A field of text as a job, its data given as bytes.
fn texted(before: &str, data: &[u8]) -> Preview {
    let mut job = format!("^XA^PW800^LL200{before}^FO60,60^A0N,60,60^FH^FD").into_bytes();
    job.extend(data);
    job.extend(b"^FS^XZ");
    shown_bytes(&job)
}

#[test]
fn bytes_are_the_letters_of_the_character_set_that_is_set() {
    let utf8 = |text: &str| texted("^CI28", text.as_bytes()).picture;
    let cases: [(&str, &[u8], &str); 14] = [
        ("^CI13", b"M_81ller Stra_E1e Gr_94_E1e", "Müller Straße Größe"),
        ("", b"M_81ller", "Müller"),
        ("^CI13", b"M\x81ller", "Müller"),
        ("^CI27", b"_80 100 _96 _FC", "€ 100 – ü"),
        ("^CI13", b"_15 5", "€ 5"),
        ("^CI13", b"\\", "\\"),
        ("", b"\\", "¢"),
        ("^CI2", b"#5", "£5"),
        ("^CI6", b"[_5C]{|}", "ÄÖÜäöü"),
        ("^CI4", b"[_5C]{|}", "ÆØÅæøå"),
        ("^CI12", b"\\", "¥"),
        ("^CI0,21,36", b"$ 5", "€ 5"),
        ("^CI28", b"M_C3_BCller", "Müller"),
        // What is sent in UTF-8 without saying so prints as what it is not.
        ("^CI13", "ü".as_bytes(), "├╝"),
    ];
    for (set, data, letters) in cases {
        let shown = texted(set, data);
        assert_eq!(shown.not_drawn, Vec::<String>::new(), "{set} {letters}");
        let (found, wanted) = (ink_box(&shown.picture), ink_box(&utf8(letters)));
        assert_eq!(found, wanted, "{set} {letters}");
        assert!(shown.picture == utf8(letters), "{set} {letters}");
    }
}

#[test]
fn text_that_cannot_be_read_or_was_hardly_meant_so_is_told() {
    assert_eq!(texted("^CI33", b"_CC_EE").not_drawn, ["^CI33"]);
    assert_eq!(texted("^CI33", b"Moscow").not_drawn, Vec::<String>::new());
    let told = |set: &str, data: &[u8]| texted(set, data).warnings;
    assert_eq!(told("", "Müller".as_bytes()), [Warning::Utf8Mistaken]);
    assert_eq!(told("^CI27", "Müller".as_bytes()), [Warning::Utf8Mistaken]);
    for (set, data) in [("^CI28", "Müller".as_bytes()), ("", b"Muller"), ("^CI13", b"M_81ller")] {
        assert_eq!(told(set, data), [], "{set}");
    }
    let code = shown_bytes("^XA^FO9,9^BQN,2,5^FDQA,Müller^FS^XZ".as_bytes());
    assert_eq!(code.warnings, [], "a code holds the bytes as they are");
}

#[test]
fn accents_over_capitals_are_not_cut() {
    let (_, top, _, height) = field_box("^FO60,60^CI28^A0N,60,60^FDÅ");
    let (_, plain, _, lower) = field_box("^FO60,60^A0N,60,60^FDA");
    assert_eq!(top + height, plain + lower, "they stand on the same baseline");
    assert!(height > lower + 8, "the ring over it is whole: {height} {lower}");
}

/// Rows of the picture with ink in them, as ranges.
fn bands(job: &str) -> usize {
    let shown = shown(job);
    let black = shown.picture.grey().chunks(shown.picture.width_px() as usize).map(|row| row.iter().any(|g| *g < 128));
    let rows: Vec<bool> = std::iter::once(false).chain(black).collect();
    rows.windows(2).filter(|pair| pair[1] && !pair[0]).count()
}

/// A block of text as a job.
fn block(command: &str, text: &str) -> String {
    format!("^XA^PW800^LL600^FO60,60^A0N,30,30{command}^FD{text}^FS^XZ")
}

#[test]
fn blocks_break_long_words_print_over_their_last_line_and_justify() {
    let of = |command: &str, text: &str| ink_box(&shown(&block(command, text)).picture);
    // Capitals leave white between lines.
    let long = "DONAUDAMPFSCHIFFFAHRTSGESELLSCHAFT";
    assert_eq!(bands(&block("^FB300,5,4", long)), 2);
    let (left, _, width, _) = of("^FB300,5,4", long);
    assert!(left >= 60 && left + width <= 361, "within the block: {left} {width}");
    let soft = of("^FB300,5,4", "DONAU\\-DAMPFSCHIFFFAHRT");
    assert_eq!(soft, of("^FB300,5,4", "DONAU-\\&DAMPFSCHIFFFAHRT"), "broken where the job allows it");
    assert_eq!(of("^FB300,5,4", "A\\-B"), of("^FB300,5,4", "AB"), "a soft hyphen is not seen where the word fits");
    let words = "ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN";
    let ink = |job: &str| shown(job).picture.grey().iter().filter(|g| **g < 128).count();
    assert_eq!(bands(&block("^FB300,2,4", words)), 2);
    let first_two = ink(&block("^FB300,2,4", "ONE TWO THREE FOUR FIVE SIX"));
    assert!(ink(&block("^FB300,2,4", words)) > first_two, "what is left is printed over the last line");
    assert_eq!(bands(&block("^TBN,300,66", words)), 2);
    assert_eq!(bands(&block("^TBN,300,96", words)), 3, "a text block takes what its height holds");
    let justified = of("^FB300,3,4,J", words);
    let left = of("^FB300,3,4,L", words);
    assert_eq!((justified.0, left.0), (62, 62));
    assert!(justified.2 >= 292 && left.2 < 292, "spread to both ends, or to the left one: {justified:?} {left:?}");
    let last = of("^FB300,1,0,J", "ONE TWO");
    assert_eq!(last, of("^FB300,1,0,L", "ONE TWO"), "the last line is not spread");
    assert_eq!(bands(&block("^FB300,4,4,C", "LINE A\\&LINE B\\&")), 2);
    assert_eq!(of("^FB0,3", words), (0, 0, 0, 0), "a block without a width prints nothing");
    assert_eq!(shown(&block("^TBN,300,66", "A <B> C")).not_drawn, ["^TB with <"]);
}

#[test]
fn a_line_that_our_letters_make_a_little_too_wide_is_not_broken() {
    let (left, _, width, height) = field_box("^FO60,60^A0N,40,40^FDDHL ECOMMERCE UK");
    let narrow = width - width / 30;
    let block = field_box(&format!("^FO60,60^A0N,40,40^FB{narrow},2,0,L^FDDHL ECOMMERCE UK"));
    assert_eq!((block.0, block.3), (left, height), "one line");
    assert!(left + block.2 <= 60 + narrow, "and within the block: {block:?} {narrow}");
    let narrower = width - width / 10;
    let (.., height_of_two) = field_box(&format!("^FO60,60^A0N,40,40^FB{narrower},2,0,L^FDDHL ECOMMERCE UK"));
    assert!(height_of_two > height, "two lines");
}

#[test]
fn letters_are_set_apart_or_under_each_other() {
    let width = |command: &str| field_box(&format!("^FO60,60{command}^A0N,40,40^FDHHHH")).2;
    let (plain, apart) = (width(""), width("^FPH,10"));
    assert!((29..=32).contains(&(apart - plain)), "three gaps of ten dots: {plain} {apart}");
    assert_eq!(bands("^XA^FO60,60^FPV^A0N,40,40^FDHIH^FS^XZ"), 3);
    assert_eq!(shown("^XA^FO60,60^FPR^A0N,40,40^FDabc^FS^XZ").not_drawn, ["^FPR"]);
}

#[test]
fn fonts_counters_and_signs_are_drawn_in_their_sizes() {
    let height = |field: &str| field_box(&format!("^FO60,60{field}")).3;
    assert!(height("^AV^FDH") > 50 && height("^AP^FDH") < 18, "{} {}", height("^AV^FDH"), height("^AP^FDH"));
    let counter = shown("^XA^FO60,60^A0N,40,40^SN0001,1,Y^FS^XZ");
    assert_eq!(counter.picture, shown("^XA^FO60,60^A0N,40,40^FD0001^FS^XZ").picture);
    let sign = shown("^XA^FO60,60^GSN,60,60^FDA^FS^XZ");
    assert_eq!((sign.not_drawn.len(), ink_box(&sign.picture).3 > 30), (0, true));
    assert_eq!(shown("^XA^FO60,60^GSN,60,60^FDD^FS^XZ").not_drawn, ["^GS"]);
    let capitals = shown("^XA^FO60,60^ABN,22,14^FDHome^FS^XZ").picture;
    assert_eq!(capitals, shown("^XA^FO60,60^ABN,22,14^FDHOME^FS^XZ").picture, "font B has no others");
    let tag = shown("^XA^FO60,60^GB9,9,9^FS^RFW,H^FD1234^FS^XZ");
    assert_eq!(ink_box(&tag.picture), (60, 60, 9, 9), "what is written into a tag is not printed");
}
