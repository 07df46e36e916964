//! The real program as server and as station: a backup is taken while they work, work goes on, the server's database is lost and
//! restored. Everything since the backup comes again from the station's own disk, and both books agree.

use crate::process_kit::books;
use crate::process_kit::house::{House, until};
use crate::process_kit::packer::{Packer, open};
use crate::process_kit::station::Seen;
use std::process::Command;
use std::time::Duration;

const SEED: u64 = 11;
const ORDERS: usize = 8;

fn central(house: &House, args: &[&str]) -> String {
    let folder = house.folder().to_str().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_packbench"));
    command.args(["central", "--data-dir", folder, "--log-filter", "error"]).args(args).env_clear().env("HOME", folder);
    let ran = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{args:?}: {said}");
    said
}

fn facts(house: &House) -> i64 {
    let sql = "SELECT COUNT(*) FROM station_events";
    open(&house.central_file()).query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Works until so many orders are packed as central knows.
fn until_packed(house: &House, packer: &mut Packer<'_>, orders: i64) {
    while books::packed(house) < orders {
        packer.step().unwrap();
        if packer.now.as_ref().is_some_and(|now| matches!(now.seen, Seen::Queue { waiting: 0 })) {
            // Nothing to do until the server gives work out: looking all the time would only wear the patience out.
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }
}

#[test]
fn a_restored_server_gets_back_from_its_station_what_the_backup_lacks() {
    let house = House::build(ORDERS, SEED);
    let mut packer = Packer::new(&house, SEED);
    packer.switch_on();
    packer.pair();
    packer.begin();
    until_packed(&house, &mut packer, 2);
    let backup = house.folder().join("site.backup");
    central(&house, &["backup", backup.to_str().unwrap()]);
    let then = facts(&house);
    until_packed(&house, &mut packer, 5);
    packer.settle();
    assert!(facts(&house) > then);

    // The server dies, and its disk with it.
    packer.central = None;
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", house.central_file().display()));
    }
    let said = central(&house, &["restore", backup.to_str().unwrap()]);
    assert!(said.contains("Epoch 2 begins"), "{said}");
    assert!(facts(&house) <= then + 500 && books::packed(&house) < 5, "the backup holds what came after it");

    packer.switch_on();
    let all = i64::try_from(packer.facts.len()).unwrap();
    until("the station to give again what was lost", || facts(&house) >= all);
    until_packed(&house, &mut packer, i64::try_from(ORDERS).unwrap());
    packer.settle();
    packer.station.take().unwrap().switch_off();
    packer.compare_with_disk();
    books::assert_all(&house, &packer);
}
