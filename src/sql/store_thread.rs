//! What a store thread does: take jobs, run each in a transaction, commit, answer, and mend its connection.
//!
//! The rules of repeating live here: a job runs again only if it may and if nothing of it can have been stored. This file
//! knows no SQL beyond the life of a transaction, and never lets a job's panic or failure reach another job.

use super::{
    conn::{Conn, Guard},
    error::{Res, SqlError},
    store::{Opener, Role},
};
use flume::{Receiver, RecvTimeoutError, Sender};
use std::{
    hash::{BuildHasher, RandomState},
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
    time::{Duration, Instant},
};

/// Savepoint around each job of a group.
const JOB: &str = "packbench_job";
/// How often one job is tried in all.
const ATTEMPTS_MAX: u32 = 6;
/// First pause before the next try; it doubles each time, and its length is random between half and whole.
const PAUSE_MS_FIRST: u64 = 4;
/// The same after a lost connection: servers need a second or two to restart.
const PAUSE_CLOSED_MS_FIRST: u64 = 100;
/// After a job waited for a connection in vain, others are refused at once for this long instead of each waiting too.
const REFUSED_FOR: Duration = Duration::from_millis(500);
/// A writer with nothing to do for this long tidies up (see [`Conn::idle`]).
const IDLE_AFTER: Duration = Duration::from_secs(2);

pub(super) fn stopped() -> SqlError {
    SqlError::closed("the store has stopped")
}

/// How a run of a job ended, before its transaction ends.
pub(super) enum Ran {
    /// To be committed.
    Fine,
    /// To be rolled back; with the fault if running it again may help.
    Failed(Option<SqlError>),
}

/// A closure of any type, as the threads see it.
pub(super) trait Job: Send {
    /// Runs the closure once and keeps what it returned.
    fn run(&mut self, conn: &mut dyn Conn) -> Ran;
    /// May it be run again?
    fn again(&self) -> bool;
    /// Answers the caller: with what the last run returned, or with the fault that kept it from being stored.
    fn settle(self: Box<Self>, end: Res<()>);
}

pub(super) struct Task<T, E, F> {
    job: F,
    again: bool,
    out: Option<Result<T, E>>,
    answer: Sender<Result<T, E>>,
}

impl<T, E, F> Task<T, E, F>
where
    T: Send + 'static,
    E: From<SqlError> + Send + 'static,
    F: FnMut(&mut dyn Conn) -> Result<T, E> + Send + 'static,
{
    /// The job and where its answer will arrive.
    pub(super) fn boxed(job: F, again: bool) -> (Box<dyn Job>, Receiver<Result<T, E>>) {
        let (answer, asked) = flume::bounded(1);
        let out = None;
        let task = Task { job, again, out, answer };
        (Box::new(task), asked)
    }
}

impl<T, E, F> Job for Task<T, E, F>
where
    T: Send + 'static,
    E: From<SqlError> + Send + 'static,
    F: FnMut(&mut dyn Conn) -> Result<T, E> + Send + 'static,
{
    fn run(&mut self, conn: &mut dyn Conn) -> Ran {
        let mut guard = Guard::new(conn);
        let out = catch_unwind(AssertUnwindSafe(|| (self.job)(&mut guard)));
        let fault = guard.finish();
        let transient = fault.as_ref().filter(|fault| fault.is_transient()).cloned();
        let (out, ran) = match (out, fault) {
            (Ok(Ok(value)), None) => (Ok(value), Ran::Fine),
            // A swallowed failure: PostgreSQL would not commit it, so neither engine does.
            (Ok(Ok(_)), Some(fault)) => (Err(E::from(fault)), Ran::Failed(transient)),
            (Ok(Err(error)), _) => (Err(error), Ran::Failed(transient)),
            (Err(_), _) => {
                tracing::error!("a store job panicked; its transaction is rolled back");
                // What it captured may be half changed.
                self.again = false;
                (Err(E::from(SqlError::Panicked)), Ran::Failed(None))
            }
        };
        self.out = Some(out);
        ran
    }

    fn again(&self) -> bool {
        self.again
    }

    fn settle(self: Box<Self>, end: Res<()>) {
        let answer = match (end, self.out) {
            (Ok(()), Some(out)) => out,
            (Ok(()), None) => Err(E::from(stopped())),
            (Err(fault), _) => Err(E::from(fault)),
        };
        // The caller may have stopped waiting; the work is done all the same.
        let _ = self.answer.send(answer);
    }
}

