//! The forms of the steps.

use super::super::country::country_choice;
use super::super::marks::{CHECKED, CROSS, GLASS, NEXT, TRIANGLE, icon, pill};
use super::super::orders::money;
use super::super::proofs::{KINDS, proof_list};
use super::super::visitor::Visitor;
use super::Screen;
use super::view::address as shown;
use crate::central::services::access::Permission;
use crate::central::services::orders::entry::{DeskKind, NOTE_MAX, NewLine, Remark, Terms};
use crate::central::services::orders::{Method, Sums};
use crate::central::services::products::Offer;
use crate::core::message::Arg;
use crate::core::money::{Currency, Money};
use crate::i18n::Catalogue;
use crate::protocol::wire::order::Address;
use maud::{Markup, html};

pub(super) const fn remark_key(remark: Remark) -> &'static str {
    match remark {
        Remark::Replacement => "neworder-remark-replacement",
        Remark::Goodwill => "neworder-remark-goodwill",
        Remark::Other => "neworder-remark-other",
    }
}

pub(super) const fn terms_key(terms: Terms) -> &'static str {
    match terms {
        Terms::Prepaid => "neworder-terms-prepaid",
        Terms::OnDelivery => "neworder-terms-on-delivery",
        Terms::Net7 => "neworder-terms-net7",
        Terms::Net14 => "neworder-terms-net14",
        Terms::Net30 => "neworder-terms-net30",
        Terms::Net60 => "neworder-terms-net60",
    }
}

pub(super) const fn method_key(method: Method) -> &'static str {
    match method {
        Method::BankTransfer => "neworder-method-bank",
        Method::Card => "neworder-method-card",
        Method::Cash => "neworder-method-cash",
        Method::Cheque => "neworder-method-cheque",
        Method::Wallet => "neworder-method-wallet",
    }
}

/// A form of a step. The first button is what the Enter key presses: it saves, or searches where something is typed there.
fn form(visitor: &Visitor, screen: &Screen, body: Markup) -> Markup {
    let words = visitor.words();
    html! {
        form.card.pad.sheet.wide method="post" action={ "/orders/drafts/" (screen.draft.id) "/" (screen.step.word()) } {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="version" value=(screen.draft.version);
            button.skip name="go" value="enter" tabindex="-1" aria-hidden="true" {}
            (body)
            div.answers {
                button.btn.pri name="go" value="next" { (words.text("neworder-next")) (icon(NEXT, 18)) }
                button.btn name="go" value="stay" { (words.text("office-save")) }
            }
        }
    }
}

/// A field with its label.
pub(in crate::central::console) fn field(words: &Catalogue, key: &str, name: &str, value: &str, max: usize) -> Markup {
    html! { label { (words.text(key)) input name=(name) value=(value) maxlength=(max) autocomplete="off"; } }
}

pub(super) fn general(visitor: &Visitor, screen: &Screen) -> Markup {
    let (words, document) = (visitor.words(), &screen.draft.document);
    form(
        visitor,
        screen,
        html! {
            label { (words.text("neworder-shipping"))
                select name="shipping" { @for known in &screen.shipping {
                    option value={ (known.codes.0) "/" (known.codes.1) } selected[known.codes == document.shipping] {
                        (known.names.0) " · " (known.names.1)
                    }
                } }
            }
            label { (words.text("neworder-ship-by"))
                input type="date" name="ship_by" min=(super::today(visitor)) value=(document.ship_by);
                span.small { (words.text("neworder-ship-by-hint")) }
            }
            @if screen.draft.kind == DeskKind::B2c {
                fieldset {
                    legend { (words.text("neworder-remark")) }
                    @for remark in Remark::ALL {
                        label.check {
                            input type="radio" name="remark" value=(remark.word()) checked[document.remark == Some(remark)];
                            (words.text(remark_key(remark)))
                        }
                    }
                }
                (field(words, "neworder-remark-words", "remark_text", &document.remark_text, NOTE_MAX))
            }
            label { (words.text("neworder-note"))
                textarea name="note" rows="3" maxlength=(NOTE_MAX) { (document.note) }
                span.small { (words.text("neworder-note-hint")) }
            }
        },
    )
}

/// The fields of an address.
pub(in crate::central::console) fn address_fields(words: &Catalogue, address: &Address, business: bool) -> Markup {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let line = |n: usize| address.lines.get(n).cloned().unwrap_or_default();
    let company = field(words, "neworder-company", "company", &text(&address.company), 100);
    html! {
        div.two {
            @if business { (company) }
            (field(words, "neworder-name", "name", &address.name, 100))
            @if !business { (company) }
        }
        (field(words, "neworder-street", "line1", &line(0), 100))
        div.two {
            (field(words, "neworder-street2", "line2", &line(1), 100))
            (field(words, "neworder-street3", "line3", &line(2), 100))
        }
        div.two {
            (field(words, "neworder-postcode", "postcode", &text(&address.postcode), 20))
            (field(words, "neworder-city", "city", &address.city, 100))
            (field(words, "neworder-region", "region", &text(&address.region), 100))
            (country_choice(words, "neworder-country", "country", &address.country))
        }
        div.two {
            (field(words, "neworder-phone", "phone", &text(&address.phone), 30))
            (field(words, "neworder-email", "email", &text(&address.email), 254))
        }
    }
}

