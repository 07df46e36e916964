//! `/api/v1/orders`: listing and reading.

use super::answer::{self, Address, Money, Out, Time, filled, maybe_time, time, word};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use crate::central::error::Res;
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::kits::{Content, Sold};
use crate::central::services::orders::read::{
    self, ItemFacts, LineFacts, OrderFacts, OrderWhole, ParcelFacts, PartFacts, Wanted,
};
use axum::extract::State;
use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Where an order stands between customer and house.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum OrderStatus {
    Draft,
    Placed,
    Cancelled,
    Closed,
}

impl OrderStatus {
    const fn stored(self) -> &'static str {
        match self {
            OrderStatus::Draft => "draft",
            OrderStatus::Placed => "placed",
            OrderStatus::Cancelled => "cancelled",
            OrderStatus::Closed => "closed",
        }
    }
}

/// What the order's payments add up to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaymentStatus {
    None,
    Authorized,
    PartiallyPaid,
    Paid,
    PartiallyRefunded,
    Refunded,
    Overcharged,
    Voided,
    Failed,
}

/// How far the warehouse is with the order.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FulfillmentStatus {
    Unfulfilled,
    InProgress,
    Packed,
    PartiallyShipped,
    Shipped,
    Delivered,
    Cancelled,
    NothingToShip,
}

/// An order in short. `status`, `payment_status` and `fulfillment_status` are independent of each other.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderSummary {
    /// The order's number: its name in this API.
    number: String,
    /// Grows with every change.
    version: i64,
    status: OrderStatus,
    payment_status: PaymentStatus,
    fulfillment_status: FulfillmentStatus,
    placed_at: Time,
    updated_at: Time,
    /// When it must have left the house, if that was promised.
    ship_by: Option<Time>,
    /// Number of the customer; null for a guest.
    customer_number: Option<String>,
    /// Name of the customer; null without the scope `person.view`.
    customer_name: Option<String>,
    /// Country of delivery, ISO 3166-1 alpha-2, if known.
    country: Option<String>,
    /// Units of all lines.
    units: i64,
    /// With taxes.
    total: Money,
    /// Taxes in the total.
    tax: Money,
}

/// A page of orders.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderList {
    items: Vec<OrderSummary>,
    /// Cursor of the next page; null on the last.
    next: Option<String>,
}

/// What a line sells.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum LineKind {
    /// Something that is picked and packed.
    Goods,
    /// Something that is only billed: postage, a discount.
    Service,
}

/// A line. Its counters are units: delivered ≤ shipped ≤ packed ≤ picked ≤ quantity.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderLine {
    /// Place in the order.
    line_no: u32,
    /// Code of the product.
    sku: String,
    /// What the order called it.
    name: String,
    kind: LineKind,
    quantity: i64,
    /// Without tax.
    unit_price: Money,
    /// Rate of the tax on top, in hundredths of a per cent.
    tax_rate_bp: u32,
    /// Tax of the whole line.
    tax: Money,
    picked: i64,
    /// Scanned at the bench.
    verified: i64,
    packed: i64,
    shipped: i64,
    delivered: i64,
    /// Not there when it was picked.
    short: i64,
    return_requested: i64,
    returned: i64,
    /// Given up.
    written_off: i64,
    /// Kit that it is a part of: `no` of one of `kits`. Null for what was sold alone.
    kit: Option<u32>,
}

/// A part of a kit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderKitPart {
    /// Code of the product.
    sku: String,
    name: String,
    /// Units in one kit.
    units: i64,
}

/// Several products sold as one. The lines of its parts share its price and its tax.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderKit {
    /// Number in the order, among its lines and kits: the `line_no` by which an edit names it.
    no: u32,
    /// Code of the kit.
    sku: String,
    /// What it was called when it was sold.
    name: String,
    quantity: i64,
    /// Price of one without tax.
    unit_price: Money,
    /// Rate of the tax on top, in hundredths of a per cent.
    tax_rate_bp: u32,
    /// Tax of all of them.
    tax: Money,
    /// What one was made of when it was sold.
    parts: Vec<OrderKitPart>,
}

/// What lies in a parcel.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ParcelItem {
    /// Line of the order.
    line_no: u32,
    quantity: i64,
    lot: Option<String>,
    /// Day of expiry.
    #[schema(format = Date)]
    expiry: Option<String>,
}

