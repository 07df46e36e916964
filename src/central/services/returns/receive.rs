//! Units of a return come out of the box and are graded. What can be sold again lies on its shelf in the same moment, for the next
//! order; what must be looked at waits apart; what is thrown away comes into the ledger and leaves it, so that both are seen.

use super::{Grade, RETURNS, State, case, touched, wrong_state};
use crate::central::error::{Refusal, Res};
use crate::central::services::stock::{self, Condition, Key, Movement, MovementKind, Spot, low};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::sql::Row;
use crate::vals;

/// Units that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graded {
    /// Line of the return.
    pub line: u32,
    /// Units.
    pub quantity: i64,
    /// What they are worth.
    pub grade: Grade,
    /// Code of the place they are put, for those to be sold again; else empty for where such units wait.
    pub location: String,
    /// Lot, or empty.
    pub lot: String,
    /// Day of expiry `YYYY-MM-DD`, or empty.
    pub expiry: String,
    /// Serial, or empty.
    pub serial: String,
}

/// What a receipt left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// Units of the line that have not come yet.
    pub left: i64,
    /// Units of the whole return that have not come yet.
    pub left_of_all: i64,
    /// Version of the return now.
    pub version: i64,
}

/// Who took units in, and what the entry is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hands {
    /// Id of the entry: the fact of the station that tells of it, else a new one.
    pub id: String,
    /// `user`, `key` …
    pub actor_kind: &'static str,
    /// Who.
    pub actor: String,
}

impl Hands {
    /// Whoever acts here.
    fn of(work: &Work<'_>) -> Hands {
        Hands { id: work.new_id(), actor_kind: work.ctx.actor.kind(), actor: work.ctx.actor.id() }
    }
}

/// Takes units in.
///
/// # Errors
/// Those of [`receive_by`].
pub fn receive(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>, came: &Graded) -> Res<Received> {
    let hands = Hands::of(work);
    receive_by(work, number, seen, came, &hands)
}

/// Takes units in that somebody else than who acts here had in hand: a station tells of its packer.
///
/// Nothing is written before everything is checked, so a refusal leaves the transaction as it was.
///
/// # Errors
/// [`Refusal::Missing`] for no such return, line or place; [`Refusal::State`] once it is closed; [`Refusal::Stock`] for more units than were
/// asked back and have not come; [`Refusal::Field`] for a lot, day or serial that the product demands.
pub fn receive_by(
    work: &mut Work<'_>,
    number: &str,
    seen: Option<&[i64]>,
    came: &Graded,
    hands: &Hands,
) -> Res<Received> {
    let case = case(work, number, seen)?;
    if case.state == State::Closed {
        return Err(wrong_state(case.state));
    }
    let line = work.one(
        "SELECT l.product, l.quantity, l.received, l.order_id, l.order_line, p.sku, p.track_serial, p.track_lot, p.track_expiry \
         FROM return_lines l JOIN products p ON p.id = l.product WHERE l.return_id = $1 AND l.line_no = $2 AND l.service = 0",
        vals![&case.id, came.line],
    )?;
    let line = line.ok_or(Refusal::Missing { entity: "line" })?;
    let left = line.get::<i64>("quantity")? - line.get::<i64>("received")?;
    if came.quantity < 1 || (!came.serial.is_empty() && came.quantity > 1) {
        return Err(Refusal::Field { field: "stock.quantity", why: "must be whole units, one for a serial" }.into());
    }
    if came.quantity > left {
        return Err(Refusal::Stock { available: left }.into());
    }
    let key = key(work, &line, came)?;
    ledger(work, &case.id, &key, came)?;
    note(work, &case.id, &key, came, hands)?;
    let order: Option<String> = line.get("order_id")?;
    if let Some(order) = &order {
        count(work, order, line.get("order_line")?, came.quantity)?;
        touched(work, order)?;
    }
    work.exec(
        "UPDATE returns SET state = 'received', version = version + 1, updated_ms = $2 WHERE id = $1",
        vals![&case.id, work.now_ms()],
    )?;
    match came.grade {
        // What is repaired is sold again one day; until then its condition keeps it from leaving.
        Grade::Resell | Grade::Repair => leaves_again(work, &key)?,
        Grade::Scrap => {}
    }
    if came.grade == Grade::Resell {
        stock::release_for(work, std::slice::from_ref(&key.product))?;
        low::watch(work, &key.product)?;
    }
    work.changed(ChangeKind::Return, &case.id);
    let detail = serde_json::json!({
        "return": number, "line": came.line, "units": came.quantity, "grade": came.grade.word(),
    });
    work.audit("return.received", "return", &case.id, detail);
    let left_of_all = work.tx.int(
        "SELECT CAST(COALESCE(SUM(quantity - received), 0) AS BIGINT) FROM return_lines WHERE return_id = $1 AND service = 0",
        vals![&case.id],
    )?;
    Ok(Received { left: left - came.quantity, left_of_all, version: case.version + 1 })
}

