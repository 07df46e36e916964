//! What the office does from the table: holds orders and lets them go, puts them first, gives them to a station, calls them off,
//! and changes single fields. What is done to very many at once (a hold, and its end) asks and writes by set; the rest is done one by one.

use super::{OFFICE_HOLD, OFFICE_HOLD_KEPT};
use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::leases::{self, Taken};
use crate::central::services::orders::begun;
use crate::central::services::orders::cancel::call_off;
use crate::central::services::orders::edit::{Edited, recalled, unbegun};
use crate::central::services::orders::entry::NOTE_MAX;
use crate::central::services::orders::{Cancelled, expedite};
use crate::central::services::settings;
use crate::central::services::stock::{self, BACKORDER};
use crate::central::store::bulk::{few_ids, named};
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, StationId, TakeoverRequest};
use crate::vals;
use std::collections::BTreeSet;

/// Due time of work that has none: after all that has one.
const NEVER_MS: i64 = 253_402_214_400_000;

/// Something done to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nobody gets its work until it is let go.
    Hold,
    /// The office holds it no longer.
    LetGo,
    /// Before all others.
    First,
    /// Back in turn.
    InTurn,
    /// Its work goes to this station alone.
    Assign(StationId),
    /// For good.
    CallOff,
}

impl Action {
    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Action::Hold => "hold",
            Action::LetGo => "let_go",
            Action::First => "first",
            Action::InTurn => "in_turn",
            Action::Assign(_) => "assign",
            Action::CallOff => "call_off",
        }
    }

    /// The action of a word; `assign` needs the station's id.
    #[must_use]
    pub fn of(word: &str, station: &str) -> Option<Action> {
        if word == "assign" {
            return station.parse().ok().map(Action::Assign);
        }
        let all = [Action::Hold, Action::LetGo, Action::First, Action::InTurn, Action::CallOff];
        all.into_iter().find(|action| action.word() == word)
    }

    /// What takes it back, where something does.
    #[must_use]
    pub const fn undo(self) -> Option<Action> {
        match self {
            Action::Hold => Some(Action::LetGo),
            Action::LetGo => Some(Action::Hold),
            Action::First => Some(Action::InTurn),
            Action::InTurn => Some(Action::First),
            Action::Assign(_) | Action::CallOff => None,
        }
    }

    /// What it was promised is free for those that wait.
    #[must_use]
    pub const fn frees_stock(self) -> bool {
        match self {
            Action::CallOff => true,
            Action::Hold | Action::LetGo | Action::First | Action::InTurn | Action::Assign(_) => false,
        }
    }
}

/// What became of one of many.
pub type Answer = Result<Edited, Refusal>;

/// Does it to the order with that id.
///
/// # Errors
/// [`Refusal::Missing`] for no such order, [`Refusal::State`] once it is begun, over or as wished already,
/// [`Refusal::Forbidden`] where a lead must do it.
pub fn act(work: &mut Work<'_>, order: &str, action: Action) -> Res<Edited> {
    let done = act_on(work, &[order], action)?.pop().unwrap_or(Err(Refusal::Missing { entity: "order" }))?;
    if action.frees_stock() {
        stock::release_after(work, order)?;
    }
    Ok(done)
}

/// [`act`] for each of these orders, with the answers in their order: one that is refused is as it was. Nobody looks at those that wait
/// for stock afterwards: whoever does it to many does so once, in the end.
///
/// # Errors
/// Any fault of the store.
pub fn act_on(work: &mut Work<'_>, orders: &[&str], action: Action) -> Res<Vec<Answer>> {
    match action {
        // It asks itself which are of the site.
        Action::Hold => hold(work, orders),
        Action::LetGo => on_known(work, orders, let_go),
        Action::First | Action::InTurn => {
            on_each(work, orders, |work, order| put_first(work, order, action == Action::First))
        }
        Action::Assign(station) => {
            on_each(work, orders, |work, order| assign(work, order, station).map(|()| Edited::Done))
        }
        Action::CallOff => on_each(work, orders, end),
    }
}

