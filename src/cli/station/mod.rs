//! `packbench station`: the settings, the display, the database, the running station, the window, and the end of it all.

pub mod cures;
pub mod devices;
pub mod display;
pub mod eyes;
pub mod hands;
pub mod lines;
pub mod news;
pub mod papers;
pub mod photos;
pub mod pins;
pub mod port;
pub mod routing;
pub mod screen;
pub mod setup;
pub mod tongue;
pub mod trial;
pub mod watch;
pub mod window;
pub mod wiring;

use super::args::StationArgs;
use super::stop::Stop;
use super::{Cli, CliError, log, settings};
use crate::config::{Language, PhotoTimes, StationSettings};
use crate::engine::input::PhotosAt;
use crate::engine::{Engine, StationView};
use crate::i18n::Lang;
use crate::storage::{self, SqlError};
use crate::sync::ServerConfig;
use hands::Waker;
use screen::Memory;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread::{self, JoinHandle};
use window::Began;
use wiring::{Parts, Running};

pub(crate) use super::VERSION;

/// The database's file in the data folder.
pub const DATABASE: &str = "station.db";
/// The photos' folder in the data folder.
pub const PHOTOS: &str = "photos";

/// Runs a station until its window is closed or the process is asked to end.
///
/// # Errors
/// Whatever it failed at, with what to do.
pub(super) fn run(cli: &Cli, args: &StationArgs) -> Result<ExitCode, CliError> {
    let flags = [
        ("station.central_url", "--central-url", args.central_url.as_deref()),
        ("station.data_dir", "--data-dir", args.data_dir.as_deref()),
        ("station.language", "--language", args.language.as_deref()),
        ("station.theme", "--theme", args.theme.as_deref()),
        ("station.fullscreen", "--fullscreen", args.fullscreen.as_deref()),
        ("station.log_filter", "--log-filter", args.log_filter.as_deref()),
    ];
    let loaded = settings::load(cli, &flags)?;
    let (s, file) = (loaded.station()?, loaded.file);
    log::start("station.log_filter", &s.log_filter)?;
    let plan = devices::plan(&s)?;
    check_display()?;
    settings::make_folder(&s.data_dir)?;
    let stop = Stop::by_signal()?;
    let waker = Waker::default();
    let memory = Memory::of(&s.data_dir);
    // The database is opened while the system makes the window: neither needs the other.
    let (its, wake) = (s.clone(), waker.clone());
    let starting = thread::Builder::new()
        .name("start".to_owned())
        .spawn(move || start(&its, plan, file, wake))
        .map_err(|source| CliError::System { what: "the station's thread cannot be started".to_owned(), source })?;
    let mut starting = Some(starting);
    let look = window::Look { settings: &s, memory: &memory, waker: &waker, stop: &stop };
    let shown = window::station(&look, None, || started(starting.take()));
    if let Ok(Began::Running(running)) = started(starting) {
        // There was no window to show it in.
        end(running);
    }
    shown.map(|()| ExitCode::SUCCESS)
}

/// When photos are taken by themselves.
fn photos_at(times: PhotoTimes) -> PhotosAt {
    let PhotoTimes { packed, weighed, labelled } = times;
    PhotosAt { packed, weighed, labelled }
}

/// Opens the database and starts what works on it.
fn start(
    s: &StationSettings,
    plan: devices::Plan,
    settings_file: Option<PathBuf>,
    waker: Waker,
) -> Result<Began, CliError> {
    let file = s.data_dir.join(DATABASE);
    let conn = match storage::open(&file) {
        Ok((conn, _)) => conn,
        Err(e) => {
            tracing::error!(error = %e, "the station's database cannot be used");
            return Ok(Began::Unusable(Box::new(recovery_view(&e)), unusable(&file, e)));
        }
    };
    let running = wiring::start(Parts {
        conn,
        photos: s.data_dir.join(PHOTOS),
        plan,
        settings_file,
        server: s.central_url.clone().map(ServerConfig::new),
        token: s.token.clone(),
        idle_lock_min: s.idle_lock_minutes.unwrap_or(0),
        lang: lang(s.language),
        badge_alone: false,
        photos_at: photos_at(s.photo_times),
        voice: devices::voice_rules(s),
        screen_lang: tongue::ScreenLang::new(lang(s.language)),
        waker,
    })?;
    Ok(Began::Running(running))
}

/// Waits for the thread that starts the station.
fn started(starting: Option<JoinHandle<Result<Began, CliError>>>) -> Result<Began, CliError> {
    let broke_off = || CliError::plain("the station's start broke off; what was committed is safe", "start it again");
    starting.and_then(|thread| thread.join().ok()).unwrap_or_else(|| Err(broke_off()))
}

/// Whether a window can be opened here.
///
/// # Errors
/// What is missing, and what to do.
pub(super) fn check_display() -> Result<(), CliError> {
    match display::check() {
        Ok(found) => {
            tracing::debug!(session = %found, "a window can be opened");
            Ok(())
        }
        Err(why) => Err(CliError::plain(format!("no window can be opened: {why}"), why.todo())),
    }
}

/// Stops a station and says so.
pub(super) fn end(running: Running) {
    running.stop();
    tracing::info!("the station has stopped");
}

fn recovery_view(error: &SqlError) -> StationView {
    let now = crate::engine::Clock::wall_ms(&crate::engine::SystemClock::new());
    Engine::recovery(error, crate::core::time::UtcMs(now), VERSION)
}

pub(super) fn unusable(file: &Path, error: SqlError) -> CliError {
    let todo = "run `packbench doctor`; copies from before each migration lie beside the database";
    CliError::room(format!("the station's database {} cannot be used", file.display()), todo, error)
}

/// The catalogue's language of the settings'.
#[must_use]
pub fn lang(language: Language) -> Lang {
    match language {
        Language::En => Lang::En,
        Language::Es => Lang::Es,
        Language::Ms => Lang::Ms,
        Language::Ru => Lang::Ru,
    }
}

/// Built-in settings of a station, for the demo.
///
/// # Errors
/// If the flags are no settings.
#[cfg(feature = "central")]
pub(super) fn built_in(flags: &[settings::FlagValue<'_>]) -> Result<crate::config::StationSettings, CliError> {
    settings::built_in(flags).station()
}
