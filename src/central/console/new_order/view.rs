//! The pages around the steps: choosing the desk, the list of drafts, the way through the form, and the overview.

use super::super::country::country_name;
use super::super::marks::{BACK, CHECKED, CROSS, NEXT, ORDER, TRIANGLE, icon, pill};
use super::super::orders::money;
use super::super::payments::above;
use super::super::proofs::{proof_list, said};
use super::super::stock::day;
use super::super::visitor::Visitor;
use super::Screen;
use super::steps;
use crate::central::error::Refusal;
use crate::central::services::access::Permission;
use crate::central::services::orders::drafts::{Draft, Step};
use crate::central::services::orders::entry::DeskKind;
use crate::central::services::orders::{Sums, short};
use crate::core::message::Arg;
use crate::i18n::Catalogue;
use crate::protocol::wire::order::Address;
use maud::{Markup, html};

/// Key of the title of a desk's form.
pub(super) const fn kind_key(kind: DeskKind) -> &'static str {
    match kind {
        DeskKind::B2b => "neworder-b2b",
        DeskKind::B2c => "neworder-b2c",
    }
}

/// Which desk, and what was left half-typed.
pub(super) fn choice(visitor: &Visitor, waiting: &[Draft]) -> Markup {
    let words = visitor.words();
    let start = |kind: DeskKind, hint: &str| {
        html! {
            form.card.pad method="post" action="/orders/new" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="kind" value=(kind.word());
                h2 { (words.text(kind_key(kind))) }
                p.muted.lead { (words.text(hint)) }
                button.btn.pri { (icon(ORDER, 18)) (words.text("neworder-begin")) }
            }
        }
    };
    html! {
        div.title {
            a.back href="/orders" aria-label=(words.text("console-orders")) { (icon(BACK, 22)) }
            h1 { (words.text("neworder-title")) }
        }
        div.pair {
            (start(DeskKind::B2b, "neworder-b2b-hint"))
            (start(DeskKind::B2c, "neworder-b2c-hint"))
        }
        h2.lead { (words.text("neworder-drafts")) }
        div.card {
            @if waiting.is_empty() { p.empty { (words.text("neworder-no-drafts")) } } @else {
                table.rows {
                    thead { tr { @for key in ["column-customer", "column-what", "column-items", "column-who", "column-when"] {
                        th scope="col" { (words.text(key)) }
                    } th scope="col" { span.skip { (words.text("neworder-discard")) } } } }
                    tbody { @for draft in waiting { (row(visitor, draft)) } }
                }
            }
        }
    }
}

fn row(visitor: &Visitor, draft: &Draft) -> Markup {
    let words = visitor.words();
    let address = &draft.document.address;
    let who = address.company.as_deref().filter(|name| !name.is_empty()).unwrap_or(&address.name);
    let nobody = words.text("neworder-nobody-yet");
    html! {
        tr {
            td { a href={ "/orders/drafts/" (draft.id) "/" (draft.step.word()) } {
                b { (if who.is_empty() { &*nobody } else { who }) }
            } }
            td { (words.text(kind_key(draft.kind))) }
            td { (words.text_with("neworder-lines-n", &[("n", Arg::Int(draft.document.lines.len() as i64))])) }
            td { (draft.owner_name) }
            td.muted { (visitor.when(draft.updated_ms)) }
            td { form method="post" action={ "/orders/drafts/" (draft.id) "/discard" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                button.btn aria-label=(words.text_with("neworder-discard-one", &[("name", Arg::Text(who.to_owned()))])) {
                    (icon(CROSS, 16)) (words.text("neworder-discard"))
                }
            } }
        }
    }
}

/// Name of a step.
fn step_key(step: Step) -> &'static str {
    match step {
        Step::General => "neworder-step-general",
        Step::Customer => "neworder-step-customer",
        Step::Items => "neworder-step-items",
        Step::Payment => "neworder-step-payment",
        Step::Overview => "neworder-step-overview",
    }
}

/// A step with the way through the form above it.
pub(super) fn screen(visitor: &Visitor, screen: &Screen, refused: Option<&Refusal>) -> Markup {
    let words = visitor.words();
    let way = Step::ALL.into_iter().zip(1_i64..);
    html! {
        div.title {
            a.back href="/orders/new" aria-label=(words.text("neworder-title")) { (icon(BACK, 22)) }
            h1 { (words.text(kind_key(screen.draft.kind))) }
        }
        nav.tabs aria-label=(words.text("neworder-steps")) {
            @for (step, no) in way {
                a.on[step == screen.step] href={ "/orders/drafts/" (screen.draft.id) "/" (step.word()) }
                    aria-current=[(step == screen.step).then_some("step")] { (no) " " (words.text(step_key(step))) }
            }
        }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (said(words, refusal)) } }
        @match screen.step {
            Step::General => (steps::general(visitor, screen)),
            Step::Customer => (steps::customer(visitor, screen)),
            Step::Items => (steps::items(visitor, screen)),
            Step::Payment => (steps::payment(visitor, screen)),
            Step::Overview => (overview(visitor, screen)),
        }
    }
}

