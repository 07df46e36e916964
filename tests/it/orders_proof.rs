//! Proofs of payment on both engines: known by their content, bounded, named by their hash, and every look written down.

use crate::central_kit::{Bench, on_each_engine};
use crate::orders_create::{create, furnished, line, refused, typed};
use packbench::central::actor::Actor;
use packbench::central::error::{Refusal, Res};
use packbench::central::services::orders::drafts;
use packbench::central::services::orders::entry::DeskKind;
use packbench::central::services::photos::Desk;
use packbench::central::services::proofs::{self, Of, PROOF_BYTES_MAX, recognise};
use std::sync::Arc;

/// A real picture of one colour.
pub fn png(colour: u8) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([colour, 0, 0]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn jpeg() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(8, 8).write_to(&mut bytes, image::ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

#[test]
fn a_file_is_what_its_content_says() {
    assert_eq!(recognise(&png(1)), Some("image/png"));
    assert_eq!(recognise(&jpeg()), Some("image/jpeg"));
    assert_eq!(recognise(PDF), Some("application/pdf"));
    let disguised: [&[u8]; 7] = [
        b"",
        b"MZ\x90\0\x03 a program named proof.png",
        b"<html><script>alert(1)</script></html>",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0 no picture follows",
        b"%PDF-1.4 but it never ends",
        b"GIF89a\x01\0\x01\0\0\0\0;",
    ];
    for bytes in disguised {
        assert_eq!(recognise(bytes), None, "{:?}", String::from_utf8_lossy(bytes));
    }
}

fn add(bench: &Bench, desk: &Arc<Desk>, of: Of, bytes: Vec<u8>) -> Res<String> {
    bench.runtime.block_on(proofs::add(bench.central.store(), desk, Actor::Job("test"), of, bytes))
}

#[test]
fn a_proof_goes_from_the_draft_to_its_order_and_looks_are_written_down() {
    on_each_engine(|bench| {
        furnished(bench);
        let desk = Arc::new(Desk::new(bench.photos()));
        let order = create(bench, &typed(DeskKind::B2b, vec![line("85123A", 1)])).unwrap().id;
        let of = || Of::Order(order.clone());
        let id = add(bench, &desk, of(), png(1)).unwrap();
        assert_eq!(add(bench, &desk, of(), png(1)).unwrap(), id, "the same file again is the same proof");
        assert_ne!(add(bench, &desk, of(), PDF.to_vec()).unwrap(), id);
        assert_eq!(refused(add(bench, &desk, of(), b"MZ".to_vec())).code(), "field");
        let mut large = png(1);
        large.resize(PROOF_BYTES_MAX + 1, 0);
        assert_eq!(refused(add(bench, &desk, of(), large)).code(), "field");
        let nobody = Of::Order("none".to_owned());
        assert_eq!(refused(add(bench, &desk, nobody, jpeg())), Refusal::Missing { entity: "order" });
        assert_eq!(bench.int("SELECT COUNT(*) FROM payment_proofs"), 2);

        let store = bench.central.store();
        let proof = store.write_blocking(Actor::Job("look"), move |work| proofs::look(work, &id)).unwrap();
        let file = proofs::path(&bench.photos(), &proof).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), png(1));
        assert_eq!(file.file_name().unwrap().to_str().unwrap(), proof.hash, "named by what it holds");
        assert_eq!(bench.text("SELECT actor FROM audit WHERE kind = 'proof.viewed'"), "look");
        for n in 2..20 {
            add(bench, &desk, of(), png(n)).unwrap();
        }
        assert_eq!(refused(add(bench, &desk, of(), png(20))).code(), "state", "twenty are enough");
    });
}

#[test]
fn a_dropped_draft_leaves_no_file_unless_another_record_has_it_too() {
    on_each_engine(|bench| {
        furnished(bench);
        let desk = Arc::new(Desk::new(bench.photos()));
        let store = bench.central.store();
        let begin = || store.write_blocking(Actor::Job("test"), |work| drafts::begin(work, DeskKind::B2b)).unwrap();
        let (one, two) = (begin(), begin());
        add(bench, &desk, Of::Draft(one.clone()), png(1)).unwrap();
        add(bench, &desk, Of::Draft(one.clone()), png(2)).unwrap();
        add(bench, &desk, Of::Draft(two.clone()), png(2)).unwrap();
        let of_two = store.read_blocking(move |tx| proofs::list(tx, &Of::Draft(two.clone()))).unwrap();
        let files = store.write_blocking(Actor::Job("test"), move |work| drafts::discard(work, &one, None)).unwrap();
        assert_eq!(files.len(), 2);
        bench.runtime.block_on(proofs::sweep(store, &desk, files.clone())).unwrap();
        let left: Vec<&String> =
            files.iter().filter(|hash| proofs::folder(&bench.photos()).join(&hash[..2]).join(hash).exists()).collect();
        assert_eq!(left, [&of_two[0].hash]);
    });
}
