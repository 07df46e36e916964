//! What can be found out over the network, without sending anything that matters.

use super::{Findings, Mark, told};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, SystemTime};

/// Longest wait for an answer.
const WAIT: Duration = Duration::from_secs(3);
/// A clock further off than this makes times on papers and lists wrong, s.
const CLOCK_S_MAX: i64 = 30;

/// Whether somebody listens at an address.
pub(super) fn reach(found: &mut Findings, name: &str, host: &str, port: u16) {
    let at = format!("{name} at {host}:{port}");
    let addresses = match (host, port).to_socket_addrs() {
        Ok(list) => list.collect::<Vec<_>>(),
        Err(e) => return found.broken(format!("{at}: {e}"), "check the name, or use the address in numbers"),
    };
    let mut last = None;
    for address in addresses {
        match TcpStream::connect_timeout(&address, WAIT) {
            Ok(_) => return found.good(at),
            Err(e) => last = Some(e),
        }
    }
    let why = last.map_or_else(|| "the name has no address".to_owned(), |e| e.to_string());
    found.broken(format!("{at}: {why}"), "is it switched on, with its cable in, and the address right?");
}

/// The same for the host of a web address. Names and passwords in it are not shown.
pub(super) fn reach_url(found: &mut Findings, name: &str, url: &str) {
    let parsed = reqwest::Url::parse(url).ok();
    let place = parsed.as_ref().and_then(|u| Some((u.host_str()?.to_owned(), u.port_or_known_default()?)));
    match place {
        Some((host, port)) => reach(found, name, &host, port),
        None => {
            found.broken(format!("{name}: its address cannot be read"), "write it like http://192.0.2.20/snapshot.jpg")
        }
    }
}

/// The same for the host of an `ipp://` address.
pub(super) fn reach_ipp(found: &mut Findings, name: &str, uri: &str) {
    match crate::devices::printer::ipp_wire::http_address(uri) {
        Some(address) => reach_url(found, name, &address),
        None => {
            found.broken(format!("{name}: its address cannot be read"), "write it like ipp://printer.local/ipp/print")
        }
    }
}

/// Whether central answers, and how far its clock is from this one.
pub(super) fn server(found: &mut Findings, url: &str) {
    let client = match reqwest::blocking::Client::builder().timeout(WAIT).build() {
        Ok(client) => client,
        Err(e) => return found.broken(format!("the HTTPS client: {}", told(&e)), "install ca-certificates"),
    };
    let answer = client.get(format!("{}/healthz", url.trim_end_matches('/'))).send();
    let answer = match answer.map_err(reqwest::Error::without_url) {
        Ok(answer) => answer,
        Err(e) => {
            let todo = "does central run, is the address right, does the network let it through?";
            return found.broken(format!("central at {url}: {}", told(&e)), todo);
        }
    };
    let date = answer.headers().get("date").and_then(|d| d.to_str().ok()).and_then(date_s);
    let status = answer.status();
    let is_central = status.is_success() && answer.text().is_ok_and(|t| t.contains("\"status\""));
    if !is_central {
        let todo = "is it the address of a Packbench central? then look into its log";
        return found.broken(format!("what answers at {url} ({status}) is not a healthy central"), todo);
    }
    found.good(format!("central at {url} answers"));
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    let off = date.map(|d| i64::try_from(now).unwrap_or(i64::MAX).saturating_sub(d));
    match off {
        Some(s) if s.abs() > CLOCK_S_MAX => {
            found.broken(
                format!("this clock is {s} s off central's"),
                "switch time synchronisation on (timedatectl set-ntp true)",
            );
        }
        Some(s) => found.good(format!("clock within {} s of central's", s.abs().max(1))),
        None => found.add(Mark::Look, "central's answer tells no time", ""),
    }
}

/// Seconds since 1970 of an HTTP date (RFC 9110, 5.6.7).
fn date_s(text: &str) -> Option<i64> {
    jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok().map(jiff::Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_date_of_an_answer_is_read() {
        assert_eq!(date_s("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(date_s("yesterday"), None);
    }

    #[test]
    fn a_closed_port_is_broken_with_what_to_do() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).unwrap().port();
        let mut found = Findings::default();
        reach(&mut found, "printer label", "127.0.0.1", port);
        assert_eq!(found.count(Mark::Broken), 1, "{}", found.text());
    }
}
