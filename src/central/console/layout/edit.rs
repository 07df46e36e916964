//! The page of the layout: the form, the drawing beside it, saving, and the small file in and out.

use super::super::frame::{Place, page as frame};
use super::super::marks::{CHECKED, PEN, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::{forbidden, why};
use super::super::stock::failed;
use super::super::uploads::{in_turn, receive};
use super::super::visitor::Visitor;
use super::draft::{Draft, Wish};
use super::{drawing, form, say};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::layout::check::{self, LeftOut, Problem, Shelf, Sound};
use crate::central::services::layout::sample::{self, PICKS_MAX, Sample};
use crate::central::services::layout::{self as service, Stored, file as small_file};
use crate::central::services::products::place;
use crate::core::message::Arg;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use axum::Form;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tokio::sync::Semaphore;

/// So many layouts are tried at once; whoever types waits a moment.
static TRYING: Semaphore = Semaphore::const_new(2);
/// Most codes of a sample that are read, characters.
const CODES_MAX: usize = 4_000;

/// What the address asks for.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    version: Option<i64>,
}

/// What the database knows that the page needs.
struct Known {
    stored: Stored,
    versions: Vec<(i64, i64)>,
    shelves: Vec<Shelf>,
    /// The places whose codes are typed for the sample, as far as there are such.
    named: Vec<(String, Option<Shelf>)>,
}

/// A layout that was tried: what is wrong, or what it looks like.
struct Tried {
    problems: Vec<Problem>,
    left_out: Vec<LeftOut>,
    sound: Option<Sound>,
    sample: Option<Sample>,
}

fn known(tx: &mut dyn Conn, site: SiteId, bins: &str) -> Res<Known> {
    let short: String = bins.chars().take(CODES_MAX).collect();
    let codes = short.split([' ', ',', ';', '\n', '\r', '\t']).filter(|code| !code.is_empty()).take(PICKS_MAX);
    let mut named = Vec::new();
    for code in codes {
        let shelf = match place::filed(tx, site, code) {
            Ok(filed) => Some(Shelf {
                aisle: filed.sheet.aisle,
                bay: i64::from(filed.sheet.bay),
                top: i64::from(filed.sheet.level),
                places: 1,
                code: filed.code,
            }),
            Err(CentralError::Refused(Refusal::Missing { .. })) => None,
            Err(error) => return Err(error),
        };
        named.push((code.to_owned(), shelf));
    }
    let stored = service::current(tx, site)?;
    Ok(Known { stored, versions: service::versions(tx, site)?, shelves: service::shelves(tx, site)?, named })
}

async fn ask(app: &App, draft: &Draft) -> Res<Known> {
    let (site, bins) = (app.store.site(), draft.wish.bins.clone());
    app.store.read(move |tx| known(tx, site, &bins)).await
}

/// Checks a draft and walks its sample.
fn tried(draft: &Draft, known: &Known) -> Tried {
    let wrong = |problems| Tried { problems, left_out: Vec::new(), sound: None, sample: None };
    let sound = match draft.plan().and_then(|plan| check::checked(&plan)) {
        Ok(sound) => sound,
        Err(problems) => return wrong(problems),
    };
    let Wish { picks, seed, .. } = draft.wish;
    let codes: Vec<String> = known.named.iter().map(|(code, _)| code.clone()).collect();
    let of = |code: &str| known.named.iter().find(|(name, _)| name == code).and_then(|(_, shelf)| shelf.clone());
    let bins = if codes.is_empty() {
        Ok(sample::random(&sound, &known.shelves, picks.clamp(1, PICKS_MAX), seed))
    } else {
        sample::named(&sound, &codes, of)
    };
    let walked = bins.and_then(|bins| sample::walk(&sound, &bins).map_err(|problem| vec![problem]));
    let left_out = check::off(&sound, &known.shelves);
    // A sample that cannot be walked is told beside the layout, which is sound all the same.
    let (sample, problems) = match walked {
        Ok(sample) => (Some(sample), Vec::new()),
        Err(problems) => (None, problems),
    };
    Tried { problems, left_out, sound: Some(sound), sample }
}

/// Tries a draft off the threads that answer.
async fn try_out(draft: &Draft, known: Known) -> Option<(Tried, Known)> {
    let _turn = TRYING.acquire().await.ok()?;
    let draft = draft.clone();
    tokio::task::spawn_blocking(move || (tried(&draft, &known), known)).await.ok()
}

/// `GET /layout`
pub async fn page(State(app): State<App>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    if !visitor.may(Permission::LayoutEdit) {
        return forbidden(&visitor);
    }
    let site = app.store.site();
    let read = app.store.read(move |tx| match asked.version {
        Some(version) => service::of_version(tx, site, version).map(|(plan, unit)| Draft::of_plan(&plan, unit)),
        None => service::current(tx, site).map(|stored| Draft::of_stored(&stored)),
    });
    match read.await {
        Ok(draft) => show(&app, &visitor, &draft, None, &Shown::default()).await,
        Err(error) => failed(&visitor, Place::Layout, &error),
    }
}

