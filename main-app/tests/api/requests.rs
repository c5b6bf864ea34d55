//! Requests for a reset, as they come in: pasted, by hand, and which account each is about.

use crate::support::{Clerk, PASSWORD, Page, Server};
use protocol::reset_mail::ResetMail;

fn mail() -> ResetMail {
    ResetMail {
        full_name: "Test Field One".into(),
        agency: "Exampletown Home Care".into(),
        branch: "North branch".into(),
        phone: "(555) 555-0111".into(),
        for_someone_else: false,
    }
}

async fn paste(clerk: &mut Clerk, text: &str) -> Page {
    let page = clerk.browser.get("/main/helpdesk/new").await;
    clerk
        .browser
        .submit(&page, "/main/helpdesk/read", &[("text", text)])
        .await
}

async fn save(clerk: &mut Clerk, page: &Page) -> Page {
    let fields = ["full_name", "agency", "branch", "phone", "sender"].map(|name| (name, page.value(name)));
    let mut all: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    if page.html.contains("name=\"someone_else\" checked") {
        all.push(("someone_else", "on"));
    }
    let saved = clerk.browser.submit(page, "/main/helpdesk/new", &all).await;
    match saved.status() {
        303 => clerk.browser.follow(&saved).await,
        _ => saved,
    }
}

#[tokio::test]
async fn the_e_mail_that_the_app_writes_is_recognised() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let quoted = mail().text().replace('\n', "\r\n> ");
    let text =
        format!("From: Test Field One <field1@example.org>\r\nTo: helpdesk@example.org\r\n\r\n> {quoted}");
    let read = paste(&mut clerk, &text).await;
    assert_eq!(read.status(), 200);
    assert_eq!(read.alert(), None);
    for (name, value) in [
        ("full_name", "Test Field One"),
        ("agency", "Exampletown Home Care"),
        ("branch", "North branch"),
        ("phone", "(555) 555-0111"),
        ("sender", "field1@example.org"),
    ] {
        assert_eq!(read.value(name), value, "{name}");
    }
    let page = save(&mut clerk, &read).await;
    assert_eq!(page.heading(), "Test Field One");
    for words in [
        "New Request 1",
        "Exampletown Home Care, North branch",
        "Call (555) 555-0111",
    ] {
        assert!(page.words().contains(words), "{words}: {}", page.words());
    }
    assert!(page.html.contains("href=\"tel:5555550111\""));
}

#[tokio::test]
async fn what_an_e_mail_does_not_say_is_marked_and_can_be_asked_for() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = paste(
        &mut clerk,
        "From: somebody@example.org\n\nI forgot my password!\nName: Test Field One",
    )
    .await;
    let alert = page.alert().unwrap();
    for words in [
        "The e-mail does not say everything.",
        "Enter the name of the agency.",
        "Enter the number at which the user is called.",
    ] {
        assert!(alert.contains(words), "{alert}");
    }
    assert!(page.html.contains("href=\"mailto:somebody@example.org?subject="));
    assert!(
        page.words().contains("I forgot my password!"),
        "the e-mail stays to be read"
    );
    let refused = save(&mut clerk, &page).await;
    assert_eq!(refused.status(), 422);
    assert_eq!(
        refused.value("full_name"),
        "Test Field One",
        "what was read is not lost"
    );
    assert!(
        clerk
            .browser
            .get("/main/helpdesk")
            .await
            .words()
            .contains("Nobody waits")
    );
}

#[tokio::test]
async fn somebody_else_needs_the_users_own_number() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let for_another = ResetMail {
        for_someone_else: true,
        ..mail()
    };
    let text = for_another.text();
    let whole = paste(&mut clerk, &text).await;
    assert_eq!(
        (whole.alert(), whole.value("phone")),
        (None, "(555) 555-0111".into())
    );
    let page = save(&mut clerk, &whole).await;
    assert!(
        page.words().contains("Somebody else asked for the user"),
        "{}",
        page.words()
    );
    // The number is not called the user's own: it may be the sender's.
    let senders = text.replace("The user's own phone with area code", "Phone with area code");
    let page = paste(&mut clerk, &senders).await;
    assert_eq!(page.value("phone"), "");
    assert!(
        page.alert().unwrap().contains("the user's own phone number")
            || page.alert().unwrap().contains("user&#39;s own phone number"),
        "{:?}",
        page.alert()
    );
}

