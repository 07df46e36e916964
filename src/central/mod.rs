//! Central: the server where orders, customers and stock live. Routes parse and render, services decide and write,
//! the store runs each service as one transaction. The only room that uses axum; it never talks to a device and never
//! trusts a station's clock.
//!
//! Errors: a service refuses with a typed [`error::Refusal`]; the API answers it as problem details with a stable code, the
//! console as a page. A fault of the store is logged with the request's id and answered without its text, because
//! errors must not carry what a row holds.

pub mod actor;
pub mod carry;
pub mod console;
pub mod error;
mod exporting;
mod feed;
mod importing;
mod jobs;
mod lanes;
mod mail;
mod many;
pub mod routes;
pub mod secrets;
mod server;
pub mod services;
pub mod store;
mod webhooks;

use crate::core::network::Network;
use crate::i18n::{Catalogue, Lang};
use crate::sql::{Db, Target};
use error::Res;
pub use mail::{Encryption, MailServer};
use routes::Running;
use routes::limits::{ApiRates, Limits, Rate, TRACK_RATE};
use services::messages::House;
use services::photos;
use services::users::{self, SessionLimits};
use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::sites::NewSite;
use store::{Clock, Store, schema, sites, system_clock};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};

/// What a server is started with, already checked.
#[derive(Clone)]
pub struct Settings {
    /// The database.
    pub database: Target,
    /// Folder of the photos.
    pub photos: PathBuf,
    /// The site that a new database begins with.
    pub first_site: NewSite,
    /// Cookies are only sent over HTTPS; off for plain HTTP on the own machine.
    pub secure_cookies: bool,
    /// How long people stay logged in at the console, and in how many browsers.
    pub sessions: SessionLimits,
    /// How much programs with keys may ask.
    pub api_rates: ApiRates,
    /// How often one address may ask for customers' pages.
    pub track_rate: Rate,
    /// Webhooks may be sent over plain HTTP and into the own network.
    pub webhooks_private: bool,
    /// The mail server; without one mail to customers waits.
    pub mail: Option<MailServer>,
    /// Proxies whose word about where a request came from is believed.
    pub trusted_proxies: Vec<Network>,
    /// Address that customers reach this server at, without a slash at its end.
    pub public_url: String,
    /// How long it waits for what others send.
    pub patience: Patience,
    /// The clock.
    pub clock: Clock,
}

/// How long the server waits for what others send.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of a request, also of the next one over the same connection.
    pub head: Duration,
    /// For a file that a form sends.
    pub file: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        // Longer than proxies keep a connection for the next request (60 s): it is theirs to end it.
        Patience { head: Duration::from_secs(75), file: Duration::from_secs(60) }
    }
}

impl Settings {
    /// Settings with the system's clock and the defaults of a new site.
    #[must_use]
    pub fn new(database: Target, photos: PathBuf) -> Settings {
        Settings {
            database,
            photos,
            first_site: NewSite::default(),
            secure_cookies: false,
            sessions: SessionLimits::default(),
            api_rates: ApiRates::default(),
            track_rate: TRACK_RATE,
            webhooks_private: false,
            mail: None,
            trusted_proxies: Vec::new(),
            public_url: "http://127.0.0.1:8470".to_owned(),
            patience: Patience::default(),
            clock: system_clock(),
        }
    }
}

/// What routes share.
pub(crate) struct Shared {
    pub store: Store,
    pub photos: Arc<photos::Desk>,
    pub secure_cookies: bool,
    pub sessions: SessionLimits,
    pub limits: Limits,
    pub trusted_proxies: Vec<Network>,
    pub patience: Patience,
    /// Requests of programs that must not run twice at once.
    pub running: Running,
    pub words: Arc<Vec<Catalogue>>,
    /// What mail to customers is written with.
    pub house: House,
    pub mail: Option<MailServer>,
    pub webhooks_private: bool,
    /// Something was written that is to be sent, though no station is told of it.
    pub wake: Notify,
    /// The same for mail.
    pub wake_mail: Notify,
    pub closing: watch::Sender<bool>,
    /// News of orders for the console.
    pub feed: feed::Feed,
    /// Files of orders that are being written.
    pub exports: exporting::Running,
    /// Lists that are being taken in.
    pub imports: importing::Running,
    /// Jobs over very many orders.
    pub many: many::Running,
    /// What the first admin must know; none once there is one.
    pub setup: Mutex<Option<String>>,
}

