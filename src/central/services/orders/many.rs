//! One thing done to very many orders: which orders, how it ended for each, and how far the whole came. A few orders
//! share a transaction that also notes how it ended for each, so that nothing is done twice over a crash; one refusal undoes and stops no
//! other order.
//! Nothing here runs by itself; who works the jobs off stands beside the other background work of central.

use super::edit::Edited;
use super::table::act::{Action, act_on};
use super::table::{self, Filter, Sort};
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::store::bulk::{Bulk, Column, few_ids, named};
use crate::central::store::work::Work;
use crate::protocol::wire::{SiteId, UserId};
use crate::sql::{Conn, Row, Val};
use crate::vals;

/// Most orders of one job.
pub const ORDERS_MAX: usize = 20_000;
/// Jobs and their answers are kept for so long, ms: a week.
pub const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Most jobs that run for one site at a time.
const RUNNING_MAX: i64 = 4;
/// Most of the newest ones listed.
const LISTED_MAX: i64 = 30;
/// Most refused orders that are named.
pub const NAMED_MAX: usize = 200;

const COLUMNS_OF_ORDERS: &[Column] = &[
    Column::Text("job"),
    Column::Int("place"),
    Column::Text("order_id"),
    Column::Text("outcome"),
    Column::Text("why"),
];
const OUTCOME: &str = "ON CONFLICT (job, place) DO UPDATE SET outcome = excluded.outcome, why = excluded.why";

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Orders wait.
    Running,
    /// No order waits.
    Done,
    /// A person ended it; what was done stays.
    Stopped,
    /// The store did not come back.
    Failed,
}

impl State {
    /// All.
    pub const ALL: [State; 4] = [State::Running, State::Done, State::Stopped, State::Failed];

    /// Its stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            State::Running => "running",
            State::Done => "done",
            State::Stopped => "stopped",
            State::Failed => "failed",
        }
    }
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Id.
    pub id: String,
    /// Who asked for it; each order's entry in the audit names them.
    pub owner: UserId,
    /// What is done.
    pub action: Action,
    /// How far it is.
    pub state: State,
    /// Orders in all.
    pub all: i64,
    /// Orders it was done to.
    pub done: i64,
    /// Orders that a station was asked to give back first.
    pub recalled: i64,
    /// Orders it could not be done to.
    pub refused: i64,
    /// When it was asked for, UTC ms.
    pub created_ms: i64,
    /// It takes another one back.
    pub takes_back: bool,
    /// It was taken back.
    pub taken_back: bool,
}

impl Job {
    /// Orders that were worked on.
    #[must_use]
    pub fn worked(&self) -> i64 {
        self.done + self.recalled + self.refused
    }
}

/// An order that a job could not do it to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its number.
    pub number: String,
    /// Why not.
    pub why: Refusal,
}

const COLUMNS: &str = "SELECT j.id, j.owner, j.action, j.station, j.state, j.orders_all, j.created_ms, j.takes_back, \
     (SELECT COUNT(*) FROM order_jobs u WHERE u.takes_back = j.id) AS taken_back, \
     (SELECT COUNT(*) FROM order_job_orders o WHERE o.job = j.id AND o.outcome = 'done') AS done, \
     (SELECT COUNT(*) FROM order_job_orders o WHERE o.job = j.id AND o.outcome = 'recalled') AS recalled, \
     (SELECT COUNT(*) FROM order_job_orders o WHERE o.job = j.id AND o.outcome = 'refused') AS refused FROM order_jobs j";

fn job(row: &Row) -> Res<Job> {
    let station: Option<String> = row.get("station")?;
    let action = Action::of(&row.get::<String>("action")?, station.as_deref().unwrap_or_default());
    let word: String = row.get("state")?;
    let stored = || CentralError::Stored { what: "job of orders" };
    Ok(Job {
        id: row.get("id")?,
        owner: row.get::<String>("owner")?.parse().map_err(|_| stored())?,
        action: action.ok_or_else(stored)?,
        state: State::ALL.into_iter().find(|state| state.word() == word).ok_or_else(stored)?,
        all: row.get("orders_all")?,
        done: row.get("done")?,
        recalled: row.get("recalled")?,
        refused: row.get("refused")?,
        created_ms: row.get("created_ms")?,
        takes_back: row.get::<Option<String>>("takes_back")?.is_some(),
        taken_back: row.get::<i64>("taken_back")? > 0,
    })
}

/// Notes that a person wants it done to all orders that fit, in the order of their table; the job's id.
///
/// # Errors
/// [`Refusal::Field`] for no order, more than [`ORDERS_MAX`], or while too many jobs run.
pub fn begin(work: &mut Work<'_>, user: UserId, action: Action, filter: &Filter, sort: &Sort) -> Res<String> {
    let orders = table::ids(work.tx, work.ctx.site, filter, sort, ORDERS_MAX + 1)?;
    make(work, user, action, &orders, None)
}

