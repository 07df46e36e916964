//! Taking changes: page by page, the next only after the last is on the disk.

use super::input::{Effect, Link, Notice, Now};
use super::machine::Machine;
use crate::protocol::wire::pull::{CURSOR_BYTES_MAX, PULL_CHANGES_MAX};
use crate::protocol::wire::{PullPage, Seq};

/// Time between pulls when nothing hints, ms.
pub(super) const PULL_EVERY_MS: u64 = 15_000;
/// Time between tries while the software is too old, ms.
const TOO_OLD_TRY_MS: u64 = 600_000;
/// Clock difference at which a person is told, ms.
const SKEW_MS_MAX: u64 = 300_000;

impl Machine {
    pub(super) fn start_pull(&mut self, now: Now) {
        if now.mono_ms < self.pull_due_ms || !self.pull.is_free(now.mono_ms) {
            return;
        }
        let no = self.next_no();
        self.pull.start(no, now.mono_ms);
        // Set now, so that a hint that comes during the flight brings the next pull forward again.
        self.pull_due_ms = now.mono_ms.saturating_add(PULL_EVERY_MS);
        let cursor = self.cursor.clone();
        self.out.push(Effect::SendPull { no, cursor, limit: PULL_CHANGES_MAX });
    }

    pub(super) fn pull_answered(&mut self, no: u64, page: Box<PullPage>, now: Now) {
        if !self.pull.is_flying(no) {
            return;
        }
        self.heard(now);
        self.update_needed = false;
        self.compare_clocks(page.server_time_ms, now);
        let stuck = page.more && self.cursor.as_ref() == Some(&page.next_cursor);
        if page.next_cursor.0.len() > CURSOR_BYTES_MAX || stuck {
            self.raise(Notice::ServerNonsense { link: Link::Pull });
            self.back_off(Link::Pull, now, 0);
            return;
        }
        self.page_cursor = Some((page.next_cursor.clone(), page.more));
        self.pull.store(no, now.mono_ms);
        self.out.push(Effect::StorePage { no, page });
    }

    pub(super) fn page_stored(&mut self, no: u64, now: Now) {
        if !self.pull.is_storing(no) {
            return;
        }
        self.pull.succeed();
        if let Some((cursor, more)) = self.page_cursor.take() {
            self.cursor = Some(cursor);
            if more {
                self.pull_due_ms = now.mono_ms;
            }
        }
    }

    /// The server's database is another one than before, perhaps an older one. What it lacks shows when it is sent the last
    /// fact that was confirmed once more: it knows it, or names the number that it needs.
    pub(super) fn cursor_unknown(&mut self, now: Now) {
        if self.cursor.take().is_none() {
            return;
        }
        self.raise(Notice::PullRestarted);
        let pushed = self.outbox.pushed();
        if pushed > Seq(0) && self.reloading_until_ms.is_none() {
            self.reload_from(pushed, now);
        }
    }

    pub(super) fn too_old(&mut self, now: Now) {
        if !self.update_needed {
            self.raise(Notice::UpdateNeeded);
        }
        self.update_needed = true;
        self.pull_due_ms = now.mono_ms.saturating_add(TOO_OLD_TRY_MS);
    }

    fn compare_clocks(&mut self, server_time_ms: i64, now: Now) {
        let skew_ms = now.wall_ms.saturating_sub(server_time_ms);
        let was_wrong = self.clock_skew_ms.is_some_and(|skew| skew.unsigned_abs() > SKEW_MS_MAX);
        if skew_ms.unsigned_abs() > SKEW_MS_MAX && !was_wrong {
            self.raise(Notice::ClockWrong { by_ms: skew_ms });
        }
        self.clock_skew_ms = Some(skew_ms);
    }
}
