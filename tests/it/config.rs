//! Settings: what is written becomes what is meant, or a list of what to correct.

use std::path::{Path, PathBuf};

use packbench::config::{
    self, Base, Baud, CameraSource, CentralSettings, DataBits, Database, KEYS, LabelCheck, Language, Parity,
    PhotoSettings, PrintFormat, PrinterPort, Problems, Raw, ReceiptPort, ScaleModel, ScannerPort, StationSettings,
    StopBits, Theme, UsbSettings,
};

use packbench::core::checklist::DocumentKind;

fn base() -> Base {
    Base { data_home: PathBuf::from("/home/pack/.local/share") }
}

fn raw(text: &str) -> Raw {
    Raw::from_toml(Path::new("settings.toml"), text).unwrap()
}

fn station(text: &str) -> Result<StationSettings, Problems> {
    config::station(&raw(text), &base())
}

fn central(text: &str) -> Result<CentralSettings, Problems> {
    config::central(&raw(text), &base())
}

/// The problems as lines, without the heading.
fn lines(problems: &Problems) -> Vec<String> {
    problems.0.iter().map(ToString::to_string).collect()
}

#[test]
fn nothing_written_is_enough() {
    let s = station("").unwrap();
    assert_eq!(s.data_dir, Path::new("/home/pack/.local/share/packbench/station"));
    assert_eq!((s.language, s.theme, s.sound_volume_percent), (Language::En, Theme::Light, 70));
    assert_eq!((s.idle_lock_minutes, s.reduced_motion, s.fullscreen), (Some(10), false, true));
    assert!(s.scanners.is_empty() && s.central_url.is_none() && s.token.is_none());
    let c = central("").unwrap();
    assert_eq!(c.listen.to_string(), "127.0.0.1:8470");
    assert_eq!(c.public_url, "http://127.0.0.1:8470");
    assert_eq!(c.database, Database::Sqlite(PathBuf::from("/home/pack/.local/share/packbench/central/central.db")));
    assert_eq!((c.zone.as_str(), c.sessions.hours, c.sessions.idle_minutes), ("UTC", 12, 60));
}

#[test]
fn a_whole_station_is_understood() {
    let s = station(
        r#"
        [station]
        central_url = "https://packbench.example.com/"
        language = "ru"
        theme = "system"
        idle_lock_minutes = 0
        [station.scanners.hand]
        kind = "wedge"
        gap_ms = 35
        [station.scanners.bench]
        kind = "serial"
        port = "/dev/ttyUSB0"
        baud = 115200
        [station.scales.floor]
        kind = "serial"
        model = "toledo-8217"
        port = "/dev/ttyS0"
        baud = 4800
        [station.printers.labels]
        kind = "tcp"
        host = "192.0.2.10"
        dpi = 300
        label_width_mm = 100
        label_height_mm = 150
        [station.printers.office]
        kind = "folder"
        use = "documents"
        folder = "/srv/print"
        [station.cameras.top]
        kind = "mjpeg"
        url = "http://192.0.2.20/stream"
        "#,
    )
    .unwrap();
    assert_eq!(s.central_url.as_deref(), Some("https://packbench.example.com"));
    assert_eq!((s.language.code(), s.theme, s.idle_lock_minutes), ("ru", Theme::System, None));
    let [bench, hand] = &s.scanners[..] else { panic!("{:?}", s.scanners) };
    assert_eq!((hand.name.as_str(), &hand.port), ("hand", &ScannerPort::Wedge { gap_ms: 35, length_min: 4 }));
    let ScannerPort::Serial { path, line, frame, .. } = &bench.port else { panic!("{bench:?}") };
    assert_eq!((frame.idle_ms, frame.aim, frame.terminators.as_slice()), (100, true, &b"\r\n"[..]));
    assert_eq!(
        (path.as_path(), line.baud, line.data_bits),
        (Path::new("/dev/ttyUSB0"), Baud(115_200), DataBits::Eight)
    );
    let scale = &s.scales[0];
    let line = scale.line.unwrap();
    assert_eq!((&scale.model, line.baud, scale.poll_ms), (&ScaleModel::Toledo8217, Baud(4_800), 200));
    assert_eq!((line.data_bits, line.parity, line.stop_bits), (DataBits::Seven, Parity::Even, StopBits::One));
    assert_eq!(
        (s.printers[0].format, s.printers[0].dpi, s.printers[0].prints.as_slice()),
        (PrintFormat::Zpl, 300, &[DocumentKind::Label][..])
    );
    assert_eq!((s.printers[0].label_mm, s.printers[1].label_mm), ((100, 150), (0, 0)));
    assert_eq!(s.printers[0].port, PrinterPort::Tcp { host: "192.0.2.10".into(), port: 9_100, status: true });
    assert_eq!((s.printers[1].format, s.printers[1].prints.len()), (PrintFormat::Pdf, 5), "all papers but the label");
    assert_eq!(s.cameras[0].source, CameraSource::Mjpeg("http://192.0.2.20/stream".into()));
}

