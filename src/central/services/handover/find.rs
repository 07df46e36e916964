//! Which parcel a scan means, and what keeps one from leaving.

use crate::central::error::Res;
use crate::central::services::orders::table::OFFICE_HOLD;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;

/// Parcels looked at for one scan: more of one number than this is ambiguous in any case.
const LOOKED_AT: i64 = 20;

/// Why a parcel does not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// Nothing has this number.
    Unknown,
    /// The order has several parcels: each must be scanned.
    Several,
    /// Its packing is not done, or it was taken apart again.
    NotPacked,
    /// Its order was called off: it must be unpacked.
    Cancelled,
    /// It left already, with this manifest.
    HandedOver {
        /// Its number.
        manifest: String,
    },
    /// It is on another manifest that is open.
    OnOther {
        /// Its number.
        manifest: String,
    },
    /// It goes with another carrier.
    OtherCarrier {
        /// Its code.
        carrier: String,
    },
    /// The office holds the order, or a flag of it is not cleared.
    OrderHeld,
    /// A lot in it is held.
    LotHeld {
        /// Code of the product.
        sku: String,
        /// The lot.
        lot: String,
    },
}

impl Blocked {
    /// Its stable word, for programs.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Blocked::Unknown => "unknown",
            Blocked::Several => "several_parcels",
            Blocked::NotPacked => "not_packed",
            Blocked::Cancelled => "cancelled",
            Blocked::HandedOver { .. } => "handed_over",
            Blocked::OnOther { .. } => "on_other_manifest",
            Blocked::OtherCarrier { .. } => "other_carrier",
            Blocked::OrderHeld => "order_on_hold",
            Blocked::LotHeld { .. } => "lot_on_hold",
        }
    }

    /// What it names besides: a manifest, a carrier, a product with its lot; else empty.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Blocked::HandedOver { manifest } | Blocked::OnOther { manifest } => manifest.clone(),
            Blocked::OtherCarrier { carrier } => carrier.clone(),
            Blocked::LotHeld { sku, lot } => format!("{sku} {lot}"),
            Blocked::Unknown | Blocked::Several | Blocked::NotPacked | Blocked::Cancelled | Blocked::OrderHeld => {
                String::new()
            }
        }
    }
}

/// A parcel, as the dock sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParcelRow {
    /// Id of the work that it is of.
    pub fulfillment: String,
    /// Number within the work.
    pub no: i64,
    /// Part of the order.
    pub part: i64,
    /// Id of the order.
    pub order_id: String,
    /// Number of the order.
    pub order: String,
    /// Code of the carrier.
    pub carrier: String,
    /// Code of the service.
    pub service: String,
    /// Country it goes to, or empty.
    pub country: String,
    /// Serial shipping container code, or empty.
    pub sscc: String,
    /// What the carrier calls it, or empty.
    pub tracking: String,
    /// The carrier's own address of it, or empty.
    pub tracking_url: String,
    /// On the scale.
    pub weight_g: Option<i64>,
    /// Units in it.
    pub units: i64,
    /// When its work was packed, UTC ms.
    pub packed_ms: Option<i64>,
    /// When it left, UTC ms.
    pub shipped_ms: Option<i64>,
    /// When it was scanned onto its manifest, UTC ms.
    pub scanned_ms: Option<i64>,
    /// State of its work.
    pub(super) work: String,
    pub(super) cancelled: bool,
    pub(super) void: bool,
    pub(super) held: bool,
    /// Number of its manifest, and whether that is closed.
    pub(super) manifest: Option<(String, bool)>,
}

impl ParcelRow {
    /// What it is called: the carrier's number, else its own, else that of its order.
    #[must_use]
    pub fn name(&self) -> &str {
        [&self.tracking, &self.sscc].into_iter().find(|text| !text.is_empty()).unwrap_or(&self.order)
    }
}

