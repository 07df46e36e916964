//! The file in memory: lines grouped into invoices, duplicates dropped, each invoice told apart as order, return or
//! adjustment. Texts are kept once and referred to by number, so that the whole file takes some 40 MB. Nothing is stored
//! from here.

use super::classify::InvoiceKind;
use super::parse::{self, BadLine, Dates, Line};
use super::report::Report;
use super::{Counted, wrong_head};
use crate::central::error::{CentralError, Refusal, Res};
use csv::{ByteRecord, ReaderBuilder};
use flate2::bufread::MultiGzDecoder;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Read};

const HEAD: [&str; 8] =
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];
/// Most lines of one file.
const LINES_MAX: u64 = 5_000_000;
/// Lines between two reports of progress.
const PROGRESS_LINES: u64 = 16_384;

/// Texts kept once.
#[derive(Default)]
pub(super) struct Texts {
    all: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
}

impl Texts {
    fn put(&mut self, text: &str) -> u32 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        // More texts than lines are not possible, and lines are bounded far below 2^32.
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(text.into());
        self.known.insert(text.into(), number);
        number
    }

    pub fn get(&self, number: u32) -> &str {
        self.all.get(number as usize).map_or("", |text| text)
    }

    pub fn all(&self) -> &[Box<str>] {
        &self.all
    }
}

/// A line as kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Row {
    pub invoice: u32,
    pub code: u32,
    pub text: u32,
    pub quantity: i32,
    pub price_milli: i64,
    pub at_ms: i64,
}

/// An invoice and where its rows stand.
pub(super) struct Invoice {
    pub number: Box<str>,
    pub kind: InvoiceKind,
    pub customer: Option<u32>,
    pub country: u32,
    pub at_ms: i64,
    pub rows: std::ops::Range<usize>,
}

/// A customer with a number.
pub(super) struct Buyer {
    pub country: u32,
    pub first_ms: i64,
}

/// The whole file.
pub(super) struct Staged {
    pub codes: Texts,
    pub services: Vec<bool>,
    pub texts: Texts,
    pub countries: Texts,
    pub invoices: Vec<Invoice>,
    pub rows: Vec<Row>,
    pub buyers: BTreeMap<u32, Buyer>,
    pub report: Report,
}

impl Staged {
    /// The rows of an invoice.
    pub fn rows_of(&self, invoice: &Invoice) -> &[Row] {
        self.rows.get(invoice.rows.clone()).unwrap_or_default()
    }

    pub fn is_service(&self, code: u32) -> bool {
        self.services.get(code as usize).copied().unwrap_or(false)
    }

    /// Whether a row takes stock out of the book without a sale: below zero, goods, and no cancellation.
    pub fn is_adjustment(&self, invoice: &Invoice, row: &Row) -> bool {
        invoice.kind != InvoiceKind::Cancellation && row.quantity < 0 && !self.is_service(row.code)
    }

    /// The rows of an invoice that are lines of an order.
    pub fn order_rows<'a>(&'a self, invoice: &'a Invoice) -> impl Iterator<Item = &'a Row> {
        let sale = invoice.kind != InvoiceKind::Cancellation;
        self.rows_of(invoice).iter().filter(move |row| sale && !self.is_adjustment(invoice, row))
    }

    /// The newest price of each code that was sold for money, in thousandths.
    pub fn prices_milli(&self) -> Vec<Option<i64>> {
        let mut newest: Vec<Option<(i64, i64)>> = vec![None; self.codes.all().len()];
        for row in self.rows.iter().filter(|row| row.quantity > 0 && row.price_milli > 0) {
            if let Some(known) = newest.get_mut(row.code as usize)
                && known.is_none_or(|(at_ms, _)| at_ms <= row.at_ms)
            {
                *known = Some((row.at_ms, row.price_milli));
            }
        }
        newest.into_iter().map(|known| known.map(|(_, price)| price)).collect()
    }

