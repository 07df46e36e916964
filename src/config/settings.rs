//! Settings as they are meant, checked: plain values that every room can trust.

use super::voice::VoiceSettings;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::core::checklist::DocumentKind;
use crate::core::network::Network;

/// A text that is never shown or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one who needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Language at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
    /// Malay.
    Ms,
    /// Russian.
    Ru,
}

impl Language {
    /// The ISO 639-1 code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Es => "es",
            Language::Ms => "ms",
            Language::Ru => "ru",
        }
    }
}

/// Colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// As the desktop says.
    System,
}

/// Bits per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baud(pub u32);

/// Data bits of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataBits {
    /// Seven.
    Seven,
    /// Eight.
    Eight,
}

/// Parity of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// No bit for it.
    None,
    /// Even.
    Even,
    /// Odd.
    Odd,
}

/// Stop bits of a serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopBits {
    /// One.
    One,
    /// Two.
    Two,
}

/// A serial line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SerialSettings {
    /// Speed.
    pub baud: Baud,
    /// Data bits.
    pub data_bits: DataBits,
    /// Parity.
    pub parity: Parity,
    /// Stop bits.
    pub stop_bits: StopBits,
}

/// Which USB device is meant; what is not said fits every one of the kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsbSettings {
    /// Vendor and product number.
    pub id: Option<(u16, u16)>,
    /// Serial number.
    pub serial: Option<String>,
    /// Port, such as `1-2.4`.
    pub port: Option<String>,
}

/// A scale at a USB port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsbScaleSettings {
    /// The name the site gave it.
    pub name: String,
    /// Which one.
    pub usb: UsbSettings,
}

/// How a scanner is connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScannerPort {
    /// As a keyboard.
    Wedge {
        /// Longest pause between two characters of a scan, in ms.
        gap_ms: u32,
        /// Shortest scan in characters.
        length_min: u32,
    },
    /// At a serial port.
    Serial {
        /// The port.
        path: PathBuf,
        /// The line.
        line: SerialSettings,
        /// What surrounds its codes.
        frame: CodeFrame,
        /// Bytes it is sent when a code counted.
        good: Vec<u8>,
        /// Bytes it is sent when a code was refused.
        bad: Vec<u8>,
    },
    /// At a USB port, in HID POS mode.
    Usb(UsbSettings),
    /// As a keyboard that is read by its own file.
    Evdev {
        /// The file.
        path: PathBuf,
        /// Name of the layout the scanner is set to.
        layout: String,
        /// What surrounds its codes.
        frame: CodeFrame,
    },
}

/// What a scanner puts around its codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeFrame {
    /// Bytes before every code.
    pub prefix: Vec<u8>,
    /// Bytes behind every code.
    pub suffix: Vec<u8>,
    /// Bytes of which each ends a code.
    pub terminators: Vec<u8>,
    /// What it sends for GS; empty: GS itself.
    pub gs: Vec<u8>,
    /// A scan without terminator ends after this silence, in ms.
    pub idle_ms: u32,
    /// It sends AIM identifiers.
    pub aim: bool,
}

/// A scanner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScannerSettings {
    /// The name the site gave it.
    pub name: String,
    /// How it is connected.
    pub port: ScannerPort,
}

/// A scale's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScaleModel {
    /// Mettler-Toledo Standard Interface Command Set.
    MtSics,
    /// Toledo 8217.
    Toledo8217,
    /// NCI, also called SCP-01.
    Nci {
        /// The first status byte means the opposite.
        h1_inverted: bool,
    },
    /// Adam Equipment.
    Adam,
    /// As the site describes it.
    Pattern(ScalePattern),
    /// Whichever answers.
    FindOut,
}

/// A scale's language as a site describes it.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ScalePattern {
    /// Regular expression of a line.
    pub expression: String,
    /// Bytes that ask for the weight.
    pub ask: Vec<u8>,
    /// Bytes that set it to zero.
    pub zero: Vec<u8>,
    /// Bytes that take the load as tare.
    pub tare: Vec<u8>,
    /// Bytes of which each ends a line; empty: the usual ones.
    pub line_end: Vec<u8>,
}