/// A question for parcels `p` of the work `f` of orders `o`, without its end. The office holds an order by holding what is left of its
/// work, by a flag, or by a card that a hand laid among the held ones.
fn select() -> String {
    format!(
        "SELECT p.fulfillment, p.no, f.part, f.order_id, o.number, o.carrier, o.service, COALESCE(o.country, '') AS country, \
         COALESCE(p.sscc, '') AS sscc, COALESCE(p.tracking, '') AS tracking, p.tracking_url, p.weight_g, p.void, \
         p.shipped_ms, f.packed_ms, f.state AS work, mp.at_ms AS scanned_ms, m.number AS manifest, m.state AS manifest_state, \
         CASE WHEN o.status = 'cancelled' OR f.state = 'cancelled' THEN 1 ELSE 0 END AS cancelled, \
         CASE WHEN o.flag_fraud = 1 OR o.flag_address = 1 OR o.flag_unpaid = 1 \
         OR EXISTS (SELECT 1 FROM fulfillments h WHERE h.order_id = o.id AND h.state = 'blocked' \
         AND h.hold_reason LIKE '{OFFICE_HOLD}%') \
         OR EXISTS (SELECT 1 FROM order_places op JOIN pipeline_stages ps ON ps.id = op.stage WHERE op.order_id = o.id \
         AND op.by_hand = 1 AND ps.follows = 'held') THEN 1 ELSE 0 END AS held, \
         (SELECT CAST(COALESCE(SUM(i.quantity), 0) AS BIGINT) FROM parcel_items i WHERE i.fulfillment = p.fulfillment \
         AND i.parcel = p.no) AS units FROM parcels p JOIN fulfillments f ON f.id = p.fulfillment \
         JOIN orders o ON o.id = f.order_id LEFT JOIN manifest_parcels mp ON mp.fulfillment = p.fulfillment AND mp.parcel = p.no \
         LEFT JOIN manifests m ON m.id = mp.manifest"
    )
}

fn row(row: &Row) -> Res<ParcelRow> {
    let manifest: Option<String> = row.get("manifest")?;
    let closed = row.get::<Option<String>>("manifest_state")?.as_deref() == Some("closed");
    Ok(ParcelRow {
        fulfillment: row.get("fulfillment")?,
        no: row.get("no")?,
        part: row.get("part")?,
        order_id: row.get("order_id")?,
        order: row.get("number")?,
        carrier: row.get("carrier")?,
        service: row.get("service")?,
        country: row.get("country")?,
        sscc: row.get("sscc")?,
        tracking: row.get("tracking")?,
        tracking_url: row.get("tracking_url")?,
        weight_g: row.get("weight_g")?,
        units: row.get("units")?,
        packed_ms: row.get("packed_ms")?,
        shipped_ms: row.get("shipped_ms")?,
        scanned_ms: row.get("scanned_ms")?,
        work: row.get("work")?,
        cancelled: row.get("cancelled")?,
        void: row.get("void")?,
        held: row.get("held")?,
        manifest: manifest.map(|number| (number, closed)),
    })
}

fn rows(tx: &mut dyn Conn, end: &str, params: &[crate::sql::Val]) -> Res<Vec<ParcelRow>> {
    tx.all(&format!("{} {end}", select()), params)?.iter().map(row).collect()
}

/// The eighteen digits of an SSCC, as a barcode (`00…`, with or without its symbology in front), as its text (`(00) …`) or bare.
pub(super) fn sscc_of(code: &str) -> String {
    let bare = code.strip_prefix("]C1").unwrap_or(code);
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    if digits.len() == 20 { digits.strip_prefix("00").unwrap_or(&digits).to_owned() } else { digits }
}

/// The parcel that a scan means: an SSCC, the carrier's number, or the number of an order of one parcel.
///
/// # Errors
/// Any fault of the store. What is no parcel is told inside.
pub(super) fn find(tx: &mut dyn Conn, site: SiteId, code: &str) -> Res<Result<ParcelRow, Blocked>> {
    let code = code.trim().replace('\0', "");
    if code.is_empty() {
        return Ok(Err(Blocked::Unknown));
    }
    let site = site.to_string();
    let sscc = sscc_of(&code);
    let numbered = rows(
        tx,
        "WHERE o.site = $1 AND (p.sscc = $2 OR p.tracking = $3) ORDER BY p.fulfillment, p.no LIMIT $4",
        vals![&site, sscc, &code, LOOKED_AT],
    )?;
    if !numbered.is_empty() {
        return Ok(only(numbered));
    }
    let (upper, found) = (code.to_uppercase(), "SELECT id FROM orders WHERE site = $1 AND number IN ($2, $3) LIMIT 1");
    let Some(order) = tx.one(found, vals![&site, &code, upper])? else { return Ok(Err(Blocked::Unknown)) };
    let of_order = rows(
        tx,
        "WHERE f.order_id = $1 AND p.void = 0 ORDER BY f.part, p.no LIMIT $2",
        vals![order.at::<String>(0)?, LOOKED_AT],
    )?;
    Ok(if of_order.is_empty() { Err(Blocked::NotPacked) } else { only(of_order) })
}

