//! What the screen says about what just happened: counted, refused, or not stored.

use super::desk::Desk;
use super::input::Effect;
use super::view::{Compare, Counted, Feedback, ProductView};
use super::{Engine, EngineError};
use crate::core::ids::ProductId;
use crate::core::message::Message;
use crate::core::product::Product;
use crate::core::session::{Event, Refusal};
use crate::core::signal::{Signal, SoundName};
use crate::core::time::UtcMs;
use std::sync::Arc;

impl Desk {
    /// Says something, with its sound.
    pub(super) fn say(&mut self, f: Feedback) {
        self.feedback_no += 1;
        self.feedback = Some(Arc::new(Feedback { id: self.feedback_no, ..f }));
    }
}

/// A feedback without pictures.
#[must_use]
pub(super) fn plain(signal: Signal, sound: SoundName, title: Message, detail: Option<Message>, at: UtcMs) -> Feedback {
    Feedback { id: 0, signal, title, detail, sound, compare: None, counted: None, at }
}

impl Engine {
    pub(super) fn say(&mut self, f: Feedback) {
        self.out.push(Effect::Sound(f.sound));
        self.desk.say(f);
    }

    /// A refusal, with both pictures where an item was wrong.
    pub(super) fn refuse(&mut self, r: &Refusal, scanned: Option<&Product>) {
        let (title, detail) = r.say();
        let compare = match r {
            Refusal::WrongItem { .. } | Refusal::TooMany { .. } | Refusal::CaseTooBig { .. } => {
                scanned.map(|p| Compare { needed: self.needed(r), scanned: product_view(p, None) })
            }
            _ => None,
        };
        let signal = match r.sound() {
            SoundName::Decide => Signal::Decide,
            _ => Signal::Stop,
        };
        let at = self.now();
        self.say(Feedback { compare, ..plain(signal, r.sound(), title, Some(detail), at) });
    }

    /// Refused before any session was asked.
    pub(super) fn refuse_plain(&mut self, title: Message, detail: Option<Message>, sound: SoundName) {
        let at = self.now();
        self.say(plain(Signal::Stop, sound, title, detail, at));
    }

    fn needed(&self, r: &Refusal) -> Option<ProductView> {
        if !matches!(r, Refusal::WrongItem { .. }) {
            return None;
        }
        let b = self.desk.bench.as_ref()?;
        let line = b.session.line_shown()?;
        Some(self.product_on_bench(line.product)?.clone()).map(|p| product_view(&p, self.bin(p.id)))
    }

    pub(super) fn product_on_bench(&self, id: ProductId) -> Option<&Product> {
        self.desk.bench.as_ref()?.loaded.products.get(&id)
    }

    pub(super) fn bin(&self, id: ProductId) -> Option<String> {
        let b = self.desk.bench.as_ref()?;
        super::publish_stage::bin_of(&b.loaded, id)
    }

    /// What accepted events say.
    pub(super) fn accept(&mut self, events: &[Event]) {
        let at = self.now();
        for e in events.iter().rev() {
            if let Some(f) = self.accepted(e, at) {
                self.say(f);
                return;
            }
        }
    }

