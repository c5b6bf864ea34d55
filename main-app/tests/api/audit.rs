//! The audit: every change of state is in it, nothing in it can be changed, and it holds no secret.

use sqlx::Row as _;

use crate::support::{Clerk, PASSWORD, Server};

#[tokio::test]
async fn who_did_what_to_whom_can_be_read() {
    let server = Server::on_disk().await;
    let mut tablet = server.tablet();
    tablet.sign_in("field1", "wrong").await;
    tablet.sign_in("field1", PASSWORD).await;
    let client = tablet.clients().await[0];
    tablet.sync(None, &[&tablet.draft(client)]).await;
    for _ in 0..4 {
        tablet.sign_in("field1", "wrong").await;
    }
    let mut clerk = Clerk::signs_in(&server, "helpdesk1").await;
    let temp = clerk.resets(&server, "field1").await;
    let mut browser = server.browser();
    let page = browser.sign_in("field1", &temp).await;
    let page = browser.follow(&page).await;
    let new = [
        ("new_password", "a quiet river bend"),
        ("new_password_again", "a quiet river bend"),
    ];
    let page = browser.submit(&page, "/main/password", &new).await;
    let page = browser.follow(&page).await;
    browser.submit(&page, "/main/sign-out", &[]).await;
    server.deactivate("field1").await;
    server.reactivate("field1").await;

    let made = [
        "account_created",
        "client_assigned",
        "client_assigned",
        "client_assigned",
        "client_assigned",
    ];
    let done = [
        "sign_in_failed",
        "data_key_issued",
        "signed_in",
        "document_stored",
        "sign_in_failed",
        "sign_in_failed",
        "account_locked",
        "request_received",
        "request_account_chosen",
        "user_reached",
        "answer_checked",
        "password_reset",
        "signed_in",
        "password_changed",
        "signed_out",
        "deactivated",
        "reactivated",
    ];
    assert_eq!(server.audited("field1").await, [&made[..], &done[..]].concat());

    let reset = server
        .rows("SELECT actor, at FROM audit WHERE action = 'password_reset'")
        .await;
    assert_eq!(
        reset[0].get::<String, _>("actor"),
        server.user("helpdesk1").await.to_string()
    );
    let failed = server
        .rows("SELECT actor FROM audit WHERE action = 'sign_in_failed'")
        .await;
    assert_eq!(
        failed[0].get::<Option<String>, _>("actor"),
        None,
        "a failure proves nothing about who it was"
    );

    let all: String = server
        .rows("SELECT detail FROM audit")
        .await
        .iter()
        .map(|row| row.get::<String, _>("detail"))
        .collect();
    let device = tablet.id.to_string();
    for secret in [
        PASSWORD,
        main_app::SAMPLE_ANSWER,
        temp.as_str(),
        "a quiet river bend",
        tablet.token.as_str(),
        device.as_str(),
    ] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

#[tokio::test]
async fn nothing_in_it_can_be_changed() {
    let server = Server::on_disk().await;
    let pool = server.pool().await;
    let before = server.rows("SELECT * FROM audit").await.len();
    assert!(before > 0);
    let in_its_own_words = if server.is_on_postgres() {
        [
            "TRUNCATE audit",
            "INSERT INTO audit (seq, at, action, detail) OVERRIDING SYSTEM VALUE VALUES (1, 0, 'nothing', '{}') \
             ON CONFLICT (seq) DO UPDATE SET action = excluded.action",
        ]
    } else {
        [
            "DELETE FROM audit WHERE seq IN (SELECT seq FROM audit)",
            "INSERT OR REPLACE INTO audit (seq, at, action, detail) VALUES (1, 0, 'nothing', '{}')",
        ]
    };
    for statement in [
        "DELETE FROM audit",
        "DELETE FROM audit WHERE seq = 1",
        "UPDATE audit SET actor = 'somebody else'",
    ]
    .into_iter()
    .chain(in_its_own_words)
    {
        let error = sqlx::query(statement)
            .execute(&pool)
            .await
            .unwrap_err()
            .to_string();
        assert!(error.contains("append-only"), "{statement}: {error}");
    }
    assert_eq!(
        server.rows("SELECT * FROM audit WHERE at > 0").await.len(),
        before
    );
    sqlx::query("INSERT INTO audit (at, action, detail) VALUES (1, 'x', '{}')")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
}
