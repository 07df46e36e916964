//! Who is here: badges, PINs, locking, and a lead's approval. Wrong PINs are counted in the database,
//! so guessing stays slow over a restart and without the network.

use super::desk::{Asked, Deferred, Entry, Stage};
use super::input::{PinPurpose, Ui};
use super::{Engine, EngineError};
use crate::core::ids::UserId;
use crate::core::message::{Arg, Message};
use crate::core::person::{Approval, PIN_DIGITS_MAX, PIN_DIGITS_MIN, Person, Role};
use crate::core::session::Command;
use crate::core::signal::SoundName;
use crate::core::time::UtcMs;
use crate::protocol::domain;
use crate::protocol::wire::{ChangeKind, UserRecord};
use crate::storage::{people, records};

/// People of a site whose PINs are compared when no badge was scanned.
const PEOPLE_MAX: u32 = 200;
/// Name under which wrong PINs are counted where no badge says whose.
const STATION: &str = "station";
/// Longest wait after wrong PINs, ms.
const PIN_WAIT_MS_MAX: i64 = 3_600_000;

/// Under which name a wrong PIN counts: a badge's own, so that nobody's right PIN clears the tries at another's.
fn counted(badge: Option<UserId>) -> String {
    badge.map_or_else(|| STATION.to_owned(), |id| id.to_string())
}

/// The name a person is called by on the screen; initials where the server knows no name.
fn shown(user: UserRecord) -> String {
    if user.name.trim().is_empty() { user.initials } else { user.name }
}

impl Engine {
    fn user(&mut self, id: UserId) -> Result<Option<UserRecord>, EngineError> {
        let r: Option<UserRecord> = records::get(self.conn.as_mut(), ChangeKind::User, id.0)?;
        Ok(r.filter(|u| u.active))
    }

    /// A badge: logs in, answers an approval, or switches the packer.
    pub(super) fn on_badge(&mut self, id: UserId) -> Result<(), EngineError> {
        let Some(user) = self.user(id)? else {
            self.refuse_plain(Message::new("refusal-badge-unknown"), None, SoundName::StopUnknown);
            return Ok(());
        };
        if let Some(asked) = self.desk.asked.as_mut() {
            asked.entry = Entry { badge: Some(id), name: shown(user), ..Entry::default() };
            asked.refused = None;
            return Ok(());
        }
        match &self.desk.stage {
            Stage::Login(_) if !self.config.badge_alone && user.pin_argon2.is_some() => {
                self.desk.stage = Stage::Login(Entry { badge: Some(id), name: shown(user), ..Entry::default() });
                Ok(())
            }
            Stage::Login(_) => self.log_in(domain::person(&user)),
            // A badge during work means that somebody else goes on; the own one changes nothing.
            Stage::Bench => self.switch(domain::person(&user)),
            Stage::Pairing { .. } => Ok(()),
        }
    }

    fn log_in(&mut self, person: Person) -> Result<(), EngineError> {
        self.desk.stage = Stage::Bench;
        self.desk.locked = false;
        self.desk.feedback = None;
        let other = self.desk.packer.as_ref().is_some_and(|p| p.id != person.id);
        let bench = self.desk.bench.as_ref().map(|b| b.session.packer);
        self.desk.packer = Some(person.clone());
        self.desk.stale.queue = true;
        if bench.is_some_and(|p| p != person.id) || (other && bench.is_some()) {
            self.run(&Command::SwitchPacker(person.id), None)?;
        }
        // What followed by itself, had somebody been here: a label that is due is made now.
        self.follow_up()?;
        self.count_today()
    }

    /// Progress is kept; every further scan is the new person's.
    fn switch(&mut self, person: Person) -> Result<(), EngineError> {
        if self.desk.packer.as_ref().is_some_and(|p| p.id == person.id) {
            return Ok(());
        }
        let m = Message::new("ok-switched").with("who", person.initials.as_str());
        self.log_in(person)?;
        let at = self.now();
        self.say(super::feedback::plain(crate::core::signal::Signal::Ok, SoundName::Ok, m, None, at));
        Ok(())
    }

