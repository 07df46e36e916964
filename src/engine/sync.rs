//! The way to the server, as far as the database is concerned: pages are stored with their cursor, lease
//! answers with their change, pushed events are marked, and what they mean for the bench is decided.

use super::act::Done;
use super::desk::{Bench, Stage, Stale};
use super::input::{Effect, SyncNews};
use super::view::PairingState;
use super::{Engine, EngineError, feedback};
use crate::core::ids::FulfillmentId;
use crate::core::message::Message;
use crate::core::session::{Command, Mode};
use crate::core::signal::{Signal, SoundName};
use crate::core::time::UtcMs;
use crate::protocol::sync::{
    Effect as Wish, Failure, Halt, Input as SyncInput, LeaseChange, Link, Notice, PHOTOS_QUEUED_MAX, PhotoJob,
};
use crate::protocol::wire::{
    CancelRecord, Change, ContentHash, Epoch, LeaseLossReason, PullPage, Put, RecallRecord, ReturnReason, Seq,
};
use crate::storage::work::LocalState;
use crate::storage::{blobs, lease, meta, outbox, records, work};

/// The request whose answer a lost step swallowed: the sync machine hears that it was not stored.
pub(super) fn wish_no(i: &super::Input) -> Option<(Link, u64)> {
    match i {
        super::Input::Sync(SyncNews::Store(Wish::SendPush { no, .. })) => Some((Link::Push, *no)),
        super::Input::Sync(SyncNews::Store(Wish::StorePage { no, .. })) => Some((Link::Pull, *no)),
        super::Input::Sync(SyncNews::Store(Wish::StoreLeases { no, .. })) => Some((Link::Lease, *no)),
        _ => None,
    }
}

/// What was scanned or pressed this long after an order was called off may have been meant for the screen before.
const UNPACK_READ_MS: u64 = 1_500;

impl Engine {
    pub(super) fn on_sync(&mut self, news: SyncNews) -> Result<(), EngineError> {
        match news {
            SyncNews::Online(online) => {
                let now = self.now();
                if online {
                    self.desk.network.last_answer = Some(now);
                }
                if self.desk.network.online != online {
                    self.desk.network.online = online;
                    self.out.push(Effect::Sound(if online { SoundName::Online } else { SoundName::Offline }));
                }
                Ok(())
            }
            SyncNews::Store(wish) => self.on_wish(wish),
            SyncNews::Paired(answer) => self.on_paired(&answer),
            SyncNews::PairingRefused(why) => {
                if let Stage::Pairing { state, code, .. } = &mut self.desk.stage {
                    *state = PairingState::Refused(why);
                    code.clear();
                }
                Ok(())
            }
            SyncNews::Trouble(t) => {
                self.desk.network.trouble = t;
                Ok(())
            }
            SyncNews::Revoked(revoked) => {
                self.desk.revoked = revoked;
                self.find_way_out()
            }
        }
    }

    pub(super) fn reply(&mut self, input: SyncInput) {
        self.out.push(Effect::Sync(Box::new(input)));
    }

