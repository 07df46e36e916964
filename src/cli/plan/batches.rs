//! `packbench plan batches`: orders in, batches with their walks out. Two searches with different seeds share the time on two threads and
//! tell each other what they found.

use super::batches_file::{BatchCase, Told};
use super::site::{self, Ground};
use crate::cli::CliError;
use crate::planning::batch::{Found, Plan, Rule, Search, Task};
use crate::planning::tour::layout::Bin;
use crate::planning::tour::{Policy, Site};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

/// Flags of `plan batches`.
#[derive(Debug, Args)]
#[command(after_help = "\
A line of the input tells a layout, as for `plan tours`, and lines after it cases:
  {\"layout\": {\"aisles\": [{\"name\": \"A\", \"x_mm\": 0}, {\"name\": \"B\", \"x_mm\": 3000}],
   \"cross_aisles\": [{\"y_mm\": 0}, {\"y_mm\": 9000}], \"cells_mm\": [1000, 4000, 8000]}}
  {\"name\": \"x\", \"start\": {\"aisle\": \"A\", \"cross_aisle\": 0}, \"capacity\": {\"items\": 2},
   \"orders\": [{\"name\": \"1\", \"bins\": [{\"aisle\": \"B\", \"cell\": 2}]},
    {\"name\": \"2\", \"bins\": [{\"aisle\": \"A\", \"cell\": 0}]},
    {\"name\": \"3\", \"bins\": [{\"aisle\": \"B\", \"cell\": 1}]}]}
(each on one line). docs/planning.md tells what else a case may have: weight, volume, totes,
due times. One JSON line per case: the batches with their walks, length_mm, least_mm (no
plan is shorter), proven, s_shape_mm (the same batches walked in S-shape), rules_mm (the
walks of batches made by rules of thumb).

What is wrong is told with its line; those before it are done, and the exit status is 1.

Example:
  packbench plan batches --time-ms 2000 orders.jsonl > batches.jsonl")]
pub(in crate::cli) struct BatchesArgs {
    /// The cases; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Time for each case; it ends sooner where the plan is proven
    #[arg(long, value_name = "MS", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=3_600_000))]
    time_ms: u64,
    /// Steps for each case instead of a time: the same answer on every machine
    #[arg(long, value_name = "STEPS", conflicts_with = "time_ms", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000))]
    steps: Option<u64>,
    /// Where chance begins
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,
    /// Searches at once
    #[arg(long, value_name = "NUMBER", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=8))]
    threads: u64,
}

/// Between these parts of their time the searches tell each other what they found.
const ROUNDS: u32 = 8;

#[derive(Serialize)]
struct Answer {
    name: String,
    batches: Vec<BatchOut>,
    length_mm: i64,
    least_mm: i64,
    proven: bool,
    /// Nothing where the rule is not defined for the layout.
    s_shape_mm: Option<i64>,
    rules_mm: BTreeMap<&'static str, i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    late_ms: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    least_late_ms: Option<i64>,
}

#[derive(Serialize)]
struct BatchOut {
    orders: Vec<String>,
    length_mm: i64,
    climb_mm: i64,
    s_shape_mm: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    picker: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    done_ms: Option<i64>,
    /// In the order of the walk.
    tour: Vec<PickOut>,
}

#[derive(Serialize)]
struct PickOut {
    order: String,
    aisle: String,
    cell: u16,
    level: u8,
}

/// Plans every case of a file.
///
/// # Errors
/// If the file cannot be read or a case is wrong; the line is named.
pub(super) fn run(args: &BatchesArgs) -> Result<(), CliError> {
    let mut ground: Option<Ground> = None;
    super::lines::each(&args.file, |value: serde_json::Value| {
        let told: Told = serde_json::from_value(value).map_err(|e| format!("no case: {e}"))?;
        let Some(case) = told.case(&mut ground)? else { return Ok(None) };
        let site = &site::known(ground.as_ref())?.site;
        let name = case.name.clone();
        one(args, site, case).map(Some).map_err(|why| format!("case {name:?}: {why}"))
    })
}

fn one(args: &BatchesArgs, site: &Site, case: BatchCase) -> Result<Answer, String> {
    let begun = Instant::now();
    let task = case.task(site);
    let seeds = (0..args.threads).map(|n| args.seed.wrapping_add(n));
    let mut searches =
        seeds.map(|seed| Search::new(task, seed)).collect::<Result<Vec<_>, _>>().map_err(|e| e.to_string())?;
    let time = Duration::from_millis(args.time_ms);
    let gone = |steps: u64| match args.steps {
        Some(all) => steps as f64 / all as f64,
        None => begun.elapsed().as_secs_f64() / time.as_secs_f64(),
    };
    for round in 1..=ROUNDS {
        if !together(&mut searches, f64::from(round) / f64::from(ROUNDS), &gone)? {
            break;
        }
    }
    let best = searches.iter_mut().map(|s| (s.plan(), s.by_rule().to_vec()));
    let best = best.min_by_key(|(plan, _)| (plan.late_ms, plan.length_mm)).ok_or("no search was made")?;
    Ok(answer(&task, case.name.clone(), best.0, &best.1))
}

/// All searches go on until this share is gone, then each learns what the others found. False where the best plan is proven.
fn together(searches: &mut [Search<'_>], until: f64, gone: &(impl Fn(u64) -> f64 + Sync)) -> Result<bool, String> {
    let going = thread::scope(|scope| {
        let start = |(n, search)| {
            let work = move || {
                let search: &mut Search<'_> = search;
                search.run(until, &mut |steps| gone(steps))
            };
            thread::Builder::new().name(format!("batches-{n}")).spawn_scoped(scope, work)
        };
        let started: Vec<_> = searches.iter_mut().enumerate().map(start).collect();
        let ended = |thread: std::io::Result<thread::ScopedJoinHandle<'_, bool>>| {
            let thread = thread.map_err(|e| format!("no thread can be started: {e}"))?;
            thread.join().map_err(|_| "a search broke: please report it with the file".to_owned())
        };
        started.into_iter().map(ended).collect::<Result<Vec<bool>, String>>()
    })?;
    let found: Vec<Found> = searches.iter().map(Search::found).collect();
    for (n, search) in searches.iter_mut().enumerate() {
        found.iter().enumerate().filter(|(m, _)| *m != n).for_each(|(_, f)| search.learn(f));
    }
    Ok(going.into_iter().all(|g| g))
}

fn answer(task: &Task<'_>, name: String, plan: Plan, by_rule: &[(Rule, i64)]) -> Answer {
    let dated = task.orders.iter().any(|o| o.due_ms.is_some());
    let batch = |b: &crate::planning::batch::Batch| {
        let orders = || b.orders.iter().filter_map(|o| task.orders.get(*o));
        let picks: Vec<(&str, Bin)> =
            orders().flat_map(|o| o.bins.iter().map(move |bin| (o.name.as_str(), *bin))).collect();
        let bins: Vec<Bin> = picks.iter().map(|p| p.1).collect();
        let aisle = |bin: Bin| task.site.layout().aisles.get(usize::from(bin.aisle)).map_or("", |a| &a.name).to_owned();
        let order = |item: usize| picks.get(item).map_or("", |p| p.0).to_owned();
        let tour = b.walk.taken.iter().map(|t| PickOut {
            order: order(t.item),
            aisle: aisle(t.bin),
            cell: t.bin.cell,
            level: t.bin.level,
        });
        BatchOut {
            orders: orders().map(|o| o.name.clone()).collect(),
            length_mm: b.walk.length_mm,
            climb_mm: b.walk.climb_mm,
            s_shape_mm: Policy::SShape.walk(task.site, task.start, task.end, &bins).ok().map(|w| w.length_mm),
            picker: dated.then_some(b.picker),
            done_ms: dated.then_some(b.done_ms),
            tour: tour.collect(),
        }
    };
    let batches: Vec<BatchOut> = plan.batches.iter().map(batch).collect();
    Answer {
        name,
        length_mm: plan.length_mm,
        least_mm: plan.least_mm,
        proven: plan.proven,
        s_shape_mm: batches.iter().map(|b| b.s_shape_mm).sum(),
        rules_mm: by_rule.iter().map(|(rule, mm)| (rule.name(), *mm)).collect(),
        late_ms: dated.then_some(plan.late_ms),
        least_late_ms: dated.then_some(plan.least_late_ms),
        batches,
    }
}
