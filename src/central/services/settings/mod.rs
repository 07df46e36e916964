//! What a site decides for its stations, kept as the record stations read. Until somebody sets it, the defaults here hold.

pub mod house;
pub mod numbers;

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::sites::{self, Site};
use crate::central::store::work::Work;
use crate::protocol::wire::carrier::{CarrierService, Cutoff, LabelSource, Weekday};
use crate::protocol::wire::fulfillment::{HandConfirm, PackPolicy, PhotoRule};
use crate::protocol::wire::order::Address;
use crate::protocol::wire::product::VerifyMode;
use crate::protocol::wire::settings::{PhotoSettings, Shipper, SiteMap};
use crate::protocol::wire::{CarrierId, CarrierRecord, ChangeKind, SettingsRecord, SiteId};
use crate::sql::Conn;
use crate::vals;
use std::sync::Arc;
use uuid::Uuid;

/// The site's settings.
///
/// # Errors
/// If the stored ones have an unknown form.
pub fn of(site: &Site) -> Res<SettingsRecord> {
    if site.settings == "{}" {
        return Ok(defaults(site));
    }
    serde_json::from_str(&site.settings).map_err(|_| CentralError::Stored { what: "settings" })
}

/// Those of the transaction's site, read once in it: a batch of a station's facts asks for them again and again.
///
/// # Errors
/// As [`of`]; any fault of the store.
pub fn here(work: &mut Work<'_>) -> Res<Arc<SettingsRecord>> {
    if let Some(known) = &work.settings {
        return Ok(Arc::clone(known));
    }
    let read = Arc::new(of(&sites::get(work.tx, work.ctx.site)?)?);
    work.settings = Some(Arc::clone(&read));
    Ok(read)
}

/// Sets them; stations learn it with their next pull. The caller starts from [`of`] and changes what it wants.
///
/// # Errors
/// [`Refusal::Field`] if they belong to another site or name an unknown zone.
pub fn set(work: &mut Work<'_>, settings: SettingsRecord) -> Res<()> {
    let detail = serde_json::json!({ "version": settings.version + 1 });
    put(work, settings, detail)
}

/// [`set`] with what the audit says of it.
fn put(work: &mut Work<'_>, mut settings: SettingsRecord, detail: serde_json::Value) -> Res<()> {
    if settings.id != work.ctx.site {
        return Err(Refusal::Field { field: "id", why: "must be this site's" }.into());
    }
    if jiff::tz::TimeZone::get(&settings.zone).is_err() {
        return Err(Refusal::Field { field: "zone", why: "must be an IANA time zone" }.into());
    }
    settings.version += 1;
    work.settings = None;
    let text =
        serde_json::to_string(&settings).map_err(|_| CentralError::Inner { what: "writing settings as JSON" })?;
    work.exec(
        "UPDATE sites SET settings = $2, name = $3, zone = $4, currency = $5, updated_ms = $6 WHERE id = $1",
        vals![work.site(), text, &settings.name, &settings.zone, &settings.currency, work.now_ms()],
    )?;
    work.changed(ChangeKind::Settings, work.site());
    work.audit("settings.set", "site", work.site(), detail);
    Ok(())
}

/// Sets a carrier; its id follows from its code.
///
/// # Errors
/// Any fault of the store.
pub fn set_carrier(work: &mut Work<'_>, mut carrier: CarrierRecord) -> Res<()> {
    carrier.id = super::sync_pull::carrier_id(work.ctx.site.0, &carrier.code);
    let id = carrier.id.to_string();
    let text =
        serde_json::to_string(&carrier).map_err(|_| CentralError::Inner { what: "writing a carrier as JSON" })?;
    work.exec(
        "INSERT INTO carriers (id, site, code, record, updated_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET record = excluded.record, updated_ms = excluded.updated_ms",
        vals![&id, work.site(), &carrier.code, text, work.now_ms()],
    )?;
    work.changed(ChangeKind::Carrier, &id);
    work.audit("carrier.set", "carrier", id, serde_json::json!({ "code": carrier.code }));
    Ok(())
}

