//! Lines of JSON from a file or standard input, plain or gzip, and lines of JSON out. What is wrong is told with its line.

use super::super::CliError;
use flate2::bufread::MultiGzDecoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::Path;

/// Longest line.
const LINE_BYTES_MAX: u64 = 16 << 20;
/// The byte order mark in UTF-8.
pub(super) const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads cases and writes what `answer` makes of each. Lines before a wrong one are written.
///
/// # Errors
/// If the input cannot be read, a line is no case, or `answer` says what is wrong with it.
pub(super) fn each<C: DeserializeOwned, A: Serialize>(
    file: &Path,
    mut answer: impl FnMut(C) -> Result<Option<A>, String>,
) -> Result<(), CliError> {
    let mut input = open(file)?;
    let mut output = BufWriter::new(std::io::stdout().lock());
    let (mut number, mut line) = (0_u64, Vec::new());
    loop {
        line.clear();
        number += 1;
        let wrong = |why: String| {
            CliError::plain(format!("line {number}: {why}"), "correct the line; those before it are done")
        };
        let read = input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line);
        let read = read.map_err(|e| CliError::room(format!("line {number} cannot be read"), "check the file", e))?;
        if read == 0 {
            break;
        }
        if read as u64 == LINE_BYTES_MAX {
            return Err(wrong(format!("longer than {} MiB", LINE_BYTES_MAX >> 20)));
        }
        // Some editors put a mark of their own before the first letter.
        if number == 1 && line.starts_with(&MARK) {
            line.drain(..MARK.len());
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let case = serde_json::from_slice(&line).map_err(|e| wrong(format!("no case: {e}")))?;
        let Some(told) = answer(case).map_err(wrong)? else { continue };
        match write(&mut output, &told) {
            Ok(()) => {}
            // A reader that has gone (`| head`) is no failure.
            Err(e) if e.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(source) => return Err(unwritten(source)),
        }
    }
    match output.flush() {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(unwritten(e)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn write(output: &mut impl Write, told: &impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *output, told)?;
    output.write_all(b"\n")
}

fn unwritten(source: std::io::Error) -> CliError {
    CliError::System { what: "the result cannot be written".to_owned(), source }
}

/// The input without its compression. A file named `-` is standard input.
fn open(file: &Path) -> Result<Box<dyn BufRead>, CliError> {
    let trouble = |source| CliError::File { what: "cannot read", path: file.to_owned(), source };
    let raw: Box<dyn Read> = if file == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(std::fs::File::open(file).map_err(trouble)?)
    };
    let mut raw = BufReader::new(raw);
    let packed = raw.fill_buf().map_err(trouble)?.starts_with(&GZIP);
    Ok(if packed { Box::new(BufReader::new(MultiGzDecoder::new(raw))) } else { Box::new(raw) })
}
