//! A lost tablet: revoked, it is told nothing that looks like a locked account; found, it goes on with new keys.

use main_app::admin::{self, TabletChange};

use crate::support::{PASSWORD, Server, Tablet, uuid};

async fn change(server: &Server, tablet: &Tablet, revoke: bool) -> TabletChange {
    let user = server.user("field1").await;
    let mark = &tablet.id.to_string()[..8];
    if revoke {
        admin::revoke(&server.app, None, user, mark).await.unwrap()
    } else {
        admin::allow(&server.app, None, user, mark).await.unwrap()
    }
}

#[tokio::test]
async fn a_revoked_tablet_has_no_session_gets_no_key_and_counts_no_strike() {
    let server = Server::start().await;
    let mut lost = server.tablet();
    assert_eq!(lost.result("field2", PASSWORD).await, "ok");
    assert_eq!(lost.result("field1", PASSWORD).await, "ok");
    let mut other = server.tablet();
    assert_eq!(other.result("field1", PASSWORD).await, "ok");
    assert_eq!(change(&server, &lost, true).await, TabletChange::Done);
    assert_eq!(change(&server, &lost, true).await, TabletChange::Already);

    assert_eq!(lost.sync(None, &[]).await["result"], "sign_in_again");
    let checked = server.app.derivations();
    for login in ["field1", "field2", "nosuchuser"] {
        for password in [PASSWORD, "wrong", "wrong", "wrong"] {
            let answer = lost.try_attempt(uuid(), login, password).await;
            answer.assert_error(403, "tablet_revoked");
        }
    }
    assert_eq!(server.app.derivations(), checked, "no password was looked at");
    assert_eq!(
        other.sync(None, &[]).await["result"],
        "ok",
        "the user's other tablet goes on"
    );
    assert_eq!(
        other.result("field1", PASSWORD).await,
        "ok",
        "and no strike was counted"
    );
}

#[tokio::test]
async fn a_tablet_that_is_found_gets_new_keys_and_what_waited_there_is_taken() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let client = tablet.clients().await[0];
    let waiting = tablet.draft(client);
    let before = tablet.data_key(tablet.user);
    change(&server, &tablet, true).await;
    assert_eq!(change(&server, &tablet, false).await, TabletChange::Done);
    assert_eq!(
        tablet.sync(None, &[]).await["result"],
        "sign_in_again",
        "an ended session stays ended"
    );
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    assert_ne!(
        tablet.data_key(tablet.user).0,
        before.0,
        "a revoked key is handed out no more"
    );
    let reply = tablet.sync(None, &[&waiting]).await;
    assert_eq!(reply["receipts"][0]["receipt"], "stored", "{reply}");
    assert_eq!(
        change(&server, &server.tablet(), true).await,
        TabletChange::NoTablet
    );
}

#[tokio::test]
async fn a_supervisor_revokes_it_from_the_account_page() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let mut browser = server.browser();
    browser.enter("supervisor1").await;
    let (user, mark) = (server.user("field1").await, &tablet.id.to_string()[..8]);
    let account = format!("/main/admin/accounts/{user}");
    let page = browser
        .get(&format!("{account}/revoke-tablet?tablet={mark}"))
        .await;
    assert_eq!(page.heading(), format!("Revoke the tablet {mark}?"));
    let page = browser
        .submit(&page, &format!("{account}/revoke-tablet"), &[])
        .await;
    let page = browser.follow(&page).await;
    assert!(
        page.words()
            .contains(&format!("Tablet {mark} revoked by Test Supervisor One")),
        "{}",
        page.words()
    );
    assert!(!page.html.contains(&tablet.id.to_string()));
    tablet
        .try_attempt(uuid(), "field1", PASSWORD)
        .await
        .assert_error(403, "tablet_revoked");
    let none = browser
        .get(&format!("{account}/revoke-tablet?tablet=00000000"))
        .await;
    assert_eq!(none.status(), 404);
}

#[tokio::test]
async fn the_helpdesk_revokes_it_and_allows_it_again() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let mut clerk = server.browser();
    clerk.enter("helpdesk1").await;
    let (user, mark) = (server.user("field1").await, &tablet.id.to_string()[..8]);
    for (change, answer) in [("revoke-tablet", 403), ("allow-tablet", 200)] {
        let path = format!("/main/helpdesk/accounts/{user}/{change}");
        let page = clerk.get(&format!("{path}?tablet={mark}")).await;
        let page = clerk.submit(&page, &path, &[]).await;
        assert!(clerk.follow(&page).await.words().contains(mark));
        let answered = tablet.try_attempt(uuid(), "field1", PASSWORD).await;
        assert_eq!(answered.status, answer, "{change}");
    }
}
