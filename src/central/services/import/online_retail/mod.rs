//! Takes the UCI "Online Retail" file in: invoices become orders with one fulfillment each, cancellations become returns.
//!
//! Three parts: [`parse`] reads line by line and reports bad ones, [`stage`] groups lines into invoices in memory and
//! decides what each is, [`persist`] writes all of it in one transaction. Ids are UUIDv5 of site and invoice, so the same
//! file again finds everything there and changes nothing. Only what the file says is stored: no barcode, weight, bin
//! or address is made up here.

pub mod classify;
mod link;
mod parse;
mod persist;
mod report;
mod stage;

pub use parse::BadLine;
pub use report::Report;

use crate::central::actor::Actor;
use crate::central::error::{CentralError, Refusal, Res, file};
use crate::central::store::{Store, sites};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// How far an import is; what a progress bar draws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Bytes of the (packed) file read, of all.
    Reading {
        /// So far.
        bytes: u64,
        /// In all.
        bytes_total: u64,
    },
    /// Rows written, of about all.
    Writing {
        /// So far.
        rows: u64,
        /// In all.
        rows_total: u64,
    },
}

/// Reports of progress that may wait for the caller; further ones are dropped.
const PROGRESS_WAITING: usize = 16;

/// Told how far it is, from the thread that works.
pub type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Imports a file, plain or gzip (told by its first bytes), wholly or not at all.
///
/// # Errors
/// If the file cannot be read or has another head line, or the store fails. Nothing is stored then.
pub fn import_file(store: &Store, path: &Path, progress: OnProgress<'_>) -> Res<Report> {
    let shown = path.display();
    let packed = File::open(path).map_err(file(format!("opening {shown}; check the path")))?;
    let bytes_total = packed.metadata().map_err(file(format!("reading {shown}")))?.len();
    import(store, BufReader::with_capacity(1 << 16, packed), bytes_total, progress)
}

/// [`import_file`] for anything readable; `bytes_total` is for the progress alone.
///
/// # Errors
/// As [`import_file`].
pub fn import(store: &Store, input: impl Read, bytes_total: u64, progress: OnProgress<'_>) -> Res<Report> {
    let site = store.site();
    let zone = store.read_blocking(move |tx| Ok(sites::get(tx, site)?.zone))?;
    let counted = Counted { inner: input, bytes: 0, hash: Sha256::new() };
    let (staged, counted) = stage::read(counted, &zone, |counted: &Counted<_>| {
        progress(Progress::Reading { bytes: counted.bytes, bytes_total });
    })?;
    let hash = counted.hash.finalize().to_vec();
    // The store's thread runs the writing; what it tells of its progress is carried back here, to the caller's thread.
    let staged = Arc::new(staged);
    let (tell, told) = std::sync::mpsc::sync_channel(PROGRESS_WAITING);
    let tell = Mutex::new(tell);
    let writer = store.clone();
    std::thread::scope(|scope| {
        let work = std::thread::Builder::new()
            .name("import-writer".to_owned())
            .spawn_scoped(scope, move || {
                let result = writer.write_blocking(Actor::Job("import"), move |work| {
                    let tell = tell.lock().map(|tell| tell.clone()).map_err(|_| panicked())?;
                    persist::write(work, &staged, &hash, &move |progress| {
                        // The caller may be slow or have lost interest; the work goes on.
                        let _ = tell.try_send(progress);
                    })
                });
                drop(writer);
                result
            })
            .map_err(file("starting the import's thread"))?;
        for step in told {
            progress(step);
        }
        work.join().map_err(|_| panicked())?
    })
}

fn panicked() -> CentralError {
    CentralError::Inner { what: "the import's thread" }
}

/// Counts and hashes what passes.
struct Counted<R> {
    inner: R,
    bytes: u64,
    hash: Sha256,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.bytes += n as u64;
        self.hash.update(&buf[..n]);
        Ok(n)
    }
}

/// The file's head line is another one.
fn wrong_head() -> CentralError {
    Refusal::Field {
        field: "file",
        why: "the first line must be InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
    }
    .into()
}
