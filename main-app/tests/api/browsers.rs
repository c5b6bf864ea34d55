//! What every page does for safety: origins, tokens, cookies and headers.

use crate::support::{Browser, Clerk, PASSWORD, Server, get, uuid};

#[tokio::test]
async fn a_form_is_taken_from_our_own_pages_only() {
    let server = Server::start().await;
    for (origin, is_ours) in [
        (Some("http://localhost:8080"), true),
        (Some("http://LOCALHOST:8080"), true),
        (Some("http://localhost:8081"), false),
        (Some("http://localhost"), false),
        (Some("http://localhost:8080.evil.example"), false),
        (Some("http://evil.example"), false),
        (Some("null"), false),
        (Some(""), false),
        (None, false),
    ] {
        let mut browser = server.browser();
        let home = browser.enter("field1").await;
        browser.origin = origin;
        let page = browser.submit(&home, "/main/sign-out", &[]).await;
        assert_eq!(page.status(), if is_ours { 303 } else { 403 }, "{origin:?}");
        let mut browser = server.browser();
        browser.origin = origin;
        let page = browser.sign_in("field1", PASSWORD).await;
        assert_eq!(page.status(), if is_ours { 303 } else { 403 }, "{origin:?}");
    }
}

#[tokio::test]
async fn a_form_is_taken_with_its_own_token_only() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let sign_in_page = browser.get("/main/").await;
    let home = browser.enter("field1").await;
    let mut other = server.browser();
    let others_home = other.enter("field2").await;
    let right = home.hidden("/main/sign-out", "token");
    for (name, token) in [
        ("none", String::new()),
        ("nonsense", "x".repeat(43)),
        ("another session's", others_home.hidden("/main/sign-out", "token")),
        (
            "the sign-in form's",
            sign_in_page.hidden("/main/sign-in", "token"),
        ),
        ("half of it", right[..20].to_owned()),
    ] {
        let page = browser.post("/main/sign-out", &[("token", &token)]).await;
        assert_eq!(
            (page.status(), page.heading().as_str()),
            (403, "This page was out of date"),
            "{name}"
        );
    }
    assert_eq!(
        browser.post("/main/sign-out", &[]).await.status(),
        403,
        "no token"
    );
    assert_eq!(
        browser.get("/main/").await.heading(),
        "Test Field One",
        "the session goes on"
    );
    assert_eq!(
        browser
            .post("/main/sign-out", &[("token", &right)])
            .await
            .status(),
        303
    );
}

#[tokio::test]
async fn a_sign_in_form_without_its_cookie_is_shown_anew_and_counts_nothing() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get("/main/").await;
    browser.cookies.clear();
    let fields = [("login", "field1"), ("password", PASSWORD)];
    let page = browser.submit(&page, "/main/sign-in", &fields).await;
    assert_eq!(page.status(), 403);
    assert_eq!(
        page.alert().unwrap(),
        "This page was out of date. Please sign in again."
    );
    assert_eq!(server.app.derivations(), 0);
    let page = browser.submit(&page, "/main/sign-in", &fields).await;
    assert_eq!(page.status(), 303, "and then works");
}

#[tokio::test]
async fn cookies_are_out_of_reach_for_scripts_and_other_sites() {
    for (origin, is_https) in [(None, false), (Some("https://main.example"), true)] {
        let server =
            Server::with(|config| config.main_origin = origin.map(|text: &str| text.parse().unwrap())).await;
        let mut browser = server.browser();
        if let Some(origin) = origin {
            browser.origin = Some(origin);
            browser.host = "main.example";
        }
        let pages = [
            browser.get("/main/").await,
            browser.sign_in("field1", PASSWORD).await,
        ];
        for page in pages {
            let line = page.answer.header("set-cookie").unwrap();
            for part in ["; Path=/main", "; HttpOnly", "; SameSite=Strict"] {
                assert!(line.contains(part), "{part} in {line}");
            }
            assert_eq!(line.contains("; Secure"), is_https, "{line}");
            assert!(
                !line.contains("Max-Age") && !line.contains("Expires"),
                "it lasts as long as the browser: {line}"
            );
        }
    }
}

