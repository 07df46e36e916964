//! The station's devices: scanners, scales, printers, cameras, tag readers, lights, sound and voice, each on its own named thread under
//! one [`Supervisor`].
//!
//! Everything a device says leaves this room as a [`DeviceEvent`] through the sink given to [`Supervisor::start`];
//! everything it is told enters as a [`DeviceCommand`] through [`DeviceHandle::send`]. Both sides are bounded and neither
//! ever blocks the caller. Protocols are data tables and pure parsers; transports are thin.
//!
//! This room must never decide what a scan or a weight *means*, never read the database or the settings file, never write a
//! text that a packer reads (statuses and reasons are closed enums with a stable `code()` that the catalogue maps), and never
//! log the content of a scan, a label or a photo.

pub mod access;
mod bay;
pub mod camera;
mod clock;
pub mod config;
mod event;
mod http;
pub mod light;
pub(crate) mod line;
mod mailbox;
pub mod nfc;
pub mod printer;
mod program;
pub mod scale;
pub mod scanner;
pub mod sound;
mod supervisor;
pub mod tap;
pub mod usb;
pub mod virtual_;
pub mod voice;

pub use clock::{Clock, Stamp};
pub use config::{DeviceConfig, DeviceId, DeviceSpec, DevicesConfig};
pub use event::{
    AdjustOutcome, DeviceCommand, DeviceEvent, DeviceKind, DeviceStatus, DeviceWarning, Doing, Full, LostReason,
    SendError,
};
pub use line::{DataBits, LineSettings, Parity, StopBits};
pub use supervisor::{Backoff, DeviceHandle, DeviceState, Supervisor};
