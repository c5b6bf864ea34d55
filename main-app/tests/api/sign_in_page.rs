//! `/main/`: signing in on the page, with the same rules and messages as on a tablet.

use main_app::{Limits, Rate};

use crate::support::{HOUR, PASSWORD, Server};

const S1: &str = "Username or Password is incorrect.";
const S2: &str = "You cannot log into the system at this time. Contact your system administrator.";
const S3: &str = "This application has encountered a critical error. Please contact the site administrator with full \
                  details of the task you are trying to carry out.";

#[tokio::test]
async fn the_page_asks_for_a_username_and_a_password() {
    let server = Server::start().await;
    let page = server.browser().get("/main/").await;
    assert_eq!((page.status(), page.heading().as_str()), (200, "Sign in"));
    for part in [
        "<html lang=\"en\">",
        "<title>Sign in · Main application</title>",
        "<label for=\"username\">Username</label>",
        "<label for=\"password\">Password</label>",
        "<button type=\"submit\">Sign in</button>",
        "href=\"mailto:helpdesk@example.org\"",
    ] {
        assert!(page.html.contains(part), "{part} in {}", page.html);
    }
    assert!(page.alert().is_none());
}

#[tokio::test]
async fn the_three_messages_stand_letter_for_letter() {
    let server = Server::start().await;
    let mut browser = server.browser();
    for expected in [S1, S1, S2] {
        assert_eq!(
            browser.sign_in("field1", "wrong").await.alert().unwrap(),
            expected
        );
    }
    assert_eq!(browser.sign_in("field1", PASSWORD).await.alert().unwrap(), S2);
    for login in ["nosuchuser", "inactive1"] {
        let page = browser.sign_in(login, PASSWORD).await;
        let alert = page.alert().unwrap();
        let below = alert.strip_prefix(S3).unwrap_or_else(|| panic!("{alert}"));
        assert!(
            below.contains("your agency must submit an Access Request"),
            "{below}"
        );
        assert!(page.html.contains("href=\"https://example.org/access-request\""));
    }
}

#[tokio::test]
async fn what_was_typed_as_username_stays_and_is_text() {
    let server = Server::start().await;
    let page = server
        .browser()
        .sign_in("\"><img src=x onerror=alert(1)>", "wrong")
        .await;
    assert!(!page.html.contains("<img"), "{}", page.html);
    assert!(page.html.contains("value=\"&#34;&#62;&#60;img"), "{}", page.html);
}

#[tokio::test]
async fn the_right_password_opens_home() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let home = browser.enter("field1").await;
    assert_eq!(home.heading(), "Test Field One");
    assert!(home.words().contains("Role Field staff"), "{}", home.words());
    assert!(
        home.html.contains("href=\"/\">Back to Mobile Assessments</a>"),
        "{}",
        home.html
    );
    assert!(
        !home.html.contains("/main/helpdesk"),
        "field staff have nothing to do there"
    );
    let clerks_home = server.browser().enter("helpdesk1").await;
    assert!(clerks_home.html.contains("href=\"/main/helpdesk\""));
}

#[tokio::test]
async fn an_empty_field_is_said_and_sends_no_attempt() {
    let server = Server::start().await;
    let mut browser = server.browser();
    for (login, password, expected) in [
        ("", PASSWORD, "Enter your username."),
        ("  ", PASSWORD, "Enter your username."),
        ("field1", "", "Enter your password."),
    ] {
        let page = browser.sign_in(login, password).await;
        assert!(page.words().contains(expected), "{}", page.words());
        assert!(page.html.contains("aria-invalid=\"true\""));
        assert!(page.html.contains("<title>Error: "));
    }
    assert_eq!(server.app.derivations(), 0);
}

#[tokio::test]
async fn a_page_that_is_sent_twice_is_one_attempt() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get("/main/").await;
    for _ in 0..4 {
        let fields = [("login", "field1"), ("password", "wrong")];
        let answer = browser.submit(&page, "/main/sign-in", &fields).await;
        assert_eq!(answer.alert().unwrap(), S1);
    }
    assert_eq!(server.app.derivations(), 1);
    let page = browser.get("/main/").await;
    let right = [("login", "field1"), ("password", PASSWORD)];
    let first = browser.submit(&page, "/main/sign-in", &right).await;
    assert_eq!(first.status(), 303);
    let again = browser.submit(&page, "/main/sign-in", &right).await;
    assert_eq!(browser.follow(&again).await.heading(), "Test Field One");
}

#[tokio::test]
async fn too_many_attempts_are_asked_to_wait() {
    let server = Server::with(|config| {
        let rate = Rate {
            burst: 1.0,
            per_second: 0.5,
        };
        config.limits = Limits {
            address: rate,
            login: rate,
        };
    })
    .await;
    let mut browser = server.browser();
    browser.sign_in("field1", "wrong").await;
    let page = browser.sign_in("field1", "wrong").await;
    assert_eq!(
        page.alert().unwrap(),
        "Too many attempts. Wait 2 seconds and try again."
    );
}

#[tokio::test]
async fn signing_out_ends_the_session_and_not_only_the_cookie() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let home = browser.enter("field1").await;
    let mut thief = browser.clone();
    let page = browser.submit(&home, "/main/sign-out", &[]).await;
    assert!(!browser.cookies.contains_key("main_session"));
    assert_eq!(browser.follow(&page).await.heading(), "Sign in");
    assert_eq!(thief.get("/main/").await.heading(), "Sign in");
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle_or_old() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.enter("field1").await;
    for _ in 0..23 {
        server.clock.advance_ms(HOUR / 2 - 1);
        assert_eq!(browser.get("/main/").await.heading(), "Test Field One");
    }
    server.clock.advance_ms(HOUR / 2);
    assert_eq!(
        browser.get("/main/").await.heading(),
        "Sign in",
        "half an hour without a visit"
    );

    browser.enter("field1").await;
    for _ in 0..25 {
        server.clock.advance_ms(HOUR / 2 - 1);
        browser.get("/main/").await;
    }
    assert_eq!(
        browser.get("/main/").await.heading(),
        "Sign in",
        "twelve hours, however busy"
    );
}

#[tokio::test]
async fn a_session_ends_with_a_reset_and_with_a_deactivation() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.enter("field1").await;
    server.reset("field1").await;
    assert_eq!(browser.get("/main/").await.heading(), "Sign in");

    let mut browser = server.browser();
    browser.enter("field2").await;
    server.deactivate("field2").await;
    assert_eq!(browser.get("/main/").await.heading(), "Sign in");
    server.reactivate("field2").await;
    assert_eq!(
        browser.get("/main/").await.heading(),
        "Sign in",
        "an ended session stays ended"
    );
}

#[tokio::test]
async fn signing_in_gives_a_cookie_that_nobody_knew_before() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let planted = "A".repeat(43);
    browser.cookies.insert("main_session".into(), planted.clone());
    browser.enter("field1").await;
    assert_ne!(browser.cookies["main_session"], planted);
    let mut attacker = server.browser();
    attacker.cookies.insert("main_session".into(), planted);
    assert_eq!(attacker.get("/main/").await.heading(), "Sign in");
}
