//! Printers' jobs shown as pictures: our own labels, labels in the way carriers write them, and bytes that are no job at all.

use super::labels_kit::{Seeded, plain_label, render_zpl_sized, rxing_reads, rxing_text, scratch, words, zxing_list};
use packbench::labels::house::house_label;
use packbench::labels::preview::{PreviewError, preview};
use packbench::labels::zpl::{self, Resolution};
use rxing::BarcodeFormat;

/// A label as a parcel carrier writes it: stored logo, blocks of text, a reversed plate, bars, a matrix, and a MaxiCode.
pub const CARRIER: &str = "\
~DGR:LOGO.GRF,32,4,FFFFFFFF80000001:::::FFFFFFFF
^XA^PW812^LL1218^LH0,0^CI28^PON^MMT
^FX sender ^FS
^CF0,28^FO30,30^FDDEMO SENDER LTD^FS^FO30,62^FDUnit 4, Dock Road^FS
^FO640,30^XGR:LOGO.GRF,3,3^FS
^FO20,130^GB770,3,3^FS
^FO30,150^A0N,44,44^FB500,3,4,L,0^FDCustomer 17850\\&Demo Street 1\\&London E1 6AN^FS
^FO560,150^GB220,90,90^FS^FO560,165^FR^A0N,64,64^FB220,1,0,C^FDEXP^FS
^FT90,560^BY3,3,160^BCN,160,Y,N,N,N^FD>:PB-2026>500004711^FS
^FO60,640^BXN,8,200,,,,_^FH^FD_5F1010345312000001110ABC^FS
^FO400,640^BQN,2,6^FDMA,https://example.com/t/4711^FS
^FO60,860^BY3,3,100^B2N,100,Y,N,N^FD15400141288763^FS
^FO580,640^BD3^FH^FD001826E16AN [)>_1E01_1D961Z12345675_1DUPSN_1D12345E_1E_04^FS
^FO60,1020^BY2^B3N,N,80,Y,N^FDROUTE 12^FS
^FO520,1020^GC120,4^FS^FO660,1020^GE120,80,4^FS
^FO60,1160^B4N,20,N^FDcode 49^FS
^XZ";

#[test]
fn a_carriers_label_is_shown_with_its_codes_and_what_is_lacking_is_listed() {
    let shown = preview(CARRIER.as_bytes(), 203, 1).expect("shown");
    assert_eq!((shown.picture.width_px(), shown.picture.height_px(), shown.labels), (812, 1_218, 1));
    assert_eq!(shown.not_drawn, ["^B4"]);
    let read = |format| rxing_reads(&shown.picture, &[format]).into_iter().map(|r| r.1).collect::<Vec<_>>();
    assert_eq!(read(BarcodeFormat::CODE_128), ["PB-202600004711"]);
    assert_eq!(read(BarcodeFormat::DATA_MATRIX), ["010345312000001110ABC"]);
    assert_eq!(read(BarcodeFormat::QR_CODE), ["https://example.com/t/4711"]);
    assert_eq!(read(BarcodeFormat::ITF), ["15400141288763"]);
}

/// Share of pixels that are black in both or white in both, in percent.
fn equal_percent(ours: &[u8], theirs: &image::GrayImage) -> usize {
    let equal = theirs.pixels().zip(ours).filter(|(t, o)| (t.0[0] < 128) == (**o < 128)).count();
    equal * 100 / ours.len().max(1)
}

