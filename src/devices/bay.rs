//! A device thread's own place: its commands, its clock, its way out. The only code that sets a device's status. Must never
//! block for longer than asked and must never deliver one gesture twice.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::clock::Clock;
use super::config::DeviceId;
use super::event::{DeviceCommand, DeviceEvent, DeviceKind, DeviceStatus, DeviceWarning, Doing, Full, LostReason};
use super::mailbox::{Mailbox, Taken};
use super::printer::board::PrinterBoard;
use super::sound::{SoundName, SoundPort};
use super::supervisor::DeviceState;
use super::tap::Tap;

/// How long a scan may wait for room before it is refused aloud. Longer, and the packer has walked on.
const SCAN_PATIENCE: Duration = Duration::from_millis(250);
/// Pause between two tries at a full sink.
const FULL_PAUSE: Duration = Duration::from_millis(5);
/// Gesture ids remembered per device to recognise echoes.
const ECHO_MEMORY: usize = 64;

/// The station's sink, shared by all device threads.
pub(crate) type Sink = Arc<dyn Fn(DeviceEvent) -> Result<(), Full> + Send + Sync>;

/// Recognises echoes of a gesture by its id alone: time would swallow an honest second unit.
#[derive(Debug, Default)]
struct EchoFilter {
    seen: VecDeque<u64>,
}

impl EchoFilter {
    /// `true` for the first sight of this gesture.
    fn first(&mut self, gesture: u64) -> bool {
        if self.seen.contains(&gesture) {
            return false;
        }
        if self.seen.len() == ECHO_MEMORY {
            self.seen.pop_front();
        }
        self.seen.push_back(gesture);
        true
    }
}

/// What all device threads share.
pub(crate) struct Common {
    pub(crate) sink: Sink,
    pub(crate) clock: Clock,
    pub(crate) gestures: Arc<AtomicU64>,
    pub(crate) board: Mutex<BTreeMap<DeviceId, DeviceState>>,
    pub(crate) alarm: Option<Arc<SoundPort>>,
    /// What is known of the printers besides their status.
    pub(crate) printers: PrinterBoard,
}

/// One device thread's place.
pub(crate) struct Bay {
    id: DeviceId,
    kind: DeviceKind,
    common: Arc<Common>,
    commands: Arc<Mailbox<DeviceCommand>>,
    status: DeviceStatus,
    /// A status that the full sink has not taken yet; only the newest is worth telling.
    untold: bool,
    seen_ready: bool,
    ready_since_ms: Option<u64>,
    echoes: EchoFilter,
    scans_refused: u64,
    /// Nobody named it in the settings, and it has not been there yet.
    unasked: bool,
    tap: Tap,
    /// Where the device stood before it became busy.
    before: Option<DeviceStatus>,
}

impl Bay {
    pub(crate) fn new(
        id: DeviceId,
        kind: DeviceKind,
        common: Arc<Common>,
        commands: Arc<Mailbox<DeviceCommand>>,
        tap: Tap,
    ) -> Self {
        let mut bay = Self {
            id,
            kind,
            common,
            commands,
            status: DeviceStatus::Opening,
            untold: true,
            seen_ready: false,
            ready_since_ms: None,
            echoes: EchoFilter::default(),
            scans_refused: 0,
            unasked: false,
            tap,
            before: None,
        };
        bay.pin();
        bay
    }

    /// Nobody named this device: it is told of only once it was there, or was there and could not be used.
    pub(crate) fn unasked(&mut self) {
        self.unasked = true;
        self.common.board.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }

    pub(crate) fn id(&self) -> &DeviceId {
        &self.id
    }

    pub(crate) fn clock(&self) -> Clock {
        self.common.clock
    }

    pub(crate) fn printers(&self) -> PrinterBoard {
        self.common.printers.clone()
    }

