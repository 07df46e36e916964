//! Templates of labels at the console, on both engines: the list, the editor, what is wrong line by line, the picture, versions
//! between two clerks, restoring, and who may do what.

use crate::central_console::{form, log_in, page, user};
use crate::central_kit::{Bench, on_each_engine};
use crate::console_kit::{csrf_of, sent};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::labels::template::bundled;
use packbench::protocol::wire::Role;

fn lead(bench: &Bench) -> (String, String) {
    user(bench, "lead", Role::Lead, "en");
    let cookie = log_in(bench, "lead");
    let token = csrf_of(&page(bench, "/labels", &cookie).2);
    (cookie, token)
}

#[test]
fn the_list_and_the_editor_show_in_every_language_and_only_to_those_who_may() {
    on_each_engine(|bench| {
        for locale in ["en", "es", "ms", "ru"] {
            user(bench, locale, Role::Lead, locale);
            let cookie = log_in(bench, locale);
            for path in ["/labels", "/labels/tote?dpi=600"] {
                let (status, _, body) = page(bench, path, &cookie);
                assert_eq!(status, StatusCode::OK, "{path}: {body}");
                assert!(!body.contains('⟦') && !body.contains(" style="), "{path} in {locale}: {body}");
            }
            assert!(page(bench, "/labels", &cookie).2.matches("<tr>").count() > bundled::ALL.len());
            assert_eq!(page(bench, "/labels/nothing", &cookie).0, StatusCode::NOT_FOUND);
            assert_eq!(page(bench, "/labels/tote?version=7", &cookie).0, StatusCode::NOT_FOUND);
        }
        user(bench, "packer", Role::Packer, "en");
        user(bench, "desk", Role::Office, "en");
        for login in ["packer", "desk"] {
            let cookie = log_in(bench, login);
            let token = csrf_of(&page(bench, "/orders", &cookie).2);
            for path in ["/labels", "/labels/tote", "/labels/tote/picture", "/labels/tote/file"] {
                assert_eq!(page(bench, path, &cookie).0, StatusCode::FORBIDDEN, "{login} {path}");
            }
            for path in ["/labels", "/labels/tote", "/labels/tote/try"] {
                let body = sent(&[("csrf", &token), ("text", "x"), ("go", "save")]);
                assert_eq!(form(bench, path, &cookie, body).0, StatusCode::FORBIDDEN, "{login} {path}");
            }
        }
    });
}

#[test]
fn what_is_typed_is_answered_with_a_picture_or_with_what_is_wrong() {
    on_each_engine(|bench| {
        let (cookie, token) = lead(bench);
        let text = bundled::text("tote").unwrap();
        let attempt = |text: &str, dpi: &str| {
            let body = sent(&[("csrf", &token), ("text", text), ("dpi", dpi)]);
            let request = Request::post("/labels/tote/try")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::COOKIE, &cookie)
                .body(Body::from(body));
            let (status, headers, body) = bench.send(request.unwrap());
            // A picture is no text: its first bytes name its kind.
            assert_eq!(
                body.starts_with(b"\x89PNG"),
                headers.get(header::CONTENT_TYPE) == Some(&"image/png".parse().unwrap())
            );
            (status, headers, String::from_utf8_lossy(&body).into_owned())
        };
        for dpi in ["203", "nonsense"] {
            let (status, headers, _) = attempt(text, dpi);
            assert_eq!((status, &headers[header::CONTENT_TYPE]), (StatusCode::OK, &"image/png".parse().unwrap()));
        }
        let line = 1 + text.lines().position(|line| line.starts_with("[[element]]")).unwrap();
        let wrong = text.replacen("[[element]]", "[[element]]\nsiez = 4", 1);
        let (status, _, told) = attempt(&wrong, "203");
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.contains(&format!("data-line=\"{}\"", line + 1)) && told.contains("siez"), "{told}");
        // Blank lines before it count as lines, and a browser's line ends are no characters of it.
        let (_, _, told) = attempt(&format!("\r\n\r\n{}", wrong.replace('\n', "\r\n")), "203");
        assert!(told.contains(&format!("data-line=\"{}\"", line + 3)), "{told}");
        assert!(attempt("width = [", "203").2.contains("Line 1"));
        assert_eq!(attempt(&"#".repeat(70_000), "203").0, StatusCode::PAYLOAD_TOO_LARGE);
        let large = "about = \"x\"\nwidth = 1000\nheight = 1000\n[sample]\na = \"x\"\n[[element]]\nkind = \"line\"\nat = [1, 1, 9, 1]\n";
        assert_eq!(attempt(large, "203").0, StatusCode::UNPROCESSABLE_ENTITY, "64 million pixels are not drawn");
        let evil = attempt("<script>alert(1)</script> = 1", "203").2;
        assert!(!evil.contains("<script>"), "{evil}");
    });
}

