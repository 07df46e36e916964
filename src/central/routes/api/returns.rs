//! `/api/v1/returns`: what customers send back. Programs ask for one, tell what came and in which state, and end it.

use super::act::keep;
use super::answer::{self, Money, Out, Time, filled, time};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::once::{kept, once, response};
use super::return_words::{ReturnGrade, ReturnReason, ReturnResolution, ReturnState};
use super::sent::{PaymentMethod, SentMoney, fault};
use crate::central::error::{CentralError, FieldFault, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::Method;
use crate::central::services::returns::read::{self, Case, Line, Listed};
use crate::central::services::returns::{self as service, Close, Graded, NewReturn};
use crate::central::services::stock::MARK_MAX;
use crate::central::store::sites;
use crate::central::store::work::Work;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Most lines of one return.
const LINES_MAX: usize = 500;

/// Units as they came.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReturnUnits {
    grade: ReturnGrade,
    quantity: i64,
    /// Code of the place they were put.
    location: String,
    lot: Option<String>,
    serial: Option<String>,
    at: Time,
}

/// A line of a return.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReturnLine {
    /// Its place in the return.
    line_no: u32,
    /// Its place in the order, if it is known.
    order_line_no: Option<u32>,
    sku: String,
    name: String,
    /// Units asked back.
    quantity: i64,
    /// Units that came.
    received: i64,
    unit_price: Money,
    /// Rate of the tax on top, in hundredths of a per cent.
    tax_rate_bp: i64,
    units: Vec<ReturnUnits>,
}

/// A return.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Return {
    /// Its number: its name in this API, and in the barcode of its paper.
    number: String,
    state: ReturnState,
    /// How it ended; null while it has not.
    resolution: Option<ReturnResolution>,
    /// Number of its order, if it is known.
    order: Option<String>,
    customer_number: Option<String>,
    reason: Option<ReturnReason>,
    /// Null for keys without `person.view`.
    note: Option<String>,
    lines: Vec<ReturnLine>,
    /// What was paid back.
    refund: Money,
    /// Tax in it.
    refund_tax: Money,
    /// Number of the order that goes out for it.
    exchange_order: Option<String>,
    requested_at: Time,
    updated_at: Time,
    /// Grows with every change; the first part of the ETag.
    version: i64,
}

/// A return in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReturnHead {
    number: String,
    state: ReturnState,
    resolution: Option<ReturnResolution>,
    /// Number of its order, if it is known.
    order: Option<String>,
    customer_number: Option<String>,
    reason: Option<ReturnReason>,
    /// Units asked back.
    quantity: i64,
    /// Units that came.
    received: i64,
    requested_at: Time,
}

/// A page of returns.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReturnList {
    items: Vec<ReturnHead>,
    /// Cursor of the next page; null on the last.
    next: Option<String>,
}

fn reason(word: &str) -> Option<ReturnReason> {
    service::Reason::of(word).map(ReturnReason::from)
}

fn head(row: Listed) -> Res<ReturnHead> {
    Ok(ReturnHead {
        requested_at: time(row.at_ms)?,
        state: row.state.into(),
        resolution: row.resolution.map(ReturnResolution::from),
        reason: reason(&row.reason),
        number: row.number,
        order: filled(row.order),
        customer_number: filled(row.customer),
        quantity: row.units.0,
        received: row.units.1,
    })
}

fn line(line: Line, currency: &str) -> Res<ReturnLine> {
    let unit = |unit: read::Unit| {
        Ok(ReturnUnits {
            grade: unit.grade.into(),
            at: time(unit.at_ms)?,
            quantity: unit.quantity,
            location: unit.location,
            lot: filled(unit.lot),
            serial: filled(unit.serial),
        })
    };
    Ok(ReturnLine {
        unit_price: Money::new(line.price_minor, currency),
        units: line.units.into_iter().map(unit).collect::<Res<_>>()?,
        line_no: line.no,
        order_line_no: line.order_line,
        sku: line.sku,
        name: line.name,
        quantity: line.quantity,
        received: line.received,
        tax_rate_bp: line.tax_rate_bp,
    })
}

