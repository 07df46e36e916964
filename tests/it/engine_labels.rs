//! Labels from the site's own template: printed by the bench that has it, as a copy what they were at first, and replaced by the house
//! label, with the office told, where a template cannot make one.

use crate::labels_kit::rxing_reads;
use crate::station_kit::station::Station;
use crate::station_kit::world::{self, ANNA, Job};
use packbench::core::checklist::DocumentKind;
use packbench::core::session::event::{PrintOutcome, Reason};
use packbench::engine::Input;
use packbench::engine::input::{Fault, PrintOrder, Ui};
use packbench::engine::view::{LabelView, StageView};
use packbench::labels::raster;
use packbench::labels::template::bundled;
use packbench::protocol::desk::{LABEL_FAULT, LabelFault};
use packbench::protocol::wire::{Change, LabelTemplateId, LabelTemplateRecord, Put};
use packbench::sql::Target;
use packbench::storage::labels::{self, MadeOf};
use packbench::storage::{MIGRATIONS, meta};
use rxing::BarcodeFormat;

const ID: LabelTemplateId = LabelTemplateId::from_u128(0x1abe1);

fn told(version: u64, text: &str) -> Change {
    let record = LabelTemplateRecord { id: ID, name: "shipping".to_owned(), version, text: text.to_owned() };
    Change::LabelTemplate(Put::Upsert(Box::new(record)))
}

fn lamp(no: u64) -> Job {
    Job::new(no, &[(world::LAMP, 1)])
}

/// The bundled template with the site's words in a corner that is free.
fn own(words: &str) -> String {
    let corner = format!(
        "[[element]]\nname = \"own words\"\nkind = \"text\"\nat = [4.5, 148.7, 60, 1.2]\ntext = \"{words}\"\nsize = 1.6\nwrap = false\n\n"
    );
    let text = bundled::text("shipping").expect("bundled").replacen("height = 150", "height = 155", 1);
    text.replacen("[derived]", &format!("{}[derived]", corner.replace("148.7, 60, 1.2", "150, 60, 3")), 1)
}

fn at_label(s: &mut Station) -> LabelView {
    s.work_until(|stage| matches!(stage, StageView::Label(_)));
    match s.stage() {
        StageView::Label(view) => view,
        other => panic!("not at the label: {other:?}"),
    }
}

fn last_label(s: &Station) -> PrintOrder {
    s.papers.iter().rfind(|paper| paper.job.document == DocumentKind::Label).expect("a label").clone()
}

fn made_of(s: &Station, paper: &PrintOrder) -> Option<(String, u64)> {
    let job = paper.job;
    let noted = labels::made_of(s.look().as_mut(), job.fulfillment, job.parcel, job.copy).expect("readable");
    noted.expect("the job").map(|MadeOf { name, version, .. }| (name, version))
}

fn faults(s: &Station) -> Vec<LabelFault> {
    let sql = "SELECT payload FROM event WHERE kind = $1 ORDER BY seq";
    let rows = s.look().all(sql, packbench::vals![LABEL_FAULT]).expect("readable");
    rows.iter().map(|row| LabelFault::read(&row.at::<String>(0).expect("text")).expect("a fault")).collect()
}

fn reprint(s: &mut Station, of: &PrintOrder) -> PrintOrder {
    let (fulfillment, parcel) = (Some(of.job.fulfillment), of.job.parcel);
    s.ui(Ui::Reprint { fulfillment, parcel, document: DocumentKind::Label, reason: Reason::LabelDamaged });
    let copy = last_label(s);
    assert_eq!(copy.job.copy, of.job.copy + 1);
    copy
}

#[test]
fn the_site_s_template_is_printed_read_back_and_noted_with_its_version() {
    let mut s = Station::with_anna(&[lamp(1)]);
    s.pull(vec![told(7, &own("Thank you from the store"))]);
    s.ui(Ui::Start);
    let view = at_label(&mut s);
    let paper = last_label(&s);
    assert_eq!(made_of(&s, &paper), Some(("shipping".to_owned(), 7)));
    assert!(paper.sheets[0].plain_text().contains("Thank you from the store"));
    assert!(!paper.spare[0].plain_text().contains("Thank you"), "the house label goes along for a printer that fails");
    let preview = view.preview.expect("a label");
    let picture = raster::render(&paper.sheets[0], 203).expect("drawn");
    let read = rxing_reads(&picture, &[BarcodeFormat::CODE_128]);
    assert_eq!(read, [(BarcodeFormat::CODE_128, format!("00{}", preview.sscc))]);
    let shown = preview.picture.expect("the screen shows it");
    let house = raster::render(&paper.spare[0], 102).expect("drawn");
    assert_ne!(shown.height_px, house.height_px(), "it shows what is printed");
    assert_eq!(view.house_instead, None);
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)), "it is scanned back");
    assert!(faults(&s).is_empty());
}

