//! Values that keep every rule of their specification.

use super::Rng;

const SET82: &[u8] = b"!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const COUNTRIES: [(&str, &str); 8] = [
    ("276", "DE"),
    ("840", "US"),
    ("372", "IE"),
    ("458", "MY"),
    ("724", "ES"),
    ("643", "RU"),
    ("004", "AF"),
    ("716", "ZW"),
];

/// A value for a specification such as `N13,csum,gcppos1 [X..17]`.
pub fn value(rng: &mut Rng, spec: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for part in spec.split(' ') {
        let (shape, linters) = part.split_once(',').unwrap_or((part, ""));
        if shape.starts_with('[') && rng.one_in(2) {
            break;
        }
        let shape = shape.trim_matches(['[', ']']);
        let (set, length) = shape.split_at(1);
        let length = match length.strip_prefix("..") {
            Some(max) => {
                let max: usize = max.parse().unwrap();
                let most = if rng.one_in(8) { max } else { max.min(12) };
                1 + rng.below(most)
            }
            None => length.parse().unwrap(),
        };
        let set: &[u8] = match set {
            "N" => b"0123456789",
            // Mostly letters and digits, as in life.
            "X" if !rng.one_in(4) => b"ABCDEFGHJKabcdefghjk0123456789-",
            "X" => SET82,
            "Y" => b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ#-/",
            _ => b"ABCDEFabcdef0123456789-_",
        };
        let mut own: Vec<u8> = (0..length).map(|_| *rng.pick(set)).collect();
        for linter in linters.split(',').filter(|l| !l.is_empty()).rev() {
            keep(rng, linter, &mut own);
        }
        out.extend(own);
    }
    out
}

/// Changes a part so that it keeps one rule.
fn keep(rng: &mut Rng, linter: &str, own: &mut Vec<u8>) {
    let country = rng.pick(&COUNTRIES);
    let text = match linter {
        "csum" => return check_digit(own),
        "csumalpha" => return check_pair(own),
        "gcppos1" | "gcppos2" => {
            own.resize(own.len().max(5), b'1');
            return own[..5].iter_mut().for_each(|b| *b = digit(rng));
        }
        "hasnondigit" => {
            own.resize(own.len().max(8), b'A');
            return own[5] = b'-';
        }
        "couponcode" => coupon(rng),
        "couponposoffer" => offer(rng),
        "hh" => format!("{:02}", rng.below(24)),
        "mi" | "ss" => format!("{:02}", rng.below(60)),
        "hhmi" => format!("{:02}{:02}", rng.below(24), rng.below(60)),
        "hyphen" => "-".to_owned(),
        "iban" => iban(rng, country.1),
        "importeridx" => "Z".to_owned(),
        "iso3166" => country.0.to_owned(),
        "iso3166999" => if rng.one_in(4) { "999" } else { country.0 }.to_owned(),
        "iso3166alpha2" => country.1.to_owned(),
        "iso4217" => (*rng.pick(&["978", "840", "826", "392"])).to_owned(),
        "iso5218" => (*rng.pick(&["0", "1", "2", "9"])).to_owned(),
        "latitude" => format!("{:010}", rng.below(1_800_000_001)),
        "longitude" => format!("{:010}", rng.below(3_600_000_001)),
        "mediatype" => (*rng.pick(&["01", "10", "80", "99"])).to_owned(),
        "nonzero" => return own[0] = b'3',
        "nozeroprefix" => return own[0] = b'7',
        "packagetype" => (*rng.pick(&["1A", "200", "8", "APE", "CT", "PX", "ZZ", "X3"])).to_owned(),
        "pcenc" => {
            own.iter_mut().filter(|b| **b == b'%').for_each(|b| *b = b'x');
            if own.len() >= 3 && rng.one_in(2) {
                own[..3].copy_from_slice(b"%4F");
            }
            return;
        }
        "pieceoftotal" => {
            let total = 1 + rng.below(99);
            format!("{:02}{total:02}", 1 + rng.below(total))
        }
        "posinseqslash" => {
            let end = 1 + rng.below(9);
            format!("{}/{end}", 1 + rng.below(end))
        }
        "winding" => (*rng.pick(&["0", "1", "9"])).to_owned(),
        "yesno" => rng.below(2).to_string(),
        "yymmdd" => date(rng, false),
        "yymmd0" => date(rng, true),
        "yyyymmdd" => format!("{:02}{}", 19 + rng.below(2), date(rng, false)),
        "zero" => "0".to_owned(),
        other => panic!("the rule {other} is not known here"),
    };
    *own = text.into_bytes();
}