#[test]
fn our_own_job_looks_as_another_renderer_draws_it() {
    let sheet = house_label(&plain_label(), &words("en")).expect("laid out");
    let job = zpl::render(&sheet, Resolution::Dpi203).expect("ZPL");
    let shown = preview(job.as_bytes(), 203, 1).expect("shown");
    assert_eq!(shown.not_drawn, Vec::<String>::new());
    let bars = rxing_reads(&shown.picture, &[BarcodeFormat::CODE_128]);
    assert_eq!(bars, [(BarcodeFormat::CODE_128, "00350123450000047110".to_owned())]);
    let other = render_zpl_sized("preview", ("100", "150"), "8", &[job]).remove(0);
    let theirs = image::open(other).expect("a picture").into_luma8();
    let ours = (shown.picture.width_px(), shown.picture.height_px());
    let theirs = image::imageops::crop_imm(&theirs, 0, 0, ours.0, ours.1).to_image();
    assert_eq!(theirs.dimensions(), ours);
    let equal = equal_percent(shown.picture.grey(), &theirs);
    assert!(equal >= 93, "only {equal} % of the dots are equal");
}

/// How many dots are black.
fn ink(job: &str) -> usize {
    let shown = preview(job.as_bytes(), 203, 1).expect("shown");
    shown.picture.grey().iter().filter(|g| **g < 128).count()
}

#[test]
fn shapes_bitmaps_and_turns_cover_the_dots_they_should() {
    assert_eq!(ink("^XA^FO10,10^GB100,50,50^FS^XZ"), 5_000);
    assert_eq!(ink("^XA^FO10,10^GB100,50,1^FS^XZ"), 2 * 100 + 2 * 48);
    assert_eq!(ink("^XA^FO10,10^GB100,50,50^FS^FO20,20^GB10,10,10,W^FS^XZ"), 4_900);
    assert_eq!(ink("^XA^FO10,10^GB100,50,50^FS^FO20,20^FR^GB10,10,10^FS^XZ"), 4_900);
    assert_eq!(ink("^XA^FO0,0^GFA,8,8,2,FFFF,:!^FS^XZ"), 16 + 16);
    assert_eq!(ink("^XA^FO0,0^GFA,4,4,2,JFJF^FS^XZ"), 32, "J is four times the digit after it");
    let packed = "^XA^FO0,0^GFA,4,4,2,:B64://8AAA==:0000^FS^XZ";
    assert_eq!(ink(packed), 16);
    let deflated = "^XA^FO0,0^GFA,4,4,2,:Z64:eJz7/5+BAQAG/QH/:0000^FS^XZ";
    assert_eq!(ink(deflated), 16);
    let text = |turn: &str| ink(&format!("^XA^FO100,100^A0{turn},40,40^FDAbc^FS^XZ"));
    assert_eq!([text("R"), text("I"), text("B")], [text("N"); 3]);
    assert_eq!(ink("^XA^POI^FO10,10^GB100,50,50^FS^XZ"), 5_000);
    assert_eq!(ink("^XA^CC#\u{20}#FO10,10#GB10,10,10#FS#XZ"), 100, "the prefix may be changed");
}

#[test]
fn the_label_asked_for_is_shown_and_jobs_without_one_are_refused() {
    let two = "^XA^FO1,1^GB5,5,5^FS^XZ^XA^FO1,1^GB7,7,7^FS^XZ";
    let black = |n| preview(two.as_bytes(), 203, n).map(|s| s.picture.grey().iter().filter(|g| **g < 128).count());
    assert_eq!((black(1), black(2)), (Ok(25), Ok(49)));
    assert_eq!(black(3), Err(PreviewError::NoSuchLabel { labels: 2 }));
    for job in ["", "^XA^XZ", "no job", "^XA^MMT^PW400^XZ"] {
        assert_eq!(preview(job.as_bytes(), 203, 1), Err(PreviewError::NoLabel), "{job}");
    }
    let endless = format!("^XA{}^XZ", "^FO0,0^GB9,9,9^FS".repeat(6_000));
    assert!(matches!(preview(endless.as_bytes(), 203, 1), Err(PreviewError::TooMuch { .. })));
}

