//! Calls with customers about an order: how often, by whom, and how each ended. What was said is personal data.

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::ChangeKind;
use crate::sql::Conn;
use crate::vals;

/// Longest note of a call, characters.
pub const CALL_NOTE_MAX: usize = 1_000;
/// Most calls of one order that are shown.
const SHOWN_MAX: i64 = 100;

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallResult {
    /// The customer answered.
    Answered,
    /// Nobody did.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// Somebody else has that number.
    WrongNumber,
    /// The customer asks to be called again.
    CallBack,
}

impl CallResult {
    /// All, in the order people are shown.
    pub const ALL: [CallResult; 5] =
        [CallResult::Answered, CallResult::NoAnswer, CallResult::Busy, CallResult::CallBack, CallResult::WrongNumber];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            CallResult::Answered => "answered",
            CallResult::NoAnswer => "no_answer",
            CallResult::Busy => "busy",
            CallResult::WrongNumber => "wrong_number",
            CallResult::CallBack => "call_back",
        }
    }

    /// The result of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<CallResult> {
        CallResult::ALL.into_iter().find(|result| result.word() == word)
    }
}

/// A call to be noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCall {
    /// How it ended.
    pub result: CallResult,
    /// What was said, at most [`CALL_NOTE_MAX`] characters.
    pub note: String,
}

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// When, UTC ms.
    pub at_ms: i64,
    /// How it ended.
    pub result: CallResult,
    /// What was said.
    pub note: String,
    /// Initials of who called; empty for a program.
    pub by: String,
}

/// Notes a call about the order with that id.
///
/// # Errors
/// [`Refusal::Missing`] for no such order, [`Refusal::Field`] for a note that is too long.
pub fn add_call(work: &mut Work<'_>, order: &str, call: &NewCall) -> Res<()> {
    if call.note.chars().count() > CALL_NOTE_MAX || call.note.contains('\0') {
        return Err(Refusal::Field { field: "note", why: "must have at most 1,000 characters" }.into());
    }
    let here = work.one("SELECT id FROM orders WHERE id = $1 AND site = $2", vals![order, work.site()])?;
    here.ok_or(Refusal::Missing { entity: "order" })?;
    work.exec(
        "INSERT INTO order_calls (id, order_id, at_ms, result, note, actor_kind, actor, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $3)",
        vals![
            work.new_id(),
            order,
            work.now_ms(),
            call.result.word(),
            call.note.trim(),
            work.ctx.actor.kind(),
            work.ctx.actor.id()
        ],
    )?;
    work.exec("UPDATE order_places SET calls = calls + 1 WHERE order_id = $1", vals![order])?;
    work.changed(ChangeKind::Order, order);
    work.audit("call.added", "order", order, serde_json::json!({ "result": call.result.word() }));
    Ok(())
}

/// Calls about the order with that id, newest first.
///
/// # Errors
/// Any fault of the store.
pub fn calls(tx: &mut dyn Conn, order: &str) -> Res<Vec<Call>> {
    let rows = tx.all(
        "SELECT c.at_ms, c.result, c.note, COALESCE(u.initials, '') AS initials FROM order_calls c LEFT JOIN users u ON u.id = c.actor \
         AND c.actor_kind = 'user' WHERE c.order_id = $1 ORDER BY c.at_ms DESC, c.id DESC LIMIT $2",
        vals![order, SHOWN_MAX],
    )?;
    let call = |row: &crate::sql::Row| {
        Ok(Call {
            at_ms: row.get("at_ms")?,
            result: CallResult::of(&row.get::<String>("result")?)
                .ok_or(CentralError::Stored { what: "result of a call" })?,
            note: row.get("note")?,
            by: row.get("initials")?,
        })
    };
    rows.iter().map(call).collect()
}
