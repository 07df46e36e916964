//! The two files of `packbench plan boxes`: boxes and orders as CSV with a head line; columns are found by their names.

use crate::planning::boxes::{Kind, MASS_G_MAX, SIDE_MM_MAX, Top, Turns, Ware};
use csv::StringRecord;
use std::collections::HashMap;
use std::io::Read;

/// More order lines than this are refused.
const LINES_MAX: u64 = 20_000_000;
/// More boxes than the planner looks at are refused.
const BOXES_MAX: usize = crate::planning::boxes::KINDS_MAX;

/// What is wrong in a file.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileProblem {
    /// A column is missing in the head line.
    #[error("the head line has no column {0}")]
    Column(&'static str),
    /// No CSV.
    #[error("line {line}: {source}")]
    Csv {
        /// Where.
        line: u64,
        /// What the reader says.
        source: csv::Error,
    },
    /// No number, or one that cannot be.
    #[error("line {line}: {name}: {column} is {found:?}, it must be a whole number from {least} to {most}")]
    Number {
        /// Where.
        line: u64,
        /// Which item or box.
        name: String,
        /// Which column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// The least allowed.
        least: i64,
        /// The most allowed.
        most: i64,
    },
    /// A word that is none of those allowed.
    #[error("line {line}: {name}: {column} is {found:?}, it must be {allowed}")]
    Word {
        /// Where.
        line: u64,
        /// Which item.
        name: String,
        /// Which column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// What may stand there.
        allowed: &'static str,
    },
    /// Nothing to pack into.
    #[error("there is no box in it")]
    NoBox,
    /// Too long a file.
    #[error("more than {0} lines")]
    TooMany(u64),
}

/// A box with its name.
pub(super) struct NamedKind {
    /// Its name.
    pub name: String,
    /// The box.
    pub kind: Kind,
}

/// An order.
pub(super) struct Order {
    /// Its name.
    pub name: String,
    /// Names of the items, as many as wares.
    pub items: Vec<String>,
    /// What is to be packed.
    pub wares: Vec<Ware>,
    /// Lines that could not be read.
    pub problems: Vec<String>,
}

/// A CSV file with the places of its columns.
struct Table<R> {
    reader: csv::Reader<R>,
    columns: HashMap<String, usize>,
    row: StringRecord,
}

impl<R: Read> Table<R> {
    fn new(input: R) -> Result<Table<R>, FileProblem> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(input);
        let head = reader.headers().map_err(|source| FileProblem::Csv { line: 1, source })?;
        let columns = head.iter().enumerate().map(|(n, name)| (name.to_owned(), n)).collect();
        Ok(Table { reader, columns, row: StringRecord::new() })
    }

    fn needs(&self, names: &[&'static str]) -> Result<(), FileProblem> {
        names.iter().find(|n| !self.columns.contains_key(**n)).map_or(Ok(()), |n| Err(FileProblem::Column(n)))
    }

    /// The next row; `None` at the end.
    fn next(&mut self) -> Result<bool, FileProblem> {
        let line = self.reader.position().line();
        self.reader.read_record(&mut self.row).map_err(|source| FileProblem::Csv { line, source })
    }

    fn line(&self) -> u64 {
        self.row.position().map_or(0, csv::Position::line)
    }

    fn text(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|n| self.row.get(*n)).unwrap_or("")
    }

    fn number(&self, name: &str, column: &'static str, least: i64, most: i64) -> Result<i64, FileProblem> {
        let found = self.text(column);
        let number = found.parse::<i64>().ok().filter(|n| (least..=most).contains(n));
        number.ok_or_else(|| FileProblem::Number {
            line: self.line(),
            name: name.to_owned(),
            column,
            found: found.to_owned(),
            least,
            most,
        })
    }

    fn sides(&self, name: &str, columns: [&'static str; 3]) -> Result<[i32; 3], FileProblem> {
        let mut sides = [0; 3];
        for (side, column) in sides.iter_mut().zip(columns) {
            let mm = self.number(name, column, 1, i64::from(SIDE_MM_MAX))?;
            *side = i32::try_from(mm).unwrap_or(SIDE_MM_MAX);
        }
        Ok(sides)
    }

    fn word(&self, name: &str, column: &'static str, allowed: &'static str) -> FileProblem {
        let found = self.text(column).to_owned();
        FileProblem::Word { line: self.line(), name: name.to_owned(), column, found, allowed }
    }
}