#[test]
fn an_unknown_key_names_the_nearest_one() {
    let problems = Raw::from_toml(
        Path::new("settings.toml"),
        "[station]\ntheme = \"dark\"\nlangage = \"es\"\n[station.printers.labels]\nkind = \"tcp\"\nhots = \"x\"\n[central]\nzzzzzzzzz = 1\n",
    )
    .unwrap_err();
    assert_eq!(
        lines(&problems),
        [
            "settings.toml:3: station.langage: there is no such setting. Did you mean station.language?",
            "settings.toml:6: station.printers.labels.hots: there is no such setting. Did you mean station.printers.labels.host?",
            "settings.toml:8: central.zzzzzzzzz: there is no such setting; the example file lists all",
        ]
    );
    assert!(problems.to_string().starts_with("3 settings are not right:\n  settings.toml:3: "));
}

#[test]
fn all_problems_are_told_at_once() {
    let text = "[station]\ntheme = \"drak\"\nsound_volume_percent = 170\nreduced_motion = \"maybe\"\n\
                central_url = \"packbench.example.com\"\nlog_filter = \"\"\n\
                [station.scanners.hand]\nkind = \"wedge\"\nport = \"/dev/ttyUSB0\"\n\
                [station.scales.floor]\nkind = \"serial\"\n";
    let problems = lines(&station(text).unwrap_err());
    for expected in [
        "settings.toml:5: station.central_url: \"packbench.example.com\" is not an address; it starts with http:// or https://",
        "settings.toml:2: station.theme: \"drak\" is not one of light, dark, system. Did you mean \"dark\"?",
        "settings.toml:3: station.sound_volume_percent: \"170\" is not a whole number from 0 to 100",
        "settings.toml:4: station.reduced_motion: \"maybe\" is neither true nor false",
        "settings.toml:6: station.log_filter: this is empty; write a value or take the line out",
        "settings.toml:9: station.scanners.hand.port: kind \"wedge\" has no use for this; take the line out or change the kind",
        "station.scales.floor.model: this is needed; write for example \"mt-sics\"",
        "station.scales.floor.port: this is needed; write for example \"/dev/serial/by-id/usb-scale\"",
    ] {
        assert!(problems.iter().any(|p| p == expected), "{expected}\nis not among\n{}", problems.join("\n"));
    }
    assert_eq!(problems.len(), 8, "{}", problems.join("\n"));
}

#[test]
fn a_broken_file_is_told_with_its_line() {
    let problems = Raw::from_toml(Path::new("settings.toml"), "[station]\ntheme = \n").unwrap_err();
    assert!(lines(&problems)[0].starts_with("settings.toml:2: this is not TOML: "), "{problems}");
    for value in ["1.5", "2026-01-01", "[\"a\"]", "{ a = 1 }", "99999999999999999999"] {
        let text = format!("station.theme = {value}");
        let problems = Raw::from_toml(Path::new("settings.toml"), &text).unwrap_err();
        assert_eq!(problems.0.len(), 1, "{value}: {problems}");
    }
}

