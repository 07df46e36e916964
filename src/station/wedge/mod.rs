//! The keyboard-wedge scanner: a scanner that types. This plugin takes its keys out of the window's input
//! before any widget sees them, so focus does not matter: no scan lands in a text field, and the Enter at its
//! end presses nothing. What turns out to be typing by hand reaches the widgets, held back at most one gap.
//!
//! `filter` decides by time alone and knows no egui; `keys` turns egui's events into its inputs. This file joins
//! the two and keeps a bounded list of what was read.

pub mod filter;
mod keys;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use egui::{Context, Event, RawInput};

pub use filter::{Config, Read};
pub use keys::Layout;

use filter::{Filter, Output};
use keys::{Keys, Meaning};

/// Most reads kept for one frame. The window empties the list every frame; a frame that brings more than this
/// from a keyboard does not exist, so the bound only guards memory.
const READS_MAX: usize = 1_024;

/// Milliseconds that only grow.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// The plugin. Register with `Context::add_plugin`, empty with [`take`] at the start of every frame.
pub struct Wedge {
    filter: Filter<Event>,
    keys: Keys,
    clock: Clock,
    reads: VecDeque<Read>,
}

impl Wedge {
    /// A wedge by the machine's monotonic clock.
    #[must_use]
    pub fn new(config: Config, layout: Layout) -> Self {
        let start = Instant::now();
        let clock = move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        Self::with_clock(config, layout, Arc::new(clock))
    }

    /// A wedge by a given clock.
    #[must_use]
    pub fn with_clock(config: Config, layout: Layout, clock: Clock) -> Self {
        Self { filter: Filter::new(config), keys: Keys::new(layout), clock, reads: VecDeque::new() }
    }

    fn settle(&mut self, out: Vec<Output<Event>>, events: &mut Vec<Event>) {
        for output in out {
            match output {
                // The state of Alt went to the widgets when it came.
                Output::Release(Event::ModifiersChanged(_)) => {}
                Output::Release(event) => events.push(event),
                Output::Swallow(event) => self.keys.swallowed(&event),
                Output::Read(read) => {
                    if self.reads.len() < READS_MAX {
                        self.reads.push_back(read);
                    } else {
                        tracing::error!(kept = READS_MAX, "the window is not taking scans; one was refused");
                    }
                }
            }
        }
    }
}

impl egui::Plugin for Wedge {
    fn debug_name(&self) -> &'static str {
        "keyboard wedge"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let now_ms = (self.clock)();
        let arrived = std::mem::take(&mut input.events);
        let meanings: Vec<(Event, Meaning)> = arrived
            .into_iter()
            .map(|event| {
                let meaning = self.keys.meaning(&event);
                (event, meaning)
            })
            .collect();
        let typed = meanings.iter().any(|(_, meaning)| meaning.is_text());
        let mut out = Vec::new();
        self.filter.frame(now_ms, typed, &mut out);
        self.settle(out, &mut input.events);
        for (event, meaning) in meanings {
            let mut out = Vec::new();
            match meaning {
                Meaning::Pass => input.events.push(event),
                Meaning::Drop => {}
                Meaning::Feed(what) => {
                    if let Event::ModifiersChanged(_) = event {
                        input.events.push(event.clone());
                    }
                    self.filter.push(now_ms, what, event, &mut out);
                }
            }
            self.settle(out, &mut input.events);
        }
        if let Some(due_ms) = self.filter.due_ms() {
            ctx.request_repaint_after(Duration::from_millis(due_ms.saturating_sub(now_ms)));
        }
        if !self.reads.is_empty() {
            ctx.request_repaint();
        }
    }
}

/// Takes everything the wedge has read since the last call, in order.
#[must_use]
pub fn take(ctx: &Context) -> Vec<Read> {
    ctx.with_plugin(|wedge: &mut Wedge| wedge.reads.drain(..).collect()).unwrap_or_default()
}