#[tokio::test]
async fn the_queue_is_in_the_order_received_with_age_and_state() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    for name in ["Test Field Two", "Test Field One", "Test Inactive One"] {
        clerk.enters(&[("full_name", name)]).await;
        server.clock.advance_ms(65 * 60_000);
        clerk = Clerk::signs_in(&server, "helpdesk1").await;
    }
    let second = clerk.looks_at("2").await;
    clerk.presses(&second, "reached", &[]).await;
    let queue = clerk.browser.get("/main/helpdesk").await;
    let words = queue.words();
    assert!(words.contains("3 waiting, in the order received"), "{words}");
    let at = |text: &str| words.find(text).unwrap_or_else(|| panic!("{text} in {words}"));
    let lines = [
        "Request 1 Test Field Two Exampletown Home Care, North branch 555-555-0111 3 h 15 min ago New",
        "Request 2 Test Field One Exampletown Home Care, North branch 555-555-0111 2 h 10 min ago Reached you, under 1 min ago",
        "Request 3 Test Inactive One Exampletown Home Care, North branch 555-555-0111 1 h 5 min ago New",
    ];
    assert!(at(lines[0]) < at(lines[1]) && at(lines[1]) < at(lines[2]));
    assert!(
        at("in the order received") < at(lines[0]),
        "resets stand before all else"
    );
}

#[tokio::test]
async fn the_account_is_suggested_and_chosen_by_the_clerk() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.enters(&[("full_name", "Field One Tset")]).await;
    let field1 = server.user("field1").await.to_string();
    let suggestion = format!("value=\"{field1}\"");
    assert!(page.html.contains(&suggestion), "{}", page.words());
    let none = clerk.presses(&page, "choose", &[]).await;
    assert_eq!(none.alert().unwrap(), "Choose an account first.");
    let page = clerk.presses(&page, "choose", &[("account", &field1)]).await;
    assert!(
        page.words().contains("Test Field One · field1 · Field staff"),
        "{}",
        page.words()
    );

    let path = format!(
        "/main/helpdesk/requests/{}?search=placeholder+nurses",
        page.number()
    );
    let found = clerk.browser.get(&path).await;
    let inactive = server.user("inactive1").await.to_string();
    assert!(
        found.html.contains(&format!("value=\"{inactive}\"")),
        "{}",
        found.words()
    );
    let page = clerk.presses(&found, "choose", &[("account", &inactive)]).await;
    assert!(page.words().contains("No active access"), "{}", page.words());
    let nobody = "00000000-0000-4000-8000-000000000001";
    for (account, status) in [(nobody, 409), ("x", 404)] {
        let page = clerk.presses(&page, "choose", &[("account", account)]).await;
        assert_eq!(page.status(), status, "{account}");
    }
}

#[tokio::test]
async fn a_number_that_differs_from_the_accounts_is_flagged() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let field1 = server.user("field1").await.to_string();
    let flag = "The number differs from the account's";
    for (phone, is_flagged) in [("+1 (555) 555-0111", false), ("555-555-0199", true)] {
        let page = clerk.enters(&[("phone", phone)]).await;
        assert!(!page.html.contains("differs from"), "nothing to compare with yet");
        let page = clerk.presses(&page, "choose", &[("account", &field1)]).await;
        assert_eq!(
            page.words().contains(flag),
            is_flagged,
            "{phone}: {}",
            page.words()
        );
    }
}

#[tokio::test]
async fn a_user_who_waits_twice_is_noticed() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let first = clerk.enters(&[]).await;
    assert!(!first.words().contains("waiting twice"));
    let second = clerk.enters(&[("full_name", "test field ONE")]).await;
    assert!(
        second.words().contains("waiting twice: request 1"),
        "{}",
        second.words()
    );
    clerk.presses(&second, "close", &[]).await;
    assert!(!clerk.looks_at("1").await.words().contains("waiting twice"));
}

#[tokio::test]
async fn a_form_sent_twice_enters_one_request() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = paste(&mut clerk, &mail().text()).await;
    save(&mut clerk, &page).await;
    let again = save(&mut clerk, &page).await;
    assert_eq!(again.heading(), "Helpdesk");
    assert!(again.words().contains("1 waiting"), "{}", again.words());
}

