//! Draws ZPL with the crate labelize, which shares no code with Packbench's own. It never judges what it drew.
//!
//! `packbench-peer-labelize --list FILE DOTS_PER_MM`, as `tests/lib/zpl_render.mjs`: lines of FILE tell width and height in mm, the
//! print job and where the PNG goes, with tabs between.

use labelize::{Language, RenderOptions, render_png};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let told = match arguments.as_slice() {
        [flag, list, dots] if flag == "--list" => {
            dots.parse().map_err(|_| format!("{dots} is no number")).and_then(|dots| all(list, dots))
        }
        _ => Err("usage: packbench-peer-labelize --list FILE DOTS_PER_MM".to_owned()),
    };
    match told {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("packbench-peer-labelize: {why}");
            ExitCode::FAILURE
        }
    }
}

fn all(list: &str, dpmm: i32) -> Result<(), String> {
    let lines = std::fs::read_to_string(list).map_err(|e| format!("{list}: {e}"))?;
    for line in lines.lines().filter(|line| !line.is_empty()) {
        let [width, height, source, out] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Err(format!("a line of {list} has not four parts: {line}"));
        };
        let mm = |text: &str| text.parse::<f64>().map(Some).map_err(|e| format!("{text}: {e}"));
        let options = RenderOptions {
            language: Some(Language::Zpl),
            width_mm: mm(width)?,
            height_mm: mm(height)?,
            dpmm,
            ..RenderOptions::default()
        };
        let job = std::fs::read(source).map_err(|e| format!("{source}: {e}"))?;
        let drawn = render_png(&job, options).map_err(|e| format!("{source}: {e}"))?;
        std::fs::write(out, drawn.bytes).map_err(|e| format!("{out}: {e}"))?;
    }
    Ok(())
}
