//! Reads the address of a database: `sqlite:/path`, a bare path, or `postgres://user:password@host:port/name?sslmode=…`.
//!
//! Pure: no file is touched and no server asked. A password never appears in what is printed or logged.

use super::error::{Res, SqlError};
use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file (`:memory:` only for a single connection).
    Sqlite(PathBuf),
    /// A PostgreSQL server and database.
    Postgres(PgAddress),
}

/// How the connection to PostgreSQL is protected: `sslmode` as libpq understands it
/// (postgresql.org/docs/current/libpq-ssl.html).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// TLS if the server offers it, unverified (the default; `allow` means the same here).
    Prefer,
    /// TLS or nothing; the certificate is verified only if `sslrootcert` is given, then as in `verify-ca`.
    Require,
    /// TLS with a certificate of a known authority, whatever its name.
    VerifyCa,
    /// TLS with a certificate of a known authority for this host: the one to use across networks.
    VerifyFull,
}

/// The address of a PostgreSQL database, its TLS options taken out.
#[derive(Clone, PartialEq, Eq)]
pub struct PgAddress {
    /// The address for the driver, password included: never print it.
    url: String,
    ssl_mode: SslMode,
    ssl_root_cert: Option<PathBuf>,
}

impl PgAddress {
    /// What `sslmode` asks for.
    pub fn ssl_mode(&self) -> SslMode {
        self.ssl_mode
    }

    /// The file of trusted certificates (PEM) of `sslrootcert`; `None` means those of the operating system.
    pub fn ssl_root_cert(&self) -> Option<&Path> {
        self.ssl_root_cert.as_deref()
    }

    /// The same server and options with another database: for tests and tools that make databases.
    pub fn with_database(&self, name: &str) -> PgAddress {
        let (base, query) = match self.url.split_once('?') {
            Some((base, query)) => (base, Some(query)),
            None => (self.url.as_str(), None),
        };
        let host_at = base.find("://").map_or(0, |at| at + 3);
        let server = match base[host_at..].find('/') {
            Some(at) => &base[..host_at + at],
            None => base,
        };
        let url = match query {
            Some(query) => format!("{server}/{name}?{query}"),
            None => format!("{server}/{name}"),
        };
        PgAddress { url, ..self.clone() }
    }

    #[cfg(feature = "central")]
    pub(super) fn driver_url(&self) -> &str {
        &self.url
    }

    fn parse(text: &str) -> Res<PgAddress> {
        let (base, query) = text.split_once('?').unwrap_or((text, ""));
        let mut ssl_mode = None;
        let mut ssl_root_cert = None;
        let mut rest = Vec::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("sslmode", value)) => ssl_mode = Some(ssl_mode_of(value)?),
                Some(("sslrootcert", "system" | "")) => ssl_root_cert = None,
                Some(("sslrootcert", value)) => {
                    ssl_root_cert = Some(PathBuf::from(percent_decoded(value)?));
                }
                Some(_) | None => rest.push(pair),
            }
        }
        let mut url = base.to_owned();
        if !rest.is_empty() {
            url.push('?');
            url.push_str(&rest.join("&"));
        }
        Ok(PgAddress { url, ssl_mode: ssl_mode.unwrap_or(SslMode::Prefer), ssl_root_cert })
    }
}

fn ssl_mode_of(value: &str) -> Res<SslMode> {
    match value {
        "disable" => Ok(SslMode::Disable),
        "allow" | "prefer" => Ok(SslMode::Prefer),
        "require" => Ok(SslMode::Require),
        "verify-ca" => Ok(SslMode::VerifyCa),
        "verify-full" => Ok(SslMode::VerifyFull),
        _ => {
            Err(SqlError::Address { what: "sslmode is disable, prefer, require, verify-ca or verify-full".to_owned() })
        }
    }
}

fn percent_decoded(text: &str) -> Res<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        if *first != b'%' {
            bytes.push(*first);
            rest = tail;
            continue;
        }
        let byte = tail
            .get(..2)
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match byte {
            Some(byte) => bytes.push(byte),
            None => return Err(bad_escape()),
        }
        rest = &tail[2..];
    }
    String::from_utf8(bytes).map_err(|_| bad_escape())
}

fn bad_escape() -> SqlError {
    SqlError::Address {
        what: "a % in it is not followed by two hexadecimal digits of UTF-8; write % itself as %25".to_owned(),
    }
}

