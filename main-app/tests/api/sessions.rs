//! What a tablet's session is worth: until when, and what its tablet is told after.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::json;

use crate::support::{DAY, HOUR, PASSWORD, Server, Tablet, send, uuid};

async fn verdict(tablet: &Tablet) -> String {
    tablet.sync(None, &[]).await["result"]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn signed_in(server: &Server, login: &str) -> Tablet {
    let mut tablet = server.tablet();
    assert_eq!(tablet.result(login, PASSWORD).await, "ok");
    tablet
}

#[tokio::test]
async fn a_session_lasts_thirty_days() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    server.clock.advance_ms(30 * DAY - 1);
    assert_eq!(verdict(&tablet).await, "ok");
    server.clock.advance_ms(1);
    assert_eq!(verdict(&tablet).await, "sign_in_again");
}

#[tokio::test]
async fn a_tablet_hears_of_a_reset_even_when_its_session_has_expired_too() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    let other = signed_in(&server, "field2").await;
    server.reset("field1").await;
    assert_eq!(verdict(&tablet).await, "epoch_changed");
    assert_eq!(verdict(&other).await, "ok", "another user's session goes on");
    server.clock.advance_ms(40 * DAY);
    assert_eq!(verdict(&tablet).await, "epoch_changed");
}

#[tokio::test]
async fn a_tablet_hears_of_a_deactivation_and_signs_in_anew_after_a_reactivation() {
    let server = Server::start().await;
    let mut tablet = signed_in(&server, "field1").await;
    server.deactivate("field1").await;
    assert_eq!(verdict(&tablet).await, "no_access");
    server.reactivate("field1").await;
    assert_eq!(
        verdict(&tablet).await,
        "sign_in_again",
        "an ended session stays ended"
    );
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    assert_eq!(verdict(&tablet).await, "ok");
}

#[tokio::test]
async fn a_session_of_a_temp_password_goes_on_until_the_password_is_changed() {
    let server = Server::start().await;
    let temp = server.reset("field1").await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", &temp).await, "ok");
    server.clock.advance_ms(100 * HOUR);
    assert_eq!(
        tablet.result("field1", &temp).await,
        "locked",
        "the temp password opens nothing new"
    );
    assert_eq!(verdict(&tablet).await, "ok", "but the session goes on");
}

#[tokio::test]
async fn a_change_of_password_ends_the_session_of_the_temp_password() {
    let server = Server::start().await;
    let temp = server.reset("field1").await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", &temp).await, "ok");
    let mut browser = server.browser();
    let page = browser.sign_in("field1", &temp).await;
    let page = browser.follow(&page).await;
    let new = [
        ("new_password", "a quiet river bend"),
        ("new_password_again", "a quiet river bend"),
    ];
    browser.submit(&page, "/main/password", &new).await;
    assert_eq!(verdict(&tablet).await, "epoch_changed");
    let reply = tablet.sign_in("field1", "a quiet river bend").await;
    assert_eq!(
        (&reply["result"], &reply["must_change"]),
        (&json!("ok"), &json!(false))
    );
    assert_eq!(verdict(&tablet).await, "ok");
}

#[tokio::test]
async fn a_lock_ends_no_session() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    for _ in 0..3 {
        server.tablet().sign_in("field1", "wrong").await;
    }
    assert_eq!(verdict(&tablet).await, "ok");
}

#[tokio::test]
async fn sessions_of_one_user_on_several_tablets_stand_beside_each_other() {
    let server = Server::start().await;
    let one = signed_in(&server, "field1").await;
    let two = signed_in(&server, "field1").await;
    assert_eq!(
        (verdict(&one).await.as_str(), verdict(&two).await.as_str()),
        ("ok", "ok")
    );
}

#[tokio::test]
async fn a_token_that_nobody_has_issued_is_told_to_sign_in_again() {
    let server = Server::start().await;
    let mut tablet = signed_in(&server, "field1").await;
    let last = if tablet.token.ends_with('A') { "Q" } else { "A" };
    tablet.token.replace_range(42..43, last);
    assert_eq!(verdict(&tablet).await, "sign_in_again");
}

