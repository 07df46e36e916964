//! What could not be read of a sheet: things over each other, letters of the colour of their ground; and shipping templates that would
//! print so for some parcel.

use crate::labels_kit::{plain_label, words};
use packbench::labels::faults::Fault;
use packbench::labels::house::HouseLabel;
use packbench::labels::sheet::{Area, Ink, Sheet, Symbology};
use packbench::labels::template::{PROBLEMS_MAX, Pictures, Problem, Template, TemplateErrors, bundled, shipping, toml};
use packbench::labels::text::{Face, Style};
use std::time::{Duration, Instant};

const BLACK: Style = Style::new(Face::Bold, 4_000);
const WHITE: Style = BLACK.inverse();
const PLATE: Area = Area::tenths(100, 100, 600, 100);
const WITHIN: Area = Area::tenths(120, 110, 560, 80);

fn sheet(fill: impl FnOnce(&mut Sheet)) -> Vec<Fault> {
    let mut sheet = Sheet::new(100_000, 50_000).expect("a sheet");
    fill(&mut sheet);
    sheet.faults(100)
}

#[test]
fn letters_are_told_that_have_the_colour_of_their_ground() {
    let plated = |style: Style, ink: Ink| {
        sheet(|s| {
            s.fill(PLATE, ink).expect("fits");
            s.text(WITHIN, "COPY 1", style).expect("fits");
        })
    };
    assert_eq!(plated(WHITE, Ink::Black), []);
    assert_eq!(plated(WHITE, Ink::Red), [], "red prints black");
    assert_eq!(plated(BLACK, Ink::White), []);
    assert_eq!(plated(BLACK, Ink::Black), [Fault::SameInk { text: 1, plate: 0 }]);
    assert_eq!(plated(WHITE, Ink::White), [Fault::SameInk { text: 1, plate: 0 }]);
    assert_eq!(sheet(|s| s.text(WITHIN, "x", WHITE).expect("fits")), [Fault::NoGround { text: 0 }]);
    let covered = sheet(|s| {
        s.text(WITHIN, "x", BLACK).expect("fits");
        s.fill(PLATE, Ink::Black).expect("fits");
    });
    assert_eq!(covered, [Fault::Overlap { first: 0, second: 1 }]);
    let uppermost = sheet(|s| {
        s.fill(PLATE, Ink::Black).expect("fits");
        s.fill(PLATE.inset(500), Ink::White).expect("fits");
        s.text(WITHIN, "x", BLACK).expect("fits");
    });
    assert_eq!(uppermost, [], "the uppermost plate is the ground");
    let beyond = sheet(|s| {
        s.fill(PLATE, Ink::Black).expect("fits");
        s.text(Area { w_um: 80_000, ..WITHIN }, "longer than the plate it stands on is wide", WHITE).expect("fits");
    });
    assert_eq!(beyond, [Fault::Overlap { first: 0, second: 1 }]);
}

#[test]
fn lines_that_pass_between_other_lines_are_no_overlap_and_each_pair_is_told_once() {
    let text = |s: &mut Sheet, y: i32, text: &str| {
        s.text(Area::tenths(10, y, 900, 460), text, Style::new(Face::Regular, 3_000).wrapped()).expect("fits");
    };
    let lines = |s: &mut Sheet, a: &str, b: &str| {
        text(s, 10, a);
        text(s, 10, b);
    };
    assert_eq!(sheet(|s| lines(s, "a\n\nb\n\nc\n\nd\n\ne\n\nf", "\na\n\nb\n\nc\n\nd\n\ne")), []);
    assert_eq!(sheet(|s| lines(s, "a\n\nb\n\nc\n\nd\n\ne\n\nf", "\n\n\n\n\n\n\n\n\n\nf")).len(), 1);
    assert_eq!(sheet(|s| lines(s, &"a\n".repeat(10), &"b\n".repeat(10))).len(), 1, "not once a line");
    let crowd = |s: &mut Sheet| (0..300).for_each(|_| text(s, 10, "a\nb"));
    assert_eq!(sheet(crowd).len(), 100, "and no more than is asked for");
    let code = sheet(|s| {
        s.barcode(Area::tenths(0, 0, 1_000, 200), Symbology::Code128("X1"), 500, 250).expect("fits");
        s.fill(PLATE, Ink::White).expect("fits");
    });
    assert_eq!(code, [Fault::Overlap { first: 0, second: 1 }], "nothing may enter a barcode's ground");
}

fn read(text: &str) -> Result<Template, TemplateErrors> {
    Template::read(&toml::read(text)?, Pictures::new(), &words("en"))
}

