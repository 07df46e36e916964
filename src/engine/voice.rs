//! Commands by voice and spoken prompts. What was heard becomes the request that a key of the present step would make, never more;
//! what matters is read back first, with its form open on the screen. Must never carry out a word while a badge or an answer about
//! paper is asked for.

use super::desk::Stage;
use super::input::{Effect, Ui, VoiceNews};
use super::publish_stage;
use super::view::{HeardView, ProblemForm, ProblemKind, Sheet, StageView, VoiceView};
use super::{Engine, EngineError};
use crate::core::ids::{FulfillmentId, LineNo};
use crate::core::message::{Arg, Message};
use crate::core::session::{Mode, Step};
use crate::core::signal::{Signal, SoundName};
use crate::core::time::UtcMs;
use crate::core::voice::digits::{self, CheckDigits};
use crate::core::voice::{Answer, Dialogue, Here, Input, Spoken, VoiceLang, Word, parse, word_for};
use std::sync::Arc;

/// What the settings say of voice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VoiceRules {
    /// Commands are listened for.
    pub commands: bool,
    /// Prompts are spoken.
    pub prompts: bool,
    /// The key opens and closes the microphone, instead of being held.
    pub open: bool,
    /// Where the check digits of a place come from.
    pub digits: CheckDigits,
}

/// The place in the work that a read-back belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    work: Option<FulfillmentId>,
    front: Option<FulfillmentId>,
    step: Option<Step>,
    parcel: u16,
    line: Option<LineNo>,
    units: u32,
    paused: bool,
}

/// What the engine remembers of voice.
#[derive(Clone, Debug, Default)]
pub struct Talk {
    dialogue: Dialogue<Place>,
    /// It was asked to listen.
    wanted: bool,
    /// The microphone says that it listens.
    listening: bool,
    lang: VoiceLang,
    heard: Option<HeardView>,
    said: Option<Message>,
    changed: UtcMs,
    /// To be spoken with the commit.
    aloud: Vec<Message>,
    /// The feedback and the prompt that were spoken last.
    spoken_feedback: u64,
    spoken_prompt: Vec<Message>,
}

impl Engine {
    /// The key for talking went down or up.
    pub(super) fn talk(&mut self, down: bool) {
        let rules = self.config.voice;
        if !rules.commands || self.desk.stage != Stage::Bench || (rules.open && !down) {
            return;
        }
        let on = if rules.open { !self.desk.talk.wanted } else { down };
        self.listen(on);
    }

    fn listen(&mut self, on: bool) {
        let at = self.now();
        let open = self.config.voice.open;
        let talk = &mut self.desk.talk;
        if talk.wanted == on {
            return;
        }
        talk.wanted = on;
        if on {
            (talk.heard, talk.changed) = (None, at);
            // Who wants to speak is not spoken over.
            self.out.push(Effect::Hush);
        }
        self.out.push(Effect::Listen { on, open });
    }

    pub(super) fn on_voice(&mut self, news: VoiceNews) -> Result<(), EngineError> {
        let at = self.now();
        match news {
            VoiceNews::Listening(on) => {
                let talk = &mut self.desk.talk;
                (talk.listening, talk.changed) = (on, at);
                talk.wanted &= on;
                Ok(())
            }
            VoiceNews::Heard { lang, words } => {
                self.desk.active_mono_ms = self.clock.mono_ms();
                let talk = &mut self.desk.talk;
                (talk.lang, talk.said, talk.changed) = (lang, None, at);
                let spoken = words.as_deref().and_then(|words| parse(lang, words));
                talk.heard = Some(HeardView { words: words.filter(|_| spoken.is_some()) });
                self.heard(spoken)
            }
        }
    }

    fn heard(&mut self, spoken: Option<Spoken>) -> Result<(), EngineError> {
        let Some(spoken) = spoken else {
            let answer = self.desk.talk.dialogue.decide(Input::NotUnderstood, self.clock.mono_ms());
            return self.answer(answer);
        };
        let busy = self.desk.stage != Stage::Bench || self.desk.asked.is_some() || !self.desk.print_unknown.is_empty();
        if busy {
            self.say_voice(Message::new("voice-not-now"), SoundName::Decide);
            return Ok(());
        }
        let here = Here { place: self.place(), open: self.config.voice.open, confirms: self.confirms() };
        let answer = self.desk.talk.dialogue.decide(Input::Heard(spoken, here), self.clock.mono_ms());
        self.answer(answer)
    }

