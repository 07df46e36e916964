//! What tests of central share: a server on each engine, a small imported file, a paired station, and its facts.

use crate::schema_kit::for_each_engine;
use crate::sql_conformance::Site;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use packbench::central::actor::Actor;
use packbench::central::services::import::online_retail::{Report, import};
use packbench::central::services::products::{self, NewLocation, NewPackaging, ProductFacts};
use packbench::central::services::{stations, stock};
use packbench::central::{Central, Settings};
use packbench::core::ids::UserId;
use packbench::core::session::Event;
use packbench::core::time::UtcMs;
use packbench::protocol::session::{self, SessionFact};
use packbench::protocol::wire::{
    BootId, EventEnvelope, EventHash, EventId, Fence, FulfillmentId, LeaseAnswer, LeaseRequest, PairingAnswer, Payload,
    PushAnswer, PushRequest, RequestNo, Seq,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tower::ServiceExt as _;
use uuid::Uuid;

/// Two sales (one with postage), a guest's sale, a cancellation of part of the first, and a write-off.
pub const SMALL: &str = "\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6.0,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
536365,71053,WHITE METAL LANTERN,2.0,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536365,71053,WHITE METAL LANTERN,2.0,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
536370,22728,ALARM CLOCK BAKELIKE PINK,24.0,2010-12-01 08:45:00,3.75,12583.0,France
536370,POST,POSTAGE,3.0,2010-12-01 08:45:00,18.0,12583.0,France
536414,22139,,56.0,2010-12-01 11:52:00,0.0,,United Kingdom
C536379,85123A,WHITE HANGING HEART T-LIGHT HOLDER,-2.0,2010-12-02 09:41:00,2.55,17850.0,United Kingdom
536589,21777,,-10.0,2010-12-01 16:50:00,0.0,,United Kingdom
";

pub struct Bench {
    pub central: Central,
    pub now: Arc<AtomicI64>,
    pub runtime: tokio::runtime::Runtime,
    photos: std::path::PathBuf,
    /// Made once: a router holds every route and the API's document.
    router: axum::Router,
}

pub fn central(site: &Site) -> Bench {
    central_with(site, |_| {})
}

/// A server with other settings than those of [`central`].
pub fn central_with(site: &Site, change: impl FnOnce(&mut Settings)) -> Bench {
    let now = Arc::new(AtomicI64::new(1_300_000_000_000));
    let clock = Arc::clone(&now);
    let mut settings = Settings::new(site.target.clone(), site.folder.path().join("photos"));
    settings.clock = Arc::new(move || UtcMs(clock.load(Ordering::SeqCst)));
    change(&mut settings);
    let central = Central::open(&settings).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let router = central.router();
    Bench { central, now, runtime, photos: settings.photos, router }
}

pub fn on_each_engine(test: impl Fn(&Bench)) {
    for_each_engine(|site| test(&central(site)));
}

impl Bench {
    pub fn import(&self, text: &str) -> Report {
        import(self.central.store(), text.as_bytes(), text.len() as u64, &|_| {}).unwrap()
    }

    /// All routes, as a server has them.
    pub fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Folder of the photos.
    pub fn photos(&self) -> std::path::PathBuf {
        self.photos.clone()
    }

    /// One row's first column as a number.
    pub fn int(&self, sql: &'static str) -> i64 {
        self.central.store().read_blocking(move |tx| Ok(tx.int(sql, &[])?)).unwrap()
    }

    pub fn text(&self, sql: &'static str) -> String {
        self.central.store().read_blocking(move |tx| Ok(tx.one(sql, &[])?.unwrap().at::<String>(0)?)).unwrap()
    }

    pub fn send(&self, request: Request<Body>) -> (StatusCode, axum::http::HeaderMap, Vec<u8>) {
        self.runtime.block_on(async {
            let response = self.router().oneshot(request).await.unwrap();
            let (parts, body) = response.into_parts();
            (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
        })
    }

    pub fn post<B: Serialize, A: DeserializeOwned>(
        &self,
        path: &str,
        token: &str,
        body: &B,
    ) -> (StatusCode, Option<A>) {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .body(Body::from(serde_json::to_vec(body).unwrap()))
            .unwrap();
        let (status, _, body) = self.send(request);
        (status, serde_json::from_slice(&body).ok())
    }

    pub fn get<A: DeserializeOwned>(&self, path: &str, token: &str) -> (StatusCode, Option<A>) {
        let request =
            Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}")).body(Body::empty()).unwrap();
        let (status, _, body) = self.send(request);
        (status, serde_json::from_slice(&body).ok())
    }

    pub fn code(&self, name: &'static str) -> String {
        let code =
            self.central.store().write_blocking(Actor::Job("test"), move |work| stations::code(work, name, "pack"));
        code.unwrap().code
    }

    pub fn pair(&self, name: &'static str) -> Post {
        let code = self.code(name);
        let body = serde_json::json!({ "protocol": 1, "code": code, "machine_name": "bench", "software": "test" });
        let (status, answer) = self.post::<_, PairingAnswer>("/api/v1/pairing", "", &body);
        assert_eq!(status, StatusCode::OK);
        Post { who: answer.unwrap(), head: (Seq(0), EventHash::GENESIS), request_no: 0 }
    }

    /// Bins, boxes and stock for the small file.
    pub fn furnish(&self) {
        let store = self.central.store();
        store
            .write_blocking(Actor::Job("test"), |work| {
                let place = |code: &str| NewLocation {
                    code: code.to_owned(),
                    kind: "bin",
                    aisle: "A".to_owned(),
                    bay: 1,
                    level: 1,
                    right: false,
                    x_mm: 0,
                    y_mm: 0,
                    walk_rank: 1,
                };
                products::set_locations(work, &[place("A-01-1"), place("A-02-1")])?;
                let envelope = NewPackaging {
                    name: "L".to_owned(),
                    code: "BOX-L".to_owned(),
                    envelope: false,
                    inner_mm: [400, 300, 300],
                    tare_g: 200,
                    max_g: 20_000,
                };
                products::set_packagings(work, &[envelope])?;
                let facts = ["85123A", "71053", "22728", "22139"].map(|sku| ProductFacts {
                    sku: sku.to_owned(),
                    barcodes: vec![(sku.to_owned(), 1)],
                    weight_g: Some(200),
                    size_mm: Some([100, 100, 50]),
                    ..ProductFacts::default()
                });
                products::set_facts(work, &facts)?;
                let receipts = ["85123A", "71053", "22728", "22139"].map(|sku| stock::Receipt {
                    sku: sku.to_owned(),
                    location: "A-01-1".to_owned(),
                    lot: String::new(),
                    expiry: String::new(),
                    quantity: 100,
                });
                stock::receive(work, &receipts, "opening")
            })
            .unwrap();
    }
}

/// A paired station as the tests play it.
pub struct Post {
    pub who: PairingAnswer,
    pub head: (Seq, EventHash),
    pub request_no: u64,
}

impl Post {
    pub fn lease_request(&mut self, want: u32) -> LeaseRequest {
        self.request_no += 1;
        LeaseRequest {
            protocol: 1,
            station_id: self.who.station_id,
            epoch: self.who.epoch,
            request_no: RequestNo(self.request_no),
            want,
            have: Vec::new(),
            returns: Vec::new(),
            rate_per_hour: 10,
            sscc_left: 0,
        }
    }

    pub fn leases(&mut self, bench: &Bench, want: u32) -> LeaseAnswer {
        let request = self.lease_request(want);
        let (status, answer) = bench.post("/api/v1/sync/leases", &self.who.token, &request);
        assert_eq!(status, StatusCode::OK);
        answer.unwrap()
    }

    /// The next event of the chain.
    pub fn event(&mut self, work: FulfillmentId, fence: Fence, event: Event) -> EventEnvelope {
        let (kind, payload) =
            session::encode(&SessionFact { actor: UserId(Uuid::from_u128(77)), scanner: None, event });
        self.link(kind, Payload::from_json(payload).unwrap(), Some(work), Some(fence))
    }

    /// A fact without a fence.
    pub fn fact(&mut self, kind: &str, payload: Payload, work: Option<FulfillmentId>) -> EventEnvelope {
        self.link(kind, payload, work, None)
    }

    fn link(
        &mut self,
        kind: &str,
        payload: Payload,
        fulfillment: Option<FulfillmentId>,
        fence: Option<Fence>,
    ) -> EventEnvelope {
        let envelope = EventEnvelope {
            id: EventId(Uuid::now_v7()),
            station_id: self.who.station_id,
            epoch: self.who.epoch,
            seq: self.head.0.next(),
            kind: kind.to_owned(),
            schema: 1,
            fulfillment,
            fence,
            wall_ms: 1_300_000_000_000,
            mono_ms: 5,
            boot_id: BootId(Uuid::from_u128(5)),
            prev_hash: self.head.1,
            payload,
        };
        self.head = (envelope.seq, envelope.hash());
        envelope
    }

    /// A fact that stands for nothing, not counted on.
    pub fn note(&self) -> EventEnvelope {
        let mut post = Post { who: self.who.clone(), head: self.head, request_no: 0 };
        let mut event = post.event(FulfillmentId(Uuid::from_u128(1)), Fence(1), Event::LeadCalled);
        event.fulfillment = None;
        event
    }

    pub fn push(&self, bench: &Bench, events: Vec<EventEnvelope>) -> PushAnswer {
        let request =
            PushRequest { protocol: 1, station_id: self.who.station_id, epoch: self.who.epoch, events, backlog: None };
        let (status, answer) = bench.post("/api/v1/sync/push", &self.who.token, &request);
        assert_eq!(status, StatusCode::OK);
        answer.unwrap()
    }
}