/// A job that takes back what another one did, where that can be taken back; its id.
///
/// # Errors
/// [`Refusal::Missing`] for no such job of theirs, [`Refusal::State`] while it runs, if it was taken back already or cannot be.
pub fn take_back(work: &mut Work<'_>, user: UserId, id: &str) -> Res<String> {
    let job = one(work.tx, work.ctx.site, user, id)?;
    let refused = |state: &str| Refusal::State { entity: "job", state: state.to_owned() };
    let action = job.action.undo().ok_or_else(|| refused("final"))?;
    if job.state == State::Running || job.taken_back {
        return Err(refused(if job.taken_back { "taken back" } else { "running" }).into());
    }
    let sql = "SELECT order_id FROM order_job_orders WHERE job = $1 AND outcome = 'done' ORDER BY place";
    let orders = work.all(sql, vals![id])?.iter().map(|row| row.at(0)).collect::<Result<Vec<String>, _>>()?;
    make(work, user, action, &orders, Some(id))
}

fn make(work: &mut Work<'_>, user: UserId, action: Action, orders: &[String], takes_back: Option<&str>) -> Res<String> {
    if orders.is_empty() {
        return Err(Refusal::Field { field: "orders", why: "none fits" }.into());
    }
    if orders.len() > ORDERS_MAX {
        return Err(Refusal::Field { field: "orders", why: "are too many at once" }.into());
    }
    let running = "SELECT COUNT(*) FROM order_jobs WHERE site = $1 AND state = 'running'";
    if work.tx.int(running, vals![work.site()])? >= RUNNING_MAX {
        return Err(Refusal::Field { field: "orders", why: "must wait: other jobs run" }.into());
    }
    let id = work.new_id();
    let station = match action {
        Action::Assign(station) => Some(station.to_string()),
        Action::Hold | Action::LetGo | Action::First | Action::InTurn | Action::CallOff => None,
    };
    let count = i64::try_from(orders.len()).unwrap_or(i64::MAX);
    work.exec(
        "INSERT INTO order_jobs (id, site, owner, action, station, state, orders_all, takes_back, created_ms) \
         VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, $8)",
        vals![
            &id,
            work.site(),
            user.to_string(),
            action.word(),
            station,
            count,
            takes_back.map(str::to_owned),
            work.now_ms()
        ],
    )?;
    let named: Vec<serde_json::Value> =
        orders.iter().enumerate().map(|(n, id)| serde_json::json!({ "n": n, "id": id })).collect();
    work.exec(
        "INSERT INTO order_job_orders (job, place, order_id) SELECT $1, CAST(j.value ->> 'n' AS BIGINT), j.value ->> 'id' \
         FROM json_each($2) j",
        vals![&id, serde_json::Value::from(named).to_string()],
    )?;
    work.audit("orders.many", "job", &id, serde_json::json!({ "action": action.word(), "orders": count }));
    Ok(id)
}

/// The next orders of a job, with their places; none when it is over, or ended by a person.
///
/// # Errors
/// Any fault of the store.
pub fn waiting(tx: &mut dyn Conn, id: &str, most: i64) -> Res<Vec<(i64, String)>> {
    let rows = tx.all(
        "SELECT o.place, o.order_id FROM order_job_orders o JOIN order_jobs j ON j.id = o.job \
         WHERE o.job = $1 AND o.outcome = 'waiting' AND j.state = 'running' ORDER BY o.place LIMIT $2",
        vals![id, most],
    )?;
    rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect()
}

/// Does it to each of these orders and notes how that ended, unless it happened already.
///
/// # Errors
/// Any fault of the store; nothing is done to any of them then.
pub fn steps(work: &mut Work<'_>, id: &str, orders: &[(i64, String)], action: Action) -> Res<()> {
    let places: Vec<String> = orders.iter().map(|(place, _)| place.to_string()).collect();
    // Most of them will be done; the few that are not are written once more.
    let sql = format!(
        "UPDATE order_job_orders SET outcome = 'done' WHERE job = $2 AND outcome = 'waiting' \
         AND place IN (SELECT CAST(w.id AS BIGINT) FROM {} w) RETURNING place, order_id",
        few_ids(orders.len())
    );
    let rows = work.all(&sql, vals![named(&places.iter().map(String::as_str).collect::<Vec<_>>()), id])?;
    let mut waiting = rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect::<Res<Vec<(i64, String)>>>()?;
    waiting.sort_unstable();
    let asked: Vec<&str> = waiting.iter().map(|(_, order)| order.as_str()).collect();
    let answers = act_on(work, &asked, action)?;
    let mut vals = Vec::new();
    for ((place, order), answer) in waiting.iter().zip(&answers) {
        let (outcome, why) = match answer {
            Ok(Edited::Done) => continue,
            Ok(Edited::Recalled) => ("recalled", String::new()),
            // With a carrier already: a person was asked, and the order stays as it is.
            Ok(Edited::Left) => ("refused", "state left".to_owned()),
            Err(why) => ("refused", word_of(why)),
        };
        vals.extend([Val::from(id), (*place).into(), Val::from(order), outcome.into(), why.into()]);
    }
    let mut rows = Bulk::new("order_job_orders", COLUMNS_OF_ORDERS, OUTCOME);
    rows.rows(work.tx, &vals)?;
    rows.finish(work.tx)?;
    Ok(())
}

