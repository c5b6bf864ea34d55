//! A tablet whose storage the browser has emptied: it is remembered by its cookie, the loss is kept for the helpdesk, and
//! it is told once however often it is reported.

use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use sqlx::Row as _;
use uuid::Uuid;

use crate::support::{Answer, DAY, PASSWORD, START, Server, Tablet, send, uuid};

/// Signs in with what a browser sends along.
async fn sign_in(
    server: &Server,
    tablet: &Tablet,
    cookie: Option<Uuid>,
    evicted: Option<i64>,
    origin: &str,
) -> Answer {
    let mut body = tablet.attempt(uuid(), "field1", PASSWORD);
    if let Some(evicted) = evicted {
        body["evicted"] = evicted.into();
    }
    let mut request = Request::post("/api/sign-in")
        .header(header::HOST, "localhost:8080")
        .header(header::ORIGIN, origin)
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, format!("tablet={cookie}"));
    }
    send(
        &server.router,
        request.body(Body::from(body.to_string())).unwrap(),
    )
    .await
}

async fn remembered(server: &Server, cookie: &str) -> Value {
    let request = Request::get("/api/tablet")
        .header(header::HOST, "localhost:8080")
        .header(header::COOKIE, cookie);
    let answer = send(&server.router, request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// A tablet that has reported how many documents wait on it.
async fn with_waiting(server: &Server, waiting: u32) -> Tablet {
    let mut tablet = server.tablet();
    tablet.sign_in("field1", PASSWORD).await;
    let mut request = tablet.sync_request(None, &[]);
    request["waiting"] = waiting.into();
    tablet.sync_of(&request).await;
    tablet
}

#[tokio::test]
async fn the_tablets_cookie_holds_its_id_and_is_out_of_reach_for_scripts_and_other_sites() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    for (origin, is_tls) in [("http://localhost:8080", false), ("https://localhost:8080", true)] {
        let answer = sign_in(&server, &tablet, None, None, origin).await;
        let line = answer.header("set-cookie").unwrap().to_owned();
        assert!(line.starts_with(&format!("tablet={};", tablet.id)), "{line}");
        for part in [
            "; Path=/api;",
            "; HttpOnly",
            "; SameSite=Strict",
            "; Max-Age=34560000",
        ] {
            assert!(line.contains(part), "{part} in {line}");
        }
        assert_eq!(line.ends_with("; Secure"), is_tls, "{line}");
    }
    // A sync renews it; what is no success sets none.
    tablet.sign_in("field1", PASSWORD).await;
    let synced = tablet.post_sync(&tablet.sync_request(None, &[])).await;
    assert!(
        synced
            .header("set-cookie")
            .unwrap()
            .starts_with(&format!("tablet={}", tablet.id))
    );
    let refused = tablet.try_attempt(uuid(), "field1", "wrong").await;
    assert_eq!(refused.header("set-cookie"), None);
}

#[tokio::test]
async fn a_tablet_is_remembered_by_its_cookie_with_its_last_report() {
    let server = Server::start().await;
    let tablet = with_waiting(&server, 3).await;
    server.clock.advance_ms(DAY);
    assert_eq!(
        remembered(&server, &format!("tablet={}", tablet.id)).await,
        json!({ "device_id": tablet.id, "last_report": { "waiting": 3, "at": START } })
    );
    // One that has signed in and never sent has reported nothing.
    let mut silent = server.tablet();
    silent.sign_in("field1", PASSWORD).await;
    assert_eq!(
        remembered(&server, &format!("tablet={}", silent.id)).await,
        json!({ "device_id": silent.id })
    );
    for nobody in [
        String::new(),
        "tablet=".into(),
        "tablet=nonsense".into(),
        format!("tablet={}", uuid()),
        format!("other={}", tablet.id),
        // One of the two was planted.
        format!("tablet={}; tablet={}", tablet.id, uuid()),
    ] {
        assert_eq!(remembered(&server, &nobody).await, json!({}), "{nobody}");
    }
}

#[tokio::test]
async fn what_waits_is_what_is_left_after_the_records_of_the_request() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    tablet.sign_in("field1", PASSWORD).await;
    let client = tablet.clients().await[0];
    let (taken, refused) = (tablet.draft(client), tablet.draft(uuid()));
    let mut request = tablet.sync_request(None, &[&taken, &refused]);
    request["waiting"] = 3.into();
    tablet.sync_of(&request).await;
    let known = remembered(&server, &format!("tablet={}", tablet.id)).await;
    assert_eq!(known["last_report"]["waiting"], 2, "{known}");
}

