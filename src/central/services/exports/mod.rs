//! Files of orders that people asked for: what is being written, what is ready, and what is too old. Every asking is in the audit,
//! with the kind of file and whether it holds personal data, never with what was looked for.

use crate::central::error::{Refusal, Res};
use crate::central::services::orders::table::export::Format;
use crate::central::store::work::Work;
use crate::protocol::wire::{SiteId, UserId};
use crate::sql::{Conn, Row};
use crate::vals;

/// Files and their rows are kept for so long, ms.
pub const KEPT_MS: i64 = 24 * 60 * 60 * 1000;
/// Most files that are written for one person at a time.
const RUNNING_MAX: i64 = 3;
/// Most of the newest ones listed.
const LISTED_MAX: i64 = 30;

/// A file of orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Id.
    pub id: String,
    /// Kind of file.
    pub format: String,
    /// What the address of the table said.
    pub query: String,
    /// Personal data goes in.
    pub personal: bool,
    /// `running`, `done`, `stopped` or `failed`.
    pub state: String,
    /// Rows in all, where they were counted.
    pub rows_all: Option<i64>,
    /// Rows written.
    pub rows_done: i64,
    /// Size of the file.
    pub size_bytes: i64,
    /// When it was asked for, UTC ms.
    pub created_ms: i64,
}

const COLUMNS: &str =
    "SELECT id, format, query, personal, state, rows_all, rows_done, size_bytes, created_ms FROM order_exports";

fn export(row: &Row) -> Res<Export> {
    Ok(Export {
        id: row.get("id")?,
        format: row.get("format")?,
        query: row.get("query")?,
        personal: row.get("personal")?,
        state: row.get("state")?,
        rows_all: row.get("rows_all")?,
        rows_done: row.get("rows_done")?,
        size_bytes: row.get("size_bytes")?,
        created_ms: row.get("created_ms")?,
    })
}

/// Notes that a person asked for a file; its id.
///
/// # Errors
/// [`Refusal::Field`] while too many are being written for them.
pub fn begin(
    work: &mut Work<'_>,
    user: UserId,
    (format, personal): (Format, bool),
    query: &str,
    rows_all: Option<i64>,
) -> Res<String> {
    let owner = user.to_string();
    let running =
        work.tx.int("SELECT COUNT(*) FROM order_exports WHERE owner = $1 AND state = 'running'", vals![&owner])?;
    if running >= RUNNING_MAX {
        return Err(Refusal::Field { field: "export", why: "cannot begin: three are being written already" }.into());
    }
    let id = work.new_id();
    work.exec(
        "INSERT INTO order_exports (id, site, owner, format, query, personal, state, rows_all, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, $8)",
        vals![&id, work.site(), owner, format.word(), query, personal, rows_all, work.now_ms()],
    )?;
    let detail = serde_json::json!({ "format": format.word(), "personal": personal });
    work.audit("orders.exported", "export", &id, detail);
    Ok(id)
}

/// Notes how it ended.
///
/// # Errors
/// Any fault of the store.
pub fn end(work: &mut Work<'_>, id: &str, state: &str, rows: i64, size_bytes: i64) -> Res<()> {
    work.exec(
        "UPDATE order_exports SET state = $2, rows_done = $3, size_bytes = $4, finished_ms = $5 \
         WHERE id = $1 AND state = 'running'",
        vals![id, state, rows, size_bytes, work.now_ms()],
    )?;
    Ok(())
}

/// What a server that ended left unfinished is over; how many.
///
/// # Errors
/// Any fault of the store.
pub fn abandon(work: &mut Work<'_>) -> Res<u64> {
    work.exec(
        "UPDATE order_exports SET state = 'failed', finished_ms = $2 WHERE site = $1 AND state = 'running'",
        vals![work.site(), work.now_ms()],
    )
}

/// The newest files a person asked for.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId, user: UserId) -> Res<Vec<Export>> {
    let sql = format!("{COLUMNS} WHERE site = $1 AND owner = $2 ORDER BY created_ms DESC, id DESC LIMIT $3");
    tx.all(&sql, vals![site.to_string(), user.to_string(), LISTED_MAX])?.iter().map(export).collect()
}

/// The file with this id, if it is theirs.
///
/// # Errors
/// [`Refusal::Missing`] if it is not there or somebody else's.
pub fn one(tx: &mut dyn Conn, site: SiteId, user: UserId, id: &str) -> Res<Export> {
    let sql = format!("{COLUMNS} WHERE id = $1 AND site = $2 AND owner = $3");
    let row = tx.one(&sql, vals![id, site.to_string(), user.to_string()])?;
    export(&row.ok_or(Refusal::Missing { entity: "export" })?)
}

/// Whether anything is too old. Costs no write.
///
/// # Errors
/// Any fault of the store.
pub fn any_old(tx: &mut dyn Conn, site: SiteId, before_ms: i64) -> Res<bool> {
    let sql = "SELECT COUNT(*) FROM order_exports WHERE site = $1 AND created_ms < $2";
    Ok(tx.int(sql, vals![site.to_string(), before_ms])? > 0)
}

/// Forgets what is too old; ids and kinds of the files to be removed.
///
/// # Errors
/// Any fault of the store.
pub fn sweep(work: &mut Work<'_>, before_ms: i64) -> Res<Vec<(String, String)>> {
    let rows = work.all(
        "DELETE FROM order_exports WHERE site = $1 AND created_ms < $2 AND state <> 'running' RETURNING id, format",
        vals![work.site(), before_ms],
    )?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// Forgets all that hold personal data, also those that are being written; ids and kinds of the files to be removed.
///
/// # Errors
/// Any fault of the store.
pub fn forget_personal(work: &mut Work<'_>) -> Res<Vec<(String, String)>> {
    let rows = work
        .all("DELETE FROM order_exports WHERE site = $1 AND personal = 1 RETURNING id, format", vals![work.site()])?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}
