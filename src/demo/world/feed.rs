//! Brings the made warehouse to the server, through the services that a real one would use.

use super::people::{BOXES, PEOPLE, lead};
use super::{World, floor, goods};
use crate::central::actor::Actor;
use crate::central::error::Res;
use crate::central::secrets::HashCost;
use crate::central::services::customers::{self, CustomerFacts};
use crate::central::services::products::{self, NewPackaging, ProductFacts};
use crate::central::services::stock::{self, Receipt};
use crate::central::services::users::{self, NewUser};
use crate::central::services::{orders, settings};
use crate::central::store::{Store, sites};
use crate::demo::chance::Chance;
use crate::protocol::wire::UserId;
use crate::protocol::wire::fulfillment::CustomsForm;
use crate::protocol::wire::order::Address;
use crate::protocol::wire::settings::{CustomsRule, Shipper};
use crate::vals;
use std::collections::HashMap;

/// Name of the site.
const NAME: &str = "Demo Warehouse";
/// The job that the server's log names for all of this.
const JOB: Actor = Actor::Job("demo");
/// Most lines of the order a visitor meets first.
const VISITOR_LINES_MAX: i64 = 4;
/// Most units of it.
const VISITOR_UNITS_MAX: i64 = 8;
/// From so many lines and units on there is something to see.
const VISITOR_LIKED: (i64, i64) = (3, 5);
/// Up to this value, in pence, form CN 22 is enough (about 300 SDR).
const CN22_MINOR_MAX: i64 = 31_000;

/// Orders a simulated station takes ahead: enough for a network cut, few enough that every station gets its share.
const PREFETCH_PACKERS: u32 = 6;

/// Whom the warehouse is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Somebody at a window: PIN hashes at full cost, some customers go first.
    Visitor,
    /// Simulated packers: work in the file's order.
    Packers,
}

/// What lies on the shelves at the beginning, by product id of the server.
pub type Initial = HashMap<String, i64>;

/// Tells the server of the house: its address, map, shelves, boxes and people. Once told, again changes nothing.
///
/// # Errors
/// Any refusal or fault of the server's services.
pub fn furnish(store: &Store, audience: Audience) -> Res<()> {
    let site_id = store.site();
    let name = store.read_blocking(move |tx| Ok(sites::get(tx, site_id)?.name))?;
    if name == NAME {
        return Ok(());
    }
    site(store, audience)?;
    people(store, audience)
}

/// Makes the goods the server knows from their names, tells it of them, and fills the shelves. Returns the warehouse, and what
/// lies there.
///
/// # Errors
/// Any refusal or fault of the server's services.
pub fn stock_up(store: &Store, seed: u64, audience: Audience) -> Res<(World, Initial)> {
    let known = known_goods(store)?;
    let names: Vec<(String, String)> = known.iter().map(|p| (p.sku.clone(), p.name.clone())).collect();
    let world = World::new(seed, &names);
    let initial = shelves(store, &world, &known)?;
    buyers(store, audience)?;
    Ok((world, initial))
}

/// The warehouse of a server that was fed before with the same seed. Nothing is told to the server.
///
/// # Errors
/// If the database fails.
pub fn again(store: &Store, seed: u64) -> Res<World> {
    let names: Vec<(String, String)> = known_goods(store)?.into_iter().map(|p| (p.sku, p.name)).collect();
    Ok(World::new(seed, &names))
}

/// Goods as the server knows them.
struct Known {
    id: String,
    sku: String,
    name: String,
    /// Units ordered so far.
    ordered: i64,
}

fn known_goods(store: &Store) -> Res<Vec<Known>> {
    let site = store.site().to_string();
    store.read_blocking(move |tx| {
        let rows = tx.all(
            "SELECT p.id, p.sku, p.name, CAST(COALESCE((SELECT SUM(l.quantity) FROM order_lines l WHERE l.product = p.id), 0) \
             AS BIGINT) AS ordered FROM products p WHERE p.site = $1 AND p.kind = 'goods' ORDER BY p.sku",
            vals![&site],
        )?;
        let known = |row: &crate::sql::Row| -> Res<Known> {
            let (id, sku) = (row.get("id")?, row.get("sku")?);
            Ok(Known { id, sku, name: row.get("name")?, ordered: row.get("ordered")? })
        };
        rows.iter().map(known).collect()
    })
}

fn site(store: &Store, audience: Audience) -> Res<()> {
    store.write_blocking(JOB, move |work| {
        let mut record = settings::of(&sites::get(work.tx, work.ctx.site)?)?;
        NAME.clone_into(&mut record.name);
        record.shipper = Shipper {
            address: Address {
                name: "Demo Warehouse (made up)".to_owned(),
                lines: vec!["Demo Street 1".to_owned()],
                city: "Demotown".to_owned(),
                postcode: Some("DE1 1MO".to_owned()),
                country: "GB".to_owned(),
                ..Address::default()
            },
            tax_number: None,
            eori: None,
        };
        let cn22 =
            CustomsRule { country: String::new(), value_minor_max: Some(CN22_MINOR_MAX), form: CustomsForm::Cn22 };
        record.customs_forms = vec![cn22];
        record.map = floor::map();
        // A visitor who reads or fetches a coffee finds the screen as it was.
        record.idle_lock_ms = 0;
        if audience == Audience::Packers {
            record.prefetch_max = PREFETCH_PACKERS;
        }
        settings::set(work, record)?;
        products::set_locations(work, &floor::locations())?;
        products::set_locations(work, &[floor::meeting_place()])?;
        let boxes: Vec<NewPackaging> = BOXES
            .iter()
            .map(|b| NewPackaging {
                name: b.name.to_owned(),
                code: b.code.to_owned(),
                envelope: b.envelope,
                inner_mm: b.inner_mm,
                tare_g: b.tare_g,
                max_g: b.max_g,
            })
            .collect();
        products::set_packagings(work, &boxes)
    })
}

