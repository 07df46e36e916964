//! Photos of parcels: asked for by the packer, by themselves at the times the settings name, and what became of them. A photo
//! belongs to the parcel it was taken of, wherever the order is when it comes. It must never hold a scan up: all that takes
//! time happens elsewhere.

use super::act::Done;
use super::input::{Effect, LabelInPhoto, PhotoNote, PhotoOutcome};
use super::view::DeviceKind;
use super::{Engine, EngineError, feedback};
use crate::core::checklist::DocumentKind;
use crate::core::ids::{FulfillmentId, PhotoHash};
use crate::core::message::Message;
use crate::core::session::{Command, Event, Step};
use crate::core::signal::{Signal, SoundName};

/// A time at which a photo may be taken by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PhotoTime {
    /// A step began.
    Entered(Step),
    /// The label of this parcel was scanned back.
    Labelled(u16),
}

/// A photo that is stored.
#[derive(Clone, Copy)]
struct Taken {
    fulfillment: FulfillmentId,
    parcel: u16,
    hash: PhotoHash,
    bytes: u64,
}

impl Engine {
    /// A photo of the parcel in work.
    pub(super) fn photo_of_now(&self) -> Option<Effect> {
        let parcel = self.desk.bench.as_ref()?.session.parcel().no;
        self.photo_of(parcel)
    }

    fn photo_of(&self, no: u16) -> Option<Effect> {
        let bench = self.desk.bench.as_ref()?;
        let parcel = bench.session.parcels.iter().find(|parcel| parcel.no == no)?;
        let labelled = parcel.prints.iter().any(|print| print.document == DocumentKind::Label);
        let sscc = parcel.sscc.clone().filter(|_| labelled);
        let note = PhotoNote { order: bench.loaded.number.clone(), parcel: no, sscc };
        Some(Effect::TakePhoto { fulfillment: bench.session.fulfillment, note })
    }

    /// Takes a photo where the settings want one now and there is a camera.
    pub(super) fn photo_by_itself(&mut self, time: PhotoTime) {
        let at = self.config.photos_at;
        let wanted = match time {
            PhotoTime::Entered(Step::Checklist) => at.packed,
            PhotoTime::Entered(Step::Label) => at.weighed,
            PhotoTime::Labelled(_) => at.labelled,
            PhotoTime::Entered(
                Step::Order
                | Step::Review
                | Step::Stock
                | Step::Pick
                | Step::Verify
                | Step::Pack
                | Step::Weigh
                | Step::Confirm
                | Step::Next,
            ) => false,
        };
        if !wanted || !self.desk.devices.iter().any(|device| device.kind == DeviceKind::Camera) {
            return;
        }
        let effect = match time {
            PhotoTime::Entered(_) => self.photo_of_now(),
            PhotoTime::Labelled(parcel) => self.photo_of(parcel),
        };
        if let Some(photo) = effect {
            self.take_photo(photo);
        }
    }

    pub(super) fn on_photo(&mut self, outcome: PhotoOutcome) -> Result<(), EngineError> {
        match outcome {
            PhotoOutcome::Stored { fulfillment, hash, bytes, parcel, label } => {
                self.keep_photo(Taken { fulfillment, parcel, hash, bytes })?;
                self.say_label(label);
                Ok(())
            }
            PhotoOutcome::Failed(why) => {
                self.refuse_plain(Message::new("photo-failed"), Some(why), SoundName::Decide);
                Ok(())
            }
        }
    }

    fn keep_photo(&mut self, taken: Taken) -> Result<(), EngineError> {
        let here = self.desk.bench.as_ref().map(|b| (b.session.fulfillment, b.session.parcel().no));
        if here != Some((taken.fulfillment, taken.parcel)) {
            // The parcel left the bench while the camera was slow: the photo still belongs to it.
            return self.late_photo(taken);
        }
        let actor = self.machine();
        match self.run_as(&actor, &Command::PhotoTaken { hash: taken.hash, bytes: taken.bytes }, None)? {
            Done::Events(events) => {
                self.accept(&events);
                self.follow_up()
            }
            Done::Refused(_) | Done::NoBench => Ok(()),
        }
    }

    fn late_photo(&mut self, taken: Taken) -> Result<(), EngineError> {
        let here = self.desk.bench.as_ref().is_some_and(|b| b.session.fulfillment == taken.fulfillment);
        let mine = if here {
            None
        } else {
            let Some(earlier) = self.earlier_bench(taken.fulfillment)? else { return Ok(()) };
            Some(self.desk.bench.replace(earlier))
        };
        let units_before = self.desk.bench.as_ref().map_or(0, |b| b.session.verified());
        let actor = self.machine();
        let Taken { parcel, hash, bytes, .. } = taken;
        let done = self.commit_events(&actor, &[Event::PhotoTaken { parcel, hash, bytes, units_before }]);
        if let Some(mine) = mine {
            self.desk.bench = mine;
        }
        done
    }

    /// A photo with another parcel's label means that a label is on the wrong box, or the wrong box before the camera.
    fn say_label(&mut self, label: LabelInPhoto) {
        let (title, detail) = match label {
            LabelInPhoto::NotLooked | LabelInPhoto::Right => return,
            LabelInPhoto::Other => ("photo-label-other", "photo-label-other-detail"),
            LabelInPhoto::NotSeen => ("photo-label-unseen", "photo-label-unseen-detail"),
        };
        let at = self.now();
        let say =
            feedback::plain(Signal::Decide, SoundName::Decide, Message::new(title), Some(Message::new(detail)), at);
        self.say(say);
    }
}