#[tokio::test]
async fn without_a_token_there_is_no_session() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    let body = tablet.sync_request(None, &[]).to_string();
    for value in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer x"),
        Some("Basic dXNlcjpwYXNz"),
        Some(tablet.token.as_str()),
    ] {
        let mut request = Request::post("/api/sync").header(header::CONTENT_TYPE, "application/json");
        if let Some(value) = value {
            request = request.header(header::AUTHORIZATION, value);
        }
        let answer = send(&server.router, request.body(Body::from(body.clone())).unwrap()).await;
        answer.assert_error(401, "no_token");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test]
async fn a_session_is_of_one_tablet() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    let mut request = tablet.sync_request(None, &[]);
    request["device_id"] = json!(uuid());
    tablet.post_sync(&request).await.assert_error(403, "wrong_device");
}

#[tokio::test]
async fn an_old_build_is_told_to_update_and_a_newer_one_is_not_understood() {
    let server = Server::start().await;
    let tablet = signed_in(&server, "field1").await;
    let old = json!({ "version": 0, "request_id": uuid(), "of": "another shape" });
    assert_eq!(tablet.sync_of(&old).await["result"], "update_needed");
    let new = json!({ "version": 2, "request_id": uuid() });
    tablet
        .post_sync(&new)
        .await
        .assert_error(400, "version_not_supported");
}

#[tokio::test]
async fn what_a_tablet_reports_is_kept() {
    let server = Server::on_disk().await;
    let tablet = signed_in(&server, "field1").await;
    let user = server.user("field1").await;
    let mut request = tablet.sync_request(None, &[]);
    request["app_version"] = json!("v".repeat(500));
    request["waiting"] = json!(7);
    request["failed_offline"] = json!({
        "known": [{ "user_id": user, "at": 5 }, { "user_id": user, "at": 6 }, { "user_id": uuid(), "at": 5 }],
        "unknown": 3,
        "unknown_since": 4,
    });
    // The reply may be lost and the report sent again: an attempt is still one attempt.
    tablet.sync_of(&request).await;
    server.clock.advance_ms(DAY);
    tablet.sync_of(&request).await;
    use sqlx::Row as _;
    let rows = server.rows("SELECT * FROM devices").await;
    assert_eq!(rows[0].get::<i64, _>("waiting"), 7);
    assert_eq!(rows[0].get::<String, _>("app_version").len(), 100);
    assert_eq!(
        rows[0].get::<i64, _>("last_contact") - rows[0].get::<i64, _>("first_seen"),
        DAY
    );
    assert_eq!(server.rows("SELECT * FROM failed_offline").await.len(), 2);
    assert_eq!(unknown_logins(&server).await, 3);

    // While the report was on its way, one more; later on, others; and a tablet of before says no time.
    for (unknown, since, counted) in [(4, Some(4), 4), (2, Some(9), 6), (2, Some(9), 6), (1, None, 7)] {
        request["failed_offline"] = json!({ "known": [], "unknown": unknown });
        if let Some(since) = since {
            request["failed_offline"]["unknown_since"] = json!(since);
        }
        tablet.sync_of(&request).await;
        assert_eq!(
            unknown_logins(&server).await,
            counted,
            "{unknown} since {since:?}"
        );
    }

    let mut clerk = server.browser();
    clerk.enter("helpdesk1").await;
    let account = clerk
        .get(&format!("/main/helpdesk/accounts/{user}"))
        .await
        .words();
    let told =
        "2 wrong passwords offline, the last 1 Jan 1970, 00:00 UTC; 7 tries offline with other usernames";
    assert!(account.contains(told), "{account}");
}

async fn unknown_logins(server: &Server) -> i64 {
    use sqlx::Row as _;
    server.rows("SELECT failed_unknown FROM devices").await[0].get("failed_unknown")
}
