//! Reminders: what somebody is to think of about an order, and when. A stage sets one by itself, people set others.

use crate::central::error::{Refusal, Res};
use crate::central::store::bulk::{Bulk, Column, NEW_ID, few_ids, named};
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId, UserId};
use crate::sql::{Conn, Row, Val};
use crate::vals;

/// Longest note, characters.
pub const REMINDER_NOTE_MAX: usize = 200;
/// Most open reminders of one order.
const OPEN_MAX: i64 = 20;
/// Most that one list shows.
const SHOWN_MAX: i64 = 200;
/// Furthest into the future: ten years, ms.
const AHEAD_MS: i64 = 10 * 366 * 24 * 60 * 60 * 1000;

const COLUMNS: &[Column] = &[
    Column::Text("id"),
    Column::Text("site"),
    Column::Text("order_id"),
    Column::Int("due_ms"),
    Column::Text("person"),
    Column::Text("note"),
    Column::Text("made_by"),
    Column::Int("created_ms"),
];

/// A reminder to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReminder {
    /// When, UTC ms.
    pub due_ms: i64,
    /// For whom; none for whoever looks.
    pub person: Option<UserId>,
    /// Of what.
    pub note: String,
}

/// A reminder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    /// Id.
    pub id: String,
    /// When, UTC ms.
    pub due_ms: i64,
    /// Initials of whom it is for, or empty.
    pub person: String,
    /// Of what.
    pub note: String,
    /// A stage set it.
    pub by_stage: bool,
    /// When it was done, UTC ms.
    pub done_ms: Option<i64>,
}

/// One that is due, with its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Number of the order.
    pub number: String,
    /// Id of its stage, or empty.
    pub stage: String,
    /// It.
    pub reminder: Reminder,
}

/// Sets a reminder of the order with that id.
///
/// # Errors
/// [`Refusal::Missing`] for no such order or person, [`Refusal::Field`] for a time or note out of bounds, [`Refusal::State`] when
/// many are open already.
pub fn remind(work: &mut Work<'_>, order: &str, new: &NewReminder) -> Res<String> {
    if new.note.chars().count() > REMINDER_NOTE_MAX || new.note.contains('\0') {
        return Err(Refusal::Field { field: "note", why: "must have at most 200 characters" }.into());
    }
    if new.due_ms <= 0 || new.due_ms > work.now_ms().saturating_add(AHEAD_MS) {
        return Err(Refusal::Field { field: "due", why: "must be a moment of the next ten years" }.into());
    }
    let here = work.one("SELECT id FROM orders WHERE id = $1 AND site = $2", vals![order, work.site()])?;
    here.ok_or(Refusal::Missing { entity: "order" })?;
    if let Some(person) = new.person {
        let sql = "SELECT id FROM users WHERE id = $1 AND site = $2 AND disabled = 0";
        work.one(sql, vals![person.to_string(), work.site()])?.ok_or(Refusal::Missing { entity: "person" })?;
    }
    let sql = "SELECT COUNT(*) FROM reminders WHERE order_id = $1 AND done_ms IS NULL";
    if work.tx.int(sql, vals![order])? >= OPEN_MAX {
        return Err(Refusal::State { entity: "order", state: "full of reminders".to_owned() }.into());
    }
    let id = put(work, order, new, "")?;
    work.changed(ChangeKind::Order, order);
    work.audit("reminder.set", "order", order, serde_json::json!({ "reminder": id, "due_ms": new.due_ms }));
    Ok(id)
}

/// Writes it, and on the card when the next is due.
pub(super) fn put(work: &mut Work<'_>, order: &str, new: &NewReminder, made_by: &str) -> Res<String> {
    let id = work.new_id();
    work.exec(
        "INSERT INTO reminders (id, site, order_id, due_ms, person, note, made_by, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![
            &id,
            work.site(),
            order,
            new.due_ms,
            new.person.map(|who| who.to_string()).unwrap_or_default(),
            new.note.trim(),
            made_by,
            work.now_ms()
        ],
    )?;
    on_card(work, order)?;
    Ok(id)
}

/// A reminder that a stage asks for.
pub(super) struct ByStage<'a> {
    /// Id of the order.
    pub order: &'a str,
    /// When it is due, UTC milliseconds.
    pub due_ms: i64,
    /// Id of the move that made it; empty for a new order.
    pub made_by: &'a str,
    /// The card bears it already: one more writing would go through every index again.
    pub borne: bool,
}

