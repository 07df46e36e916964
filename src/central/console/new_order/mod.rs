//! Typing an order: choosing the desk, the drafts, and the five steps of the form. Every step is saved when it is left, so that
//! nothing is lost and anybody of the desk can go on.

pub(super) mod form;
mod steps;
mod view;

pub(super) use steps::address_fields;

use super::frame::{Place, page as frame, trouble};
use super::people::forbidden;
use super::proofs::said;
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::customers::{self, Known, read::By};
use crate::central::services::orders::drafts::{self, Document, Draft, Step};
use crate::central::services::orders::entry::{DeskKind, check_address, check_lines};
use crate::central::services::orders::{Priced, Sums, price};
use crate::central::services::products::{self, Offer};
use crate::central::services::proofs::{self, Of, Proof};
use crate::central::services::settings::{self, Shipping};
use crate::central::store::sites;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use form::Fields;
use serde::Deserialize;

/// Everything a step shows.
struct Screen {
    draft: Draft,
    step: Step,
    currency: String,
    /// The products of the lines, as far as they are known.
    offers: Vec<Option<Offer>>,
    /// Lines with their amounts, once all of them have a price.
    priced: Option<Vec<Priced>>,
    found: Vec<Offer>,
    people: Vec<Known>,
    proofs: Vec<Proof>,
    shipping: Vec<Shipping>,
    find: String,
    /// The form as it was sent, where it was refused: what could not be read stands in it too.
    typed: Option<Fields>,
}

impl Screen {
    /// What a field shows: what was typed in it, else what is stored.
    fn value(&self, name: &str, stored: String) -> String {
        match &self.typed {
            Some(typed) if typed.has(name) => typed.get(name).to_owned(),
            Some(_) | None => stored,
        }
    }

    /// What the order costs and how much more than that is said to be paid.
    fn above_minor(&self) -> Option<(i64, i64)> {
        let total = self.priced.as_ref().map(|priced| Sums::of(priced).total_minor())?;
        let paid = self.draft.document.paid_minor;
        (paid > total).then_some((paid, total))
    }
}

/// A form of a draft that was refused.
struct Refused {
    /// The document as it was laid; the stored one where nothing was.
    document: Option<Document>,
    fields: Option<Fields>,
    refusal: Refusal,
    status: StatusCode,
}

/// Whoever types an address sees it, so that both are asked.
pub(super) fn may(visitor: &Visitor) -> bool {
    visitor.may(Permission::OrderCreate) && visitor.may(Permission::PersonView)
}

/// Reads a screen; `typed` stands in for what is stored, where a form was refused.
fn read(tx: &mut dyn Conn, site: SiteId, id: &str, asked: (Step, &str), typed: Option<&Document>) -> Res<Screen> {
    let (step, find) = asked;
    let mut draft = drafts::get(tx, site, id, None)?;
    if let Some(typed) = typed {
        draft.document = typed.clone();
    }
    let currency = sites::get(tx, site)?.currency;
    let lines = &draft.document.lines;
    let goods = matches!(step, Step::Items | Step::Overview | Step::Payment);
    let mut offers = Vec::new();
    for line in lines.iter().filter(|_| goods) {
        offers.push(products::offer(tx, site, &line.sku)?);
    }
    let ready = goods && check_lines(lines).is_ok();
    let priced = if ready { price(tx, site, draft.kind, lines, &currency).ok() } else { None };
    let found = if step == Step::Items && !find.is_empty() { products::find(tx, site, find)? } else { Vec::new() };
    let people =
        if step == Step::Customer && !find.is_empty() { customers::find(tx, site, find, true)? } else { Vec::new() };
    let proofs = proofs::list(tx, &Of::Draft(id.to_owned()))?;
    let shipping = settings::services(tx, site)?;
    Ok(Screen {
        draft,
        step,
        currency,
        offers,
        priced,
        found,
        people,
        proofs,
        shipping,
        find: find.to_owned(),
        typed: None,
    })
}