#[tokio::test]
async fn an_emptied_tablet_is_told_what_had_waited_and_is_kept_for_the_helpdesk_once() {
    let server = Server::on_disk().await;
    let tablet = with_waiting(&server, 3).await;
    server.clock.advance_ms(DAY);
    let noticed = START + 7;
    let had_waited = json!({ "last_report": { "waiting": 3, "at": START } });
    // The first reply was lost: the same report comes again, and is answered alike.
    for _ in 0..2 {
        let answer = sign_in(
            &server,
            &tablet,
            Some(tablet.id),
            Some(noticed),
            "http://localhost:8080",
        )
        .await;
        assert_eq!(answer.json()["evicted"], had_waited);
    }
    let noted = server
        .rows("SELECT detail FROM audit WHERE action = 'storage_evicted'")
        .await;
    assert_eq!(noted.len(), 1);
    let detail: String = noted[0].get("detail");
    assert_eq!(
        serde_json::from_str::<Value>(&detail).unwrap(),
        json!({ "waiting": 3, "reported_at": START })
    );

    let mut clerk = server.browser();
    clerk.enter("helpdesk1").await;
    let page = clerk.get("/main/helpdesk").await;
    for words in [
        "Tablets whose storage was emptied",
        "Test Field One",
        "3 documents waiting, as reported 23 Nov 2026",
    ] {
        assert!(page.html.contains(words), "{words}");
    }

    // It happens a second time, before the tablet has sent anything.
    let again = sign_in(
        &server,
        &tablet,
        Some(tablet.id),
        Some(noticed + 1),
        "http://localhost:8080",
    )
    .await;
    assert_eq!(again.json()["evicted"], json!({}));
    let noted = server
        .rows("SELECT seq FROM audit WHERE action = 'storage_evicted'")
        .await;
    assert_eq!(noted.len(), 2);
}

#[tokio::test]
async fn a_tablet_that_forgot_itself_unnoticed_is_given_away_by_its_cookie() {
    let server = Server::on_disk().await;
    let before = with_waiting(&server, 1).await;
    let after = server.tablet();
    let origin = "http://localhost:8080";
    let answer = sign_in(&server, &after, Some(before.id), None, origin).await;
    assert_eq!(
        answer.json()["evicted"],
        json!({ "last_report": { "waiting": 1, "at": START } })
    );
    let again = sign_in(&server, &after, Some(before.id), None, origin).await;
    assert_eq!(again.json().get("evicted"), None, "told once");
    // A new tablet, and one with the cookie of another main application, have lost nothing.
    for cookie in [None, Some(uuid())] {
        let fresh = sign_in(&server, &server.tablet(), cookie, None, origin).await;
        assert_eq!(fresh.json()["result"], "ok");
        assert_eq!(fresh.json().get("evicted"), None);
    }
}

#[tokio::test]
async fn a_wrong_password_tells_and_changes_nothing() {
    let server = Server::on_disk().await;
    let tablet = with_waiting(&server, 3).await;
    let mut body = tablet.attempt(uuid(), "field1", "wrong");
    body["evicted"] = 5.into();
    let answer = crate::support::post_json(&server.router, "/api/sign-in", body.to_string()).await;
    assert_eq!(answer.json()["result"], "bad_password");
    assert_eq!(answer.json().get("evicted"), None);
    assert!(
        server
            .rows("SELECT seq FROM audit WHERE action = 'storage_evicted'")
            .await
            .is_empty()
    );
}
