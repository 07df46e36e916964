//! News of orders for the console: one reader of the changes, however many listen. It begins with the first listener and ends with
//! the last. News say which orders changed and when they were placed, nothing of a person; a listener that was too slow is
//! told that everything may have changed.

use super::Shared;
use super::error::Res;
use crate::protocol::wire::SiteId;
use crate::sql::Conn;
use crate::vals;
use axum::response::sse::Event;
use futures_util::Stream;
use futures_util::stream::unfold;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, broadcast, watch};

/// Most listeners at a time.
pub const LISTENERS_MAX: usize = 1_200;
/// Most customers who listen at a time; their pages ask again by themselves where there is no place.
const CUSTOMERS_MAX: usize = 600;
/// Most changes told at once; more are "everything".
const CHANGES_MAX: i64 = 200;
/// News that a listener may be behind.
const BEHIND_MAX: usize = 64;
/// Changes that come close together are told together.
const GATHER: Duration = Duration::from_millis(25);

/// What is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct News {
    /// Ids of orders that changed, with when they were placed, UTC ms.
    pub orders: Vec<(String, i64)>,
    /// More changed than is named.
    pub all: bool,
}

/// Where the one reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reader {
    /// Nobody listens, so none reads.
    Away,
    /// It finds out from where on it tells.
    Beginning,
    /// What is committed from now on is told.
    Reading,
}

/// Where listeners meet the one reader.
pub struct Feed {
    news: broadcast::Sender<Arc<News>>,
    places: Arc<Semaphore>,
    customers: Arc<Semaphore>,
    reader: watch::Sender<Reader>,
}

impl Default for Feed {
    fn default() -> Feed {
        Feed {
            news: broadcast::channel(BEHIND_MAX).0,
            places: Arc::new(Semaphore::new(LISTENERS_MAX)),
            customers: Arc::new(Semaphore::new(CUSTOMERS_MAX)),
            reader: watch::channel(Reader::Away).0,
        }
    }
}

/// One who listens.
struct Listener {
    news: broadcast::Receiver<Arc<News>>,
    closing: watch::Receiver<bool>,
    /// Hears of this order alone, and nothing but that it changed.
    only: Option<String>,
    _place: OwnedSemaphorePermit,
}

/// A stream of `changed` events for one listener; none if all places are taken. What is committed from now on is told.
pub(crate) async fn listen(shared: &Arc<Shared>) -> Option<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let place = Arc::clone(&shared.feed.places).try_acquire_owned().ok()?;
    Some(stream(shared, place, None).await)
}

/// A stream of `changed` events for a customer who looks at one order; none if all places are taken.
pub(crate) async fn listen_to(
    shared: &Arc<Shared>,
    order: String,
) -> Option<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let place = Arc::clone(&shared.feed.customers).try_acquire_owned().ok()?;
    Some(stream(shared, place, Some(order)).await)
}

async fn stream(
    shared: &Arc<Shared>,
    place: OwnedSemaphorePermit,
    only: Option<String>,
) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let (news, closing) = (shared.feed.news.subscribe(), shared.closing.subscribe());
    let listener = Listener { news, closing, only, _place: place };
    begin(shared).await;
    unfold(listener, |mut listener| async move {
        let news = listener.next().await?;
        let data = match &listener.only {
            Some(_) => "{}".to_owned(),
            None => serde_json::to_string(&*news).unwrap_or_default(),
        };
        Some((Ok(Event::default().event("changed").data(data)), listener))
    })
}

impl Listener {
    /// The next news that this one hears of; none when there will be no more.
    async fn next(&mut self) -> Option<Arc<News>> {
        loop {
            let news = self.any().await?;
            let heard = |order: &String| news.all || news.orders.iter().any(|(id, _)| id == order);
            if self.only.as_ref().is_none_or(heard) {
                return Some(news);
            }
        }
    }

