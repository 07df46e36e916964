//! Messages that wait: written by what happens to an order or by a person, taken back, and tried again.

use super::compose::{address_of, usable};
use super::rules::rule;
use super::{Kind, TEST, template};
use crate::central::error::{Refusal, Res};
use crate::central::services::orders::MERGED;
use crate::central::store::work::Work;
use crate::i18n::Lang;
use crate::vals;

/// A row to be written.
struct New<'a> {
    order: Option<&'a str>,
    kind: &'a str,
    part: Option<&'a str>,
    lang: Lang,
    text: Option<(&'a str, &'a str)>,
    to: &'a str,
    delay_ms: i64,
}

fn put(work: &mut Work<'_>, new: &New<'_>) -> Res<String> {
    let id = work.new_id();
    let (subject, body) = new.text.unwrap_or_default();
    work.exec(
        "INSERT INTO messages (id, site, order_id, kind, part, language, written, recipient, subject, body, next_ms, \
         actor_kind, actor, created_ms, fresh_ms, updated_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         $14, $14, $14)",
        vals![
            &id,
            work.site(),
            new.order.map(str::to_owned),
            new.kind,
            new.part.map(str::to_owned),
            new.lang.code(),
            new.text.is_some(),
            new.to,
            subject,
            body,
            work.now_ms() + new.delay_ms,
            work.ctx.actor.kind(),
            work.ctx.actor.id(),
            work.now_ms()
        ],
    )?;
    Ok(id)
}

/// Queues the message of a kind about an order, for one of its parts where that is named; its id. None if the customer has no usable
/// mail address: the order's page says so. It is held for as long as the kind's rule says; whether the kind goes out by itself is
/// not asked. One of the same kind and part that is not sent yet gives way.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such order.
pub fn queue(work: &mut Work<'_>, order: &str, kind: Kind, part: Option<&str>) -> Res<Option<String>> {
    let (to, lang) = address_of(work.tx, work.ctx.site, order)?;
    if to.is_none() {
        return Ok(None);
    }
    let delay_ms = rule(work.tx, work.ctx.site, kind)?.delay_ms;
    work.exec(
        "UPDATE messages SET state = 'taken_back', updated_ms = $4 WHERE order_id = $1 AND kind = $2 \
         AND COALESCE(part, '') = $3 AND written = 0 AND state IN ('queued', 'failed')",
        vals![order, kind.word(), part.unwrap_or_default(), work.now_ms()],
    )?;
    let new = New { order: Some(order), kind: kind.word(), part, lang, text: None, to: "", delay_ms };
    put(work, &new).map(Some)
}

/// [`queue`] for what happens by itself: only if the kind goes out by itself, and never about an order from before or elsewhere.
///
/// # Errors
/// As [`queue`].
pub fn by_rule(work: &mut Work<'_>, order: &str, kind: Kind, part: Option<&str>) -> Res<Option<String>> {
    if !made_here(work, order)? || !rule(work.tx, work.ctx.site, kind)?.active {
        return Ok(None);
    }
    queue(work, order, kind, part)
}

/// The order was typed here or came by a key; what an import brought in tells nobody anything.
pub(super) fn made_here(work: &mut Work<'_>, order: &str) -> Res<bool> {
    let own = work.one(
        "SELECT id FROM orders WHERE id = $1 AND site = $2 AND source IN ('desk', 'api')",
        vals![order, work.site()],
    )?;
    Ok(own.is_some())
}

/// A part of an order is packed and waits for the carrier.
///
/// # Errors
/// As [`queue`].
pub fn packed(work: &mut Work<'_>, order: &str, part: &str) -> Res<()> {
    let open = work.one(
        "SELECT id FROM fulfillments WHERE order_id = $1 AND id <> $2 AND state NOT IN ('packed', 'handed_over', 'cancelled') \
         LIMIT 1",
        vals![order, part],
    )?;
    by_rule(work, order, if open.is_some() { Kind::PartlyPacked } else { Kind::Packed }, Some(part))?;
    Ok(())
}

/// Parcels of an order are with the carrier, `all` of them or some. One message tells it: what waits of packing or of a part that left
/// before gives way.
///
/// # Errors
/// As [`queue`].
pub fn left(work: &mut Work<'_>, order: &str, all: bool) -> Res<()> {
    let kind = if all { Kind::Shipped } else { Kind::PartlyShipped };
    if let Some(id) = by_rule(work, order, kind, None)? {
        work.exec(
            "UPDATE messages SET state = 'taken_back', taken_by = $4, updated_ms = $2 WHERE order_id = $1 AND written = 0 \
             AND kind <> $3 AND kind IN ('packed', 'partly_packed', 'partly_shipped') AND state IN ('queued', 'failed')",
            vals![order, work.now_ms(), kind.word(), id],
        )?;
    }
    Ok(())
}

