//! Which database the tests run on: SQLite, or the PostgreSQL server that `MAIN_APP_TEST_POSTGRES` names, such as
//! `postgres://user@127.0.0.1:5433/postgres`. `cargo xtask test` runs them on both.

use std::path::Path;

const SERVER: &str = "MAIN_APP_TEST_POSTGRES";

/// Makes an empty database on the server and returns its address; `None` where the tests run on SQLite.
pub async fn fresh() -> Option<String> {
    let server = std::env::var(SERVER).ok()?;
    let name = format!("test_{}", super::uuid().simple());
    let pool = pool(&server).await;
    let statement = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::query(statement).execute(&pool).await.unwrap();
    pool.close().await;
    let (host, _) = server.rsplit_once('/').expect("an address that names a database");
    Some(format!("{host}/{name}"))
}

/// The address of the file in the folder of a main application.
pub fn file(data: &Path) -> String {
    format!("sqlite://{}", data.join("main.db").display())
}

pub async fn pool(url: &str) -> sqlx::AnyPool {
    sqlx::any::install_default_drivers();
    sqlx::any::AnyPoolOptions::new()
        .max_connections(1)
        .connect(url)
        .await
        .unwrap()
}

/// Makes the named writes fail, in the words of either database.
pub async fn break_writes(pool: &sqlx::AnyPool, when: &str, postgres: bool) {
    let (event, condition) = match when.split_once(" WHEN ") {
        Some((event, condition)) => (event, format!("WHEN ({condition})")),
        None => (when, String::new()),
    };
    let statements = if postgres {
        format!(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$; \
             CREATE TRIGGER broken BEFORE {event} FOR EACH ROW {condition} EXECUTE FUNCTION broken()"
        )
    } else {
        format!(
            "CREATE TRIGGER broken BEFORE {event} {condition} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    };
    run(pool, statements).await;
}

pub async fn mend_writes(pool: &sqlx::AnyPool, postgres: bool) {
    let statement = if postgres {
        "DROP FUNCTION broken CASCADE"
    } else {
        "DROP TRIGGER broken"
    };
    run(pool, statement.to_owned()).await;
}

async fn run(pool: &sqlx::AnyPool, statements: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statements))
        .execute(pool)
        .await
        .unwrap();
}