    async fn any(&mut self) -> Option<Arc<News>> {
        let listener = self;
        if *listener.closing.borrow() {
            return None;
        }
        let news = tokio::select! {
            news = listener.news.recv() => match news {
                Ok(news) => news,
                Err(broadcast::error::RecvError::Lagged(_)) => Arc::new(News { orders: Vec::new(), all: true }),
                Err(broadcast::error::RecvError::Closed) => return None,
            },
            _ = listener.closing.changed() => return None,
        };
        Some(news)
    }
}

/// Starts the reader if none reads, and waits until it has begun.
async fn begin(shared: &Arc<Shared>) {
    let mut reader = shared.feed.reader.subscribe();
    let away = shared.feed.reader.send_if_modified(|reader| {
        let away = *reader == Reader::Away;
        if away {
            *reader = Reader::Beginning;
        }
        away
    });
    if away {
        // From before the first read on, so that nothing falls between.
        let hints = shared.store.hints();
        tokio::spawn(read(Arc::clone(shared), hints));
    }
    // The sender lives as long as the server; a reader that went away again has no more to tell.
    let _ = reader.wait_for(|reader| *reader != Reader::Beginning).await;
}

async fn read(shared: Arc<Shared>, mut hints: watch::Receiver<u64>) {
    let mut closing = shared.closing.subscribe();
    let site = shared.store.site();
    let mut last = shared.store.read(move |tx| newest(tx, site)).await.ok();
    shared.feed.reader.send_replace(Reader::Reading);
    loop {
        let alive = tokio::select! {
            changed = hints.changed() => changed.is_ok(),
            _ = closing.changed() => false,
            () = tokio::time::sleep(Duration::from_secs(10)) => true,
        };
        // Under the lock under which a listener looks whether it must start one: it has subscribed by then.
        let gone = shared.feed.reader.send_if_modified(|reader| {
            let gone = !alive || shared.feed.news.receiver_count() == 0;
            if gone {
                *reader = Reader::Away;
            }
            gone
        });
        if gone {
            return;
        }
        tokio::time::sleep(GATHER).await;
        hints.mark_unchanged();
        let from = last;
        let told = shared.store.read(move |tx| since(tx, site, from)).await;
        match told {
            Ok((newest, _)) if Some(newest) == last => {}
            Ok((newest, news)) => {
                last = Some(newest);
                // Nobody may listen any more; that is no fault.
                let _ = shared.feed.news.send(Arc::new(news));
            }
            Err(error) => tracing::warn!(%error, "news of orders could not be read; the next change tries again"),
        }
    }
}

fn newest(tx: &mut dyn Conn, site: SiteId) -> Res<i64> {
    Ok(tx.int("SELECT gseq FROM sites WHERE id = $1", vals![site.to_string()])?)
}

/// What changed after a number, and the newest number. Without a number anything may have changed.
fn since(tx: &mut dyn Conn, site: SiteId, last: Option<i64>) -> Res<(i64, News)> {
    let newest = newest(tx, site)?;
    let Some(last) = last else { return Ok((newest, News { orders: Vec::new(), all: true })) };
    let rows = tx.all(
        "SELECT o.id, o.placed_ms FROM changes c LEFT JOIN fulfillments f ON c.kind = 'fulfillment' AND f.id = c.record \
         JOIN orders o ON o.id = COALESCE(f.order_id, c.record) WHERE c.site = $1 AND c.gseq > $2 \
         AND c.kind IN ('order', 'fulfillment') ORDER BY c.gseq LIMIT $3",
        vals![site.to_string(), last, CHANGES_MAX + 1],
    )?;
    if i64::try_from(rows.len()).is_ok_and(|count| count > CHANGES_MAX) {
        return Ok((newest, News { orders: Vec::new(), all: true }));
    }
    let orders: BTreeMap<String, i64> = rows.iter().map(|row| Ok((row.at(0)?, row.at(1)?))).collect::<Res<_>>()?;
    Ok((newest, News { orders: orders.into_iter().collect(), all: false }))
}
