//! Setting a scanner up from the device check, while its sheet is open. The hand that talks to the scanner and to the settings file is
//! told when the sheet opens and when it is gone, whatever closed it. Must never let a scan through to the order in hand.

use super::input::SetupAsk;
use super::view::{SetupCame, SetupStage, SetupView, Sheet};
use super::{Effect, Engine};
use crate::core::message::Message;
use crate::core::scan::Scan;
use crate::core::signal::SoundName;
use std::sync::Arc;

/// Bytes of a scan that are shown.
const SHOWN_MAX: usize = 80;

impl Engine {
    /// Opens the sheet, for a scanner whose settings can be learnt.
    pub(super) fn open_setup(&mut self, scanner: &str) {
        if self.desk.devices.iter().any(|d| d.name == scanner && d.set_up) {
            self.desk.sheet = Some(Sheet::ScannerSetup(Arc::new(SetupView::of(scanner))));
            // The next order would close the sheet between two scans.
            if let Some(bench) = self.desk.bench.as_mut() {
                bench.advance_at = None;
            }
        }
    }

    /// Tells the hand of a sheet that opened or is gone. A step that is not stored puts both back.
    pub(super) fn mind_setup(&mut self) {
        let open = match &self.desk.sheet {
            Some(Sheet::ScannerSetup(view)) => Some(view.scanner.clone()),
            Some(_) | None => None,
        };
        if open == self.desk.setting_up {
            return;
        }
        if self.desk.setting_up.is_some() {
            self.out.push(Effect::ScannerSetup(SetupAsk::End));
        }
        if let Some(scanner) = &open {
            self.out.push(Effect::ScannerSetup(SetupAsk::Begin { scanner: scanner.clone() }));
        }
        self.desk.setting_up = open;
    }

    /// A button of the sheet. What is on its way is not asked for twice.
    pub(super) fn press_setup(&mut self, ask: SetupAsk) {
        let Some(view) = self.setup_view() else { return };
        let next = match (&ask, &view.stage) {
            (SetupAsk::Keep, SetupStage::Learnt(learnt) | SetupStage::NotKept(learnt, ..)) => {
                SetupStage::Keeping(learnt.clone())
            }
            (SetupAsk::Again, SetupStage::Opening | SetupStage::Keeping(_)) => return,
            (SetupAsk::Again, _) => SetupStage::Opening,
            (SetupAsk::Keep | SetupAsk::Begin { .. } | SetupAsk::End, _) => return,
        };
        self.show_setup(SetupView { stage: next, came: None, ..view });
        self.out.push(Effect::ScannerSetup(ask));
    }

    /// What the hand has to show.
    pub(super) fn on_setup(&mut self, news: SetupView) {
        let Some(shown) = self.setup_view().filter(|shown| shown.scanner == news.scanner) else { return };
        let somebody = news.came.as_ref().is_some_and(|came| !came.text.is_empty());
        if somebody {
            self.desk.active_mono_ms = self.clock.mono_ms();
        }
        let refused = news.came.as_ref().is_some_and(|came| came.refused.is_some());
        let sound = match &news.stage {
            SetupStage::NotKept(..) | SetupStage::Contradiction(..) => Some(SoundName::Stop),
            SetupStage::Learnt(_) => Some(SoundName::LineFull),
            SetupStage::Kept { .. } => Some(SoundName::OrderDone),
            // That nothing came is said without a sound: nobody did anything.
            SetupStage::Scan { .. } if somebody && refused => Some(SoundName::Stop),
            SetupStage::Scan { .. } if somebody => Some(SoundName::Ok),
            SetupStage::Opening | SetupStage::Scan { .. } | SetupStage::Keeping(_) => None,
        };
        if news != shown
            && let Some(sound) = sound
        {
            self.out.push(Effect::Sound(sound));
        }
        self.show_setup(news);
    }

    /// A scan while the sheet is open; true if it was taken there, as all are. The scanner that is set up sends none once it is ready
    /// for it.
    pub(super) fn scan_in_setup(&mut self, scan: &Scan) -> bool {
        let Some(view) = self.setup_view() else { return false };
        let why = if scan.device == view.scanner {
            (Message::new("setup-too-early"), Message::new("setup-scan-again"))
        } else {
            let todo = Message::new("setup-use-this").with("device", view.scanner.clone());
            (Message::new("setup-other-scanner"), todo)
        };
        let head = scan.bytes.get(..SHOWN_MAX).unwrap_or(&scan.bytes);
        let came = SetupCame { text: crate::core::control::named(head), refused: Some(why) };
        self.out.push(Effect::Sound(SoundName::Stop));
        self.show_setup(SetupView { came: Some(came), ..view });
        true
    }

    fn setup_view(&self) -> Option<SetupView> {
        match &self.desk.sheet {
            Some(Sheet::ScannerSetup(view)) => Some(SetupView::clone(view)),
            Some(_) | None => None,
        }
    }

    fn show_setup(&mut self, view: SetupView) {
        self.desk.sheet = Some(Sheet::ScannerSetup(Arc::new(view)));
    }
}
