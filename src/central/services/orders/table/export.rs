//! Orders taken out as a file: the rows that fit a filter, in their order, as CSV, XLSX or PDF. It is read page by page, so that a
//! long file holds up nobody. Who may not see personal data gets a file without any.

use super::{Expected, Filter, PAGE_ROWS_MAX, Sort, TableRow, page};
use crate::central::error::{CentralError, Res, file};
use crate::central::store::Store;
use crate::core::money::{Currency, Money};
use crate::core::time::UtcMs;
use crate::labels::documents::list::{List, ListColumn, list};
use crate::labels::documents::{LINES_MAX, Words};
use crate::labels::pdf;
use jiff::tz::TimeZone;
use rust_xlsxwriter::{Format as Look, Workbook};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

/// What kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, UTF-8.
    Csv,
    /// Of a spreadsheet program.
    Xlsx,
    /// For paper.
    Pdf,
}

impl Format {
    /// All.
    pub const ALL: [Format; 3] = [Format::Csv, Format::Xlsx, Format::Pdf];

    /// Its stable word, which is also the end of the file's name.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Pdf => "pdf",
        }
    }

    /// The format of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.word() == word)
    }

    /// Media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8",
            Format::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Format::Pdf => "application/pdf",
        }
    }

    /// Most rows of one file.
    #[must_use]
    pub const fn rows_max(self) -> usize {
        match self {
            Format::Csv => 2_000_000,
            Format::Xlsx => 1_000_000,
            Format::Pdf => LINES_MAX,
        }
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::central::services) enum Cell {
    Text(String),
    /// A whole number or an amount in plain digits.
    Figure(String),
}

/// A column of the file: key of its head, share of the width on paper, and whether it shows a person.
struct Head {
    key: &'static str,
    paper: i32,
    personal: bool,
}

const fn head(key: &'static str, paper: i32) -> Head {
    Head { key, paper, personal: false }
}

const fn personal(key: &'static str, paper: i32) -> Head {
    Head { key, paper, personal: true }
}

/// All columns; a share of 0 stays off the paper.
const HEADS: &[Head] = &[
    head("column-order", 10),
    head("column-placed", 16),
    head("orders-customer-no", 10),
    personal("column-customer", 18),
    personal("orders-email", 0),
    personal("orders-phone", 0),
    head("orders-kind", 0),
    head("orders-country", 0),
    head("column-status", 10),
    head("column-payment", 12),
    head("orders-method", 0),
    head("column-fulfillment", 13),
    head("orders-currency", 0),
    head("column-total", 12),
    head("orders-net", 0),
    head("orders-tax", 0),
    head("column-items", 8),
    head("column-shipping", 0),
    head("column-ship-by", 16),
    head("column-expected", 16),
    head("column-priority", 0),
    head("column-alerts", 0),
    head("column-station", 0),
    personal("column-office-note", 0),
];

/// What is written, and how it is called.
pub struct Wish<'a> {
    /// Kind of file.
    pub format: Format,
    /// Which orders, and whether personal data goes in.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// When it was asked for.
    pub now: UtcMs,
    /// Zone of all moments.
    pub zone: TimeZone,
    /// Text of a key.
    pub text: &'a dyn Fn(&str) -> String,
    /// Words of documents.
    pub words: &'a Words,
}

/// Writes the file at `path`; the number of rows. `told` hears how many rows are written and says whether to go on.
///
/// # Errors
/// Any fault of the store or the disk.
pub fn write(store: &Store, wish: &Wish<'_>, path: &Path, told: &dyn Fn(usize) -> bool) -> Res<usize> {
    let heads: Vec<&Head> = HEADS.iter().filter(|head| wish.filter.personal || !head.personal).collect();
    let titles: Vec<String> = heads.iter().map(|head| (wish.text)(head.key)).collect();
    let mut out = Out::begin(wish.format, path, &titles)?;
    let (mut cursor, mut rows): (Option<String>, usize) = (None, 0);
    loop {
        let (filter, sort, now, site) = (wish.filter.clone(), wish.sort.clone(), store.now(), store.site());
        let at = cursor.clone();
        let some = PAGE_ROWS_MAX.min(wish.format.rows_max() - rows);
        let read = store.read_blocking(move |tx| page(tx, site, &filter, &sort, (at.as_deref(), some), now))?;
        for row in &read.rows {
            out.row(cells(row, wish))?;
        }
        rows += read.rows.len();
        cursor = read.next;
        if !told(rows) || cursor.is_none() || rows >= wish.format.rows_max() {
            break;
        }
    }
    out.end(path, wish, &heads, &titles)?;
    Ok(rows)
}

