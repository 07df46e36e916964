//! ZPL as it leaves the program, against files that were read by eye and rendered; and data that tries to be a command.
//! After a wanted change: run with PACKBENCH_BLESS=1, render the new files, look at them, commit them.

use super::labels_kit::{crowded_label, labelize_list, path_text, plain_label, render_zpl_sized, scratch, words};
use packbench::labels::house::{HouseLabel, house_label};
use packbench::labels::preview::preview;
use packbench::labels::sheet::{Area, Sheet, Symbology};
use packbench::labels::text::{Face, Style};
use packbench::labels::zpl::{self, Resolution};
use std::path::Path;

fn assert_golden(name: &str, actual: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/labels").join(name);
    if std::env::var_os("PACKBENCH_BLESS").is_some() {
        std::fs::write(&path, actual).expect("written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for (i, (ours, golden)) in actual.lines().zip(expected.lines()).enumerate() {
        assert_eq!(ours, golden, "{name} line {}", i + 1);
    }
    assert_eq!(actual.lines().count(), expected.lines().count(), "lines of {name}");
}

#[test]
fn plain_label_at_203_dpi() {
    let sheet = house_label(&plain_label(), &words("en")).expect("laid out");
    assert_golden("house_plain.203.zpl", &zpl::render(&sheet, Resolution::Dpi203).expect("ZPL"));
}

#[test]
fn plain_reprint_at_300_dpi() {
    let label = HouseLabel { copy_number: 2, ..plain_label() };
    let sheet = house_label(&label, &words("es")).expect("laid out");
    assert_golden("house_copy.300.zpl", &zpl::render(&sheet, Resolution::Dpi300).expect("ZPL"));
}

#[test]
fn crowded_label_at_203_dpi() {
    let sheet = house_label(&crowded_label(), &words("ru")).expect("laid out");
    assert_golden("house_crowded.203.zpl", &zpl::render(&sheet, Resolution::Dpi203).expect("ZPL"));
}

/// What programs of carriers leave behind in a printer: turned, reversed, mirrored, moved, in other units and half the dots.
const BEFORE: &str = "^XA^POI^LRY^PMY^FWR,1^LT40^LS-30^LH30,30^MUM^JMB^CI0^FS^XZ";

#[test]
fn a_job_prints_as_it_should_whatever_the_job_before_set() {
    let sheet = house_label(&plain_label(), &words("en")).expect("laid out");
    let job = zpl::render(&sheet, Resolution::Dpi203).expect("ZPL");
    let (setting, first) = job.split_once("^FT").expect("a text");
    for command in ["^PON", "^PMN", "^LRN", "^JMA", "^MUD", "^FWN,0", "^LH0,0", "^LS0", "^LT0", "^CI28"] {
        assert!(setting.contains(command) && !first.contains(command), "{command}: {setting}");
    }
    assert!(setting.find("^MUD") < setting.find("^PW"), "units before lengths");
    let after = format!("{BEFORE}{job}");
    let shown = |job: &str| preview(job.as_bytes(), 203, 1).expect("shown").picture;
    assert_eq!(shown(&after), shown(&job));
    let old = |job: &str| job.replace("^MUD^JMA^PON^PMN^LRN^FWN,0", "").replace("^LT0", "");
    assert_eq!(shown(&old(&job)), shown(&job), "alone it looks as it did");
    assert_ne!(shown(&format!("{BEFORE}{}", old(&job))), shown(&job), "the job before would show");
    let drawn = render_zpl_sized("sticky", ("100", "150"), "8", &[job.clone(), after.clone(), old(&job)]);
    let bytes: Vec<Vec<u8>> = drawn.iter().map(|path| std::fs::read(path).expect("a picture")).collect();
    assert!(bytes.iter().all(|picture| *picture == bytes[0]), "zpl-renderer-js draws them alike");
    let folder = scratch("sticky");
    let path = |name: &str| path_text(&folder.join(name)).to_owned();
    let list: String =
        (0..3).map(|n| format!("100\t150\t{}\t{}\n", path(&format!("{n}.zpl")), path(&format!("l{n}.png")))).collect();
    if labelize_list(&folder.join("labelize.list"), &list, "8") {
        let bytes: Vec<Vec<u8>> =
            (0..3).map(|n| std::fs::read(path(&format!("l{n}.png"))).expect("a picture")).collect();
        assert!(bytes.iter().all(|picture| *picture == bytes[0]), "labelize draws them alike");
    }
}

/// Command letters of a job, one per `^`, in order.
fn commands(job: &str) -> Vec<String> {
    job.split('^').skip(1).map(|c| c.chars().take(2).collect()).collect()
}

#[test]
fn data_never_becomes_a_command() {
    let evil = "x^XZ~JA\\&_5E^CC";
    let make = |name: &str| {
        let label = HouseLabel { recipient_name: name.to_owned(), ..plain_label() };
        zpl::render(&house_label(&label, &words("en")).expect("laid out"), Resolution::Dpi203).expect("ZPL")
    };
    let (harmless, job) = (make("x"), make(evil));
    assert_eq!(commands(&job), commands(&harmless));
    assert!(!job.contains('~'), "{job}");
    assert!(job.contains("^FDx_5EXZ_7EJA_5C&_5F5E_5ECC^FS"), "{job}");
    assert_eq!(zpl::escape("a\nb\u{0}c"), "abc");
}

#[test]
fn codes_a_printer_could_misread_are_drawn() {
    let mut sheet = Sheet::new(100_000, 100_000).expect("a sheet");
    sheet.barcode(Area::tenths(0, 0, 1_000, 100), Symbology::Code128("PLAIN-1"), 500, 250).expect("fits");
    sheet.barcode(Area::tenths(0, 200, 1_000, 100), Symbology::Code128("A^XZ>8"), 500, 250).expect("fits");
    sheet.barcode(Area::tenths(0, 400, 400, 400), Symbology::Qr("^XZ"), 500, 250).expect("fits");
    let job = zpl::render(&sheet, Resolution::Dpi203).expect("ZPL");
    assert_eq!(job.matches("^BC").count(), 1);
    assert_eq!(job.matches("^GFA").count(), 2);
    assert_eq!(job.matches("^XZ").count(), 1);
}

#[test]
fn latin_text_uses_the_printers_font_and_other_scripts_a_bitmap() {
    let job = |text: &str| {
        let mut sheet = Sheet::new(100_000, 20_000).expect("a sheet");
        sheet.text(Area::tenths(10, 10, 900, 80), text, Style::new(Face::Bold, 5_000)).expect("fits");
        zpl::render(&sheet, Resolution::Dpi203).expect("ZPL")
    };
    assert!(job("Zoë Müller ñ Å ß").contains("^FH_^FDZoë Müller ñ Å ß^FS"));
    for other in ["Łódź", "Пётр", "10 €", "a…b"] {
        let job = job(other);
        assert!(job.contains("^GFA") && !job.contains("^FD"), "{job}");
    }
}
