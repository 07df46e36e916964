//! Storing photos on a thread of its own: file and folder are flushed before the engine hears of them, and neither the
//! engine nor the camera waits for the disk.

use super::port::Port;
use crate::core::ids::FulfillmentId;
use crate::core::message::Message;
use crate::devices::camera::{Photo, PhotoFailure};
use crate::engine::Input;
use crate::engine::input::PhotoOutcome;
use crate::storage::Blobs;
use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

/// Photos that may wait.
const WAITING_MAX: usize = 8;

/// What a camera answered.
pub struct Taken {
    /// The work it was asked for.
    pub fulfillment: FulfillmentId,
    /// The picture, or why there is none.
    pub outcome: Result<Photo, PhotoFailure>,
}

/// Starts the thread `photos`. It ends when all senders are dropped.
///
/// # Errors
/// If the system gives no thread.
pub fn start(blobs: Blobs, port: Port) -> io::Result<(SyncSender<Taken>, JoinHandle<()>)> {
    let (sender, inbox) = sync_channel(WAITING_MAX);
    let thread = thread::Builder::new().name("photos".to_owned()).spawn(move || run(&inbox, &blobs, &port))?;
    Ok((sender, thread))
}

fn run(inbox: &Receiver<Taken>, blobs: &Blobs, port: &Port) {
    for taken in inbox {
        let stored = taken.outcome.map_err(failure).and_then(|photo| {
            let bytes = u64::try_from(photo.bytes.len()).unwrap_or(u64::MAX);
            blobs.put(&photo.bytes).map(|hash| (hash, bytes)).map_err(|e| {
                tracing::error!(error = %e, "a photo was not stored");
                Message::new("recovery-full")
            })
        });
        let outcome = match stored {
            Ok((hash, bytes)) => PhotoOutcome::Stored { fulfillment: taken.fulfillment, hash, bytes },
            Err(why) => PhotoOutcome::Failed(why),
        };
        port.deliver("a photo", Input::Photo(outcome));
    }
}

/// What the packer reads.
pub(super) fn failure(why: PhotoFailure) -> Message {
    tracing::warn!(why = why.code(), "the camera gave no photo");
    match why {
        PhotoFailure::NotThere(reason) => super::news::lost(reason),
        PhotoFailure::Timeout => Message::new("device-lost-timeout"),
        PhotoFailure::HttpStatus(_)
        | PhotoFailure::TooLarge
        | PhotoFailure::NotAPicture
        | PhotoFailure::BadSides
        | PhotoFailure::NoNewPicture => Message::new("refusal-no-photo-detail"),
    }
}
