//! The real station without a window: devices, engine and papers, by settings as a file has them.

use packbench::cli::station::devices;
use packbench::cli::station::hands::Waker;
use packbench::cli::station::tongue::ScreenLang;
use packbench::cli::station::wiring::{self, Parts, Running};
use packbench::config::{self, Base, Raw};
use packbench::engine::input::PhotosAt;
use packbench::i18n::Lang;
use packbench::sql::Conn;
use packbench::storage;
use std::path::{Path, PathBuf};

/// Starts it in its folder by these settings; `kept` is the file that settings are written to, if any.
pub fn start(folder: &Path, settings: &str, kept: Option<PathBuf>) -> Running {
    let (conn, _) = storage::open(&folder.join("station.db")).unwrap();
    start_on(folder, settings, kept, conn)
}

/// The same on a connection of the test's.
pub fn start_on(folder: &Path, settings: &str, kept: Option<PathBuf>, conn: Box<dyn Conn>) -> Running {
    let raw = Raw::from_toml(Path::new("settings.toml"), settings).unwrap();
    let settings = config::station(&raw, &Base { data_home: folder.to_path_buf() }).unwrap();
    wiring::start(Parts {
        conn,
        photos: folder.join("photos"),
        plan: devices::plan(&settings).unwrap(),
        settings_file: kept,
        server: None,
        token: None,
        idle_lock_min: 0,
        lang: Lang::En,
        badge_alone: true,
        photos_at: PhotosAt::default(),
        voice: devices::voice_rules(&settings),
        screen_lang: ScreenLang::new(Lang::En),
        waker: Waker::default(),
    })
    .unwrap()
}
