//! `POST /api/sign-in`: the messages, the lock, one attempt counted once, keys that outlive a reset.

use main_app::{Config, Limits, Rate};
use serde_json::json;

use crate::support::{DAY, HOUR, PASSWORD, Server, Tablet, post_json, uuid};

const WRONG: &str = "not the password";

#[tokio::test]
async fn the_right_password_hands_over_all_that_a_tablet_needs() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    let reply = tablet.sign_in("field1", PASSWORD).await;
    assert_eq!(reply["result"], "ok");
    assert_eq!(reply["user_id"], server.user("field1").await.to_string());
    assert_eq!(reply["login"], "field1");
    assert_eq!(reply["full_name"], "Test Field One");
    assert_eq!(reply["epoch"], 1);
    assert_eq!(reply["must_change"], false);
    assert!(reply["data_key"]["id"].is_string() && reply["data_key"]["key"].is_string());
    assert!(reply["token"].as_str().is_some_and(|token| token.len() >= 43));
}

#[tokio::test]
async fn a_login_in_other_case_or_with_spaces_is_the_same_login() {
    let server = Server::start().await;
    for login in ["FIELD1", "  field1 ", "\tField1\n"] {
        assert_eq!(
            server.tablet().sign_in(login, PASSWORD).await["login"],
            "field1",
            "{login:?}"
        );
    }
}

#[tokio::test]
async fn a_password_with_other_case_or_spaces_is_another_password() {
    let server = Server::start().await;
    for password in [" sample-pass-1", "sample-pass-1 ", "Sample-Pass-1"] {
        let mut tablet = server.tablet();
        assert_eq!(
            tablet.result("field1", password).await,
            "bad_password",
            "{password:?}"
        );
        assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    }
}

#[tokio::test]
async fn the_third_wrong_password_in_a_row_locks_and_only_a_reset_unlocks() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    for expected in ["bad_password", "bad_password", "locked", "locked"] {
        assert_eq!(tablet.result("field1", WRONG).await, expected);
    }
    assert_eq!(
        tablet.result("field1", PASSWORD).await,
        "locked",
        "the right one too"
    );
    server.clock.advance_ms(365 * DAY);
    assert_eq!(
        tablet.result("field1", PASSWORD).await,
        "locked",
        "time unlocks nothing"
    );
    assert_eq!(
        server.tablet().result("field2", PASSWORD).await,
        "ok",
        "another account is not touched"
    );

    let temp = server.reset("field1").await;
    assert_eq!(
        tablet.result("field1", PASSWORD).await,
        "bad_password",
        "the old one is gone"
    );
    let reply = tablet.sign_in("field1", &temp).await;
    assert_eq!(
        (&reply["result"], &reply["must_change"]),
        (&json!("ok"), &json!(true))
    );
}

#[tokio::test]
async fn a_right_password_clears_the_strikes() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    for _ in 0..5 {
        assert_eq!(tablet.result("field1", WRONG).await, "bad_password");
        assert_eq!(tablet.result("field1", WRONG).await, "bad_password");
        assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    }
}

#[tokio::test]
async fn strikes_from_several_tablets_and_the_page_add_up() {
    let server = Server::start().await;
    assert_eq!(server.tablet().result("field1", WRONG).await, "bad_password");
    let page = server.browser().sign_in("field1", WRONG).await;
    assert_eq!(page.alert().unwrap(), "Username or Password is incorrect.");
    assert_eq!(server.tablet().result("field1", WRONG).await, "locked");
}

#[tokio::test]
async fn who_has_no_access_is_told_so_whatever_the_password() {
    let server = Server::start().await;
    let inactive = server.user("inactive1").await.to_string();
    for password in [PASSWORD, WRONG, WRONG, WRONG, WRONG] {
        let reply = server.tablet().sign_in("inactive1", password).await;
        assert_eq!(
            (&reply["result"], &reply["user_id"]),
            (&json!("no_access"), &json!(inactive))
        );
        let reply = server.tablet().sign_in("nosuchuser", password).await;
        assert_eq!(reply["result"], "no_access");
        assert!(
            reply.get("user_id").is_none(),
            "an unknown login has no id: {reply}"
        );
    }
    server.reactivate("inactive1").await;
    assert_eq!(
        server.tablet().result("inactive1", PASSWORD).await,
        "ok",
        "no strike was counted"
    );
    server.deactivate("inactive1").await;
    assert_eq!(server.tablet().result("inactive1", PASSWORD).await, "no_access");
}

