//! PostgreSQL behind [`Conn`]: statement cache, time-outs, TLS.
//!
//! This file is the only one that knows the `postgres` crate, which panics inside an async runtime, even when dropped:
//! use and drop a connection on a thread of its own. It never reconnects: a lost transaction is the caller's to repeat.

use super::{
    conn::{Conn, Engine, savepoint_sql},
    error::{Cause, Res, SqlError},
    postgres_tls,
    url::{PgAddress, SslMode},
    value::{Row, Val},
};
use bytes::BytesMut;
use postgres::{
    Client, Config, NoTls, Statement,
    fallible_iterator::FallibleIterator as _,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};
use std::{collections::HashMap, error::Error, io, io::Write as _, sync::Arc, time::Duration};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long connecting may take, unless the address says otherwise (`connect_timeout`, seconds).
const CONNECT_TIMEOUT_S: u64 = 5;
/// A peer that does not answer for this long is gone.
const TCP_TIMEOUT_S: u64 = 30;
/// Half of the prepared statements kept per connection.
const STATEMENTS_HALF: usize = 128;
/// Time-outs of a session, each unless the address's `options` set it.
const SESSION: [(&str, &str); 3] =
    [("statement_timeout", "30s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "60s")];

/// A connection to PostgreSQL, for its one owner.
pub struct Pg {
    client: Client,
    recent: HashMap<String, Statement>,
    older: HashMap<String, Statement>,
    in_transaction: bool,
    /// The failure that made the server refuse the rest of the transaction.
    fault: Option<SqlError>,
}

impl Pg {
    /// Connects.
    ///
    /// # Errors
    /// [`SqlError::Address`] for a wrong address, user or password, [`SqlError::Closed`] if the server cannot be reached,
    /// [`SqlError::Busy`] if it takes no more connections.
    pub fn open(address: &PgAddress) -> Res<Pg> {
        let mut config: Config = address.driver_url().parse().map_err(|error: postgres::Error| SqlError::Address {
            // The driver's text names the faulty option, not its value.
            what: error.source().map_or_else(|| error.to_string(), ToString::to_string),
        })?;
        config.ssl_mode(match address.ssl_mode() {
            SslMode::Disable => postgres::config::SslMode::Disable,
            SslMode::Prefer => postgres::config::SslMode::Prefer,
            SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => postgres::config::SslMode::Require,
        });
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(CONNECT_TIMEOUT_S));
        }
        if config.get_application_name().is_none() {
            config.application_name("packbench");
        }
        config
            .tcp_user_timeout(Duration::from_secs(TCP_TIMEOUT_S))
            .keepalives_idle(Duration::from_secs(TCP_TIMEOUT_S))
            .keepalives_interval(Duration::from_secs(TCP_TIMEOUT_S / 3))
            .keepalives_retries(3);
        let client = match postgres_tls::config(address)? {
            Some(tls) => config.connect(MakeRustlsConnect::new(tls)),
            None => config.connect(NoTls),
        };
        let mut pg = Pg {
            client: client.map_err(fault_at_opening)?,
            recent: HashMap::new(),
            older: HashMap::new(),
            in_transaction: false,
            fault: None,
        };
        let options = config.get_options().unwrap_or_default();
        let session: Vec<String> = SESSION
            .iter()
            .filter(|(name, _)| !options.contains(name))
            .map(|(name, value)| format!("SET {name} = '{value}'"))
            .collect();
        pg.batch(&session.join("; "))?;
        Ok(pg)
    }

    /// Keeps the statements used lately: when the newer half is full, the older half is forgotten.
    fn prepared(&mut self, sql: &str) -> Result<Statement, postgres::Error> {
        if let Some(statement) = self.recent.get(sql) {
            return Ok(statement.clone());
        }
        let statement = match self.older.remove(sql) {
            Some(statement) => statement,
            None => self.client.prepare(sql)?,
        };
        if self.recent.len() >= STATEMENTS_HALF {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    /// Sorts a failed statement's error, and remembers that the server now refuses the rest of the transaction.
    fn failed(&mut self, sql: &str, error: postgres::Error) -> SqlError {
        let found = if is_stale(&error) {
            self.recent.remove(sql);
            self.older.remove(sql);
            SqlError::Retry { source: Cause::new(error) }
        } else {
            fault(error)
        };
        self.spoil(found)
    }

    fn spoil(&mut self, found: SqlError) -> SqlError {
        if self.in_transaction && self.fault.is_none() {
            self.fault = Some(found.clone());
        }
        found
    }

    fn control(&mut self, sql: &str) -> Res<()> {
        self.client.batch_execute(sql).map_err(fault)
    }

    fn begin_with(&mut self, sql: &str) -> Res<()> {
        self.control(sql)?;
        self.in_transaction = true;
        self.fault = None;
        Ok(())
    }
}

/// Refuses what must be refused before the server sees it.
fn check(params: &[Val], statement: &Statement) -> Res<()> {
    let wanted = statement.params().len();
    if params.len() != wanted {
        return Err(SqlError::Param { what: format!("{} are given, but the text goes up to ${wanted}", params.len()) });
    }
    for (index, value) in params.iter().enumerate() {
        value.check(index + 1)?;
    }
    Ok(())
}

/// JSON of either kind as its text.
struct Json(String);

impl<'a> FromSql<'a> for Json {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Json, Box<dyn Error + Sync + Send>> {
        // JSONB is sent as one byte of version, 1, then the text (src/backend/utils/adt/jsonb.c, jsonb_send).
        let text = match (*kind == Type::JSONB, raw.split_first()) {
            (true, Some((1, text))) => text,
            (true, _) => return Err("unknown version of JSONB".into()),
            (false, _) => raw,
        };
        Ok(Json(std::str::from_utf8(text)?.to_owned()))
    }
    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::JSON | Type::JSONB)
    }
}

