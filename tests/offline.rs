//! Tablets against the main application's own router, in one process: the network is cut and restored between them.
//! What is checked is what a user would check: that nothing is lost, and who gets in where.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a step that fails is a test that fails"
)]

use std::cell::Cell;
use std::rc::Rc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt as _;
use main_app::{Config, MainApp, SAMPLE_PASSWORD, admin};
use protocol::{Change, Client, RecordId, SessionToken, Status, Timestamp};
use replica::{
    Clock, Delivery, HttpReply, LockReason, Memory, Message, NoReply, OfflineSignIn, OpenedBy, Remote,
    Replica, SaveFault, SessionInfo, SignIn, SyncOutcome,
};
use serde_json::json;
use tower::ServiceExt as _;
use vault::native::Native;
use zeroize::Zeroizing;

/// The way from a tablet to the router, which can be cut; or lose the replies only.
#[derive(Clone)]
struct Line {
    router: Router,
    cut: Rc<Cell<bool>>,
    loses_replies: Rc<Cell<bool>>,
}

impl Line {
    async fn send(&self, request: Request<Body>) -> Result<HttpReply, NoReply> {
        if self.cut.get() {
            return Err(NoReply);
        }
        let reply = self.router.clone().oneshot(request).await.map_err(|_| NoReply)?;
        if self.loses_replies.get() {
            return Err(NoReply);
        }
        let text = |name| {
            reply
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        Ok(HttpReply {
            status: reply.status().as_u16(),
            redirected: false,
            content_type: text(header::CONTENT_TYPE),
            retry_after: text(header::RETRY_AFTER).parse().ok(),
            body: reply
                .into_body()
                .collect()
                .await
                .map_err(|_| NoReply)?
                .to_bytes()
                .to_vec(),
        })
    }
}

impl Remote for Line {
    async fn get(&self, path: &str, _: u32) -> Result<HttpReply, NoReply> {
        self.send(Request::get(path).body(Body::empty()).map_err(|_| NoReply)?)
            .await
    }

    async fn post(
        &self,
        path: &str,
        bearer: Option<&SessionToken>,
        body: Zeroizing<Vec<u8>>,
        _: u32,
    ) -> Result<HttpReply, NoReply> {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.0));
        }
        self.send(request.body(Body::from(body.to_vec())).map_err(|_| NoReply)?)
            .await
    }
}

struct Ticking(Cell<i64>);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        self.0.set(self.0.get() + 1_000);
        Timestamp(self.0.get())
    }
}

type Tablet = Replica<Memory, Line, Ticking, Native>;

/// The office, and the line that leads there.
struct Office {
    app: MainApp,
    line: Line,
}

impl Office {
    async fn open() -> Self {
        let app = main_app::open(Config {
            sample: true,
            ..Config::default()
        })
        .await
        .unwrap();
        let line = Line {
            router: main_app::app(app.clone()),
            cut: Rc::default(),
            loses_replies: Rc::default(),
        };
        Self { app, line }
    }

    async fn tablet(&self) -> Tablet {
        self.tablet_with(Memory::default()).await
    }

    async fn tablet_with(&self, store: Memory) -> Tablet {
        let clock = Ticking(Cell::new(1_760_000_000_000));
        Replica::start(store, self.line.clone(), clock, Native, None)
            .await
            .unwrap()
    }

    fn cut(&self) {
        self.line.cut.set(true);
    }

    fn restore(&self) {
        self.line.cut.set(false);
    }

    async fn reset(&self, login: &str) -> String {
        let user = admin::find(&self.app, login).await.unwrap().unwrap();
        admin::reset(&self.app, None, user)
            .await
            .unwrap()
            .unwrap()
            .expose()
            .to_owned()
    }
}

async fn attempt(tablet: &Tablet, login: &str, typed: &str) -> SignIn {
    tablet
        .sign_in(login, vault::native::password(typed).unwrap())
        .await
}

async fn opens(tablet: &Tablet, login: &str, typed: &str) -> SessionInfo {
    match attempt(tablet, login, typed).await {
        SignIn::Open(info) => info,
        other => panic!("{login} should get in: {other:?}"),
    }
}

async fn refuses(tablet: &Tablet, login: &str, typed: &str) -> Message {
    match attempt(tablet, login, typed).await {
        SignIn::No { message, .. } => message,
        other => panic!("{login} should be refused: {other:?}"),
    }
}

