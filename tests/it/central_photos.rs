//! Photos at central, on both engines: in parts, whole or not at all, resumed after a crash between file and row, and
//! refused beyond the quota.

use crate::central_kit::{Bench, Post, on_each_engine};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use packbench::central::actor::Actor;
use packbench::central::services::photos::{self, Written};
use packbench::protocol::wire::{ContentHash, PhotoAnswer, PhotoState};
use std::path::PathBuf;

fn picture() -> (Vec<u8>, ContentHash) {
    let bytes: Vec<u8> = (0..1_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let hash = ContentHash::of(&bytes);
    (bytes, hash)
}

fn put(bench: &Bench, post: &Post, hash: ContentHash, from: usize, part: &[u8]) -> (StatusCode, Option<PhotoAnswer>) {
    let request = Request::put(format!("/api/v1/photos/{hash}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", post.who.token))
        .header(header::CONTENT_RANGE, format!("bytes {from}-{}/1000", from + part.len() - 1))
        .body(Body::from(part.to_vec()))
        .unwrap();
    let (status, _, body) = bench.send(request);
    (status, serde_json::from_slice::<PhotoAnswer>(&body).ok())
}

fn get(bench: &Bench, post: &Post, hash: ContentHash) -> (StatusCode, Vec<u8>) {
    let get = Request::get(format!("/api/v1/photos/{hash}"))
        .header(header::AUTHORIZATION, format!("Bearer {}", post.who.token))
        .body(Body::empty())
        .unwrap();
    let (status, _, body) = bench.send(get);
    (status, body)
}

#[test]
fn a_photo_arrives_in_parts_and_only_whole() {
    on_each_engine(|bench| {
        let post = bench.pair("PACK 1");
        let (bytes, hash) = picture();
        let put = |from: usize, to: usize| put(bench, &post, hash, from, &bytes[from..to]);
        assert_eq!(put(400, 1000).0, StatusCode::CONFLICT, "no holes");
        assert_eq!(put(0, 400).1.unwrap().offset, 400);
        assert_eq!(put(0, 400).1.unwrap().offset, 400, "again is no error");
        assert_eq!(put(300, 1000).1.unwrap().state, PhotoState::Complete);
        assert_eq!(get(bench, &post, hash), (StatusCode::OK, bytes.clone()));
    });
}

#[test]
fn a_crash_between_file_and_row_costs_at_most_the_part() {
    on_each_engine(|bench| {
        let post = bench.pair("PACK 1");
        let folder = bench.photos();
        let (bytes, hash) = picture();
        assert_eq!(put(bench, &post, hash, 0, &bytes[..400]).1.unwrap().offset, 400);
        // The disk took a part, other bytes than those that come again, and the row was never written.
        assert_eq!(photos::write(&folder, &hash, 400, 1_000, &[7; 300]).unwrap(), Written::Partial(700));
        assert_eq!(put(bench, &post, hash, 700, &bytes[700..]).0, StatusCode::CONFLICT, "the row is the truth");
        assert_eq!(put(bench, &post, hash, 400, &bytes[400..900]).1.unwrap().offset, 900);
        // The last part reached the disk and the file got its name, and the row was never written.
        assert_eq!(photos::write(&folder, &hash, 900, 1_000, &bytes[900..]).unwrap(), Written::Complete(1_000));
        assert_eq!(get(bench, &post, hash).0, StatusCode::NOT_FOUND);
        let answer = put(bench, &post, hash, 900, &bytes[900..]).1.unwrap();
        assert_eq!((answer.state, answer.offset), (PhotoState::Complete, 1_000));
        assert_eq!(get(bench, &post, hash), (StatusCode::OK, bytes.clone()));
        let left: Vec<PathBuf> = walk(&folder);
        assert_eq!(left, [photos::path(&folder, &hash)], "nothing else is left lying there");
    });
}

fn walk(folder: &std::path::Path) -> Vec<PathBuf> {
    let inner = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    inner.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_disk_that_lost_bytes_or_holds_wrong_ones_starts_the_photo_again() {
    on_each_engine(|bench| {
        let post = bench.pair("PACK 1");
        let (bytes, hash) = picture();
        put(bench, &post, hash, 0, &bytes[..400]);
        let partial = photos::path(&bench.photos(), &hash).with_extension("part");
        std::fs::write(&partial, &bytes[..100]).unwrap();
        assert_eq!(put(bench, &post, hash, 400, &bytes[400..]).0, StatusCode::CONFLICT);
        assert_eq!(put(bench, &post, hash, 0, &bytes[..600]).1.unwrap().offset, 600);
        let wrong = put(bench, &post, hash, 600, &[9; 400]);
        assert_eq!(wrong.0, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!partial.exists());
        assert_eq!(put(bench, &post, hash, 0, &bytes).1.unwrap().state, PhotoState::Complete);
    });
}

#[test]
fn beyond_the_quota_nothing_is_written() {
    on_each_engine(|bench| {
        let post = bench.pair("PACK 1");
        let (bytes, hash) = picture();
        let quota = "UPDATE sites SET photo_quota_bytes = 500";
        bench.central.store().write_blocking(Actor::Job("test"), move |work| work.exec(quota, &[])).unwrap();
        assert_eq!(put(bench, &post, hash, 0, &bytes[..400]).0, StatusCode::OK);
        assert_eq!(put(bench, &post, hash, 400, &bytes[400..]).0, StatusCode::INSUFFICIENT_STORAGE);
        let partial = photos::path(&bench.photos(), &hash).with_extension("part");
        assert_eq!(std::fs::metadata(partial).unwrap().len(), 400);
    });
}