    fn accepted(&self, e: &Event, at: UtcMs) -> Option<Feedback> {
        let ok = |sound, key: &'static str| plain(Signal::Ok, sound, Message::new(key), None, at);
        Some(match e {
            Event::Packed { .. } => ok(SoundName::OrderDone, "ok-order-done"),
            Event::Verified { line, product, .. } => self.counted(*line, *product, at)?,
            Event::Moved { line, product, .. } => {
                let f = self.counted(*line, *product, at)?;
                Feedback { title: Message::new("ok-moved"), counted: None, ..f }
            }
            Event::Picked { quantity, location, .. } => {
                let m = Message::new("ok-picked").with("count", *quantity);
                let m = m.with("location", location.clone().unwrap_or_default());
                plain(Signal::Ok, SoundName::Ok, m, None, at)
            }
            Event::TraceAsked { .. } => ok(SoundName::Ok, "ok-trace-next"),
            Event::Undone { .. } => ok(SoundName::Ok, "ok-undone"),
            Event::PackagingChosen { .. } => ok(SoundName::Ok, "ok-box"),
            Event::Ticked { .. } => ok(SoundName::Ok, "ok-ticked"),
            Event::Weighed { grams, .. } => {
                plain(Signal::Ok, SoundName::LineFull, Message::new("ok-weight").with("weight", *grams), None, at)
            }
            Event::ParcelConfirmed { parcel, .. } => {
                plain(Signal::Ok, SoundName::LineFull, Message::new("ok-confirmed").with("parcel", *parcel), None, at)
            }
            Event::Consolidated { location } => {
                let m = Message::new("ok-put-at").with("location", location.as_str());
                plain(Signal::Ok, SoundName::Ok, m, None, at)
            }
            Event::PhotoTaken { .. } => ok(SoundName::Ok, "ok-photo"),
            Event::LeadCalled => plain(Signal::Wait, SoundName::Call, Message::new("ok-lead-called"), None, at),
            Event::Shorted { quantity, .. } => {
                let m = Message::new("ok-short").with("count", *quantity);
                plain(Signal::Decide, SoundName::Decide, m, None, at)
            }
            Event::Damaged { quantity, .. } => {
                let m = Message::new("ok-damaged").with("count", *quantity);
                plain(Signal::Decide, SoundName::Decide, m, None, at)
            }
            Event::Substituted { .. } => ok(SoundName::Ok, "ok-substitute"),
            Event::ParcelOpened { parcel, .. } => {
                plain(Signal::Ok, SoundName::Ok, Message::new("ok-new-box").with("parcel", *parcel), None, at)
            }
            Event::Held { .. } => plain(Signal::Decide, SoundName::Decide, Message::new("ok-held"), None, at),
            Event::HandedBack { .. } => ok(SoundName::Ok, "ok-handed-back"),
            Event::CancelSeen { nothing_packed: true } => {
                plain(Signal::Decide, SoundName::Decide, Message::new("ok-cancelled"), None, at)
            }
            Event::Unpacked => ok(SoundName::Ok, "ok-unpacked"),
            Event::TakenOver => plain(Signal::Decide, SoundName::Decide, Message::new("ok-taken-over"), None, at),
            _ => return None,
        })
    }

    fn counted(&self, line: crate::core::ids::LineNo, product: ProductId, at: UtcMs) -> Option<Feedback> {
        let b = self.desk.bench.as_ref()?;
        let l = b.session.line(line)?;
        let name = self.product_on_bench(product).map(|p| p.name.clone()).unwrap_or_default();
        let (done, of) = (l.verified, l.ordered.saturating_sub(l.short));
        let sound = if done >= of { SoundName::LineFull } else { SoundName::Ok };
        let title = Message::new("ok-counted").with("done", done).with("of", of);
        let detail = Message::new("ok-counted-name").with("name", name.as_str());
        Some(Feedback {
            counted: Some(Counted { name, done, of }),
            ..plain(Signal::Ok, sound, title, Some(detail), at)
        })
    }

    /// A whole step was lost: nothing of it counts, and the packer must hear it.
    pub(super) fn not_stored(&mut self, e: &EngineError) {
        let EngineError::Storage(cause) = e;
        let full = matches!(cause, crate::storage::StorageError::Sql(e) if matches!(e.root(), crate::storage::SqlError::Full { .. }));
        let key = if full { "refusal-disk-full" } else { "refusal-not-stored" };
        let detail = if full { "refusal-disk-full-detail" } else { "refusal-not-stored-detail" };
        self.refuse_plain(Message::new(key), Some(Message::new(detail)), SoundName::Stop);
    }
}

/// A product as the screen names it.
#[must_use]
pub(super) fn product_view(p: &Product, bin: Option<String>) -> ProductView {
    ProductView { id: p.id, sku: p.sku.clone(), name: p.name.clone(), bin }
}