#[tokio::test]
async fn strange_logins_are_unknown_logins() {
    let server = Server::start().await;
    let rtl = "\u{202e}field1";
    for login in [
        "__proto__",
        "../",
        "' OR 1=1 --",
        rtl,
        "field1\0",
        "<img onerror>",
        &"x".repeat(256),
    ] {
        assert_eq!(
            server.tablet().result(login, PASSWORD).await,
            "no_access",
            "{login:?}"
        );
    }
}

#[tokio::test]
async fn a_repeated_attempt_is_counted_once_and_answered_as_before() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    let attempt = uuid();
    for _ in 0..5 {
        let answer = tablet.try_attempt(attempt, "field1", WRONG).await;
        assert_eq!(answer.json()["result"], "bad_password");
    }
    let answer = tablet.try_attempt(attempt, "field1", PASSWORD).await;
    assert_eq!(
        answer.json()["result"],
        "bad_password",
        "the attempt was answered; another one is a new press"
    );
    assert_eq!(server.app.derivations(), 1, "checked once");
    assert_eq!(
        tablet.result("field1", WRONG).await,
        "bad_password",
        "this is the second strike"
    );
    assert_eq!(tablet.result("field1", WRONG).await, "locked");
}

#[tokio::test]
async fn a_repeated_no_access_keeps_the_id_of_its_account() {
    let server = Server::start().await;
    let tablet = server.tablet();
    for login in ["inactive1", "nosuchuser"] {
        let attempt = uuid();
        let first = tablet.try_attempt(attempt, login, PASSWORD).await;
        let second = tablet.try_attempt(attempt, login, PASSWORD).await;
        assert_eq!(first.json(), second.json());
    }
}