/// What the check of a shipping template says, an element and a problem a line.
fn check(text: &str) -> String {
    match read(text).and_then(|template| shipping::check(&template, &words("en"))) {
        Ok(()) => String::new(),
        Err(errors) => errors.to_string(),
    }
}

/// The bundled template, 20 mm longer, with elements of the site's in the free strip.
fn with(elements: &str) -> String {
    let text = bundled::text("shipping").expect("bundled").replacen("height = 150", "height = 170", 1);
    text.replacen("[derived]", &format!("{elements}\n[derived]"), 1)
}

fn text(at: &str, more: &str) -> String {
    format!("[[element]]\nname = \"own\"\nkind = \"text\"\nat = {at}\ntext = \"x {{recipient.name}}\"\n{more}\n")
}

const STRIP: &str = "[4.5, 152, 90, 6]";

#[test]
fn what_would_print_over_the_bars_for_some_parcel_is_refused_and_not_drawn() {
    let bundled = bundled::text("shipping").expect("bundled");
    let long = bundled.replacen("at = [4.5, 20.8, 91, 30.2]", "at = [4.5, 20.8, 91, 120]", 1);
    let said = check(&long);
    assert!(said.contains("element SSCC: its place reaches into that of recipient (line"), "{said}");
    let template = read(&long).expect("its sample is short");
    let crowd = HouseLabel { recipient_lines: vec!["Street 1".to_owned(); 24], ..plain_label() };
    let wrong = shipping::draw(&template, &crowd, &words("en")).expect_err("24 lines reach the bars");
    assert!(matches!(wrong.what, Problem::Overlap { .. }), "{wrong}");
    assert_eq!(wrong.what.word(), "overlap");
    shipping::draw(&template, &plain_label(), &words("en")).expect("two lines do not");
    // A parcel without marks, which the sample has.
    let across = with(&text("[3, 112, 94, 28]", "size = 14\nwhen = \"not marks\""));
    assert!(check(&across).contains("element own: it overlaps the element SSCC (line"), "{}", check(&across));
    let bare = HouseLabel { marks: Vec::new(), ..plain_label() };
    let drawn = shipping::draw(&read(&across).expect("its sample has marks"), &bare, &words("en"));
    assert!(matches!(drawn.expect_err("over the bars").what, Problem::Overlap { .. }));
    let seldom = with(&text("[3, 112, 94, 28]", "when = \"service = NEVER TRIED\""));
    assert!(check(&seldom).contains("element own"), "{}", check(&seldom));
}

#[test]
fn elements_that_no_parcel_has_both_of_may_share_a_place() {
    let pair = |a: &str, b: &str| check(&with(&format!("{}{}", text(STRIP, a), text(STRIP, b))));
    for (a, b) in [
        ("when = \"marks\"", "when = \"not marks\""),
        ("when = \"service = EXPRESS\"", "when = \"service != EXPRESS\""),
        ("when = \"service = A\"", "when = \"service = B\""),
        ("when = \"not plates\"", "when = [\"service\", \"route\"]"),
        ("when = \"parcel_count = 1\"", "when = \"parcel_number = 2\""),
        ("when = \"not sscc\"", ""),
    ] {
        assert_eq!(pair(a, b), "", "{a} and {b}");
    }
    for (a, b) in [
        ("", ""),
        ("when = \"marks\"", "when = \"not route\""),
        ("when = \"service = A\"", "when = \"service != B\""),
        ("when = \"plates\"", "when = \"not service\""),
        ("when = \"parcel_count = 2\"", "when = \"parcel_number = 2\""),
    ] {
        assert!(pair(a, b).contains("element own"), "{a} and {b}: {}", pair(a, b));
    }
    let only = |field: &str, when: &str| {
        let text = text(STRIP, when).replace("x {recipient.name}", &format!("{{{field}}}"));
        check(&with(&format!("{text}{}", self::text(STRIP, "when = \"service\""))))
    };
    assert!(only("service", "").contains("element own"));
    assert_eq!(only("service", "when = \"not service\""), "", "a text that says nothing prints nothing");
    let fields = ["service", "route", "ship_date", "recipient.country", "recipient.name"];
    let endless = |from: usize| {
        let unlike = |n: usize| format!("\"{} != {n}\"", fields[n % fields.len()]);
        let all: Vec<String> = (from..from + 15).map(unlike).collect();
        format!("when = [{}, \"not sscc\"]", all.join(", "))
    };
    let said = pair(&endless(0), &endless(15));
    assert!(said.contains("more than 10000 combinations"), "no endless search: {said}");
}

