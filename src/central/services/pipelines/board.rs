//! The board: the columns of a pipeline with how many cards each holds and the first of them, as fast with a hundred thousand open
//! orders as with ten. A column is walked by an index in its own order; lanes cut it by the index of what they are made of.

use super::DONE_SHOWN_MS;
use super::model::{Pipeline, Stage};
use crate::central::error::{CentralError, Res};
use crate::central::services::orders::table::{self, Filter, Narrow, TableRow};
use crate::core::time::UtcMs;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, Row, SqlError, Val};
use crate::vals;
use std::collections::BTreeMap;

/// Cards of one column at first, and with each further look.
pub const CARDS: usize = 12;
/// Cards of one cell where the board has lanes.
pub const LANE_CARDS: usize = 6;
/// Most lanes; the largest are shown.
pub const LANES_MAX: usize = 12;
/// Where the order itself is asked about, so many cards of all columns are looked at for one board: who asks for what hardly any
/// card has waits no longer than others, and looks on.
const LOOKED: usize = 12_000;
/// With a further look at a cell.
const LOOKED_ON: usize = 3_000;
/// Looked at in a cell, at least.
const LOOKED_LEAST: usize = 250;
/// Most cards that are asked for at once by their ids.
pub const ASKED_MAX: usize = 60;
/// The newest steps that the usual stay in a stage is taken from.
const STAYS: i64 = 200;

/// What lanes are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lane {
    /// No lanes.
    #[default]
    None,
    /// By kind of customer.
    Buyer,
    /// By way of shipping.
    Shipping,
    /// By category of its products.
    Category,
}

impl Lane {
    /// All.
    pub const ALL: [Lane; 4] = [Lane::None, Lane::Buyer, Lane::Shipping, Lane::Category];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Lane::None => "",
            Lane::Buyer => "buyer",
            Lane::Shipping => "shipping",
            Lane::Category => "category",
        }
    }
}

/// Which cards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Lanes.
    pub lane: Lane,
    /// `business`, `person`, `guest`, `vip`, or empty.
    pub buyer: String,
    /// `carrier/service`, or empty.
    pub shipping: String,
    /// A category, or empty.
    pub category: String,
    /// Only those with a reminder that is due.
    pub reminded: bool,
    /// What is asked of the order itself; customer, shipping and category stand above.
    pub filter: Filter,
}

/// A part of a column: all of it, or what one lane has of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Id of the stage.
    pub stage: String,
    /// Word of the lane, where there are lanes.
    pub lane: String,
    /// How many cards; none where nobody counted, because it would take long.
    pub count: Option<i64>,
    /// Ids of the first orders.
    pub ids: Vec<String>,
    /// Where it goes on.
    pub next: Option<String>,
}

/// How long orders stay in a stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stays {
    /// Since when the oldest is in it, UTC ms.
    pub oldest_ms: Option<i64>,
    /// The middle of the stays that ended last, ms.
    pub usual_ms: Option<i64>,
}

/// The board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Lanes, the fullest first; one with an empty word where there are none.
    pub lanes: Vec<String>,
    /// Lanes that are not shown.
    pub lanes_left: usize,
    /// By lane, then by stage.
    pub cells: Vec<Cell>,
    /// How many cards each stage holds in all, by its id, whatever is asked for.
    pub totals: BTreeMap<String, i64>,
    /// By the stage's id.
    pub stays: BTreeMap<String, Stays>,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The order as the table shows it.
    pub row: TableRow,
    /// Id of the stage.
    pub stage: String,
    /// Code of the sub-status, or empty.
    pub sub: String,
    /// Free text; only for one who may see personal data.
    pub note: Option<String>,
    /// In the stage since, UTC ms.
    pub since_ms: i64,
    /// Calls about it.
    pub calls: i64,
    /// Its next reminder, UTC ms.
    pub remind_ms: Option<i64>,
    /// Version of its place.
    pub version: i64,
    /// What it stands by in its column.
    pub sort: (i64, i64),
    /// Words of its lanes: kind of customer, shipping, category.
    pub lanes: [String; 3],
}

/// A test of the place `p`, joined with its order `o` only where the order itself is asked about.
struct Tests {
    on_place: String,
    values: Vec<Val>,
    order: Option<Narrow>,
}

