//! Settings: from what a person wrote (file, environment, flags) to values the rooms can trust.
//!
//! Two types, one way: [`Raw`] is what was written, each value with the place it came from; [`StationSettings`] and
//! [`CentralSettings`] are what is meant, checked. Unknown keys are refused with the nearest known one; all
//! problems are collected and told at once, each with its place and what to do.
//!
//! Flags go before the environment, the environment before the file, the file before the built-in values. This
//! room must never read the environment, a device or a database itself, and never hold a half-checked value; the
//! only files it opens are those that a `…_file` setting names for a secret.

mod example;
mod key;
mod keys;
mod lines;
mod merge;
mod problem;
mod raw;
mod settings;
mod voice;

pub use example::example;
pub use key::{Key, Kind, find as find_key};
pub use keys::KEYS;
pub use merge::{Base, central, station};
pub use problem::{Origin, Problem, Problems};
pub use raw::{Found, Raw, RawValue};
pub use settings::{
    Baud, CameraSettings, CameraSource, CentralSettings, CodeFrame, DataBits, Database, LabelCheck, Language,
    LightSettings, MailEncryption, MailSettings, Parity, PhotoSettings, PhotoTimes, PrintFormat, PrinterPort,
    PrinterSettings, ReceiptPort, ScaleModel, ScalePattern, ScaleSettings, ScaleUnit, ScannerPort, ScannerSettings,
    Secret, SerialSettings, SessionLimits, StationSettings, StopBits, TagReaderSettings, Theme, UsbScaleSettings,
    UsbSettings,
};
pub use voice::{TalkKey, VoiceSettings};
