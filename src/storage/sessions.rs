//! Rows that find sessions, parcels, print jobs and weights again without replaying events.

use super::{Res, meta, uuid, uuid_at};
use crate::core::checklist::DocumentKind;
use crate::core::ids::{FulfillmentId, UserId};
use crate::core::session::Session;
use crate::core::session::event::Reason;
use crate::core::session::state_text;
use crate::core::time::UtcMs;
use crate::core::units::Grams;
use crate::protocol::session::{Tree, Wire};
use crate::sql::{Conn, Val};
use crate::vals;

/// A session's row.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// Its number.
    pub number: String,
    /// `working`, `paused`, `held`, `must_unpack`, `packed`, `handed_back`, `cancelled`, `taken_over`.
    pub state: String,
    /// Why it is held.
    pub reason: Option<Reason>,
    /// Since when it is so.
    pub since: UtcMs,
}

/// Keeps a session's row in step. When it ended stays as it was first said: what comes later, a reprint or a late photo, ends it no
/// second time.
///
/// # Errors
/// If the database refuses.
pub fn put(c: &mut dyn Conn, s: &Session, number: &str, now: UtcMs) -> Res<()> {
    let (state, reason) = state_text(s);
    let ended = matches!(state, "packed" | "handed_back" | "cancelled" | "taken_over");
    let reason = reason.and_then(|r| r.put().as_str().map(str::to_owned));
    let told = if ended { Some(meta::told(c, now)?.0) } else { None };
    c.exec(
        "INSERT INTO session (fulfillment, number, state, packer, reason, since, opened, ended, ended_told, worked_ms, units,
         scans, refused) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         ON CONFLICT (fulfillment) DO UPDATE SET number = excluded.number, state = excluded.state,
         packer = excluded.packer, reason = excluded.reason,
         since = CASE WHEN session.state = excluded.state THEN session.since ELSE excluded.since END,
         ended = CASE WHEN session.opened = excluded.opened AND excluded.ended IS NOT NULL
         THEN COALESCE(session.ended, excluded.ended) ELSE excluded.ended END,
         ended_told = CASE WHEN session.opened = excluded.opened AND excluded.ended IS NOT NULL AND session.ended IS NOT NULL
         THEN session.ended_told ELSE excluded.ended_told END,
         opened = excluded.opened, worked_ms = excluded.worked_ms, units = excluded.units, scans = excluded.scans,
         refused = excluded.refused",
        &[
            uuid(s.fulfillment.0),
            number.into(),
            state.into(),
            uuid(s.packer.0),
            reason.into(),
            now.0.into(),
            s.opened.0.into(),
            ended.then_some(now.0).into(),
            told.into(),
            s.worked_ms(now).into(),
            s.verified().into(),
            s.scans.into(),
            s.refused.into(),
        ],
    )?;
    Ok(())
}

/// Sessions that are not over, the longest waiting first.
///
/// # Errors
/// If the database refuses.
pub fn open(c: &mut dyn Conn) -> Res<Vec<SessionRow>> {
    let rows = c.all(
        "SELECT fulfillment, number, state, reason, since FROM session WHERE ended IS NULL ORDER BY since LIMIT 200",
        &[],
    )?;
    let mut list = Vec::new();
    for r in &rows {
        let reason: Option<String> = r.get("reason")?;
        list.push(SessionRow {
            fulfillment: FulfillmentId(uuid_at(r, "fulfillment")?),
            number: r.get("number")?,
            state: r.get("state")?,
            reason: reason.and_then(|t| Reason::take(&Tree::text(&t)).ok()),
            since: UtcMs(r.get("since")?),
        });
    }
    Ok(list)
}

