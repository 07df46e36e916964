//! Commands by voice at the engine: a word does what the step's own key would, and what matters only after it was read back and
//! confirmed in time, at the same place, by somebody who is logged in.

use crate::station_kit::station::Station;
use crate::station_kit::world::{self, Job};
use packbench::core::message::{Arg, Message};
use packbench::core::voice::digits::{self, CheckDigits};
use packbench::core::voice::{READ_BACK_MS, VoiceLang, digit_words};
use packbench::engine::input::{Ui, VoiceNews};
use packbench::engine::view::{ProblemKind, Screen, Sheet, StageView};
use packbench::engine::{Effect, Input, VoiceRules};

const HELD: VoiceRules = VoiceRules { commands: true, prompts: true, open: false, digits: CheckDigits::Computed };

fn bench(rules: VoiceRules, jobs: &[Job]) -> Station {
    let mut s = Station::with_anna(jobs).with_voice(rules);
    s.ui(Ui::Talk(true));
    s.feed(Input::Voice(VoiceNews::Listening(true)));
    s
}

fn say_in(s: &mut Station, lang: VoiceLang, words: &str) {
    s.feed(Input::Voice(VoiceNews::Heard { lang, words: Some(words.to_owned()) }));
}

fn say(s: &mut Station, words: &str) {
    say_in(s, VoiceLang::En, words);
}

fn mumble(s: &mut Station) {
    s.feed(Input::Voice(VoiceNews::Heard { lang: VoiceLang::En, words: None }));
}

fn told(s: &mut Station) -> Option<&'static str> {
    s.view().voice.as_ref().and_then(|voice| voice.said.as_ref()).map(|said| said.key)
}

fn asks(s: &mut Station) -> bool {
    s.view().voice.as_ref().is_some_and(|voice| voice.answer.is_some())
}

fn spoken(s: &mut Station) -> Vec<&'static str> {
    let keys = |list: &Vec<Message>| list.iter().map(|m| m.key).collect::<Vec<_>>();
    let effects = std::mem::take(&mut s.effects);
    effects.iter().filter_map(|e| if let Effect::Speak(list) = e { Some(keys(list)) } else { None }).flatten().collect()
}

/// Goes by keys to the first stop of the walk.
fn to_pick(s: &mut Station) -> String {
    s.ui(Ui::Start);
    for _ in 0..6 {
        if let StageView::Pick(pick) = s.stage() {
            return pick.location.expect("a shelf").code;
        }
        s.ui(Ui::Continue);
    }
    panic!("no shelf: {:?}", s.stage());
}

fn in_words(lang: VoiceLang, [tens, ones]: [u8; 2]) -> String {
    let names = digit_words(lang);
    format!("{} {}", names[usize::from(tens)], names[usize::from(ones)])
}

#[test]
fn the_key_opens_the_microphone_and_the_microphone_says_that_it_listens() {
    let mut s = Station::with_anna(&[]).with_voice(HELD);
    assert!(!s.view().voice.as_ref().expect("voice is on").listening);
    s.effects.clear();
    s.ui(Ui::Talk(true));
    assert_eq!(
        s.effects,
        [Effect::Hush, Effect::Listen { on: true, open: false }],
        "who wants to talk is not spoken over"
    );
    assert!(!s.view().voice.as_ref().unwrap().listening, "asked for is not there yet");
    s.feed(Input::Voice(VoiceNews::Listening(true)));
    assert!(s.view().voice.as_ref().unwrap().listening);
    s.effects.clear();
    s.ui(Ui::Talk(false));
    assert_eq!(s.effects, [Effect::Listen { on: false, open: false }]);
    s.feed(Input::Voice(VoiceNews::Listening(false)));
    assert!(!s.view().voice.as_ref().unwrap().listening);
    let mut none = Station::with_anna(&[]);
    none.effects.clear();
    none.ui(Ui::Talk(true));
    assert!(none.effects.is_empty() && none.view().voice.is_none(), "a station without voice has none");
}

