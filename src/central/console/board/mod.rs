//! The board: orders as cards in the columns of a pipeline. Everything works without the script by links and forms; the script drags,
//! lifts cards by keys, loads a column on as it scrolls, and follows what changes.

mod asked;
mod card;
mod moving;
mod of_order;
pub(super) mod reminders;
pub(super) mod stages;
mod tools;

pub(super) use moving::{ask, go, undo};
pub(super) use of_order::{Shown as OfOrder, call, local, moment, remind, section, section_of, stage_pill};

use super::frame::{FRAGMENT, Place, page as frame, trouble};
use super::marks::{GLASS, TRIANGLE, icon, pill};
use super::orders::{may_see_orders, services};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::pipelines::board::{self, ASKED_MAX, Board, Card, Cell, Lane, Step};
use crate::central::services::pipelines::{self, Pipeline, Stage};
use crate::core::message::Arg;
use crate::core::time::UtcMs;
use crate::sql::SqlError;
use asked::Asked;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use card::{Desk, card, look, stage_name};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// What the page shows.
struct Shown {
    pipeline: Pipeline,
    pipelines: Vec<Pipeline>,
    board: Board,
    cards: BTreeMap<String, Card>,
    services: Vec<(String, String)>,
    categories: Vec<String>,
    due: i64,
}

/// `GET /board`
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
            let title = visitor.words().text("console-board");
            frame(&visitor, Place::Board, &title, &content(&visitor, &asked, &shown))
        }
        Err(error) => failed(&visitor, &error),
    }
}

fn failed(visitor: &Visitor, error: &CentralError) -> Response {
    match error {
        CentralError::Refused(Refusal::Missing { .. }) => {
            (StatusCode::NOT_FOUND, trouble(visitor, Place::Board, "console-not-found")).into_response()
        }
        CentralError::Store(SqlError::Cursor) => {
            (StatusCode::BAD_REQUEST, trouble(visitor, Place::Board, "console-not-found")).into_response()
        }
        other => {
            tracing::error!(error = %other, "the board failed");
            trouble(visitor, Place::Board, "console-trouble")
        }
    }
}

async fn read(app: &App, visitor: &Visitor, asked: &Asked) -> Res<Shown> {
    let (site, now, user) = (app.store.site(), UtcMs(visitor.now_ms), visitor.session.user);
    let personal = visitor.may(Permission::PersonView);
    let (asked, wanted) = (asked.clone(), asked.wanted(personal));
    let read = move |tx: &mut dyn crate::sql::Conn| -> Res<Shown> {
        let pipelines = pipelines::all(tx, site)?;
        let found = pipelines.iter().find(|one| asked.pipeline.is_empty() || one.code == asked.pipeline);
        let pipeline = found.ok_or(Refusal::Missing { entity: "pipeline" })?.clone();
        let board = board::board(tx, site, &pipeline, &wanted, now)?;
        let ids: Vec<String> = board.cells.iter().flat_map(|cell| cell.ids.clone()).collect();
        let cards = board::cards(tx, site, &ids, personal, now)?;
        Ok(Shown {
            board,
            cards: cards.into_iter().map(|card| (card.row.id.clone(), card)).collect(),
            services: services(tx, site)?,
            categories: super::orders::categories(tx, site)?,
            due: pipelines::count_due(tx, site, user, now.0)?,
            pipeline,
            pipelines,
        })
    };
    app.store.read(read).await
}

fn content(visitor: &Visitor, asked: &Asked, shown: &Shown) -> Markup {
    let words = visitor.words();
    let back = asked.link();
    let desk = Desk { visitor, pipeline: &shown.pipeline, lane: asked.lane, back: &back };
    html! {
        div.title {
            h1 { (words.text("console-board")) }
            span.muted.wide { (words.text("board-lead")) }
            span.grow {}
            a.btn href="/board/reminders" { (words.text("board-reminders"))
                @if shown.due > 0 { span.st.w.count { (icon(TRIANGLE, 14)) (shown.due) } } }
            @if visitor.may(Permission::SettingsManage) {
                a.btn href={ "/board/stages?p=" (shown.pipeline.code) } { (words.text("board-stages")) }
            }
        }
        (tools::tools(visitor, asked, shown.pipelines.as_slice(), &shown.services, &shown.categories))
        div.chips { (tools::chips(visitor, asked, &shown.services)) }
        (tools::bulk(visitor, &back, &shown.pipeline))
        form #slips method="post" action="/orders/act" {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="back" value=(back);
        }
        p #said.off role="status" aria-live="assertive" {}
        nav.boardtabs aria-label=(words.text("board-columns")) {
            @for stage in &shown.pipeline.stages {
                a href={ "#s-" (stage.code) } data-stage=(stage.id) {
                    (stage_name(words, stage)) " " span.st.count { (shown.board.totals.get(&stage.id).copied().unwrap_or(0)) }
                }
            }
        }
        div #board data-query=(asked.query()) data-pipeline=(shown.pipeline.code) data-plain[asked.plain()]
            data-lanes[asked.lane != Lane::None] data-csrf=(visitor.session.csrf)
            data-lifted=(words.text_with("board-lifted", &[("order", Arg::Text("0".into()))]))
            data-dropped=(words.text_with("board-dropped", &[("order", Arg::Text("0".into())), ("stage", Arg::Text("1".into()))]))
            data-putback=(words.text_with("board-put-back", &[("order", Arg::Text("0".into()))]))
            data-refused=(words.text("board-refused")) data-some=(words.text_with("console-chosen", &[("n", Arg::Int(0))]))
            data-close=(words.text("board-close")) {
            @for lane in &shown.board.lanes {
                @if asked.lane != Lane::None { h2.lane { (lane_name(&desk, shown, lane)) } }
                div.columns { @for cell in shown.board.cells.iter().filter(|cell| cell.lane == *lane) { (column(&desk, asked, shown, cell)) } }
            }
        }
        @if shown.board.lanes_left > 0 {
            p.small { (words.text_with("board-lanes-left", &[("n", Arg::Int(i64::try_from(shown.board.lanes_left).unwrap_or(0)))])) }
        }
        p.small.keys { (words.text("board-keys")) }
    }
}

