//! `/api/v1/pipelines` and `/api/v1/orders/{number}/stage`: the processes that orders move through, where one is, and moving it.

use super::act::keep;
use super::answer::{self, Out, Time, filled, maybe_time, word};
use super::ask::{self, Asked, Named, Nothing};
use super::caller::Caller;
use super::messages::MessageKind;
use super::once::once;
use super::sent::fault;
use crate::central::error::{CentralError, FieldFault, Refusal, Res};
use crate::central::routes::App;
use crate::central::services::access::{Permission, Permissions};
use crate::central::services::idempotency::Kept;
use crate::central::services::messages::Kind;
use crate::central::services::orders::id_of_number;
use crate::central::services::pipelines::{
    self as service, Delivery, Facts, Moved, NewCall, Place, Stage, StageEdit, Wish,
};
use crate::central::store::work::Work;
use crate::sql::Conn;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::HeaderMap;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Which new orders enter a pipeline by themselves.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Takes {
    /// All that no other pipeline takes.
    All,
    /// Those typed for businesses.
    B2b,
    /// Those typed for persons.
    B2c,
}

/// What brings an order into a stage by itself.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StageFact {
    New,
    Paid,
    Picked,
    Packing,
    Packed,
    Shipped,
    Delivered,
    Held,
    Returned,
}

/// A fact that a stage asks for before an order is moved into it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StageNeed {
    /// It is paid, or a bank promises the payment.
    Payment,
    /// A parcel whose label was scanned back.
    Parcel,
    /// The customer has it; told with the move as `delivery`, or by a carrier.
    Delivery,
    /// A call since it came into the stage where it is; told with the move as `call`.
    Call,
    /// A word about why, as `note`.
    Note,
}

/// How a stage looks to people.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StageLook {
    Plain,
    Now,
    Ok,
    Decide,
    Stop,
}

/// A sub-status of a stage.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SubStatus {
    /// Its name in this API.
    code: String,
    /// For people, by language.
    names: BTreeMap<String, String>,
    /// The mail that the order's customer gets when it comes here, instead of the stage's own.
    mail: Option<MessageKind>,
}

/// A stage.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PipelineStage {
    /// Its name in this API.
    code: String,
    /// For people, by language.
    names: BTreeMap<String, String>,
    look: StageLook,
    /// Most orders in it; null for no bound. Work itself may pass it, a move may not.
    wip_limit: Option<i64>,
    /// What brings an order here by itself; null where only a move does.
    follows: Option<StageFact>,
    /// No move brings an order here.
    by_work: bool,
    needs: Vec<StageNeed>,
    sub_statuses: Vec<SubStatus>,
    /// Orders here are done; moving one here needs the scope `order.complete` as well.
    done: bool,
    /// The mail that the order's customer gets when it enters.
    mail: Option<MessageKind>,
    /// A reminder is set so many minutes after entering; null for none.
    remind_after_min: Option<i64>,
}

/// A pipeline.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PipelineInfo {
    /// Its name in this API.
    code: String,
    /// For people, by language.
    names: BTreeMap<String, String>,
    takes: Option<Takes>,
    /// Grows with every change.
    version: i64,
    /// In their order.
    stages: Vec<PipelineStage>,
}

/// All pipelines, in their order; there are at most 50.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PipelineList {
    items: Vec<PipelineInfo>,
}

fn stage(stage: service::Stage) -> Res<PipelineStage> {
    let mail = |kind: Option<Kind>| kind.map(|kind| word(kind.word(), "mail of a stage")).transpose();
    let sub = |sub: service::Sub| Ok(SubStatus { code: sub.code, names: sub.names.0, mail: mail(sub.mail)? });
    Ok(PipelineStage {
        mail: mail(stage.mail)?,
        remind_after_min: Some(stage.remind_after_min).filter(|minutes| *minutes > 0),
        look: word(&stage.look, "look of a stage")?,
        wip_limit: Some(stage.wip_limit).filter(|limit| *limit > 0),
        follows: stage.follows.map(|fact| word(fact.word(), "fact of a stage")).transpose()?,
        by_work: stage.by_work,
        needs: stage.needs.iter().map(|need| word(need.word(), "need of a stage")).collect::<Res<_>>()?,
        sub_statuses: stage.subs.into_iter().map(sub).collect::<Res<_>>()?,
        done: stage.done,
        code: stage.code,
        names: stage.names.0,
    })
}

