//! When the window draws. A keyboard scanner types a code in a few dozen milliseconds, and the window would draw a frame
//! for every key although no key shows: the frame in hand when Enter comes makes the packer wait for the answer. So frames
//! asked for by keys alone are put together while keys come as fast as no hand types, and Enter draws at once.
//!
//! [`Pace`] decides by time alone; [`Paced`] stands between the system's event loop and eframe's. It must never keep a
//! frame from anything but keys, nor keep an event from eframe: only the moment of drawing moves.

use std::time::{Duration, Instant};

use eframe::{EframeWinitApplication, UserEvent};
use winit::application::ApplicationHandler;
use winit::event::{DeviceEvent, DeviceId, ElementState, StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, ControlFlow};
use winit::keyboard::{Key, NamedKey};
use winit::window::WindowId;

/// Keys nearer than this come from a scanner, ms. A scan's mean is at most 30 (`wedge::Config::mean_ms_max`), so what is
/// put together here counts as a scan there as well; hands are four times slower.
const NEAR_MS: u64 = 20;
/// Longest time without a frame, ms: a scanner whose code is longer is drawn between.
const HELD_MS_MAX: u64 = 100;

/// Decides which frame may wait. Times are milliseconds of any clock that only grows.
#[derive(Debug, Default)]
pub struct Pace {
    last_key_ms: Option<u64>,
    held_since_ms: Option<u64>,
    asked: bool,
}

impl Pace {
    /// A key went down or up. The first of a burst is drawn at once, as a hand's is.
    pub fn key(&mut self, now_ms: u64) {
        let near = self.last_key_ms.is_some_and(|last| now_ms.saturating_sub(last) < NEAR_MS);
        if near && self.held_since_ms.is_none() {
            self.held_since_ms = Some(now_ms);
        } else if !near {
            self.held_since_ms = None;
        }
        self.last_key_ms = Some(now_ms);
    }

    /// May the frame that is asked for wait? Then it is owed.
    pub fn waits(&mut self, now_ms: u64) -> bool {
        let waits = self.due_ms().is_some_and(|due| now_ms < due);
        if waits {
            self.asked = true;
        } else {
            self.drawn();
        }
        waits
    }

    /// When an owed frame must be drawn, ms; `None` where no key holds one back.
    #[must_use]
    pub fn due_ms(&self) -> Option<u64> {
        let (last, since) = (self.last_key_ms?, self.held_since_ms?);
        Some((last + NEAR_MS).min(since + HELD_MS_MAX))
    }

    /// Something else than a key needs a frame, or a code has ended: nothing waits any longer.
    pub fn hurry(&mut self) {
        self.last_key_ms = None;
        self.held_since_ms = None;
    }

    /// A frame is being drawn: none is owed.
    pub fn drawn(&mut self) {
        self.asked = false;
        self.held_since_ms = None;
    }

    /// Whether an owed frame's time has come.
    #[must_use]
    pub fn is_due(&self, now_ms: u64) -> bool {
        self.asked && self.due_ms().is_none_or(|due| due <= now_ms)
    }
}

/// eframe's application, drawn at this pace.
pub struct Paced<'a> {
    inner: EframeWinitApplication<'a>,
    pace: Pace,
    /// The window an owed frame belongs to.
    window: Option<WindowId>,
    start: Instant,
}

