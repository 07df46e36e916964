//! Black and white dots: small bitmaps of fields, turned as the printer turns them, and the label they are put on.

use super::{INK_DOTS_MAX, PreviewError};

/// Which way a field runs: `N`, `R` (90° clockwise), `I` (upside down), `B` (270°).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Normal,
    Right,
    Inverted,
    Bottom,
}

impl Turn {
    pub(super) fn of(text: &str) -> Option<Self> {
        match text.bytes().next()?.to_ascii_uppercase() {
            b'N' => Some(Turn::Normal),
            b'R' => Some(Turn::Right),
            b'I' => Some(Turn::Inverted),
            b'B' => Some(Turn::Bottom),
            _ => None,
        }
    }
}

/// How dots meet those that are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Black,
    White,
    /// `^FR`: black on white, white on black.
    Reverse,
}

/// A field's own dots.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Bitmap {
    pub w: i32,
    pub h: i32,
    pub dots: Vec<bool>,
}

impl Bitmap {
    /// White; nothing at all where it would be larger than any label.
    pub(super) fn new(w: i32, h: i32) -> Self {
        let fits = w > 0 && h > 0 && i64::from(w) * i64::from(h) <= 4 * 72_000_000;
        let (w, h) = if fits { (w, h) } else { (0, 0) };
        Self { w, h, dots: vec![false; w as usize * h as usize] }
    }

    pub(super) fn set(&mut self, x: i32, y: i32) {
        if (0..self.w).contains(&x)
            && (0..self.h).contains(&y)
            && let Some(dot) = self.dots.get_mut(y as usize * self.w as usize + x as usize)
        {
            *dot = true;
        }
    }

    /// Sets a rectangle, clipped.
    pub(super) fn block(&mut self, x: i32, y: i32, w: i32, h: i32) {
        for row in y.max(0)..y.saturating_add(h).min(self.h) {
            for column in x.max(0)..x.saturating_add(w).min(self.w) {
                self.set(column, row);
            }
        }
    }

    fn get(&self, x: i32, y: i32) -> bool {
        let inside = (0..self.w).contains(&x) && (0..self.h).contains(&y);
        inside && self.dots.get(y as usize * self.w as usize + x as usize).copied().unwrap_or(false)
    }

    /// Every dot `x` by `y` times as large.
    pub(super) fn enlarged(&self, x: i32, y: i32) -> Self {
        if x <= 1 && y <= 1 {
            return self.clone();
        }
        let (x, y) = (x.clamp(1, 10), y.clamp(1, 10));
        let mut out = Bitmap::new(self.w.saturating_mul(x), self.h.saturating_mul(y));
        for row in 0..out.h {
            for column in 0..out.w {
                if self.get(column / x, row / y) {
                    out.set(column, row);
                }
            }
        }
        out
    }

    pub(super) fn turned(self, turn: Turn) -> Self {
        let (w, h) = match turn {
            Turn::Normal => return self,
            Turn::Inverted => (self.w, self.h),
            Turn::Right | Turn::Bottom => (self.h, self.w),
        };
        let mut out = Bitmap::new(w, h);
        for y in 0..self.h {
            for x in 0..self.w {
                if self.get(x, y) {
                    match turn {
                        Turn::Normal => {}
                        Turn::Right => out.set(self.h - 1 - y, x),
                        Turn::Inverted => out.set(self.w - 1 - x, self.h - 1 - y),
                        Turn::Bottom => out.set(y, self.w - 1 - x),
                    }
                }
            }
        }
        out
    }
}

/// How large a label is, and how large it may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub w: i32,
    pub h: i32,
    pub most_w: i32,
    pub most_h: i32,
}

/// The label.
#[derive(Debug)]
pub(super) struct Canvas {
    size: Size,
    /// Dots that there is room for: more than the size while it grows.
    room: (i32, i32),
    /// Brightness of every dot, as pictures have it.
    grey: Vec<u8>,
    inked: u64,
    /// Something was beyond its edges.
    pub cut: bool,
}

fn area(w: i32, h: i32) -> usize {
    w.max(0) as usize * h.max(0) as usize
}

impl Canvas {
    pub(super) fn new(size: Size) -> Self {
        Self { size, room: (size.w, size.h), grey: vec![255; area(size.w, size.h)], inked: 0, cut: false }
    }

