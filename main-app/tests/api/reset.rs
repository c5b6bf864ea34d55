//! A reset at the helpdesk: through a request, after validation, with a temp password that is shown once.

use crate::support::{Clerk, DAY, PASSWORD, Server};

#[tokio::test]
async fn the_list_says_the_state_of_each_account_in_words() {
    let server = Server::start().await;
    for _ in 0..3 {
        server.tablet().sign_in("field1", "wrong").await;
    }
    server.tablet().sign_in("supervisor1", "wrong").await;
    server.reset("field2").await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.browser.get("/main/helpdesk/accounts").await;
    assert_eq!(page.heading(), "Accounts");
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
            .find(|row| row.contains(&format!(">{name}</a>")))
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
async fn a_reset_shows_a_temp_password_that_works() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.enters_for(&server, "field1").await;
    let page = clerk.presses(&page, "reached", &[]).await;
    let page = clerk
        .presses(&page, "answer", &[("answer", "  sample PET ")])
        .await;
    assert!(page.words().contains("Matches"), "{}", page.words());
    assert_eq!(
        server.tablet().result("field1", PASSWORD).await,
        "ok",
        "validating changes nothing"
    );
    let shown = clerk.presses(&page, "reset", &[]).await;
    assert_eq!(
        (shown.status(), shown.heading().as_str()),
        (200, "Temp password of Test Field One")
    );
    assert_eq!(shown.answer.header("cache-control"), Some("no-store"));
    for words in [
        "can be used to sign in for 72 hours",
        "username field1",
        "Case A",
        "Case B",
    ] {
        assert!(shown.words().contains(words), "{}", shown.words());
    }
    let temp = shown.temp_password();
    assert_eq!(temp.len(), 14, "{temp}");
    let spelled = shown.html.matches("<li><b>").count();
    assert_eq!(spelled, temp.len(), "each sign is spelled");

    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "bad_password");
    assert_eq!(tablet.sign_in("field1", &temp).await["must_change"], true);
    let queue = clerk.browser.get("/main/helpdesk").await.words();
    assert!(
        queue.contains("Nobody waits") && queue.contains("Done"),
        "{queue}"
    );
}

#[tokio::test]
async fn a_reload_shows_nothing_and_resets_nothing() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.enters_for(&server, "field1").await;
    let page = clerk.presses(&page, "reached", &[]).await;
    let page = clerk.presses(&page, "answer", &[("answer", "Sample Pet")]).await;
    let temp = clerk.presses(&page, "reset", &[]).await.temp_password();
    let again = clerk.presses(&page, "reset", &[]).await;
    assert_eq!(
        (again.status(), again.heading().as_str()),
        (409, "This reset has been carried out")
    );
    assert!(!again.html.contains(&temp));
    assert!(!clerk.looks_at(&page.number()).await.html.contains(&temp));
    assert_eq!(
        server.tablet().result("field1", &temp).await,
        "ok",
        "the one that was shown is the one that works"
    );
    let second = clerk.resets(&server, "field1").await;
    assert_ne!(second, temp);
    assert_eq!(server.tablet().result("field1", &temp).await, "bad_password");
}

#[tokio::test]
async fn what_comes_before_a_reset_cannot_be_left_out() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let mut page = clerk.enters_for(&server, "field1").await;
    for (act, why) in [
        ("reset", "Call the user first"),
        ("answer", "Call the user first"),
        ("ask-approval", "Validate first who the user is."),
        ("agree", "No second clerk is asked for."),
    ] {
        page = clerk.presses(&page, act, &[("answer", "Sample Pet")]).await;
        assert_eq!(page.status(), 409, "{act}");
        assert!(page.alert().unwrap().contains(why), "{act}: {:?}", page.alert());
    }
    page = clerk.presses(&page, "reached", &[]).await;
    page = clerk.presses(&page, "reset", &[]).await;
    assert_eq!(page.alert().unwrap(), "Validate first who the user is.");
    page = clerk.presses(&page, "answer", &[("answer", "")]).await;
    assert!(
        page.alert().unwrap().contains("Enter the answer"),
        "no try is taken"
    );
    assert!(!page.words().contains("Does not match"));
    assert_eq!(server.tablet().result("field1", PASSWORD).await, "ok");
}

#[tokio::test]
async fn three_answers_are_heard_for_a_request_and_no_more() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.enters_for(&server, "field1").await;
    let page = clerk.presses(&page, "reached", &[]).await;
    let page = clerk.presses(&page, "answer", &[("answer", "a cat")]).await;
    assert!(
        page.words().contains("Does not match. 2 tries are left."),
        "{}",
        page.words()
    );
    let page = clerk.presses(&page, "answer", &[("answer", "a dog")]).await;
    assert!(page.words().contains("One try is left"), "{}", page.words());
    let last = clerk.presses(&page, "answer", &[("answer", "a fish")]).await;
    for words in ["Returned", "Three answers did not match", "Write the e-mail"] {
        assert!(last.words().contains(words), "{words}: {}", last.words());
    }
    let path = format!("/main/helpdesk/requests/{}/answer", last.number());
    let (token, rev) = (last.hidden("/main/sign-out", "token"), "5");
    let fields = [("token", token.as_str()), ("rev", rev), ("answer", "Sample Pet")];
    assert_eq!(clerk.browser.post(&path, &fields).await.status(), 409);
    assert!(!last.html.contains("a cat") && !last.html.contains("a fish"));
}

#[tokio::test]
async fn two_vain_calls_return_the_request_with_its_e_mail() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.enters(&[]).await;
    let page = clerk.presses(&page, "not-reached", &[]).await;
    assert!(
        page.words().contains("First attempt Request 1"),
        "{}",
        page.words()
    );
    let stale = page;
    server.clock.advance_ms(2 * 60 * 60 * 1_000);
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let queue = clerk.browser.get("/main/helpdesk").await.words();
    assert!(queue.contains("Call 1 of 2 by you, 2 h 0 min ago"), "{queue}");
    let page = clerk.presses(&stale, "not-reached", &[]).await;
    for words in [
        "Returned",
        "Two calls reached nobody",
        "we called Test Field One at 555-555-0111 twice",
        "Please send a new request when Test Field One is available to be called.",
    ] {
        assert!(page.words().contains(words), "{words}: {}", page.words());
    }
    assert!(
        page.html
            .contains("href=\"mailto:sender@example.org?subject=Password%20reset%20for%20Test")
    );
    let twice = clerk.presses(&stale, "not-reached", &[]).await;
    assert!(
        twice
            .alert()
            .unwrap()
            .contains("has changed since the page was drawn"),
        "{:?}",
        twice.alert()
    );
}

#[tokio::test]
async fn a_press_on_a_page_of_before_counts_nothing() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.enters(&[]).await;
    clerk.presses(&page, "not-reached", &[]).await;
    let twice = clerk.presses(&page, "not-reached", &[]).await;
    assert_eq!(twice.status(), 409);
    assert!(
        twice.words().contains("First attempt"),
        "two presses are one call"
    );
}

#[tokio::test]
async fn closed_requests_are_forgotten_after_three_months() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.enters(&[]).await;
    let closed = clerk.presses(&page, "close", &[]).await;
    let open = clerk.enters(&[("phone", "555-555-0112")]).await;
    server.clock.advance_ms(91 * DAY);
    server.app.tidy().await.unwrap();
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    assert_eq!(clerk.looks_at(&closed.number()).await.status(), 404);
    assert_eq!(clerk.looks_at(&open.number()).await.status(), 200);
    let next = clerk.enters(&[]).await;
    assert_eq!(next.number(), "3", "a number is given once");
}