/// What a page says besides the draft.
#[derive(Default)]
struct Shown {
    refused: Option<Refusal>,
    /// What is wrong before the draft is looked at: with a file, or the even grid.
    before: Vec<Problem>,
    note: Option<&'static str>,
}

async fn show(app: &App, visitor: &Visitor, draft: &Draft, seen: Option<i64>, shown: &Shown) -> Response {
    let words = visitor.words();
    let known = match ask(app, draft).await {
        Ok(known) => known,
        Err(error) => return failed(visitor, Place::Layout, &error),
    };
    let Some((tried, known)) = try_out(draft, known).await else {
        return failed(visitor, Place::Layout, &CentralError::Inner { what: "trying a layout" });
    };
    let seen = seen.unwrap_or(known.stored.version);
    let told = if shown.before.is_empty() {
        told(visitor, draft, &tried)
    } else {
        say::problems(words, &shown.before, draft.unit)
    };
    let content = html! {
        div.title {
            h1 { (words.text("layout-title")) }
            @if known.stored.version > 0 {
                (pill("a", PEN, &words.text_with("layout-version", &[("n", Arg::Int(known.stored.version))])))
            } @else { (pill("", CHECKED, &words.text("layout-begun"))) }
            span.grow {}
            a.btn href="/layout/file" download { (words.text("labels-file")) }
        }
        @if let Some(refusal) = &shown.refused { p.wrong.lead role="alert" { (why(words, refusal)) } }
        @if let Some(note) = shown.note { p.lead role="status" { (words.text(note)) } }
        p.lead.muted { (words.text("layout-lead")) }
        div.split.layout {
            div { (form::form(visitor, draft, seen, &told)) (file_form(visitor)) }
            div.beside { (preview(visitor, draft, &tried)) (versions(visitor, &known)) }
        }
    };
    let status = match &shown.refused {
        Some(Refusal::Version { .. }) => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None if shown.before.is_empty() => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    (status, frame(visitor, Place::Layout, &words.text("layout-title"), &content)).into_response()
}

/// What is wrong, or that nothing is; and what is left out.
fn told(visitor: &Visitor, draft: &Draft, tried: &Tried) -> Markup {
    let words = visitor.words();
    html! {
        @if !tried.problems.is_empty() { (say::problems(words, &tried.problems, draft.unit)) }
        @else { p.good { (icon(CHECKED, 18)) " " (words.text("labels-good")) } }
        (say::left_out(words, &tried.left_out))
    }
}

fn drawn(visitor: &Visitor, tried: &Tried) -> Markup {
    let words = visitor.words();
    html! {
        @if let Some(sound) = &tried.sound { (drawing::drawing(words, sound, tried.sample.as_ref())) (figures(visitor, tried.sample.as_ref())) }
        @else { p.empty { (words.text("layout-undrawn")) } }
    }
}

/// How long the sample's walk is, and how much that saves.
fn figures(visitor: &Visitor, sample: Option<&Sample>) -> Markup {
    let words = visitor.words();
    let Some(sample) = sample else { return html! {} };
    let row = |key: &str, value: String| html! { div { dt { (words.text(key)) } dd { (value) } } };
    html! {
        dl.figures {
            (row(if sample.proven { "layout-shortest" } else { "layout-found" }, say::metres(words, sample.length_mm)))
            @match sample.s_shape_mm {
                Some(mm) => {
                    (row("layout-s-shape", say::metres(words, mm)))
                    (row("layout-saves", words.text_with("layout-percent", &[("n", Arg::Int((mm - sample.length_mm) * 100 / mm.max(1)))])))
                }
                None => (row("layout-s-shape", words.text("layout-s-shape-none").into_owned())),
            }
        }
        p.small.mono { @for (n, (code, _)) in sample.stops.iter().enumerate() { @if n > 0 { " → " } (code) } }
    }
}

fn preview(visitor: &Visitor, draft: &Draft, tried: &Tried) -> Markup {
    let words = visitor.words();
    let wish = &draft.wish;
    html! {
        section.card.pad #preview {
            h2 { (words.text("layout-preview")) }
            div #drawn { (drawn(visitor, tried)) }
            div.sheet.samples {
                div.three {
                    label { (words.text("layout-picks")) input form="layout" name="picks" type="number" min="1" max=(PICKS_MAX) value=(wish.picks) autocomplete="off"; }
                    label.wide { (words.text("layout-sample-bins")) input form="layout" name="bins" value=(wish.bins) maxlength=(CODES_MAX) autocomplete="off"; }
                }
                input form="layout" type="hidden" name="seed" value=(wish.seed);
                button.btn form="layout" name="go" value="other" { (words.text("layout-other")) }
            }
        }
    }
}

fn versions(visitor: &Visitor, known: &Known) -> Markup {
    let words = visitor.words();
    html! { @if !known.versions.is_empty() {
        section.card.pad {
            h2 { (words.text("msg-versions")) }
            ul.plain { @for (version, at_ms) in &known.versions { li {
                a href={ "/layout?version=" (version) } { span.st.count { "v" (version) } " " (visitor.when(*at_ms)) }
            } } }
        }
    } }
}

