//! Saved views: what the address of the table says, under a name, for oneself or for everybody; the columns a person set last;
//! and when they last looked.

use crate::central::error::{Refusal, Res};
use crate::central::store::work::Work;
use crate::protocol::wire::{SiteId, UserId};
use crate::sql::Conn;
use crate::vals;

/// Longest name, characters.
pub const NAME_MAX: usize = 40;
/// Longest address, bytes.
pub const QUERY_MAX: usize = 2_000;
/// Most views of one person.
const VIEWS_MAX: i64 = 50;
/// New orders are counted up to here.
pub const NEW_MAX: i64 = 100;

/// A saved view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Everybody's to use.
    pub shared: bool,
    /// It is the reader's own.
    pub own: bool,
    /// What the address says.
    pub query: String,
}

/// The views a person may use: their own and the shared ones, by name.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId, user: UserId) -> Res<Vec<View>> {
    let rows = tx.all(
        "SELECT id, name, shared, owner, query FROM order_views WHERE site = $1 AND name <> '' \
         AND (owner = $2 OR shared = 1) ORDER BY name, id LIMIT 200",
        vals![site.to_string(), user.to_string()],
    )?;
    let view = |row: &crate::sql::Row| {
        Ok(View {
            id: row.get("id")?,
            name: row.get("name")?,
            shared: row.get("shared")?,
            own: row.get::<String>("owner")? == user.to_string(),
            query: row.get("query")?,
        })
    };
    rows.iter().map(view).collect()
}

/// The columns a person set last; empty if they never did.
///
/// # Errors
/// Any fault of the store.
pub fn columns(tx: &mut dyn Conn, site: SiteId, user: UserId) -> Res<String> {
    let row = tx.one(
        "SELECT query FROM order_views WHERE site = $1 AND owner = $2 AND name = ''",
        vals![site.to_string(), user.to_string()],
    )?;
    Ok(row.map(|row| row.at(0)).transpose()?.unwrap_or_default())
}

/// Saves a view under a name; a view of that name of the same person is replaced. Without a name: the columns set last.
///
/// # Errors
/// [`Refusal::Field`] for a name or an address out of bounds, or one view too many.
pub fn save(work: &mut Work<'_>, user: UserId, name: &str, query: &str, shared: bool) -> Res<()> {
    let name = name.trim();
    if name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Refusal::Field { field: "name", why: "must have at most 40 characters" }.into());
    }
    if query.len() > QUERY_MAX || query.contains('\0') {
        return Err(Refusal::Field { field: "view", why: "is too long to be saved" }.into());
    }
    let owner = user.to_string();
    let all = work.tx.int("SELECT COUNT(*) FROM order_views WHERE owner = $1 AND name <> $2", vals![&owner, name])?;
    if all >= VIEWS_MAX {
        return Err(Refusal::Field { field: "view", why: "cannot be saved: there are fifty already" }.into());
    }
    let id = work.new_id();
    work.exec(
        "INSERT INTO order_views (id, site, owner, name, shared, query, updated_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (site, owner, name) DO UPDATE SET shared = excluded.shared, query = excluded.query, \
         updated_ms = excluded.updated_ms",
        vals![id, work.site(), owner, name, shared, query, work.now_ms()],
    )?;
    Ok(())
}

/// Takes a view of one's own away.
///
/// # Errors
/// [`Refusal::Missing`] if it is not there or somebody else's.
pub fn remove(work: &mut Work<'_>, user: UserId, id: &str) -> Res<()> {
    let gone = work.exec(
        "DELETE FROM order_views WHERE id = $1 AND site = $2 AND owner = $3",
        vals![id, work.site(), user.to_string()],
    )?;
    if gone == 0 { Err(Refusal::Missing { entity: "view" }.into()) } else { Ok(()) }
}

/// When a person last had the newest orders before their eyes, UTC ms; 0 if never.
///
/// # Errors
/// Any fault of the store.
pub fn last_look_ms(tx: &mut dyn Conn, user: UserId) -> Res<i64> {
    let row = tx.one("SELECT seen_ms FROM order_looks WHERE user_id = $1", vals![user.to_string()])?;
    Ok(row.map(|row| row.at(0)).transpose()?.unwrap_or(0))
}

/// Orders placed after a moment, counted up to [`NEW_MAX`].
///
/// # Errors
/// Any fault of the store.
pub fn placed_since(tx: &mut dyn Conn, site: SiteId, since_ms: i64) -> Res<i64> {
    Ok(tx.int(
        "SELECT COUNT(*) FROM (SELECT 1 AS one FROM orders WHERE site = $1 AND placed_ms > $2 LIMIT $3) t",
        vals![site.to_string(), since_ms, NEW_MAX],
    )?)
}

/// They look now.
///
/// # Errors
/// Any fault of the store.
pub fn look(work: &mut Work<'_>, user: UserId) -> Res<()> {
    work.exec(
        "INSERT INTO order_looks (user_id, seen_ms) VALUES ($1, $2) \
         ON CONFLICT (user_id) DO UPDATE SET seen_ms = excluded.seen_ms",
        vals![user.to_string(), work.now_ms()],
    )?;
    Ok(())
}