#[test]
fn a_copys_mark_that_nobody_sees_is_no_mark() {
    let bundled = bundled::text("shipping").expect("bundled");
    let hidden = bundled.replace("inverse = true\n", "");
    assert!(check(&hidden).contains("it has the colour of plate of the service"), "{}", check(&hidden));
    let copy = HouseLabel { copy_number: 1, ..plain_label() };
    let hidden = hidden.replacen("service = \"STANDARD\"", "service = \"\"", 1);
    assert!(check(&hidden).contains("it has the colour of plate of the copy"), "{}", check(&hidden));
    let without = read(&hidden).expect("its sample has no plate");
    let wrong = shipping::draw(&without, &copy, &words("en")).expect_err("black on black");
    assert!(matches!(wrong.what, Problem::SameInk { .. }), "{wrong}");
    let seldom = bundled
        .replace("when = [\"copy_number\", \"not service\"]", "when = [\"copy_number\", \"not service\", \"marks\"]");
    assert!(check(&seldom).contains("not marked as a copy"), "{}", check(&seldom));
    let plate = |when: &str| format!("[[element]]\nname = \"ground\"\nkind = \"fill\"\nat = [4, 151, 92, 8]\n{when}\n");
    let on = |when: &str| check(&with(&format!("{}{}", plate(when), text(STRIP, "inverse = true"))));
    assert_eq!(on(""), "");
    assert!(on("when = \"service = A\"").contains("needs a fill"), "{}", on("when = \"service = A\""));
    let covered = check(&with(&format!("{}{}", text(STRIP, "when = \"not route\""), plate(""))));
    assert!(covered.contains("element ground"), "{covered}");
}

/// A template must be told as quickly as it can be saved by mistake: what is wrong is counted, and lines are not compared with
/// all others.
#[test]
fn large_templates_are_checked_quickly_and_told_in_part() {
    let element = |at: String| format!("[[element]]\nkind=\"text\"\nat={at}\ntext=\"{{a}}\"\nsize=1.6\n");
    let sample = |a: &str| format!("width=1000\nheight=1000\n[sample]\na=\"{a}\"\n");
    let begun = Instant::now();
    let words = "word ".repeat(20);
    let crowd: String = (0..290).map(|n| element(format!("[{n},0,6,1000]"))).collect();
    let told = read(&format!("{}{crowd}", sample(&words))).expect_err("they overlap");
    assert_eq!(told.0.len(), PROBLEMS_MAX);
    let columns: String = (0..150).map(|n| element(format!("[{}.5,0,6,1000]", n * 13 / 2))).collect();
    read(&format!("{}{columns}", sample(&"a\\n".repeat(100)))).expect("they stand beside each other");
    for letters in ["word ".repeat(350), "क्षि".repeat(450)] {
        let told = read(&format!("{}{crowd}", sample(&letters))).expect_err("half a million letters").to_string();
        assert!(told.contains("more than 40000 letters on a sheet"), "{told}");
    }
    let unknown = format!("{}[[element]]\nkind=\"text\"\nat=[1,1,9,9]\ntext=\"{}\"\n", sample("x"), "{b}".repeat(600));
    assert_eq!(read(&unknown).expect_err("there is no b").0.len(), PROBLEMS_MAX);
    let doubled: String = (1..40).map(|n| format!("d{n} = \"{{d{}}}{{d{}}}\"\n", n - 1, n - 1)).collect();
    let doubled = format!(
        "{}[derived]\nd0 = \"{{a}}\"\n{doubled}{}",
        sample("x"),
        element("[1,1,9,9]".to_owned()).replace("{a}", "{d39}")
    );
    assert!(read(&doubled).expect_err("a terabyte").to_string().contains("16000 bytes of text"));
    let repeat = |table: &str, rows: usize| {
        format!("[[{table}]]\nkind=\"repeat\"\nat=[0,0,1,1]\nover=\"b\"\nrows={rows}\nstep=0.5\n")
    };
    let line = "[[element.element.element]]\nkind=\"line\"\nat=[0,0,1,1]\nwhen=\"not a\"\n";
    let nested = format!(
        "{}b=[{}]\n{}{}{line}",
        sample("x"),
        "1,".repeat(1_900),
        repeat("element", 1_900),
        repeat("element.element", 90)
    );
    assert!(read(&nested).expect_err("170,000 looks").to_string().contains("more than 20000 elements"));
    assert!(begun.elapsed() < Duration::from_secs(60), "it took {:?}", begun.elapsed());
}
