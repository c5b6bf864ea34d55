//! `/main/admin`: a supervisor makes, changes, ends and imports the accounts of their own agency, and of no other.

use axum::body::Body;
use axum::http::{Request, header};

use crate::support::{Answer, Browser, PASSWORD, Page, Server, send};

async fn supervisor(server: &Server) -> Browser {
    let mut browser = server.browser();
    browser.enter("supervisor1").await;
    browser
}

const NEW: [(&str, &str); 7] = [
    ("login", " New1 "),
    ("full_name", "Test New One"),
    ("branch", "North branch"),
    ("phone", "555-0121"),
    ("access_from", ""),
    ("access_to", ""),
    ("staff", "on"),
];

async fn create(browser: &mut Browser) -> Page {
    let page = browser.get("/main/admin/new").await;
    browser.submit(&page, "/main/admin/new", &NEW).await
}

async fn confirm(browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    let action = path.split('?').next().unwrap();
    let page = browser.submit(&page, action, &[]).await;
    browser.follow(&page).await
}

#[tokio::test]
async fn a_new_account_signs_in_with_its_temp_password_and_has_to_change_it() {
    let server = Server::start().await;
    let mut browser = supervisor(&server).await;
    let shown = create(&mut browser).await;
    assert_eq!(shown.heading(), "Temp password of Test New One");
    let temp = shown.temp_password();
    let reply = server.tablet().sign_in("new1", &temp).await;
    assert_eq!(
        (&reply["result"], &reply["must_change"]),
        (&"ok".into(), &true.into())
    );

    let user = server.user("new1").await;
    let page = browser.get(&format!("/main/admin/accounts/{user}")).await;
    for words in [
        "555-0121",
        "North branch",
        "Account created by Test Supervisor One",
        "on the tablet",
    ] {
        assert!(page.words().contains(words), "{words}: {}", page.words());
    }
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_account_and_shows_no_password_again() {
    let server = Server::start().await;
    let mut browser = supervisor(&server).await;
    let page = browser.get("/main/admin/new").await;
    let temp = browser
        .submit(&page, "/main/admin/new", &NEW)
        .await
        .temp_password();
    let again = browser.submit(&page, "/main/admin/new", &NEW).await;
    assert_eq!(
        (again.status(), again.heading().as_str()),
        (409, "This account has been created")
    );
    assert!(!again.html.contains(&temp));
    let taken = create(&mut browser).await;
    assert_eq!(taken.status(), 422);
    assert!(
        taken.alert().unwrap().contains("This username is taken"),
        "{}",
        taken.html
    );
}

#[tokio::test]
async fn a_form_with_faults_says_each_and_keeps_what_was_typed() {
    let server = Server::start().await;
    let mut browser = supervisor(&server).await;
    let page = browser.get("/main/admin/new").await;
    let bad = [
        ("login", "two words"),
        ("full_name", ""),
        ("branch", "Kept branch"),
        ("phone", "none"),
        ("access_from", "2026-12-01"),
        ("access_to", "2026-11-01"),
    ];
    let page = browser.submit(&page, "/main/admin/new", &bad).await;
    let alert = page.alert().unwrap();
    for part in [
        "full name",
        "without spaces",
        "phone number",
        "last day",
        "at least one role",
    ] {
        assert!(alert.contains(part), "{part}: {alert}");
    }
    assert!(page.html.contains("value=\"Kept branch\""));
}

#[tokio::test]
async fn deactivated_is_out_everywhere_and_reactivated_is_back() {
    let server = Server::start().await;
    let mut browser = supervisor(&server).await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let user = server.user("field1").await;
    let page = confirm(&mut browser, &format!("/main/admin/accounts/{user}/deactivate")).await;
    assert!(
        page.words().contains("No active access since"),
        "{}",
        page.words()
    );
    assert_eq!(tablet.sync(None, &[]).await["result"], "no_access");
    assert_eq!(tablet.result("field1", PASSWORD).await, "no_access");
    let page = confirm(&mut browser, &format!("/main/admin/accounts/{user}/reactivate")).await;
    assert!(
        page.words().contains("Reactivated by Test Supervisor One"),
        "{}",
        page.words()
    );
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
}

#[tokio::test]
async fn only_the_supervisors_of_an_agency_see_its_accounts() {
    let server = Server::start().await;
    let mut browser = supervisor(&server).await;
    let list = browser.get("/main/admin").await;
    assert!(list.words().contains("Test Field One") && !list.words().contains("Test Inactive One"));
    let found = browser.get("/main/admin?search=field+two").await;
    assert!(found.words().contains("Test Field Two") && !found.words().contains("Test Field One"));
    let other = server.user("inactive1").await;
    for path in ["", "/edit", "/reactivate"] {
        let page = browser.get(&format!("/main/admin/accounts/{other}{path}")).await;
        assert_eq!(page.status(), 404, "{path}");
    }
    for login in ["field1", "helpdesk1"] {
        let mut browser = server.browser();
        browser.enter(login).await;
        for path in ["/main/admin", "/main/admin/new", "/main/admin/import"] {
            assert_eq!(browser.get(path).await.status(), 403, "{login} {path}");
        }
    }
    let page = server.browser().get("/main/admin").await;
    assert_eq!(page.answer.header("location"), Some("/main/?to=admin"));
}

#[tokio::test]
async fn nobody_changes_their_own_rights() {
    let server = Server::start().await;
    let mut browser = supervisor(&server).await;
    let own = server.user("supervisor1").await;
    let path = format!("/main/admin/accounts/{own}/deactivate");
    assert_eq!(browser.get(&path).await.status(), 403);
    let home = browser.get("/main/admin/new").await;
    let token = home.hidden("/main/admin/new", "token");
    assert_eq!(browser.post(&path, &[("token", &token)]).await.status(), 403);

    let edit = format!("/main/admin/accounts/{own}/edit");
    let page = browser.get(&edit).await;
    let fields = [
        ("full_name", "Test Supervisor Renamed"),
        ("branch", ""),
        ("phone", "555-0113"),
        ("access_to", "2026-01-01"),
        ("staff", "on"),
    ];
    let mut fields = fields.to_vec();
    fields.push(("access_from", ""));
    let token = page.hidden(&edit, "token");
    let submission = page.hidden(&edit, "submission");
    fields.extend([("token", token.as_str()), ("submission", submission.as_str())]);
    let page = browser.post(&edit, &fields).await;
    let page = browser.follow(&page).await;
    assert_eq!(page.heading(), "Test Supervisor Renamed");
    assert!(!page.words().contains("Field staff"), "{}", page.words());
    assert_eq!(
        browser.get("/main/admin").await.status(),
        200,
        "and still has access"
    );
}

#[tokio::test]
async fn an_edit_changes_what_was_typed_and_ends_sessions_with_the_access() {
    let server = Server::start().await;
    let mut browser = supervisor(&server).await;
    let mut tablet = server.tablet();
    assert_eq!(tablet.result("field1", PASSWORD).await, "ok");
    let user = server.user("field1").await;
    let edit = format!("/main/admin/accounts/{user}/edit");
    let page = browser.get(&edit).await;
    let fields = [
        ("full_name", "Test Field Renamed"),
        ("branch", "East branch"),
        ("phone", "555-0119"),
        ("access_from", ""),
        ("access_to", "2026-11-22"),
        ("staff", "on"),
        ("supervisor", "on"),
    ];
    let page = browser.submit(&page, &edit, &fields).await;
    let page = browser.follow(&page).await;
    let words = page.words();
    for part in [
        "East branch",
        "555-0119",
        "Field staff, Supervisor",
        "Changed: full name, branch, phone, access, roles",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    assert_eq!(tablet.sync(None, &[]).await["result"], "no_access");

    let page = browser.get(&edit).await;
    let without_end = fields.map(|(name, value)| (name, if name == "access_to" { "" } else { value }));
    browser.submit(&page, &edit, &without_end).await;
    assert_eq!(
        tablet.sync(None, &[]).await["result"],
        "sign_in_again",
        "with the access comes no session of before"
    );
}

async fn upload(server: &Server, browser: &Browser, page: &Page, file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for name in ["token", "submission"] {
        let value = page.hidden("/main/admin/import", name);
        body.extend(
            format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    body.extend(b"--part\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n");
    body.extend(file);
    body.extend(b"\r\n--part--\r\n");
    let cookies: Vec<_> = browser
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let request = Request::post("/main/admin/import")
        .header(header::HOST, browser.host)
        .header(header::ORIGIN, browser.origin.unwrap())
        .header(header::COOKIE, cookies.join("; "))
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=part")
        .body(Body::from(body))
        .unwrap();
    send(&server.router, request).await
}

#[tokio::test]
async fn a_file_is_imported_line_by_line_with_a_report() {
    let server = Server::start().await;
    let mut browser = supervisor(&server).await;
    let page = browser.get("/main/admin/import").await;
    let file = "\u{feff}Login;Full name;Roles\r\nnew1;Test New One;\r\nfield1;Test Field One;\r\n\
                inactive1;Test Somebody;\r\nbad one;Test Bad;king\r\nnew2;Test New Two;supervisor\r\n";
    let report = upload(&server, &browser, &page, file.as_bytes()).await.text();
    for part in [
        "2 created, 1 already there, 2 not imported.",
        "This username is taken.",
        "Write field staff or supervisor.",
        "Enter a username without spaces.",
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    let again = upload(&server, &browser, &page, file.as_bytes()).await;
    assert_eq!(again.status, 409, "the same form is carried out once");
    let list = browser.get("/main/admin?search=new").await.words();
    assert!(
        list.contains("Test New One") && list.contains("Test New Two"),
        "{list}"
    );
    assert!(list.contains("No password yet"), "{list}");

    let mut tablet = server.tablet();
    assert_eq!(
        tablet.result("new1", "anything").await,
        "locked",
        "no password opens it"
    );
    let temp = server.reset("new1").await;
    assert_eq!(tablet.result("new1", &temp).await, "ok");
    let page = browser.get("/main/admin/import").await;
    for (file, expected) in [
        (&b"login\nx\n"[..], "full_name"),
        (b"", "not empty"),
        (b"login,full_name\nx,\xff\n", "UTF-8"),
    ] {
        let answer = upload(&server, &browser, &page, file).await;
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains(expected), "{expected}: {}", answer.text());
    }
    let large = upload(&server, &browser, &page, &vec![b'x'; 2 * 1024 * 1024]).await;
    assert!(large.text().contains("larger than 1 MiB"), "{}", large.text());
}
