//! Tells a scanner's burst from typing by hand, by time alone: a pure state machine with the time passed in. It
//! never drops a character silently: every event handed to it comes back, released to the widgets or swallowed
//! into a read.
//!
//! A burst is a scan when its characters come at 30 ms or less in the mean, no gap exceeds 50 ms, it is long
//! enough, and it ends with Enter or Tab or with 100 ms of silence. Characters that arrive in one frame carry
//! one time and so count as fast. All limits are settings.

/// ASCII group separator, which GS1 codes hold and some scanners type as Alt+029.
pub const GS: char = '\u{1D}';

/// The limits. `Default` gives those that fit common scanners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Most milliseconds per character, in the mean over a burst.
    pub mean_ms_max: u64,
    /// Most milliseconds between two characters of a burst; also how long typing is held back.
    pub gap_ms_max: u64,
    /// Fewest characters of a scan that ends with Enter or Tab; at least 2.
    pub length_min: usize,
    /// Fewest characters of a scan that ends with silence.
    pub length_min_silent: usize,
    /// Most bytes of a scan; a longer one is reported and not read.
    pub length_max: usize,
    /// Silence that ends a scan without Enter, ms; `None` asks for Enter or Tab always.
    pub silence_ms: Option<u64>,
    /// Characters the scanner is set to send first; removed from the scan, and a burst without them is typing.
    pub prefix: String,
    /// Characters the scanner is set to send last; removed from the scan.
    pub suffix: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            mean_ms_max: 30,
            gap_ms_max: 50,
            length_min: 4,
            length_min_silent: 6,
            length_max: 512,
            silence_ms: Some(100),
            prefix: String::new(),
            suffix: String::new(),
        }
    }
}

/// What an event means to the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A character.
    Char(char),
    /// A digit typed while Alt is held: part of a code such as Alt+029.
    AltDigit(u8),
    /// Alt was let go.
    AltEnd,
    /// Enter or Tab.
    End,
    /// Belongs to a character without being one: the key press before it, the release after it.
    Quiet,
    /// A key no scanner sends: what is held is typing.
    Other,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// A scan, without prefix, suffix and terminator.
    Scan(String),
    /// A burst beyond the length limit, reported once; the rest of it is swallowed.
    TooLong,
    /// A burst that follows other characters too closely to be whole: half a code is never taken for a code.
    Broken,
}

/// What becomes of the events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output<T> {
    /// Typing: the widgets get it.
    Release(T),
    /// Part of a scan: nobody gets it.
    Swallow(T),
    /// A read, after the events that made it.
    Read(Read),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Nothing held.
    Idle,
    /// Holding a burst that may still be either.
    Holding,
    /// Past the length limit: swallowing the rest.
    Flooded,
}

/// The state machine. `T` is the event it holds back.
#[derive(Debug)]
pub struct Filter<T> {
    config: Config,
    mode: Mode,
    held: Vec<T>,
    text: String,
    count: u64,
    alt: Option<u32>,
    first_ms: u64,
    last_ms: u64,
    lost_ms: u64,
    stalled: bool,
    frame_ms: u64,
    typed_ms: Option<u64>,
    ended_ms: Option<u64>,
    broken: bool,
}

impl<T> Filter<T> {
    /// A filter with these limits.
    #[must_use]
    pub fn new(config: Config) -> Self {
        Self {
            config,
            mode: Mode::Idle,
            held: Vec::new(),
            text: String::new(),
            count: 0,
            alt: None,
            first_ms: 0,
            last_ms: 0,
            lost_ms: 0,
            stalled: false,
            frame_ms: 0,
            typed_ms: None,
            ended_ms: None,
            broken: false,
        }
    }

    /// Begins a frame. `typed` says whether the frame brings characters: only then can a late frame mean that the
    /// window was busy and the characters older than they look. It was busy if it did not look when the gap was over,
    /// though it was asked to. A slow typist is still told by the mean: such a gap counts as one whole gap.
    pub fn frame(&mut self, now_ms: u64, typed: bool, out: &mut Vec<Output<T>>) {
        let quiet_ms = now_ms.saturating_sub(self.last_ms);
        let unwatched = self.frame_ms <= self.last_ms.saturating_add(self.config.gap_ms_max);
        self.stalled = typed && self.mode == Mode::Holding && unwatched && quiet_ms > self.config.gap_ms_max;
        self.frame_ms = now_ms;
        if !self.stalled {
            self.expire(now_ms, out);
        }
    }

