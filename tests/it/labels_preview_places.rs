//! Where the fields of other people's print jobs stand: turned by quarters, in millimetres, mirrored, and beyond the edges.

use super::preview_kit::{field_box, ink_box, shown};
use packbench::labels::preview::Warning;

#[test]
fn turned_text_stands_at_its_place_as_upright_text_does() {
    // A letter without descender or accent: white is over it (`over`) and, for the descenders of others, under it (`under`).
    let (left, top, w, h) = field_box("^FO300,300^A0N,60,60^FDH");
    let (before, over) = (left - 300, top - 300);
    let under = 60 - over - h;
    // The cell is as wide as the letter's advance: what is after it shows when the text ends at a place.
    let after = field_box("^FO300,300^A0N,60,60^FDHH").2 - 2 * w - before;
    assert_eq!(field_box("^FO300,300^A0R,60,60^FDH"), (300 + under, 300 + before, h, w), "a quarter");
    let (x, y, iw, ih) = field_box("^FO300,300^A0I,60,60^FDH");
    assert_eq!((y, iw, ih), (300 + under, w, h), "half");
    assert!(x.abs_diff(300 + after) <= 1, "half: {x} {after}");
    let (x, y, bw, bh) = field_box("^FO300,300^A0B,60,60^FDH");
    assert_eq!((x, bw, bh), (300 + over, h, w), "three quarters");
    assert!(y.abs_diff(300 + after) <= 1, "three quarters: {y} {after}");
    // At `^FT` all four stand on one point of their baseline.
    assert_eq!(field_box("^FT300,300^A0N,60,60^FDH"), (300 + before, 300 - h, w, h));
    assert_eq!(field_box("^FT300,300^A0R,60,60^FDH"), (300, 300 + before, h, w));
    assert_eq!(field_box("^FT300,300^A0I,60,60^FDH"), (300 - before - w, 300, w, h));
    assert_eq!(field_box("^FT300,300^A0B,60,60^FDH"), (300 - h, 300 - before - w, h, w));
}

#[test]
fn text_without_a_place_follows_the_text_before_it() {
    for turn in ["N", "R", "I", "B"] {
        let whole = field_box(&format!("^FT300,300^A0{turn},60,60^FDHHHH"));
        let parts = field_box(&format!("^FT300,300^A0{turn},60,60^FDHH^FS^FT^A0{turn},60,60^FDHH"));
        let apart = [whole.0.abs_diff(parts.0), whole.1.abs_diff(parts.1), whole.2.abs_diff(parts.2)];
        assert!(apart.iter().all(|dots| *dots <= 1), "{turn}: {whole:?} {parts:?}");
    }
}

#[test]
fn a_turned_block_has_the_room_of_all_its_lines() {
    let (left, ..) = field_box("^FO300,100^A0R,30,30^FDH");
    assert_eq!(field_box("^FO300,100^A0R,30,30^FB400,3,0,L^FDH").0, left + 60);
    assert_eq!(field_box("^FO300,100^A0R,30,30^FB400,1,0,L^FDH").0, left);
    assert_eq!(field_box("^FO300,100^A0B,30,30^FB400,3,0,L^FDH").0, field_box("^FO300,100^A0B,30,30^FDH").0);
}

#[test]
fn bars_stand_at_their_place_and_their_text_outside() {
    let bars = "^BY2^BC{turn},100,{text},{above},N^FD>:AB12345";
    let field = |turn: &str, text: &str, above: &str| {
        let bars = bars.replace("{turn}", turn).replace("{text}", text).replace("{above}", above);
        field_box(&format!("^FO300,200{bars}"))
    };
    let (_, _, length, _) = field("N", "N", "N");
    for (turn, w, h) in [("N", length, 100), ("R", 100, length), ("I", length, 100), ("B", 100, length)] {
        assert_eq!(field(turn, "N", "N"), (300, 200, w, h), "{turn}");
    }
    // The text lengthens the ink on one side, and the bars stay.
    let grown = |turn: &str, above: &str| {
        let (x, y, w, h) = field(turn, "Y", above);
        (300 - x, 200 - y, x + w - 300, y + h - 200)
    };
    let room = grown("N", "N").3 - 100;
    assert!((10..40).contains(&room), "{room}");
    let (text, bars) = (room, 100);
    assert_eq!(grown("N", "N"), (0, 0, length, bars + text));
    assert_eq!(grown("R", "N"), (text, 0, bars, length));
    assert_eq!(grown("I", "N"), (0, text, length, bars));
    assert_eq!(grown("B", "N"), (0, 0, bars + text, length));
    let (left, over, right, down) = grown("N", "Y");
    assert_eq!((left, right, down), (0, length, bars));
    assert!(over > 9, "the text is over them: {over}");
    let (x, y, _, _) = field_box("^FT300,400^BY2^BCN,100,Y,Y,N^FD>:AB12345");
    assert_eq!((x, y), (300, 300 - over), "the foot of the bars is at the place");
}