    fn on_wish(&mut self, wish: Wish) -> Result<(), EngineError> {
        match wish {
            Wish::SendPush { no, epoch, from_seq, to_seq } => {
                let events = outbox::read(self.conn.as_mut(), epoch, from_seq, to_seq)?;
                if events.is_empty() {
                    self.reply(SyncInput::Failed { link: Link::Push, no, failure: Failure::Unreachable });
                } else {
                    self.out.push(Effect::Push { no, events });
                }
                Ok(())
            }
            Wish::StorePage { no, page } => {
                self.store_page(&page)?;
                self.reply(SyncInput::StoredPage { no });
                Ok(())
            }
            Wish::StoreLeases { no, change } => {
                self.store_leases(&change)?;
                self.reply(SyncInput::StoredLeases { no });
                Ok(())
            }
            Wish::MarkPushed { epoch, upto, rejected } => {
                outbox::mark_pushed(self.conn.as_mut(), epoch, upto)?;
                for r in &rejected {
                    tracing::warn!(seq = r.seq.0, code = ?r.code, "the server stored a fact but refused its effect");
                }
                if !rejected.is_empty() {
                    self.desk.network.question = Some(Message::new("sync-rejected"));
                }
                Ok(())
            }
            Wish::MarkPhotoDone { hash } => {
                blobs::sent(self.conn.as_mut(), crate::core::ids::PhotoHash(hash.0))?;
                Ok(())
            }
            Wish::AdoptEpoch { epoch } => self.adopt(epoch),
            Wish::ReloadOutbox { from_seq } => {
                let (moment, epoch) = (self.moment(), self.epoch());
                let runs = outbox::runs(self.conn.as_mut(), from_seq, moment)?;
                // What this group appended is among them.
                self.grown.clear();
                let before = Seq(from_seq.0.saturating_sub(1));
                self.reply(SyncInput::OutboxReloaded { epoch, before, outbox: runs });
                // A server that lost facts lost what it knew of their photos too; those it has, it says that it has.
                if blobs::send_again(self.conn.as_mut(), epoch, from_seq)? > 0 {
                    let jobs = self.photos_to_send()?;
                    self.reply(SyncInput::PhotosLoaded(jobs));
                }
                Ok(())
            }
            Wish::LoadPhotos => {
                let jobs = self.photos_to_send()?;
                self.reply(SyncInput::PhotosLoaded(jobs));
                Ok(())
            }
            Wish::Raise(notice) => self.notice(notice),
            // Requests and timers are the driver's own business; they never come here.
            Wish::SendPull { .. }
            | Wish::SendLease { .. }
            | Wish::SendPhoto { .. }
            | Wish::SendEpoch { .. }
            | Wish::ArmTimer { .. } => Ok(()),
        }
    }

    fn photos_to_send(&mut self) -> Result<Vec<PhotoJob>, EngineError> {
        let max = u32::try_from(PHOTOS_QUEUED_MAX).unwrap_or(u32::MAX);
        let list = blobs::unsent(self.conn.as_mut(), max)?;
        Ok(list.into_iter().map(|(h, bytes)| PhotoJob { hash: ContentHash(h.0), bytes }).collect())
    }

    fn adopt(&mut self, epoch: Epoch) -> Result<(), EngineError> {
        outbox::adopt_epoch(self.conn.as_mut(), epoch)?;
        let moment = self.moment();
        let runs = outbox::runs(self.conn.as_mut(), Seq(1), moment)?;
        self.grown.clear();
        self.reply(SyncInput::EpochAdopted { epoch, outbox: runs });
        self.desk.stale = Stale::ALL;
        self.find_way_out()
    }

    fn store_page(&mut self, page: &PullPage) -> Result<(), EngineError> {
        records::store_page(self.conn.as_mut(), page)?;
        lease::settle_floor(self.conn.as_mut(), page.server_time_ms)?;
        if !page.changes.is_empty() {
            self.desk.stale.queue = true;
            self.desk.stale.site |=
                page.changes.iter().any(|c| matches!(c, Change::Settings(_) | Change::Packaging(_)));
        }
        if page.changes.iter().any(|c| matches!(c, Change::Settings(_)))
            && self.leases_max()? != self.desk.leases_max_told
        {
            self.supply()?;
        }
        for change in &page.changes {
            match change {
                Change::Cancel(Put::Upsert(cancel)) => self.on_cancel(cancel)?,
                Change::Recall(Put::Upsert(recall)) => self.on_recall(recall)?,
                _ => {}
            }
        }
        self.returns_changed(page)?;
        self.reload_bench(page)
    }

    /// The server wants unstarted work back; what is begun here stays here.
    fn on_recall(&mut self, r: &RecallRecord) -> Result<(), EngineError> {
        let f = FulfillmentId(r.fulfillment_id.0);
        let c = self.conn.as_mut();
        let own = outbox::station_id(c)? == r.station_id;
        let held = lease::get(c, f)?.filter(|(held, _)| own && held.fence == r.fence && !held.begun);
        if held.is_some()
            && let Some(back) = lease::give_back(c, f, ReturnReason::Recalled)?
        {
            self.reply(SyncInput::LeaseEnded(back));
        }
        Ok(())
    }

