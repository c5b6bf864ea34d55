//! The forced change of a temp password.

use crate::support::{Browser, HOUR, PASSWORD, Page, Server};

const NEW: &str = "a quiet river bend";

/// A browser with field1 signed in by a temp password, on the page that asks for a new one.
async fn before_the_change(server: &Server) -> (Browser, Page, String) {
    let temp = server.reset("field1").await;
    let mut browser = server.browser();
    let page = browser.sign_in("field1", &temp).await;
    let page = browser.follow(&page).await;
    assert_eq!(page.heading(), "Choose a new password");
    (browser, page, temp)
}

async fn choose(browser: &mut Browser, page: &Page, new: &str, again: &str) -> Page {
    browser
        .submit(
            page,
            "/main/password",
            &[("new_password", new), ("new_password_again", again)],
        )
        .await
}

#[tokio::test]
async fn nothing_else_is_shown_before_the_change() {
    let server = Server::start().await;
    let (mut browser, ..) = before_the_change(&server).await;
    for path in ["/main/", "/main/changed", "/main/helpdesk"] {
        let page = browser.get(path).await;
        assert_eq!(
            browser.follow(&page).await.heading(),
            "Choose a new password",
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_rules_are_said_beforehand_and_kept() {
    let server = Server::start().await;
    let (mut browser, mut page, temp) = before_the_change(&server).await;
    for said in [
        "at least 12 characters",
        "not the temp password",
        "not contain your username",
        "not a common password",
    ] {
        assert!(page.words().contains(said), "{said}: {}", page.words());
    }
    for (new, again, expected) in [
        ("", "", "Choose a password of at least 12 characters."),
        ("short", "short", "Choose a password of at least 12 characters."),
        (
            temp.as_str(),
            temp.as_str(),
            "Choose a password that is not the temp password.",
        ),
        (
            "my name is FIELD1",
            "my name is FIELD1",
            "Choose a password that does not contain your username.",
        ),
        (
            "password1234",
            "password1234",
            "Choose a password that is not common.",
        ),
        (PASSWORD, PASSWORD, "Choose a password that is not common."),
        (NEW, "a quiet river bent", "The two passwords are not the same."),
        (NEW, "", "The two passwords are not the same."),
    ] {
        page = choose(&mut browser, &page, new, again).await;
        assert_eq!(page.status(), 200);
        let alert = page.alert().unwrap();
        assert!(
            alert.contains("Your password has not been changed.") && alert.contains(expected),
            "{new}: {alert}"
        );
        assert!(page.html.contains("aria-invalid=\"true\""));
        assert!(!page.html.contains(NEW), "what was typed does not come back");
    }
    assert_eq!(
        server.tablet().result("field1", &temp).await,
        "ok",
        "nothing was changed"
    );
}

#[tokio::test]
async fn after_the_change_the_new_password_is_the_only_one() {
    let server = Server::start().await;
    let (mut browser, page, temp) = before_the_change(&server).await;
    let old_cookie = browser.cookies["main_session"].clone();
    let done = choose(&mut browser, &page, NEW, NEW).await;
    let done = browser.follow(&done).await;
    assert_eq!(done.heading(), "Your password has been changed");
    assert!(
        done.html.contains("href=\"/\">Back to Mobile Assessments</a>"),
        "{}",
        done.html
    );
    assert_eq!(browser.get("/main/").await.heading(), "Test Field One");
    assert_ne!(browser.cookies["main_session"], old_cookie, "a new session");

    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", &temp).await, "bad_password");
    assert_eq!(tablet.result("field1", PASSWORD).await, "bad_password");
    let reply = tablet.sign_in("field1", NEW).await;
    assert_eq!(reply["result"], "ok");
    assert_eq!(
        (reply["must_change"].as_bool(), reply["epoch"].as_u64()),
        (Some(false), Some(3))
    );
    server.clock.advance_ms(1_000 * HOUR);
    assert_eq!(tablet.result("field1", NEW).await, "ok", "it does not expire");
}

#[tokio::test]
async fn both_forms_of_an_accent_are_one_password() {
    let server = Server::start().await;
    let (mut browser, page, _) = before_the_change(&server).await;
    choose(
        &mut browser,
        &page,
        "un caf\u{e9} au jardin",
        "un caf\u{e9} au jardin",
    )
    .await;
    assert_eq!(
        server.tablet().result("field1", "un cafe\u{301} au jardin").await,
        "ok"
    );
}

#[tokio::test]
async fn long_passwords_work_up_to_their_limit() {
    let server = Server::start().await;
    let (mut browser, page, _) = before_the_change(&server).await;
    let longest = "0123456789abcdef".repeat(63) + "the last sixteen";
    assert_eq!(longest.len(), 1024);
    let too_long = choose(
        &mut browser,
        &page,
        &format!("{longest}!"),
        &format!("{longest}!"),
    )
    .await;
    assert!(too_long.alert().unwrap().contains("The longest has 1,024 bytes."));
    choose(&mut browser, &page, &longest, &longest).await;
    assert_eq!(server.tablet().result("field1", &longest).await, "ok");
}

#[tokio::test]
async fn a_change_that_comes_after_another_reset_changes_nothing() {
    let server = Server::start().await;
    let (mut browser, page, _) = before_the_change(&server).await;
    let second = server.reset("field1").await;
    let answer = choose(&mut browser, &page, NEW, NEW).await;
    assert_eq!(browser.follow(&answer).await.heading(), "Sign in");
    assert_eq!(server.tablet().result("field1", &second).await, "ok");
}

#[tokio::test]
async fn a_change_in_an_account_that_was_locked_meanwhile_is_refused() {
    let server = Server::start().await;
    let (mut browser, page, temp) = before_the_change(&server).await;
    for _ in 0..3 {
        server.tablet().sign_in("field1", "wrong").await;
    }
    let answer = choose(&mut browser, &page, NEW, NEW).await;
    assert!(
        answer
            .alert()
            .unwrap()
            .starts_with("You cannot log into the system at this time.")
    );
    for password in [NEW, temp.as_str()] {
        assert_eq!(server.tablet().result("field1", password).await, "locked");
    }
}

#[tokio::test]
async fn whoever_has_a_password_of_their_own_is_not_asked() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.enter("field1").await;
    let page = browser.get("/main/password").await;
    assert_eq!(browser.follow(&page).await.heading(), "Test Field One");
}
