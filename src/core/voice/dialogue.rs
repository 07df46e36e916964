//! The conversation: what to do about something heard, as a pure machine. Whatever matters is read back and done only when it is
//! confirmed in time and at the same place. Must never carry out a command that matters on one hearing.

use super::words::{Spoken, Word};

/// How long a read-back waits for its answer, ms.
pub const READ_BACK_MS: u64 = 6_000;

/// Where the packer is when something is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Here<P> {
    /// The place in the work: a read-back counts only where it was asked.
    pub place: P,
    /// Nobody holds a key: the microphone hears whatever is said around it.
    pub open: bool,
    /// Going on confirms something here (a parcel, what was unpacked), rather than only moving on.
    pub confirms: bool,
}

/// What reaches the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input<P> {
    /// Something was understood.
    Heard(Spoken, Here<P>),
    /// Somebody spoke, and nothing was understood.
    NotUnderstood,
    /// A key, a scan or anything else happened: what was asked is no longer meant.
    Elsewhere,
    /// Time passes.
    Tick,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Carry it out.
    Do(Spoken),
    /// Say what was understood and wait for "confirm" or "no".
    ReadBack(Spoken),
    /// Say once more what the step asks.
    SayAgain,
    /// It was refused: nothing is done.
    Dropped(Spoken),
    /// Nobody answered in time: nothing is done.
    TimedOut(Spoken),
    /// The work went on since it was asked: nothing is done.
    Moved(Spoken),
    /// "Confirm" or "no", and nothing was asked.
    NothingAsked,
    /// Say that nothing was understood.
    NotUnderstood,
    /// Nothing at all.
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked<P> {
    spoken: Spoken,
    place: P,
    until_ms: u64,
}

/// The conversation so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogue<P> {
    asked: Option<Asked<P>>,
}

impl<P> Default for Dialogue<P> {
    fn default() -> Self {
        Self { asked: None }
    }
}

impl<P: PartialEq> Dialogue<P> {
    /// What was read back and waits for its answer.
    #[must_use]
    pub fn asked(&self) -> Option<Spoken> {
        self.asked.as_ref().map(|asked| asked.spoken)
    }

    /// When the read-back ends by itself.
    #[must_use]
    pub fn until_ms(&self) -> Option<u64> {
        self.asked.as_ref().map(|asked| asked.until_ms)
    }

    /// Takes an input at `now_ms` of a clock that only goes forward.
    pub fn decide(&mut self, input: Input<P>, now_ms: u64) -> Answer {
        let late = self.asked.as_ref().is_some_and(|asked| now_ms >= asked.until_ms);
        let expired = if late { self.asked.take().map(|asked| asked.spoken) } else { None };
        match (input, expired) {
            (Input::Elsewhere, _) => {
                self.asked = None;
                Answer::Nothing
            }
            (Input::Tick, Some(spoken)) => Answer::TimedOut(spoken),
            (Input::Tick, None) => Answer::Nothing,
            (Input::NotUnderstood, _) => Answer::NotUnderstood,
            // An answer that comes too late is told so; it never answers anything else.
            (Input::Heard(Spoken::Word(Word::Confirm | Word::No), _), Some(spoken)) => Answer::TimedOut(spoken),
            (Input::Heard(spoken, here), _) => self.heard(spoken, here, now_ms),
        }
    }

    fn heard(&mut self, spoken: Spoken, here: Here<P>, now_ms: u64) -> Answer {
        let Some(asked) = self.asked.take() else { return self.fresh(spoken, here, now_ms) };
        if asked.place != here.place {
            return match spoken {
                Spoken::Word(Word::Confirm | Word::No) => Answer::Moved(asked.spoken),
                Spoken::Word(_) | Spoken::Digits(_) => self.fresh(spoken, here, now_ms),
            };
        }
        match spoken {
            Spoken::Word(Word::Confirm) => Answer::Do(asked.spoken),
            Spoken::Word(Word::No) => Answer::Dropped(asked.spoken),
            Spoken::Word(Word::Repeat) => self.ask(asked.spoken, here, now_ms),
            Spoken::Word(Word::Next | Word::Skip | Word::Short | Word::Damaged | Word::Print) | Spoken::Digits(_) => {
                self.fresh(spoken, here, now_ms)
            }
        }
    }

    /// Nothing waits for an answer.
    fn fresh(&mut self, spoken: Spoken, here: Here<P>, now_ms: u64) -> Answer {
        let read_back = match spoken {
            Spoken::Word(Word::Repeat) => return Answer::SayAgain,
            Spoken::Word(Word::No) => return Answer::NothingAsked,
            Spoken::Word(Word::Confirm) if !here.confirms => return Answer::NothingAsked,
            Spoken::Word(Word::Confirm | Word::Skip | Word::Short | Word::Damaged | Word::Print) => true,
            Spoken::Word(Word::Next) => here.confirms || here.open,
            // The digits are compared with the shelf's: they are their own proof, unless anybody's talk may be meant.
            Spoken::Digits(_) => here.open,
        };
        if read_back { self.ask(spoken, here, now_ms) } else { Answer::Do(spoken) }
    }

