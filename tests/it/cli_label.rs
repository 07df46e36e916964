//! `packbench label`: templates become labels, wrong templates and data are told by name and line, printers' jobs become pictures.

use crate::cli_kit::Home;
use crate::labels_kit::{path_text, scratch, zbar};
use std::path::{Path, PathBuf};

const BUNDLED: [&str; 7] = ["shipping", "pallet", "tote", "bin", "badge", "commands", "pick-list"];

const DOCUMENTS: [&str; 8] =
    ["house-label", "packing-slip", "invoice", "commercial-invoice", "manifest", "cn22", "cn23", "battery-mark"];

/// The golden jobs that the house's own code is held against.
fn golden(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/labels").join(name);
    std::fs::read_to_string(path).unwrap()
}

fn write(name: &str, home: &Home, args: &[&str]) -> PathBuf {
    let path = scratch("cli").join(name);
    let _ = std::fs::remove_file(&path);
    home.run(&[&["label"], args, &["--out", path_text(&path)]].concat()).ok();
    path
}

#[test]
fn the_shipping_template_prints_the_same_as_the_house_label_dot_for_dot() {
    let home = Home::new();
    let job = home.run(&["label", "--template", "shipping", "--sample", "--to", "zpl"]).ok().out;
    assert_eq!(job, golden("house_plain.203.zpl"));
    let copy = r#"{"service":"STANDARD","order_number":"536365","parcel_number":1,"parcel_count":1,"ship_date":"01 Dec 2010",
        "route":"R 12","weight_g":12110,"copy_number":2,"sscc":"350123450000047110",
        "sender":{"name":"PACKBENCH DEMO","lines":["Unit 4, Dock Road","Felixstowe IP11 3SY","United Kingdom"]},
        "recipient":{"name":"Customer 17850","lines":["Demo Street 1","London E1 6AN"],"country":"United Kingdom","country_code":"GB"},
        "marks":[{"icon":"fragile","text":"FRAGILE"}]}"#;
    let arguments =
        ["label", "--template", "shipping", "--data", "-", "--to", "zpl", "--dpi", "300", "--language", "es"];
    assert_eq!(home.run_typing(&arguments, copy).ok().out, golden("house_copy.300.zpl"));
}

#[test]
fn every_bundled_template_is_sound_in_every_language_and_its_codes_are_read() {
    let home = Home::new();
    let listed = home.run(&["label", "templates"]).ok().out;
    for name in BUNDLED {
        assert!(listed.lines().any(|l| l.starts_with(name)), "{listed}");
        for language in ["en", "es", "ms", "ru"] {
            home.run(&["label", "check", name, "--language", language]).ok();
        }
        let picture = write(&format!("{name}.png"), &home, &["--template", name, "--sample", "--to", "png"]);
        assert!(!zbar(&picture).is_empty(), "{name}");
    }
    assert_eq!(listed.lines().count(), BUNDLED.len() + DOCUMENTS.len());
}

#[test]
fn documents_laid_out_by_code_are_printed_by_their_names() {
    let home = Home::new();
    let listed = home.run(&["label", "templates"]).ok().out;
    for name in DOCUMENTS {
        assert!(listed.lines().any(|l| l.starts_with(name)), "{listed}");
        for language in ["en", "es", "ms", "ru"] {
            home.run(&["label", "check", name, "--language", language]).ok();
        }
        let paper = write(&format!("{name}.pdf"), &home, &["--template", name, "--sample", "--to", "pdf"]);
        assert!(std::fs::read(paper).unwrap().starts_with(b"%PDF"), "{name}");
    }
    let house = home.run(&["label", "--template", "house-label", "--sample", "--to", "zpl"]).ok().out;
    assert_eq!(house, golden("house_plain.203.zpl"));
    let run = |data: &str| home.run_typing(&["label", "--template", "invoice", "--data", "-", "--to", "pdf"], data);
    let sample = include_str!("../../assets/labels/documents/invoice.json");
    let several = format!("[{sample},{}]", sample.replace("\"gross_minor\": ", "\"gross_minor\": 1"));
    run(&several).failed(1, &["invoice 2 of 2 cannot be made", "do not add up"]);
    run(&sample.replace("\"note\"", "\"notes\"")).failed(1, &["unknown field `notes`"]);
    run(&sample.replace("\"GBP\"", "\"pounds\"")).failed(1, &["ISO 4217"]);
    run("{}").failed(1, &["missing field"]);
}

