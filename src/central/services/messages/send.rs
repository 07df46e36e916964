//! What is due to be sent, what a try met, and what is kept of that.

use super::compose::{House, Letter, address_of, compose, language_of};
use super::{Kind, RETRIES_MS, SERVER_FAULTS, STALE_MS, TEXTS_KEPT_MS, track};
use crate::central::error::{CentralError, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;

/// A message that is being sent and not heard of for so long is due again, ms: the server that had it is gone.
pub const CLAIM_MS: i64 = 5 * 60_000;
/// Longest answer of a mail server that is kept, characters.
const ANSWER_CHARS_MAX: usize = 400;
/// Most messages that one sweep takes.
const SWEPT_MAX: i64 = 2_000;

/// A message to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Id.
    pub id: String,
    /// The `Message-ID`, the same for every try.
    pub message_id: String,
    /// Where it goes.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server has it.
    Sent,
    /// Not now; it is tried again.
    Later,
    /// Never; trying again would not help.
    Never,
}

/// What a try met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// How it ended.
    pub outcome: Outcome,
    /// Code of the mail server's answer.
    pub status: Option<u16>,
    /// A word for what went wrong; empty if nothing did.
    pub fault: &'static str,
    /// The mail server's words.
    pub answer: String,
    /// How long it took, ms.
    pub took_ms: i64,
}

/// When the next message is due, UTC ms.
///
/// # Errors
/// Any fault of the store.
pub fn next_due_ms(tx: &mut dyn Conn, site: SiteId, now_ms: i64) -> Res<Option<i64>> {
    let row = tx.one(
        "SELECT next_ms FROM messages WHERE site = $1 AND state IN ('queued', 'sending', 'failed') AND fresh_ms > $2 \
         ORDER BY next_ms, id LIMIT 1",
        vals![site.to_string(), now_ms - STALE_MS],
    )?;
    row.map(|row| Ok(row.at(0)?)).transpose()
}

/// Claims the message that is due first, and writes it if no person did. Nobody else gets it while it is being sent. One that cannot
/// be written is given up, so that it holds up no other: then none, and asking again finds the next.
///
/// # Errors
/// Any fault of the store.
pub fn due(tx: &mut dyn Conn, site: SiteId, house: &House, host: &str, now_ms: i64) -> Res<Option<Claimed>> {
    let row = tx.one(
        "UPDATE messages SET state = 'sending', next_ms = $3, updated_ms = $2 WHERE id = (SELECT m.id FROM messages m \
         WHERE m.site = $1 AND m.state IN ('queued', 'sending', 'failed') AND m.next_ms <= $2 AND m.fresh_ms > $4 \
         ORDER BY m.next_ms, m.id LIMIT 1) AND state IN ('queued', 'sending', 'failed') AND next_ms <= $2 \
         RETURNING id, order_id, kind, part, language, written, recipient, subject, body, message_id",
        vals![site.to_string(), now_ms, now_ms + CLAIM_MS, now_ms - STALE_MS],
    )?;
    let Some(row) = row else { return Ok(None) };
    let id: String = row.get("id")?;
    let letter = match letter(tx, site, house, &row, now_ms) {
        Ok(letter) => letter,
        Err(CentralError::Store(fault)) => return Err(fault.into()),
        Err(error) => {
            tracing::error!(%error, message = id, "a message could not be written; it is given up");
            return give_up(tx, &id, "text", now_ms);
        }
    };
    let Some(to) = letter.to else { return give_up(tx, &id, "address", now_ms) };
    let known: String = row.get("message_id")?;
    // Kept from the first try on: a mail server that got the message before, and could not say so, knows it again.
    let message_id = if known.is_empty() { format!("<{id}@{host}>") } else { known };
    tx.exec(
        "UPDATE messages SET recipient = $2, subject = $3, body = $4, message_id = $5 WHERE id = $1",
        vals![&id, &to, &letter.subject, &letter.body, &message_id],
    )?;
    Ok(Some(Claimed { id, message_id, to, subject: letter.subject, body: letter.body }))
}

/// What a claimed message says: as a person wrote it, or as it said at the first try, else as its order is now.
fn letter(tx: &mut dyn Conn, site: SiteId, house: &House, row: &Row, now_ms: i64) -> Res<Letter> {
    let (subject, body): (String, String) = (row.get("subject")?, row.get("body")?);
    let order: Option<String> = row.get("order_id")?;
    let stored = Some(row.get::<String>("recipient")?).filter(|to| !to.is_empty());
    let to = match (&stored, &order) {
        (None, Some(order)) => address_of(tx, site, order)?.0,
        _ => stored,
    };
    if !body.is_empty() {
        return Ok(Letter { to, subject, body });
    }
    let kind = Kind::of(&row.get::<String>("kind")?).filter(|_| row.get("written").is_ok_and(|written: bool| !written));
    // What a person wrote and is emptied cannot be written again.
    let (Some(order), Some(kind)) = (order, kind) else {
        return Err(CentralError::Stored { what: "text of a message" });
    };
    let token = track::token(tx, site, &order, now_ms)?;
    let (part, lang) = (row.get::<Option<String>>("part")?, language_of(&row.get::<String>("language")?, ""));
    compose(tx, site, house, (&order, kind, part.as_deref()), lang, &token)
}