/// A thread's connection, opened anew when it is lost.
pub(super) struct Link {
    opener: Opener,
    role: Role,
    conn: Option<Box<dyn Conn>>,
    refused: Option<(Instant, SqlError)>,
}

impl Link {
    pub(super) fn new(opener: Opener, role: Role) -> Link {
        Link { opener, role, conn: None, refused: None }
    }

    /// The connection, opened if there is none.
    pub(super) fn conn(&mut self) -> Res<&mut dyn Conn> {
        if self.conn.as_ref().is_some_and(|conn| !conn.alive()) {
            self.conn = None;
        }
        if self.conn.is_none() {
            match (self.opener)(self.role) {
                Ok(conn) => {
                    self.refused = None;
                    self.conn = Some(conn);
                }
                Err(fault) => {
                    tracing::warn!(%fault, role = ?self.role, "no connection to the database");
                    self.refused = Some((Instant::now(), fault.clone()));
                    return Err(fault);
                }
            }
        }
        match &mut self.conn {
            Some(conn) => Ok(conn.as_mut()),
            None => Err(stopped()),
        }
    }

    /// Why no connection could be opened a moment ago.
    fn refused_lately(&self) -> Option<SqlError> {
        match &self.refused {
            Some((at, fault)) if at.elapsed() < REFUSED_FOR => Some(fault.clone()),
            Some(_) | None => None,
        }
    }

    /// A connection in a fresh transaction. One that turns out to be lost is replaced: nothing has run on it yet.
    fn begun(&mut self) -> Res<&mut dyn Conn> {
        let role = self.role;
        let begin = |conn: &mut dyn Conn| match role {
            Role::Writer => conn.begin(),
            Role::Reader => conn.begin_read(),
        };
        if let Err(fault) = begin(self.conn()?) {
            if !fault.is_closed() {
                return Err(fault);
            }
            self.conn = None;
            begin(self.conn()?)?;
        }
        match &mut self.conn {
            Some(conn) => Ok(conn.as_mut()),
            None => Err(stopped()),
        }
    }

    /// Rolls back; a connection that cannot even do that is dropped.
    fn rollback(&mut self) {
        if let Some(conn) = &mut self.conn
            && conn.rollback().is_err()
        {
            self.conn = None;
        }
    }

    /// Commits; after a failure the transaction is surely over.
    fn commit(&mut self) -> Res<()> {
        let end = match &mut self.conn {
            Some(conn) => conn.commit(),
            None => Err(stopped()),
        };
        match &end {
            Ok(()) => {}
            Err(fault) if fault.is_closed() => self.conn = None,
            Err(_) => self.rollback(),
        }
        match self.role {
            Role::Writer => end,
            // What was read is read.
            Role::Reader => Ok(()),
        }
    }
}

/// Serves until all senders are gone. Jobs cannot panic through to here; should the store itself, it goes on.
pub(super) fn serve_always(link: &mut Link, jobs: &Receiver<Box<dyn Job>>, group_max: usize) {
    while catch_unwind(AssertUnwindSafe(|| serve(link, jobs, group_max))).is_err() {
        tracing::error!("a store thread panicked and goes on with a new connection");
        link.conn = None;
    }
}

fn serve(link: &mut Link, jobs: &Receiver<Box<dyn Job>>, group_max: usize) {
    let mut tidy = true;
    loop {
        let wait = if tidy { Duration::MAX } else { IDLE_AFTER };
        let first = match wait_for(jobs, wait) {
            Ok(job) => job,
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                if let Some(Err(fault)) = link.conn.as_mut().map(|conn| conn.idle()) {
                    tracing::warn!(%fault, "tidying up the database failed");
                }
                tidy = true;
                continue;
            }
        };
        tidy = link.role == Role::Reader;
        if link.role == Role::Writer && group_max > 1 && !jobs.is_empty() {
            run_group(link, first, jobs, group_max);
        } else {
            run_alone(link, first);
        }
    }
}