#[test]
fn json_lines_make_many_labels_in_every_format() {
    let home = Home::new();
    let data = "{\"tote\":\"TOTE-0001\"}\n{\"tote\":\"TOTE-0002\",\"zone\":\"Склад 2\"}\n";
    let file = home.write("totes.jsonl", data);
    let base = ["--template", "tote", "--data", path_text(&file), "--to"];
    let job = home.run(&[&["label"], &base[..], &["zpl"]].concat()).ok().out;
    assert_eq!((job.matches("^XA").count(), job.matches("^XZ").count()), (2, 2));
    assert!(std::fs::read(write("totes.pdf", &home, &[&base[..], &["pdf"]].concat())).unwrap().starts_with(b"%PDF"));
    let out = scratch("cli").join("totes.png");
    home.run(&[&["label"], &base[..], &["png", "--dpi", "300", "--out", path_text(&out)]].concat()).ok();
    for (number, content) in [(1, "CODE-128:TOTE-0001"), (2, "CODE-128:TOTE-0002")] {
        assert_eq!(zbar(&out.with_file_name(format!("totes-{number}.png"))), [content]);
    }
    home.run(&[&["label"], &base[..], &["png"]].concat()).failed(1, &["2 pictures", "--out"]);
}

#[test]
fn what_is_wrong_with_data_is_told_by_element_and_nothing_is_written() {
    let home = Home::new();
    let out = home.path("out.zpl");
    let run = |template: &str, data: &str| {
        let file = home.write("data.json", data);
        home.run(&[
            "label",
            "--template",
            template,
            "--data",
            path_text(&file),
            "--to",
            "zpl",
            "--out",
            path_text(&out),
        ])
    };
    run("tote", "{}").failed(1, &["label 1 of 1", "element number", "the data has no `tote`"]);
    run("tote", "{\"tote\":\"Ящик 1\"}").failed(1, &["element bars", "not ASCII"]);
    run("tote", "{\"tote\":").failed(1, &["is not JSON", "label 1"]);
    run("tote", "[1]").failed(1, &["record 1", "no object"]);
    run("tote", "").failed(1, &["there is no data"]);
    let long = format!("{{\"tote\":\"{}\"}}", "W".repeat(80));
    run("tote", &long).failed(1, &["element number", "does not fit"]);
    let wrong =
        r#"{"sender":"a","recipient":"b","content":"c","gtin":"05012345678900","count":1,"sscc":"350123450000047111"}"#;
    let told = run("pallet", wrong);
    told.failed(1, &["element SSCC as bars", "check digit"]);
    assert!(!out.exists());
    home.run(&["label", "--template", "nothing", "--sample", "--to", "zpl"])
        .failed(1, &["no template nothing", "shipping"]);
    home.run(&["label", "--template", "tote", "--to", "zpl"]).failed(2, &["--data", "--sample"]);
    home.run(&["label", "--template", "tote", "--sample", "--to", "zpl", "--dpi", "72"])
        .failed(2, &["203, 300 or 600"]);
}

/// A template of one element, with a sound sample.
fn one(element: &str) -> String {
    format!("width = 50\nheight = 30\n[sample]\nname = \"Bolt\"\nlist = [\"a\"]\n[[element]]\n{element}\n")
}

#[test]
fn a_broken_template_names_line_and_element() {
    let home = Home::new();
    let cases: [(String, &[&str]); 18] = [
        (one("kind = \"text\"\nat = [1,1,9,9]\ntext = \"🙂\""), &["element text 1", "no sign for 🙂"]),
        ("width = ".to_owned(), &["line 1", "not TOML"]),
        ("width = 50\n".to_owned(), &["line 1", "`height` is missing"]),
        (one("kind = \"txt\"\nat = [1,1,9,9]"), &["line 7", "element txt 1", "one of text, stack"]),
        (one("kind = \"text\"\ntext = \"x\""), &["line 6", "`at` is missing"]),
        (one("kind = \"text\"\nat = [1,1,9]\ntext = \"x\""), &["line 8", "left, top, width, height"]),
        (one("kind = \"text\"\nat = [1,1,9,9]\ntextt = \"x\""), &["line 9", "`textt`", "did you mean `text`"]),
        (one("kind = \"text\"\nat = [1,1,9,9]\ntext = \"{nam}\""), &["`nam`", "did you mean `name`"]),
        (one("kind = \"text\"\nat = [1,1,9,9]\ntext = \"{name\""), &["line 9", "placeholder at character 1"]),
        (one("kind = \"text\"\nat = [1,1,9,9]\ntext = \"{name|loud}\""), &["no filter `loud`"]),
        (one("kind = \"text\"\nat = [45,1,9,9]\ntext = \"{name}\""), &["line 6", "leaves the sheet"]),
        (
            one("kind = \"text\"\nat = [1,1,9,9]\ntext = \"x\"\nsize = 900"),
            &["line 10", "`size` must be from 1.6 to 200 mm"],
        ),
        (
            one("kind = \"barcode\"\nat = [1,1,9,9]\ncode = \"code128\"\ndata = \"{name}\""),
            &["element barcode 1", "needs"],
        ),
        (
            one("kind = \"barcode\"\nat = [1,1,40,9]\ncode = \"code128\"\ndata = \"{name}\"\nmodule = 0.05"),
            &["line 11", "`module` must be from 0.17 to 3 mm"],
        ),
        (one("kind = \"barcode\"\nat = [1,1,40,9]\ncode = \"gs1-128\"\ndata = \"{name}\""), &["in brackets"]),
        (one("kind = \"image\"\nat = [1,1,9,9]\nfile = \"logo.png\""), &["no picture `logo.png`"]),
        (
            one("kind = \"text\"\nat = [1,1,9,9]\ntext = \"{a}\"\n[derived]\na = \"{b}\"\nb = \"{a}\""),
            &["[derived] a", "in a circle: a, b"],
        ),
        (
            one(
                "kind = \"line\"\nat = [1,5,30,1]\n[[element]]\nkind = \"text\"\nat = [1,1,30,9]\ntext = \"{name}\"\nsize = 8",
            ),
            &["element text 2", "overlaps the element line 1 (line 6)"],
        ),
    ];
    for (template, says) in cases {
        let file = home.write("broken.toml", &template);
        let told = home.run(&["label", "check", path_text(&file)]);
        assert_eq!(told.code, 1, "{template}");
        for what in says {
            assert!(told.err.contains(what), "{what:?} is not said of\n{template}\n{}", told.err);
        }
    }
}

