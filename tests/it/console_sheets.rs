//! Lists brought in at the console, on both engines: sent, told which column is which, tried without a trace, taken in once, also
//! over a crash; what is no list is refused by its content, and whoever may not, may not.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, central, on_each_engine};
use crate::console_kit::{csrf, csrf_at, upload};
use crate::orders_create::{available, furnished};
use crate::schema_kit::for_each_engine;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::services::customers;
use packbench::protocol::wire::Role;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// A bound on waiting for a list.
const WAIT: Duration = Duration::from_secs(60);

/// Sends a file: the status, and where it leads or what is said.
fn send(bench: &Bench, cookie: &str, kind: &str, bytes: &[u8]) -> (StatusCode, String) {
    let token = csrf_at(bench, "/import", cookie);
    let fields = [("csrf", token.as_str()), ("kind", kind)];
    let (status, headers, body) = upload(bench, "/import", cookie, &fields, ("list.csv", "text/csv", bytes));
    let to = headers.get(header::LOCATION).map(|to| to.to_str().unwrap().to_owned());
    (status, to.unwrap_or(body))
}

/// Sends a file that is a list; its page.
pub fn list(bench: &Bench, cookie: &str, kind: &str, bytes: &[u8]) -> String {
    let (status, to) = send(bench, cookie, kind, bytes);
    assert_eq!(status, StatusCode::SEE_OTHER, "{to}");
    to
}

/// What the form of the page would send: the columns that are chosen there.
pub fn chosen(body: &str) -> String {
    let mut fields = Vec::new();
    for select in body.split("<select name=\"f-").skip(1) {
        let (word, rest) = select.split_once('"').unwrap();
        let options = rest.split("</select>").next().unwrap();
        let now = options.split("<option ").find(|option| option.contains(" selected"));
        let value = now.map_or("", |option| option.split("value=\"").nth(1).unwrap().split('"').next().unwrap());
        fields.push(format!("f-{word}={value}"));
    }
    if body.contains("name=\"comma\" value=\"1\" checked") {
        fields.push("comma=1".to_owned());
    }
    fields.join("&")
}

/// Does a step and waits for its end; the page then.
pub fn step(bench: &Bench, cookie: &str, at: &str, to: &str, fields: &str) -> String {
    let body = format!("csrf={}&{fields}", csrf_at(bench, "/import", cookie));
    let (status, _, said) = form(bench, &format!("{at}/{to}"), cookie, body);
    assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
    settled(bench, cookie, at)
}

fn settled(bench: &Bench, cookie: &str, at: &str) -> String {
    let end = Instant::now() + WAIT;
    loop {
        let body = page(bench, at, cookie).2;
        if !body.contains("data-poll") {
            return body;
        }
        assert!(Instant::now() < end, "it does not end: {body}");
    }
}

/// Tries it with the columns that the page has chosen.
pub fn tried(bench: &Bench, cookie: &str, at: &str) -> String {
    let fields = chosen(&page(bench, at, cookie).2);
    step(bench, cookie, at, "try", &fields)
}

#[test]
fn stock_is_tried_without_a_trace_taken_in_once_and_wrong_rows_are_told() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        let cookie = log_in(bench, "admin");
        let before = available(bench, "85123A");
        let text =
            "SKU;Shelf;Quantity\n85123A;A-01-1;5\nNOPE;A-01-1;1\n71053;Z-9;1\n71053;A-01-1;many\n85123A;A-01-1;2\n";
        let at = list(bench, &cookie, "stock", text.as_bytes());
        let shown = tried(bench, &cookie, &at);
        assert!(shown.contains("2 of 5 good, 3 not taken"), "{shown}");
        for why in ["is not known here", "is no number of this form"] {
            assert!(shown.contains(why), "{why}: {shown}");
        }
        assert_eq!(available(bench, "85123A"), before, "a trial changed the stock");
        assert_eq!(bench.int("SELECT COUNT(*) FROM stock_movements WHERE ref_id LIKE 'import/%'"), 0);
        let audit = bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'stock.received'");
        let (status, headers, file) = page(bench, &format!("{at}/faults.csv"), &cookie);
        assert_eq!(
            (status, headers[header::CONTENT_TYPE].to_str().unwrap()),
            (StatusCode::OK, "text/csv; charset=utf-8")
        );
        let rows: Vec<&str> = file.lines().skip(1).collect();
        assert_eq!(rows.len(), 3);
        assert!(rows[0].starts_with("3,\"Product code\"") && rows[1].starts_with("4,\"Shelf\""), "{file}");
        assert!(!file.contains("NOPE"), "a cell of the list is told");

        let done = step(bench, &cookie, &at, "run", "");
        assert!(done.contains("Taken in") && done.contains("2 of 5 good"), "{done}");
        assert_eq!(available(bench, "85123A"), before + 7);
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'stock.received'"), audit + 2);
        step(bench, &cookie, &at, "run", "");
        step(bench, &cookie, &at, "try", &chosen(&shown));
        assert_eq!(available(bench, "85123A"), before + 7, "pressed twice, taken twice");
    });
}

