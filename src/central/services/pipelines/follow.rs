//! Cards follow what happens: the last thing a transaction does before its messages are written is to look at every order it touched.
//! Set-based, because a station pushes hundreds of facts at once.

use super::fit::{Here, goes_to};
use super::model::{FACT_OF_O, Fact, Pipeline, all};
use super::{Entered, entered, left, of_the_past};
use crate::central::error::Res;
use crate::central::store::bulk::{Bulk, Column};
use crate::central::store::work::Work;
use crate::sql::{Row, Val};
use crate::vals;

/// Orders looked at by one question.
const AT_ONCE: usize = 500;
/// When an order leaves that nobody promised: after all others.
const NEVER_MS: i64 = 253_402_214_400_000;

const PLACE_COLUMNS: &[Column] = &[
    Column::Text("order_id"),
    Column::Text("site"),
    Column::Text("pipeline"),
    Column::Text("stage"),
    Column::Text("fact"),
    Column::Int("since_ms"),
    Column::Int("sort_rank"),
    Column::Int("sort_due_ms"),
    Column::Text("buyer"),
    Column::Text("shipping"),
    Column::Text("category"),
];

/// An order as it is now, and where it was.
struct Seen {
    id: String,
    fact: Option<Fact>,
    rank: i64,
    due_ms: i64,
    buyer: String,
    shipping: String,
    desk: String,
    open: bool,
    /// Pipeline, stage, sub-status, fact, stage before a hold, put by hand.
    place: Option<(String, String, String, Option<Fact>, String, bool)>,
    place_sort: (i64, i64),
    place_lanes: (String, String),
    note: Option<String>,
    since_ms: i64,
}

/// Puts the orders that this transaction touched where they belong now. Costs one look where none was touched.
///
/// # Errors
/// Any fault of the store.
pub fn follow(work: &mut Work<'_>) -> Res<()> {
    let ids = work.touched_orders();
    if ids.is_empty() {
        return Ok(());
    }
    let mut pipelines = None;
    for ids in ids.chunks(AT_ONCE) {
        let stirred: Vec<Seen> = look(work, ids)?.into_iter().filter(Seen::stirred).collect();
        if stirred.is_empty() {
            continue;
        }
        let pipelines = match &mut pipelines {
            Some(known) => known,
            None => pipelines.insert(all(work.tx, work.ctx.site)?),
        };
        let (new, known): (Vec<Seen>, Vec<Seen>) = stirred.into_iter().partition(|seen| seen.place.is_none());
        put(work, pipelines, &new)?;
        for seen in &known {
            shift(work, pipelines, seen)?;
        }
    }
    Ok(())
}

impl Seen {
    /// Something about it is other than its place says. Most of what stations push stirs nothing.
    fn stirred(&self) -> bool {
        match &self.place {
            None => self.belongs(),
            Some((_, _, _, was, _, _)) => {
                *was != self.fact
                    || self.place_sort != (self.rank, self.due_ms)
                    || self.place_lanes.0 != self.buyer
                    || self.place_lanes.1 != self.shipping
            }
        }
    }

    /// An order that has no place belongs on a board: it is open, or comes back. What was over long ago stays off.
    fn belongs(&self) -> bool {
        self.fact.is_some_and(|fact| fact == Fact::Returned || (self.open && fact != Fact::Cancelled))
    }
}

/// The test of the site is wrapped, or an engine would read all orders of the site instead of these.
fn look(work: &mut Work<'_>, ids: &[String]) -> Res<Vec<Seen>> {
    let named: Vec<serde_json::Value> = ids.iter().map(|id| serde_json::json!({ "id": id })).collect();
    let rows = work.all(
        &format!(
            "SELECT o.id, {FACT_OF_O} AS fact, CASE WHEN o.expedited_by IS NOT NULL THEN -2 ELSE -o.rush END AS sort_rank, \
             COALESCE(o.ship_by_ms, {NEVER_MS}) AS sort_due_ms, CASE WHEN c.vip = 1 THEN 'vip' ELSE c.kind END AS buyer, \
             o.carrier || '/' || o.service AS shipping, o.desk, o.is_open, p.pipeline, p.stage, p.sub, p.fact AS was, p.back, p.by_hand, \
             p.sort_rank AS was_rank, p.sort_due_ms AS was_due, p.buyer AS was_buyer, p.shipping AS was_shipping, p.note, \
             p.since_ms FROM json_each($1) j JOIN orders o ON o.id = j.value ->> 'id' JOIN customers c ON c.id = o.customer \
             LEFT JOIN order_places p ON p.order_id = o.id WHERE (CASE WHEN o.site = $2 THEN 1 ELSE 0 END) = 1"
        ),
        vals![serde_json::Value::from(named).to_string(), work.site()],
    )?;
    rows.iter().map(seen).collect()
}

