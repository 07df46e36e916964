//! The packing station's window: the only room that knows egui.
//!
//! It draws what the station's view says and hands commands back; it must never block, read the disk or the
//! network, keep the truth about an order, or hold a word a packer reads (those come translated from outside).
//!
//! `theme` holds colours, type and measures; `icons`, `art` and `vector` hold drawings; `widgets` are the
//! parts every screen is made of; `flash` is the full-screen answer to a scan; `solid` is the plain geometry of boxes seen in space; `wedge` takes the
//! keyboard-wedge scanner out of the window's input before any widget sees it; `screens` draw the view; `panel` is
//! the demo's panel of virtual devices; `camera` shows what the station's camera sees; `app` is the window itself, `pace` when it
//! draws.

pub mod app;
pub mod art;
pub mod camera;
pub mod flash;
pub mod icons;
pub mod local;
mod pace;
pub mod panel;
pub mod screens;
pub mod solid;
mod taps;
pub mod theme;
pub mod vector;
pub mod wedge;
pub mod widgets;