#[test]
fn what_a_template_cannot_make_is_printed_as_the_house_label_and_the_office_is_told_where() {
    let name = "Aleksandra Konstantinopolskaya-Rimskaya";
    let bundled = bundled::text("shipping").expect("bundled");
    let small = own("x").replacen(
        "at = [4.5, 150, 60, 3]\ntext = \"x\"",
        "at = [4.5, 150, 20, 3]\ntext = \"{recipient.name}\"",
        1,
    );
    let slogan = own("{slogan}").replacen("[sample]", "[sample]\nslogan = \"Thank you\"", 1);
    let over = own("{recipient.name}").replacen(
        "at = [4.5, 150, 60, 3]",
        &format!("at = [4.5, 112, 60, 3]\nwhen = \"recipient.name = {name}\""),
        1,
    );
    let silent = bundled.replace("\"(00){sscc}\"", "\"(400){order_number}\"");
    let large = bundled.replacen("height = 150", "height = 400", 1);
    let line = |text: &str, what: &str| {
        let at = text.find(what).expect("it is there");
        u32::try_from(text[..text[..at].rfind("[[element]]").expect("an element")].lines().count() + 1).expect("few")
    };
    let cases = [
        (small.clone(), "text", "", line(&small, "{recipient.name}\"\nsize = 1.6"), "own words"),
        (slogan.clone(), "missing", "slogan", line(&slogan, "own words"), "own words"),
        (over.clone(), "overlap", "", line(&over, "own words"), "own words"),
        (silent, "no-code", "", 0, ""),
        (large, "size", "", 0, ""),
        ("width = [".to_owned(), "unsound", "", 1, ""),
    ];
    for (text, word, field, line, element) in cases {
        let mut job = lamp(1);
        job.order.ship_to.name = name.to_owned();
        let mut s = Station::with_anna(&[job]);
        s.pull(vec![told(3, &text)]);
        s.ui(Ui::Start);
        let view = at_label(&mut s);
        let paper = last_label(&s);
        assert_eq!(made_of(&s, &paper), None, "{word}");
        assert!(paper.sheets[0].plain_text().contains("Aleksandra") && paper.spare.is_empty(), "{word}");
        let fault = faults(&s).pop().expect(word);
        assert_eq!((fault.fault.as_str(), fault.field.as_str(), fault.version), (word, field, 3));
        assert_eq!(
            (fault.line, fault.element.as_str(), fault.template.as_str()),
            (line, element, "shipping"),
            "{word}"
        );
        assert_eq!(fault.actor.0.as_u128(), ANNA.id);
        assert!(!fault.json().contains("Konstantinopolskaya"), "nobody's name travels: {}", fault.json());
        assert_eq!(view.house_instead.expect("the packer sees why").key, "label-house-instead-sub");
        s.work();
        assert!(matches!(s.stage(), StageView::Done(_)), "no dead end: {:?}", s.stage());
        assert_eq!(faults(&s).len(), 1, "the picture on the screen asks nobody again");
    }
}

#[test]
fn a_copy_is_made_of_what_the_first_print_was_made_of() {
    let mut s = Station::with_anna(&[lamp(1), lamp(2), lamp(3)]);
    s.ui(Ui::Start);
    s.work();
    let house = last_label(&s);
    assert_eq!(made_of(&s, &house), None);
    s.pull(vec![told(7, &own("Version seven"))]);
    s.ui(Ui::Continue);
    s.work();
    let seven = last_label(&s);
    assert_eq!(made_of(&s, &seven), Some(("shipping".to_owned(), 7)));
    s.pull(vec![told(8, &own("Version eight"))]);
    let copy = reprint(&mut s, &house);
    assert!(!copy.sheets[0].plain_text().contains("Version"), "the house label stays the house label");
    let copy = reprint(&mut s, &seven);
    assert!(copy.sheets[0].plain_text().contains("Version seven"));
    assert!(copy.sheets[0].plain_text().contains("COPY"), "{}", copy.sheets[0].plain_text());
    assert_eq!(made_of(&s, &copy), Some(("shipping".to_owned(), 7)));
    s.pull(vec![Change::LabelTemplate(Put::Tombstone { id: ID })]);
    s.restart();
    s.scan(ANNA.badge);
    let copy = reprint(&mut s, &copy);
    assert!(
        copy.sheets[0].plain_text().contains("Version seven"),
        "also when the office went back, and after a restart"
    );
    if !matches!(s.view().screen, packbench::engine::view::Screen::Pack) {
        s.ui(Ui::Start);
    }
    s.ui(Ui::Continue);
    s.work();
    assert_eq!(made_of(&s, &last_label(&s)), None, "the bundled one is the house label");
    let mut c = s.look();
    assert_eq!(
        c.int("SELECT COUNT(*) FROM label_template", &[]).expect("readable"),
        1,
        "what was printed from is kept"
    );
    c.exec("DELETE FROM record WHERE kind = 'fulfillment'", &[]).expect("forgotten");
    assert_eq!(labels::forget_unused(c.as_mut()).expect("forgotten"), 1);
}

