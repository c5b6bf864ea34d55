//! `/main/helpdesk`: the accounts, and a reset that shows its temp password once.

use crate::support::{Browser, PASSWORD, Page, Server};

async fn confirming_page(server: &Server, browser: &mut Browser, login: &str) -> (Page, String) {
    let path = format!("/main/helpdesk/accounts/{}/reset", server.user(login).await);
    let page = browser.get(&path).await;
    (page, path)
}

fn temp_password(page: &Page) -> String {
    let (_, rest) = page
        .html
        .split_once("id=\"temp-password\">")
        .unwrap_or_else(|| panic!("{}", page.html));
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_list_says_the_state_of_each_account_in_words() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.tablet().sign_in("field1", "wrong").await;
    }
    server.tablet().sign_in("supervisor1", "wrong").await;
    server.reset("field2").await;
    let mut browser = server.browser();
    browser.enter("helpdesk1").await;
    let page = browser.get("/main/helpdesk").await;
    assert_eq!(page.heading(), "Helpdesk");
    for (name, state) in [
        ("Test Field One", "Locked since 23 Nov 2026, 14:02 UTC"),
        (
            "Test Field Two",
            "Temp password, not changed yet; works until 26 Nov 2026, 14:02 UTC",
        ),
        ("Test Helpdesk One", "Active"),
        (
            "Test Inactive One",
            "No active access since 23 Nov 2026, 14:02 UTC",
        ),
        (
            "Test Supervisor One",
            "Active; 1 wrong password since the last sign-in",
        ),
    ] {
        let row = page
            .html
            .split("<tr>")
            .find(|row| row.contains(&format!("<th scope=\"row\">{name}<")))
            .unwrap();
        assert!(row.contains(state), "{name}: {row}");
        assert_eq!(
            row.contains("Reset password"),
            name != "Test Helpdesk One",
            "{row}"
        );
    }
}

#[tokio::test]
async fn a_reset_is_confirmed_and_shows_a_temp_password_that_works() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.enter("helpdesk1").await;
    let (page, path) = confirming_page(&server, &mut browser, "field1").await;
    assert_eq!(page.heading(), "Reset the password of Test Field One?");
    assert_eq!(
        server.tablet().result("field1", PASSWORD).await,
        "ok",
        "looking changes nothing"
    );

    let shown = browser.submit(&page, &path, &[]).await;
    assert_eq!(
        (shown.status(), shown.heading().as_str()),
        (200, "Temp password of Test Field One")
    );
    assert_eq!(shown.answer.header("cache-control"), Some("no-store"));
    assert!(
        shown.words().contains("can be used to sign in for 72 hours"),
        "{}",
        shown.words()
    );
    let temp = temp_password(&shown);
    assert_eq!(temp.len(), 14, "{temp}");
    assert!(!path.contains(&temp));
    let spelled = shown.html.matches("<li><b>").count();
    assert_eq!(spelled, temp.len(), "each sign is spelled");

    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "bad_password");
    assert_eq!(tablet.sign_in("field1", &temp).await["must_change"], true);
}

#[tokio::test]
async fn a_reload_shows_nothing_and_resets_nothing() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.enter("helpdesk1").await;
    let (page, path) = confirming_page(&server, &mut browser, "field1").await;
    let temp = temp_password(&browser.submit(&page, &path, &[]).await);
    let again = browser.submit(&page, &path, &[]).await;
    assert_eq!(
        (again.status(), again.heading().as_str()),
        (409, "This reset has been carried out")
    );
    assert!(!again.html.contains(&temp));
    assert!(!browser.get(&path).await.html.contains(&temp));
    assert_eq!(
        server.tablet().result("field1", &temp).await,
        "ok",
        "the one that was shown is the one that works"
    );

    let (page, path) = confirming_page(&server, &mut browser, "field1").await;
    let second = temp_password(&browser.submit(&page, &path, &[]).await);
    assert_ne!(second, temp);
    assert_eq!(server.tablet().result("field1", &temp).await, "bad_password");
}

#[tokio::test]
async fn nobody_resets_their_own_account() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let home = browser.enter("helpdesk1").await;
    let (page, path) = confirming_page(&server, &mut browser, "helpdesk1").await;
    assert_eq!(
        (page.status(), page.heading().as_str()),
        (403, "Not your own account")
    );
    let token = home.hidden("/main/sign-out", "token");
    let fields = [
        ("token", token.as_str()),
        ("submission", "00000000-0000-4000-8000-000000000001"),
    ];
    assert_eq!(browser.post(&path, &fields).await.status(), 403);
    assert_eq!(server.tablet().result("helpdesk1", PASSWORD).await, "ok");
}

#[tokio::test]
async fn only_the_helpdesk_resets() {
    let server = Server::start().await;
    let path = format!("/main/helpdesk/accounts/{}/reset", server.user("field1").await);
    for login in ["field2", "supervisor1"] {
        let mut browser = server.browser();
        let home = browser.enter(login).await;
        for path in ["/main/helpdesk", path.as_str()] {
            let page = browser.get(path).await;
            assert_eq!(
                (page.status(), page.heading().as_str()),
                (403, "No permission"),
                "{login} at {path}"
            );
            assert!(!page.html.contains("Test Field One"));
        }
        let token = home.hidden("/main/sign-out", "token");
        let fields = [
            ("token", token.as_str()),
            ("submission", "00000000-0000-4000-8000-000000000001"),
        ];
        assert_eq!(browser.post(&path, &fields).await.status(), 403, "{login}");
    }
    assert_eq!(server.tablet().result("field1", PASSWORD).await, "ok");
}

#[tokio::test]
async fn whoever_has_not_signed_in_is_led_there_and_back() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get("/main/helpdesk").await;
    let page = browser.follow(&page).await;
    assert_eq!(page.heading(), "Sign in");
    let fields = [("login", "helpdesk1"), ("password", PASSWORD)];
    let page = browser.submit(&page, "/main/sign-in", &fields).await;
    assert_eq!(browser.follow(&page).await.heading(), "Helpdesk");

    let mut browser = server.browser();
    let page = browser.get("/main/?to=https://evil.example/").await;
    assert!(!page.html.contains("evil"), "{}", page.html);
    let stranger = server
        .browser()
        .post("/main/helpdesk/accounts/x/reset", &[])
        .await;
    assert_eq!(stranger.status(), 303);
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_not_found() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.enter("helpdesk1").await;
    for user in ["00000000-0000-4000-8000-000000000001", "x", "..%2f"] {
        let page = browser
            .get(&format!("/main/helpdesk/accounts/{user}/reset"))
            .await;
        assert_eq!(
            (page.status(), page.heading().as_str()),
            (404, "Page not found"),
            "{user}"
        );
    }
}
