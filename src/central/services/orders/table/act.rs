//! What the office does from the table: holds orders and lets them go, puts them first, gives them to a station, calls them off,
//! and changes single fields. Everything here is one order in one transaction; a list of orders is as many.

use super::{OFFICE_HOLD, OFFICE_HOLD_SHORT};
use crate::central::actor::Actor;
use crate::central::error::{Refusal, Res};
use crate::central::services::leases::{self, Taken};
use crate::central::services::orders::edit::{Edited, recalled, unbegun};
use crate::central::services::orders::entry::NOTE_MAX;
use crate::central::services::orders::{Cancelled, cancel, expedite};
use crate::central::services::settings;
use crate::central::services::stock::{self, BACKORDER};
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, StationId, TakeoverRequest};
use crate::vals;

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
}

/// Does it to the order with that id.
///
/// # Errors
/// [`Refusal::Missing`] for no such order, [`Refusal::State`] once it is begun, over or as wished already,
/// [`Refusal::Forbidden`] where a lead must do it.
pub fn act(work: &mut Work<'_>, order: &str, action: Action) -> Res<Edited> {
    let here = work.one("SELECT id FROM orders WHERE id = $1 AND site = $2", vals![order, work.site()])?;
    here.ok_or(Refusal::Missing { entity: "order" })?;
    match action {
        Action::Hold => hold(work, order),
        Action::LetGo => let_go(work, order).map(|()| Edited::Done),
        Action::First | Action::InTurn => {
            let Actor::User(by) = work.ctx.actor else { return Err(Refusal::Forbidden.into()) };
            expedite(work, order, by, action == Action::First).map(|()| Edited::Done)
        }
        Action::Assign(station) => assign(work, order, station).map(|()| Edited::Done),
        Action::CallOff => {
            let open = work.tx.int("SELECT is_open FROM orders WHERE id = $1", vals![order])?;
            if open == 0 {
                return Err(state("over"));
            }
            match cancel(work, order, "office")? {
                Cancelled::Free | Cancelled::MustUnpack | Cancelled::Already => Ok(Edited::Done),
                Cancelled::Left => Ok(Edited::Left),
            }
        }
    }
}

fn state(state: &str) -> crate::central::error::CentralError {
    Refusal::State { entity: "order", state: state.to_owned() }.into()
}

fn hold(work: &mut Work<'_>, order: &str) -> Res<Edited> {
    let ids = unbegun(work, order)?;
    if recalled(work, &ids)? {
        return Ok(Edited::Recalled);
    }
    let mut held = 0;
    for id in ids {
        let released =
            work.tx.int("SELECT COUNT(*) FROM fulfillments WHERE id = $1 AND state = 'released'", vals![&id])? > 0;
        let set = work.exec(
            "UPDATE fulfillments SET state = 'blocked', hold_reason = $2, version = version + 1, updated_ms = $3 \
             WHERE id = $1 AND COALESCE(hold_reason, '') NOT IN ($2, $4)",
            vals![&id, OFFICE_HOLD, work.now_ms(), OFFICE_HOLD_SHORT],
        )?;
        // Looked at only now: blocked work is not counted among what is promised.
        if set > 0 && released && !stock::all_there(work.tx, &id)? {
            let sql = "UPDATE fulfillments SET hold_reason = $2 WHERE id = $1";
            work.exec(sql, vals![&id, OFFICE_HOLD_SHORT])?;
        }
        held += set;
        stock::allocation_changed(work, &id)?;
        work.changed(ChangeKind::Fulfillment, id);
    }
    if held == 0 {
        return Err(state("held already"));
    }
    // What it was promised is free for those that wait.
    stock::release_waiting(work)?;
    touched(work, order, "order.held", serde_json::json!({}))?;
    Ok(Edited::Done)
}

fn let_go(work: &mut Work<'_>, order: &str) -> Res<()> {
    let rows = work.all(
        "SELECT id, hold_reason FROM fulfillments WHERE order_id = $1 AND state = 'blocked' AND hold_reason IN ($2, $3) \
         ORDER BY part",
        vals![order, OFFICE_HOLD, OFFICE_HOLD_SHORT],
    )?;
    if rows.is_empty() {
        return Err(state("not held"));
    }
    for row in rows {
        let id: String = row.at(0)?;
        let as_it_was = row.at::<String>(1)? == OFFICE_HOLD_SHORT;
        let (now, reason) = if as_it_was || stock::all_there(work.tx, &id)? {
            ("released", None)
        } else {
            ("blocked", Some(BACKORDER))
        };
        work.exec(
            "UPDATE fulfillments SET state = $2, hold_reason = $3, version = version + 1, updated_ms = $4 WHERE id = $1",
            vals![&id, now, reason.map(str::to_owned), work.now_ms()],
        )?;
        stock::allocation_changed(work, &id)?;
        work.changed(ChangeKind::Fulfillment, id);
    }
    touched(work, order, "order.let_go", serde_json::json!({}))
}

fn assign(work: &mut Work<'_>, order: &str, station: StationId) -> Res<()> {
    let Actor::User(by) = work.ctx.actor else { return Err(Refusal::Forbidden.into()) };
    let rows =
        work.all("SELECT id FROM fulfillments WHERE order_id = $1 AND state = 'released' ORDER BY part", vals![order])?;
    if rows.is_empty() {
        return Err(state("not waiting for a station"));
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
    touched(work, order, "order.assigned", serde_json::json!({ "station": station }))
}

/// The order changed for everybody who looks at it.
fn touched(work: &mut Work<'_>, order: &str, kind: &'static str, detail: serde_json::Value) -> Res<()> {
    work.exec("UPDATE orders SET version = version + 1, updated_ms = $2 WHERE id = $1", vals![order, work.now_ms()])?;
    work.changed(ChangeKind::Order, order);
    work.audit(kind, "order", order, detail);
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
                return Err(state("over"));
            }
            leave_by(work, order, value)?;
            Edited::Done
        }
    };
    if done == Edited::Done {
        touched(work, order, "order.field_set", serde_json::json!({ "field": field.word() }))?;
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