const INNER: [&str; 3] = ["inner_width", "inner_length", "inner_depth"];
const OUTER: [&str; 3] = ["outer_width", "outer_length", "outer_depth"];
const SIDES: [&str; 3] = ["width_mm", "length_mm", "depth_mm"];

/// Reads the boxes. A `max_weight` counts the box itself; the column `price` may be missing.
///
/// # Errors
/// The first thing that is wrong: with a wrong box no answer is worth anything.
pub(super) fn boxes(input: impl Read) -> Result<Vec<NamedKind>, FileProblem> {
    let mut table = Table::new(input)?;
    table.needs(&["name", "empty_weight", "max_weight"])?;
    table.needs(&INNER)?;
    table.needs(&OUTER)?;
    let mut out = Vec::new();
    while table.next()? {
        if out.len() == BOXES_MAX {
            return Err(FileProblem::TooMany(BOXES_MAX as u64));
        }
        let name = table.text("name").to_owned();
        let tare_g = table.number(&name, "empty_weight", 0, MASS_G_MAX)?;
        let mass_g_max = table.number(&name, "max_weight", tare_g, MASS_G_MAX)? - tare_g;
        let priced = !table.text("price").is_empty();
        let price = if priced { table.number(&name, "price", 0, i64::from(i32::MAX))? } else { 0 };
        let (inner, outer) = (table.sides(&name, INNER)?, table.sides(&name, OUTER)?);
        out.push(NamedKind { name, kind: Kind { inner, outer, tare_g, mass_g_max, price } });
    }
    if out.is_empty() { Err(FileProblem::NoBox) } else { Ok(out) }
}

/// Reads the orders, in the order they first appear. Bad lines are told to `complain` and left out.
///
/// # Errors
/// If a column is missing or the file ends in the middle.
pub(super) fn orders(input: impl Read, mut complain: impl FnMut(&FileProblem)) -> Result<Vec<Order>, FileProblem> {
    let mut table = Table::new(input)?;
    table.needs(&["order", "quantity", "item", "weight_g"])?;
    table.needs(&SIDES)?;
    let mut orders: Vec<Order> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut lines = 0_u64;
    while table.next()? {
        lines += 1;
        if lines > LINES_MAX {
            return Err(FileProblem::TooMany(LINES_MAX));
        }
        let name = table.text("order");
        let at = match known.get(name) {
            Some(at) => *at,
            None => {
                known.insert(name.to_owned(), orders.len());
                let (items, wares, problems) = (Vec::new(), Vec::new(), Vec::new());
                orders.push(Order { name: name.to_owned(), items, wares, problems });
                orders.len() - 1
            }
        };
        let Some(order) = orders.get_mut(at) else { continue };
        match ware(&table) {
            Ok(ware) => {
                order.items.push(table.text("item").to_owned());
                order.wares.push(ware);
            }
            Err(problem) => {
                complain(&problem);
                order.problems.push(problem.to_string());
            }
        }
    }
    Ok(orders)
}

fn ware(table: &Table<impl Read>) -> Result<Ware, FileProblem> {
    let item = table.text("item");
    let qty = table.number(item, "quantity", 1, 1_000_000)?;
    let turns = match table.text("turns") {
        "" | "any" => Turns::ANY,
        "upright" => Turns::UPRIGHT,
        "fixed" => Turns::FIXED,
        _ => return Err(table.word(item, "turns", "any, upright or fixed")),
    };
    let top = match table.text("top") {
        "" | "anything" => Top::Anything,
        "nothing" => Top::Nothing,
        grams => match grams.parse::<i64>() {
            Ok(g) if (0..=MASS_G_MAX).contains(&g) => Top::UpTo(g),
            Ok(_) | Err(_) => return Err(table.word(item, "top", "anything, nothing or the grams it bears")),
        },
    };
    Ok(Ware {
        sides: table.sides(item, SIDES)?,
        turns,
        mass_g: table.number(item, "weight_g", 0, MASS_G_MAX)?,
        top,
        qty: u32::try_from(qty).unwrap_or(u32::MAX),
    })
}
