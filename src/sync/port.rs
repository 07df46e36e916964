//! The doors to the engine and to the photo files, as this room needs them. They must never wait.

use crate::core::ids::PhotoHash;
use crate::engine::Input;
use std::io;
use std::sync::Arc;

/// The engine's door. The engine's handle implements it; tests put their own behind it.
pub trait EnginePort: Send + Sync {
    /// Hands an input over without waiting.
    ///
    /// # Errors
    /// [`Unsent`]; a full channel gives the input back, so that it can be handed over later.
    fn send(&self, input: Input) -> Result<(), Unsent>;
}

/// Why an input was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Unsent {
    /// The channel is full; here it is back.
    #[error("the engine is busy; try again soon")]
    Busy(Box<Input>),
    /// The engine has stopped.
    #[error("the engine has stopped")]
    Gone,
}

/// Reads at most `max` bytes of a photo, from `offset` on.
pub type BlobReader = Arc<dyn Fn(PhotoHash, u64, usize) -> io::Result<Vec<u8>> + Send + Sync>;
