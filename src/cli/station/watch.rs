//! Watches over the threads that a station cannot work without. One that ends with a panic ends the whole station in good order, with an
//! error and a status that is not 0, so that whoever keeps it running starts it again: a bench where scans go nowhere looks well and
//! is not. It must never end anything for another reason.

use crate::cli::{CliError, panics};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

type Listener = Box<dyn Fn() + Send>;

#[derive(Default)]
struct Inside {
    /// The first thread that broke off.
    broken: Option<String>,
    listener: Option<Listener>,
}

/// The watch over one station. Clones share it.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Inside>>);

impl Watch {
    /// What a thread holds for as long as the station needs it.
    #[must_use]
    pub fn guard(&self) -> Guard {
        Guard(self.clone())
    }

    /// Tells `listener` when a thread breaks off, at once if one has already. It must neither block nor panic.
    pub fn listen(&self, listener: impl Fn() + Send + 'static) {
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.broken.is_some() {
            listener();
        }
        inside.listener = Some(Box::new(listener));
    }

    /// Whether every thread is well, or ended as it should.
    ///
    /// # Errors
    /// The thread that broke off, and where.
    pub fn verdict(&self) -> Result<(), CliError> {
        let inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(thread) = inside.broken.as_ref() else { return Ok(()) };
        let place = panics::last().filter(|note| note.thread == *thread);
        let place = place.map_or_else(String::new, |note| format!(" (at {})", note.place));
        let what = format!("the station's thread {thread} broke off{place}; what was committed is safe");
        Err(CliError::plain(what, "start the station again, and report this: it is a fault of the program"))
    }

    fn broke(&self) {
        let name = thread::current().name().unwrap_or("without a name").to_owned();
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.broken.is_none() {
            inside.broken = Some(name);
            if let Some(tell) = &inside.listener {
                tell();
            }
        }
    }
}

/// Held by a thread that is watched. Clones are for other threads.
#[derive(Clone)]
pub struct Guard(Watch);

impl Drop for Guard {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.broke();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    fn end(name: &str, work: impl FnOnce() + Send + 'static) {
        let thread = thread::Builder::new().name(name.to_owned()).spawn(work).unwrap();
        drop(thread.join());
    }

    #[test]
    fn a_thread_that_breaks_off_is_named_and_told_of_once() {
        let (watch, (tell, told)) = (Watch::default(), channel());
        watch.listen(move || tell.send(()).unwrap());
        let guard = watch.guard();
        end("well", move || drop(guard));
        assert!(watch.verdict().is_ok() && told.try_recv().is_err(), "who ends as it should ends nothing else");
        for name in ["first", "second"] {
            let guard = watch.guard();
            end(name, move || {
                let _held = guard;
                panic!("on purpose");
            });
        }
        let said = watch.verdict().unwrap_err().to_string();
        assert!(said.contains("thread first broke off"), "{said}");
        assert_eq!(told.try_iter().count(), 1);
        let (late, heard) = channel();
        watch.listen(move || late.send(()).unwrap());
        assert_eq!(heard.try_iter().count(), 1, "who listens late is told at once");
    }
}