    pub(crate) fn next_gesture(&self) -> u64 {
        self.common.gestures.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn stopped(&self) -> bool {
        self.commands.is_closed()
    }

    /// Waits for a command; tells a status that found no room before.
    pub(crate) fn wait_command(&mut self, timeout: Duration) -> Taken<DeviceCommand> {
        self.tell();
        self.commands.take(timeout)
    }

    /// Waits without taking commands; `false` when the station stops.
    pub(crate) fn rest(&mut self, timeout: Duration) -> bool {
        self.tell();
        self.commands.rest(timeout)
    }

    /// Whether a command of a kind waits; it keeps its turn.
    pub(crate) fn expects(&self, kind: impl Fn(&DeviceCommand) -> bool) -> bool {
        self.commands.holds(kind)
    }

    // --- status: nothing else in this room sets it -------------------------------------------------------------------

    /// The device works. Whoever says so has just heard it; a scanner alone is believed when its line is open.
    pub(crate) fn ready(&mut self) {
        if self.kind != DeviceKind::Scanner {
            self.tap.answered(self.common.clock.now().at_ms);
        }
        self.seen_ready = true;
        if self.ready_since_ms.is_none() {
            self.ready_since_ms = Some(self.common.clock.mono_ms());
        }
        self.set(DeviceStatus::Ready);
    }

    /// The device is connected, but a person should look.
    pub(crate) fn warn(&mut self, warning: DeviceWarning) {
        self.seen_ready = true;
        if self.status != (DeviceStatus::Attention { why: warning.clone() }) {
            tracing::warn!(device = %self.id, warning = warning.code(), "device needs a look");
        }
        self.set(DeviceStatus::Attention { why: warning });
    }

    /// The device begins something that takes a moment. One that is lost stays so: trying it is no work of its.
    pub(crate) fn busy(&mut self, doing: Doing) {
        match &self.status {
            DeviceStatus::Ready | DeviceStatus::Attention { .. } => {
                self.before = Some(self.status.clone());
                self.set(DeviceStatus::Busy { doing });
            }
            DeviceStatus::Absent | DeviceStatus::Opening | DeviceStatus::Busy { .. } | DeviceStatus::Lost { .. } => {}
        }
    }

    /// What held its work up is gone: it is busy again, and well when it is done.
    pub(crate) fn goes_on(&mut self, doing: Doing) {
        if matches!(self.status, DeviceStatus::Attention { .. }) {
            self.before = Some(DeviceStatus::Ready);
            self.set(DeviceStatus::Busy { doing });
        }
    }

    /// It is done with that, and stands where it stood.
    pub(crate) fn done(&mut self) {
        let before = self.before.take();
        if matches!(self.status, DeviceStatus::Busy { .. })
            && let Some(before) = before
        {
            self.set(before);
        }
    }

    /// A session ended. Returns how long the device had been ready, in milliseconds.
    pub(crate) fn lost(&mut self, reason: LostReason) -> u64 {
        let now = self.common.clock.now();
        let ready_ms = self.ready_since_ms.take().map_or(0, |since| now.mono_ms.saturating_sub(since));
        let status = match &self.status {
            // One outage has one beginning, however often it is tried.
            DeviceStatus::Lost { since_ms, .. } => DeviceStatus::Lost { since_ms: *since_ms, reason },
            _ if reason == LostReason::NotFound && !self.seen_ready => DeviceStatus::Absent,
            DeviceStatus::Absent
            | DeviceStatus::Opening
            | DeviceStatus::Ready
            | DeviceStatus::Busy { .. }
            | DeviceStatus::Attention { .. } => DeviceStatus::Lost { since_ms: now.at_ms, reason },
        };
        if status != self.status {
            tracing::warn!(device = %self.id, reason = reason.code(), "device is not there; it is tried again");
        }
        self.set(status);
        ready_ms
    }

    fn set(&mut self, status: DeviceStatus) {
        if status != self.status {
            self.status = status;
            self.untold = true;
            self.pin();
        }
        self.tell();
    }

    /// Puts the status on the board that `Supervisor::states` reads.
    fn pin(&mut self) {
        self.unasked &= matches!(self.status, DeviceStatus::Absent | DeviceStatus::Opening);
        if self.unasked {
            return;
        }
        let state = DeviceState { device: self.id.clone(), kind: self.kind, status: self.status.clone() };
        self.common.board.lock().unwrap_or_else(PoisonError::into_inner).insert(self.id.clone(), state);
    }

    fn tell(&mut self) {
        if self.untold && !self.unasked {
            let event = DeviceEvent::Status { device: self.id.clone(), kind: self.kind, status: self.status.clone() };
            self.untold = (self.common.sink)(event).is_err();
        }
    }

    // --- events ------------------------------------------------------------------------------------------------------

    /// Delivers one gesture once. When the station has no room for it, it is refused aloud.
    pub(crate) fn gesture(&mut self, gesture: u64, event: DeviceEvent) {
        if !self.echoes.first(gesture) {
            tracing::debug!(device = %self.id, gesture, "echo of a gesture was dropped");
            return;
        }
        let mut waited = Duration::ZERO;
        while (self.common.sink)(event.clone()).is_err() {
            if waited >= SCAN_PATIENCE || !self.commands.rest(FULL_PAUSE) {
                self.scans_refused += 1;
                if let Some(alarm) = &self.common.alarm {
                    alarm.play(SoundName::Stop);
                }
                self.warn(DeviceWarning::ScansRefused { count: self.scans_refused });
                return;
            }
            waited += FULL_PAUSE;
        }
        self.tap.answered(self.common.clock.now().at_ms);
        self.ready();
    }

    /// Delivers an event whose newer sibling replaces it: no room means no loss.
    pub(crate) fn passing(&self, event: DeviceEvent) -> bool {
        (self.common.sink)(event).is_ok()
    }

    /// Delivers an event that must arrive. Waiting here is the back-pressure: this device's commands fill up meanwhile.
    pub(crate) fn surely(&mut self, event: DeviceEvent) {
        while (self.common.sink)(event.clone()).is_err() {
            if !self.commands.rest(FULL_PAUSE) {
                // Stopping: one last try, then the station's recovery asks a person about the unanswered job.
                if (self.common.sink)(event).is_err() {
                    tracing::warn!(device = %self.id, "an outcome could not be delivered while stopping");
                }
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_is_known_by_its_id_alone() {
        let mut filter = EchoFilter::default();
        assert!(filter.first(7));
        assert!(!filter.first(7));
        assert!(filter.first(8), "a second identical unit has another id and counts");
        for id in 100..100 + ECHO_MEMORY as u64 {
            assert!(filter.first(id));
        }
        assert_eq!(filter.seen.len(), ECHO_MEMORY, "the memory is bounded");
    }
}