    /// When [`Self::frame`] must be called again at the latest, ms; `None` while nothing is held.
    #[must_use]
    pub fn due_ms(&self) -> Option<u64> {
        let wait_ms = match self.mode {
            Mode::Idle => return None,
            Mode::Holding => self.patience_ms(),
            Mode::Flooded => self.config.gap_ms_max,
        };
        Some(self.last_ms.saturating_add(wait_ms).saturating_add(1))
    }

    /// Takes one event.
    pub fn push(&mut self, now_ms: u64, what: What, event: T, out: &mut Vec<Output<T>>) {
        if !self.stalled {
            self.expire(now_ms, out);
        }
        if self.mode == Mode::Flooded {
            self.flooded(now_ms, what, event, out);
            return;
        }
        match what {
            What::Char(c) => self.character(now_ms, c, event, out),
            What::AltDigit(digit) => {
                let so_far = self.alt.unwrap_or(0);
                self.alt = Some(so_far.saturating_mul(10).saturating_add(u32::from(digit)));
                self.hold(now_ms, event, out);
            }
            What::AltEnd => match self.alt.take().and_then(char::from_u32) {
                Some(c) if c != '\0' => self.character(now_ms, c, event, out),
                Some(_) | None => self.quiet(now_ms, event, out),
            },
            What::End => self.end(now_ms, event, out),
            What::Quiet => self.quiet(now_ms, event, out),
            What::Other => {
                self.release(out);
                out.push(Output::Release(event));
            }
        }
    }

    fn quiet(&mut self, now_ms: u64, event: T, out: &mut Vec<Output<T>>) {
        if self.mode == Mode::Idle {
            // A key press may be the first of a burst.
            self.start(now_ms);
        }
        self.held.push(event);
        self.guard(out);
    }

    fn hold(&mut self, now_ms: u64, event: T, out: &mut Vec<Output<T>>) {
        if self.mode == Mode::Idle {
            self.start(now_ms);
        }
        self.last_ms = now_ms;
        self.held.push(event);
        self.guard(out);
    }

    fn start(&mut self, now_ms: u64) {
        self.mode = Mode::Holding;
        self.first_ms = now_ms;
        self.last_ms = now_ms;
        self.lost_ms = 0;
        let quiet_ms = self.config.silence_ms.unwrap_or(self.config.gap_ms_max * 2);
        self.broken = self.typed_ms.is_some_and(|typed| now_ms.saturating_sub(typed) <= quiet_ms);
    }

    fn character(&mut self, now_ms: u64, c: char, event: T, out: &mut Vec<Output<T>>) {
        if self.mode == Mode::Idle {
            self.start(now_ms);
        }
        if self.count == 0 {
            self.first_ms = now_ms;
        } else if self.stalled {
            // The window was stuck: count one full gap instead of the time it was stuck.
            let gap_ms = now_ms.saturating_sub(self.last_ms);
            self.lost_ms += gap_ms.saturating_sub(self.config.gap_ms_max);
            self.stalled = false;
        }
        self.last_ms = now_ms;
        self.count += 1;
        self.text.push(c);
        self.held.push(event);
        if self.count >= self.length_min() && !self.is_fast() {
            self.release(out);
        } else if self.text.len() > self.config.length_max {
            self.swallow(out);
            out.push(Output::Read(Read::TooLong));
            self.mode = Mode::Flooded;
        }
    }

    fn end(&mut self, now_ms: u64, event: T, out: &mut Vec<Output<T>>) {
        if self.is_scan(self.length_min()) {
            let read = self.read();
            self.swallow(out);
            out.push(Output::Swallow(event));
            out.push(Output::Read(read));
            self.ended_ms = Some(now_ms);
            return;
        }
        let echo = self.ended_ms.take();
        let echoed = echo.is_some_and(|ended| now_ms.saturating_sub(ended) <= self.config.gap_ms_max);
        if echoed && self.count == 0 {
            // Some scanners end with CR and LF: the second is no key of anyone's.
            self.release(out);
            out.push(Output::Swallow(event));
            return;
        }
        self.release(out);
        out.push(Output::Release(event));
    }