fn give_up<T>(tx: &mut dyn Conn, id: &str, fault: &str, now_ms: i64) -> Res<Option<T>> {
    tx.exec(
        "UPDATE messages SET state = 'given_up', fault = $2, updated_ms = $3 WHERE id = $1",
        vals![id, fault, now_ms],
    )?;
    Ok(None)
}

/// Notes what a try met: sent, to be tried again later, or given up. When the mail server takes one again, all that it did not take
/// before is due at once.
///
/// # Errors
/// Any fault of the store.
pub fn met(work: &mut Work<'_>, id: &str, met: &Met) -> Res<()> {
    let (site, now_ms) = (work.site(), work.now_ms());
    let row = work.one("SELECT order_id, kind, state, tries FROM messages WHERE id = $1", vals![id])?;
    let Some(row) = row else { return Ok(()) };
    let (order, kind, tries): (Option<String>, String, i64) =
        (row.get("order_id")?, row.get("kind")?, row.get("tries")?);
    let no = work.tx.int("SELECT COALESCE(MAX(no), 0) + 1 FROM message_tries WHERE message = $1", vals![id])?;
    let answer: String = met.answer.chars().take(ANSWER_CHARS_MAX).collect();
    work.exec(
        "INSERT INTO message_tries (message, no, site, at_ms, took_ms, status, fault, answer) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        vals![id, no, &site, now_ms, met.took_ms, met.status.map(i64::from), met.fault, answer.replace('\0', "")],
    )?;
    let wait = usize::try_from(tries).ok().and_then(|place| RETRIES_MS.get(place)).copied();
    let (state, next_ms) = match (met.outcome, wait) {
        (Outcome::Sent, _) => ("sent", now_ms),
        (Outcome::Later, Some(wait)) => ("failed", now_ms + wait),
        (Outcome::Later, None) | (Outcome::Never, _) => ("given_up", now_ms),
    };
    work.exec(
        "UPDATE messages SET state = $2, tries = tries + 1, fault = $3, next_ms = $4, updated_ms = $5 WHERE id = $1",
        vals![id, state, met.fault, next_ms, now_ms],
    )?;
    if met.outcome == Outcome::Sent {
        work.exec(
            "UPDATE messages SET next_ms = $2 WHERE site = $1 AND state = 'failed' AND next_ms > $2 \
             AND fault IN ('connect', 'timeout', 'tls', 'login')",
            vals![&site, now_ms],
        )?;
    }
    let noted = match state {
        "sent" => "message.sent",
        "given_up" => "message.given_up",
        _ => return Ok(()),
    };
    if let Some(order) = order {
        work.audit(noted, "order", order, serde_json::json!({ "kind": kind, "message": id }));
    }
    Ok(())
}

/// What is wrong with the mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// When it was seen last, UTC ms.
    pub at_ms: i64,
    /// A word for it, of [`SERVER_FAULTS`].
    pub fault: String,
    /// Messages that wait for it.
    pub waiting: i64,
}

/// What is wrong with the mail server, by its last answer.
///
/// # Errors
/// Any fault of the store.
pub fn trouble(tx: &mut dyn Conn, site: SiteId) -> Res<Option<Trouble>> {
    let row = tx.one(
        "SELECT at_ms, fault FROM message_tries WHERE site = $1 ORDER BY at_ms DESC, no DESC LIMIT 1",
        vals![site.to_string()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let fault: String = row.at(1)?;
    if !SERVER_FAULTS.contains(&fault.as_str()) {
        return Ok(None);
    }
    let waiting =
        tx.int("SELECT COUNT(*) FROM messages WHERE site = $1 AND state = 'failed'", vals![site.to_string()])?;
    Ok(Some(Trouble { at_ms: row.at(0)?, fault, waiting }).filter(|trouble| trouble.waiting > 0))
}

/// Gives up what waited for longer than [`STALE_MS`], and empties texts older than [`TEXTS_KEPT_MS`]; how many rows.
///
/// # Errors
/// Any fault of the store.
pub fn sweep(tx: &mut dyn Conn, site: SiteId, now_ms: i64) -> Res<u64> {
    let stale = tx.exec(
        "UPDATE messages SET state = 'given_up', fault = 'stale', updated_ms = $2 WHERE id IN (SELECT m.id FROM messages m \
         WHERE m.site = $1 AND m.state IN ('queued', 'sending', 'failed') AND m.fresh_ms <= $3 LIMIT $4)",
        vals![site.to_string(), now_ms, now_ms - STALE_MS, SWEPT_MAX],
    )?;
    let old = tx.exec(
        "UPDATE messages SET recipient = '', subject = '', body = '' WHERE id IN (SELECT m.id FROM messages m \
         WHERE m.site = $1 AND m.body <> '' AND m.created_ms < $2 LIMIT $3)",
        vals![site.to_string(), now_ms - TEXTS_KEPT_MS, SWEPT_MAX],
    )?;
    if old > 0 {
        // A mail server's answer may name the address.
        tx.exec(
            "UPDATE message_tries SET answer = '' WHERE site = $1 AND at_ms < $2 AND answer <> ''",
            vals![site.to_string(), now_ms - TEXTS_KEPT_MS],
        )?;
    }
    Ok(stale + old)
}
