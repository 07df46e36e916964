//! From the desk to the view: lists are read from the database only when something changed, and shared
//! as they are; a publication costs the same whatever waits in the queue.

use super::desk::{Entry, Stage, Stale};
use super::view::{
    HeldView, LoginView, PackagingView, ParcelRow, PersonView, QueueRow, QueueView, Screen, Sheet, StationInfo,
    StationView, WhyIcon, WhyRow,
};
use super::{Engine, EngineError, pickups};
use crate::core::ids::{FulfillmentId, UserId};
use crate::core::message::{Arg, Message};
use crate::core::packaging::PackagingKind;
use crate::core::person::Person;
use crate::core::priority::{self, Candidate, Why};
use crate::core::session::event::Reason;
use crate::core::time::UtcMs;
use crate::protocol::wire::{ChangeKind, FulfillmentRecord, UserRecord};
use crate::storage::{lease, meta, outbox, records, sessions};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Rows of the queue that are shown.
const ROWS_MAX: usize = 50;

impl Engine {
    /// Reads what changed anew, within the transaction that changed it.
    pub(super) fn refresh(&mut self) -> Result<(), EngineError> {
        let stale = std::mem::take(&mut self.desk.stale);
        if stale.site {
            self.refresh_site()?;
        }
        if stale.queue {
            self.refresh_queue()?;
        }
        if stale.held {
            self.refresh_held()?;
        }
        if stale.history {
            self.refresh_history()?;
        }
        if stale.returns {
            self.refresh_returns()?;
        }
        let (waiting, oldest) = outbox::waiting(self.conn.as_mut())?;
        self.desk.network.waiting = waiting;
        self.desk.network.oldest = oldest.map(UtcMs);
        Ok(())
    }

    fn refresh_site(&mut self) -> Result<(), EngineError> {
        let c = self.conn.as_mut();
        let settings = super::load::settings(c)?;
        let name = meta::get(c, meta::key::STATION_NAME)?.unwrap_or_default();
        let site = meta::get(c, meta::key::SITE_NAME)?.unwrap_or_default();
        let packagings = super::load::packagings(c)?;
        self.desk.idle_lock_ms =
            idle_lock_ms(self.config.idle_lock_min, settings.as_ref().map_or(0, |s| s.idle_lock_ms));
        self.desk.info = Arc::new(StationInfo {
            name,
            site,
            zone: settings.map_or_else(|| "UTC".to_owned(), |s| s.zone),
            version: self.config.version.clone(),
        });
        let view = |p: &crate::core::packaging::Packaging| PackagingView {
            id: p.id,
            name: p.name.clone(),
            inner: p.inner,
            envelope: p.kind == PackagingKind::Envelope,
        };
        self.desk.packagings = packagings.iter().map(view).collect();
        Ok(())
    }

    /// Ranks what can be begun here.
    pub(super) fn refresh_queue(&mut self) -> Result<(), EngineError> {
        let now = self.now();
        let c = self.conn.as_mut();
        let candidates = pickups::candidates(c, now)?;
        self.desk.ranked_mono_ms = self.clock.mono_ms();
        let live = self.live_leases()?;
        let median = match self.desk.packer.as_ref().map(|p| p.id) {
            Some(id) => median_ms(&sessions::times(self.conn.as_mut(), id, None)?, None),
            None => None,
        };
        let mut ranked = priority::rank(&candidates, now);
        // Work whose lease has run out waits for the server, behind what can be begun at once.
        ranked.sort_by_key(|(i, _)| candidates.get(*i).is_none_or(|c| !live.contains(&c.fulfillment)));
        let mut rows = Vec::new();
        for (i, why) in ranked.iter().take(ROWS_MAX) {
            if let Some(cand) = candidates.get(*i) {
                let first = rows.is_empty();
                rows.push(QueueRow { leased: live.contains(&cand.fulfillment), ..self.queue_row(cand, why, first)? });
            }
        }
        let ready = candidates.iter().filter(|c| live.contains(&c.fulfillment)).count();
        let ready = u32::try_from(ready).unwrap_or(u32::MAX);
        self.desk.network.leased = ready;
        self.desk.queue = Arc::new(QueueView {
            rows,
            ready,
            estimate_ms: median.map(|m| m.saturating_mul(i64::from(ready))),
            last_ship_by: candidates.iter().filter_map(Candidate::last_moment).max(),
        });
        Ok(())
    }

