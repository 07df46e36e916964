//! What a scan means: its look is sorted by the core, the tables are asked here. Commands come first,
//! then badges, labels, places, boxes, goods and orders; a code that means two things of the same rank
//! is never guessed.

use super::load;
use super::measure::{self, Bench};
use crate::core::aim::{AimId, SymbologyFamily};
use crate::core::gs1::{GS, Gs1, YEAR_BASE};
use crate::core::ids::{ParcelRef, ProductId, UserId};
use crate::core::message::Message;
use crate::core::scan::{Form, Meaning, NetWeight, ResolvedScan, Scan, Trace, bare, form};
use crate::core::session::Session;
use crate::protocol::wire::{ChangeKind, LocationRecord, place};
use crate::storage::Conn;
use crate::storage::lookup::{self, Known};
use crate::storage::{Res, records, serials, sessions, work};
use sha2::{Digest, Sha256};

/// Longest text of an unknown code that is shown or stored.
const TEXT_CHARS_MAX: usize = 64;

/// Looks a scan up. What is on the bench, if anything, settles what would be ambiguous: of two products with
/// the same code, the one the order wants.
///
/// # Errors
/// If the database refuses.
pub fn resolve(c: &mut dyn Conn, scan: &Scan, bench: Bench<'_>) -> Res<ResolvedScan> {
    let (symbology, text) = bare(&scan.bytes, scan.symbology).unwrap_or_default();
    let meaning = match form(&scan.bytes, scan.symbology) {
        Form::Command(code) => Meaning::Command(code),
        Form::BadCommand => Meaning::BadCommand,
        Form::Unreadable => Meaning::Unreadable,
        Form::TooLong => Meaning::TooLong,
        Form::Gs1(said) => {
            // The scan's own day settles which century two digits of a year mean; a clock that lags behind is not believed.
            let expiry = said.expiry(scan.at.year().max(YEAR_BASE));
            let trace = Trace { expiry, ..said.trace.clone() };
            gs1(c, &said, trace, text, bench)?
        }
        Form::Gtin(gtin) => digits(c, text, &[gtin], symbology, bench)?,
        Form::TwoGtins(gtin_8, upc_e) => digits(c, text, &[gtin_8, upc_e], symbology, bench)?,
        Form::Text(text) => {
            // A scanner that strips the prefix sends an SSCC as 18 or 20 bare digits.
            let digits = text.strip_prefix("00").filter(|d| d.len() == 18).unwrap_or(&text);
            if crate::core::gs1::is_sscc(digits) {
                label(c, digits.to_owned())?
            } else {
                known(c, &text, &[], bench.session)?
            }
        }
    };
    let serial_used = serial_used(c, &meaning, bench.session)?;
    Ok(ResolvedScan { gesture: scan.gesture, meaning, serial_used })
}

/// A GS1 code: a parcel's label, goods, what traces a unit, or a code of the house in GS1's clothes.
fn gs1(c: &mut dyn Conn, said: &Gs1, trace: Trace, text: &str, bench: Bench<'_>) -> Res<Meaning> {
    let own_label = match &said.sscc {
        Some(sscc) => Some(label(c, sscc.clone())?),
        None => None,
    };
    match (own_label, &said.gtin) {
        (Some(label), None) => Ok(label),
        (Some(label @ Meaning::ParcelLabel { parcel: Some(_), .. }), Some(_)) => Ok(label),
        // A pallet or carton that others have labelled: what counts is what is in it.
        (Some(label), Some(gtin)) => match of_gtin(c, said, gtin, trace, bench)? {
            Meaning::UnknownItem(_) => Ok(label),
            goods => Ok(goods),
        },
        (None, Some(gtin)) => of_gtin(c, said, gtin, trace, bench),
        (None, None) => without_goods(c, said, trace, text, bench.session),
    }
}

/// Goods with a GTIN, and how many: of several (AI 02 and 37) each is what the GTIN stands for.
fn of_gtin(c: &mut dyn Conn, said: &Gs1, gtin: &str, trace: Trace, bench: Bench<'_>) -> Res<Meaning> {
    let meaning = goods(c, &[gtin], bench.session)?;
    let Meaning::Product { product, units, .. } = meaning else { return Ok(as_item(meaning)) };
    // Only of what is sold by measure does the weight say how much of it this is.
    let weight = said.net_weight_g.filter(|_| gtin.starts_with('9'));
    let units = match (said.count, weight) {
        (Some(count), _) if said.value("30").is_none() => units.saturating_mul(count),
        (Some(count), _) => count,
        (None, Some(weight)) => measure::weighed(c, product, weight)?,
        (None, None) => units,
    };
    let net = weight.and_then(|weight| NetWeight::of(weight, units));
    Ok(Meaning::Product { product, units, trace: Trace { net, ..trace } })
}

