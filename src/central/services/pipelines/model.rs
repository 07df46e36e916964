//! What pipelines and stages are, and reading them.

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::messages::Kind;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Row};
use crate::vals;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most pipelines of a site that are read.
const PIPELINES_MAX: i64 = 50;

/// Words that a stage's look may be: neutral, under way, good, a person must decide, stopped.
pub const LOOKS: &[&str] = &["plain", "now", "ok", "decide", "stop"];

/// What work and money say of an order, in one word: the first that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// It was called off.
    Cancelled,
    /// It was sent and something comes back.
    Returned,
    /// The customer has it.
    Delivered,
    /// It left.
    Shipped,
    /// Its work is held, or waits for stock.
    Held,
    /// All of it is packed.
    Packed,
    /// A bench works on it, or a part of it left.
    Packing,
    /// Its items lie in a tote or slot.
    Picked,
    /// It is paid, or the payment is promised by a bank.
    Paid,
    /// Nothing yet.
    New,
}

impl Fact {
    /// All, in the order of a life.
    pub const ALL: [Fact; 10] = [
        Fact::New,
        Fact::Paid,
        Fact::Picked,
        Fact::Packing,
        Fact::Packed,
        Fact::Shipped,
        Fact::Delivered,
        Fact::Held,
        Fact::Returned,
        Fact::Cancelled,
    ];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Fact::Cancelled => "cancelled",
            Fact::Returned => "returned",
            Fact::Delivered => "delivered",
            Fact::Shipped => "shipped",
            Fact::Held => "held",
            Fact::Packed => "packed",
            Fact::Packing => "packing",
            Fact::Picked => "picked",
            Fact::Paid => "paid",
            Fact::New => "new",
        }
    }

    /// The fact of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Fact> {
        Fact::ALL.into_iter().find(|fact| fact.word() == word)
    }

    /// Work has not begun: where the order stands is the office's word.
    #[must_use]
    pub const fn soft(self) -> bool {
        match self {
            Fact::New | Fact::Paid => true,
            Fact::Cancelled
            | Fact::Returned
            | Fact::Delivered
            | Fact::Shipped
            | Fact::Held
            | Fact::Packed
            | Fact::Packing
            | Fact::Picked => false,
        }
    }
}

/// The fact of the order `o`, as a question for its word.
pub(super) const FACT_OF_O: &str = "CASE WHEN o.status = 'cancelled' THEN 'cancelled' \
    WHEN o.fulfillment_status IN ('shipped', 'delivered') AND EXISTS (SELECT 1 FROM return_lines rl JOIN returns r \
    ON r.id = rl.return_id WHERE rl.order_id = o.id AND r.state <> 'closed') THEN 'returned' \
    WHEN o.fulfillment_status = 'delivered' THEN 'delivered' WHEN o.fulfillment_status = 'shipped' THEN 'shipped' \
    WHEN EXISTS (SELECT 1 FROM fulfillments f WHERE f.order_id = o.id AND f.state IN ('blocked', 'held')) THEN 'held' \
    WHEN o.fulfillment_status = 'packed' THEN 'packed' \
    WHEN o.fulfillment_status IN ('in_progress', 'partially_shipped') THEN 'packing' \
    WHEN EXISTS (SELECT 1 FROM fulfillments f WHERE f.order_id = o.id AND f.entry_kind <> 'order' AND f.state = 'released') \
    THEN 'picked' WHEN o.payment_status IN ('paid', 'overcharged', 'authorized') THEN 'paid' ELSE 'new' END";

/// A fact that a stage asks for before an order enters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// It is paid, or the payment is promised by a bank.
    Payment,
    /// A parcel with a label that was scanned back.
    Parcel,
    /// The customer has it.
    Delivery,
    /// A call since it came into the stage where it is.
    Call,
    /// A word about why.
    Note,
}

impl Need {
    /// All, in the order people are shown.
    pub const ALL: [Need; 5] = [Need::Payment, Need::Parcel, Need::Delivery, Need::Call, Need::Note];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Need::Payment => "payment",
            Need::Parcel => "parcel",
            Need::Delivery => "delivery",
            Need::Call => "call",
            Need::Note => "note",
        }
    }

    /// The need of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Need> {
        Need::ALL.into_iter().find(|need| need.word() == word)
    }
}

/// A name in several languages, by their codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(pub BTreeMap<String, String>);

impl Names {
    /// The name in a language; else in English, else in any.
    #[must_use]
    pub fn of(&self, language: &str) -> &str {
        let named = self.0.get(language).or_else(|| self.0.get("en"));
        named.or_else(|| self.0.values().next()).map_or("", String::as_str)
    }
}

