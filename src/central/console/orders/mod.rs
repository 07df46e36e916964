//! The table of orders: the page, its rows by themselves for the script, saved views and columns. Everything works without the
//! script by links and forms; the script adds keys, the bar of the chosen, and rows that follow what changes.

pub(super) mod act;
mod asked;
mod cells;
mod columns;
pub(super) mod exports;
pub(super) mod layout;
pub(super) mod live;
pub(super) mod many;
pub(super) mod one;
pub(super) mod rules;
mod tools;

pub(super) use cells::{alert, method_name, moment, money};

use super::frame::{FRAGMENT, Place, page as frame, trouble};
use super::marks::{self, NEXT, icon};
use super::people::forbidden;
use super::visitor::Visitor;
use crate::central::error::{CentralError, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::orders::table::{self, Count, Filter, PAGE_ROWS, SortKey, TablePage, TableRow, views};
use crate::central::services::{settings, stations};
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use crate::sql::SqlError;
use asked::{Asked, Tab};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use cells::Desk;
use columns::Layout;
use maud::{Markup, html};

/// Most categories offered.
const CATEGORIES_MAX: i64 = 200;

/// What the page shows.
struct Shown {
    page: TablePage,
    views: Vec<views::View>,
    layout: Layout,
    services: Vec<(String, String)>,
    stations: Vec<(String, String)>,
    categories: Vec<String>,
    seen_ms: i64,
    counts: Vec<(Tab, Count)>,
}

/// Tabs whose orders are counted: those that an index counts.
const COUNTED: [Tab; 3] = [Tab::Open, Tab::Today, Tab::Question];

/// May this visitor see orders? Every page that shows some asks first: the table, an order, the board, questions, stations, photos and
/// the news of all of them.
pub(super) fn may_see_orders(visitor: &Visitor) -> Result<(), Box<Response>> {
    if visitor.may(Permission::OrderView) { Ok(()) } else { Err(Box::new(forbidden(visitor))) }
}

/// `GET /orders`
pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    if let Err(answer) = may_see_orders(&visitor) {
        return *answer;
    }
    let asked = Asked::of(&pairs);
    match read(&app, &visitor, &asked).await {
        Ok(shown) => {
            if asked.cursor.is_none() && visitor.new_orders > 0 {
                looked(&app, &visitor).await;
            }
            let words = visitor.words();
            frame(&visitor, Place::Orders, &words.text("console-orders"), &content(&visitor, &asked, &shown))
        }
        Err(CentralError::Store(SqlError::Cursor)) => {
            (StatusCode::BAD_REQUEST, trouble(&visitor, Place::Orders, "console-not-found")).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the table of orders failed");
            trouble(&visitor, Place::Orders, "console-trouble")
        }
    }
}

/// They saw the newest orders. A fault costs no more than a mark that stays.
async fn looked(app: &App, visitor: &Visitor) {
    let user = visitor.session.user;
    if let Err(error) = app.store.write(visitor.actor(), move |work| views::look(work, user)).await {
        tracing::warn!(%error, "a look at the orders could not be written down");
    }
}

async fn read(app: &App, visitor: &Visitor, asked: &Asked) -> Res<Shown> {
    let (site, now_ms, user) = (app.store.site(), visitor.now_ms, visitor.session.user);
    let (personal, zone) = (visitor.may(Permission::PersonView), visitor.words().format().zone());
    let asked = asked.clone();
    let read = move |tx: &mut dyn crate::sql::Conn| -> Res<Shown> {
        let filter = asked.filter(personal, &zone, now_ms);
        let at = (asked.cursor.as_deref(), PAGE_ROWS);
        let page = table::page(tx, site, &filter, &asked.sort, at, UtcMs(now_ms))?;
        let count = |tx: &mut dyn crate::sql::Conn, tab: Tab| -> Res<(Tab, Count)> {
            let filter: Filter = Asked { tab, ..Asked::default() }.filter(personal, &zone, now_ms);
            Ok((tab, table::how_many(tx, site, &filter)?))
        };
        Ok(Shown {
            counts: COUNTED.into_iter().map(|tab| count(tx, tab)).collect::<Res<_>>()?,
            page,
            views: views::list(tx, site, user)?,
            layout: match &asked.layout {
                Some(layout) => layout.clone(),
                None => Layout::of(&views::columns(tx, site, user)?).unwrap_or_default(),
            },
            services: services(tx, site)?,
            stations: stations::list(tx, site)?.into_iter().map(|station| (station.id, station.name)).collect(),
            categories: categories(tx, site)?,
            seen_ms: views::last_look_ms(tx, user)?,
        })
    };
    app.store.read(read).await
}

/// `carrier/service` and the name people know.
pub(super) fn services(
    tx: &mut dyn crate::sql::Conn,
    site: crate::protocol::wire::SiteId,
) -> Res<Vec<(String, String)>> {
    let all = settings::services(tx, site)?;
    // One carrier goes without saying.
    let several = all.iter().any(|of| Some(&of.codes.0) != all.first().map(|first| &first.codes.0));
    let name = |of: &settings::Shipping| {
        let name = if several { format!("{} {}", of.names.0, of.names.1) } else { of.names.1.clone() };
        (format!("{}/{}", of.codes.0, of.codes.1), name)
    };
    Ok(all.iter().map(name).collect())
}

