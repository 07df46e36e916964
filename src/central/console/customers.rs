//! Customers: the list, one with what they bought, and forgetting one for good. Only who may see people comes here.

use super::country::country_name;
use super::frame::{Place, page as frame, trouble};
use super::marks::{self, BACK, CROSS, GLASS, NEXT, STAR, icon, pill};
use super::orders::money;
use super::people::{forbidden, why};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::customers::{self, Bought, Listed, read};
use crate::central::services::{files, photos, proofs};
use crate::central::{exporting, importing};
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use crate::i18n::Catalogue;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use form_urlencoded::byte_serialize;
use maud::{Markup, html};
use serde::Deserialize;

/// Rows of one page.
const ROWS: u32 = 50;
/// Longest text that is looked for, characters.
const TEXT_MAX: usize = 80;

/// What the list is asked for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    search: String,
    cursor: Option<String>,
}

/// What the form of forgetting sends.
#[derive(Deserialize)]
pub(super) struct Sent {
    csrf: String,
    version: i64,
    #[serde(default)]
    number: String,
}

/// `GET /customers`
pub(super) async fn page(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    if !visitor.may(Permission::PersonView) {
        return forbidden(&visitor);
    }
    let (site, of) = (app.store.site(), asked.clone());
    let read = app.store.read(move |tx| {
        let text: String = of.search.chars().filter(|c| *c != '\0').take(TEXT_MAX).collect();
        customers::page(tx, site, &text, of.cursor.as_deref(), ROWS)
    });
    match read.await {
        Ok((rows, next)) => {
            let title = visitor.words().text("customers-title");
            frame(&visitor, Place::Customers, &title, &list(&visitor, &asked, &rows, next.as_deref()))
        }
        Err(CentralError::Store(crate::sql::SqlError::Cursor)) => {
            (StatusCode::BAD_REQUEST, trouble(&visitor, Place::Customers, "console-not-found")).into_response()
        }
        Err(error) => failed(&visitor, &error),
    }
}

fn failed(visitor: &Visitor, error: &CentralError) -> Response {
    tracing::error!(%error, "a page of customers failed");
    (StatusCode::INTERNAL_SERVER_ERROR, trouble(visitor, Place::Customers, "console-trouble")).into_response()
}

/// Their name, or what stands for one.
fn called(visitor: &Visitor, customer: &read::CustomerView) -> String {
    match (customer.erased_ms, customer.name.is_empty()) {
        (Some(_), _) => visitor.words().text("customers-erased").into_owned(),
        (None, true) => {
            let number = customer.number.as_deref().unwrap_or_default();
            format!("{} {number}", visitor.words().text("search-customer"))
        }
        (None, false) => customer.name.clone(),
    }
}

fn list(visitor: &Visitor, asked: &Asked, rows: &[Listed], next: Option<&str>) -> Markup {
    let words = visitor.words();
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    html! {
        div.title { h1 { (words.text("customers-title")) } }
        form.search method="get" action="/customers" role="search" {
            (icon(GLASS, 18))
            input #search type="search" name="search" value=(asked.search) maxlength=(TEXT_MAX)
                placeholder=(words.text("customers-hint")) aria-label=(words.text("customers-hint"));
            button.btn.pri { (words.text("search-find")) }
        }
        div.card {
            @if rows.is_empty() { p.empty { (words.text("search-nothing")) } } @else {
                table.rows {
                    thead { tr {
                        @for key in ["customers-number", "customers-name", "customers-kind", "customers-country"] {
                            th scope="col" { (words.text(key)) }
                        }
                        th.num scope="col" { (words.text("customers-orders")) }
                        th scope="col" { (words.text("customers-since")) }
                    } }
                    tbody { @for row in rows { (one_row(visitor, row)) } }
                }
            }
        }
        @if let Some(next) = next {
            p { a.btn rel="next" href={ "/customers?search=" (encoded(&asked.search)) "&cursor=" (encoded(next)) } {
                (words.text("console-more")) (icon(NEXT, 18))
            } }
        }
    }
}

