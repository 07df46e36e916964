//! `POST /api/v1/products`, `PATCH /api/v1/products/{sku}` and `POST /api/v1/products/bulk`: products added and changed by programs, under the
//! rules that hold for those that are typed.

use super::act::keep;
use super::answer::Out;
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::{kept, once, response};
use super::sent::{SentMoney, assigned, fault};
use crate::central::error::{CentralError, FieldFault, Refusal, Res};
use crate::central::routes::App;
use crate::central::routes::problem::ApiError;
use crate::central::services::access::Permission;
use crate::central::services::idempotency::Kept;
use crate::central::services::products::sheet::{self as service, Sheet};
use crate::central::store::sites;
use crate::central::store::work::Work;
use crate::protocol::wire::Problem;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Most products of one bulk request.
const BULK_MAX: usize = 500;
/// Largest version that every reader of JSON can hold.
const VERSION_MAX: i64 = 9_007_199_254_740_991;

/// A field that may be absent, null, or there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Batteries in a product.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Battery {
    /// Lithium ion, alone.
    IonAlone,
    /// Lithium ion, with or in equipment.
    IonWithEquipment,
    /// Lithium metal, alone.
    MetalAlone,
    /// Lithium metal, with or in equipment.
    MetalWithEquipment,
}

impl From<Battery> for service::Battery {
    fn from(battery: Battery) -> service::Battery {
        match battery {
            Battery::IonAlone => service::Battery::IonAlone,
            Battery::IonWithEquipment => service::Battery::IonWithEquipment,
            Battery::MetalAlone => service::Battery::MetalAlone,
            Battery::MetalWithEquipment => service::Battery::MetalWithEquipment,
        }
    }
}

/// What a product is.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProductKindSent {
    Goods,
    Service,
}

/// Size of one unit, mm.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentSize {
    #[schema(minimum = 1, maximum = 10_000)]
    length: u32,
    #[schema(minimum = 1, maximum = 10_000)]
    width: u32,
    #[schema(minimum = 1, maximum = 10_000)]
    height: u32,
}

/// What is asked of every unit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentTrack {
    serial: bool,
    lot: bool,
    expiry: bool,
}

/// A barcode.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentBarcode {
    /// A GTIN of any length is kept with 14 digits.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    code: String,
    /// Units behind one scan.
    #[schema(minimum = 1, maximum = 100_000)]
    units: u32,
}

/// A part of a kit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentPart {
    /// Code of the product.
    #[schema(min_length = 1, max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    sku: String,
    /// Units in one kit.
    #[schema(minimum = 1, maximum = 10_000)]
    units: u32,
}

/// Temperatures that a product bears, °C.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentTemperature {
    #[schema(minimum = -100, maximum = 100)]
    low: i32,
    #[schema(minimum = -100, maximum = 100)]
    high: i32,
}

/// Facts of a product. What is absent stays as it is; null says that it is not known.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductFactsSent {
    /// Must be there for a new product.
    #[schema(min_length = 1, max_length = 200, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    name: Option<String>,
    kind: Option<ProductKindSent>,
    /// What it is sold as.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    category: Option<Option<String>>,
    /// Selling price of one unit without tax.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<SentMoney>)]
    price: Option<Option<SentMoney>>,
    /// Rate of its tax, in hundredths of a per cent.
    #[schema(maximum = 10_000)]
    tax_rate_bp: Option<u32>,
    /// All of them.
    #[schema(max_items = 50)]
    barcodes: Option<Vec<SentBarcode>>,
    /// Mass of one unit.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1_000_000)]
    weight_g: Option<Option<u32>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<SentSize>)]
    size_mm: Option<Option<SentSize>>,
    track: Option<SentTrack>,
    fragile: Option<bool>,
    /// It may be turned around, not over.
    this_side_up: Option<bool>,
    /// Grams that may stand on one unit, all together; 0 is nothing.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>, maximum = 1_000_000)]
    bears_g: Option<Option<u32>>,
    dangerous: Option<bool>,
    /// UN number of dangerous goods.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 9_999)]
    un_number: Option<Option<u32>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Battery>)]
    battery: Option<Option<Battery>>,
    /// Customs tariff number.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4,12}$")]
    hs_code: Option<Option<String>>,
    /// Country of origin, ISO 3166-1 alpha-2.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{2}$")]
    origin: Option<Option<String>>,
    /// Value of one unit for customs.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<SentMoney>)]
    customs_value: Option<Option<SentMoney>>,
    /// Only an adult may sign for it.
    adult_signature: Option<bool>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<SentTemperature>)]
    temperature_c: Option<Option<SentTemperature>>,
    /// All that one of it is made of: then it is a kit, which is sold as its parts and never lies here itself. None makes it a
    /// product of its own again. Parts are goods and no kits.
    #[schema(max_items = 30)]
    parts: Option<Vec<SentPart>>,
}

