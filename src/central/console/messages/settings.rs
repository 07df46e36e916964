//! Which kinds of mail go out by themselves and after how long, and where carriers show how far a parcel is.

use super::super::frame::{Place, page as frame, trouble};
use super::super::marks::{CHECKED, TRIANGLE, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::forbidden;
use super::super::visitor::Visitor;
use super::{answer, kind_name, reminding, tabs};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::messages::{self as service, Kind, Plan, Rule};
use crate::central::services::settings::services;
use crate::core::message::Arg;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use std::collections::BTreeMap;

/// `GET /messages/settings`
pub async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let site = app.store.site();
    let read = app.store.read(move |tx| {
        Ok((service::rules(tx, site)?, service::links(tx, site)?, services(tx, site)?, service::plan(tx, site)?))
    });
    match read.await {
        Ok((rules, links, services, plan)) => {
            let carriers: BTreeMap<String, String> =
                services.into_iter().map(|shipping| (shipping.codes.0, shipping.names.0)).collect();
            let title = visitor.words().text("msg-settings").into_owned();
            frame(&visitor, Place::Messages, &title, &content(&app, &visitor, (&rules, &plan), &links, &carriers))
        }
        Err(error) => {
            tracing::error!(%error, "the rules of messages could not be read");
            trouble(&visitor, Place::Messages, "console-trouble")
        }
    }
}

fn content(
    app: &App,
    visitor: &Visitor,
    (rules, plan): (&[Rule], &Plan),
    links: &BTreeMap<String, String>,
    carriers: &BTreeMap<String, String>,
) -> Markup {
    let words = visitor.words();
    html! {
        div.title { h1 { (words.text("msg-settings")) } }
        (tabs(visitor, "/messages/settings"))
        p.lead {
            @match &app.mail {
                Some(mail) => (pill("k", CHECKED, &words.text_with("msg-server-is", &[("host", Arg::Text(mail.host.clone()))]))),
                None => { (pill("w", TRIANGLE, &words.text("msg-no-server"))) " " (words.text("msg-no-server-hint")) },
            }
        }
        section.card.pad {
            h2 { (words.text("msg-rules")) }
            p.muted { (words.text("msg-rules-hint")) }
            @for rule in rules.iter().filter(|rule| !matches!(rule.kind, Kind::Free | Kind::PaymentReminder | Kind::PaymentFinal)) {
                @let name = kind_name(words, rule.kind.word());
                form.messagerule method="post" action="/messages/settings" {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="kind" value=(rule.kind.word());
                    label.check { input type="checkbox" name="active" value="1" checked[rule.active]; b { (name) } }
                    label.minutes {
                        span { (words.text("msg-rule-minutes")) }
                        input type="number" name="minutes" min="0" max="1440" value=(rule.delay_ms / 60_000);
                    }
                    button.btn aria-label={ (words.text("office-save")) ": " (name) } { (words.text("office-save")) }
                }
            }
        }
        (reminding::card(visitor, plan))
        section.card.pad {
            h2 { (words.text("msg-links")) }
            p.muted { (words.text("msg-links-hint")) }
            @for (code, name) in carriers {
                form.messagerule method="post" action="/messages/links" {
                    input type="hidden" name="csrf" value=(visitor.session.csrf);
                    input type="hidden" name="carrier" value=(code);
                    label.wide {
                        span { (icon(super::super::marks::TRUCK, 18)) " " (name) }
                        input name="url" maxlength="400" value=(links.get(code).map_or("", String::as_str)) placeholder="https://carrier.example/{number}";
                    }
                    button.btn aria-label={ (words.text("office-save")) ": " (name) } { (words.text("office-save")) }
                }
            }
        }
    }
}

/// `POST /messages/settings`
pub async fn set(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    let kind = Kind::of(fields.get("kind"));
    let (true, Some(kind)) = (visitor.sent(fields.get("csrf")) && visitor.may(Permission::SettingsManage), kind) else {
        return forbidden(&visitor);
    };
    let rule =
        Rule { kind, active: !fields.get("active").is_empty(), delay_ms: fields.int("minutes").saturating_mul(60_000) };
    let done = app.store.write(visitor.actor(), move |work| service::set_rule(work, rule)).await;
    answer(&visitor, done, "/messages/settings")
}

/// `POST /messages/links`
pub async fn link(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let (carrier, url) = (fields.get("carrier").to_owned(), fields.get("url").to_owned());
    let done = app.store.write(visitor.actor(), move |work| service::set_link(work, &carrier, &url)).await;
    answer(&visitor, done, "/messages/settings")
}