/// An address in the order of a label.
pub(in crate::central::console) fn address(words: &Catalogue, address: &Address) -> Markup {
    let place = [address.postcode.as_deref().unwrap_or_default(), &address.city].join(" ");
    let country = country_name(words, &address.country, &address.country);
    html! {
        @for line in address.company.iter().chain([&address.name]).chain(&address.lines) {
            @if !line.is_empty() { (line) br; }
        }
        @if !place.trim().is_empty() { (place.trim()) br; }
        (country)
        @for more in address.phone.iter().chain(&address.email) { br; (more) }
    }
}

fn overview(visitor: &Visitor, screen: &Screen) -> Markup {
    let (words, document) = (visitor.words(), &screen.draft.document);
    let part = |step: Step, body: Markup| {
        html! {
            section.card.pad {
                div.cardhead.flat {
                    h2 { (words.text(step_key(step))) }
                    a href={ "/orders/drafts/" (screen.draft.id) "/" (step.word()) } { (words.text("console-edit")) }
                }
                (body)
            }
        }
    };
    let shipping = screen.shipping.iter().find(|known| known.codes == document.shipping);
    let terms = words.text(steps::terms_key(document.terms));
    html! {
        div.split {
            div {
                (part(Step::Items, lines(visitor, screen)))
            }
            div {
                (part(Step::Customer, html! { p { (address(words, &document.address)) }
                    @if document.customer.is_some() { (pill("k", CHECKED, &words.text("neworder-on-file"))) }
                }))
                (part(Step::General, html! {
                    p { @match shipping {
                        Some(known) => { (known.names.0) " · " (known.names.1) },
                        None => "–",
                    } @if !document.ship_by.is_empty() { " · " (words.text("neworder-ship-by")) ": " (day(words, &document.ship_by)) } }
                    @if let Some(remark) = document.remark { p { b { (words.text(steps::remark_key(remark))) } " " (document.remark_text) } }
                    @if !document.note.is_empty() { p.wrap { (document.note) } }
                }))
                (part(Step::Payment, html! {
                    p { (terms) }
                    @if document.paid_minor > 0 {
                        p { b { (money(words, document.paid_minor, &screen.currency)) } " · "
                            (words.text(steps::method_key(document.method))) " " (document.reference) }
                    }
                    (proof_list(visitor, &screen.proofs))
                }))
                form method="post" action={ "/orders/drafts/" (screen.draft.id) "/submit" } {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="version" value=(screen.draft.version);
                    @if !visitor.may(Permission::PaymentAdd) && document.paid_minor > 0 {
                        p.wrong { (words.text("neworder-payment-not-yours")) }
                    }
                    @if let Some((paid, total)) = screen.above_minor() { (above(words, paid, total, &screen.currency)) }
                    div.answers { button.btn.pri { (words.text("neworder-submit")) (icon(NEXT, 18)) } }
                }
            }
        }
    }
}

/// The lines with their amounts, the sums, and what is missing.
fn lines(visitor: &Visitor, screen: &Screen) -> Markup {
    let words = visitor.words();
    let Some(priced) = &screen.priced else { return html! { p.wrong { (words.text("neworder-not-ready")) } } };
    let sums = Sums::of(priced);
    let amount = |minor| money(words, minor, &screen.currency);
    let missing = short(priced);
    html! {
        table.lines {
            thead { tr {
                th scope="col" { (words.text("column-product")) }
                th.num scope="col" { (words.text("column-quantity")) }
                th.num scope="col" { (words.text("column-total")) }
            } }
            tbody { @for line in priced { tr {
                td.wrap { (line.offer.name) " " span.muted.mono { (line.offer.sku) } }
                td.num { (words.format().number(line.quantity)) }
                td.num { (amount(line.base_minor)) }
            } } }
            tfoot {
                tr { td colspan="2" { (words.text("neworder-sum-net")) } td.num { (amount(sums.base_minor)) } }
                tr { td colspan="2" { (words.text("neworder-sum-tax")) } td.num { (amount(sums.tax_minor)) } }
                tr { td colspan="2" { b { (words.text("column-total")) } } td.num { b { (amount(sums.total_minor())) } } }
            }
        }
        @if !missing.is_empty() {
            p { @if screen.draft.document.backorder {
                (pill("w", TRIANGLE, &words.text("neworder-will-wait")))
            } @else {
                span.wrong { (said(words, &Refusal::Short { lines: missing })) } " "
                a href={ "/orders/drafts/" (screen.draft.id) "/items#backorder" } { (words.text("neworder-short-way")) }
            } }
        }
    }
}
