//! What happens at the worst moment: a reset while a password is checked, a tablet that goes away, a database that does
//! not answer.

use std::sync::mpsc;
use std::time::Duration;

use sqlx::Row as _;

use crate::support::{PASSWORD, Server, get, uuid};

/// Fits no password.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdC4uLg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Runs a test with one thread for derivations, which [`hold_derivations`] can hold.
fn with_one_thread_for_derivations(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    runtime.block_on(test);
}

/// Until what it returns is dropped, no password is checked.
fn hold_derivations() -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel();
    tokio::task::spawn_blocking(move || held.recv());
    release
}

async fn result_of(server: &Server, attempt: uuid::Uuid) -> Option<String> {
    let rows = server.rows("SELECT attempt_id, result FROM attempts").await;
    rows.iter()
        .find(|row| row.get::<&str, _>("attempt_id") == attempt.to_string())
        .map(|row| row.get("result"))
}

/// Waits until the attempt's result is as wanted; gives up after a while.
async fn until(server: &Server, attempt: uuid::Uuid, is_wanted: impl Fn(Option<&str>) -> bool) {
    let waiting = async {
        while !is_wanted(result_of(server, attempt).await.as_deref()) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting)
        .await
        .expect("the attempt never got there");
}

#[test]
fn a_password_that_is_replaced_while_it_is_checked_is_checked_again() {
    for (hash, expected) in [(None, "ok"), (Some(NOBODY), "bad_password")] {
        with_one_thread_for_derivations(async {
            let server = Server::on_disk().await;
            let release = hold_derivations();
            let tablet = server.tablet();
            let attempt = uuid();
            let answer = tokio::spawn(async move { tablet.try_attempt(attempt, "field1", PASSWORD).await });
            until(&server, attempt, |result| result == Some("pending")).await;
            server
                .change("UPDATE accounts SET epoch = 2, password_hash = coalesce($1, password_hash) WHERE login = 'field1'", hash)
                .await;
            drop(release);
            let reply = answer.await.unwrap().json();
            assert_eq!(reply["result"], expected);
            if expected == "ok" {
                assert_eq!(reply["epoch"], 2, "what it opens is of the new password");
            }
            assert_eq!(server.app.derivations(), 2);
        });
    }
}

#[test]
fn an_attempt_counts_even_if_whoever_asked_goes_away() {
    with_one_thread_for_derivations(async {
        let server = Server::on_disk().await;
        let release = hold_derivations();
        let tablet = server.tablet();
        let attempt = uuid();
        let asking = tokio::spawn(async move { tablet.try_attempt(attempt, "field1", "wrong").await });
        until(&server, attempt, |result| result == Some("pending")).await;
        asking.abort();
        assert!(asking.await.unwrap_err().is_cancelled());
        drop(release);
        until(&server, attempt, |result| result != Some("pending")).await;
        assert_eq!(result_of(&server, attempt).await.as_deref(), Some("bad_password"));
        let again = server.tablet().try_attempt(attempt, "field1", "wrong").await;
        assert_eq!(
            again.json()["result"],
            "bad_password",
            "and asking again gets the answer"
        );
        let rows = server
            .rows("SELECT strikes FROM accounts WHERE login = 'field1'")
            .await;
        assert_eq!(rows[0].get::<i64, _>("strikes"), 1);
    });
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_said_and_nothing_is_kept() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let mut browser = server.browser();
    let page = browser.get("/main/").await;
    server.app.close().await;

    let answer = tablet.try_attempt(uuid(), "field1", PASSWORD).await;
    answer.assert_error(503, "unavailable");
    assert!(answer.header("retry-after").is_some());
    tablet
        .post_sync(&tablet.sync_request(None, &[]))
        .await
        .assert_error(503, "unavailable");
    get(&server.router, "/health")
        .await
        .assert_error(503, "unavailable");
    let fields = [("login", "field1"), ("password", PASSWORD)];
    let page = browser.submit(&page, "/main/sign-in", &fields).await;
    assert_eq!((page.status(), page.heading().as_str()), (503, "Not available"));
    assert_eq!(
        get(&server.router, "/api/settings").await.status,
        200,
        "what needs no database goes on"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_on_one_database_count_together_and_lose_nothing() {
    let one = Server::on_disk().await;
    let other = one.beside().await;
    let attempts: Vec<_> = [&one, &other, &one, &other, &one, &other]
        .map(|server| {
            let mut tablet = server.tablet();
            tokio::spawn(async move { tablet.result("field2", "wrong").await })
        })
        .into();
    let mut results = Vec::new();
    for attempt in attempts {
        results.push(attempt.await.unwrap());
    }
    results.sort();
    assert_eq!(
        results,
        [
            "bad_password",
            "bad_password",
            "locked",
            "locked",
            "locked",
            "locked"
        ]
    );

    let mut sending = Vec::new();
    for server in [&one, &other, &one, &other] {
        let mut tablet = server.tablet();
        assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
        sending.push(tokio::spawn(async move {
            let client = tablet.clients().await[0];
            for _ in 0..15 {
                assert_eq!(tablet.send(&tablet.draft(client)).await, "stored");
            }
        }));
    }
    for sent in sending {
        sent.await.unwrap();
    }
    assert_eq!(one.rows("SELECT 1 FROM documents").await.len(), 60);
}

#[tokio::test]
async fn two_instances_on_one_database_serve_the_same_users() {
    let one = Server::on_disk().await;
    let other = one.beside().await;
    let mut tablet = one.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    tablet.moves_to(&other);
    assert_eq!(
        tablet.sync(None, &[]).await["result"],
        "ok",
        "its session is known"
    );
    one.reset("field1").await;
    assert_eq!(
        tablet.sync(None, &[]).await["result"],
        "epoch_changed",
        "and ended by a reset at the other one"
    );
}

/// Only a database server has a lock for it: on SQLite one main application is started after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_instances_that_start_at_once_on_an_empty_server_both_serve() {
    if std::env::var_os("MAIN_APP_TEST_POSTGRES").is_none() {
        return;
    }
    let [one, other] = Server::two_at_once().await;
    for server in [&one, &other] {
        assert_eq!(get(&server.router, "/health").await.status, 200);
        assert_eq!(server.tablet().result("field1", PASSWORD).await, "ok");
    }
    let accounts = one.rows("SELECT login FROM accounts").await;
    let logins: std::collections::HashSet<&str> = accounts.iter().map(|row| row.get("login")).collect();
    assert_eq!(logins.len(), accounts.len(), "the sample is there once");
}