/// The unit of figures that carry none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaleUnit {
    /// Kilogram.
    Kilogram,
    /// Gram.
    Gram,
    /// Pound.
    Pound,
    /// Ounce.
    Ounce,
}

/// A scale at a serial port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScaleSettings {
    /// The name the site gave it.
    pub name: String,
    /// Its language.
    pub model: ScaleModel,
    /// The unit of figures that come without one.
    pub unit: ScaleUnit,
    /// The port.
    pub path: PathBuf,
    /// The line, where it is not the protocol's own.
    pub line: Option<SerialSettings>,
    /// Pause between two questions, in ms.
    pub poll_ms: u32,
}

/// What a printer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrintFormat {
    /// Zebra's language.
    Zpl,
    /// PDF.
    Pdf,
    /// A picture.
    Png,
    /// A picture as cameras make them.
    Jpeg,
    /// The raster of driverless printers.
    Pwg,
    /// The commands of receipt printers.
    EscPos,
    /// The best that the printer says it takes.
    Driverless,
}

/// How a receipt printer is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReceiptPort {
    /// On the network.
    Tcp {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
    },
    /// At a serial port.
    Serial {
        /// The port.
        path: PathBuf,
        /// Speed.
        baud: Baud,
    },
    /// At a USB port.
    Usb(UsbSettings),
}

/// How a printer is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrinterPort {
    /// On the network.
    Tcp {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
        /// Ask it about paper and head.
        status: bool,
    },
    /// At a USB port.
    Usb {
        /// Which one.
        usb: UsbSettings,
        /// Ask it about paper and head.
        status: bool,
    },
    /// By IPP.
    Ipp {
        /// Its address.
        uri: String,
        /// File with the certificate that it shows.
        certificate: Option<PathBuf>,
        /// The paper to ask for.
        media: Option<String>,
    },
    /// A receipt printer.
    Receipt {
        /// How it is reached.
        at: ReceiptPort,
        /// Ask it about paper and cover.
        status: bool,
        /// Dots across its roll.
        head_dots: u16,
    },
    /// A folder that takes files.
    Folder(PathBuf),
}

/// A printer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrinterSettings {
    /// The name the site gave it.
    pub name: String,
    /// What it prints.
    pub prints: Vec<DocumentKind>,
    /// The printer that steps in while this one is at fault.
    pub fallback: Option<String>,
    /// What it is sent.
    pub format: PrintFormat,
    /// Dots per inch.
    pub dpi: u16,
    /// Width and height of its labels; 0 where nobody said.
    pub label_mm: (u16, u16),
    /// How it is reached.
    pub port: PrinterPort,
}

/// Where pictures come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CameraSource {
    /// At this computer.
    Video {
        /// Its name, serial number, port or file; `*` stands for anything.
        device: String,
        /// Width it is asked for.
        width_px: u32,
    },
    /// An address that answers with one picture.
    Snapshot(String),
    /// An address that streams.
    Mjpeg(String),
    /// A folder pictures arrive in.
    Folder(PathBuf),
}

/// A camera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CameraSettings {
    /// The name the site gave it.
    pub name: String,
    /// Where pictures come from.
    pub source: CameraSource,
    /// Degrees its pictures are turned, clockwise: 0, 90, 180 or 270.
    pub turn_degrees: u16,
    /// Pictures of which the sharpest is kept.
    pub burst: u8,
    /// Codes before it count as a scanner's.
    pub read_codes: bool,
    /// How its photos are kept.
    pub keep: PhotoSettings,
}

/// Whether photos are looked at for the parcel's label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelCheck {
    /// Not at all.
    Off,
    /// What is wrong is said.
    Say,
    /// A photo without it is not kept.
    Must,
}

/// How photos are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhotoSettings {
    /// Longest side, in pixels.
    pub side_px: u32,
    /// Largest file, in kilobytes.
    pub kbytes_max: u32,
    /// JPEG quality.
    pub quality_percent: u8,
    /// What it is of stands below it.
    pub margin: bool,
    /// Whether it is looked at for the label.
    pub check_label: LabelCheck,
}