/// Writes those that stages ask for; and on the cards that do not bear it yet when the next is due.
pub(super) fn by_stage(work: &mut Work<'_>, due: &[ByStage<'_>]) -> Res<()> {
    if due.is_empty() {
        return Ok(());
    }
    let (site, now_ms) = (work.site(), work.now_ms());
    let mut vals = Vec::with_capacity(due.len() * COLUMNS.len());
    for ByStage { order, due_ms, made_by, borne: _ } in due {
        let id = work.new_id();
        vals.extend([Val::from(id), Val::from(&site), Val::from(*order), (*due_ms).into()]);
        vals.extend([Val::from(""), Val::from(""), Val::from(*made_by), now_ms.into()]);
    }
    let mut rows = Bulk::new("reminders", COLUMNS, NEW_ID);
    rows.rows(work.tx, &vals)?;
    rows.finish(work.tx)?;
    let cards: Vec<&str> = due.iter().filter(|one| !one.borne).map(|one| one.order).collect();
    if cards.is_empty() { Ok(()) } else { on_cards(work, &cards) }
}

/// The card bears the earliest that is open.
pub(super) fn on_card(work: &mut Work<'_>, order: &str) -> Res<()> {
    on_cards(work, &[order])
}

/// The test is wrapped, or PostgreSQL would read the index of all that are open for each card: it takes a table that just grew for small.
fn on_cards(work: &mut Work<'_>, orders: &[&str]) -> Res<()> {
    let sql = format!(
        "UPDATE order_places SET remind_ms = (SELECT MIN(r.due_ms) FROM reminders r WHERE r.order_id = order_places.order_id \
         AND (CASE WHEN r.done_ms IS NULL THEN 1 ELSE 0 END) = 1) WHERE order_id IN {}",
        few_ids(orders.len())
    );
    work.exec(&sql, vals![named(orders)])?;
    Ok(())
}

/// What a reminder asked for is done.
///
/// # Errors
/// [`Refusal::Missing`] if there is none that is open.
pub fn done(work: &mut Work<'_>, id: &str) -> Res<()> {
    let row = work.one(
        "UPDATE reminders SET done_ms = $3, done_by = $4 WHERE id = $1 AND site = $2 AND done_ms IS NULL RETURNING order_id",
        vals![id, work.site(), work.now_ms(), work.ctx.actor.id()],
    )?;
    let order: String = row.ok_or(Refusal::Missing { entity: "reminder" })?.at(0)?;
    on_card(work, &order)?;
    work.changed(ChangeKind::Order, &order);
    work.audit("reminder.done", "order", &order, serde_json::json!({ "reminder": id }));
    Ok(())
}

fn reminder(row: &Row) -> Res<Reminder> {
    Ok(Reminder {
        id: row.get("id")?,
        due_ms: row.get("due_ms")?,
        person: row.get("initials")?,
        note: row.get("note")?,
        by_stage: !row.get::<String>("made_by")?.is_empty(),
        done_ms: row.get("done_ms")?,
    })
}

/// Reminders of the order with that id: the open ones, then the newest that are done.
///
/// # Errors
/// Any fault of the store.
pub fn reminders(tx: &mut dyn Conn, order: &str) -> Res<Vec<Reminder>> {
    let rows = tx.all(
        "SELECT r.id, r.due_ms, r.note, r.made_by, r.done_ms, COALESCE(u.initials, '') AS initials FROM reminders r \
         LEFT JOIN users u ON u.id = r.person WHERE r.order_id = $1 \
         ORDER BY CASE WHEN r.done_ms IS NULL THEN 0 ELSE 1 END, COALESCE(-r.done_ms, r.due_ms), r.id LIMIT 30",
        vals![order],
    )?;
    rows.iter().map(reminder).collect()
}

/// How many are due that are for this person or for whoever looks; counted up to a hundred.
///
/// # Errors
/// Any fault of the store.
pub fn count_due(tx: &mut dyn Conn, site: SiteId, user: UserId, now_ms: i64) -> Res<i64> {
    Ok(tx.int(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM reminders WHERE site = $1 AND done_ms IS NULL AND due_ms <= $2 \
         AND person IN ('', $3) LIMIT 100) t",
        vals![site.to_string(), now_ms, user.to_string()],
    )?)
}

/// Those that are open and due before a moment, for this person or for whoever looks, the earliest first.
///
/// # Errors
/// Any fault of the store.
pub fn due(tx: &mut dyn Conn, site: SiteId, user: UserId, before_ms: i64) -> Res<Vec<Due>> {
    let rows = tx.all(
        "SELECT r.id, r.due_ms, r.note, r.made_by, r.done_ms, COALESCE(u.initials, '') AS initials, o.number, \
         COALESCE(p.stage, '') AS stage FROM reminders r JOIN orders o ON o.id = r.order_id LEFT JOIN users u ON u.id = r.person \
         LEFT JOIN order_places p ON p.order_id = r.order_id WHERE r.site = $1 AND r.done_ms IS NULL AND r.due_ms < $2 \
         AND r.person IN ('', $3) ORDER BY r.due_ms, r.id LIMIT $4",
        vals![site.to_string(), before_ms, user.to_string(), SHOWN_MAX],
    )?;
    let due = |row: &Row| Ok(Due { number: row.get("number")?, stage: row.get("stage")?, reminder: reminder(row)? });
    rows.iter().map(due).collect()
}
