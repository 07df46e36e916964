//! The window to compare with: empty, and all it does on Enter is one commit at `synchronous=FULL` and another colour.

use eframe::egui;
use rusqlite::Connection;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Set to the database's file, this program is that window.
pub const VARIABLE: &str = "PACKBENCH_BENCH_EMPTY";
/// Its colours: before and after an odd number of scans.
const COLOURS: [[u8; 3]; 2] = [[40, 40, 160], [160, 160, 40]];

/// How it is started.
pub fn command(database: &Path, display: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program has a file"));
    command.env(VARIABLE, database).env("DISPLAY", display);
    command
}

struct Empty {
    conn: Connection,
    scans: usize,
}

impl eframe::App for Empty {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if ctx.input(|input| input.key_pressed(egui::Key::Enter)) {
            self.conn.execute("INSERT INTO t VALUES (1, 'one row')", []).expect("a row");
            self.scans += 1;
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let [r, g, b] = COLOURS[self.scans % 2];
        ui.painter().rect_filled(ui.ctx().content_rect(), 0.0, egui::Color32::from_rgb(r, g, b));
    }
}

/// Shows it until it is killed.
pub fn run(database: &Path) -> ExitCode {
    let viewport = egui::ViewportBuilder::default().with_title("empty").with_inner_size([1_280.0, 800.0]);
    let renderer = eframe::Renderer::Glow;
    let options = eframe::NativeOptions { viewport, renderer, ..eframe::NativeOptions::default() };
    let database = database.to_owned();
    let made = move || {
        let conn = Connection::open(database).expect("a database");
        conn.execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE IF NOT EXISTS t (a INTEGER, b TEXT);",
        )
        .expect("a table");
        Empty { conn, scans: 0 }
    };
    match eframe::run_native("empty", options, Box::new(move |_| Ok(Box::new(made())))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
