//! How the table is read. Two ways, and which one is decided by counting, never by a planner's guess that differs per engine:
//!
//! - **few**: some choice fits few orders ([`FEW_MAX`]); their ids are gathered by an index and sorted in memory.
//! - **walk**: the index in the order of the first column is walked from where the page before ended, and every other choice is
//!   a test of the row. It finds a page soon because every choice fits many.
//!
//! The test of a walk is wrapped so that neither engine takes it for a reason to choose another index.

use super::filter::{Cond, Filter, Lead};
use super::sort::{Sort, SortKey, read_cursor, write_cursor};
use crate::central::error::Res;
use crate::protocol::wire::SiteId;
use crate::sql::{Conn, Query, Val};

/// So many orders are sorted in memory.
pub(super) const FEW_MAX: i64 = 5_000;
/// So many orders are counted; more are "more than".
pub const COUNT_MAX: i64 = 10_000;

/// How many orders fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Exactly(i64),
    /// More than so many; counting on would take long.
    MoreThan(i64),
    /// Nobody counted: it would take long.
    Unknown,
}

/// The ids of a page, and where the next one begins.
pub(super) struct Found {
    pub ids: Vec<String>,
    pub next: Option<String>,
    pub count: Count,
}

/// What a read of one word's orders begins with.
struct Read<'a> {
    site: &'a str,
    keys: &'a [(SortKey, bool)],
    conds: &'a [Cond],
    few: Option<&'a (String, Vec<Val>)>,
    rows_max: usize,
}

/// The page behind the cursor.
///
/// # Errors
/// [`crate::sql::SqlError::Cursor`] for a cursor of another order; any fault of the store.
pub(super) fn find(
    tx: &mut dyn Conn,
    site: SiteId,
    filter: &Filter,
    sort: &Sort,
    cursor: Option<&str>,
    rows_max: usize,
) -> Res<Found> {
    let (site, keys) = (site.to_string(), sort.whole());
    let after = cursor.map(|cursor| read_cursor(&keys, cursor)).transpose()?;
    let conds = filter.conds(&site);
    let few = fewest(tx, &apart(&keys, &conds), filter.range_ids(&site), needs_few(&keys, &conds))?;
    let mut rows: Vec<(Vec<Val>, String)> = Vec::new();
    if few.is_some() {
        let read = Read { site: &site, keys: &keys, conds: &conds, few: few.as_ref(), rows_max: rows_max + 1 };
        rows = read.run(tx, 0, after.as_deref())?;
    } else {
        let leading = keys.iter().take_while(|(key, _)| key.words().is_some()).count();
        for ranks in words_in_turn(&keys[..leading], after.as_deref()) {
            let mut all = conds.clone();
            all.extend(keys.iter().zip(&ranks).map(|((key, _), rank)| key.word_cond(*rank, &site)));
            let few = if leading > 0 { fewest(tx, &all[conds.len()..], None, true)? } else { None };
            let read =
                Read { site: &site, keys: &keys, conds: &all, few: few.as_ref(), rows_max: rows_max + 1 - rows.len() };
            let here = after.as_ref().filter(|values| begins_with(values, &ranks));
            rows.extend(read.run(tx, leading, here.map(Vec::as_slice))?);
            if rows.len() > rows_max {
                break;
            }
        }
    }
    let count = count(tx, &site, &conds, few.as_ref())?;
    let more = rows.len() > rows_max;
    rows.truncate(rows_max);
    let next = rows.last().filter(|_| more).map(|(values, id)| write_cursor(&keys, values, id));
    Ok(Found { ids: rows.into_iter().map(|(_, id)| id).collect(), next, count })
}

/// Whether some choice is no beginning of the index that would be walked.
fn needs_few(keys: &[(SortKey, bool)], conds: &[Cond]) -> bool {
    !apart(keys, conds).is_empty()
}