fn seen(row: &Row) -> Res<Seen> {
    let place = match row.get::<Option<String>>("stage")? {
        None => None,
        Some(stage) => Some((
            row.get("pipeline")?,
            stage,
            row.get("sub")?,
            Fact::of(&row.get::<String>("was")?),
            row.get("back")?,
            row.get("by_hand")?,
        )),
    };
    let here = place.is_some();
    Ok(Seen {
        id: row.get("id")?,
        fact: Fact::of(&row.get::<String>("fact")?),
        rank: row.get("sort_rank")?,
        due_ms: row.get("sort_due_ms")?,
        buyer: row.get("buyer")?,
        shipping: row.get("shipping")?,
        desk: row.get("desk")?,
        open: row.get("is_open")?,
        place,
        place_sort: if here { (row.get("was_rank")?, row.get("was_due")?) } else { (0, 0) },
        place_lanes: if here { (row.get("was_buyer")?, row.get("was_shipping")?) } else { Default::default() },
        note: row.get("note")?,
        since_ms: row.get::<Option<i64>>("since_ms")?.unwrap_or_default(),
    })
}

/// Gives orders that have none a place in the pipeline that takes them.
pub(super) fn put_open(work: &mut Work<'_>, ids: &[String]) -> Res<()> {
    let pipelines = all(work.tx, work.ctx.site)?;
    for ids in ids.chunks(AT_ONCE) {
        let new: Vec<Seen> =
            look(work, ids)?.into_iter().filter(|seen| seen.place.is_none() && seen.belongs()).collect();
        put(work, &pipelines, &new)?;
    }
    Ok(())
}

fn put(work: &mut Work<'_>, pipelines: &[Pipeline], new: &[Seen]) -> Res<()> {
    if new.is_empty() {
        return Ok(());
    }
    let categories = categories(work, new)?;
    let (site, now_ms, quiet) = (work.site(), work.now_ms(), of_the_past(&work.ctx.actor));
    let mut rows = Vec::new();
    let mut told = Vec::new();
    for (seen, category) in new.iter().zip(categories) {
        let Some(fact) = seen.fact.filter(|fact| *fact != Fact::Cancelled) else { continue };
        let takes = |wanted: &str| pipelines.iter().find(|p| !p.stages.is_empty() && p.takes == wanted);
        let own = Some(seen.desk.as_str()).filter(|desk| !desk.is_empty()).and_then(takes);
        let Some(pipeline) = own.or_else(|| takes("all")) else { continue };
        let Some(stage) = pipeline.following(fact).map(|(_, stage)| stage).or(pipeline.stages.first()) else {
            continue;
        };
        let sort = if stage.done { (0, -now_ms) } else { (seen.rank, seen.due_ms) };
        rows.extend([
            Val::from(&seen.id),
            Val::from(&site),
            Val::from(&pipeline.id),
            Val::from(&stage.id),
            fact.word().into(),
            now_ms.into(),
            sort.0.into(),
            sort.1.into(),
            Val::from(&seen.buyer),
            Val::from(&seen.shipping),
            category.into(),
        ]);
        told.push((&seen.id, pipeline, stage));
    }
    if rows.is_empty() {
        return Ok(());
    }
    let mut bulk = Bulk::new("order_places", PLACE_COLUMNS, "");
    bulk.rows(work.tx, &rows)?;
    bulk.finish(work.tx)?;
    for (order, pipeline, stage) in told.into_iter().filter(|_| !quiet) {
        let what = Entered { order, pipeline, stage, sub: "", from: None, by_hand: false, made_by: "" };
        entered(work, &what)?;
    }
    Ok(())
}