/// Parcels of an order did not leave after all; `some` of it did. What was to tell that they left is not told; what had given way to it is
/// told after all, held anew. Whether the customer read it already, since `from_ms`.
///
/// # Errors
/// As [`queue`].
pub fn stayed(work: &mut Work<'_>, order: &str, some: bool, from_ms: i64) -> Res<bool> {
    let back = work.all(
        "UPDATE messages SET state = 'taken_back', updated_ms = $2 WHERE order_id = $1 AND written = 0 AND by_stage = '' \
         AND kind IN ('shipped', 'partly_shipped') AND state IN ('queued', 'failed') RETURNING id, kind",
        vals![order, work.now_ms()],
    )?;
    for row in &back {
        let detail = serde_json::json!({ "message": row.at::<String>(0)?, "kind": row.at::<String>(1)? });
        work.audit("message.taken_back", "order", order, detail);
    }
    if !back.is_empty() && some {
        by_rule(work, order, Kind::PartlyShipped, None)?;
    } else if !back.is_empty() {
        for kind in [Kind::Packed, Kind::PartlyPacked] {
            let delay_ms = rule(work.tx, work.ctx.site, kind)?.delay_ms;
            work.exec(
                "UPDATE messages SET state = 'queued', taken_by = '', next_ms = $3, fresh_ms = $4, updated_ms = $4 \
                 WHERE order_id = $1 AND kind = $2 AND state = 'taken_back' AND taken_by IN \
                 (SELECT m.id FROM messages m WHERE m.order_id = $1 AND m.kind IN ('shipped', 'partly_shipped'))",
                vals![order, kind.word(), work.now_ms() + delay_ms, work.now_ms()],
            )?;
        }
    }
    let read = work.one(
        "SELECT id FROM messages WHERE order_id = $1 AND kind IN ('shipped', 'partly_shipped') AND created_ms >= $2 \
         AND state IN ('sending', 'sent') LIMIT 1",
        vals![order, from_ms],
    )?;
    Ok(read.is_some())
}

/// A part of an order was unpacked: what was not told yet is not told.
///
/// # Errors
/// Any fault of the store.
pub fn unpacked(work: &mut Work<'_>, order: &str, part: &str) -> Res<()> {
    work.exec(
        "UPDATE messages SET state = 'taken_back', updated_ms = $3 WHERE order_id = $1 AND part = $2 AND written = 0 \
         AND state IN ('queued', 'failed')",
        vals![order, part, work.now_ms()],
    )?;
    Ok(())
}

/// An order was called off: what waits about it is taken back. A customer who was told of the order is told of its end, unless its goods
/// come with another order that it was merged into.
///
/// # Errors
/// As [`queue`].
pub fn cancelled(work: &mut Work<'_>, order: &str) -> Res<()> {
    work.exec(
        "UPDATE messages SET state = 'taken_back', updated_ms = $2 WHERE order_id = $1 AND written = 0 \
         AND state IN ('queued', 'failed')",
        vals![order, work.now_ms()],
    )?;
    let told = work.one(
        "SELECT m.id FROM messages m JOIN orders o ON o.id = m.order_id WHERE m.order_id = $1 AND m.state IN ('sent', 'sending') \
         AND o.cancel_reason <> $2 LIMIT 1",
        vals![order, MERGED],
    )?;
    if told.is_some() {
        by_rule(work, order, Kind::Cancelled, None)?;
    }
    Ok(())
}

/// A message as a person wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Id of the order.
    pub order: String,
    /// What it tells.
    pub kind: Kind,
    /// Its language.
    pub lang: Lang,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// Queues a message as a person wrote it; its id. It is held as others of its kind are.
///
/// # Errors
/// As [`super::check`]; [`Refusal::Field`] if the customer has no usable mail address.
pub fn write(work: &mut Work<'_>, new: &Written) -> Res<String> {
    let body = new.body.replace("\r\n", "\n");
    template::check(&new.subject, &body)?;
    let Some(to) = address_of(work.tx, work.ctx.site, &new.order)?.0 else {
        return Err(
            Refusal::Field { field: "message.address", why: "is missing: the customer has no usable address" }.into()
        );
    };
    let delay_ms = rule(work.tx, work.ctx.site, new.kind)?.delay_ms;
    let id = put(
        work,
        &New {
            order: Some(&new.order),
            kind: new.kind.word(),
            part: None,
            lang: new.lang,
            text: Some((&new.subject, &body)),
            to: &to,
            delay_ms,
        },
    )?;
    work.audit("message.written", "order", &new.order, serde_json::json!({ "kind": new.kind.word(), "message": id }));
    Ok(id)
}