impl Shared {
    /// Shows the times of pages in the site's zone as it is now.
    ///
    /// # Errors
    /// Any fault of the store.
    pub async fn follow_zone(&self) -> Res<()> {
        let site = self.store.site();
        let zone = self.store.read(move |tx| Ok(sites::get(tx, site)?.zone)).await?;
        for words in self.words.iter() {
            if let Err(error) = words.set_zone(&zone) {
                tracing::warn!(%error, "times are shown in the zone of before");
            }
        }
        Ok(())
    }
}

/// A running central, before and while it serves.
#[derive(Clone)]
pub struct Central {
    shared: Arc<Shared>,
}

impl Central {
    /// Migrates the database, opens it, and reads the catalogue. Blocks: call it before the async runtime runs, or from a
    /// thread that may block.
    ///
    /// # Errors
    /// If the database cannot be migrated or opened, or the mail server's settings cannot be meant.
    pub fn open(settings: &Settings) -> Res<Central> {
        settings.mail.as_ref().map_or(Ok(()), mail::check)?;
        schema::migrate(&settings.database, &settings.first_site, (settings.clock)().0)?;
        let store = Store::open(&settings.database, Arc::clone(&settings.clock))?;
        let site = store.site();
        let zone = store.read_blocking(move |tx| Ok(sites::get(tx, site)?.zone))?;
        let words =
            Lang::ALL.iter().map(|lang| Catalogue::in_zone(*lang, &zone).unwrap_or_else(|_| Catalogue::new(*lang)));
        let words = Arc::new(words.collect::<Vec<_>>());
        let house = House { words: Arc::clone(&words), url: Arc::from(settings.public_url.as_str()) };
        let admin = store.read_blocking(move |tx| users::has_admin(tx, site))?;
        let setup = if admin { None } else { Some(secrets::new_code()?) };
        let shared = Shared {
            setup: Mutex::new(setup),
            store,
            photos: Arc::new(photos::Desk::new(settings.photos.clone())),
            secure_cookies: settings.secure_cookies,
            sessions: settings.sessions,
            limits: Limits::new(settings.api_rates, settings.track_rate),
            trusted_proxies: settings.trusted_proxies.clone(),
            patience: settings.patience,
            running: Running::default(),
            words,
            house,
            mail: settings.mail.clone(),
            webhooks_private: settings.webhooks_private,
            wake: Notify::new(),
            wake_mail: Notify::new(),
            closing: watch::channel(false).0,
            feed: feed::Feed::default(),
            exports: exporting::Running::default(),
            imports: importing::Running::default(),
            many: many::Running::default(),
        };
        Ok(Central { shared: Arc::new(shared) })
    }

    /// The store, for services that the command line runs beside the server.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// The code with which the first admin is made at `/setup`, while there is none. It is made anew at every start, is
    /// never stored, and belongs before the eyes of who started the server.
    #[must_use]
    pub fn setup_code(&self) -> Option<String> {
        self.shared.setup.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All routes: the API under `/api/v1`, the console, and `/healthz`.
    pub fn router(&self) -> axum::Router {
        routes::router(Arc::clone(&self.shared))
    }

    /// Serves until `stop` is done, then lets requests in progress end.
    ///
    /// # Errors
    /// None so far: a listener that fails is tried again.
    pub async fn serve(&self, listener: TcpListener, stop: impl Future<Output = ()> + Send + 'static) -> Res<()> {
        let closing = self.shared.closing.clone();
        let jobs = tokio::spawn(jobs::run(Arc::clone(&self.shared)));
        let told = webhooks::Webhooks::of(&self.shared).map(|sender| lanes::run(Arc::clone(&self.shared), sender));
        let told = tokio::spawn(async move {
            if let Some(told) = told {
                told.await;
            }
        });
        let mailed = tokio::spawn(lanes::run(Arc::clone(&self.shared), mail::Mail::of(&self.shared)));
        let stop = async move {
            stop.await;
            // Streams of hints never end by themselves.
            closing.send_replace(true);
        };
        server::serve(listener, self.router(), self.shared.patience.head, stop).await;
        self.shared.closing.send_replace(true);
        // A job that writes right now ends its transaction first.
        if jobs.await.is_err() || told.await.is_err() || mailed.await.is_err() {
            tracing::error!("the jobs of central broke off");
        }
        Ok(())
    }

    /// The threads of the database, for the operator's figures: jobs waiting to write and to read.
    #[must_use]
    pub fn waiting(&self) -> (usize, usize) {
        Db::waiting(self.shared.store.db())
    }
}