#[test]
fn flags_go_before_the_environment_and_that_before_the_file() {
    let file = raw("[station]\ntheme = \"dark\"\nlanguage = \"es\"\nsound_volume_percent = 5\n");
    let environment = Raw::from_environment([
        ("PACKBENCH_STATION_LANGUAGE".to_owned(), "ms".to_owned()),
        ("PACKBENCH_STATION_SOUND_VOLUME_PERCENT".to_owned(), "6".to_owned()),
        ("PACKBENCH_STATION_PRINTERS__TOP_SHELF__KIND".to_owned(), "tcp".to_owned()),
        ("PACKBENCH_STATION_PRINTERS__TOP_SHELF__HOST".to_owned(), "printer".to_owned()),
        ("PACKBENCH_TEST_PG".to_owned(), "postgres://x".to_owned()),
        ("PATH".to_owned(), "/bin".to_owned()),
    ])
    .unwrap();
    let mut flags = Raw::default();
    flags.set_flag("station.sound_volume_percent", "--volume", "7");
    let s = config::station(&file.under(environment).under(flags), &base()).unwrap();
    assert_eq!((s.theme, s.language, s.sound_volume_percent), (Theme::Dark, Language::Ms, 7));
    assert_eq!(s.printers[0].name, "top-shelf");
}

#[test]
fn a_flag_and_a_variable_are_named_where_they_are_wrong() {
    let unknown = Raw::from_environment([("PACKBENCH_STATION_THEMES".to_owned(), "dark".to_owned())]).unwrap_err();
    assert_eq!(
        lines(&unknown),
        ["environment PACKBENCH_STATION_THEMES: station.themes: there is no such setting. Did you mean station.theme?"]
    );
    let mut flags = Raw::default();
    flags.set_flag("central.listen", "--listen", "everywhere");
    let wrong = config::central(&flags, &base()).unwrap_err();
    assert_eq!(
        lines(&wrong),
        ["--listen: central.listen: \"everywhere\" is not an address and port; write for example 0.0.0.0:8470"]
    );
}

#[test]
fn changing_a_device_kind_drops_what_the_new_one_does_not_know() {
    let file = raw("[station.printers.labels]\nkind = \"tcp\"\nhost = \"printer\"\ndpi = 300\n");
    let mut flags = Raw::default();
    flags.set_flag("station.printers.labels.kind", "--print-to", "folder");
    flags.set_flag("station.printers.labels.folder", "--print-to", "/tmp/labels");
    let s = config::station(&file.under(flags), &base()).unwrap();
    assert_eq!(s.printers[0].port, PrinterPort::Folder(PathBuf::from("/tmp/labels")));
    assert_eq!(s.printers[0].dpi, 300);
}

#[test]
fn a_secret_comes_from_a_file_and_is_never_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("database.url");
    std::fs::write(&file, "postgres://pack:hush@db/packbench\nsecond line\n").unwrap();
    let text = format!("central.database_file = \"{}\"", file.display());
    let settings = central(&text).unwrap();
    let Database::Postgres(address) = &settings.database else { panic!("{settings:?}") };
    assert_eq!(address.reveal(), "postgres://pack:hush@db/packbench");
    assert!(!format!("{settings:?}").contains("hush"));

    let both = central(&format!("{text}\ncentral.database = \"sqlite:/x\"")).unwrap_err();
    assert_eq!(lines(&both), ["settings.toml:1: central.database_file: central.database is set too; keep one of them"]);
    let odd = central("central.database = \"mysql://pack:hush@db\"").unwrap_err();
    assert!(!odd.to_string().contains("hush") && odd.to_string().contains("write sqlite:PATH"), "{odd}");
    let gone = central("central.database_file = \"/nonexistent/secret\"").unwrap_err();
    assert!(gone.to_string().contains("cannot be read"), "{gone}");
    std::fs::write(&file, "\n").unwrap();
    assert!(central(&text).unwrap_err().to_string().contains("is empty; write the secret there"));
    let token = folder.path().join("token");
    std::fs::write(&token, "  t0ken \n").unwrap();
    let s = station(&format!("station.token_file = \"{}\"", token.display())).unwrap();
    assert_eq!(s.token.unwrap().reveal(), "t0ken");
}