/// Begins an assessment of the first client and answers something.
async fn write_one(tablet: &Tablet, answer: &str) -> RecordId {
    write_for(tablet, answer, |_| true).await
}

async fn write_for(tablet: &Tablet, answer: &str, whom: impl Fn(&Client) -> bool) -> RecordId {
    let caseload = tablet.caseload().await.unwrap();
    let mut clients = caseload.clients.iter();
    let client = clients
        .find(|client| whom(client))
        .expect("the caseload was fetched");
    let form = caseload.forms.first().expect("a form was fetched").clone();
    let response = json!({ "resourceType": "QuestionnaireResponse", "status": "in-progress", "questionnaire": form.url });
    let mut working = tablet.begin(client, form, response).await.unwrap();
    let change = Change::Answered {
        link_id: "note".into(),
        before: json!([]),
        after: json!([{ "valueString": answer }]),
    };
    working.note(tablet.now(), change, true);
    working.document.response["item"] = json!([{ "linkId": "note", "answer": [{ "valueString": answer }] }]);
    tablet.save(&mut working).await.unwrap();
    working.document.id
}

async fn deliveries(tablet: &Tablet) -> Vec<Delivery> {
    tablet
        .documents()
        .await
        .unwrap()
        .documents
        .into_iter()
        .map(|entry| entry.delivery)
        .collect()
}

async fn sends(tablet: &Tablet, count: u32) {
    let outcome = tablet.sync().await;
    assert_eq!(
        outcome,
        SyncOutcome::Done {
            sent: count,
            refused: 0,
            still_waiting: 0
        }
    );
}

#[tokio::test]
async fn two_tablets_work_apart_and_everything_arrives() {
    let office = Office::open().await;
    let (first, second) = (office.tablet().await, office.tablet().await);
    for (tablet, login) in [(&first, "field1"), (&second, "field2")] {
        opens(tablet, login, SAMPLE_PASSWORD).await;
        sends(tablet, 0).await;
    }
    office.cut();
    write_one(&first, "from the first").await;
    write_one(&second, "from the second").await;
    write_one(&second, "another").await;
    assert_eq!(first.sync().await, SyncOutcome::Unreached { wait_seconds: None });
    assert_eq!(first.waiting().await.unwrap(), 1);
    office.restore();
    sends(&first, 1).await;
    sends(&second, 2).await;
    sends(&second, 0).await;
    assert!(
        deliveries(&second)
            .await
            .iter()
            .all(|delivery| matches!(delivery, Delivery::Sent { .. }))
    );
}

#[tokio::test]
async fn a_lost_reply_is_made_good_by_sending_again() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    write_one(&tablet, "counted there, not here").await;
    office.line.loses_replies.set(true);
    assert_eq!(tablet.sync().await, SyncOutcome::Unreached { wait_seconds: None });
    office.line.loses_replies.set(false);
    sends(&tablet, 1).await;
}

#[tokio::test]
async fn assessments_full_of_photographs_are_sent() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    office.cut();
    // As much as an assessment may carry, in base 64.
    let photographs = "A".repeat(3_000_000 / 3 * 4);
    for note in ["one", "another"] {
        let id = write_one(&tablet, note).await;
        let mut working = tablet.open(id).await.unwrap();
        working.document.response["item"] = json!([{ "linkId": "photo",
            "answer": [{ "valueAttachment": { "contentType": "image/jpeg", "data": photographs } }] }]);
        tablet.save(&mut working).await.unwrap();
    }
    office.restore();
    sends(&tablet, 2).await;
}

#[tokio::test]
async fn a_change_made_after_sending_is_sent_too() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    let id = write_one(&tablet, "first").await;
    sends(&tablet, 1).await;
    let mut working = tablet.open(id).await.unwrap();
    working.document.response["item"] =
        json!([{ "linkId": "note", "answer": [{ "valueString": "second" }] }]);
    tablet.save(&mut working).await.unwrap();
    sends(&tablet, 1).await;
}