    /// The name of each code: the text it was sold under most often. A code never sold for money has no name but
    /// itself, because its texts are remarks of the stock keeper ("check", "damaged").
    pub fn names(&self) -> Vec<String> {
        let mut counts: HashMap<(u32, u32), u32> = HashMap::new();
        for row in self.rows.iter().filter(|row| row.quantity > 0 && row.price_milli > 0) {
            if !self.texts.get(row.text).is_empty() {
                *counts.entry((row.code, row.text)).or_default() += 1;
            }
        }
        let mut best: Vec<Option<(u32, u32)>> = vec![None; self.codes.all().len()];
        for ((code, text), count) in counts {
            if let Some(slot) = best.get_mut(code as usize) {
                // Ties go to the text that stands first in the file, so that the result never depends on hashing.
                if slot.is_none_or(|(n, t)| count > n || (count == n && text < t)) {
                    *slot = Some((count, text));
                }
            }
        }
        self.codes
            .all()
            .iter()
            .zip(best)
            .map(|(code, best)| best.map_or_else(|| code.to_string(), |(_, text)| self.texts.get(text).to_owned()))
            .collect()
    }
}

enum Input<R: Read> {
    Plain(BufReader<Counted<R>>),
    Gzip(Box<MultiGzDecoder<BufReader<Counted<R>>>>),
}

impl<R: Read> Input<R> {
    fn of(counted: Counted<R>) -> std::io::Result<Input<R>> {
        let mut buffered = BufReader::with_capacity(1 << 16, counted);
        // RFC 1952, 2.3.1: a gzip member begins with 1F 8B.
        let packed = buffered.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        Ok(if packed { Input::Gzip(Box::new(MultiGzDecoder::new(buffered))) } else { Input::Plain(buffered) })
    }

    fn counted(&self) -> &Counted<R> {
        match self {
            Input::Plain(buffered) => buffered.get_ref(),
            Input::Gzip(packed) => packed.get_ref().get_ref(),
        }
    }

    fn into_counted(self) -> Counted<R> {
        match self {
            Input::Plain(buffered) => buffered.into_inner(),
            Input::Gzip(packed) => packed.into_inner().into_inner(),
        }
    }
}

impl<R: Read> Read for Input<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Input::Plain(buffered) => buffered.read(buf),
            Input::Gzip(packed) => packed.read(buf),
        }
    }
}

/// Reads it all. `progress` is called now and then.
///
/// # Errors
/// If the input cannot be read, is no CSV, or has another head line.
pub(super) fn read<R: Read>(
    counted: Counted<R>,
    zone: &str,
    progress: impl Fn(&Counted<R>),
) -> Res<(Staged, Counted<R>)> {
    let mut dates = Dates::of(zone).ok_or(Refusal::Field { field: "site.zone", why: "must be an IANA time zone" })?;
    let input = Input::of(counted).map_err(broken)?;
    let mut reader = ReaderBuilder::new().flexible(true).has_headers(false).from_reader(input);
    let mut record = ByteRecord::new();
    let mut gather = Gather::default();
    if !reader.read_byte_record(&mut record).map_err(csv_broken)? || !is_head(&record) {
        return Err(wrong_head());
    }
    while reader.read_byte_record(&mut record).map_err(csv_broken)? {
        let number = record.position().map_or(0, csv::Position::line);
        gather.report.lines += 1;
        if gather.report.lines > LINES_MAX {
            return Err(Refusal::Field { field: "file", why: "must have at most 5,000,000 lines" }.into());
        }
        if let Err(why) = parse::line(&record, &mut dates).and_then(|line| gather.take(&line)) {
            gather.report.bad(number, why);
        }
        if gather.report.lines.is_multiple_of(PROGRESS_LINES) {
            progress(reader.get_ref().counted());
        }
    }
    progress(reader.get_ref().counted());
    Ok((gather.done(), reader.into_inner().into_counted()))
}

