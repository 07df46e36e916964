//! Orders that are still being typed: saved at every step, taken up again from a list, and turned into an order once. A draft
//! holds what was typed, right or wrong; the rules are asked when it is submitted.

use super::create::{Created, create};
use super::entry::{Buyer, DeskKind, NewLine, NewOrder, Remark, Terms};
use super::payments::{Method, NewPayment};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::proofs;
use crate::central::store::work::Work;
use crate::protocol::wire::SiteId;
use crate::protocol::wire::order::Address;
use crate::sql::{Conn, Row};
use crate::vals;
use serde::{Deserialize, Serialize};

/// Most open drafts of one person.
pub const DRAFTS_MAX: i64 = 100;
/// Most drafts of a list.
const LISTED_MAX: i64 = 200;
/// Longest document, bytes.
const DOCUMENT_BYTES_MAX: usize = 128 * 1024;

/// The steps of the form, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Step {
    /// Shipping, note, remark.
    #[default]
    General,
    /// Who, and where to.
    Customer,
    /// What.
    Items,
    /// Terms, what was paid, proofs.
    Payment,
    /// All of it before it is submitted.
    Overview,
}

impl Step {
    /// All, in order.
    pub const ALL: [Step; 5] = [Step::General, Step::Customer, Step::Items, Step::Payment, Step::Overview];

    /// The word in the store and in addresses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Step::General => "general",
            Step::Customer => "customer",
            Step::Items => "items",
            Step::Payment => "payment",
            Step::Overview => "overview",
        }
    }

    /// The step of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.word() == word)
    }

    /// The one after it; the last is its own.
    #[must_use]
    pub const fn next(self) -> Step {
        match self {
            Step::General => Step::Customer,
            Step::Customer => Step::Items,
            Step::Items => Step::Payment,
            Step::Payment | Step::Overview => Step::Overview,
        }
    }
}

/// What was typed so far. Fields that are missing in an older document are as they begin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Document {
    /// Code of the carrier and of its service.
    pub shipping: (String, String),
    /// Last day to ship, `YYYY-MM-DD`, or empty.
    pub ship_by: String,
    /// For the packer.
    pub note: String,
    /// Why it is typed.
    pub remark: Option<Remark>,
    /// In words.
    pub remark_text: String,
    /// A customer on file, by id.
    pub customer: Option<String>,
    /// Where it goes.
    pub address: Address,
    /// What.
    pub lines: Vec<NewLine>,
    /// Take it although stock is missing.
    pub backorder: bool,
    /// When it is paid.
    pub terms: Terms,
    /// How something was paid.
    pub method: Method,
    /// How much, minor units; 0 for nothing yet.
    pub paid_minor: i64,
    /// What the bank calls it.
    pub reference: String,
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Id.
    pub id: String,
    /// Who began it, by id.
    pub owner: String,
    /// Name of who began it.
    pub owner_name: String,
    /// Which desk.
    pub kind: DeskKind,
    /// Where it was left.
    pub step: Step,
    /// What was typed.
    pub document: Document,
    /// Number of the order it became.
    pub order: Option<String>,
    /// Grows with every save.
    pub version: i64,
    /// When it was last saved, UTC ms.
    pub updated_ms: i64,
}

const COLUMNS: &str = "SELECT d.*, COALESCE(u.name, '') AS owner_name, o.number FROM order_drafts d \
    LEFT JOIN users u ON u.id = d.owner LEFT JOIN orders o ON o.id = d.order_id";

fn draft(row: &Row) -> Res<Draft> {
    let stored = |what| CentralError::Stored { what };
    let document: String = row.get("document")?;
    Ok(Draft {
        id: row.get("id")?,
        owner: row.get("owner")?,
        owner_name: row.get("owner_name")?,
        kind: DeskKind::of(&row.get::<String>("kind")?).ok_or_else(|| stored("kind of a draft"))?,
        step: Step::of(&row.get::<String>("step")?).ok_or_else(|| stored("step of a draft"))?,
        document: serde_json::from_str(&document).map_err(|_| stored("draft"))?,
        order: row.get("number")?,
        version: row.get("version")?,
        updated_ms: row.get("updated_ms")?,
    })
}