    /// Called off: not begun, it leaves the queue; on the bench, its units come out of the box again.
    fn on_cancel(&mut self, cancel: &CancelRecord) -> Result<(), EngineError> {
        let list = match cancel.fulfillment_id {
            Some(f) => vec![FulfillmentId(f.0)],
            None => work::of_order(self.conn.as_mut(), cancel.order_id.0)?,
        };
        for f in list {
            let here = self.desk.bench.as_ref().is_some_and(|b| b.session.fulfillment == f);
            if here {
                self.cancel_bench()?;
            } else if work::is_waiting(self.conn.as_mut(), f)? {
                work::set_local(self.conn.as_mut(), f, LocalState::Over)?;
                if let Some(back) = lease::give_back(self.conn.as_mut(), f, ReturnReason::Cancelled)? {
                    self.reply(SyncInput::LeaseEnded(back));
                }
            } else if let Some(parked) = self.bench_of(f)? {
                // Parked here: what is in its boxes comes out as soon as the bench is free.
                self.aside(parked, &Command::CancelledByServer)?;
                if self.desk.bench.is_none() && self.desk.intake.is_none() {
                    self.desk.bench = self.bench_of(f)?.filter(|b| b.session.mode == Mode::MustUnpack);
                }
            }
        }
        Ok(())
    }

    /// A command of the server for a parked order: it is laid on the bench for the length of the decision.
    fn aside(&mut self, parked: Bench, command: &Command) -> Result<(), EngineError> {
        let (mine, sheet) = (self.desk.bench.replace(parked), self.desk.sheet.clone());
        let actor = self.machine();
        let done = self.run_as(&actor, command, None);
        self.desk.bench = mine;
        self.desk.sheet = sheet;
        self.desk.stale.held = true;
        done.map(|_| ())
    }

    fn cancel_bench(&mut self) -> Result<(), EngineError> {
        let actor = self.machine();
        match self.run_as(&actor, &Command::CancelledByServer, None)? {
            Done::Events(events) => {
                self.desk.sheet = None;
                self.accept(&events);
                let at = self.now();
                if self.desk.bench.is_some() {
                    let from = self.clock.mono_ms().saturating_add(UNPACK_READ_MS);
                    if let Some(b) = self.desk.bench.as_mut() {
                        b.unpack_from = Some(from);
                    }
                    let title = Message::new("say-unpack");
                    let detail = Some(Message::new("say-unpack-detail"));
                    self.say(feedback::plain(Signal::Stop, SoundName::Stop, title, detail, at));
                }
                Ok(())
            }
            // Packed already: the server decides what wins, and asks by an exception.
            Done::Refused(_) | Done::NoBench => Ok(()),
        }
    }

    /// New facts for the order on the bench: a missing product fact may have come, or a hold on a lot.
    fn reload_bench(&mut self, page: &PullPage) -> Result<(), EngineError> {
        let touches = page.changes.iter().any(|c| {
            matches!(
                c,
                Change::Product(_)
                    | Change::Order(_)
                    | Change::Settings(_)
                    | Change::Fulfillment(_)
                    | Change::Packaging(_)
                    | Change::SsccBlock(_)
            ) || is_hold(c)
        });
        let Some(f) = self.desk.bench.as_ref().map(|b| b.session.fulfillment).filter(|_| touches) else {
            return Ok(());
        };
        let fresh = super::load::load(self.conn.as_mut(), f)?;
        if let (Some(mut fresh), Some(b)) = (fresh, self.desk.bench.as_mut()) {
            // The walk under way stays as it is: shelves do not change order under a packer's feet.
            fresh.walk = b.loaded.walk.clone();
            fresh.order.invoice_no = fresh.order.invoice_no.or_else(|| b.loaded.order.invoice_no.clone());
            if fresh.products != b.loaded.products || fresh.packagings != b.loaded.packagings {
                // Another box may fit now, and another weight be right.
                b.plan = None;
                b.judge_anew();
            }
            b.loaded = std::sync::Arc::new(fresh);
            if b.blocked.take().is_some() {
                return self.follow_up();
            }
        }
        Ok(())
    }

