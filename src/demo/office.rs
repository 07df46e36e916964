//! The server's side of the demo: central on loopback over SQLite, fed with orders and the made warehouse, and what the
//! office does while packers pack: hand out pairing codes, call orders off, see what is still open.

use super::DemoError;
use super::week::{self, Cut};
use super::world::{self, Audience, Initial, World};
use crate::central::actor::Actor;
use crate::central::services::orders::{self, Cancelled};
use crate::central::services::{import, stations};
use crate::central::{Central, Settings};
use crate::sql::Target;
use crate::vals;
use std::borrow::Cow;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// The job that the server's log names.
const JOB: Actor = Actor::Job("demo");
/// Threads of the server's runtime; its database work has threads of its own.
const WORKERS: usize = 2;

/// Where an order stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Number of the order.
    pub number: String,
    /// State of its work: `released`, `packing`, `held`, `packed`, `cancelled` …
    pub state: String,
    /// Open or decided questions about it.
    pub exceptions: i64,
}

/// A running server and what it was fed with.
pub struct Office {
    central: Central,
    database: PathBuf,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Office {
    /// Opens central in a folder, tells it of the made house and its people, and serves on a free port of this machine.
    ///
    /// # Errors
    /// If the folder cannot be used or no port is free.
    pub fn open(folder: &Path, audience: Audience) -> Result<Office, DemoError> {
        let database = folder.join("central.db");
        let settings = Settings::new(Target::Sqlite(database.clone()), folder.join("photos"));
        let central = Central::open(&settings)?;
        world::furnish(central.store(), audience)?;
        let (address, stop, thread) = serve(&central)?;
        Ok(Office { central, database, address, stop: Some(stop), thread: Some(thread) })
    }

    /// Imports the orders and makes the goods around them. Orders that were imported before change nothing: then the
    /// warehouse is the one of before, if the seed is, and what lies on the shelves is not told.
    ///
    /// # Errors
    /// If the import or a service of the server fails.
    pub fn take_in(&self, cut: &Cut, seed: u64, audience: Audience) -> Result<(World, Initial), DemoError> {
        let store = self.central.store();
        let csv = match audience {
            Audience::Visitor => Cow::Owned(week::moved(&cut.csv, self.days_moved(&cut.csv)?)?),
            Audience::Packers => Cow::Borrowed(cut.csv.as_slice()),
        };
        let bytes = csv.len() as u64;
        let done = import::online_retail::import(store, csv.as_ref(), bytes, &|_| {})?;
        if done.unchanged {
            return Ok((world::again(store, seed)?, Initial::new()));
        }
        let made = world::stock_up(store, seed, audience)?;
        if audience == Audience::Visitor {
            world::first_for_visitors(store)?;
        }
        Ok(made)
    }

    /// How many days the orders' dates are moved, so that a visitor sees last week's orders and not those of 2010: by the
    /// file's own last day. Decided at the first start with a file and kept beside the database, under that day: a
    /// second start must find the same orders.
    fn days_moved(&self, csv: &[u8]) -> Result<i64, DemoError> {
        let Some(last) = week::last_day(csv) else { return Ok(0) };
        let path = self.database.with_file_name(format!("days-moved-{last}"));
        if let Some(days) = std::fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok()) {
            return Ok(days);
        }
        let days = week::days_until(last, jiff::Zoned::now().date());
        std::fs::write(&path, days.to_string()).map_err(|source| DemoError::File { path, source })?;
        Ok(days)
    }

    /// The server itself.
    #[must_use]
    pub fn central(&self) -> &Central {
        &self.central
    }

    /// The database's file.
    #[must_use]
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// The server's address, as a station is told it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// A pairing code for a station of that name.
    ///
    /// # Errors
    /// Any refusal of the server.
    pub fn pairing_code(&self, station: &str) -> Result<String, DemoError> {
        let name = station.to_owned();
        let new = self.central.store().write_blocking(JOB, move |work| stations::code(work, &name, "pack"))?;
        Ok(new.code)
    }

    /// Calls an order off, as somebody at a desk would.
    ///
    /// # Errors
    /// Any refusal of the server.
    pub fn cancel(&self, number: &str) -> Result<Cancelled, DemoError> {
        let (site, number) = (self.central.store().site(), number.to_owned());
        let id = self.central.store().read_blocking(move |tx| orders::id_of_number(tx, site, &number))?;
        Ok(self.central.store().write_blocking(JOB, move |work| orders::cancel(work, &id, "customer"))?)
    }

    /// Where all work stands.
    ///
    /// # Errors
    /// If the database fails.
    pub fn standing(&self) -> Result<Vec<Standing>, DemoError> {
        let site = self.central.store().site().to_string();
        let list = self.central.store().read_blocking(move |tx| -> crate::central::error::Res<Vec<Standing>> {
            let rows = tx.all(
                "SELECT o.number, f.state, (SELECT COUNT(*) FROM exceptions e WHERE e.fulfillment = f.id) AS exceptions \
                 FROM fulfillments f JOIN orders o ON o.id = f.order_id WHERE f.site = $1 ORDER BY o.number",
                vals![&site],
            )?;
            let standing = |row: &crate::sql::Row| {
                Ok(Standing { number: row.get("number")?, state: row.get("state")?, exceptions: row.get("exceptions")? })
            };
            rows.iter().map(standing).collect()
        })?;
        Ok(list)
    }

    /// Stops serving and waits for it.
    pub fn close(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.close();
    }
}

type Serving = (SocketAddr, oneshot::Sender<()>, JoinHandle<()>);

/// The server on a runtime of its own, on a thread of its own.
fn serve(central: &Central) -> Result<Serving, DemoError> {
    let start = |what| move |source| DemoError::Start { what, source };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name("central")
        .enable_all()
        .build()
        .map_err(start("the server's runtime"))?;
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0)))
        .map_err(start("listening on this machine"))?;
    let address = listener.local_addr().map_err(start("listening on this machine"))?;
    let (stop, stopped) = oneshot::channel::<()>();
    let central = central.clone();
    let thread = std::thread::Builder::new()
        .name("central-serve".to_owned())
        .spawn(move || {
            let until = async move {
                let _ = stopped.await;
            };
            if let Err(error) = runtime.block_on(central.serve(listener, until)) {
                tracing::error!(error = %error, "central stopped serving");
            }
            runtime.shutdown_timeout(std::time::Duration::from_secs(2));
        })
        .map_err(start("the server's thread"))?;
    Ok((address, stop, thread))
}
