//! Where admins change pipelines: which orders enter, and every stage by a form of its own.

use super::super::frame::{Place, page as frame};
use super::super::marks::{BACK, MAIL, icon, pill};
use super::super::new_order::form::Fields;
use super::super::people::{forbidden, why};
use super::super::visitor::Visitor;
use super::card::{look, stage_name};
use super::failed;
use crate::central::error::{CentralError, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::Permission;
use crate::central::services::messages::Kind;
use crate::central::services::pipelines::{
    self, Fact, LOOKS, Names, Need, Pipeline, Stage, StageEdit, Step, SubEdit, TEMPLATES,
};
use crate::central::store::work::Work;
use crate::core::message::Arg;
use crate::i18n::{Catalogue, Lang};
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

const HOUR_MIN: i64 = 60;

/// `GET /board/stages`
pub async fn page(State(app): State<App>, visitor: Visitor, Query(pairs): Query<Vec<(String, String)>>) -> Response {
    let code = Fields(pairs).get("p").to_owned();
    show(&app, &visitor, &code, None).await
}

async fn show(app: &App, visitor: &Visitor, code: &str, refused: Option<&Refusal>) -> Response {
    if !visitor.may(Permission::SettingsManage) {
        return forbidden(visitor);
    }
    let (site, wanted) = (app.store.site(), code.to_owned());
    let read = app.store.read(move |tx| Ok((pipelines::of_code(tx, site, &wanted)?, pipelines::all(tx, site)?)));
    let (pipeline, all) = match read.await {
        Ok(read) => read,
        Err(error) => return failed(visitor, &error),
    };
    let words = visitor.words();
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let content = html! {
        div.title {
            a.back href={ "/board?p=" (pipeline.code) } aria-label=(words.text("console-board")) { (icon(BACK, 22)) }
            h1 { (words.text("board-stages")) }
        }
        nav.tabs aria-label=(words.text("board-pipeline")) {
            @for one in &all {
                @let on = one.id == pipeline.id;
                a.on[on] href={ "/board/stages?p=" (one.code) } aria-current=[on.then_some("page")] { (one.names.of(words.lang().code())) }
            }
        }
        p.lead { (words.text("board-stages-lead")) }
        @if let Some(refusal) = refused { p.wrong.lead role="alert" { (why(words, refusal)) } }
        (entry(visitor, &pipeline, &all))
        @for (at, stage) in pipeline.stages.iter().enumerate() { (of_stage(visitor, &pipeline, (at, stage))) }
        details.card.pad { summary { (words.text("board-stage-new")) } (form(visitor, &pipeline, None)) }
    };
    (status, frame(visitor, Place::Board, &words.text("board-stages"), &content)).into_response()
}

fn hidden(visitor: &Visitor, pipeline: &Pipeline) -> Markup {
    html! {
        input type="hidden" name="csrf" value=(visitor.session.csrf);
        input type="hidden" name="p" value=(pipeline.code);
        input type="hidden" name="pipeline" value=(pipeline.id);
        input type="hidden" name="seen" value=(pipeline.version);
    }
}

/// Which orders enter, and pipelines that can be added.
fn entry(visitor: &Visitor, pipeline: &Pipeline, all: &[Pipeline]) -> Markup {
    let words = visitor.words();
    let takes =
        [("", "board-takes-none"), ("all", "board-takes-all"), ("b2b", "board-takes-b2b"), ("b2c", "board-takes-b2c")];
    let left: Vec<_> = TEMPLATES.iter().filter(|one| all.iter().all(|known| known.code != one.code)).collect();
    html! {
        div.pair {
            form.card.pad.sheet method="post" action="/board/stages" {
                (hidden(visitor, pipeline))
                label { (words.text("board-takes")) select name="takes" {
                    @for (word, key) in takes { option value=(word) selected[pipeline.takes == word] { (words.text(key)) } }
                } }
                div.answers { button.btn name="do" value="take" { (words.text("office-save")) } }
            }
            @if !left.is_empty() {
                form.card.pad.sheet method="post" action="/board/stages" {
                    (hidden(visitor, pipeline))
                    label { (words.text("board-install")) select name="template" {
                        @for one in &left { option value=(one.code) { (words.text(one.key)) } }
                    } }
                    div.answers { button.btn name="do" value="install" { (words.text("board-install")) } }
                }
            }
        }
    }
}

fn of_stage(visitor: &Visitor, pipeline: &Pipeline, (at, stage): (usize, &Stage)) -> Markup {
    let words = visitor.words();
    let name = stage_name(words, stage);
    let (class, path) = look(&stage.look);
    let step = |what: &str, key: &str, on: bool| {
        html! { @if on { button.btn name="do" value=(what) aria-label={ (words.text(key)) ": " (name) } { (words.text(key)) } } }
    };
    html! {
        section.card.pad.stageline {
            div.cardhead.flat {
                h2 { (pill(class, path, name)) " " span.mono.small { (stage.code) }
                    @if let Some(kind) = stage.mail { " " span.small { (icon(MAIL, 16)) " " (words.text(kind.key())) } } }
                form.answers.tight method="post" action="/board/stages" {
                    (hidden(visitor, pipeline))
                    input type="hidden" name="stage" value=(stage.id);
                    (step("earlier", "board-earlier", at > 0))
                    (step("later", "board-later", at + 1 < pipeline.stages.len()))
                    (step("remove", "board-remove", true))
                }
            }
            details { summary { (words.text("console-edit")) " " span.off { (name) } } (form(visitor, pipeline, Some(stage))) }
        }
    }
}

fn fact_key(fact: Fact) -> &'static str {
    match fact {
        Fact::New => "board-fact-new",
        Fact::Paid => "board-fact-paid",
        Fact::Picked => "board-fact-picked",
        Fact::Packing => "board-fact-packing",
        Fact::Packed => "board-fact-packed",
        Fact::Shipped => "board-fact-shipped",
        Fact::Delivered => "board-fact-delivered",
        Fact::Held => "board-fact-held",
        Fact::Returned | Fact::Cancelled => "board-fact-returned",
    }
}