#[tokio::test]
async fn bad_input_is_answered_with_what_to_do() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let page = clerk.browser.get("/main/helpdesk/new").await;
    let long = "x".repeat(201);
    for (fields, expected) in [
        (
            [("full_name", "A"), ("phone", "010-0199"), ("sender", "")],
            "Add the area code",
        ),
        (
            [
                ("full_name", "A"),
                ("phone", "5550100199555010019"),
                ("sender", ""),
            ],
            "too many digits",
        ),
        (
            [
                ("full_name", "A"),
                ("phone", "555-555-0111"),
                ("sender", "nobody"),
            ],
            "Enter an e-mail address",
        ),
        (
            [
                ("full_name", long.as_str()),
                ("phone", "555-555-0111"),
                ("sender", ""),
            ],
            "at most 200 characters",
        ),
    ] {
        let all = [&[("agency", "B"), ("branch", "")][..], &fields].concat();
        let refused = clerk.browser.submit(&page, "/main/helpdesk/new", &all).await;
        assert_eq!(refused.status(), 422);
        assert!(
            refused.alert().unwrap().contains(expected),
            "{:?}",
            refused.alert()
        );
    }
    let large = paste(&mut clerk, &"Full name: <b>A</b> ".repeat(10_000)).await;
    assert_eq!(large.status(), 200);
    assert!(!large.html.contains("<b>A</b>"));
    for path in [
        "/main/helpdesk/requests/1",
        "/main/helpdesk/requests/x",
        "/main/helpdesk/requests/99999999999999999999",
    ] {
        assert_eq!(clerk.browser.get(path).await.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn today_counts_and_times_the_days_requests() {
    let server = Server::start().await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let first = clerk.enters_for(&server, "field1").await;
    let second = clerk.enters(&[]).await;
    clerk.enters(&[]).await;
    clerk.presses(&second, "close", &[]).await;
    server.clock.advance_ms(20 * 60_000);
    let page = clerk.presses(&first, "reached", &[]).await;
    let page = clerk.presses(&page, "answer", &[("answer", "Sample Pet")]).await;
    clerk.presses(&page, "reset", &[]).await;
    let today = clerk.browser.get("/main/helpdesk/today").await;
    assert_eq!(today.heading(), "Today, 23 Nov");
    let words = today.words();
    for figures in [
        "Received 3 Done 1 Returned 1 Waiting now 1 Median time to reset 20 min",
        "23 Nov 3 1 1 20 min",
        "The table below has the figures.",
    ] {
        assert!(words.contains(figures), "{figures}: {words}");
    }
    assert!(
        !today.html.contains("style="),
        "the policy of these pages allows no style in them"
    );
}

#[tokio::test]
async fn an_accounts_page_says_how_it_stands_with_tablets_and_history() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    tablet.sign_in("field1", PASSWORD).await;
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let path = format!("/main/helpdesk/accounts/{}", server.user("field1").await);
    let words = clerk.browser.get(&path).await.words();
    let mark = tablet.id.to_string()[..8].to_owned();
    for said in [
        "State Active",
        "Last sign-in 23 Nov 2026, 14:02 UTC",
        &format!("{mark} Last heard of 23 Nov 2026, 14:02 UTC · it has not reported yet"),
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let client = tablet.clients().await[0];
    tablet.sync(None, &[&tablet.draft(client)]).await;
    for _ in 0..3 {
        tablet.sign_in("field1", "wrong").await;
    }
    let words = clerk.browser.get(&path).await.words();
    for said in [
        "State Locked since 23 Nov 2026, 14:02 UTC",
        "nothing waiting, as reported 23 Nov 2026, 14:02 UTC · app ",
        "Locked after three wrong passwords, the last on a tablet",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    clerk.resets(&server, "field1").await;
    let words = clerk.browser.get(&path).await.words();
    for said in [
        "Temp password, not changed yet; works until 26 Nov 2026, 14:02 UTC",
        "Request 1: Password reset by Test Helpdesk One",
        "Request 1: The answer matches; checked by Test Helpdesk One",
        "Requests Request 1 Test Field One",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let own = format!("/main/helpdesk/accounts/{}", server.user("helpdesk1").await);
    let own = clerk.browser.get(&own).await;
    assert!(own.words().contains("another clerk resets its password") && !own.html.contains("new?account="));
}