impl Wanted {
    fn tests(&self, tx: &mut dyn Conn, site: SiteId, now_ms: i64) -> Res<Tests> {
        let mut tests = Tests { on_place: String::new(), values: Vec::new(), order: None };
        for (column, word) in [("buyer", &self.buyer), ("shipping", &self.shipping), ("category", &self.category)] {
            if !word.is_empty() {
                tests.on_place.push_str(&format!(" AND p.{column} = ?"));
                tests.values.push(Val::from(word));
            }
        }
        if self.reminded {
            tests.on_place.push_str(" AND p.remind_ms <= ?");
            tests.values.push(now_ms.into());
        }
        tests.order = table::narrow(tx, site, &self.filter)?;
        Ok(tests)
    }
}

/// The column of a place that lanes are made of.
fn lane_column(lane: Lane) -> &'static str {
    match lane {
        Lane::None => "''",
        Lane::Buyer => "p.buyer",
        Lane::Shipping => "p.shipping",
        Lane::Category => "p.category",
    }
}

/// Cards of a stage that is done are shown for a while; there they stand by when they came, the newest first.
fn shown_until(stage: &Stage, now_ms: i64) -> i64 {
    if stage.done { -(now_ms - DONE_SHOWN_MS) } else { i64::MAX }
}

/// The board as it is now.
///
/// # Errors
/// Any fault of the store.
pub fn board(tx: &mut dyn Conn, site: SiteId, pipeline: &Pipeline, wanted: &Wanted, now: UtcMs) -> Res<Board> {
    let tests = wanted.tests(tx, site, now.0)?;
    let whole =
        counts(tx, pipeline, Lane::None, &Tests { on_place: String::new(), values: Vec::new(), order: None }, now.0)?;
    let totals: BTreeMap<String, i64> = whole.into_iter().map(|((stage, _), n)| (stage, n)).collect();
    let few = few(tx, pipeline, wanted.lane, &tests, now.0)?;
    let plain = tests.order.is_none();
    let counted = match &few {
        Some(found) => {
            found.iter().map(|(key, ids)| (key.clone(), i64::try_from(ids.len()).unwrap_or(i64::MAX))).collect()
        }
        None if plain && tests.on_place.is_empty() && wanted.lane == Lane::None => {
            totals.iter().map(|(stage, n)| ((stage.clone(), String::new()), *n)).collect()
        }
        None => counts(tx, pipeline, wanted.lane, &Tests { order: None, ..tests.clone_place() }, now.0)?,
    };
    let (lanes, lanes_left) = lanes(wanted.lane, &counted);
    let most = if wanted.lane == Lane::None { CARDS } else { LANE_CARDS };
    let size = lanes.len() * pipeline.stages.len();
    let mut cells = Vec::with_capacity(size);
    let looked = (LOOKED / size.max(1)).max(LOOKED_LEAST);
    for lane in &lanes {
        for stage in &pipeline.stages {
            let key = (stage.id.clone(), lane.clone());
            let count = counted.get(&key).copied().unwrap_or(0);
            let (ids, next) = match &few {
                Some(found) => cut(found.get(&key).map_or(&[][..], Vec::as_slice), most),
                None if count == 0 => (Vec::new(), None),
                None => walk(tx, stage, (wanted.lane, lane), &tests, &Step { after: None, most, looked }, now.0)?,
            };
            let exact = few.is_some() || plain;
            cells.push(Cell { stage: stage.id.clone(), lane: lane.clone(), count: exact.then_some(count), ids, next });
        }
    }
    let stays = stays(tx, pipeline)?;
    Ok(Board { lanes, lanes_left, cells, totals, stays })
}

impl Tests {
    fn clone_place(&self) -> Tests {
        Tests { on_place: self.on_place.clone(), values: self.values.clone(), order: None }
    }
}

fn lanes(lane: Lane, counted: &BTreeMap<(String, String), i64>) -> (Vec<String>, usize) {
    if lane == Lane::None {
        return (vec![String::new()], 0);
    }
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for ((_, lane), n) in counted {
        *sums.entry(lane).or_default() += n;
    }
    let mut lanes: Vec<(&str, i64)> = sums.into_iter().filter(|(_, n)| *n > 0).collect();
    lanes.sort_by_key(|(lane, n)| (std::cmp::Reverse(*n), *lane));
    let left = lanes.len().saturating_sub(LANES_MAX);
    (lanes.into_iter().take(LANES_MAX).map(|(lane, _)| lane.to_owned()).collect(), left)
}