/// A way to ship: code of the carrier, code of its service, and both names for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipping {
    /// Codes of carrier and service.
    pub codes: (String, String),
    /// Names of carrier and service.
    pub names: (String, String),
}

/// The services of all carriers in use.
///
/// # Errors
/// If a stored carrier has an unknown form.
pub fn services(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Shipping>> {
    let rows =
        tx.all("SELECT record FROM carriers WHERE site = $1 ORDER BY code LIMIT 100", vals![site.to_string()])?;
    let mut services = Vec::new();
    for row in rows {
        let carrier: CarrierRecord =
            serde_json::from_str(&row.at::<String>(0)?).map_err(|_| CentralError::Stored { what: "carrier" })?;
        if carrier.active {
            services.extend(carrier.services.iter().map(|service| Shipping {
                codes: (carrier.code.clone(), service.code.clone()),
                names: (carrier.name.clone(), service.name.clone()),
            }));
        }
    }
    Ok(services)
}

/// Whether a carrier in use has this service.
///
/// # Errors
/// As [`services`].
pub fn has_service(tx: &mut dyn Conn, site: SiteId, codes: &(String, String)) -> Res<bool> {
    Ok(services(tx, site)?.iter().any(|known| known.codes == *codes))
}

/// What a new site begins with: its settings are told to stations, and the house carrier exists.
///
/// # Errors
/// Any fault of the store.
pub fn begin(work: &mut Work<'_>) -> Res<()> {
    work.changed(ChangeKind::Settings, work.site());
    set_carrier(work, house_carrier())
}

/// The carrier that labels of the house are made for: one parcel service, picked up on working days.
fn house_carrier() -> CarrierRecord {
    let days = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
    let parcel = CarrierService {
        code: "parcel".to_owned(),
        name: "Parcel".to_owned(),
        cutoffs: days.map(|weekday| Cutoff { weekday, minute_of_day: 16 * 60 + 30 }).to_vec(),
        label_source: LabelSource::LocalRange,
        weight_g_max: Some(30_000),
        dims_max: None,
        void_within_ms: None,
        volume_mm3_per_g: None,
        countries: Vec::new(),
        takes_limited_quantity: true,
        takes_adult_signature: true,
    };
    CarrierRecord {
        id: CarrierId(Uuid::nil()),
        version: 1,
        code: "house".to_owned(),
        name: "House carrier".to_owned(),
        services: vec![parcel],
        holidays: Vec::new(),
        active: true,
    }
}

fn defaults(site: &Site) -> SettingsRecord {
    let country = site.country.clone().unwrap_or_default();
    SettingsRecord {
        id: site.id,
        version: 1,
        name: site.name.clone(),
        zone: site.zone.clone(),
        holidays: Vec::new(),
        currency: site.currency.clone(),
        languages: ["en", "es", "ms", "ru"].map(str::to_owned).to_vec(),
        shipper: Shipper {
            address: Address { name: site.name.clone(), country: country.clone(), ..Address::default() },
            tax_number: None,
            eori: None,
        },
        customs_area: vec![country],
        customs_forms: Vec::new(),
        policy: PackPolicy {
            ship_complete: false,
            verify: VerifyMode::ScanAndCount,
            confirm_by_hand: HandConfirm::Packer,
            scan_location: false,
            parcels_max: 50,
            scan_packaging: false,
            weigh: true,
            weight_tolerance_permille: 50,
            weight_tolerance_g_min: 30,
            photo_open: PhotoRule::None,
            photo_closed: PhotoRule::Offered,
            photo_exception: PhotoRule::Offered,
            scan_label_back: true,
        },
        checklist: Vec::new(),
        reasons: Vec::new(),
        idle_lock_ms: 10 * 60 * 1000,
        pin_tries_max: 5,
        pin_wait_ms: 60_000,
        personal_data_days: 30,
        photos: PhotoSettings { side_px_max: 1_600, keep_days: 180, station_bytes_max: 2 << 30 },
        prefetch_max: 50,
        unsynced_warn_ms: 15 * 60 * 1000,
        weight_learn_parcels_min: 5,
        variable_numbers: Vec::new(),
        map: SiteMap::default(),
    }
}
