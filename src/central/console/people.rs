//! People and roles: who may log in where, and what a role may do.

use super::frame::{Place, page as frame, trouble};
use super::marks::{BACK, CHECKED, CROSS, MINUS, USER, icon, pill};
use super::visitor::Visitor;
use crate::central::error::{CentralError, Refusal};
use crate::central::routes::App;
use crate::central::secrets::HashCost;
use crate::central::services::access::{Permission, Permissions, roles as rules};
use crate::central::services::users::{self, NewUser, UserRow, role_of, role_word};
use crate::core::message::Arg;
use crate::i18n::{Catalogue, Lang};
use crate::protocol::wire::Role;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// Roles in the order of what they may do.
const ROLES: [Role; 6] = [Role::Picker, Role::Packer, Role::Quality, Role::Lead, Role::Office, Role::Admin];

/// Name of a role.
pub(super) fn role_name(words: &Catalogue, role: Role) -> String {
    words.text(&format!("office-role-{}", role_word(role))).into_owned()
}

/// The tabs of everything about access.
pub(super) fn tabs(visitor: &Visitor, now: &str) -> Markup {
    let words = visitor.words();
    let all = [
        ("/people", "office-people", Permission::UserView),
        ("/roles", "office-roles", Permission::UserView),
        ("/keys", "office-keys", Permission::KeyManage),
        ("/audit", "office-audit", Permission::AuditView),
    ];
    html! {
        div.tabs {
            @for (href, key, needs) in all {
                @if visitor.may(needs) {
                    a.on[href == now] href=(href) aria-current=[(href == now).then_some("page")] { (words.text(key)) }
                }
            }
        }
    }
}

/// The answer to somebody who may not see or do this.
pub(super) fn forbidden(visitor: &Visitor) -> Response {
    (StatusCode::FORBIDDEN, trouble(visitor, Place::People, "console-not-allowed")).into_response()
}

/// What a refused change says to the person who tried it.
pub(super) fn why(words: &Catalogue, refusal: &Refusal) -> String {
    let key = match refusal {
        Refusal::Field { field, .. } => {
            return words.text(&format!("office-wrong-{}", field.replace('.', "-"))).into_owned();
        }
        Refusal::Taken { field, .. } => return words.text(&format!("office-taken-{field}")).into_owned(),
        Refusal::Version { .. } => "office-changed-meanwhile",
        Refusal::Missing { .. } => "console-not-found",
        // Only programs are told of places in a body.
        Refusal::Fields { .. } => "office-not-possible",
        Refusal::State { .. } => "office-not-possible",
        Refusal::Forbidden => "console-not-allowed",
        Refusal::Unrecognised | Refusal::PairingCode | Refusal::PairingOther => "office-not-recognised",
        Refusal::TooMany { .. } => "office-too-many",
        Refusal::Short { .. } | Refusal::Stock { .. } => "office-no-stock",
        Refusal::Limit { limit } => return words.text_with("board-limit", &[("n", Arg::Int(*limit))]),
        Refusal::Needs { fact } => return words.text(&format!("board-needs-{fact}")).into_owned(),
        Refusal::ByWork => "board-by-work",
    };
    words.text(key).into_owned()
}

/// `GET /people`
pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::UserView) {
        return forbidden(&visitor);
    }
    let (site, now_ms) = (app.store.site(), visitor.now_ms);
    match app.store.read(move |tx| users::list(tx, site, now_ms)).await {
        Ok(rows) => frame(&visitor, Place::People, &visitor.words().text("office-people"), &people(&visitor, &rows)),
        Err(error) => {
            tracing::error!(%error, "the list of people failed");
            trouble(&visitor, Place::People, "console-trouble")
        }
    }
}

