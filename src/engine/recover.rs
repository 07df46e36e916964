//! Ways out of what does not end by itself: a history that differs from the server's needs a lead and a new epoch, a station that
//! the server knows no more is paired again. Must never give up a fact, a lease or a parcel number that still counts.

use super::desk::{Deferred, Entry, Stage, Stale};
use super::input::{Effect, Secret, Ui};
use super::view::{PairingState, WayOut};
use super::{Engine, EngineError};
use crate::core::message::Message;
use crate::core::person::Person;
use crate::core::signal::{Signal, SoundName};
use crate::protocol::sync::{EpochWish, Halt, Input as SyncInput};
use crate::protocol::wire::{Epoch, EpochReason, KnownStation, PairingAnswer, SiteId, UserId};
use crate::storage::wish::{self, Wish};
use crate::storage::{meta, outbox};

/// Characters of a pairing code.
const PAIR_CHARS: usize = 8;

impl Engine {
    /// Pushing has stopped: from this commit on no work begins and no number is drawn, after a restart as well, until a lead
    /// has started a new epoch and it is adopted.
    pub(super) fn on_halt(&mut self, halt: Halt) -> Result<(), EngineError> {
        let nonce = self.clock.new_id();
        let c = self.conn.as_mut();
        if meta::get(c, meta::key::EPOCH_WISH)?.is_none() {
            wish::set(c, &Wish::WaitsForLead { halt, nonce })?;
        }
        self.reply(SyncInput::HaltStored);
        self.desk.stale.queue = true;
        self.find_way_out()
    }

    /// What a person can do here about the way to the server.
    pub(super) fn find_way_out(&mut self) -> Result<(), EngineError> {
        let wish = wish::get(self.conn.as_mut())?;
        self.desk.network.way_out = match (self.desk.revoked, wish) {
            // Without a token no epoch can be asked for.
            (true, _) => Some(WayOut::Pair),
            (false, Some(Wish::WaitsForLead { .. })) => Some(WayOut::NewEpoch),
            (false, Some(Wish::Asked(_)) | None) => None,
        };
        Ok(())
    }

    /// Starting with new numbers is a lead's: only a person can know that no other copy is at work.
    pub(super) fn ask_new_epoch(&mut self) {
        if self.desk.network.way_out == Some(WayOut::NewEpoch) && !matches!(self.desk.stage, Stage::Pairing { .. }) {
            self.ask(Deferred::Ui(Ui::NewEpoch), Message::new("approve-new-epoch"));
        }
    }

    /// A lead has agreed: the wish is stored, then asked for until it is granted.
    pub(super) fn new_epoch(&mut self, by: &Person) -> Result<(), EngineError> {
        let Some(Wish::WaitsForLead { nonce, .. }) = wish::get(self.conn.as_mut())? else { return Ok(()) };
        let asked = EpochWish { nonce, reason: EpochReason::Forked, by: Some(UserId(by.id.0)) };
        wish::set(self.conn.as_mut(), &Wish::Asked(asked))?;
        tracing::info!(by = %by.id, "a lead starts a new epoch");
        self.reply(SyncInput::EpochWanted(asked));
        let (at, said) = (self.now(), Message::new("ok-new-epoch"));
        let detail = Some(Message::new("ok-new-epoch-detail"));
        self.say(super::feedback::plain(Signal::Wait, SoundName::Wait, said, detail, at));
        self.find_way_out()
    }

    /// The screen for a new code. What is on the bench stays where it is.
    pub(super) fn pair_again(&mut self) {
        if self.desk.network.way_out != Some(WayOut::Pair) || matches!(self.desk.stage, Stage::Pairing { .. }) {
            return;
        }
        self.desk.locked |= self.desk.bench.is_some() || self.desk.intake.is_some();
        self.desk.stage = Stage::Pairing { code: String::new(), state: PairingState::Idle, again: true };
        self.desk.sheet = None;
        self.desk.asked = None;
        self.desk.feedback = None;
    }

