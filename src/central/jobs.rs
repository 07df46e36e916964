//! What central does by itself while it serves: once at the start and then on a beat, each job in short transactions of its
//! own. A job that fails is logged and tried again with the next beat; it never stops the server.

use super::Shared;
use super::actor::Actor;
use super::error::Res;
use super::services::{idempotency, leases, messages, photos, products, stock, webhooks};
use super::{exporting, importing, many};
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// Time between two beats.
const BEAT: Duration = Duration::from_secs(30);
/// Who owes is looked for with every so many beats.
const OWED_BEATS: u64 = 10;
/// Most transactions of one job in one beat; what is left waits for the next.
const ROUNDS_MAX: u32 = 100;

/// Runs the jobs until the server closes.
pub(super) async fn run(shared: Arc<Shared>) {
    let mut closing = shared.closing.subscribe();
    let mut beat = interval(BEAT);
    match exporting::abandon(&shared).await {
        Ok(0) => {}
        Ok(left) => tracing::info!(left, "files of orders were left unfinished by the server before"),
        Err(error) => tracing::error!(%error, "files of orders left unfinished could not be noted"),
    }
    match importing::resume(&shared).await {
        Ok(0) => {}
        Ok(left) => tracing::info!(left, "lists that the server before was taking in are gone on with"),
        Err(error) => tracing::error!(%error, "lists left unfinished could not be looked for"),
    }
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut beats = 0;
    while !*closing.borrow() {
        tokio::select! {
            _ = beat.tick() => {}
            _ = closing.changed() => break,
        }
        each(&shared, beats).await;
        beats += 1;
    }
}

/// Every job once; so many beats were before.
async fn each(shared: &Arc<Shared>, beats: u64) {
    say(
        end_leases(shared).await,
        "unstarted work whose time was over is in the pool again",
        "ended leases were not put back",
    );
    say(
        exporting::sweep(shared).await,
        "files of orders older than a day are removed",
        "old files of orders were not removed",
    );
    say(importing::sweep(shared).await, "lists older than a week are removed", "old lists were not removed");
    let (did, failed) = ("jobs over many orders are gone on with", "jobs over many orders were not looked for");
    say(many::resume(shared).await, did, failed);
    say(many::sweep(shared).await, "jobs over many orders older than a week are removed", "old jobs were not removed");
    say(let_go(shared).await, "orders that waited for stock are let go", "orders waiting for stock were not looked at");
    say(forget_photos(shared).await, "photos that are kept no longer are deleted", "old photos were not deleted");
    say(learn_sizes(shared).await, "sizes are learnt from parcels", "parcels were not looked at for sizes");
    let reminded = remind(shared, beats.is_multiple_of(OWED_BEATS)).await;
    say(reminded, "customers who owe are reminded", "customers who owe were not looked for");
    let quiet = [
        (shared.follow_zone().await, "the site's zone was not looked at"),
        (mark_low(shared).await, "stock that runs out was not looked at"),
        (sweep_messages(shared).await, "old webhooks and mail were not swept"),
        (sweep_answers(shared).await, "old answers of programs were not swept"),
    ];
    for (done, failed) in quiet {
        say(done.map(|()| 0), "", failed);
    }
}

/// Says what a job did, where it did something, or why it could not.
fn say<T: Default + PartialEq + Display>(done: Res<T>, did: &'static str, failed: &'static str) {
    match done {
        Ok(count) if count == T::default() => {}
        Ok(count) => tracing::info!(%count, "{did}"),
        Err(error) => tracing::error!(%error, "{failed}; tried again in half a minute"),
    }
}

/// Lets go what waits for stock and lacks none; how many.
pub(super) async fn let_go(shared: &Shared) -> Res<u32> {
    let (site, mut released) = (shared.store.site(), 0);
    for _ in 0..ROUNDS_MAX {
        let ready = shared.store.read(move |tx| stock::ready(tx, site)).await?;
        if ready.is_empty() {
            break;
        }
        released += shared.store.write(Actor::Job("stock"), move |work| stock::release(work, &ready)).await?;
    }
    Ok(released)
}

/// Learns sizes that nobody measured from what was packed: a few products with every beat, since none is in a hurry.
async fn learn_sizes(shared: &Shared) -> Res<u32> {
    let site = shared.store.site();
    if !shared.store.read(move |tx| products::any_due(tx, site)).await? {
        return Ok(0);
    }
    shared.store.write(Actor::Job("sizes"), products::learn_sizes).await
}

/// Reminds of payments. Whether orders fell due is asked now and then: it reads all that are owed.
async fn remind(shared: &Shared, whole: bool) -> Res<u32> {
    let (site, now_ms) = (shared.store.site(), shared.store.now().0);
    let mut all = 0;
    for _ in 0..ROUNDS_MAX {
        if !shared.store.read(move |tx| messages::any_due(tx, site, now_ms, whole)).await? {
            break;
        }
        all += shared.store.write(messages::reminder(), messages::remind).await?;
    }
    if all > 0 {
        shared.wake_mail.notify_one();
    }
    Ok(all)
}

async fn mark_low(shared: &Shared) -> Res<()> {
    let site = shared.store.site();
    for _ in 0..ROUNDS_MAX {
        if !shared.store.read(move |tx| stock::low::any_to_mark(tx, site)).await? {
            break;
        }
        shared.store.write(Actor::Job("stock"), stock::low::mark_all).await?;
        // No station is told of it, so no hint wakes who sends.
        shared.wake.notify_one();
    }
    Ok(())
}

/// Old answers tell stations nothing, so no site is locked for them.
async fn sweep_answers(shared: &Shared) -> Res<()> {
    for _ in 0..ROUNDS_MAX {
        let now_ms = shared.store.now().0;
        if shared.store.db().write(move |tx| idempotency::sweep(tx, now_ms)).await? < idempotency::SWEPT_MAX {
            break;
        }
    }
    Ok(())
}

/// Old messages tell stations nothing either.
async fn sweep_messages(shared: &Shared) -> Res<()> {
    for _ in 0..ROUNDS_MAX {
        let now_ms = shared.store.now().0;
        if shared.store.db().write(move |tx| webhooks::sweep(tx, now_ms)).await? == 0 {
            break;
        }
    }
    let site = shared.store.site();
    for _ in 0..ROUNDS_MAX {
        let now_ms = shared.store.now().0;
        if shared.store.db().write(move |tx| messages::sweep(tx, site, now_ms)).await? == 0 {
            break;
        }
    }
    Ok(())
}

/// Stations learn nothing of it either: they keep photos by themselves.
async fn forget_photos(shared: &Shared) -> Res<u64> {
    let mut gone = 0;
    for _ in 0..ROUNDS_MAX {
        let (site, now_ms) = (shared.store.site(), shared.store.now().0);
        shared.store.db().write(move |tx| photos::erase_old(tx, site, now_ms)).await?;
        match photos::delete_erased(&shared.store, &shared.photos).await? {
            0 => break,
            some => gone += some,
        }
    }
    Ok(gone)
}

async fn end_leases(shared: &Shared) -> Res<u32> {
    let mut all = 0;
    for _ in 0..ROUNDS_MAX {
        let (site, now_ms) = (shared.store.site(), shared.store.now().0);
        if !shared.store.read(move |tx| leases::any_overdue(tx, site, now_ms)).await? {
            break;
        }
        let ended = shared.store.write(Actor::Job("leases"), leases::expire).await?;
        all += ended;
        if ended < leases::EXPIRED_MAX {
            break;
        }
    }
    Ok(all)
}