fn whole(case: Case) -> Res<Return> {
    let row = head(case.head)?;
    Ok(Return {
        lines: case.lines.into_iter().map(|one| line(one, &case.currency)).collect::<Res<_>>()?,
        refund: Money::new(case.refund.0, &case.currency),
        refund_tax: Money::new(case.refund.1, &case.currency),
        updated_at: time(case.updated_ms)?,
        number: row.number,
        state: row.state,
        resolution: row.resolution,
        order: row.order,
        customer_number: row.customer_number,
        reason: row.reason,
        requested_at: row.requested_at,
        note: filled(case.note),
        exchange_order: case.exchange,
        version: case.version,
    })
}

/// Which returns, and which page of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReturnsAsked {
    /// Where the page begins: `next` of the page before, with the same other parameters.
    #[param(nullable = false, min_length = 1, max_length = 4096)]
    cursor: Option<String>,
    /// Most returns of the page; 50 where it is absent.
    #[param(nullable = false, minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// Only those in this state.
    #[param(nullable = false, inline)]
    state: Option<ReturnState>,
    /// The beginning of a number of a return, or the number of an order.
    #[param(nullable = false, min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    search: Option<String>,
}

/// Lists returns.
#[utoipa::path(get, path = "/api/v1/returns", tag = "returns", operation_id = "list_returns", params(ReturnsAsked),
    responses(
        (status = 200, description = "A page of returns, the newest first.", body = ReturnList),
        (status = 422, response = super::document::Invalid),
    ), security(("key" = ["return.manage"])))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(asked): Asked<ReturnsAsked>) -> Out {
    caller.need(Permission::ReturnManage)?;
    let only = asked.state.map(service::State::from);
    let search = ask::text("search", asked.search)?.unwrap_or_default();
    let (site, rows, cursor) = (app.store.site(), ask::rows(asked.limit)?, asked.cursor);
    let page = app.store.read(move |tx| read::page(tx, site, (only, &search), cursor.as_deref(), rows)).await;
    let (rows, next) = page.map_err(ask::refused)?;
    answer::page(&ReturnList { items: rows.into_iter().map(head).collect::<Res<_>>()?, next })
}

/// Reads one return.
#[utoipa::path(get, path = "/api/v1/returns/{number}", tag = "returns", operation_id = "get_return",
    params(
        ("number" = String, Path, description = "The return's number.", example = "R000001"),
        ("If-None-Match" = Option<String>, Header, nullable = false, description = "ETags that are known already."),
    ),
    responses(
        (status = 200, description = "The return.", body = Return,
            headers(("ETag" = String, description = "Its version and content."))),
        (status = 304, description = "It is as the ETag says."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["return.manage"])))]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::ReturnManage)?;
    let (site, personal) = (app.store.site(), caller.may(Permission::PersonView));
    let case = app.store.read(move |tx| read::one(tx, site, &number, personal)).await?;
    answer::entity(&headers, case.version, &whole(case)?)
}

/// Units of a line of an order that shall come back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReturnLineSent {
    /// Place in the order.
    #[schema(minimum = 1, maximum = 1_000_000)]
    line_no: u32,
    #[schema(minimum = 1, maximum = 100_000)]
    quantity: i64,
}

/// A return to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "order": "536365", "lines": [{ "line_no": 1, "quantity": 2 }], "reason": "faulty" }))]
pub(super) struct NewReturnSent {
    /// Number of the order.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    order: String,
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<ReturnLineSent>,
    reason: ReturnReason,
    #[schema(max_length = 1000, pattern = "^[^\\x00]*$")]
    note: Option<String>,
}

/// The answer to a changed return.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReturnChanged {
    number: String,
    state: ReturnState,
    resolution: Option<ReturnResolution>,
    /// Number of the order that goes out for it.
    exchange_order: Option<String>,
    version: i64,
}

fn changed(work: &mut Work<'_>, number: &str) -> Res<ReturnChanged> {
    let case = read::one(work.tx, work.ctx.site, number, false)?;
    Ok(ReturnChanged {
        state: case.head.state.into(),
        resolution: case.head.resolution.map(ReturnResolution::from),
        number: case.head.number,
        exchange_order: case.exchange,
        version: case.version,
    })
}

fn refuse_all(faults: Vec<FieldFault>) -> Res<()> {
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Fields { fields: faults }.into()) }
}

/// A refusal with its place in the body, where it has one.
fn told(error: CentralError) -> CentralError {
    match error {
        CentralError::Refused(Refusal::Field { field, why }) => {
            let name = field.split_once('.').map_or(field, |(_, name)| name);
            Refusal::Fields { fields: vec![fault(format!("/{name}"), why)] }.into()
        }
        other => other,
    }
}

