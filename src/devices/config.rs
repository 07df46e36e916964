//! Validated settings of the devices, as plain values. Must never read a file or the environment: the settings room fills
//! these and reports each [`ConfigError`] beside the key it came from.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use super::camera::config::{BURST_MAX, CameraUse};
pub use super::camera::config::{FolderCameraConfig, MjpegCameraConfig, SnapshotCameraConfig, VideoCameraConfig};
use super::event::DeviceKind;
use super::light::StackLightConfig;
use super::line::LineSettings;
use super::nfc::TagReaderConfig;
use super::printer::settings;
pub use super::printer::settings::{IppPrinterConfig, ReceiptPort, ReceiptPrinterConfig};
use super::program::Program;
use super::scale::{MassUnit, Pattern};
use super::scanner::keyboard::KeyLayout;
pub use super::usb::printer::UsbPrinterConfig;
use super::usb::{UsbWanted, VirtualHid};
use super::virtual_::{VirtualCamera, VirtualPrinter, VirtualScale, VirtualScanner};
use super::voice::{SpeechConfig, VoiceConfig};

/// Devices at one station, at most.
pub const DEVICES_MAX: usize = 32;
/// Letters of a device id, at most.
pub const ID_LEN_MAX: usize = 32;

/// A device's name at its station: lower-case letters, digits and `-`, 1 to 32 of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeviceId(String);

impl DeviceId {
    /// Checks and takes a name.
    ///
    /// # Errors
    /// [`ConfigError::BadId`].
    pub fn new(text: impl Into<String>) -> Result<Self, ConfigError> {
        let text = text.into();
        let fits = (1..=ID_LEN_MAX).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
            Ok(Self(text))
        } else {
            Err(ConfigError::BadId { id: text.chars().take(ID_LEN_MAX).collect() })
        }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with the settings of the devices.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A name with other signs, empty or too long.
    #[error("device id {id:?} is not 1 to 32 lower-case letters, digits or '-'; rename the device")]
    BadId {
        /// The name, cut to 32 letters.
        id: String,
    },
    /// Two devices have one name.
    #[error("device id {id} is used twice; give each device its own id")]
    DuplicateId {
        /// The name.
        id: String,
    },
    /// More devices than a station can have.
    #[error("{count} devices are configured; a station takes at most {DEVICES_MAX}")]
    TooMany {
        /// How many.
        count: usize,
    },
    /// More than one sound device.
    #[error("device {id} is a second sound device; a station speaks with one voice, remove one")]
    SecondSound {
        /// The later one.
        id: String,
    },
    /// A number outside its range.
    #[error("device {id}: {setting} = {value} is outside {min} to {max}")]
    OutOfRange {
        /// The device.
        id: String,
        /// The setting's name.
        setting: &'static str,
        /// What it is.
        value: u64,
        /// Smallest allowed.
        min: u64,
        /// Largest allowed.
        max: u64,
    },
    /// A value of the wrong form.
    #[error("device {id}: {setting} {problem}")]
    BadValue {
        /// The device.
        id: String,
        /// The setting's name.
        setting: &'static str,
        /// What is wrong and what is right.
        problem: &'static str,
    },
}

/// How the bytes of a scanner become gestures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanFraming {
    /// Bytes that end a code, at least one; usually CR and LF.
    pub terminators: Vec<u8>,
    /// A code also ends after this much silence, 20 to 2,000 ms; `None` where the scanner surely sends a terminator.
    pub idle_ms: Option<u64>,
    /// Longest code in bytes, 16 to 4,096.
    pub bytes_max: usize,
    /// The scanner sends AIM identifiers (`]C1` …), which are split off.
    pub aim: bool,
    /// Bytes it sends before every code, before or behind the AIM identifier; a code without them was cut.
    pub prefix: Vec<u8>,
    /// Bytes it sends after every code, before the terminator; a code without them was cut.
    pub suffix: Vec<u8>,
    /// What it sends in place of the separator GS (0x1D) within GS1 codes; empty where it sends GS itself.
    pub gs: Vec<u8>,
}

impl Default for ScanFraming {
    fn default() -> Self {
        Self {
            terminators: vec![b'\r', b'\n'],
            idle_ms: Some(100),
            bytes_max: 512,
            aim: true,
            prefix: Vec::new(),
            suffix: Vec::new(),
            gs: Vec::new(),
        }
    }
}

