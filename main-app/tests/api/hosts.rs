//! `/main` on a host of its own.

use axum::body::Body;
use axum::http::{Method, Request, header};

use crate::support::{Answer, PASSWORD, Server, send};

async fn ask(server: &Server, method: Method, host: &str, path: &str) -> Answer {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, host);
    send(&server.router, request.body(Body::empty()).unwrap()).await
}

async fn separated() -> Server {
    Server::with(|config| {
        config.main_origin = Some("http://main.localhost:8080".parse().unwrap());
        config.app_url = "http://localhost:8080/".into();
    })
    .await
}

#[tokio::test]
async fn the_pages_are_on_their_host_and_all_else_on_the_others() {
    let server = separated().await;
    let (main, other) = ("main.localhost:8080", "localhost:8080");
    for (host, path, status) in [
        (main, "/main/", 200),
        ("MAIN.localhost:8080", "/main/", 200),
        (main, "/main/assets/main.css", 200),
        (main, "/api/settings", 404),
        (main, "/sw.js", 404),
        (main, "/health", 200),
        (main, "/", 307),
        (other, "/api/settings", 200),
        (other, "/health", 200),
        (other, "/main/", 307),
        (other, "/main/helpdesk", 307),
        (other, "/main/\u{fc}", 307),
        (other, "/mainly", 404),
        ("main.localhost", "/main/", 307),
        ("evil.example", "/main/", 307),
    ] {
        assert_eq!(
            ask(&server, Method::GET, host, path).await.status,
            status,
            "{host}{path}"
        );
    }
    for path in ["/main/", "/main/helpdesk"] {
        let answer = ask(&server, Method::GET, other, path).await;
        assert_eq!(
            answer.header("location"),
            Some(format!("http://main.localhost:8080{path}").as_str())
        );
    }
    assert_eq!(
        ask(&server, Method::POST, other, "/main/sign-in").await.status,
        404
    );
    assert_eq!(ask(&server, Method::POST, main, "/api/sign-in").await.status, 404);
}

#[tokio::test]
async fn tablets_are_told_where_the_pages_are() {
    let server = separated().await;
    let settings = ask(&server, Method::GET, "localhost:8080", "/api/settings")
        .await
        .json();
    assert_eq!(settings["main_url"], "http://main.localhost:8080/main/");
}

#[tokio::test]
async fn forms_are_taken_from_the_main_origin_alone() {
    let server = separated().await;
    for (origin, status) in [
        ("http://main.localhost:8080", 303),
        ("http://localhost:8080", 403),
        ("https://main.localhost:8080", 403),
    ] {
        let mut browser = server.browser();
        browser.host = "main.localhost:8080";
        browser.origin = Some(origin);
        assert_eq!(
            browser.sign_in("field1", PASSWORD).await.status(),
            status,
            "{origin}"
        );
    }
    let mut browser = server.browser();
    (browser.host, browser.origin) = ("main.localhost:8080", Some("http://main.localhost:8080"));
    let home = browser.enter("field1").await;
    assert!(
        home.html
            .contains("href=\"http://localhost:8080/\">Back to Mobile Assessments</a>"),
        "{}",
        home.html
    );
}