/// A GS1 code that names no goods. A tote, a shelf or a badge may be labelled so; their codes are known with the
/// identifier before them or without. Else it may say the lot, serial number or expiry of the unit in hand.
fn without_goods(c: &mut dyn Conn, said: &Gs1, trace: Trace, text: &str, session: Option<&Session>) -> Res<Meaning> {
    let plain: String = text.chars().filter(|c| *c != GS).collect();
    let lone = match said.elements.as_slice() {
        [(_, value)] => Some(value.as_str()),
        _ => None,
    };
    for code in [Some(plain.as_str()), lone].into_iter().flatten() {
        match known(c, code, &[], session)? {
            Meaning::Unknown(_) => {}
            meaning => return Ok(meaning),
        }
    }
    if trace == Trace::default() {
        return Ok(Meaning::Unknown(short(&plain)));
    }
    Ok(Meaning::Traced { trace, text: short(&plain) })
}

/// Digits that could be a GTIN may as well be a badge, a shelf or an order: all spellings are asked for.
fn digits(c: &mut dyn Conn, text: &str, gtins: &[String], symbology: Option<AimId>, bench: Bench<'_>) -> Res<Meaning> {
    let unknown = match known(c, text, gtins, bench.session)? {
        Meaning::Unknown(text) => text,
        meaning => return Ok(meaning),
    };
    if let Some(measured) = measure::variable(c, text, bench)? {
        return Ok(measured);
    }
    // These symbols hold nothing but numbers of items.
    let item = symbology.is_some_and(|id| matches!(id.family(), SymbologyFamily::EanUpc | SymbologyFamily::DataBar));
    Ok(if item { Meaning::UnknownItem(unknown) } else { Meaning::Unknown(unknown) })
}

/// What was looked for by its GTIN is an item, known or not.
fn as_item(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Unknown(text) => Meaning::UnknownItem(text),
        other => other,
    }
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT_CHARS_MAX).collect()
}

fn label(c: &mut dyn Conn, sscc: String) -> Res<Meaning> {
    let parcel =
        sessions::parcel_by_sscc(c, &sscc)?.map(|p| (ParcelRef { fulfillment: p.fulfillment, no: p.no }, p.number));
    Ok(Meaning::ParcelLabel { sscc, parcel })
}

/// A text of the house: every table is asked. `gtins` are what it is as 14 digits, where it is that.
fn known(c: &mut dyn Conn, text: &str, gtins: &[String], session: Option<&Session>) -> Res<Meaning> {
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
    let spellings: Vec<&str> = gtins.iter().map(String::as_str).chain([text]).collect();
    let goods = goods(c, &spellings, session)?;
    if !matches!(goods, Meaning::Unknown(_)) {
        return Ok(goods);
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

/// The goods that one of these spellings of a code stands for; the last is shown where none does.
pub(super) fn goods(c: &mut dyn Conn, spellings: &[&str], session: Option<&Session>) -> Res<Meaning> {
    let mut list: Vec<(ProductId, u32)> = Vec::new();
    for code in spellings {
        for found in lookup::code(c, code)? {
            match found {
                Known::Product(id, units) if list.contains(&(id, units)) => {}
                Known::Product(id, units) => list.push((id, units)),
                Known::Packaging(_) | Known::Location(_) | Known::Order(_) | Known::Badge(_) => {}
            }
        }
    }
    let code = spellings.last().copied().unwrap_or_default();
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
        (Meaning::Traced { trace, .. }, Some(a)) => trace.serial.as_deref().map(|s| (a.product, s)),
        (Meaning::Unknown(text), Some(a)) if a.trace.serial.is_none() => Some((a.product, text.as_str())),
        _ => None,
    };
    let Some((product, serial)) = asked else { return Ok(None) };
    left_with(c, product, serial, session)
}

/// The order a serial number left with, if it did. What is in a box of the order on the bench has not left.
///
/// # Errors
/// If the database refuses.
pub(super) fn left_with(
    c: &mut dyn Conn,
    product: ProductId,
    serial: &str,
    session: Option<&Session>,
) -> Res<Option<Message>> {
    let order = serials::used(c, product.0, serial, session.map(|s| s.fulfillment.0))?;
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
