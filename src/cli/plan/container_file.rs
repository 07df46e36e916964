//! The files of `packbench plan container`: cases as lines of JSON, or the text of the public instances of Bischoff and
//! Ratcliff. Which of the two it is shows in the first byte.

use super::lines::MARK;
use crate::planning::boxes::{SIDE_MM_MAX, Sides, Turns};
use crate::planning::container::{COPIES_MAX, Goods, SORTS_MAX};
use serde::Deserialize;
use std::io::{BufRead, Read as _};

/// Longer lines are refused.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// What is wrong in a file.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileProblem {
    /// The system.
    #[error("line {line} cannot be read: {source}")]
    Unread {
        /// Where.
        line: u64,
        /// What the system says.
        source: std::io::Error,
    },
    /// Not even a line.
    #[error("line {0} is longer than {mib} MiB", mib = LINE_BYTES_MAX >> 20)]
    Long(u64),
    /// No case in JSON.
    #[error("line {line}: no case: {source}")]
    Json {
        /// Where.
        line: u64,
        /// What the reader says.
        source: serde_json::Error,
    },
    /// The text of an instance.
    #[error("line {line}: {expected} must stand here, there is {found:?}")]
    Text {
        /// Where.
        line: u64,
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// The file ends too early.
    #[error("the file ends after line {line}, {expected} must follow")]
    End {
        /// The last line.
        line: u64,
        /// What should follow.
        expected: &'static str,
    },
    /// A case that cannot be answered.
    #[error("line {line}: case {case:?}: {why}")]
    Case {
        /// Where it begins.
        line: u64,
        /// Which.
        case: String,
        /// What is wrong with it.
        why: CaseProblem,
    },
}

/// What is wrong with a case.
#[derive(Debug, thiserror::Error)]
pub(super) enum CaseProblem {
    /// A side of the container.
    #[error("the container's sides are {0:?}, each must be 1 to {SIDE_MM_MAX}")]
    Container([i64; 3]),
    /// A side of an item.
    #[error("item {item:?}: its sides are {sides:?}, each must be 1 to {SIDE_MM_MAX}")]
    Sides {
        /// Which.
        item: String,
        /// What they are.
        sides: [i64; 3],
    },
    /// How many.
    #[error("item {item:?}: the quantity is {quantity}, it must be 0 to {COPIES_MAX}")]
    Quantity {
        /// Which.
        item: String,
        /// What it is.
        quantity: i64,
    },
    /// Too many sorts.
    #[error("{0} sorts of items, there may be {SORTS_MAX}")]
    Sorts(usize),
}

impl FileProblem {
    /// Can the cases after it still be read?
    pub(super) fn goes_on(&self) -> bool {
        match self {
            FileProblem::Json { .. } | FileProblem::Case { .. } => true,
            FileProblem::Unread { .. } | FileProblem::Long(_) | FileProblem::Text { .. } | FileProblem::End { .. } => {
                false
            }
        }
    }
}