fn finder(words: &Catalogue, screen: &Screen, hint: &str) -> Markup {
    html! {
        div.filters.flat {
            label.field { (icon(GLASS, 18))
                input name="find" value=(screen.find) placeholder=(words.text(hint)) aria-label=(words.text(hint)) maxlength="100"; }
            button.btn name="go" value="find" { (words.text("console-search")) }
        }
    }
}

pub(super) fn customer(visitor: &Visitor, screen: &Screen) -> Markup {
    let (words, document) = (visitor.words(), &screen.draft.document);
    let none = !screen.find.is_empty() && screen.people.is_empty();
    form(
        visitor,
        screen,
        html! {
            (finder(words, screen, "neworder-find-customer"))
            @if none { p.muted { (words.text("console-none-found")) } }
            @for known in &screen.people {
                div.choice {
                    div.grow { @if !known.name.is_empty() { b { (known.name) } " " } span.mono { (known.number) } div.small { (shown(words, &known.address)) } }
                    button.btn name="go" value={ "choose-" (known.id) } { (words.text("neworder-choose")) }
                }
            }
            @if document.customer.is_some() {
                div.choice {
                    div.grow { (pill("k", CHECKED, &words.text("neworder-on-file"))) }
                    button.btn name="go" value="nobody" { (words.text("neworder-new-customer")) }
                }
            } @else { p.muted { (words.text("neworder-becomes-customer")) } }
            (address_fields(words, &document.address, screen.draft.kind == DeskKind::B2b))
        },
    )
}

/// What is free of a product, as a mark.
fn free(words: &Catalogue, offer: &Offer, wanted: i64) -> Markup {
    if offer.service {
        return html! { span.muted { (words.text("neworder-service")) } };
    }
    let text = words.text_with("neworder-free", &[("n", Arg::Int(offer.available.max(0)))]);
    if offer.available < wanted.max(1) { pill("w", TRIANGLE, &text) } else { pill("k", CHECKED, &text) }
}

/// An amount as one types it.
fn plain(minor: i64, currency: &str) -> String {
    Currency::new(currency).map_or_else(|| minor.to_string(), |currency| Money { minor, currency }.plain())
}

/// A rate as one types it: `20`, `5.5`.
fn percent(basis_points: u32) -> String {
    let (whole, part) = (basis_points / 100, basis_points % 100);
    if part == 0 { whole.to_string() } else { format!("{whole}.{part:02}").trim_end_matches('0').to_owned() }
}

pub(super) fn items(visitor: &Visitor, screen: &Screen) -> Markup {
    let (words, document) = (visitor.words(), &screen.draft.document);
    let none = !screen.find.is_empty() && screen.found.is_empty();
    form(
        visitor,
        screen,
        html! {
            @if document.lines.is_empty() { p.muted { (words.text("neworder-no-items")) } }
            @for (n, line) in document.lines.iter().enumerate() {
                (item(words, screen, n, line))
            }
            (finder(words, screen, "neworder-find-item"))
            @if none { p.muted { (words.text("console-none-found")) } }
            @if !screen.found.is_empty() {
                fieldset.picks {
                    legend { (words.text("neworder-tick-items")) }
                    @for offer in &screen.found {
                        label.check {
                            input type="checkbox" name="pick" value=(offer.sku);
                            span.grow { (offer.name) " " span.muted.mono { (offer.sku) } }
                            @match offer.price_minor {
                                Some(minor) => span { (money(words, minor, &screen.currency)) },
                                None => span.muted { (words.text("neworder-no-price")) },
                            }
                            (free(words, offer, 1))
                        }
                    }
                    div.answers { button.btn.pri name="go" value="add" { (words.text("neworder-add-ticked")) } }
                }
            }
            label.check #backorder {
                input type="checkbox" name="backorder" value="1" checked[document.backorder];
                (words.text("neworder-backorder"))
            }
        },
    )
}

