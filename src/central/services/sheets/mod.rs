//! Lists that people bring in: what was sent, which column is which, how far it came, and which rows were not taken and why. The
//! file itself lies on the disk while it is needed; no cell of it is in the database or the audit.
//!
//! A run takes units in the order of the file, some in one transaction together with the count of those that are through. So a
//! run that was cut off goes on behind the last one that was taken, and none is taken twice. A trial does the same and takes
//! everything back.

pub mod apply;
pub mod decode;
pub mod fields;
pub mod grid;
mod kit;
pub mod takeout;
pub mod values;

use crate::central::error::{CentralError, Refusal, Res};
use crate::central::services::webhooks;
use crate::central::store::work::Work;
use crate::protocol::wire::{SiteId, UserId};
use crate::sql::{Conn, Row, attempt};
use crate::vals;
use apply::{Bad, Reading, RowFault, unit};
use fields::{Kind, Mapping};
use grid::{Grid, Line};
use std::collections::BTreeSet;

/// Files and rows are kept for so long, ms: then nobody comes back to them.
pub const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Units of one transaction.
const BATCH: usize = 25;
/// Most rows that are told to be wrong.
const FAULTS_MAX: i64 = 10_000;
/// Most of the newest ones listed.
const LISTED_MAX: i64 = 30;
/// Longest name of a file that is kept, characters.
const NAME_MAX: usize = 100;

/// How far one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Sent; nobody has said yet which column is which.
    Sent,
    /// Being tried.
    Trying,
    /// Tried.
    Tried,
    /// Being taken in.
    Running,
    /// Taken in.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// Its file cannot be read, or reading it ended the server twice.
    Failed,
}

impl State {
    const ALL: [State; 7] =
        [State::Sent, State::Trying, State::Tried, State::Running, State::Done, State::Stopped, State::Failed];

    /// The word in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            State::Sent => "sent",
            State::Trying => "trying",
            State::Tried => "tried",
            State::Running => "running",
            State::Done => "done",
            State::Stopped => "stopped",
            State::Failed => "failed",
        }
    }

    /// Whether it is being worked on.
    #[must_use]
    pub const fn works(self) -> bool {
        matches!(self, State::Trying | State::Running)
    }
}

/// A list that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Id.
    pub id: String,
    /// Who sent it.
    pub owner: UserId,
    /// What it is of.
    pub kind: Kind,
    /// Name of the file.
    pub name: String,
    /// How it was read.
    pub form: String,
    /// The head.
    pub head: Vec<String>,
    /// Which column is which.
    pub mapping: Mapping,
    /// How far.
    pub state: State,
    /// Rows below the head.
    pub rows: i64,
    /// Units in all; 0 before it is tried.
    pub units_all: i64,
    /// Units that are through.
    pub units_done: i64,
    /// Units that were not taken.
    pub units_bad: i64,
    /// When it was sent, UTC ms.
    pub created_ms: i64,
}

const COLUMNS: &str = "SELECT id, owner, kind, name, form, head, mapping, state, rows_all, units_all, units_done, units_bad, \
    created_ms FROM sheet_imports";

fn import(row: &Row) -> Res<Import> {
    let stored = |what| CentralError::Stored { what };
    let (kind, state): (String, String) = (row.get("kind")?, row.get("state")?);
    let (head, mapping): (String, String) = (row.get("head")?, row.get("mapping")?);
    Ok(Import {
        id: row.get("id")?,
        owner: row.get::<String>("owner")?.parse().map_err(|_| stored("user id"))?,
        kind: Kind::of(&kind).ok_or_else(|| stored("kind of a list"))?,
        name: row.get("name")?,
        form: row.get("form")?,
        head: serde_json::from_str(&head).map_err(|_| stored("head of a list"))?,
        mapping: serde_json::from_str(&mapping).map_err(|_| stored("columns of a list"))?,
        state: State::ALL.into_iter().find(|known| known.word() == state).ok_or_else(|| stored("state of a list"))?,
        rows: row.get("rows_all")?,
        units_all: row.get("units_all")?,
        units_done: row.get("units_done")?,
        units_bad: row.get("units_bad")?,
        created_ms: row.get("created_ms")?,
    })
}

