//! The Online Retail import: what becomes of each kind of line, on both engines, and that a second run changes nothing.

use crate::central_kit::{Bench, SMALL, on_each_engine};
use packbench::sql::SqlError;
use std::io::Write as _;

fn counts(bench: &Bench) -> Vec<i64> {
    [
        "SELECT COUNT(*) FROM products",
        "SELECT COUNT(*) FROM customers",
        "SELECT COUNT(*) FROM orders",
        "SELECT COUNT(*) FROM order_lines",
        "SELECT COUNT(*) FROM fulfillments",
        "SELECT COUNT(*) FROM fulfillment_lines",
        "SELECT COUNT(*) FROM returns",
        "SELECT COUNT(*) FROM return_lines",
        "SELECT COUNT(*) FROM stock_movements",
        "SELECT COUNT(*) FROM changes",
        "SELECT COUNT(*) FROM audit",
        "SELECT gseq FROM sites",
    ]
    .map(|sql| bench.int(sql))
    .to_vec()
}

#[test]
fn each_kind_of_line_becomes_what_it_is() {
    on_each_engine(|bench| {
        let report = bench.import(SMALL);
        assert_eq!((report.lines, report.duplicates, report.bad), (8, 1, 0));
        assert_eq!((report.orders, report.fulfillments, report.returns, report.adjustments), (3, 3, 1, 1));
        assert_eq!((report.customers, report.guests, report.products), (2, 2, 6));
        assert_eq!(
            bench.int("SELECT quantity FROM order_lines l JOIN products p ON p.id = l.product WHERE p.sku = 'POST'"),
            3
        );
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillment_lines"), 4, "postage is not picked");
        assert_eq!(
            bench.int(
                "SELECT return_requested FROM order_lines l JOIN orders o ON o.id = l.order_id \
                 JOIN products p ON p.id = l.product WHERE o.number = '536365' AND p.sku = '85123A'"
            ),
            2
        );
        assert_eq!(bench.text("SELECT o.number FROM return_lines r JOIN orders o ON o.id = r.order_id"), "536365");
        assert_eq!(bench.int("SELECT total_minor FROM orders WHERE number = '536365'"), 6 * 255 + 2 * 339);
        assert_eq!(bench.int("SELECT quantity FROM stock_levels"), -10);
        assert_eq!(bench.text("SELECT name FROM products WHERE sku = '22139'"), "22139", "no name is made up");
        assert_eq!(bench.int("SELECT COUNT(*) FROM barcodes"), 0, "no barcode is made up");
    });
}

#[test]
fn a_second_run_changes_nothing_and_a_longer_file_adds() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        let before = counts(bench);
        let again = bench.import(SMALL);
        assert!(again.unchanged);
        assert_eq!(counts(bench), before);
        let longer =
            format!("{SMALL}536400,71053,WHITE METAL LANTERN,1.0,2010-12-03 09:00:00,3.39,17850.0,United Kingdom\n");
        let more = bench.import(&longer);
        assert_eq!((more.orders, more.returns, more.products, more.adjustments), (1, 0, 0, 0));
    });
}

#[test]
fn bad_lines_are_named_and_left_out() {
    on_each_engine(|bench| {
        let text = format!(
            "{SMALL}536401,ZZPBGO5,COMMAND,1.0,2010-12-03 09:00:00,1.0,1.0,France\n536402,22139\n\
             536403,22139,OK,1.0,2010-12-03 09:00:00,1.0,1.0,France\n536404,22139,BAD,x,2010-12-03 09:00:00,1.0,1.0,France\n"
        );
        let report = bench.import(&text);
        let bad: Vec<(u64, &str)> = report.bad_lines.iter().map(|(line, why)| (*line, why.as_str())).collect();
        assert_eq!(bad, [(10, "reserved_code"), (11, "fields"), (13, "quantity")]);
        assert_eq!(report.orders, 4);
        assert_eq!(bench.int("SELECT COUNT(*) FROM products WHERE sku LIKE 'ZZPB%'"), 0);
    });
}

