//! The settings of the house, for admins: name, zone, currency, language, how long things of people are kept, and until when carriers
//! fetch. What a change would delete is said before it is made.

use super::frame::{Place, page as frame, trouble};
use super::marks::{CHECKED, TRIANGLE, TRUCK, icon, pill};
use super::new_order::form::Fields;
use super::people::{forbidden, why};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::settings::house::{self, COUNTED_MAX, DAYS_MAX, Fallout, HouseEdit, NAME_MAX, WEEK};
use crate::central::services::settings::numbers::{self, RULE_CHARS_MAX, RULES_MAX};
use crate::core::message::Arg;
use crate::i18n::{Catalogue, Lang};
use crate::protocol::wire::carrier::{CarrierService, Weekday};
use crate::protocol::wire::{CarrierRecord, SettingsRecord};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

/// Fields of the form that can be refused.
const FIELDS: &[&str] = &["name", "zone", "currency", "language", "photo_days", "personal_days"];

/// What the page shows besides the settings.
#[derive(Default)]
struct Shown {
    /// What was typed; the settings as they are where nothing was.
    typed: Option<HouseEdit>,
    /// What was wrong with it.
    refused: Option<Refusal>,
    /// What it would delete, to be confirmed.
    fallout: Option<Fallout>,
    /// Rules of numbers as they were typed and refused.
    numbers: Option<String>,
    /// Times that carriers fetch at, as they were typed and refused.
    cutoffs: Option<Cutoffs>,
    /// It was saved.
    saved: bool,
}

/// Times of a service as they were typed and refused.
struct Cutoffs {
    carrier: String,
    service: String,
    days: [String; 7],
    /// Place of the day whose times could not be read; none where the refusal is about all of them.
    wrong: Option<usize>,
}

/// `GET /settings`
pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Response {
    let saved = !Fields(pairs).get("saved").is_empty();
    show(&app, &visitor, Shown { saved, ..Shown::default() }).await
}

async fn show(app: &App, visitor: &Visitor, shown: Shown) -> Response {
    if !visitor.may(Permission::SettingsManage) {
        return forbidden(visitor);
    }
    let site = app.store.site();
    let read = app.store.read(move |tx| Ok((house::now(tx, site)?, house::carriers(tx, site)?)));
    let (settings, carriers) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(visitor, &error),
    };
    let words = visitor.words();
    let status = if shown.refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let content = html! {
        div.title { h1 { (words.text("house-title")) } }
        @if shown.saved { p.lead role="status" { (pill("k", CHECKED, &words.text("house-saved"))) } }
        @if let Some(refusal) = shown.refused.as_ref().filter(|refusal| place(refusal).is_empty() && shown.numbers.is_none() && shown.cutoffs.is_none()) {
            p.wrong.lead role="alert" { (why(words, refusal)) }
        }
        (form(visitor, &settings, &shown))
        @for carrier in &carriers { @for service in &carrier.services { (cutoffs(visitor, carrier, service, &shown)) } }
        (number_rules(visitor, &settings, &shown))
        (elsewhere(visitor))
    };
    (status, frame(visitor, Place::Settings, &words.text("house-title"), &content)).into_response()
}

fn failed(visitor: &Visitor, error: &CentralError) -> Response {
    tracing::error!(%error, "the settings could not be read or changed");
    trouble(visitor, Place::Settings, "console-trouble")
}

/// The field of the form that a refusal is about, or empty.
fn place(refusal: &Refusal) -> &'static str {
    let Refusal::Field { field, .. } = refusal else { return "" };
    field.strip_prefix("settings.").filter(|name| FIELDS.contains(name)).unwrap_or("")
}

/// The settings as a form would send them back.
fn as_typed(settings: &SettingsRecord) -> HouseEdit {
    HouseEdit {
        name: settings.name.clone(),
        zone: settings.zone.clone(),
        currency: settings.currency.clone(),
        language: settings.languages.first().cloned().unwrap_or_default(),
        personal_data_days: settings.personal_data_days.into(),
        photo_days: settings.photos.keep_days.into(),
    }
}

