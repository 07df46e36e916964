//! The orders the demo works on: a real week of a gift retailer, or another file of the same form, cut after the first so
//! many invoices that have something to send. Nothing here is made up.

use super::DemoError;
use crate::central::services::import::online_retail::classify::{self, InvoiceKind};
use flate2::read::MultiGzDecoder;
use std::collections::HashSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The shipped week; source and licence lie beside it.
const WEEK: &[u8] = include_bytes!("../../assets/demo/week.csv.gz");
/// Largest file that is read, unpacked; the whole data set has 46 MB.
const BYTES_MAX: u64 = 512 << 20;

/// Which orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// The shipped week.
    Week,
    /// A file of the same form, plain or gzip.
    Path(PathBuf),
}

/// A file cut to what is worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The file's text up to there, to be imported as it is.
    pub csv: Vec<u8>,
    /// Numbers of the invoices with something to send, in the file's order.
    pub shippable: Vec<String>,
}

/// The file up to the end of its `orders`-th shippable invoice; all of it with `None`.
///
/// # Errors
/// If the file cannot be read.
pub fn cut(data: &Data, orders: Option<usize>) -> Result<Cut, DemoError> {
    let bytes = match data {
        Data::Week => unpack(WEEK, Path::new("week.csv.gz"))?,
        Data::Path(path) => {
            let packed = std::fs::read(path).map_err(|source| DemoError::File { path: path.clone(), source })?;
            unpack(&packed, path)?
        }
    };
    Ok(first(&bytes, orders.unwrap_or(usize::MAX)))
}

/// The last day on which the file has an order; none where no line has a date.
#[must_use]
pub fn last_day(csv: &[u8]) -> Option<jiff::civil::Date> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(csv);
    let mut record = csv::ByteRecord::new();
    let mut last = None;
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        last = last.max(record.get(4).and_then(date).map(|(day, _)| day));
    }
    last
}

/// Days to move a file's orders by, so that those of its last day are from the day before `today`.
#[must_use]
pub fn days_until(last: jiff::civil::Date, today: jiff::civil::Date) -> i64 {
    today.since(last).map_or(0, |span| i64::from(span.get_days()) - 1)
}

/// The same lines with every date moved by whole days; a line whose date cannot be read stays as it is.
///
/// # Errors
/// If the lines cannot be written again.
pub fn moved(csv: &[u8], days: i64) -> Result<Vec<u8>, DemoError> {
    let fault = |source: csv::Error| DemoError::File { path: PathBuf::from("week.csv"), source: source.into() };
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).from_reader(csv);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::with_capacity(csv.len()));
    for record in reader.byte_records() {
        let record = record.map_err(fault)?;
        let fields = record.iter().enumerate().map(|(n, field)| match n {
            4 => moved_date(field, days).map_or_else(|| field.to_vec(), String::into_bytes),
            _ => field.to_vec(),
        });
        writer.write_record(fields).map_err(fault)?;
    }
    writer.into_inner().map_err(|e| fault(csv::Error::from(e.into_error())))
}

/// Day and time of day of a date as the file writes it.
fn date(field: &[u8]) -> Option<(jiff::civil::Date, &str)> {
    let (day, clock) = std::str::from_utf8(field).ok()?.split_once(' ')?;
    Some((day.parse().ok()?, clock))
}

fn moved_date(field: &[u8], days: i64) -> Option<String> {
    let (day, clock) = date(field)?;
    let day = day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()?;
    Some(format!("{day} {clock}"))
}

fn unpack(bytes: &[u8], path: &Path) -> Result<Vec<u8>, DemoError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes.to_vec());
    }
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes)
        .take(BYTES_MAX)
        .read_to_end(&mut out)
        .map_err(|source| DemoError::File { path: path.to_path_buf(), source })?;
    Ok(out)
}

/// An invoice's lines stand together, so the file can be cut before the first line of the next invoice.
fn first(bytes: &[u8], orders: usize) -> Cut {
    let mut shippable: Vec<String> = Vec::new();
    let mut known: HashSet<String> = HashSet::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut end = bytes.len();
    let mut record = csv::ByteRecord::new();
    let mut last = String::new();
    loop {
        let at = usize::try_from(reader.position().byte()).unwrap_or(bytes.len());
        if !reader.read_byte_record(&mut record).unwrap_or(false) {
            break;
        }
        let text = |n: usize| record.get(n).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or_default().trim();
        let (invoice, code, quantity) = (text(0), text(1), text(3));
        if shippable.len() >= orders && invoice != last {
            end = at;
            break;
        }
        if invoice != last {
            invoice.clone_into(&mut last);
        }
        let sale = classify::invoice_kind(invoice) == Some(InvoiceKind::Sale);
        let goods = !code.is_empty() && !classify::is_service(code) && !quantity.starts_with(['-', '0']);
        if sale && goods && known.insert(invoice.to_owned()) {
            shippable.push(invoice.to_owned());
        }
    }
    Cut { csv: bytes.get(..end).unwrap_or(bytes).to_vec(), shippable }
}