fn form(visitor: &Visitor, pipeline: &Pipeline, stage: Option<&Stage>) -> Markup {
    let words = visitor.words();
    let name = |lang: Lang| stage.and_then(|stage| stage.names.0.get(lang.code())).map_or("", String::as_str);
    html! {
        form.sheet method="post" action="/board/stages" {
            (hidden(visitor, pipeline))
            @if let Some(stage) = stage { input type="hidden" name="stage" value=(stage.id); }
            div.two { @for lang in Lang::ALL {
                label { (words.text_with("board-name-in", &[("language", Arg::Text(lang.own_name().to_owned()))]))
                    input name={ "name-" (lang.code()) } maxlength="40" value=(name(lang)) required[lang == words.lang()]; }
            } }
            div.two {
                label { (words.text("board-look")) select name="look" {
                    @for word in LOOKS { option value=(word) selected[stage.is_some_and(|stage| stage.look == *word)] { (words.text(&format!("board-look-{word}"))) } }
                } }
                label { (words.text("board-wip")) input type="number" name="wip" min="0" max="100000" value=(stage.map_or(0, |stage| stage.wip_limit)); }
                label { (words.text("board-follows")) select name="follows" {
                    option value="" { (words.text("board-follows-none")) }
                    @for fact in Fact::ALL.into_iter().filter(|fact| *fact != Fact::Cancelled) {
                        option value=(fact.word()) selected[stage.is_some_and(|stage| stage.follows == Some(fact))] { (words.text(fact_key(fact))) }
                    }
                } }
                label { (words.text("board-remind-hours"))
                    input type="number" name="remind" min="0" max="8784" value=(stage.map_or(0, |stage| stage.remind_after_min / HOUR_MIN)); }
            }
            fieldset {
                legend { (words.text("board-needs")) }
                @for need in Need::ALL {
                    label.check { input type="checkbox" name="need" value=(need.word()) checked[stage.is_some_and(|stage| stage.needs.contains(&need))];
                        (words.text(&format!("board-need-{}", need.word()))) }
                }
            }
            label.check { input type="checkbox" name="by-work" value="1" checked[stage.is_some_and(|stage| stage.by_work)]; (words.text("board-only-work")) }
            label.check { input type="checkbox" name="final" value="1" checked[stage.is_some_and(|stage| stage.done)]; (words.text("board-done")) }
            label { (words.text("board-subs")) span.small { (words.text("board-subs-hint")) }
                textarea name="subs" rows="4" { (stage.map_or(String::new(), |stage| subs_text(words, stage))) } }
            (mails(words, stage))
            div.answers { button.btn.pri name="do" value="save" { (words.text("office-save")) } }
        }
    }
}

