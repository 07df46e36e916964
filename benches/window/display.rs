//! A display of its own, keys by XTEST and pixels by `GetImage`, from a client that neither window knows of.

use crate::until;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, ConfigureWindowAux, ConnectionExt as _, ImageFormat, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
    MapState, StackMode,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

const WIDTH: u16 = 1_280;
const HEIGHT: u16 = 800;
/// Where a flash is looked for: a corner, where nothing else changes.
const CORNER: (i16, i16) = (1_276, 796);
/// Where the first frame is looked for: inside what every screen fills.
const INSIDE: (i16, i16) = (300, 780);

/// A running display.
pub struct Display {
    name: String,
    server: Child,
    conn: RustConnection,
    root: u32,
    /// Keycodes of digits 0 to 9 and Enter.
    digits: [u8; 10],
    enter: u8,
}

impl Display {
    /// Starts Xvfb on a number that it finds free. No window manager: both windows are as large as
    /// the screen.
    pub fn start() -> Display {
        let screen = format!("{WIDTH}x{HEIGHT}x24");
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb; tests/run installs it");
        let mut number = String::new();
        BufReader::new(server.stdout.take().expect("a pipe")).read_line(&mut number).expect("the display's number");
        let name = format!(":{}", number.trim());
        let (conn, screen) = x11rb::connect(Some(&name)).expect("the display takes connections");
        let root = conn.setup().roots[screen].root;
        let (least, most) = (conn.setup().min_keycode, conn.setup().max_keycode);
        let map = conn.get_keyboard_mapping(least, most - least + 1).expect("asked").reply().expect("a keyboard");
        let per = usize::from(map.keysyms_per_keycode);
        let code = |symbol: u32| {
            let at = map.keysyms.chunks(per).position(|symbols| symbols.first() == Some(&symbol)).expect("such a key");
            least + u8::try_from(at).expect("a keycode")
        };
        let digits = std::array::from_fn(|n| code(0x30 + u32::try_from(n).expect("a digit")));
        Display { name, server, root, digits, enter: code(0xff0d), conn }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn pixel(&self, (x, y): (i16, i16)) -> [u8; 3] {
        let image = self.conn.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, 1, 1, !0).expect("asked");
        let data = image.reply().expect("a pixel").data;
        [data[2], data[1], data[0]]
    }

    /// All its pixels.
    pub fn picture(&self) -> Vec<u8> {
        let image = self.conn.get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, WIDTH, HEIGHT, !0).expect("asked");
        image.reply().expect("a picture").data
    }

    /// Until the last window has gone.
    pub fn wait_black(&self) {
        until("an empty display", || self.pixel(INSIDE) == [0; 3]);
    }

    /// Until a window has drawn.
    pub fn wait_drawn(&self) {
        until("a first frame", || self.pixel(INSIDE) != [0; 3]);
    }

    fn windows(&self) -> Vec<u32> {
        let tree = self.conn.query_tree(self.root).expect("asked").reply().expect("windows");
        let shown = |window: &u32| {
            let attributes = self.conn.get_window_attributes(*window).ok().and_then(|asked| asked.reply().ok());
            let geometry = self.conn.get_geometry(*window).ok().and_then(|asked| asked.reply().ok());
            attributes.is_some_and(|a| a.map_state == MapState::VIEWABLE) && geometry.is_some_and(|g| g.width == WIDTH)
        };
        tree.children.into_iter().filter(shown).collect()
    }

    /// The keys go to the one window that is there.
    pub fn focus(&self) {
        let window = *self.windows().first().expect("a window");
        self.raise(window);
    }

    /// The window of a process.
    pub fn window_of(&self, process: u32) -> u32 {
        let atom = self.conn.intern_atom(false, b"_NET_WM_PID").expect("asked").reply().expect("an atom").atom;
        let mut found = None;
        until("the program's window", || {
            found = self.windows().into_iter().find(|window| {
                let property = self.conn.get_property(false, *window, atom, AtomEnum::CARDINAL, 0, 1);
                let property = property.ok().and_then(|asked| asked.reply().ok());
                property.and_then(|p| p.value32().and_then(|mut values| values.next())) == Some(process)
            });
            found.is_some()
        });
        found.expect("found")
    }

    /// Brings a window to the front, with the keys.
    pub fn raise(&self, window: u32) {
        let above = ConfigureWindowAux::new().stack_mode(StackMode::ABOVE);
        self.conn.configure_window(window, &above).expect("asked");
        self.conn.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME).expect("asked");
        self.conn.flush().expect("sent");
    }

    /// Presses and releases the key of a digit or Enter; the time is that of the press.
    pub fn key(&self, key: char) -> Instant {
        let digit = key.to_digit(10).and_then(|n| usize::try_from(n).ok());
        let code = digit.map_or(self.enter, |n| self.digits[n]);
        let begun = Instant::now();
        for kind in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            self.conn.xtest_fake_input(kind, code, 0, x11rb::NONE, 0, 0, 0).expect("typed");
        }
        self.conn.flush().expect("sent");
        begun
    }

    /// Types a code and Enter; from Enter until the corner has another colour, as a flash gives it at once.
    pub fn scan(&self, code: &str, gap: Duration) -> Duration {
        let before = self.pixel(CORNER);
        for digit in code.chars() {
            self.key(digit);
            crate::program::rest(gap);
        }
        let begun = self.key('\n');
        until("the answer to a scan", || self.pixel(CORNER) != before) - begun
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