/// The choices that the index which would be walked does not begin with. One that it begins with is never worth gathering: the
/// walk meets no other orders either, and stops when the page is full.
fn apart(keys: &[(SortKey, bool)], conds: &[Cond]) -> Vec<Cond> {
    let first = keys.iter().find(|(key, _)| key.words().is_none()).map_or(SortKey::Placed, |(key, _)| *key);
    let hard = hard(first, conds);
    conds.iter().enumerate().filter(|(at, _)| !hard.contains(at)).map(|(_, cond)| cond.clone()).collect()
}

/// Which conditions an index in the order of `first` begins or is bounded with, by their places.
fn hard(first: SortKey, conds: &[Cond]) -> Vec<usize> {
    let find = |lead: Lead| conds.iter().position(|cond| cond.leads == Some(lead));
    let word = match first {
        SortKey::Placed => find(Lead::Payment).or_else(|| find(Lead::Word)),
        SortKey::Total => find(Lead::Payment),
        SortKey::Due
        | SortKey::Number
        | SortKey::Status
        | SortKey::Payment
        | SortKey::Fulfillment
        | SortKey::Priority => None,
    };
    // Open orders are few among all: that is worth more than any word.
    let mut hard: Vec<usize> = find(Lead::Open).or(word).into_iter().collect();
    let range = match first {
        SortKey::Placed => Some(Lead::Placed),
        SortKey::Due => Some(Lead::Due),
        SortKey::Total
        | SortKey::Number
        | SortKey::Status
        | SortKey::Payment
        | SortKey::Fulfillment
        | SortKey::Priority => None,
    };
    let ranges = conds.iter().enumerate().filter(|(_, cond)| cond.leads.is_some() && cond.leads == range);
    hard.extend(ranges.map(|(at, _)| at));
    hard
}

/// The question for the ids of the choice that the fewest orders fit, if those are few.
fn fewest(
    tx: &mut dyn Conn,
    conds: &[Cond],
    range: Option<(String, Vec<Val>)>,
    wanted: bool,
) -> Res<Option<(String, Vec<Val>)>> {
    let mut best: Option<(i64, (String, Vec<Val>))> = None;
    for ids in conds.iter().filter_map(|cond| cond.ids.clone()).chain(range).filter(|_| wanted) {
        let mut query = Query::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM (");
        query.push(&ids.0, &ids.1).push(&format!(") i LIMIT {}) t", FEW_MAX + 1), &[]);
        let n = query.all(tx)?.first().map(|row| row.at::<i64>(0)).transpose()?.unwrap_or(0);
        if n <= FEW_MAX && best.as_ref().is_none_or(|(least, _)| n < *least) {
            best = Some((n, ids));
        }
    }
    // PostgreSQL plans a kept statement for any words at all, and would take a third of all orders for "few" and read every
    // order. It believes a LIMIT; powers of two keep the texts few.
    Ok(best.map(|(n, (ids, values))| {
        let most = n.max(1).unsigned_abs().next_power_of_two();
        (format!("SELECT id FROM ({ids}) f LIMIT {most}"), values)
    }))
}

/// The words of the leading columns in the order of the list, from the one of the cursor on.
fn words_in_turn(leading: &[(SortKey, bool)], after: Option<&[Val]>) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for (key, descending) in leading {
        let count = key.words().unwrap_or(0);
        let ranks: Vec<usize> = if *descending { (0..count).rev().collect() } else { (0..count).collect() };
        all = all.iter().flat_map(|head| ranks.iter().map(move |rank| [&head[..], &[*rank]].concat())).collect();
    }
    let from = after.and_then(|values| all.iter().position(|ranks| begins_with(values, ranks))).unwrap_or(0);
    all.split_off(from)
}

fn begins_with(values: &[Val], ranks: &[usize]) -> bool {
    ranks.iter().zip(values).all(|(rank, value)| i64::try_from(*rank).is_ok_and(|rank| *value == Val::Int(rank)))
}

