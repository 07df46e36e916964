//! Commands by voice as samples for pictures and for the tests of what fits: at rest, listening, a read-back over its form, nothing understood.

use std::sync::Arc;

use packbench::core::ids::LineNo;
use packbench::core::message::{Arg, Message};
use packbench::core::session::event::Reason;
use packbench::core::time::UtcMs;
use packbench::engine::StationView;
use packbench::engine::view::{HeardView, ProblemForm, ProblemKind, Sheet, VoiceView};

use crate::window_samples::{NOW, message, pick, product, with_sheet};

fn voice(listening: bool, heard: Option<Option<&str>>, said: Option<Message>, asks: bool) -> Option<Arc<VoiceView>> {
    Some(Arc::new(VoiceView {
        listening,
        wanted: listening,
        open: false,
        heard: heard.map(|words| HeardView { words: words.map(str::to_owned) }),
        said,
        answer: asks.then(|| message("voice-answer").with("yes", "confirm").with("no", "no")),
        at: UtcMs(NOW.0 - 800),
    }))
}

fn asks() -> StationView {
    let said = message("voice-ask-units")
        .with("word", Arg::Key("voice-word-short"))
        .with("count", 1_u32)
        .with("name", product(0).name)
        .with("reason", Arg::Key(Reason::BinEmpty.key()));
    let form = ProblemForm {
        kind: ProblemKind::Short,
        line: Some(LineNo(1)),
        product: Some(product(0)),
        quantity_max: 6,
        reasons: vec![Reason::BinEmpty, Reason::CountWrong, Reason::NotFound, Reason::Other],
        substitutes: Vec::new(),
    };
    StationView { voice: voice(true, Some(Some("short")), Some(said), true), ..with_sheet(pick(), Sheet::Form(form)) }
}

/// The station while it is talked to.
pub fn all() -> Vec<(&'static str, StationView)> {
    vec![
        ("voice-at-rest", StationView { voice: voice(false, None, None, false), ..pick() }),
        ("voice-listens", StationView { voice: voice(true, Some(Some("seven three")), None, false), ..pick() }),
        ("voice-asks", asks()),
        (
            "voice-not-understood",
            StationView { voice: voice(true, Some(None), Some(message("voice-not-understood")), false), ..pick() },
        ),
    ]
}