/// The draft with this id. One who may not see personal data sees only their own: `owner`.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn get(tx: &mut dyn Conn, site: SiteId, id: &str, owner: Option<&str>) -> Res<Draft> {
    let sql = format!("{COLUMNS} WHERE d.id = $1 AND d.site = $2 AND ($3 = '' OR d.owner = $3)");
    let row = tx.one(&sql, vals![id, site.to_string(), owner.unwrap_or_default()])?;
    draft(&row.ok_or(Refusal::Missing { entity: "draft" })?)
}

/// Open drafts, the newest first.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId, owner: Option<&str>) -> Res<Vec<Draft>> {
    let sql = format!(
        "{COLUMNS} WHERE d.site = $1 AND d.order_id IS NULL AND ($2 = '' OR d.owner = $2) \
         ORDER BY d.updated_ms DESC, d.id DESC LIMIT $3"
    );
    tx.all(&sql, vals![site.to_string(), owner.unwrap_or_default(), LISTED_MAX])?.iter().map(draft).collect()
}

/// Begins one; its id.
///
/// # Errors
/// [`Refusal::TooMany`] for one who has a hundred open already.
pub fn begin(work: &mut Work<'_>, kind: DeskKind) -> Res<String> {
    let owner = work.ctx.actor.id();
    let open = work.tx.int(
        "SELECT COUNT(*) FROM order_drafts WHERE site = $1 AND owner = $2 AND order_id IS NULL",
        vals![work.ctx.site.to_string(), &owner],
    )?;
    if open >= DRAFTS_MAX {
        return Err(Refusal::State { entity: "list of drafts", state: "full: submit or drop some".to_owned() }.into());
    }
    let id = work.new_id();
    let shipping = super::super::settings::services(work.tx, work.ctx.site)?.into_iter().next();
    let document = Document { shipping: shipping.map(|first| first.codes).unwrap_or_default(), ..Document::default() };
    work.exec(
        "INSERT INTO order_drafts (id, site, owner, kind, step, document, created_ms, updated_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        vals![&id, work.site(), owner, kind.word(), Step::default().word(), text(&document)?, work.now_ms()],
    )?;
    work.audit("draft.begun", "draft", &id, serde_json::json!({ "kind": kind.word() }));
    Ok(id)
}

fn text(document: &Document) -> Res<String> {
    let text = serde_json::to_string(document).map_err(|_| CentralError::Inner { what: "writing a draft as JSON" })?;
    if text.len() > DOCUMENT_BYTES_MAX {
        return Err(Refusal::Field { field: "lines", why: "makes the draft longer than 128 KiB" }.into());
    }
    Ok(text)
}

/// Saves what was typed by one who saw `version`; the new version.
///
/// # Errors
/// [`Refusal::Version`] if it was saved elsewhere meanwhile, with what differs from `document`; [`Refusal::State`] once it is
/// an order; [`Refusal::Missing`].
pub fn save(work: &mut Work<'_>, id: &str, version: i64, step: Step, document: &Document) -> Res<i64> {
    let known = get(work.tx, work.ctx.site, id, None)?;
    if known.order.is_some() {
        return Err(Refusal::State { entity: "draft", state: "an order already".to_owned() }.into());
    }
    if known.version != version {
        let fields = differing(&known.document, document);
        return Err(Refusal::Version { newest: known.version, fields }.into());
    }
    work.exec(
        "UPDATE order_drafts SET step = $2, document = $3, version = version + 1, updated_ms = $4 WHERE id = $1",
        vals![id, step.word(), text(document)?, work.now_ms()],
    )?;
    Ok(version + 1)
}

/// Names of the parts in which two documents differ.
fn differing(one: &Document, other: &Document) -> Vec<&'static str> {
    let general =
        |d: &Document| (d.shipping.clone(), d.ship_by.clone(), d.note.clone(), d.remark, d.remark_text.clone());
    let payment = |d: &Document| (d.terms, d.method, d.paid_minor, d.reference.clone());
    let parts = [
        ("general", general(one) != general(other)),
        ("address", (&one.customer, &one.address) != (&other.customer, &other.address)),
        ("lines", (&one.lines, one.backorder) != (&other.lines, other.backorder)),
        ("payment", payment(one) != payment(other)),
    ];
    parts.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// Throws it away; the files of its proofs, to be swept.