#[test]
fn a_zone_must_exist() {
    assert_eq!(central("central.zone = \"Asia/Kuala_Lumpur\"").unwrap().zone, "Asia/Kuala_Lumpur");
    let wrong = central("central.zone = \"Europe/Lodnon\"").unwrap_err().to_string();
    assert!(wrong.contains("no IANA time zone; write for example Europe/London"), "{wrong}");
}

#[test]
fn a_mail_server_is_named_whole_and_its_password_never_goes_in_clear() {
    use packbench::config::MailEncryption;
    assert!(central("").unwrap().mail.is_none());
    let host = "central.mail_host = \"mail.example.com\"\ncentral.mail_from = \"Shop <orders@example.com>\"\n";
    let mail = central(host).unwrap().mail.unwrap();
    assert_eq!((mail.port, mail.encryption, mail.login), (587, MailEncryption::StartTls, None));
    let with = |more: &str| central(&format!("{host}{more}"));
    assert_eq!(with("central.mail_tls = \"tls\"").unwrap().mail.unwrap().port, 465);
    assert_eq!(with("central.mail_tls = \"none\"\ncentral.mail_port = 2525").unwrap().mail.unwrap().port, 2525);
    let login = "central.mail_user = \"shop\"\ncentral.mail_password = \"open sesame\"";
    let secret = with(login).unwrap();
    assert!(!format!("{secret:?}").contains("sesame"), "a password is never shown");
    assert_eq!(secret.mail.unwrap().login.unwrap().1.reveal(), "open sesame");
    for (wrong, told) in [
        ("central.mail_host = \"m\"".to_owned(), "central.mail_from: this is needed"),
        ("central.mail_user = \"u\"\ncentral.mail_password = \"p\"".to_owned(), "central.mail_host: this is needed"),
        (format!("{host}central.mail_user = \"u\""), "mail_password_file: this is needed"),
        (format!("{host}central.mail_password = \"p\""), "mail_user: this is needed"),
        (format!("{host}{login}\ncentral.mail_tls = \"none\""), "a password needs starttls or tls"),
        ("central.mail_host = \"m\"\ncentral.mail_from = \"a@b, c@d\"".to_owned(), "write an address"),
    ] {
        let problems = central(&wrong).unwrap_err().to_string();
        assert!(problems.contains(told), "{told}: {problems}");
    }
}

#[test]
fn readers_of_tags_and_lights_are_understood_and_wrong_bytes_are_named() {
    let s = station(
        "[station.tag_readers.nfc]\nkind = \"pcsc\"\n[station.tag_readers.desk]\nkind = \"pcsc\"\nreader = \"ACR\"\n\
         [station.lights.tower]\nkind = \"serial\"\nport = \"/dev/ttyS1\"\ngood = '\\x02O\\xFF'\nidle = '\\x11'",
    )
    .unwrap();
    let readers: Vec<_> = s.tag_readers.iter().map(|r| (r.name.as_str(), r.reader.as_str())).collect();
    assert_eq!(readers, [("desk", "ACR"), ("nfc", "")]);
    let light = &s.lights[0];
    assert_eq!((light.name.as_str(), light.line.baud, light.hold_ms), ("tower", Baud(9_600), 2_000));
    assert_eq!(light.states, [vec![0x11], vec![0x02, 0x4f, 0xff], vec![], vec![], vec![]]);
    for bad in ["\\x1", "\\q", &"1".repeat(65)] {
        let text = format!("[station.lights.tower]\nkind = \"serial\"\nport = \"/dev/ttyS1\"\ngood = '{bad}'");
        let problems = lines(&station(&text).unwrap_err());
        assert!(problems.len() == 1 && problems[0].contains("station.lights.tower.good"), "{bad}: {problems:?}");
    }
}