#[test]
fn places_and_sizes_are_told_in_millimetres_and_inches() {
    let boxed = |job: &str| {
        let shown = shown(job);
        (shown.picture.width_px(), shown.picture.height_px(), ink_box(&shown.picture), shown.not_drawn)
    };
    let metric = boxed("^XA^MUM^PW100^LL50^FO12.5,25^GB50,10,1^FS^XZ");
    assert_eq!(metric, (800, 400, (100, 200, 400, 80), Vec::new()));
    let inches = boxed("^XA^MUI^PW4^LL2^FO.493,.493^GB2,.5,.01^FS^MUD^FO0,0^GB9,9,9,W^FS^XZ");
    assert_eq!(inches, (813, 406, (100, 100, 406, 102), Vec::new()));
    assert_eq!(shown("^XA^MUD,150,300^FO9,9^GB9,9,9^FS^XZ").not_drawn, ["^MU"]);
}

#[test]
fn a_label_is_mirrored_and_turned_whole() {
    let at = |set: &str| ink_box(&shown(&format!("^XA^PW400^LL300{set}^FO10,20^GB30,40,30^FS^XZ")).picture);
    assert_eq!(at(""), (10, 20, 30, 40));
    assert_eq!(at("^PMY"), (360, 20, 30, 40));
    assert_eq!(at("^POI"), (360, 240, 30, 40));
    assert_eq!(at("^PMY^POI"), (10, 240, 30, 40));
}

#[test]
fn a_label_without_a_size_grows_and_what_is_beyond_a_told_one_is_told() {
    let size = |job: &str| {
        let shown = shown(job);
        (shown.picture.width_px(), shown.picture.height_px(), shown.warnings)
    };
    assert_eq!(size("^XA^FO20,20^GB700,1000,4^FS^XZ"), (812, 1_218, vec![]));
    assert_eq!(size("^XA^FO20,20^GB800,1140,4^FS^FO40,1230^GB100,40,4^FS^XZ"), (820, 1_270, vec![]));
    assert_eq!(size("^XA^PW812^FO20,20^GB830,1300,4^FS^XZ"), (812, 1_320, vec![Warning::BeyondTheEdge]));
    assert_eq!(size("^XA^LL600^FO20,20^GB800,900,4^FS^XZ"), (820, 600, vec![Warning::BeyondTheEdge]));
    assert_eq!(size("^XA^FO20,20^GB9000,9,4^FS^XZ"), (2_030, 1_218, vec![Warning::BeyondTheEdge]));
    assert_eq!(size("^XA^FO0,0^GB9,9,9^FS^LS30^FO0,40^GB40,9,4^FS^XZ").2, [Warning::BeyondTheEdge]);
    assert_eq!(size("^XA^PW812^FO20,20^GB800,1300,4^FS^XZ"), (812, 1_320, vec![]), "a frame a little over the edge");
    let text = size("^XA^PW812^FO790,20^A0N,40,40^FDABC^FS^XZ");
    assert_eq!(text, (812, 1_218, vec![Warning::BeyondTheEdge]), "text that is cut is told at once");
    assert_eq!(size("^XA^FO20,20^GB9,9,9^FS^FO900,20^GB9,9,9,W^FS^XZ"), (812, 1_218, vec![]), "white is not seen");
    // What was drawn before it grew stays where it was.
    let grown = "^XA^FO5,6^GB7,8,8^FS^FO900,1300^GB9,9,9^FS^FO5,6^FR^GB7,8,8^FS^XZ";
    assert_eq!(ink_box(&shown(grown).picture), (900, 1_300, 9, 9));
}

#[test]
fn diagonals_check_digits_and_default_sides_are_those_asked_for() {
    let corner = |lean: &str| {
        let shown = shown(&format!("^XA^PW400^LL400^FO0,0^GD200,200,9,B,{lean}^FS^XZ"));
        shown.picture.grey()[..20].iter().any(|g| *g < 128)
    };
    assert_eq!(["R", "/", "L", "\\"].map(corner), [false, false, true, true]);
    let turned = field_box("^FO300,100^A0B,40,40^FDABC");
    assert_eq!(field_box("^FO300,100^A0N,40,40^FWB^FDABC"), turned, "^FW behind ^A goes before it");
    let bitmap = shown("^XA^FO60,60^GFA,8,8,2,FFFF,FFFF,^XZ");
    assert_eq!(ink_box(&bitmap.picture), (60, 60, 16, 3), "the last bitmap of a label needs no ^FS");
    assert_eq!(field_box("^FWN,1^FO300,100^GB50,50,50"), (250, 100, 50, 50));
    assert_eq!(field_box("^FWN,1^FO300,100,0^GB50,50,50"), (300, 100, 50, 50));
    let listed = |field: &str| shown(&format!("^XA^FO50,50{field}^FS^XZ")).not_drawn;
    assert_eq!(listed("^BCN,80,Y,N,Y^FD123"), ["data of a barcode that cannot be encoded"]);
    assert_eq!(listed("^BCN,80,Y,N,Y,D^FD123"), Vec::<String>::new());
    assert_eq!(listed("^JMB^A0N,30,30^FDlarge"), ["^JM"]);
}
