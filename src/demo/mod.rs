//! The demo: a made warehouse around real orders, simulated packers that work it through the very same engine, devices,
//! labels, sync and server as people do, and an auditor that believes none of them and looks into the databases itself.
//!
//! Real: the orders (a week of the "Online Retail" data). Made up, and said so wherever it is shown: shelves, barcodes,
//! weights, sizes, stock, boxes, people, addresses. This room must never be asked for anything by another room but the
//! command line.

pub mod audit;
pub mod bench;
pub mod chance;
pub mod headless;
pub mod office;
pub mod packer;
pub mod week;
pub mod world;

pub use headless::{HeadlessOptions, Report, run};
pub use week::Data;

use crate::central::error::CentralError;
use crate::engine::EngineError;
use crate::sql::SqlError;
use std::path::PathBuf;

/// Why the demo could not go on. What it found wrong is no error: that stands in the report.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A file could not be read or written.
    #[error("{}: {source}; check that the path is right and the disk has room", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The server's side failed.
    #[error("central: {0}")]
    Central(#[from] CentralError),
    /// A database failed.
    #[error("database: {0}")]
    Sql(#[from] SqlError),
    /// A station's engine did not start.
    #[error("station: {0}")]
    Engine(#[from] EngineError),
    /// The data has fewer orders than were asked for.
    #[error("the file has {found} orders with goods and {asked} were asked for: use fewer, or another file")]
    TooFew {
        /// Orders in the file.
        found: usize,
        /// Orders asked for.
        asked: usize,
    },
    /// An option makes no sense.
    #[error("{0}")]
    Options(&'static str),
    /// A station could not be paired.
    #[error("station {station} was not paired: {why}")]
    Pairing {
        /// Its name.
        station: String,
        /// What was answered.
        why: String,
    },
    /// Something the program needs could not be started.
    #[error("{what} could not be started: {source}")]
    Start {
        /// What.
        what: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// A thread ended that must not.
    #[error("the thread {0} ended early; this is a fault of the program, please report it")]
    Thread(String),
}