impl ProductFactsSent {
    /// Lays what was sent over a sheet; what it cannot be is added to the faults, with `own` before its place.
    fn lay(&self, sheet: &mut Sheet, currency: &str, own: &str, faults: &mut Vec<FieldFault>) {
        let mut money = |sent: &Option<SentMoney>, name: &str| {
            sent.as_ref().map(|money| money.read(&format!("{own}/{name}"), currency, faults))
        };
        if let Some(price) = &self.price {
            sheet.price_minor = money(price, "price");
        }
        if let Some(value) = &self.customs_value {
            sheet.customs_value_minor = money(value, "customs_value");
        }
        set(&mut sheet.name, self.name.clone());
        set(&mut sheet.service, self.kind.map(|kind| matches!(kind, ProductKindSent::Service)));
        set(&mut sheet.category, self.category.clone().map(Option::unwrap_or_default));
        set(&mut sheet.tax_rate_bp, self.tax_rate_bp);
        let codes = |all: &Vec<SentBarcode>| all.iter().map(|one| (one.code.clone(), one.units)).collect();
        set(&mut sheet.barcodes, self.barcodes.as_ref().map(codes));
        set(&mut sheet.weight_g, self.weight_g);
        let size = |size: &Option<SentSize>| size.as_ref().map(|one| [one.length, one.width, one.height]);
        set(&mut sheet.size_mm, self.size_mm.as_ref().map(size));
        set(&mut sheet.track, self.track.as_ref().map(|track| [track.serial, track.lot, track.expiry]));
        set(&mut sheet.fragile, self.fragile);
        set(&mut sheet.this_side_up, self.this_side_up);
        set(&mut sheet.bears_g, self.bears_g);
        set(&mut sheet.dangerous, self.dangerous);
        set(&mut sheet.un_number, self.un_number);
        set(&mut sheet.battery, self.battery.map(|battery| battery.map(service::Battery::from)));
        set(&mut sheet.hs_code, self.hs_code.clone());
        set(&mut sheet.origin, self.origin.clone().map(|origin| origin.as_deref().map(assigned)));
        set(&mut sheet.adult_signature, self.adult_signature);
        let range = |range: &Option<SentTemperature>| range.as_ref().map(|one| [one.low, one.high]);
        set(&mut sheet.temperature_c, self.temperature_c.as_ref().map(range));
        let parts = |all: &Vec<SentPart>| all.iter().map(|one| (one.sku.clone(), one.units)).collect();
        set(&mut sheet.parts, self.parts.as_ref().map(parts));
    }

    /// What of it is wrong whatever the product is.
    fn faults(&self, currency: &str, own: &str) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut sheet = Sheet { name: "-".to_owned(), ..Sheet::default() };
        self.lay(&mut sheet, currency, own, &mut faults);
        if let Err(refusal) = sheet.validate() {
            faults.extend(placed(&refusal, own));
        }
        faults
    }
}

fn set<T>(place: &mut T, sent: Option<T>) {
    if let Some(value) = sent {
        *place = value;
    }
}

/// The place in the body of what a service refuses.
fn placed(refusal: &Refusal, own: &str) -> Option<FieldFault> {
    let (field, why) = match refusal {
        Refusal::Field { field, why } => (*field, *why),
        Refusal::Taken { field: "barcode", .. } => ("product.barcodes", "is one of another product"),
        _ => return None,
    };
    let name = match field.strip_prefix("product.").unwrap_or(field) {
        "tax" => "tax_rate_bp",
        "weight" => "weight_g",
        "bears" => "bears_g",
        "size" => "size_mm",
        "un-number" => "un_number",
        "hs-code" => "hs_code",
        "customs-value" => "customs_value",
        "temperature" => "temperature_c",
        other => other,
    };
    Some(fault(format!("{own}/{name}"), why))
}