/// One box or envelope.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Parcel {
    /// Part of the order it belongs to; 1 where the order was not split.
    part: u32,
    /// Number within the part.
    no: u32,
    /// Serial shipping container code, 18 digits.
    sscc: Option<String>,
    /// The carrier's number.
    tracking: Option<String>,
    /// Name of the box.
    packaging: Option<String>,
    /// On the scale.
    weight_g: Option<i64>,
    /// When its label was scanned back at the bench.
    confirmed_at: Option<Time>,
    /// The carrier's own address of this parcel, if one was told.
    tracking_url: Option<String>,
    /// Number of the manifest it is on.
    manifest: Option<String>,
    /// When it was handed to the carrier.
    handed_over_at: Option<Time>,
    /// When it arrived.
    delivered_at: Option<Time>,
    items: Vec<ParcelItem>,
}

/// How far one part of an order is.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PartState {
    /// It waits for stock, or the office holds it back.
    Blocked,
    /// Stations may begin it.
    Released,
    /// A bench has it in hand.
    Packing,
    /// A bench laid it aside.
    Held,
    Packed,
    HandedOver,
    Cancelled,
}

/// Units of a line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PartLine {
    /// Place in the order.
    line_no: u32,
    quantity: i64,
}

/// Work of its own: an order that was split has several.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Part {
    /// Number within the order.
    part: u32,
    state: PartState,
    lines: Vec<PartLine>,
}

/// An order whole.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Order {
    /// The order's number: its name in this API.
    number: String,
    /// Grows with every change; the first part of the ETag.
    version: i64,
    status: OrderStatus,
    payment_status: PaymentStatus,
    fulfillment_status: FulfillmentStatus,
    placed_at: Time,
    updated_at: Time,
    /// When it must have left the house, if that was promised.
    ship_by: Option<Time>,
    /// Number of the customer; null for a guest.
    customer_number: Option<String>,
    /// Name of the customer; null without the scope `person.view`.
    customer_name: Option<String>,
    /// Where it goes; null without the scope `person.view`.
    ship_to: Option<Address>,
    /// The customer's note; null without the scope `person.view`.
    note: Option<String>,
    /// Country of delivery, ISO 3166-1 alpha-2, if known.
    country: Option<String>,
    /// Units of all lines.
    units: i64,
    /// With taxes.
    total: Money,
    /// Taxes in the total.
    tax: Money,
    lines: Vec<OrderLine>,
    /// Kits that were sold; `lines` holds their parts.
    kits: Vec<OrderKit>,
    /// Work for the benches; none where there is nothing to ship.
    parts: Vec<Part>,
    parcels: Vec<Parcel>,
}

fn summary(facts: OrderFacts) -> Res<OrderSummary> {
    Ok(OrderSummary {
        status: word(&facts.status, "status of an order")?,
        payment_status: word(&facts.payment, "payment status")?,
        fulfillment_status: word(&facts.fulfillment, "fulfillment status")?,
        placed_at: time(facts.placed_ms)?,
        updated_at: time(facts.updated_ms)?,
        ship_by: maybe_time(facts.ship_by_ms)?,
        total: Money::new(facts.total_minor, &facts.currency),
        tax: Money::new(facts.tax_minor, &facts.currency),
        number: facts.number,
        version: facts.version,
        customer_number: facts.customer_number,
        customer_name: facts.customer_name,
        country: facts.country,
        units: facts.units,
    })
}

fn whole(order: OrderWhole) -> Res<Order> {
    let currency = order.facts.currency.clone();
    let short = summary(order.facts)?;
    Ok(Order {
        number: short.number,
        version: short.version,
        status: short.status,
        payment_status: short.payment_status,
        fulfillment_status: short.fulfillment_status,
        placed_at: short.placed_at,
        updated_at: short.updated_at,
        ship_by: short.ship_by,
        customer_number: short.customer_number,
        customer_name: short.customer_name,
        ship_to: order.ship_to.map(Address::from),
        note: order.note,
        country: short.country,
        units: short.units,
        total: short.total,
        tax: short.tax,
        lines: order.lines.into_iter().map(|facts| line(facts, &currency)).collect(),
        kits: order.kits.into_iter().map(|sold| kit(sold, &currency)).collect(),
        parts: order.parts.into_iter().map(part).collect::<Res<_>>()?,
        parcels: order.parcels.into_iter().map(parcel).collect::<Res<_>>()?,
    })
}

fn line(facts: LineFacts, currency: &str) -> OrderLine {
    let [picked, verified, packed, shipped, delivered] = facts.done;
    let [return_requested, returned, written_off] = facts.back;
    OrderLine {
        line_no: facts.no,
        sku: facts.sku,
        name: facts.name,
        kind: if facts.service { LineKind::Service } else { LineKind::Goods },
        quantity: facts.quantity,
        unit_price: Money::new(facts.price_minor, currency),
        tax_rate_bp: facts.tax_rate_bp,
        tax: Money::new(facts.tax_minor, currency),
        picked,
        verified,
        packed,
        shipped,
        delivered,
        short: facts.short,
        return_requested,
        returned,
        written_off,
        kit: facts.kit,
    }
}