fn pipeline(pipeline: service::Pipeline) -> Res<PipelineInfo> {
    Ok(PipelineInfo {
        takes: filled(pipeline.takes).map(|takes| word(&takes, "orders of a pipeline")).transpose()?,
        stages: pipeline.stages.into_iter().map(stage).collect::<Res<_>>()?,
        code: pipeline.code,
        names: pipeline.names.0,
        version: pipeline.version,
    })
}

/// Lists pipelines.
///
/// Each with its stages, which are the columns of the console's board.
#[utoipa::path(get, path = "/api/v1/pipelines", tag = "pipelines", operation_id = "list_pipelines",
    responses((status = 200, description = "All pipelines.", body = PipelineList)), security(("key" = ["order.view"])))]
pub(super) async fn list(State(app): State<App>, caller: Caller, Asked(Nothing {}): Asked<Nothing>) -> Out {
    caller.need(Permission::OrderView)?;
    let site = app.store.site();
    let all = app.store.read(move |tx| service::all(tx, site)).await?;
    answer::page(&PipelineList { items: all.into_iter().map(pipeline).collect::<Res<_>>()? })
}

/// What a sub-status does by itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentSubActions {
    /// Code of the sub-status.
    #[schema(min_length = 1, max_length = 100)]
    code: String,
    /// The mail that the order's customer gets; null for the stage's own.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<MessageKind>)]
    mail: Option<Option<MessageKind>>,
}

/// What a stage does by itself. What is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentStageActions {
    /// Code of the stage.
    #[schema(min_length = 1, max_length = 100)]
    code: String,
    /// The mail that the order's customer gets when it enters; null for none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<MessageKind>)]
    mail: Option<Option<MessageKind>>,
    /// A reminder so many minutes after entering; 0 for none.
    #[schema(minimum = 0, maximum = 527_040)]
    remind_after_min: Option<i64>,
    #[serde(default)]
    #[schema(max_items = 20)]
    sub_statuses: Vec<SentSubActions>,
}

/// What stages of a pipeline do by themselves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "stages": [{ "code": "hold", "mail": "free", "remind_after_min": 1440 }] }))]
pub(super) struct EditPipeline {
    #[schema(min_items = 1, max_items = 30)]
    stages: Vec<SentStageActions>,
}

/// The answer to an edit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({ "code": "warehouse", "version": 2 }))]
pub(super) struct PipelineSaved {
    /// The pipeline's code.
    code: String,
    /// Its version now.
    version: i64,
}

/// A field that may be absent, null, or there.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// Sets what stages do by themselves.
///
/// When an order enters a stage, its customer gets the stage's mail and a reminder is set. The mail is in the customer's language, waits as
/// long as the rule of its kind says, is taken back when the order leaves the stage before, and goes to an order's customer once. Stages
/// that are not named stay as they are. `If-Match` is the pipeline's `version` in quotes, or `*`.
#[utoipa::path(patch, path = "/api/v1/pipelines/{code}", tag = "pipelines", operation_id = "edit_pipeline",
    params(
        ("code" = String, Path, description = "The pipeline's code.", example = "warehouse"),
        super::document::ThingSeen,
        super::document::Idempotency,
    ),
    request_body = EditPipeline,
    responses(
        (status = 200, description = "They do so from now on.", body = PipelineSaved,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["settings.manage"])))]