/// Does it to those that are of the site; the others are missing.
fn on_known<'a>(
    work: &mut Work<'a>,
    orders: &[&str],
    part: impl FnOnce(&mut Work<'a>, &[&str]) -> Res<Vec<Answer>>,
) -> Res<Vec<Answer>> {
    let sql = format!(
        "SELECT o.id FROM {} w CROSS JOIN orders o WHERE o.id = w.id AND (CASE WHEN o.site = $2 THEN 1 ELSE 0 END) = 1",
        few_ids(orders.len())
    );
    let rows = work.all(&sql, vals![named(orders), work.site()])?;
    let here = rows.iter().map(|row| Ok(row.at(0)?)).collect::<Res<BTreeSet<String>>>()?;
    let known: Vec<&str> = orders.iter().copied().filter(|order| here.contains(*order)).collect();
    let mut done = part(work, &known)?.into_iter();
    let missing = || Err(Refusal::Missing { entity: "order" });
    let answer = |order: &&str| if here.contains(*order) { done.next() } else { None };
    Ok(orders.iter().map(answer).map(|answer| answer.unwrap_or_else(missing)).collect())
}

/// [`on_known`], one after the other.
fn on_each<'a>(
    work: &mut Work<'a>,
    orders: &[&str],
    part: impl Fn(&mut Work<'a>, &str) -> Res<Edited>,
) -> Res<Vec<Answer>> {
    on_known(work, orders, |work, known| known.iter().map(|order| refusable(work, |work| part(work, order))).collect())
}

/// A part whose refusal is an answer, and leaves everything as it was.
fn refusable<'a>(work: &mut Work<'a>, part: impl FnOnce(&mut Work<'a>) -> Res<Edited>) -> Res<Answer> {
    match work.attempt(part) {
        Ok(done) => Ok(Ok(done)),
        Err(CentralError::Refused(why)) => Ok(Err(why)),
        Err(error) => Err(error),
    }
}

fn put_first(work: &mut Work<'_>, order: &str, on: bool) -> Res<Edited> {
    let Actor::User(by) = work.ctx.actor else { return Err(Refusal::Forbidden.into()) };
    expedite(work, order, by, on).map(|()| Edited::Done)
}

fn end(work: &mut Work<'_>, order: &str) -> Res<Edited> {
    let open = work.tx.int("SELECT is_open FROM orders WHERE id = $1", vals![order])?;
    if open == 0 {
        return Err(state("over").into());
    }
    match call_off(work, order, "office")? {
        Cancelled::Free | Cancelled::MustUnpack | Cancelled::Already => Ok(Edited::Done),
        Cancelled::Left => Ok(Edited::Left),
    }
}

fn state(state: &str) -> Refusal {
    Refusal::State { entity: "order", state: state.to_owned() }
}

fn hold(work: &mut Work<'_>, orders: &[&str]) -> Res<Vec<Answer>> {
    let mut answers = Vec::with_capacity(orders.len());
    let (mut held, mut works, mut lent) = (Vec::new(), Vec::new(), Vec::new());
    for (order, found) in orders.iter().zip(begun::unbegun(work, orders)?) {
        answers.push(match found {
            Err(refusal) => Err(refusal),
            Ok(parts) if parts.iter().any(|part| part.leased) => {
                let ids: Vec<String> = parts.into_iter().map(|part| part.id).collect();
                refusable(work, |work| recalled(work, &ids).map(|_| Edited::Recalled))?
            }
            Ok(parts) => {
                let free =
                    parts.into_iter().filter(|part| ![OFFICE_HOLD, OFFICE_HOLD_KEPT].contains(&part.why.as_str()));
                let before = works.len();
                for part in free {
                    lent.extend(part.lent.then(|| part.id.clone()));
                    works.push(part.id);
                }
                if works.len() == before {
                    Err(state("held already"))
                } else {
                    held.push(*order);
                    Ok(Edited::Done)
                }
            }
        });
    }
    if held.is_empty() {
        return Ok(answers);
    }
    // The promise stays: a question to the customer must not cost them their goods.
    let ids: Vec<&str> = works.iter().map(String::as_str).collect();
    work.exec(
        &format!(
            "UPDATE fulfillments SET hold_reason = CASE WHEN state = 'released' THEN CAST($2 AS TEXT) ELSE CAST($3 AS TEXT) END, \
             state = 'blocked', version = version + 1, updated_ms = $4 WHERE id IN {}",
            few_ids(ids.len())
        ),
        vals![named(&ids), OFFICE_HOLD_KEPT, OFFICE_HOLD, work.now_ms()],
    )?;
    for id in works {
        work.changed(ChangeKind::Fulfillment, id);
    }
    lent.iter().try_for_each(|id| leases::void(work, id))?;
    touched(work, &held, "order.held", &serde_json::json!({}))?;
    Ok(answers)
}