fn is_head(record: &ByteRecord) -> bool {
    let plain = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').trim().to_owned();
    record.len() == HEAD.len() && record.iter().zip(HEAD).all(|(found, name)| plain(found) == name)
}

fn broken(source: std::io::Error) -> CentralError {
    CentralError::File { what: "reading the file; is it whole?".to_owned(), source }
}

fn csv_broken(error: csv::Error) -> CentralError {
    broken(std::io::Error::other(error))
}

#[derive(Default)]
struct Gather {
    codes: Texts,
    services: Vec<bool>,
    texts: Texts,
    countries: Texts,
    invoices: Vec<Invoice>,
    known: HashMap<Box<str>, u32>,
    last: Option<u32>,
    rows: Vec<Row>,
    report: Report,
}

impl Gather {
    fn take(&mut self, line: &Line<'_>) -> Result<(), BadLine> {
        let number = self.invoice(line)?;
        let code = self.codes.put(line.code);
        if code as usize == self.services.len() {
            self.services.push(line.service);
        }
        let text = self.texts.put(line.description);
        let quantity = i32::try_from(line.quantity).map_err(|_| BadLine::Quantity)?;
        let (price_milli, at_ms) = (line.price_milli, line.at_ms);
        self.rows.push(Row { invoice: number, code, text, quantity, price_milli, at_ms });
        Ok(())
    }

    /// The number of the line's invoice, a new one where it was not seen yet.
    fn invoice(&mut self, line: &Line<'_>) -> Result<u32, BadLine> {
        let country = self.countries.put(line.country);
        let last =
            self.last.filter(|last| self.invoices.get(*last as usize).is_some_and(|i| &*i.number == line.invoice));
        let number = match last.or_else(|| self.known.get(line.invoice).copied()) {
            Some(number) => number,
            None => {
                let number = u32::try_from(self.invoices.len()).map_err(|_| BadLine::Invoice)?;
                self.known.insert(line.invoice.into(), number);
                self.invoices.push(Invoice {
                    number: line.invoice.into(),
                    kind: line.kind,
                    customer: line.customer,
                    country,
                    at_ms: line.at_ms,
                    rows: 0..0,
                });
                number
            }
        };
        self.last = Some(number);
        let invoice = self.invoices.get_mut(number as usize).ok_or(BadLine::Invoice)?;
        if invoice.customer != line.customer || invoice.country != country {
            return Err(BadLine::Mixed);
        }
        invoice.at_ms = invoice.at_ms.min(line.at_ms);
        Ok(number)
    }

    /// Sorts rows by invoice, keeping their order within it, drops duplicates, and finds the customers.
    fn done(mut self) -> Staged {
        self.rows.sort_by_key(|row| row.invoice);
        let mut seen = HashSet::new();
        let mut current = u32::MAX;
        let before = self.rows.len();
        self.rows.retain(|row| {
            if row.invoice != current {
                current = row.invoice;
                seen.clear();
            }
            seen.insert(*row)
        });
        self.rows.shrink_to_fit();
        self.report.duplicates = (before - self.rows.len()) as u64;
        self.report.invoices = self.invoices.len() as u64;
        let mut at = 0;
        for (number, invoice) in self.invoices.iter_mut().enumerate() {
            let from = at;
            while self.rows.get(at).is_some_and(|row| row.invoice as usize == number) {
                at += 1;
            }
            invoice.rows = from..at;
        }
        let mut buyers: BTreeMap<u32, Buyer> = BTreeMap::new();
        for invoice in &self.invoices {
            if let Some(number) = invoice.customer {
                let new = Buyer { country: invoice.country, first_ms: invoice.at_ms };
                let buyer = buyers.entry(number).or_insert(new);
                buyer.first_ms = buyer.first_ms.min(invoice.at_ms);
            }
        }
        Staged {
            codes: self.codes,
            services: self.services,
            texts: self.texts,
            countries: self.countries,
            invoices: self.invoices,
            rows: self.rows,
            buyers,
            report: self.report,
        }
    }
}