fn one_row(visitor: &Visitor, row: &Listed) -> Markup {
    let (words, customer) = (visitor.words(), &row.customer);
    let number = customer.number.as_deref().unwrap_or_default();
    html! {
        tr {
            td { a.mono href={ "/customers/" (number) } { (number) } }
            td { b { (called(visitor, customer)) } @if customer.vip { " " (pill("a", STAR, &words.text("customers-vip"))) } }
            td { (words.text(&format!("customers-kind-{}", customer.kind))) }
            td { (named(words, customer)) }
            td.num { (words.format().number(row.orders)) }
            td { @match customer.first_order_ms { Some(at) => (words.format().date(UtcMs(at))), None => "–" } }
        }
    }
}

/// `GET /customers/{number}`
pub(super) async fn one(State(app): State<App>, visitor: Visitor, Path(number): Path<String>) -> Response {
    if !visitor.may(Permission::PersonView) {
        return forbidden(&visitor);
    }
    show(&app, &visitor, &number, None).await
}

async fn show(app: &App, visitor: &Visitor, number: &str, refused: Option<String>) -> Response {
    let (site, of) = (app.store.site(), number.to_owned());
    let read = app.store.read(move |tx| {
        let customer = read::one(tx, site, read::By::Number(&of))?;
        let bought = customers::bought(tx, &customer.id)?;
        let orders = read::orders(tx, &customer.id)?;
        Ok((Listed { customer, orders }, bought))
    });
    match read.await {
        Ok((listed, bought)) => {
            let title = called(visitor, &listed.customer);
            let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            let content = profile(visitor, &listed, &bought, refused.as_deref());
            (status, frame(visitor, Place::Customers, &title, &content)).into_response()
        }
        Err(CentralError::Refused(_)) => {
            (StatusCode::NOT_FOUND, trouble(visitor, Place::Customers, "console-not-found")).into_response()
        }
        Err(error) => failed(visitor, &error),
    }
}

fn profile(visitor: &Visitor, listed: &Listed, bought: &[Bought], refused: Option<&str>) -> Markup {
    let (words, customer) = (visitor.words(), &listed.customer);
    let number = customer.number.as_deref().unwrap_or_default();
    html! {
        p { a href="/customers" { (icon(BACK, 16)) (words.text("customers-title")) } }
        div.title {
            h1 { (called(visitor, customer)) }
            @if customer.vip { (pill("a", STAR, &words.text("customers-vip"))) }
            span.grow {}
            a.btn href={ "/orders?tab=all&search=" (number) } { (words.text("customers-all-orders")) }
        }
        @if let Some(why) = refused { p.wrong role="alert" { (why) } }
        div.card { (facts(visitor, listed)) }
        h2 { (words.text("customers-orders")) }
        div.card {
            @if bought.is_empty() { p.empty { (words.text("console-none")) } } @else {
                table.rows {
                    thead { tr {
                        @for key in ["column-order", "column-placed", "column-status", "column-payment"] {
                            th scope="col" { (words.text(key)) }
                        }
                        th.num scope="col" { (words.text("column-total")) }
                    } }
                    tbody { @for order in bought { tr {
                        td { a.mono href={ "/orders/" (order.number) } { (order.number) } }
                        td { (words.format().date(UtcMs(order.placed_ms))) }
                        td { (marks::status(words, &order.status)) }
                        td { (marks::payment(words, &order.payment)) }
                        td.num { (money(words, order.total_minor, &order.currency)) }
                    } } }
                }
            }
        }
        @if visitor.may(Permission::PersonErase) && customer.erased_ms.is_none() { (forget(visitor, number, customer.version)) }
    }
}

fn named(words: &Catalogue, customer: &read::CustomerView) -> String {
    customer.country.as_deref().map_or_else(|| "–".to_owned(), |code| country_name(words, code, code))
}

