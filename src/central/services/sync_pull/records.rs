//! Rows to records of the wire: products, people, boxes, places, balances, numbers, settings, carriers.

use crate::central::error::{CentralError, Res};
use crate::central::services::labels;
use crate::central::services::returns::RETURNS;
use crate::central::services::settings as site_settings;
use crate::central::services::stock::{self, Promised};
use crate::central::services::users::role_of;
use crate::central::store::sites::Site;
use crate::protocol::wire::packaging::PackagingKind;
use crate::protocol::wire::place::{BinAddress, Condition, LocationKind, Side};
use crate::protocol::wire::product::{
    Compliance, HELD_LOTS_MAX, Handling, Lithium, ProductBarcode, ProductKind, Substitute, TemperatureRange, Tracking,
};
use crate::protocol::wire::{
    CarrierRecord, Change, ChangeKind, Dims, Epoch, LocalDate, LocationRecord, Money, PackagingRecord, Permission,
    ProductRecord, Put, Role, SerialUsedRecord, SettingsRecord, SsccBlockRecord, StockLevelRecord, UserRecord,
};
use crate::sql::{Conn, Row};
use crate::vals;
use std::str::FromStr;

/// A stored id.
pub(super) fn id<T: FromStr>(row: &Row, column: &str) -> Res<T> {
    row.get::<String>(column)?.parse().map_err(|_| CentralError::Stored { what: "id" })
}

fn parse<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

/// The end of a record.
pub(super) fn tombstone(kind: ChangeKind, record: &str) -> Option<Change> {
    macro_rules! gone {
        ($($name:ident)+) => {
            match kind { $(ChangeKind::$name => Some(Change::$name(Put::Tombstone { id: parse(record)? })),)+ }
        };
    }
    gone! {
        Product User Packaging Location StockLevel Order Fulfillment Lease Recall Cancel SsccBlock Settings Carrier
        SerialUsed Return LabelTemplate
    }
}

fn upsert<R, I>(record: R) -> Put<R, I> {
    Put::Upsert(Box::new(record))
}

pub(super) fn product(tx: &mut dyn Conn, record: &str) -> Res<Option<Change>> {
    let Some(row) = tx.one("SELECT * FROM products WHERE id = $1", vals![record])? else { return Ok(None) };
    let barcodes = tx.all("SELECT code, units FROM barcodes WHERE product = $1 ORDER BY units, code", vals![record])?;
    let barcodes = barcodes.iter().map(|row| {
        let (code, units): (String, u32) = (row.at(0)?, row.at(1)?);
        let gtin = crate::core::gs1::canonical_gtin(&code).as_deref() == Some(code.as_str());
        let unit = if units == 1 { "piece" } else { "case" };
        Ok(ProductBarcode { code, gtin, unit: unit.to_owned(), units_per_scan: units })
    });
    let substitutes =
        tx.all("SELECT substitute FROM substitutes WHERE product = $1 ORDER BY substitute", vals![record])?;
    let substitutes = substitutes
        .iter()
        .map(|row| Ok(Substitute { product_id: id(row, "substitute")?, units_for_one: 1, lead_required: false }));
    let held_lots = tx.all(
        "SELECT lot FROM lot_holds WHERE product = $1 ORDER BY lot LIMIT $2",
        vals![record, HELD_LOTS_MAX as i64],
    )?;
    let mut handling = Vec::new();
    if row.get("fragile")? {
        handling.push(Handling::Fragile);
    }
    if row.get("this_side_up")? {
        handling.push(Handling::ThisSideUp);
    }
    let kind = if row.get::<String>("kind")? == "service" { ProductKind::Service } else { ProductKind::Stocked };
    Ok(Some(Change::Product(upsert(ProductRecord {
        id: id(&row, "id")?,
        version: row.get("version")?,
        sku: row.get("sku")?,
        name: row.get("name")?,
        kind,
        base_unit: "piece".to_owned(),
        barcodes: barcodes.collect::<Res<_>>()?,
        tracking: Tracking {
            serial: row.get("track_serial")?,
            lot: row.get("track_lot")?,
            expiry: row.get("track_expiry")?,
            ..Tracking::default()
        },
        weight_g: row.get("weight_g")?,
        weight_spread_mg: row.get::<Option<u32>>("weight_spread_g")?.map(|g| g.saturating_mul(1_000)),
        dims: dims(&row, SIZE)?,
        dims_learnt: dims(&row, ["guess_length_mm", "guess_width_mm", "guess_height_mm"])?,
        volume_learnt_mm3: row.get("guess_volume_mm3")?,
        handling,
        bears_g: row.get("bears_g")?,
        compliance: compliance(&row)?,
        verify: None,
        substitutes: substitutes.collect::<Res<_>>()?,
        components: Vec::new(),
        held_lots: held_lots.iter().map(|row| row.at(0)).collect::<Result<_, _>>()?,
        picture: row.get::<Option<String>>("picture")?.as_deref().and_then(parse),
        ships_in_own_box: false,
        packer_note: None,
        active: true,
    }))))
}

