//! Importing with a progress bar, and saying what became of every line.

use super::super::CliError;
use super::super::error::out;
use crate::central::services::import::online_retail::{self, Progress, Report};
use crate::config::CentralSettings;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};

/// Width of the bar in characters.
const BAR: u64 = 40;
/// Bad lines that are told one by one.
const BAD_SHOWN_MAX: usize = 20;

/// Imports an Online Retail file.
///
/// # Errors
/// If the file cannot be read, is another one, or the store fails; nothing is stored then.
pub(super) fn online_retail(settings: &CentralSettings, file: &Path, json: bool) -> Result<(), CliError> {
    // Looked at first: a wrong path must not make a database.
    std::fs::File::open(file).map_err(|source| CliError::File {
        what: "cannot read",
        path: file.to_owned(),
        source,
    })?;
    let central = super::open(settings)?;
    let bar = Bar::new();
    let done = online_retail::import_file(central.store(), file, &|p| bar.show(p));
    bar.end();
    let todo = "correct the file and run it again; nothing was stored";
    let report = done.map_err(|e| CliError::room(format!("{} was not imported", file.display()), todo, e))?;
    if json {
        let text = serde_json::to_string(&report).map_err(|e| CliError::room("the result cannot be written", "", e))?;
        return out(&format!("{text}\n"));
    }
    out(&told(&report))
}

fn told(r: &Report) -> String {
    let mut text = String::new();
    for (line, why) in r.bad_lines.iter().take(BAD_SHOWN_MAX) {
        text.push_str(&format!("line {line} left out: {why}\n"));
    }
    let shown = u64::try_from(r.bad_lines.len().min(BAD_SHOWN_MAX)).unwrap_or(u64::MAX);
    if r.bad > shown {
        text.push_str(&format!("… and {} more\n", r.bad - shown));
    }
    text.push_str(&format!(
        "Read {} lines: {} doubled, {} bad, {} invoices.\n",
        r.lines, r.duplicates, r.bad, r.invoices
    ));
    if r.unchanged {
        text.push_str("Nothing was new; nothing was changed.\n");
    } else {
        text.push_str(&format!(
            "New: {} orders ({} lines, {} fulfillments), {} returns, {} products, {} customers, {} guests, {} stock adjustments.\n",
            r.orders, r.order_lines, r.fulfillments, r.returns, r.products, r.customers, r.guests, r.adjustments
        ));
    }
    if r.return_lines_alone > 0 {
        text.push_str(&format!(
            "{} return lines belong to no order of the file and stand alone.\n",
            r.return_lines_alone
        ));
    }
    text
}

/// A line on a terminal that shows how far it is; silent elsewhere.
struct Bar {
    terminal: bool,
    percent: AtomicI64,
}

impl Bar {
    fn new() -> Bar {
        Bar { terminal: std::io::stderr().is_terminal(), percent: AtomicI64::new(-1) }
    }

    fn show(&self, progress: Progress) {
        let (what, part, whole) = match progress {
            Progress::Reading { bytes, bytes_total } => ("reading", bytes, bytes_total),
            Progress::Writing { rows, rows_total } => ("writing", rows, rows_total),
        };
        let percent = part.saturating_mul(100).checked_div(whole).unwrap_or(100).min(100);
        let before = self.percent.swap(i64::try_from(percent).unwrap_or(100), Ordering::Relaxed);
        if self.terminal && before.unsigned_abs() != percent {
            let full = usize::try_from(BAR * percent / 100).unwrap_or(0);
            let rest = usize::try_from(BAR).unwrap_or(0).saturating_sub(full);
            let line = format!("\r{what} [{}{}] {percent:>3} %", "#".repeat(full), " ".repeat(rest));
            // A bar that cannot be drawn is no reason to fail.
            let _ = std::io::stderr().write_all(line.as_bytes());
        }
    }

    fn end(&self) {
        if self.terminal && self.percent.load(Ordering::Relaxed) >= 0 {
            let _ = std::io::stderr().write_all(b"\r\x1b[K");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_lines_are_told_and_the_rest_counted() {
        let bad_lines = (0..25).map(|n| (n, "quantity".to_owned())).collect();
        let text = told(&Report { bad: 30, bad_lines, ..Report::default() });
        assert_eq!(text.matches("left out").count(), 20);
        assert!(text.contains("… and 10 more"), "{text}");
    }
}
