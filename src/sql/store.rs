//! Store threads: [`Db`] runs each closure as one transaction on a named thread that owns its connection.
//!
//! Async tasks and plain threads both hand in closures; none waits for anything but the answer, and no write lock is held
//! across an await. On SQLite one writer commits up to 64 waiting jobs at once, each under its own savepoint; PostgreSQL has
//! several writers and groups its own flushes. This file is what callers see; it never touches a connection itself:
//! `store_thread.rs` does.

use super::{
    conn::{Conn, open, open_read_only},
    error::{Res, SqlError},
    store_thread::{Job, Link, Task, serve_always, stopped},
    url::Target,
};
use flume::Sender;
use std::{
    sync::Arc,
    thread::{self, JoinHandle},
};

/// What a connection will be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Write transactions.
    Writer,
    /// Transactions that only read.
    Reader,
}

/// Opens one more connection; called on the store thread that will own it.
pub type Opener = Arc<dyn Fn(Role) -> Res<Box<dyn Conn>> + Send + Sync>;

/// How many threads serve a database, and how.
#[derive(Clone, Debug)]
pub struct DbOptions {
    /// First part of the threads' names.
    pub name: &'static str,
    /// Threads that write; exactly 1 on SQLite.
    pub writers: usize,
    /// Threads that read.
    pub readers: usize,
    /// Jobs that may wait in each of the two queues; callers wait beyond that.
    pub queue_max: usize,
    /// Write jobs committed at once; 1 means each alone.
    pub group_max: usize,
}

impl DbOptions {
    /// What suits the target's engine.
    pub fn of(target: &Target) -> DbOptions {
        let (writers, group_max) = match target {
            Target::Sqlite(_) => (1, 64),
            // Whoever changes a site locks it, so more would only wait for each other; and each plans its statements by itself.
            Target::Postgres(_) => (4, 1),
        };
        DbOptions { name: "store", writers, readers: 4, queue_max: 1024, group_max }
    }
}

/// A database served by threads of its own. Clones share them; when the last clone is dropped, the jobs already handed in
/// are finished, the connections closed and the threads joined, which blocks that long.
#[derive(Clone)]
pub struct Db(Arc<Threads>);

struct Threads {
    write: Option<Sender<Box<dyn Job>>>,
    read: Option<Sender<Box<dyn Job>>>,
    joins: Vec<JoinHandle<()>>,
}

impl Drop for Threads {
    fn drop(&mut self) {
        self.write = None;
        self.read = None;
        for join in self.joins.drain(..) {
            // A job may own the last clone: its thread cannot wait for itself.
            if join.thread().id() != thread::current().id() && join.join().is_err() {
                tracing::error!("a store thread ended by a panic");
            }
        }
    }
}

impl Db {
    /// Starts the threads for a target with the usual options. Waits until the first connection stands.
    ///
    /// # Errors
    /// Whatever [`open`] reports for the first connection; [`SqlError::Address`] for `:memory:`, which cannot be shared.
    pub fn open(target: &Target) -> Res<Db> {
        let options = DbOptions::of(target);
        Db::open_with(target, options)
    }

    /// Starts the threads for a target with other options.
    ///
    /// # Errors
    /// As [`Db::open`].
    pub fn open_with(target: &Target, options: DbOptions) -> Res<Db> {
        if *target == Target::Sqlite(":memory:".into()) {
            return Err(SqlError::Address {
                what: "a database in memory cannot be shared by threads; give it a file".to_owned(),
            });
        }
        let target = target.clone();
        let opener: Opener = Arc::new(move |role| match role {
            Role::Writer => open(&target),
            Role::Reader => open_read_only(&target),
        });
        Db::start(opener, options)
    }

    /// Starts the threads on connections of the caller's making.
    ///
    /// # Errors
    /// Whatever the opener reports for the first writer, or [`SqlError::Closed`] if a thread cannot be started.
    pub fn start(opener: Opener, options: DbOptions) -> Res<Db> {
        let (write, write_jobs) = flume::bounded(options.queue_max.max(1));
        let (read, read_jobs) = flume::bounded(options.queue_max.max(1));
        let (ready, first_is_open) = flume::bounded(1);
        let mut threads = Threads { write: Some(write), read: Some(read), joins: Vec::new() };
        let group_max = options.group_max.max(1);
        for (role, count, jobs) in
            [(Role::Writer, options.writers.max(1), write_jobs), (Role::Reader, options.readers.max(1), read_jobs)]
        {
            for number in 1..=count {
                let mut link = Link::new(Arc::clone(&opener), role);
                let jobs = jobs.clone();
                let first = (role == Role::Writer && number == 1).then(|| ready.clone());
                let kind = match role {
                    Role::Writer => "write",
                    Role::Reader => "read",
                };
                let join = thread::Builder::new()
                    .name(format!("{}-{kind}-{number}", options.name))
                    .spawn(move || {
                        if let Some(first) = first {
                            // Nobody listens only if the caller is gone.
                            let _ = first.send(link.conn().map(|_| ()));
                        }
                        serve_always(&mut link, &jobs, group_max);
                    })
                    .map_err(|error| SqlError::closed(&format!("no store thread: {error}")))?;
                threads.joins.push(join);
            }
            if role == Role::Writer {
                // The first writer makes the file and switches the journal before anyone reads it.
                first_is_open.recv().map_err(|_| SqlError::closed("the store thread ended"))??;
            }
        }
        Ok(Db(Arc::new(threads)))
    }