/// A moment as people and programs both read it: local time with its distance from UTC.
fn moment(at_ms: i64, zone: &TimeZone) -> String {
    let at = jiff::Timestamp::from_millisecond(at_ms).map(|at| at.to_zoned(zone.clone()));
    at.map(|at| at.strftime("%Y-%m-%d %H:%M %:z").to_string()).unwrap_or_default()
}

fn amount(minor: i64, currency: &str) -> Cell {
    let plain = Currency::new(currency).map_or_else(|| minor.to_string(), |currency| Money { minor, currency }.plain());
    Cell::Figure(plain)
}

fn cells(row: &TableRow, wish: &Wish<'_>) -> Vec<Cell> {
    let text = |text: &str| Cell::Text(text.to_owned());
    let when = |at: Option<i64>| Cell::Text(at.map(|at| moment(at, &wish.zone)).unwrap_or_default());
    let expected = match row.expected {
        Expected::At(at) => moment(at.0, &wish.zone),
        Expected::AfterStock => (wish.text)("orders-expected-stock"),
        Expected::AfterHold => (wish.text)("orders-expected-hold"),
        Expected::Over | Expected::Unknown => String::new(),
    };
    let priority = [(row.expedited, "expedited"), (row.rush, "rush"), (row.vip, "vip")];
    let priority: Vec<&str> = priority.iter().filter(|(on, _)| *on).map(|(_, word)| *word).collect();
    let alerts: Vec<&str> = row.alerts.iter().map(|alert| alert.word()).collect();
    let mut cells = vec![text(&row.number), when(Some(row.placed_ms)), text(&row.customer_no)];
    if wish.filter.personal {
        let known = row.profile.as_ref();
        cells.push(text(known.map_or("", |known| &known.name)));
        cells.push(text(known.and_then(|known| known.email.as_deref()).unwrap_or("")));
        cells.push(text(known.and_then(|known| known.phone.as_deref()).unwrap_or("")));
    }
    cells.extend([
        text(&row.buyer),
        text(&row.country),
        text(&row.status),
        text(&row.payment),
        Cell::Text(row.methods.join(" ")),
        text(&row.fulfillment),
        text(&row.currency),
        amount(row.total_minor, &row.currency),
        amount(row.total_minor - row.tax_minor, &row.currency),
        amount(row.tax_minor, &row.currency),
        Cell::Figure(row.units.to_string()),
        text(&row.shipping),
        when(row.ship_by_ms),
        Cell::Text(expected),
        Cell::Text(priority.join(" ")),
        Cell::Text(alerts.join(" ")),
        text(&row.station),
    ]);
    if wish.filter.personal {
        cells.push(text(row.office_note.as_deref().unwrap_or("")));
    }
    cells
}

/// A text that a spreadsheet would take for a formula begins with an apostrophe, which it shows as text.
fn harmless(text: String) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if risky { format!("'{text}") } else { text }
}

/// A file being written.
pub(in crate::central::services) enum Out {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Workbook>, u32),
    /// Rows are gathered: there are few.
    Pdf(Vec<Vec<String>>),
}

fn sheet_fault(_: rust_xlsxwriter::XlsxError) -> CentralError {
    CentralError::Inner { what: "writing a spreadsheet" }
}

fn csv_fault(_: csv::Error) -> CentralError {
    CentralError::Inner { what: "writing comma-separated rows" }
}