/// Shows the address without the password.
impl fmt::Display for PgAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = self.url.split('?').next().unwrap_or_default();
        let (scheme, rest) = base.split_once("://").unwrap_or(("postgres", base));
        match rest.rsplit_once('@') {
            Some((login, place)) => {
                let user = login.split(':').next().unwrap_or_default();
                write!(out, "{scheme}://{user}@{place}")
            }
            None => write!(out, "{scheme}://{rest}"),
        }
    }
}

impl fmt::Debug for PgAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{self} ({:?})", self.ssl_mode)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Sqlite(path) => write!(out, "sqlite:{}", path.display()),
            Target::Postgres(address) => address.fmt(out),
        }
    }
}

impl FromStr for Target {
    type Err = SqlError;

    fn from_str(text: &str) -> Res<Target> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return PgAddress::parse(text).map(Target::Postgres);
        }
        let path = match text.strip_prefix("sqlite:") {
            Some(path) => path.strip_prefix("//").unwrap_or(path),
            None if text.contains("://") => {
                return Err(SqlError::Address {
                    what: "it begins with an unknown scheme; use sqlite:/path, a path, or postgres://user@host/name"
                        .to_owned(),
                });
            }
            None => text,
        };
        if path.is_empty() {
            return Err(SqlError::Address {
                what: "it is empty; use sqlite:/path, a path, or postgres://user@host/name".to_owned(),
            });
        }
        Ok(Target::Sqlite(PathBuf::from(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pg(text: &str) -> PgAddress {
        match text.parse().unwrap() {
            Target::Postgres(address) => address,
            Target::Sqlite(path) => panic!("{} is a path", path.display()),
        }
    }

    #[test]
    fn paths_and_sqlite_addresses_are_files() {
        for (text, path) in [
            ("sqlite:/var/lib/p.db", "/var/lib/p.db"),
            ("sqlite:///var/lib/p.db", "/var/lib/p.db"),
            ("sqlite:p.db", "p.db"),
            ("sqlite::memory:", ":memory:"),
            (" /var/lib/p 1.db ", "/var/lib/p 1.db"),
            ("C:\\data\\p.db", "C:\\data\\p.db"),
        ] {
            assert_eq!(text.parse::<Target>().unwrap(), Target::Sqlite(PathBuf::from(path)), "{text}");
        }
    }

    #[test]
    fn empty_and_foreign_addresses_are_refused() {
        for text in ["", "  ", "sqlite:", "sqlite://", "mysql://u@h/d"] {
            let refused = text.parse::<Target>().unwrap_err();
            assert!(matches!(refused, SqlError::Address { .. }), "{text}");
        }
    }

    #[test]
    fn tls_options_are_taken_out_and_the_others_stay() {
        let address = pg("postgres://u@h/d?sslmode=verify-full&application_name=x&sslrootcert=/etc/my%20ca.pem");
        assert_eq!(address.url, "postgres://u@h/d?application_name=x");
        assert_eq!(address.ssl_mode(), SslMode::VerifyFull);
        assert_eq!(address.ssl_root_cert(), Some(Path::new("/etc/my ca.pem")));
        assert_eq!(pg("postgresql://h/d").ssl_mode(), SslMode::Prefer);
        for text in ["sslmode=on", "sslrootcert=%zz", "sslrootcert=%4"] {
            let refused = format!("postgres://h/d?{text}").parse::<Target>();
            assert!(refused.is_err(), "{text}");
        }
    }

    #[test]
    fn another_database_on_the_same_server() {
        for (from, to) in [
            ("postgres://u@h:1/old?a=b", "postgres://u@h:1/new?a=b"),
            ("postgres://h", "postgres://h/new"),
            ("postgres:///old?host=/run", "postgres:///new?host=/run"),
        ] {
            assert_eq!(pg(from).with_database("new").url, to);
        }
    }

    #[test]
    fn a_password_is_never_shown() {
        let address = pg("postgres://packer:s3c@ret@db.example:5432/pack?password=s3c");
        let shown = format!("{address} {address:?} {}", Target::Postgres(address.clone()));
        assert!(!shown.contains("s3c"), "{shown}");
        assert!(shown.contains("postgres://packer@db.example:5432/pack"), "{shown}");
    }
}