fn let_go(work: &mut Work<'_>, orders: &[&str]) -> Res<Vec<Answer>> {
    let sql = format!(
        "SELECT f.order_id, f.id, f.hold_reason FROM {} w CROSS JOIN fulfillments f WHERE f.order_id = w.id \
         AND f.state = 'blocked' AND f.hold_reason IN ($2, $3) ORDER BY f.order_id, f.part",
        few_ids(orders.len())
    );
    let rows = work.all(&sql, vals![named(orders), OFFICE_HOLD, OFFICE_HOLD_KEPT])?;
    let (mut held, mut ready) = (BTreeSet::new(), Vec::new());
    for row in rows {
        let id: String = row.at(1)?;
        held.insert(row.at::<String>(0)?);
        work.changed(ChangeKind::Fulfillment, &id);
        // What keeps its promise goes back as it was; else one after the other, because each that goes takes its part.
        if row.at::<String>(2)? == OFFICE_HOLD_KEPT {
            ready.push(id);
            continue;
        }
        let (now, reason) =
            if stock::all_there(work.tx, &id)? { ("released", None) } else { ("blocked", Some(BACKORDER)) };
        work.exec(
            "UPDATE fulfillments SET state = $2, hold_reason = $3, version = version + 1, updated_ms = $4 WHERE id = $1",
            vals![&id, now, reason.map(str::to_owned), work.now_ms()],
        )?;
    }
    let ids: Vec<&str> = ready.iter().map(String::as_str).collect();
    if !ids.is_empty() {
        work.exec(
            &format!(
                "UPDATE fulfillments SET state = 'released', hold_reason = NULL, version = version + 1, updated_ms = $2 \
                 WHERE id IN {}",
                few_ids(ids.len())
            ),
            vals![named(&ids), work.now_ms()],
        )?;
    }
    let gone: Vec<&str> = held.iter().map(String::as_str).collect();
    touched(work, &gone, "order.let_go", &serde_json::json!({}))?;
    let answer = |order: &&str| if held.contains(*order) { Ok(Edited::Done) } else { Err(state("not held")) };
    Ok(orders.iter().map(answer).collect())
}

fn assign(work: &mut Work<'_>, order: &str, station: StationId) -> Res<()> {
    let Actor::User(by) = work.ctx.actor else { return Err(Refusal::Forbidden.into()) };
    let rows =
        work.all("SELECT id FROM fulfillments WHERE order_id = $1 AND state = 'released' ORDER BY part", vals![order])?;
    if rows.is_empty() {
        return Err(state("not waiting for a station").into());
    }
    for row in rows {
        let id: String = row.at(0)?;
        let lease = leases::get(work.tx, &id)?.ok_or(Refusal::Missing { entity: "fulfillment" })?;
        let request =
            TakeoverRequest { fulfillment: lease.fulfillment, by, to: Some(station), fence_seen: lease.fence };
        match leases::takeover(work, &request)? {
            Taken::Answer(_) => {}
            Taken::NotALead => return Err(Refusal::Forbidden.into()),
        }
    }
    touched(work, &[order], "order.assigned", &serde_json::json!({ "station": station }))
}

/// The orders changed for everybody who looks at them.
fn touched(work: &mut Work<'_>, orders: &[&str], kind: &'static str, detail: &serde_json::Value) -> Res<()> {
    if orders.is_empty() {
        return Ok(());
    }
    work.exec(
        &format!("UPDATE orders SET version = version + 1, updated_ms = $2 WHERE id IN {}", few_ids(orders.len())),
        vals![named(orders), work.now_ms()],
    )?;
    for order in orders {
        work.changed(ChangeKind::Order, *order);
        work.audit(kind, "order", *order, detail.clone());
    }
    Ok(())
}

/// A field that is changed where it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The office's own note.
    OfficeNote,
    /// `carrier/service`.
    Shipping,
    /// When it must have left, UTC ms in digits, or empty.
    ShipBy,
}