/// The columns of a size.
const SIZE: [&str; 3] = ["length_mm", "width_mm", "height_mm"];

fn dims(row: &Row, [length, width, height]: [&str; 3]) -> Res<Option<Dims>> {
    let sides: [Option<u32>; 3] = [row.get(length)?, row.get(width)?, row.get(height)?];
    let [Some(length_mm), Some(width_mm), Some(height_mm)] = sides else { return Ok(None) };
    Ok(Some(Dims { length_mm, width_mm, height_mm }))
}

fn compliance(row: &Row) -> Res<Compliance> {
    let lithium = match row.get::<Option<String>>("lithium")?.as_deref() {
        Some("ion_alone") => Some(Lithium::IonAlone),
        Some("ion_with_equipment") => Some(Lithium::IonWithEquipment),
        Some("metal_alone") => Some(Lithium::MetalAlone),
        Some("metal_with_equipment") => Some(Lithium::MetalWithEquipment),
        Some(_) => return Err(CentralError::Stored { what: "lithium class" }),
        None => None,
    };
    let range: [Option<i32>; 2] = [row.get("temperature_min_c")?, row.get("temperature_max_c")?];
    let tenths = |c: i32| i16::try_from(c.saturating_mul(10)).unwrap_or(i16::MAX);
    let temperature = match range {
        [Some(min), Some(max)] => Some(TemperatureRange { min_decicelsius: tenths(min), max_decicelsius: tenths(max) }),
        _ => None,
    };
    let value = (row.get::<Option<i64>>("customs_value_minor")?, row.get::<Option<String>>("customs_currency")?);
    Ok(Compliance {
        un_number: row.get("un_number")?,
        limited_quantity: row.get("dangerous")?,
        lithium,
        hs_code: row.get("hs_code")?,
        origin_country: row.get("origin")?,
        customs_value: value.0.zip(value.1).map(|(minor, currency)| Money { minor, currency }),
        customs_description: None,
        adult_signature: row.get("adult_signature")?,
        temperature,
    })
}

pub(super) fn user(tx: &mut dyn Conn, record: &str) -> Res<Option<Change>> {
    let Some(row) = tx.one("SELECT * FROM users WHERE id = $1", vals![record])? else { return Ok(None) };
    let role = role_of(&row.get::<String>("role")?).ok_or(CentralError::Stored { what: "role" })?;
    let badge = row.get::<Option<String>>("badge_hash")?;
    Ok(Some(Change::User(upsert(UserRecord {
        id: id(&row, "id")?,
        version: row.get("version")?,
        name: row.get("name")?,
        initials: row.get("initials")?,
        language: row.get("locale")?,
        roles: vec![role],
        permissions: permissions(role),
        pin_argon2: row.get("pin_hash")?,
        badge_sha256: badge.as_deref().and_then(parse).into_iter().collect(),
        pack_median_ms: None,
        active: !row.get::<bool>("disabled")?,
    }))))
}