#[test]
fn an_open_microphone_is_opened_and_closed_by_the_same_press() {
    let mut s = Station::with_anna(&[]).with_voice(VoiceRules { open: true, ..HELD });
    let mut presses = Vec::new();
    for _ in 0..2 {
        s.effects.clear();
        s.ui(Ui::Talk(true));
        s.ui(Ui::Talk(false));
        presses.extend(s.effects.iter().filter(|e| matches!(e, Effect::Listen { .. })).cloned());
    }
    assert_eq!(presses, [Effect::Listen { on: true, open: true }, Effect::Listen { on: false, open: true }]);
}

#[test]
fn who_leaves_is_not_listened_to() {
    let mut s = bench(HELD, &[]);
    s.effects.clear();
    s.ui(Ui::Lock);
    assert!(s.effects.contains(&Effect::Listen { on: false, open: false }));
    assert!(s.view().voice.is_none());
    say(&mut s, "next");
    assert!(matches!(s.view().screen, Screen::Login(_)));
}

#[test]
fn next_does_what_the_key_does_and_no_more() {
    let mut s = bench(HELD, &[Job::new(1, &[(world::MUG, 3)])]);
    say(&mut s, "next");
    assert!(matches!(s.stage(), StageView::Review(_)), "the next order is open");
    say_in(&mut s, VoiceLang::Es, "siguiente");
    assert!(matches!(s.stage(), StageView::Stock(_)), "{:?}", s.stage());
    say(&mut s, "next");
    assert!(matches!(s.stage(), StageView::Pick(_)));
    // At the shelf "next" settles something: it is read back first, and then takes the stop as the key does.
    say(&mut s, "next");
    assert!(asks(&mut s) && matches!(s.stage(), StageView::Pick(_)));
    say(&mut s, "confirm");
    assert!(!matches!(s.stage(), StageView::Pick(_)), "{:?}", s.stage());
}

#[test]
fn digits_prove_the_shelf_and_wrong_ones_are_refused() {
    let mut s = bench(HELD, &[Job::new(1, &[(world::MUG, 3)])]);
    let bin = to_pick(&mut s);
    let right = digits::of_place(&bin, CheckDigits::Computed).unwrap();
    let wrong = [right[0], (right[1] + 1) % 10];
    say(&mut s, &in_words(VoiceLang::En, wrong));
    assert_eq!(s.said(), "voice-wrong-digits");
    assert!(matches!(s.stage(), StageView::Pick(_)));
    say(&mut s, &in_words(VoiceLang::En, right));
    assert!(!matches!(s.stage(), StageView::Pick(_)), "the only stop is taken: {:?}", s.stage());
    say(&mut s, &in_words(VoiceLang::En, right));
    assert_eq!(told(&mut s), Some("voice-digits-not-now"), "digits mean something at a shelf alone");
}

#[test]
fn before_an_open_microphone_even_digits_are_read_back() {
    let mut s = bench(VoiceRules { open: true, ..HELD }, &[Job::new(1, &[(world::MUG, 3)])]);
    let bin = to_pick(&mut s);
    let right = in_words(VoiceLang::En, digits::of_place(&bin, CheckDigits::Computed).unwrap());
    say(&mut s, &right);
    assert!(asks(&mut s) && matches!(s.stage(), StageView::Pick(_)));
    say(&mut s, "confirm");
    assert!(!matches!(s.stage(), StageView::Pick(_)));
}

#[test]
fn short_is_read_back_with_its_form_and_counts_once_it_is_confirmed() {
    let mut s = bench(HELD, &[Job::new(1, &[(world::MUG, 3)])]);
    to_pick(&mut s);
    s.effects.clear();
    say(&mut s, "short");
    let view = s.view();
    assert!(matches!(&view.sheet, Some(Sheet::Form(form)) if form.kind == ProblemKind::Short), "{:?}", view.sheet);
    let voice = view.voice.clone().unwrap();
    let said = voice.said.clone().unwrap();
    assert_eq!(said.key, "voice-ask-units");
    assert!(said.args.contains(&("count", Arg::Int(1))), "one unit: {said:?}");
    assert_eq!(voice.heard.as_ref().unwrap().words.as_deref(), Some("short"));
    assert_eq!(spoken(&mut s), ["voice-ask-units", "voice-answer"], "what was understood, and how to answer");
    let short = |s: &mut Station| s.view().pack.as_ref().unwrap().lines[0].short;
    assert_eq!(short(&mut s), 0, "not on one hearing");
    say(&mut s, "confirm");
    assert_eq!(short(&mut s), 1);
    say(&mut s, "confirm");
    assert_eq!(short(&mut s), 1, "one confirmation does it once");
}

