//! Messages as people and programs read them.

use super::compose::address_of;
use crate::central::error::{Refusal, Res};
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, Row, Val, desc};
use crate::vals;
use std::collections::BTreeMap;

/// Most messages of an order that are listed.
const OF_ORDER_MAX: i64 = 100;

/// Which messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// All.
    #[default]
    All,
    /// Held, due, or being sent.
    Queued,
    /// Not taken yet, and tried again.
    Failed,
    /// Given up.
    GivenUp,
    /// Sent.
    Sent,
}

impl Shown {
    /// All, in the order people are shown.
    pub const ALL: [Shown; 5] = [Shown::All, Shown::Queued, Shown::Failed, Shown::GivenUp, Shown::Sent];

    /// The word in an address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Shown::All => "all",
            Shown::Queued => "queued",
            Shown::Failed => "failed",
            Shown::GivenUp => "given-up",
            Shown::Sent => "sent",
        }
    }

    /// What a word shows; all for one that is not known.
    #[must_use]
    pub fn of(word: &str) -> Shown {
        Shown::ALL.into_iter().find(|shown| shown.word() == word).unwrap_or_default()
    }

    const fn states(self) -> &'static [&'static str] {
        match self {
            Shown::All => &[],
            Shown::Queued => &["queued", "sending"],
            Shown::Failed => &["failed"],
            Shown::GivenUp => &["given_up"],
            Shown::Sent => &["sent"],
        }
    }
}

/// A try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Try {
    /// When it ended, UTC ms.
    pub at_ms: i64,
    /// How long it took, ms.
    pub took_ms: i64,
    /// Code of the mail server's answer.
    pub status: Option<u16>,
    /// A word for what went wrong, or empty.
    pub fault: String,
    /// The mail server's words: they may name a person's address.
    pub answer: String,
}

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageRow {
    /// Id.
    pub id: String,
    /// Number of the order; none for one that tries something out.
    pub order: Option<String>,
    /// Word of its kind.
    pub kind: String,
    /// Language.
    pub language: String,
    /// A person wrote it.
    pub written: bool,
    /// Code of the stage that sends it by itself, or empty.
    pub stage: String,
    /// That stage's names, by language.
    pub stage_names: BTreeMap<String, String>,
    /// Where it goes or went: personal data. Empty for one that is old.
    pub recipient: String,
    /// Subject, empty until it was written.
    pub subject: String,
    /// Text, empty until it was written.
    pub body: String,
    /// State.
    pub state: String,
    /// Tries since it was queued.
    pub tries: i64,
    /// When the next try is due, UTC ms.
    pub next_ms: i64,
    /// Why the last try failed, or empty.
    pub fault: String,
    /// When it was queued, UTC ms.
    pub created_ms: i64,
    /// When it last changed, UTC ms.
    pub updated_ms: i64,
}

const SELECT: &str = "SELECT m.id, o.number, m.order_id, m.kind, m.language, m.written, m.recipient, m.subject, m.body, m.state, \
    m.tries, m.next_ms, m.fault, m.created_ms, m.updated_ms, s.code AS stage, s.names AS stage_names FROM messages m \
    LEFT JOIN orders o ON o.id = m.order_id LEFT JOIN pipeline_stages s ON s.id = m.by_stage";

fn read(tx: &mut dyn Conn, site: SiteId, row: &Row) -> Res<MessageRow> {
    let (state, mut recipient): (String, String) = (row.get("state")?, row.get("recipient")?);
    // What was not tried yet goes where the order says now.
    if recipient.is_empty()
        && state == "queued"
        && let Some(order) = row.get::<Option<String>>("order_id")?
    {
        recipient = address_of(tx, site, &order)?.0.unwrap_or_default();
    }
    Ok(MessageRow {
        id: row.get("id")?,
        order: row.get("number")?,
        kind: row.get("kind")?,
        language: row.get("language")?,
        written: row.get("written")?,
        stage: row.get::<Option<String>>("stage")?.unwrap_or_default(),
        // A name that cannot be read is no reason to show no mail.
        stage_names: row
            .get::<Option<String>>("stage_names")?
            .and_then(|names| serde_json::from_str(&names).ok())
            .unwrap_or_default(),
        recipient,
        subject: row.get("subject")?,
        body: row.get("body")?,
        state,
        tries: row.get("tries")?,
        next_ms: row.get("next_ms")?,
        fault: row.get("fault")?,
        created_ms: row.get("created_ms")?,
        updated_ms: row.get("updated_ms")?,
    })
}

/// One page, newest first, and the cursor of the next.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another list; any fault of the store.
pub fn page(
    tx: &mut dyn Conn,
    site: SiteId,
    shown: Shown,
    order: Option<&str>,
    cursor: Option<&str>,
    rows: u32,
) -> Res<(Vec<MessageRow>, Option<String>)> {
    let mut query = Query::new(&format!("{SELECT} WHERE 1 = 1"));
    query.push(" AND m.site = ?", vals![site.to_string()]);
    query.when(" AND m.order_id = ?", order.map(str::to_owned));
    let states: Vec<Val> = shown.states().iter().map(|state| Val::from(*state)).collect();
    if !states.is_empty() {
        query.any_of("m.state", &states);
    }
    let page = query.page(tx, &[desc("m.created_ms"), desc("m.id")], cursor, rows)?;
    let all = page.rows.iter().map(|row| read(tx, site, row)).collect::<Res<_>>()?;
    Ok((all, page.next))
}

/// Messages of an order, newest first.
///
/// # Errors
/// Any fault of the store.
pub fn of_order(tx: &mut dyn Conn, site: SiteId, order: &str) -> Res<Vec<MessageRow>> {
    let sql = format!("{SELECT} WHERE m.order_id = $1 AND m.site = $2 ORDER BY m.created_ms DESC, m.id DESC LIMIT $3");
    let rows = tx.all(&sql, vals![order, site.to_string(), OF_ORDER_MAX])?;
    rows.iter().map(|row| read(tx, site, row)).collect()
}

/// One message with its tries, oldest first.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn one(tx: &mut dyn Conn, site: SiteId, id: &str) -> Res<(MessageRow, Vec<Try>)> {
    let row = tx.one(&format!("{SELECT} WHERE m.id = $1 AND m.site = $2"), vals![id, site.to_string()])?;
    let row = read(tx, site, &row.ok_or(Refusal::Missing { entity: "message" })?)?;
    let tries = tx.all(
        "SELECT at_ms, took_ms, status, fault, answer FROM message_tries WHERE message = $1 ORDER BY no LIMIT 100",
        vals![id],
    )?;
    let one = |row: &Row| -> Res<Try> {
        let status = row.get::<Option<i64>>("status")?.and_then(|status| u16::try_from(status).ok());
        let (at_ms, took_ms) = (row.get("at_ms")?, row.get("took_ms")?);
        Ok(Try { at_ms, took_ms, status, fault: row.get("fault")?, answer: row.get("answer")? })
    };
    Ok((row, tries.iter().map(one).collect::<Res<_>>()?))
}

/// How many wait, failed, and were given up in the last days.
///
/// # Errors
/// Any fault of the store.
pub fn counts(tx: &mut dyn Conn, site: SiteId) -> Res<[i64; 3]> {
    let mut counts = [0; 3];
    for (count, shown) in counts.iter_mut().zip([Shown::Queued, Shown::Failed, Shown::GivenUp]) {
        for state in shown.states() {
            *count += tx
                .int("SELECT COUNT(*) FROM messages WHERE site = $1 AND state = $2", vals![site.to_string(), *state])?;
        }
    }
    Ok(counts)
}
