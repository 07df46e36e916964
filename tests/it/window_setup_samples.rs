//! The setting up of a scanner as samples: a code to be scanned, another one that came, what was learnt, and how it was kept or not.

use std::sync::Arc;

use packbench::cli::station::setup;
use packbench::core::message::Message;
use packbench::devices::scanner::learn::TestCode;
use packbench::engine::StationView;
use packbench::engine::view::{DeviceView, Screen, SetupCame, SetupLearnt, SetupStage, SetupView, Sheet};

use crate::window_samples::{message, view, with_sheet};

/// The devices, of which the scanner can be set up.
pub fn devices() -> Arc<[DeviceView]> {
    let mut list = crate::window_device_samples::devices().to_vec();
    list[0].set_up = true;
    list.into()
}

/// The sheet as it stands then.
pub fn sheet(stage: SetupStage, came: Option<SetupCame>) -> StationView {
    let setup = SetupView { scanner: "hand".into(), stage, came };
    let mut shown = with_sheet(view(Screen::Queue), Sheet::ScannerSetup(Arc::new(setup)));
    shown.devices = devices();
    shown
}

/// Asking for one of the codes.
pub fn scan(number: u8) -> SetupStage {
    let code = TestCode::ALL[usize::from(number - 1)];
    SetupStage::Scan { number, code: setup::code_of(code).unwrap() }
}

/// What came, and why it did not count.
pub fn came(text: &str, refused: Option<(Message, Message)>) -> Option<SetupCame> {
    Some(SetupCame { text: text.into(), refused })
}

/// A scanner as somebody set it.
pub fn learnt() -> SetupLearnt {
    SetupLearnt { prefix: "<STX>".into(), suffix: String::new(), end: "<CR>".into(), aim: false, gs: "|".into() }
}

/// Refusals whose words are the longest.
fn refused(what: &'static str, todo: &'static str) -> Option<(Message, Message)> {
    Some((message(what).with("text", "{GS}").with("n", 3_i64), message(todo)))
}

/// The sheets of it.
pub fn all() -> Vec<(&'static str, StationView)> {
    let mut closely = with_sheet(view(Screen::Queue), Sheet::Devices);
    closely.devices = devices();
    let second = came("<STX>PackBench-1<CR>", None);
    let other = came("<STX>9506000134352<CR>", refused("setup-other-test-code", "setup-scan-shown"));
    let without =
        came("<STX>]C1010950600013435210LEARN21SET7<CR><LF>", refused("setup-no-separator", "setup-separator-todo"));
    let nothing = came("", refused("setup-nothing-came", "setup-nothing-came-serial"));
    let file = || "/etc/packbench/packbench.toml".to_owned();
    let unwritten = (message("setup-file-unwritten").with("file", file()), message("setup-file-rights-todo"));
    let differ = (message("setup-differ-suffix"), message("setup-differ-todo"));
    vec![
        ("device-scanner", closely),
        ("setup-first", sheet(scan(1), None)),
        ("setup-second", sheet(scan(2), second)),
        ("setup-refused", sheet(scan(2), other)),
        ("setup-no-separator", sheet(scan(2), without)),
        ("setup-nothing", sheet(scan(3), nothing)),
        ("setup-contradiction", sheet(SetupStage::Contradiction(differ.0, differ.1), None)),
        ("setup-learnt", sheet(SetupStage::Learnt(learnt()), None)),
        ("setup-not-kept", sheet(SetupStage::NotKept(learnt(), unwritten.0, unwritten.1), None)),
        ("setup-kept", sheet(SetupStage::Kept { learnt: learnt(), file: file() }, None)),
    ]
}
