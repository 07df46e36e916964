//! Products written by the office and by programs, on both engines: the sheet's rules, two who write one, barcodes of every packing
//! level, what a station is told, pictures made small, the pages in each language, and the API.

use crate::api_kit::{ask, get, key, master, seed};
use crate::api_stock_changes::post;
use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::{hidden, upload};
use crate::orders_create::{furnished, refused};
use crate::stock_change::somebody;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::central::error::{CentralError, Refusal, Res};
use packbench::central::services::access::Permission;
use packbench::central::services::products::picture::{KEPT_SIDE_PX, PICTURE_BYTES_MAX, small};
use packbench::central::services::products::sheet::{self, Battery, Sheet};
use packbench::protocol::wire::{Change, PullPage, Put, Role};
use serde_json::{Value, json};

fn mug() -> Sheet {
    Sheet {
        name: "Mug, blue".to_owned(),
        category: "Kitchen".to_owned(),
        price_minor: Some(799),
        tax_rate_bp: 2_000,
        barcodes: vec![("4006381333931".to_owned(), 1), ("MUG-CASE".to_owned(), 12)],
        weight_g: Some(320),
        size_mm: Some([120, 90, 100]),
        battery: Some(Battery::IonWithEquipment),
        hs_code: Some("69120023".to_owned()),
        origin: Some("PT".to_owned()),
        temperature_c: Some([-5, 40]),
        ..Sheet::default()
    }
}

fn add(bench: &Bench, sku: &'static str, sheet: &Sheet) -> Res<String> {
    let sheet = sheet.clone();
    bench.central.store().write_blocking(somebody(1), move |work| sheet::add(work, sku, &sheet))
}

fn save(bench: &Bench, seen: i64, sheet: &Sheet) -> Res<i64> {
    let sheet = sheet.clone();
    bench.central.store().write_blocking(somebody(1), move |work| sheet::save(work, "MUG-1", Some(&[seen]), &sheet))
}

#[test]
fn every_rule_of_the_sheet_names_its_fact() {
    type Spoil = fn(&mut Sheet);
    let spoilt: &[(&str, Spoil)] = &[
        ("product.name", |sheet| sheet.name = " ".to_owned()),
        ("product.category", |sheet| sheet.category = "c".repeat(61)),
        ("product.price", |sheet| sheet.price_minor = Some(-1)),
        ("product.tax", |sheet| sheet.tax_rate_bp = 10_001),
        ("product.bears", |sheet| sheet.bears_g = Some(1_000_001)),
        ("product.weight", |sheet| sheet.weight_g = Some(0)),
        ("product.size", |sheet| sheet.size_mm = Some([1, 1, 10_001])),
        ("product.barcodes", |sheet| sheet.barcodes = vec![("ZZPB-1".to_owned(), 1)]),
        ("product.barcodes", |sheet| sheet.barcodes = vec![("A".to_owned(), 0)]),
        ("product.barcodes", |sheet| sheet.barcodes = vec![("A".to_owned(), 1), ("A".to_owned(), 2)]),
        ("product.barcodes", |sheet| sheet.barcodes = vec![("A".to_owned(), 1); 51]),
        ("product.un-number", |sheet| sheet.un_number = Some(10_000)),
        ("product.hs-code", |sheet| sheet.hs_code = Some("69.12".to_owned())),
        ("product.origin", |sheet| sheet.origin = Some("pt".to_owned())),
        ("product.customs-value", |sheet| sheet.customs_value_minor = Some(-1)),
        ("product.temperature", |sheet| sheet.temperature_c = Some([5, 4])),
    ];
    assert_eq!(mug().validate(), Ok(()));
    for (wanted, spoil) in spoilt {
        let mut sheet = mug();
        spoil(&mut sheet);
        assert!(matches!(sheet.validate(), Err(Refusal::Field { field, .. }) if field == *wanted), "{wanted}");
    }
    for sku in ["", " A", "ZZPB1", "a\u{0}b"] {
        assert!(sheet::check_sku(sku).is_err(), "{sku:?}");
    }
}