fn lane_name(desk: &Desk<'_>, shown: &Shown, lane: &str) -> String {
    let words = desk.visitor.words();
    match desk.lane {
        Lane::Buyer => words.text(&format!("orders-buyer-{lane}")).into_owned(),
        Lane::Shipping => {
            shown.services.iter().find(|(code, _)| code == lane).map_or(lane, |(_, name)| name).to_owned()
        }
        Lane::Category if lane.is_empty() => words.text("board-lane-rest").into_owned(),
        Lane::Category | Lane::None => lane.to_owned(),
    }
}

fn column(desk: &Desk<'_>, asked: &Asked, shown: &Shown, cell: &Cell) -> Markup {
    let words = desk.visitor.words();
    let Some((_, stage)) = desk.pipeline.stage(&cell.stage) else { return html! {} };
    let total = shown.board.totals.get(&stage.id).copied().unwrap_or(0);
    let over = stage.wip_limit > 0 && total >= stage.wip_limit;
    let first = shown.board.lanes.first().is_some_and(|lane| *lane == cell.lane);
    let named = match desk.lane {
        Lane::None => stage_name(words, stage).to_owned(),
        Lane::Buyer | Lane::Shipping | Lane::Category => {
            format!("{} · {}", lane_name(desk, shown, &cell.lane), stage_name(words, stage))
        }
    };
    html! {
        section.column.over[over] id=[first.then(|| format!("s-{}", stage.code))] data-stage=(stage.id) data-lane=(cell.lane)
            data-limit=(stage.wip_limit) data-work[stage.by_work] data-name=(stage_name(words, stage)) aria-label=(named) {
            header {
                @let (class, path) = look(&stage.look);
                @let heading = html! { span class={ "mark " (class) } { (icon(path, 16)) } (stage_name(words, stage)) };
                @if desk.lane == Lane::None { h2 { (heading) } } @else { h3 { (heading) } }
                (count(desk, stage, cell, total, over))
            }
            @if cell.lane.is_empty() { p.small.stays { (stays(desk, shown, stage, asked.plain() && !cell.ids.is_empty())) } }
            p.small.why hidden role="note" {}
            ol.cards {
                @for id in &cell.ids { @if let Some(one) = shown.cards.get(id) { (card(desk, one)) } }
            }
            @if cell.ids.is_empty() { p.small.none { (words.text("board-empty")) } }
            @if let Some(next) = &cell.next { (more(desk, asked, &stage.id, &cell.lane, next)) }
        }
    }
}

/// How many there are, of how many there may be.
fn count(desk: &Desk<'_>, stage: &Stage, cell: &Cell, total: i64, over: bool) -> Markup {
    let words = desk.visitor.words();
    let number = |n: i64| Arg::Text(words.format().number(n));
    let lanes = desk.lane != Lane::None;
    let shown = match cell.count {
        Some(n) if stage.wip_limit > 0 && !lanes && n == total => {
            words.text_with("board-of", &[("n", number(n)), ("max", number(stage.wip_limit))])
        }
        Some(n) => words.format().number(n),
        None => words.text_with("board-of", &[("n", Arg::Text("?".to_owned())), ("max", number(total))]),
    };
    if over && !lanes {
        return html! { span.count { (pill("w", TRIANGLE, &shown)) } };
    }
    html! { span.st.count { (shown) } }
}