fn item(words: &Catalogue, screen: &Screen, n: usize, line: &NewLine) -> Markup {
    let offer = screen.offers.get(n).and_then(Option::as_ref);
    let name = offer.map_or(line.sku.as_str(), |offer| offer.name.as_str());
    let own = offer.and_then(|offer| offer.price_minor);
    let price = line.price_minor.or(own);
    let tax = line.tax_rate_bp.or(offer.map(|offer| offer.tax_rate_bp)).unwrap_or(0);
    let drop = words.text_with("neworder-drop-line", &[("name", Arg::Text(name.to_owned()))]);
    html! {
        div.item {
            div.what { b { (name) } div.small { span.mono { (line.sku) } " "
                @if let Some(offer) = offer { (free(words, offer, line.quantity)) } } }
            label { (words.text("column-quantity"))
                input type="number" name={ "units-" (n) } min="1" max="100000" value=(screen.value(&format!("units-{n}"), line.quantity.to_string())); }
            @if screen.draft.kind == DeskKind::B2c {
                label { (words.text("neworder-price"))
                    input name={ "price-" (n) } inputmode="decimal" maxlength="15"
                        value=(screen.value(&format!("price-{n}"), price.map(|minor| plain(minor, &screen.currency)).unwrap_or_default())); }
            } @else {
                div.fixed { span.small { (words.text("neworder-price")) } b { @match own {
                    Some(minor) => (money(words, minor, &screen.currency)),
                    None => (words.text("neworder-no-price")),
                } } }
            }
            label { (words.text("neworder-tax"))
                input name={ "tax-" (n) } inputmode="decimal" maxlength="6" value=(screen.value(&format!("tax-{n}"), percent(tax))); }
            button.btn name="go" value={ "drop-" (n) } aria-label=(drop) { (icon(CROSS, 16)) }
        }
    }
}

/// The payment of a draft. Who may enter payments sends the file of a proof with the same form, so that no button loses what was
/// typed beside it.
pub(super) fn payment(visitor: &Visitor, screen: &Screen) -> Markup {
    let words = visitor.words();
    let answers = html! {
        div.answers {
            button.btn.pri name="go" value="next" { (words.text("neworder-next")) (icon(NEXT, 18)) }
            button.btn name="go" value="stay" { (words.text("office-save")) }
        }
    };
    let start = html! {
        input type="hidden" name="csrf" value=(visitor.session.csrf);
        input type="hidden" name="version" value=(screen.draft.version);
        button.skip name="go" value="enter" tabindex="-1" aria-hidden="true" {}
        (terms(words, screen))
    };
    let draft = &screen.draft.id;
    html! {
        @if visitor.may(Permission::PaymentAdd) {
            form.card.pad.sheet.wide method="post" action={ "/orders/drafts/" (draft) "/proof" } enctype="multipart/form-data" {
                (start)
                (paid(words, screen))
                fieldset {
                    legend { (words.text("neworder-proofs")) }
                    (proof_list(visitor, &screen.proofs))
                    label { (words.text("neworder-proof-file"))
                        input type="file" name="file" accept=(KINDS);
                        span.small { (words.text("neworder-proof-hint")) } }
                    div.answers { button.btn name="go" value="proof" { (words.text("neworder-proof-add")) } }
                }
                (answers)
            }
        } @else {
            form.card.pad.sheet.wide method="post" action={ "/orders/drafts/" (draft) "/payment" } { (start) (answers) }
            section.card.pad.sheet.wide {
                h2 { (words.text("neworder-proofs")) }
                (proof_list(visitor, &screen.proofs))
            }
        }
    }
}

/// When it is paid, and what it costs.
fn terms(words: &Catalogue, screen: &Screen) -> Markup {
    let chosen = screen.value("terms", screen.draft.document.terms.word().to_owned());
    html! {
        @if let Some(priced) = &screen.priced {
            p { (words.text("column-total")) " " b { (money(words, Sums::of(priced).total_minor(), &screen.currency)) } }
        }
        label { (words.text("neworder-terms"))
            select name="terms" { @for terms in Terms::ALL {
                option value=(terms.word()) selected[terms.word() == chosen] { (words.text(terms_key(terms))) }
            } }
            span.small { (words.text("neworder-terms-hint")) }
        }
    }
}

/// What was paid already.
fn paid(words: &Catalogue, screen: &Screen) -> Markup {
    let document = &screen.draft.document;
    let stored = if document.paid_minor == 0 { String::new() } else { plain(document.paid_minor, &screen.currency) };
    let chosen = screen.value("method", document.method.word().to_owned());
    html! {
        div.two {
            label { (words.text_with("neworder-paid", &[("currency", Arg::Text(screen.currency.clone()))]))
                input name="paid" inputmode="decimal" maxlength="15" value=(screen.value("paid", stored));
            }
            label { (words.text("neworder-method"))
                select name="method" { @for method in Method::ALL {
                    option value=(method.word()) selected[method.word() == chosen] { (words.text(method_key(method))) }
                } }
            }
        }
        @if let Some((paid, total)) = screen.above_minor() {
            p { (pill("w", TRIANGLE, &more_than(words, paid, total, &screen.currency))) }
        }
        (field(words, "neworder-reference", "reference", &screen.value("reference", document.reference.clone()), 100))
    }
}

/// That more is said to be paid than the order costs.
pub(super) fn more_than(words: &Catalogue, paid: i64, total: i64, currency: &str) -> String {
    let sum = |minor: i64| Arg::Text(money(words, minor, currency));
    words.text_with("neworder-above", &[("more", sum(paid.saturating_sub(total))), ("total", sum(total))])
}