fn wait_for(jobs: &Receiver<Box<dyn Job>>, wait: Duration) -> Result<Box<dyn Job>, RecvTimeoutError> {
    if wait == Duration::MAX {
        jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
    } else {
        jobs.recv_timeout(wait)
    }
}

/// One job, one transaction, tried again where that is safe.
fn run_alone(link: &mut Link, mut job: Box<dyn Job>) {
    if let Some(fault) = link.refused_lately() {
        return job.settle(Err(fault));
    }
    for attempt in 1..=ATTEMPTS_MAX {
        let last = attempt == ATTEMPTS_MAX;
        let ran = match link.begun() {
            Ok(conn) => job.run(conn),
            // It did not run this time, so even a job that runs only once may wait for the connection to come back.
            Err(fault) if fault.is_transient() && !last => {
                pause(attempt, &fault);
                continue;
            }
            Err(fault) => return job.settle(Err(fault)),
        };
        let end = match ran {
            Ran::Failed(transient) => {
                link.rollback();
                if let Some(fault) = transient
                    && job.again()
                    && !last
                {
                    pause(attempt, &fault);
                    continue;
                }
                Ok(())
            }
            Ran::Fine => link.commit(),
        };
        match end {
            Err(fault) if fault.is_transient() && job.again() && !last => pause(attempt, &fault),
            end => return job.settle(end),
        }
    }
}

/// A job that ran in a group.
struct Member {
    job: Box<dyn Job>,
    fine: bool,
    /// It failed for a reason that may pass.
    transient: bool,
}

/// As many waiting jobs as fit, in one transaction, each under a savepoint. If the whole transaction fails, each job that
/// may run again gets a transaction of its own, so that none pays for another.
fn run_group(link: &mut Link, first: Box<dyn Job>, jobs: &Receiver<Box<dyn Job>>, group_max: usize) {
    let Ok(conn) = link.begun() else {
        return run_alone(link, first);
    };
    let mut group: Vec<Member> = Vec::new();
    let mut next = Some(first);
    while let Some(mut job) = next.take() {
        if conn.savepoint(JOB).is_err() {
            next = Some(job);
            break;
        }
        let (fine, transient) = match job.run(conn) {
            Ran::Fine => (true, false),
            Ran::Failed(fault) => (false, fault.is_some()),
        };
        group.push(Member { job, fine, transient });
        let undone = if fine { Ok(()) } else { conn.rollback_to(JOB) };
        if let Err(fault) = undone.and_then(|()| conn.release(JOB)) {
            // The engine gave up the whole transaction (a full disk does that).
            link.rollback();
            return each_alone(link, group, &fault);
        }
        if group.len() < group_max {
            next = jobs.try_recv().ok();
        }
    }
    match link.commit() {
        Ok(()) => {
            for member in group {
                if member.transient && member.job.again() {
                    run_alone(link, member.job);
                } else {
                    member.job.settle(Ok(()));
                }
            }
        }
        // Perhaps stored: nothing may run a second time.
        Err(SqlError::Unknown { source }) => {
            for Member { job, fine, .. } in group {
                let source = source.clone();
                job.settle(if fine { Err(SqlError::Unknown { source }) } else { Ok(()) });
            }
        }
        Err(fault) => each_alone(link, group, &fault),
    }
    if let Some(job) = next {
        run_alone(link, job);
    }
}

/// After a group that was surely not stored. Failed jobs run again too: they may have failed because of what others of the
/// group had written.
fn each_alone(link: &mut Link, group: Vec<Member>, fault: &SqlError) {
    for Member { job, fine, .. } in group {
        if job.again() {
            run_alone(link, job);
        } else {
            job.settle(if fine { Err(fault.clone()) } else { Ok(()) });
        }
    }
}

/// Waits before the next attempt, a random while so that rivals do not meet again.
fn pause(attempt: u32, fault: &SqlError) {
    let first = match fault.root() {
        SqlError::Closed { .. } => PAUSE_CLOSED_MS_FIRST,
        _ => PAUSE_MS_FIRST,
    };
    let whole = first << attempt.min(5);
    let chance = RandomState::new().hash_one(attempt);
    thread::sleep(Duration::from_millis(whole / 2 + chance % (whole / 2 + 1)));
}