/// How long orders are here. The oldest is that of the whole stage, so that it is told only where all of the stage is shown.
fn stays(desk: &Desk<'_>, shown: &Shown, stage: &Stage, whole: bool) -> Markup {
    let words = desk.visitor.words();
    let stays = shown.board.stays.get(&stage.id).copied().unwrap_or_default();
    let age = |ms: i64| [("age", Arg::Text(words.format().span_min(ms)))];
    let oldest = stays
        .oldest_ms
        .filter(|_| whole)
        .map(|since| words.text_with("board-oldest", &age(desk.visitor.now_ms - since)));
    // Orders that only pass through stay for less than a minute: that tells nothing.
    let usual =
        stays.usual_ms.filter(|usual| *usual >= 60_000).map(|usual| words.text_with("board-usual", &age(usual)));
    let days = stage.done.then(|| words.text("board-shown-days").into_owned());
    let told: Vec<String> = [days, oldest, usual].into_iter().flatten().collect();
    html! { (told.join(" · ")) }
}

fn more(desk: &Desk<'_>, asked: &Asked, stage: &str, lane: &str, next: &str) -> Markup {
    html! {
        a.more href=(asked.link_more(stage, lane, next)) { (desk.visitor.words().text("console-more-scroll")) }
    }
}

/// `GET /board/cards`: the next cards of a column.
pub(super) async fn cards(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    if let Err(answer) = may_see_orders(&visitor) {
        return *answer;
    }
    let asked = Asked::of(&pairs);
    let get = |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let (stage, of) = (get("stage").unwrap_or_default(), get("of").unwrap_or_default());
    let cursor = get("cursor").filter(|cursor| !cursor.is_empty());
    let (site, now, personal) = (app.store.site(), UtcMs(visitor.now_ms), visitor.may(Permission::PersonView));
    let wanted = asked.wanted(personal);
    let (id, lane) = (stage.clone(), of.clone());
    let read = app.store.read(move |tx| {
        let (pipeline, at) = pipelines::stage_of(tx, site, &id)?;
        let stage = pipeline.stages.get(at).ok_or(Refusal::Missing { entity: "stage" })?.clone();
        let (ids, next) = board::more(
            tx,
            site,
            &stage,
            (&wanted, &lane),
            &Step { after: cursor.as_deref(), ..Step::default() },
            now,
        )?;
        Ok((board::cards(tx, site, &ids, personal, now)?, next, pipeline, stage))
    });
    let (found, next, pipeline, at) = match read.await {
        Ok(found) => found,
        Err(error) => return failed(&visitor, &error),
    };
    let back = asked.link();
    let desk = Desk { visitor: &visitor, pipeline: &pipeline, lane: asked.lane, back: &back };
    let list = html! {
        ol.cards { @for one in &found { (card(&desk, one)) } }
        @if let Some(next) = &next { (more(&desk, &asked, &stage, &of, next)) }
    };
    if headers.contains_key(FRAGMENT) {
        return list.into_response();
    }
    let title = stage_name(visitor.words(), &at).to_owned();
    let page = html! {
        div.title { h1 { (title) } a.btn href=(back) { (icon(GLASS, 16)) (visitor.words().text("console-board")) } }
        div.column.alone { (list) }
    };
    frame(&visitor, Place::Board, &title, &page)
}

/// `GET /board/some?id=…`: cards of these orders as they are now, and how many each stage holds.
pub(super) async fn some(
    State(app): State<App>,
    visitor: Visitor,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    if let Err(answer) = may_see_orders(&visitor) {
        return *answer;
    }
    let asked = Asked::of(&pairs);
    let ids: Vec<String> =
        pairs.iter().filter(|(name, _)| name == "id").map(|(_, id)| id.clone()).take(ASKED_MAX).collect();
    let (site, now, personal) = (app.store.site(), UtcMs(visitor.now_ms), visitor.may(Permission::PersonView));
    let (wanted, code) = (asked.wanted(personal), asked.pipeline.clone());
    let read = app.store.read(move |tx| {
        let pipeline = pipelines::of_code(tx, site, &code)?;
        let ids = board::fitting(tx, site, &pipeline, &wanted, &ids, now)?;
        Ok((board::cards(tx, site, &ids, personal, now)?, board::totals(tx, &pipeline, now)?, pipeline))
    });
    match read.await {
        Ok((found, totals, pipeline)) => {
            let words = visitor.words();
            let back = asked.link();
            let desk = Desk { visitor: &visitor, pipeline: &pipeline, lane: asked.lane, back: &back };
            let cell = |stage: &Stage| Cell {
                stage: stage.id.clone(),
                lane: String::new(),
                count: totals.get(&stage.id).copied(),
                ids: Vec::new(),
                next: None,
            };
            html! {
                @for stage in &pipeline.stages {
                    @let n = totals.get(&stage.id).copied().unwrap_or(0);
                    div.head data-stage=(stage.id) data-n=(words.format().number(n)) data-over[stage.wip_limit > 0 && n >= stage.wip_limit] {
                        (count(&desk, stage, &cell(stage), n, stage.wip_limit > 0 && n >= stage.wip_limit))
                    }
                }
                ol.cards { @for one in &found { (card(&desk, one)) } }
            }
            .into_response()
        }
        Err(error) => failed(&visitor, &error),
    }
}
