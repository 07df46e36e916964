//! Payment reminders that go by themselves: who owes for longer than the site's rules say is written to, again after some days, and no
//! more than so many times. It ends when the order is paid, held or called off, or when somebody ticks that this order is left alone.

use super::Kind;
use super::queue::queue;
use super::rules::{Rule, rule, set_rule};
use crate::central::actor::Actor;
use crate::central::error::{Refusal, Res};
use crate::central::services::orders::table::OFFICE_HOLD;
use crate::central::store::work::Work;
use crate::protocol::wire::{ChangeKind, SiteId};
use crate::sql::Conn;
use crate::vals;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Most reminders of one transaction.
pub const REMINDED_MAX: u32 = 100;
/// Longest time of a rule, days.
pub const DAYS_MAX: i64 = 365;
/// Most reminders of one order.
pub const TIMES_MAX: i64 = 9;
const JOB: &str = "reminders";

/// Who reminds.
#[must_use]
pub const fn reminder() -> Actor {
    Actor::Job(JOB)
}

/// The rules of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Reminders go by themselves.
    pub active: bool,
    /// So long each can be taken back, ms.
    pub delay_ms: i64,
    /// The first goes so many days after the order, where it is to be paid at once.
    pub order_days: i64,
    /// The first goes so many days after the day of payment, where the order has terms.
    pub due_days: i64,
    /// Days from one to the next.
    pub every_days: i64,
    /// Most of them.
    pub times: i64,
    /// Template of the last of several: [`Kind::PaymentReminder`] or [`Kind::PaymentFinal`].
    pub last: Kind,
}

impl Plan {
    /// What holds where nobody said otherwise.
    const fn shipped(rule: Rule) -> Plan {
        Plan {
            active: rule.active,
            delay_ms: rule.delay_ms,
            order_days: 7,
            due_days: 3,
            every_days: 7,
            times: 3,
            last: Kind::PaymentFinal,
        }
    }

    const fn kind(&self, nth: i64) -> Kind {
        if nth >= self.times && self.times > 1 { self.last } else { Kind::PaymentReminder }
    }
}

/// The rules, and since when they hold, UTC ms; none where nobody looked since they were switched on.
fn stored(tx: &mut dyn Conn, site: SiteId) -> Res<(Plan, Option<i64>)> {
    let shipped = Plan::shipped(rule(tx, site, Kind::PaymentReminder)?);
    let row = tx.one(
        "SELECT order_days, due_days, every_days, times, last_kind, since_ms FROM payment_reminder_rules WHERE site = $1",
        vals![site.to_string()],
    )?;
    let Some(row) = row else { return Ok((shipped, None)) };
    let plan = Plan {
        order_days: row.get("order_days")?,
        due_days: row.get("due_days")?,
        every_days: row.get("every_days")?,
        times: row.get("times")?,
        last: Kind::of(&row.get::<String>("last_kind")?).unwrap_or(Kind::PaymentReminder),
        ..shipped
    };
    Ok((plan, Some(row.get::<i64>("since_ms")?).filter(|since| *since > 0)))
}

/// The rules of a site.
///
/// # Errors
/// Any fault of the store.
pub fn plan(tx: &mut dyn Conn, site: SiteId) -> Res<Plan> {
    Ok(stored(tx, site)?.0)
}

/// Sets them. Switched on, they hold for reminders that fall due from now on.
///
/// # Errors
/// [`Refusal::Field`] for days, times or a template that cannot be; those of [`set_rule`].
pub fn set_plan(work: &mut Work<'_>, plan: Plan) -> Res<()> {
    let days = |least: i64, days: i64| (least..=DAYS_MAX).contains(&days);
    if !days(0, plan.order_days) || !days(0, plan.due_days) || !days(1, plan.every_days) {
        return Err(Refusal::Field { field: "reminding.days", why: "must be at most 365" }.into());
    }
    if !(1..=TIMES_MAX).contains(&plan.times) {
        return Err(Refusal::Field { field: "reminding.times", why: "must be 1 to 9" }.into());
    }
    if !matches!(plan.last, Kind::PaymentReminder | Kind::PaymentFinal) {
        return Err(Refusal::Field { field: "reminding.last", why: "must be a template of a payment reminder" }.into());
    }
    let (before, since) = stored(work.tx, work.ctx.site)?;
    set_rule(work, Rule { kind: Kind::PaymentReminder, active: plan.active, delay_ms: plan.delay_ms })?;
    let since_ms =
        since.filter(|_| before.active && plan.active).unwrap_or(if plan.active { work.now_ms() } else { 0 });
    put(work, &plan, since_ms)?;
    let detail = serde_json::json!({
        "active": plan.active, "order_days": plan.order_days, "due_days": plan.due_days, "every_days": plan.every_days,
        "times": plan.times, "last": plan.last.word(),
    });
    let site = work.site();
    work.audit("payment_reminders.set", "site", site, detail);
    Ok(())
}