    /// Back without a code: work goes on with what is here.
    pub(super) fn leave_pairing(&mut self) {
        if matches!(self.desk.stage, Stage::Pairing { again: true, .. }) {
            self.desk.stage = Stage::Login(Entry::default());
            self.desk.sheet = None;
        }
    }

    pub(super) fn on_pairing(&mut self, ui: &Ui) -> Result<(), EngineError> {
        let known = if *ui == Ui::PairSend { self.known()? } else { None };
        let Stage::Pairing { code, state, .. } = &mut self.desk.stage else { return Ok(()) };
        match ui {
            Ui::PairKey(c) if c.is_ascii_alphanumeric() && code.len() < PAIR_CHARS => code.push(c.to_ascii_uppercase()),
            Ui::PairBack => {
                code.pop();
            }
            Ui::PairSend if code.len() == PAIR_CHARS && *state != PairingState::Asking => {
                *state = PairingState::Asking;
                let code = code.clone();
                self.out.push(Effect::Pair { code, known });
            }
            _ => {}
        }
        Ok(())
    }

    /// Who this station is by its own database.
    fn known(&mut self) -> Result<Option<KnownStation>, EngineError> {
        let c = self.conn.as_mut();
        if meta::get(c, meta::key::STATION_ID)?.is_none() {
            return Ok(None);
        }
        let site = meta::get(c, meta::key::SITE_ID)?.and_then(|text| text.parse::<SiteId>().ok());
        let Some(site_id) = site else { return Ok(None) };
        let epoch = Epoch(meta::int(c, meta::key::EPOCH)?.unsigned_abs());
        Ok(Some(KnownStation { station_id: outbox::station_id(c)?, site_id, epoch }))
    }

    /// The machine is a station now, or the same one again under a new token.
    pub(super) fn on_paired(&mut self, a: &PairingAnswer) -> Result<(), EngineError> {
        let c = self.conn.as_mut();
        let before = meta::get(c, meta::key::STATION_ID)?;
        if before.is_some_and(|b| b != a.station_id.to_string()) {
            // A database with another station's facts is never taken over.
            if let Stage::Pairing { state, code, .. } = &mut self.desk.stage {
                *state = PairingState::Refused(Message::new("pair-other-station"));
                code.clear();
            }
            return Ok(());
        }
        meta::set(c, meta::key::STATION_ID, &a.station_id.to_string())?;
        meta::set(c, meta::key::STATION_NAME, &a.station_name)?;
        meta::set(c, meta::key::SITE_ID, &a.site_id.to_string())?;
        meta::set(c, meta::key::SITE_NAME, &a.site_name)?;
        meta::set(c, meta::key::TOKEN, &a.token)?;
        match meta::get(c, meta::key::EPOCH)? {
            None => meta::set(c, meta::key::EPOCH, &a.epoch.0.to_string())?,
            // Its place was given away meanwhile: what was not sent is numbered anew, and no old number is used again.
            Some(_) if a.epoch.0 > meta::int(c, meta::key::EPOCH)?.unsigned_abs() => outbox::adopt_epoch(c, a.epoch)?,
            // The server believes the epoch that is here.
            Some(_) => {}
        }
        // What this group appended is in the outbox that the sync machine reads now.
        self.grown.clear();
        let start_no = meta::int(self.conn.as_mut(), meta::key::START_NO)? + 1;
        meta::set(self.conn.as_mut(), meta::key::START_NO, &start_no.to_string())?;
        self.check_copy()?;
        // Who left the screen meanwhile and works is not thrown out.
        if matches!(self.desk.stage, Stage::Pairing { .. }) {
            self.desk.stage = Stage::Login(Entry::default());
        }
        self.desk.stale = Stale::ALL;
        self.desk.revoked = false;
        self.find_way_out()?;
        let restart = self.restart_facts()?;
        self.out.push(Effect::Paired { station_id: a.station_id, token: Secret(a.token.clone()) });
        self.reply(SyncInput::Restarted(Box::new(restart)));
        Ok(())
    }
}
