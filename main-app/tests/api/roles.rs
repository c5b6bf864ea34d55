//! Who may do what at the helpdesk: clerks alone, two of them where it matters, nobody for themselves, and only from a page
//! of ours.

use crate::support::{Browser, Clerk, PASSWORD, Page, Server};

const NOBODY: &str = "00000000-0000-4000-8000-000000000001";

/// Every page of the console, and every form.
async fn addresses(server: &Server, request: &str) -> (Vec<String>, Vec<String>) {
    let user = server.user("field2").await;
    let request = format!("/main/helpdesk/requests/{request}");
    let account = format!("/main/helpdesk/accounts/{user}");
    let pages = [
        "/main/helpdesk".to_owned(),
        "/main/helpdesk/new".to_owned(),
        format!("/main/helpdesk/new?account={user}"),
        "/main/helpdesk/read".to_owned(),
        "/main/helpdesk/accounts".to_owned(),
        "/main/helpdesk/today".to_owned(),
        request.clone(),
        format!("{request}/answer"),
        format!("{request}/reset"),
        format!("{request}/reached"),
        account.clone(),
        format!("{account}/revoke-tablet?tablet=00000000"),
    ];
    let acts = [
        "choose",
        "reached",
        "not-reached",
        "ask-approval",
        "ask-identity",
        "agree",
        "decline",
        "close",
        "answer",
        "reset",
    ];
    let forms = acts
        .iter()
        .map(|act| format!("{request}/{act}"))
        .chain(["/main/helpdesk/new", "/main/helpdesk/read"].map(str::to_owned))
        .chain(["revoke-tablet", "allow-tablet"].map(|change| format!("{account}/{change}")))
        .collect();
    (pages.to_vec(), forms)
}

/// Fields that would do for any of the forms.
fn everything<'a>(token: &'a str, rev: &'a str, account: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("token", token),
        ("rev", rev),
        ("account", account),
        ("answer", "Sample Pet"),
        ("tablet", "00000000"),
        ("text", "Full name: A"),
        ("submission", NOBODY),
        ("full_name", "A"),
        ("agency", "B"),
        ("branch", ""),
        ("phone", "555-555-0111"),
        ("sender", ""),
    ]
}

#[tokio::test]
async fn the_console_is_the_helpdesks_alone() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let request = clerk.enters_for(&server, "field1").await;
    let (pages, forms) = addresses(&server, &request.number()).await;
    for login in ["field2", "supervisor1"] {
        let mut browser = server.browser();
        let home = browser.enter(login).await;
        for path in &pages {
            let page = browser.get(path).await;
            assert_eq!(
                (page.status(), page.heading().as_str()),
                (403, "No permission"),
                "{login} at {path}"
            );
            assert!(!page.html.contains("Test Field One"));
        }
        let token = home.hidden("/main/sign-out", "token");
        for path in &forms {
            let page = browser.post(path, &everything(&token, "1", "")).await;
            assert_eq!(page.status(), 403, "{login} at {path}");
        }
    }
    let mut stranger = server.browser();
    for path in pages.iter().chain(&forms) {
        let page = stranger.get(path).await;
        assert_eq!(
            page.answer.header("location"),
            Some("/main/?to=helpdesk"),
            "{path}"
        );
        let posted = stranger.post(path, &everything("", "1", "")).await;
        assert!(
            [303, 405].contains(&posted.status()),
            "{path}: {}",
            posted.status()
        );
    }
    let untouched = clerk.looks_at(&request.number()).await;
    assert_eq!(untouched.value("rev"), request.value("rev"));
}

#[tokio::test]
async fn a_form_from_elsewhere_or_without_its_token_does_nothing() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let request = clerk.enters_for(&server, "field1").await;
    let (_, forms) = addresses(&server, &request.number()).await;
    let token = request.hidden("/main/sign-out", "token");
    let rev = request.value("rev");
    let field1 = server.user("field1").await.to_string();
    let other = Clerk::signs_in(&server, "helpdesk2")
        .await
        .browser
        .get("/main/helpdesk")
        .await;
    let others = other.hidden("/main/sign-out", "token");
    for path in &forms {
        for token in ["", &others] {
            let page = clerk.browser.post(path, &everything(token, &rev, &field1)).await;
            assert_eq!(
                (page.status(), page.heading().as_str()),
                (403, "This page was out of date"),
                "{path}"
            );
        }
        for origin in [Some("http://evil.example"), Some("null"), None] {
            clerk.browser.origin = origin;
            let page = clerk.browser.post(path, &everything(&token, &rev, &field1)).await;
            assert_eq!(
                (page.status(), page.heading().as_str()),
                (403, "Refused"),
                "{path}"
            );
        }
        clerk.browser.origin = Some("http://localhost:8080");
    }
    let untouched = clerk.looks_at(&request.number()).await;
    assert_eq!(untouched.value("rev"), rev);
}