pub(super) async fn edit(
    State(app): State<App>,
    caller: Caller,
    Named(code): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::SettingsManage)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (EditPipeline, Bytes) = ask::json(&headers, body)?;
    let what = format!("PATCH /api/v1/pipelines/{code}");
    once(&app, &caller, &headers, &what, &body, move |work| set_actions(work, &code, seen.as_deref(), &sent)).await
}

fn set_actions(work: &mut Work<'_>, code: &str, seen: Option<&[i64]>, sent: &EditPipeline) -> Res<Kept> {
    let site = work.ctx.site;
    let find = |work: &mut Work<'_>| -> Res<service::Pipeline> {
        let found = service::all(work.tx, site)?.into_iter().find(|pipeline| pipeline.code == code);
        Ok(found.ok_or(Refusal::Missing { entity: "pipeline" })?)
    };
    let here = find(work)?;
    ask::as_seen(seen, here.version)?;
    let mut faults = Vec::new();
    let mut edits: Vec<StageEdit> = Vec::with_capacity(sent.stages.len());
    for (place, stage) in sent.stages.iter().enumerate() {
        let own = format!("/stages/{place}");
        match here.stages.iter().find(|known| known.code == stage.code) {
            None => faults.push(fault(format!("{own}/code"), "must be a stage of the pipeline")),
            Some(known) if edits.iter().any(|edit| edit.id.as_ref() == Some(&known.id)) => {
                faults.push(fault(format!("{own}/code"), "must be named once"));
            }
            Some(known) => edits.push(with_actions(known, stage, &own, &mut faults)),
        }
    }
    if sent.stages.is_empty() {
        faults.push(fault("/stages", "must be 1 to 30"));
    }
    if !faults.is_empty() {
        return Err(Refusal::Fields { fields: faults }.into());
    }
    for (version, edit) in (here.version..).zip(&edits) {
        service::save_stage(work, &here.id, edit, version)?;
    }
    keep(200, &PipelineSaved { version: find(work)?.version, code: here.code })
}

/// The stage as it is, with the actions that were sent.
fn with_actions(known: &Stage, sent: &SentStageActions, own: &str, faults: &mut Vec<FieldFault>) -> StageEdit {
    let mut edit = StageEdit::from(known);
    if let Some(mail) = sent.mail {
        edit.mail = mail.map(MessageKind::stored);
    }
    if let Some(minutes) = sent.remind_after_min {
        edit.remind_after_min = minutes;
        if !(0..=service::REMIND_MAX_MIN).contains(&minutes) {
            faults.push(fault(format!("{own}/remind_after_min"), "must be 0 to 527040"));
        }
    }
    if sent.sub_statuses.len() > edit.subs.len() {
        faults.push(fault(format!("{own}/sub_statuses"), "must name each sub-status of the stage once at most"));
    }
    for (place, sub) in sent.sub_statuses.iter().enumerate() {
        match edit.subs.iter_mut().find(|known| known.code.as_deref() == Some(&sub.code)) {
            None => faults.push(fault(format!("{own}/sub_statuses/{place}/code"), "must be a sub-status of the stage")),
            Some(known) => {
                if let Some(mail) = sub.mail {
                    known.mail = mail.map(MessageKind::stored);
                }
            }
        }
    }
    edit
}

/// Where an order is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderStage {
    /// The order's number.
    number: String,
    /// Null where it is on no board: it was called off, or was over before there was one.
    pipeline: Option<String>,
    stage: Option<String>,
    sub_status: Option<String>,
    /// Free text beside it; null without the scope `person.view`.
    note: Option<String>,
    /// In the stage since.
    since: Option<Time>,
    /// A person or a program put it there; else what happened to it did.
    by_hand: bool,
    /// Calls about it; null without the scope `call.view`.
    calls: Option<i64>,
    /// Grows with every step; the first part of the ETag.
    version: i64,
}

