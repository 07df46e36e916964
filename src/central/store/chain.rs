//! The chain of the audit: how an entry is hashed, and the check of a whole chain against the head that the site holds.

use crate::central::error::Res;
use crate::central::secrets::hex;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;
use sha2::{Digest as _, Sha256};

/// Entries read at once while checking.
const STRIDE: i64 = 1_000;

/// What of an entry is hashed.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// Its place, from 1 without a hole.
    pub no: i64,
    /// When, UTC ms.
    pub at_ms: i64,
    /// Kind of who.
    pub actor_kind: &'a str,
    /// Who.
    pub actor: &'a str,
    /// What.
    pub kind: &'a str,
    /// Kind of record.
    pub entity: &'a str,
    /// Which record.
    pub entity_id: &'a str,
    /// Details as JSON, as stored.
    pub detail: &'a str,
}

/// SHA-256 over the hash before and every field with its length in front, as 64 hexadecimal digits. The lengths keep two
/// entries from reading alike when a character moves from one field to the next.
#[must_use]
pub fn hash_of(before: &str, link: &Link<'_>) -> String {
    let mut hash = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    field(before.as_bytes());
    field(&link.no.to_be_bytes());
    field(&link.at_ms.to_be_bytes());
    for text in [link.actor_kind, link.actor, link.kind, link.entity, link.entity_id, link.detail] {
        field(text.as_bytes());
    }
    hex(&hash.finalize())
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// All entries are as they were written.
    Whole {
        /// How many.
        entries: i64,
        /// Hash of the last; who keeps it elsewhere can prove that nothing before it changed since.
        head: String,
    },
    /// The entry with this number is changed, or the one before it is missing.
    Broken {
        /// Its number.
        no: i64,
    },
}

/// Reads the whole chain and checks it against the site's head.
///
/// # Errors
/// Any fault of the store.
pub fn verify(tx: &mut dyn Conn, site: SiteId) -> Res<Proof> {
    let site = site.to_string();
    let head = tx.one("SELECT audit_no, audit_hash FROM sites WHERE id = $1", vals![&site])?;
    let (last, head) = match head {
        Some(row) => (row.at::<i64>(0)?, row.at::<String>(1)?),
        None => (0, String::new()),
    };
    let (mut before, mut done) = (String::new(), 0);
    loop {
        let rows = tx.all(
            "SELECT no, at_ms, actor_kind, actor, kind, entity, entity_id, detail, hash FROM audit \
             WHERE site = $1 AND no > $2 ORDER BY no LIMIT $3",
            vals![&site, done, STRIDE],
        )?;
        for row in &rows {
            let text: [String; 6] = [row.at(2)?, row.at(3)?, row.at(4)?, row.at(5)?, row.at(6)?, row.at(7)?];
            let [actor_kind, actor, kind, entity, entity_id, detail] = &text;
            let (no, at_ms) = (row.at(0)?, row.at(1)?);
            let link = Link { no, at_ms, actor_kind, actor, kind, entity, entity_id, detail };
            let hash = hash_of(&before, &link);
            if no != done + 1 || hash != row.at::<String>(8)? {
                return Ok(Proof::Broken { no });
            }
            (before, done) = (hash, no);
        }
        if rows.is_empty() {
            break;
        }
    }
    // A chain that is cut at its end is sound in itself: only the head tells.
    if done == last && before == head {
        Ok(Proof::Whole { entries: done, head })
    } else {
        Ok(Proof::Broken { no: done + 1 })
    }
}
