//! The data and the files of `packbench label`: numbers as they are written, text in UTF-8, fields that may be lacking, limits.

use crate::cli_kit::{Home, Ran};
use crate::labels_kit::{path_text, zbar};

/// A template of one element.
fn one(sample: &str, element: &str) -> String {
    format!("width = 100\nheight = 50\noptional = [\"w\", \"of\"]\n[sample]\n{sample}\n[[element]]\n{element}\n")
}

const TEXT: &str = "kind = \"text\"\nat = [2, 2, 96, 20]\ntext = ";

fn label(home: &Home, template: &str, data: &str, to: &[&str]) -> Ran {
    let (template, data) = (home.write("t.toml", template), home.write("d.json", data));
    let base = ["label", "--template", path_text(&template), "--data", path_text(&data), "--to"];
    home.run(&[&base[..], to].concat())
}

fn check(home: &Home, template: &str) -> Ran {
    let file = home.write("c.toml", template);
    home.run(&["label", "check", path_text(&file)])
}

#[test]
fn numbers_are_printed_as_they_are_written() {
    let home = Home::new();
    let code = one(
        "c = \"ABC\"",
        "kind = \"barcode\"\nat = [2, 2, 96, 20]\ncode = \"code128\"\ndata = \"{c}\"\nmodule = 0.25",
    );
    let picture = home.path("code.png");
    for number in ["9400111899223197428490", "1.10", "1e3", "-0", "0.10000000000000000001", "350123450000047110"] {
        let data = format!("[{{\"c\":{number}}}]");
        label(&home, &code, &data, &["png", "--out", path_text(&picture)]).ok();
        assert_eq!(zbar(&picture), [format!("CODE-128:{number}")]);
    }
    let text = one("n = 1.10\nw = 1000", &format!("{TEXT}\"{{n}}/{{w|mass}}\""));
    assert!(label(&home, &text, "{\"n\":2.50,\"w\":1000}", &["zpl"]).ok().out.contains("^FD2.50/1"));
    let file = home.write("s.toml", &text);
    let sample = home.run(&["label", "--template", path_text(&file), "--sample", "--to", "zpl"]).ok().out;
    assert!(sample.contains("^FD1.10/1"), "{sample}");
    let long = check(&home, &one("n = 350123450000047110", &format!("{TEXT}\"{{n}}\"")));
    long.failed(1, &["line 5", "put any other in quotes"]);
    let deep = format!("{{\"c\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    label(&home, &code, &deep, &["zpl"]).failed(1, &["not JSON: label 1"]);
    for wrong in ["{\"c\":01}", "{\"c\":1.}", "{\"c\":\"\\ud800\"}", "{\"c\":1}}", "[{\"c\":1},{\"c\":tru}]"] {
        label(&home, &code, wrong, &["zpl"]).failed(1, &["not JSON"]);
    }
}

#[test]
fn text_that_is_not_utf_8_is_refused_and_the_mark_before_it_is_no_text() {
    let home = Home::new();
    let template = one("a = \"x\"", &format!("{TEXT}\"{{a}}\""));
    let latin = |text: &str| -> Vec<u8> { text.chars().map(|c| c as u8).collect() };
    let (wrong, right) = (home.path("latin.json"), home.path("right.toml"));
    std::fs::write(&wrong, latin("{\n\"a\":\"Gr\u{fc}\u{df}e\"}")).unwrap();
    std::fs::write(&right, &template).unwrap();
    let made = |template: &std::path::Path, data: &std::path::Path| {
        home.run(&["label", "--template", path_text(template), "--data", path_text(data), "--to", "zpl"])
    };
    made(&right, &wrong).failed(1, &["latin.json is not UTF-8 text: line 2, byte 10", "UTF-8"]);
    let bad = home.path("shipping.toml");
    std::fs::write(&bad, latin(&template.replace("\"x\"", "\"\u{fc}\""))).unwrap();
    home.run(&["label", "check", path_text(&bad)]).failed(1, &["shipping.toml is not UTF-8 text: line 5"]);
    let slip = ["label", "--template", "invoice", "--data", path_text(&wrong), "--to", "pdf"];
    home.run(&slip).failed(1, &["latin.json is not UTF-8"]);
    let (marked, data) = (home.path("marked.toml"), home.path("marked.json"));
    std::fs::write(&marked, format!("\u{feff}{template}")).unwrap();
    std::fs::write(&data, "\u{feff}{\"a\":\"Gr\u{fc}\u{df}e\"}").unwrap();
    assert!(made(&marked, &data).ok().out.contains("^FDGrüße^FS"));
}

#[test]
fn more_than_is_read_is_refused_from_standard_input_too_and_never_cut() {
    let home = Home::new();
    let most = 64 << 20;
    let (picture, says) = (home.path("more.png"), format!("is longer than {most} bytes"));
    let label = "^XA^FO10,10^GB50,50,5^FS^XZ";
    let job = format!("{label}{}", " ".repeat(most + 1 - label.len()));
    let file = home.write("more.zpl", &job);
    let typed = home.run_typing(&["label", "preview", "-", "--out", path_text(&picture)], &job);
    typed.failed(1, &["standard input", &says]);
    home.run(&["label", "preview", path_text(&file), "--out", path_text(&picture)]).failed(1, &["more.zpl", &says]);
    assert!(!picture.exists());
}

#[test]
fn fields_that_may_be_lacking_print_nothing_and_counts_say_what_they_need() {
    let home = Home::new();
    let mass = one("w = 1000\na = \"x\"", &format!("{TEXT}\"{{a}} {{w|mass}}\""));
    for data in ["{\"a\":\"only\",\"w\":null}", "{\"a\":\"only\",\"w\":\"\"}", "{\"a\":\"only\"}"] {
        assert!(label(&home, &mass, data, &["zpl"]).ok().out.contains("^FDonly^FS"), "{data}");
    }
    let needed = mass.replace("[\"w\", \"of\"]", "[]");
    label(&home, &needed, "{\"a\":\"only\",\"w\":null}", &["zpl"]).failed(1, &["`w` must be a whole number"]);
    let of = one("n = 1\nof = 2", &format!("{TEXT}\"{{n|of:of}}\""));
    let told = label(&home, &of, "{\"n\":1}", &["zpl"]);
    told.failed(1, &["`of` must be a whole number wherever the number before `of:` is there"]);
    let of = of.replace("[\"w\", \"of\"]", "[]");
    label(&home, &of, "{\"n\":1}", &["zpl"]).failed(1, &["no `of`: give it, or name it in `optional`"]);
}

#[test]
fn what_cannot_print_with_all_its_rows_or_sides_is_not_sound() {
    let home = Home::new();
    let rows = |rows: u32, columns: u32| {
        let repeat = format!(
            "kind = \"repeat\"\nat = [2, 2, 40, 10]\nover = \"rows\"\nstep = 10\nrows = {rows}\ncolumns = {columns}"
        );
        let inner = "\n[[element.element]]\nkind = \"text\"\nat = [0, 0, 40, 8]\ntext = \"{row.n}\"";
        one("rows = [{ n = \"one\" }]", &format!("{repeat}{inner}"))
    };
    check(&home, &rows(5, 2)).ok();
    check(&home, &rows(6, 1)).failed(1, &["row 6 and column 1 are not on the sheet"]);
    check(&home, &rows(1, 3)).failed(1, &["row 1 and column 3 are not on the sheet"]);
    let square = |thick: &str| one("a = \"x\"", &format!("kind = \"box\"\nat = [40, 20, 5, 5]\nthick = {thick}"));
    check(&home, &square("2.5")).ok();
    check(&home, &square("20")).failed(1, &["`thick` must be from 0.05 to 2.5 mm"]);
    let small = one("a = \"x\"", "kind = \"box\"\nat = [40, 20, 5, 0.4]");
    check(&home, &small).ok();
}

#[test]
fn a_pdf_of_a_thousand_labels_has_as_many_pages() {
    let home = Home::new();
    let template = one("a = \"x\"", &format!("{TEXT}\"{{a}}\""));
    let data: String = (0..1_000).map(|n| format!("{{\"a\":{n}}}\n")).collect();
    let out = home.path("many.pdf");
    label(&home, &template, &data, &["pdf", "--out", path_text(&out)]).ok();
    let told = crate::labels_kit::run("pdfinfo", "poppler-utils", &[path_text(&out)]);
    assert!(told.lines().any(|line| line.starts_with("Pages:") && line.ends_with(" 1000")), "{told}");
}