fn facts(visitor: &Visitor, listed: &Listed) -> Markup {
    let (words, customer) = (visitor.words(), &listed.customer);
    let address = customer.address.as_ref().map(|to| {
        let mut lines = vec![to.name.clone()];
        lines.extend(to.company.clone());
        lines.extend(to.lines.clone());
        let place = [to.postcode.as_deref().unwrap_or_default(), to.city.as_str()].join(" ");
        lines.extend([place.trim().to_owned(), country_name(words, &to.country, &to.country)]);
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    });
    html! {
        dl.facts {
            dt { (words.text("customers-number")) } dd.mono { (customer.number.as_deref().unwrap_or("–")) }
            dt { (words.text("customers-kind")) } dd { (words.text(&format!("customers-kind-{}", customer.kind))) }
            @if let Some(address) = &address { dt { (words.text("customers-address")) } dd { p.wrap { (address) } } }
            @else { dt { (words.text("customers-country")) } dd { (named(words, customer)) } }
            @if let Some(phone) = &customer.phone { dt { (words.text("orders-phone")) } dd { a href={ "tel:" (phone) } { (phone) } } }
            @if let Some(email) = &customer.email { dt { (words.text("orders-email")) } dd { a href={ "mailto:" (email) } { (email) } } }
            dt { (words.text("customers-orders")) } dd { (words.format().number(listed.orders)) }
            @if let Some(at) = customer.first_order_ms { dt { (words.text("customers-since")) } dd { (words.format().date(UtcMs(at))) } }
            @if let Some(at) = customer.erased_ms {
                dt { (words.text("customers-erased")) } dd { (words.format().date(UtcMs(at))) }
            }
        }
    }
}

/// There is no way back from this, so the number is typed and not only a button pressed.
fn forget(visitor: &Visitor, number: &str, version: i64) -> Markup {
    let words = visitor.words();
    html! {
        details.drop.forget {
            summary.btn { (icon(CROSS, 18)) (words.text("customers-forget")) }
            form.card method="post" action={ "/customers/" (number) "/erase" } {
                p { (words.text("customers-forget-what")) }
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="version" value=(version);
                label { (words.text_with("customers-forget-type", &[("number", Arg::Text(number.to_owned()))]))
                    input.field name="number" autocomplete="off" required; }
                button.btn.stop { (words.text("customers-forget-now")) }
            }
        }
    }
}

/// `POST /customers/{number}/erase`
pub(super) async fn erase(
    State(app): State<App>,
    visitor: Visitor,
    Path(number): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    if !visitor.may(Permission::PersonErase) || !visitor.may(Permission::PersonView) || !visitor.sent(&sent.csrf) {
        return forbidden(&visitor);
    }
    if sent.number.trim() != number {
        let text = visitor.words().text("customers-forget-other").into_owned();
        return show(&app, &visitor, &number, Some(text)).await;
    }
    let (site, of) = (app.store.site(), number.clone());
    let erased = app.store.write(visitor.actor(), move |work| {
        let id = read::one(work.tx, site, read::By::Number(&of))?.id;
        customers::erase(work, &id, sent.version)
    });
    match erased.await {
        Ok(erased) => {
            delete(&app, erased).await;
            Redirect::to(&format!("/customers/{number}")).into_response()
        }
        Err(CentralError::Refused(Refusal::State { .. })) => {
            let text = visitor.words().text("customers-forget-waits").into_owned();
            show(&app, &visitor, &number, Some(text)).await
        }
        Err(CentralError::Refused(refusal)) => {
            show(&app, &visitor, &number, Some(why(visitor.words(), &refusal))).await
        }
        Err(error) => failed(&visitor, &error),
    }
}

/// The files go when the rows that named them are stored. What is left by a fault is deleted by the server's own beat.
async fn delete(app: &App, erased: customers::Erased) {
    if let Err(error) = photos::delete_erased(&app.store, &app.photos).await {
        tracing::error!(%error, "photos of a forgotten customer are not deleted yet; tried again in half a minute");
    }
    for id in &erased.lists {
        importing::remove(app, id).await;
    }
    for (id, format) in &erased.exports {
        exporting::remove(app, id, format).await;
    }
    for hash in erased.files {
        if let Err(error) = files::drop_content(&app.store, &app.photos, hash).await {
            tracing::error!(%error, "a file of a forgotten customer lies in the folder still, where nobody is shown it");
        }
    }
    if let Err(error) = proofs::sweep(&app.store, &app.photos, erased.proofs).await {
        tracing::error!(%error, "proofs of a forgotten customer lie in the folder still, where nobody is shown them");
    }
}
