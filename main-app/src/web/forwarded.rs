//! What proxies say of a request that they pass on: who asked, and whether over TLS. Pure; who is believed is the caller's to
//! say. `Forwarded` is RFC 7239's; `X-Forwarded-For` and `X-Forwarded-Proto` are what most proxies write.

use std::net::IpAddr;

use ipnet::IpNet;

/// One proxy's word about the hop before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Hop {
    /// `None`: it does not say, or hides it.
    from: Option<IpAddr>,
    is_https: Option<bool>,
}

/// The headers of a request, each with its lines joined by commas.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headers<'a> {
    pub forwarded: &'a str,
    pub x_for: &'a str,
    pub x_proto: &'a str,
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub client: IpAddr,
    /// `None`: nobody who is believed has said.
    pub is_https: Option<bool>,
}

/// Follows the headers back from `peer` as far as each hop is a proxy that is trusted. A proxy adds one kind of header; a
/// request with both carries one that somebody else has written, so neither is believed.
pub fn origin(peer: IpAddr, headers: Headers<'_>, trusted: &[IpNet]) -> Origin {
    let is_trusted = |address: IpAddr| trusted.iter().any(|net| net.contains(&address));
    let mut origin = Origin {
        client: peer.to_canonical(),
        is_https: None,
    };
    let has_x = !headers.x_for.is_empty() || !headers.x_proto.is_empty();
    let hops = match (headers.forwarded.is_empty(), has_x) {
        (false, false) => forwarded(headers.forwarded),
        (true, true) => x_forwarded(headers.x_for, headers.x_proto),
        _ => return origin,
    };
    for hop in hops.iter().rev() {
        if !is_trusted(origin.client) {
            break;
        }
        origin.is_https = hop.is_https.or(origin.is_https);
        match hop.from {
            Some(address) => origin.client = address,
            None => break,
        }
    }
    origin
}

fn forwarded(header: &str) -> Vec<Hop> {
    split(header, ',')
        .map(|element| {
            let mut hop = Hop::default();
            for pair in split(element, ';') {
                let Some((name, value)) = pair.split_once('=') else {
                    continue;
                };
                let value = value.trim().trim_matches('"');
                match name.trim().to_ascii_lowercase().as_str() {
                    "for" => hop.from = address(value),
                    "proto" => hop.is_https = Some(value.eq_ignore_ascii_case("https")),
                    _ => {}
                }
            }
            hop
        })
        .collect()
}

/// Some proxies append their own scheme to the list, others put it in place of what was there: one alone is the last hop's.
fn x_forwarded(x_for: &str, x_proto: &str) -> Vec<Hop> {
    let list = |text| {
        split(text, ',')
            .map(str::trim)
            .filter(|part: &&str| !part.is_empty())
    };
    let mut hops: Vec<Hop> = list(x_for)
        .map(|part| Hop {
            from: address(part),
            is_https: None,
        })
        .collect();
    let schemes: Vec<&str> = list(x_proto).collect();
    if hops.is_empty() && !schemes.is_empty() {
        hops.push(Hop::default());
    }
    for (hop, scheme) in hops.iter_mut().rev().zip(schemes.iter().rev()) {
        hop.is_https = Some(scheme.eq_ignore_ascii_case("https"));
    }
    hops
}

/// Parts between a sign, outside of quotation marks.
fn split(text: &str, at: char) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    text.split(move |sign: char| {
        is_quoted ^= sign == '"';
        sign == at && !is_quoted
    })
}

/// An address with or without its port; `unknown` and names that hide it are none.
fn address(text: &str) -> Option<IpAddr> {
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => text,
    };
    bare.parse()
        .ok()
        .or_else(|| {
            text.parse::<std::net::SocketAddr>()
                .ok()
                .map(|socket| socket.ip())
        })
        .map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: &str = "203.0.113.9";

    /// What is believed of a request from `peer`, where 10.0.0.0/8 and one address of IPv6 are trusted.
    fn seen(peer: &str, headers: Headers<'_>) -> (String, Option<bool>) {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "2001:db8::1/128".parse().unwrap()];
        let origin = origin(peer.parse().unwrap(), headers, &trusted);
        (origin.client.to_string(), origin.is_https)
    }

    fn x<'a>(x_for: &'a str, x_proto: &'a str) -> Headers<'a> {
        Headers {
            x_for,
            x_proto,
            ..Headers::default()
        }
    }

    fn f(forwarded: &str) -> Headers<'_> {
        Headers {
            forwarded,
            ..Headers::default()
        }
    }

    #[test]
    fn a_trusted_proxy_is_believed() {
        let over_tls = (CLIENT.to_owned(), Some(true));
        for headers in [
            x(CLIENT, "https"),
            x("198.51.100.1, 203.0.113.9", "https"),
            x("198.51.100.1, 203.0.113.9", "http, https"),
            x("203.0.113.9:4711", "HTTPS"),
            f("for=203.0.113.9;proto=https"),
            f("For=\"203.0.113.9:4711\"; Proto=https; host=a"),
            f("for=198.51.100.1;proto=http, for=203.0.113.9;proto=https;by=_x"),
        ] {
            assert_eq!(seen("10.0.0.1", headers), over_tls, "{headers:?}");
            assert_eq!(seen("2001:db8::1", headers), over_tls, "{headers:?}");
            assert_eq!(seen("::ffff:10.0.0.1", headers), over_tls, "{headers:?}");
        }
        assert_eq!(
            seen("10.0.0.1", x(CLIENT, "http")),
            (CLIENT.to_owned(), Some(false))
        );
        assert_eq!(seen("10.0.0.1", x(CLIENT, "")), (CLIENT.to_owned(), None));
        assert_eq!(
            seen("10.0.0.1", f("for=\"[2001:db8::9]:4711\";proto=https")),
            ("2001:db8::9".to_owned(), Some(true))
        );
    }

    #[test]
    fn a_row_of_trusted_proxies_is_followed_to_its_end() {
        for headers in [
            x("192.0.2.7, 203.0.113.9, 10.0.0.2", "https"),
            f("for=192.0.2.7, for=203.0.113.9;proto=https, for=10.0.0.2;proto=http"),
        ] {
            assert_eq!(
                seen("10.0.0.1", headers),
                (CLIENT.to_owned(), Some(true)),
                "{headers:?}"
            );
        }
    }

    #[test]
    fn nobody_else_is_believed() {
        for headers in [x("192.0.2.7", "https"), f("for=192.0.2.7;proto=https")] {
            assert_eq!(seen(CLIENT, headers), (CLIENT.to_owned(), None), "{headers:?}");
        }
        let both = Headers {
            forwarded: "for=192.0.2.7;proto=https",
            ..x(CLIENT, "https")
        };
        assert_eq!(seen("10.0.0.1", both), ("10.0.0.1".to_owned(), None));
    }

    #[test]
    fn what_says_nothing_leaves_the_proxy_itself() {
        for headers in [
            Headers::default(),
            x("unknown", ""),
            x("nonsense", ""),
            f("for=_hidden"),
            f("for=\"[::1"),
            f(";;==,,\"\""),
        ] {
            assert_eq!(
                seen("10.0.0.1", headers),
                ("10.0.0.1".to_owned(), None),
                "{headers:?}"
            );
        }
    }
}
