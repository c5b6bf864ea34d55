//! `/main/account`: one's own data, password and security question.

use main_app::admin::{self, Answered};

use crate::support::{PASSWORD, Server};

const NEW: &str = "a quiet river bend";

fn fields<'a>(current: &'a str, new: &'a str, again: &'a str) -> [(&'a str, &'a str); 3] {
    [
        ("current_password", current),
        ("new_password", new),
        ("new_password_again", again),
    ]
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_present_one() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.enter("field1").await;
    let path = "/main/account/password";
    for (sent, expected) in [
        (fields(PASSWORD, "short", "short"), "at least 12 characters"),
        (fields(PASSWORD, NEW, "another river bend"), "not the same"),
        (
            fields("a quiet river bend!", NEW, NEW),
            "This is not your present password",
        ),
        (fields("", NEW, NEW), "Enter your present password."),
    ] {
        let page = browser.get(path).await;
        let page = browser.submit(&page, path, &sent).await;
        assert!(
            page.alert().unwrap().contains(expected),
            "{expected}: {:?}",
            page.alert()
        );
    }
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let page = browser.get(path).await;
    let page = browser.submit(&page, path, &fields(PASSWORD, NEW, NEW)).await;
    assert_eq!(
        browser.follow(&page).await.heading(),
        "Your password has been changed"
    );
    assert_eq!(tablet.sync(None, &[]).await["result"], "epoch_changed");
    assert_eq!(tablet.result("field1", NEW).await, "ok");
    assert_eq!(
        browser.get("/main/account").await.status(),
        200,
        "who changed it stays signed in"
    );
}

#[tokio::test]
async fn a_wrong_present_password_is_a_strike_as_anywhere() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.enter("field1").await;
    let path = "/main/account/password";
    let page = browser.get(path).await;
    browser.submit(&page, path, &fields("wrong", NEW, NEW)).await;
    browser.submit(&page, path, &fields("wrong", NEW, NEW)).await;
    assert_eq!(
        server.tablet().result("field1", "wrong").await,
        "bad_password",
        "one page, one strike"
    );
    assert_eq!(server.tablet().result("field1", "wrong").await, "locked");
    let page = browser.get(path).await;
    let page = browser.submit(&page, path, &fields(PASSWORD, NEW, NEW)).await;
    assert!(
        page.alert()
            .unwrap()
            .contains("Contact your system administrator")
    );
}

#[tokio::test]
async fn the_security_answer_fits_as_it_is_said_and_is_kept_as_a_hash() {
    let server = Server::on_disk().await;
    let mut browser = server.browser();
    browser.enter("field1").await;
    let user = server.user("field1").await;
    let check = async |answer| admin::check_answer(&server.app, user, answer).await.unwrap();
    assert_eq!(check(main_app::SAMPLE_ANSWER).await, Answered::Right);
    let path = "/main/account/security";
    let page = browser.get(path).await;
    let sent = [
        ("question", "Which  sample street?"),
        ("answer", " Dummy   Stra\u{df}e "),
        ("current_password", PASSWORD),
    ];
    let page = browser.submit(&page, path, &sent).await;
    assert!(
        browser
            .follow(&page)
            .await
            .words()
            .contains("Which sample street?")
    );
    assert_eq!(check("DUMMY STRASSE").await, Answered::Right);
    assert_eq!(check(main_app::SAMPLE_ANSWER).await, Answered::Wrong);
    assert_eq!(check("").await, Answered::Wrong);
    use sqlx::Row as _;
    for row in server.rows("SELECT security_answer FROM accounts").await {
        assert!(row.get::<String, _>("security_answer").starts_with("$argon2id$"));
    }
    let page = browser.get(path).await;
    let wrong = [("question", "Q?"), ("answer", "a"), ("current_password", "wrong")];
    let page = browser.submit(&page, path, &wrong).await;
    assert!(page.alert().unwrap().contains("present password"));
    assert_eq!(check("a").await, Answered::Wrong, "nothing was changed");
}

#[tokio::test]
async fn the_last_sign_ins_are_kept_and_shown() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    for _ in 0..25 {
        assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
        server.clock.advance_ms(60_000);
    }
    let mut browser = server.browser();
    browser.enter("field1").await;
    let page = browser.get("/main/account").await;
    let mark = &tablet.id.to_string()[..8];
    assert_eq!(page.html.matches(&format!("on the tablet {mark}")).count(), 19);
    assert_eq!(page.html.matches("to the main application</li>").count(), 1);
    assert!(
        !page.html.contains(&tablet.id.to_string()),
        "a tablet's id is never shown whole"
    );
}