#[test]
fn products_come_with_commas_and_old_letters_and_a_workbook_reads_the_same() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "es");
        let cookie = log_in(bench, "desk");
        let mut text = b"Referencia;Descripci\xf3n;Precio;IVA;Peso\nNEW-1;Caf\xe9 ".to_vec();
        text.extend_from_slice("\nNEW-2;Té;1.234,50;7,7 %;250\n85123A;;2,60;;\nNEW-3;;1;;\n".as_bytes());
        let at = list(bench, &cookie, "products", &text);
        let shown = page(bench, &at, &cookie).2;
        assert!(shown.contains("UTF-8 + Windows-1252") && shown.contains("Café"), "{shown}");
        let shown = tried(bench, &cookie, &at);
        assert!(shown.contains("3 de 4 bien"), "a new product without a name: {shown}");
        step(bench, &cookie, &at, "run", "");
        assert_eq!(bench.int("SELECT price_minor FROM products WHERE sku = 'NEW-2'"), 123_450);
        assert_eq!(bench.int("SELECT tax_rate_bp FROM products WHERE sku = 'NEW-2'"), 770);
        assert_eq!(bench.int("SELECT weight_g FROM products WHERE sku = 'NEW-2'"), 250);
        assert_eq!(bench.text("SELECT name FROM products WHERE sku = 'NEW-1'"), "Café");
        assert_eq!(bench.int("SELECT price_minor FROM products WHERE sku = '85123A'"), 260);
        assert_eq!(bench.text("SELECT name FROM products WHERE sku = '85123A'"), "WHITE HANGING HEART T-LIGHT HOLDER");

        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (column, head) in ["sku", "name", "price"].iter().enumerate() {
            sheet.write(0, column as u16, *head).unwrap();
        }
        sheet.write(1, 0, "NEW-4").unwrap();
        sheet.write(1, 1, "Workbook").unwrap();
        sheet.write(1, 2, 12.5).unwrap();
        let at = list(bench, &cookie, "products", &book.save_to_buffer().unwrap());
        tried(bench, &cookie, &at);
        step(bench, &cookie, &at, "run", "");
        assert_eq!(bench.int("SELECT price_minor FROM products WHERE sku = 'NEW-4'"), 1_250);
    });
}

#[test]
fn customers_and_their_orders_come_in_and_a_second_time_nothing_does() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let people = "Number,Name,Company,Street,City,Country,Phone\nK-1,A. Buyer,Buyer & Co,1 High Street,Leeds,gb,+44 113 0000000\n\
            K-2,B. Other,,2 Low Street,York,Britain,\n";
        let at = list(bench, &cookie, "customers", people.as_bytes());
        assert!(tried(bench, &cookie, &at).contains("must be the code of a country such as GB"));
        step(bench, &cookie, &at, "run", "");
        assert_eq!(bench.int("SELECT COUNT(*) FROM customers WHERE number LIKE 'K-%'"), 1);
        assert_eq!(bench.text("SELECT kind FROM customers WHERE number = 'K-1'"), "business");
        let orders = "Order,SKU,Qty,Customer,Price\nW-1,85123A,2,K-1,\nW-2,71053,1,K-1,4.00\nW-1,71053,1,K-1,\n536365,71053,1,K-1,\nW-3,71053,1,K-9,\n";
        let at = list(bench, &cookie, "orders", orders.as_bytes());
        let shown = tried(bench, &cookie, &at);
        assert!(shown.contains("2 of 4 good") && shown.contains("is there already"), "{shown}");
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE number LIKE 'W-%'"), 0, "a trial left an order");
        step(bench, &cookie, &at, "run", "");
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE number LIKE 'W-%'"), 2);
        assert_eq!(bench.int("SELECT units FROM orders WHERE number = 'W-1'"), 3, "two rows, one order");
        assert_eq!(
            bench.int(
                "SELECT COUNT(*) FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE o.number LIKE 'W-%'"
            ),
            2
        );
        let again = list(bench, &cookie, "orders", orders.as_bytes());
        assert!(tried(bench, &cookie, &again).contains("0 of 4 good"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM orders WHERE number LIKE 'W-%'"), 2);
    });
}