pub(super) fn categories(tx: &mut dyn crate::sql::Conn, site: crate::protocol::wire::SiteId) -> Res<Vec<String>> {
    let rows = tx.all(
        "SELECT DISTINCT category FROM products WHERE site = $1 AND category <> '' ORDER BY category LIMIT $2",
        crate::vals![site.to_string(), CATEGORIES_MAX],
    )?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}

fn content(visitor: &Visitor, asked: &Asked, shown: &Shown) -> Markup {
    let words = visitor.words();
    let back = asked.link();
    let desk = Desk { visitor, services: &shown.services, seen_ms: shown.seen_ms, back: &back };
    html! {
        div.title {
            h1 { (words.text("console-orders")) }
            @if let Some(text) = counted(visitor, shown.page.count) { span.muted #count { (text) } }
            span.grow {}
            @if visitor.may(Permission::SettingsManage) { a.btn href="/orders/rules" { (words.text("orders-rules")) } }
            @if visitor.may(Permission::OrderCreate) && visitor.may(Permission::PersonView) {
                a.btn.pri href="/orders/new" { (icon(marks::ORDER, 18)) (words.text("console-new-order")) }
            }
        }
        (tools::tabs(visitor, asked, &shown.views, &shown.counts))
        div.tools {
            (tools::filters(visitor, asked, shown.services.as_slice(), &shown.categories))
            div.toolbar {
                (tools::save_view(visitor, asked, &shown.views))
                (tools::columns(visitor, asked, &shown.layout))
                @if visitor.may(Permission::OrderExport) { (tools::export(visitor, asked)) }
            }
        }
        div.chips { (tools::chips(visitor, asked, &shown.services)) }
        (tools::bulk(visitor, &back, &shown.stations, every(visitor, asked, shown).as_ref()))
        div.card.orders #orders data-rows=(asked.cursor.is_none()) {
            @if shown.page.rows.is_empty() { p.empty { (words.text("console-none-found")) } }
            @else { (rows_table(&desk, asked, &shown.layout, &shown.page.rows)) }
        }
        div.foot {
            @if asked.cursor.is_some() { a.btn href=(back) { (words.text("orders-first-page")) } }
            @if let Some(next) = &shown.page.next {
                a.btn rel="next" href=(asked.link_after(next)) { (words.text("console-older")) (icon(NEXT, 18)) }
            }
        }
        p.small.keys { (words.text("orders-keys")) }
    }
}

/// The words for all orders that fit, where they are more than this page shows; and what the address says.
fn every(visitor: &Visitor, asked: &Asked, shown: &Shown) -> Option<(String, String)> {
    if asked.cursor.is_none() && shown.page.next.is_none() {
        return None;
    }
    let words = visitor.words();
    let text = match shown.page.count {
        Count::Exactly(n) => words.text_with("orders-every", &[("n", Arg::Int(n))]),
        Count::MoreThan(_) | Count::Unknown => words.text("orders-every-many").into_owned(),
    };
    Some((text, Asked { cursor: None, layout: None, ..asked.clone() }.query()))
}

fn counted(visitor: &Visitor, count: Count) -> Option<String> {
    match count {
        Count::Exactly(n) => Some(visitor.words().text_with("orders-count", &[("n", Arg::Int(n))])),
        Count::MoreThan(n) => Some(visitor.words().text_with("orders-count-more", &[("n", Arg::Int(n))])),
        Count::Unknown => None,
    }
}

/// The table: heads that sort, and the rows.
fn rows_table(desk: &Desk<'_>, asked: &Asked, layout: &Layout, rows: &[TableRow]) -> Markup {
    let words = desk.visitor.words();
    let zone = cells::zone_name(words, desk.visitor.now_ms);
    html! {
        table.orders.many {
            colgroup {
                col.pick;
                @for (column, width) in &layout.0 { col data-column=(column.word()) width=[*width]; }
            }
            thead { tr {
                th.pick scope="col" { label { input #all type="checkbox" aria-label=(words.text("orders-choose-all")); } }
                @for (column, _) in &layout.0 {
                    th.num[column.num()] scope="col" data-column=(column.word()) aria-sort=[column.sort().and_then(|key| way(asked, key))] {
                        @match column.sort() {
                            Some(key) => a href=(asked.sorted(key).link()) { (words.text(column.key())) (arrow(asked, key)) },
                            None => { (words.text(column.key())) }
                        }
                        @if *column == columns::Column::Placed { " " span.zone { (zone) } }
                    }
                }
            } }
            tbody { @for row in rows { (cells::row(desk, layout, row)) } }
        }
    }
}

/// How the column is sorted, for who listens: only the first one is.
fn way(asked: &Asked, key: SortKey) -> Option<&'static str> {
    let first = asked.sort.0.first().filter(|(there, _)| *there == key);
    first.map(|(_, descending)| if *descending { "descending" } else { "ascending" })
}

fn arrow(asked: &Asked, key: SortKey) -> Markup {
    let at = asked.sort.0.iter().position(|(there, _)| *there == key);
    let descending = at.and_then(|at| asked.sort.0.get(at)).is_some_and(|(_, descending)| *descending);
    html! {
        @if let Some(at) = at {
            (icon(if descending { marks::DOWN } else { marks::UP }, 14))
            @if asked.sort.0.len() > 1 { sup { (at + 1) } }
        }
    }
}