/// A sub-status of a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sub {
    /// Stable word within the stage.
    pub code: String,
    /// For people.
    pub names: Names,
    /// The mail that an order's customer gets when it comes into this sub-status, instead of the stage's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Kind>,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Id.
    pub id: String,
    /// Stable word within the pipeline.
    pub code: String,
    /// For people.
    pub names: Names,
    /// One of [`LOOKS`].
    pub look: String,
    /// Most orders in it; 0 for no bound.
    pub wip_limit: i64,
    /// What brings an order here by itself.
    pub follows: Option<Fact>,
    /// Hands may not move an order here.
    pub by_work: bool,
    /// What an order must have to be moved here.
    pub needs: Vec<Need>,
    /// Its sub-statuses.
    pub subs: Vec<Sub>,
    /// Orders here are done with.
    pub done: bool,
    /// A reminder is set so many minutes after entering; 0 for none.
    pub remind_after_min: i64,
    /// The mail that an order's customer gets when it enters.
    pub mail: Option<Kind>,
}

impl Stage {
    /// Its customers may be told something by it or by one of its sub-statuses.
    #[must_use]
    pub fn tells(&self) -> bool {
        self.mail.is_some() || self.subs.iter().any(|sub| sub.mail.is_some())
    }

    /// When it reminds of an order that comes into it now, if it does, UTC milliseconds.
    #[must_use]
    pub fn reminds_at(&self, now_ms: i64) -> Option<i64> {
        let after_ms = self.remind_after_min.saturating_mul(60_000);
        (after_ms > 0).then(|| now_ms.saturating_add(after_ms))
    }

    /// Its sub-status of a code.
    #[must_use]
    pub fn sub(&self, code: &str) -> Option<&Sub> {
        self.subs.iter().find(|sub| sub.code == code)
    }
}

/// A pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// Id.
    pub id: String,
    /// Stable word.
    pub code: String,
    /// For people.
    pub names: Names,
    /// Which new orders enter it: `all`, `b2b`, `b2c`, or empty for none by itself.
    pub takes: String,
    /// Grows with every change.
    pub version: i64,
    /// In their order.
    pub stages: Vec<Stage>,
}

impl Pipeline {
    /// The stage with that id and its place.
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<(usize, &Stage)> {
        self.stages.iter().enumerate().find(|(_, stage)| stage.id == id)
    }

    /// The stage that follows a fact.
    #[must_use]
    pub fn following(&self, fact: Fact) -> Option<(usize, &Stage)> {
        self.stages.iter().enumerate().find(|(_, stage)| stage.follows == Some(fact))
    }
}

/// All of the site, in their order.
///
/// # Errors
/// Any fault of the store.
pub fn all(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Pipeline>> {
    let rows = tx.all(
        "SELECT id, code, names, takes, version FROM pipelines WHERE site = $1 ORDER BY position, id LIMIT $2",
        vals![site.to_string(), PIPELINES_MAX],
    )?;
    let mut pipelines = rows.iter().map(pipeline).collect::<Res<Vec<Pipeline>>>()?;
    let rows = tx.all(
        "SELECT s.* FROM pipeline_stages s JOIN pipelines p ON p.id = s.pipeline WHERE p.site = $1 ORDER BY s.position, s.id",
        vals![site.to_string()],
    )?;
    for row in &rows {
        let of: String = row.get("pipeline")?;
        if let Some(found) = pipelines.iter_mut().find(|pipeline| pipeline.id == of) {
            found.stages.push(stage(row)?);
        }
    }
    Ok(pipelines)
}

/// The pipeline of a code; the first where it is empty.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn of_code(tx: &mut dyn Conn, site: SiteId, code: &str) -> Res<Pipeline> {
    let found = all(tx, site)?.into_iter().find(|pipeline| code.is_empty() || pipeline.code == code);
    Ok(found.ok_or(Refusal::Missing { entity: "pipeline" })?)
}

/// The pipeline and the place of the stage with that id.
///
/// # Errors
/// [`Refusal::Missing`] if there is none.
pub fn stage_of(tx: &mut dyn Conn, site: SiteId, id: &str) -> Res<(Pipeline, usize)> {
    for pipeline in all(tx, site)? {
        if let Some((place, _)) = pipeline.stage(id) {
            return Ok((pipeline, place));
        }
    }
    Err(Refusal::Missing { entity: "stage" }.into())
}

fn pipeline(row: &Row) -> Res<Pipeline> {
    Ok(Pipeline {
        id: row.get("id")?,
        code: row.get("code")?,
        names: names(&row.get::<String>("names")?)?,
        takes: row.get("takes")?,
        version: row.get("version")?,
        stages: Vec::new(),
    })
}

fn names(json: &str) -> Res<Names> {
    serde_json::from_str(json).map_err(|_| CentralError::Stored { what: "names of a stage" })
}

fn stage(row: &Row) -> Res<Stage> {
    let needs: String = row.get("needs")?;
    Ok(Stage {
        id: row.get("id")?,
        code: row.get("code")?,
        names: names(&row.get::<String>("names")?)?,
        look: row.get("look")?,
        wip_limit: row.get("wip_limit")?,
        follows: Fact::of(&row.get::<String>("follows")?),
        by_work: row.get("by_work")?,
        needs: needs.split_whitespace().filter_map(Need::of).collect(),
        subs: serde_json::from_str(&row.get::<String>("subs")?)
            .map_err(|_| CentralError::Stored { what: "sub-statuses of a stage" })?,
        done: row.get("done")?,
        remind_after_min: row.get("remind_after_min")?,
        mail: Kind::of(&row.get::<String>("mail")?),
    })
}