fn form(visitor: &Visitor, settings: &SettingsRecord, shown: &Shown) -> Markup {
    let words = visitor.words();
    let typed = shown.typed.clone().unwrap_or_else(|| as_typed(settings));
    let wrong = |name: &str| {
        let refusal = shown.refused.as_ref().filter(|refusal| place(refusal) == name);
        html! { @if let Some(refusal) = refusal { span.wrong role="alert" { (why(words, refusal)) } } }
    };
    let days = |name: &str, key: &str, hint: &str, value: i64| {
        html! {
            label { (words.text(key)) input type="number" name=(name) min="1" max=(DAYS_MAX) required value=(value);
                span.small { (words.text(hint)) } (wrong(name)) }
        }
    };
    html! {
        form.card.pad.sheet #house method="post" action="/settings" {
            h2 { (words.text("house-house")) }
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="seen" value=(settings.version);
            label { (words.text("house-name")) input name="name" maxlength=(NAME_MAX) required value=(typed.name); (wrong("name")) }
            div.two {
                label { (words.text("house-zone")) input name="zone" maxlength="60" required value=(typed.zone) placeholder="Europe/London" spellcheck="false";
                    span.small { (words.text("house-zone-hint")) } (wrong("zone")) }
                label { (words.text("house-currency")) input name="currency" maxlength="3" required value=(typed.currency) placeholder="EUR" spellcheck="false";
                    span.small { (words.text("house-currency-hint")) } (wrong("currency")) }
                label { (words.text("house-language")) select name="language" {
                    @for lang in Lang::ALL { option value=(lang.code()) selected[lang.code() == typed.language] { (lang.own_name()) } }
                } span.small { (words.text("house-language-hint")) } (wrong("language")) }
            }
            h3 { (words.text("house-keep")) }
            div.two {
                (days("photo_days", "house-photo-days", "house-photo-days-hint", typed.photo_days))
                (days("personal_days", "house-personal-days", "house-personal-days-hint", typed.personal_data_days))
            }
            @if let Some(fallout) = &shown.fallout { (before(words, fallout)) }
            div.answers { button.btn.pri { (words.text("office-save")) } }
        }
    }
}

/// What would be deleted, and that it is meant.
fn before(words: &Catalogue, fallout: &Fallout) -> Markup {
    let told = |key: &str, most: &str, n: i64| {
        words.text_with(if n >= COUNTED_MAX { most } else { key }, &[("n", Arg::Int(n))])
    };
    html! {
        fieldset #fallout {
            legend { (icon(TRIANGLE, 18)) " " (words.text("house-fallout")) }
            ul role="alert" {
                @if fallout.photos > 0 { li { (told("house-fallout-photos", "house-fallout-photos-many", fallout.photos)) } }
                @if fallout.orders > 0 { li { (told("house-fallout-orders", "house-fallout-orders-many", fallout.orders)) } }
            }
            label.check { input type="checkbox" name="sure" value="1" required; (words.text("house-sure")) }
        }
    }
}

fn day_key(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "house-monday",
        Weekday::Tuesday => "house-tuesday",
        Weekday::Wednesday => "house-wednesday",
        Weekday::Thursday => "house-thursday",
        Weekday::Friday => "house-friday",
        Weekday::Saturday => "house-saturday",
        Weekday::Sunday => "house-sunday",
    }
}

/// Until when a service is fetched on each day.
fn cutoffs(visitor: &Visitor, carrier: &CarrierRecord, service: &CarrierService, shown: &Shown) -> Markup {
    let words = visitor.words();
    let typed = shown.cutoffs.as_ref().filter(|typed| typed.carrier == carrier.code && typed.service == service.code);
    let wrong = |place: Option<usize>| {
        let refusal = typed.filter(|typed| typed.wrong == place).and(shown.refused.as_ref());
        html! { @if let Some(refusal) = refusal { span.wrong role="alert" { (why(words, refusal)) } } }
    };
    let value = |place: usize, stored: String| typed.and_then(|typed| typed.days.get(place).cloned()).unwrap_or(stored);
    let of = |day: Weekday| {
        let own = service.cutoffs.iter().filter(|cutoff| cutoff.weekday == day);
        own.map(|cutoff| format!("{:02}:{:02}", cutoff.minute_of_day / 60, cutoff.minute_of_day % 60))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let name = format!("{} · {}", carrier.name, service.name);
    html! {
        form.card.pad.sheet method="post" action="/settings/cutoffs" {
            h2 { (icon(TRUCK, 20)) " " (name) }
            p.muted { (words.text("house-cutoffs-hint")) }
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="seen" value=(carrier.version);
            input type="hidden" name="carrier" value=(carrier.code);
            input type="hidden" name="service" value=(service.code);
            div.two { @for (place, day) in WEEK.into_iter().enumerate() {
                label { (words.text(day_key(day)))
                    input name={ "day-" (place) } maxlength="60" value=(value(place, of(day))) placeholder="–"
                        autofocus[typed.is_some_and(|typed| typed.wrong == Some(place))];
                    (wrong(Some(place))) }
            } }
            @if typed.is_some() { (wrong(None)) }
            div.answers { button.btn aria-label={ (words.text("office-save")) ": " (name) } { (words.text("office-save")) } }
        }
    }
}

/// How numbers are read that carry a weight, a price or a count.
fn number_rules(visitor: &Visitor, settings: &SettingsRecord, shown: &Shown) -> Markup {
    let words = visitor.words();
    let text = shown.numbers.clone().unwrap_or_else(|| settings.variable_numbers.join("\n"));
    let wrong = shown.refused.as_ref().filter(|_| shown.numbers.is_some());
    html! {
        form.card.pad.sheet #numbers method="post" action="/settings/numbers" {
            h2 { (words.text("house-numbers")) }
            p.muted { (words.text("house-numbers-hint")) }
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="seen" value=(settings.version);
            label { (words.text("house-numbers-rules"))
                textarea.mono name="rules" rows="4" maxlength=(RULES_MAX * (RULE_CHARS_MAX + 2)) spellcheck="false" placeholder="21IIIIIWWWWWC" { (text) }
                @if let Some(refusal) = wrong { span.wrong role="alert" { (why(words, refusal)) } }
            }
            div.answers { button.btn { (words.text("office-save")) } }
        }
    }
}

