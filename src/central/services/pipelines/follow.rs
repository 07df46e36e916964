//! Cards follow what happens: the last thing a transaction does before its messages are written is to look at every order it touched.
//! Set-based, because a station pushes hundreds of facts at once.

use super::fit::{Here, goes_to};
use super::model::{FACT_OF_O, Fact, Pipeline, Stage, all};
use super::{Entered, entered, left, of_the_past};
use crate::central::error::Res;
use crate::central::store::bulk::{Bulk, Column, NEW_ID, few_ids, named};
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
    Column::Text("back"),
    Column::Int("remind_ms"),
];

/// A place of before in which work put the order elsewhere. Its category stays, and so does a reminder that is due sooner.
const STEP: &str = "ON CONFLICT (order_id) DO UPDATE SET stage = excluded.stage, sub = '', note = NULL, fact = excluded.fact, \
    back = excluded.back, by_hand = 0, since_ms = excluded.since_ms, sort_rank = excluded.sort_rank, \
    sort_due_ms = excluded.sort_due_ms, buyer = excluded.buyer, shipping = excluded.shipping, \
    remind_ms = CASE WHEN order_places.remind_ms < COALESCE(excluded.remind_ms, order_places.remind_ms + 1) \
    THEN order_places.remind_ms ELSE excluded.remind_ms END, version = order_places.version + 1";
/// A place that stays, where what it copies of the order is another.
const COPY: &str = "ON CONFLICT (order_id) DO UPDATE SET fact = excluded.fact, sort_rank = excluded.sort_rank, \
    sort_due_ms = excluded.sort_due_ms, buyer = excluded.buyer, shipping = excluded.shipping";

const MOVE_COLUMNS: &[Column] = &[
    Column::Text("id"),
    Column::Text("order_id"),
    Column::Text("from_stage"),
    Column::Text("from_sub"),
    Column::Text("from_note"),
    Column::Int("from_since_ms"),
    Column::Text("to_stage"),
    Column::Text("to_sub"),
    Column::Int("by_hand"),
    Column::Text("actor_kind"),
    Column::Text("actor"),
    Column::Int("at_ms"),
];

/// An order as it is now, and where it was.
struct Seen {
    id: String,
    number: String,
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
        shift(work, pipelines, &known)?;
    }
    Ok(())
}

impl Seen {
    /// What a place of it holds, in the order of [`PLACE_COLUMNS`]: pipeline, stage, stage before a hold; since when, its sort, and
    /// when the stage reminds of it.
    fn columns(
        &self,
        site: &str,
        (pipeline, stage, back): (&str, &str, &str),
        fact: Fact,
        (since_ms, sort, remind_ms): (i64, (i64, i64), Option<i64>),
    ) -> [Val; PLACE_COLUMNS.len()] {
        [
            Val::from(&self.id),
            Val::from(site),
            Val::from(pipeline),
            Val::from(stage),
            fact.word().into(),
            since_ms.into(),
            sort.0.into(),
            sort.1.into(),
            Val::from(&self.buyer),
            Val::from(&self.shipping),
            Val::from(""),
            Val::from(back),
            remind_ms.into(),
        ]
    }

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
    let few = few_ids(ids.len());
    let asked: Vec<&str> = ids.iter().map(String::as_str).collect();
    let rows = work.all(
        &format!(
            "SELECT o.id, o.number, {FACT_OF_O} AS fact, CASE WHEN o.expedited_by IS NOT NULL THEN -2 ELSE -o.rush END AS sort_rank, \
             COALESCE(o.ship_by_ms, {NEVER_MS}) AS sort_due_ms, CASE WHEN c.vip = 1 THEN 'vip' ELSE c.kind END AS buyer, \
             o.carrier || '/' || o.service AS shipping, o.desk, o.is_open, p.pipeline, p.stage, p.sub, p.fact AS was, p.back, p.by_hand, \
             p.sort_rank AS was_rank, p.sort_due_ms AS was_due, p.buyer AS was_buyer, p.shipping AS was_shipping, p.note, \
             p.since_ms FROM {few} w CROSS JOIN orders o JOIN customers c ON c.id = o.customer \
             LEFT JOIN order_places p ON p.order_id = o.id WHERE o.id = w.id AND (CASE WHEN o.site = $2 THEN 1 ELSE 0 END) = 1"
        ),
        vals![named(&asked), work.site()],
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
        number: row.get("number")?,
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
            Val::from(""),
            if quiet { Val::Null } else { stage.reminds_at(now_ms).into() },
        ]);
        told.push((seen, pipeline, stage));
    }
    if rows.is_empty() {
        return Ok(());
    }
    write(work, ("order_places", PLACE_COLUMNS, ""), &rows)?;
    if quiet {
        return Ok(());
    }
    let all = told.into_iter().map(|(seen, pipeline, stage)| Entered {
        order: &seen.id,
        number: &seen.number,
        pipeline,
        stage,
        sub: "",
        from: None,
        by_hand: false,
        made_by: "",
    });
    entered(work, &all.collect::<Vec<_>>())
}