#[test]
fn the_number_of_a_customer_who_was_forgotten_is_a_fault_of_its_row_alone() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let people = "Number,Name,Company,Street,City,Country,Phone\nK-1,A. Buyer,,1 High Street,Leeds,GB,\nK-2,B. Other,,2 Low Street,York,GB,\n";
        let at = list(bench, &cookie, "customers", people.as_bytes());
        tried(bench, &cookie, &at);
        step(bench, &cookie, &at, "run", "");
        let forget = |work: &mut packbench::central::store::work::Work<'_>| {
            let row = work.one("SELECT id, version FROM customers WHERE number = 'K-1'", &[])?.unwrap();
            customers::erase(work, &row.at::<String>(0)?, row.at(1)?)
        };
        bench.central.store().write_blocking(Actor::Job("test"), forget).unwrap();
        let moved = people.replace("High Street", "New Street").replace("Low Street", "Old Street");
        let at = list(bench, &cookie, "customers", moved.as_bytes());
        let shown = tried(bench, &cookie, &at);
        assert!(shown.contains("1 of 2 good") && shown.contains("belongs to a customer who was forgotten"), "{shown}");
        step(bench, &cookie, &at, "run", "");
        let other = bench.text("SELECT address FROM customers WHERE number = 'K-2'");
        assert!(other.contains("2 Old Street"), "the row beside it is taken: {other}");
        let back = "SELECT COUNT(*) FROM customers WHERE number = 'K-1' AND (name <> '' OR address IS NOT NULL)";
        assert_eq!(bench.int(back), 0, "a list does not bring back what was erased");
    });
}

#[test]
fn columns_that_somebody_named_are_remembered_for_the_next_such_file() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        let cookie = log_in(bench, "admin");
        let text = "eins,zwei,drei\nA-01-1,1,85123A\n";
        let at = list(bench, &cookie, "stock", text.as_bytes());
        let body = format!("csrf={}&f-sku=2", csrf_at(bench, "/import", &cookie));
        let (status, _, said) = form(bench, &format!("{at}/try"), &cookie, body);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(said.contains("Choose a column for each field"), "{said}");
        let shown = step(bench, &cookie, &at, "try", "f-location=0&f-quantity=1&f-sku=2");
        assert!(shown.contains("1 of 1 good"), "{shown}");
        let next = list(bench, &cookie, "stock", text.as_bytes());
        assert!(tried(bench, &cookie, &next).contains("1 of 1 good"), "the columns were forgotten");
    });
}

/// A workbook of a few kilobytes that unpacks to more than it may.
fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file("xl/workbook.xml", options).unwrap();
    let zeros = vec![b'0'; 1 << 20];
    for _ in 0..210 {
        zip.write_all(&zeros).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_is_no_list_is_refused_and_who_may_not_sends_none() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        user(bench, "desk", Role::Office, "en");
        user(bench, "lead", Role::Lead, "en");
        let cookie = log_in(bench, "admin");
        let bomb = bomb();
        assert!(bomb.len() < 1 << 20);
        let mut other = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        other.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
        let other = other.finish().unwrap().into_inner();
        for (bytes, says) in [
            (b"%PDF-1.7 sku,shelf,quantity\n1,2,3\n".to_vec(), "neither a CSV text"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "old form"),
            (bomb, "unpacks to far more"),
            (other, "neither a CSV text"),
            (b"sku,shelf,quantity\n".to_vec(), "no row below the head"),
            (vec![b'x'; (20 << 20) + 1], "too large"),
        ] {
            let (status, said) = send(bench, &cookie, "stock", &bytes);
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{says}");
            assert!(said.contains(says), "{says}: {said}");
        }
        let (status, _) = send(bench, &cookie, "stock", &vec![b'x'; 22 << 20]);
        assert!(matches!(status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY), "{status}");
        let lead = log_in(bench, "lead");
        assert_eq!(page(bench, "/import", &lead).0, StatusCode::FORBIDDEN);
        let desk = log_in(bench, "desk");
        let (status, _) = send(bench, &desk, "stock", b"sku,shelf,quantity\n85123A,A-01-1,1\n");
        assert_eq!(status, StatusCode::FORBIDDEN, "stock is not the office's to change");
        let at = list(bench, &cookie, "stock", b"sku,shelf,quantity\n85123A,A-01-1,1\n");
        assert_eq!(page(bench, &at, &desk).0, StatusCode::NOT_FOUND, "a list is its sender's alone");
        assert_eq!(bench.int("SELECT COUNT(*) FROM sheet_imports"), 1);
    });
}