fn permissions(role: Role) -> Vec<Permission> {
    use Permission as P;
    let bench = [P::Pack, P::Reprint];
    let lead = [
        P::Expedite,
        P::OverrideWeight,
        P::AcceptWeight,
        P::ConfirmByHand,
        P::ApproveSubstitute,
        P::ClearFraud,
        P::ClearAddress,
        P::ClearUnpaid,
        P::Takeover,
        P::DecideException,
    ];
    match role {
        Role::Picker | Role::Packer | Role::Quality => bench.to_vec(),
        Role::Office => vec![P::DecideException],
        Role::Lead => bench.into_iter().chain(lead).collect(),
        Role::Admin => bench.into_iter().chain(lead).chain([P::ManageStation]).collect(),
    }
}

pub(super) fn packaging(tx: &mut dyn Conn, record: &str) -> Res<Option<Change>> {
    let Some(row) = tx.one("SELECT * FROM packagings WHERE id = $1", vals![record])? else { return Ok(None) };
    let inner = dims(&row, SIZE)?.ok_or(CentralError::Stored { what: "packaging" })?;
    let envelope = row.get::<String>("kind")? == "envelope";
    let name: String = row.get("name")?;
    Ok(Some(Change::Packaging(upsert(PackagingRecord {
        id: id(&row, "id")?,
        version: row.get("version")?,
        code: name.clone(),
        name,
        barcode: Some(row.get("code")?),
        kind: if envelope { PackagingKind::Envelope } else { PackagingKind::Box },
        inner,
        outer: inner,
        tare_weight_g: row.get("tare_g")?,
        content_weight_g_max: row.get("max_g")?,
        fill_permille_max: 1_000,
        cost: None,
        unsuited: Vec::new(),
        stock: None,
        active: row.get("on_hand")?,
    }))))
}

pub(super) fn location(tx: &mut dyn Conn, record: &str) -> Res<Option<Change>> {
    let Some(row) = tx.one("SELECT * FROM locations WHERE id = $1", vals![record])? else { return Ok(None) };
    let code: String = row.get("code")?;
    let bin = |row: &Row| -> Res<BinAddress> {
        Ok(BinAddress {
            aisle: row.get("aisle_name")?,
            bay: row.get("bay")?,
            level: row.get("level")?,
            side: if row.get::<String>("side")? == "right" { Side::Right } else { Side::Left },
        })
    };
    let (kind, address) = match row.get::<String>("kind")?.as_str() {
        "bin" => (LocationKind::Bin, Some(bin(&row)?)),
        // For a station the dock is where the parts of a split order meet. What the server keeps for its own books is none.
        "consolidation" => (LocationKind::Dock, None),
        "put_wall_slot" => (LocationKind::PutWallSlot, None),
        "tote" => (LocationKind::Tote, None),
        _ if [stock::QUARANTINE, stock::UNPLACED, RETURNS].contains(&code.as_str()) => (LocationKind::Quarantine, None),
        _ => (LocationKind::Dock, None),
    };
    Ok(Some(Change::Location(upsert(LocationRecord {
        id: id(&row, "id")?,
        version: row.get("version")?,
        code,
        barcode: None,
        kind,
        zone: Some(row.get::<String>("zone")?).filter(|zone| !zone.is_empty()),
        address,
        x_mm: row.get("x_mm")?,
        y_mm: row.get("y_mm")?,
        walk_rank: row.get("walk_rank")?,
        weight_g_max: None,
        active: !row.get::<bool>("gone")?,
    }))))
}

