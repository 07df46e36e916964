//! What on a sheet could not be read: things that print over each other, and text of the colour of its ground. A laid out page has no
//! faults. This file must never look at more than it is asked for: a site writes templates, and a bad one must be told as quickly as
//! a good one.

use super::sheet::{Area, Barcode, Element, Ink, Sheet, edges};
use super::text::Text;

/// What is wrong on a sheet; elements are places in [`Sheet::elements`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Two print over each other although they must not: text with text, rules, drawings and the edge of a filled area, text with a
    /// filled area that is drawn after it, and anything with a barcode's ground.
    Overlap {
        /// Drawn first.
        first: usize,
        /// Drawn later.
        second: usize,
    },
    /// Text stands on a filled area of its own colour.
    SameInk {
        /// The text.
        text: usize,
        /// The filled area.
        plate: usize,
    },
    /// White text stands on bare paper.
    NoGround {
        /// The text.
        text: usize,
    },
}

impl Fault {
    /// The element it is told of, and the other one.
    #[must_use]
    pub fn places(self) -> (usize, Option<usize>) {
        match self {
            Fault::Overlap { first, second } => (second, Some(first)),
            Fault::SameInk { text, plate } => (text, Some(plate)),
            Fault::NoGround { text } => (text, None),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Line,
    Plate,
    Barcode,
    Drawing,
}

/// Ground that an element prints on.
struct Ground {
    place: usize,
    kind: Kind,
    /// Around all of its areas.
    around: Area,
    /// From top to bottom; those of a text do not overlap each other.
    areas: Vec<Area>,
}

impl Ground {
    fn of(place: usize, element: &Element) -> Option<Self> {
        let (kind, areas) = match element {
            Element::Text(text) => (Kind::Text, lines(text)),
            Element::Line(area) => (Kind::Line, vec![*area]),
            Element::Fill(area, _) => (Kind::Plate, vec![*area]),
            Element::Outline { area, width_um } => (Kind::Line, edges(*area, *width_um).to_vec()),
            Element::Barcode(Barcode { area, .. }) => (Kind::Barcode, vec![*area]),
            Element::Polygon(polygon) => (Kind::Drawing, vec![polygon.area()]),
            Element::Image { area, .. } => (Kind::Drawing, vec![*area]),
        };
        let around = areas.iter().copied().reduce(Area::around)?;
        Some(Self { place, kind, around, areas })
    }

    /// Whether any area of the two overlaps.
    fn meets(&self, other: &Self) -> bool {
        let (few, many) = if self.areas.len() < other.areas.len() { (self, other) } else { (other, self) };
        if few.areas.len() <= 4 {
            return few.areas.iter().any(|a| many.areas.iter().any(|b| a.overlaps(*b)));
        }
        // Two texts: the lines of each stand one below the other.
        let (mut a, mut b) = (few.areas.iter().peekable(), many.areas.iter().peekable());
        while let (Some(left), Some(right)) = (a.peek(), b.peek()) {
            if left.overlaps(**right) {
                return true;
            }
            if left.bottom_um() <= right.bottom_um() {
                a.next();
            } else {
                b.next();
            }
        }
        false
    }
}

fn lines(text: &Text) -> Vec<Area> {
    text.lines.iter().map(|line| text.line_area(line)).collect()
}

/// Whether two kinds must not print over each other; text and filled areas are judged by [`unseen`].
fn clash(a: Kind, b: Kind) -> bool {
    match (a, b) {
        (Kind::Barcode, _) | (_, Kind::Barcode) => true,
        (Kind::Text, Kind::Text | Kind::Line | Kind::Drawing) | (Kind::Line | Kind::Drawing, Kind::Text) => true,
        (Kind::Text, Kind::Plate) | (Kind::Plate, Kind::Text) => false,
        (Kind::Line | Kind::Plate | Kind::Drawing, Kind::Line | Kind::Plate | Kind::Drawing) => false,
    }
}

/// A filled area: its place among the elements, where, and whether it is dark.
type Plate = (usize, Area, bool);

impl Sheet {
    /// What could not be read of it: each pair of elements once, in drawing order, and no more than `most`.
    #[must_use]
    pub fn faults(&self, most: usize) -> Vec<Fault> {
        let grounds = self.elements().iter().enumerate();
        let mut grounds: Vec<Ground> = grounds.filter_map(|(place, element)| Ground::of(place, element)).collect();
        grounds.sort_by_key(|ground| (ground.around.y_um, ground.place));
        let mut out = overlaps(&grounds, most);
        let left = most.saturating_sub(out.len());
        out.extend(self.unseen_texts().take(left));
        out.sort_unstable_by_key(|fault| fault.places());
        out
    }

    fn unseen_texts(&self) -> impl Iterator<Item = Fault> {
        let plate = |(place, element): (usize, &Element)| match element {
            Element::Fill(area, Ink::Black | Ink::Red) => Some((place, *area, true)),
            Element::Fill(area, Ink::White) => Some((place, *area, false)),
            Element::Text(_)
            | Element::Line(_)
            | Element::Outline { .. }
            | Element::Barcode(_)
            | Element::Polygon(_)
            | Element::Image { .. } => None,
        };
        let plates: Vec<Plate> = self.elements().iter().enumerate().filter_map(plate).collect();
        self.elements().iter().enumerate().filter_map(move |(place, element)| match element {
            Element::Text(text) => unseen(place, text, &plates),
            Element::Line(_)
            | Element::Fill(..)
            | Element::Outline { .. }
            | Element::Barcode(_)
            | Element::Polygon(_)
            | Element::Image { .. } => None,
        })
    }
}

/// Why a text could not be seen: each of its lines must lie within the uppermost filled area that it meets, which is drawn before it
/// and of the other colour. `plates` are in drawing order.
fn unseen(text: usize, laid: &Text, plates: &[Plate]) -> Option<Fault> {
    let near: Vec<Plate> = plates.iter().copied().filter(|(_, area, _)| area.overlaps(laid.area)).collect();
    for line in lines(laid) {
        let Some((plate, area, dark)) = near.iter().rev().copied().find(|(_, area, _)| area.overlaps(line)) else {
            if laid.style.inverse {
                return Some(Fault::NoGround { text });
            }
            continue;
        };
        if plate > text || !area.contains(line) {
            return Some(Fault::Overlap { first: text.min(plate), second: text.max(plate) });
        }
        if dark != laid.style.inverse {
            return Some(Fault::SameInk { text, plate });
        }
    }
    None
}

/// What prints over each other, but for texts on filled areas; `grounds` go from top to bottom.
fn overlaps(grounds: &[Ground], most: usize) -> Vec<Fault> {
    let mut out = Vec::new();
    for (i, upper) in grounds.iter().enumerate() {
        let end_um = upper.around.bottom_um();
        for lower in grounds.iter().skip(i + 1).take_while(|lower| lower.around.y_um < end_um) {
            if clash(upper.kind, lower.kind) && upper.around.overlaps(lower.around) && upper.meets(lower) {
                if out.len() >= most {
                    return out;
                }
                let (first, second) = (upper.place.min(lower.place), upper.place.max(lower.place));
                out.push(Fault::Overlap { first, second });
            }
        }
    }
    out
}