fn write(work: &mut Work<'_>, (table, columns, tail): (&str, &[Column], &str), rows: &[Val]) -> Res<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut bulk = Bulk::new(table, columns, tail);
    bulk.rows(work.tx, rows)?;
    bulk.finish(work.tx)?;
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

/// Brings what places copy up to date, and cards to other stages where work says so.
fn shift(work: &mut Work<'_>, pipelines: &[Pipeline], known: &[Seen]) -> Res<()> {
    let (mut gone, mut copies, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for seen in known {
        let (Some(fact), Some((of, stage, _, was, back, by_hand))) = (seen.fact, &seen.place) else { continue };
        if fact == Fact::Cancelled {
            gone.push(seen.id.as_str());
            continue;
        }
        let Some(pipeline) = pipelines.iter().find(|known| known.id == *of) else { continue };
        let Some((_, from)) = pipeline.stage(stage) else { continue };
        let here = Here { stage, fact: *was, back, by_hand: *by_hand };
        match goes_to(pipeline, &here, fact).and_then(|to| pipeline.stages.get(to)) {
            Some(to) => steps.push(Step { seen, fact, pipeline, from, to, id: work.new_id() }),
            None => {
                let sort = if from.done { seen.place_sort } else { (seen.rank, seen.due_ms) };
                let same_lanes = (&seen.buyer, &seen.shipping) == (&seen.place_lanes.0, &seen.place_lanes.1);
                if *was != Some(fact) || sort != seen.place_sort || !same_lanes {
                    copies.extend(seen.columns(&work.site(), (of, stage, ""), fact, (seen.since_ms, sort, None)));
                }
            }
        }
    }
    if !gone.is_empty() {
        let sql = format!("DELETE FROM order_places WHERE order_id IN {}", few_ids(gone.len()));
        work.exec(&sql, vals![named(&gone)])?;
    }
    write(work, ("order_places", PLACE_COLUMNS, COPY), &copies)?;
    take(work, &steps)
}

/// A card that work moves on.
struct Step<'a> {
    seen: &'a Seen,
    fact: Fact,
    pipeline: &'a Pipeline,
    from: &'a Stage,
    to: &'a Stage,
    /// Of the entry among the moves.
    id: String,
}

/// Moves the cards, and does what follows from where they left and where they came.
fn take(work: &mut Work<'_>, steps: &[Step<'_>]) -> Res<()> {
    let (site, now_ms) = (work.site(), work.now_ms());
    let (kind, actor) = (work.ctx.actor.kind(), work.ctx.actor.id());
    let (mut places, mut moves) = (Vec::new(), Vec::new());
    for Step { seen, fact, pipeline, from, to, id } in steps {
        let sort = if to.done { (0, -now_ms) } else { (seen.rank, seen.due_ms) };
        let before = if *fact == Fact::Held { from.id.as_str() } else { "" };
        places.extend(seen.columns(
            &site,
            (&pipeline.id, &to.id, before),
            *fact,
            (now_ms, sort, to.reminds_at(now_ms)),
        ));
        let sub = seen.place.as_ref().map_or("", |(_, _, sub, _, _, _)| sub.as_str());
        moves.extend([Val::from(id), Val::from(&seen.id), Val::from(&from.id), Val::from(sub)]);
        moves.extend([seen.note.clone().into(), seen.since_ms.into(), Val::from(&to.id), Val::from("")]);
        moves.extend([0_i64.into(), Val::from(kind), Val::from(&actor), now_ms.into()]);
    }
    write(work, ("order_places", PLACE_COLUMNS, STEP), &places)?;
    write(work, ("stage_moves", MOVE_COLUMNS, NEW_ID), &moves)?;
    for Step { seen, from, id, .. } in steps {
        left(work, &seen.id, from, "", id)?;
    }
    let all = steps.iter().map(|step| Entered {
        order: &step.seen.id,
        number: &step.seen.number,
        pipeline: step.pipeline,
        stage: step.to,
        sub: "",
        from: Some(step.from),
        by_hand: false,
        made_by: &step.id,
    });
    entered(work, &all.collect::<Vec<_>>())
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