/// [`told`], and lines of the order that are too short by their places in the body.
fn by_place(error: CentralError, sent: &[ReturnLineSent]) -> CentralError {
    let CentralError::Refused(Refusal::Short { mut lines }) = error else { return told(error) };
    for short in &mut lines {
        let place = sent.iter().position(|line| line.line_no == short.line).unwrap_or(0);
        short.line = u32::try_from(place + 1).unwrap_or(u32::MAX);
    }
    Refusal::Short { lines }.into()
}

/// Makes a return.
///
/// Units that left the house and are not on their way back can be asked back.
#[utoipa::path(post, path = "/api/v1/returns", tag = "returns", operation_id = "create_return",
    params(super::document::Idempotency),
    request_body = NewReturnSent,
    responses(
        (status = 201, description = "It is made.", body = ReturnChanged, headers(
            ("Location" = String, description = "Address of the return."),
            ("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."),
        )),
        super::document::SentTo,
    ), security(("key" = ["return.manage"])))]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ReturnManage)?;
    let (sent, body): (NewReturnSent, Bytes) = ask::json(&headers, body)?;
    let (kept, replayed) = kept(&app, &caller, &headers, "POST /api/v1/returns", &body, move |work| {
        let mut faults = Vec::new();
        if !(1..=100).contains(&sent.order.chars().count()) || sent.order.contains(char::is_control) {
            faults.push(fault("/order", "must have 1 to 100 characters"));
        }
        if sent.lines.is_empty() || sent.lines.len() > LINES_MAX {
            faults.push(fault("/lines", "must be 1 to 500"));
        }
        for (place, line) in sent.lines.iter().take(LINES_MAX).enumerate() {
            if !(1..=1_000_000).contains(&line.line_no) {
                faults.push(fault(format!("/lines/{place}/line_no"), "must be a line of the order"));
            }
            if !(1..=100_000).contains(&line.quantity) {
                faults.push(fault(format!("/lines/{place}/quantity"), "must be 1 to 100,000 units"));
            }
        }
        refuse_all(faults)?;
        let new = NewReturn {
            order: sent.order.clone(),
            lines: sent.lines.iter().map(|line| (line.line_no, line.quantity)).collect(),
            reason: sent.reason.into(),
            note: sent.note.clone().unwrap_or_default(),
        };
        let opened = service::open(work, &new).map_err(|error| by_place(error, &sent.lines))?;
        keep(201, &changed(work, &opened.number)?)
    })
    .await?;
    let made: serde_json::Value = serde_json::from_str(&kept.body).unwrap_or_default();
    let address = format!("/api/v1/returns/{}", made["number"].as_str().unwrap_or_default());
    let mut response = response(kept, replayed);
    if let Ok(value) = HeaderValue::from_str(&address) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    Ok(response)
}

/// Units that came.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "line_no": 1, "quantity": 1, "grade": "resell", "location": "A-01-1" }))]
pub(super) struct ReturnReceipt {
    /// Line of the return.
    #[schema(minimum = 1, maximum = 1_000_000)]
    line_no: u32,
    #[schema(minimum = 1, maximum = 100_000)]
    quantity: i64,
    grade: ReturnGrade,
    /// Code of the place they are put; must be there for those to be sold again.
    #[schema(min_length = 1, max_length = 100, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    location: Option<String>,
    #[schema(max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    lot: Option<String>,
    /// Day of expiry.
    #[schema(format = Date)]
    expiry: Option<String>,
    #[schema(max_length = 60, pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$")]
    serial: Option<String>,
}

impl ReturnReceipt {
    fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut check = |fine: bool, place: &str, why: &'static str| {
            if !fine {
                faults.push(fault(place, why));
            }
        };
        let short = |text: &Option<String>, max: usize| {
            text.as_ref().is_none_or(|text| text.chars().count() <= max && !text.contains(char::is_control))
        };
        check((1..=1_000_000).contains(&self.line_no), "/line_no", "must be a line of the return");
        check((1..=100_000).contains(&self.quantity), "/quantity", "must be 1 to 100,000 units");
        let named = self.location.as_deref() != Some("") && short(&self.location, 100);
        check(named, "/location", "must have 1 to 100 characters");
        check(short(&self.lot, MARK_MAX), "/lot", "must have at most 60 characters");
        check(short(&self.serial, MARK_MAX), "/serial", "must have at most 60 characters");
        check(self.expiry.as_deref() != Some(""), "/expiry", "must be a day such as 2027-05-31");
        let placed = self.grade != ReturnGrade::Resell || self.location.is_some();
        check(placed, "/location", "must name the place for units that are sold again");
        faults
    }
}