#[test]
fn a_sheet_is_written_once_told_to_stations_and_kept_with_what_it_was() {
    on_each_engine(|bench| {
        furnished(bench);
        let id = add(bench, "MUG-1", &mug()).unwrap();
        assert_eq!(refused(add(bench, "MUG-1", &mug())).code(), "taken");
        let other = Sheet { barcodes: vec![("MUG-CASE".to_owned(), 1)], ..mug() };
        assert_eq!(refused(add(bench, "MUG-2", &other)), Refusal::Taken { field: "barcode", entity: "product" });
        assert_eq!(bench.int("SELECT COUNT(*) FROM products WHERE sku = 'MUG-2'"), 0);
        let post = bench.pair("PACK 9");
        let pull = bench.get::<PullPage>("/api/v1/sync/pull?protocol=1&limit=500", &post.who.token).1.unwrap();
        let told = pull.changes.into_iter().find_map(|change| match change {
            Change::Product(Put::Upsert(product)) if product.sku == "MUG-1" => Some(product),
            _ => None,
        });
        let told = told.unwrap();
        let codes: Vec<_> = told.barcodes.iter().map(|one| (one.code.as_str(), one.units_per_scan, one.gtin)).collect();
        assert_eq!(codes, [("04006381333931", 1, true), ("MUG-CASE", 12, false)]);
        assert_eq!(told.compliance.hs_code.as_deref(), Some("69120023"));
        assert_eq!(told.compliance.temperature.unwrap().min_decicelsius, -50);

        assert_eq!(save(bench, 1, &mug()).unwrap(), 1, "what is known already changes nothing");
        let first = Sheet { weight_g: Some(330), ..mug() };
        assert_eq!(save(bench, 1, &first).unwrap(), 2);
        let slower = Sheet { category: "Mugs".to_owned(), ..mug() };
        match save(bench, 1, &slower) {
            Err(CentralError::Refused(Refusal::Version { newest, fields })) => {
                assert_eq!((newest, fields), (2, vec!["category", "weight"]), "the slower one reads what differs");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(save(bench, 2, &slower).unwrap(), 3);
        let detail = bench.text("SELECT detail FROM audit WHERE kind = 'product.changed' ORDER BY no LIMIT 1");
        assert_eq!(serde_json::from_str::<Value>(&detail).unwrap(), json!({ "weight": [320, 330] }));
        assert!(bench.int("SELECT COUNT(*) FROM audit WHERE kind = 'product.changed'") == 2 && !id.is_empty());
        let lantern = bench.central.store().write_blocking(somebody(1), |work| {
            let now = sheet::filed(work.tx, work.ctx.site, "71053")?.sheet;
            sheet::save(work, "71053", None, &Sheet { service: true, ..now })
        });
        assert_eq!(refused(lantern).code(), "state", "it lies in stock");
    });
}

fn picture(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_pixel(width, height, image::Rgba([200, 0, 0, 0]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn a_picture_is_known_by_its_content_and_made_small() {
    let kept = small(&picture(1_600, 800)).unwrap();
    let seen = image::load_from_memory(&kept).unwrap().to_rgb8();
    assert_eq!((seen.width(), seen.height()), (KEPT_SIDE_PX, KEPT_SIDE_PX / 2));
    assert!(kept.starts_with(&[0xff, 0xd8, 0xff]) && seen.get_pixel(5, 5).0.iter().all(|channel| *channel > 250));
    assert_eq!(image::load_from_memory(&small(&picture(20, 10)).unwrap()).unwrap().width(), 20, "none is made larger");
    let mut cut = picture(64, 64);
    cut.truncate(60);
    for wrong in [
        b"MZ a program".to_vec(),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        cut,
        vec![0; PICTURE_BYTES_MAX + 1],
    ] {
        assert!(matches!(small(&wrong), Err(CentralError::Refused(Refusal::Field { .. }))));
    }
}

#[test]
fn a_clerk_adds_and_changes_a_product_and_the_slower_one_reads_what_differs() {
    on_each_engine(|bench| {
        furnished(bench);
        for (login, locale) in [("en", "en"), ("es", "es"), ("ms", "ms"), ("ru", "ru")] {
            user(bench, login, Role::Office, locale);
            let cookie = log_in(bench, login);
            for path in ["/products", "/products?search=white", "/new-product", "/products/85123A"] {
                let (status, _, body) = page(bench, path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}: {body}");
                assert!(!body.contains('⟦') && !body.contains(" style="), "{path} in {locale}: {body}");
            }
        }
        let cookie = log_in(bench, "en");
        let csrf = hidden(&page(bench, "/new-product", &cookie).2, "csrf");
        let send = |to: &str, fields: &str| form(bench, to, &cookie, format!("csrf={csrf}&{fields}"));
        let facts = "name=Mug&category=Kitchen&price=7%2C99&tax=20&weight=320&length=120&width=90&height=100&code=4006381333931\
            &units=1&code=CASE&units=12&code=&units=&battery=&fragile=1&lot=1";
        let (status, _, said) = send("/new-product", &format!("sku=A%2F1&version=0&{facts}&un-number=abc"));
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && said.contains("UN number is 1 to 9999"), "{said}");
        assert!(said.contains("value=\"CASE\""), "what was typed stays: {said}");
        let (status, headers, said) = send("/new-product", &format!("sku=A%2F1&version=0&{facts}"));
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
        assert_eq!(headers[header::LOCATION].to_str().unwrap(), "/products/A%2F1");
        let shown = page(bench, "/products/A%2F1", &cookie).2;
        assert!(shown.contains("value=\"7.99\"") && shown.contains("04006381333931"), "{shown}");
        let scan = page(bench, "/products?search=4006381333931", &cookie);
        assert_eq!(scan.1[header::LOCATION].to_str().unwrap(), "/products/A%2F1", "a scan leads to its product");

        assert_eq!(
            send("/products/A%2F1", &format!("version=1&{}", facts.replace("320", "330"))).0,
            StatusCode::SEE_OTHER
        );
        let (status, _, said) = send("/products/A%2F1", &format!("version=1&{}", facts.replace("Kitchen", "Mugs")));
        assert!(status == StatusCode::CONFLICT && said.contains("category, weight"), "{said}");
        assert!(said.contains("value=\"Mugs\"") && hidden(&said, "version") == "2", "saving again is their choice");
        assert!(
            page(bench, "/products/A%2F1", &cookie).2.contains("<b>weight</b>"),
            "and the history says what changed"
        );

        user(bench, "packer", Role::Packer, "en");
        let packer = log_in(bench, "packer");
        assert_eq!(page(bench, "/products/85123A", &packer).0, StatusCode::OK);
        assert_eq!(page(bench, "/new-product", &packer).0, StatusCode::FORBIDDEN);
        assert_eq!(form(bench, "/products/85123A", &packer, "csrf=x".to_owned()).0, StatusCode::FORBIDDEN);
        assert_eq!(page(bench, "/products/NONE", &cookie).0, StatusCode::NOT_FOUND);
    });
}

#[test]
fn a_picture_is_sent_shown_and_never_taken_for_what_it_is_not() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "desk", Role::Office, "en");
        let cookie = log_in(bench, "desk");
        let csrf = hidden(&page(bench, "/products/85123A", &cookie).2, "csrf");
        let send = |csrf: &str, bytes: &[u8]| {
            let (path, file) = ("/products/85123A/picture", ("a.png", "image/png", bytes));
            upload(bench, path, &cookie, &[("csrf", csrf)], file).0
        };
        assert_eq!(page(bench, "/products/85123A/picture", &cookie).0, StatusCode::NOT_FOUND);
        assert_eq!(send("0000", &picture(900, 900)), StatusCode::FORBIDDEN);
        assert_eq!(send(&csrf, b"<svg/>"), StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(send(&csrf, &picture(900, 900)), StatusCode::SEE_OTHER);
        let request =
            Request::get("/products/85123A/picture").header(header::COOKIE, &cookie).body(Body::empty()).unwrap();
        let (status, headers, bytes) = bench.send(request);
        assert_eq!((status, headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "image/jpeg"));
        assert_eq!(image::load_from_memory(&bytes).unwrap().width(), KEPT_SIDE_PX);
        assert!(page(bench, "/products/85123A", &cookie).2.contains("/products/85123A/picture?"));
    });
}

#[test]
fn programs_add_change_and_write_many_products() {
    on_each_engine(|bench| {
        seed(bench);
        let master = master(bench);
        let facts = json!({ "name": "Mug", "barcodes": [{ "code": "4006381333931", "units": 1 }], "weight_g": 320,
            "battery": "ion_alone", "temperature_c": { "low": -5, "high": 40 } });
        let made = post(bench, "/api/v1/products", &master, "p1", &json!({ "sku": "A/1", "facts": facts }));
        assert_eq!((made.status, made.header("location")), (StatusCode::CREATED, "/api/v1/products/A%2F1"));
        let shown = get(bench, "/api/v1/products/A%2F1", &master);
        assert_eq!((&shown.json["battery"], &shown.json["temperature_c"]["low"]), (&json!("ion_alone"), &json!(-5)));
        assert_eq!(
            post(bench, "/api/v1/products", &master, "p2", &json!({ "sku": "A/1", "facts": facts })).code(),
            "invalid"
        );
        let nameless = post(bench, "/api/v1/products", &master, "p3", &json!({ "sku": "B", "facts": {} }));
        assert_eq!(nameless.json["fields"][0]["pointer"], "/facts/name");

        let patch = |tag: &str, name: &str, body: &Value| {
            let headers = [("content-type", "application/json"), ("idempotency-key", name), ("if-match", tag)];
            ask(bench, "PATCH", "/api/v1/products/A%2F1", &master, &headers, &body.to_string())
        };
        let tag = shown.header("etag");
        assert_eq!(patch(tag, "p4", &json!({ "weight_g": null, "fragile": true })).json["version"], 2);
        assert_eq!(patch(tag, "p5", &json!({ "fragile": false })).status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(patch("*", "p6", &json!({ "origin": "xx" })).json["fields"][0]["pointer"], "/origin");
        assert_eq!(patch("*", "p7", &json!({ "fragile": true })).json["version"], 2, "as it is already");
        assert_eq!(get(bench, "/api/v1/products/A%2F1", &master).json["weight_g"], Value::Null);

        let many = json!({ "products": [
            { "sku": "A/1", "version": 2, "facts": { "category": "Kitchen" } },
            { "sku": "A/1", "version": 2, "facts": { "category": "Mugs" } },
            { "sku": "C", "facts": { "name": "Cup" } },
            { "sku": "D", "facts": { "category": "Kitchen" } },
            { "sku": "C", "facts": { "barcodes": [{ "code": "4006381333931", "units": 1 }] } },
            { "sku": "71053", "facts": {} },
        ] });
        let done = post(bench, "/api/v1/products/bulk", &master, "p8", &many);
        let outcomes: Vec<_> =
            done.json["results"].as_array().unwrap().iter().map(|one| one["outcome"].as_str().unwrap()).collect();
        assert_eq!(outcomes, ["changed", "refused", "created", "refused", "refused", "unchanged"]);
        assert_eq!(done.json["results"][4]["problem"]["fields"][0]["pointer"], "/products/4/facts/barcodes");
        assert_eq!(bench.int("SELECT COUNT(*) FROM products WHERE sku = 'D'"), 0);
        let reader = key(bench, &[Permission::StockView]);
        for path in ["/api/v1/products", "/api/v1/products/bulk"] {
            let body = if path.ends_with("bulk") { many.clone() } else { json!({ "sku": "E", "facts": facts }) };
            assert_eq!(post(bench, path, &reader, "p9", &body).status, StatusCode::FORBIDDEN);
        }
    });
}

#[test]
fn a_product_may_be_called_new_and_bookmarks_of_the_form_lead_to_it() {
    on_each_engine(|bench| {
        furnished(bench);
        user(bench, "en", Role::Office, "en");
        let cookie = log_in(bench, "en");
        let (status, headers, _) = page(bench, "/products/new", &cookie);
        assert_eq!((status, headers[header::LOCATION].to_str().unwrap()), (StatusCode::SEE_OTHER, "/new-product"));
        let csrf = hidden(&page(bench, "/new-product", &cookie).2, "csrf");
        let send = |to: &str, fields: &str| form(bench, to, &cookie, format!("csrf={csrf}&{fields}"));
        let (status, headers, said) = send("/new-product", "sku=new&version=0&name=Mug&battery=");
        assert_eq!(status, StatusCode::SEE_OTHER, "{said}");
        assert_eq!(headers[header::LOCATION].to_str().unwrap(), "/products/new");
        let shown = page(bench, "/products/new", &cookie).2;
        assert!(shown.contains("action=\"/products/new\"") && shown.contains("value=\"Mug\""), "{shown}");
        assert_eq!(send("/products/new", "version=1&name=Cup&battery=").0, StatusCode::SEE_OTHER);
        assert_eq!(bench.text("SELECT name FROM products WHERE sku = 'new'"), "Cup");
    });
}
