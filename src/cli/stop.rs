//! The wish to end, from a signal or from the program itself, for everybody who waits for it.

use super::CliError;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Told once when the end is wished.
type Listener = Box<dyn Fn() + Send>;

#[derive(Default)]
struct Inside {
    wished: bool,
    listeners: Vec<Listener>,
}

/// The wish to end. Clones share it.
#[derive(Clone, Default)]
pub struct Stop(Arc<(Mutex<Inside>, Condvar)>);

impl Stop {
    /// A wish that SIGTERM, SIGHUP or Ctrl-C makes. One per process.
    ///
    /// # Errors
    /// If signals cannot be received.
    pub(super) fn by_signal() -> Result<Stop, CliError> {
        let stop = Stop::default();
        let wish = stop.clone();
        ctrlc::set_handler(move || wish.wish())
            .map_err(|e| CliError::room("signals cannot be received", "start the program again", e))?;
        Ok(stop)
    }

    /// Wishes the end.
    pub fn wish(&self) {
        let (inside, changed) = &*self.0;
        let mut inside = inside.lock().unwrap_or_else(PoisonError::into_inner);
        if !inside.wished {
            inside.wished = true;
            inside.listeners.iter().for_each(|tell| tell());
        }
        changed.notify_all();
    }

    /// Whether the end is wished.
    #[must_use]
    pub fn is_wished(&self) -> bool {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).wished
    }

    /// Tells `listener` when the end is wished, at once if it is already. It must not block or wish itself.
    pub fn listen(&self, listener: impl Fn() + Send + 'static) {
        let mut inside = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inside.wished {
            listener();
        } else {
            inside.listeners.push(Box::new(listener));
        }
    }

    /// Waits for the wish, at most so long; whether it is there.
    #[must_use]
    pub fn wait(&self, at_most: Duration) -> bool {
        let (inside, changed) = &*self.0;
        let guard = inside.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(guard, at_most, |i| !i.wished);
        waited.unwrap_or_else(PoisonError::into_inner).0.wished
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn listeners_hear_the_wish_once_also_when_they_come_late() {
        let (stop, (tell, told)) = (Stop::default(), channel());
        let early = tell.clone();
        stop.listen(move || early.send("early").unwrap());
        assert!(!stop.wait(Duration::ZERO));
        stop.wish();
        stop.wish();
        stop.listen(move || tell.send("late").unwrap());
        assert!(stop.wait(Duration::ZERO) && stop.is_wished());
        assert_eq!(told.try_iter().collect::<Vec<_>>(), ["early", "late"]);
    }
}