/// `promised` is read with the first balance of a page and serves the others.
pub(super) fn stock_level(tx: &mut dyn Conn, record: &str, promised: &mut Option<Promised>) -> Res<Option<Change>> {
    let Some(row) = tx.one("SELECT * FROM stock_levels WHERE id = $1", vals![record])? else { return Ok(None) };
    let promised = match promised {
        Some(promised) => promised,
        None => promised.insert(Promised::load(tx, id(&row, "site")?)?),
    };
    let allocated = promised.of_level(tx, record, &row.get::<String>("product")?)?;
    let some = |column: &str| -> Res<Option<String>> { Ok(Some(row.get::<String>(column)?).filter(|t| !t.is_empty())) };
    let as_of_ms: i64 = row.get("updated_ms")?;
    Ok(Some(Change::StockLevel(upsert(StockLevelRecord {
        id: id(&row, "id")?,
        version: u64::try_from(as_of_ms).unwrap_or(0),
        site_id: id(&row, "site")?,
        location_id: id(&row, "location")?,
        product_id: id(&row, "product")?,
        lot: some("lot")?,
        expiry: some("expiry")?.map(LocalDate),
        serial: some("serial")?,
        condition: match row.get::<String>("condition")?.as_str() {
            "good" => Condition::Good,
            "returned" => Condition::Returned,
            _ => Condition::Damaged,
        },
        owner: some("owner")?,
        on_hand: row.get("quantity")?,
        allocated,
        held: row.get("held")?,
        as_of_ms,
    }))))
}

pub(super) fn sscc_block(tx: &mut dyn Conn, record: &str) -> Res<Option<Change>> {
    let row = tx.one(
        "SELECT b.id, b.station, b.epoch, b.first_no, b.last_no, b.first_serial, s.sscc_prefix FROM number_blocks b \
         JOIN sites s ON s.id = b.site WHERE b.id = $1 AND b.burnt = 0",
        vals![record],
    )?;
    let Some(row) = row else { return Ok(None) };
    let (first, last): (u64, u64) = (row.get("first_no")?, row.get("last_no")?);
    Ok(Some(Change::SsccBlock(upsert(SsccBlockRecord {
        id: id(&row, "id")?,
        station_id: id(&row, "station")?,
        epoch: Epoch(row.get("epoch")?),
        extension: 0,
        company_prefix: row.get("sscc_prefix")?,
        first: row.get("first_serial")?,
        count: last.saturating_sub(first) + 1,
    }))))
}

pub(super) fn settings(site: &Site) -> Res<Option<Change>> {
    let record: SettingsRecord = site_settings::of(site)?;
    Ok(Some(Change::Settings(upsert(record))))
}

pub(super) fn carrier(tx: &mut dyn Conn, record: &str) -> Res<Option<Change>> {
    let Some(row) = tx.one("SELECT record FROM carriers WHERE id = $1", vals![record])? else { return Ok(None) };
    let record: CarrierRecord =
        serde_json::from_str(&row.at::<String>(0)?).map_err(|_| CentralError::Stored { what: "carrier" })?;
    Ok(Some(Change::Carrier(upsert(record))))
}

pub(super) fn serial_used(tx: &mut dyn Conn, record: &str) -> Res<Option<Change>> {
    let Some(row) = tx.one("SELECT * FROM serials WHERE id = $1", vals![record])? else { return Ok(None) };
    Ok(Some(Change::SerialUsed(upsert(SerialUsedRecord {
        id: id(&row, "id")?,
        product_id: id(&row, "product")?,
        serial: row.get("serial")?,
        fulfillment_id: id(&row, "fulfillment")?,
        used_ms: row.get("used_ms")?,
    }))))
}

/// The template of the site's own that holds now; none where the bundled one holds.
pub(super) fn label_template(tx: &mut dyn Conn, site: &Site, record: &str) -> Res<Option<Change>> {
    let told = labels::at_stations(tx, site.id, record)?;
    Ok(told.map(|record| Change::LabelTemplate(upsert(record))))
}
