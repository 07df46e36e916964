//! "Scan anything": shows what a scanner read, byte by byte, and says that it counts nowhere.

use egui::{Align2, Rect, Ui, pos2, vec2};

use super::{Band, over};
use crate::core::message::Arg;
use crate::engine::view::ScanTrial;
use crate::station::icons::Icon;
use crate::station::screens::Desk;
use crate::station::theme::{Signal, Type, Weight, fonts, palette};
use crate::station::widgets::sheet::grid;
use crate::station::widgets::{bars, text};

pub(super) fn draw(ui: &mut Ui, window: Rect, desk: &mut Desk<'_>, read: Option<&ScanTrial>) {
    let (signal, first) = match read {
        None => (Signal::Now, desk.text("device-scan-anything")),
        Some(read) => {
            let args = [("device", Arg::Text(read.device.clone()))];
            (Signal::Ok, desk.with("device-scan-read-by", &args))
        }
    };
    let band = Band::new(signal, Icon::Scan, first, desk.text("device-scan-counts-nowhere"));
    over(ui, window, desk, &Band { leave: "action-back", ..band }, |ui, room, desk| match read {
        None => {
            let side = room.height().min(320.0);
            let square = Rect::from_center_size(room.center(), vec2(side, side));
            Icon::Scan.paint(ui.painter(), square, palette(ui).muted, 1.6);
        }
        Some(read) => show(ui, room, desk, read),
    });
}

fn show(ui: &mut Ui, room: Rect, desk: &Desk<'_>, read: &ScanTrial) {
    let colours = palette(ui);
    let facts = Rect::from_min_max(pos2(room.left(), room.bottom() - 96.0), room.max);
    let code = Rect::from_min_max(room.min, pos2(room.right(), facts.top() - 20.0));
    // Long codes have no blanks: they may break anywhere, and are read in groups.
    let grouped = broken(&read.text);
    text::put_fitted(ui, code, Align2::LEFT_CENTER, Type::new(44.0, Weight::Bold), 14.0, &grouped, colours.text);
    let symbology = match read.symbology {
        Some(name) => name.to_owned(),
        None => desk.text("device-scan-no-symbology"),
    };
    let separator = desk.text(if read.separator { "device-reads-gs" } else { "device-reads-gs-no" });
    let rows = [
        (desk.text("device-scan-symbology"), symbology),
        (desk.text("device-scan-bytes"), read.bytes.to_string()),
        (desk.text("device-scan-separator"), separator),
    ];
    for (cell, (word, value)) in grid(facts, 3, 1, 14.0).into_iter().zip(&rows) {
        bars::stat(ui, cell, word, value, fonts::body().in_face(Weight::SemiBold));
    }
}

/// Characters after which a long code may go on in the next line.
const GROUP: usize = 24;

fn broken(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / GROUP);
    for (index, c) in text.chars().enumerate() {
        if index > 0 && index % GROUP == 0 {
            out.push('\n');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_code_goes_on_in_the_next_line_and_loses_nothing() {
        let code = "(01)05012345678900(10)ABC<GS>(21)1234567890";
        let shown = broken(code);
        assert_eq!(shown.replace('\n', ""), code);
        assert!(shown.lines().all(|line| line.chars().count() <= GROUP));
    }
}