/// How many cards stand in each stage and lane; the order itself is not asked.
fn counts(
    tx: &mut dyn Conn,
    pipeline: &Pipeline,
    lane: Lane,
    tests: &Tests,
    now_ms: i64,
) -> Res<BTreeMap<(String, String), i64>> {
    let column = lane_column(lane);
    let mut found = BTreeMap::new();
    for stage in &pipeline.stages {
        let mut query = Query::new(&format!("SELECT {column} AS lane, COUNT(*) AS n FROM order_places p WHERE 1 = 1"));
        query.push(" AND p.stage = ?", vals![&stage.id]).push(&tests.on_place, &tests.values);
        if stage.done {
            query.push(" AND p.sort_rank = 0 AND p.sort_due_ms < ?", vals![shown_until(stage, now_ms)]);
        }
        if lane != Lane::None {
            query.push(&format!(" GROUP BY {column}"), &[]);
        }
        for row in query.all(tx)? {
            found.insert((stage.id.clone(), row.get::<String>("lane")?), row.get("n")?);
        }
    }
    Ok(found)
}

/// A card's place in its column, and its order.
type Spot = (i64, i64, String);
/// Cards by stage and lane.
type Found = BTreeMap<(String, String), Vec<Spot>>;

/// All cards where the orders asked for are few, by stage and lane, each in its order. None where they are many.
fn few(tx: &mut dyn Conn, pipeline: &Pipeline, lane: Lane, tests: &Tests, now_ms: i64) -> Res<Option<Found>> {
    let Some((narrow, ids)) = tests.order.as_ref().and_then(|order| Some((order, order.few.as_ref()?))) else {
        return Ok(None);
    };
    let mut query = Query::new("WITH few AS MATERIALIZED (");
    query.push(&ids.0, &ids.1);
    query.push(
        &format!(
            ") SELECT p.stage, {} AS lane, p.sort_rank, p.sort_due_ms, p.order_id FROM few JOIN order_places p \
             ON p.order_id = few.id JOIN orders o ON o.id = p.order_id WHERE p.pipeline = ? AND ({}) ",
            lane_column(lane),
            narrow.test
        ),
        &[vals![&pipeline.id].to_vec(), narrow.values.clone()].concat(),
    );
    query.push(&tests.on_place, &tests.values);
    query.push(" ORDER BY p.sort_rank, p.sort_due_ms, p.order_id", &[]);
    let mut found = Found::new();
    for row in query.all(tx)? {
        let (stage, spot): (String, Spot) = (row.get("stage")?, spot(&row)?);
        if pipeline.stage(&stage).is_some_and(|(_, stage)| spot.1 < shown_until(stage, now_ms)) {
            found.entry((stage, row.get("lane")?)).or_default().push(spot);
        }
    }
    Ok(Some(found))
}

fn spot(row: &Row) -> Res<Spot> {
    Ok((row.get("sort_rank")?, row.get("sort_due_ms")?, row.get("order_id")?))
}

/// The first of these, and where they go on.
fn cut(spots: &[Spot], most: usize) -> (Vec<String>, Option<String>) {
    let next = spots.get(most.saturating_sub(1)).filter(|_| spots.len() > most);
    (spots.iter().take(most).map(|(_, _, id)| id.clone()).collect(), next.map(cursor))
}

fn cursor((rank, due, id): &Spot) -> String {
    format!("{rank}_{due}_{id}")
}

fn read_cursor(text: &str) -> Res<Spot> {
    let mut parts = text.splitn(3, '_');
    let spot = (|| Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.to_owned())))();
    let spot: Option<Spot> = spot.filter(|(_, _, id): &Spot| id.len() <= 100 && !id.contains('\0'));
    spot.ok_or(CentralError::Store(SqlError::Cursor))
}

/// A step along a column.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// Behind this cursor.
    pub after: Option<&'a str>,
    /// Cards, at most.
    pub most: usize,
    /// Looked at, at most, where the order itself is asked about.
    pub looked: usize,
}