/// Adds the tests; those that no index is to be chosen for are wrapped, all in one.
fn tests(query: &mut Query, conds: &[Cond], hard: &[usize], wrap: bool) {
    for cond in hard.iter().filter_map(|at| conds.get(*at)) {
        query.push(&format!(" AND {}", cond.test), &cond.values);
    }
    let soft: Vec<&Cond> =
        conds.iter().enumerate().filter(|(at, _)| !hard.contains(at)).map(|(_, cond)| cond).collect();
    if soft.is_empty() {
        return;
    }
    let text = soft.iter().map(|cond| format!("({})", cond.test)).collect::<Vec<_>>().join(" AND ");
    let values: Vec<Val> = soft.iter().flat_map(|cond| cond.values.clone()).collect();
    let text = if wrap { format!(" AND (CASE WHEN {text} THEN 1 ELSE 0 END) = 1") } else { format!(" AND {text}") };
    query.push(&text, &values);
}

impl Read<'_> {
    /// Rows behind `after`, the columns before `skip` being one word each.
    fn run(&self, tx: &mut dyn Conn, skip: usize, after: Option<&[Val]>) -> Res<Vec<(Vec<Val>, String)>> {
        let exprs: Vec<String> = self.keys.iter().map(|(key, _)| key.expr()).collect();
        let columns: String = exprs.iter().map(|expr| format!(", {expr}")).collect();
        let mut query = match self.few {
            Some((ids, values)) => {
                let mut query = Query::new("WITH few AS MATERIALIZED (");
                query.push(ids, values);
                query.push(&format!(") SELECT o.id{columns} FROM few JOIN orders o ON o.id = few.id WHERE 1 = 1"), &[]);
                tests(&mut query, self.conds, &[], false);
                query
            }
            None => {
                let mut query = Query::new(&format!("SELECT o.id{columns} FROM orders o WHERE 1 = 1"));
                query.push(" AND o.site = ?", &[Val::from(self.site)]);
                let first = self.keys.get(skip).map_or(SortKey::Placed, |(key, _)| *key);
                tests(&mut query, self.conds, &hard(first, self.conds), true);
                query
            }
        };
        let ways: Vec<(&str, bool)> = exprs[skip..]
            .iter()
            .map(String::as_str)
            .zip(self.keys[skip..].iter().map(|(_, descending)| *descending))
            .chain([("o.id", self.keys.last().is_some_and(|(_, descending)| *descending))])
            .collect();
        if let Some(values) = after {
            behind(&mut query, &ways, &values[skip..]);
        }
        let order =
            ways.iter().map(|(expr, descending)| format!("{expr} {}", if *descending { "DESC" } else { "ASC" }));
        query.push(&format!(" ORDER BY {} LIMIT {}", order.collect::<Vec<_>>().join(", "), self.rows_max), &[]);
        let rows = query.all(tx)?;
        rows.iter()
            .map(|row| {
                let values = (1..=self.keys.len()).map(|at| Ok(row.at::<Val>(at)?)).collect::<Res<Vec<Val>>>()?;
                Ok((values, row.at(0)?))
            })
            .collect()
    }
}

/// Adds the condition for rows behind these values. The first column's own bound stands beside the nested rest, because an index
/// is entered by a bound and never by an OR.
fn behind(query: &mut Query, ways: &[(&str, bool)], values: &[Val]) {
    let sign = |descending: bool| if descending { "<" } else { ">" };
    let (Some((first, descending)), Some(value)) = (ways.first(), values.first()) else { return };
    query.push(&format!(" AND {first} {}= ? AND (", sign(*descending)), std::slice::from_ref(value));
    for (at, ((expr, descending), value)) in ways.iter().zip(values).enumerate() {
        query.push(&format!("{expr} {} ?", sign(*descending)), std::slice::from_ref(value));
        if at + 1 < ways.len() {
            query.push(&format!(" OR ({expr} = ? AND ("), std::slice::from_ref(value));
        }
    }
    query.push(&"))".repeat(ways.len().saturating_sub(1)), &[]);
    query.push(")", &[]);
}

