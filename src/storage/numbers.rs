//! Parcel numbers: taken from blocks the server granted to this station's epoch, one after the
//! other, never twice, never made up.

use super::{Res, meta, uuid};
use crate::core::gs1;
use crate::protocol::wire::SsccBlockRecord;
use crate::sql::Conn;
use crate::vals;

/// Keeps a block; one that is known already keeps its place.
///
/// # Errors
/// If the database refuses.
pub fn add_block(c: &mut dyn Conn, b: &SsccBlockRecord) -> Res<()> {
    // The change stream carries the blocks of every station of the site: only the own ones are for use here.
    if meta::get(c, meta::key::STATION_ID)?.is_none_or(|own| own != b.station_id.to_string()) {
        return Ok(());
    }
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    c.exec(
        "INSERT INTO number_block (id, epoch, extension, company_prefix, first, count, next)
         VALUES ($1, $2, $3, $4, $5, $6, $5) ON CONFLICT (id) DO NOTHING",
        &[
            uuid(b.id.0),
            number(b.epoch.0).into(),
            b.extension.into(),
            (&b.company_prefix).into(),
            number(b.first).into(),
            number(b.count).into(),
        ],
    )?;
    Ok(())
}

/// The next number, which stays next until it is taken.
///
/// # Errors
/// If the database refuses.
pub fn peek(c: &mut dyn Conn) -> Res<Option<String>> {
    // A copy of a database may not use numbers that its original uses as well.
    if meta::get(c, meta::key::EPOCH_WISH)?.is_some() {
        return Ok(None);
    }
    let epoch = meta::int(c, meta::key::EPOCH)?;
    let row = c.one(
        "SELECT extension, company_prefix, next FROM number_block
         WHERE epoch = $1 AND next < first + count ORDER BY first, id LIMIT 1",
        vals![epoch],
    )?;
    let Some(r) = row else { return Ok(None) };
    let (extension, prefix, next): (u32, String, u64) = (r.at(0)?, r.at(1)?, r.at(2)?);
    Ok(u8::try_from(extension).ok().and_then(|e| gs1::sscc(&prefix, next, e)))
}

/// Takes the number that [`peek`] showed.
///
/// # Errors
/// If the database refuses.
pub fn take(c: &mut dyn Conn) -> Res<()> {
    let epoch = meta::int(c, meta::key::EPOCH)?;
    c.exec(
        "UPDATE number_block SET next = next + 1 WHERE id = (SELECT id FROM number_block
         WHERE epoch = $1 AND next < first + count ORDER BY first, id LIMIT 1)",
        vals![epoch],
    )?;
    Ok(())
}

/// How many are left.
///
/// # Errors
/// If the database refuses.
pub fn left(c: &mut dyn Conn) -> Res<u64> {
    let epoch = meta::int(c, meta::key::EPOCH)?;
    let n = c.int(
        "SELECT CAST(COALESCE(SUM(first + count - next), 0) AS BIGINT) FROM number_block WHERE epoch = $1",
        vals![epoch],
    )?;
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Blocks of an older epoch are burnt.
///
/// # Errors
/// If the database refuses.
pub fn burn_others(c: &mut dyn Conn, epoch: i64) -> Res<()> {
    c.exec("DELETE FROM number_block WHERE epoch <> $1", vals![epoch])?;
    Ok(())
}
