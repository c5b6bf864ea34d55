//! A database that fails, and a process that is killed, in the middle of a sign-in: a clear 503, nothing half done,
//! no strike counted twice.

use crate::support::{PASSWORD, Server, post_json, uuid};

#[tokio::test]
async fn a_database_that_is_gone_is_said_with_when_to_come_back() {
    let server = Server::start().await;
    let tablet = server.tablet();
    server.app.close().await;
    let answer = tablet.try_attempt(uuid(), "field1", PASSWORD).await;
    answer.assert_error(503, "unavailable");
    assert_eq!(answer.header("retry-after"), Some("2"));
    let page = server.browser().get("/main/admin").await;
    assert_eq!(page.answer.status, 303, "who has no cookie needs no database");
    assert_eq!(crate::support::get(&server.router, "/health").await.status, 503);
}

#[tokio::test]
async fn an_attempt_that_was_cut_off_is_taken_up_and_counted_once() {
    let server = Server::on_disk().await;
    let mut tablet = server.tablet();
    let attempt = uuid();
    server
        .is_broken("UPDATE ON attempts WHEN NEW.result <> 'pending'")
        .await;
    tablet
        .try_attempt(attempt, "field1", "wrong")
        .await
        .assert_error(503, "unavailable");
    server.is_mended().await;
    tablet
        .try_attempt(attempt, "field1", "wrong")
        .await
        .assert_error(409, "attempt_in_progress");
    server.clock.advance_ms(30_000);
    for _ in 0..2 {
        let answer = tablet.try_attempt(attempt, "field1", "wrong").await;
        assert_eq!(answer.json()["result"], "bad_password", "{}", answer.text());
    }
    assert_eq!(
        tablet.result("field1", "wrong").await,
        "bad_password",
        "the second strike"
    );
    assert_eq!(tablet.result("field1", "wrong").await, "locked", "the third");
}

#[tokio::test]
async fn whichever_write_fails_nothing_of_the_sign_in_is_kept() {
    for write in [
        "UPDATE ON accounts",
        "INSERT ON devices",
        "INSERT ON sign_ins",
        "INSERT ON data_keys",
        "INSERT ON tablet_sessions",
        "INSERT ON audit",
        "UPDATE ON attempts WHEN NEW.result = 'ok'",
    ] {
        let server = Server::on_disk().await;
        let mut tablet = server.tablet();
        server.is_broken(write).await;
        let answer = tablet.try_attempt(uuid(), "field1", PASSWORD).await;
        answer.assert_error(503, "unavailable");
        for table in ["devices", "sign_ins", "data_keys", "tablet_sessions"] {
            let rows = server.rows_of(&format!("SELECT * FROM {table}")).await;
            assert!(rows.is_empty(), "{table} after a failed {write}");
        }
        server.is_mended().await;
        assert_eq!(tablet.result("field1", PASSWORD).await, "ok", "{write}");
    }
}

#[tokio::test]
async fn a_claim_that_cannot_be_written_is_no_attempt() {
    let server = Server::on_disk().await;
    server.is_broken("INSERT ON attempts").await;
    let (tablet, attempt) = (server.tablet(), uuid());
    let body = tablet.attempt(attempt, "field1", PASSWORD).to_string();
    for _ in 0..5 {
        post_json(&server.router, "/api/sign-in", body.clone())
            .await
            .assert_error(503, "unavailable");
    }
    assert_eq!(server.app.derivations(), 0);
    server.is_mended().await;
    let answer = post_json(&server.router, "/api/sign-in", body).await;
    assert_eq!(answer.json()["result"], "ok", "at once, and with the same id");
}
