//! The server's books: orders, parcels, lines, stock. Each sum is made anew from the rows below it.

use super::Audit;
use super::facts::Facts;
use crate::sql::{Conn, Res};
use crate::vals;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Every order is packed once, or parked or called off by name.
pub(super) fn orders(c: &mut dyn Conn, orders: &[String], audit: &mut Audit) -> Res<()> {
    let rows = c.all(
        "SELECT o.number, o.status, f.state, COALESCE(f.hold_reason, '') AS hold_reason, \
         CASE WHEN f.packed_by IS NULL THEN 0 ELSE 1 END AS by_station, \
         (SELECT COUNT(*) FROM station_events e WHERE e.fulfillment = f.id AND e.kind = 'pack_session.packed' \
          AND e.outcome = 'accepted') AS packings, \
         (SELECT COUNT(*) FROM station_events e WHERE e.fulfillment = f.id AND e.kind = 'pack_session.unpacked' \
          AND e.outcome = 'accepted') AS unpackings, \
         (SELECT COUNT(*) FROM exceptions e WHERE e.fulfillment = f.id) AS questions \
         FROM fulfillments f JOIN orders o ON o.id = f.order_id",
        &[],
    )?;
    let mut known: HashMap<String, Vec<&crate::sql::Row>> = HashMap::new();
    for row in &rows {
        known.entry(row.get("number")?).or_default().push(row);
    }
    for order in orders {
        let Some(parts) = known.get(order) else {
            audit.unfinished += 1;
            audit.problem(format!("central does not know order {order}"));
            continue;
        };
        if parts.len() != 1 {
            audit.doubled += 1;
            audit.problem(format!("order {order} has {} pieces of work", parts.len()));
        }
        for row in parts {
            one_order(order, row, audit)?;
        }
    }
    Ok(())
}

fn one_order(order: &str, row: &crate::sql::Row, audit: &mut Audit) -> Res<()> {
    let (state, status): (String, String) = (row.get("state")?, row.get("status")?);
    let (packings, unpackings, questions): (i64, i64, i64) =
        (row.get("packings")?, row.get("unpackings")?, row.get("questions")?);
    let standing = packings - unpackings.min(packings);
    if standing > 1 {
        audit.doubled += 1;
        audit.problem(format!("order {order} was packed {packings} times"));
    }
    let called_off = status == "cancelled";
    match state.as_str() {
        "packed" if standing == 1 && row.get::<bool>("by_station")? && !called_off => audit.packed += 1,
        "held" if questions > 0 && !row.get::<String>("hold_reason")?.is_empty() => audit.parked += 1,
        "cancelled" if called_off => audit.cancelled += 1,
        // Packed in the moment it was called off: a person has been asked.
        "packed" if called_off && questions > 0 => audit.cancelled += 1,
        _ => {
            audit.unfinished += 1;
            audit.problem(format!("order {order} is {state}, packed {packings} times, with {questions} questions"));
        }
    }
    Ok(())
}

/// Parcels: what central has is what the stations have, each number once, each label scanned back.
pub(super) fn parcels(c: &mut dyn Conn, facts: &Facts, audit: &mut Audit) -> Res<()> {
    let rows = c.all(
        "SELECT p.fulfillment, p.no, COALESCE(p.sscc, '') AS sscc, p.void, f.state, \
         CASE WHEN p.confirmed_ms IS NULL THEN 0 ELSE 1 END AS confirmed, \
         (SELECT CAST(COALESCE(SUM(i.quantity), 0) AS BIGINT) FROM parcel_items i WHERE i.fulfillment = p.fulfillment \
          AND i.parcel = p.no) AS units FROM parcels p JOIN fulfillments f ON f.id = p.fulfillment",
        &[],
    )?;
    let mut sscc_seen: HashSet<String> = HashSet::new();
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let mut seen: HashSet<(String, i64)> = HashSet::new();
    for row in &rows {
        let key: (String, i64) = (row.get("fulfillment")?, row.get("no")?);
        let (sscc, void, state): (String, bool, String) = (row.get("sscc")?, row.get("void")?, row.get("state")?);
        let (units, confirmed): (i64, bool) = (row.get("units")?, row.get("confirmed")?);
        seen.insert(key.clone());
        if !sscc.is_empty() {
            if !sscc_seen.insert(sscc.clone()) {
                audit.doubled += 1;
                audit.problem(format!("central has parcel number {sscc} twice"));
            }
            if facts.parcels.get(&key).is_none_or(|told| told.sscc != sscc) {
                audit.doubled += 1;
                audit.problem(format!("central has a parcel {} of {} that no station has", key.1, key.0));
            }
        } else if state == "packed" && !void {
            audit.counter_mismatches += 1;
            audit.problem(format!("parcel {} of {} left without a number", key.1, key.0));
        }
        if void || state != "packed" {
            continue;
        }
        if !confirmed || units == 0 {
            audit.counter_mismatches += 1;
            audit.problem(format!("parcel {} of {} has {units} units, confirmed: {confirmed}", key.1, key.0));
        }
        audit.parcels += 1;
        audit.units += u64::try_from(units).unwrap_or(0);
        let sum = sums.entry(key.0).or_default();
        (sum.0, sum.1) = (sum.0 + units, sum.1 + 1);
    }
    for (key, told) in facts.parcels.iter().filter(|(key, told)| told.confirmed && !seen.contains(*key)) {
        audit.lost += 1;
        audit.problem(format!("central lacks the parcel {} of {} ({})", key.1, key.0, told.sscc));
    }
    packings(facts, &sums, audit);
    Ok(())
}