#[tokio::test]
async fn a_password_forgotten_in_the_field_loses_nothing() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    office.cut();
    write_one(&tablet, "before the reset").await;
    tablet.lock();
    for _ in 0..5 {
        assert_eq!(
            refuses(&tablet, "field1", "not-my-password").await,
            Message::Incorrect
        );
    }
    let temp = office.reset("field1").await;
    assert_eq!(
        refuses(&tablet, "field1", &temp).await,
        Message::Incorrect,
        "a temp password never opens offline"
    );
    let info = opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    assert_eq!(
        info.opened,
        OpenedBy::Offline,
        "the tablet has not heard of the reset"
    );
    assert_eq!(tablet.sync().await, SyncOutcome::Unreached { wait_seconds: None });

    office.restore();
    assert_eq!(
        tablet.sync().await,
        SyncOutcome::Lock(LockReason::PasswordChanged)
    );
    tablet.lock();
    assert_eq!(
        refuses(&tablet, "field1", SAMPLE_PASSWORD).await,
        Message::Incorrect
    );
    office.cut();
    assert_eq!(
        refuses(&tablet, "field1", SAMPLE_PASSWORD).await,
        Message::Incorrect,
        "nor offline any more"
    );

    office.restore();
    let info = opens(&tablet, "field1", &temp).await;
    assert_eq!(info.offline, OfflineSignIn::TempPassword);
    assert_eq!(
        deliveries(&tablet).await,
        [Delivery::Waiting],
        "written before the reset"
    );
    sends(&tablet, 1).await;
    tablet.lock();
    office.cut();
    assert_eq!(refuses(&tablet, "field1", &temp).await, Message::Incorrect);
}

#[tokio::test]
async fn what_waits_leaves_with_whoever_signs_in_on_the_tablet() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    office.cut();
    write_one(&tablet, "its author is away").await;
    tablet.lock();
    office.restore();
    let author = admin::find(&office.app, "field1").await.unwrap().unwrap();
    admin::deactivate(&office.app, None, author).await.unwrap();
    opens(&tablet, "field2", SAMPLE_PASSWORD).await;
    let outbox = tablet.outbox().await.unwrap();
    assert_eq!(outbox.waiting.len(), 1);
    assert_eq!(
        outbox.waiting[0].title,
        replica::OutboxTitle::OfAnotherUser,
        "and nothing of it can be read"
    );
    assert!(tablet.documents().await.unwrap().documents.is_empty());
    sends(&tablet, 1).await;
}

#[tokio::test]
async fn a_deactivated_user_is_locked_out_at_the_next_contact_and_back_with_everything_later() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    write_one(&tablet, "mine").await;
    let user = admin::find(&office.app, "field1").await.unwrap().unwrap();
    admin::deactivate(&office.app, None, user).await.unwrap();
    assert_eq!(tablet.sync().await, SyncOutcome::Lock(LockReason::NoAccess));
    tablet.lock();
    assert_eq!(
        refuses(&tablet, "field1", SAMPLE_PASSWORD).await,
        Message::CriticalError
    );
    admin::reactivate(&office.app, None, user).await.unwrap();
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    assert_eq!(deliveries(&tablet).await, [Delivery::Waiting]);
    sends(&tablet, 1).await;
}

#[tokio::test]
async fn three_wrong_passwords_lock_online_and_not_offline() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    tablet.lock();
    for expected in [Message::Incorrect, Message::Incorrect, Message::Locked] {
        assert_eq!(refuses(&tablet, "field1", "wrong").await, expected);
    }
    assert_eq!(
        refuses(&tablet, "field1", SAMPLE_PASSWORD).await,
        Message::Locked,
        "the right one included"
    );
    office.cut();
    assert_eq!(
        opens(&tablet, "field1", SAMPLE_PASSWORD).await.opened,
        OpenedBy::Offline
    );
}

#[tokio::test]
async fn a_completed_assessment_is_altered_by_nobody() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    let id = write_one(&tablet, "final").await;
    completes(&tablet, id).await;
    let mut working = tablet.open(id).await.unwrap();
    assert_eq!(tablet.save(&mut working).await, Err(SaveFault::Complete));
    sends(&tablet, 1).await;
}