fn file_form(visitor: &Visitor) -> Markup {
    let words = visitor.words();
    html! {
        form.card.pad.upload method="post" action="/layout/file" enctype="multipart/form-data" {
            h2 { (words.text("layout-import")) }
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            label { (words.text("layout-file")) span.small { (words.text("layout-import-hint")) }
                input type="file" name="file" accept=".json,.jsonl,application/json" required; }
            button.btn { (words.text("layout-take")) }
        }
    }
}

/// `POST /layout`: every button of the form.
pub async fn change(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::LayoutEdit) {
        return forbidden(&visitor);
    }
    let (mut draft, seen, go) = (Draft::of_form(&fields), fields.int("seen"), fields.get("go"));
    if go == "save" {
        return save(&app, &visitor, &draft, seen, fields.get("leave") == "yes").await;
    }
    let mut shown = Shown::default();
    let numbered = |prefix: &str| go.strip_prefix(prefix).and_then(|n| n.parse::<usize>().ok());
    match go {
        "even" => shown.before = draft.even().err().unwrap_or_default(),
        "add-aisle" => draft.add_aisle(),
        "add-cross" => draft.add_cross(),
        "other" => draft.wish.seed = draft.wish.seed.wrapping_add(1),
        _ => match (numbered("drop-aisle-"), numbered("drop-cross-")) {
            (Some(n), _) => draft.drop_aisle(n),
            (_, Some(n)) => draft.drop_cross(n),
            (None, None) => {}
        },
    }
    show(&app, &visitor, &draft, Some(seen), &shown).await
}

async fn save(app: &App, visitor: &Visitor, draft: &Draft, seen: i64, leave: bool) -> Response {
    let refused = |field, why| Shown { refused: Some(Refusal::Field { field, why }), ..Shown::default() };
    let Ok(plan) = draft.plan() else {
        let shown = refused("layout.plan", "must be a sound layout");
        return show(app, visitor, draft, Some(seen), &shown).await;
    };
    let unit = draft.unit;
    let done = app.store.write(visitor.actor(), move |work| service::save(work, &plan, unit, seen, leave));
    match done.await {
        Ok(_) => Redirect::to("/layout").into_response(),
        Err(CentralError::Refused(refusal)) => {
            // Who was told that somebody was faster has seen theirs.
            let seen = if let Refusal::Version { newest, .. } = &refusal { *newest } else { seen };
            let shown = Shown { refused: Some(refusal), ..Shown::default() };
            show(app, visitor, draft, Some(seen), &shown).await
        }
        Err(error) => failed(visitor, Place::Layout, &error),
    }
}

/// `POST /layout/try`: what is wrong with what is typed, and the drawing of it.
pub async fn attempt(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::LayoutEdit) {
        return forbidden(&visitor);
    }
    let draft = Draft::of_form(&fields);
    let known = match ask(&app, &draft).await {
        Ok(known) => known,
        Err(error) => return failed(&visitor, Place::Layout, &error),
    };
    let Some((tried, _)) = try_out(&draft, known).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let status = if tried.sound.is_some() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let body = html! {
        div #told { (told(&visitor, &draft, &tried)) }
        @if tried.sound.is_some() { div #drawn { (drawn(&visitor, &tried)) } }
    };
    (status, Html(body.into_string())).into_response()
}

/// `GET /layout/file`
pub async fn file(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::LayoutEdit) {
        return forbidden(&visitor);
    }
    let site = app.store.site();
    match app.store.read(move |tx| small_file::write(&service::current(tx, site)?.plan)).await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, "application/json; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"layout.json\""),
            ];
            (headers, text).into_response()
        }
        Err(error) => failed(&visitor, Place::Layout, &error),
    }
}

/// `POST /layout/file`: a file into the form; nothing is stored before somebody saves.
pub async fn take(State(app): State<App>, visitor: Visitor, form: Result<Multipart, MultipartRejection>) -> Response {
    if !visitor.may(Permission::LayoutEdit) {
        return forbidden(&visitor);
    }
    let form = match form {
        Ok(form) => form,
        Err(rejected) => return rejected.into_response(),
    };
    let (_turn, received) = match in_turn(&app, &visitor, receive(&visitor, form)).await {
        Ok(received) => received,
        Err(later) => return *later,
    };
    let bytes = match received {
        Ok(Some((_, bytes))) => bytes,
        Ok(None) => return forbidden(&visitor),
        Err(error) => return error.into_response(),
    };
    let (draft, shown) = match small_file::read(&bytes) {
        Ok(plan) => {
            (Draft::of_plan(&plan, service::Unit::Mm), Shown { note: Some("layout-taken"), ..Shown::default() })
        }
        Err(problem) => {
            let site = app.store.site();
            match app.store.read(move |tx| service::current(tx, site)).await {
                Ok(stored) => (Draft::of_stored(&stored), Shown { before: vec![problem], ..Shown::default() }),
                Err(error) => return failed(&visitor, Place::Layout, &error),
            }
        }
    };
    show(&app, &visitor, &draft, None, &shown).await
}
