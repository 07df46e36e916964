//! A display of one's own for tests of the real window: Xvfb with openbox, since without a window manager a window that
//! does not fill the screen gets no keys, and a keyboard on it that types as a scanner does.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::cli_kit::Running;

/// Longest wait for anything; a busy machine is slow, not broken.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// A running display; it ends with the value.
pub struct Display {
    name: String,
    // In this order: the window manager goes before its display.
    _manager: Running,
    _server: Running,
}

fn start(command: &mut Command) -> Child {
    let program = command.get_program().to_string_lossy().into_owned();
    command.spawn().unwrap_or_else(|e| panic!("{program}: {e}; tests/run installs what the tests need"))
}

impl Display {
    /// Starts a display of this size in pixels, on a number that Xvfb itself finds free.
    pub fn start(width: u32, height: u32) -> Display {
        let screen = format!("{width}x{height}x24");
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"]);
        let mut server = Running(start(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null())));
        // The number comes once connections are taken.
        let mut number = String::new();
        BufReader::new(server.0.stdout.take().unwrap()).read_line(&mut number).unwrap();
        let name = format!(":{}", number.trim());
        assert!(name.len() > 1, "Xvfb ended without a display");
        let mut command = Command::new("openbox");
        command.env("DISPLAY", &name).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let manager = Running(start(&mut command));
        Display { name, _manager: manager, _server: server }
    }

    /// Its name, such as `:91`.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn xdotool(&self, args: &[&str]) -> Option<String> {
        let mut command = Command::new("xdotool");
        command.args(args).env("DISPLAY", &self.name).stdin(Stdio::null()).stderr(Stdio::null());
        let child = start(command.stdout(Stdio::piped()));
        let output = child.wait_with_output().unwrap();
        output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
    }

    /// The title of the window that gets the keys.
    pub fn focused(&self) -> Option<String> {
        self.xdotool(&["getwindowfocus", "getwindowname"]).map(|name| name.trim().to_owned())
    }

    /// Types these codes as a scanner of 200 keys a second does: every character, then Enter, one code after the other.
    pub fn scan(&self, codes: &[&str]) {
        let mut args = Vec::new();
        for code in codes {
            args.extend(["type", "--delay", "5", "--args", "1", code, "key", "Return"]);
        }
        assert!(self.xdotool(&args).is_some(), "the keys were not typed");
    }
}

/// Looks until it is so, for at most that long; was it?
pub fn within(patience: Duration, mut done: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + patience;
    while !done() {
        if Instant::now() >= end {
            return false;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    true
}

/// Looks until it is so.
#[track_caller]
pub fn until(what: &str, done: impl FnMut() -> bool) {
    assert!(within(PATIENCE, done), "it never came: {what}");
}