#[test]
fn no_and_silence_and_a_key_leave_it_as_it_was() {
    let mut s = bench(HELD, &[Job::new(1, &[(world::MUG, 3)])]);
    to_pick(&mut s);
    let before = s.view().pack.as_ref().unwrap().lines.clone();
    say(&mut s, "damaged");
    assert!(asks(&mut s));
    say(&mut s, "no");
    assert_eq!((told(&mut s), s.view().sheet.is_none()), (Some("voice-dropped"), true));
    say(&mut s, "damaged");
    s.clock.pass_ms(READ_BACK_MS);
    assert!(s.engine.tick_is_due());
    s.feed(Input::Tick);
    assert_eq!((told(&mut s), s.view().sheet.is_none()), (Some("voice-timed-out"), true));
    say(&mut s, "confirm");
    // A key that was pressed meanwhile is what the packer means.
    say(&mut s, "damaged");
    s.ui(Ui::CloseSheet);
    say(&mut s, "confirm");
    say(&mut s, "no");
    assert_eq!(s.view().pack.as_ref().unwrap().lines, before);
}

#[test]
fn skip_names_the_order_and_is_no_word_at_the_bench() {
    let mut s = bench(HELD, &[Job::new(1, &[(world::MUG, 1)]), Job::new(2, &[(world::MUG, 1)])]);
    let first = s.view().queue.rows[0].clone();
    say(&mut s, "skip");
    let said = s.view().voice.as_ref().unwrap().said.clone().unwrap();
    assert!(
        said.key == "voice-ask-skip" && said.args.contains(&("order", Arg::Text(first.number.clone()))),
        "{said:?}"
    );
    say(&mut s, "confirm");
    assert_ne!(s.view().queue.rows[0].fulfillment, first.fulfillment);
    s.ui(Ui::Start);
    say(&mut s, "skip");
    assert_eq!(told(&mut s), Some("voice-not-here"));
    assert!(!asks(&mut s));
}

#[test]
fn a_mumble_is_said_and_does_nothing() {
    let mut s = bench(HELD, &[Job::new(1, &[(world::MUG, 1)])]);
    s.effects.clear();
    mumble(&mut s);
    assert_eq!(told(&mut s), Some("voice-not-understood"));
    assert_eq!(spoken(&mut s), ["voice-not-understood"]);
    assert!(s.view().pack.is_none());
    say(&mut s, "confirm");
    assert_eq!(told(&mut s), Some("voice-nothing-asked"));
    // Words that the table does not have are none, whatever the recogniser gave.
    say(&mut s, "next next");
    assert_eq!(told(&mut s), Some("voice-not-understood"));
    assert!(s.view().pack.is_none());
}

#[test]
fn a_badge_that_is_asked_for_is_not_given_by_voice() {
    let mut s = bench(HELD, &[Job::new(1, &[(world::MUG, 1)])]);
    let first = s.view().queue.rows[0].fulfillment;
    s.ui(Ui::Expedite { fulfillment: first, on: true });
    assert!(matches!(s.view().sheet, Some(Sheet::Approval { .. })));
    for word in ["confirm", "next", "no", "print"] {
        say(&mut s, word);
        assert_eq!(told(&mut s), Some("voice-not-now"));
    }
    assert!(matches!(s.view().sheet, Some(Sheet::Approval { .. })));
}

#[test]
fn the_step_is_spoken_once_and_again_when_asked() {
    let mut s = bench(HELD, &[Job::new(1, &[(world::MUG, 3)])]);
    s.effects.clear();
    to_pick(&mut s);
    let all = spoken(&mut s);
    assert!(all.ends_with(&["voice-say-place", "voice-say-take"]), "{all:?}");
    s.feed(Input::Tick);
    assert!(spoken(&mut s).is_empty(), "not twice");
    say(&mut s, "repeat");
    assert_eq!(spoken(&mut s), ["voice-say-place", "voice-say-take"]);
    // A refusal is spoken: somebody walks the aisles without seeing the screen.
    s.scan("NOBODY-KNOWS-THIS");
    let title = s.said();
    assert_eq!(spoken(&mut s).first().copied(), Some(title));
}