fn read(row: &postgres::Row, names: &Arc<[String]>) -> Res<Row> {
    let mut vals = Vec::with_capacity(names.len());
    for (index, column) in row.columns().iter().enumerate() {
        let value = match *column.type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(index).map(Val::from),
            Type::INT4 => row.try_get::<_, Option<i32>>(index).map(Val::from),
            Type::INT2 => row.try_get::<_, Option<i16>>(index).map(Val::from),
            Type::BOOL => row.try_get::<_, Option<bool>>(index).map(Val::from),
            Type::FLOAT8 => row.try_get::<_, Option<f64>>(index).map(Val::from),
            Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(index).map(Val::from),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME => {
                row.try_get::<_, Option<String>>(index).map(Val::from)
            }
            Type::JSON | Type::JSONB => {
                row.try_get::<_, Option<Json>>(index).map(|json| Val::from(json.map(|json| json.0)))
            }
            Type::VOID => Ok(Val::Null),
            ref other => {
                return Err(SqlError::Row {
                    column: format!("{} of type {other}", column.name()),
                    wanted: "BIGINT, DOUBLE PRECISION, TEXT or BYTEA",
                    found: "another type; add a CAST",
                });
            }
        };
        vals.push(value.map_err(fault)?);
    }
    Ok(Row::new(Arc::clone(names), vals))
}

