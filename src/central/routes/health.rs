//! `GET /healthz`: whether the server answers and its store too. Tells nothing about what is in it.

use super::App;
use super::problem::ApiError;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

pub(super) async fn healthz(State(app): State<App>) -> Result<Response, ApiError> {
    app.store.read(|tx| Ok(tx.int("SELECT COUNT(*) FROM sites", &[])?)).await?;
    let (writing, reading) = app.store.db().waiting();
    Ok(Json(serde_json::json!({ "status": "ok", "waiting": { "write": writing, "read": reading } })).into_response())
}
