//! Starting: the database is opened or named as unusable, the sync machine is told what it holds, the
//! order that was on the bench is rebuilt from its events.

use super::act::LEASES_MAX;
use super::desk::{Bench, Desk, Entry, Stage};
use super::input::Effect;
use super::load;
use super::view::{PairingState, StationInfo};
use super::{Clock, Engine, EngineConfig, EngineError};
use crate::core::ids::FulfillmentId;
use crate::core::session::Mode;
use crate::core::time::UtcMs;
use crate::protocol::sync::{EpochWish, Input as SyncInput, PHOTOS_QUEUED_MAX, PhotoJob, Restart};
use crate::protocol::wire::{ContentHash, Cursor, Epoch, EpochReason, Seq};
use crate::storage::Conn;
use crate::storage::wish::{self, Wish};
use crate::storage::{self, Blobs, StorageError, blobs, height, lease, mark, meta, numbers, outbox, sessions};
use std::sync::Arc;

impl Engine {
    /// An engine over an opened and migrated database. Returns the effects of the start, the first of
    /// which tells the sync machine what is here.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn start(
        conn: Box<dyn Conn>,
        clock: Arc<dyn Clock>,
        config: EngineConfig,
        blobs: Blobs,
    ) -> Result<(Engine, Vec<Effect>), EngineError> {
        let info = StationInfo { version: config.version.clone(), ..StationInfo::default() };
        let stage = Stage::Pairing { code: String::new(), state: PairingState::Idle, again: false };
        let desk = Desk::new(stage, info);
        let mut e = Engine {
            conn,
            clock,
            config,
            blobs,
            desk,
            out: Vec::new(),
            grown: Vec::new(),
            undrawn: Vec::new(),
            templates: Vec::new(),
            doubt: false,
            height: None,
            forget_at_ms: None,
            revision: 0,
        };
        e.desk.active_mono_ms = e.clock.mono_ms();
        e.conn.begin()?;
        let restart = match e.recover() {
            Ok(r) => {
                e.conn.commit()?;
                r
            }
            Err(error) => {
                e.undo();
                return Err(error);
            }
        };
        e.note_height();
        if let Some(r) = restart {
            e.out.insert(0, Effect::Sync(Box::new(SyncInput::Restarted(Box::new(r)))));
        }
        let out = std::mem::take(&mut e.out);
        Ok((e, out))
    }

    fn recover(&mut self) -> Result<Option<Restart>, EngineError> {
        let c = self.conn.as_mut();
        if meta::get(c, meta::key::STATION_ID)?.is_none() {
            self.refresh()?;
            return Ok(None);
        }
        let start_no = meta::int(c, meta::key::START_NO)? + 1;
        meta::set(c, meta::key::START_NO, &start_no.to_string())?;
        self.desk.stage = Stage::Login(Entry::default());
        self.check_copy()?;
        self.sweep_photos()?;
        self.restore_wait()?;
        self.rebuild_bench()?;
        self.desk.print_unknown = sessions::attempting(self.conn.as_mut())?;
        self.find_way_out()?;
        self.refresh()?;
        self.restart_facts().map(Some)
    }

    /// A database that lies in another file than it was written in is a copy or a restored backup, and so is one that
    /// is less far than the file beside it says: its numbers may be in use elsewhere, so it asks for a new epoch.
    pub(super) fn check_copy(&mut self) -> Result<(), EngineError> {
        let Some(file) = self.conn.file().map(std::path::Path::to_path_buf) else { return Ok(()) };
        let Some(place) = mark::of(&file, self.clock.new_id()) else { return Ok(()) };
        let c = self.conn.as_mut();
        let before = meta::get(c, meta::key::FILE_MARK)?;
        let elsewhere = before.as_deref().is_some_and(|b| !place.is(b));
        // This start is counted already, and no file beside the database can know of it.
        let found = height::of(c)?.before_this_start();
        let lower = height::read(&file).is_some_and(|noted| found < noted);
        if (elsewhere || lower) && meta::get(c, meta::key::EPOCH_WISH)?.is_none() {
            let asked = EpochWish { nonce: self.clock.new_id(), reason: EpochReason::Restored, by: None };
            wish::set(c, &Wish::Asked(asked))?;
        }
        meta::set(c, meta::key::FILE_MARK, &place.text())?;
        Ok(())
    }

    /// Removes what a power cut left in the photo folder. Not from under a database that was put back: it does not know its newest
    /// photos, and whoever put back the wrong one may yet put back the right one.
    fn sweep_photos(&mut self) -> Result<(), EngineError> {
        if meta::get(self.conn.as_mut(), meta::key::EPOCH_WISH)?.is_some() {
            return Ok(());
        }
        match self.blobs.sweep(self.conn.as_mut()) {
            Ok(0) => Ok(()),
            Ok(files) => {
                tracing::info!(files, "what a power cut left in the photo folder is gone");
                Ok(())
            }
            Err(error @ StorageError::File { .. }) => {
                tracing::warn!(%error, "the photo folder was not swept; the next start tries again");
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Notes beside the database how far it is; not while it waits for a new epoch, for then it is too low.
    pub(super) fn note_height(&mut self) {
        let Some(file) = self.conn.file().filter(|f| f.exists()).map(std::path::Path::to_path_buf) else { return };
        let c = self.conn.as_mut();
        let noted = meta::get(c, meta::key::EPOCH_WISH).and_then(|wish| match wish {
            Some(_) => Ok(None),
            None => height::of(c).map(Some),
        });
        let written = noted.and_then(|h| match h {
            Some(h) if self.height != Some(h) => height::write(&file, h).map(|()| self.height = Some(h)),
            Some(_) | None => Ok(()),
        });
        if let Err(error) = written {
            tracing::warn!(%error, "how far the database is was not noted; a restored backup may go unnoticed here");
        }
    }

    /// The order that was being worked, as its events tell.
    pub(super) fn rebuild_bench(&mut self) -> Result<(), EngineError> {
        self.desk.bench = None;
        let open = sessions::open(self.conn.as_mut())?;
        let live = |s: &str| matches!(s, "working" | "paused" | "must_unpack");
        if let Some(row) = open.iter().rev().find(|r| live(&r.state)) {
            self.desk.bench = self.bench_of(row.fulfillment)?;
        }
        self.rebuild_intake()
    }

    /// Rebuilds a session that is not over from its events and loads what belongs to it.
    pub(super) fn bench_of(&mut self, f: FulfillmentId) -> Result<Option<Bench>, EngineError> {
        Ok(self.earlier_bench(f)?.filter(|b| !b.session.packed && !matches!(b.session.mode, Mode::Ended(_))))
    }

    /// Any session of this station, over or not, rebuilt from its events.
    pub(super) fn earlier_bench(&mut self, f: FulfillmentId) -> Result<Option<Bench>, EngineError> {
        let c = self.conn.as_mut();
        let Some(loaded) = load::load(c, f)? else { return Ok(None) };
        let facts = outbox::facts(c, f)?;
        Ok(loaded.session(facts).map(|session| Bench::new(session, loaded)))
    }

    /// What the sync machine must know at its start.
    pub(super) fn restart_facts(&mut self) -> Result<Restart, EngineError> {
        let moment = self.moment();
        let now = self.now();
        let c = self.conn.as_mut();
        let pushed = Seq(meta::int(c, meta::key::PUSHED)?.unsigned_abs());
        let photos = blobs::unsent(c, u32::try_from(PHOTOS_QUEUED_MAX).unwrap_or(u32::MAX))?;
        let leases_max = load::settings(c)?.map(|s| s.prefetch_max);
        self.desk.leases_max_told = leases_max;
        let (epoch_wish, halt) = wish::for_restart(c)?;
        Ok(Restart {
            epoch: Epoch(meta::int(c, meta::key::EPOCH)?.unsigned_abs()),
            start_no: u32::try_from(meta::int(c, meta::key::START_NO)?).unwrap_or(u32::MAX),
            pushed,
            outbox: outbox::runs(c, pushed.next(), moment)?,
            cursor: meta::get(c, meta::key::CURSOR)?.map(Cursor),
            leases: lease::all(c)?,
            returning: lease::returning(c)?,
            photos: photos.into_iter().map(|(h, bytes)| PhotoJob { hash: ContentHash(h.0), bytes }).collect(),
            epoch_wish,
            halt,
            rate_per_hour: rate(c, now)?,
            leases_max: leases_max.unwrap_or(LEASES_MAX),
            sscc_left: numbers::left(c)?,
        })
    }
}

/// Orders packed here per hour, over the last hour, but at least enough to keep a packer busy.
pub(super) fn rate(c: &mut dyn Conn, now: UtcMs) -> storage::Res<u32> {
    Ok(sessions::packed_between(c, now.plus_ms(-3_600_000), now)?.max(30))
}
