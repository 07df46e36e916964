//! The board among many: a week of real orders, multiplied until there are as many open ones as `PACKBENCH_BENCH_CARDS` says (100,000
//! where it says nothing). They get their places the way a database of before there were pipelines does: when it is opened, and
//! that is timed as well. On SQLite and, where `PACKBENCH_TEST_PG` names a server whose user may create databases, on PostgreSQL.
//!
//! Limit, p95 of what the service takes for a board with its counts and first cards: 200 ms. Beside it stands the bare question for
//! the same counts and rows, run raw on the same database. A limit that is passed is said; with `PACKBENCH_BENCH_STRICT=1` it is
//! a failure as well.

mod limits;

use packbench::central::services::import::online_retail::import_file;
use packbench::central::services::orders::table::Filter;
use packbench::central::services::pipelines::board::{self, Lane, Wanted};
use packbench::central::services::pipelines::{self, Pipeline};
use packbench::central::{Central, Settings};
use packbench::core::time::UtcMs;
use packbench::sql::{self, Conn, Target};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const BOARD_MAX: Duration = Duration::from_millis(200);
/// Times each question is asked.
const ROUNDS: usize = 40;
/// 2011-12-10: after the last of the orders.
const NOW: UtcMs = UtcMs(1_323_500_000_000);

fn main() -> ExitCode {
    let cards = std::env::var("PACKBENCH_BENCH_CARDS").ok().and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().expect("a folder");
    let mut within = measure("SQLite", Target::Sqlite(folder.path().join("central.db")), folder.path(), cards);
    match std::env::var("PACKBENCH_TEST_PG").as_deref() {
        Err(_) | Ok("none") => println!("PACKBENCH_TEST_PG is not set: PostgreSQL is not measured"),
        Ok(server) => within &= on_postgres(server, folder.path(), cards),
    }
    limits::verdict(within)
}

