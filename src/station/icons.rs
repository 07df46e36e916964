//! The icons: a 24-unit grid, lines with round caps, no fill. An icon on a control always stands beside its word;
//! only quiet device chips are bare.

use std::sync::OnceLock;

use egui::{Color32, Painter, Rect, Stroke, Vec2};

use super::vector::art::stroke;
use super::vector::{Polyline, parse};

/// Side of the grid the paths are drawn on.
const GRID: f32 = 24.0;
/// Longest piece of a curve, in grid units: fine enough for an icon 300 px wide.
const PIECE: f32 = 0.35;

/// An icon, named by its shape or its act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    /// Scanner corners around bars.
    Scan,
    /// A check.
    Check,
    /// A cross.
    Cross,
    /// A minus.
    Minus,
    /// A plus.
    Plus,
    /// Circle with a check.
    Okc,
    /// Triangle with an exclamation mark.
    Tri,
    /// Octagon with a bar.
    Oct,
    /// Hourglass.
    Wait,
    /// Circle with an i.
    Info,
    /// Closed box.
    Box,
    /// Clipboard.
    Order,
    /// List.
    List,
    /// Shelf.
    Shelf,
    /// Map pin.
    Pin,
    /// Ticked box.
    Tick,
    /// Scale with a load.
    Scale,
    /// Label.
    Tag,
    /// Printer.
    Printer,
    /// Camera.
    Camera,
    /// Cloud.
    Cloud,
    /// Struck cloud.
    CloudOff,
    /// Arrow turning back.
    Undo,
    /// Person.
    User,
    /// Two people.
    Users,
    /// Raised hand.
    Hand,
    /// Cup.
    Cup,
    /// Two bars.
    Pause,
    /// Hexagon with a minus.
    Short,
    /// Bolt.
    Bolt,
    /// Two arrows.
    Swap,
    /// Arrow left.
    Back,
    /// Arrow right.
    Next,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow coming back.
    Ret,
    /// Flag.
    Flag,
    /// Clock.
    Clock,
    /// Badge.
    Badge,
    /// Lock.
    Lock,
    /// Gift.
    Gift,
    /// Sheet of paper.
    Doc,
    /// Wine glass.
    Glass,
    /// Magnifying glass.
    Search,
    /// Envelope.
    Mail,
    /// Star.
    Star,
    /// Loudspeaker.
    Sound,
    /// Microphone.
    Mic,
    /// Globe.
    Globe,
    /// Disk.
    Disk,
    /// Wall of slots.
    Wall,
    /// Truck.
    Truck,
    /// Shield with a check.
    Shield,
    /// Moon.
    Moon,
    /// Bank card.
    Card,
    /// Phone.
    Phone,
    /// Three dots.
    Dots,
    /// Round arrow to the left.
    TurnLeft,
    /// Round arrow to the right.
    TurnRight,
}