#[tokio::test]
async fn a_cookie_that_comes_twice_counts_as_none() {
    let server = Server::start().await;
    let mut browser = server.browser();
    browser.enter("field1").await;
    let planted = format!(
        "{}; main_session={}",
        browser.cookies["main_session"],
        "A".repeat(43)
    );
    browser.cookies.insert("main_session".into(), planted);
    assert_eq!(browser.get("/main/").await.heading(), "Sign in");
}

#[tokio::test]
async fn every_answer_has_its_headers() {
    let server = Server::start().await;
    let mut clerk = server.browser();
    clerk.enter("helpdesk1").await;
    let mut temp = server.browser();
    let password = server.reset("field1").await;
    temp.sign_in("field1", &password).await;
    let mut worker = Clerk::signs_in(&server, "helpdesk1").await;
    let request = worker.enters_for(&server, "field2").await.number();
    let request = format!("/main/helpdesk/requests/{request}");
    let mut stranger = server.browser();
    let mut pages: Vec<(String, crate::support::Page)> = Vec::new();
    let visits: [(&mut Browser, &[&str]); 3] = [
        (
            &mut clerk,
            &[
                "/main/",
                "/main/helpdesk",
                "/main/helpdesk/new",
                "/main/helpdesk/accounts",
                &request,
                "/main/changed",
                "/main/nothing",
            ],
        ),
        (&mut temp, &["/main/password"]),
        (
            &mut stranger,
            &[
                "/main/",
                "/main",
                "/main/sign-in",
                "/main/assets/main.css",
                "/main/assets/nothing",
            ],
        ),
    ];
    for (browser, paths) in visits {
        for path in paths {
            pages.push(((*path).to_owned(), browser.get(path).await));
        }
    }
    for (path, page) in &pages {
        let header = |name| {
            page.answer
                .header(name)
                .unwrap_or_else(|| panic!("{path} has no {name}"))
        };
        let policy = header("content-security-policy");
        for part in [
            "default-src 'none'",
            "style-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {part} in {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(header("permissions-policy").contains("camera=()"), "{path}");
        let is_file = path.ends_with(".css");
        assert_eq!(
            header("cache-control"),
            if is_file { "no-cache" } else { "no-store" },
            "{path}"
        );
        assert!(
            !page.html.contains("<script") && !page.html.contains(" style="),
            "{path}: nothing inline"
        );
        let handlers = page.html.split(" on").skip(1).filter(|rest| {
            rest.trim_start_matches(|sign: char| sign.is_ascii_lowercase())
                .starts_with('=')
        });
        assert_eq!(handlers.count(), 0, "{path}: no handler: {}", page.html);
    }
    for path in ["/api/settings", "/api/nothing", "/health", "/nothing.js"] {
        let answer = get(&server.router, path).await;
        let policy = answer.header("content-security-policy").unwrap();
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[tokio::test]
async fn forms_that_are_no_forms_are_refused() {
    let server = Server::start().await;
    let mut browser = server.browser();
    let page = browser.get("/main/").await;
    let token = page.hidden("/main/sign-in", "token");
    let attempt = uuid().to_string();
    let long = "x".repeat(20_000);
    let cases: [(&[(&str, &str)], u16); 4] = [
        (&[("token", &token)], 400),
        (
            &[
                ("token", &token),
                ("attempt", "x"),
                ("login", "field1"),
                ("password", "x"),
            ],
            400,
        ),
        (
            &[
                ("token", &token),
                ("attempt", &attempt),
                ("login", &long),
                ("password", "x"),
            ],
            400,
        ),
        (&[("token", &token), ("token", &token)], 400),
    ];
    for (fields, status) in cases {
        let page = browser.post("/main/sign-in", fields).await;
        assert_eq!(
            (page.status(), page.heading().as_str()),
            (status, "Not understood"),
            "{fields:?}"
        );
    }
    let wrong_method = browser.post("/main/", &[]).await;
    assert_eq!(
        (wrong_method.status(), wrong_method.heading().as_str()),
        (405, "Not possible")
    );
    assert_eq!(server.app.derivations(), 0);
}
