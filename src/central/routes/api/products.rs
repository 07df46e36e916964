//! `/api/v1/products`: listing and reading.

use super::answer::{self, Money, Out, Time, filled, time, word};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::products_made::Battery;
use crate::central::error::Res;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::products::read::{self, ProductView, Wanted};
use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What a product is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProductKind {
    /// Something that is picked and packed.
    Goods,
    /// Something that is only billed: postage, a discount.
    Service,
}

/// Size of one unit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Size {
    length: i64,
    width: i64,
    height: i64,
}

/// What is asked for each unit when it is packed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Track {
    serial: bool,
    lot: bool,
    expiry: bool,
}

/// Temperatures that it bears, °C.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Temperature {
    low: i64,
    high: i64,
}

/// A barcode.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Barcode {
    /// As scanned; GTINs with 14 digits.
    code: String,
    /// Units behind one scan.
    units: i64,
}

/// A part of a kit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductPart {
    /// Code of the product.
    sku: String,
    /// Units in one kit.
    units: i64,
}

/// A product. A fact that nobody has told is null.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Product {
    /// Its code: its name in this API.
    sku: String,
    name: String,
    kind: ProductKind,
    /// What it is sold as.
    category: Option<String>,
    /// Selling price of one unit without tax.
    price: Option<Money>,
    /// Rate of its tax, in hundredths of a per cent.
    tax_rate_bp: i64,
    /// Mass of one unit.
    weight_g: Option<i64>,
    /// In millimetres.
    size_mm: Option<Size>,
    /// In millimetres, where nobody measured it: it is at most this large, as parcels that it left in taught, the longest side first.
    size_learnt_mm: Option<Size>,
    track: Track,
    fragile: bool,
    /// It may be turned around, not over.
    this_side_up: bool,
    /// Grams that may stand on one unit, all together: 0 is nothing, null is that nobody has told.
    bears_g: Option<i64>,
    dangerous: bool,
    /// Customs tariff number.
    hs_code: Option<String>,
    /// Country of origin, ISO 3166-1 alpha-2.
    origin: Option<String>,
    /// UN number of dangerous goods.
    un_number: Option<i64>,
    battery: Option<Battery>,
    /// Value of one unit for customs.
    customs_value: Option<Money>,
    /// Only an adult may sign for it.
    adult_signature: bool,
    temperature_c: Option<Temperature>,
    barcodes: Vec<Barcode>,
    /// What a kit is made of; none for what lies in the house itself. A kit has no stock: its parts have.
    parts: Vec<ProductPart>,
    /// Grows with every change; the first part of the ETag.
    version: i64,
    updated_at: Time,
}

/// A page of products.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ProductList {
    items: Vec<Product>,
    /// Cursor of the next page; null on the last.
    next: Option<String>,
}

fn product(view: ProductView) -> Res<Product> {
    let [serial, lot, expiry] = view.track;
    Ok(Product {
        kind: if view.service { ProductKind::Service } else { ProductKind::Goods },
        size_mm: view.size_mm.map(|[length, width, height]| Size { length, width, height }),
        size_learnt_mm: view.guess.map(|guess| {
            let [length, width, height] = guess.size_mm.map(i64::from);
            Size { length, width, height }
        }),
        track: Track { serial, lot, expiry },
        barcodes: view.barcodes.into_iter().map(|(code, units)| Barcode { code, units }).collect(),
        parts: view.parts.into_iter().map(|(sku, units)| ProductPart { sku, units }).collect(),
        updated_at: time(view.updated_ms)?,
        price: view.price_minor.map(|minor| Money::new(minor, &view.currency)),
        customs_value: view.customs_value.map(|(minor, currency)| Money::new(minor, &currency)),
        battery: view.battery.map(|text| word(&text, "lithium class")).transpose()?,
        temperature_c: view.temperature_c.map(|[low, high]| Temperature { low, high }),
        category: filled(view.category),
        tax_rate_bp: view.tax_rate_bp,
        un_number: view.un_number,
        adult_signature: view.adult_signature,
        sku: view.sku,
        name: view.name,
        weight_g: view.weight_g,
        fragile: view.fragile,
        this_side_up: view.this_side_up,
        bears_g: view.bears_g,
        dangerous: view.dangerous,
        hs_code: view.hs_code,
        origin: view.origin,
        version: view.version,
    })
}

/// Which products, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProductsAsked {
    /// Where the page begins: `next` of the page before, with the same other parameters.
    #[param(nullable = false, min_length = 1, max_length = 4096)]
    cursor: Option<String>,
    /// Most products of the page; 50 where it is absent.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only products that changed after this moment, the longest unchanged first; without it they come by code.
    #[param(nullable = false, value_type = Option<String>, format = DateTime, example = "2011-03-01T00:00:00Z")]
    updated_after: Option<String>,
    /// Part of a code or name.
    #[param(nullable = false, min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    search: Option<String>,
}

/// Lists products.
#[utoipa::path(get, path = "/api/v1/products", tag = "products", operation_id = "list_products", params(ProductsAsked),
    responses(
        (status = 200, description = "A page of products.", body = ProductList),
        (status = 422, response = super::document::Invalid),
    ), security(("key" = ["stock.view"])))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(asked): Asked<ProductsAsked>) -> Out {
    caller.need(Permission::StockView)?;
    let wanted = Wanted {
        search: ask::text("search", asked.search)?.unwrap_or_default(),
        updated_after_ms: ask::moment("updated_after", asked.updated_after.as_deref())?,
    };
    let (site, rows, cursor) = (app.store.site(), ask::rows(asked.limit)?, asked.cursor);
    let page = app.store.read(move |tx| read::page(tx, site, &wanted, cursor.as_deref(), rows)).await;
    let (products, next) = page.map_err(ask::refused)?;
    answer::page(&ProductList { items: products.into_iter().map(product).collect::<Res<_>>()?, next })
}

/// Reads one product.
#[utoipa::path(get, path = "/api/v1/products/{sku}", tag = "products", operation_id = "get_product",
    params(
        ("sku" = String, Path, description = "The product's code.", example = "85123A"),
        ("If-None-Match" = Option<String>, Header, nullable = false, description = "ETags that are known already."),
    ),
    responses(
        (status = 200, description = "The product.", body = Product,
            headers(("ETag" = String, description = "Its version and content."))),
        (status = 304, description = "It is as the ETag says."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["stock.view"])))]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Named(sku): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::StockView)?;
    let site = app.store.site();
    let view = app.store.read(move |tx| read::one(tx, site, &sku)).await?;
    answer::entity(&headers, view.version, &product(view)?)
}
