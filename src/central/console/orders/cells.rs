//! The cells of a row. What is more than a word unfolds in place, so that it works by mouse, touch and keyboard alike, and colour
//! never stands alone: every pill has an icon and a word.

use super::super::country::country_name;
use super::super::marks::{
    self, BACK, BOX, CARD, CLOCK, COLUMNS, NEXT, OCTAGON, ORDER, PEN, PIN, STAR, TRIANGLE, TRUCK, USER, icon, pill,
};
use super::super::visitor::Visitor;
use super::columns::{Column, Layout};
use crate::central::services::access::Permission;
use crate::central::services::orders::Method;
use crate::central::services::orders::table::act::Field;
use crate::central::services::orders::table::{Alert, Expected, TableRow};
use crate::core::message::Arg;
use crate::core::money::{Currency, Money};
use crate::core::time::UtcMs;
use crate::i18n::Catalogue;
use maud::{Markup, html};

/// Alerts that are shown before the rest is folded away.
const ALERTS_SHOWN: usize = 2;

/// What every row needs.
pub struct Desk<'a> {
    pub visitor: &'a Visitor,
    /// `carrier/service` and its name.
    pub services: &'a [(String, String)],
    /// Orders placed after this are new to the visitor, UTC ms.
    pub seen_ms: i64,
    /// Where a form leads back to.
    pub back: &'a str,
}

impl Desk<'_> {
    fn words(&self) -> &Catalogue {
        self.visitor.words()
    }

    fn shipping<'b>(&'b self, code: &'b str) -> &'b str {
        self.services.iter().find(|(known, _)| known == code).map_or(code, |(_, name)| name)
    }
}

/// An amount in words; digits alone for a currency that is no code.
pub fn money(words: &Catalogue, minor: i64, currency: &str) -> String {
    match Currency::new(currency) {
        Some(currency) => words.format().money(Money { minor, currency }),
        None => minor.to_string(),
    }
}

/// How money came, in words; the word itself where it is none of ours.
pub fn method_name(words: &Catalogue, method: &str) -> String {
    if Method::ALL.iter().all(|known| known.word() != method) {
        return method.to_owned();
    }
    words.text(&format!("neworder-method-{}", method.split('_').next().unwrap_or(method))).into_owned()
}

/// The zone's short name at a moment, such as `GMT`.
pub fn zone_name(words: &Catalogue, at_ms: i64) -> String {
    let zone = words.format().zone();
    jiff::Timestamp::from_millisecond(at_ms).map(|at| at.to_zoned(zone).strftime("%Z").to_string()).unwrap_or_default()
}

/// A moment; the whole of it, with its zone, where one points at it. The zone is named beside it where it is not the one that the
/// head of the table names: in another half of the year the clocks differ.
pub fn moment(words: &Catalogue, at_ms: i64, now_ms: i64) -> Markup {
    let format = words.format();
    let zone = zone_name(words, at_ms);
    let other = zone != zone_name(words, now_ms);
    let at = jiff::Timestamp::from_millisecond(at_ms).map(|at| at.to_string()).unwrap_or_default();
    let whole = format!("{} {} {zone}", format.date(UtcMs(at_ms)), format.time(UtcMs(at_ms)));
    let shown = format.date_time(UtcMs(at_ms), UtcMs(now_ms));
    html! { time datetime=(at) title=(whole) { (shown) @if other { " " span.zone { (zone) } } } }
}

/// The row.
pub fn row(desk: &Desk<'_>, layout: &Layout, row: &TableRow) -> Markup {
    let pick = desk.words().text_with("orders-choose", &[("order", Arg::Text(row.number.as_str().into()))]);
    let stopped = row.alerts.iter().any(|alert| alert.stops());
    html! {
        tr.stopped[stopped] data-id=(row.id) data-order=(row.number) tabindex="-1" {
            td.pick { label { input type="checkbox" name="pick" value=(row.id) form="bulk" aria-label=(pick); } }
            @for (column, _) in &layout.0 {
                td.num[column.num()] data-column=(column.word()) data-head=(desk.words().text(column.key())) {
                    (cell(desk, row, *column))
                }
            }
        }
    }
}