/// When photos are taken by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhotoTimes {
    /// All is in the box.
    pub packed: bool,
    /// It was weighed.
    pub weighed: bool,
    /// Its label was scanned.
    pub labelled: bool,
}

/// A reader of NFC tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagReaderSettings {
    /// The name the site gave it.
    pub name: String,
    /// A part of the system's name for it; empty: the first.
    pub reader: String,
}

/// A stack light at a serial port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightSettings {
    /// The name the site gave it.
    pub name: String,
    /// The port.
    pub path: PathBuf,
    /// The line.
    pub line: SerialSettings,
    /// How long an outcome is shown, in ms.
    pub hold_ms: u32,
    /// Bytes for each state: idle, good, refused, attention, done.
    pub states: [Vec<u8>; 5],
}

/// Settings of a station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StationSettings {
    /// Folder of the database and the photos.
    pub data_dir: PathBuf,
    /// Address of central, without a slash at its end; none: pairing asks for it.
    pub central_url: Option<String>,
    /// The token, where the station is not paired by code.
    pub token: Option<Secret>,
    /// Language at the start.
    pub language: Language,
    /// Colours.
    pub theme: Theme,
    /// Loudness in per cent.
    pub sound_volume_percent: u8,
    /// Commands by voice and spoken prompts.
    pub voice: VoiceSettings,
    /// A frame instead of the flash.
    pub reduced_motion: bool,
    /// Minutes until the screen locks; none: never.
    pub idle_lock_minutes: Option<u32>,
    /// Fill the screen.
    pub fullscreen: bool,
    /// What is logged.
    pub log_filter: String,
    /// Scanners; a keyboard scanner works even where none is listed.
    pub scanners: Vec<ScannerSettings>,
    /// Scales.
    pub scales: Vec<ScaleSettings>,
    /// Scales at USB ports.
    pub usb_scales: Vec<UsbScaleSettings>,
    /// Printers.
    pub printers: Vec<PrinterSettings>,
    /// Cameras.
    pub cameras: Vec<CameraSettings>,
    /// When photos are taken by themselves.
    pub photo_times: PhotoTimes,
    /// Readers of NFC tags.
    pub tag_readers: Vec<TagReaderSettings>,
    /// Stack lights.
    pub lights: Vec<LightSettings>,
}

/// Where central keeps its data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// The embedded engine, in this file.
    Sqlite(PathBuf),
    /// A server, by its address, which may hold a password.
    Postgres(Secret),
}

/// How long a person stays logged in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLimits {
    /// Hours until a person logs in again.
    pub hours: u32,
    /// Minutes without a click until then.
    pub idle_minutes: u32,
    /// Browsers at once.
    pub per_user_max: u32,
}

/// How the way to the mail server is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailEncryption {
    /// Not at all.
    None,
    /// From the first word on.
    Tls,
    /// After asking for it.
    StartTls,
}

/// The mail server that mail to customers goes out through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is kept secret.
    pub encryption: MailEncryption,
    /// User and password.
    pub login: Option<(String, Secret)>,
    /// Who mail comes from.
    pub from: String,
    /// File of more certificate authorities.
    pub authorities: Option<PathBuf>,
}

/// Settings of central.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentralSettings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Address people and stations use, without a slash at its end.
    pub public_url: String,
    /// Proxies whose word about where a request came from is believed.
    pub trusted_proxies: Vec<Network>,
    /// Folder of photos and backups.
    pub data_dir: PathBuf,
    /// Where data are kept.
    pub database: Database,
    /// IANA name of the site's time zone.
    pub zone: String,
    /// How long a person stays logged in.
    pub sessions: SessionLimits,
    /// Webhooks may go over plain HTTP and into the own network.
    pub webhooks_private: bool,
    /// The mail server; none: mail to customers waits.
    pub mail: Option<MailSettings>,
    /// What is logged.
    pub log_filter: String,
}