impl Default for Step<'_> {
    fn default() -> Self {
        Step { after: None, most: CARDS, looked: LOOKED_ON }
    }
}

/// The next cards of a column, or of what a lane has of it, and where it goes on: also where none was found among those looked at.
fn walk(
    tx: &mut dyn Conn,
    stage: &Stage,
    lane: (Lane, &str),
    tests: &Tests,
    step: &Step<'_>,
    now_ms: i64,
) -> Res<(Vec<String>, Option<String>)> {
    let along = along(stage, lane, tests, step.after, now_ms)?;
    let Some(narrow) = &tests.order else {
        let spots = spots(tx, &along, step.most + 1, 0)?;
        return Ok(cut(&spots, step.most));
    };
    // A join would let PostgreSQL read all orders there are rather than look up those of the cards one by one.
    let mut query = Query::new("SELECT p.sort_rank, p.sort_due_ms, p.order_id FROM (");
    query.push(&along.0, &along.1).push(
        &format!(
            " LIMIT {}) p WHERE (SELECT CASE WHEN {} THEN 1 ELSE 0 END FROM orders o WHERE o.id = p.order_id) = 1 \
             ORDER BY p.sort_rank, p.sort_due_ms, p.order_id LIMIT {}",
            step.looked,
            narrow.test,
            step.most + 1
        ),
        &narrow.values,
    );
    let found = query.all(tx)?.iter().map(spot).collect::<Res<Vec<Spot>>>()?;
    let (ids, next) = cut(&found, step.most);
    if next.is_some() {
        return Ok((ids, next));
    }
    let last = spots(tx, &along, 1, step.looked.saturating_sub(1))?;
    Ok((ids, last.first().map(cursor)))
}

/// The cards of a column in their order, as a question without its end; the order itself is not asked.
fn along(
    stage: &Stage,
    (lane, word): (Lane, &str),
    tests: &Tests,
    after: Option<&str>,
    now_ms: i64,
) -> Res<(String, Vec<Val>)> {
    let mut text = "SELECT p.sort_rank, p.sort_due_ms, p.order_id FROM order_places p WHERE p.stage = ?".to_owned();
    let mut values = vals![&stage.id].to_vec();
    if lane != Lane::None {
        text.push_str(&format!(" AND {} = ?", lane_column(lane)));
        values.push(Val::from(word));
    }
    text.push_str(&tests.on_place);
    values.extend(tests.values.iter().cloned());
    if stage.done {
        text.push_str(" AND p.sort_rank = 0 AND p.sort_due_ms < ?");
        values.push(shown_until(stage, now_ms).into());
    }
    if let Some(after) = after {
        let (rank, due, id) = read_cursor(after)?;
        text.push_str(
            " AND p.sort_rank >= ? AND (p.sort_rank > ? OR (p.sort_rank = ? AND (p.sort_due_ms > ? OR \
             (p.sort_due_ms = ? AND p.order_id > ?))))",
        );
        values.extend_from_slice(vals![rank, rank, rank, due, due, id]);
    }
    text.push_str(" ORDER BY p.sort_rank, p.sort_due_ms, p.order_id");
    Ok((text, values))
}

fn spots(tx: &mut dyn Conn, along: &(String, Vec<Val>), most: usize, skipped: usize) -> Res<Vec<Spot>> {
    let mut query = Query::new("");
    query.push(&along.0, &along.1).push(&format!(" LIMIT {most} OFFSET {skipped}"), &[]);
    query.all(tx)?.iter().map(spot).collect()
}

/// More cards of a cell, behind a cursor, and where it goes on.
///
/// # Errors
/// [`SqlError::Cursor`] for a cursor that is none; any fault of the store.
pub fn more(
    tx: &mut dyn Conn,
    site: SiteId,
    stage: &Stage,
    (wanted, lane): (&Wanted, &str),
    step: &Step<'_>,
    now: UtcMs,
) -> Res<(Vec<String>, Option<String>)> {
    let tests = wanted.tests(tx, site, now.0)?;
    walk(tx, stage, (wanted.lane, lane), &tests, step, now.0)
}