fn put(work: &mut Work<'_>, plan: &Plan, since_ms: i64) -> Res<()> {
    work.exec(
        "INSERT INTO payment_reminder_rules (site, order_days, due_days, every_days, times, last_kind, since_ms, updated_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (site) DO UPDATE SET order_days = excluded.order_days, \
         due_days = excluded.due_days, every_days = excluded.every_days, times = excluded.times, last_kind = excluded.last_kind, \
         since_ms = excluded.since_ms, updated_ms = excluded.updated_ms",
        vals![
            work.site(), plan.order_days, plan.due_days, plan.every_days, plan.times, plan.last.word(), since_ms,
            work.now_ms()
        ],
    )?;
    Ok(())
}

/// The order `o`, whose reminders are the row `r` if it has any, is one to remind of: made here, open, owed, not held, not left alone.
fn owed() -> String {
    format!(
        "o.status = 'placed' AND o.is_open = 1 AND o.source IN ('desk', 'api') \
         AND o.payment_status IN ('none', 'partially_paid', 'failed', 'voided') AND o.total_minor > o.paid_minor \
         AND o.flag_fraud = 0 AND COALESCE(r.off, 0) = 0 AND NOT EXISTS (SELECT 1 FROM fulfillments h WHERE h.order_id = o.id \
         AND h.state = 'blocked' AND h.hold_reason LIKE '{OFFICE_HOLD}%') \
         AND NOT EXISTS (SELECT 1 FROM order_places op JOIN pipeline_stages ps ON ps.id = op.stage WHERE op.order_id = o.id \
         AND op.by_hand = 1 AND ps.follows = 'held')"
    )
}

/// When the first reminder of the order `o` goes, UTC ms; nothing while it is to be paid on a delivery that nobody told yet. `$2` are the
/// days after the order, `$3` those after the day of payment.
const FIRST_MS: &str = "CASE o.terms WHEN 'on_delivery' THEN (SELECT d.at_ms FROM order_deliveries d WHERE d.order_id = o.id) \
    + CAST($3 AS BIGINT) * 86400000 WHEN 'net7' THEN o.placed_ms + (7 + CAST($3 AS BIGINT)) * 86400000 \
    WHEN 'net14' THEN o.placed_ms + (14 + CAST($3 AS BIGINT)) * 86400000 \
    WHEN 'net30' THEN o.placed_ms + (30 + CAST($3 AS BIGINT)) * 86400000 \
    WHEN 'net60' THEN o.placed_ms + (60 + CAST($3 AS BIGINT)) * 86400000 \
    ELSE o.placed_ms + CAST($2 AS BIGINT) * 86400000 END";

/// An order whose customer is to be reminded now, and how often that was done.
type Due = (String, i64);

