//! A started program: how long it lives, what it holds, how busy it was, from `/proc`.

use crate::display::Display;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ticks of `/proc/PID/stat` in a second on Linux.
const TICKS: u64 = 100;

/// A program that ends with the value.
pub struct Program {
    child: Child,
    begun: Instant,
}

impl Program {
    /// Starts it; its age counts from just before.
    pub fn start(mut command: Command) -> Program {
        command.env("LIBGL_ALWAYS_SOFTWARE", "1").env_remove("WAYLAND_DISPLAY");
        let loud = std::env::var_os("PACKBENCH_BENCH_LOG").is_some();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(if loud { Stdio::inherit() } else { Stdio::null() });
        let begun = Instant::now();
        Program { child: command.spawn().expect("the program starts"), begun }
    }

    /// Since its start.
    pub fn age(&self) -> Duration {
        self.begun.elapsed()
    }

    fn proc(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap_or_default()
    }

    /// Memory it holds now, in kilobytes.
    pub fn memory_kb(&self) -> u64 {
        let status = self.proc("status");
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
        line.and_then(|l| l.split_whitespace().next()).and_then(|n| n.parse().ok()).unwrap_or(0)
    }

    /// The same a second later, when everything that loads at the start has loaded.
    pub fn settled_kb(&self) -> u64 {
        rest(Duration::from_secs(1));
        self.memory_kb()
    }

    /// Processor time it has used.
    pub fn busy(&self) -> Duration {
        let stat = self.proc("stat");
        // The name in brackets may hold spaces; user and system time are the 12th and 13th field behind it.
        let fields: Vec<u64> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .skip(11)
            .take(2)
            .filter_map(|n| n.parse().ok())
            .collect();
        Duration::from_millis(fields.iter().sum::<u64>() * 1_000 / TICKS)
    }

    /// Its window.
    pub fn window(&self, display: &Display) -> u32 {
        display.window_of(self.child.id())
    }

    /// Ends it.
    pub fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

/// Lets time pass.
pub fn rest(time: Duration) {
    let end = Instant::now() + time;
    while let Some(left) = end.checked_duration_since(Instant::now()).filter(|left| !left.is_zero()) {
        std::thread::park_timeout(left);
    }
}
