//! Text of `^A` as lines: one as it is (`^FP` may set it apart or one letter under the other), or a block that breaks it (`^FB`,
//! `^TB`). What a printer spoils is spoiled here too: lines beyond the last are printed over it.

use super::canvas::{Bitmap, Ink};
use super::fields::{Cell, Drawn};
use super::letters::{CHARS_MAX, Lettering};

/// Most lines of a text block.
const LINES_MAX: i32 = 200;
/// `\&` of a block: a new line.
pub(super) const BREAK: char = '\n';
/// `\-` of a block: where a word may be broken, with a hyphen then.
pub(super) const SOFT_HYPHEN: char = '\u{1f}';

/// What happens to lines that have no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// `^FB`: they are printed over the last.
    Overprinted,
    /// `^TB`: they are left out.
    LeftOut,
}

/// `^FB` and `^TB`: a block of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub width: i32,
    /// Most dots high, which then gives the lines.
    pub height: Option<i32>,
    /// Most lines.
    pub lines: i32,
    pub spacing: i32,
    pub align: u8,
    /// Of the second line and those after it.
    pub indent: i32,
    pub beyond: Beyond,
}

/// `^FP`: how letters follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    /// With so many dots more between them.
    Across(i32),
    /// One under the other.
    Down,
}

/// The bytes of a block's data with its escapes resolved, before they are read as letters: `\` is another sign in most sets.
pub(super) fn unescaped(data: &[u8], beyond: Beyond) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len());
    let mut bytes = data.iter().copied().filter(|b| !matches!(char::from(*b), BREAK | SOFT_HYPHEN)).peekable();
    while let Some(byte) = bytes.next() {
        let escaped = match (beyond, byte, bytes.peek()) {
            (Beyond::Overprinted, b'\\', Some(b'&')) => Some(BREAK as u8),
            (Beyond::Overprinted, b'\\', Some(b'-')) => Some(SOFT_HYPHEN as u8),
            (Beyond::Overprinted, b'\\', Some(b'\\')) => Some(b'\\'),
            _ => None,
        };
        if escaped.is_some() {
            bytes.next();
        }
        out.push(escaped.unwrap_or(byte));
    }
    out
}

/// A text without a block.
pub(super) fn single(lettering: Lettering, text: &str, run: Run) -> Drawn {
    let text: String = text.chars().take(CHARS_MAX).collect();
    let (height, baseline) = (lettering.line_height(), lettering.baseline());
    match run {
        Run::Across(0) => {
            let width = lettering.width_of(&text).min(20_000);
            let (mut bitmap, top) = sheet(lettering, width + 2, height);
            lettering.draw(&mut bitmap, &text, 0, top + baseline);
            finished(bitmap, Cell { x: 0, y: top, w: width, h: height }, baseline)
        }
        Run::Across(gap) => {
            let letters: Vec<(String, i32)> = letters(lettering, &text);
            let width = letters.iter().fold(0_i32, |sum, l| sum.saturating_add(l.1).saturating_add(gap));
            let width = width.saturating_sub(gap).clamp(0, 20_000);
            let (mut bitmap, top) = sheet(lettering, width + 2, height);
            let mut x = 0_i32;
            for (letter, advance) in &letters {
                lettering.draw(&mut bitmap, letter, x, top + baseline);
                x = x.saturating_add(*advance).saturating_add(gap);
            }
            finished(bitmap, Cell { x: 0, y: top, w: width, h: height }, baseline)
        }
        Run::Down => {
            let letters: Vec<(String, i32)> = letters(lettering, &text);
            let width = letters.iter().map(|l| l.1).max().unwrap_or(0);
            let whole = height.saturating_mul(letters.len() as i32).min(20_000);
            let (mut bitmap, top) = sheet(lettering, width + 2, whole);
            for (n, (letter, _)) in (0..).zip(&letters) {
                lettering.draw(&mut bitmap, letter, 0, height.saturating_mul(n).saturating_add(top + baseline));
            }
            finished(bitmap, Cell { x: 0, y: top, w: width, h: whole }, baseline)
        }
    }
}