    /// Something else happened at the bench: what was read back is no longer meant.
    pub(super) fn voice_elsewhere(&mut self) {
        let _ = self.desk.talk.dialogue.decide(Input::Elsewhere, self.clock.mono_ms());
    }

    /// A read-back ends by itself.
    pub(super) fn voice_tick(&mut self) -> Result<(), EngineError> {
        let answer = self.desk.talk.dialogue.decide(Input::Tick, self.clock.mono_ms());
        self.answer(answer)
    }

    pub(super) fn voice_is_due(&self) -> bool {
        self.desk.talk.dialogue.until_ms().is_some_and(|until| self.clock.mono_ms() >= until)
    }

    fn answer(&mut self, answer: Answer) -> Result<(), EngineError> {
        let nothing = |key: &'static str| Message::new(key);
        match answer {
            Answer::Do(spoken) => return self.carry_out(spoken),
            Answer::ReadBack(spoken) => self.read_back(spoken),
            Answer::SayAgain => {
                self.desk.talk.spoken_prompt.clear();
            }
            Answer::Dropped(_) => self.give_up("voice-dropped"),
            Answer::TimedOut(_) => self.give_up("voice-timed-out"),
            Answer::Moved(_) => self.give_up("voice-moved"),
            Answer::NothingAsked => self.say_voice(nothing("voice-nothing-asked"), SoundName::Decide),
            Answer::NotUnderstood => self.say_voice(nothing("voice-not-understood"), SoundName::Decide),
            Answer::Nothing => {}
        }
        Ok(())
    }

    fn give_up(&mut self, key: &'static str) {
        if matches!(self.desk.sheet, Some(Sheet::Form(_))) {
            self.desk.sheet = None;
        }
        self.say_voice(Message::new(key), SoundName::Decide);
    }

    /// On the screen, aloud, and as a sound for those who hear no words.
    fn say_voice(&mut self, said: Message, sound: SoundName) {
        self.out.push(Effect::Sound(sound));
        let at = self.now();
        let talk = &mut self.desk.talk;
        talk.changed = at;
        talk.aloud.push(said.clone());
        talk.said = Some(said);
    }

    /// The request of the step's own key.
    fn carry_out(&mut self, spoken: Spoken) -> Result<(), EngineError> {
        match spoken {
            Spoken::Digits(said) => self.check_digits(said),
            Spoken::Word(Word::Next | Word::Confirm) => {
                let idle = self.desk.bench.is_none() && self.desk.intake.is_none() && self.desk.sheet.is_none();
                self.on_ui(if idle { Ui::Start } else { Ui::Continue })
            }
            // The form that was read back is open; its own key sends it.
            Spoken::Word(word @ (Word::Skip | Word::Short | Word::Damaged | Word::Print)) => {
                match self.form_of(word).is_some() {
                    true => self.on_ui(Ui::Continue),
                    false => {
                        self.give_up("voice-moved");
                        Ok(())
                    }
                }
            }
            // These only ever answer.
            Spoken::Word(Word::No | Word::Repeat) => Ok(()),
        }
    }

    /// The shelf's digits, as a touch on "taken" would be.
    fn check_digits(&mut self, said: [u8; 2]) -> Result<(), EngineError> {
        let stop = self.desk.bench.as_ref().filter(|b| b.session.step == Step::Pick && b.session.mode == Mode::Working);
        let stop = stop.and_then(|b| crate::core::session::decide::current_stop(&b.session, &b.loaded.walk.stops));
        let Some(bin) = stop.map(|(stop, _)| stop.location.clone()) else {
            self.say_voice(Message::new("voice-digits-not-now"), SoundName::Decide);
            return Ok(());
        };
        match digits::of_place(&bin, self.config.voice.digits) {
            Some(right) if right == said => self.on_ui(Ui::TakeStop),
            Some(_) => {
                let title = Message::new("voice-wrong-digits").with("digits", spelt(said));
                let detail = Message::new("voice-wrong-digits-detail").with("bin", bin.as_str());
                self.refuse_plain(title, Some(detail), SoundName::Stop);
                Ok(())
            }
            None => {
                self.say_voice(Message::new("voice-no-digits").with("bin", bin.as_str()), SoundName::Decide);
                Ok(())
            }
        }
    }