    fn ask(&mut self, spoken: Spoken, here: Here<P>, now_ms: u64) -> Answer {
        self.asked = Some(Asked { spoken, place: here.place, until_ms: now_ms.saturating_add(READ_BACK_MS) });
        Answer::ReadBack(spoken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(place: u8, open: bool, confirms: bool) -> Here<u8> {
        Here { place, open, confirms }
    }

    fn all_spoken() -> Vec<Spoken> {
        Word::ALL.into_iter().map(Spoken::Word).chain([Spoken::Digits([4, 6]), Spoken::Digits([0, 0])]).collect()
    }

    /// Said once, at a key that is held: only what moves on and proves itself is done.
    #[test]
    fn one_hearing_does_only_what_does_not_matter() {
        for open in [false, true] {
            for confirms in [false, true] {
                for spoken in all_spoken() {
                    let answer = Dialogue::default().decide(Input::Heard(spoken, here(1, open, confirms)), 0);
                    let expected = match spoken {
                        Spoken::Word(Word::Repeat) => Answer::SayAgain,
                        Spoken::Word(Word::No) => Answer::NothingAsked,
                        Spoken::Word(Word::Confirm) if !confirms => Answer::NothingAsked,
                        Spoken::Word(Word::Next) if !open && !confirms => Answer::Do(spoken),
                        Spoken::Digits(_) if !open => Answer::Do(spoken),
                        _ => Answer::ReadBack(spoken),
                    };
                    assert_eq!(answer, expected, "{spoken:?} open {open} confirms {confirms}");
                }
            }
        }
    }

    /// Every pair of things that can be said, at every place and time: a command that matters is done by "confirm" alone, after
    /// it was read back, in time and at the same place.
    #[test]
    fn every_pair_of_sayings() {
        for (open, confirms) in [(false, false), (false, true), (true, false), (true, true)] {
            for first in all_spoken() {
                for second in all_spoken() {
                    for (place, wait_ms) in
                        [(1, 0), (1, READ_BACK_MS - 1), (1, READ_BACK_MS), (2, 10), (2, READ_BACK_MS)]
                    {
                        let mut talk = Dialogue::default();
                        let asked =
                            talk.decide(Input::Heard(first, here(1, open, confirms)), 100) == Answer::ReadBack(first);
                        let alone = Dialogue::default()
                            .decide(Input::Heard(second, here(place, open, confirms)), 100 + wait_ms);
                        let got = talk.decide(Input::Heard(second, here(place, open, confirms)), 100 + wait_ms);
                        let answers = matches!(second, Spoken::Word(Word::Confirm | Word::No));
                        let late = wait_ms >= READ_BACK_MS;
                        let expected = match second {
                            _ if !asked => alone,
                            _ if answers && late => Answer::TimedOut(first),
                            _ if answers && place != 1 => Answer::Moved(first),
                            Spoken::Word(Word::Confirm) => Answer::Do(first),
                            Spoken::Word(Word::No) => Answer::Dropped(first),
                            Spoken::Word(Word::Repeat) if place == 1 && !late => Answer::ReadBack(first),
                            _ => alone,
                        };
                        assert_eq!(got, expected, "{first:?} then {second:?}, place {place}, {wait_ms} ms");
                    }
                }
            }
        }
    }

    #[test]
    fn silence_drops_what_was_asked_and_says_so_once() {
        let mut talk = Dialogue::default();
        let short = Spoken::Word(Word::Short);
        assert_eq!(talk.decide(Input::Heard(short, here(1, false, false)), 0), Answer::ReadBack(short));
        assert_eq!(talk.until_ms(), Some(READ_BACK_MS));
        assert_eq!(talk.decide(Input::Tick, READ_BACK_MS - 1), Answer::Nothing);
        assert_eq!(talk.decide(Input::Tick, READ_BACK_MS), Answer::TimedOut(short));
        assert_eq!(talk.decide(Input::Tick, READ_BACK_MS + 1), Answer::Nothing);
        assert_eq!(talk.asked(), None);
    }

    #[test]
    fn a_mumble_is_said_so_and_the_question_stays() {
        let mut talk = Dialogue::default();
        let print = Spoken::Word(Word::Print);
        let at = || here(1, false, false);
        assert_eq!(talk.decide(Input::NotUnderstood, 0), Answer::NotUnderstood);
        talk.decide(Input::Heard(print, at()), 0);
        assert_eq!(talk.decide(Input::NotUnderstood, 500), Answer::NotUnderstood);
        assert_eq!(talk.asked(), Some(print));
        assert_eq!(talk.decide(Input::Heard(Spoken::Word(Word::Confirm), at()), 900), Answer::Do(print));
        let twice = talk.decide(Input::Heard(Spoken::Word(Word::Confirm), at()), 950);
        assert_eq!(twice, Answer::NothingAsked, "one confirmation does it once");
    }

    #[test]
    fn a_key_or_a_scan_takes_the_question_away() {
        let mut talk = Dialogue::default();
        let skip = Spoken::Word(Word::Skip);
        talk.decide(Input::Heard(skip, here(1, false, false)), 0);
        assert_eq!(talk.decide(Input::Elsewhere, 10), Answer::Nothing);
        let yes = talk.decide(Input::Heard(Spoken::Word(Word::Confirm), here(1, false, false)), 20);
        assert_eq!(yes, Answer::NothingAsked);
    }

    #[test]
    fn asking_again_reads_it_back_again_and_starts_the_time_anew() {
        let mut talk = Dialogue::default();
        let damaged = Spoken::Word(Word::Damaged);
        let at = || here(1, true, false);
        talk.decide(Input::Heard(damaged, at()), 0);
        assert_eq!(talk.decide(Input::Heard(Spoken::Word(Word::Repeat), at()), 5_000), Answer::ReadBack(damaged));
        assert_eq!(talk.until_ms(), Some(5_000 + READ_BACK_MS));
        let other = Spoken::Word(Word::Short);
        assert_eq!(talk.decide(Input::Heard(other, at()), 6_000), Answer::ReadBack(other), "the newest is meant");
        assert_eq!(talk.decide(Input::Heard(Spoken::Word(Word::Confirm), at()), 6_500), Answer::Do(other));
    }
}
