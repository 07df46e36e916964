//! Who may do what at central, on both engines: roles as data, people, keys of programs, the first admin.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, SMALL, on_each_engine};
use crate::console_kit::csrf_of;
use axum::http::{StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::services::access::keys::{self, NewKey};
use packbench::central::services::access::{Permission, Permissions, roles};
use packbench::protocol::wire::Role;

#[test]
fn shipped_roles_grow_from_packer_to_admin() {
    let set = Permissions::shipped;
    for (small, large) in [
        (Role::Packer, Role::Lead),
        (Role::Packer, Role::Office),
        (Role::Lead, Role::Admin),
        (Role::Office, Role::Admin),
    ] {
        assert!(set(small).within(set(large)) && set(small) != set(large), "{small:?} and {large:?}");
    }
    assert!(set(Role::Admin).iter().count() == Permission::ALL.len());
    assert!(!set(Role::Packer).has(Permission::PersonView), "a packer reads no customer's data at the console");
    for permission in Permission::ALL {
        assert_eq!(Permission::of(permission.name()), Some(*permission));
    }
    assert_eq!(Permission::of("order.fly"), None);
}

#[test]
fn a_rule_of_the_site_gives_and_takes_and_the_admin_keeps_all() {
    on_each_engine(|bench| {
        let store = bench.central.store();
        let site = store.site();
        let set = |role, permission, allowed| {
            store.write_blocking(Actor::Job("test"), move |work| roles::set(work, role, permission, allowed))
        };
        let has =
            |role, permission| store.read_blocking(move |tx| roles::granted(tx, site, role)).unwrap().has(permission);
        set(Role::Packer, Permission::StockAdjust, true).unwrap();
        assert!(has(Role::Packer, Permission::StockAdjust));
        set(Role::Lead, Permission::OrderUpdate, false).unwrap();
        assert!(!has(Role::Lead, Permission::OrderUpdate) && has(Role::Office, Permission::OrderUpdate));
        set(Role::Lead, Permission::OrderUpdate, true).unwrap();
        assert!(has(Role::Lead, Permission::OrderUpdate));
        assert!(set(Role::Admin, Permission::UserManage, false).is_err());
        let before = bench.int("SELECT COUNT(*) FROM audit");
        set(Role::Lead, Permission::OrderUpdate, true).unwrap();
        assert_eq!(bench.int("SELECT COUNT(*) FROM audit"), before, "what is so already is no change");
    });
}

#[test]
fn an_admin_adds_and_changes_people_and_nobody_else_does() {
    on_each_engine(|bench| {
        user(bench, "boss", Role::Admin, "en");
        user(bench, "lead", Role::Lead, "en");
        let boss = log_in(bench, "boss");
        let (_, _, body) = page(bench, "/people/new", &boss);
        let token = csrf_of(&body);
        let new = |login: &str, pin: &str| {
            format!(
                "csrf={token}&name=New+One&initials=NO&login={login}&role=packer&locale=en&pin={pin}&badge=&password="
            )
        };
        assert_eq!(form(bench, "/people/new", &boss, new("anew", "1357")).0, StatusCode::SEE_OTHER);
        let (status, _, body) = form(bench, "/people/new", &boss, new("anew", "1357"));
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("Somebody has this login already") && body.contains("New One"), "what was typed stays");
        assert!(!body.contains("1357"), "a secret never comes back");
        let (status, _, body) = form(bench, "/people/new", &boss, new("other", "12"));
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("4 to 8 digits"), "{body}");
        let forged = new("forged", "1357").replace(&token, "0000");
        assert_eq!(form(bench, "/people/new", &boss, forged).0, StatusCode::FORBIDDEN);

        let lead = log_in(bench, "lead");
        assert_eq!(page(bench, "/people", &lead).0, StatusCode::OK);
        for path in ["/people/new", "/keys", "/audit", "/audit.csv"] {
            assert_eq!(page(bench, path, &lead).0, StatusCode::FORBIDDEN, "{path}");
        }
        let own = csrf_of(&page(bench, "/people", &lead).2);
        let try_it = format!("csrf={own}&role=lead&permission=user.manage&allowed=1");
        assert_eq!(form(bench, "/roles", &lead, try_it).0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn shutting_somebody_out_ends_their_sessions_and_a_stale_form_is_refused() {
    on_each_engine(|bench| {
        user(bench, "boss", Role::Admin, "en");
        user(bench, "lead", Role::Lead, "en");
        let (boss, lead) = (log_in(bench, "boss"), log_in(bench, "lead"));
        let token = csrf_of(&page(bench, "/people", &boss).2);
        let id = bench.text("SELECT id FROM users WHERE login = 'lead'");
        let version = bench.int("SELECT version FROM users WHERE login = 'lead'");
        let save = |version: i64| {
            format!(
                "csrf={token}&version={version}&name=Lead+Two&initials=L2&role=lead&locale=es&pin=&badge=&password=&disabled=on"
            )
        };
        let (status, _, body) = form(bench, &format!("/people/{id}"), &boss, save(version - 1));
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("Somebody changed it meanwhile"), "{body}");
        assert_eq!(page(bench, "/orders", &lead).0, StatusCode::OK);
        assert_eq!(form(bench, &format!("/people/{id}"), &boss, save(version)).0, StatusCode::SEE_OTHER);
        assert_eq!(page(bench, "/orders", &lead).0, StatusCode::SEE_OTHER, "to the log-in");
        assert_eq!(
            bench.int("SELECT COUNT(*) FROM users WHERE login = 'lead' AND pin_hash IS NOT NULL"),
            1,
            "PIN kept"
        );

        let own = bench.text("SELECT id FROM users WHERE login = 'boss'");
        let version = bench.int("SELECT version FROM users WHERE login = 'boss'");
        let body = save(version).replace("role=lead", "role=admin");
        assert_eq!(form(bench, &format!("/people/{own}"), &boss, body).0, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(bench.int("SELECT disabled FROM users WHERE login = 'boss'"), 0);
    });
}

#[test]
fn a_key_is_shown_once_holds_its_scopes_and_ends() {
    on_each_engine(|bench| {
        let store = bench.central.store();
        let new = |scopes: Permissions, days| NewKey { name: "shop".to_owned(), scopes, days };
        let scopes: Permissions = [Permission::OrderView].into_iter().collect();
        let make = |key: NewKey, own| store.write_blocking(Actor::Job("test"), move |work| keys::make(work, &key, own));
        let office = Permissions::shipped(Role::Office);
        assert!(make(new(Permissions::default(), 30), office).is_err(), "no scope");
        assert!(make(new(scopes, 0), office).is_err() && make(new(scopes, 731), office).is_err(), "no such time");
        let beyond: Permissions = [Permission::KeyManage].into_iter().collect();
        assert!(make(new(beyond, 30), office).is_err(), "more than its maker may do");
        let made = make(new(scopes, 30), office).unwrap();
        let stored = bench.text("SELECT scopes || name || ending FROM api_keys");
        assert!(!stored.contains(&made.secret) && made.secret.starts_with(keys::PREFIX));
        let now = store.now().0;
        let known = |secret: &str, at_ms: i64| {
            let secret = secret.to_owned();
            store.read_blocking(move |tx| keys::authenticate(tx, &secret, at_ms))
        };
        let holder = known(&made.secret, now).unwrap();
        assert!(holder.scopes == scopes && holder.id == made.id);
        assert!(known("pbk_0000", now).is_err());
        assert!(known(&made.secret, now + 30 * 86_400_000).is_err(), "over");
        let id = made.id.clone();
        store.write_blocking(Actor::Job("test"), move |work| keys::revoke(work, &id)).unwrap();
        assert!(known(&made.secret, now).is_err(), "revoked");
        let id = made.id.clone();
        assert!(store.write_blocking(Actor::Job("test"), move |work| keys::revoke(work, &id)).is_err(), "once");
    });
}

#[test]
fn the_keys_page_shows_a_new_key_and_never_again() {
    on_each_engine(|bench| {
        user(bench, "boss", Role::Admin, "en");
        let boss = log_in(bench, "boss");
        let token = csrf_of(&page(bench, "/keys", &boss).2);
        let body = format!("csrf={token}&name=Web+shop&days=90&scope=order.view&scope=order.create");
        let (status, _, shown) = form(bench, "/keys", &boss, body);
        let secret = shown.split(keys::PREFIX).nth(1).map(|rest| rest[..64].to_owned()).unwrap();
        assert_eq!(status, StatusCode::OK);
        let (_, _, again) = page(bench, "/keys", &boss);
        assert!(
            again.contains("Web shop") && again.contains("order.view, order.create") == again.contains("order.create")
        );
        assert!(!again.contains(&secret));
    });
}

fn setup(code: &str) -> String {
    format!("code={code}&login=boss&name=The+Boss&password=a+long+secret")
}

#[test]
fn the_first_admin_needs_the_servers_code_and_then_the_page_is_gone() {
    on_each_engine(|bench: &Bench| {
        let code = bench.central.setup_code().expect("no admin yet");
        assert_eq!(page(bench, "/setup", "").0, StatusCode::OK);
        let (status, _, body) = form(bench, "/setup", "", setup("AAAAAAAA"));
        assert!(status == StatusCode::UNPROCESSABLE_ENTITY && !body.contains("a long secret"));
        assert_eq!(bench.int("SELECT COUNT(*) FROM users"), 0);
        assert_eq!(form(bench, "/setup", "", setup(&code.to_lowercase())).0, StatusCode::SEE_OTHER);
        assert_eq!(bench.text("SELECT role FROM users"), "admin");
        assert_eq!(bench.central.setup_code(), None);
        let (status, headers, _) = page(bench, "/setup", "");
        assert_eq!(
            (status, &headers[header::LOCATION]),
            (StatusCode::SEE_OTHER, &axum::http::HeaderValue::from_static("/login"))
        );
        assert_eq!(form(bench, "/setup", "", setup(&code)).0, StatusCode::SEE_OTHER);
        assert_eq!(bench.int("SELECT COUNT(*) FROM users"), 1);
    });
}

#[test]
fn a_customers_name_is_for_those_who_may_see_it() {
    on_each_engine(|bench| {
        bench.import(SMALL);
        bench
            .central
            .store()
            .write_blocking(Actor::Job("test"), |work| {
                work.exec(
                    "UPDATE customers SET name = 'Secret Name', search = 'secret name 17850' WHERE number = '17850'",
                    packbench::vals![],
                )?;
                Ok(())
            })
            .unwrap();
        user(bench, "packer", Role::Packer, "en");
        user(bench, "desk", Role::Office, "en");
        let (packer, desk) = (log_in(bench, "packer"), log_in(bench, "desk"));
        for (path, name) in [("/orders", true), ("/orders/536365", true), ("/orders?search=secret", true)] {
            let shown = page(bench, path, &desk).2;
            assert_eq!(shown.contains("Secret Name"), name, "{path}");
            assert!(!page(bench, path, &packer).2.contains("Secret Name"), "{path}");
        }
        assert!(page(bench, "/orders?search=17850", &packer).2.contains("536365"), "the number is no personal data");
        assert!(!page(bench, "/orders?search=secret", &packer).2.contains("536365"), "a name finds nothing");
    });
}