/// Every icon with its SVG path data on the 24-unit grid, in the order of the enum.
#[rustfmt::skip]
const PATHS: [(Icon, &str); 59] = [
    (Icon::Scan, "M4 8V5h3M17 5h3v3M20 16v3h-3M7 19H4v-3M7 9v6M10 9v6M14 9v6M17 9v6"),
    (Icon::Check, "M5 12.5l4.5 4.5L19 7.5"),
    (Icon::Cross, "M6 6l12 12M18 6L6 18"),
    (Icon::Minus, "M5 12h14"),
    (Icon::Plus, "M5 12h14M12 5v14"),
    (Icon::Okc, "M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19zM7.5 12.5l3 3 6-6.5"),
    (Icon::Tri, "M12 3.5L2 20.5h20zM12 10v5M12 17.7v.2"),
    (Icon::Oct, "M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM7.5 12h9"),
    (Icon::Wait, "M7 3h10v4l-4 5 4 5v4H7v-4l4-5-4-5zM7 3H5M17 3h2M7 21H5M17 21h2"),
    (Icon::Info, "M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19zM12 11v6M12 7v.2"),
    (Icon::Box, "M3 8l9-5 9 5v8l-9 5-9-5zM3 8l9 5 9-5M12 13v8"),
    (Icon::Order, "M6 5h12v16H6zM9 3h6v4H9zM9.5 12h5M9.5 16h5"),
    (Icon::List, "M9 6h11M9 12h11M9 18h11M4 6h1M4 12h1M4 18h1"),
    (Icon::Shelf, "M4 3v18M20 3v18M4 10h16M4 17h16M7 6h4v4M13 13h4v4"),
    (Icon::Pin, "M12 21.5c5-6 7-8.7 7-12a7 7 0 0 0-14 0c0 3.3 2 6 7 12zM12 7a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5z"),
    (Icon::Tick, "M4 4h16v16H4zM8 12.5l3 3 5.5-6.5"),
    (Icon::Scale, "M4 20h16l-2-10H6zM8 10V7h8v3M12 17l2.5-3.5M9 4h6v3H9z"),
    (Icon::Tag, "M4 4h8l8.5 8.5-8 8L4 12zM8 8v.1"),
    (Icon::Printer, "M7 8V3h10v5M7 16H4V8h16v8h-3M7 13h10v8H7z"),
    (Icon::Camera, "M3 8h4l2-3h6l2 3h4v12H3zM12 10.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z"),
    (Icon::Cloud, "M7 18.5a4.5 4.5 0 0 1-.3-9A5.5 5.5 0 0 1 17.2 8.8 5 5 0 0 1 17 18.5z"),
    (Icon::CloudOff, "M7 18.5a4.5 4.5 0 0 1-.3-9A5.5 5.5 0 0 1 17.2 8.8 5 5 0 0 1 17 18.5zM3 3l18 18"),
    (Icon::Undo, "M9 5L4 10l5 5M4 10h10a5 5 0 0 1 0 10h-4"),
    (Icon::User, "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8zM4 21c.5-4.5 4-6.5 8-6.5s7.5 2 8 6.5"),
    (Icon::Users, "M9 5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7zM2.5 20c.5-4 3-5.5 6.5-5.5s6 1.5 6.5 5.5M16 5.5a3.5 3.5 0 0 1 0 6.5M18.5 15c2 .8 2.8 2.5 3 5"),
    (Icon::Hand, "M8 12V6a1.7 1.7 0 0 1 3.4 0V11M11.4 10V4.5a1.7 1.7 0 0 1 3.4 0V11M14.8 11V6.5a1.7 1.7 0 0 1 3.4 0V15c0 4-2.5 6.5-6 6.5-3.2 0-4.7-1.7-6.5-5L4 13.2c1-1.3 2.4-1 4 .8"),
    (Icon::Cup, "M5 8h11v7a4 4 0 0 1-4 4H9a4 4 0 0 1-4-4zM16 10h2.5a2.5 2.5 0 0 1 0 5H16M8 3v2M12.5 3v2"),
    (Icon::Pause, "M8 5v14M16 5v14"),
    (Icon::Short, "M3 8l9-5 9 5v8l-9 5-9-5zM8 12h8"),
    (Icon::Bolt, "M13 2.5L6 13h5l-1 8.5L18 10h-5.5z"),
    (Icon::Swap, "M4 8h15M15 4l4 4-4 4M20 16H5M9 20l-4-4 4-4"),
    (Icon::Back, "M20 12H5M11 6l-6 6 6 6"),
    (Icon::Next, "M4 12h15M13 6l6 6-6 6"),
    (Icon::Up, "M12 20V5M6 11l6-6 6 6"),
    (Icon::Down, "M12 4v15M6 13l6 6 6-6"),
    (Icon::Ret, "M4 9h11a5 5 0 0 1 0 10H8M8 5L4 9l4 4"),
    (Icon::Flag, "M5 21V4M5 4h13l-3 4.5 3 4.5H5"),
    (Icon::Clock, "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 7.5V12l3 2"),
    (Icon::Badge, "M5 7h14v14H5zM10 3h4v6h-4zM9 14h6M9 17.5h6"),
    (Icon::Lock, "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3"),
    (Icon::Gift, "M3.5 9h17v4h-17zM5.5 13h13v8h-13zM12 9v12M12 9C6 9 7 3.5 9.5 4 11.5 4.5 12 9 12 9s.5-4.5 2.5-5C17 3.5 18 9 12 9"),
    (Icon::Doc, "M6 3h9l4 4v14H6zM14.5 3v5H19M9 13h7M9 17h7"),
    (Icon::Glass, "M7 3h10l-1 8a4 4 0 0 1-8 0zM12 15v6M8 21h8"),
    (Icon::Search, "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13zM15.5 15.5L20.5 20.5"),
    (Icon::Mail, "M3 6h18v13H3zM3 7l9 7 9-7"),
    (Icon::Star, "M12 3l2.8 6 6.5.7-4.9 4.4 1.4 6.4L12 17.2 6.2 20.5l1.4-6.4L2.7 9.7 9.2 9z"),
    (Icon::Sound, "M4 9v6h4l5 4.5v-15L8 9zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11"),
    (Icon::Mic, "M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21M8.5 21h7"),
    (Icon::Globe, "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM3 12h18M12 3c-5 5-5 13 0 18M12 3c5 5 5 13 0 18"),
    (Icon::Disk, "M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0zM4 6c0 4 16 4 16 0M4 12c0 4 16 4 16 0"),
    (Icon::Wall, "M3 4h18v16H3zM9 4v16M15 4v16M3 12h18"),
    (Icon::Truck, "M2 6h12v11H2zM14 10h4l4 4v3h-8zM6.5 15.5a2 2 0 1 0 0 4a2 2 0 1 0 0-4zM17.5 15.5a2 2 0 1 0 0 4a2 2 0 1 0 0-4z"),
    (Icon::Shield, "M12 3l8 3v6c0 5-4 8-8 9.5C8 20 4 17 4 12V6zM8.5 12l2.5 2.5 4.5-5"),
    (Icon::Moon, "M19 14.5A8 8 0 0 1 9.5 5 8 8 0 1 0 19 14.5z"),
    (Icon::Card, "M3 6h18v12H3zM3 10h18"),
    (Icon::Phone, "M7 2.5h10v19H7zM11 18.5h2"),
    (Icon::Dots, "M5 12v.1M12 12v.1M19 12v.1"),
    (Icon::TurnLeft, "M4.5 9.1A8 8 0 1 1 6.3 17.7M4.5 3.6V9.1H10"),
    (Icon::TurnRight, "M19.5 9.1A8 8 0 1 0 17.7 17.7M19.5 3.6V9.1H14"),
];