///
/// # Errors
/// [`Refusal::Missing`]; [`Refusal::State`] once it is an order.
pub fn discard(work: &mut Work<'_>, id: &str, owner: Option<&str>) -> Res<Vec<String>> {
    if get(work.tx, work.ctx.site, id, owner)?.order.is_some() {
        return Err(Refusal::State { entity: "draft", state: "an order already".to_owned() }.into());
    }
    let files = proofs::forget_draft(work, id)?;
    work.exec("DELETE FROM order_drafts WHERE id = $1", vals![id])?;
    work.audit("draft.discarded", "draft", id, serde_json::json!({}));
    Ok(files)
}

/// Makes the order. Once: a second submit answers with the order of the first. `zone` decides when its last day ends;
/// `payment` says whether the one who submits may enter payments.
///
/// # Errors
/// [`Refusal::Version`] if it was saved elsewhere meanwhile, [`Refusal::Forbidden`] for a payment that may not be entered; as
/// [`create`].
pub fn submit(work: &mut Work<'_>, id: &str, version: i64, zone: &str, payment: bool) -> Res<Created> {
    let draft = get(work.tx, work.ctx.site, id, None)?;
    if let Some(number) = draft.order {
        let row = work.one("SELECT order_id FROM order_drafts WHERE id = $1", vals![id])?;
        let id = row.ok_or(Refusal::Missing { entity: "draft" })?.at(0)?;
        return Ok(Created { id, number, waits: false });
    }
    if draft.version != version {
        return Err(Refusal::Version { newest: draft.version, fields: Vec::new() }.into());
    }
    if draft.document.paid_minor != 0 && !payment {
        return Err(Refusal::Forbidden.into());
    }
    let new = order_of(draft.kind, &draft.document, zone)?;
    if new.ship_by_ms.is_some_and(|at| at < work.now_ms()) {
        return Err(Refusal::Field { field: "shipping.past", why: "must be today or later" }.into());
    }
    let created = create(work, &new)?;
    proofs::to_order(work, id, &created.id)?;
    work.exec(
        "UPDATE order_drafts SET order_id = $2, document = '{}', version = version + 1, updated_ms = $3 WHERE id = $1",
        vals![id, &created.id, work.now_ms()],
    )?;
    Ok(created)
}

/// The order that a document says.
///
/// # Errors
/// [`Refusal::Field`] for a day that is none.
pub fn order_of(kind: DeskKind, document: &Document, zone: &str) -> Result<NewOrder, Refusal> {
    let payment = (document.paid_minor != 0).then(|| NewPayment {
        method: document.method,
        amount_minor: document.paid_minor,
        reference: document.reference.trim().to_owned(),
    });
    let note = document.note.trim();
    Ok(NewOrder {
        kind,
        buyer: document.customer.clone().map_or(Buyer::New, Buyer::Known),
        ship_to: document.address.clone(),
        lines: document.lines.clone(),
        shipping: document.shipping.clone(),
        ship_by_ms: end_of_day(&document.ship_by, zone)?,
        note: (!note.is_empty()).then(|| note.to_owned()),
        remark: match kind {
            DeskKind::B2b => None,
            DeskKind::B2c => document.remark.map(|remark| (remark, document.remark_text.trim().to_owned())),
        },
        terms: document.terms,
        payment,
        backorder: document.backorder,
    })
}

/// The last moment of a day in the site's zone, UTC ms; none for no day.
fn end_of_day(day: &str, zone: &str) -> Result<Option<i64>, Refusal> {
    if day.is_empty() {
        return Ok(None);
    }
    let wrong = || Refusal::Field { field: "shipping.by", why: "must be a day, YYYY-MM-DD" };
    let day: jiff::civil::Date = day.parse().map_err(|_| wrong())?;
    let zone = jiff::tz::TimeZone::get(zone).map_err(|_| wrong())?;
    let next = day.tomorrow().and_then(|next| next.to_zoned(zone)).map_err(|_| wrong())?;
    Ok(Some(next.timestamp().as_millisecond() - 1))
}
