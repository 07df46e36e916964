//! Writes files of orders and other lists in the background, a few at a time, and says how far each came. What a stopped server left is told as
//! such with the next start; files go after a day.

use super::Shared;
use super::actor::Actor;
use super::error::Res;
use super::services::exports::{self, KEPT_MS};
use super::services::orders::table::export::{Format, Wish, write};
use super::services::orders::table::{Filter, Sort};
use super::services::sheets::fields::Kind;
use super::services::sheets::takeout;
use crate::core::message::Arg;
use crate::i18n::{Catalogue, Lang};
use crate::labels::documents::Words;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Files that are written at the same time.
const AT_ONCE: usize = 2;

/// How far one is.
#[derive(Default)]
pub struct Way {
    rows: AtomicUsize,
    stop: AtomicBool,
}

/// What is being written.
pub struct Running {
    places: Arc<Semaphore>,
    ways: Mutex<BTreeMap<String, Arc<Way>>>,
}

impl Default for Running {
    fn default() -> Running {
        Running { places: Arc::new(Semaphore::new(AT_ONCE)), ways: Mutex::new(BTreeMap::new()) }
    }
}

impl Running {
    fn ways(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<Way>>> {
        self.ways.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Rows written of one that is being written.
    pub fn rows(&self, id: &str) -> Option<usize> {
        self.ways().get(id).map(|way| way.rows.load(Ordering::Relaxed))
    }

    /// Asks for the end of one.
    pub fn stop(&self, id: &str) {
        if let Some(way) = self.ways().get(id) {
            way.stop.store(true, Ordering::Relaxed);
        }
    }
}

/// Where files lie: beside the photos.
fn folder(shared: &Shared) -> PathBuf {
    shared.photos.folder.with_file_name("exports")
}

/// The file of one.
pub(crate) fn path(shared: &Shared, id: &str, format: &str) -> PathBuf {
    folder(shared).join(format!("{id}.{format}"))
}

/// What is to be written.
pub(crate) struct Order {
    pub id: String,
    pub format: Format,
    pub what: What,
    pub lang: Lang,
}

/// Which rows.
pub(crate) enum What {
    /// Orders as the table shows them.
    Orders(Box<Filter>, Sort),
    /// Another list, all of it.
    List(Kind),
}

/// The words on papers. Templates keep their places; the labels room fills them.
pub(crate) fn document_words(words: &Catalogue) -> Words {
    let place = |name: &'static str| (name, Arg::Text(format!("{{{name}}}")));
    Words::from_catalogue(|key| words.text_with(key, &[place("n"), place("m")]))
}

/// Writes it in the background.
pub(crate) fn start(shared: &Arc<Shared>, order: Order) {
    let way = Arc::new(Way::default());
    shared.exports.ways().insert(order.id.clone(), Arc::clone(&way));
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let id = order.id.clone();
        let place = Arc::clone(&shared.exports.places).acquire_owned().await;
        let writer = Arc::clone(&shared);
        let (of, format) = (Arc::clone(&way), order.format.word());
        let done = tokio::task::spawn_blocking(move || run(&writer, order, &of)).await;
        drop(place);
        let stopped = way.stop.load(Ordering::Relaxed);
        let (state, rows) = match done {
            Ok(Ok(rows)) if !stopped => ("done", rows),
            Ok(Ok(rows)) => ("stopped", rows),
            Ok(Err(error)) => {
                tracing::error!(%error, "a file of orders could not be written");
                ("failed", 0)
            }
            Err(_) => ("failed", 0),
        };
        let file = path(&shared, &id, format);
        let size = tokio::fs::metadata(&file).await.map_or(0, |file| i64::try_from(file.len()).unwrap_or(i64::MAX));
        if state != "done" {
            // A file that is not whole helps nobody.
            let _ = tokio::fs::remove_file(&file).await;
        }
        let (told, rows) = (id.clone(), i64::try_from(rows).unwrap_or(i64::MAX));
        let noted =
            shared.store.write(Actor::Job("export"), move |work| exports::end(work, &told, state, rows, size)).await;
        if let Err(error) = noted {
            tracing::error!(%error, "how a file of orders ended could not be written down");
        }
        shared.exports.ways().remove(&id);
    });
}

fn run(shared: &Shared, order: Order, way: &Way) -> Res<usize> {
    let words = shared.words.iter().find(|words| words.lang() == order.lang).unwrap_or(&shared.words[0]);
    let folder = folder(shared);
    std::fs::create_dir_all(&folder).map_err(super::error::file(format!("making the folder {}", folder.display())))?;
    let told = |rows: usize| {
        way.rows.store(rows, Ordering::Relaxed);
        if *shared.closing.borrow() {
            way.stop.store(true, Ordering::Relaxed);
        }
        !way.stop.load(Ordering::Relaxed)
    };
    let to = path(shared, &order.id, order.format.word());
    let (filter, sort) = match order.what {
        What::Orders(filter, sort) => (*filter, sort),
        What::List(kind) => {
            return takeout::write(&shared.store, kind, order.format, &to, &told);
        }
    };
    let wish = Wish {
        format: order.format,
        filter,
        sort,
        now: shared.store.now(),
        zone: words.format().zone(),
        text: &|key| words.text(key).into_owned(),
        words: &document_words(words),
    };
    write(&shared.store, &wish, &to, &told)
}

/// Tells what a server that ended left unfinished. Once, at the start.
pub(super) async fn abandon(shared: &Shared) -> Res<u64> {
    shared.store.write(Actor::Job("export"), exports::abandon).await
}

/// Removes the file of one that is forgotten; what writes it is asked to end, which removes it then.
pub(crate) async fn remove(shared: &Shared, id: &str, format: &str) {
    shared.exports.stop(id);
    // A file that is gone already is as wished.
    let _ = tokio::fs::remove_file(path(shared, id, format)).await;
}

/// Removes what is too old; how many.
pub(super) async fn sweep(shared: &Shared) -> Res<usize> {
    let (site, before) = (shared.store.site(), shared.store.now().0 - KEPT_MS);
    if !shared.store.read(move |tx| exports::any_old(tx, site, before)).await? {
        return Ok(0);
    }
    let old = shared.store.write(Actor::Job("export"), move |work| exports::sweep(work, before)).await?;
    for (id, format) in &old {
        remove(shared, id, format).await;
    }
    Ok(old.len())
}
