//! What a scan means: its look is sorted by the core, the tables are asked here. Commands come first,
//! then badges, labels, places, boxes, goods and orders; a code that means two things of the same rank
//! is never guessed.

use super::load;
use super::measure::{self, Bench};
use crate::core::gs1::YEAR_BASE;
use crate::core::ids::{ParcelRef, ProductId, UserId};
use crate::core::message::Message;
use crate::core::scan::{Form, Meaning, NetWeight, ResolvedScan, Scan, Trace, form};
use crate::core::session::Session;
use crate::core::units::Grams;
use crate::protocol::wire::{ChangeKind, LocationRecord, place};
use crate::storage::Conn;
use crate::storage::lookup::{self, Known};
use crate::storage::{Res, records, sessions, work};
use sha2::{Digest, Sha256};

/// Longest text of an unknown code that is shown or stored.
const TEXT_CHARS_MAX: usize = 64;

/// Looks a scan up. What is on the bench, if anything, settles what would be ambiguous: of two products with
/// the same code, the one the order wants.
///
/// # Errors
/// If the database refuses.
pub fn resolve(c: &mut dyn Conn, scan: &Scan, bench: Bench<'_>) -> Res<ResolvedScan> {
    let session = bench.session;
    let meaning = match form(&scan.bytes, scan.symbology) {
        Form::Command(code) => Meaning::Command(code),
        Form::BadCommand => Meaning::BadCommand,
        Form::Unreadable => Meaning::Unreadable,
        Form::TooLong => Meaning::TooLong,
        Form::Gs1(g) => {
            // The scan's own day settles which century two digits of a year mean; a clock that lags behind is not believed.
            let expiry = g.expiry(scan.at.year().max(YEAR_BASE));
            let trace = Trace { expiry, ..g.trace };
            match (g.sscc, g.gtin) {
                (Some(sscc), _) => label(c, sscc)?,
                (None, Some(gtin)) => {
                    let meaning = goods(c, &gtin, session)?;
                    let count = match (g.count, g.net_weight_g, &meaning) {
                        // Only of what is sold by measure does the weight say how much of it this is.
                        (None, Some(weight), Meaning::Product { product, .. }) if gtin.starts_with('9') => {
                            Some(measure::weighed(c, *product, weight)?)
                        }
                        (count, _, _) => count,
                    };
                    let weight = g.net_weight_g.filter(|_| gtin.starts_with('9'));
                    with_trace(meaning, count, &trace, weight)
                }
                (None, None) => Meaning::Unknown(short(&String::from_utf8_lossy(&scan.bytes))),
            }
        }
        Form::Gtin(gtin) => {
            // Digits that could be a GTIN may as well be a badge, a shelf or an order: both spellings are asked for.
            let raw = String::from_utf8_lossy(&scan.bytes);
            let digits = raw.trim_matches([' ', '\t', '\r', '\n', '\0']);
            match known(c, digits, Some(&gtin), session)? {
                Meaning::Unknown(text) => measure::variable(c, digits, bench)?.unwrap_or(Meaning::Unknown(text)),
                meaning => meaning,
            }
        }
        Form::Text(text) => {
            // A scanner that strips the prefix sends an SSCC as 18 or 20 bare digits.
            let digits = text.strip_prefix("00").filter(|d| d.len() == 18).unwrap_or(&text);
            if crate::core::gs1::is_sscc(digits) {
                label(c, digits.to_owned())?
            } else {
                known(c, &text, None, session)?
            }
        }
    };
    let serial_used = serial_used(c, &meaning, session)?;
    Ok(ResolvedScan { gesture: scan.gesture, meaning, serial_used })
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect()
}

fn label(c: &mut dyn Conn, sscc: String) -> Res<Meaning> {
    let parcel =
        sessions::parcel_by_sscc(c, &sscc)?.map(|p| (ParcelRef { fulfillment: p.fulfillment, no: p.no }, p.number));
    Ok(Meaning::ParcelLabel { sscc, parcel })
}

/// Goods with what else their label says; the weight is that of all its units.
fn with_trace(m: Meaning, count: Option<u32>, t: &Trace, weight: Option<Grams>) -> Meaning {
    match m {
        Meaning::Product { product, units, .. } => {
            let units = count.filter(|n| *n > 0).unwrap_or(units);
            let net = weight.and_then(|weight| NetWeight::of(weight, units));
            Meaning::Product { product, units, trace: Trace { net, ..t.clone() } }
        }
        other => other,
    }
}

