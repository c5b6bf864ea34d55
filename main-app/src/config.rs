//! How a main application is set up: what the command line and the tests fill in.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use ipnet::IpNet;
use protocol::Settings;
use zeroize::Zeroizing;

use crate::Clock;
use crate::auth::Limits;
use crate::rehearsal::Setup;
use crate::store::DatabaseUrl;

/// Everything that [`crate::open`] needs. `Config::default()` is an empty database in memory.
pub struct Config {
    pub data: Data,
    /// A database on a server, in place of the one that `data` would hold; the master key stays where `data` says.
    pub database: Option<DatabaseUrl>,
    /// The built PWA; without it `/` answers 404.
    pub dist: Option<PathBuf>,
    /// Put the sample accounts, clients and forms into a database that has no accounts yet.
    pub sample: bool,
    /// The host of `/main`, when it has one of its own.
    pub main_origin: Option<Origin>,
    /// Where "Back to Mobile Assessments" leads.
    pub app_url: String,
    /// What tablets are told. `main_url` is filled in from `main_origin`.
    pub settings: Settings,
    /// How long a temp password can be used for a new sign-in; 0 is "for ever".
    pub temp_password_hours: u32,
    /// The master key, where it is not kept in the data directory.
    pub master_key: Option<Zeroizing<[u8; 32]>>,
    /// The one that `master_key` replaces, until everything lies under the new one.
    pub earlier_master_key: Option<Zeroizing<[u8; 32]>>,
    pub limits: Limits,
    /// Proxies whose word is taken for where a request came from, and whether over TLS.
    pub trusted_proxies: Vec<IpNet>,
    /// Where the helpdesk rehearses; `None` turns rehearsals off.
    pub rehearsal: Option<Setup>,
    pub clock: Clock,
}

/// Where accounts and documents are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// In memory: gone with the process.
    Memory,
    /// `main.db`, `master.key` and `keys/` in this directory, which is made if it is missing.
    Directory(PathBuf),
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: Data::Memory,
            database: None,
            dist: None,
            sample: false,
            main_origin: None,
            app_url: "/".into(),
            settings: Settings::default(),
            temp_password_hours: accounts::TEMP_PASSWORD_HOURS,
            master_key: None,
            earlier_master_key: None,
            limits: Limits::default(),
            trusted_proxies: Vec::new(),
            rehearsal: None,
            clock: Clock::system(),
        }
    }
}

/// A web origin: scheme and authority, such as `http://main.localhost:8080`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: Scheme,
    /// Lower case; the scheme's own port is left out.
    authority: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an origin such as http://main.localhost:8080, without a path")]
pub struct NotAnOrigin;

impl Origin {
    /// The value of a `Host` header that names this origin.
    pub fn authority(&self) -> &str {
        &self.authority
    }

    /// The same scheme and host at another port.
    pub fn with_port(&self, port: u16) -> Self {
        let host = match self.authority.rsplit_once(':') {
            // A colon inside the brackets of an IPv6 address begins no port.
            Some((host, after)) if !after.ends_with(']') => host,
            _ => &self.authority,
        };
        Self {
            scheme: self.scheme,
            authority: normal_authority(self.scheme, &format!("{host}:{port}")),
        }
    }

    pub fn is_https(&self) -> bool {
        self.scheme == Scheme::Https
    }

    /// Whether a `Host` header names this origin; the scheme's own port may be written out.
    pub fn is_host(&self, host: &str) -> bool {
        normal_authority(self.scheme, host) == self.authority
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let (scheme, rest) = if let Some(rest) = text.strip_prefix("http://") {
            (Scheme::Http, rest)
        } else if let Some(rest) = text.strip_prefix("https://") {
            (Scheme::Https, rest)
        } else {
            return Err(NotAnOrigin);
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        let parsed: axum::http::uri::Authority = authority.parse().map_err(|_| NotAnOrigin)?;
        if parsed.host().is_empty() || authority.contains('@') {
            return Err(NotAnOrigin);
        }
        Ok(Self {
            scheme,
            authority: normal_authority(scheme, authority),
        })
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = match self.scheme {
            Scheme::Http => "http",
            Scheme::Https => "https",
        };
        write!(f, "{scheme}://{}", self.authority)
    }
}

fn normal_authority(scheme: Scheme, authority: &str) -> String {
    let lower = authority.to_ascii_lowercase();
    let own_port = match scheme {
        Scheme::Http => ":80",
        Scheme::Https => ":443",
    };
    match lower.strip_suffix(own_port) {
        Some(bare) => bare.to_owned(),
        None => lower,
    }
}

/// Sample accounts have a password that everybody knows: they are served to this machine alone.
pub fn may_serve_sample(address: IpAddr) -> bool {
    address.is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_and_compared_as_browsers_write_them() {
        for (text, shown) in [
            ("http://main.localhost:8080", Some("http://main.localhost:8080")),
            ("http://MAIN.localhost:8080/", Some("http://main.localhost:8080")),
            ("http://main.example:80", Some("http://main.example")),
            ("https://main.example:443", Some("https://main.example")),
            ("https://main.example:80", Some("https://main.example:80")),
            ("http://[::1]:8080", Some("http://[::1]:8080")),
            ("main.example", None),
            ("http://", None),
            ("http://main.example/main/", None),
            ("http://someone@main.example", None),
            ("ftp://main.example", None),
            ("null", None),
        ] {
            let origin = text.parse::<Origin>().ok();
            assert_eq!(origin.map(|o| o.to_string()).as_deref(), shown, "{text}");
        }
        for (text, port, expected) in [
            ("http://localhost:8080", 8081, "http://localhost:8081"),
            ("https://main.example", 8443, "https://main.example:8443"),
            ("https://main.example:8443", 443, "https://main.example"),
            ("http://[::1]", 8081, "http://[::1]:8081"),
            ("http://[::1]:8080", 8081, "http://[::1]:8081"),
        ] {
            let origin: Origin = text.parse().unwrap();
            assert_eq!(origin.with_port(port).to_string(), expected, "{text}");
        }
        let origin: Origin = "http://main.example".parse().unwrap();
        assert!(origin.is_host("Main.Example"));
        assert!(origin.is_host("main.example:80"));
        assert!(!origin.is_host("main.example:8080"));
        assert!(!origin.is_host("other.example"));
    }
}