    /// Work that may be begun under its lease now.
    pub(super) fn live_leases(&mut self) -> Result<HashSet<FulfillmentId>, EngineError> {
        let m = self.moment();
        let c = self.conn.as_mut();
        let clock = lease::clock(c, m.mono_ms, m.wall_ms, m.boot_id)?;
        let live = lease::all(c)?.into_iter().filter(|l| l.may_begin(&clock).is_ok());
        Ok(live.map(|l| FulfillmentId(l.fulfillment.0)).collect())
    }

    fn queue_row(&mut self, c: &Candidate, why: &Why, first: bool) -> Result<QueueRow, EngineError> {
        let f: Option<FulfillmentRecord> = records::get(self.conn.as_mut(), ChangeKind::Fulfillment, c.fulfillment.0)?;
        let mut list = vec![why_row(why)];
        if let Some(clock) = c.clock(self.now())
            && !matches!(why, Why::ShipBy { .. })
        {
            list.push(why_row(&clock));
        }
        if c.vip && !matches!(why, Why::Vip) {
            list.push(why_row(&Why::Vip));
        }
        if let Some(f) = f.as_ref().filter(|_| first) {
            list.extend(self.outlook(c.fulfillment, f)?);
        }
        Ok(QueueRow {
            fulfillment: c.fulfillment,
            number: c.number.clone(),
            lines: c.lines,
            units: c.units,
            why: list,
            expedited: c.expedited_by.is_some(),
            ship_by: c.last_moment(),
            carrier: f.map(|f| f.carrier.service).unwrap_or_default(),
            leased: true,
            begun: false,
        })
    }

    fn refresh_held(&mut self) -> Result<(), EngineError> {
        let here = self.desk.bench.as_ref().map(|b| b.session.fulfillment);
        let rows = sessions::open(self.conn.as_mut())?;
        let list = rows.into_iter().filter(|r| Some(r.fulfillment) != here && r.state != "packed").map(|r| {
            let reason = r.reason.unwrap_or(Reason::Other);
            HeldView {
                fulfillment: r.fulfillment,
                number: r.number,
                question: Message::new("held-question").with("reason", Arg::Key(reason.key())),
                since: r.since,
                can_resume: reason != Reason::NothingToShip,
                lead_can_release: reason == Reason::ShortComplete,
            }
        });
        self.desk.held = list.collect();
        Ok(())
    }

    fn refresh_history(&mut self) -> Result<(), EngineError> {
        let mut rows = Vec::new();
        let mut known: HashMap<UserId, String> = HashMap::new();
        for p in sessions::history(self.conn.as_mut())? {
            let packer = match known.get(&p.packer) {
                Some(name) => name.clone(),
                None => {
                    let name = self.initials(p.packer)?;
                    known.insert(p.packer, name.clone());
                    name
                }
            };
            rows.push(ParcelRow {
                fulfillment: p.fulfillment,
                parcel: p.no,
                number: p.number,
                sscc: p.sscc,
                weight_g: p.weight_g,
                at: p.at,
                packer,
                copies: p.copies,
            });
        }
        self.desk.history = rows.into();
        self.count_today()
    }

    fn initials(&mut self, id: UserId) -> Result<String, EngineError> {
        let r: Option<UserRecord> = records::get(self.conn.as_mut(), ChangeKind::User, id.0)?;
        Ok(r.map(|u| u.initials).unwrap_or_default())
    }

    /// The view of this moment.
    pub fn view(&mut self) -> StationView {
        self.revision += 1;
        let now = self.now();
        self.plan_box();
        self.draw_label(now);
        StationView {
            revision: self.revision,
            now,
            station: Arc::clone(&self.desk.info),
            screen: self.screen(now),
            packer: self.desk.packer.as_ref().map(person_view),
            devices: Arc::clone(&self.desk.devices),
            network: self.desk.network.clone(),
            feedback: self.desk.feedback.clone(),
            voice: self.voice_view(),
            sheet: self.sheet(),
            queue: Arc::clone(&self.desk.queue),
            pack: self.desk.bench.as_ref().map(|b| Arc::new(super::publish_stage::pack(&self.desk, b))),
            held: Arc::clone(&self.desk.held),
            history: Arc::clone(&self.desk.history),
            packagings: Arc::clone(&self.desk.packagings),
            intake: self.desk.intake.as_ref().map(|case| Arc::new(super::publish_return::intake(case))),
            returns: Arc::clone(&self.desk.returns),
        }
    }