fn due(tx: &mut dyn Conn, site: SiteId, (plan, since_ms): (&Plan, i64), now_ms: i64, most: u32) -> Res<Vec<Due>> {
    let sql = format!(
        "SELECT c.id, c.times FROM (SELECT o.id, COALESCE(r.times, 0) AS times, COALESCE(r.last_ms, 0) AS last_ms, {FIRST_MS} AS first_ms \
         FROM orders o LEFT JOIN payment_reminders r ON r.order_id = o.id WHERE o.site = $1 AND {}) c \
         WHERE c.first_ms <= CAST($4 AS BIGINT) AND c.first_ms >= CAST($5 AS BIGINT) AND c.times < CAST($6 AS BIGINT) \
         AND (c.last_ms = 0 OR c.last_ms <= CAST($7 AS BIGINT)) ORDER BY c.first_ms, c.id LIMIT $8",
        owed()
    );
    let rows = tx.all(
        &sql,
        vals![
            site.to_string(),
            plan.order_days,
            plan.due_days,
            now_ms,
            since_ms,
            plan.times,
            now_ms - plan.every_days * DAY_MS,
            i64::from(most)
        ],
    )?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// Is there anything for [`remind`] to do? `whole` asks for orders that fall due, too, and not only for reminders to be taken back.
///
/// # Errors
/// Any fault of the store.
pub fn any_due(tx: &mut dyn Conn, site: SiteId, now_ms: i64, whole: bool) -> Res<bool> {
    let sql = format!("SELECT m.id FROM messages m WHERE m.site = $1 AND {} LIMIT 1", settled("m"));
    if tx.one(&sql, vals![site.to_string()])?.is_some() {
        return Ok(true);
    }
    let (plan, since) = stored(tx, site)?;
    if !whole || !plan.active {
        return Ok(false);
    }
    let Some(since_ms) = since else { return Ok(true) };
    Ok(!due(tx, site, (&plan, since_ms), now_ms, 1)?.is_empty())
}

/// Writes reminders that are due at the transaction's moment, at most [`REMINDED_MAX`], and takes back those that wait and have no reason
/// any more; how many were written.
///
/// # Errors
/// Any fault of the store.
pub fn remind(work: &mut Work<'_>) -> Res<u32> {
    take_back(work, None)?;
    let (plan, since) = stored(work.tx, work.ctx.site)?;
    if !plan.active {
        return Ok(0);
    }
    let Some(since_ms) = since else {
        // Ticked before there were rules: they hold from now on.
        put(work, &plan, work.now_ms())?;
        return Ok(0);
    };
    let (mut written, now_ms) = (0, work.now_ms());
    for (order, times) in due(work.tx, work.ctx.site, (&plan, since_ms), now_ms, REMINDED_MAX)? {
        let (nth, kind) = (times + 1, plan.kind(times + 1));
        let message = queue(work, &order, kind, None)?;
        work.exec(
            "INSERT INTO payment_reminders (order_id, times, last_ms, updated_ms) VALUES ($1, $2, $3, $3) \
             ON CONFLICT (order_id) DO UPDATE SET times = excluded.times, last_ms = excluded.last_ms, updated_ms = excluded.updated_ms",
            // Who has no address is looked at again after as many days.
            vals![&order, if message.is_some() { nth } else { times }, work.now_ms()],
        )?;
        if let Some(message) = message {
            let detail = serde_json::json!({ "kind": kind.word(), "message": message, "nth": nth, "of": plan.times });
            work.audit("message.queued", "order", &order, detail);
            work.changed(ChangeKind::Order, &order);
            written += 1;
        }
    }
    Ok(written)
}

/// The message `m` reminds by itself, waits, and has no reason any more.
fn settled(m: &str) -> String {
    format!(
        "{m}.state IN ('queued', 'failed') AND {m}.written = 0 AND {m}.actor_kind = 'job' AND {m}.actor = '{JOB}' \
         AND NOT EXISTS (SELECT 1 FROM orders o LEFT JOIN payment_reminders r ON r.order_id = o.id WHERE o.id = {m}.order_id AND {})",
        owed()
    )
}

/// Takes back reminders that wait and have no reason any more: of one order, or of all.
fn take_back(work: &mut Work<'_>, order: Option<&str>) -> Res<()> {
    let (of, id) = match order {
        Some(order) => ("order_id = $1", order.to_owned()),
        None => ("site = $1", work.site()),
    };
    let rows = work.all(
        &format!(
            "UPDATE messages SET state = 'taken_back', updated_ms = $2 WHERE {of} AND {} RETURNING id, order_id, kind",
            settled("messages")
        ),
        vals![id, work.now_ms()],
    )?;
    for row in rows {
        let detail = serde_json::json!({ "message": row.at::<String>(0)?, "kind": row.at::<String>(2)? });
        work.audit("message.taken_back", "order", row.at::<String>(1)?, detail);
    }
    Ok(())
}

/// Something about what an order owes changed: a reminder that waits and has no reason any more is taken back.
///
/// # Errors
/// Any fault of the store.
pub fn owes(work: &mut Work<'_>, order: &str) -> Res<()> {
    take_back(work, Some(order))
}

/// Leaves an order alone, or reminds of it again.
///
/// # Errors
/// [`Refusal::Missing`] if there is no such order.
pub fn leave_alone(work: &mut Work<'_>, order: &str, off: bool) -> Res<()> {
    let here = work.one("SELECT id FROM orders WHERE id = $1 AND site = $2", vals![order, work.site()])?;
    here.ok_or(Refusal::Missing { entity: "order" })?;
    let changed = work.exec(
        "INSERT INTO payment_reminders (order_id, off, updated_ms) VALUES ($1, $2, $3) ON CONFLICT (order_id) DO UPDATE \
         SET off = excluded.off, updated_ms = excluded.updated_ms WHERE payment_reminders.off <> excluded.off",
        vals![order, off, work.now_ms()],
    )?;
    if changed > 0 {
        let kind = if off { "order.reminders_off" } else { "order.reminders_on" };
        work.audit(kind, "order", order, serde_json::json!({}));
        work.changed(ChangeKind::Order, order);
    }
    take_back(work, Some(order))
}

/// How an order stands with its reminders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// Somebody ticked that it is left alone.
    pub off: bool,
    /// Reminders that went by themselves, and how many go at most.
    pub times: (i64, i64),
    /// When the next goes, UTC ms, if nothing is paid until then.
    pub next_ms: Option<i64>,
}

