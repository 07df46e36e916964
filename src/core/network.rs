//! An address or a network of addresses as settings name it, and which address a request came from when proxies handed it on. It must never
//! ask the network for anything.

use ::core::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

/// Most entries of a forwarding header that are looked at.
const HOPS_MAX: usize = 20;

/// An address, or all that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    base: IpAddr,
    bits: u8,
}

/// A text is no address and no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write an address such as 10.0.0.5, or a network such as 10.0.0.0/8 or fd00::/8")]
pub struct NoNetwork;

impl FromStr for Network {
    type Err = NoNetwork;

    fn from_str(text: &str) -> Result<Network, NoNetwork> {
        let (base, bits) = match text.trim().split_once('/') {
            None => (text.trim(), None),
            Some((base, bits)) => (base, Some(bits.parse::<u8>().map_err(|_| NoNetwork)?)),
        };
        let base: IpAddr = base.parse().map_err(|_| NoNetwork)?;
        let most = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits > most {
            return Err(NoNetwork);
        }
        let mapped = base.is_ipv6() && base.to_canonical().is_ipv4();
        Ok(Network { base: base.to_canonical(), bits: if mapped { bits.saturating_sub(96) } else { bits } })
    }
}

impl Network {
    /// Is the address one of them? One of version 4 that is written as one of version 6 is what it is.
    #[must_use]
    pub fn has(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                same(u128::from(base.to_bits()) << 96, u128::from(address.to_bits()) << 96, self.bits)
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => same(base.to_bits(), address.to_bits(), self.bits),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// Do two begin with the same bits?
fn same(a: u128, b: u128, bits: u8) -> bool {
    let rest = 128 - u32::from(bits);
    a.checked_shr(rest) == b.checked_shr(rest)
}

/// Networks of a setting, with commas between them.
///
/// # Errors
/// The one that is none.
pub fn networks(text: &str) -> Result<Vec<Network>, String> {
    let named = text.split(',').map(str::trim).filter(|word| !word.is_empty());
    named.map(|word| word.parse().map_err(|_| word.to_owned())).collect()
}

/// The address that a request came from. Each proxy adds the one it heard from at the end of `X-Forwarded-For`, so the last one that no
/// trusted proxy has is the client; what stands before it anybody may have written.
#[must_use]
pub fn client<'a>(peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'a str>, trusted: &[Network]) -> IpAddr {
    let is_proxy = |address: IpAddr| trusted.iter().any(|network| network.has(address));
    let mut client = peer.to_canonical();
    for hop in forwarded.rev().flat_map(|value| value.rsplit(',')).take(HOPS_MAX) {
        if !is_proxy(client) {
            break;
        }
        // What a trusted proxy did not write as an address tells nothing: the proxy itself is the last one known.
        let Some(address) = hop_address(hop.trim()) else { break };
        client = address;
    }
    client
}

/// The address of an entry, which may have a port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = || hop.parse().ok();
    let with_port = || hop.parse::<SocketAddr>().ok().map(|at| at.ip());
    let in_brackets = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address: Option<IpAddr> = bare().or_else(with_port).or_else(in_brackets);
    address.map(|address| address.to_canonical())
}

/// What tries are counted by: an address, of version 6 the network that one household or one rented machine has.
#[must_use]
pub fn counted_as(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{}/64", Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_has_what_begins_with_its_bits() {
        for (network, address, has) in [
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.2", false),
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.1.2.3", true),
            ("::ffff:10.0.0.0/104", "10.255.0.1", true),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("0.0.0.0/0", "::1", false),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/8", "fe80::1", false),
            ("::/0", "2001:db8::1", true),
        ] {
            assert_eq!(network.parse::<Network>().unwrap().has(ip(address)), has, "{address} in {network}");
        }
        for wrong in ["", "proxy", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0/8"] {
            assert_eq!(wrong.parse::<Network>(), Err(NoNetwork), "{wrong}");
        }
        assert_eq!(networks("127.0.0.1, ::1").map(|all| all.len()), Ok(2));
        assert_eq!(networks("127.0.0.1, proxy"), Err("proxy".to_owned()));
    }

    #[test]
    fn the_last_address_that_no_proxy_has_is_the_client() {
        let trusted = networks("127.0.0.1,10.0.0.0/8").unwrap();
        for (peer, forwarded, expected) in [
            ("203.0.113.9", vec!["198.51.100.1"], "203.0.113.9"),
            ("127.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("::ffff:127.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", vec!["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", vec!["198.51.100.1, 10.0.0.7"], "198.51.100.1"),
            ("127.0.0.1", vec!["1.1.1.1", "198.51.100.1:4711"], "198.51.100.1"),
            ("127.0.0.1", vec!["[2001:db8::5]:4711"], "2001:db8::5"),
            ("127.0.0.1", vec!["[2001:db8::5]"], "2001:db8::5"),
            ("127.0.0.1", vec!["1.1.1.1, unknown"], "127.0.0.1"),
            ("127.0.0.1", vec![], "127.0.0.1"),
        ] {
            assert_eq!(client(ip(peer), forwarded.iter().copied(), &trusted), ip(expected), "{forwarded:?}");
        }
        assert_eq!(client(ip("127.0.0.1"), ["198.51.100.1"].into_iter(), &[]), ip("127.0.0.1"), "no proxy is trusted");
    }

    #[test]
    fn one_who_has_a_network_of_version_6_is_counted_once() {
        assert_eq!(counted_as(ip("2001:db8::1")), counted_as(ip("2001:db8::ffff:1")));
        assert_ne!(counted_as(ip("2001:db8::1")), counted_as(ip("2001:db8:0:1::1")));
        assert_eq!(counted_as(ip("::ffff:10.0.0.1")), "10.0.0.1");
    }
}