    /// Runs `job` as one write transaction and answers after it is durable. A job that returns an error is rolled back.
    ///
    /// The job may run several times: when another transaction was in the way or the connection was lost before the
    /// commit, it is rolled back and run again, up to six times. Dropping the future does not stop a job handed in.
    ///
    /// # Errors
    /// The job's own error, or the store's: [`SqlError::Unknown`] if the connection was lost during the commit,
    /// [`SqlError::Full`], [`SqlError::Busy`], [`SqlError::Closed`], [`SqlError::Panicked`] …
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<SqlError> + Send + 'static,
        F: FnMut(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask(self.0.write.as_ref(), job, true).await
    }

    /// As [`Db::write`] for a job that can run only once, because it gives away what it holds: it is not run again, not
    /// even when the group it was committed with failed for another's sake.
    ///
    /// # Errors
    /// As [`Db::write`], and [`SqlError::Retry`] or [`SqlError::Closed`] already at the first time.
    pub async fn write_once<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<SqlError> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask(self.0.write.as_ref(), once(job), false).await
    }

    /// Runs `job` as one transaction that only reads, all of it from one unchanging state of the database.
    ///
    /// # Errors
    /// The job's own error, or the store's; [`SqlError::ReadOnly`] if it tries to write.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<SqlError> + Send + 'static,
        F: FnMut(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask(self.0.read.as_ref(), job, true).await
    }

    /// [`Db::write`] for a thread: blocks until the answer. Never call it from an async task or from a store job.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub fn write_blocking<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<SqlError> + Send + 'static,
        F: FnMut(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask_blocking(self.0.write.as_ref(), job, true)
    }

    /// [`Db::write_once`] for a thread: blocks until the answer.
    ///
    /// # Errors
    /// As [`Db::write_once`].
    pub fn write_once_blocking<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<SqlError> + Send + 'static,
        F: FnOnce(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask_blocking(self.0.write.as_ref(), once(job), false)
    }

    /// [`Db::read`] for a thread: blocks until the answer.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_blocking<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<SqlError> + Send + 'static,
        F: FnMut(&mut dyn Conn) -> Result<T, E> + Send + 'static,
    {
        ask_blocking(self.0.read.as_ref(), job, true)
    }

    /// Jobs waiting to write and to read, for the operator's figures.
    pub fn waiting(&self) -> (usize, usize) {
        let len = |queue: &Option<Sender<Box<dyn Job>>>| queue.as_ref().map_or(0, Sender::len);
        (len(&self.0.write), len(&self.0.read))
    }
}

fn once<T, E: From<SqlError>, F>(job: F) -> impl FnMut(&mut dyn Conn) -> Result<T, E>
where
    F: FnOnce(&mut dyn Conn) -> Result<T, E>,
{
    let mut job = Some(job);
    move |tx| match job.take() {
        Some(job) => job(tx),
        None => Err(SqlError::closed("the job has run already").into()),
    }
}

async fn ask<T, E, F>(queue: Option<&Sender<Box<dyn Job>>>, job: F, again: bool) -> Result<T, E>
where
    T: Send + 'static,
    E: From<SqlError> + Send + 'static,
    F: FnMut(&mut dyn Conn) -> Result<T, E> + Send + 'static,
{
    let (task, answer) = Task::boxed(job, again);
    let queue = queue.ok_or_else(stopped)?;
    queue.send_async(task).await.map_err(|_| stopped())?;
    answer.recv_async().await.map_err(|_| stopped())?
}

fn ask_blocking<T, E, F>(queue: Option<&Sender<Box<dyn Job>>>, job: F, again: bool) -> Result<T, E>
where
    T: Send + 'static,
    E: From<SqlError> + Send + 'static,
    F: FnMut(&mut dyn Conn) -> Result<T, E> + Send + 'static,
{
    let (task, answer) = Task::boxed(job, again);
    let queue = queue.ok_or_else(stopped)?;
    queue.send(task).map_err(|_| stopped())?;
    answer.recv().map_err(|_| stopped())?
}