#[test]
fn a_file_with_another_head_or_cut_off_stores_nothing() {
    on_each_engine(|bench| {
        use packbench::central::services::import::online_retail::import;
        let store = bench.central.store();
        assert!(import(store, "a,b,c\n1,2,3\n".as_bytes(), 0, &|_| {}).is_err());
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(SMALL.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        assert!(import(store, &packed[..packed.len() / 2], 0, &|_| {}).is_err());
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders"), 0);
        import(store, packed.as_slice(), 0, &|_| {}).unwrap();
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders"), 3);
    });
}

#[test]
fn no_product_is_known_by_a_command_barcode() {
    use packbench::central::actor::Actor;
    use packbench::central::error::{CentralError, Refusal};
    use packbench::central::services::products::{self, ProductFacts};
    use packbench::core::command_code::CommandCode;
    on_each_engine(|bench| {
        let mut codes: Vec<String> = CommandCode::ALL.iter().map(|code| code.barcode()).collect();
        // Not a command yet; a later version may have it.
        codes.push("ZZPB".to_owned());
        codes.push("ZZPB 12".to_owned());
        let mut text = SMALL.to_owned();
        for (n, code) in codes.iter().enumerate() {
            text.push_str(&format!("{},{code},THING,1.0,2010-12-03 09:00:00,1.0,1.0,France\n", 540_000 + n));
        }
        let report = bench.import(&text);
        assert_eq!(report.bad, codes.len() as u64);
        assert!(report.bad_lines.iter().all(|(_, why)| why == "reserved_code"), "{:?}", report.bad_lines);
        assert_eq!((report.products, report.orders), (6, 3), "what else the file holds is there");
        for code in codes {
            let facts =
                [ProductFacts { sku: "71053".to_owned(), barcodes: vec![(code, 1)], ..ProductFacts::default() }];
            let store = bench.central.store();
            let refused = store.write_blocking(Actor::Job("test"), move |work| products::set_facts(work, &facts));
            let refused = refused.unwrap_err();
            assert!(matches!(refused, CentralError::Refused(Refusal::Field { field: "barcode", .. })), "{refused}");
        }
        assert_eq!(bench.int("SELECT COUNT(*) FROM barcodes"), 0);
    });
}

/// So many lines that foreign keys are checked in the end: more than the import's own bound, 201 to an invoice.
fn very_many() -> String {
    let line = |invoice: u32, n: u32| {
        format!("{invoice},S{n},THING\t{n} \\N,{}.0,2010-12-03 09:00:00,1.25,{},France\n", 1 + n % 7, 100 + invoice % 9)
    };
    let lines: String = (0..101).flat_map(|i| (0..201).map(move |n| line(540_000 + i, n))).collect();
    format!("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n{lines}")
}

#[test]
fn very_many_lines_arrive_whole_and_keep_their_foreign_keys() {
    on_each_engine(|bench| {
        let report = bench.import(&very_many());
        assert_eq!((report.orders, report.order_lines, report.products), (101, 101 * 201, 201));
        assert_eq!(bench.int("SELECT COUNT(*) FROM order_lines"), 101 * 201);
        assert_eq!(bench.int("SELECT COUNT(*) FROM fulfillment_lines"), 101 * 201);
        assert_eq!(bench.text("SELECT name FROM products WHERE sku = 'S7'"), "THING\t7 \\N");
        let astray = [
            "INSERT INTO fulfillment_lines (fulfillment, line_no, quantity) VALUES ('none', 1, 1)",
            "INSERT INTO order_lines (order_id, line_no, product, service, quantity, unit_price_minor) \
             SELECT 'none', 1, id, 0, 1, 1 FROM products WHERE sku = 'S7'",
            "INSERT INTO order_lines (order_id, line_no, product, service, quantity, unit_price_minor) \
             SELECT id, 999, 'none', 0, 1, 1 FROM orders WHERE number = '540000'",
        ];
        for sql in astray {
            let refused = bench.central.store().db().write_blocking(move |tx| tx.exec(sql, &[]));
            assert!(matches!(refused, Err(SqlError::Foreign { .. })), "{sql} gave {refused:?}");
        }
    });
}
