//! What malformed requests get under `/api`: a 4xx with `{code, message}`, and nothing half-kept.

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Server, get, post_json, send, uuid};

fn attempt() -> Value {
    json!({
        "version": 1,
        "attempt_id": uuid(),
        "login": "field1",
        "password": PASSWORD,
        "device_id": uuid(),
    })
}

#[tokio::test]
async fn bodies_that_are_no_attempt_are_refused() {
    let server = Server::start().await;
    let with = |member: &str, value: Value| {
        let mut body = attempt();
        body[member] = value;
        body.to_string()
    };
    let without = |member: &str| {
        let mut body = attempt();
        body.as_object_mut().unwrap().remove(member);
        body.to_string()
    };
    let cases = [
        (String::new(), "malformed"),
        ("{".into(), "malformed"),
        ("null".into(), "malformed"),
        ("[]".into(), "malformed"),
        ("{}".into(), "malformed"),
        ("[".repeat(15_000), "malformed"),
        ("\u{feff}{}".into(), "malformed"),
        (without("version"), "malformed"),
        (without("attempt_id"), "malformed"),
        (without("login"), "malformed"),
        (without("password"), "malformed"),
        (without("device_id"), "malformed"),
        (with("version", json!("1")), "malformed"),
        (with("version", json!(-1)), "malformed"),
        (with("version", json!(1.5)), "malformed"),
        (with("version", json!(0)), "version_not_supported"),
        (with("version", json!(2)), "version_not_supported"),
        (with("version", json!(65535)), "version_not_supported"),
        (with("version", json!(65536)), "malformed"),
        (with("attempt_id", json!("x")), "malformed"),
        (with("attempt_id", json!(7)), "malformed"),
        (with("device_id", json!(null)), "malformed"),
        (with("login", json!(["field1"])), "malformed"),
        (with("login", json!("")), "login_length"),
        (with("login", json!(" \t ")), "login_length"),
        (with("login", json!("x".repeat(257))), "login_length"),
        (with("password", json!("")), "password_length"),
        (with("password", json!("x".repeat(1025))), "password_length"),
        (with("password", json!({})), "malformed"),
    ];
    for (body, code) in cases {
        post_json(&server.router, "/api/sign-in", body)
            .await
            .assert_error(400, code);
    }
    assert_eq!(server.app.derivations(), 0, "no password was looked at");
    assert_eq!(server.tablet().result("field1", PASSWORD).await, "ok");
}

#[tokio::test]
async fn the_message_says_what_is_wrong_and_repeats_no_secret() {
    let server = Server::start().await;
    let mut body = attempt();
    body["version"] = json!("hunter2");
    let answer = post_json(&server.router, "/api/sign-in", body.to_string()).await;
    assert!(!answer.text().contains("hunter2"), "{}", answer.text());
    body = attempt();
    body.as_object_mut().unwrap().remove("device_id");
    let answer = post_json(&server.router, "/api/sign-in", body.to_string()).await;
    assert_eq!(answer.json()["message"], "The field `device_id` is missing.");
}

#[tokio::test]
async fn bodies_that_are_no_sync_request_are_refused() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    tablet.sign_in("field1", PASSWORD).await;
    for (member, value) in [
        ("request_id", json!(1)),
        ("device_id", json!("x")),
        ("records", json!({})),
        ("records", json!([{}])),
        (
            "records",
            json!([{ "record_id": uuid(), "rev": -1, "sealed": "" }]),
        ),
        (
            "records",
            json!([{ "record_id": uuid(), "rev": 1, "sealed": "not base64!" }]),
        ),
        (
            "records",
            json!([{ "record_id": uuid(), "rev": 4294967296_i64, "sealed": "" }]),
        ),
        ("waiting", json!(-1)),
        ("cursor", json!("x")),
        ("failed_offline", json!([])),
    ] {
        let mut request = tablet.sync_request(None, &[]);
        request[member] = value.clone();
        let answer = tablet.post_sync(&request).await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (400, &json!("malformed")),
            "{member}: {value}"
        );
    }
}