    fn form_of(&self, word: Word) -> Option<&ProblemForm> {
        match &self.desk.sheet {
            Some(Sheet::Form(form)) if kind_of(word) == Some(form.kind) => Some(form),
            Some(_) | None => None,
        }
    }

    /// Says what was understood and what would happen, and waits for yes or no.
    fn read_back(&mut self, spoken: Spoken) {
        let ask = match spoken {
            Spoken::Digits(said) => Message::new("voice-ask-digits").with("digits", spelt(said)),
            Spoken::Word(word) => match kind_of(word) {
                Some(kind) => {
                    if self.desk.sheet.as_ref().is_some_and(|sheet| !matches!(sheet, Sheet::Form(_))) {
                        self.desk.sheet = None;
                    }
                    let possible = word != Word::Skip || self.desk.bench.is_none();
                    if possible {
                        self.on_form(kind);
                    }
                    let Some(form) = self.form_of(word).filter(|_| possible) else {
                        // Why not was said already, or there is no such key here.
                        self.voice_elsewhere();
                        self.say_voice(Message::new("voice-not-here"), SoundName::Stop);
                        return;
                    };
                    self.ask_form(word, form)
                }
                None => Message::new("voice-ask-go-on").with("step", Arg::Key(self.step_key())),
            },
        };
        let lang = self.desk.talk.lang;
        let how = Message::new("voice-answer")
            .with("yes", word_for(lang, Word::Confirm))
            .with("no", word_for(lang, Word::No));
        self.say_voice(ask, SoundName::Decide);
        self.desk.talk.aloud.push(how);
    }

    fn ask_form(&self, word: Word, form: &ProblemForm) -> Message {
        let reason = form.reasons.first().map_or("reason-other", |reason| reason.key());
        let ask = match word {
            Word::Skip => Message::new("voice-ask-skip")
                .with("order", self.desk.queue.rows.first().map_or("", |row| row.number.as_str())),
            Word::Print => Message::new("voice-ask-print"),
            Word::Short | Word::Damaged | Word::Next | Word::Confirm | Word::Repeat | Word::No => {
                let name = form.product.as_ref().map_or("", |product| product.name.as_str());
                Message::new("voice-ask-units")
                    .with("word", Arg::Key(word.key()))
                    .with("count", form.quantity_max.min(1))
                    .with("name", name)
            }
        };
        ask.with("reason", Arg::Key(reason))
    }

