//! The list of entries, newest first, filtered and paged.

use crate::central::error::Res;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, asc, desc};
use crate::vals;

/// Entries of a page.
pub const PAGE_ROWS: u32 = 100;

/// What to show. Empty fields do not filter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Kind of change, such as `order.cancelled`.
    pub kind: String,
    /// Id of who did it.
    pub actor: String,
    /// Id of the record.
    pub entity_id: String,
    /// From this moment on, UTC ms.
    pub from_ms: Option<i64>,
    /// Before this moment, UTC ms.
    pub until_ms: Option<i64>,
}

/// One entry. `who` and `what` are looked up at reading: they are not part of the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its id.
    pub id: String,
    /// Its place in the chain; none from before the chain.
    pub no: Option<i64>,
    /// When, UTC ms.
    pub at_ms: i64,
    /// `user`, `station`, `key` or `job`.
    pub actor_kind: String,
    /// Id of who.
    pub actor: String,
    /// Initials, station's name or key's name; empty where it is gone.
    pub who: String,
    /// What.
    pub kind: String,
    /// Kind of record.
    pub entity: String,
    /// Id of the record.
    pub entity_id: String,
    /// Number or name of the record; empty where it has none.
    pub what: String,
    /// Details as JSON.
    pub detail: String,
    /// Hash of the entry.
    pub hash: Option<String>,
}

/// A page of entries and where the next one begins.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor that is not of this list; any fault of the store.
pub fn list(
    tx: &mut dyn Conn,
    site: SiteId,
    filter: &Filter,
    cursor: Option<&str>,
    rows_max: u32,
) -> Res<(Vec<AuditRow>, Option<String>)> {
    let mut query = Query::new(
        "SELECT a.id, a.no, a.at_ms, a.actor_kind, a.actor, a.kind, a.entity, a.entity_id, a.detail, a.hash, \
         COALESCE(u.initials, s.name, k.name, '') AS who, COALESCE(o.number, p.sku, e.login, t.name, g.name, '') AS what \
         FROM audit a LEFT JOIN users u ON u.id = a.actor LEFT JOIN stations s ON s.id = a.actor \
         LEFT JOIN api_keys k ON k.id = a.actor LEFT JOIN orders o ON o.id = a.entity_id \
         LEFT JOIN products p ON p.id = a.entity_id LEFT JOIN users e ON e.id = a.entity_id \
         LEFT JOIN stations t ON t.id = a.entity_id LEFT JOIN api_keys g ON g.id = a.entity_id WHERE 1 = 1",
    );
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    query.push(" AND a.site = ?", vals![site.to_string()]);
    query.when(" AND a.kind = ?", some(&filter.kind));
    query.when(" AND a.actor = ?", some(&filter.actor));
    query.when(" AND a.entity_id = ?", some(&filter.entity_id));
    query.when(" AND a.at_ms >= ?", filter.from_ms);
    query.when(" AND a.at_ms < ?", filter.until_ms);
    let page = query.page(tx, &[desc("a.at_ms"), desc("a.id")], cursor, rows_max)?;
    let mut rows = Vec::with_capacity(page.rows.len());
    for row in &page.rows {
        rows.push(AuditRow {
            id: row.get("id")?,
            no: row.get("no")?,
            at_ms: row.get("at_ms")?,
            actor_kind: row.get("actor_kind")?,
            actor: row.get("actor")?,
            who: row.get("who")?,
            kind: row.get("kind")?,
            entity: row.get("entity")?,
            entity_id: row.get("entity_id")?,
            what: row.get("what")?,
            detail: row.get("detail")?,
            hash: row.get("hash")?,
        });
    }
    Ok((rows, page.next))
}

/// Every kind of change that occurs, for the filter; at most 200.
///
/// # Errors
/// Any fault of the store.
pub fn kinds(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<String>> {
    let mut query = Query::new("SELECT DISTINCT kind FROM audit WHERE 1 = 1");
    query.push(" AND site = ?", vals![site.to_string()]);
    query.order(&[asc("kind")]).push(" LIMIT 200", &[]);
    let rows = query.all(tx)?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}
