//! Where the planners' commands read from: a file, a gzip file or standard input, and never without end.

use crate::cli::CliError;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// More than this is not read of one file.
const BYTES_MAX: u64 = 4 << 30;

/// Opens a file, unpacked where it is packed; `-` is standard input.
///
/// # Errors
/// If it cannot be opened.
pub(super) fn open(path: &Path) -> Result<Box<dyn BufRead>, CliError> {
    let raw: Box<dyn Read> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        let file = File::open(path);
        Box::new(file.map_err(|source| CliError::File { what: "cannot read", path: path.to_owned(), source })?)
    };
    let mut raw = BufReader::new(raw);
    let begins = raw.fill_buf();
    let begins = begins.map_err(|source| CliError::File { what: "cannot read", path: path.to_owned(), source })?;
    if begins.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(BufReader::new(MultiGzDecoder::new(raw).take(BYTES_MAX))));
    }
    Ok(Box::new(raw.take(BYTES_MAX)))
}

/// Tells a person what is wrong in a file, while the rest is answered.
pub(super) fn complain(file: &Path, problem: &dyn std::fmt::Display) {
    use std::io::Write as _;
    // Where standard error is closed there is nobody to tell; the exit status says it too.
    let _ = writeln!(std::io::stderr(), "packbench: {}: {problem}", file.display());
}