/// Why it cannot be done to an order, as stored.
fn word_of(why: &Refusal) -> String {
    match why {
        Refusal::State { state, .. } => format!("state {state}"),
        Refusal::Missing { .. } => "missing".to_owned(),
        Refusal::Forbidden => "forbidden".to_owned(),
        Refusal::ByWork => "by_work".to_owned(),
        Refusal::Field { .. }
        | Refusal::Fields { .. }
        | Refusal::Taken { .. }
        | Refusal::Version { .. }
        | Refusal::Unrecognised
        | Refusal::PairingCode
        | Refusal::PairingOther
        | Refusal::TooMany { .. }
        | Refusal::Limit { .. }
        | Refusal::Needs { .. }
        | Refusal::Short { .. }
        | Refusal::Stock { .. } => "state other".to_owned(),
    }
}

/// The refused orders, at most [`NAMED_MAX`], in the order of the table.
///
/// # Errors
/// Any fault of the store.
pub fn refused(tx: &mut dyn Conn, id: &str) -> Res<Vec<Refused>> {
    let rows = tx.all(
        "SELECT o.number, x.why FROM order_job_orders x JOIN orders o ON o.id = x.order_id \
         WHERE x.job = $1 AND x.outcome = 'refused' ORDER BY x.place LIMIT $2",
        vals![id, i64::try_from(NAMED_MAX).unwrap_or(i64::MAX)],
    )?;
    rows.iter()
        .map(|row| {
            let why: String = row.at(1)?;
            let why = match why.as_str() {
                "missing" => Refusal::Missing { entity: "order" },
                "forbidden" => Refusal::Forbidden,
                "by_work" => Refusal::ByWork,
                other => Refusal::State { entity: "order", state: other.trim_start_matches("state ").to_owned() },
            };
            Ok(Refused { number: row.at(0)?, why })
        })
        .collect()
}

/// Notes how a job ended; one that ended stays as it is.
///
/// # Errors
/// Any fault of the store.
pub fn end(work: &mut Work<'_>, id: &str, state: State) -> Res<()> {
    let set = "UPDATE order_jobs SET state = $2, finished_ms = $3 WHERE id = $1 AND state = 'running'";
    work.exec(set, vals![id, state.word(), work.now_ms()])?;
    Ok(())
}

/// The newest jobs a person asked for.
///
/// # Errors
/// Any fault of the store.
pub fn list(tx: &mut dyn Conn, site: SiteId, user: UserId) -> Res<Vec<Job>> {
    let sql = format!("{COLUMNS} WHERE j.site = $1 AND j.owner = $2 ORDER BY j.created_ms DESC, j.id DESC LIMIT $3");
    tx.all(&sql, vals![site.to_string(), user.to_string(), LISTED_MAX])?.iter().map(job).collect()
}

/// The job with this id, if it is theirs.
///
/// # Errors
/// [`Refusal::Missing`] if it is not there or somebody else's.
pub fn one(tx: &mut dyn Conn, site: SiteId, user: UserId, id: &str) -> Res<Job> {
    let sql = format!("{COLUMNS} WHERE j.id = $1 AND j.site = $2 AND j.owner = $3");
    let row = tx.one(&sql, vals![id, site.to_string(), user.to_string()])?;
    job(&row.ok_or(Refusal::Missing { entity: "job" })?)
}

/// Jobs that a server which ended left running: id, owner, action.
///
/// # Errors
/// Any fault of the store.
pub fn unfinished(tx: &mut dyn Conn, site: SiteId) -> Res<Vec<Job>> {
    let sql = format!("{COLUMNS} WHERE j.site = $1 AND j.state = 'running' ORDER BY j.created_ms, j.id");
    tx.all(&sql, vals![site.to_string()])?.iter().map(job).collect()
}

/// Forgets one job that is too old, with its answers; whether there was one.
///
/// # Errors
/// Any fault of the store.
pub fn sweep(tx: &mut dyn Conn, site: SiteId, now_ms: i64) -> Res<bool> {
    // One that takes another back goes before that one: it is younger, but names it.
    let old = tx.one(
        "SELECT j.id FROM order_jobs j WHERE j.site = $1 AND j.created_ms < $2 AND j.state <> 'running' \
         AND NOT EXISTS (SELECT 1 FROM order_jobs u WHERE u.takes_back = j.id) ORDER BY j.created_ms LIMIT 1",
        vals![site.to_string(), now_ms - KEPT_MS],
    )?;
    let Some(row) = old else { return Ok(false) };
    let id: String = row.at(0)?;
    tx.exec("DELETE FROM order_job_orders WHERE job = $1", vals![&id])?;
    tx.exec("DELETE FROM order_jobs WHERE id = $1", vals![&id])?;
    Ok(true)
}