/// A case that can be answered.
#[derive(Debug)]
pub(super) struct Case {
    /// Its name.
    pub name: String,
    /// The container's inner sides.
    pub container: Sides,
    /// Names of the items, as many as goods.
    pub items: Vec<String>,
    /// What is to be loaded.
    pub goods: Vec<Goods>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseLine {
    #[serde(default)]
    name: String,
    container_mm: [i64; 3],
    items: Vec<ItemLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemLine {
    item: String,
    sides_mm: [i64; 3],
    quantity: i64,
    #[serde(default)]
    turns: TurnsLine,
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
enum TurnsLine {
    #[default]
    Missing,
    Word(Word),
    /// May the length, the width, the height stand upright?
    Upright([bool; 3]),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Any,
    Upright,
    Fixed,
}

impl TurnsLine {
    fn turns(&self) -> Turns {
        match self {
            TurnsLine::Missing | TurnsLine::Word(Word::Any) => Turns::ANY,
            TurnsLine::Word(Word::Upright) => Turns::UPRIGHT,
            TurnsLine::Word(Word::Fixed) => Turns::FIXED,
            TurnsLine::Upright(sides) => Turns::with_upright(*sides),
        }
    }
}

/// A file that is read case by case.
pub(super) struct Cases {
    input: Box<dyn BufRead>,
    text: Vec<u8>,
    line: u64,
    /// The public text; unknown before the first line.
    instances: Option<bool>,
}

impl Cases {
    pub(super) fn new(input: Box<dyn BufRead>) -> Cases {
        Cases { input, text: Vec::new(), line: 0, instances: None }
    }

    /// The next case; `None` at the end.
    ///
    /// # Errors
    /// What is wrong; see [`FileProblem::goes_on`].
    pub(super) fn next(&mut self) -> Result<Option<Case>, FileProblem> {
        if !self.read()? {
            return Ok(None);
        }
        if self.instances.is_none() {
            let begins_with_number = self.text.trim_ascii_start().first().is_some_and(u8::is_ascii_digit);
            self.instances = Some(begins_with_number);
            if begins_with_number {
                // How many instances there are shows anyway.
                self.numbers::<1>("the number of instances")?;
                if !self.read()? {
                    return Ok(None);
                }
            }
        }
        if self.instances == Some(true) { self.instance().map(Some) } else { self.json().map(Some) }
    }

    /// Reads the next line that is not empty. `false`: the end.
    fn read(&mut self) -> Result<bool, FileProblem> {
        loop {
            self.text.clear();
            self.line += 1;
            let line = self.line;
            let read = self.input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut self.text);
            let read = read.map_err(|source| FileProblem::Unread { line, source })?;
            if read as u64 == LINE_BYTES_MAX {
                return Err(FileProblem::Long(line));
            }
            if line == 1 && self.text.starts_with(&MARK) {
                self.text.drain(..MARK.len());
            }
            if read == 0 || !self.text.trim_ascii().is_empty() {
                return Ok(read > 0);
            }
        }
    }

    fn json(&self) -> Result<Case, FileProblem> {
        let line = self.line;
        let case: CaseLine = serde_json::from_slice(&self.text).map_err(|source| FileProblem::Json { line, source })?;
        let one = |i: ItemLine| (i.item, i.sides_mm, i.quantity, i.turns.turns());
        let items = case.items.into_iter().map(one).collect();
        checked(&case.name, case.container_mm, items).map_err(|why| FileProblem::Case { line, case: case.name, why })
    }

    /// One instance: its number and seed, the container, the number of sorts, and a line for each sort: its number, and each
    /// side with whether it may stand upright, and how many.
    fn instance(&mut self) -> Result<Case, FileProblem> {
        let line = self.line;
        let head = String::from_utf8_lossy(&self.text).into_owned();
        let name = head.split_ascii_whitespace().next().unwrap_or("").to_owned();
        let container = self.follows::<3>("length, width and height of the container")?;
        let [sorts] = self.follows::<1>("the number of sorts")?;
        let mut items = Vec::new();
        for _ in 0..sorts {
            let [no, length, length_up, width, width_up, height, height_up, quantity] =
                self.follows::<8>("number, length, 0 or 1, width, 0 or 1, height, 0 or 1, and quantity of a sort")?;
            let turns = Turns::with_upright([length_up, width_up, height_up].map(|up| up != 0));
            items.push((no.to_string(), [length, width, height], quantity, turns));
        }
        checked(&name, container, items).map_err(|why| FileProblem::Case { line, case: name, why })
    }

    fn follows<const N: usize>(&mut self, expected: &'static str) -> Result<[i64; N], FileProblem> {
        if !self.read()? {
            return Err(FileProblem::End { line: self.line - 1, expected });
        }
        self.numbers(expected)
    }

    /// The numbers of this line.
    fn numbers<const N: usize>(&self, expected: &'static str) -> Result<[i64; N], FileProblem> {
        let text = String::from_utf8_lossy(&self.text);
        let numbers: Option<Vec<i64>> = text.split_ascii_whitespace().map(|n| n.parse().ok()).collect();
        numbers.and_then(|n| n.try_into().ok()).ok_or_else(|| {
            let found = text.trim().chars().take(80).collect();
            FileProblem::Text { line: self.line, expected, found }
        })
    }
}

type Item = (String, [i64; 3], i64, Turns);

/// A case whose numbers can be reckoned with.
fn checked(name: &str, container_mm: [i64; 3], list: Vec<Item>) -> Result<Case, CaseProblem> {
    let container = sides(container_mm).ok_or(CaseProblem::Container(container_mm))?;
    if list.len() > SORTS_MAX {
        return Err(CaseProblem::Sorts(list.len()));
    }
    let (mut items, mut goods) = (Vec::with_capacity(list.len()), Vec::with_capacity(list.len()));
    for (item, sides_mm, quantity, turns) in list {
        let Some(sides) = sides(sides_mm) else {
            return Err(CaseProblem::Sides { item, sides: sides_mm });
        };
        let Some(qty) = u32::try_from(quantity).ok().filter(|n| *n <= COPIES_MAX) else {
            return Err(CaseProblem::Quantity { item, quantity });
        };
        items.push(item);
        goods.push(Goods { sides, turns, qty });
    }
    Ok(Case { name: name.to_owned(), container, items, goods })
}

fn sides(mm: [i64; 3]) -> Option<Sides> {
    let one = |mm: i64| i32::try_from(mm).ok().filter(|s| (1..=SIDE_MM_MAX).contains(s));
    let [Some(x), Some(y), Some(z)] = mm.map(one) else { return None };
    Some([x, y, z])
}