/// Counts what fits, as far as that is cheap.
fn count(tx: &mut dyn Conn, site: &str, conds: &[Cond], few: Option<&(String, Vec<Val>)>) -> Res<Count> {
    let mut query;
    if let Some((ids, values)) = few {
        query = Query::new("WITH few AS MATERIALIZED (");
        query.push(ids, values);
        query.push(") SELECT COUNT(*) FROM few JOIN orders o ON o.id = few.id WHERE 1 = 1", &[]);
        tests(&mut query, conds, &[], false);
    } else {
        let hard = hard(SortKey::Placed, conds);
        let due = hard_due(conds);
        let hard = if hard.len() < due.len() { due } else { hard };
        if hard.len() < conds.len() {
            return Ok(Count::Unknown);
        }
        query = Query::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM orders o WHERE 1 = 1");
        query.push(" AND o.site = ?", &[Val::from(site)]);
        tests(&mut query, conds, &hard, true);
        query.push(&format!(" LIMIT {}) t", COUNT_MAX + 1), &[]);
    }
    let n = query.all(tx)?.first().map(|row| row.at::<i64>(0)).transpose()?.unwrap_or(0);
    Ok(if n > COUNT_MAX { Count::MoreThan(COUNT_MAX) } else { Count::Exactly(n) })
}

fn hard_due(conds: &[Cond]) -> Vec<usize> {
    hard(SortKey::Due, conds)
}

/// How many orders fit a filter, as far as that is cheap.
///
/// # Errors
/// Any fault of the store.
pub fn how_many(tx: &mut dyn Conn, site: SiteId, filter: &Filter) -> Res<Count> {
    let site = site.to_string();
    let conds = filter.conds(&site);
    let hard = hard(SortKey::Placed, &conds).len().max(hard_due(&conds).len());
    let few = fewest(tx, &conds, filter.range_ids(&site), hard < conds.len())?;
    count(tx, &site, &conds, few.as_ref())
}

/// What a filter asks, for a list of another order: a test of the order `o`, and, where few orders pass it, a question for their ids.
#[derive(Clone, Debug)]
pub struct Narrow {
    /// The test.
    pub test: String,
    /// Its values.
    pub values: Vec<Val>,
    /// The ids.
    pub few: Option<(String, Vec<Val>)>,
}

/// What a filter asks; none where it asks nothing.
///
/// # Errors
/// Any fault of the store.
pub fn narrow(tx: &mut dyn Conn, site: SiteId, filter: &Filter) -> Res<Option<Narrow>> {
    let site = site.to_string();
    let conds = filter.conds(&site);
    if conds.is_empty() {
        return Ok(None);
    }
    let few = fewest(tx, &conds, filter.range_ids(&site), true)?;
    let test = conds.iter().map(|cond| format!("({})", cond.test)).collect::<Vec<_>>().join(" AND ");
    let values = conds.iter().flat_map(|cond| cond.values.clone()).collect();
    Ok(Some(Narrow { test, values, few }))
}

#[cfg(test)]
mod tests {
    use super::super::filter::any_word;
    use super::*;

    #[test]
    fn a_walk_begins_with_the_choice_that_an_index_in_its_order_has() {
        let word = |column: &str, word: &str| any_word(column, &[word.to_owned()], "s");
        let (failed, closed) = (word("payment_status", "failed"), word("status", "closed"));
        let cases = [
            (SortKey::Total, vec![failed.clone()], vec![0]),
            (SortKey::Total, vec![closed.clone()], vec![]),
            (SortKey::Total, vec![closed.clone(), failed.clone()], vec![1]),
            (SortKey::Placed, vec![closed.clone()], vec![0]),
            (SortKey::Placed, vec![closed, failed.clone()], vec![1]),
            (SortKey::Due, vec![failed.clone()], vec![]),
            (SortKey::Total, vec![failed, Cond::new("o.is_open = 1", Vec::new()).leads(Lead::Open)], vec![1]),
        ];
        for (key, conds, begins) in cases {
            assert_eq!(hard(key, &conds), begins, "{key:?} {conds:?}");
        }
    }
}