fn json<T: serde::Serialize>(value: &T) -> Res<String> {
    serde_json::to_string(value).map_err(|_| CentralError::Inner { what: "writing JSON" })
}

/// Notes a list that was sent and read; the columns are those that were named for such a head before, else guessed.
///
/// # Errors
/// Any fault of the store.
pub fn begin(work: &mut Work<'_>, owner: UserId, kind: Kind, name: &str, grid: &Grid) -> Res<String> {
    let remembered = work.one(
        "SELECT mapping FROM sheet_mappings WHERE site = $1 AND kind = $2 AND head_mark = $3",
        vals![work.site(), kind.word(), fields::mark(&grid.head)],
    )?;
    let remembered: Option<String> = remembered.map(|row| row.at(0)).transpose()?;
    let mapping: Option<Mapping> = remembered.and_then(|text| serde_json::from_str(&text).ok());
    let mapping = match mapping {
        Some(known) => Mapping { comma: grid.comma || (known.comma && grid.form != "XLSX"), ..known },
        None => fields::guess(kind, &grid.head, grid.comma),
    };
    let id = work.new_id();
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
    work.exec(
        "INSERT INTO sheet_imports (id, site, owner, kind, name, form, head, mapping, state, rows_all, created_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'sent', $9, $10)",
        vals![
            &id,
            work.site(),
            owner.to_string(),
            kind.word(),
            name,
            &grid.form,
            json(&grid.head)?,
            json(&mapping)?,
            i64::try_from(grid.rows.len()).unwrap_or(i64::MAX),
            work.now_ms()
        ],
    )?;
    work.audit("import.sent", "import", &id, serde_json::json!({ "kind": kind.word(), "rows": grid.rows.len() }));
    Ok(id)
}

/// The newest ones that a person sent.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId, owner: UserId) -> Res<Vec<Import>> {
    let sql = format!("{COLUMNS} WHERE site = $1 AND owner = $2 ORDER BY created_ms DESC, id DESC LIMIT $3");
    tx.all(&sql, vals![site.to_string(), owner.to_string(), LISTED_MAX])?.iter().map(import).collect()
}

/// The one with this id, if that person sent it.
///
/// # Errors
/// [`Refusal::Missing`] if it is not there or somebody else's.
pub fn one(tx: &mut dyn Conn, site: SiteId, owner: UserId, id: &str) -> Res<Import> {
    let sql = format!("{COLUMNS} WHERE id = $1 AND site = $2 AND owner = $3");
    let row = tx.one(&sql, vals![id, site.to_string(), owner.to_string()])?;
    import(&row.ok_or(Refusal::Missing { entity: "import" })?)
}