/// The server dies while a list is taken in: the next one goes on behind the last row that was taken.
#[test]
fn a_list_goes_on_after_a_crash_and_takes_no_row_twice() {
    for_each_engine(|site| {
        let rows = 400_i64;
        let before = {
            let bench = central(site);
            furnished(&bench);
            user(&bench, "admin", Role::Admin, "en");
            let cookie = log_in(&bench, "admin");
            let text = format!("sku,shelf,quantity\n{}", "85123A,A-01-1,1\n".repeat(400));
            let at = list(&bench, &cookie, "stock", text.as_bytes());
            tried(&bench, &cookie, &at);
            let before = available(&bench, "85123A");
            let body = format!("csrf={}&", csrf(&bench, &cookie));
            assert_eq!(form(&bench, &format!("{at}/run"), &cookie, body).0, StatusCode::SEE_OTHER);
            // Some steps are done while pages are asked for; then everything stops at once.
            let end = Instant::now() + WAIT;
            while bench.int("SELECT units_done FROM sheet_imports") < 50 {
                page(&bench, &at, &cookie);
                assert!(Instant::now() < end, "nothing is taken in");
            }
            before
        };
        let bench = central(site);
        let taken = bench.int("SELECT units_done FROM sheet_imports");
        assert!(taken < rows, "it was over before the crash");
        served_until(&bench, &["done"]);
        assert_eq!(available(&bench, "85123A"), before + rows);
        assert_eq!(bench.int("SELECT COUNT(*) FROM stock_movements WHERE ref_id LIKE 'import/%'"), rows);
    });
}

/// What a run had taken before somebody stopped it is there when the list is tried and taken in once more.
#[test]
fn a_list_that_was_stopped_and_is_taken_up_again_takes_no_row_twice() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        let cookie = log_in(bench, "admin");
        let (stock, people) = (available(bench, "85123A"), bench.int("SELECT COUNT(*) FROM customers"));
        let shelves = "sku,shelf,quantity\n85123A,A-01-1,5\n85123A,A-01-1,5\n";
        let buyers = "Name,Street,City,Country\nA. Buyer,1 High Street,Leeds,GB\nA. Buyer,1 High Street,Leeds,GB\n";
        for (kind, text) in [("stock", shelves), ("customers", buyers)] {
            let at = list(bench, &cookie, kind, text.as_bytes());
            for _ in 0..2 {
                let shown = tried(bench, &cookie, &at);
                assert!(shown.contains("Every row is good"), "{kind}: {shown}");
                step(bench, &cookie, &at, "run", "");
                let stop = |work: &mut packbench::central::store::work::Work<'_>| {
                    work.exec("UPDATE sheet_imports SET state = 'stopped'", &[])
                };
                bench.central.store().write_blocking(Actor::Job("test"), stop).unwrap();
            }
        }
        assert_eq!(available(bench, "85123A"), stock + 10, "equal rows are two, and each is taken once");
        assert_eq!(bench.int("SELECT COUNT(*) FROM customers"), people + 2);
        let booked = "SELECT COUNT(*) FROM stock_movements WHERE ref_id LIKE 'import/%'";
        assert_eq!(bench.int(booked), 2);
    });
}