fn kit(sold: Sold, currency: &str) -> OrderKit {
    let part = |part: Content| OrderKitPart { sku: part.sku, name: part.name, units: part.units };
    OrderKit {
        no: sold.no,
        sku: sold.sku,
        name: sold.name,
        quantity: sold.quantity,
        unit_price: Money::new(sold.price_minor, currency),
        tax_rate_bp: sold.tax_rate_bp,
        tax: Money::new(sold.tax_minor, currency),
        parts: sold.content.into_iter().map(part).collect(),
    }
}

fn part(facts: PartFacts) -> Res<Part> {
    let line = |(line_no, quantity)| PartLine { line_no, quantity };
    Ok(Part {
        part: facts.part,
        state: word(&facts.state, "state of a part")?,
        lines: facts.lines.into_iter().map(line).collect(),
    })
}

fn parcel(facts: ParcelFacts) -> Res<Parcel> {
    let item = |item: ItemFacts| ParcelItem {
        line_no: item.line,
        quantity: item.quantity,
        lot: filled(item.lot),
        expiry: filled(item.expiry),
    };
    Ok(Parcel {
        part: facts.part,
        no: facts.no,
        sscc: facts.sscc,
        tracking: facts.tracking,
        packaging: facts.packaging,
        weight_g: facts.weight_g,
        confirmed_at: maybe_time(facts.confirmed_ms)?,
        tracking_url: facts.tracking_url,
        manifest: facts.manifest,
        handed_over_at: maybe_time(facts.handed_over_ms)?,
        delivered_at: maybe_time(facts.delivered_ms)?,
        items: facts.items.into_iter().map(item).collect(),
    })
}

/// Which orders, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OrdersAsked {
    /// Where the page begins: `next` of the page before, with the same other parameters.
    #[param(nullable = false, min_length = 1, max_length = 4096)]
    cursor: Option<String>,
    /// Most orders of the page; 50 where it is absent.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only orders that changed after this moment, the longest unchanged first; without it the newest placed come first.
    #[param(nullable = false, value_type = Option<String>, format = DateTime, example = "2011-03-01T00:00:00Z")]
    updated_after: Option<String>,
    /// Only orders of this status.
    #[param(nullable = false, inline)]
    status: Option<OrderStatus>,
    /// Part of an order's or customer's number, a whole SSCC; with the scope `person.view` also part of a customer's name.
    #[param(nullable = false, min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    search: Option<String>,
}

/// Lists orders.
///
/// A page at a time. To keep a copy, follow `updated_after` from the newest `updated_at` you have, less a minute, because
/// changes are dated when they begin and not when they are done; or follow `/api/v1/changes`.
#[utoipa::path(get, path = "/api/v1/orders", tag = "orders", operation_id = "list_orders", params(OrdersAsked),
    responses(
        (status = 200, description = "A page of orders.", body = OrderList),
        (status = 422, response = super::document::Invalid),
    ), security(("key" = ["order.view"])))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(asked): Asked<OrdersAsked>) -> Out {
    caller.need(Permission::OrderView)?;
    let wanted = Wanted {
        search: ask::text("search", asked.search)?.unwrap_or_default(),
        status: asked.status.map(OrderStatus::stored),
        updated_after_ms: ask::moment("updated_after", asked.updated_after.as_deref())?,
        personal: caller.may(Permission::PersonView),
    };
    let (site, rows, cursor) = (app.store.site(), ask::rows(asked.limit)?, asked.cursor);
    let page = app.store.read(move |tx| read::page(tx, site, &wanted, cursor.as_deref(), rows)).await;
    let (orders, next) = page.map_err(ask::refused)?;
    answer::page(&OrderList { items: orders.into_iter().map(summary).collect::<Res<_>>()?, next })
}

/// Reads one order.
#[utoipa::path(get, path = "/api/v1/orders/{number}", tag = "orders", operation_id = "get_order",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        ("If-None-Match" = Option<String>, Header, nullable = false, description = "ETags that are known already."),
    ),
    responses(
        (status = 200, description = "The order with its lines and parcels.", body = Order,
            headers(("ETag" = String, description = "Its version and content."))),
        (status = 304, description = "It is as the ETag says."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["order.view"])))]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::OrderView)?;
    let (site, personal) = (app.store.site(), caller.may(Permission::PersonView));
    let order = app.store.read(move |tx| read::whole(tx, site, &number, personal)).await?;
    let version = order.facts.version;
    answer::entity(&headers, version, &whole(order)?)
}