/// The pipelines' and stages' codes of a place.
fn order_stage(
    tx: &mut dyn Conn,
    place: Place,
    site: crate::protocol::wire::SiteId,
    may: Permissions,
) -> Res<OrderStage> {
    let known = match service::stage_of(tx, site, &place.stage) {
        Ok((pipeline, at)) => pipeline.stages.get(at).map(|stage| (pipeline.code.clone(), stage.code.clone())),
        Err(CentralError::Refused(_)) => None,
        Err(error) => return Err(error),
    };
    let (pipeline, stage) = known.unzip();
    Ok(OrderStage {
        since: maybe_time(stage.as_ref().map(|_| place.since_ms))?,
        number: place.number,
        pipeline,
        stage,
        sub_status: filled(place.sub),
        note: place.note.filter(|_| may.has(Permission::PersonView)),
        by_hand: place.by_hand,
        calls: may.has(Permission::CallView).then_some(place.calls),
        version: place.version,
    })
}

/// Reads where an order is.
#[utoipa::path(get, path = "/api/v1/orders/{number}/stage", tag = "pipelines", operation_id = "get_order_stage",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        ("If-None-Match" = Option<String>, Header, nullable = false, description = "ETags that are known already."),
    ),
    responses(
        (status = 200, description = "Its pipeline, stage and sub-status.", body = OrderStage,
            headers(("ETag" = String, description = "Version and content of its place."))),
        (status = 304, description = "It is as the ETag says."),
        (status = 404, response = super::document::NotFound),
    ), security(("key" = ["order.view"])))]
pub(super) async fn one(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
) -> Out {
    caller.need(Permission::OrderView)?;
    let (site, may) = (app.store.site(), caller.scopes());
    let read = app.store.read(move |tx| {
        let id = id_of_number(tx, site, &number)?;
        let place = service::at(tx, site, &id)?;
        let version = place.version;
        Ok((order_stage(tx, place, site, may)?, version))
    });
    let (stage, version) = read.await?;
    answer::entity(&headers, version, &stage)
}

/// How a call ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CallEnd {
    Answered,
    NoAnswer,
    Busy,
    WrongNumber,
    CallBack,
}

/// A call with the customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentCall {
    result: CallEnd,
    /// What was said.
    #[schema(max_length = 1000, pattern = "^[^\\x00]*$")]
    note: Option<String>,
}

impl SentCall {
    /// As the service takes it.
    pub fn read(&self) -> NewCall {
        let result = match self.result {
            CallEnd::Answered => service::CallResult::Answered,
            CallEnd::NoAnswer => service::CallResult::NoAnswer,
            CallEnd::Busy => service::CallResult::Busy,
            CallEnd::WrongNumber => service::CallResult::WrongNumber,
            CallEnd::CallBack => service::CallResult::CallBack,
        };
        NewCall { result, note: self.note.clone().unwrap_or_default() }
    }
}

/// That the customer has it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SentDelivery {
    /// When; now where it is absent.
    #[schema(format = DateTime)]
    at: Option<String>,
    /// Who says so.
    #[schema(max_length = 200, pattern = "^[^\\x00]*$")]
    note: Option<String>,
}

/// A move.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "stage": "production" }))]
pub(super) struct MoveOrder {
    /// Code of the pipeline; the one where the order is where it is absent.
    #[schema(min_length = 1, max_length = 100)]
    pipeline: Option<String>,
    /// Code of the stage.
    #[schema(min_length = 1, max_length = 100)]
    stage: String,
    /// Code of a sub-status of the stage; none where it is absent.
    #[schema(min_length = 1, max_length = 100)]
    sub_status: Option<String>,
    /// Free text beside it.
    #[schema(max_length = 500, pattern = "^[^\\x00]*$")]
    note: Option<String>,
    /// Needs the scope `call.add` as well.
    call: Option<SentCall>,
    delivery: Option<SentDelivery>,
}

