//! Where webhooks may be sent: to addresses of the public network, over HTTPS. The server stands in a network that outsiders do not
//! reach, and a webhook must not become their way into it. Names are looked up and judged again at every connection.

use crate::central::error::Refusal;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Longest address, characters.
const URL_CHARS_MAX: usize = 500;

/// An address that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// As it is asked.
    pub url: reqwest::Url,
}

/// Checks an address as far as that needs no network. `private` lets plain HTTP and the own network through.
///
/// # Errors
/// [`Refusal::Field`] that says what is wrong.
pub fn check(text: &str, private: bool) -> Result<Address, Refusal> {
    let refuse = |why| Err(Refusal::Field { field: "url", why });
    if text.len() > URL_CHARS_MAX {
        return refuse("must have at most 500 characters");
    }
    let Ok(url) = reqwest::Url::parse(text) else {
        return refuse("must be an address such as https://example.com/hook");
    };
    match url.scheme() {
        "https" => {}
        "http" if private => {}
        _ => return refuse("must begin with https://"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("must hold no name or password; the signature says who sends");
    }
    let host = url.host_str().unwrap_or_default();
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
    let known = literal.map_or(!matches!(host, "" | "localhost") && !host.ends_with(".localhost"), is_public);
    if !private && !known {
        return refuse("must not lead into the own network");
    }
    Ok(Address { url })
}

/// Whether an address belongs to the public network.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => public4(ip),
        IpAddr::V6(ip) => public6(ip),
    }
}

fn public4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

fn public6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let inner = || {
        let ([w, x], [y, z]) = (g.to_be_bytes(), h.to_be_bytes());
        public4(Ipv4Addr::new(w, x, y, z))
    };
    match (a, b) {
        (0, 0) => c == 0 && d == 0 && e == 0 && f == 0xffff && inner(),
        (0x64, 0xff9b) => c == 0 && d == 0 && e == 0 && f == 0 && inner(),
        // Teredo, 6to4 and documentation: what is behind them cannot be told.
        (0x2001, 0 | 0xdb8) | (0x2002, _) => false,
        // Global unicast; the rest is local, multicast or nothing yet.
        _ => (0x2000..=0x3fff).contains(&a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_network_is_told_from_the_public_one() {
        for own in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::7f00:1",
        ] {
            assert!(!is_public(own.parse().unwrap()), "{own}");
        }
        for public in
            ["1.1.1.1", "100.128.0.1", "172.32.0.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn addresses_that_lead_inside_are_refused_however_they_are_written() {
        for wrong in [
            "",
            "hook",
            "ftp://example.com/",
            "http://example.com/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://localhost/",
            "https://a.localhost:8443/",
            "https://user:pw@example.com/",
            "https://10.0.0.7/",
        ] {
            assert!(check(wrong, false).is_err(), "{wrong}");
        }
        assert!(check("https://example.com:8443/hook?x=1", false).is_ok());
        assert!(check("http://127.0.0.1:9/", true).is_ok() && check("ftp://127.0.0.1/", true).is_err());
    }
}