pub fn cell(desk: &Desk<'_>, row: &TableRow, column: Column) -> Markup {
    let words = desk.words();
    match column {
        Column::Order => html! {
            a.mono href={ "/orders/" (row.number) } { (row.number) }
            @if row.placed_ms > desk.seen_ms && row.open {
                " " span.new title=(words.text("orders-new-hint")) { (words.text("orders-new")) }
            }
        },
        Column::Placed => moment(words, row.placed_ms, desk.visitor.now_ms),
        Column::Customer => customer(desk, row),
        Column::Status => marks::status(words, &row.status),
        Column::Payment => html! {
            (marks::payment(words, &row.payment))
            @for method in &row.methods { " " span.muted { (method_name(words, method)) } }
        },
        Column::Fulfillment => html! {
            @if row.held { (pill("w", CLOCK, &words.text("fulfillment-held"))) }
            @else { (marks::fulfillment(words, &row.fulfillment, row.packed, row.units, row.short)) }
        },
        Column::Total => total(words, row),
        Column::Shipping => {
            let shown = html! { (desk.shipping(&row.shipping)) };
            field(desk, row, Field::Shipping, &shown, row.open, &row.shipping)
        }
        Column::Expected => expected(desk, row),
        Column::ShipBy => {
            let shown = match row.ship_by_ms {
                Some(at) => html! { b { (moment(words, at, desk.visitor.now_ms)) } },
                None => html! { "–" },
            };
            let now = row.ship_by_ms.map(|at| at.to_string()).unwrap_or_default();
            field(desk, row, Field::ShipBy, &shown, row.open, &now)
        }
        Column::Priority => priority(words, row),
        Column::Alerts => alerts(words, row),
        Column::Items => html! { (words.format().number(row.units)) },
        Column::Station => html! { (row.station) },
        Column::Note => {
            let now = row.office_note.as_deref().unwrap_or("");
            let shown = html! { span.note { (if now.is_empty() { "–" } else { now }) } };
            field(desk, row, Field::OfficeNote, &shown, desk.visitor.may(Permission::PersonView), now)
        }
        Column::Actions => actions(desk, row),
    }
}

fn customer(desk: &Desk<'_>, row: &TableRow) -> Markup {
    let words = desk.words();
    let guest = words.text("order-guest");
    let name = row.profile.as_ref().map(|known| known.name.as_str()).filter(|name| !name.is_empty());
    let shown = name.or(Some(row.customer_no.as_str()).filter(|no| !no.is_empty())).unwrap_or(&guest);
    let place = html! { @if !row.country_text.is_empty() { span.muted { " · " (country_name(words, &row.country, &row.country_text)) } } };
    let Some(profile) = &row.profile else { return html! { (shown) (place) } };
    html! {
        details.peek {
            summary { (shown) (place) }
            dl {
                dt { (words.text("orders-customer-no")) } dd.mono { (if row.customer_no.is_empty() { "–" } else { &row.customer_no }) }
                @if let Some(email) = &profile.email { dt { (words.text("orders-email")) } dd { a href={ "mailto:" (email) } { (email) } } }
                @if let Some(phone) = &profile.phone { dt { (words.text("orders-phone")) } dd { a href={ "tel:" (phone) } { (phone) } } }
                dt { (words.text("orders-kind")) } dd { (words.text(&format!("orders-buyer-{}", row.buyer))) }
                @if let Some(at) = row.first_order_ms { dt { (words.text("orders-since")) } dd { (words.format().date(UtcMs(at))) } }
            }
            @if !row.customer_no.is_empty() {
                a href={ "/orders?tab=all&search=" (row.customer_no) } { (words.text("orders-of-customer")) }
            }
        }
    }
}

fn total(words: &Catalogue, row: &TableRow) -> Markup {
    let amount = |minor: i64| money(words, minor, &row.currency);
    let rate = |bp: i64| words.format().percent(bp / 10);
    html! {
        details.peek {
            summary { b { (amount(row.total_minor)) } }
            dl {
                dt { (words.text("orders-currency")) } dd { (row.currency) }
                dt { (words.text("orders-net")) } dd { (amount(row.total_minor - row.tax_minor)) }
                @for (bp, base, tax) in row.taxes.iter().filter(|(bp, _, tax)| *bp > 0 || *tax != 0) {
                    dt { (words.text_with("orders-tax-at", &[("rate", Arg::Text(rate(*bp))), ("base", Arg::Text(amount(*base)))])) }
                    dd { (amount(*tax)) }
                }
            }
        }
    }
}

fn expected(desk: &Desk<'_>, row: &TableRow) -> Markup {
    let (words, now_ms) = (desk.words(), desk.visitor.now_ms);
    match row.expected {
        Expected::Over => html! { "–" },
        Expected::Unknown => html! { span.muted { (words.text("orders-expected-unknown")) } },
        Expected::AfterStock => pill("w", BOX, &words.text("orders-expected-stock")),
        Expected::AfterHold => pill("w", CLOCK, &words.text("orders-expected-hold")),
        Expected::At(at) if row.late() => html! {
            span.st.x { (icon(TRIANGLE, 16)) (moment(words, at.0, now_ms)) " · " (words.text("orders-alert-late")) }
        },
        Expected::At(at) => moment(words, at.0, now_ms),
    }
}

fn priority(words: &Catalogue, row: &TableRow) -> Markup {
    let marks = [
        (row.expedited, "a", NEXT, "orders-flag-expedited"),
        (row.rush, "w", CLOCK, "orders-flag-rush"),
        (row.vip, "a", STAR, "orders-flag-vip"),
    ];
    html! {
        @if marks.iter().all(|(on, ..)| !on) { span.muted { (words.text("orders-normal")) } }
        @for (_, look, path, key) in marks.iter().filter(|(on, ..)| *on) { (pill(look, path, &words.text(key))) " " }
    }
}

