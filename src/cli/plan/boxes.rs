//! `packbench plan boxes`: orders in, boxes with the places of everything out. Every answer is checked by the verifier
//! before it is written.

use super::answer::{ItemOut, LeftOver, REPORT};
use super::boxes_file::{self, NamedKind, Order};
use super::input;
use crate::cli::{CliError, error};
use crate::planning::boxes::{Kind, Packed, Placed, Planner, Rules, Tariff, Top, Ware};
use crate::planning::verify;
use clap::Args;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Flags of `plan boxes`.
#[derive(Debug, Args)]
#[command(after_help = "\
Both files are CSV with a head line, or the same packed with gzip; millimetres and
grams. BOXES: name, outer_width, outer_length, outer_depth, empty_weight,
inner_width, inner_length, inner_depth, max_weight (the box itself counts), and
where wanted price. ORDERS: order, quantity, item, width_mm, length_mm, depth_mm,
weight_g, and where wanted turns (any, upright, fixed) and top (anything, nothing,
or the grams it bears).

One JSON line per order: order, boxes, proven, cheapest. A box has box (its name),
weight_g, billed_g (the volumetric weight where that is more), cost (its price and
the carrier's) and items, in an order in which they can be put in from above; at_mm is
the corner nearest to the left, front and bottom, size_mm the sides as the item lies,
rotation which of its width, length and depth lies along the box's width, length and
depth. proven: no packing has fewer boxes; cheapest: it is one box, and no cheaper or
smaller one holds everything. Neither is said where something is left over or a line
could not be read: then there is left_over (item, quantity, why) or problems (texts).

A wrong line of ORDERS is told on standard error, and the rest is answered; with a
wrong line of BOXES nothing is.

Exit status: 0 all is packed, 1 something is left over or a file is wrong, 2 the
command line was.

Example:
  packbench plan boxes --boxes boxes.csv orders.csv.gz > plan.jsonl")]
pub(in crate::cli) struct BoxesArgs {
    /// The boxes
    #[arg(long, value_name = "BOXES.csv")]
    boxes: PathBuf,
    /// The orders; - is standard input
    #[arg(value_name = "ORDERS.csv[.gz]")]
    orders: PathBuf,
    /// So much of every base must lie on something, in per cent; with 0 it is enough to touch
    #[arg(long, value_name = "PERCENT", default_value_t = 50, value_parser = clap::value_parser!(u8).range(0..=100))]
    support: u8,
    /// Volumetric weight: this many cubic centimetres count as a kilogram
    #[arg(long, value_name = "CM3", value_parser = clap::value_parser!(i64).range(1..=1_000_000))]
    volumetric: Option<i64>,
    /// What the carrier takes for a billed kilogram, in the unit of the column price
    #[arg(long, value_name = "PRICE", default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=1_000_000_000))]
    price_per_kg: i64,
}

#[derive(Serialize)]
struct Answer<'a> {
    order: &'a str,
    boxes: Vec<BoxOut<'a>>,
    proven: bool,
    cheapest: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_over: Vec<LeftOver<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    problems: &'a [String],
}

#[derive(Serialize)]
struct BoxOut<'a> {
    #[serde(rename = "box")]
    name: &'a str,
    weight_g: i64,
    billed_g: i64,
    cost: i64,
    items: Vec<ItemOut<'a>>,
}

pub(super) fn run(args: &BoxesArgs) -> Result<ExitCode, CliError> {
    let boxes = boxes_file::boxes(input::open(&args.boxes)?).map_err(|e| wrong(&args.boxes, e))?;
    let mut troubles = 0_u64;
    let orders = boxes_file::orders(input::open(&args.orders)?, |problem| {
        troubles += 1;
        input::complain(&args.orders, problem);
    });
    let orders = orders.map_err(|e| wrong(&args.orders, e))?;
    let kinds: Vec<Kind> = boxes.iter().map(|b| b.kind).collect();
    let tariff =
        Tariff { mm3_per_kg: args.volumetric.map(|cm3| cm3.saturating_mul(1_000)), price_per_kg: args.price_per_kg };
    let rules = Rules { support_percent: args.support, tariff };
    let mut planner = Planner::default();
    let mut text = Vec::new();
    for order in &orders {
        let packed = planner.pack(&kinds, &order.wares, &rules);
        verify::check(&kinds, &order.wares, &rules, &packed)
            .map_err(|fault| CliError::room(format!("the answer to order {} is wrong", order.name), REPORT, fault))?;
        let answer = answer(&boxes, order, &rules, &packed);
        for left in &answer.left_over {
            troubles += 1;
            input::complain(&args.orders, &format!("order {}: item {}: {}", order.name, left.item, left.why));
        }
        serde_json::to_writer(&mut text, &answer)
            .map_err(|e| CliError::room("an answer cannot be written", REPORT, e))?;
        text.push(b'\n');
        if text.len() > FLUSH_BYTES {
            flush(&mut text)?;
        }
    }
    flush(&mut text)?;
    Ok(if troubles == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Answers are written in pieces of about this size.
const FLUSH_BYTES: usize = 1 << 16;

fn flush(text: &mut Vec<u8>) -> Result<(), CliError> {
    let done = error::out(&String::from_utf8_lossy(text));
    text.clear();
    done
}

fn wrong(file: &Path, problem: boxes_file::FileProblem) -> CliError {
    CliError::room(format!("{} cannot be used", file.display()), "see `packbench plan boxes --help`", problem)
}

fn answer<'a>(boxes: &'a [NamedKind], order: &'a Order, rules: &Rules, packed: &Packed) -> Answer<'a> {
    let name = |ware: usize| order.items.get(ware).map_or("", String::as_str);
    let item = |p: &Placed| {
        let sides = order.wares.get(p.ware).map_or([0; 3], |w| w.sides);
        ItemOut::new(name(p.ware), ['W', 'L', 'D'], sides, p)
    };
    let parcels = packed.parcels.iter().filter_map(|p| boxes.get(p.kind).map(|b| (b, p)));
    let one = |(b, p): (&'a NamedKind, &crate::planning::boxes::Parcel)| {
        let contents_g = p.placed.iter().filter_map(|p| order.wares.get(p.ware)).map(|w| w.mass_g).sum();
        BoxOut {
            name: &b.name,
            weight_g: b.kind.tare_g + contents_g,
            billed_g: rules.tariff.billed_g(&b.kind, contents_g),
            cost: rules.tariff.cost(&b.kind, contents_g),
            items: p.placed.iter().map(item).collect(),
        }
    };
    let left_over = packed.left_over.iter().map(|(ware, quantity)| {
        let why = order.wares.get(*ware).map_or("", |w| why_left(boxes, w));
        LeftOver { item: name(*ware), quantity: *quantity, why }
    });
    // What was left out or could not be read might need a box more.
    let whole = packed.left_over.is_empty() && order.problems.is_empty();
    Answer {
        order: &order.name,
        boxes: parcels.map(one).collect(),
        proven: packed.fewest && whole,
        cheapest: packed.cheapest && whole,
        left_over: left_over.collect(),
        problems: &order.problems,
    }
}

/// Why something goes in no box.
fn why_left(boxes: &[NamedKind], ware: &Ware) -> &'static str {
    let light = Ware { mass_g: 0, top: Top::Anything, ..*ware };
    if boxes.iter().any(|b| b.kind.takes(ware)) {
        "too many things for one order"
    } else if boxes.iter().any(|b| b.kind.takes(&light)) {
        "heavier than any box that it fits in may hold"
    } else {
        "larger than every box"
    }
}