fn people(visitor: &Visitor, rows: &[UserRow]) -> Markup {
    let words = visitor.words();
    let has = |yes: bool, key: &str| {
        let text = words.text(key);
        if yes {
            pill("k", CHECKED, &text)
        } else {
            html! {}
        }
    };
    html! {
        div.title {
            h1 { (words.text("office-people")) }
            span.grow {}
            @if visitor.may(Permission::UserManage) {
                a.btn.pri href="/people/new" { (icon(USER, 18)) (words.text("office-add-person")) }
            }
        }
        (tabs(visitor, "/people"))
        div.card {
            table.rows {
                thead { tr {
                    @for key in ["office-name", "office-login", "office-role", "office-logs-in-by", "office-sessions", "column-state"] {
                        th scope="col" { (words.text(key)) }
                    }
                } }
                tbody { @for row in rows { tr {
                    td { a href={ "/people/" (row.id) } { b { (row.name) } } span.muted { " · " (row.initials) } }
                    td.mono { (row.login) }
                    td { (role_name(words, row.role)) }
                    td { div.answers.tight {
                        (has(row.badge, "office-badge")) (has(row.pin, "office-pin")) (has(row.password, "console-password"))
                    } }
                    td.num { (words.format().number(row.sessions)) }
                    td { @if row.disabled { (pill("x", CROSS, &words.text("office-shut-out"))) }
                        @else { (pill("", MINUS, &words.text("office-may-log-in"))) } }
                } } }
            }
        }
    }
}

/// What the form of a person sends.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    csrf: String,
    version: i64,
    login: String,
    name: String,
    initials: String,
    role: String,
    locale: String,
    pin: String,
    badge: String,
    password: String,
    disabled: Option<String>,
}

impl Sent {
    /// As the service takes it; empty secrets stay as they are.
    fn user(&self) -> Result<NewUser, Refusal> {
        let secret = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Ok(NewUser {
            login: self.login.trim().to_owned(),
            name: self.name.trim().to_owned(),
            initials: self.initials.trim().to_owned(),
            role: role_of(&self.role).ok_or(Refusal::Field { field: "role", why: "must be one of the roles" })?,
            pin: secret(&self.pin),
            badge: secret(&self.badge),
            password: secret(&self.password),
            locale: self.locale.clone(),
            cost: HashCost::default(),
        })
    }
}

/// `GET /people/new`
pub(super) async fn new(visitor: Visitor) -> Response {
    if !visitor.may(Permission::UserManage) {
        return forbidden(&visitor);
    }
    let locale = visitor.session.locale.clone();
    show(&visitor, None, &Sent { role: "packer".to_owned(), locale, ..Sent::default() }, None)
}

/// `POST /people/new`
pub(super) async fn add(State(app): State<App>, visitor: Visitor, Form(sent): Form<Sent>) -> Response {
    if !visitor.may(Permission::UserManage) || !visitor.sent(&sent.csrf) {
        return forbidden(&visitor);
    }
    let user = match sent.user() {
        Ok(user) => user,
        Err(refusal) => return show(&visitor, None, &sent, Some(&refusal)),
    };
    match app.store.write(visitor.actor(), move |work| users::add_new(work, &user)).await {
        Ok(()) => Redirect::to("/people").into_response(),
        Err(CentralError::Refused(refusal)) => show(&visitor, None, &sent, Some(&refusal)),
        Err(error) => failed(&visitor, &error),
    }
}

fn failed(visitor: &Visitor, error: &CentralError) -> Response {
    tracing::error!(%error, "a person could not be saved");
    trouble(visitor, Place::People, "console-trouble")
}