#[test]
fn too_many_devices_and_bad_names_are_refused() {
    let many: String = (0..9).map(|i| format!("[station.scanners.s{i}]\nkind = \"wedge\"\n")).collect();
    let problems = station(&many).unwrap_err().to_string();
    assert!(problems.contains("station.scanners: 9 are listed, a station takes at most 8"), "{problems}");
    let named = Raw::from_toml(Path::new("settings.toml"), "[station.scanners.\"Hand 1\"]\nkind = \"wedge\"\n");
    assert!(named.is_err());
}

#[test]
fn printers_say_what_they_print_and_who_steps_in() {
    let s = station(
        r#"
        [station.printers.labels]
        kind = "tcp"
        host = "192.0.2.10"
        fallback = "office"
        [station.printers.office]
        kind = "ipp"
        uri = "ipps://printer.local/ipp/print"
        prints = "invoice, cn23"
        media = "iso_a4_210x297mm"
        [station.printers.slips]
        kind = "receipt"
        prints = "packing-slip"
        port = "/dev/ttyUSB1"
        head_dots = 384
        [station.printers.stubs]
        kind = "receipt"
        prints = "packing-slip"
        usb_id = "04b8:0e15"
        "#,
    )
    .unwrap();
    let [labels, office, slips, stubs] = &s.printers[..] else { panic!("{:?}", s.printers) };
    assert_eq!(labels.fallback.as_deref(), Some("office"));
    assert_eq!(
        (office.prints.as_slice(), office.format),
        (&[DocumentKind::Invoice, DocumentKind::Cn23][..], PrintFormat::Driverless)
    );
    let at = ReceiptPort::Serial { path: "/dev/ttyUSB1".into(), baud: Baud(9_600) };
    assert_eq!(slips.port, PrinterPort::Receipt { at, status: true, head_dots: 384 });
    assert_eq!((slips.prints.as_slice(), slips.format), (&[DocumentKind::PackingSlip][..], PrintFormat::EscPos));
    let at = ReceiptPort::Usb(UsbSettings { id: Some((0x04b8, 0x0e15)), ..UsbSettings::default() });
    assert_eq!(stubs.port, PrinterPort::Receipt { at, status: true, head_dots: 576 });
    let nowhere = station("[station.printers.slips]\nkind = \"receipt\"\n").unwrap_err().to_string();
    assert!(nowhere.contains("station.printers.slips.host"), "neither network, nor serial port, nor USB: {nowhere}");
    let wrong =
        "[station.printers.labels]\nkind = \"tcp\"\nhost = \"x\"\nprints = \"label, lable\"\nfallback = \"other\"\n";
    let problems = station(wrong).unwrap_err().to_string();
    assert!(problems.contains("\"lable\" is not one of label, packing-slip"), "{problems}");
    assert!(problems.contains("there is no printer \"other\""), "{problems}");
}

#[test]
fn the_example_is_read_as_it_is_and_with_every_line_chosen() {
    let example = config::example();
    assert_eq!(station(&example).unwrap(), station("").unwrap());
    let chosen: String = example
        .lines()
        .map(|line| match line.strip_prefix('#') {
            // The database and token files do not exist here.
            Some(rest) if !rest.starts_with(' ') && !rest.contains("_file = ") => format!("{rest}\n"),
            Some(_) | None => format!("{line}\n"),
        })
        .collect();
    let s = station(&chosen).unwrap();
    assert_eq!((s.scanners.len(), s.scales.len(), s.usb_scales.len()), (4, 1, 1));
    assert_eq!((s.printers.len(), s.cameras.len()), (5, 4));
    central(&chosen).unwrap();
    for key in KEYS {
        let name = key.path.rsplit('.').next().unwrap();
        let told = example.lines().any(|l| l.trim_start_matches(['#', ' ']).starts_with(&format!("{name} = ")));
        assert!(told, "{} is not in the example", key.path);
        assert!(example.contains(key.doc), "{}", key.path);
    }
}