fn digit(rng: &mut Rng) -> u8 {
    b'0' + rng.below(10) as u8
}

fn digits(rng: &mut Rng, n: usize) -> String {
    (0..n).map(|_| char::from(digit(rng))).collect()
}

fn check_digit(own: &mut [u8]) {
    let n = own.len();
    let sum: u32 =
        own[..n - 1].iter().rev().enumerate().map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 }).sum();
    own[n - 1] = b'0' + ((10 - sum % 10) % 10) as u8;
}

fn check_pair(own: &mut Vec<u8>) {
    own.resize(own.len().max(7), b'A');
    let n = own.len() - 2;
    let (mut prime, mut sum) = (1_u32, 0_u32);
    for b in own[..n].iter().rev() {
        prime = (prime + 1..).find(|p| (2..*p).all(|d| p % d != 0)).unwrap();
        sum += SET82.iter().position(|c| c == b).unwrap() as u32 * prime;
    }
    let set = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    own[n] = set[(sum % 1021 / 32) as usize];
    own[n + 1] = set[(sum % 1021 % 32) as usize];
}

fn date(rng: &mut Rng, month_is_enough: bool) -> String {
    let day = if month_is_enough && rng.one_in(4) { 0 } else { 1 + rng.below(28) };
    format!("{:02}{:02}{day:02}", rng.below(100), 1 + rng.below(12))
}

fn iban(rng: &mut Rng, country: &str) -> String {
    let length = 8 + rng.below(20);
    let body = digits(rng, length);
    let check = (2..=98).find(|n| {
        let moved = format!("{body}{country}{n:02}");
        let rest = moved.bytes().fold(0_u32, |sum, b| match b {
            b'0'..=b'9' => (sum * 10 + u32::from(b - b'0')) % 97,
            _ => (sum * 100 + u32::from(b - b'A') + 10) % 97,
        });
        rest == 1
    });
    format!("{country}{:02}{body}", check.unwrap())
}

/// A field of digits with its length before.
fn field(rng: &mut Rng, from: usize, to: usize, plus: usize) -> String {
    let n = from + rng.below(to + 1 - from);
    format!("{n}{}", digits(rng, n + plus))
}

fn purchase(rng: &mut Rng) -> String {
    format!("{}{}{}", field(rng, 1, 5, 0), rng.pick(&["0", "1", "4", "9"]), digits(rng, 3))
}

fn coupon(rng: &mut Rng) -> String {
    // Seventy characters are all that a coupon may have.
    loop {
        let out = any_coupon(rng);
        if out.len() <= 70 {
            return out;
        }
    }
}

fn any_coupon(rng: &mut Rng) -> String {
    let mut out = format!("{}{}{}{}", field(rng, 0, 6, 6), digits(rng, 6), field(rng, 1, 5, 0), purchase(rng));
    let mut dates = [date(rng, false), date(rng, false)];
    dates.sort();
    if rng.one_in(3) {
        out += &format!("1{}{}{}", rng.below(4), purchase(rng), field(rng, 0, 0, 6));
    }
    if rng.one_in(3) {
        out += &format!("2{}9", purchase(rng));
    }
    if rng.one_in(2) {
        out += &format!("3{}", dates[1]);
    }
    if rng.one_in(2) {
        out += &format!("4{}", dates[0]);
    }
    if rng.one_in(3) {
        out += &format!("5{}", field(rng, 0, 3, 6));
    }
    if rng.one_in(3) {
        out += &format!("6{}", field(rng, 1, 7, 6));
    }
    if rng.one_in(3) {
        out += &format!("9{}{}{}{}", rng.pick(&["0", "1", "2", "5", "6"]), rng.below(3), rng.below(10), rng.below(2));
    }
    out
}

fn offer(rng: &mut Rng) -> String {
    format!("{}{}{}{}", rng.below(2), field(rng, 0, 6, 6), digits(rng, 6), field(rng, 0, 9, 6))
}
