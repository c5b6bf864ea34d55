//! The address of a database on a server. It may hold a password, so it has no `Display`, and its `Debug` says no more
//! than that it is one.

use std::str::FromStr;

use zeroize::Zeroizing;

/// `postgres://user:password@host:port/database`, as PostgreSQL's own programs take it.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl(Zeroizing<String>);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an address such as postgres://user@host:5432/database")]
pub struct NotADatabaseUrl;

impl DatabaseUrl {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for DatabaseUrl {
    type Err = NotADatabaseUrl;

    fn from_str(text: &str) -> Result<Self, NotADatabaseUrl> {
        let rest = text
            .strip_prefix("postgres://")
            .or_else(|| text.strip_prefix("postgresql://"))
            .ok_or(NotADatabaseUrl)?;
        if rest.is_empty() || text.contains(char::is_whitespace) {
            return Err(NotADatabaseUrl);
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_and_never_shown() {
        for text in [
            "postgres://a:very-secret@db.example/main",
            "postgresql:///main?host=/run/postgresql",
        ] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert_eq!(url.expose(), text);
            assert!(!format!("{url:?}").contains("secret"));
        }
        for text in [
            "",
            "main.db",
            "sqlite://main.db",
            "postgres://",
            "postgres://a b/c",
        ] {
            assert_eq!(text.parse::<DatabaseUrl>(), Err(NotADatabaseUrl), "{text}");
        }
    }
}