#[test]
fn stored_formats_print_with_the_data_of_their_fields() {
    let stored = "^XA^DFR:BOX.ZPL^FS^PW400^LL200^FO10,10^GB100,50,50^FS^FO10,80^BY2^BCN,80,N,N,N^FN1^FS\
        ^FO250,20^A0N,30,30^FN2\"Town\"^FS^XZ";
    let recall = |data: &str| format!("{stored}^XA^XFR:BOX.ZPL^FS{data}^XZ");
    let shown = preview(recall("^FN1^FD>:PB-42^FS^FN2^FDLondon^FS").as_bytes(), 203, 1).expect("shown");
    assert_eq!((shown.labels, shown.picture.width_px(), shown.not_drawn.len()), (1, 400, 0));
    let read = rxing_reads(&shown.picture, &[BarcodeFormat::CODE_128]);
    assert_eq!(read, [(BarcodeFormat::CODE_128, "PB-42".to_owned())]);
    let (without, with) = (ink(&recall("^FN1^FD>:PB-42^FS")), ink(&recall("^FN1^FD>:PB-42^FS^FN2^FDLondon^FS")));
    assert!(with > without, "the town prints: {with} {without}");
    assert_eq!(preview(stored.as_bytes(), 203, 1), Err(PreviewError::NoLabel), "storing prints nothing");
    let unknown = preview(b"^XA^XFR:NONE.ZPL^FS^FO1,1^GB5,5,5^FS^XZ", 203, 1).expect("shown");
    assert_eq!(unknown.not_drawn, ["^XF"]);
    let within = "^XA^DFA^FS^XFA^FS^FO1,1^GB5,5,5^FS^XZ^XA^XFA^FS^XZ";
    assert_eq!(ink(within), 25, "a format that recalls itself prints once");
}

/// A job's code, its symbology, and what readers must return.
type Case = (&'static str, BarcodeFormat, &'static [u8]);

const CODES: [Case; 12] = [
    ("^BY2^B7N,8,5^FDPB-2026/00471 London E1", BarcodeFormat::PDF_417, b"PB-2026/00471 London E1"),
    ("^BY2,3^B7N,6,4,6^FD012345678901234567890123456789", BarcodeFormat::PDF_417, b"012345678901234567890123456789"),
    ("^BY3,3^B7N,9,2,3,20,N^FD[)> A carrier's lower, UPPER", BarcodeFormat::PDF_417, b"[)> A carrier's lower, UPPER"),
    ("^BY2,3,180^B7N,,3^FDHeight of all its rows", BarcodeFormat::PDF_417, b"Height of all its rows"),
    ("^BY2^B7N,8,5^FDDock Road\\&Felixstowe \\\\&", BarcodeFormat::PDF_417, b"Dock Road\r\nFelixstowe \\&"),
    ("^FH^BY2^B7N,8,5^FD[)>_1E06_1DP4711_1E_04", BarcodeFormat::PDF_417, b"[)>\x1e06\x1dP4711\x1e\x04"),
    ("^FH^BY2^B7N,8,5^FDZo_C3_AB", BarcodeFormat::PDF_417, "Zoë".as_bytes()),
    ("^BY2^B7R,8,3^FDturned by a quarter", BarcodeFormat::PDF_417, b"turned by a quarter"),
    ("^B0N,6^FDPB-2026/00471", BarcodeFormat::AZTEC, b"PB-2026/00471"),
    ("^BON,5,N,50^FDhalf of it corrects, 0123456789", BarcodeFormat::AZTEC, b"half of it corrects, 0123456789"),
    ("^B0R,6,N,103^FDcompact of three", BarcodeFormat::AZTEC, b"compact of three"),
    ("^B0N,5,N,208^FDfull of eight layers", BarcodeFormat::AZTEC, b"full of eight layers"),
];

