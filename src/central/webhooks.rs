//! Sends webhooks while the server serves: to each endpoint one message at a time, so that one that hangs holds up nobody else. What is
//! due is asked of the database; a server that dies with messages in hand has lost none, and one of them may come twice.

use super::Shared;
use super::error::Res;
use super::lanes::{LOOK_MAX, Lanes, Sender, until};
use super::services::webhooks::{self as service, Due, Met, is_public};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// Longest time for a connection, and for the whole of a try.
const CONNECT_MAX: Duration = Duration::from_secs(5);
const TRY_MAX: Duration = Duration::from_secs(15);

/// A name that leads nowhere a webhook may go.
#[derive(Debug, thiserror::Error)]
#[error("the name leads into the own network, or nowhere")]
struct Refused;

/// Looks names up, and passes over what a webhook must not reach.
struct Lookup {
    private: bool,
}

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let usable: Vec<SocketAddr> = found.filter(|at| private || is_public(at.ip())).collect();
            if usable.is_empty() {
                return Err(Refused.into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}

/// Sends webhooks, to each endpoint in a lane of its own.
pub(super) struct Webhooks {
    shared: Arc<Shared>,
    client: reqwest::Client,
}

impl Webhooks {
    /// One that sends for this server; none where the system has no way to.
    pub fn of(shared: &Arc<Shared>) -> Option<Webhooks> {
        match client(shared.webhooks_private) {
            Ok(client) => Some(Webhooks { shared: Arc::clone(shared), client }),
            Err(error) => {
                tracing::error!(%error, "webhooks cannot be sent");
                None
            }
        }
    }
}

fn client(private: bool) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent(concat!("packbench/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_MAX)
        .timeout(TRY_MAX)
        // A new answer of the name is judged for every message.
        .pool_max_idle_per_host(0)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .dns_resolver(Arc::new(Lookup { private }))
        .build()
}

impl Sender for Webhooks {
    const WHAT: &'static str = "webhooks";

    fn wake(shared: &Shared) -> &Notify {
        &shared.wake
    }

    async fn look(&mut self, lanes: &mut Lanes) -> Res<Duration> {
        let store = &self.shared.store;
        let site = store.site();
        let endpoints = store.read(move |tx| service::waiting_endpoints(tx, site)).await?;
        let mut wait = LOOK_MAX;
        for endpoint in endpoints {
            if lanes.is_busy(&endpoint) {
                continue;
            }
            let (now_ms, of) = (store.now().0, endpoint.clone());
            let Some(next_ms) = store.read(move |tx| service::next_due_ms(tx, &of)).await? else { continue };
            if next_ms > now_ms {
                wait = wait.min(until(now_ms, next_ms));
                continue;
            }
            let of = endpoint.clone();
            let Some(due) = store.db().write(move |tx| service::due(tx, &of, now_ms)).await? else { continue };
            lanes.start(endpoint, send(Arc::clone(&self.shared), self.client.clone(), due));
        }
        Ok(wait)
    }
}

/// Sends one message and notes what it met.
async fn send(shared: Arc<Shared>, client: reqwest::Client, due: Due) {
    let began = Instant::now();
    let (status, fault) = match post(&shared, &client, &due).await {
        Ok(status) => (Some(status), None),
        Err(fault) => (None, Some(fault)),
    };
    let met = Met { status, fault, took_ms: i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX) };
    let (id, now_ms) = (due.id.clone(), shared.store.now().0);
    if let Err(error) = shared.store.db().write(move |tx| service::met(tx, &id, &met, now_ms)).await {
        tracing::error!(%error, message = due.id, "what became of a webhook could not be noted; it is sent again");
    }
}

async fn post(shared: &Shared, client: &reqwest::Client, due: &Due) -> Result<u16, &'static str> {
    // An address that is a number is not looked up, so it is judged here.
    let url = service::check_address(&due.url, shared.webhooks_private).map_err(|_| "address")?.url;
    let at_s = shared.store.now().0.div_euclid(1000);
    let signed = service::signatures(&due.secrets, &due.id, at_s, &due.payload).map_err(|_| "request")?;
    let request = client
        .post(url)
        .header("content-type", "application/json")
        .header("webhook-id", &due.id)
        .header("webhook-timestamp", at_s.to_string())
        .header("webhook-signature", signed)
        .body(due.payload.clone());
    match request.send().await {
        // The body is not read: whatever it is, it changes nothing.
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(error) => Err(fault(&error)),
    }
}

fn fault(error: &reqwest::Error) -> &'static str {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = source {
        if inner.is::<Refused>() {
            return "address";
        }
        source = inner.source();
    }
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "connect"
    } else {
        "request"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_judged_by_where_it_leads() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let look = |private| runtime.block_on(async { Lookup { private }.resolve("localhost".parse().unwrap()).await });
        assert!(look(false).err().unwrap().is::<Refused>());
        assert!(look(true).unwrap().all(|at| at.ip().is_loopback()));
        let asked = async { client(false).unwrap().get("http://localhost:9/").send().await };
        let error = runtime.block_on(asked).unwrap_err();
        assert_eq!(fault(&error), "address");
    }
}