    pub(super) fn log_out(&mut self) -> Result<(), EngineError> {
        if matches!(self.desk.stage, Stage::Pairing { .. }) {
            return Ok(());
        }
        self.desk.stage = Stage::Login(Entry::default());
        self.desk.locked = self.desk.bench.is_some() || self.desk.intake.is_some();
        self.desk.sheet = None;
        self.desk.asked = None;
        self.desk.packer = None;
        self.desk.feedback = None;
        Ok(())
    }

    /// Locks the screen: what is on the bench stays.
    pub(super) fn lock(&mut self) {
        if self.desk.stage == Stage::Bench {
            self.desk.stage = Stage::Login(Entry::default());
            self.desk.locked = true;
            self.desk.sheet = None;
            self.desk.asked = None;
        }
    }

    fn entry(&mut self) -> Option<&mut Entry> {
        match (&mut self.desk.asked, &mut self.desk.stage) {
            (Some(a), _) => Some(&mut a.entry),
            (None, Stage::Login(e)) => Some(e),
            (None, Stage::Pairing { .. } | Stage::Bench) => None,
        }
    }

    pub(super) fn digit(&mut self, d: u8) {
        if let Some(e) = self.entry().filter(|e| !e.checking && d <= 9)
            && e.digits.len() < PIN_DIGITS_MAX
        {
            e.digits.push(char::from(b'0' + d));
        }
    }

    pub(super) fn digit_back(&mut self) {
        if let Some(e) = self.entry().filter(|e| !e.checking)
            && e.digits.pop().is_none()
        {
            *e = Entry::default();
        }
    }

    pub(super) fn digits_done(&mut self) -> Result<(), EngineError> {
        let now = self.now();
        let purpose = if self.desk.asked.is_some() { PinPurpose::Approval } else { PinPurpose::Login };
        let Some(e) = self.entry() else { return Ok(()) };
        let (badge, pin) = (e.badge, e.digits.clone());
        if e.checking {
            return Ok(());
        }
        self.desk.pin_wait_until = self.wait_until(&counted(badge))?;
        if now < self.desk.pin_wait_until {
            let wait = self.desk.pin_wait_until.since_ms(now);
            self.pin_refused(Message::new("login-wait").with("wait", Arg::SpanMs(wait)));
            return Ok(());
        }
        if purpose == PinPurpose::Approval && badge.is_none() {
            self.pin_refused(Message::new("approval-badge-first"));
            return Ok(());
        }
        if pin.len() < PIN_DIGITS_MIN {
            self.pin_refused(Message::new("login-pin-short"));
            return Ok(());
        }
        let candidates = self.candidates(badge)?;
        if let Some(e) = self.entry() {
            e.checking = true;
            e.digits.clear();
        }
        self.check_pin(purpose, &pin, candidates);
        Ok(())
    }

    /// Whose PIN it may be: the badge's owner, or everybody's where no badge was scanned.
    fn candidates(&mut self, badge: Option<UserId>) -> Result<Vec<(UserId, String)>, EngineError> {
        let users = match badge {
            Some(id) => self.user(id)?.into_iter().collect(),
            None => records::all::<UserRecord>(self.conn.as_mut(), ChangeKind::User, PEOPLE_MAX)?,
        };
        Ok(users.into_iter().filter(|u| u.active).filter_map(|u| Some((UserId(u.id.0), u.pin_argon2?))).collect())
    }

    fn pin_refused(&mut self, m: Message) {
        if let Some(a) = self.desk.asked.as_mut() {
            a.refused = Some(m.clone());
        }
        if let Some(e) = self.entry() {
            e.digits.clear();
            e.checking = false;
        }
        self.refuse_plain(m, None, SoundName::Stop);
    }