/// What the stations said they packed is what lies in the parcels.
fn packings(facts: &Facts, sums: &BTreeMap<String, (i64, i64)>, audit: &mut Audit) {
    let mut told: HashMap<&str, (i64, i64)> = HashMap::new();
    for (work, units, parcels) in &facts.packed {
        told.insert(work, (*units, *parcels));
    }
    for (work, sum) in sums {
        if told.get(work.as_str()) != Some(sum) {
            audit.counter_mismatches += 1;
            let said = told.get(work.as_str());
            audit.problem(format!(
                "{work}: central has {} units in {} parcels, the station said {said:?}",
                sum.0, sum.1
            ));
        }
    }
}

/// Lines of packed orders: packed and short make what was ordered, and the parcels hold what the lines say.
pub(super) fn lines(c: &mut dyn Conn, audit: &mut Audit) -> Res<()> {
    let rows = c.all(
        "SELECT o.number, l.line_no, l.quantity, l.packed, l.short, f.state, \
         (SELECT CAST(COALESCE(SUM(i.quantity), 0) AS BIGINT) FROM parcel_items i JOIN parcels p \
          ON p.fulfillment = i.fulfillment AND p.no = i.parcel AND p.void = 0 \
          WHERE i.fulfillment = f.id AND i.line_no = l.line_no) AS boxed \
         FROM order_lines l JOIN orders o ON o.id = l.order_id JOIN fulfillments f ON f.order_id = o.id \
         WHERE l.service = 0 AND f.state = 'packed'",
        &[],
    )?;
    for row in &rows {
        let n = |name: &str| row.get::<i64>(name);
        let (quantity, packed, short, boxed) = (n("quantity")?, n("packed")?, n("short")?, n("boxed")?);
        if packed + short != quantity || packed != boxed {
            audit.counter_mismatches += 1;
            let (order, line): (String, i64) = (row.get("number")?, row.get("line_no")?);
            audit.problem(format!(
                "order {order} line {line}: {quantity} ordered, {packed} packed, {short} short, {boxed} in parcels"
            ));
        }
    }
    Ok(())
}

fn by_product(c: &mut dyn Conn, sql: &str) -> Res<HashMap<String, i64>> {
    let mut map = HashMap::new();
    c.each(sql, vals![], &mut |row| {
        *map.entry(row.at::<String>(0)?).or_default() += row.at::<i64>(1)?;
        Ok(())
    })?;
    Ok(map)
}

/// Good stock = initial − in parcels − broken − in hand; broken stock = what the stations reported broken.
pub(super) fn stock(
    c: &mut dyn Conn,
    initial: &HashMap<String, i64>,
    damaged: &HashMap<String, i64>,
    audit: &mut Audit,
) -> Res<()> {
    // What is picked from. Corrections that the data brought along name no shelf and are booked apart.
    let shelves = "SELECT s.product, s.quantity FROM stock_levels s JOIN locations l ON l.id = s.location \
        WHERE s.condition = 'good' AND l.kind = 'bin'";
    let good = by_product(c, shelves)?;
    let broken = by_product(c, "SELECT product, quantity FROM stock_levels WHERE condition = 'damaged'")?;
    let boxed = by_product(c, "SELECT product, quantity FROM parcel_items")?;
    let in_hand =
        by_product(c, "SELECT product, picked - verified FROM order_lines WHERE service = 0 AND picked > verified")?;
    let mut products: Vec<&String> = initial.keys().chain(good.keys()).chain(damaged.keys()).collect();
    products.sort();
    products.dedup();
    let of = |map: &HashMap<String, i64>, product: &String| map.get(product).copied().unwrap_or(0);
    for product in products {
        let told = of(damaged, product);
        let wanted = of(initial, product) - of(&boxed, product) - told - of(&in_hand, product);
        let (there, broken) = (of(&good, product), of(&broken, product));
        if there != wanted || broken != told {
            audit.stock_mismatches += 1;
            audit.problem(format!(
                "product {product}: {there} good and {broken} broken in the book, {wanted} and {told} must be"
            ));
        }
    }
    Ok(())
}

/// A balance is the sum of its movements.
pub(super) fn ledger(c: &mut dyn Conn, audit: &mut Audit) -> Res<()> {
    let off = c.int(
        "SELECT COUNT(*) FROM stock_levels s WHERE s.quantity <> \
         (SELECT CAST(COALESCE(SUM(m.quantity), 0) AS BIGINT) FROM stock_movements m WHERE m.level = s.id)",
        vals![],
    )?;
    if off > 0 {
        audit.stock_mismatches += u64::try_from(off).unwrap_or(1);
        audit.problem(format!("{off} balances are not the sum of their movements"));
    }
    Ok(())
}