/// How many cards each stage holds, by its id.
///
/// # Errors
/// Any fault of the store.
pub fn totals(tx: &mut dyn Conn, pipeline: &Pipeline, now: UtcMs) -> Res<BTreeMap<String, i64>> {
    let all = Tests { on_place: String::new(), values: Vec::new(), order: None };
    Ok(counts(tx, pipeline, Lane::None, &all, now.0)?.into_iter().map(|((stage, _), n)| (stage, n)).collect())
}

fn stays(tx: &mut dyn Conn, pipeline: &Pipeline) -> Res<BTreeMap<String, Stays>> {
    let mut found = BTreeMap::new();
    for stage in &pipeline.stages {
        let oldest = tx.one("SELECT MIN(since_ms) FROM order_places WHERE stage = $1", vals![&stage.id])?;
        let mut ended: Vec<i64> = tx
            .all(
                "SELECT at_ms - from_since_ms FROM stage_moves WHERE from_stage = $1 ORDER BY at_ms DESC LIMIT $2",
                vals![&stage.id, STAYS],
            )?
            .iter()
            .map(|row| Ok(row.at(0)?))
            .collect::<Res<_>>()?;
        ended.sort_unstable();
        let oldest_ms = oldest.map(|row| row.at::<Option<i64>>(0)).transpose()?.flatten().filter(|_| !stage.done);
        found.insert(stage.id.clone(), Stays { oldest_ms, usual_ms: ended.get(ended.len() / 2).copied() });
    }
    Ok(found)
}

/// The cards of these orders, in this order; one that is on no board is left out.
///
/// # Errors
/// Any fault of the store.
pub fn cards(tx: &mut dyn Conn, site: SiteId, ids: &[String], personal: bool, now: UtcMs) -> Res<Vec<Card>> {
    let mut places: BTreeMap<String, Row> = BTreeMap::new();
    for ids in ids.chunks(ASKED_MAX) {
        let ids: Vec<Val> = ids.iter().map(Val::from).collect();
        let mut query = Query::new(
            "SELECT order_id, stage, sub, note, since_ms, calls, remind_ms, version, sort_rank, sort_due_ms, buyer, shipping, \
             category FROM order_places WHERE 1 = 1",
        );
        query.any_of("order_id", &ids);
        for row in query.all(tx)? {
            places.insert(row.get("order_id")?, row);
        }
    }
    let mut cards = Vec::with_capacity(ids.len());
    for row in table::rows(tx, site, ids, personal, now)? {
        let Some(place) = places.get(&row.id) else { continue };
        cards.push(Card {
            stage: place.get("stage")?,
            sub: place.get("sub")?,
            note: place.get::<Option<String>>("note")?.filter(|_| personal),
            since_ms: place.get("since_ms")?,
            calls: place.get("calls")?,
            remind_ms: place.get("remind_ms")?,
            version: place.get("version")?,
            sort: (place.get("sort_rank")?, place.get("sort_due_ms")?),
            lanes: [place.get("buyer")?, place.get("shipping")?, place.get("category")?],
            row,
        });
    }
    Ok(cards)
}

/// Which of these orders are asked for: those that are to be shown now that something happened to them.
///
/// # Errors
/// Any fault of the store.
pub fn fitting(
    tx: &mut dyn Conn,
    site: SiteId,
    pipeline: &Pipeline,
    wanted: &Wanted,
    ids: &[String],
    now: UtcMs,
) -> Res<Vec<String>> {
    let tests = wanted.tests(tx, site, now.0)?;
    let ids: Vec<Val> = ids.iter().take(ASKED_MAX).map(Val::from).collect();
    let mut query = Query::new(
        "SELECT p.stage, p.sort_rank, p.sort_due_ms, p.order_id FROM order_places p JOIN orders o ON o.id = p.order_id WHERE 1 = 1",
    );
    query.any_of("p.order_id", &ids).push(" AND p.pipeline = ?", vals![&pipeline.id]);
    query.push(&tests.on_place, &tests.values);
    if let Some(narrow) = &tests.order {
        query.push(&format!(" AND ({})", narrow.test), &narrow.values);
    }
    let mut found = Vec::new();
    for row in query.all(tx)? {
        let spot = spot(&row)?;
        let stage: String = row.get("stage")?;
        if pipeline.stage(&stage).is_some_and(|(_, stage)| spot.1 < shown_until(stage, now.0)) {
            found.push(spot.2);
        }
    }
    Ok(found)
}