/// A scanner at a serial port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialScannerConfig {
    /// The port, best a stable one under `/dev/serial/by-id/`.
    pub path: PathBuf,
    /// Line settings; a USB port ignores them.
    pub line: LineSettings,
    /// How bytes become gestures.
    pub framing: ScanFraming,
    /// What it is told afterwards.
    pub feedback: ScanFeedback,
}

/// What a scanner is sent when it is known what became of a code, for its own beep and light. Empty: nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScanFeedback {
    /// Bytes for a code that counted.
    pub good: Vec<u8>,
    /// Bytes for a code that was refused.
    pub bad: Vec<u8>,
}

/// A scanner that the system knows as a keyboard of its own; Linux alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyScannerConfig {
    /// Its file, best a stable one under `/dev/input/by-id/`.
    pub path: PathBuf,
    /// The keyboard layout the scanner is set to, whatever layout people type with.
    pub layout: KeyLayout,
    /// How its characters become gestures.
    pub framing: ScanFraming,
}

/// The language of a serial scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScaleModel {
    /// Mettler-Toledo Standard Interface Command Set.
    MtSics,
    /// Toledo 8217 and its many relatives.
    Toledo8217,
    /// NCI, also called SCP-01.
    Nci {
        /// The first status byte means the opposite.
        h1_inverted: bool,
    },
    /// Adam Equipment.
    Adam,
    /// As the site describes it.
    Pattern(Arc<Pattern>),
    /// Whichever answers.
    FindOut,
}

/// A scale at a serial port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialScaleConfig {
    /// The port.
    pub path: PathBuf,
    /// Its language.
    pub model: ScaleModel,
    /// Line settings other than the protocol's own.
    pub line: Option<LineSettings>,
    /// The unit of figures that come without one (Toledo 8217).
    pub unit: MassUnit,
    /// Time between two questions, 50 to 800 ms: a reading is stale after a second.
    pub poll_ms: u64,
}

/// A label printer on TCP, usually port 9100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TcpPrinterConfig {
    /// Host name or address.
    pub host: String,
    /// Port, not 0.
    pub port: u16,
    /// Longest wait for a connection, 100 to 10,000 ms.
    pub connect_ms_max: u64,
    /// Longest wait while the printer takes no bytes, 500 to 60,000 ms.
    pub write_ms_max: u64,
    /// Ask the printer about paper, head and queue (`~HS`); off for printers that would print the question.
    pub status: bool,
    /// Longest wait for moved paper after a job, 500 to 60,000 ms; only with `status`.
    pub paper_ms_max: u64,
    /// Time between two looks at an idle printer, 500 to 600,000 ms. A fault is on the screen after this and an answer's time.
    pub check_ms: u64,
}

impl TcpPrinterConfig {
    /// The usual settings for a label printer at `host`:`port`.
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
            connect_ms_max: 1_000,
            write_ms_max: 5_000,
            status: true,
            paper_ms_max: 10_000,
            check_ms: 750,
        }
    }
}

/// A folder that takes documents as files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderPrinterConfig {
    /// The folder; it must exist.
    pub folder: PathBuf,
}

/// The station's voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundConfig {
    /// 0 to 100.
    pub volume_percent: u8,
    /// Start silent.
    pub muted: bool,
    /// A program and its arguments; the sound file's path is put last. `None` looks for `pw-play`, `paplay`, `aplay`.
    pub player: Option<Program>,
}

impl Default for SoundConfig {
    fn default() -> Self {
        Self { volume_percent: 80, muted: false, player: None }
    }
}

