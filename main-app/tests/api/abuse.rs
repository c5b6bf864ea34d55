//! What somebody might try with the main application's sign-in that no other file has as its subject. `docs/abuse-cases.md`
//! lists all cases.

use serde_json::json;
use sqlx::Row as _;

use crate::support::{DAY, PASSWORD, Server};

#[tokio::test]
async fn after_two_resets_in_a_row_only_the_second_temp_password_opens() {
    let server = Server::start().await;
    let (first, second) = (server.reset("field1").await, server.reset("field1").await);
    assert_ne!(first, second);
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", &first).await, "bad_password");
    let reply = tablet.sign_in("field1", &second).await;
    assert_eq!(
        (&reply["result"], &reply["must_change"]),
        (&json!("ok"), &json!(true))
    );
    let page = server.browser().sign_in("field1", &first).await;
    assert_eq!(page.alert().unwrap(), "Username or Password is incorrect.");
}

#[tokio::test]
async fn syncs_with_an_expired_token_check_no_password_and_cost_no_strike() {
    let server = Server::on_disk().await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let checked = server.app.derivations();
    server.clock.advance_ms(31 * DAY);
    for _ in 0..10 {
        assert_eq!(tablet.sync(None, &[]).await["result"], "sign_in_again");
    }
    let first = if tablet.token.starts_with('A') { "B" } else { "A" };
    tablet.token.replace_range(..1, first);
    for _ in 0..10 {
        assert_eq!(tablet.sync(None, &[]).await["result"], "sign_in_again");
    }
    assert_eq!(server.app.derivations(), checked);
    let rows = server
        .rows("SELECT strikes FROM accounts WHERE login = 'field1'")
        .await;
    assert_eq!(rows[0].get::<i64, _>("strikes"), 0);
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
}