    pub(super) fn on_pin_checked(&mut self, purpose: PinPurpose, user: Option<UserId>) -> Result<(), EngineError> {
        if let Some(e) = self.entry() {
            e.checking = false;
        }
        let user = match user {
            Some(id) => self.user(id)?,
            None => None,
        };
        let who = counted(self.entry().and_then(|e| e.badge));
        let Some(user) = user else { return self.wrong_pin(&who) };
        people::succeeded(self.conn.as_mut(), &who)?;
        self.desk.pin_wait_until = UtcMs(0);
        match purpose {
            PinPurpose::Login => self.log_in(domain::person(&user)),
            PinPurpose::Approval => self.approved(&domain::person(&user)),
        }
    }

    fn wrong_pin(&mut self, who: &str) -> Result<(), EngineError> {
        let now = self.now();
        people::failed(self.conn.as_mut(), who, now.0)?;
        self.desk.pin_wait_until = self.wait_until(who)?;
        self.pin_refused(Message::new("login-pin-wrong"));
        Ok(())
    }

    /// After too many wrong PINs the next try waits, twice as long each time, at most an hour. The last wrong
    /// one lies in the database, so a restart shortens nothing; a clock set back lengthens nothing.
    fn wait_until(&mut self, who: &str) -> Result<UtcMs, EngineError> {
        let now = self.now();
        let settings = super::load::settings(self.conn.as_mut())?;
        let (max, wait) = settings.map_or((5, 60_000), |s| (s.pin_tries_max, s.pin_wait_ms));
        let (max, wait_ms) = (u32::from(max).max(1), i64::try_from(wait).unwrap_or(60_000));
        let (failures, last) = people::failures(self.conn.as_mut(), who)?;
        if failures < max {
            return Ok(UtcMs(0));
        }
        let doublings = (failures - max).min(12);
        let wait = wait_ms.saturating_mul(1 << doublings).min(PIN_WAIT_MS_MAX);
        if last > now.0 {
            people::seen(self.conn.as_mut(), who, now.0)?;
        }
        Ok(UtcMs(last.min(now.0)).plus_ms(wait))
    }

    /// What of a wait is left after a restart, for the login screen.
    pub(super) fn restore_wait(&mut self) -> Result<(), EngineError> {
        self.desk.pin_wait_until = self.wait_until(STATION)?;
        Ok(())
    }

    /// Asks for somebody who may: the action waits for badge and PIN. A lead at work needs both as well.
    pub(super) fn ask(&mut self, action: Deferred, what: Message) {
        self.desk.sheet = None;
        self.desk.asked = Some(Asked { action, what, entry: Entry::default(), refused: None });
    }

    fn approved(&mut self, person: &Person) -> Result<(), EngineError> {
        let Some(asked) = self.desk.asked.clone() else { return Ok(()) };
        if person.role < Role::Lead {
            self.pin_refused(Message::new("approval-not-a-lead").with("role", Arg::Key(Role::Lead.key())));
            return Ok(());
        }
        self.desk.asked = None;
        let approval = Approval { user: person.id, role: person.role, at: self.now() };
        match asked.action {
            Deferred::Weight(grams, reason) => {
                self.command(&Command::OverrideWeight { grams, approval, reason })?;
                Ok(())
            }
            Deferred::Ui(Ui::ClearFlag(flag)) => self.command(&Command::ClearFlag { flag, approval }),
            Deferred::Ui(Ui::AllowPartial) => self.command(&Command::AllowPartial { approval }),
            Deferred::Ui(Ui::Expedite { fulfillment, on }) => self.expedite(fulfillment, on, person),
            Deferred::Ui(Ui::Report { line: Some(line), reason, .. }) => {
                self.command(&Command::ConfirmByHand { line, reason, approval: Some(approval) })
            }
            Deferred::Ui(Ui::TypedWeight(grams)) => {
                let reason = crate::core::session::event::Reason::ScaleTrouble;
                self.command(&Command::OverrideWeight { grams, approval, reason })
            }
            Deferred::Ui(Ui::ResumeHeld(f)) => self.release_held(f, approval),
            Deferred::Ui(Ui::NewEpoch) => self.new_epoch(person),
            Deferred::Ui(_) => Ok(()),
        }
    }
}