#[tokio::test]
async fn bodies_have_a_limit() {
    let server = Server::start().await;
    let mut tablet = server.tablet();
    let mut body = attempt();
    body["padding"] = json!("x".repeat(protocol::SIGN_IN_BODY_LIMIT));
    post_json(&server.router, "/api/sign-in", body.to_string())
        .await
        .assert_error(413, "too_large");

    tablet.sign_in("field1", PASSWORD).await;
    let mut request = tablet.sync_request(None, &[]);
    request["padding"] = json!("x".repeat(protocol::SYNC_BODY_LIMIT - 1_000));
    assert_eq!(tablet.post_sync(&request).await.status, 200, "just below");
    request["padding"] = json!("x".repeat(protocol::SYNC_BODY_LIMIT));
    tablet.post_sync(&request).await.assert_error(413, "too_large");
}

#[tokio::test]
async fn the_longest_login_and_password_fit_however_they_are_escaped() {
    let server = Server::start().await;
    let escaped = |length: usize| "\\u0001".repeat(length);
    let body = format!(
        r#"{{"version":1,"attempt_id":"{}","login":"x{}x","password":"{}","device_id":"{}"}}"#,
        uuid(),
        escaped(254),
        escaped(1024),
        uuid()
    );
    let answer = post_json(&server.router, "/api/sign-in", body).await;
    assert_eq!(answer.json()["result"], "no_access", "{}", answer.text());
}

#[tokio::test]
async fn only_json_is_read() {
    let server = Server::start().await;
    for media in [
        None,
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("application/jsonp"),
        Some(""),
    ] {
        let mut request = Request::post("/api/sign-in");
        if let Some(media) = media {
            request = request.header(header::CONTENT_TYPE, media);
        }
        let request = request.body(Body::from(attempt().to_string())).unwrap();
        send(&server.router, request).await.assert_error(415, "not_json");
    }
    for media in ["application/json; charset=utf-8", "Application/JSON"] {
        let request = Request::post("/api/sign-in").header(header::CONTENT_TYPE, media);
        let answer = send(
            &server.router,
            request.body(Body::from(attempt().to_string())).unwrap(),
        )
        .await;
        assert_eq!(answer.json()["result"], "ok", "{media}");
    }
}

#[tokio::test]
async fn other_methods_and_addresses_are_answered_in_json() {
    let server = Server::start().await;
    for (method, path) in [
        (Method::GET, "/api/sign-in"),
        (Method::DELETE, "/api/sign-in"),
        (Method::GET, "/api/sync"),
        (Method::PUT, "/api/sync"),
        (Method::POST, "/api/settings"),
        (Method::POST, "/api/openapi.json"),
    ] {
        let request = Request::builder()
            .method(&method)
            .uri(path)
            .body(Body::empty())
            .unwrap();
        send(&server.router, request)
            .await
            .assert_error(405, "method_not_allowed");
    }
    for path in [
        "/api",
        "/api/",
        "/api/nothing",
        "/api/sign-in/",
        "/api/v2/sync",
        "/api/../main.db",
    ] {
        get(&server.router, path).await.assert_error(404, "not_found");
    }
}

#[tokio::test]
async fn pages_of_other_sites_are_refused() {
    let server = Server::start().await;
    for (origin, status) in [
        ("http://localhost:8080", 200),
        ("http://evil.example", 403),
        ("http://localhost:8081", 403),
        ("null", 403),
    ] {
        let request = Request::post("/api/sign-in")
            .header(header::HOST, "localhost:8080")
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(attempt().to_string()))
            .unwrap();
        let answer = send(&server.router, request).await;
        assert_eq!(answer.status, status, "{origin}");
        if status == 403 {
            answer.assert_error(403, "foreign_origin");
        }
    }
}