/// What a device is and how it is reached.
#[derive(Debug, Clone)]
pub enum DeviceSpec {
    /// Scanner at a serial port.
    SerialScanner(SerialScannerConfig),
    /// Scanner that types, read past the window.
    KeyScanner(KeyScannerConfig),
    /// Scale at a serial port.
    SerialScale(SerialScaleConfig),
    /// Scanner in HID POS mode at a USB port.
    UsbScanner(UsbWanted),
    /// HID scale at a USB port.
    UsbScale(UsbWanted),
    /// Printer of the USB printer class.
    UsbPrinter(UsbPrinterConfig),
    /// Printer on TCP.
    TcpPrinter(TcpPrinterConfig),
    /// Printer by IPP.
    IppPrinter(IppPrinterConfig),
    /// Receipt printer.
    ReceiptPrinter(ReceiptPrinterConfig),
    /// Printer as a folder.
    FolderPrinter(FolderPrinterConfig),
    /// Camera at this computer.
    VideoCamera(VideoCameraConfig),
    /// Camera with a snapshot address.
    SnapshotCamera(SnapshotCameraConfig),
    /// Camera with a stream.
    MjpegCamera(MjpegCameraConfig),
    /// Camera as a folder.
    FolderCamera(FolderCameraConfig),
    /// The station's voice.
    Sound(SoundConfig),
    /// Spoken prompts.
    Speech(SpeechConfig),
    /// The microphone and what recognises.
    Voice(VoiceConfig),
    /// Reader of NFC tags.
    TagReader(TagReaderConfig),
    /// Stack light at a serial port.
    StackLight(StackLightConfig),
    /// Scanner driven by a panel or a simulated packer.
    VirtualScanner(VirtualScanner),
    /// Scale driven by a panel or a simulated packer.
    VirtualScale(VirtualScale),
    /// HID scanner or scale driven by a program, report by report.
    VirtualHid(VirtualHid),
    /// Printer whose pages are shown on a panel.
    VirtualPrinter(VirtualPrinter),
    /// Camera whose pictures are drawn.
    VirtualCamera(VirtualCamera),
}

impl DeviceSpec {
    /// What the device is for.
    #[must_use]
    pub fn kind(&self) -> DeviceKind {
        match self {
            Self::SerialScanner(_) | Self::KeyScanner(_) | Self::UsbScanner(_) | Self::VirtualScanner(_) => {
                DeviceKind::Scanner
            }
            Self::SerialScale(_) | Self::UsbScale(_) | Self::VirtualScale(_) => DeviceKind::Scale,
            Self::VirtualHid(unit) => unit.kind(),
            Self::TcpPrinter(_)
            | Self::UsbPrinter(_)
            | Self::IppPrinter(_)
            | Self::ReceiptPrinter(_)
            | Self::FolderPrinter(_)
            | Self::VirtualPrinter(_) => DeviceKind::Printer,
            Self::VideoCamera(_)
            | Self::SnapshotCamera(_)
            | Self::MjpegCamera(_)
            | Self::FolderCamera(_)
            | Self::VirtualCamera(_) => DeviceKind::Camera,
            Self::Sound(_) => DeviceKind::Sound,
            Self::Speech(_) => DeviceKind::Speech,
            Self::Voice(_) => DeviceKind::Voice,
            Self::TagReader(_) => DeviceKind::TagReader,
            Self::StackLight(_) => DeviceKind::Light,
        }
    }

    /// Whether nobody named it: it is used where it is plugged in, and not missed where it is not.
    #[must_use]
    pub fn unasked(&self) -> bool {
        match self {
            Self::UsbScanner(wanted) | Self::UsbScale(wanted) => wanted.unasked,
            Self::SerialScanner(_)
            | Self::KeyScanner(_)
            | Self::SerialScale(_)
            | Self::UsbPrinter(_)
            | Self::TcpPrinter(_)
            | Self::IppPrinter(_)
            | Self::ReceiptPrinter(_)
            | Self::FolderPrinter(_)
            | Self::VideoCamera(_)
            | Self::SnapshotCamera(_)
            | Self::MjpegCamera(_)
            | Self::FolderCamera(_)
            | Self::Sound(_)
            | Self::Speech(_)
            | Self::Voice(_)
            | Self::TagReader(_)
            | Self::StackLight(_)
            | Self::VirtualScanner(_)
            | Self::VirtualScale(_)
            | Self::VirtualHid(_)
            | Self::VirtualPrinter(_)
            | Self::VirtualCamera(_) => false,
        }
    }
}

/// One device with its name.
#[derive(Debug, Clone)]
pub struct DeviceConfig {
    /// Its name at this station.
    pub id: DeviceId,
    /// What it is.
    pub spec: DeviceSpec,
}

/// All devices of a station; a value of this type has been checked.
#[derive(Debug, Clone)]
pub struct DevicesConfig {
    devices: Vec<DeviceConfig>,
    reconnect_ms: (u64, u64),
}