#[tokio::test]
async fn a_revoked_tablet_says_so_and_keeps_all_that_it_has() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    write_one(&tablet, "mine").await;
    let user = admin::find(&office.app, "field1").await.unwrap().unwrap();
    let known = admin::tablets_of(&office.app, user).await.unwrap();
    let mark = admin::mark(known.first().unwrap().device);
    admin::revoke(&office.app, None, user, &mark).await.unwrap();
    tablet.lock();

    let SignIn::No {
        message, unanswered, ..
    } = attempt(&tablet, "field1", "wrong").await
    else {
        panic!("a wrong password opened");
    };
    assert_eq!(message, Message::Incorrect);
    assert!(unanswered.unwrap().tablet_revoked);
    // No answer, so the tablet goes on as without a network, and says why nothing is sent.
    let session = opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    assert_eq!(session.opened, OpenedBy::Offline);
    assert!(session.tablet_revoked);
    assert_eq!(deliveries(&tablet).await, [Delivery::Waiting]);

    tablet.lock();
    admin::allow(&office.app, None, user, &mark).await.unwrap();
    assert!(!opens(&tablet, "field1", SAMPLE_PASSWORD).await.tablet_revoked);
    sends(&tablet, 1).await;
}

/// Signs it, as its author does.
async fn completes(tablet: &Tablet, id: RecordId) {
    let mut working = tablet.open(id).await.unwrap();
    let by = tablet.session().unwrap().user_id;
    for to in [Status::Pending, Status::Complete] {
        let turn = documents::Turn {
            by,
            at: tablet.now(),
            to,
            ready: true,
            reason: "",
        };
        documents::turn(&mut working.document, turn).unwrap();
        tablet.save(&mut working).await.unwrap();
    }
}

/// An assessment of a client whom both have, written, signed and sent by field1, and fetched by field2 on another tablet.
async fn shared(office: &Office) -> (Tablet, Tablet, RecordId) {
    let (first, second) = (office.tablet().await, office.tablet().await);
    for (tablet, login) in [(&first, "field1"), (&second, "field2")] {
        opens(tablet, login, SAMPLE_PASSWORD).await;
        sends(tablet, 0).await;
    }
    let theirs = second.caseload().await.unwrap().clients;
    let id = write_for(&first, "as it was signed", |client| {
        theirs.iter().any(|each| each.id == client.id)
    })
    .await;
    completes(&first, id).await;
    sends(&first, 1).await;
    sends(&second, 0).await;
    (first, second, id)
}

#[tokio::test]
async fn a_colleagues_completed_assessment_is_read_offline_and_altered_by_nobody() {
    let office = Office::open().await;
    let (first, second, id) = shared(&office).await;
    office.cut();
    let [listed] = &second.caseload().await.unwrap().received[..] else {
        panic!("one assessment came down")
    };
    assert_eq!((listed.id, listed.author_name.as_str()), (id, "Test Field One"));
    let mut read = second.open(id).await.unwrap();
    assert_eq!(
        read.document,
        first.open(id).await.unwrap().document,
        "history and signature too"
    );
    assert_eq!(read.broken(), None);
    read.document.response["item"] = json!([]);
    assert!(matches!(second.save(&mut read).await, Err(SaveFault::Complete)));
    assert_eq!(second.waiting().await.unwrap(), 0);
    assert!(
        first.caseload().await.unwrap().received.is_empty(),
        "its author has it already"
    );
}

#[tokio::test]
async fn a_copy_is_the_copiers_own_and_arrives() {
    let office = Office::open().await;
    let (_, second, id) = shared(&office).await;
    let original = second.open(id).await.unwrap();
    let copy = second.copy(&original.document).await.unwrap();
    assert_eq!(copy.document.author, second.session().unwrap().user_id);
    assert_eq!(copy.document.status, Status::Draft);
    assert!(matches!(&copy.document.history[0].change, Change::Copied { from, .. } if *from == id));
    sends(&second, 1).await;
    completes(&second, copy.document.id).await;
    sends(&second, 1).await;
}

#[tokio::test]
async fn a_colleagues_assessment_goes_with_the_client() {
    let office = Office::open().await;
    let (_, second, id) = shared(&office).await;
    let client = second.open(id).await.unwrap().document.client_id;
    let user = second.session().unwrap().user_id;
    admin::set_assigned(&office.app, None, client, user, false)
        .await
        .unwrap();
    sends(&second, 0).await;
    assert!(second.caseload().await.unwrap().received.is_empty());
    assert!(second.open(id).await.is_err(), "it does not lie here any more");
    admin::set_assigned(&office.app, None, client, user, true)
        .await
        .unwrap();
    sends(&second, 0).await;
    assert!(second.open(id).await.is_ok(), "and comes back");
}