    fn screen(&self, now: UtcMs) -> Screen {
        match &self.desk.stage {
            Stage::Pairing { code, state, again } => Screen::Pairing {
                code: code.clone(),
                answer: state.clone(),
                again: again.then(|| self.desk.info.name.clone()),
            },
            Stage::Login(e) => Screen::Login(LoginView {
                badge: e.badge.map(|_| e.name.clone()),
                digits: digits(e),
                locked: self.desk.locked,
                wait_s: u32::try_from(self.desk.pin_wait_until.since_ms(now).div_euclid(1_000)).unwrap_or(u32::MAX),
            }),
            Stage::Bench if self.desk.bench.is_some() => Screen::Pack,
            Stage::Bench if self.desk.intake.is_some() => Screen::Return,
            Stage::Bench => Screen::Queue,
        }
    }

    /// An approval in work stands before any other sheet; then a question about paper.
    fn sheet(&self) -> Option<Sheet> {
        if let Some(a) = &self.desk.asked {
            return Some(Sheet::Approval {
                what: a.what.clone(),
                badge: a.entry.badge.map(|_| a.entry.name.clone()),
                digits: digits(&a.entry),
                refused: a.refused.clone(),
            });
        }
        let waiting = self.desk.print_unknown.first().filter(|_| self.desk.stage == Stage::Bench);
        match waiting {
            Some((_, parcel, document, _)) => Some(Sheet::PrintUnknown { document: *document, parcel: *parcel }),
            None => self.desk.sheet.clone(),
        }
    }

    /// What a window shows when the database cannot be used.
    #[must_use]
    pub fn recovery(error: &crate::storage::SqlError, now: UtcMs, version: &str) -> StationView {
        use crate::storage::SqlError;
        let what = match error {
            SqlError::Newer { .. } => "recovery-newer",
            SqlError::Corrupt { .. } => "recovery-damaged",
            SqlError::Full { .. } => "recovery-full",
            SqlError::Busy { .. } | SqlError::ReadOnly { .. } => "recovery-locked",
            _ => "recovery-other",
        };
        let hint = Message::new("recovery-hint").with("error", error.to_string());
        let info = StationInfo { version: version.to_owned(), ..StationInfo::default() };
        let mut desk = super::desk::Desk::new(Stage::Login(Entry::default()), info);
        desk.stale = Stale::default();
        StationView {
            revision: 1,
            now,
            station: desk.info,
            screen: Screen::Recovery { what: Message::new(what), hint },
            packer: None,
            devices: desk.devices,
            network: desk.network,
            feedback: None,
            voice: None,
            sheet: None,
            queue: desk.queue,
            pack: None,
            held: desk.held,
            history: desk.history,
            packagings: desk.packagings,
            intake: None,
            returns: desk.returns,
        }
    }
}

/// Idle time until the screen locks: the shorter one of what the station's file and what the site says; 0 says nothing.
/// So a site's rule holds at every bench, and a bench in the open may lock sooner.
fn idle_lock_ms(station_min: u32, site_ms: u64) -> u64 {
    match (u64::from(station_min) * 60_000, site_ms) {
        (0, ms) | (ms, 0) => ms,
        (station_ms, site_ms) => station_ms.min(site_ms),
    }
}

fn digits(e: &Entry) -> u8 {
    u8::try_from(e.digits.len()).unwrap_or(u8::MAX)
}

fn person_view(p: &Person) -> PersonView {
    PersonView { id: p.id, initials: p.initials.clone(), role: p.role }
}

fn why_row(w: &Why) -> WhyRow {
    let icon = match w {
        Why::Expedited(_) => WhyIcon::Expedited,
        Why::Rush => WhyIcon::Rush,
        Why::Vip => WhyIcon::Vip,
        Why::ShipBy { carrier: Some(_), .. } => WhyIcon::Pickup,
        Why::ShipBy { carrier: None, .. } => WhyIcon::ShipBy,
        Why::Oldest { .. } => WhyIcon::Oldest,
    };
    WhyRow { icon, title: w.message(), detail: w.detail() }
}

/// Median of the times of orders of about this size (half to double); of all, where no size is given
/// or fewer than three are alike. None with fewer than three at all.
#[must_use]
pub(super) fn median_ms(times: &[(u32, i64)], units: Option<u32>) -> Option<i64> {
    let alike = |u: u32| units.is_none_or(|n| u.saturating_mul(2) >= n && u <= n.saturating_mul(2));
    let mut list: Vec<i64> = times.iter().filter(|(u, _)| alike(*u)).map(|(_, ms)| *ms).collect();
    if list.len() < 3 {
        list = times.iter().map(|(_, ms)| *ms).collect();
    }
    if list.len() < 3 {
        return None;
    }
    list.sort_unstable();
    list.get(list.len() / 2).copied()
}
