//! Draws ZPL files with the crate labelize (MIT, BSD-3-Clause), a renderer that shares no code with Packbench but the faces'
//! outlines and the encoders of QR codes and Data Matrix.
//!
//! usage: packbench-peer-labelize --list FILE DOTS_PER_MM   (lines of FILE: WIDTH_MM, HEIGHT_MM, IN.zpl, OUT.png between tabs)

use labelize::{Language, RenderOptions, render_png};
use std::process::ExitCode;

fn draw(line: &str, dots_per_mm: i32) -> Result<(), String> {
    let [width, height, source, out] = line.split('\t').collect::<Vec<_>>()[..] else {
        return Err("it has not four columns".to_owned());
    };
    let mm = |text: &str| text.parse::<f64>().map_err(|e| format!("{text} is no length: {e}"));
    let options = RenderOptions {
        language: Some(Language::Zpl),
        width_mm: Some(mm(width)?),
        height_mm: Some(mm(height)?),
        dpmm: dots_per_mm,
        antialias: false,
    };
    let job = std::fs::read(source).map_err(|e| format!("{source}: {e}"))?;
    let drawn = render_png(&job, options).map_err(|e| format!("{source}: {e}"))?;
    std::fs::write(out, drawn.bytes).map_err(|e| format!("{out}: {e}"))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(list), Some(dots_per_mm)) = (arguments.get(1), arguments.get(2).and_then(|n| n.parse().ok())) else {
        eprintln!("usage: packbench-peer-labelize --list FILE DOTS_PER_MM");
        return ExitCode::from(2);
    };
    let lines = match std::fs::read_to_string(list) {
        Ok(lines) => lines,
        Err(error) => {
            eprintln!("{list} cannot be read: {error}");
            return ExitCode::FAILURE;
        }
    };
    for (number, line) in (1..).zip(lines.lines()) {
        if let Err(error) = draw(line, dots_per_mm) {
            eprintln!("line {number} of {list}: {error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