#[tokio::test]
async fn nobody_resets_their_own_account() {
    let server = Server::start().await;
    let own = server.user("helpdesk1").await.to_string();
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let prefilled = clerk
        .browser
        .get(&format!("/main/helpdesk/new?account={own}"))
        .await;
    assert_eq!(
        (prefilled.status(), prefilled.heading().as_str()),
        (403, "Not your own account")
    );
    let page = clerk.enters(&[("full_name", "Test Helpdesk One")]).await;
    assert!(!page.html.contains(&own), "it is not even suggested");
    let refused = clerk.presses(&page, "choose", &[("account", &own)]).await;
    assert_eq!(refused.heading(), "Not your own account");

    // Another clerk's request for the account: its owner does nothing about it.
    let mut other = Clerk::signs_in(&server, "helpdesk2").await;
    let page = other.presses(&page, "choose", &[("account", &own)]).await;
    assert_eq!(page.status(), 200);
    let mine = clerk.looks_at(&page.number()).await;
    assert!(
        mine.words().contains("about your own account"),
        "{}",
        mine.words()
    );
    let rev = page.value("rev");
    let token = mine.hidden("/main/sign-out", "token");
    for act in ["reached", "answer", "ask-identity", "agree", "reset", "close"] {
        let path = format!("/main/helpdesk/requests/{}/{act}", page.number());
        let refused = clerk.browser.post(&path, &everything(&token, &rev, "")).await;
        assert_eq!(refused.status(), 403, "{act}");
    }
    assert_eq!(server.tablet().result("helpdesk1", PASSWORD).await, "ok");
}

/// The user of that account is on the phone and has answered.
async fn answered(clerk: &mut Clerk, server: &Server, login: &str) -> Page {
    let page = clerk.enters_for(server, login).await;
    let page = clerk.presses(&page, "reached", &[]).await;
    clerk.presses(&page, "answer", &[("answer", "Sample Pet")]).await
}

#[tokio::test]
async fn an_account_with_power_needs_a_second_clerk() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let mut second = Clerk::signs_in(&server, "helpdesk2").await;
    let page = answered(&mut clerk, &server, "supervisor1").await;
    let refused = clerk.presses(&page, "reset", &[]).await;
    assert!(
        refused
            .alert()
            .unwrap()
            .contains("A second clerk has to agree first")
    );
    let page = clerk.presses(&page, "ask-approval", &[]).await;
    assert!(
        page.words().contains("You have asked for a second clerk"),
        "{}",
        page.words()
    );
    assert!(!page.html.contains("/agree\""), "never the first clerk");
    let refused = clerk.presses(&page, "agree", &[]).await;
    assert!(refused.alert().unwrap().contains("This needs two clerks"));
    assert!(
        !clerk
            .browser
            .get("/main/helpdesk")
            .await
            .words()
            .contains("A second clerk is asked for")
    );

    let queue = second.browser.get("/main/helpdesk").await.words();
    assert!(
        queue.contains("A second clerk is asked for Request 1 Test Supervisor One"),
        "{queue}"
    );
    let theirs = second.looks_at(&page.number()).await;
    assert!(
        theirs.words().contains("Test Helpdesk One asks you to agree"),
        "{}",
        theirs.words()
    );
    let declined = second.presses(&theirs, "decline", &[]).await;
    let page = clerk.looks_at(&declined.number()).await;
    assert!(
        page.words().contains("Declined by Test Helpdesk Two"),
        "{}",
        page.words()
    );
    let page = clerk.presses(&page, "ask-approval", &[]).await;
    let page = second.presses(&page, "agree", &[]).await;
    let refused = second.presses(&page, "reset", &[]).await;
    assert!(
        refused.alert().unwrap().contains("This needs two clerks"),
        "whoever agreed does not reset"
    );
    let temp = clerk.presses(&page, "reset", &[]).await.temp_password();
    assert_eq!(server.tablet().result("supervisor1", &temp).await, "ok");
}