/// zxing-cpp, which `tests/run` installs, reads every one. rxing, whose encoder it is, must read none of them otherwise.
#[test]
fn pdf417_and_aztec_are_codes_that_are_read_again() {
    let folder = scratch("preview-codes");
    let mut pictures = Vec::new();
    for (n, (code, format, expected)) in CODES.iter().enumerate() {
        let job = format!("^XA^PW700^LL560^FO60,60{code}^FS^XZ");
        let shown = preview(job.as_bytes(), 203, 1).unwrap_or_else(|e| panic!("{code}: {e}"));
        assert_eq!(shown.not_drawn, Vec::<String>::new(), "{code}");
        for read in rxing_text(&shown.picture, *format, false) {
            assert_eq!(read.escape_ascii().to_string(), expected.escape_ascii().to_string(), "{code} by rxing");
        }
        let file = folder.join(format!("{n}.png"));
        std::fs::write(&file, shown.picture.png().expect("a PNG")).expect("written");
        pictures.push(file);
    }
    let Some(read) = zxing_list(&folder.join("pictures.txt"), &pictures) else { return };
    for ((code, _, expected), file) in CODES.iter().zip(&pictures) {
        let read: Vec<String> =
            read.get(file).into_iter().flatten().map(|(_, bytes)| bytes.escape_ascii().to_string()).collect();
        assert_eq!(read, [expected.escape_ascii().to_string()], "{code} by zxing-cpp");
    }
}

#[test]
fn pdf417_has_the_rows_columns_and_height_that_are_asked_for() {
    let size = |code: &str| {
        let job = format!("^XA^PW700^LL560^FO20,20{code}^FDPB-2026/00471^FS^XZ");
        let shown = preview(job.as_bytes(), 203, 1).expect("shown");
        let dark = |(at, _): &(usize, &u8)| (at % 700, at / 700);
        let ink: Vec<(usize, usize)> =
            shown.picture.grey().iter().enumerate().filter(|d| *d.1 < 128).map(|d| dark(&d)).collect();
        (ink.iter().map(|d| d.0).max().unwrap_or(0) - 19, ink.iter().map(|d| d.1).max().unwrap_or(0) - 19)
    };
    // Start, two indicators and stop are 69 modules, a column 17; a shortened symbol has one indicator and one bar at its end.
    assert_eq!(size("^BY2^B7N,7,3,4,12"), (2 * (69 + 4 * 17), 12 * 7));
    assert_eq!(size("^BY2^B7N,7,3,4,12,Y"), (2 * (34 + 4 * 17 + 1), 12 * 7));
    assert_eq!(size("^BY1,3,120^B7N,,3,4,12"), (69 + 4 * 17, 120));
}

#[test]
fn a_code_that_is_not_drawn_leaves_its_place_empty_and_data_without_a_code_is_told() {
    let shown = preview(b"^XA^PW600^LL400^FO20,20^B4N,20,N^FDcode 49^FS^XZ", 203, 1).expect("shown");
    assert_eq!(shown.not_drawn, ["^B4"]);
    assert!(shown.picture.grey().iter().all(|grey| *grey == 255), "its data is not printed as text");
    let long = format!("^XA^FO20,20^B7N,8,3,2,4^FD{}^FS^XZ", "too long for a symbol ".repeat(120));
    let shown = preview(long.as_bytes(), 203, 1).expect("shown");
    assert_eq!(shown.not_drawn, ["data of a barcode that cannot be encoded"]);
}

#[test]
fn no_bytes_make_it_panic() {
    let mut seeded = Seeded(11);
    let pieces = CARRIER.split_inclusive('^').collect::<Vec<_>>();
    for _ in 0..150 {
        let mut job: Vec<u8> = b"^XA^PW300^LL300".to_vec();
        for _ in 0..seeded.below(30) {
            match seeded.below(4) {
                0 => job.extend((0..seeded.below(12)).map(|_| seeded.next() as u8)),
                1 => job.extend(format!("{},", seeded.next() as i32).bytes()),
                _ => job.extend(pieces[seeded.below(pieces.len())].bytes()),
            }
        }
        job.extend(b"^FS^XZ");
        let _ = preview(&job, [203, 300, 600][seeded.below(3)], 1);
    }
}
