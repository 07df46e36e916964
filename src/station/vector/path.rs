//! SVG path data (<https://www.w3.org/TR/SVG2/paths.html#PathData>) flattened to polylines. Takes the commands
//! M L H V C S A Z, absolute and relative; anything else ends the path where it stands, so a damaged path
//! shows less but never stops the window.

use std::f32::consts::{PI, TAU};

use egui::{Pos2, Vec2, pos2, vec2};

/// A run of straight pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Polyline {
    /// Corner points, without a repeated first point.
    pub points: Vec<Pos2>,
    /// True if the last point joins the first.
    pub closed: bool,
}

/// Flattens `data`. Curves get pieces no longer than `piece` units.
#[must_use]
pub fn parse(data: &str, piece: f32) -> Vec<Polyline> {
    let mut pen = Pen::new(piece);
    let mut scan = Scanner { rest: data.as_bytes() };
    let mut command = b'M';
    let mut first = true;
    loop {
        if let Some(letter) = scan.letter() {
            command = letter;
        } else if scan.at_end() || (first && command == b'M') {
            break;
        } else if command == b'M' || command == b'm' {
            command = if command == b'M' { b'L' } else { b'l' };
        }
        first = false;
        if command.eq_ignore_ascii_case(&b'z') {
            pen.close();
            continue;
        }
        if pen.run(command, &mut scan).is_none() {
            break;
        }
    }
    pen.finish()
}

struct Scanner<'a> {
    rest: &'a [u8],
}

impl Scanner<'_> {
    fn skip(&mut self) {
        while let [first, tail @ ..] = self.rest {
            if first.is_ascii_whitespace() || *first == b',' {
                self.rest = tail;
            } else {
                break;
            }
        }
    }

    fn at_end(&mut self) -> bool {
        self.skip();
        self.rest.is_empty()
    }

    fn letter(&mut self) -> Option<u8> {
        self.skip();
        match self.rest {
            [first, tail @ ..] if first.is_ascii_alphabetic() => {
                let letter = *first;
                self.rest = tail;
                Some(letter)
            }
            _ => None,
        }
    }

    fn number(&mut self) -> Option<f32> {
        self.skip();
        let mut length = 0;
        let mut dot = false;
        for (index, byte) in self.rest.iter().enumerate() {
            let sign = (*byte == b'-' || *byte == b'+') && index == 0;
            let point = *byte == b'.' && !dot;
            if !(byte.is_ascii_digit() || sign || point) {
                break;
            }
            dot |= point;
            length = index + 1;
        }
        let (number, tail) = self.rest.split_at(length);
        self.rest = tail;
        std::str::from_utf8(number).ok()?.parse().ok()
    }

    fn flag(&mut self) -> Option<bool> {
        self.skip();
        match self.rest {
            [b'0', tail @ ..] => {
                self.rest = tail;
                Some(false)
            }
            [b'1', tail @ ..] => {
                self.rest = tail;
                Some(true)
            }
            _ => None,
        }
    }

    fn point(&mut self, base: Vec2) -> Option<Pos2> {
        let x = self.number()?;
        let y = self.number()?;
        Some(pos2(x, y) + base)
    }
}

struct Pen {
    piece: f32,
    done: Vec<Polyline>,
    points: Vec<Pos2>,
    at: Pos2,
    control: Option<Pos2>,
}

impl Pen {
    fn new(piece: f32) -> Self {
        Self { piece: piece.max(0.01), done: Vec::new(), points: Vec::new(), at: Pos2::ZERO, control: None }
    }

    fn run(&mut self, command: u8, scan: &mut Scanner<'_>) -> Option<()> {
        let relative = command.is_ascii_lowercase();
        let base = if relative { self.at.to_vec2() } else { Vec2::ZERO };
        let mut control = None;
        match command.to_ascii_uppercase() {
            b'M' => {
                let to = scan.point(base)?;
                self.flush(false);
                self.at = to;
                self.points.push(to);
            }
            b'L' => {
                let to = scan.point(base)?;
                self.line(to);
            }
            b'H' => {
                let x = scan.number()? + base.x;
                self.line(pos2(x, self.at.y));
            }
            b'V' => {
                let y = scan.number()? + base.y;
                self.line(pos2(self.at.x, y));
            }
            b'C' => {
                let (a, b, to) = (scan.point(base)?, scan.point(base)?, scan.point(base)?);
                self.cubic(a, b, to);
                control = Some(b);
            }
            b'S' => {
                let (b, to) = (scan.point(base)?, scan.point(base)?);
                let a = self.control.map_or(self.at, |c| self.at + (self.at - c));
                self.cubic(a, b, to);
                control = Some(b);
            }
            b'A' => {
                let radii = vec2(scan.number()?, scan.number()?);
                let turn = scan.number()?.to_radians();
                let (large, sweep) = (scan.flag()?, scan.flag()?);
                let to = scan.point(base)?;
                self.arc(radii, turn, large, sweep, to);
            }
            _ => return None,
        }
        self.control = control;
        Some(())
    }