/// Serves until the only list is in one of these states; which.
fn served_until(bench: &Bench, ends: &'static [&'static str]) -> String {
    let store = bench.central.store().clone();
    bench.runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let over = async move {
            let end = Instant::now() + WAIT;
            loop {
                let state =
                    store.read(|tx| Ok(tx.one("SELECT state FROM sheet_imports", &[])?.unwrap().at::<String>(0)?));
                if ends.contains(&state.await.unwrap().as_str()) {
                    return;
                }
                assert!(Instant::now() < end, "it does not end");
                tokio::task::yield_now().await;
            }
        };
        bench.central.serve(listener, over).await.unwrap();
    });
    bench.text("SELECT state FROM sheet_imports")
}

/// Reading the file of a list ended the server: it is read once more after a start, and then no more.
#[test]
fn a_list_that_ended_the_server_twice_is_not_read_again() {
    for (marks, state) in [(".", "tried"), ("..", "failed")] {
        for_each_engine(|site| {
            {
                let bench = central(site);
                furnished(&bench);
                user(&bench, "admin", Role::Admin, "en");
                let cookie = log_in(&bench, "admin");
                let at = list(&bench, &cookie, "stock", b"sku,shelf,quantity\n85123A,A-01-1,1\n");
                tried(&bench, &cookie, &at);
                let id = at.rsplit('/').next().unwrap();
                let marked = bench.photos().with_file_name("imports").join(format!("{id}.readings"));
                let end = Instant::now() + WAIT;
                while marked.exists() {
                    page(&bench, &at, &cookie);
                    assert!(Instant::now() < end, "a list that was tried is marked still");
                }
                std::fs::write(marked, marks).unwrap();
                let cut = |work: &mut packbench::central::store::work::Work<'_>| {
                    work.exec("UPDATE sheet_imports SET state = 'trying', units_done = 0", &[])
                };
                bench.central.store().write_blocking(Actor::Job("test"), cut).unwrap();
            }
            assert_eq!(served_until(&central(site), &["tried", "failed"]), state);
        });
    }
}

/// Waits for the newest file that was asked for; its rows, without the mark of UTF-8.
pub fn taken_out(bench: &Bench, cookie: &str, kind: &str, format: &str) -> Vec<u8> {
    let body = format!("csrf={}&kind={kind}&format={format}", csrf_at(bench, "/import", cookie));
    let (status, _, said) = form(bench, "/import/export", cookie, body);
    assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
    let shown = settled(bench, cookie, "/orders/exports");
    let id = shown.split("href=\"/orders/exports/").nth(1).unwrap_or_else(|| panic!("no file: {shown}"));
    let at = format!("/orders/exports/{}", id.split('"').next().unwrap());
    let request = Request::get(&at).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let (status, headers, bytes) = bench.send(request);
    assert_eq!(status, StatusCode::OK);
    assert!(headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains(&format!("{kind}.{format}")));
    bytes
}

#[test]
fn a_list_that_is_taken_out_comes_in_again_and_changes_nothing() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "admin", Role::Admin, "en");
        user(bench, "packer", Role::Packer, "en");
        let cookie = log_in(bench, "admin");
        for format in ["csv", "xlsx"] {
            let before =
                bench.int("SELECT CAST(SUM(COALESCE(price_minor, 0) + COALESCE(weight_g, 0)) AS BIGINT) FROM products");
            let file = taken_out(bench, &cookie, "products", format);
            let at = list(bench, &cookie, "products", &file);
            let shown = tried(bench, &cookie, &at);
            assert!(shown.contains("Every row is good"), "{shown}");
            step(bench, &cookie, &at, "run", "");
            let after =
                bench.int("SELECT CAST(SUM(COALESCE(price_minor, 0) + COALESCE(weight_g, 0)) AS BIGINT) FROM products");
            assert_eq!(after, before, "{format}");
        }
        let stock = String::from_utf8(taken_out(bench, &cookie, "stock", "csv")).unwrap();
        assert!(stock.contains("85123A,A-01-1,100"), "{stock}");
        let people = String::from_utf8(taken_out(bench, &cookie, "customers", "csv")).unwrap();
        assert!(people.lines().next().unwrap().contains("street"), "{people}");
        let packer = log_in(bench, "packer");
        let body = format!("csrf={}&kind=products&format=csv", csrf(bench, &packer));
        assert_eq!(form(bench, "/import/export", &packer, body).0, StatusCode::FORBIDDEN);
    });
}