fn people(store: &Store, audience: Audience) -> Res<()> {
    // The PINs are printed in the documentation, so a slow hash of them protects nothing in a simulation.
    let cost = match audience {
        Audience::Visitor => HashCost::default(),
        Audience::Packers => HashCost { memory_kib: 64, passes: 1 },
    };
    for person in PEOPLE {
        store.write_blocking(JOB, move |work| {
            let new = NewUser {
                login: person.login.to_owned(),
                name: person.name.to_owned(),
                initials: person.initials.to_owned(),
                role: person.role,
                pin: Some(person.pin.to_owned()),
                badge: Some(person.badge.to_owned()),
                password: person.password.map(str::to_owned),
                locale: "en".to_owned(),
                cost,
            };
            users::add(work, &new)
        })?;
    }
    Ok(())
}

fn shelves(store: &Store, world: &World, known: &[Known]) -> Res<Initial> {
    let mut replace = goods::substitutes(&world.things);
    let mut facts: Vec<ProductFacts> = Vec::with_capacity(known.len());
    let mut receipts: Vec<Receipt> = Vec::with_capacity(known.len());
    let mut initial = Initial::new();
    let mut dice = Chance::of(world.seed, "stock");
    for product in known {
        let Some(thing) = world.thing(&product.sku) else { continue };
        facts.push(thing.facts(replace.remove(&product.sku).unwrap_or_default()));
        // Enough for every order and for what breaks, and something over.
        let quantity = product.ordered.max(0) * 2 + dice.between(20, 200);
        receipts.push(thing.receipt(quantity));
        initial.insert(product.id.clone(), quantity);
    }
    store.write_blocking(JOB, move |work| {
        products::set_facts(work, &facts)?;
        stock::receive(work, &receipts, "demo opening stock")
    })?;
    Ok(initial)
}

/// Names and addresses: made up from the customer's number, which is real.
fn buyers(store: &Store, audience: Audience) -> Res<()> {
    let site = store.site().to_string();
    let list: Vec<CustomerFacts> = store.read_blocking(move |tx| {
        let rows = tx.all(
            "SELECT id, COALESCE(number, '') AS number, COALESCE(country, '') AS country FROM customers WHERE site = $1",
            vals![&site],
        )?;
        let facts = |row: &crate::sql::Row| -> Res<CustomerFacts> {
            let (id, number, country): (String, String, String) =
                (row.get("id")?, row.get("number")?, row.get("country")?);
            Ok(buyer(id, &number, country, audience))
        };
        rows.iter().map(facts).collect()
    })?;
    store.write_blocking(JOB, move |work| customers::set_facts(work, &list))
}

fn buyer(id: String, number: &str, country: String, audience: Audience) -> CustomerFacts {
    let n = crate::demo::chance::hash(number);
    let name = if number.is_empty() { "Guest".to_owned() } else { format!("Customer {number}") };
    // Where the file names no country the parcel stays at home: the made world has no open questions here.
    let country = if country.is_empty() { "GB".to_owned() } else { country };
    let address = Address {
        name: name.clone(),
        lines: vec![format!("Demo Street {}", n % 199 + 1)],
        city: "Demotown".to_owned(),
        postcode: Some(format!("DE{} {}MO", n % 89 + 1, n / 97 % 9 + 1)),
        country,
        ..Address::default()
    };
    CustomerFacts {
        id,
        name: Some(name),
        address: Some(address),
        vip: Some(audience == Audience::Visitor && !number.is_empty() && n.is_multiple_of(25)),
        paper_invoice: Some(n.is_multiple_of(5)),
    }
}

/// Puts a small order first, in the lead's name, so that a visitor's first order is packed in a minute; its number. It is
/// the first of the file with three or four lines and five to eight units; failing that, with at most so many. That it goes
/// first is made up, as if a lead had moved it there.
///
/// # Errors
/// Any fault of the server's services.
pub fn first_for_visitors(store: &Store) -> Res<Option<String>> {
    let site = store.site().to_string();
    let found: Option<(String, String, UserId)> = store.read_blocking(move |tx| {
        let row = tx.one(
            "SELECT o.id, o.number, (SELECT u.id FROM users u WHERE u.site = o.site AND u.login = $4) AS lead FROM orders o \
             JOIN order_lines l ON l.order_id = o.id WHERE o.site = $1 AND o.is_open = 1 AND o.country = 'GB' \
             GROUP BY o.id, o.number, o.site, o.placed_ms HAVING COUNT(*) <= $2 AND SUM(l.quantity) <= $3 \
             AND MIN(l.quantity) > 0 AND MAX(l.service) = 0 ORDER BY \
             CASE WHEN COUNT(*) >= $5 AND SUM(l.quantity) >= $6 THEN 0 ELSE 1 END, o.placed_ms, o.number LIMIT 1",
            vals![&site, VISITOR_LINES_MAX, VISITOR_UNITS_MAX, lead().login, VISITOR_LIKED.0, VISITOR_LIKED.1],
        )?;
        let Some(row) = row else { return Ok(None) };
        let user: String = row.get("lead")?;
        let user = user.parse().map_err(|_| crate::central::error::CentralError::Stored { what: "user id" })?;
        Ok(Some((row.get("id")?, row.get("number")?, user)))
    })?;
    let Some((order, number, user)) = found else { return Ok(None) };
    store.write_blocking(JOB, move |work| orders::expedite(work, &order, user, true))?;
    Ok(Some(number))
}