/// A text that is no GS1 string: every table is asked. `gtin` is the same as 14 digits, where it is one.
fn known(c: &mut dyn Conn, text: &str, gtin: Option<&str>, session: Option<&Session>) -> Res<Meaning> {
    if let Some(user) = badge(c, text)? {
        return Ok(Meaning::Badge(user));
    }
    let mut places = Vec::new();
    let found = lookup::code(c, text)?;
    for k in &found {
        if let Known::Location(id) = k
            && let Some(r) = records::get::<LocationRecord>(c, ChangeKind::Location, *id)?
        {
            places.push(r);
        }
    }
    match places.as_slice() {
        [] => {}
        [r] => return place_meaning(c, r),
        _ => return Ok(Meaning::Ambiguous(short(text))),
    }
    let mut boxes = found.iter().filter_map(|k| if let Known::Packaging(id) = k { Some(*id) } else { None });
    match (boxes.next(), boxes.next()) {
        (None, _) => {}
        (Some(id), None) => return Ok(Meaning::Packaging(id)),
        (Some(_), Some(_)) => return Ok(Meaning::Ambiguous(short(text))),
    }
    for code in gtin.into_iter().chain([text]) {
        let goods = goods(c, code, session)?;
        if !matches!(goods, Meaning::Unknown(_)) {
            return Ok(goods);
        }
    }
    for k in &found {
        if let Known::Order(id) = k {
            return Ok(Meaning::Order(text.to_owned(), work::of_order(c, *id)?));
        }
    }
    match work::by_number(c, text)? {
        list if list.is_empty() => Ok(Meaning::Unknown(short(text))),
        list => Ok(Meaning::Order(text.to_owned(), list)),
    }
}

/// Whose badge a code is.
///
/// # Errors
/// If the database refuses.
pub(super) fn badge(c: &mut dyn Conn, text: &str) -> Res<Option<UserId>> {
    let found = lookup::code(c, &badge_code(text))?;
    Ok(found.into_iter().find_map(|known| if let Known::Badge(user) = known { Some(user) } else { None }))
}

/// Badges are looked up by the hash of what is scanned, so that no table holds a code that opens doors.
#[must_use]
pub fn badge_code(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

fn place_meaning(c: &mut dyn Conn, r: &LocationRecord) -> Res<Meaning> {
    match r.kind {
        place::LocationKind::Tote | place::LocationKind::PutWallSlot => {
            Ok(Meaning::Tote(r.code.clone(), work::in_container(c, r.id.0)?))
        }
        place::LocationKind::Bin
        | place::LocationKind::Reserve
        | place::LocationKind::Bench
        | place::LocationKind::Dock
        | place::LocationKind::Quarantine => Ok(Meaning::Location(r.code.clone())),
    }
}

pub(super) fn goods(c: &mut dyn Conn, code: &str, session: Option<&Session>) -> Res<Meaning> {
    let list: Vec<(ProductId, u32)> = lookup::code(c, code)?
        .into_iter()
        .filter_map(|k| match k {
            Known::Product(id, units) => Some((id, units)),
            Known::Packaging(_) | Known::Location(_) | Known::Order(_) | Known::Badge(_) => None,
        })
        .collect();
    let wanted = |p: ProductId| {
        session.is_some_and(|s| s.lines.iter().any(|l| l.product == p || l.substitutes.iter().any(|(q, _)| *q == p)))
    };
    let mut here = list.iter().filter(|(p, _)| wanted(*p));
    Ok(match (list.as_slice(), here.next(), here.next()) {
        ([], _, _) => Meaning::Unknown(short(code)),
        ([(product, units)], _, _) | (_, Some((product, units)), None) => {
            Meaning::Product { product: *product, units: *units, trace: Trace::default() }
        }
        _ => Meaning::Ambiguous(short(code)),
    })
}

/// Where the serial number in a scan, or the answer to a question for one, was used before.
fn serial_used(c: &mut dyn Conn, m: &Meaning, session: Option<&Session>) -> Res<Option<Message>> {
    let awaiting = session.and_then(|s| s.awaiting.as_ref());
    let asked = match (m, awaiting) {
        (Meaning::Product { product, trace, .. }, _) => trace.serial.as_deref().map(|s| (*product, s)),
        (Meaning::Unknown(text), Some(a)) if a.trace.serial.is_none() => Some((a.product, text.as_str())),
        _ => None,
    };
    let Some((product, serial)) = asked else { return Ok(None) };
    let order = records::serial_used(c, product.0, serial)?;
    Ok(order.map(|n| Message::new("serial-left-with").with("order", n)))
}

/// The product behind a meaning that the loaded order may not know: for pictures of wrong items.
///
/// # Errors
/// If the database refuses.
pub fn stranger(c: &mut dyn Conn, m: &Meaning) -> Res<Option<crate::core::product::Product>> {
    match m {
        Meaning::Product { product, .. } => load::product(c, *product),
        _ => Ok(None),
    }
}