/// `GET /people/{id}`
pub(super) async fn one(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Response {
    if !visitor.may(Permission::UserView) {
        return forbidden(&visitor);
    }
    let (site, now_ms) = (app.store.site(), visitor.now_ms);
    match app.store.read(move |tx| users::one(tx, site, &id, now_ms)).await {
        Ok(row) => {
            let sent = Sent {
                version: row.version,
                login: row.login.clone(),
                name: row.name.clone(),
                initials: row.initials.clone(),
                role: role_word(row.role).to_owned(),
                locale: row.locale.clone(),
                disabled: row.disabled.then(|| "on".to_owned()),
                ..Sent::default()
            };
            show(&visitor, Some(&row.id), &sent, None)
        }
        Err(CentralError::Refused(_)) => {
            (StatusCode::NOT_FOUND, trouble(&visitor, Place::People, "console-not-found")).into_response()
        }
        Err(error) => failed(&visitor, &error),
    }
}

/// `POST /people/{id}`
pub(super) async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(sent): Form<Sent>,
) -> Response {
    if !visitor.may(Permission::UserManage) || !visitor.sent(&sent.csrf) {
        return forbidden(&visitor);
    }
    let user = match sent.user() {
        Ok(user) => user,
        Err(refusal) => return show(&visitor, Some(&id), &sent, Some(&refusal)),
    };
    let (at, version, disabled) = (id.clone(), sent.version, sent.disabled.is_some());
    match app.store.write(visitor.actor(), move |work| users::save(work, &at, version, &user, disabled)).await {
        Ok(()) => Redirect::to("/people").into_response(),
        Err(CentralError::Refused(refusal)) => show(&visitor, Some(&id), &sent, Some(&refusal)),
        Err(error) => failed(&visitor, &error),
    }
}

#[derive(Deserialize)]
pub(super) struct Plain {
    csrf: String,
}

/// `POST /people/{id}/end-sessions`
pub(super) async fn end_sessions(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Form(sent): Form<Plain>,
) -> Response {
    if !visitor.may(Permission::UserManage) || !visitor.sent(&sent.csrf) {
        return forbidden(&visitor);
    }
    let ended = app.store.write(visitor.actor(), move |work| {
        users::end_all(work, &id)?;
        work.audit("user.sessions_ended", "user", &id, serde_json::json!({}));
        Ok(())
    });
    match ended.await {
        Ok(()) => Redirect::to("/people").into_response(),
        Err(error) => failed(&visitor, &error),
    }
}

/// The form of one person. After a refusal it shows what was typed, but never a secret.
fn show(visitor: &Visitor, id: Option<&str>, sent: &Sent, refused: Option<&Refusal>) -> Response {
    let words = visitor.words();
    let title = if id.is_some() { sent.name.clone() } else { words.text("office-add-person").into_owned() };
    let action = format!("/people/{}", id.unwrap_or("new"));
    let field = |key: &str, name: &str, value: &str, kind: &str, hint: &str| {
        html! {
            label { (words.text(key))
                input name=(name) value=(value) type=(kind) maxlength="200" autocomplete="off";
                @if !hint.is_empty() { span.small { (words.text(hint)) } }
            }
        }
    };
    let keep = if id.is_some() { "office-secret-keep" } else { "" };
    let content = html! {
        div.title {
            a.back href="/people" aria-label=(words.text("office-people")) { (icon(BACK, 22)) }
            h1 { (title) }
        }
        form.card.pad.sheet method="post" action=(action) {
            input type="hidden" name="csrf" value=(visitor.session.csrf);
            input type="hidden" name="version" value=(sent.version);
            @if let Some(refusal) = refused { p.wrong role="alert" { (why(words, refusal)) } }
            (field("office-name", "name", &sent.name, "text", ""))
            (field("office-initials", "initials", &sent.initials, "text", "office-initials-hint"))
            @if id.is_none() { (field("office-login", "login", &sent.login, "text", "")) }
            label { (words.text("office-role"))
                select name="role" { @for role in ROLES {
                    option value=(role_word(role)) selected[role_word(role) == sent.role] { (role_name(words, role)) }
                } }
            }
            label { (words.text("console-language"))
                select name="locale" { @for lang in Lang::ALL {
                    option value=(lang.code()) selected[lang.code() == sent.locale] { (lang.own_name()) }
                } }
            }
            (field("office-pin", "pin", "", "password", if keep.is_empty() { "office-pin-hint" } else { keep }))
            (field("office-badge", "badge", "", "password", keep))
            (field("console-password", "password", "", "password", if keep.is_empty() { "office-password-hint" } else { keep }))
            @if id.is_some() {
                label.check { input type="checkbox" name="disabled" checked[sent.disabled.is_some()]; (words.text("office-shut-out")) }
            }
            @if visitor.may(Permission::UserManage) { div.answers { button.btn.pri { (words.text("office-save")) } } }
        }
        @if let (Some(id), true) = (id, visitor.may(Permission::UserManage)) {
            form method="post" action={ "/people/" (id) "/end-sessions" } {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                button.btn { (words.text("office-end-sessions")) }
            }
        }
    };
    let page = frame(visitor, Place::People, &title, &content);
    if refused.is_some() { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page }
}