/// Moves an order to a stage.
///
/// A move never fakes a payment or a shipment: a stage that asks for a fact refuses with its name (`needs`, at the place of the body
/// where it can be told), one that is full with `limit`, one that only work enters with `by_work`. An order moved into the stage of
/// the held ones is held; if a bench has it unbegun it is asked back first (`202`).
#[utoipa::path(post, path = "/api/v1/orders/{number}/stage", tag = "pipelines", operation_id = "move_order",
    params(
        ("number" = String, Path, description = "The order's number.", example = "536365"),
        super::document::StageSeen,
        super::document::Idempotency,
    ),
    request_body = MoveOrder,
    responses(
        (status = 200, description = "It is there.", body = OrderStage,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        (status = 202, description = "Its station was asked to give it back first. Send the move again in a moment, with a new `Idempotency-Key`.", body = OrderStage,
            headers(("Idempotency-Replayed" = Option<bool>, description = "`true` on an answer that was given before."))),
        super::document::Edited,
    ), security(("key" = ["order.update"])))]
pub(super) async fn go(
    State(app): State<App>,
    caller: Caller,
    Named(number): Named,
    Asked(Nothing {}): Asked<Nothing>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Out {
    caller.need(Permission::OrderUpdate)?;
    let seen = ask::seen(&headers)?;
    let (sent, body): (MoveOrder, Bytes) = ask::json(&headers, body)?;
    let (what, may) = (format!("POST /api/v1/orders/{number}/stage"), caller.scopes());
    once(&app, &caller, &headers, &what, &body, move |work| moved(work, &number, seen.as_deref(), &sent, may)).await
}

fn moved(work: &mut Work<'_>, number: &str, seen: Option<&[i64]>, sent: &MoveOrder, may: Permissions) -> Res<Kept> {
    let site = work.ctx.site;
    let id = id_of_number(work.tx, site, number)?;
    let here = service::at(work.tx, site, &id)?;
    ask::as_seen(seen, here.version)?;
    let all = service::all(work.tx, site)?;
    let wanted = all.iter().find(|one| match &sent.pipeline {
        Some(code) => one.code == *code,
        None => here.pipeline.as_ref().is_none_or(|id| one.id == *id),
    });
    let unknown = |place: &str| Refusal::Fields { fields: vec![fault(place, "must be one that is listed")] };
    let pipeline = wanted.ok_or_else(|| unknown("/pipeline"))?;
    let stage = pipeline.stages.iter().find(|stage| stage.code == sent.stage).ok_or_else(|| unknown("/stage"))?;
    let wish = Wish {
        stage: stage.id.clone(),
        sub: Some(sent.sub_status.clone().unwrap_or_default()),
        note: sent.note.clone(),
        seen: None,
        facts: facts(work, sent)?,
    };
    let status = match service::move_to(work, &id, &wish, may)? {
        Moved::Done | Moved::Already => 200,
        Moved::Recalled => 202,
    };
    let place = service::at(work.tx, site, &id)?;
    let told = order_stage(work.tx, place, site, may)?;
    keep(status, &told)
}

fn facts(work: &Work<'_>, sent: &MoveOrder) -> Res<Facts> {
    let call = sent.call.as_ref().map(SentCall::read);
    let delivery = match &sent.delivery {
        None => None,
        Some(told) => {
            let at_ms = match told.at.as_deref().map(str::parse::<jiff::Timestamp>) {
                None => work.now_ms(),
                Some(Ok(at)) => at.as_millisecond(),
                Some(Err(_)) => {
                    let fields = vec![fault("/delivery/at", "must be a time such as 2026-05-04T10:00:00Z")];
                    return Err(Refusal::Fields { fields }.into());
                }
            };
            Some(Delivery { at_ms, note: told.note.clone().unwrap_or_default() })
        }
    };
    Ok(Facts { payment: None, call, delivery })
}
