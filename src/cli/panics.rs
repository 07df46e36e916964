//! What happens when a thread panics: thread and place are logged and kept, what it worked on is not, because it may
//! hold personal data.

use std::sync::{Mutex, PoisonError};

/// Where a thread panicked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Name of the thread.
    pub thread: String,
    /// File and line.
    pub place: String,
}

static LAST: Mutex<Option<Note>> = Mutex::new(None);

/// The last panic of this run, for the window.
#[must_use]
pub fn last() -> Option<Note> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Installs the hook. It replaces the standard one, which prints the message of the panic.
pub(super) fn install() {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(|| "unknown".to_owned(), |l| format!("{}:{}", l.file(), l.line()));
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        if tracing::enabled!(tracing::Level::ERROR) {
            tracing::error!(thread, place, "a thread panicked; this is a fault of the program, please report it");
        } else {
            eprintln!(
                "packbench: thread {thread} panicked at {place}; this is a fault of the program, please report it"
            );
        }
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = Some(Note { thread, place });
    }));
}