#[tokio::test]
async fn an_attempt_that_was_answered_ok_is_not_answered_again() {
    let server = Server::start().await;
    let tablet = server.tablet();
    let attempt = uuid();
    assert_eq!(
        tablet.try_attempt(attempt, "field1", PASSWORD).await.json()["result"],
        "ok"
    );
    for password in [PASSWORD, WRONG] {
        tablet
            .try_attempt(attempt, "field1", password)
            .await
            .assert_error(409, "attempt_answered");
    }
    assert_eq!(server.app.derivations(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_attempt_sent_at_once_is_checked_and_counted_once() {
    let server = Server::on_disk().await;
    let attempt = uuid();
    let body = server.tablet().attempt(attempt, "field1", WRONG).to_string();
    let sent: Vec<_> = (0..8)
        .map(|_| {
            let (router, body) = (server.router.clone(), body.clone());
            tokio::spawn(async move { post_json(&router, "/api/sign-in", body).await })
        })
        .collect();
    let mut answered = 0;
    for answer in sent {
        let answer = answer.await.unwrap();
        if answer.status == 200 {
            assert_eq!(answer.json()["result"], "bad_password");
            answered += 1;
        } else {
            answer.assert_error(409, "attempt_in_progress");
        }
    }
    assert!(answered >= 1, "the one that was checked is answered");
    assert_eq!(server.app.derivations(), 1);
    assert_eq!(
        server
            .audited("field1")
            .await
            .iter()
            .filter(|action| *action == "sign_in_failed")
            .count(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_passwords_sent_at_once_are_counted_one_by_one() {
    let server = Server::on_disk().await;
    let sent: Vec<_> = (0..8)
        .map(|_| {
            let mut tablet = Tablet::new(server.router.clone());
            tokio::spawn(async move { tablet.result("field1", WRONG).await })
        })
        .collect();
    let mut results = Vec::new();
    for result in sent {
        results.push(result.await.unwrap());
    }
    assert_eq!(
        results.iter().filter(|result| *result == "bad_password").count(),
        2,
        "{results:?}"
    );
    assert_eq!(
        results.iter().filter(|result| *result == "locked").count(),
        6,
        "{results:?}"
    );
}

#[tokio::test]
async fn known_and_unknown_logins_cost_the_same_check() {
    let server = Server::start().await;
    for (login, password) in [
        ("field1", PASSWORD),
        ("field1", WRONG),
        ("nosuchuser", WRONG),
        ("inactive1", WRONG),
        ("", "x"),
    ] {
        let before = server.app.derivations();
        let tablet = server.tablet();
        let answer = tablet.try_attempt(uuid(), login, password).await;
        let expected = if login.is_empty() { 0 } else { 1 };
        assert_eq!(
            server.app.derivations() - before,
            expected,
            "{login:?}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn a_temp_password_expires_without_a_strike() {
    let server = Server::start().await;
    let temp = server.reset("field1").await;
    let mut tablet = server.tablet();
    server.clock.advance_ms(72 * HOUR - 1);
    assert_eq!(tablet.result("field1", &temp).await, "ok");
    server.clock.advance_ms(1);
    for password in [temp.as_str(), WRONG, WRONG, WRONG, temp.as_str()] {
        assert_eq!(tablet.result("field1", password).await, "locked");
    }
    let second = server.reset("field1").await;
    assert_eq!(
        tablet.result("field1", &temp).await,
        "bad_password",
        "the first temp password is gone"
    );
    assert_eq!(
        tablet.result("field1", WRONG).await,
        "bad_password",
        "so this is the second strike, not a later one"
    );
    assert_eq!(tablet.result("field1", &second).await, "ok");
}

#[tokio::test]
async fn how_long_a_temp_password_works_is_configured() {
    for (hours, works_after_a_year) in [(1, "locked"), (0, "ok")] {
        let server = Server::with(|config| config.temp_password_hours = hours).await;
        let temp = server.reset("field1").await;
        server.clock.advance_ms(365 * DAY);
        assert_eq!(
            server.tablet().result("field1", &temp).await,
            works_after_a_year,
            "{hours} hours"
        );
    }
}

#[tokio::test]
async fn the_epoch_grows_with_every_reset() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    for expected in 2..5 {
        let temp = server.reset("field1").await;
        assert_eq!(tablet.sign_in("field1", &temp).await["epoch"], expected);
    }
}

#[tokio::test]
async fn a_data_key_outlives_a_reset_and_belongs_to_one_user_on_one_tablet() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    let mut other_tablet = server.tablet();
    let before = tablet.sign_in("field1", PASSWORD).await["data_key"].clone();
    assert_eq!(tablet.sign_in("field1", PASSWORD).await["data_key"], before);
    assert_ne!(tablet.sign_in("field2", PASSWORD).await["data_key"], before);
    assert_ne!(other_tablet.sign_in("field1", PASSWORD).await["data_key"], before);

    let temp = server.reset("field1").await;
    assert_eq!(
        tablet.sign_in("field1", &temp).await["data_key"],
        before,
        "a forgotten password loses nothing"
    );
    server.deactivate("field1").await;
    server.reactivate("field1").await;
    let temp = server.reset("field1").await;
    assert_eq!(tablet.sign_in("field1", &temp).await["data_key"], before);
}

#[tokio::test]
async fn too_many_attempts_wait_without_a_strike() {
    let slow = |config: &mut Config| {
        config.limits = Limits {
            address: Rate {
                burst: 100.0,
                per_second: 1.0,
            },
            login: Rate {
                burst: 2.0,
                per_second: 0.5,
            },
        };
    };
    let server = Server::with(slow).await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", WRONG).await, "bad_password");
    assert_eq!(tablet.result("field1", WRONG).await, "bad_password");
    let checked = server.app.derivations();
    for _ in 0..10 {
        let answer = tablet.try_attempt(uuid(), "field1", WRONG).await;
        answer.assert_error(429, "too_many_attempts");
        let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..4).contains(&wait), "{wait}");
    }
    assert_eq!(server.app.derivations(), checked, "no password was looked at");
    server.clock.advance_ms(3_000);
    assert_eq!(
        tablet.result("field1", PASSWORD).await,
        "ok",
        "and nobody was locked"
    );
}

#[tokio::test]
async fn a_throttled_attempt_may_be_repeated_and_then_counts() {
    let server = Server::with(|config| {
        let rate = Rate {
            burst: 1.0,
            per_second: 1.0,
        };
        config.limits = Limits {
            address: rate,
            login: rate,
        };
    })
    .await;
    let tablet = server.tablet();
    assert_eq!(tablet.try_attempt(uuid(), "field1", PASSWORD).await.status, 200);
    let attempt = uuid();
    assert_eq!(tablet.try_attempt(attempt, "field1", PASSWORD).await.status, 429);
    server.clock.advance_ms(1_000);
    assert_eq!(
        tablet.try_attempt(attempt, "field1", PASSWORD).await.json()["result"],
        "ok"
    );
}