impl Icon {
    /// Every icon, in the order of the enum.
    pub fn all() -> impl Iterator<Item = Self> {
        PATHS.iter().map(|(icon, _)| *icon)
    }

    /// SVG path data on the 24-unit grid.
    #[must_use]
    pub fn path(self) -> &'static str {
        PATHS.get(self as usize).map_or("", |(_, path)| path)
    }

    fn lines(self) -> &'static [Polyline] {
        static CACHE: OnceLock<Vec<Vec<Polyline>>> = OnceLock::new();
        let all = CACHE.get_or_init(|| PATHS.iter().map(|(_, path)| parse(path, PIECE)).collect());
        all.get(self as usize).map_or(&[], Vec::as_slice)
    }

    /// Paints the icon into the square in the middle of `rect`. `weight` is the stroke on the grid: 2 for small
    /// icons, 1.7 to 2.3 from 40 px up.
    pub fn paint(self, painter: &Painter, rect: Rect, colour: Color32, weight: f32) {
        let side = rect.width().min(rect.height());
        let scale = side / GRID;
        let origin = rect.center() - Vec2::splat(side * 0.5);
        for line in self.lines() {
            let points: Vec<_> = line.points.iter().map(|p| origin + p.to_vec2() * scale).collect();
            stroke(painter, &points, line.closed, Stroke::new(weight * scale, colour));
        }
    }
}
