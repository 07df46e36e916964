//! Settings that all cameras share, and those of each kind. Must never read a file: the settings room fills them.

use std::path::PathBuf;

/// How a picture is turned to stand upright, clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Turn {
    /// Not at all.
    #[default]
    None,
    /// A quarter to the right.
    Quarter,
    /// Upside down.
    Half,
    /// A quarter to the left.
    ThreeQuarters,
}

/// Pictures of a burst, at most.
pub const BURST_MAX: u8 = 8;

/// How a camera is used, whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CameraUse {
    /// How its pictures are turned.
    pub turn: Turn,
    /// Pictures of which the sharpest is kept, 1 to [`BURST_MAX`]; only a running stream gives more than one.
    pub burst: u8,
    /// Codes in its pictures are read and count as a scanner's; only in a running stream.
    pub reads_codes: bool,
}

impl Default for CameraUse {
    fn default() -> Self {
        Self { turn: Turn::None, burst: 3, reads_codes: false }
    }
}

/// A camera at this computer (`/dev/video*`), Linux alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoCameraConfig {
    /// Which one: its name, serial number, USB port or file, where `*` stands for anything; `*` alone is the first there is.
    pub wanted: String,
    /// Width it is asked for in pixels, 160 to 4,096; it gives the nearest one that is not wider.
    pub width_px: u32,
    /// Longest silence before it is said, 200 to 30,000 ms.
    pub frame_ms_max: u64,
    /// How it is used.
    pub used: CameraUse,
}

impl Default for VideoCameraConfig {
    fn default() -> Self {
        Self { wanted: "*".to_owned(), width_px: 1_280, frame_ms_max: 2_000, used: CameraUse::default() }
    }
}

/// A camera that answers a request with one picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotCameraConfig {
    /// `http://` or `https://` address; may hold a name and password, which are never logged.
    pub url: String,
    /// Longest wait for each answer, 200 to 30,000 ms.
    pub answer_ms_max: u64,
    /// Time between two looks at an idle camera, 1,000 to 600,000 ms.
    pub check_ms: u64,
    /// How it is used.
    pub used: CameraUse,
}

/// A camera that streams JPEG pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MjpegCameraConfig {
    /// `http://` or `https://` address; may hold a name and password, which are never logged.
    pub url: String,
    /// Longest silence of the stream, 200 to 30,000 ms.
    pub frame_ms_max: u64,
    /// How it is used.
    pub used: CameraUse,
}

/// A folder in which another program puts pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderCameraConfig {
    /// The folder.
    pub folder: PathBuf,
    /// A picture older than this is not of this parcel; `None` takes any that was not taken before.
    pub age_ms_max: Option<u64>,
    /// Time between two looks at the folder, 1,000 to 600,000 ms.
    pub check_ms: u64,
    /// How it is used.
    pub used: CameraUse,
}