/// The server has said what type each parameter has, so a value adapts to it and NULL needs none.
impl ToSql for Val {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match (self, kind) {
            (Val::Null, _) => Ok(IsNull::Yes),
            (Val::Int(int), &Type::INT8) => int.to_sql(kind, out),
            (Val::Int(int), &Type::INT4) => i32::try_from(*int)?.to_sql(kind, out),
            (Val::Int(int), &Type::INT2) => i16::try_from(*int)?.to_sql(kind, out),
            (Val::Int(int @ (0 | 1)), &Type::BOOL) => (*int == 1).to_sql(kind, out),
            (Val::Real(real), &Type::FLOAT8) => real.to_sql(kind, out),
            (Val::Text(text), &Type::JSON | &Type::JSONB) => {
                if *kind == Type::JSONB {
                    out.extend_from_slice(&[1]);
                }
                out.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
            (Val::Text(text), &Type::TEXT | &Type::VARCHAR | &Type::NAME | &Type::UNKNOWN) => {
                text.as_str().to_sql(kind, out)
            }
            (Val::Blob(bytes), &Type::BYTEA) => bytes.to_sql(kind, out),
            _ => Err(format!("{} is given where {kind} is wanted", self.kind()).into()),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

impl Conn for Pg {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn exec(&mut self, sql: &str, params: &[Val]) -> Res<u64> {
        let statement = self.prepared(sql).map_err(|error| self.failed(sql, error))?;
        check(params, &statement)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as _).collect();
        self.client.execute(&statement, &params).map_err(|error| self.failed(sql, error))
    }

    fn each(&mut self, sql: &str, params: &[Val], row: &mut dyn FnMut(Row) -> Res<()>) -> Res<()> {
        let statement = self.prepared(sql).map_err(|error| self.failed(sql, error))?;
        check(params, &statement)?;
        let names: Arc<[String]> = statement.columns().iter().map(|column| column.name().to_owned()).collect();
        let ended = match self.client.query_raw(&statement, params) {
            Ok(mut rows) => loop {
                match rows.next() {
                    Ok(Some(found)) => row(read(&found, &names)?)?,
                    Ok(None) => break None,
                    Err(error) => break Some(error),
                }
            },
            Err(error) => Some(error),
        };
        ended.map_or(Ok(()), |error| Err(self.failed(sql, error)))
    }

    fn copy_in(&mut self, sql: &str, rows: &[u8]) -> Res<u64> {
        let client = &mut self.client;
        let mut copy = || -> Result<u64, postgres::Error> {
            let mut writer = client.copy_in(sql)?;
            // One write only fills the buffer; sending it, and what the server says to it, is the finish's.
            let _ = writer.write_all(rows);
            writer.finish()
        };
        copy().map_err(|error| self.failed(sql, error))
    }

    fn batch(&mut self, sql: &str) -> Res<()> {
        self.control(sql).map_err(|found| self.spoil(found))
    }

    fn begin(&mut self) -> Res<()> {
        self.begin_with("BEGIN")
    }

    fn begin_read(&mut self) -> Res<()> {
        self.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn commit(&mut self) -> Res<()> {
        // The server answers the COMMIT of a spoiled transaction with ROLLBACK and no error at all.
        if let Some(found) = self.fault.take() {
            return Err(SqlError::Spoiled { source: Box::new(found) });
        }
        match self.control("COMMIT") {
            Ok(()) => {
                self.in_transaction = false;
                Ok(())
            }
            Err(SqlError::Closed { source: Some(source), .. }) => Err(SqlError::Unknown { source }),
            Err(found) => Err(found),
        }
    }

    fn rollback(&mut self) -> Res<()> {
        self.in_transaction = false;
        self.fault = None;
        self.control("ROLLBACK")
    }

    fn savepoint(&mut self, name: &str) -> Res<()> {
        self.batch(&savepoint_sql("SAVEPOINT", name)?)
    }

    fn release(&mut self, name: &str) -> Res<()> {
        self.batch(&savepoint_sql("RELEASE SAVEPOINT", name)?)
    }

    fn rollback_to(&mut self, name: &str) -> Res<()> {
        self.batch(&savepoint_sql("ROLLBACK TO SAVEPOINT", name)?)?;
        self.fault = None;
        Ok(())
    }

    fn alive(&self) -> bool {
        !self.client.is_closed()
    }
}

/// A prepared statement that the server no longer takes, because a table changed or something dropped it.
fn is_stale(error: &postgres::Error) -> bool {
    error.as_db_error().is_some_and(|db| {
        db.code().code() == "26000" || (db.code().code() == "0A000" && db.message().contains("cached plan"))
    })
}

/// The server's words without DETAIL and HINT, which quote values of rows.
#[derive(Debug, thiserror::Error)]
#[error("{message} (SQLSTATE {code})")]
struct ServerFault {
    code: String,
    message: String,
}

fn fault_at_opening(error: postgres::Error) -> SqlError {
    match fault(error) {
        SqlError::Other { what, source } => SqlError::Closed { what, source: Some(source) },
        found => found,
    }
}

/// Sorts SQLSTATE codes (postgresql.org/docs/current/errcodes-appendix.html) into the common kinds.
fn fault(error: postgres::Error) -> SqlError {
    let Some(db) = error.as_db_error() else {
        return fault_of_driver(error);
    };
    let code = db.code().code().to_owned();
    let message = db.message().to_owned();
    let what = db.constraint().or_else(|| db.column()).map_or_else(|| message.clone(), str::to_owned);
    let source = Cause::new(ServerFault { code: code.clone(), message: message.clone() });
    match code.as_str() {
        "23505" => SqlError::Unique { what, source },
        "23503" => SqlError::Foreign { what, source },
        "40001" | "40P01" => SqlError::Retry { source },
        "55P03" | "53300" => SqlError::Busy { source },
        "57014" => SqlError::Timeout { source },
        "53100" => SqlError::Full { source },
        "25006" => SqlError::ReadOnly { source },
        "XX001" | "XX002" => SqlError::Corrupt { what, source },
        // Shut down, or starting up; closed for idling in a transaction.
        "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => SqlError::Closed { what: message, source: Some(source) },
        // No such database, user or password.
        "3D000" => SqlError::Address { what: message },
        _ if code.starts_with("28") => SqlError::Address { what: message },
        _ if code.starts_with("08") => SqlError::Closed { what: message, source: Some(source) },
        _ if code.starts_with("23") => SqlError::Rule { what, source },
        _ => SqlError::Other { what: message, source },
    }
}

fn fault_of_driver(error: postgres::Error) -> SqlError {
    let beneath = error.source().map(ToString::to_string);
    let is_io = error.source().is_some_and(|source| source.is::<io::Error>());
    // The driver's own text names the kind, the one beneath says why: "error connecting to server: Connection refused".
    let text = error.to_string();
    let what = match beneath {
        Some(why) if !text.contains(&why) => format!("{text}: {why}"),
        Some(_) | None => text,
    };
    if what.starts_with("error serializing parameter") {
        return SqlError::Param { what };
    }
    let closed = error.is_closed() || is_io;
    let source = Cause::new(error);
    if closed { SqlError::Closed { what, source: Some(source) } } else { SqlError::Other { what, source } }
}