/// Where the units lie from now on.
fn key(work: &mut Work<'_>, line: &Row, came: &Graded) -> Res<Key> {
    let spot = Spot {
        sku: line.get("sku")?,
        location: came.location.clone(),
        lot: came.lot.clone(),
        expiry: came.expiry.clone(),
        serial: came.serial.clone(),
        condition: Condition::Good,
    };
    stock::check_marks(&spot)?;
    let (location, condition) = match came.grade {
        Grade::Resell => {
            stock::demanded(&spot, [line.get("track_serial")?, line.get("track_lot")?, line.get("track_expiry")?])?;
            let place = stock::find_location(work, &came.location)?;
            (place.ok_or(Refusal::Missing { entity: "location" })?, Condition::Good)
        }
        Grade::Repair if came.location.is_empty() => {
            (stock::ensure_location(work, RETURNS, "dock")?, Condition::Returned)
        }
        Grade::Repair => {
            let place = stock::find_location(work, &came.location)?;
            (place.ok_or(Refusal::Missing { entity: "location" })?, Condition::Returned)
        }
        Grade::Scrap => (stock::ensure_location(work, stock::QUARANTINE, "dock")?, Condition::Damaged),
    };
    Ok(Key {
        location,
        product: line.get("product")?,
        lot: came.lot.clone(),
        expiry: came.expiry.clone(),
        serial: came.serial.clone(),
        condition: condition.word().to_owned(),
        owner: String::new(),
    })
}

fn ledger(work: &mut Work<'_>, case: &str, key: &Key, came: &Graded) -> Res<()> {
    let entry = Movement {
        id: None,
        key: key.clone(),
        kind: MovementKind::Return,
        quantity: came.quantity,
        at_ms: work.now_ms(),
        reference: ("return", case.to_owned()),
        reason: came.grade.word().to_owned(),
    };
    stock::book(work, &entry)?;
    if came.grade == Grade::Scrap {
        stock::book(work, &Movement { kind: MovementKind::Consume, quantity: -came.quantity, ..entry })?;
    }
    Ok(())
}

fn note(work: &mut Work<'_>, case: &str, key: &Key, came: &Graded, hands: &Hands) -> Res<()> {
    work.exec(
        "INSERT INTO return_units (id, return_id, line_no, grade, quantity, location, lot, serial, actor_kind, actor, at_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vals![
            &hands.id, case, came.line, came.grade.word(), came.quantity, &key.location, &key.lot, &key.serial,
            hands.actor_kind, &hands.actor, work.now_ms()
        ],
    )?;
    work.exec(
        "UPDATE return_lines SET received = received + CAST($3 AS BIGINT) WHERE return_id = $1 AND line_no = $2",
        vals![case, came.line, came.quantity],
    )?;
    Ok(())
}

/// The line of the order counts them as back. A return that an import brought in may hold more than its order was linked with.
fn count(work: &mut Work<'_>, order: &str, line: Option<i64>, units: i64) -> Res<()> {
    work.exec(
        "UPDATE order_lines SET returned = returned + CAST($3 AS BIGINT), return_requested = \
         CASE WHEN return_requested > CAST($3 AS BIGINT) THEN return_requested - CAST($3 AS BIGINT) ELSE 0 END \
         WHERE order_id = $1 AND line_no = $2",
        vals![order, line, units],
    )?;
    Ok(())
}

/// A serial that lies here again may leave again.
fn leaves_again(work: &mut Work<'_>, key: &Key) -> Res<()> {
    if key.serial.is_empty() {
        return Ok(());
    }
    let gone = work
        .all("DELETE FROM serials WHERE product = $1 AND serial = $2 RETURNING id", vals![&key.product, &key.serial])?;
    for row in gone {
        work.gone(ChangeKind::SerialUsed, row.at::<String>(0)?);
    }
    Ok(())
}
