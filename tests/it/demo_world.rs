//! The made warehouse: the same seed makes the same one, nothing in it contradicts itself, and it is made up where it says so.

use packbench::core::gs1;
use packbench::demo::office::Office;
use packbench::demo::world::{Audience, World, floor, goods};
use packbench::demo::{Data, week};
use std::collections::HashSet;

/// Codes and names of the shipped week's goods.
fn names() -> Vec<(String, String)> {
    let cut = week::cut(&Data::Week, None).unwrap();
    let mut reader = csv::Reader::from_reader(cut.csv.as_slice());
    let mut list: Vec<(String, String)> = reader
        .records()
        .map(|r| r.unwrap())
        .filter(|r| !r[2].is_empty())
        .map(|r| (r[1].to_owned(), r[2].to_owned()))
        .collect();
    list.sort();
    list.dedup_by(|a, b| a.0 == b.0);
    list
}

#[test]
fn demo_world_is_the_same_for_the_same_seed_and_order_of_names_does_not_matter() {
    let names = names();
    let mut turned = names.clone();
    turned.reverse();
    assert_eq!(World::new(7, &names), World::new(7, &turned));
    assert_ne!(World::new(7, &names), World::new(8, &names));
}

#[test]
fn demo_world_barcodes_are_for_use_inside_a_house_and_none_is_there_twice() {
    let names = names();
    let world = World::new(1, &names);
    assert_eq!(world.things.len(), names.len());
    let mut seen = HashSet::new();
    let mut cases = 0;
    for thing in world.things.values() {
        assert!(gs1::canonical_gtin(&thing.ean).is_some(), "{} has no check digit", thing.ean);
        assert!(thing.ean.starts_with('2') && thing.ean.len() == 13, "{} is no restricted number", thing.ean);
        assert!(seen.insert(gs1::canonical_gtin(&thing.ean).unwrap()));
        if let Some((code, units)) = &thing.case {
            cases += 1;
            assert_eq!(gs1::canonical_gtin(code).as_deref(), Some(code.as_str()));
            assert!(*units > 1 && seen.insert(code.clone()));
        }
        assert!(thing.weight_g > 0 && thing.size_mm.iter().all(|side| *side > 0));
        assert!(thing.hs.len() == 6 && thing.origin.len() == 2);
    }
    assert!(cases * 5 > world.things.len(), "only {cases} things come in cases");
}

#[test]
fn demo_world_words_say_what_is_fragile_and_what_is_recorded() {
    let names = [
        ("A", "GLASS STAR FROSTED T-LIGHT HOLDER"),
        ("B", "RED WOOLLY HOTTIE WHITE HEART."),
        ("C", "HEART CALCULATOR"),
        ("D", "REGENCY CAKESTAND 3 TIER"),
        ("E", "WHITE METAL LANTERN"),
    ];
    let names: Vec<(String, String)> = names.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let world = World::new(1, &names);
    assert!(world.thing("A").unwrap().fragile);
    assert!(!world.thing("B").unwrap().fragile);
    let packed = |sku: &str| {
        let facts = world.thing(sku).unwrap().facts(Vec::new());
        (facts.this_side_up, facts.bears_g)
    };
    assert_eq!((packed("B"), packed("D"), packed("E")), ((None, None), (Some(true), Some(0)), (Some(true), Some(500))));
    let (serial, lot, expiry) = world.thing("C").unwrap().track;
    assert!(serial && !lot && !expiry);
    let (bytes, _) = world.thing("C").unwrap().read(12);
    let read = gs1::parse(&String::from_utf8(bytes).unwrap(), true).unwrap();
    assert_eq!(read.trace.serial.as_deref(), Some("C-000012"));
}

#[test]
fn demo_world_variants_replace_each_other_by_colour_alone() {
    let names = [
        ("1", "RED RETROSPOT BOWL"),
        ("2", "BLUE RETROSPOT BOWL"),
        ("3", "GREEN RETROSPOT BOWL"),
        ("4", "RED RETROSPOT MUG"),
    ];
    let names: Vec<(String, String)> = names.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let map = goods::substitutes(&World::new(1, &names).things);
    assert_eq!(map["1"], ["2", "3"]);
    assert_eq!(map["2"], ["3", "1"]);
    assert!(!map.contains_key("4"));
}

#[test]
fn demo_world_floor_has_a_sign_for_every_shelf_and_every_thing_lies_on_one() {
    let signs: HashSet<String> = floor::locations().into_iter().map(|place| place.code).collect();
    assert_eq!(signs.len(), 5 * 12 * 2 * 4);
    assert!(signs.contains("A-07-3"));
    let world = World::new(3, &names());
    assert!(world.things.values().all(|thing| signs.contains(&thing.shelf)));
}