impl Out {
    pub fn begin(format: Format, path: &Path, titles: &[String]) -> Res<Out> {
        Ok(match format {
            Format::Csv => {
                let shown = path.display().to_string();
                let mut out = BufWriter::new(File::create(path).map_err(file(format!("making {shown}")))?);
                // Spreadsheet programs know UTF-8 by this mark alone.
                out.write_all("\u{feff}".as_bytes()).map_err(file(format!("writing {shown}")))?;
                let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
                out.write_record(titles).map_err(csv_fault)?;
                Out::Csv(Box::new(out))
            }
            Format::Xlsx => {
                let mut book = Workbook::new();
                let sheet = book.add_worksheet_with_constant_memory().map_err(sheet_fault)?;
                let bold = Look::new().set_bold();
                for (at, title) in (0_u16..).zip(titles) {
                    sheet.set_column_width(at, 16).map_err(sheet_fault)?;
                    sheet.write_string_with_format(0, at, title, &bold).map_err(sheet_fault)?;
                }
                Out::Xlsx(Box::new(book), 1)
            }
            Format::Pdf => Out::Pdf(Vec::new()),
        })
    }

    pub fn row(&mut self, cells: Vec<Cell>) -> Res<()> {
        match self {
            Out::Csv(out) => {
                let record = cells.into_iter().map(|cell| match cell {
                    Cell::Text(text) => harmless(text),
                    Cell::Figure(digits) => digits,
                });
                out.write_record(record).map_err(csv_fault)
            }
            Out::Xlsx(book, row) => {
                let sheet = book.worksheet_from_index(0).map_err(sheet_fault)?;
                for (at, cell) in (0_u16..).zip(cells) {
                    match cell {
                        // A string cell is never taken for a formula.
                        Cell::Text(text) => sheet.write_string(*row, at, text).map_err(sheet_fault)?,
                        // The format of the file knows no other number than this.
                        Cell::Figure(digits) => match digits.parse::<f64>() {
                            Ok(number) => sheet.write_number(*row, at, number).map_err(sheet_fault)?,
                            Err(_) => sheet.write_string(*row, at, digits).map_err(sheet_fault)?,
                        },
                    };
                }
                *row += 1;
                Ok(())
            }
            Out::Pdf(rows) => {
                let text = |cell| match cell {
                    Cell::Text(text) | Cell::Figure(text) => text,
                };
                rows.push(cells.into_iter().map(text).collect());
                Ok(())
            }
        }
    }

    /// Ends a file that is not for paper.
    pub fn finish(self, path: &Path) -> Res<()> {
        match self {
            Out::Csv(mut out) => out.flush().map_err(file(format!("writing {}", path.display()))),
            Out::Xlsx(mut book, _) => book.save(path).map_err(sheet_fault),
            Out::Pdf(_) => Err(CentralError::Inner { what: "drawing a list that is no list of orders" }),
        }
    }

    fn end(self, path: &Path, wish: &Wish<'_>, heads: &[&Head], titles: &[String]) -> Res<()> {
        match self {
            out @ (Out::Csv(_) | Out::Xlsx(..)) => out.finish(path),
            Out::Pdf(rows) => {
                let shown = format!("writing {}", path.display());
                let printed: Vec<usize> = (0..heads.len()).filter(|at| heads[*at].paper > 0).collect();
                let column = |at: &usize| ListColumn {
                    title: titles[*at].clone(),
                    share: heads[*at].paper,
                    figures: matches!(heads[*at].key, "column-total" | "column-items"),
                };
                let pick =
                    |row: Vec<String>| printed.iter().map(|at| row.get(*at).cloned().unwrap_or_default()).collect();
                let paper = List {
                    title: (wish.text)("console-orders"),
                    right: moment(wish.now.0, &wish.zone),
                    columns: printed.iter().map(column).collect(),
                    rows: rows.into_iter().map(pick).collect(),
                };
                let drawn = |_| CentralError::Inner { what: "drawing the list of orders" };
                let sheets = list(&paper, wish.words).map_err(drawn)?;
                std::fs::write(path, pdf::render(&sheets).map_err(drawn)?).map_err(file(shown))
            }
        }
    }
}
