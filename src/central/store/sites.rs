//! The site row: the one counter of changes, number ranges, and the settings stations get.

use crate::central::error::{CentralError, Refusal, Res};
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;
use uuid::Uuid;

/// What a site is made of when a database is first set up.
#[derive(Clone, Debug)]
pub struct NewSite {
    /// Its name for programs; `None` makes one up.
    pub id: Option<SiteId>,
    /// Short name, for example `main`.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// IANA zone in which its days begin and end.
    pub zone: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 4217.
    pub currency: String,
    /// GS1 company prefix, 4 to 12 digits, that parcel numbers are made with.
    pub sscc_prefix: String,
}

impl Default for NewSite {
    fn default() -> NewSite {
        NewSite {
            id: None,
            code: "main".to_owned(),
            name: "Packbench".to_owned(),
            zone: "Europe/London".to_owned(),
            country: "GB".to_owned(),
            currency: "GBP".to_owned(),
            // GS1 keeps 952 for examples: no real parcel carries it.
            sscc_prefix: "9521234".to_owned(),
        }
    }
}

/// The site row as programs read it.
#[derive(Clone, Debug)]
pub struct Site {
    /// Its name for programs.
    pub id: SiteId,
    /// Name for people.
    pub name: String,
    /// IANA zone.
    pub zone: String,
    /// ISO 3166-1 alpha-2, if known.
    pub country: Option<String>,
    /// ISO 4217.
    pub currency: String,
    /// Number of the newest change.
    pub gseq: i64,
    /// Name of this database's change stream; another database has another.
    pub stream: String,
    /// GS1 company prefix.
    pub sscc_prefix: String,
    /// Life of a lease, ms.
    pub lease_ttl_ms: i64,
    /// Oldest protocol that may pull.
    pub protocol_pull_min: u32,
    /// Most bytes of photos.
    pub photo_quota_bytes: i64,
    /// Settings as JSON; `{}` while nobody has set any.
    pub settings: String,
    /// When they last changed, UTC ms.
    pub updated_ms: i64,
    /// How many lives the database has had: 1, and one more with every restore.
    pub epoch: i64,
    /// When it was restored, UTC ms; 0 if never.
    pub restored_ms: i64,
    /// When the backup was taken that it was restored from, UTC ms; 0 if never.
    pub restored_from_ms: i64,
}

const COLUMNS: &str = "id, name, zone, country, currency, gseq, stream, sscc_prefix, lease_ttl_ms, \
    protocol_pull_min, photo_quota_bytes, settings, updated_ms, epoch, restored_ms, restored_from_ms";

fn site(row: &Row) -> Res<Site> {
    let id: String = row.get("id")?;
    Ok(Site {
        id: id.parse().map_err(|_| CentralError::Stored { what: "site id" })?,
        name: row.get("name")?,
        zone: row.get("zone")?,
        country: row.get("country")?,
        currency: row.get("currency")?,
        gseq: row.get("gseq")?,
        stream: row.get("stream")?,
        sscc_prefix: row.get("sscc_prefix")?,
        lease_ttl_ms: row.get("lease_ttl_ms")?,
        protocol_pull_min: row.get("protocol_pull_min")?,
        photo_quota_bytes: row.get("photo_quota_bytes")?,
        settings: row.get("settings")?,
        updated_ms: row.get("updated_ms")?,
        epoch: row.get("epoch")?,
        restored_ms: row.get("restored_ms")?,
        restored_from_ms: row.get("restored_from_ms")?,
    })
}

/// The site of a database that serves one.
///
/// # Errors
/// [`Refusal::Missing`] if the database was never set up.
pub fn only(tx: &mut dyn Conn) -> Res<SiteId> {
    let row = tx.one("SELECT id FROM sites ORDER BY code LIMIT 1", &[])?;
    let row = row.ok_or(Refusal::Missing { entity: "site" })?;
    row.at::<String>(0)?.parse().map_err(|_| CentralError::Stored { what: "site id" })
}

/// The site row.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn get(tx: &mut dyn Conn, id: SiteId) -> Res<Site> {
    let row = tx.one(&format!("SELECT {COLUMNS} FROM sites WHERE id = $1"), vals![id.to_string()])?;
    site(&row.ok_or(Refusal::Missing { entity: "site" })?)
}

/// Makes the first site of a new database; where one is, that one. Whether it is new.
///
/// # Errors
/// Any fault of the store.
pub fn create_first(tx: &mut dyn Conn, new: &NewSite, now_ms: i64) -> Res<(SiteId, bool)> {
    if tx.int("SELECT COUNT(*) FROM sites", &[])? > 0 {
        return Ok((only(tx)?, false));
    }
    let id = new.id.unwrap_or_else(|| SiteId(Uuid::now_v7()));
    tx.exec(
        "INSERT INTO sites (id, code, name, zone, country, currency, stream, sscc_prefix, updated_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        vals![
            id.to_string(),
            &new.code,
            &new.name,
            &new.zone,
            &new.country,
            &new.currency,
            Uuid::now_v7().to_string(),
            &new.sscc_prefix,
            now_ms
        ],
    )?;
    Ok((id, true))
}