#[test]
fn demo_week_is_cut_at_the_end_of_an_invoice() {
    let all = week::cut(&Data::Week, None).unwrap();
    assert_eq!(all.shippable.len(), 631);
    let some = week::cut(&Data::Week, Some(20)).unwrap();
    assert_eq!(some.shippable, all.shippable[..20]);
    assert!(all.csv.starts_with(&some.csv));
    let rest = std::str::from_utf8(&all.csv[some.csv.len()..]).unwrap();
    let last = some.shippable.last().unwrap();
    assert!(!rest.starts_with(last.as_str()), "the invoice {last} is cut in two");
}

#[test]
fn demo_visitors_first_order_is_small_and_a_second_start_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let cut = week::cut(&Data::Week, Some(300)).unwrap();
    let office = Office::open(folder.path(), Audience::Visitor).unwrap();
    let (world, initial) = office.take_in(&cut, 1, Audience::Visitor).unwrap();
    assert_eq!(initial.len(), world.things.len());
    let c = rusqlite::Connection::open(office.database()).unwrap();
    let first = || {
        c.query_row(
            "SELECT o.number, o.expedited_by IS NOT NULL, (SELECT COUNT(*) FROM fulfillment_lines l WHERE l.fulfillment = f.id), \
             (SELECT SUM(quantity) FROM fulfillment_lines l WHERE l.fulfillment = f.id) FROM fulfillments f \
             JOIN orders o ON o.id = f.order_id ORDER BY f.sort_priority, f.sort_due_ms, f.sort_placed_ms, f.id LIMIT 1",
            [],
            |r| Ok((r.get::<_, String>(0)?, r.get::<_, bool>(1)?, r.get::<_, i64>(2)?, r.get::<_, i64>(3)?)),
        )
        .unwrap()
    };
    let found = first();
    let (_, expedited, lines, units) = found.clone();
    assert!(expedited && (3..=4).contains(&lines) && (5..=8).contains(&units), "{found:?}");
    let moved = |c: &rusqlite::Connection| -> i64 {
        c.query_row("SELECT COUNT(*) FROM stock_movements", [], |r| r.get(0)).unwrap()
    };
    let before = moved(&c);
    let (again, nothing) = office.take_in(&cut, 1, Audience::Visitor).unwrap();
    assert_eq!((again, nothing.len(), moved(&c)), (world, 0, before));
    assert_eq!(first(), found);
}

#[test]
fn demo_week_is_moved_by_whole_days_and_nothing_else_changes() {
    let csv = b"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
        536365,85123A,\"HEART, WHITE\",6.0,2010-12-01 08:26:00,2.55,17850.0,United Kingdom\n\
        536366,22633,BAD,6.0,no date,1.85,,France\n";
    assert_eq!(week::last_day(csv), Some(jiff::civil::date(2010, 12, 1)), "the head and a bad date are no days");
    assert_eq!(week::last_day(b"InvoiceNo\n1\n"), None);
    let days = week::days_until(jiff::civil::date(2010, 12, 7), jiff::civil::date(2026, 3, 2));
    let moved = String::from_utf8(week::moved(csv, days).unwrap()).unwrap();
    let lines: Vec<&str> = moved.lines().collect();
    assert_eq!(lines[1], "536365,85123A,\"HEART, WHITE\",6.0,2026-02-23 08:26:00,2.55,17850.0,United Kingdom");
    assert!(lines[2].contains("no date") && lines.len() == 3, "{moved}");
}

#[test]
fn demo_orders_of_any_file_end_yesterday() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let rows = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n\
        581585,22466,OWL DOORSTOP,12.0,2011-12-07 12:31:00,1.95,15804.0,United Kingdom\n\
        581587,22138,BAKING SET 9 PIECE,3.0,2011-12-09 12:50:00,4.95,12680.0,France\n";
    std::fs::write(file.path(), rows).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let office = Office::open(folder.path(), Audience::Visitor).unwrap();
    let cut = week::cut(&Data::Path(file.path().to_path_buf()), None).unwrap();
    office.take_in(&cut, 1, Audience::Visitor).unwrap();
    let c = rusqlite::Connection::open(office.database()).unwrap();
    let placed: i64 = c.query_row("SELECT MAX(placed_ms) FROM orders", [], |r| r.get(0)).unwrap();
    let day = |ms: i64| jiff::Timestamp::from_millisecond(ms).unwrap().in_tz("Europe/London").unwrap().date();
    let moved = std::fs::read_to_string(folder.path().join("days-moved-2011-12-09")).unwrap();
    let (moved, last): (i64, _) = (moved.trim().parse().unwrap(), jiff::civil::date(2011, 12, 9));
    assert_eq!(day(placed), last.checked_add(jiff::Span::new().days(moved)).unwrap());
    // The test may run over midnight.
    let age = jiff::Zoned::now().date().since(day(placed)).unwrap().get_days();
    assert!((1..=2).contains(&age), "{age} days old");
}