impl DevicesConfig {
    /// Checks all settings. A lost device is tried again after 0.5 s, then after twice as long each time, up to 10 s.
    ///
    /// # Errors
    /// The first [`ConfigError`] found.
    pub fn new(devices: Vec<DeviceConfig>) -> Result<Self, ConfigError> {
        if devices.len() > DEVICES_MAX {
            return Err(ConfigError::TooMany { count: devices.len() });
        }
        let mut sound = false;
        for (at, device) in devices.iter().enumerate() {
            if devices.iter().take(at).any(|earlier| earlier.id == device.id) {
                return Err(ConfigError::DuplicateId { id: device.id.to_string() });
            }
            if device.spec.kind() == DeviceKind::Sound && std::mem::replace(&mut sound, true) {
                return Err(ConfigError::SecondSound { id: device.id.to_string() });
            }
            check(device)?;
        }
        Ok(Self { devices, reconnect_ms: (500, 10_000) })
    }

    /// Other pauses between tries at a lost device, in milliseconds.
    ///
    /// # Errors
    /// [`ConfigError::OutOfRange`] unless 10 ≤ `ms_min` ≤ `ms_max` ≤ 600,000.
    pub fn with_reconnect_ms(mut self, ms_min: u64, ms_max: u64) -> Result<Self, ConfigError> {
        range("all", "reconnect_ms_min", ms_min, 10, 600_000)?;
        range("all", "reconnect_ms_max", ms_max, ms_min, 600_000)?;
        self.reconnect_ms = (ms_min, ms_max);
        Ok(self)
    }

    /// The checked devices.
    #[must_use]
    pub fn devices(&self) -> &[DeviceConfig] {
        &self.devices
    }

    pub(crate) fn into_parts(self) -> (Vec<DeviceConfig>, (u64, u64)) {
        (self.devices, self.reconnect_ms)
    }
}

pub(super) fn range(id: &str, setting: &'static str, value: u64, min: u64, max: u64) -> Result<(), ConfigError> {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(ConfigError::OutOfRange { id: id.to_owned(), setting, value, min, max })
    }
}

fn url(id: &str, url: &str) -> Result<(), ConfigError> {
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    match rest {
        Some(rest) if !rest.is_empty() && url.len() <= 2_000 && !url.bytes().any(|b| b.is_ascii_whitespace()) => Ok(()),
        _ => Err(ConfigError::BadValue {
            id: id.to_owned(),
            setting: "url",
            problem: "must start with http:// or https:// and hold no blanks",
        }),
    }
}

fn check(device: &DeviceConfig) -> Result<(), ConfigError> {
    let id = device.id.as_str();
    match &device.spec {
        DeviceSpec::SerialScanner(c) => {
            range(id, "baud", u64::from(c.line.baud), 300, 921_600)?;
            framing(id, &c.framing)
        }
        DeviceSpec::KeyScanner(c) => framing(id, &c.framing),
        DeviceSpec::SerialScale(c) => {
            if let Some(line) = c.line {
                range(id, "baud", u64::from(line.baud), 300, 921_600)?;
            }
            range(id, "poll_ms", c.poll_ms, 50, 800)
        }
        DeviceSpec::TcpPrinter(c) => {
            settings::host(id, &c.host, c.port)?;
            range(id, "connect_ms_max", c.connect_ms_max, 100, 10_000)?;
            range(id, "write_ms_max", c.write_ms_max, 500, 60_000)?;
            range(id, "paper_ms_max", c.paper_ms_max, 500, 60_000)?;
            range(id, "check_ms", c.check_ms, 500, 600_000)
        }
        DeviceSpec::IppPrinter(c) => settings::ipp(id, c),
        DeviceSpec::ReceiptPrinter(c) => settings::receipt(id, c),
        DeviceSpec::VideoCamera(c) => {
            if c.wanted.is_empty() || c.wanted.len() > 200 {
                let problem = "must be a name, serial number, port or file of a camera, or *";
                return Err(ConfigError::BadValue { id: id.to_owned(), setting: "camera", problem });
            }
            burst(id, c.used)?;
            range(id, "width_px", u64::from(c.width_px), 160, 4_096)?;
            range(id, "frame_ms_max", c.frame_ms_max, 200, 30_000)
        }
        DeviceSpec::SnapshotCamera(c) => {
            url(id, &c.url)?;
            range(id, "answer_ms_max", c.answer_ms_max, 200, 30_000)?;
            range(id, "check_ms", c.check_ms, 1_000, 600_000)
        }
        DeviceSpec::MjpegCamera(c) => {
            url(id, &c.url)?;
            burst(id, c.used)?;
            range(id, "frame_ms_max", c.frame_ms_max, 200, 30_000)
        }
        DeviceSpec::FolderCamera(c) => range(id, "check_ms", c.check_ms, 1_000, 600_000),
        DeviceSpec::TagReader(c) => {
            let problem = "must be a part of the reader's name, at most 127 bytes without control characters";
            let fits = c.reader.len() <= 127 && !c.reader.chars().any(char::is_control);
            if fits { Ok(()) } else { Err(ConfigError::BadValue { id: id.to_owned(), setting: "reader", problem }) }
        }
        DeviceSpec::StackLight(c) => c.check(id),
        DeviceSpec::Sound(c) => range(id, "volume_percent", u64::from(c.volume_percent), 0, 100),
        DeviceSpec::UsbPrinter(c) => {
            range(id, "write_ms_max", c.write_ms_max, 500, 60_000)?;
            range(id, "paper_ms_max", c.paper_ms_max, 500, 60_000)
        }
        DeviceSpec::FolderPrinter(_)
        | DeviceSpec::Speech(_)
        | DeviceSpec::Voice(_)
        | DeviceSpec::UsbScanner(_)
        | DeviceSpec::UsbScale(_)
        | DeviceSpec::VirtualScanner(_)
        | DeviceSpec::VirtualScale(_)
        | DeviceSpec::VirtualHid(_)
        | DeviceSpec::VirtualPrinter(_)
        | DeviceSpec::VirtualCamera(_) => Ok(()),
    }
}

