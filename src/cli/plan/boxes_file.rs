//! The two files of `packbench plan boxes`: boxes and orders as CSV with a head line; columns are found by their names.

use crate::planning::boxes::{Kind, MASS_G_MAX, SIDE_MM_MAX, Top, Turns, Ware};
use csv::{ByteRecord, StringRecord};
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
    /// The same column twice: which of them counts nobody knows.
    #[error("the head line has two columns {0}")]
    TwoColumns(String),
    /// Letters that are none.
    #[error("line {line}: {name}: not in UTF-8")]
    Letters {
        /// Where.
        line: u64,
        /// Which item or box, as far as it can be read.
        name: String,
    },
    /// A line that names nothing.
    #[error("line {line}: the column {column} is empty")]
    Nameless {
        /// Where.
        line: u64,
        /// Which column.
        column: &'static str,
    },
    /// Two boxes of one name.
    #[error("line {line}: there is a box {name:?} already")]
    SameName {
        /// Where.
        line: u64,
        /// Which.
        name: String,
    },
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
    bytes: ByteRecord,
    /// The row has letters that are none; they stand in it as a sign for that.
    garbled: bool,
}

impl<R: Read> Table<R> {
    fn new(input: R) -> Result<Table<R>, FileProblem> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(input);
        let head = reader.headers().map_err(|source| FileProblem::Csv { line: 1, source })?;
        let mut columns = HashMap::new();
        for (n, name) in head.iter().enumerate() {
            if columns.insert(name.to_owned(), n).is_some() && !name.is_empty() {
                return Err(FileProblem::TwoColumns(name.to_owned()));
            }
        }
        Ok(Table { reader, columns, row: StringRecord::new(), bytes: ByteRecord::new(), garbled: false })
    }

    fn needs(&self, names: &[&'static str]) -> Result<(), FileProblem> {
        names.iter().find(|n| !self.columns.contains_key(**n)).map_or(Ok(()), |n| Err(FileProblem::Column(n)))
    }

    /// The next row; `None` at the end.
    fn next(&mut self) -> Result<bool, FileProblem> {
        let line = self.reader.position().line();
        let more = self.reader.read_byte_record(&mut self.bytes).map_err(|source| FileProblem::Csv { line, source })?;
        self.garbled = self.bytes.iter().any(|field| std::str::from_utf8(field).is_err());
        self.row.clear();
        self.bytes.iter().for_each(|field| self.row.push_field(&String::from_utf8_lossy(field)));
        Ok(more)
    }

    /// Whether the row is in letters that can be read.
    fn letters(&self, name: &str) -> Result<(), FileProblem> {
        if self.garbled { Err(FileProblem::Letters { line: self.line(), name: name.to_owned() }) } else { Ok(()) }
    }

    fn line(&self) -> u64 {
        self.bytes.position().map_or(0, csv::Position::line)
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
        let (line, name) = (table.line(), table.text("name").to_owned());
        table.letters(&name)?;
        if name.is_empty() {
            return Err(FileProblem::Nameless { line, column: "name" });
        }
        if out.iter().any(|known: &NamedKind| known.name == name) {
            return Err(FileProblem::SameName { line, name });
        }
        let tare_g = table.number(&name, "empty_weight", 0, MASS_G_MAX)?;
        let mass_g_max = table.number(&name, "max_weight", tare_g, MASS_G_MAX)? - tare_g;
        let priced = !table.text("price").is_empty();
        let price = if priced { table.number(&name, "price", 0, i64::from(i32::MAX))? } else { 0 };
        let (inner, outer) = (table.sides(&name, INNER)?, table.sides(&name, OUTER)?);
        out.push(NamedKind { name, kind: Kind { inner, outer, tare_g, mass_g_max, price } });
    }
    if out.is_empty() { Err(FileProblem::NoBox) } else { Ok(out) }
}

/// Reads the orders, in the order they first appear. Bad lines are told to `complain` and left out. Where the file cannot be read to its
/// end, as a packed one that was cut off, that is told too, and of the last order as well: lines of it may be missing.
///
/// # Errors
/// If a column is missing, or nothing can be read.
pub(super) fn orders(input: impl Read, mut complain: impl FnMut(&FileProblem)) -> Result<Vec<Order>, FileProblem> {
    let mut table = Table::new(input)?;
    table.needs(&["order", "quantity", "item", "weight_g"])?;
    table.needs(&SIDES)?;
    let mut orders: Vec<Order> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut lines = 0_u64;
    loop {
        match (table.next(), orders.last_mut()) {
            (Ok(true), _) => {}
            (Ok(false), _) => break,
            (Err(problem), Some(last)) => {
                complain(&problem);
                last.problems.push(problem.to_string());
                break;
            }
            (Err(problem), None) => return Err(problem),
        }
        lines += 1;
        if lines > LINES_MAX {
            return Err(FileProblem::TooMany(LINES_MAX));
        }
        let name = table.text("order");
        if name.is_empty() {
            complain(&FileProblem::Nameless { line: table.line(), column: "order" });
            continue;
        }
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
    table.letters(item)?;
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