/// What a packer did today, until now: orders packed, scans accepted, scans refused. What a clock that ran ahead dated later than
/// that is of no day.
///
/// # Errors
/// If the database refuses.
pub fn today(c: &mut dyn Conn, packer: UserId, from: UtcMs, until: UtcMs) -> Res<(u32, u32, u32)> {
    let row = c.one(
        "SELECT COUNT(*), CAST(COALESCE(SUM(scans), 0) AS BIGINT), CAST(COALESCE(SUM(refused), 0) AS BIGINT)
         FROM session WHERE packer = $1 AND ended >= $2 AND ended <= $3 AND state = 'packed'",
        &[uuid(packer.0), from.0.into(), until.0.into()],
    )?;
    Ok(match row {
        Some(r) => (r.at(0)?, r.at(1)?, r.at(2)?),
        None => (0, 0, 0),
    })
}

/// Time the packer's own orders took, with their units: the last 200, without the one at hand.
///
/// # Errors
/// If the database refuses.
pub fn times(c: &mut dyn Conn, packer: UserId, but: Option<FulfillmentId>) -> Res<Vec<(u32, i64)>> {
    let rows = c.all(
        "SELECT units, worked_ms FROM session WHERE packer = $1 AND state = 'packed' AND fulfillment <> $2
         ORDER BY ended DESC LIMIT 200",
        &[uuid(packer.0), uuid(but.map_or_else(uuid::Uuid::nil, |f| f.0))],
    )?;
    rows.iter().map(|r| Ok((r.at(0)?, r.at(1)?))).collect()
}

/// Orders packed here between these moments, for the rate.
///
/// # Errors
/// If the database refuses.
pub fn packed_between(c: &mut dyn Conn, from: UtcMs, until: UtcMs) -> Res<u32> {
    let n = c.int(
        "SELECT COUNT(*) FROM session WHERE state = 'packed' AND ended >= $1 AND ended <= $2",
        vals![from.0, until.0],
    )?;
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// A parcel's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelRecord {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// Number within it.
    pub no: u16,
    /// Order's number.
    pub number: String,
    /// 18 digits.
    pub sscc: String,
    /// Mass.
    pub weight_g: Option<Grams>,
    /// Who.
    pub packer: UserId,
    /// When it last changed.
    pub at: UtcMs,
    /// Its label was scanned back.
    pub confirmed: bool,
    /// Label copies printed.
    pub copies: u16,
}

/// Keeps parcels of a session in step; only those with a number have a row.
///
/// # Errors
/// If the database refuses.
pub fn put_parcels(c: &mut dyn Conn, s: &Session, number: &str, now: UtcMs) -> Res<()> {
    for p in &s.parcels {
        let Some(sscc) = &p.sscc else { continue };
        let copies = p.last_print(DocumentKind::Label).map_or(0, |j| j.copy);
        c.exec(
            "INSERT INTO parcel (fulfillment, no, number, sscc, weight_g, packer, at, confirmed, copies)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (fulfillment, no) DO UPDATE SET
             number = excluded.number, sscc = excluded.sscc, weight_g = excluded.weight_g, packer = excluded.packer,
             at = CASE WHEN parcel.confirmed = excluded.confirmed THEN parcel.at ELSE excluded.at END,
             confirmed = excluded.confirmed, copies = excluded.copies",
            &[
                uuid(s.fulfillment.0),
                p.no.into(),
                number.into(),
                sscc.into(),
                p.weight_g.map(|g| g.0).into(),
                uuid(s.packer.0),
                now.0.into(),
                p.confirmed.into(),
                copies.into(),
            ],
        )?;
    }
    Ok(())
}

fn parcel(r: &crate::sql::Row) -> Res<ParcelRecord> {
    Ok(ParcelRecord {
        fulfillment: FulfillmentId(uuid_at(r, "fulfillment")?),
        no: u16::try_from(r.get::<u32>("no")?).unwrap_or(u16::MAX),
        number: r.get("number")?,
        sscc: r.get("sscc")?,
        weight_g: r.get::<Option<i64>>("weight_g")?.map(Grams),
        packer: UserId(uuid_at(r, "packer")?),
        at: UtcMs(r.get("at")?),
        confirmed: r.get("confirmed")?,
        copies: u16::try_from(r.get::<u32>("copies")?).unwrap_or(u16::MAX),
    })
}

