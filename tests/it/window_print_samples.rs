//! Made views of the label step whose printers are in trouble. Holds no assertions.

use packbench::core::message::Arg;
use packbench::core::session::PrintState;
use packbench::core::session::event::PrintOutcome;
use packbench::core::signal::Signal;
use packbench::engine::view::{PrintWay, StageView, StationView};

use crate::window_samples::{label, message, said};

/// The label waits in the printer, whose paper is out; the slip came from another printer than usual.
pub fn label_held() -> StationView {
    let mut view = label();
    let way = |instead_of: Option<&str>, why| PrintWay {
        printer: "labels-2".into(),
        instead_of: instead_of.map(|name| (name.to_owned(), "device-warning-paper-jam")),
        why,
    };
    let mut pack = (*view.pack.take().expect("an order")).clone();
    if let StageView::Label(label) = &mut pack.stage {
        label.prints[0].state = PrintState::Ended(PrintOutcome::Sent);
        label.prints[0].way = Some(way(None, Some("device-warning-printer-silent")));
        label.prints[1].way = Some(way(Some("office"), None));
    }
    let detail = message("say-print-held-detail").with("printer", "labels-2");
    let detail = detail.with("why", Arg::Key("device-warning-printer-silent"));
    let say = message("say-print-held").with("document", Arg::Key("document-label"));
    said(pack, say, Some(detail), Signal::Decide)
}