    fn flooded(&mut self, now_ms: u64, what: What, event: T, out: &mut Vec<Output<T>>) {
        match what {
            What::Char(_) | What::AltDigit(_) | What::AltEnd => {
                self.last_ms = now_ms;
                out.push(Output::Swallow(event));
            }
            What::Quiet => out.push(Output::Swallow(event)),
            What::End => {
                self.mode = Mode::Idle;
                self.ended_ms = Some(now_ms);
                out.push(Output::Swallow(event));
            }
            What::Other => {
                self.mode = Mode::Idle;
                out.push(Output::Release(event));
            }
        }
    }

    /// Ends what time has ended.
    fn expire(&mut self, now_ms: u64, out: &mut Vec<Output<T>>) {
        let quiet_ms = now_ms.saturating_sub(self.last_ms);
        match self.mode {
            Mode::Idle => {}
            Mode::Holding if quiet_ms <= self.patience_ms() => {}
            Mode::Holding if self.may_end_silent() => {
                let read = self.read();
                self.swallow(out);
                out.push(Output::Read(read));
                self.ended_ms = Some(now_ms);
            }
            Mode::Holding => self.release(out),
            Mode::Flooded if quiet_ms <= self.config.gap_ms_max => {}
            Mode::Flooded => self.mode = Mode::Idle,
        }
    }

    fn patience_ms(&self) -> u64 {
        match self.config.silence_ms {
            Some(silence_ms) if self.may_end_silent() => silence_ms.max(self.config.gap_ms_max),
            Some(_) | None => self.config.gap_ms_max,
        }
    }

    fn may_end_silent(&self) -> bool {
        self.config.silence_ms.is_some() && self.is_scan(self.length_min_silent())
    }

    fn length_min(&self) -> u64 {
        u64::try_from(self.config.length_min.max(2)).unwrap_or(u64::MAX)
    }

    fn length_min_silent(&self) -> u64 {
        let silent = u64::try_from(self.config.length_min_silent).unwrap_or(u64::MAX);
        silent.max(self.length_min())
    }

    fn is_fast(&self) -> bool {
        let took_ms = self.last_ms.saturating_sub(self.first_ms).saturating_sub(self.lost_ms);
        took_ms <= self.config.mean_ms_max.saturating_mul(self.count.saturating_sub(1))
    }

    fn is_scan(&self, length_min: u64) -> bool {
        self.mode == Mode::Holding
            && self.count >= length_min
            && self.is_fast()
            && self.text.starts_with(&self.config.prefix)
            && self.text.len() > self.config.prefix.len() + self.config.suffix.len()
    }

    fn read(&self) -> Read {
        if self.broken {
            return Read::Broken;
        }
        let text = self.text.strip_prefix(&self.config.prefix).unwrap_or(&self.text);
        let text = text.strip_suffix(&self.config.suffix).unwrap_or(text);
        Read::Scan(text.to_owned())
    }

    /// Key events without characters cannot grow the hold without bound.
    fn guard(&mut self, out: &mut Vec<Output<T>>) {
        if self.held.len() > self.config.length_max.saturating_mul(4) {
            self.release(out);
        }
    }

    fn release(&mut self, out: &mut Vec<Output<T>>) {
        if self.count > 0 {
            self.typed_ms = Some(self.last_ms);
        }
        out.extend(self.held.drain(..).map(Output::Release));
        self.clear();
    }

    fn swallow(&mut self, out: &mut Vec<Output<T>>) {
        out.extend(self.held.drain(..).map(Output::Swallow));
        self.typed_ms = None;
        self.clear();
    }

    fn clear(&mut self) {
        self.mode = Mode::Idle;
        self.text.clear();
        self.count = 0;
        self.alt = None;
        self.stalled = false;
    }
}