/// How the order with this id stands; none where the house reminds nobody by itself, or where nothing of it is owed.
///
/// # Errors
/// Any fault of the store.
pub fn outlook(tx: &mut dyn Conn, site: SiteId, order: &str) -> Res<Option<Outlook>> {
    let (plan, since) = stored(tx, site)?;
    if !plan.active {
        return Ok(None);
    }
    let sql = format!(
        "SELECT COALESCE(r.off, 0) AS off, COALESCE(r.times, 0) AS times, COALESCE(r.last_ms, 0) AS last_ms, {FIRST_MS} AS first_ms, \
         CASE WHEN {} THEN 1 ELSE 0 END AS owed FROM orders o LEFT JOIN payment_reminders r ON r.order_id = o.id WHERE o.id = $1 \
         AND o.status = 'placed' AND o.is_open = 1 AND o.source IN ('desk', 'api') AND o.total_minor > o.paid_minor",
        owed()
    );
    let Some(row) = tx.one(&sql, vals![order, plan.order_days, plan.due_days])? else { return Ok(None) };
    let (times, last_ms): (i64, i64) = (row.get("times")?, row.get("last_ms")?);
    let first_ms = row.get::<Option<i64>>("first_ms")?;
    let later = |first: i64| if last_ms > 0 { last_ms + plan.every_days * DAY_MS } else { first };
    let counts = |first: &i64| times < plan.times && since.is_none_or(|since| *first >= since);
    let next_ms = first_ms.filter(counts).map(later).filter(|_| row.get::<bool>("owed").is_ok_and(|owed| owed));
    Ok(Some(Outlook { off: row.get("off")?, times: (times, plan.times), next_ms }))
}

#[cfg(test)]
mod tests {
    use super::super::DELAY_MS;
    use super::{Kind, Plan, Rule};

    #[test]
    fn the_last_of_several_has_its_own_words() {
        let plan = Plan::shipped(Rule { kind: Kind::PaymentReminder, active: true, delay_ms: DELAY_MS });
        assert_eq!(
            [1, 2, 3].map(|nth| plan.kind(nth)),
            [Kind::PaymentReminder, Kind::PaymentReminder, Kind::PaymentFinal]
        );
        assert_eq!(Plan { times: 1, ..plan }.kind(1), Kind::PaymentReminder, "the only one is no last one");
        assert_eq!(Plan { last: Kind::PaymentReminder, ..plan }.kind(3), Kind::PaymentReminder);
    }
}
