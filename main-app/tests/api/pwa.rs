//! `/`: the built PWA.

use axum::body::Body;
use axum::http::{Method, Request, header};

use crate::support::{Answer, Server, get, send};

async fn built() -> (Server, tempfile::TempDir) {
    let dist = tempfile::tempdir().unwrap();
    let files: [(&str, &[u8]); 8] = [
        ("index.html", b"<!doctype html><title>start page</title>"),
        ("sw.js", b"// service worker"),
        ("app-0123.js", b"// app"),
        ("app-0123.js.br", b"(brotli)"),
        ("app_bg.wasm", b"\0asm"),
        ("manifest.webmanifest", b"{}"),
        ("icons/icon-192.png", b"png"),
        ("styles/app.css", b"/* css */"),
    ];
    for (name, bytes) in files {
        let file = dist.path().join(name);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
    let folder = dist.path().to_owned();
    (Server::with(|config| config.dist = Some(folder)).await, dist)
}

fn is_start_page(answer: &Answer) -> bool {
    answer.text().contains("start page")
}

#[tokio::test]
async fn addresses_of_the_app_get_the_start_page_and_files_are_files() {
    let (server, _dist) = built().await;
    for path in ["/", "/caseload", "/assessment/1?x=y.z", "/index.html", "/reset/"] {
        let answer = get(&server.router, path).await;
        assert_eq!(
            (answer.status.as_u16(), is_start_page(&answer)),
            (200, true),
            "{path}"
        );
        assert_eq!(answer.header("content-type"), Some("text/html"), "{path}");
    }
    for (path, media) in [
        ("/sw.js", "text/javascript"),
        ("/app-0123.js", "text/javascript"),
        ("/app_bg.wasm", "application/wasm"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/icons/icon-192.png", "image/png"),
        ("/styles/app.css", "text/css"),
    ] {
        let answer = get(&server.router, path).await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("content-type")),
            (200, Some(media)),
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), Some("no-cache"), "{path}");
    }
}

#[tokio::test]
async fn a_missing_file_is_never_the_start_page() {
    let (server, _dist) = built().await;
    for path in [
        "/missing.js",
        "/app-9999.js",
        "/icons/missing.png",
        "/missing%2ejs",
        "/..%2fsecret.txt",
        "/../secret.txt",
        "/api/nothing",
        "/main/nothing",
        "/icons/.hidden",
    ] {
        let answer = get(&server.router, path).await;
        assert_eq!(
            (answer.status.as_u16(), is_start_page(&answer)),
            (404, false),
            "{path}"
        );
    }
}

#[tokio::test]
async fn compressed_files_go_to_whoever_takes_them() {
    let (server, _dist) = built().await;
    for (accepts, encoding, body) in [
        (Some("gzip, deflate, br"), Some("br"), "(brotli)"),
        (Some("gzip"), None, "// app"),
        (None, None, "// app"),
    ] {
        let mut request = Request::get("/app-0123.js");
        if let Some(accepts) = accepts {
            request = request.header(header::ACCEPT_ENCODING, accepts);
        }
        let answer = send(&server.router, request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.header("content-encoding"), answer.text().as_str()),
            (encoding, body),
            "{accepts:?}"
        );
        assert_eq!(answer.header("content-type"), Some("text/javascript"));
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    }
}

#[tokio::test]
async fn the_app_has_its_policy() {
    let (server, _dist) = built().await;
    for path in ["/", "/sw.js", "/caseload"] {
        let policy = get(&server.router, path)
            .await
            .header("content-security-policy")
            .unwrap()
            .to_owned();
        for part in [
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{policy}");
    }
}

#[tokio::test]
async fn files_are_only_read() {
    let (server, _dist) = built().await;
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let request = Request::builder()
            .method(&method)
            .uri("/sw.js")
            .body(Body::empty())
            .unwrap();
        assert_eq!(send(&server.router, request).await.status, 405, "{method}");
    }
    let request = Request::builder()
        .method(Method::HEAD)
        .uri("/")
        .body(Body::empty())
        .unwrap();
    let head = send(&server.router, request).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
}

#[tokio::test]
async fn without_a_built_app_there_is_nothing_at_the_root() {
    let server = Server::start().await;
    assert_eq!(get(&server.router, "/").await.status, 404);
    assert_eq!(
        get(&server.router, "/health").await.json(),
        serde_json::json!({ "status": "ok" })
    );
}