/// Which mail is sent when an order comes into the stage, or into one of its sub-statuses.
fn mails(words: &Catalogue, stage: Option<&Stage>) -> Markup {
    let choice = |name: &str, label: &str, set: Option<Kind>| {
        html! {
            label { (label) select name=(name) {
                option value="" { (words.text("board-mail-none")) }
                @for kind in Kind::ALL { option value=(kind.word()) selected[set == Some(kind)] { (words.text(kind.key())) } }
            } }
        }
    };
    let of = |sub: &pipelines::Sub| {
        words.text_with("board-mail-sub", &[("name", Arg::Text(sub.names.of(words.lang().code()).to_owned()))])
    };
    html! {
        fieldset {
            legend { (words.text("board-mail")) }
            p.small { (words.text("board-mail-hint")) }
            (choice("mail", &words.text("board-mail-stage"), stage.and_then(|stage| stage.mail)))
            @for sub in stage.iter().flat_map(|stage| &stage.subs) {
                (choice(&format!("sub-mail-{}", sub.code), &of(sub), sub.mail))
            }
        }
    }
}

fn subs_text(words: &Catalogue, stage: &Stage) -> String {
    let line = |sub: &pipelines::Sub| format!("{} = {}", sub.code, sub.names.of(words.lang().code()));
    stage.subs.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The sub-statuses that were typed; names in other languages stay as they are.
fn subs(words: &Catalogue, fields: &Fields, before: Option<&Stage>) -> Vec<SubEdit> {
    let one = |line: &str| {
        let (code, name) = line.split_once('=').map_or((None, line), |(code, name)| (Some(code.trim()), name));
        let known = code.and_then(|code| before?.sub(code));
        let mut names = known.map(|sub| sub.names.clone()).unwrap_or_default();
        names.0.insert(words.lang().code().to_owned(), name.trim().to_owned());
        let mail = known.and_then(|sub| Kind::of(fields.get(&format!("sub-mail-{}", sub.code))));
        SubEdit { code: known.map(|sub| sub.code.clone()), names, mail }
    };
    fields.get("subs").lines().map(str::trim).filter(|line| !line.is_empty()).map(one).collect()
}

fn edit(words: &Catalogue, fields: &Fields, before: Option<&Stage>) -> StageEdit {
    let names =
        Lang::ALL.iter().map(|lang| (lang.code().to_owned(), fields.get(&format!("name-{}", lang.code())).to_owned()));
    StageEdit {
        id: before.map(|stage| stage.id.clone()),
        names: Names(names.filter(|(_, name)| !name.is_empty()).collect()),
        look: fields.get("look").to_owned(),
        wip_limit: fields.int("wip"),
        follows: Fact::of(fields.get("follows")),
        by_work: !fields.get("by-work").is_empty(),
        needs: fields.all("need").filter_map(Need::of).collect(),
        subs: subs(words, fields, before),
        done: !fields.get("final").is_empty(),
        remind_after_min: fields.int("remind").saturating_mul(HOUR_MIN),
        mail: Kind::of(fields.get("mail")),
    }
}

/// `POST /board/stages`
pub async fn set(State(app): State<App>, visitor: Visitor, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let fields = Fields(fields);
    if !visitor.sent(fields.get("csrf")) || !visitor.may(Permission::SettingsManage) {
        return forbidden(&visitor);
    }
    let (site, stage) = (app.store.site(), fields.get("stage").to_owned());
    let read = app.store.read(move |tx| match pipelines::stage_of(tx, site, &stage) {
        Ok((pipeline, at)) => Ok(pipeline.stages.get(at).cloned()),
        Err(CentralError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    });
    let before = match read.await {
        Ok(before) => before,
        Err(error) => return failed(&visitor, &error),
    };
    let edit = edit(visitor.words(), &fields, before.as_ref());
    let mut code = fields.get("p").to_owned();
    if fields.get("do") == "install" {
        code = fields.get("template").to_owned();
    }
    let done = app.store.write(visitor.actor(), move |work| change(work, &fields, &edit)).await;
    match done {
        Ok(()) => Redirect::to(&format!("/board/stages?p={}", clean(&code))).into_response(),
        Err(CentralError::Refused(refusal)) => show(&app, &visitor, "", Some(&refusal)).await,
        Err(error) => failed(&visitor, &error),
    }
}

fn clean(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

fn change(work: &mut Work<'_>, fields: &Fields, edit: &StageEdit) -> Res<()> {
    let (pipeline, stage, seen) = (fields.get("pipeline"), fields.get("stage"), fields.int("seen"));
    match fields.get("do") {
        "take" => pipelines::take(work, pipeline, fields.get("takes"), seen),
        "install" => pipelines::install(work, fields.get("template")).map(|_| ()),
        "save" => pipelines::save_stage(work, pipeline, edit, seen).map(|_| ()),
        "earlier" => pipelines::step(work, stage, Step::Earlier, seen),
        "later" => pipelines::step(work, stage, Step::Later, seen),
        "remove" => pipelines::remove_stage(work, stage, seen),
        _ => Err(Refusal::Missing { entity: "stage" }.into()),
    }
}