/// What the console's editor refuses is refused here, and only of templates that stations print from.
#[test]
fn a_shipping_template_is_tried_as_stations_print_it() {
    let home = Home::new();
    let sound = include_str!("../../assets/labels/shipping.toml");
    let file = home.write("shipping.toml", sound);
    for name in ["shipping", path_text(&file)] {
        let told = home.run(&["label", "check", name]).ok().out;
        assert!(told.contains("Stations can print"), "{told}");
    }
    let cases: [(&str, String, &str); 5] = [
        ("no code holds the parcel's number", sound.replace("(00){sscc}", "(10){order_number}"), "parcel's number"),
        ("copies look like first prints", sound.replace("\"{copy_number|copy}\"", "\"again\""), "as a copy"),
        (
            "a field that no station has",
            sound.replace("[sample]", "[sample]\ndepot = \"D 4\"").replace("\"{service}\"", "\"{depot}\""),
            "depot",
        ),
        ("too large for a label printer", sound.replacen("width = 100", "width = 220", 1), "216 x 305"),
        ("longer than is told to stations", format!("{sound}{}", "#\n".repeat(40_000)), "65536 bytes"),
    ];
    for (what, template, says) in cases {
        assert_ne!(template, sound, "{what}");
        let shipping = home.write("shipping.toml", &template);
        home.run(&["label", "check", path_text(&shipping)]).failed(1, &["house label instead", says]);
        let other = home.write("other.toml", &template);
        let plain = home.run(&["label", "check", path_text(&other)]).ok().out;
        assert!(!plain.contains("Stations"), "{what}: {plain}");
        home.run(&["label", "check", "--station", path_text(&other)]).failed(1, &["house label instead", says]);
    }
    home.run(&["label", "check", "--station", "tote"]).failed(1, &["house label instead"]);
    home.run(&["label", "check", "--station", "invoice"]).failed(1, &["laid out by code"]);
}

#[test]
fn a_sites_own_template_shows_its_logo_and_its_rows_on_as_many_sheets_as_they_need() {
    let home = Home::new();
    let logo =
        image::GrayImage::from_fn(40, 40, |x, y| image::Luma([if (x / 10 + y / 10) % 2 == 0 { 0 } else { 255 }]));
    logo.save(home.path("logo.png")).unwrap();
    let template = r#"width = 60
height = 40
[[element]]
kind = "image"
at = [2, 2, 10, 10]
file = "logo.png"
[[element]]
kind = "text"
at = [40, 2, 18, 6]
text = "{page|of:pages}"
[[element]]
kind = "repeat"
at = [2, 14, 56, 8]
over = "rows"
rows = 3
[[element.element]]
kind = "text"
at = [0, 0, 56, 7]
text = "{row.name|upper}"
when = "row.shown != no"
[sample]
rows = [{ name = "bolt", shown = "yes" }]
"#;
    let file = home.write("rows.toml", template);
    let rows: Vec<String> = (0..7)
        .map(|i| format!("{{\"name\":\"row{i}\",\"shown\":\"{}\"}}", if i == 1 { "no" } else { "yes" }))
        .collect();
    let data = home.write("rows.json", &format!("{{\"rows\":[{}]}}", rows.join(",")));
    let job = home.run(&["label", "--template", path_text(&file), "--data", path_text(&data), "--to", "zpl"]).ok().out;
    assert_eq!(job.matches("^XA").count(), 3, "seven rows, three a sheet");
    assert_eq!(job.matches("^GFA").count(), 3, "the logo on each");
    assert!(
        job.contains("^FDROW0^FS") && !job.contains("ROW1") && job.contains("^FDROW6^FS") && job.contains("3 of 3")
    );
}