/// The parcel with that number.
///
/// # Errors
/// If the database refuses.
pub fn parcel_by_sscc(c: &mut dyn Conn, sscc: &str) -> Res<Option<ParcelRecord>> {
    c.one("SELECT * FROM parcel WHERE sscc = $1", vals![sscc])?.as_ref().map(parcel).transpose()
}

/// The latest parcels, at most 200. Their rows tell the order: a clock that ran ahead would hide all later ones for years.
///
/// # Errors
/// If the database refuses.
pub fn history(c: &mut dyn Conn) -> Res<Vec<ParcelRecord>> {
    c.all("SELECT * FROM parcel ORDER BY rowid DESC LIMIT 200", &[])?.iter().map(parcel).collect()
}

/// Keeps print jobs of a session in step.
///
/// # Errors
/// If the database refuses.
pub fn put_print(
    c: &mut dyn Conn,
    f: FulfillmentId,
    parcel: u16,
    document: DocumentKind,
    copy: u16,
    state: &str,
    now: UtcMs,
) -> Res<()> {
    c.exec(
        "INSERT INTO print_job (fulfillment, parcel, document, copy, state, at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (fulfillment, parcel, document, copy) DO UPDATE SET state = excluded.state, at = excluded.at",
        &print_row(f, parcel, document, copy, state, now),
    )?;
    Ok(())
}

/// The columns of a print job in their order.
fn print_row(f: FulfillmentId, parcel: u16, document: DocumentKind, copy: u16, state: &str, now: UtcMs) -> [Val; 6] {
    let document = document.put();
    let document = document.as_str().unwrap_or_default();
    [uuid(f.0), parcel.into(), document.into(), copy.into(), state.into(), now.0.into()]
}

/// How a print job ended whose order's records are gone. A job that never was here, such as another station's in the same
/// printer, leaves no trace.
///
/// # Errors
/// If the database refuses.
pub fn settle_print(
    c: &mut dyn Conn,
    f: FulfillmentId,
    parcel: u16,
    document: DocumentKind,
    copy: u16,
    state: &str,
    now: UtcMs,
) -> Res<()> {
    c.exec(
        "UPDATE print_job SET state = $5, at = $6 WHERE fulfillment = $1 AND parcel = $2 AND document = $3 AND copy = $4",
        &print_row(f, parcel, document, copy, state, now),
    )?;
    Ok(())
}

/// A label was scanned on its box: it came, whatever its printer says or does not say.
///
/// # Errors
/// If the database refuses.
pub fn label_came(c: &mut dyn Conn, f: FulfillmentId, parcel: u16, now: UtcMs) -> Res<()> {
    let document = DocumentKind::Label.put();
    c.exec(
        "UPDATE print_job SET state = 'paper_moved', at = $4 WHERE fulfillment = $1 AND parcel = $2 AND document = $3
         AND state = 'attempting'",
        &[uuid(f.0), parcel.into(), document.as_str().unwrap_or_default().into(), now.0.into()],
    )?;
    Ok(())
}

/// Jobs of before a restart whose fate is unknown: work, parcel, paper, copy.
///
/// # Errors
/// If the database refuses.
pub fn attempting(c: &mut dyn Conn) -> Res<Vec<(FulfillmentId, u16, DocumentKind, u16)>> {
    let rows = c.all(
        "SELECT fulfillment, parcel, document, copy FROM print_job WHERE state = 'attempting' ORDER BY at LIMIT 100",
        &[],
    )?;
    let mut list = Vec::new();
    for r in &rows {
        let text: String = r.get("document")?;
        let document = DocumentKind::take(&Tree::text(&text))?;
        let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
        list.push((
            FulfillmentId(uuid_at(r, "fulfillment")?),
            small(r.get("parcel")?),
            document,
            small(r.get("copy")?),
        ));
    }
    Ok(list)
}