fn letters(lettering: Lettering, text: &str) -> Vec<(String, i32)> {
    text.chars().map(String::from).map(|letter| (letter.clone(), lettering.width_of(&letter))).collect()
}

/// White dots for lines, with the room over and under them that accents and descenders need; and how much is over them.
fn sheet(lettering: Lettering, width: i32, height: i32) -> (Bitmap, i32) {
    let room = lettering.line_height() / 3;
    (Bitmap::new(width, height.saturating_add(2 * room)), room)
}

fn finished(bitmap: Bitmap, cell: Cell, baseline: i32) -> Drawn {
    Drawn { bitmap, cell, baseline, ink: Ink::Black }
}

/// A text in a block.
pub(super) fn block(lettering: Lettering, text: &str, block: Block) -> Drawn {
    let pitch = lettering.line_height().saturating_add(block.spacing).max(1);
    let most = block.height.map_or(block.lines, |height| height / pitch).clamp(1, LINES_MAX);
    let mut lines = broken(lettering, text, block);
    if block.beyond == Beyond::LeftOut {
        lines.truncate(most as usize);
    }
    let used = (lines.len() as i32).clamp(1, most);
    let height = pitch.saturating_mul(used - 1).saturating_add(lettering.line_height()).min(20_000);
    let (mut bitmap, top) = sheet(lettering, block.width, height);
    for (i, line) in (0..).zip(&lines) {
        let baseline = pitch.saturating_mul(i.min(most - 1)).saturating_add(top + lettering.baseline());
        line.draw(lettering, &mut bitmap, block, i, baseline);
    }
    // Turned blocks stand at the end of the room of all their lines, and `^FT` is the baseline of the last they may have.
    let last = pitch.saturating_mul(most - 1);
    let cell = Cell { x: 0, y: top, w: block.width, h: last.saturating_add(lettering.line_height()) };
    finished(bitmap, cell, last.saturating_add(lettering.baseline()))
}

/// Words with the spaces before each.
#[derive(Debug, Default)]
struct Line {
    words: Vec<(usize, String)>,
    /// 64ths of a dot, without justifying.
    width: i32,
    /// A new line was asked for, or nothing follows.
    ends: bool,
}

impl Line {
    fn text(&self) -> String {
        self.words.iter().flat_map(|(gap, word)| [" ".repeat(*gap), word.clone()]).collect()
    }

    fn draw(&self, lettering: Lettering, bitmap: &mut Bitmap, block: Block, number: i32, baseline: i32) {
        let indent = if number == 0 { 0 } else { block.indent };
        let room = block.width - indent;
        let width = self.width.saturating_add(63) / 64;
        let (lettering, width) = (lettering.squeezed(width, room), width.min(room.max(1)));
        let spare = room - width;
        let gaps = self.words.len() as i32 - 1;
        if block.align == b'J' && !self.ends && gaps > 0 && spare > 0 {
            let mut x = indent;
            let space = lettering.width_of(" ");
            for (n, (gap, word)) in (0..).zip(&self.words) {
                x = x.saturating_add(space.saturating_mul(*gap as i32));
                lettering.draw(bitmap, word, x + spare.saturating_mul(n) / gaps, baseline);
                x = x.saturating_add(lettering.width_of(word));
            }
            return;
        }
        let shift = match block.align {
            b'C' => spare / 2,
            b'R' => spare,
            _ => 0,
        };
        lettering.draw(bitmap, &self.text(), indent + shift, baseline);
    }
}

