//! Whether a window can be opened here, found out before it is tried: the windowing library gives up with a panic where a
//! library is missing, and that helps nobody.

use std::path::{Path, PathBuf};

/// Why no window can be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoDisplay {
    /// Neither X11 nor Wayland.
    #[error("there is no display here: neither WAYLAND_DISPLAY nor DISPLAY is set")]
    Unset,
    /// The X server that is named does not run.
    #[error("no X server answers at DISPLAY={0}")]
    NoServer(String),
    /// Libraries that a desktop has and a bare machine lacks.
    #[error("a window needs libraries that are not installed: {}", names(.0))]
    Libraries(Vec<Library>),
}

impl NoDisplay {
    /// What to do.
    #[must_use]
    pub fn todo(&self) -> String {
        match self {
            NoDisplay::Unset | NoDisplay::NoServer(_) => {
                "run it in a desktop session, or see it work without a window: `packbench demo --headless`".to_owned()
            }
            NoDisplay::Libraries(list) => {
                let packages: Vec<&str> = list.iter().map(|l| l.package).collect();
                format!("`sudo apt install {}`, or without a window: `packbench demo --headless`", packages.join(" "))
            }
        }
    }
}

fn names(list: &[Library]) -> String {
    list.iter().map(|l| l.file).collect::<Vec<_>>().join(", ")
}

/// A library that is loaded when a window opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Library {
    /// Its file.
    pub file: &'static str,
    /// Debian's package of it.
    pub package: &'static str,
}

const fn library(file: &'static str, package: &'static str) -> Library {
    Library { file, package }
}

/// What an X11 window loads.
const X11: &[Library] = &[
    library("libX11.so.6", "libx11-6"),
    library("libX11-xcb.so.1", "libx11-xcb1"),
    library("libXcursor.so.1", "libxcursor1"),
    library("libXi.so.6", "libxi6"),
    library("libxkbcommon.so.0", "libxkbcommon0"),
    library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
    library("libEGL.so.1", "libegl1"),
];
/// What a Wayland window loads.
const WAYLAND: &[Library] = &[
    library("libwayland-client.so.0", "libwayland-client0"),
    library("libwayland-egl.so.1", "libwayland-egl1"),
    library("libxkbcommon.so.0", "libxkbcommon0"),
    library("libEGL.so.1", "libegl1"),
];

/// The display of this session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Display {
    /// Wayland, by its socket.
    Wayland(String),
    /// X11, by its display.
    X11(String),
    /// The desktop of an operating system that has only one.
    Native,
}

impl std::fmt::Display for Display {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Display::Wayland(name) => write!(f, "Wayland {name}"),
            Display::X11(name) => write!(f, "X11 {name}"),
            Display::Native => f.write_str("desktop"),
        }
    }
}

/// Looks at the session and the libraries.
///
/// # Errors
/// [`NoDisplay`], with what to do.
pub fn check() -> Result<Display, NoDisplay> {
    if cfg!(not(all(unix, not(target_os = "macos")))) {
        return Ok(Display::Native);
    }
    let variable = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
    decide(variable("WAYLAND_DISPLAY"), variable("DISPLAY"), &x_answers, &Loader::new())
}

fn decide(
    wayland: Option<String>,
    x11: Option<String>,
    x_answers: &dyn Fn(&str) -> bool,
    loader: &Loader,
) -> Result<Display, NoDisplay> {
    let (display, needed) = match (wayland, x11) {
        (Some(name), _) => (Display::Wayland(name), WAYLAND),
        (None, Some(name)) if x_answers(&name) => (Display::X11(name), X11),
        (None, Some(name)) => return Err(NoDisplay::NoServer(name)),
        (None, None) => return Err(NoDisplay::Unset),
    };
    let missing: Vec<Library> = needed.iter().copied().filter(|l| !loader.has(l.file)).collect();
    if missing.is_empty() { Ok(display) } else { Err(NoDisplay::Libraries(missing)) }
}

