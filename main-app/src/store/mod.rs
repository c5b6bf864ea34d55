//! The database: one pool, one set of queries for SQLite and PostgreSQL, and transactions that cannot lose a race.
//!
//! Each file beside this one holds the queries about one noun, as functions over a connection; the callers decide what
//! belongs into one transaction. Nothing here decides.

pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod caseload;
pub mod data_keys;
pub mod devices;
pub mod documents;
pub mod page_sessions;
pub mod requests;
pub mod sign_ins;
pub mod tablet_sessions;
mod url;

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Executor as _, Transaction};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

pub use url::{DatabaseUrl, NotADatabaseUrl};

pub type Connection = AnyConnection;
pub type Result<T> = std::result::Result<T, sqlx::Error>;

/// Waits this long for a connection before a request is answered 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
const CONNECTIONS: u32 = 8;
/// Names the one lock under which every instance writes to a PostgreSQL database: "main" in ASCII.
const WRITE_LOCK: i64 = 0x6d61_696e;

#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    engine: Engine,
    /// One writer at a time, as on SQLite anyway; to queue here is fairer than its polling for the lock, and takes no
    /// connection.
    writer: Arc<Semaphore>,
}

/// Which database it is; the queries are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Said to every new connection.
    const fn greeting(self) -> &'static str {
        match self {
            // FULL: a receipt says "kept for good", so a commit reaches the disk before it is answered.
            Self::Sqlite => {
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000"
            }
            // The same promise, and nothing that waits for ever.
            Self::Postgres => {
                "SET synchronous_commit = on; SET lock_timeout = '5s'; SET statement_timeout = '15s'; \
                 SET idle_in_transaction_session_timeout = '30s'"
            }
        }
    }
}

/// A writing transaction. Rolled back when it is dropped without [`Write::commit`].
pub struct Write {
    transaction: Transaction<'static, Any>,
    _turn: OwnedSemaphorePermit,
}

impl Store {
    pub async fn in_memory() -> Result<Self> {
        // One connection that is never let go: the database is the connection.
        let options = AnyPoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None);
        Self::open(options, Engine::Sqlite, "sqlite::memory:").await
    }

    pub async fn at(file: &Path) -> Result<Self> {
        Self::open(pooled(), Engine::Sqlite, &sqlite_url(file)).await
    }

    pub async fn on_server(url: &DatabaseUrl) -> Result<Self> {
        Self::open(pooled(), Engine::Postgres, url.expose()).await
    }

    async fn open(options: AnyPoolOptions, engine: Engine, url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let pool = options
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(engine.greeting()).await.map(drop) })
            })
            .connect(url)
            .await?;
        match engine {
            Engine::Sqlite => sqlx::migrate!("./migrations/sqlite").run(&pool).await?,
            Engine::Postgres => sqlx::migrate!("./migrations/postgres").run(&pool).await?,
        }
        Ok(Self {
            pool,
            engine,
            writer: Arc::new(Semaphore::new(1)),
        })
    }

    /// A connection for reading. Not to be held while waiting for [`Store::write`].
    pub async fn read(&self) -> Result<sqlx::pool::PoolConnection<Any>> {
        self.pool.acquire().await
    }

    /// Begins a transaction that holds the write lock from its first moment, so that what it reads stays true until
    /// it commits: in this instance and in every other on the same database.
    pub async fn write(&self) -> Result<Write> {
        let turn = tokio::time::timeout(ACQUIRE_TIMEOUT, self.writer.clone().acquire_owned())
            .await
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)?;
        let transaction = match self.engine {
            Engine::Sqlite => self.pool.begin_with("BEGIN IMMEDIATE").await?,
            Engine::Postgres => {
                // Each statement sees what was committed before it, so all that follows the lock is up to date.
                let mut transaction = self
                    .pool
                    .begin_with("BEGIN ISOLATION LEVEL READ COMMITTED")
                    .await?;
                sqlx::query("SELECT pg_advisory_xact_lock($1)")
                    .bind(WRITE_LOCK)
                    .execute(&mut *transaction)
                    .await?;
                transaction
            }
        };
        Ok(Write {
            transaction,
            _turn: turn,
        })
    }

    /// Ends all connections; what is under way is finished first.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

impl Write {
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await
    }
}

impl Deref for Write {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.transaction
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.transaction
    }
}

/// Several connections, and none twice that its last user left within a transaction: on a full disk SQLite rolls back by
/// itself, sqlx then fails to, and takes the transaction for open ever after.
fn pooled() -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .before_acquire(|connection, _| {
            let is_free = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_free) })
        })
}

/// Whether the database answers.
pub async fn ping(connection: &mut Connection) -> Result<()> {
    sqlx::query("SELECT 1").execute(connection).await.map(drop)
}

pub async fn meta(connection: &mut Connection, name: &str) -> Result<Option<String>> {
    sqlx::query_scalar("SELECT value FROM meta WHERE name = $1")
        .bind(name)
        .fetch_optional(connection)
        .await
}

/// As [`meta`], and nobody changes it until the transaction ends, on every database.
pub async fn lock_meta(connection: &mut Connection, name: &str) -> Result<Option<String>> {
    sqlx::query_scalar("UPDATE meta SET value = value WHERE name = $1 RETURNING value")
        .bind(name)
        .fetch_optional(connection)
        .await
}

pub async fn set_meta(connection: &mut Connection, name: &str, value: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    )
    .bind(name)
    .bind(value)
    .execute(connection)
    .await
    .map(drop)
}

/// Whether a database can go without loss: it has the mark of the sample data, or no account. One that cannot be read
/// as a database of ours cannot go. Nothing is changed, and no migration run.
pub async fn is_expendable(file: &Path, mark: &str) -> bool {
    sqlx::any::install_default_drivers();
    let Ok(mut connection) = AnyConnection::connect(&sqlite_url(file)).await else {
        return false;
    };
    if meta(&mut connection, mark)
        .await
        .is_ok_and(|value| value.is_some())
    {
        return true;
    }
    matches!(accounts::count(&mut connection).await, Ok(0))
}

/// Reads an identifier column. What is not a UUID is a fault of the database, not of the request.
fn id<T: std::str::FromStr>(text: &str, column: &'static str) -> Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(|error: T::Err| sqlx::Error::ColumnDecode {
        index: column.into(),
        source: Box::new(error),
    })
}

fn sqlite_url(file: &Path) -> String {
    let mut url = String::from("sqlite://");
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                url.push(char::from(*byte));
            }
            other => url.push_str(&format!("%{other:02X}")),
        }
    }
    url + "?mode=rwc"
}