#[test]
fn a_camera_at_the_computer_needs_one_line_and_takes_more() {
    let one = |text: &str| station(text).unwrap().cameras.remove(0);
    let plain = one("[station.cameras.bench]\nkind = \"v4l2\"\n");
    assert_eq!(plain.source, CameraSource::Video { device: "*".into(), width_px: 1_280 });
    assert_eq!((plain.turn_degrees, plain.burst, plain.read_codes), (0, 3, false));
    let keep = PhotoSettings {
        side_px: 1_600,
        kbytes_max: 400,
        quality_percent: 85,
        margin: true,
        check_label: LabelCheck::Off,
    };
    assert_eq!(plain.keep, keep);
    let more = one(r#"
        [station.cameras.bench]
        kind = "v4l2"
        device = "C920*"
        width_px = 1920
        turn_degrees = 270
        burst = 1
        read_codes = true
        photo_margin = false
        check_label = "must"
        "#);
    assert_eq!(more.source, CameraSource::Video { device: "C920*".into(), width_px: 1_920 });
    assert_eq!((more.turn_degrees, more.burst, more.read_codes), (270, 1, true));
    assert_eq!(more.keep, PhotoSettings { margin: false, check_label: LabelCheck::Must, ..keep });
    let times = station("[station]\nphoto_when_labelled = true\n").unwrap().photo_times;
    assert_eq!((times.packed, times.weighed, times.labelled), (false, false, true));
    for wrong in ["kind = \"folder\"\nfolder = \"/x\"\nread_codes = true", "kind = \"v4l2\"\nturn_degrees = 45"] {
        assert!(station(&format!("[station.cameras.bench]\n{wrong}\n")).is_err(), "{wrong}");
    }
}

#[test]
fn usb_devices_are_named_by_number_serial_or_port() {
    let s = station(
        r#"
        [station.scanners.any]
        kind = "usb"
        [station.scanners.hand]
        kind = "usb"
        usb_id = "05E0:1300"
        usb_serial = " S1 "
        [station.scales.post]
        kind = "usb"
        usb_port = "1-2.4"
        [station.printers.labels]
        kind = "usb"
        status = false
        "#,
    )
    .unwrap();
    let any = UsbSettings::default();
    let hand = UsbSettings { id: Some((0x05e0, 0x1300)), serial: Some("S1".into()), port: None };
    assert_eq!(
        s.scanners.iter().map(|s| s.port.clone()).collect::<Vec<_>>(),
        [any.clone(), hand].map(ScannerPort::Usb)
    );
    assert!(s.scales.is_empty());
    assert_eq!((s.usb_scales[0].name.as_str(), s.usb_scales[0].usb.port.as_deref()), ("post", Some("1-2.4")));
    assert_eq!(s.printers[0].port, PrinterPort::Usb { usb: any, status: false });
    assert_eq!(s.printers[0].format, PrintFormat::Zpl);
    let wrong = station(
        "[station.scanners.hand]\nkind = \"usb\"\nusb_id = \"5e0:1300\"\nusb_port = \"2\"\nbaud = 9600\n\
         [station.scales.post]\nkind = \"usb\"\nmodel = \"mt-sics\"\n",
    );
    let told = lines(&wrong.unwrap_err()).join("\n");
    for what in [
        "station.scanners.hand.usb_id: \"5e0:1300\" is not two numbers such as \"05e0:1300\"",
        "station.scanners.hand.usb_port: \"2\" is not a port such as \"1-2.4\"",
        "station.scanners.hand.baud: kind \"usb\" has no use for this",
        "station.scales.post.model: kind \"usb\" has no use for this",
    ] {
        assert!(told.contains(what), "{what}: {told}");
    }
}

/// The example that people read is the one the program knows. `PACKBENCH_TEST_BLESS=1` writes it anew.
#[test]
fn the_example_in_the_documentation_is_current() {
    let path = crate::tree::root().join("docs/packbench.example.toml");
    if std::env::var_os("PACKBENCH_TEST_BLESS").is_some() {
        std::fs::write(&path, config::example()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == config::example(),
        "docs/packbench.example.toml is old; run this test with PACKBENCH_TEST_BLESS=1"
    );
}