/// Those that are being worked on: a server that starts goes on with them.
///
/// # Errors
/// Any fault of the store.
pub fn unfinished(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Import>> {
    let sql = format!("{COLUMNS} WHERE site = $1 AND state IN ('trying', 'running') ORDER BY created_ms LIMIT 100");
    tx.all(&sql, vals![site.to_string()])?.iter().map(import).collect()
}

/// Starts a trial with these columns, which are remembered for the next list with such a head.
///
/// # Errors
/// [`Refusal::State`] while it is worked on or was taken in; [`Refusal::Field`] if a needed column is missing.
pub fn begin_trial(work: &mut Work<'_>, id: &str, kind: Kind, head: &[String], mapping: &Mapping) -> Res<()> {
    if mapping.missing(kind).next().is_some() || mapping.columns.values().any(|at| *at >= head.len()) {
        return Err(Refusal::Field { field: "import.columns", why: "must name every needed column" }.into());
    }
    let text = json(mapping)?;
    turn(work, id, "('sent', 'tried', 'stopped')", State::Trying)?;
    work.exec("UPDATE sheet_imports SET mapping = $2 WHERE id = $1", vals![id, &text])?;
    work.exec(
        "INSERT INTO sheet_mappings (site, kind, head_mark, mapping, updated_ms) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (site, kind, head_mark) DO UPDATE SET mapping = excluded.mapping, updated_ms = excluded.updated_ms",
        vals![work.site(), kind.word(), fields::mark(head), text, work.now_ms()],
    )?;
    Ok(())
}

/// Starts taking it in, after a trial.
///
/// # Errors
/// [`Refusal::State`] if it was not tried.
pub fn begin_run(work: &mut Work<'_>, id: &str) -> Res<()> {
    turn(work, id, "('tried')", State::Running)?;
    work.audit("import.begun", "import", id, serde_json::json!({}));
    Ok(())
}

/// From one of some states to the beginning of another.
fn turn(work: &mut Work<'_>, id: &str, from: &str, to: State) -> Res<()> {
    let sql = format!(
        "UPDATE sheet_imports SET state = $2, units_all = 0, units_done = 0, units_bad = 0 WHERE id = $1 AND state IN {from}"
    );
    if work.exec(&sql, vals![id, to.word()])? == 0 {
        return Err(Refusal::State { entity: "import", state: "at another step".to_owned() }.into());
    }
    work.exec("DELETE FROM sheet_faults WHERE import = $1", vals![id])?;
    Ok(())
}

/// The ids of all there are, for files that belong to none.
///
/// # Errors
/// Any fault of the store.
pub fn ids(tx: &mut dyn Conn, site: SiteId) -> Res<BTreeSet<String>> {
    let rows = tx.all("SELECT id FROM sheet_imports WHERE site = $1", vals![site.to_string()])?;
    rows.iter().map(|row| Ok(row.at(0)?)).collect()
}

/// Ends one: what was taken in stays.
///
/// # Errors
/// Any fault of the store.
pub fn end(work: &mut Work<'_>, id: &str, state: State) -> Res<()> {
    let ended = work.exec(
        "UPDATE sheet_imports SET state = $2, finished_ms = $3 WHERE id = $1 AND state IN ('trying', 'running')",
        vals![id, state.word(), work.now_ms()],
    )?;
    if ended > 0 && state != State::Tried {
        work.audit("import.ended", "import", id, serde_json::json!({ "state": state.word() }));
    }
    Ok(())
}

/// What a step of a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Units are left.
    On,
    /// All are through.
    Over,
    /// Somebody ended it.
    Ended,
}