/// The category of each order: the first by name among those of its products, or empty.
fn categories(work: &mut Work<'_>, new: &[Seen]) -> Res<Vec<String>> {
    let some = work.one("SELECT 1 FROM products WHERE site = $1 AND category <> '' LIMIT 1", vals![work.site()])?;
    if some.is_none() {
        return Ok(vec![String::new(); new.len()]);
    }
    let mut found = Vec::with_capacity(new.len());
    for seen in new {
        let row = work.one(
            "SELECT COALESCE(MIN(p.category), '') FROM order_lines l JOIN products p ON p.id = l.product \
             WHERE l.order_id = $1 AND p.category <> ''",
            vals![&seen.id],
        )?;
        found.push(row.map_or_else(|| Ok(String::new()), |row| row.at(0))?);
    }
    Ok(found)
}

/// Brings what a place copies up to date, and the card to another stage where work says so.
fn shift(work: &mut Work<'_>, pipelines: &[Pipeline], seen: &Seen) -> Res<()> {
    let (Some(fact), Some((pipeline, stage, sub, was, back, by_hand))) = (seen.fact, &seen.place) else {
        return Ok(());
    };
    if fact == Fact::Cancelled {
        work.exec("DELETE FROM order_places WHERE order_id = $1", vals![&seen.id])?;
        return Ok(());
    }
    let Some(pipeline) = pipelines.iter().find(|known| known.id == *pipeline) else { return Ok(()) };
    let Some((_, from)) = pipeline.stage(stage) else { return Ok(()) };
    let here = Here { stage, fact: *was, back, by_hand: *by_hand };
    let lanes = (seen.buyer.clone(), seen.shipping.clone());
    match goes_to(pipeline, &here, fact).and_then(|to| pipeline.stages.get(to)) {
        Some(to) => {
            let now_ms = work.now_ms();
            let sort = if to.done { (0, -now_ms) } else { (seen.rank, seen.due_ms) };
            let before = if fact == Fact::Held { stage.as_str() } else { "" };
            work.exec(
                "UPDATE order_places SET stage = $2, sub = '', note = NULL, fact = $3, back = $4, by_hand = 0, since_ms = $5, \
                 sort_rank = $6, sort_due_ms = $7, buyer = $8, shipping = $9, version = version + 1 WHERE order_id = $1",
                vals![&seen.id, &to.id, fact.word(), before, now_ms, sort.0, sort.1, &lanes.0, &lanes.1],
            )?;
            let leaves = Left { stage: &from.id, sub, note: seen.note.clone(), since_ms: seen.since_ms };
            let made_by = log(work, &seen.id, &leaves, (&to.id, ""), false)?;
            left(work, &seen.id, from, "", &made_by)?;
            let what = Entered {
                order: &seen.id,
                pipeline,
                stage: to,
                sub: "",
                from: Some(from),
                by_hand: false,
                made_by: &made_by,
            };
            entered(work, &what)
        }
        None => {
            let sort = if from.done { seen.place_sort } else { (seen.rank, seen.due_ms) };
            if *was == Some(fact) && sort == seen.place_sort && lanes == seen.place_lanes {
                return Ok(());
            }
            work.exec(
                "UPDATE order_places SET fact = $2, sort_rank = $3, sort_due_ms = $4, buyer = $5, shipping = $6 \
                 WHERE order_id = $1",
                vals![&seen.id, fact.word(), sort.0, sort.1, &lanes.0, &lanes.1],
            )?;
            Ok(())
        }
    }
}

/// What an order left.
pub(super) struct Left<'a> {
    pub stage: &'a str,
    pub sub: &'a str,
    pub note: Option<String>,
    pub since_ms: i64,
}

/// Writes a step; its id.
pub(super) fn log(
    work: &mut Work<'_>,
    order: &str,
    left: &Left<'_>,
    (to, sub): (&str, &str),
    by_hand: bool,
) -> Res<String> {
    let id = work.new_id();
    work.exec(
        "INSERT INTO stage_moves (id, order_id, from_stage, from_sub, from_note, from_since_ms, to_stage, to_sub, by_hand, \
         actor_kind, actor, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        vals![
            &id, order, left.stage, left.sub, left.note.clone(), left.since_ms, to, sub, by_hand,
            work.ctx.actor.kind(), work.ctx.actor.id(), work.now_ms()
        ],
    )?;
    Ok(id)
}