    fn line(&mut self, to: Pos2) {
        if self.points.is_empty() {
            self.points.push(self.at);
        }
        self.points.push(to);
        self.at = to;
    }

    fn pieces(&self, length: f32) -> u16 {
        let count = (length / self.piece).ceil().clamp(2.0, 200.0);
        // In range by the clamp above.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let count = count as u16;
        count
    }

    fn cubic(&mut self, a: Pos2, b: Pos2, to: Pos2) {
        let from = self.at;
        let pieces = self.pieces(from.distance(a) + a.distance(b) + b.distance(to));
        for step in 1..=pieces {
            let t = f32::from(step) / f32::from(pieces);
            let u = 1.0 - t;
            let point = from.to_vec2() * (u * u * u)
                + a.to_vec2() * (3.0 * u * u * t)
                + b.to_vec2() * (3.0 * u * t * t)
                + to.to_vec2() * (t * t * t);
            self.line(point.to_pos2());
        }
    }

    /// Endpoint to centre form: <https://www.w3.org/TR/SVG2/implnote.html#ArcImplementationNotes>.
    fn arc(&mut self, radii: Vec2, turn: f32, large: bool, sweep: bool, to: Pos2) {
        let from = self.at;
        let (mut rx, mut ry) = (radii.x.abs(), radii.y.abs());
        if rx < 1e-4 || ry < 1e-4 || from.distance(to) < 1e-4 {
            self.line(to);
            return;
        }
        let (sin, cos) = turn.sin_cos();
        let half = (from - to) * 0.5;
        let (x, y) = (cos * half.x + sin * half.y, -sin * half.x + cos * half.y);
        let grow = (x * x) / (rx * rx) + (y * y) / (ry * ry);
        if grow > 1.0 {
            rx *= grow.sqrt();
            ry *= grow.sqrt();
        }
        let over = (rx * rx * ry * ry - rx * rx * y * y - ry * ry * x * x).max(0.0);
        let under = rx * rx * y * y + ry * ry * x * x;
        let sign = if large == sweep { -1.0 } else { 1.0 };
        let factor = sign * (over / under).sqrt();
        let (cx, cy) = (factor * rx * y / ry, -factor * ry * x / rx);
        let middle = from + (to - from) * 0.5;
        let centre = middle + vec2(cos * cx - sin * cy, sin * cx + cos * cy);
        let start = ((y - cy) / ry).atan2((x - cx) / rx);
        let end = ((-y - cy) / ry).atan2((-x - cx) / rx);
        let mut swing = end - start;
        if sweep && swing < 0.0 {
            swing += TAU;
        } else if !sweep && swing > 0.0 {
            swing -= TAU;
        }
        let pieces = self.pieces(rx.max(ry) * swing.abs()).max(if swing.abs() > PI { 8 } else { 4 });
        for step in 1..=pieces {
            let angle = start + swing * f32::from(step) / f32::from(pieces);
            let (s, c) = angle.sin_cos();
            let local = vec2(rx * c, ry * s);
            self.line(centre + vec2(cos * local.x - sin * local.y, sin * local.x + cos * local.y));
        }
        self.at = to;
    }

    fn close(&mut self) {
        if let Some(first) = self.points.first().copied() {
            self.flush(true);
            self.at = first;
        }
        self.control = None;
    }

    fn flush(&mut self, closed: bool) {
        let mut points = std::mem::take(&mut self.points);
        points.dedup_by(|a, b| a.distance(*b) < 1e-3);
        let joined = points.len() > 2 && points.first().zip(points.last()).is_some_and(|(a, b)| a.distance(*b) < 1e-3);
        if joined {
            points.pop();
        }
        if points.len() > 1 {
            self.done.push(Polyline { points, closed: closed || joined });
        }
    }

    fn finish(mut self) -> Vec<Polyline> {
        self.flush(false);
        self.done
    }
}
