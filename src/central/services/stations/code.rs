//! A pairing code: single use, ten minutes, stored as a hash.

use crate::central::error::{Refusal, Res};
use crate::central::secrets;
use crate::central::store::work::Work;
use crate::core::time::UtcMs;
use crate::protocol::wire::pairing::PAIRING_CODE_LIFE_MS;
use crate::vals;

/// Roles a station can have.
const ROLES: [&str; 5] = ["pick", "sort", "pack", "quality", "ship"];

/// A code to be shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCode {
    /// Eight characters.
    pub code: String,
    /// Until when it can be used.
    pub expires: UtcMs,
}

/// Makes a code for a station of that name: a new one, or one that lost its token.
///
/// # Errors
/// [`Refusal::Field`] for a name of no or more than 40 characters, or an unknown role.
pub fn code(work: &mut Work<'_>, station_name: &str, role: &str) -> Res<NewCode> {
    let name = station_name.trim();
    if name.is_empty() || name.chars().count() > 40 || name.contains('\0') {
        return Err(Refusal::Field { field: "name", why: "must have 1 to 40 characters" }.into());
    }
    if !ROLES.contains(&role) {
        return Err(Refusal::Field { field: "role", why: "must be pick, sort, pack, quality or ship" }.into());
    }
    let code = secrets::new_code()?;
    let expires = work.ctx.now.plus_ms(i64::try_from(PAIRING_CODE_LIFE_MS).unwrap_or(0));
    work.exec("DELETE FROM pairing_codes WHERE expires_ms < $1", vals![work.now_ms()])?;
    work.exec(
        "INSERT INTO pairing_codes (code_hash, site, station_name, role, expires_ms, created_by, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        vals![secrets::hash_token(&code), work.site(), name, role, expires.0, work.ctx.actor.id(), work.now_ms()],
    )?;
    work.audit("station.code", "station", name, serde_json::json!({ "role": role }));
    Ok(NewCode { code, expires })
}
