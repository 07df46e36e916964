//! Papers in the languages of driverless and of receipt printers: PWG raster, JPEG and ESC/POS, read back by readers written after the
//! documents, and their codes by zbarimg.

use packbench::labels::documents::slip::{PackingSlip, SlipLine, packing_slip};
use packbench::labels::documents::{Group, Paper as Size, Party};
use packbench::labels::house::house_label;
use packbench::labels::sheet::Sheet;
use packbench::labels::{escpos, pwg, raster};

use crate::labels_kit::{plain_label, scratch, words, write_pgm, zbar};

/// A picture of a page.
#[derive(Debug, PartialEq)]
pub struct Paper {
    pub width: usize,
    pub grey: Vec<u8>,
}

/// A packing slip of two lines.
pub fn slip() -> Vec<Sheet> {
    let party =
        |name: &str| Party { name: name.into(), lines: vec!["1 Example Street".into(), "Sampleton 12345".into()] };
    let line = |sku: &str, n| SlipLine {
        sku: sku.into(),
        description: "Enamel mug, blue".into(),
        ordered: n,
        packed: n,
        unit_price_minor: 0,
        group: Group::Alone,
    };
    let slip = PackingSlip {
        paper: Size::A6,
        order_number: "PB-1001".into(),
        date: "2026-03-01".into(),
        sender: party("Example Shop"),
        recipient: party("A. Sample"),
        parcel_number: 1,
        parcel_count: 1,
        lines: vec![line("MUG-1", 2), line("MUG-2", 1)],
        currency: None,
        gift: false,
        gift_message: String::new(),
        link: String::new(),
    };
    packing_slip(&slip, &words("en")).unwrap()
}

/// What zbarimg reads in a picture.
pub fn codes(name: &str, width: usize, grey: &[u8]) -> Vec<String> {
    let path = scratch("printers").join(format!("{name}.pgm"));
    write_pgm(&path, width, grey);
    zbar(&path)
}

/// The papers of an ESC/POS job, as a printer would cut them.
pub fn receipts(mut job: &[u8]) -> Vec<Paper> {
    let (mut papers, mut paper) = (Vec::new(), Paper { width: 0, grey: Vec::new() });
    loop {
        match job {
            [] => return papers,
            [0x1b, b'@', rest @ ..] => job = rest,
            [0x1d, b'V', 66, 0, rest @ ..] => {
                papers.push(std::mem::replace(&mut paper, Paper { width: 0, grey: Vec::new() }));
                job = rest;
            }
            [0x1d, b'v', b'0', 0, xl, xh, yl, yh, rest @ ..] => {
                let (row, rows) = (u16::from_le_bytes([*xl, *xh]), u16::from_le_bytes([*yl, *yh]));
                let (bits, rest) = rest.split_at(usize::from(row) * usize::from(rows));
                paper.width = usize::from(row) * 8;
                paper
                    .grey
                    .extend(bits.iter().flat_map(|b| (0..8).map(move |i| if b & 0x80 >> i != 0 { 0 } else { 255 })));
                job = rest;
            }
            other => panic!("no command of a receipt printer: {:02x?}", &other[..other.len().min(8)]),
        }
    }
}

/// A number of a PWG header.
fn number(page: &[u8], at: usize) -> usize {
    u32::from_be_bytes(page[at..at + 4].try_into().unwrap()) as usize
}

/// The pages of a PWG raster file (PWG 5102.4, chapter 4).
fn pages(file: &[u8]) -> Vec<Paper> {
    let mut rest = file.strip_prefix(b"RaS2").expect("the synchronization word");
    let mut pages = Vec::new();
    while !rest.is_empty() {
        let (page, mut lines) = rest.split_at(1_796);
        assert!(page.starts_with(b"PwgRaster\0"));
        let (width, height) = (number(page, 372), number(page, 376));
        let bits = (number(page, 384), number(page, 388), number(page, 392), number(page, 400), number(page, 420));
        assert_eq!(bits, (8, 8, width, 18, 1), "8-bit grey by sRGB's curve");
        assert_eq!((number(page, 456), number(page, 460)), (1, 1), "from the top left");
        let mut grey = Vec::new();
        while grey.len() < width * height {
            let (again, mut row) = (usize::from(lines[0]) + 1, Vec::new());
            lines = &lines[1..];
            while row.len() < width {
                let count = usize::from(lines[0]);
                assert_ne!(count, 128, "a reserved count");
                let (run, used) = if count < 128 {
                    (vec![lines[1]; count + 1], 2)
                } else {
                    (lines[1..258 - count].to_vec(), 258 - count)
                };
                row.extend(run);
                lines = &lines[used..];
            }
            assert_eq!(row.len(), width, "a run does not leave its line");
            (0..again).for_each(|_| grey.extend_from_slice(&row));
        }
        assert_eq!(grey.len(), width * height);
        pages.push(Paper { width, grey });
        rest = lines;
    }
    pages
}

#[test]
fn pwg_raster_is_the_picture_dot_for_dot_and_its_codes_are_read() {
    let label = house_label(&plain_label(), &words("en")).unwrap();
    let sheets = [vec![label], slip()].concat();
    for dpi in [203, 300, 600] {
        let file = pwg::render(&sheets, dpi).unwrap();
        let pages = pages(&file);
        assert_eq!(pages.len(), sheets.len());
        for (page, sheet) in pages.iter().zip(&sheets) {
            let picture = raster::render(sheet, dpi).unwrap();
            assert_eq!((page.width, &page.grey[..]), (picture.width_px() as usize, picture.grey()), "{dpi} dpi");
        }
        let raw: usize = pages.iter().map(|p| p.grey.len()).sum();
        assert!(file.len() * 2 < raw, "{} of {raw} bytes at {dpi} dpi", file.len());
        let slip = &pages[1];
        assert_eq!(codes(&format!("pwg-{dpi}"), slip.width, &slip.grey), ["CODE-128:PB-1001"]);
    }
}

#[test]
fn a_jpeg_keeps_its_codes() {
    let bytes = raster::render(&slip()[0], 300).unwrap().jpeg().unwrap();
    let picture = image::load_from_memory(&bytes).unwrap().into_luma8();
    assert_eq!(codes("jpeg", picture.width() as usize, picture.as_raw()), ["CODE-128:PB-1001"]);
    assert!(bytes.windows(5).any(|w| w == b"\x01\x01\x2c\x01\x2c"), "300 dots per inch stand in its head");
}

#[test]
fn a_receipt_is_the_page_drawn_as_wide_as_the_roll() {
    for dots in [384_u32, 576, 832] {
        let job = escpos::render(&slip(), dots, 203).unwrap();
        let papers = receipts(&job);
        assert_eq!((papers.len(), papers[0].width), (1, dots as usize));
        if dots >= 576 {
            assert_eq!(codes(&format!("escpos-{dots}"), papers[0].width, &papers[0].grey), ["CODE-128:PB-1001"]);
        }
        assert!(!job.windows(2).any(|w| w[0] == 0x10 && matches!(w[1], 4 | 5 | 20)), "nothing acts at once");
    }
}