/// Takes units in.
#[utoipa::path(post, path = "/api/v1/returns/{number}/receive", tag = "returns", operation_id = "receive_return",
    params(
        ("number" = String, Path, description = "The return's number.", example = "R000001"),
        super::document::ThingSeen,
        super::document::Idempotency,
    ),
    request_body = ReturnReceipt,
    responses(
        (status = 200, description = "They are in the ledger.", body = ReturnChanged,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["return.manage"])))]
pub(super) async fn receive(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ReturnManage)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (ReturnReceipt, Bytes) = ask::json(&headers, body)?;
    let what = format!("POST /api/v1/returns/{number}/receive");
    once(&app, &caller, &headers, &what, &body, move |work| {
        refuse_all(sent.faults())?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let came = Graded {
            line: sent.line_no,
            quantity: sent.quantity,
            grade: sent.grade.into(),
            location: text(&sent.location),
            lot: text(&sent.lot),
            expiry: text(&sent.expiry),
            serial: text(&sent.serial),
        };
        service::receive(work, &number, seen.as_deref(), &came).map_err(told)?;
        keep(200, &changed(work, &number)?)
    })
    .await
}

/// How a return shall end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReturnEnd {
    /// Money goes back. Needs the scope `payment.add` as well.
    Refund,
    /// Another order goes out for what came, at no price. Needs the scope `order.create` as well.
    Exchange,
    Nothing,
    /// Nothing came.
    Withdraw,
}

/// The end of a return.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "end": "refund", "method": "card" }))]
pub(super) struct CloseReturn {
    end: ReturnEnd,
    /// For `refund`: how much; what came with its taxes where it is absent.
    amount: Option<SentMoney>,
    /// For `refund`; a bank transfer where it is absent.
    method: Option<PaymentMethod>,
    /// For `refund`: what the bank calls it.
    #[schema(max_length = 100, pattern = "^[^\\x00]*$")]
    reference: Option<String>,
    /// For `exchange`: let the order wait if stock is missing.
    #[serde(default)]
    backorder: bool,
}

/// Ends a return.
#[utoipa::path(post, path = "/api/v1/returns/{number}/close", tag = "returns", operation_id = "close_return",
    params(
        ("number" = String, Path, description = "The return's number.", example = "R000001"),
        super::document::ThingSeen,
        super::document::Idempotency,
    ),
    request_body = CloseReturn,
    responses(
        (status = 200, description = "It is over.", body = ReturnChanged,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["return.manage"])))]
pub(super) async fn close(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::ReturnManage)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (CloseReturn, Bytes) = ask::json(&headers, body)?;
    match sent.end {
        ReturnEnd::Refund => caller.need(Permission::PaymentAdd)?,
        ReturnEnd::Exchange => caller.need(Permission::OrderCreate)?,
        ReturnEnd::Nothing | ReturnEnd::Withdraw => {}
    }
    let what = format!("POST /api/v1/returns/{number}/close");
    once(&app, &caller, &headers, &what, &body, move |work| {
        let how = ending(work, &sent)?;
        service::close(work, &number, seen.as_deref(), &how).map_err(told)?;
        keep(200, &changed(work, &number)?)
    })
    .await
}

fn ending(work: &mut Work<'_>, sent: &CloseReturn) -> Res<Close> {
    let currency = sites::get(work.tx, work.ctx.site)?.currency;
    let mut faults = Vec::new();
    let amount_minor = sent.amount.as_ref().map(|amount| amount.read("/amount", &currency, &mut faults));
    let reference = sent.reference.clone().unwrap_or_default();
    if reference.chars().count() > 100 || reference.contains('\0') {
        faults.push(fault("/reference", "must have at most 100 characters"));
    }
    refuse_all(faults)?;
    Ok(match sent.end {
        ReturnEnd::Refund => {
            Close::Refund { amount_minor, method: sent.method.map(Method::from).unwrap_or_default(), reference }
        }
        ReturnEnd::Exchange => Close::Exchange { backorder: sent.backorder },
        ReturnEnd::Nothing => Close::Nothing,
        ReturnEnd::Withdraw => Close::Withdraw,
    })
}