/// Lines of a block: words wrap, those longer than a line are broken with a hyphen, spaces at a line's beginning and end are
/// left out.
fn broken(lettering: Lettering, text: &str, block: Block) -> Vec<Line> {
    let text: String = text.chars().take(CHARS_MAX).collect();
    let mut breaker = Breaker {
        lettering,
        block,
        space: lettering.width_in_64ths(" "),
        hyphen: lettering.width_in_64ths("-"),
        lines: Vec::new(),
        line: Line::default(),
    };
    for part in text.split(BREAK) {
        let mut gap = 0;
        for word in part.split(' ') {
            if word.is_empty() {
                gap += 1;
            } else {
                breaker.word(if breaker.line.words.is_empty() { 0 } else { gap }, word);
                gap = 1;
            }
        }
        breaker.end_line(true);
    }
    // A break at the end of the data ends its last line and begins none.
    if breaker.lines.len() > 1 && breaker.lines.last().is_some_and(|line| line.words.is_empty()) {
        breaker.lines.pop();
    }
    breaker.lines
}

struct Breaker {
    lettering: Lettering,
    block: Block,
    space: i32,
    hyphen: i32,
    lines: Vec<Line>,
    line: Line,
}

impl Breaker {
    fn end_line(&mut self, ends: bool) {
        let line = std::mem::take(&mut self.line);
        self.lines.push(Line { ends, ..line });
    }

    /// 64ths of a dot that the line has left.
    fn left(&self) -> i32 {
        let indent = if self.lines.is_empty() { 0 } else { self.block.indent };
        let room = self.block.width - indent;
        let room = room.saturating_mul(64);
        room + room / 100 * self.lettering.tolerance_percent() - self.line.width
    }

    fn push(&mut self, gap: usize, word: String, width: i32) {
        let spaces = self.space.saturating_mul(gap as i32);
        self.line.width = self.line.width.saturating_add(width).saturating_add(spaces);
        self.line.words.push((gap, word));
    }

    fn word(&mut self, mut gap: usize, word: &str) {
        let mut rest = word;
        loop {
            let left = self.left() - self.space.saturating_mul(gap as i32);
            let first = self.line.words.is_empty();
            match self.fitting(rest, left) {
                Fitting::Whole(word, width) if first || width <= left => return self.push(gap, word, width),
                Fitting::Part { head, width, tail } => {
                    self.push(gap, head, width);
                    rest = tail;
                }
                Fitting::Whole(..) | Fitting::Nothing => {}
            }
            self.end_line(false);
            gap = 0;
        }
    }

    /// What of a word fits into so many 64ths of a dot: all of it, or up to its last soft hyphen, or, where the line has nothing else yet,
    /// as many letters as go with a hyphen, and one at least. Only as many letters are looked at as fit.
    fn fitting<'a>(&self, word: &'a str, left: i32) -> Fitting<'a> {
        let (mut head, mut width) = (String::new(), 0_i32);
        let (mut soft, mut hard) = (None, None);
        for (at, letter) in word.char_indices() {
            let end = (head.len(), width.saturating_add(self.hyphen));
            if letter == SOFT_HYPHEN {
                if end.0 > 0 && end.1 <= left {
                    soft = Some((end, at + SOFT_HYPHEN.len_utf8()));
                }
                continue;
            }
            if end.0 > 0 && (end.1 <= left || hard.is_none()) {
                hard = Some((end, at));
            }
            let wider = width.saturating_add(self.lettering.width_in_64ths(letter.encode_utf8(&mut [0; 4])));
            if wider > left && end.0 > 0 {
                let hard = hard.filter(|_| self.line.words.is_empty());
                return soft.or(hard).map_or(Fitting::Nothing, |((length, width), tail)| {
                    head.truncate(length);
                    Fitting::Part { head: format!("{head}-"), width, tail: &word[tail..] }
                });
            }
            width = wider;
            head.push(letter);
        }
        Fitting::Whole(head, width)
    }
}

/// What of a word fits into a line.
enum Fitting<'a> {
    /// All of it, so wide.
    Whole(String, i32),
    /// This, with its hyphen, and what is left.
    Part {
        head: String,
        width: i32,
        tail: &'a str,
    },
    Nothing,
}
