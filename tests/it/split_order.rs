//! A split order from end to end: the office splits it, two real stations with their own databases and a packer each pull and
//! pack a part over HTTP, both parts are put down at the meeting place by scan, and central's order follows.

use crate::process_kit::house::{House, until};
use packbench::central::actor::Actor;
use packbench::central::error::Res;
use packbench::central::services::{leases, orders};
use packbench::demo::bench::{Bench, Setup};
use packbench::demo::office::Office;
use packbench::demo::packer::plan::Plan;
use packbench::demo::packer::{Floor, Packer, Tally};
use packbench::demo::world::people::packer_of;
use packbench::demo::world::{Audience, floor};
use packbench::protocol::wire::lease::RecallReason;
use packbench::sync::ServerConfig;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const SEED: u64 = 5;

/// What central has in its books of one part.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    id: String,
    state: String,
    leased_to: String,
    packed_by: String,
}

/// The order's status and its parts, read at once.
fn books(office: &Office) -> (String, Vec<Part>) {
    let read = office.central().store().read_blocking(|tx| -> Res<(String, Vec<Part>)> {
        let status = tx.one("SELECT fulfillment_status FROM orders WHERE is_open = 1", &[])?.unwrap().at(0)?;
        let sql = "SELECT f.id, f.state, COALESCE(s.name, '') AS leased_to, COALESCE(p.name, '') AS packed_by \
            FROM fulfillments f LEFT JOIN stations s ON s.id = f.lease_station AND f.lease_held = 1 \
            LEFT JOIN stations p ON p.id = f.packed_by ORDER BY f.part";
        let part = |row: &packbench::sql::Row| -> Res<Part> {
            Ok(Part {
                id: row.get("id")?,
                state: row.get("state")?,
                leased_to: row.get("leased_to")?,
                packed_by: row.get("packed_by")?,
            })
        };
        Ok((status, tx.all(sql, &[])?.iter().map(part).collect::<Res<_>>()?))
    });
    read.unwrap()
}

fn texts(office: &Office, sql: &'static str) -> Vec<String> {
    let read = office
        .central()
        .store()
        .read_blocking(move |tx| -> Res<Vec<String>> { tx.all(sql, &[])?.iter().map(|row| Ok(row.at(0)?)).collect() });
    read.unwrap()
}

/// Splits the only order: a part of its first line that can be divided, or its whole first line.
fn split(office: &Office, number: &str) {
    let store = office.central().store();
    let (site, number) = (store.site(), number.to_owned());
    let order = store.read_blocking(move |tx| orders::id_of_number(tx, site, &number)).unwrap();
    let done = store.write_blocking(Actor::Job("test"), move |work| {
        let part = work.one("SELECT id FROM fulfillments WHERE order_id = $1", packbench::vals![&order])?;
        let part: String = part.unwrap().at(0)?;
        let sql =
            "SELECT line_no, quantity FROM fulfillment_lines WHERE fulfillment = $1 ORDER BY quantity DESC, line_no LIMIT 1";
        let line = work.one(sql, packbench::vals![&part])?.unwrap();
        let (no, quantity): (u32, i64) = (line.at(0)?, line.at(1)?);
        orders::split(work, &order, &part, &BTreeMap::from([(no, (quantity / 2).max(1))]))
    });
    assert!(matches!(done, Ok(orders::Split::Done(_))), "{done:?}");
}

fn bench(office: &Office, folder: &Path, name: &str) -> Bench {
    let setup = Setup { name: name.to_owned(), folder: folder.join(name), server: ServerConfig::new(office.url()) };
    let mut bench = Bench::start(setup, Arc::default()).unwrap();
    bench.pair(&office.pairing_code(name).unwrap()).unwrap();
    bench
}

#[test]
fn two_benches_pack_the_parts_of_one_order_and_they_meet_by_scan() {
    let house = House::build(1, SEED);
    let folder = house.central_file().parent().unwrap().to_owned();
    let office = Arc::new(Office::open(&folder, Audience::Packers).unwrap());
    split(&office, &house.orders[0]);
    let first = bench(&office, &folder, "POST A");
    until("the first bench to have both parts", || books(&office).1.iter().all(|part| part.leased_to == "POST A"));
    let second_part = books(&office).1[1].id.clone();
    let ask = move |work: &mut packbench::central::store::work::Work<'_>| {
        leases::recall(work, &second_part, RecallReason::Starving)
    };
    assert!(office.central().store().write_blocking(Actor::Job("test"), ask).unwrap());
    until("the first bench to give a part back", || books(&office).1[1].leased_to.is_empty());
    let second = bench(&office, &folder, "POST B");
    until("the second bench to have its part", || books(&office).1[1].leased_to == "POST B");

    let shared = Arc::new(Floor {
        world: Arc::new(house.world.clone()),
        skus: house.world.things.keys().cloned().collect(),
        office: Arc::clone(&office),
        plan: Plan::calm(),
        tally: Tally::default(),
        over: AtomicBool::new(false),
    });
    let hire = |bench: Bench, n: usize| {
        let packer = Packer::new(Arc::clone(&shared), bench, packer_of(n), n as u64 + 1);
        std::thread::Builder::new().name(format!("packer-{n}")).spawn(move || packer.work()).unwrap()
    };
    let packers = [hire(first, 0), hire(second, 1)];
    until("both parts to be packed", || {
        let (status, parts) = books(&office);
        let packed = parts.iter().filter(|part| part.state == "packed").count();
        assert_eq!(status == "packed", packed == 2, "the order is packed when all of its parts are: {parts:?}");
        assert!(status != "unfulfilled" || packed == 0, "a packed part is seen on the order: {parts:?}");
        packed == 2
    });
    shared.over.store(true, Ordering::Release);
    let benches = packers.map(|packer| packer.join().unwrap().unwrap());

    let parts = books(&office).1;
    let by: Vec<&str> = parts.iter().map(|part| part.packed_by.as_str()).collect();
    assert_eq!(by, ["POST A", "POST B"], "each bench packed its own part");
    let met = texts(
        &office,
        "SELECT payload FROM station_events WHERE kind = 'pack_session.consolidated' AND outcome = 'accepted' ORDER BY station",
    );
    let place = floor::meeting_place().code;
    assert!(met.len() == 2 && met.iter().all(|fact| fact.contains(&place)), "both were put down at {place}: {met:?}");
    let wrong = texts(&office, "SELECT kind || ' ' || outcome FROM station_events WHERE outcome <> 'accepted'");
    assert!(wrong.is_empty(), "{wrong:?}");
    assert!(texts(&office, "SELECT kind FROM exceptions").is_empty());
    let off = "SELECT sku FROM order_lines l JOIN products p ON p.id = l.product \
        WHERE l.service = 0 AND (l.packed <> l.quantity OR l.picked <> l.quantity)";
    assert!(texts(&office, off).is_empty(), "what both packed is what was ordered");
    drop(benches);
}