    fn step_key(&self) -> &'static str {
        self.desk.bench.as_ref().map_or(Step::Order, |b| b.session.step).key()
    }

    fn place(&self) -> Place {
        let front = self.desk.queue.rows.first().map(|row| row.fulfillment);
        let Some(b) = self.desk.bench.as_ref() else { return Place { front, ..Place::default() } };
        let picked: u32 = b.session.lines.iter().map(|l| l.picked.saturating_add(l.short)).sum();
        Place {
            work: Some(b.session.fulfillment),
            front: None,
            step: Some(b.session.step),
            parcel: b.session.parcel().no,
            line: b.session.line_in_hand,
            units: picked.saturating_add(b.session.verified()),
            paused: b.session.mode != Mode::Working,
        }
    }

    /// Would going on here settle something? Only opening the next order, reading one without flags, looking at stock that is all there
    /// and coming back from a break settle nothing.
    fn confirms(&self) -> bool {
        if self.desk.intake.is_some() || matches!(self.desk.sheet, Some(Sheet::Form(_))) {
            return true;
        }
        let Some(b) = self.desk.bench.as_ref() else { return false };
        match &publish_stage::pack(&self.desk, b).stage {
            StageView::Review(review) => !review.flags.is_empty(),
            StageView::Stock(stock) => stock.shortfalls > 0,
            StageView::Done(_) | StageView::Paused { .. } => false,
            StageView::Pick(_)
            | StageView::Verify(_)
            | StageView::Pack(_)
            | StageView::Checklist(_)
            | StageView::Weigh(_)
            | StageView::Label(_)
            | StageView::Held { .. }
            | StageView::MustUnpack { .. } => true,
        }
    }

    /// With every commit: whoever left is not listened to, and what is new is spoken.
    pub(super) fn speak_news(&mut self) {
        if self.desk.stage != Stage::Bench {
            self.voice_elsewhere();
            if self.desk.talk.wanted {
                self.listen(false);
            }
        }
        let mut list = std::mem::take(&mut self.desk.talk.aloud);
        if !self.config.voice.prompts {
            return;
        }
        if let Some(f) = self.desk.feedback.clone().filter(|f| f.id != self.desk.talk.spoken_feedback) {
            self.desk.talk.spoken_feedback = f.id;
            match f.signal {
                Signal::Stop | Signal::Decide => list.extend([f.title.clone()].into_iter().chain(f.detail.clone())),
                Signal::Ok | Signal::Wait | Signal::Now => {}
            }
        }
        let prompt = self.prompt();
        if prompt != self.desk.talk.spoken_prompt {
            // While a refusal or a read-back is spoken, what the step asks is said after it only if it is new.
            list.extend(prompt.iter().cloned());
            self.desk.talk.spoken_prompt = prompt;
        }
        if !list.is_empty() {
            self.out.push(Effect::Speak(list));
        }
    }

    /// What the step asks for.
    fn prompt(&self) -> Vec<Message> {
        let Some(b) = self.desk.bench.as_ref().filter(|_| self.desk.stage == Stage::Bench) else { return Vec::new() };
        let view = publish_stage::pack(&self.desk, b);
        match &view.stage {
            StageView::Pick(pick) => {
                let go = pick.location.as_ref().map(|at| {
                    let place = if at.bay > 0 { "voice-say-place" } else { "voice-say-bin" };
                    Message::new(place)
                        .with("bin", at.code.as_str())
                        .with("aisle", at.aisle.as_str())
                        .with("bay", at.bay)
                        .with("level", i64::from(at.level))
                });
                let take =
                    Message::new("voice-say-take").with("count", pick.take).with("name", pick.product.name.as_str());
                go.into_iter().chain([take]).collect()
            }
            StageView::Verify(verify) => {
                let name = Message::new("voice-say-name").with("name", verify.product.name.as_str());
                vec![view.say, name]
            }
            // A figure that changes all the time is shown and not spoken.
            StageView::Weigh(_) => vec![Message::new("voice-say-weigh")],
            StageView::Review(_)
            | StageView::Stock(_)
            | StageView::Pack(_)
            | StageView::Checklist(_)
            | StageView::Label(_)
            | StageView::Done(_)
            | StageView::Paused { .. }
            | StageView::Held { .. }
            | StageView::MustUnpack { .. } => vec![view.say],
        }
    }

    /// What the window shows of it; none where no commands are listened for.
    pub(super) fn voice_view(&self) -> Option<Arc<VoiceView>> {
        let talk = &self.desk.talk;
        if !self.config.voice.commands || self.desk.stage != Stage::Bench {
            return None;
        }
        let lang = talk.lang;
        let asks = talk.dialogue.asked().is_some();
        let say = |word| word_for(lang, word);
        let answer = Message::new("voice-answer").with("yes", say(Word::Confirm)).with("no", say(Word::No));
        Some(Arc::new(VoiceView {
            listening: talk.listening,
            wanted: talk.wanted,
            open: self.config.voice.open,
            heard: talk.heard.clone(),
            said: talk.said.clone(),
            answer: asks.then_some(answer),
            at: talk.changed,
        }))
    }
}

fn spelt(digits: [u8; 2]) -> String {
    let [tens, ones] = digits;
    format!("{tens} {ones}")
}

/// The form behind a word.
fn kind_of(word: Word) -> Option<ProblemKind> {
    match word {
        Word::Skip => Some(ProblemKind::Skip),
        Word::Short => Some(ProblemKind::Short),
        Word::Damaged => Some(ProblemKind::Damaged),
        Word::Print => Some(ProblemKind::Reprint),
        Word::Next | Word::Confirm | Word::Repeat | Word::No => None,
    }
}