/// `GET /roles`
pub(super) async fn roles(State(app): State<App>, visitor: Visitor) -> Response {
    if !visitor.may(Permission::UserView) {
        return forbidden(&visitor);
    }
    let site = app.store.site();
    let read = app.store.read(move |tx| {
        let mut all = Vec::with_capacity(ROLES.len());
        for role in ROLES {
            all.push((role, rules::granted(tx, site, role)?));
        }
        Ok(all)
    });
    match read.await {
        Ok(all) => frame(&visitor, Place::People, &visitor.words().text("office-roles"), &matrix(&visitor, &all)),
        Err(error) => failed(&visitor, &error),
    }
}

/// One row a permission, one column a role; each cell says yes or no and changes it.
fn matrix(visitor: &Visitor, all: &[(Role, Permissions)]) -> Markup {
    let words = visitor.words();
    let manage = visitor.may(Permission::UserManage);
    let cell = |role: Role, has: bool, permission: Permission| {
        let (path, key) = if has { (CHECKED, "office-yes") } else { (MINUS, "office-no") };
        let word = words.text(key);
        if !manage || role == Role::Admin {
            return html! { td { (pill(if has { "k" } else { "" }, path, &word)) } };
        }
        let says = [("role", Arg::Text(role_name(words, role))), ("what", Arg::Text(permission.name().to_owned()))];
        html! {
            td { form method="post" action="/roles" {
                input type="hidden" name="csrf" value=(visitor.session.csrf);
                input type="hidden" name="role" value=(role_word(role));
                input type="hidden" name="permission" value=(permission.name());
                input type="hidden" name="allowed" value=(u8::from(!has));
                button.st.k[has] aria-pressed=(has) aria-label={ (words.text_with("office-role-may", &says)) ": " (word) } { (icon(path, 16)) (word) }
            } }
        }
    };
    html! {
        div.title { h1 { (words.text("office-roles")) } }
        (tabs(visitor, "/roles"))
        p.muted.lead { (words.text("office-roles-hint")) }
        div.card { table.rights {
            thead { tr {
                th scope="col" { (words.text("office-permission")) }
                @for (role, _) in all { th scope="col" { (role_name(words, *role)) } }
            } }
            tbody { @for permission in Permission::ALL { tr {
                th scope="row" {
                    (words.text(&format!("office-may-{}", permission.name().replace(['.', '_'], "-"))))
                    " " span.mono.small { (permission.name()) }
                }
                @for (role, set) in all { (cell(*role, set.has(*permission), *permission)) }
            } } }
        } }
    }
}

#[derive(Deserialize)]
pub(super) struct Rule {
    csrf: String,
    role: String,
    permission: String,
    allowed: u8,
}

/// `POST /roles`
pub(super) async fn set_role(State(app): State<App>, visitor: Visitor, Form(rule): Form<Rule>) -> Response {
    let (role, permission) = (role_of(&rule.role), Permission::of(&rule.permission));
    let (Some(role), Some(permission), true) = (role, permission, visitor.sent(&rule.csrf)) else {
        return forbidden(&visitor);
    };
    if !visitor.may(Permission::UserManage) {
        return forbidden(&visitor);
    }
    match app.store.write(visitor.actor(), move |work| rules::set(work, role, permission, rule.allowed == 1)).await {
        Ok(()) | Err(CentralError::Refused(_)) => Redirect::to("/roles").into_response(),
        Err(error) => failed(&visitor, &error),
    }
}