impl Field {
    /// All.
    pub const ALL: [Field; 3] = [Field::OfficeNote, Field::Shipping, Field::ShipBy];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Field::OfficeNote => "office_note",
            Field::Shipping => "shipping",
            Field::ShipBy => "ship_by",
        }
    }

    /// The field of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.word() == word)
    }
}

/// Changes one field of the order with that id. `seen` is what the clerk had before their eyes.
///
/// # Errors
/// [`Refusal::Version`] if it is another by now, [`Refusal::State`] once the order is begun or over (a note may come later),
/// [`Refusal::Field`] for a value out of bounds.
pub fn set_field(work: &mut Work<'_>, order: &str, field: Field, seen: &str, value: &str) -> Res<Edited> {
    let row = work.one(
        "SELECT version, COALESCE(office_note, '') AS office_note, carrier || '/' || service AS shipping, \
         COALESCE(CAST(ship_by_ms AS TEXT), '') AS ship_by, is_open FROM orders WHERE id = $1 AND site = $2",
        vals![order, work.site()],
    )?;
    let row = row.ok_or(Refusal::Missing { entity: "order" })?;
    let (now, value): (String, &str) = (row.get(field.word())?, value.trim());
    if now == value {
        return Ok(Edited::Done);
    }
    if now != seen.trim() {
        return Err(Refusal::Version { newest: row.get("version")?, fields: vec![field.word()] }.into());
    }
    let done = match field {
        Field::OfficeNote => {
            if value.chars().count() > NOTE_MAX || value.contains('\0') {
                return Err(Refusal::Field { field: "note", why: "must have at most 1,000 characters" }.into());
            }
            let note = Some(value.to_owned()).filter(|text| !text.is_empty());
            work.exec("UPDATE orders SET office_note = $2 WHERE id = $1", vals![order, note])?;
            Edited::Done
        }
        Field::Shipping => ship_with(work, order, value)?,
        Field::ShipBy => {
            if row.get::<i64>("is_open")? == 0 {
                return Err(state("over").into());
            }
            leave_by(work, order, value)?;
            Edited::Done
        }
    };
    if done == Edited::Done {
        touched(work, &[order], "order.field_set", &serde_json::json!({ "field": field.word() }))?;
    }
    Ok(done)
}

fn ship_with(work: &mut Work<'_>, order: &str, value: &str) -> Res<Edited> {
    let unknown = Refusal::Field { field: "shipping", why: "must be a service of a carrier in use" };
    let Some((carrier, service)) = value.split_once('/') else { return Err(unknown.into()) };
    if !settings::has_service(work.tx, work.ctx.site, &(carrier.to_owned(), service.to_owned()))? {
        return Err(unknown.into());
    }
    let ids = unbegun(work, order)?;
    if recalled(work, &ids)? {
        return Ok(Edited::Recalled);
    }
    work.exec("UPDATE orders SET carrier = $2, service = $3 WHERE id = $1", vals![order, carrier, service])?;
    told(work, ids)?;
    Ok(Edited::Done)
}

fn leave_by(work: &mut Work<'_>, order: &str, value: &str) -> Res<()> {
    let at: Option<i64> = match value {
        "" => None,
        text => Some(text.parse().map_err(|_| Refusal::Field { field: "ship_by", why: "must be a moment" })?),
    };
    work.exec("UPDATE orders SET ship_by_ms = $2 WHERE id = $1", vals![order, at])?;
    let rows = work.all(
        "UPDATE fulfillments SET sort_due_ms = $2, updated_ms = $3 WHERE order_id = $1 AND state <> 'cancelled' RETURNING id",
        vals![order, at.unwrap_or(NEVER_MS), work.now_ms()],
    )?;
    let ids = rows.iter().map(|row| Ok(row.at(0)?)).collect::<Res<Vec<String>>>()?;
    told(work, ids)
}

fn told(work: &mut Work<'_>, fulfillments: Vec<String>) -> Res<()> {
    for id in fulfillments {
        work.exec("UPDATE fulfillments SET version = version + 1 WHERE id = $1", vals![&id])?;
        work.changed(ChangeKind::Fulfillment, id);
    }
    Ok(())
}