#[test]
fn a_version_is_saved_once_and_restored_and_the_slower_clerk_is_told() {
    on_each_engine(|bench| {
        let (cookie, token) = lead(bench);
        let text = bundled::text("tote").unwrap();
        let own = text.replacen("about = \"", "about = \"Ours: ", 1);
        let save = |text: &str, seen: &str, go: &str| {
            let fields = [("csrf", token.as_str()), ("seen", seen), ("text", text), ("dpi", "300"), ("go", go)];
            form(bench, "/labels/tote", &cookie, sent(&fields))
        };
        assert_eq!(save("width = 3", "0", "save").0, StatusCode::UNPROCESSABLE_ENTITY, "nothing unsound is stored");
        assert!(!page(bench, "/labels", &cookie).2.contains("Own, version"));
        assert_eq!(save(&own, "0", "save").0, StatusCode::SEE_OTHER);
        assert!(page(bench, "/labels", &cookie).2.contains("Own, version 1"));
        assert_eq!(page(bench, "/labels/tote/file", &cookie).2, own);
        let (status, _, body) = save(&own.replace("Ours", "Mine"), "0", "save");
        assert_eq!(status, StatusCode::CONFLICT, "somebody was faster");
        assert!(body.contains("Mine") && body.contains("name=\"seen\" value=\"1\""), "what was typed stays: {body}");
        assert_eq!(save(&own.replace("Ours", "Mine"), "1", "save").0, StatusCode::SEE_OTHER);
        assert!(page(bench, "/labels/tote?version=1", &cookie).2.contains("Ours: "), "an older one can be looked at");
        assert_eq!(save("", "2", "restore").0, StatusCode::SEE_OTHER);
        assert_eq!(page(bench, "/labels/tote/file", &cookie).2, text);
        assert_eq!(bench.int("SELECT COUNT(*) FROM label_templates"), 3);
        assert_eq!(save(text, "3", "check").0, StatusCode::OK);
        assert_eq!(bench.int("SELECT COUNT(*) FROM label_templates"), 3, "a check stores nothing");
    });
}

#[test]
fn a_template_of_a_new_name_is_a_copy_and_can_be_taken_away() {
    on_each_engine(|bench| {
        let (cookie, token) = lead(bench);
        let make = |name: &str, of: &str| {
            form(bench, "/labels", &cookie, sent(&[("csrf", &token), ("name", name), ("of", of)]))
        };
        let (status, headers, _) = make("cold-tote", "tote");
        assert_eq!(
            (status, &headers[header::LOCATION]),
            (StatusCode::SEE_OTHER, &"/labels/cold-tote".parse().unwrap())
        );
        assert_eq!(make("cold-tote", "tote").0, StatusCode::CONFLICT);
        assert_eq!(make("tote", "bin").0, StatusCode::CONFLICT);
        for name in ["", "Über", "a/b", "-x", "new", &"x".repeat(41)] {
            assert_eq!(make(name, "tote").0, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        }
        assert_eq!(make("other", "nothing").0, StatusCode::NOT_FOUND);
        let gone = sent(&[("csrf", &token), ("seen", "1"), ("text", ""), ("go", "restore")]);
        let (status, headers, _) = form(bench, "/labels/cold-tote", &cookie, gone);
        assert_eq!((status, &headers[header::LOCATION]), (StatusCode::SEE_OTHER, &"/labels".parse().unwrap()));
        assert!(!page(bench, "/labels", &cookie).2.contains("/labels/cold-tote"));
        assert_eq!(page(bench, "/labels/cold-tote", &cookie).0, StatusCode::NOT_FOUND);
        assert_eq!(make("cold-tote", "bin").0, StatusCode::SEE_OTHER, "the name is free again");
    });
}