/// The one parcel of these. Of parcels that share a number, one that was given up does not count.
fn only(mut found: Vec<ParcelRow>) -> Result<ParcelRow, Blocked> {
    if found.len() > 1 && found.iter().any(|parcel| !parcel.void) {
        found.retain(|parcel| !parcel.void);
    }
    match (found.pop(), found.is_empty()) {
        (Some(parcel), true) => Ok(parcel),
        (Some(_), false) => Err(Blocked::Several),
        (None, _) => Err(Blocked::Unknown),
    }
}

/// Parcels on a manifest, in the order they were scanned.
pub(super) fn on_sheet(tx: &mut dyn Conn, manifest: &str) -> Res<Vec<ParcelRow>> {
    rows(
        tx,
        "WHERE mp.manifest = $1 ORDER BY mp.at_ms, p.fulfillment, p.no LIMIT $2",
        vals![manifest, super::PARCELS_MAX],
    )
}

/// Packed parcels of a carrier that no manifest has, the longest packed first: those packed after a moment, and at most so many.
pub(super) fn waiting(
    tx: &mut dyn Conn,
    site: SiteId,
    carrier: &str,
    (after_ms, most): (i64, i64),
) -> Res<Vec<ParcelRow>> {
    rows(
        tx,
        "WHERE f.site = $1 AND f.state = 'packed' AND f.packed_ms > $2 AND p.void = 0 AND mp.manifest IS NULL \
         AND o.carrier = $3 ORDER BY f.packed_ms, p.fulfillment, p.no LIMIT $4",
        vals![site.to_string(), after_ms, carrier, most],
    )
}

/// What keeps a parcel from leaving with this carrier, if something does.
pub(super) fn blocked(tx: &mut dyn Conn, parcel: &ParcelRow, carrier: &str) -> Res<Option<Blocked>> {
    if parcel.shipped_ms.is_some() || parcel.manifest.as_ref().is_some_and(|(_, closed)| *closed) {
        let manifest = parcel.manifest.as_ref().map_or_else(String::new, |(number, _)| number.clone());
        return Ok(Some(Blocked::HandedOver { manifest }));
    }
    if parcel.cancelled {
        return Ok(Some(Blocked::Cancelled));
    }
    if parcel.void || parcel.work != "packed" {
        return Ok(Some(Blocked::NotPacked));
    }
    if parcel.carrier != carrier {
        return Ok(Some(Blocked::OtherCarrier { carrier: parcel.carrier.clone() }));
    }
    if parcel.held {
        return Ok(Some(Blocked::OrderHeld));
    }
    let lot = tx.one(
        "SELECT d.sku, i.lot FROM parcel_items i JOIN lot_holds h ON h.product = i.product AND h.lot = i.lot \
         JOIN products d ON d.id = i.product WHERE i.fulfillment = $1 AND i.parcel = $2 ORDER BY d.sku, i.lot LIMIT 1",
        vals![&parcel.fulfillment, parcel.no],
    )?;
    Ok(match lot {
        Some(lot) => Some(Blocked::LotHeld { sku: lot.at(0)?, lot: lot.at(1)? }),
        None => None,
    })
}

#[cfg(test)]
mod tests {
    use super::sscc_of;

    #[test]
    fn an_sscc_is_read_as_it_is_scanned_printed_and_typed() {
        let bare = "395212340000000014";
        for code in [bare, "00395212340000000014", "(00) 395212340000000014", "]C100395212340000000014"] {
            assert_eq!(sscc_of(code), bare, "{code}");
        }
        assert_eq!(sscc_of("M000001"), "000001", "no SSCC; nothing has it");
    }
}
