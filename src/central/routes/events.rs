//! `GET /api/v1/events`: a stream of hints (server-sent events) that there is something to pull. A hint carries nothing,
//! may be late or missed, and ends when the server stops.

use super::App;
use super::auth::Station;
use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use std::convert::Infallible;

pub(super) async fn hints(
    State(app): State<App>,
    _station: Station,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    Sse::new(stream(&app)).keep_alive(KeepAlive::default())
}

/// The stream itself.
fn stream(app: &App) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let mut hints = app.store.hints();
    hints.mark_unchanged();
    let closing = app.closing.subscribe();
    unfold((hints, closing), |(mut hints, mut closing)| async move {
        if *closing.borrow() {
            return None;
        }
        tokio::select! {
            changed = hints.changed() => changed.ok()?,
            _ = closing.changed() => return None,
        }
        Some((Ok(Event::default().event("changed").data("pull")), (hints, closing)))
    })
}
