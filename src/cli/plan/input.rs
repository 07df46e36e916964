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
        return Ok(Box::new(BufReader::new(Bounded::new(MultiGzDecoder::new(raw)))));
    }
    Ok(Box::new(BufReader::new(Bounded::new(raw))))
}

/// Reads so much and says when there is more: a file that ends silently in the middle would pass for a whole one.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R> Bounded<R> {
    fn new(inner: R) -> Bounded<R> {
        Bounded { inner, left: BYTES_MAX }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(into)?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            std::io::Error::other(format!("it has more than {} GiB; part it into several", BYTES_MAX >> 30))
        })?;
        Ok(read)
    }
}

/// Tells a person what is wrong in a file, while the rest is answered.
pub(super) fn complain(file: &Path, problem: &dyn std::fmt::Display) {
    use std::io::Write as _;
    // Where standard error is closed there is nobody to tell; the exit status says it too.
    let _ = writeln!(std::io::stderr(), "packbench: {}: {problem}", file.display());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_may_be_read_is_said_and_is_no_end() {
        let bounded = |left| Bounded { inner: &b"0123456789"[..], left };
        let mut text = Vec::new();
        assert_eq!(bounded(10).read_to_end(&mut text).unwrap(), 10);
        assert!(bounded(9).read_to_end(&mut text).unwrap_err().to_string().contains("more than 4 GiB"));
    }
}