/// Whether an X server listens for a display of this machine. Displays of other machines are not tried.
fn x_answers(display: &str) -> bool {
    let Some(number) = display.strip_prefix(':').or_else(|| display.strip_prefix("unix:")) else { return true };
    let number = number.split('.').next().unwrap_or_default();
    if number.parse::<u32>().is_err() {
        return true;
    }
    let path = format!("/tmp/.X11-unix/X{number}");
    local_socket_answers(&path)
}

#[cfg(target_os = "linux")]
fn local_socket_answers(path: &str) -> bool {
    use std::os::linux::net::SocketAddrExt as _;
    use std::os::unix::net::{SocketAddr, UnixStream};
    // X servers listen at the path, at the abstract name, or at both.
    let abstract_name = SocketAddr::from_abstract_name(path).and_then(|a| UnixStream::connect_addr(&a));
    UnixStream::connect(path).is_ok() || abstract_name.is_ok()
}

#[cfg(not(target_os = "linux"))]
fn local_socket_answers(_: &str) -> bool {
    true
}

/// Where the system's loader finds libraries.
struct Loader {
    /// The loader's cache; it holds every library's name. None where the system has no such file.
    cache: Option<Vec<u8>>,
    folders: Vec<PathBuf>,
}

impl Loader {
    fn new() -> Loader {
        let path = std::env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = std::env::split_paths(&path).filter(|p| p.is_absolute()).collect();
        let arch = std::env::consts::ARCH;
        for base in ["/lib", "/usr/lib", "/usr/local/lib"] {
            folders.push(PathBuf::from(base));
            folders.push(Path::new(base).join(format!("{arch}-linux-gnu")));
        }
        folders.push(PathBuf::from("/usr/lib64"));
        Loader { cache: std::fs::read("/etc/ld.so.cache").ok(), folders }
    }

    /// Whether a library can be loaded; true where that cannot be told.
    fn has(&self, file: &str) -> bool {
        if self.folders.iter().any(|folder| folder.join(file).exists()) {
            return true;
        }
        let Some(cache) = &self.cache else { return true };
        // Names end with a zero byte and begin after a slash or a zero byte.
        let mut name = file.as_bytes().to_vec();
        name.push(0);
        cache.windows(name.len()).any(|w| w == name.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loader(names: &[&str]) -> Loader {
        let cache = names.iter().flat_map(|n| [b"/usr/lib/x/", n.as_bytes(), b"\0"].concat()).collect();
        Loader { cache: Some(cache), folders: Vec::new() }
    }

    fn all(list: &[Library]) -> Vec<&'static str> {
        list.iter().map(|l| l.file).collect()
    }

    #[test]
    fn a_session_without_display_is_told_of_the_headless_demo() {
        let none = decide(None, None, &|_| true, &loader(&all(X11))).unwrap_err();
        assert_eq!(none, NoDisplay::Unset);
        assert!(none.todo().contains("packbench demo --headless"));
        let dead = decide(None, Some(":9".to_owned()), &|_| false, &loader(&all(X11))).unwrap_err();
        assert_eq!(dead, NoDisplay::NoServer(":9".to_owned()));
    }

    #[test]
    fn missing_libraries_are_named_with_their_packages() {
        let without: Vec<&str> = all(X11).into_iter().filter(|f| !f.contains("xkbcommon-x11")).collect();
        let missing = decide(None, Some(":0".to_owned()), &|_| true, &loader(&without)).unwrap_err();
        assert!(missing.to_string().contains("libxkbcommon-x11.so.0"), "{missing}");
        assert!(missing.todo().contains("apt install libxkbcommon-x11-0"), "{}", missing.todo());
        assert_eq!(
            decide(None, Some(":0".to_owned()), &|_| true, &loader(&all(X11))),
            Ok(Display::X11(":0".to_owned()))
        );
        let wayland = decide(Some("wayland-0".to_owned()), None, &|_| false, &loader(&all(WAYLAND)));
        assert_eq!(wayland, Ok(Display::Wayland("wayland-0".to_owned())));
    }
}