    fn store_leases(&mut self, change: &LeaseChange) -> Result<(), EngineError> {
        let stored = lease::store(self.conn.as_mut(), change)?;
        self.desk.stale.queue = true;
        for back in stored.given_back {
            self.reply(SyncInput::LeaseEnded(back));
        }
        for f in stored.begun {
            let reason = change.lost.iter().find(|l| l.fulfillment.0 == f.0).map(|l| l.reason);
            // Only a lead's takeover ends work under way; a lease that ran out lets the parcel be finished.
            if reason == Some(LeaseLossReason::TakenOver) {
                self.take_over(f)?;
            }
        }
        self.follow_up_numbers()
    }

    fn take_over(&mut self, f: FulfillmentId) -> Result<(), EngineError> {
        if self.desk.bench.as_ref().is_none_or(|b| b.session.fulfillment != f) {
            return match self.bench_of(f)? {
                Some(parked) => self.aside(parked, &Command::TakenOver),
                None => Ok(()),
            };
        }
        let actor = self.machine();
        if let Done::Events(events) = self.run_as(&actor, &Command::TakenOver, None)? {
            self.accept(&events);
        }
        Ok(())
    }

    /// A label that waited for numbers can be made now.
    fn follow_up_numbers(&mut self) -> Result<(), EngineError> {
        let waits = self.desk.bench.as_mut().is_some_and(|b| b.blocked.take().is_some());
        if waits { self.follow_up() } else { Ok(()) }
    }

    fn notice(&mut self, n: Notice) -> Result<(), EngineError> {
        let message = match n {
            Notice::Forked { .. } => Some(Message::new("sync-forked")),
            Notice::ServerRewound { .. } => None,
            Notice::EventsMissing { .. } => Some(Message::new("sync-events-missing")),
            Notice::TokenRevoked => Some(Message::new("sync-token-revoked")),
            Notice::UpdateNeeded => Some(Message::new("sync-update-needed")),
            Notice::PhotoStuck { .. } => Some(Message::new("sync-photo-stuck")),
            Notice::ClockWrong { by_ms } => {
                Some(Message::new("sync-clock-wrong").with("by", crate::core::message::Arg::SpanMs(by_ms.abs())))
            }
            Notice::ServerNonsense { .. } => Some(Message::new("sync-nonsense")),
            Notice::PullRestarted | Notice::EpochStarted { .. } => None,
        };
        if let Some(m) = message {
            tracing::warn!(notice = ?n, "the way to the server needs attention");
            self.desk.network.trouble = Some(m);
        }
        match n {
            Notice::Forked { .. } => self.on_halt(Halt::Forked),
            Notice::EventsMissing { .. } => self.on_halt(Halt::EventsMissing),
            Notice::ServerRewound { .. }
            | Notice::TokenRevoked
            | Notice::UpdateNeeded
            | Notice::PhotoStuck { .. }
            | Notice::ClockWrong { .. }
            | Notice::ServerNonsense { .. }
            | Notice::PullRestarted
            | Notice::EpochStarted { .. } => Ok(()),
        }
    }

    /// The token and identity the driver starts with, once paired.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn credentials(
        &mut self,
    ) -> Result<Option<(crate::protocol::wire::StationId, super::input::Secret)>, EngineError> {
        let c = self.conn.as_mut();
        let Some(token) = meta::get(c, meta::key::TOKEN)? else { return Ok(None) };
        Ok(Some((outbox::station_id(c)?, super::input::Secret(token))))
    }

    /// When the oldest event that waits happened: UTC ms.
    #[must_use]
    pub fn oldest_unsynced(&self) -> Option<UtcMs> {
        self.desk.network.oldest
    }
}

/// A balance of a lot on hold: nobody may pack from it, the order on the bench among them.
fn is_hold(c: &Change) -> bool {
    matches!(c, Change::StockLevel(Put::Upsert(level)) if level.held)
}
