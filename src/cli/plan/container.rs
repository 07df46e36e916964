//! `packbench plan container`: goods in, one filled container out. Two threads search for as long as they are given;
//! every answer is checked by the verifier before it is written.

use super::answer::{ItemOut, LeftOver, REPORT};
use super::container_file::{Case, Cases};
use super::input;
use crate::cli::{CliError, error};
use crate::planning::boxes::Placed;
use crate::planning::container::{Goods, Loading, Search, Way};
use crate::planning::verify::loading;
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Flags of `plan container`.
#[derive(Debug, Args)]
#[command(after_help = "\
A line of the input is a case; lengths are millimetres, turns may be left out:
  {\"name\": \"a\", \"container_mm\": [5870, 2330, 2200], \"items\": [
   {\"item\": \"crate\", \"sides_mm\": [1080, 760, 300], \"quantity\": 40, \"turns\": \"upright\"}]}
Each case is one line; here it is wrapped to be read. turns is any (if left out),
upright (turned around only), fixed, or three times true or false: may the length,
the width, the height stand upright. A file that begins with a digit is read as the
public instances of Bischoff and Ratcliff (BR1 to BR15, thpack).

One JSON line per case: fill_ppm, how much of the container is full in parts per
million; the items with at_mm, the corner nearest to the left, front and bottom,
size_mm, the sides as the item lies, and rotation, which of its sides lies along the
container's; and left_out with the reason.

What is wrong is told with its line, the rest is answered, and the exit status is 1.

Examples:
  packbench plan container --seconds 30 cases.jsonl
  packbench plan container --steps 500 BR1.txt        the same answer everywhere")]
pub(in crate::cli) struct ContainerArgs {
    /// Cases as lines of JSON or public instances, plain or gzip; - is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// So long is searched for each case
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// So many steps by each thread instead of a time: the same answer on every machine
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    steps: Option<u64>,
    /// Every base must lie wholly on the floor or on other things; without it, what hangs over is held by others or by dunnage
    #[arg(long)]
    held: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    name: &'a str,
    fill_ppm: i64,
    volume_mm3: i64,
    loaded: usize,
    items: Vec<ItemOut<'a>>,
    left_out: Vec<LeftOver<'a>>,
}

const TOO_LARGE: &str = "larger than the container";

pub(super) fn run(args: &ContainerArgs) -> Result<ExitCode, CliError> {
    let mut cases = Cases::new(input::open(&args.file)?);
    let mut troubles = 0_u64;
    loop {
        let case = match cases.next() {
            Ok(Some(case)) => case,
            Ok(None) => break,
            Err(problem) => {
                troubles += 1;
                input::complain(&args.file, &problem);
                if problem.goes_on() { continue } else { break }
            }
        };
        let loading = load(&case, args)?;
        loading::check(case.container, &case.goods, args.held, &loading)
            .map_err(|fault| CliError::room(format!("the answer to case {:?} is wrong", case.name), REPORT, fault))?;
        let answer = answer(&case, &loading);
        for left in answer.left_out.iter().filter(|l| l.why == TOO_LARGE) {
            troubles += 1;
            input::complain(&args.file, &format!("case {:?}: item {:?}: {}", case.name, left.item, left.why));
        }
        let mut text =
            serde_json::to_string(&answer).map_err(|e| CliError::room("an answer cannot be written", REPORT, e))?;
        text.push('\n');
        error::out(&text)?;
    }
    Ok(if troubles == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is said to a file with so many steps of one search for each case: for tests.
pub(in crate::cli) fn answers(file: &[u8], steps: u64) -> Vec<Result<String, String>> {
    let mut cases = Cases::new(Box::new(std::io::Cursor::new(file.to_vec())));
    let mut out = Vec::new();
    loop {
        match cases.next() {
            Ok(None) => return out,
            Ok(Some(case)) => {
                let mut search = Search::new(case.container, &case.goods, Way::default());
                let _ = (0..steps).take_while(|_| search.step()).count();
                let found = search.best();
                let checked = loading::check(case.container, &case.goods, false, &found).map_err(|e| e.to_string());
                let text = |()| serde_json::to_string(&answer(&case, &found)).map_err(|e| e.to_string());
                out.push(checked.and_then(text));
            }
            Err(problem) => {
                out.push(Err(problem.to_string()));
                if !problem.goes_on() {
                    return out;
                }
            }
        }
    }
}

/// Two threads search differently; the better loading is taken, the first one's where they are equal.
fn load(case: &Case, args: &ContainerArgs) -> Result<Loading, CliError> {
    let begun = Instant::now();
    let budget = Duration::from_secs(args.seconds);
    let enough = AtomicBool::new(false);
    let search = |seed: u64| {
        let mut search = Search::new(case.container, &case.goods, Way { seed, held: args.held });
        let mut steps = 0;
        let goes_on = |steps: u64| match args.steps {
            Some(most) => steps < most,
            None => !enough.load(Ordering::Relaxed) && begun.elapsed() < budget,
        };
        while goes_on(steps) {
            if !search.step_while(&mut || goes_on(steps)) {
                enough.store(true, Ordering::Relaxed);
                break;
            }
            steps += 1;
        }
        search.best()
    };
    let search = &search;
    let started = |source| CliError::System { what: "a thread cannot be started".to_owned(), source };
    thread::scope(|scope| {
        let second = thread::Builder::new().name("container-2".to_owned());
        let second = second.spawn_scoped(scope, move || search(1)).map_err(started)?;
        let first = thread::Builder::new().name("container-1".to_owned());
        let first = first.spawn_scoped(scope, move || search(0)).map_err(started)?;
        let (Ok(first), Ok(second)) = (first.join(), second.join()) else {
            return Err(CliError::plain(format!("the search for case {:?} failed", case.name), REPORT));
        };
        Ok(if second.volume_mm3 > first.volume_mm3 { second } else { first })
    })
}

fn answer<'a>(case: &'a Case, loading: &Loading) -> Answer<'a> {
    let room: i128 = case.container.iter().map(|s| i128::from(*s)).product();
    let ppm = i128::from(loading.volume_mm3) * 1_000_000 / room.max(1);
    let name = |n: usize| case.items.get(n).map_or("", String::as_str);
    let mut left: Vec<u32> = case.goods.iter().map(|g| g.qty).collect();
    for p in &loading.placed {
        if let Some(n) = left.get_mut(p.ware) {
            *n = n.saturating_sub(1);
        }
    }
    let mut placed: Vec<&Placed> = loading.placed.iter().collect();
    placed.sort_by_key(|p| (p.at[0], p.at[2], p.at[1]));
    let item = |p: &&Placed| {
        let sides = case.goods.get(p.ware).map_or([0; 3], |g| g.sides);
        ItemOut::new(name(p.ware), ['L', 'W', 'H'], sides, p)
    };
    let left_out = left.into_iter().zip(&case.goods).enumerate().filter(|(_, (quantity, _))| *quantity > 0);
    let why = |g: &Goods| if fits(case, g) { "no room left" } else { TOO_LARGE };
    Answer {
        name: &case.name,
        fill_ppm: i64::try_from(ppm).unwrap_or(i64::MAX),
        volume_mm3: loading.volume_mm3,
        loaded: placed.len(),
        items: placed.iter().map(item).collect(),
        left_out: left_out.map(|(n, (quantity, g))| LeftOver { item: name(n), quantity, why: why(g) }).collect(),
    }
}

fn fits(case: &Case, goods: &Goods) -> bool {
    goods.turns.of(goods.sides).any(|t| (0..3).all(|k| t[k] <= case.container[k]))
}
