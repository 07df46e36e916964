//! A station is shut out: a machine that was lost, sold or stolen. Its place stays, with what it told, and a new code gives it to another
//! machine. What comes after that, `pair` does.

use crate::central::error::{Refusal, Res};
use crate::central::services::leases;
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;

/// The station of a name; its id.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn id_of_name(tx: &mut dyn Conn, site: SiteId, name: &str) -> Res<String> {
    let row = tx.one("SELECT id FROM stations WHERE site = $1 AND name = $2", vals![site.to_string(), name])?;
    Ok(row.ok_or(Refusal::Missing { entity: "station" })?.at(0)?)
}

/// Ends a station's token and every code that would make a machine that station, frees the work it holds, and burns the numbers it was
/// given: they are in the hands of whoever has the machine.
///
/// # Errors
/// [`Refusal::Missing`] for an unknown station, [`Refusal::State`] if it has no token.
pub fn revoke(work: &mut Work<'_>, id: &str) -> Res<()> {
    let row = work.one("SELECT name FROM stations WHERE site = $1 AND id = $2", vals![work.site(), id])?;
    let name: String = row.ok_or(Refusal::Missing { entity: "station" })?.at(0)?;
    let now = work.now_ms();
    let ended = work.exec(
        "UPDATE stations SET token_hash = NULL, version = version + 1, updated_ms = $2 \
         WHERE id = $1 AND token_hash IS NOT NULL",
        vals![id, now],
    )?;
    work.exec(
        "DELETE FROM pairing_codes WHERE site = $1 AND station_name = $2 AND used_ms IS NULL",
        vals![work.site(), &name],
    )?;
    if ended == 0 {
        return Err(Refusal::State { entity: "station", state: "without a token already".to_owned() }.into());
    }
    work.exec("UPDATE number_blocks SET burnt = 1 WHERE station = $1", vals![id])?;
    leases::free_all(work, id)?;
    work.audit("station.revoked", "station", id, serde_json::json!({}));
    work.hint();
    Ok(())
}