#[tokio::test]
async fn what_was_typed_while_sending_does_not_rewrite_what_was_sent() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    let id = write_one(&tablet, "first").await;
    let mut working = tablet.open(id).await.unwrap();
    for (text, settled) in [
        ("Por", false),
        ("Portu", false),
        ("Portuguese", false),
        ("Portuguese", true),
    ] {
        let change = Change::Answered {
            link_id: "language".into(),
            before: json!([]),
            after: json!([{ "valueString": text }]),
        };
        working.note(tablet.now(), change, settled);
        tablet.save(&mut working).await.unwrap();
        sends(&tablet, 1).await;
    }
    let history = tablet.open(id).await.unwrap().document.history;
    assert_eq!(
        history.len(),
        3,
        "begun, the first answer, the language: {history:?}"
    );
}

#[tokio::test]
async fn a_history_that_was_bent_is_seen_on_opening_and_on_receipt_and_a_copy_goes_on() {
    let office = Office::open().await;
    let tablet = office.tablet().await;
    opens(&tablet, "field1", SAMPLE_PASSWORD).await;
    sends(&tablet, 0).await;
    let id = write_one(&tablet, "as it was").await;
    let mut bent = tablet.open(id).await.unwrap();
    assert_eq!(bent.broken(), None);
    bent.document.history[1].at = Timestamp(7);
    tablet.save(&mut bent).await.unwrap();

    let mut opened = tablet.open(id).await.unwrap();
    assert!(opened.broken().is_some());
    assert!(matches!(
        tablet.save(&mut opened).await,
        Err(SaveFault::History(_))
    ));
    let copy = tablet.copy(&opened.document).await.unwrap();
    assert_eq!(
        copy.document.response["item"], opened.document.response["item"],
        "every answer"
    );
    let outcome = tablet.sync().await;
    assert!(
        matches!(
            outcome,
            SyncOutcome::Done {
                sent: 1,
                refused: 1,
                ..
            }
        ),
        "{outcome:?}"
    );
    let refused = &tablet.outbox().await.unwrap().refused;
    let why = refused[0].why.as_deref().unwrap_or_default();
    assert!(why.contains("history") && why.contains("copy"), "{why}");
}

#[tokio::test]
async fn a_draft_is_finished_with_its_own_version_of_the_form_and_read_by_a_colleague_who_never_had_it() {
    let office = Office::open().await;
    let first = office.tablet().await;
    opens(&first, "field1", SAMPLE_PASSWORD).await;
    sends(&first, 0).await;
    // A client of both, in the sample data.
    let begun = write_for(&first, "begun", |client| client.full_name == "Testcase Coral").await;
    let old = first.open(begun).await.unwrap().document.form;
    let mut newer = protocol::FormDefinition {
        url: old.url.clone(),
        version: "next".into(),
        title: old.title.clone(),
        questionnaire: first.form(&old).await.unwrap(),
    };
    newer.questionnaire["version"] = json!("next");
    assert!(admin::publish_form(&office.app, &newer).await.unwrap());
    sends(&first, 1).await;

    // New assessments begin with the new one, and the draft goes on with its own.
    let forms = first.caseload().await.unwrap().forms;
    let offered: Vec<&str> = forms
        .iter()
        .filter(|form| form.url == old.url)
        .map(|form| form.version.as_str())
        .collect();
    assert_eq!(offered, ["next"]);
    assert_ne!(first.form(&old).await.unwrap()["version"], "next");
    assert_eq!(first.form(&newer.reference()).await.unwrap()["version"], "next");
    completes(&first, begun).await;
    sends(&first, 1).await;

    // A tablet that comes to know the form only now gets the old version with what was filled in with it, and no other.
    let second = office.tablet().await;
    opens(&second, "field2", SAMPLE_PASSWORD).await;
    sends(&second, 0).await;
    assert_eq!(second.open(begun).await.unwrap().document.form, old);
    assert_ne!(second.form(&old).await.unwrap()["version"], "next");
    let offered = second.caseload().await.unwrap().forms;
    assert_eq!(offered, forms);
}