/// An alert as a pill.
pub fn alert(words: &Catalogue, alert: Alert) -> Markup {
    let look = if alert.stops() {
        "x"
    } else if matches!(alert, Alert::Note | Alert::Gift) {
        ""
    } else {
        "w"
    };
    let path = match alert {
        Alert::PaymentFailed | Alert::Unpaid => CARD,
        Alert::Fraud => OCTAGON,
        Alert::Address | Alert::Restricted => PIN,
        Alert::Stock | Alert::Short => BOX,
        Alert::Held | Alert::Late => CLOCK,
        Alert::Question => TRIANGLE,
        Alert::Review(_) => USER,
        Alert::Note => ORDER,
        Alert::Gift => STAR,
        Alert::Twin => COLUMNS,
    };
    pill(look, path, &words.text(&format!("orders-alert-{}", alert.word())))
}

fn alerts(words: &Catalogue, row: &TableRow) -> Markup {
    let rest = row.alerts.get(ALERTS_SHOWN..).unwrap_or_default();
    let more = rest.len() + usize::from(row.note.is_some());
    html! {
        @if row.alerts.is_empty() { span.muted { "–" } }
        @for one in row.alerts.iter().take(ALERTS_SHOWN) { (alert(words, *one)) " " }
        @if more > 0 {
            details.peek.more {
                summary { "+" (more) " " span.off { (words.text("orders-more-alerts")) } }
                @for one in rest { p { (alert(words, *one)) } }
                @if let Some(note) = &row.note { p.wrap { (note) } }
            }
        }
    }
}

/// A field that is changed where it is read: what it is, and a form that unfolds.
fn field(desk: &Desk<'_>, row: &TableRow, field: Field, shown: &Markup, open: bool, now: &str) -> Markup {
    let words = desk.words();
    if !open || !desk.visitor.may(Permission::OrderUpdate) {
        return html! { (shown) };
    }
    html! {
        details.edit data-field=(field.word()) {
            summary { (shown) (icon(PEN, 14)) }
            form method="post" action={ "/orders/" (row.number) "/field" } {
                input type="hidden" name="csrf" value=(desk.visitor.session.csrf);
                input type="hidden" name="field" value=(field.word());
                input type="hidden" name="seen" value=(now);
                input type="hidden" name="back" value=(desk.back);
                (input(desk, field, now))
                button.btn.pri { (words.text("office-save")) }
            }
        }
    }
}

/// What the field is typed in.
pub fn input(desk: &Desk<'_>, field: Field, now: &str) -> Markup {
    let words = desk.words();
    match field {
        Field::OfficeNote => html! {
            textarea name="value" rows="3" maxlength="1000" aria-label=(words.text("column-office-note")) { (now) }
        },
        Field::Shipping => html! {
            select name="value" aria-label=(words.text("column-shipping")) {
                @for (code, name) in desk.services { option value=(code) selected[code == now] { (name) } }
            }
        },
        Field::ShipBy => {
            let zone = words.format().zone();
            let at = now.parse().ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
            let local = at.map(|at| at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default();
            html! { input type="datetime-local" name="value" value=(local) aria-label=(words.text("column-ship-by")); }
        }
    }
}

fn actions(desk: &Desk<'_>, row: &TableRow) -> Markup {
    let words = desk.words();
    html! {
        details.peek.acts {
            summary { (words.text("column-actions")) }
            div {
                a.btn href={ "/orders/" (row.number) } { (icon(ORDER, 16)) (words.text("orders-open")) }
                @if fresh(row) && desk.visitor.may(Permission::OrderUpdate) && desk.visitor.may(Permission::PersonView) {
                    a.btn href={ "/orders/" (row.number) "/edit" } { (icon(PEN, 16)) (words.text("console-edit")) }
                }
                (acts(desk, row))
            }
        }
    }
}

/// Whether nobody began to work on it.
fn fresh(row: &TableRow) -> bool {
    row.open && row.fulfillment == "unfulfilled"
}

/// The buttons of what can be done to the order now; they belong to the form `bulk`.
pub fn acts(desk: &Desk<'_>, row: &TableRow) -> Markup {
    let words = desk.words();
    let may = |permission| desk.visitor.may(permission);
    let one = |action: &str, key: &str, path: &str| {
        html! { button.btn form="bulk" name="one" value={ (action) " " (row.id) } { (icon(path, 16)) (words.text(key)) } }
    };
    html! {
        @if fresh(row) && may(Permission::OrderUpdate) {
            @if row.held { (one("let_go", "orders-act-let-go", NEXT)) } @else { (one("hold", "console-hold", CLOCK)) }
        }
        @if row.open && may(Permission::OrderExpedite) {
            @if row.expedited { (one("in_turn", "orders-act-in-turn", BACK)) } @else { (one("first", "orders-act-first", NEXT)) }
        }
        @if may(Permission::PersonView) { (one("slips", "orders-act-slips", TRUCK)) }
    }
}
