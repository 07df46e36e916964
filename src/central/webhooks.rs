//! Sends webhooks while the server serves: to each endpoint one message at a time, so that one that hangs holds up nobody else. What is
//! due is asked of the database; a server that dies with messages in hand has lost none, and one of them may come twice.

use super::Shared;
use super::error::Res;
use super::services::webhooks::{self as service, Due, Met, is_public};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::sleep;

/// Longest time for a connection, and for the whole of a try.
const CONNECT_MAX: Duration = Duration::from_secs(5);
const TRY_MAX: Duration = Duration::from_secs(15);
/// Longest time without a look, so that a message of another server's is found.
const LOOK_MAX: Duration = Duration::from_secs(15);
/// Shortest time between two looks, so that a busy house is not looked at for every commit.
const LOOK_MIN: Duration = Duration::from_millis(20);

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

/// Sends until the server closes.
pub(super) async fn run(shared: Arc<Shared>) {
    let client = match client(shared.webhooks_private) {
        Ok(client) => client,
        Err(error) => {
            tracing::error!(%error, "webhooks cannot be sent");
            return;
        }
    };
    let (mut closing, mut hints) = (shared.closing.subscribe(), shared.store.hints());
    let (mut flying, mut busy) = (JoinSet::new(), HashSet::new());
    while !*closing.borrow() {
        hints.mark_unchanged();
        let wait = match look(&shared, &client, &mut flying, &mut busy).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!(%error, "what waits to be sent could not be read; tried again soon");
                LOOK_MAX
            }
        };
        tokio::select! {
            ended = flying.join_next(), if !flying.is_empty() => {
                if let Some(Ok(endpoint)) = ended {
                    busy.remove::<String>(&endpoint);
                } else {
                    // Whose it was cannot be told: what it had is due again by itself.
                    busy.clear();
                }
            }
            _ = hints.changed() => sleep(LOOK_MIN).await,
            () = shared.wake.notified() => {}
            () = sleep(wait) => {}
            _ = closing.changed() => break,
        }
    }
    // What is on its way is noted as far as it ends now; the rest is due again.
    while let Some(ended) = flying.try_join_next() {
        drop(ended);
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

/// Starts what is due; how long until something else is.
async fn look(
    shared: &Arc<Shared>,
    client: &reqwest::Client,
    flying: &mut JoinSet<String>,
    busy: &mut HashSet<String>,
) -> Res<Duration> {
    let site = shared.store.site();
    let endpoints = shared.store.read(move |tx| service::waiting_endpoints(tx, site)).await?;
    let mut wait = LOOK_MAX;
    for endpoint in endpoints {
        if busy.contains(&endpoint) {
            continue;
        }
        let (now_ms, of) = (shared.store.now().0, endpoint.clone());
        let Some(next_ms) = shared.store.read(move |tx| service::next_due_ms(tx, &of)).await? else { continue };
        if next_ms > now_ms {
            wait = wait.min(Duration::from_millis(u64::try_from(next_ms - now_ms).unwrap_or(u64::MAX)));
            continue;
        }
        let of = endpoint.clone();
        let Some(due) = shared.store.db().write(move |tx| service::due(tx, &of, now_ms)).await? else { continue };
        busy.insert(endpoint);
        flying.spawn(send(Arc::clone(shared), client.clone(), due));
    }
    Ok(wait)
}

/// Sends one message and notes what it met; the endpoint that is free again.
async fn send(shared: Arc<Shared>, client: reqwest::Client, due: Due) -> String {
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
    due.endpoint
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