/// Takes the next units, and counts them in the same transaction.
///
/// # Errors
/// Any fault of the store; nothing of the step is kept then.
pub fn step(work: &mut Work<'_>, reading: &Reading, lines: &[Line], units: &[Vec<usize>]) -> Res<Step> {
    let id = &reading.import;
    let row = work.one("SELECT state, units_done FROM sheet_imports WHERE id = $1", vals![id])?;
    let Some(row) = row else { return Ok(Step::Ended) };
    let (state, done): (String, usize) = (row.at(0)?, row.at(1)?);
    let trial = state == State::Trying.word();
    if !trial && state != State::Running.word() {
        return Ok(Step::Ended);
    }
    let mut faults = Vec::new();
    let some = units.get(done..).unwrap_or_default();
    for places in some.iter().take(BATCH) {
        let own: Vec<&Line> = places.iter().filter_map(|at| lines.get(*at)).collect();
        match alone(work, reading, &own, trial) {
            Ok(true) => work.hint(),
            Ok(false) => {}
            Err(Bad::Row(fault)) => faults.push(fault),
            Err(Bad::Store(error)) => return Err(error),
        }
    }
    let now = done + some.len().min(BATCH);
    note(work, id, &faults)?;
    work.exec(
        "UPDATE sheet_imports SET units_all = $2, units_done = $3, units_bad = units_bad + $4 WHERE id = $1",
        vals![id, number(units.len()), number(now), number(faults.len())],
    )?;
    if now < units.len() {
        return Ok(Step::On);
    }
    end(work, id, if trial { State::Tried } else { State::Done })?;
    Ok(Step::Over)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A trial that went well is undone as one that did not.
enum Undone {
    Bad(Bad),
    Trial,
}

impl From<crate::sql::SqlError> for Undone {
    fn from(error: crate::sql::SqlError) -> Undone {
        Undone::Bad(Bad::from(error))
    }
}

/// One unit by itself: what it tells stations, the audit and webhooks goes with it, or nothing does. Whether it told stations.
fn alone(work: &mut Work<'_>, reading: &Reading, lines: &[&Line], trial: bool) -> Result<bool, Bad> {
    let ctx = work.ctx.clone();
    let done = attempt(work.tx, "unit", |tx| -> Result<bool, Undone> {
        let mut own = Work::begin(tx, ctx).map_err(|error| Undone::Bad(Bad::Store(error)))?;
        unit(&mut own, reading, lines).map_err(Undone::Bad)?;
        if trial {
            return Err(Undone::Trial);
        }
        let told = webhooks::enqueue(&mut own).and_then(|()| own.finish());
        told.map_err(|error| Undone::Bad(Bad::Store(error)))
    });
    match done {
        Ok(told) => Ok(told),
        Err(Undone::Trial) => Ok(false),
        Err(Undone::Bad(bad)) => Err(bad),
    }
}

fn note(work: &mut Work<'_>, id: &str, faults: &[RowFault]) -> Res<()> {
    for fault in faults {
        work.exec(
            "INSERT INTO sheet_faults (import, row_no, field, why) SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS TEXT), \
             CAST($4 AS TEXT) WHERE (SELECT COUNT(*) FROM sheet_faults WHERE import = $1) < $5 ON CONFLICT DO NOTHING",
            vals![id, i64::try_from(fault.row).unwrap_or(i64::MAX), &fault.field, fault.why, FAULTS_MAX],
        )?;
    }
    Ok(())
}

/// The rows that were not taken, by their numbers.
///
/// # Errors
/// Any fault of the store.
pub fn faults(tx: &mut dyn Conn, id: &str, most: i64) -> Res<Vec<(i64, String, String)>> {
    let rows = tx.all(
        "SELECT row_no, field, why FROM sheet_faults WHERE import = $1 ORDER BY row_no LIMIT $2",
        vals![id, most.min(FAULTS_MAX)],
    )?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?, row.at(2)?))).collect()
}

/// Whether anything is too old. Costs no write.
///
/// # Errors
/// Any fault of the store.
pub fn any_old(tx: &mut dyn Conn, site: SiteId, before_ms: i64) -> Res<bool> {
    let sql =
        "SELECT COUNT(*) FROM sheet_imports WHERE site = $1 AND created_ms < $2 AND state NOT IN ('trying', 'running')";
    Ok(tx.int(sql, vals![site.to_string(), before_ms])? > 0)
}

/// Forgets every list of customers or orders, wherever it stands; the ids, for their files. What was taken in stays.
///
/// # Errors
/// Any fault of the store.
pub fn forget_personal(work: &mut Work<'_>) -> Res<Vec<String>> {
    let mut ids = Vec::new();
    for kind in [Kind::Customers, Kind::Orders] {
        let rows =
            work.all("SELECT id FROM sheet_imports WHERE site = $1 AND kind = $2", vals![work.site(), kind.word()])?;
        ids.extend(rows.iter().map(|row| Ok(row.at(0)?)).collect::<Res<Vec<String>>>()?);
    }
    forget(work, &ids)?;
    Ok(ids)
}

fn forget(work: &mut Work<'_>, ids: &[String]) -> Res<()> {
    for id in ids {
        work.exec("DELETE FROM sheet_faults WHERE import = $1", vals![id])?;
        work.exec("DELETE FROM sheet_imports WHERE id = $1", vals![id])?;
    }
    Ok(())
}

/// Forgets what is too old; the ids, for their files.
///
/// # Errors
/// Any fault of the store.
pub fn sweep(work: &mut Work<'_>, before_ms: i64) -> Res<Vec<String>> {
    let old = work.all(
        "SELECT id FROM sheet_imports WHERE site = $1 AND created_ms < $2 AND state NOT IN ('trying', 'running') LIMIT 100",
        vals![work.site(), before_ms],
    )?;
    let ids = old.iter().map(|row| Ok(row.at(0)?)).collect::<Res<Vec<String>>>()?;
    forget(work, &ids)?;
    Ok(ids)
}