/// A database of its own on that server, which goes away afterwards.
fn on_postgres(server: &str, folder: &Path, cards: i64) -> bool {
    let server: Target = server.parse().expect("PACKBENCH_TEST_PG is an address");
    let Target::Postgres(address) = &server else { panic!("PACKBENCH_TEST_PG names no PostgreSQL server") };
    let name = format!("packbench_board_{}", std::process::id());
    let mut admin = sql::open(&server).expect("the server at PACKBENCH_TEST_PG");
    admin
        .batch(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"))
        .expect("a database of its own");
    let within = measure("PostgreSQL", Target::Postgres(address.with_database(&name)), folder, cards);
    admin.batch(&format!("DROP DATABASE {name} WITH (FORCE)")).expect("the database goes away");
    within
}

fn measure(engine: &str, target: Target, folder: &Path, cards: i64) -> bool {
    let settings = Settings::new(target.clone(), folder.join("photos"));
    let central = Central::open(&settings).expect("a new database");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/week.csv.gz");
    import_file(central.store(), &file, &|_| {}).expect("the week is imported");
    drop(central);
    let mut conn = sql::open(&target).expect("the database");
    multiply(conn.as_mut(), cards);
    let begun = Instant::now();
    let central = Central::open(&settings).expect("a database of before");
    println!("{engine}: {cards} open orders got their places in {:.1} s", begun.elapsed().as_secs_f64());
    if conn.engine() == sql::Engine::Postgres {
        // What its own housekeeping does by itself after a while.
        conn.batch("VACUUM ANALYZE").expect("housekeeping");
    }
    let site = central.store().site();
    let pipeline = central.store().read_blocking(move |tx| pipelines::of_code(tx, site, "")).expect("a pipeline");
    let bare = bare(conn.as_mut(), &pipeline);
    cases()
        .into_iter()
        .fold(true, |within, (name, wanted)| within & ask(engine, &central, &pipeline, (name, &wanted), bare))
}

/// Copies of the imported orders, each with its first lines and its work; then they are as far as those of a busy house.
fn multiply(conn: &mut dyn Conn, wanted: i64) {
    if conn.engine() == sql::Engine::Postgres {
        conn.batch("SET statement_timeout = 0").expect("time for large statements");
    }
    let mut all = conn.int("SELECT COUNT(*) FROM orders", &[]).expect("a count");
    let mut copy: i64 = 0;
    conn.begin().expect("a transaction");
    // What is copied stands apart, or every round would read all copies as well.
    conn.batch("CREATE TABLE first_orders AS SELECT * FROM orders").expect("the orders of the week");
    conn.batch("CREATE TABLE first_lines AS SELECT * FROM order_lines WHERE line_no <= 3").expect("their first lines");
    while all < wanted {
        copy += 1;
        let (shift, limit) = (copy * 60_000, wanted - all);
        for text in [
            format!(
                "INSERT INTO orders (id, site, number, customer, placed_ms, status, payment_status, fulfillment_status, currency, \
                 total_minor, units, country, country_text, rush, carrier, service, ship_by_ms, source, search, is_open, updated_ms) \
                 SELECT id || '.{copy}', site, number || '.{copy}', customer, placed_ms - {shift}, status, payment_status, \
                 fulfillment_status, currency, total_minor, units, country, country_text, rush, carrier, service, \
                 placed_ms - {shift} + 86400000, source, LOWER(number) || '.{copy}', is_open, updated_ms FROM first_orders \
                 ORDER BY id LIMIT {limit}"
            ),
            format!(
                "INSERT INTO order_lines (order_id, line_no, product, service, quantity, unit_price_minor) SELECT \
                 l.order_id || '.{copy}', l.line_no, l.product, l.service, l.quantity, l.unit_price_minor FROM first_lines l \
                 JOIN orders o ON o.id = l.order_id || '.{copy}'"
            ),
        ] {
            conn.exec(&text, &[]).expect("copies");
        }
        all = conn.int("SELECT COUNT(*) FROM orders", &[]).expect("a count");
    }
    for text in [
        "DROP TABLE first_lines",
        "DROP TABLE first_orders",
        "DELETE FROM order_places",
        "DELETE FROM pipeline_stages",
        "DELETE FROM pipelines",
        "UPDATE orders SET is_open = 1, rush = CASE WHEN units % 50 = 7 THEN 1 ELSE 0 END, \
         payment_status = CASE WHEN total_minor % 10 < 6 THEN 'paid' ELSE 'none' END, \
         fulfillment_status = CASE WHEN units % 20 = 3 THEN 'in_progress' WHEN units % 20 = 4 THEN 'packed' \
         WHEN units % 20 = 5 THEN 'shipped' ELSE 'unfulfilled' END",
    ] {
        conn.exec(text, &[]).expect("the state of a busy house");
    }
    conn.commit().expect("a commit");
}

fn cases() -> Vec<(&'static str, Wanted)> {
    let filter = |text: &str| Filter { text: text.to_owned(), personal: true, ..Filter::default() };
    vec![
        ("the whole board", Wanted::default()),
        ("in lanes by customer", Wanted { lane: Lane::Buyer, ..Wanted::default() }),
        ("one kind of customers", Wanted { buyer: "person".to_owned(), ..Wanted::default() }),
        ("a number that is looked for", Wanted { filter: filter("5363"), ..Wanted::default() }),
        (
            "a payment that many have",
            Wanted { filter: Filter { payment: vec!["none".to_owned()], ..Filter::default() }, ..Wanted::default() },
        ),
    ]
}

/// What the whole board costs asked raw: a count and the first orders of each stage.
fn bare(conn: &mut dyn Conn, pipeline: &Pipeline) -> Duration {
    let mut times = Vec::with_capacity(ROUNDS / 4);
    for _ in 0..ROUNDS / 4 {
        let begun = Instant::now();
        for stage in &pipeline.stages {
            let id = &stage.id;
            let count = format!("SELECT COUNT(*) FROM order_places WHERE stage = '{id}'");
            let rows = format!(
                "SELECT o.* FROM order_places p JOIN orders o ON o.id = p.order_id WHERE p.stage = '{id}' \
                 ORDER BY p.sort_rank, p.sort_due_ms, p.order_id LIMIT 12"
            );
            std::hint::black_box((conn.int(&count, &[]).expect("a count"), conn.all(&rows, &[]).expect("rows")));
        }
        times.push(begun.elapsed());
    }
    part(&mut times, 50)
}

fn ask(engine: &str, central: &Central, pipeline: &Pipeline, (name, wanted): (&str, &Wanted), bare: Duration) -> bool {
    let (store, site) = (central.store(), central.store().site());
    let mut times = Vec::with_capacity(ROUNDS);
    let mut shown = 0;
    for _ in 0..ROUNDS {
        let (pipeline, wanted) = (pipeline.clone(), wanted.clone());
        let begun = Instant::now();
        let cards = store.read_blocking(move |tx| {
            let board = board::board(tx, site, &pipeline, &wanted, NOW)?;
            let ids: Vec<String> = board.cells.iter().flat_map(|cell| cell.ids.clone()).collect();
            board::cards(tx, site, &ids, true, NOW)
        });
        shown = std::hint::black_box(cards.expect("a board")).len();
        times.push(begun.elapsed());
    }
    let (p95, p50) = (part(&mut times, 95), part(&mut times, 50));
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    println!(
        "{engine}: {name:<30} {shown:>4} cards   p95 {:>7.1} ms   limit {:>3.0} ms   middle {:>6.1} ms   {:>5.1} times the raw {:>6.1} ms",
        ms(p95),
        ms(BOARD_MAX),
        ms(p50),
        p50.as_secs_f64() / bare.as_secs_f64(),
        ms(bare)
    );
    p95 <= BOARD_MAX
}

/// The time that so many of a hundred stay below.
fn part(times: &mut [Duration], hundredths: usize) -> Duration {
    times.sort_unstable();
    times[times.len() * hundredths / 100]
}