impl<'a> Paced<'a> {
    /// Around eframe's.
    #[must_use]
    pub fn new(inner: EframeWinitApplication<'a>) -> Self {
        Self { inner, pace: Pace::default(), window: None, start: Instant::now() }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// What an event means for the pace.
enum Meaning {
    /// A key that a scanner may send within a code.
    Key,
    /// The window must be drawn.
    Draw,
    /// Something that never holds a frame back.
    Other,
}

fn meaning(event: &WindowEvent) -> Meaning {
    match event {
        WindowEvent::RedrawRequested => Meaning::Draw,
        WindowEvent::ModifiersChanged(_) => Meaning::Key,
        WindowEvent::KeyboardInput { event, .. } => {
            let ends = matches!(&event.logical_key, Key::Named(NamedKey::Enter | NamedKey::Tab));
            if ends && event.state == ElementState::Pressed { Meaning::Other } else { Meaning::Key }
        }
        // The system's events, not ours: there are more of them than this file needs to know.
        _ => Meaning::Other,
    }
}

impl ApplicationHandler<UserEvent> for Paced<'_> {
    fn resumed(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.resumed(event_loop);
    }

    fn window_event(&mut self, event_loop: &ActiveEventLoop, window: WindowId, event: WindowEvent) {
        match meaning(&event) {
            Meaning::Key => {
                let now_ms = self.now_ms();
                self.pace.key(now_ms);
                self.inner.window_event(event_loop, window, event);
            }
            Meaning::Draw => {
                let now_ms = self.now_ms();
                if self.pace.waits(now_ms) {
                    self.window = Some(window);
                } else {
                    self.window = None;
                    self.inner.window_event(event_loop, window, event);
                }
            }
            Meaning::Other => {
                self.pace.hurry();
                self.inner.window_event(event_loop, window, event);
            }
        }
    }

    fn new_events(&mut self, event_loop: &ActiveEventLoop, cause: StartCause) {
        self.inner.new_events(event_loop, cause);
        if self.pace.is_due(self.now_ms()) {
            self.pace.drawn();
            if let Some(window) = self.window.take() {
                self.inner.window_event(event_loop, window, WindowEvent::RedrawRequested);
            }
        }
    }

    fn user_event(&mut self, event_loop: &ActiveEventLoop, event: UserEvent) {
        self.pace.hurry();
        self.inner.user_event(event_loop, event);
    }

    fn device_event(&mut self, event_loop: &ActiveEventLoop, device: DeviceId, event: DeviceEvent) {
        self.inner.device_event(event_loop, device, event);
    }

    fn about_to_wait(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.about_to_wait(event_loop);
        if self.window.is_some() {
            let due = self.start + Duration::from_millis(self.pace.due_ms().unwrap_or(0));
            let flow = match event_loop.control_flow() {
                ControlFlow::WaitUntil(at) => ControlFlow::WaitUntil(at.min(due)),
                ControlFlow::Wait => ControlFlow::WaitUntil(due),
                ControlFlow::Poll => ControlFlow::Poll,
            };
            event_loop.set_control_flow(flow);
        }
    }

    fn suspended(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.suspended(event_loop);
    }

    fn exiting(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.exiting(event_loop);
    }

    fn memory_warning(&mut self, event_loop: &ActiveEventLoop) {
        self.inner.memory_warning(event_loop);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys down at these times with a frame asked for after each: which frames are drawn at once.
    fn drawn(keys_ms: &[u64]) -> Vec<bool> {
        let mut pace = Pace::default();
        let one = |at: &u64| {
            pace.key(*at);
            !pace.waits(*at)
        };
        keys_ms.iter().map(one).collect()
    }

    #[test]
    fn a_hands_keys_are_drawn_at_once_and_a_scanners_first_alone() {
        assert_eq!(drawn(&[0, 60, 120, 141]), [true; 4]);
        assert_eq!(drawn(&[0, 5, 10, 15, 20]), [true, false, false, false, false]);
    }

    #[test]
    fn an_owed_frame_comes_when_the_keys_end_and_a_long_code_is_drawn_between() {
        let mut pace = Pace::default();
        pace.key(0);
        pace.key(5);
        assert!(pace.waits(5));
        assert_eq!(pace.due_ms(), Some(25));
        assert!(!pace.is_due(24));
        assert!(pace.is_due(25));
        let long: Vec<u64> = (0..60).map(|n| n * 5).collect();
        let between = drawn(&long).iter().filter(|drawn| **drawn).count();
        assert_eq!(between, 3, "one at the start and one for each {HELD_MS_MAX} ms");
    }

    #[test]
    fn what_is_no_key_draws_what_is_owed_once() {
        let mut pace = Pace::default();
        pace.key(0);
        pace.key(5);
        assert!(pace.waits(6));
        assert!(!pace.is_due(7));
        pace.hurry();
        assert!(pace.is_due(7), "the frame is owed");
        assert!(!pace.waits(7), "and nothing holds it");
        assert!(!pace.is_due(8), "it is not drawn twice");
    }
}