/// Queues a message that tries the mail server or a template out; it goes at once.
///
/// # Errors
/// As [`super::check`]; [`Refusal::Field`] for an address that is none.
pub fn try_out(work: &mut Work<'_>, to: &str, lang: Lang, text: (&str, &str)) -> Res<String> {
    template::check(text.0, text.1)?;
    let Some(to) = usable(to) else {
        return Err(Refusal::Field { field: "message.address", why: "must be a mail address" }.into());
    };
    let new = New { order: None, kind: TEST, part: None, lang, text: Some(text), to: &to, delay_ms: 0 };
    let id = put(work, &new)?;
    work.audit("message.tried_out", "message", &id, serde_json::json!({ "language": lang.code() }));
    Ok(id)
}

/// Order, kind and state of a message.
fn state(work: &mut Work<'_>, id: &str) -> Res<((Option<String>, String), String)> {
    let row =
        work.one("SELECT order_id, kind, state FROM messages WHERE id = $1 AND site = $2", vals![id, work.site()])?;
    let row = row.ok_or(Refusal::Missing { entity: "message" })?;
    Ok(((row.at(0)?, row.at(1)?), row.at(2)?))
}

fn note(work: &mut Work<'_>, kind: &'static str, id: &str, about: (Option<String>, String)) {
    let detail = serde_json::json!({ "message": id, "kind": about.1 });
    match about.0 {
        Some(order) => work.audit(kind, "order", order, detail),
        None => work.audit(kind, "message", id, detail),
    }
}

/// Takes back a message that is not sent yet.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::State`] once it is on its way.
pub fn take_back(work: &mut Work<'_>, id: &str) -> Res<()> {
    let (about, state) = state(work, id)?;
    if !matches!(state.as_str(), "queued" | "failed") {
        return Err(Refusal::State { entity: "message", state }.into());
    }
    work.exec("UPDATE messages SET state = 'taken_back', updated_ms = $2 WHERE id = $1", vals![id, work.now_ms()])?;
    note(work, "message.taken_back", id, about);
    Ok(())
}

/// Sends a message that is held without waiting any longer.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::State`] for one that is not held.
pub fn send_now(work: &mut Work<'_>, id: &str) -> Res<()> {
    let (about, state) = state(work, id)?;
    if state != "queued" {
        return Err(Refusal::State { entity: "message", state }.into());
    }
    work.exec("UPDATE messages SET next_ms = $2, updated_ms = $2 WHERE id = $1", vals![id, work.now_ms()])?;
    note(work, "message.hurried", id, about);
    Ok(())
}

/// Tries a message again that failed, was given up or taken back. It counts its tries anew, goes where the order says now, and is as
/// fresh as one that was just queued.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::State`] for one that waits or is sent.
pub fn again(work: &mut Work<'_>, id: &str) -> Res<()> {
    let (about, state) = state(work, id)?;
    if !matches!(state.as_str(), "failed" | "given_up" | "taken_back") {
        return Err(Refusal::State { entity: "message", state }.into());
    }
    work.exec(
        "UPDATE messages SET state = 'queued', tries = 0, fault = '', next_ms = $2, fresh_ms = $2, updated_ms = $2, \
         recipient = CASE WHEN order_id IS NULL THEN recipient ELSE '' END, \
         subject = CASE WHEN written = 1 THEN subject ELSE '' END, body = CASE WHEN written = 1 THEN body ELSE '' END \
         WHERE id = $1",
        vals![id, work.now_ms()],
    )?;
    note(work, "message.retried", id, about);
    Ok(())
}

/// Tries everything that failed at once; how many.
///
/// # Errors
/// Any fault of the store.
pub fn again_all(work: &mut Work<'_>) -> Res<u64> {
    let site = work.site();
    let count = work
        .exec("UPDATE messages SET next_ms = $2 WHERE site = $1 AND state = 'failed'", vals![&site, work.now_ms()])?;
    work.audit("message.retried_all", "site", site, serde_json::json!({ "messages": count }));
    Ok(count)
}

/// Sets the language a customer is written to in; none for that of the country.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such order.
pub fn set_language(work: &mut Work<'_>, order: &str, lang: Option<Lang>) -> Res<()> {
    let set = work.exec(
        "UPDATE customers SET language = $3, version = version + 1, updated_ms = $4 \
         WHERE id = (SELECT customer FROM orders WHERE id = $1 AND site = $2)",
        vals![order, work.site(), lang.map_or("", Lang::code), work.now_ms()],
    )?;
    if set == 0 {
        return Err(Refusal::Missing { entity: "order" }.into());
    }
    work.audit("customer.language_set", "order", order, serde_json::json!({ "language": lang.map(Lang::code) }));
    Ok(())
}
