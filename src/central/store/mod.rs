//! Central's database: opening, migrating, backing up, and running services as one transaction each. SQL text of a
//! service lives in that service; what several need (the site row, changes, audit, bulk rows) lives here.

pub mod bulk;
pub mod chain;
pub mod lock;
pub mod schema;
pub mod sites;
pub mod work;

use crate::central::actor::Actor;
use crate::central::error::Res;
use crate::central::services::{pipelines, webhooks};
use crate::core::time::UtcMs;
use crate::protocol::wire::SiteId;
use crate::sql::{self, Conn, Db, DbOptions, Engine, Opener, Role, SqlError, Target};
use std::sync::Arc;
use tokio::sync::watch;
use work::{Context, Work};

/// Reads the wall clock, UTC ms. Injected, so that tests decide what time it is.
pub type Clock = Arc<dyn Fn() -> UtcMs + Send + Sync>;

/// The system's clock.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        UtcMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    })
}

/// Central's database for one site. Clones share its threads.
#[derive(Clone)]
pub struct Store {
    db: Db,
    target: Target,
    site: SiteId,
    clock: Clock,
    hint: Arc<watch::Sender<u64>>,
    _lock: Arc<lock::Held>,
}

impl Store {
    /// Opens a database that is up to date; see [`schema::migrate`].
    ///
    /// # Errors
    /// If the database cannot be opened, or holds no site.
    pub fn open(target: &Target, clock: Clock) -> Res<Store> {
        let lock = Arc::new(lock::share_file(target)?);
        let db = open(target)?;
        let site = db.read_blocking(|tx| sites::only(tx))?;
        let (hint, _) = watch::channel(0);
        Ok(Store { db, target: target.clone(), site, clock, hint: Arc::new(hint), _lock: lock })
    }

    /// The site this server serves.
    #[must_use]
    pub fn site(&self) -> SiteId {
        self.site
    }

    /// Where the database is.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The threads of the database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Now, by the injected clock.
    #[must_use]
    pub fn now(&self) -> UtcMs {
        (self.clock)()
    }

    /// Told after every commit that changed something a station pulls. A hint only: it may be late or missed.
    #[must_use]
    pub fn hints(&self) -> watch::Receiver<u64> {
        self.hint.subscribe()
    }

    /// Runs a service as one write transaction.
    ///
    /// # Errors
    /// The service's own, or the store's.
    pub async fn write<T, F>(&self, actor: Actor, mut service: F) -> Res<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Work<'_>) -> Res<T> + Send + 'static,
    {
        let ctx = self.context(actor);
        let (out, some) = self.db.write(move |tx| run(tx, &ctx, &mut service)).await?;
        self.tell(some);
        Ok(out)
    }

    /// [`Store::write`] for a thread that may block: the command line, a timer, a test.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_blocking<T, F>(&self, actor: Actor, mut service: F) -> Res<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Work<'_>) -> Res<T> + Send + 'static,
    {
        let ctx = self.context(actor);
        let (out, some) = self.db.write_blocking(move |tx| run(tx, &ctx, &mut service))?;
        self.tell(some);
        Ok(out)
    }

    /// Runs a question.
    ///
    /// # Errors
    /// The question's own, or the store's.
    pub async fn read<T, F>(&self, question: F) -> Res<T>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Conn) -> Res<T> + Send + 'static,
    {
        self.db.read(question).await
    }

    /// [`Store::read`] for a thread that may block.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_blocking<T, F>(&self, question: F) -> Res<T>
    where
        T: Send + 'static,
        F: FnMut(&mut dyn Conn) -> Res<T> + Send + 'static,
    {
        self.db.read_blocking(question)
    }

    fn context(&self, actor: Actor) -> Context {
        Context { site: self.site, actor, now: self.now() }
    }

    fn tell(&self, some: bool) {
        if some {
            self.hint.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}

/// What a refused part of a transaction is undone from lies in memory: a group of jobs keeps a few megabytes of it, which else went
/// through a temporary file that nobody ever reads. The one writer keeps more pages than a reader: it meets the same indexes over and
/// over, and a page it has to read again is time for which everybody waits.
const WRITER: &str = "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-40000";

/// The threads of a database that nobody may move away while they write: every connection that writes shares the lock.
fn open(target: &Target) -> Res<Db> {
    if *target == Target::Sqlite(":memory:".into()) {
        let what = "a database in memory cannot be shared by threads; give it a file".to_owned();
        return Err(SqlError::Address { what }.into());
    }
    let own = target.clone();
    let opener: Opener = Arc::new(move |role| match role {
        Role::Writer => {
            let mut conn = sql::open(&own)?;
            lock::share(conn.as_mut())?;
            if conn.engine() == Engine::Sqlite {
                conn.batch(WRITER)?;
            }
            Ok(conn)
        }
        Role::Reader => sql::open_read_only(&own),
    });
    Ok(Db::start(opener, DbOptions::of(target))?)
}

fn run<T>(tx: &mut dyn Conn, ctx: &Context, service: &mut dyn FnMut(&mut Work<'_>) -> Res<T>) -> Res<(T, bool)> {
    let mut work = Work::begin(tx, ctx.clone())?;
    let out = service(&mut work)?;
    pipelines::follow(&mut work)?;
    webhooks::enqueue(&mut work)?;
    let some = work.finish()?;
    Ok((out, some))
}
