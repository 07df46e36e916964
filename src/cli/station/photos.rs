//! Finishing and storing photos on a thread of its own: upright, within their budget, with what they are of printed below; file and
//! folder are flushed before the engine hears of them. Neither the engine nor the camera waits for any of it.

use super::port::Port;
use crate::config::LabelCheck;
use crate::core::ids::{FulfillmentId, PhotoHash};
use crate::core::message::Message;
use crate::core::time::UtcMs;
use crate::devices::DeviceId;
use crate::devices::camera::develop::{self, Development, LabelSeen};
use crate::devices::camera::{Photo, PhotoFailure};
use crate::engine::Input;
use crate::engine::input::{LabelInPhoto, PhotoNote, PhotoOutcome};
use crate::storage::Blobs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use uuid::Uuid;

/// Photos that may wait.
const WAITING_MAX: usize = 8;

/// What a photo was asked for: it travels to the camera and back as the name of the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The work.
    pub fulfillment: FulfillmentId,
    /// What it is of.
    pub note: PhotoNote,
}

impl Wanted {
    /// The name of the request.
    #[must_use]
    pub fn request(&self) -> String {
        let PhotoNote { order, parcel, sscc } = &self.note;
        format!("{} {parcel} {} {order}", self.fulfillment.0, sscc.as_deref().unwrap_or("-"))
    }

    /// What a request was for; none for one that has no order.
    #[must_use]
    pub fn of(request: &str) -> Option<Wanted> {
        let mut words = request.splitn(4, ' ');
        let fulfillment = FulfillmentId(Uuid::try_parse(words.next()?).ok()?);
        let parcel = words.next()?.parse().ok()?;
        let sscc = words.next().filter(|word| *word != "-").map(str::to_owned);
        let order = words.next()?.to_owned();
        Some(Wanted { fulfillment, note: PhotoNote { order, parcel, sscc } })
    }
}

/// What a camera answered.
pub struct Taken {
    /// Which camera.
    pub camera: DeviceId,
    /// What it was asked for.
    pub wanted: Wanted,
    /// When it answered.
    pub at: UtcMs,
    /// The picture, or why there is none.
    pub outcome: Result<Photo, PhotoFailure>,
}

/// How one camera's photos are kept.
#[derive(Clone, Debug)]
pub struct Keeping {
    /// Which camera.
    pub camera: DeviceId,
    /// Turn, size, quality and budget; its margin is filled in for each photo.
    pub how: Development,
    /// What they are of stands below them.
    pub margin: bool,
    /// Whether they are looked at for the label.
    pub check_label: LabelCheck,
}

/// Starts the thread `photos`. It ends when all senders are dropped.
///
/// # Errors
/// If the system gives no thread.
pub fn start(blobs: Blobs, port: Port, keeping: Vec<Keeping>) -> io::Result<(SyncSender<Taken>, JoinHandle<()>)> {
    let (sender, inbox) = sync_channel(WAITING_MAX);
    let thread =
        thread::Builder::new().name("photos".to_owned()).spawn(move || run(&inbox, &blobs, &port, &keeping))?;
    Ok((sender, thread))
}

fn run(inbox: &Receiver<Taken>, blobs: &Blobs, port: &Port, keeping: &[Keeping]) {
    for taken in inbox {
        let (fulfillment, parcel) = (taken.wanted.fulfillment, taken.wanted.note.parcel);
        let outcome = match whole(|| kept(taken, blobs, port, keeping)) {
            Ok((hash, bytes, label)) => PhotoOutcome::Stored { fulfillment, hash, bytes, parcel, label },
            Err(why) => PhotoOutcome::Failed(why),
        };
        port.deliver("a photo", Input::Photo(outcome));
    }
}

/// A picture that its decoder breaks off at costs that picture and no other.
fn whole<T>(work: impl FnOnce() -> Result<T, Message>) -> Result<T, Message> {
    // What it worked on is dropped: nothing half done is left behind.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Message::new("refusal-no-photo-detail")))
}

/// Finishes and stores one.
fn kept(
    taken: Taken,
    blobs: &Blobs,
    port: &Port,
    keeping: &[Keeping],
) -> Result<(PhotoHash, u64, LabelInPhoto), Message> {
    let Taken { camera, wanted, at, outcome } = taken;
    let how = keeping.iter().find(|keeping| keeping.camera == camera);
    let photo = outcome.map_err(failure)?;
    let (photo, label) = match how {
        Some(how) => finish(how, &photo, &wanted.note, &below(port, &wanted.note, at))?,
        None => (photo, LabelInPhoto::NotLooked),
    };
    let bytes = u64::try_from(photo.bytes.len()).unwrap_or(u64::MAX);
    blobs.put(&photo.bytes).map(|hash| (hash, bytes, label)).map_err(|e| {
        tracing::error!(error = %e, "a photo was not stored");
        Message::new("recovery-full")
    })
}

/// The photo as it is kept, and whether it shows its label.
fn finish(how: &Keeping, photo: &Photo, note: &PhotoNote, below: &str) -> Result<(Photo, LabelInPhoto), Message> {
    let upright = develop::upright(&photo.bytes, how.how.turn).map_err(failure)?;
    let label = match (how.check_label, &note.sscc) {
        (LabelCheck::Off, _) | (_, None) => LabelInPhoto::NotLooked,
        (LabelCheck::Say | LabelCheck::Must, Some(sscc)) => match develop::label_in(&upright, sscc) {
            LabelSeen::Right => LabelInPhoto::Right,
            LabelSeen::Other => LabelInPhoto::Other,
            LabelSeen::None => LabelInPhoto::NotSeen,
        },
    };
    if how.check_label == LabelCheck::Must {
        match label {
            LabelInPhoto::Other => return Err(Message::new("photo-label-other")),
            LabelInPhoto::NotSeen => return Err(Message::new("photo-label-unseen")),
            LabelInPhoto::NotLooked | LabelInPhoto::Right => {}
        }
    }
    let margin = if how.margin { below.to_owned() } else { String::new() };
    let kept = develop::finish(&upright, &Development { margin, ..how.how.clone() }).map_err(failure)?;
    Ok((kept, label))
}

/// Order, parcel, time and station, without words: they are read in every language.
fn below(port: &Port, note: &PhotoNote, at: UtcMs) -> String {
    let view = port.handle().view();
    let zone = jiff::tz::TimeZone::get(&view.station.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let time = jiff::Timestamp::from_millisecond(at.0)
        .map(|at| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S %Z").to_string());
    let time = time.unwrap_or_default();
    format!("{} · #{} · {time} · {}", note.order, note.parcel, view.station.name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_breaks_its_decoder_is_a_photo_that_failed() {
        let broken: Result<(), Message> = whole(|| panic!("on purpose"));
        assert_eq!(broken, Err(Message::new("refusal-no-photo-detail")));
        assert_eq!(whole(|| Ok(1)), Ok(1));
    }

    #[test]
    fn what_a_photo_is_of_travels_with_its_request() {
        let fulfillment = FulfillmentId(Uuid::from_u64_pair(3, 4));
        for (order, sscc) in [("10-4711", Some("395060001343525010")), ("A B - 7", None)] {
            let note = PhotoNote { order: order.to_owned(), parcel: 2, sscc: sscc.map(str::to_owned) };
            let wanted = Wanted { fulfillment, note };
            assert_eq!(Wanted::of(&wanted.request()), Some(wanted));
        }
        for none in ["test", "test-1", "", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(Wanted::of(none), None, "{none}");
        }
    }
}