fn failed(visitor: &Visitor, error: &CentralError) -> Response {
    match error {
        CentralError::Refused(Refusal::Missing { .. }) => {
            (StatusCode::NOT_FOUND, trouble(visitor, Place::Orders, "console-not-found")).into_response()
        }
        CentralError::Refused(refusal) => {
            let said = said(visitor.words(), refusal);
            let content =
                maud::html! { h1 { (visitor.words().text("neworder-title")) } p.wrong role="alert" { (said) } };
            let page = frame(visitor, Place::Orders, &visitor.words().text("neworder-title"), &content);
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
        CentralError::Store(_)
        | CentralError::Stored { .. }
        | CentralError::File { .. }
        | CentralError::Inner { .. } => {
            tracing::error!(%error, "a draft could not be shown or saved");
            trouble(visitor, Place::Orders, "console-trouble")
        }
    }
}

/// `GET /orders/new`: which desk, and the drafts that wait.
pub(super) async fn choose(State(app): State<App>, visitor: Visitor) -> Response {
    if !may(&visitor) {
        return forbidden(&visitor);
    }
    let site = app.store.site();
    match app.store.read(move |tx| drafts::list(tx, site, None)).await {
        Ok(waiting) => {
            let title = visitor.words().text("neworder-title");
            frame(&visitor, Place::Orders, &title, &view::choice(&visitor, &waiting))
        }
        Err(error) => failed(&visitor, &error),
    }
}

/// `POST /orders/new`: begins a draft.
pub(super) async fn begin(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let Some(kind) = DeskKind::of(fields.get("kind")).filter(|_| may(&visitor) && visitor.sent(fields.get("csrf")))
    else {
        return forbidden(&visitor);
    };
    match app.store.write(visitor.actor(), move |work| drafts::begin(work, kind)).await {
        Ok(id) => Redirect::to(&format!("/orders/drafts/{id}/general")).into_response(),
        Err(error) => failed(&visitor, &error),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    find: String,
}

/// `GET /orders/drafts/{id}/{step}`
pub(super) async fn step(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, step)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Response {
    if !may(&visitor) {
        return forbidden(&visitor);
    }
    let Some(step) = Step::of(&step) else {
        return (StatusCode::NOT_FOUND, trouble(&visitor, Place::Orders, "console-not-found")).into_response();
    };
    let find: String = asked.find.chars().take(100).collect();
    show(&app, &visitor, &id, (step, find), None).await
}

/// Shows a step; after a refusal with what was typed and why it was refused.
async fn show(app: &App, visitor: &Visitor, id: &str, asked: (Step, String), refused: Option<Refused>) -> Response {
    let (site, id) = (app.store.site(), id.to_owned());
    let (typed, fields, refusal) = match refused {
        Some(Refused { document, fields, refusal, status }) => (document, fields, Some((refusal, status))),
        None => (None, None, None),
    };
    let read = app.store.read(move |tx| read(tx, site, &id, (asked.0, &asked.1), typed.as_ref())).await;
    match read.map(|screen| Screen { typed: fields, ..screen }) {
        Ok(screen) => match &screen.draft.order {
            Some(number) => Redirect::to(&format!("/orders/{number}")).into_response(),
            None => {
                let title = visitor.words().text(view::kind_key(screen.draft.kind));
                let told = refusal.as_ref().map(|(refusal, _)| refusal);
                let page = frame(visitor, Place::Orders, &title, &view::screen(visitor, &screen, told));
                (refusal.map_or(StatusCode::OK, |(_, status)| status), page).into_response()
            }
        },
        Err(error) => failed(visitor, &error),
    }
}

/// `POST /orders/drafts/{id}/{step}`: saves it and goes where the button says.
pub(super) async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Path((id, step)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    let Some(step) = Step::of(&step).filter(|_| may(&visitor) && visitor.sent(fields.get("csrf"))) else {
        return forbidden(&visitor);
    };
    keep(&app, &visitor, id, step, fields).await
}

/// Saves the payment of a draft that came with a file.
pub(super) async fn keep_payment(app: &App, visitor: &Visitor, id: &str, fields: Fields) -> Response {
    if fields.has("version") {
        return keep(app, visitor, id.to_owned(), Step::Payment, fields).await;
    }
    Redirect::to(&format!("/orders/drafts/{id}/payment")).into_response()
}

/// Shows the payment of a draft as it was typed, because its file was not taken.
pub(super) async fn payment_refused(
    app: &App,
    visitor: &Visitor,
    id: &str,
    fields: Fields,
    (refusal, status): (Refusal, StatusCode),
) -> Response {
    let refused = Refused { document: None, fields: Some(fields), refusal, status };
    show(app, visitor, id, (Step::Payment, String::new()), Some(refused)).await
}

async fn keep(app: &App, visitor: &Visitor, id: String, step: Step, fields: Fields) -> Response {
    let site = app.store.site();
    let at = id.clone();
    let stored =
        app.store.read(move |tx| Ok((drafts::get(tx, site, &at, None)?, sites::get(tx, site)?.currency))).await;
    let (draft, currency) = match stored {
        Ok(stored) => stored,
        Err(error) => return failed(visitor, &error),
    };
    let mut document = draft.document.clone();
    let before = (document.paid_minor, document.method, document.reference.clone());
    let laid = form::lay(step, draft.kind, &currency, &fields, &mut document);
    if !visitor.may(Permission::PaymentAdd) {
        (document.paid_minor, document.method, document.reference) = before;
    }
    let go = if fields.get("go") == "enter" && !fields.get("find").is_empty() { "find" } else { fields.get("go") };
    if let Err(error) = choose_customer(app, go, &mut document).await {
        return failed(visitor, &error);
    }
    let (at, version, typed) = (id.clone(), fields.int("version"), document.clone());
    let saved = app.store.write(visitor.actor(), move |work| drafts::save(work, &at, version, step, &typed)).await;
    let find = fields.get("find").chars().take(100).collect::<String>();
    let refusal = match (saved, laid) {
        (Ok(_), Ok(())) if go == "next" => complete(visitor, step, draft.kind, &document).err(),
        (Ok(_), Ok(())) => None,
        (Ok(_), Err(refusal)) | (Err(CentralError::Refused(refusal)), _) => Some(refusal),
        (Err(error), _) => return failed(visitor, &error),
    };
    if let Some(refusal) = refusal {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        // A line that was added or taken out moves the others, so that what was typed is read from the document then.
        let fields =
            Some(fields).filter(|fields| !matches!(fields.get("go"), "add") && !fields.get("go").starts_with("drop-"));
        let refused = Refused { document: Some(document), fields, refusal, status };
        return show(app, visitor, &id, (step, find), Some(refused)).await;
    }
    let to = if go == "next" { step.next() } else { step };
    let query = match go {
        "find" => form_urlencoded::Serializer::new("?".to_owned()).append_pair("find", &find).finish(),
        _ => String::new(),
    };
    Redirect::to(&format!("/orders/drafts/{id}/{}{query}", to.word())).into_response()
}

/// Takes a customer on file with their address, or none again.
async fn choose_customer(app: &App, go: &str, document: &mut Document) -> Res<()> {
    if go == "nobody" {
        document.customer = None;
    }
    if let Some(chosen) = go.strip_prefix("choose-") {
        let (site, chosen) = (app.store.site(), chosen.to_owned());
        let known = app.store.read(move |tx| customers::buyer(tx, site, By::Id(&chosen))).await?;
        document.address = known.address;
        if document.address.name.is_empty() {
            document.address.name = known.name;
        }
        document.customer = Some(known.id);
    }
    Ok(())
}

/// What a step must have before the next one is shown.
fn complete(visitor: &Visitor, step: Step, kind: DeskKind, document: &Document) -> Result<(), Refusal> {
    match step {
        Step::General if kind == DeskKind::B2c && document.remark.is_none() => {
            Err(Refusal::Field { field: "remark", why: "must say why the order is typed" })
        }
        Step::General if !document.ship_by.is_empty() && document.ship_by < today(visitor) => {
            Err(Refusal::Field { field: "shipping.past", why: "must be today or later" })
        }
        Step::Customer => check_address(&document.address),
        Step::Items => check_lines(&document.lines),
        Step::General | Step::Payment | Step::Overview => Ok(()),
    }
}

/// The day it is at the house, as a form sends one.
fn today(visitor: &Visitor) -> String {
    let now = jiff::Timestamp::from_millisecond(visitor.now_ms).ok();
    now.map(|now| now.to_zoned(visitor.words().format().zone()).date().to_string()).unwrap_or_default()
}

/// `POST /orders/drafts/{id}/submit`: the order, once.
pub(super) async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !may(&visitor) || !visitor.sent(fields.get("csrf")) {
        return forbidden(&visitor);
    }
    let (at, version, payment) = (id.clone(), fields.int("version"), visitor.may(Permission::PaymentAdd));
    let sure = !fields.get("sure").is_empty();
    let made = app.store.write(visitor.actor(), move |work| {
        let zone = sites::get(work.tx, work.ctx.site)?.zone;
        let site = work.ctx.site;
        let screen = read(work.tx, site, &at, (Step::Overview, ""), None)?;
        if screen.draft.order.is_none() && screen.above_minor().is_some() && !sure {
            return Err(Refusal::Field { field: "payment.above", why: "is more than the order costs" }.into());
        }
        drafts::submit(work, &at, version, &zone, payment)
    });
    match made.await {
        Ok(created) => Redirect::to(&format!("/orders/{}", created.number)).into_response(),
        Err(CentralError::Refused(refusal)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let refused = Refused { document: None, fields: None, refusal, status };
            show(&app, &visitor, &id, (Step::Overview, String::new()), Some(refused)).await
        }
        Err(error) => failed(&visitor, &error),
    }
}

/// `GET /orders/drafts/{id}/submit`: a refused submit that is loaded again shows the overview.
pub(super) async fn again(Path(id): Path<String>) -> Redirect {
    Redirect::to(&format!("/orders/drafts/{id}/overview"))
}

/// `POST /orders/drafts/{id}/discard`
pub(super) async fn discard(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    if !may(&visitor) || !visitor.sent(Fields(fields).get("csrf")) {
        return forbidden(&visitor);
    }
    let dropped = app.store.write(visitor.actor(), move |work| drafts::discard(work, &id, None)).await;
    let swept = match dropped {
        Ok(files) => proofs::sweep(&app.store, &app.photos, files).await,
        Err(error) => Err(error),
    };
    match swept {
        Ok(()) => Redirect::to("/orders/new").into_response(),
        Err(error) => failed(&visitor, &error),
    }
}