#[test]
fn a_copy_that_looks_like_the_first_print_is_not_made() {
    let unmarked = own("Ours").replace("{copy_number|copy}", " ");
    let mut s = Station::with_anna(&[lamp(1)]);
    s.pull(vec![told(4, &unmarked)]);
    s.ui(Ui::Start);
    s.work();
    let first = last_label(&s);
    assert!(first.sheets[0].plain_text().contains("Ours"), "{:?}", faults(&s));
    let copy = reprint(&mut s, &first);
    assert!(!copy.sheets[0].plain_text().contains("Ours") && copy.sheets[0].plain_text().contains("COPY"));
    assert_eq!(faults(&s).pop().expect("told").fault, "no-copy");
}

#[test]
fn a_station_without_the_network_goes_on_with_the_last_it_was_told() {
    let mut s = Station::with_anna(&[lamp(1), lamp(2)]);
    s.pull(vec![told(7, &own("The last we heard"))]);
    s.reboot();
    s.scan(ANNA.badge);
    s.ui(Ui::Start);
    s.work();
    assert!(last_label(&s).sheets[0].plain_text().contains("The last we heard"));
    assert_eq!(made_of(&s, &last_label(&s)), Some(("shipping".to_owned(), 7)));
}

#[test]
fn a_printer_that_cannot_do_it_prints_the_house_label_and_copies_are_that_too() {
    let mut s = Station::with_anna(&[lamp(1)]);
    s.pull(vec![told(7, &own("Too fine for it"))]);
    s.printer = None;
    s.ui(Ui::Start);
    at_label(&mut s);
    let paper = last_label(&s);
    let fault = Fault { line: 0, element: String::new(), word: "code-width", field: String::new() };
    for _ in 0..2 {
        s.feed(Input::SparePrinted { job: paper.job, fault: fault.clone() });
    }
    assert_eq!(made_of(&s, &paper), None);
    assert_eq!(faults(&s).len(), 1, "said once");
    assert_eq!((faults(&s)[0].fault.as_str(), faults(&s)[0].version), ("code-width", 7));
    assert!(at_label(&mut s).house_instead.is_some());
    s.printer = Some(PrintOutcome::Sent);
    s.feed(Input::Printed { job: paper.job, outcome: PrintOutcome::Sent });
    let copy = reprint(&mut s, &paper);
    assert!(!copy.sheets[0].plain_text().contains("Too fine"));
    s.work();
    assert!(matches!(s.stage(), StageView::Done(_)));
}

#[test]
fn a_database_of_before_keeps_its_print_jobs_and_asks_for_the_templates() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("station.db");
    let before = MIGRATIONS.iter().position(|migration| migration.name == "label_templates").expect("it is there");
    let mut c = packbench::sql::open(&Target::Sqlite(file.clone())).expect("a database");
    packbench::sql::migrate(c.as_mut(), &MIGRATIONS[..before]).expect("as it was");
    meta::set(c.as_mut(), meta::key::CURSOR, "past the templates").expect("set");
    let job = "INSERT INTO print_job (fulfillment, parcel, document, copy, state, at) \
        VALUES (zeroblob(16), 1, 'label', 1, 'sent', 5)";
    c.exec(job, &[]).expect("a job");
    drop(c);
    let mut c = crate::station_kit::station::open(&file);
    assert_eq!(meta::get(c.as_mut(), meta::key::CURSOR).expect("readable"), None);
    let id = packbench::core::ids::FulfillmentId(uuid::Uuid::nil());
    assert_eq!(labels::on_the_parcel(c.as_mut(), id, 1, 2).expect("readable"), Some(None), "the program's own layout");
    assert_eq!(labels::in_force(c.as_mut(), "shipping").expect("readable"), None);
}

#[test]
fn the_bundled_template_passes_what_stations_ask_of_one_in_every_language() {
    use packbench::labels::template::{Pictures, Template, shipping, toml};
    for language in ["en", "es", "ms", "ru"] {
        let words = crate::labels_kit::words(language);
        let root = toml::read(bundled::text("shipping").expect("bundled")).expect("TOML");
        let template = Template::read(&root, Pictures::new(), &words).expect("sound");
        shipping::check(&template, &words).expect(language);
        let label = crate::labels_kit::plain_label();
        let drawn = shipping::draw(&template, &label, &words).expect("drawn");
        let house = packbench::labels::house::house_label(&label, &words).expect("laid out");
        assert_eq!(
            raster::render(&drawn, 203).expect("drawn"),
            raster::render(&house, 203).expect("drawn"),
            "{language}"
        );
    }
}