    pub(super) fn size(&self) -> (i32, i32) {
        (self.size.w, self.size.h)
    }

    /// The brightness of all dots, as `^PM` and `^PO` turn them.
    pub(super) fn into_grey(mut self, mirrored: bool, upside_down: bool) -> Vec<u8> {
        self.become_room(self.size.w, self.size.h);
        if mirrored {
            self.grey.chunks_mut(self.size.w.max(1) as usize).for_each(<[u8]>::reverse);
        }
        if upside_down {
            self.grey.reverse();
        }
        self.grey
    }

    fn become_room(&mut self, w: i32, h: i32) {
        if self.room == (w, h) {
            return;
        }
        let mut grey = vec![255; area(w, h)];
        let (from, to) = (self.room.0.max(1) as usize, w.max(1) as usize);
        for (to, from) in grey.chunks_mut(to).zip(self.grey.chunks(from)) {
            let common = to.len().min(from.len());
            to[..common].copy_from_slice(&from[..common]);
        }
        (self.grey, self.room) = (grey, (w, h));
    }

    /// Grows as far as it may, so that a dot at `x`, `y` is on it; room is made for more at once.
    fn reach(&mut self, x: i32, y: i32) {
        let size = self.size;
        let (w, h) = (x.saturating_add(1).clamp(size.w, size.most_w), y.saturating_add(1).clamp(size.h, size.most_h));
        if (w, h) == (size.w, size.h) {
            return;
        }
        (self.size.w, self.size.h) = (w, h);
        let ahead =
            |wanted: i32, room: i32, most: i32| if wanted <= room { room } else { (wanted + wanted / 2).min(most) };
        self.become_room(ahead(w, self.room.0, size.most_w), ahead(h, self.room.1, size.most_h));
    }

    /// Puts a bitmap with its top left corner at `x`, `y`; what is outside is cut off, as the printer does. `slack` dots may be
    /// outside without a warning.
    pub(super) fn put(&mut self, bitmap: &Bitmap, x: i32, y: i32, ink: Ink, slack: i32) -> Result<(), PreviewError> {
        self.inked += bitmap.dots.len() as u64;
        if self.inked > INK_DOTS_MAX {
            return Err(PreviewError::TooMuch { what: "dots", most: INK_DOTS_MAX });
        }
        let (right, bottom) = (x.saturating_add(bitmap.w), y.saturating_add(bitmap.h));
        if ink != Ink::White && (x < 0 || y < 0 || right > self.size.w || bottom > self.size.h) {
            self.make_way(bitmap, x, y, slack);
        }
        // Only what is on the label is looked at.
        let seen =
            |at: i32, of: i32, size: i32| at.min(0).saturating_neg().min(of)..size.saturating_sub(at).clamp(0, of);
        for row in seen(y, bitmap.h, self.size.h) {
            for column in seen(x, bitmap.w, self.size.w) {
                if !bitmap.get(column, row) {
                    continue;
                }
                if let Some(dot) = self.grey.get_mut((y + row) as usize * self.room.0 as usize + (x + column) as usize)
                {
                    *dot = match ink {
                        Ink::Black => 0,
                        Ink::White => 255,
                        Ink::Reverse => 255 - *dot,
                    };
                }
            }
        }
        Ok(())
    }

    /// The label grows for the black of a bitmap; what it cannot grow for is cut.
    fn make_way(&mut self, bitmap: &Bitmap, x: i32, y: i32, slack: i32) {
        let width = bitmap.w.max(1) as usize;
        let (mut least, mut most) = ((i32::MAX, i32::MAX), (i32::MIN, i32::MIN));
        for (row, dots) in (0..).zip(bitmap.dots.chunks(width)) {
            let (first, last) = (dots.iter().position(|d| *d), dots.iter().rposition(|d| *d));
            let (Some(first), Some(last)) = (first, last) else { continue };
            least = (least.0.min(first as i32), least.1.min(row));
            most = (most.0.max(last as i32), most.1.max(row));
        }
        if most.0 < least.0 {
            return;
        }
        let (right, bottom) = (x.saturating_add(most.0), y.saturating_add(most.1));
        self.reach(right, bottom);
        let before = x.saturating_add(least.0).min(y.saturating_add(least.1));
        self.cut |= before < -slack || right >= self.size.w + slack || bottom >= self.size.h + slack;
    }
}