fn burst(id: &str, used: CameraUse) -> Result<(), ConfigError> {
    range(id, "burst", u64::from(used.burst), 1, u64::from(BURST_MAX))
}

fn framing(id: &str, framing: &ScanFraming) -> Result<(), ConfigError> {
    if framing.terminators.is_empty() || framing.terminators.len() > 8 {
        let problem = "must hold 1 to 8 bytes";
        return Err(ConfigError::BadValue { id: id.to_owned(), setting: "terminators", problem });
    }
    let ended = |bytes: &[u8]| bytes.iter().any(|byte| framing.terminators.contains(byte));
    for (setting, bytes) in [("prefix", &framing.prefix), ("suffix", &framing.suffix), ("gs", &framing.gs)] {
        if ended(bytes) {
            let problem = "must not hold a byte that ends a code";
            return Err(ConfigError::BadValue { id: id.to_owned(), setting, problem });
        }
    }
    if let Some(idle_ms) = framing.idle_ms {
        range(id, "idle_ms", idle_ms, 20, 2_000)?;
    }
    range(id, "bytes_max", u64::try_from(framing.bytes_max).unwrap_or(u64::MAX), 16, 4_096)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(id: &str, spec: DeviceSpec) -> DeviceConfig {
        DeviceConfig { id: DeviceId::new(id).unwrap(), spec }
    }

    #[test]
    fn names_are_checked() {
        assert!(DeviceId::new("scanner-1").is_ok());
        for bad in ["", "Scanner", "a b", "ä", "../x", "123456789012345678901234567890123"] {
            assert!(DeviceId::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn doubles_and_ranges_are_refused() {
        let sound = || DeviceSpec::Sound(SoundConfig::default());
        let twice = DevicesConfig::new(vec![device("a", sound()), device("a", sound())]);
        assert_eq!(twice.unwrap_err(), ConfigError::DuplicateId { id: "a".into() });
        let second = DevicesConfig::new(vec![device("a", sound()), device("b", sound())]);
        assert_eq!(second.unwrap_err(), ConfigError::SecondSound { id: "b".into() });
        let loud = DeviceSpec::Sound(SoundConfig { volume_percent: 101, ..SoundConfig::default() });
        assert!(matches!(
            DevicesConfig::new(vec![device("a", loud)]).unwrap_err(),
            ConfigError::OutOfRange { setting: "volume_percent", value: 101, .. }
        ));
        let camera = MjpegCameraConfig { url: "ftp://x".into(), frame_ms_max: 2_000, used: CameraUse::default() };
        assert!(DevicesConfig::new(vec![device("c", DeviceSpec::MjpegCamera(camera))]).is_err());
        let many = (0..33).map(|n| {
            device(&format!("f{n}"), DeviceSpec::FolderPrinter(FolderPrinterConfig { folder: "/tmp".into() }))
        });
        assert_eq!(DevicesConfig::new(many.collect()).unwrap_err(), ConfigError::TooMany { count: 33 });
    }
}