/// Where other things of the house are set.
fn elsewhere(visitor: &Visitor) -> Markup {
    let words = visitor.words();
    let all = [
        ("/board/stages", "board-stages", Permission::SettingsManage),
        ("/orders/rules", "orders-rules", Permission::SettingsManage),
        ("/messages/settings", "msg-settings", Permission::SettingsManage),
        ("/messages/templates", "msg-templates", Permission::SettingsManage),
        ("/webhooks", "msg-webhooks", Permission::SettingsManage),
        ("/roles", "office-roles", Permission::UserView),
        ("/keys", "office-keys", Permission::KeyManage),
    ];
    html! {
        section.card.pad {
            h2 { (words.text("house-elsewhere")) }
            ul.plain { @for (href, key, needs) in all { @if visitor.may(needs) { li { a href=(href) { (words.text(key)) } } } } }
        }
    }
}

/// `POST /settings`
pub(super) async fn set(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let edit = HouseEdit {
        name: fields.get("name").to_owned(),
        zone: fields.get("zone").to_owned(),
        currency: fields.get("currency").to_uppercase(),
        language: fields.get("language").to_owned(),
        personal_data_days: fields.int("personal_days"),
        photo_days: fields.int("photo_days"),
    };
    let typed = Some(edit.clone());
    if let Err(refusal) = house::check(&edit) {
        return show(&app, &visitor, Shown { typed, refused: Some(refusal), ..Shown::default() }).await;
    }
    if fields.get("sure").is_empty() {
        let (site, asked, now_ms) = (app.store.site(), edit.clone(), visitor.now_ms);
        match app.store.read(move |tx| house::fallout(tx, site, &asked, now_ms)).await {
            Ok(fallout) if fallout != Fallout::default() => {
                return show(&app, &visitor, Shown { typed, fallout: Some(fallout), ..Shown::default() }).await;
            }
            Ok(_) => {}
            Err(error) => return failed(&visitor, &error),
        }
    }
    let seen = fields.int("seen");
    let done = app.store.write(visitor.actor(), move |work| house::change(work, &edit, seen)).await;
    if done.is_ok()
        && let Err(error) = app.follow_zone().await
    {
        tracing::warn!(%error, "the new zone shows in half a minute");
    }
    answer(&app, &visitor, done.map(|_| ()), typed).await
}

/// `POST /settings/cutoffs`
pub(super) async fn set_cutoffs(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let text = |place: usize| fields.get(&format!("day-{place}")).to_owned();
    let typed = |wrong: Option<usize>| {
        let (carrier, service) = (fields.get("carrier").to_owned(), fields.get("service").to_owned());
        Some(Cutoffs { carrier, service, days: std::array::from_fn(text), wrong })
    };
    let mut days: [Vec<u16>; 7] = Default::default();
    for (place, day) in days.iter_mut().enumerate() {
        match house::times(&text(place)) {
            Ok(times) => *day = times,
            Err(refusal) => {
                let shown = Shown { cutoffs: typed(Some(place)), refused: Some(refusal), ..Shown::default() };
                return show(&app, &visitor, shown).await;
            }
        }
    }
    let (carrier, service) = (fields.get("carrier").to_owned(), fields.get("service").to_owned());
    let seen = fields.int("seen");
    let write =
        app.store.write(visitor.actor(), move |work| house::set_cutoffs(work, (&carrier, &service), &days, seen));
    match write.await {
        Err(CentralError::Refused(refusal)) => {
            show(&app, &visitor, Shown { cutoffs: typed(None), refused: Some(refusal), ..Shown::default() }).await
        }
        done => answer(&app, &visitor, done, None).await,
    }
}

/// `POST /settings/numbers`
pub(super) async fn set_numbers(
    State(app): State<App>,
    visitor: Visitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let (rules, seen) = (fields.get("rules").to_owned(), fields.int("seen"));
    let text = rules.clone();
    match app.store.write(visitor.actor(), move |work| numbers::set(work, &text, seen)).await {
        Err(CentralError::Refused(refusal)) => {
            show(&app, &visitor, Shown { numbers: Some(rules), refused: Some(refusal), ..Shown::default() }).await
        }
        done => answer(&app, &visitor, done, None).await,
    }
}

async fn answer(app: &App, visitor: &Visitor, done: Res<()>, typed: Option<HouseEdit>) -> Response {
    match done {
        Ok(()) => Redirect::to("/settings?saved=1").into_response(),
        Err(CentralError::Refused(refusal)) => {
            show(app, visitor, Shown { typed, refused: Some(refusal), ..Shown::default() }).await
        }
        Err(error) => failed(visitor, &error),
    }
}
