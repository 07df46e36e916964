//! From the last key of a scanner that types to the published view, by the window's own filter and the way its frame hands a scan in.
//! What a frame does besides drawing is in it, also what comes after the view; neither the system's way to the window nor the drawing is:
//! `benches/window` has those.

use super::{Measured, Way, counted, ready};
use crate::station_kit::world;
use egui::{Context, Event, Key, Modifiers, RawInput};
use packbench::core::ids::GestureId;
use packbench::devices::DevicesConfig;
use packbench::station::app::{Source, Station as Screens, StationWindow};
use packbench::station::local::{Settings, TalkKey};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use uuid::Uuid;

/// One code after the other: a frame for every character, as a slow window has, and one for Enter.
pub fn measure(codes: u32) -> Measured {
    let way = Way::to(ready(codes + 1), DevicesConfig::new(Vec::new()).expect("no device"));
    let ctx = Context::default();
    let numbers = AtomicU64::new(1);
    let window = StationWindow {
        source: Source::Live(way.engine.clone()),
        settings: Settings::default(),
        wedge: (50, 4),
        talk_key: TalkKey::F12,
        gestures: Arc::new(move || GestureId(Uuid::from_u64_pair(7, numbers.fetch_add(1, Ordering::Relaxed)))),
        on_open: Box::new(|_| {}),
        on_wish: Box::new(|_| {}),
        panel: None,
        camera: None,
    };
    let mut screens = Screens::open(&ctx, window);
    let code = world::ean13(world::MUG);
    let measured = counted(&way.engine, codes, || {
        for sign in code.chars() {
            frame(&ctx, &mut screens, vec![Event::Text(sign.to_string())]);
        }
        let begun = Instant::now();
        frame(&ctx, &mut screens, vec![enter(true), enter(false)]);
        begun
    });
    way.end();
    measured
}

fn enter(pressed: bool) -> Event {
    Event::Key { key: Key::Enter, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE }
}

/// One frame of the window up to where it has taken in what was typed and the answer to it.
fn frame(ctx: &Context, screens: &mut Screens, events: Vec<Event>) {
    ctx.begin_pass(RawInput { events, ..RawInput::default() });
    screens.take(ctx);
    ctx.end_pass().drop_without_applying_deltas();
}