/// A refusal with its place in the body, where it has one.
fn told(error: CentralError, own: &str) -> CentralError {
    match error {
        CentralError::Refused(refusal) => match placed(&refusal, own) {
            Some(fault) => Refusal::Fields { fields: vec![fault] }.into(),
            None => refusal.into(),
        },
        other => other,
    }
}

fn check_sku(sku: &str, place: String) -> Option<FieldFault> {
    let wrong = service::check_sku(sku).err()?;
    placed(&wrong, "").map(|fault| FieldFault { pointer: place, ..fault })
}

/// A product to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "sku": "MUG-1", "facts": { "name": "Mug", "barcodes": [{ "code": "4006381333931", "units": 1 }], "weight_g": 320 }
}))]
pub(super) struct NewProduct {
    /// Its code.
    #[schema(min_length = 1, max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    sku: String,
    facts: ProductFactsSent,
}

/// The answer to a product that was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductSaved {
    /// Its code.
    sku: String,
    /// Its version now.
    version: i64,
}

fn currency(work: &mut Work<'_>) -> Res<String> {
    Ok(sites::get(work.tx, work.ctx.site)?.currency)
}

/// Adds a product.
#[utoipa::path(post, path = "/api/v1/products", tag = "products", operation_id = "create_product",
    params(super::document::Idempotency),
    request_body = NewProduct,
    responses(
        (status = 201, description = "It is added.", body = ProductSaved, headers(
            ("Location" = String, description = "Address of the product."),
            ("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."),
        )),
        super::document::Sent,
    ), security(("key" = ["product.update"])))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ProductUpdate)?;
    let (sent, body): (NewProduct, Bytes) = ask::json(&headers, body)?;
    let sku = sent.sku.clone();
    let (kept, replayed) = kept(&app, &caller, &headers, "POST /api/v1/products", &body, move |work| {
        let currency = currency(work)?;
        let mut faults = sent.facts.faults(&currency, "/facts");
        faults.extend(check_sku(&sent.sku, "/sku".to_owned()));
        if sent.facts.name.is_none() {
            faults.push(fault("/facts/name", "must be there for a new product"));
        }
        if !faults.is_empty() {
            return Err(Refusal::Fields { fields: faults }.into());
        }
        let mut sheet = Sheet::default();
        sent.facts.lay(&mut sheet, &currency, "/facts", &mut faults);
        service::add(work, &sent.sku, &sheet).map_err(|error| told(error, "/facts"))?;
        keep(201, &ProductSaved { sku: sent.sku.clone(), version: 1 })
    })
    .await?;
    let mut response = response(kept, replayed);
    if let Ok(value) = HeaderValue::from_str(&format!("/api/v1/products/{}", address(&sku))) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

/// A code as one part of an address.
pub(super) fn address(sku: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    sku.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

/// Changes a product.
#[utoipa::path(patch, path = "/api/v1/products/{sku}", tag = "products", operation_id = "edit_product",
    params(
        ("sku" = String, Path, description = "The product's code.", example = "85123A"),
        super::document::ThingSeen,
        super::document::Idempotency,
    ),
    request_body = ProductFactsSent,
    responses(
        (status = 200, description = "It is changed, or was so already.", body = ProductSaved,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["product.update"])))]
pub(super) async fn edit(
    State(app): State<App>,
    caller: Caller,
    Named(sku): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ProductUpdate)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (ProductFactsSent, Bytes) = ask::json(&headers, body)?;
    let what = format!("PATCH /api/v1/products/{sku}");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let currency = currency(work)?;
        let faults = sent.faults(&currency, "");
        if !faults.is_empty() {
            // Who asks for none, or saw another version, is told that first.
            let filed = service::filed(work.tx, work.ctx.site, &sku)?;
            ask::as_seen(seen.as_deref(), filed.version)?;
            return Err(Refusal::Fields { fields: faults }.into());
        }
        let (version, _) = lay_over(work, &sku, seen.as_deref(), &sent, &currency).map_err(|error| told(error, ""))?;
        keep(200, &ProductSaved { sku: sku.clone(), version })
    })
    .await
}

/// Writes what was sent over the product as it is; its version then and whether anything changed.
fn lay_over(
    work: &mut Work<'_>,
    sku: &str,
    seen: Option<&[i64]>,
    sent: &ProductFactsSent,
    currency: &str,
) -> Res<(i64, bool)> {
    let filed = service::filed(work.tx, work.ctx.site, sku)?;
    ask::as_seen(seen, filed.version)?;
    let mut sheet = filed.sheet.clone();
    sent.lay(&mut sheet, currency, "", &mut Vec::new());
    let version = service::save(work, sku, None, &sheet)?;
    Ok((version, version != filed.version))
}