#[tokio::test]
async fn who_cannot_answer_is_confirmed_by_a_second_clerk() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let mut second = Clerk::signs_in(&server, "helpdesk2").await;
    let page = clerk.enters_for(&server, "field1").await;
    let page = clerk.presses(&page, "ask-identity", &[]).await;
    let theirs = second.looks_at(&page.number()).await;
    for words in [
        "asks you to confirm who the user is",
        "at the number in the supervisor's account, not at one from the request",
    ] {
        assert!(theirs.words().contains(words), "{words}: {}", theirs.words());
    }
    second.presses(&theirs, "agree", &[]).await;
    let page = clerk.looks_at(&page.number()).await;
    let page = clerk.presses(&page, "reached", &[]).await;
    let temp = clerk.presses(&page, "reset", &[]).await.temp_password();
    assert_eq!(server.tablet().result("field1", &temp).await, "ok");
}

#[tokio::test]
async fn an_account_without_a_question_asks_for_a_second_clerk() {
    let server = Server::start().await;
    let mut supervisor = server.browser();
    supervisor.enter("supervisor1").await;
    let page = supervisor.get("/main/admin/new").await;
    let new = [
        ("login", "new1"),
        ("full_name", "Test New One"),
        ("branch", ""),
        ("phone", "555-555-0121"),
        ("access_from", ""),
        ("access_to", ""),
        ("staff", "on"),
    ];
    supervisor.submit(&page, "/main/admin/new", &new).await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.enters_for(&server, "new1").await;
    assert!(
        page.words().contains("This account has no security question."),
        "{}",
        page.words()
    );
    let page = clerk.presses(&page, "reached", &[]).await;
    let page = clerk.presses(&page, "answer", &[("answer", "anything")]).await;
    assert!(
        page.alert().unwrap().contains("no security question"),
        "and no try is taken"
    );
    let refused = clerk.presses(&page, "reset", &[]).await;
    assert_eq!(refused.alert().unwrap(), "Validate first who the user is.");
}

#[tokio::test]
async fn supervisors_see_their_own_agency_alone() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    clerk.resets(&server, "field1").await;
    let mut browser = server.browser();
    browser.enter("supervisor1").await;
    let list = browser.get("/main/admin").await.words();
    assert!(list.contains("Test Field One") && list.contains("Test Field Two"));
    for other in ["inactive1", "helpdesk1"] {
        assert!(!list.contains(other), "{list}");
        let user = server.user(other).await;
        for path in [
            "",
            "/edit",
            "/deactivate",
            "/reactivate",
            "/revoke-tablet?tablet=00000000",
        ] {
            let page = browser.get(&format!("/main/admin/accounts/{user}{path}")).await;
            assert_eq!(page.status(), 404, "{other}{path}");
            assert!(!page.html.contains("Test Inactive"));
        }
    }
    let user = server.user("field1").await;
    let own = browser.get(&format!("/main/admin/accounts/{user}")).await.words();
    assert!(own.contains("Password reset by Test Helpdesk One"), "{own}");
}

#[tokio::test]
async fn whoever_has_not_signed_in_is_led_there_and_back() {
    let server = Server::start().await;
    let mut browser: Browser = server.browser();
    let page = browser.get("/main/helpdesk").await;
    let page = browser.follow(&page).await;
    assert_eq!(page.heading(), "Sign in");
    let fields = [("login", "helpdesk1"), ("password", PASSWORD)];
    let page = browser.submit(&page, "/main/sign-in", &fields).await;
    assert_eq!(browser.follow(&page).await.heading(), "Helpdesk");
    let page = server.browser().get("/main/?to=https://evil.example/").await;
    assert!(!page.html.contains("evil"), "{}", page.html);
}

#[tokio::test]
async fn an_account_that_does_not_exist_is_not_found() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    for user in [NOBODY, "x", "..%2f"] {
        for path in [
            format!("/main/helpdesk/accounts/{user}"),
            format!("/main/helpdesk/new?account={user}"),
        ] {
            let page = clerk.browser.get(&path).await;
            assert_eq!(
                (page.status(), page.heading().as_str()),
                (404, "Page not found"),
                "{path}"
            );
        }
    }
}
