//! Small marks: icons as line drawings on a grid of 24, and state pills with icon and word, never colour alone.

use crate::core::message::Arg;
use crate::i18n::Catalogue;
use maud::{Markup, html};

/// An icon of that size in px.
pub(super) fn icon(path: &str, size: u8) -> Markup {
    html! {
        svg.i width=(size) height=(size) viewBox="0 0 24 24" aria-hidden="true" { path d=(path) {} }
    }
}

pub(super) const ORDER: &str = "M6 5h12v16H6zM9 3h6v4H9zM9.5 12h5M9.5 16h5";
pub(super) const AISLES: &str = "M4 4h3v16H4zM10.500 4h3v16h-3zM17 4h3v16h-3z";
pub(super) const SCAN: &str = "M4 8V5h3M17 5h3v3M20 16v3h-3M7 19H4v-3M7 9v6M10 9v6M14 9v6M17 9v6";
pub(super) const TRIANGLE: &str = "M12 3.5L2 20.5h20zM12 10v5M12 17.7v.2";
pub(super) const CHECKED: &str = "M12 2.5a9.5 9.5 0 1 0 0 19a9.5 9.5 0 1 0 0-19zM7.5 12.5l3 3 6-6.5";
pub(super) const OCTAGON: &str = "M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM7.5 12h9";
pub(super) const BOX: &str = "M3 8l9-5 9 5v8l-9 5-9-5zM3 8l9 5 9-5M12 13v8";
pub(super) const PLUS: &str = "M12 5v14M5 12h14";
pub(super) const MINUS: &str = "M5 12h14";
pub(super) const CROSS: &str = "M6 6l12 12M18 6L6 18";
pub(super) const TICK: &str = "M4 12.5l5 5L20 6.500";
pub(super) const TRUCK: &str = "M2 6h12v11H2zM14 10h4l4 4v3h-8zM6.500 15.500a2 2 0 1 0 0 4a2 2 0 1 0 0-4zM17.500 15.500a2 2 0 1 0 0 4a2 2 0 1 0 0-4z";
pub(super) const PIN: &str =
    "M12 21.5c5-6 7-8.700 7-12a7 7 0 0 0-14 0c0 3.300 2 6 7 12zM12 7a2.500 2.500 0 1 0 0 5a2.500 2.500 0 1 0 0-5z";
pub(super) const CLOCK: &str = "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 7.500V12l3 2";
pub(super) const CARD: &str = "M3 6h18v12H3zM3 10h18";
pub(super) const BACK: &str = "M20 12H5M11 6l-6 6 6 6";
pub(super) const NEXT: &str = "M4 12h15M13 6l6 6-6 6";
pub(super) const GLASS: &str = "M10.500 4a6.500 6.500 0 1 0 0 13a6.500 6.500 0 1 0 0-13zM15.500 15.500L21 21";
pub(super) const CAMERA: &str = "M3 8h4l2-3h6l2 3h4v12H3zM12 10.500a3.500 3.500 0 1 0 0 7a3.500 3.500 0 1 0 0-7z";
pub(super) const USER: &str = "M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8zM4 21c.5-4.500 4-6.500 8-6.500s7.500 2 8 6.500";
pub(super) const PEN: &str = "M4 20h4L20 8l-4-4L4 16zM13.500 6.500l4 4";
pub(super) const STAR: &str =
    "M12 3l2.700 6 6.300.700-4.700 4.300 1.300 6.500L12 17.200 6.400 20.500l1.300-6.500L3 9.700 9.300 9z";
pub(super) const TAG: &str = "M4 4h8l8.500 8.500-8 8L4 12zM8 8v.2";
pub(super) const UP: &str = "M12 20V5M6 11l6-6 6 6";
pub(super) const DOWN: &str = "M12 4v15M6 13l6 6 6-6";
pub(super) const DOTS: &str = "M4 12h1.500M11.200 12h1.500M18.500 12H20";
pub(super) const DIALS: &str = "M4 7h9M17 7h3M15 5v4M4 17h3M11 17h9M9 15v4M4 12h12M20 12h.2M18 10v4";
pub(super) const COLUMNS: &str = "M4 5h16v14H4zM10 5v14M15 5v14";
pub(super) const MAIL: &str = "M3 5h18v14H3zM3 7l9 7 9-7";
pub(super) const BOARD: &str = "M3 4h18v16H3zM9 4v16M15 4v16M3 12h18";
pub(super) const GRIP: &str = "M9 5v.2M15 5v.2M9 12v.2M15 12v.2M9 19v.2M15 19v.2";
pub(super) const LOCK: &str = "M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3";
pub(super) const PHONE: &str = "M6 3h4l2 5-3 2a11 11 0 0 0 5 5l2-3 5 2v4c0 2-1 3-3 3C10 21 3 14 3 6c0-2 1-3 3-3z";
pub(super) const FUNNEL: &str = "M3 5h18l-7 8v6l-4-2v-4z";

/// A pill: how it looks (`k` good, `w` a question, `x` bad, `a` under way, nothing: neutral), its icon, its words.
pub(super) fn pill(look: &str, path: &str, text: &str) -> Markup {
    html! { span class={ "st " (look) } { (icon(path, 16)) (text) } }
}

/// The first axis of an order.
pub(super) fn status(words: &Catalogue, status: &str) -> Markup {
    let (look, path) = match status {
        "placed" => ("a", ORDER),
        "closed" => ("k", TICK),
        "cancelled" => ("x", CROSS),
        _ => ("", MINUS),
    };
    pill(look, path, &words.text(&format!("status-{status}")))
}

/// The second axis.
pub(super) fn payment(words: &Catalogue, status: &str) -> Markup {
    let (look, path) = match status {
        "paid" => ("k", CHECKED),
        "authorized" | "partially_paid" => ("a", CARD),
        "failed" | "overcharged" => ("x", OCTAGON),
        "refunded" | "partially_refunded" | "voided" => ("", BACK),
        _ => ("", MINUS),
    };
    pill(look, path, &words.text(&format!("payment-{}", status.replace('_', "-"))))
}

/// The third axis, with how far it is.
pub(super) fn fulfillment(words: &Catalogue, status: &str, done: i64, of: i64, short: i64) -> Markup {
    if short > 0 {
        return pill("w", TRIANGLE, &words.text_with("fulfillment-short", &[("n", Arg::Int(short))]));
    }
    let way = [("no", Arg::Int(done)), ("n", Arg::Int(of))];
    match status {
        "in_progress" => pill("a", BOX, &words.text_with("fulfillment-packing", &way)),
        "packed" => pill("k", BOX, &words.text("fulfillment-packed")),
        "partially_shipped" => pill("a", TRUCK, &words.text("handover-partially-shipped")),
        "shipped" => pill("k", TRUCK, &words.text("fulfillment-shipped")),
        "delivered" => pill("k", CHECKED, &words.text("orders-fulfillment-delivered")),
        "cancelled" => pill("", CROSS, &words.text("fulfillment-cancelled")),
        "nothing_to_ship" => html! { "–" },
        _ => pill("", MINUS, &words.text("fulfillment-unfulfilled")),
    }
}