/// One of many products.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BulkProduct {
    /// Its code.
    #[schema(min_length = 1, max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    sku: String,
    /// Version as you saw it; without it, whatever there is.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: Option<i64>,
    facts: ProductFactsSent,
}

/// Products to be added or changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "products": [{ "sku": "71053", "facts": { "category": "Lanterns" } }] }))]
pub(super) struct BulkProducts {
    #[schema(min_items = 1, max_items = 500)]
    products: Vec<BulkProduct>,
}

/// What became of one of many products.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum BulkProductOutcome {
    Created,
    Changed,
    Unchanged,
    /// It is as it was; `problem` says why.
    Refused,
}

/// What became of one of many products.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkProductResult {
    /// Its code.
    sku: String,
    outcome: BulkProductOutcome,
    /// Its version now; null where it was refused.
    version: Option<i64>,
    /// Why it was refused.
    problem: Option<Problem>,
}

/// The answer to many products.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BulkProductsDone {
    /// One for each product, in the order they were sent.
    results: Vec<BulkProductResult>,
    /// How many of them were refused.
    refused: u32,
}

/// Adds and changes many products.
///
/// A code that is known is changed, one that is not is added. Each product has its own result; one that is refused leaves the others as
/// they are.
#[utoipa::path(post, path = "/api/v1/products/bulk", tag = "products", operation_id = "bulk_products",
    params(super::document::Idempotency),
    request_body = BulkProducts,
    responses(
        (status = 200, description = "What became of each.", body = BulkProductsDone,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Sent,
    ), security(("key" = ["product.update"])))]
pub(super) async fn bulk(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ProductUpdate)?;
    let (sent, body): (BulkProducts, Bytes) = ask::json(&headers, body)?;
    once(&app, &caller, &headers, "POST /api/v1/products/bulk", &body, move |work| each(work, &sent)).await
}

fn each(work: &mut Work<'_>, sent: &BulkProducts) -> Res<Kept> {
    if sent.products.is_empty() || sent.products.len() > BULK_MAX {
        return Err(Refusal::Fields { fields: vec![fault("/products", "must be 1 to 500")] }.into());
    }
    let currency = currency(work)?;
    let mut faults = Vec::new();
    for (place, one) in sent.products.iter().enumerate() {
        faults.extend(one.facts.faults(&currency, &format!("/products/{place}/facts")));
        faults.extend(check_sku(&one.sku, format!("/products/{place}/sku")));
        if one.version.is_some_and(|version| !(1..=VERSION_MAX).contains(&version)) {
            faults.push(fault(format!("/products/{place}/version"), "must be a version of the product"));
        }
    }
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    let (mut results, mut refused) = (Vec::with_capacity(sent.products.len()), 0);
    for (place, one) in sent.products.iter().enumerate() {
        let (outcome, version, problem) = match write(work, one, &currency) {
            Ok((outcome, version)) => (outcome, Some(version), None),
            Err(error @ CentralError::Refused(_)) => {
                let ApiError(problem) = ask::refused(told(error, &format!("/products/{place}/facts")));
                refused += 1;
                (BulkProductOutcome::Refused, None, Some(*problem))
            }
            Err(error) => return Err(error),
        };
        results.push(BulkProductResult { sku: one.sku.clone(), outcome, version, problem });
    }
    keep(200, &BulkProductsDone { results, refused })
}

fn write(work: &mut Work<'_>, one: &BulkProduct, currency: &str) -> Res<(BulkProductOutcome, i64)> {
    let seen = one.version.map(|version| [version]);
    let seen = seen.as_ref().map(|versions| versions.as_slice());
    match lay_over(work, &one.sku, seen, &one.facts, currency) {
        Ok((version, true)) => Ok((BulkProductOutcome::Changed, version)),
        Ok((version, false)) => Ok((BulkProductOutcome::Unchanged, version)),
        Err(CentralError::Refused(Refusal::Missing { .. })) if seen.is_none() => {
            let mut sheet = Sheet::default();
            one.facts.lay(&mut sheet, currency, "", &mut Vec::new());
            service::add(work, &one.sku, &sheet)?;
            Ok((BulkProductOutcome::Created, 1))
        }
        Err(error) => Err(error),
    }
}
