use super::*;

const AT: Timestamp = Timestamp(1_000);

fn after(events: &[Event], online: bool) -> Guide {
    events.iter().fold(Guide::default(), |guide, event| {
        guide.after(event.clone(), AT, online)
    })
}

fn signed_in(temp: bool, new_password: bool) -> Event {
    Event::SignedIn(SignedIn {
        full_name: "Testcase Amber".into(),
        temp,
        new_password,
    })
}

fn typed(full_name: &str) -> Event {
    Event::Typed(ResetRequest {
        full_name: full_name.into(),
        ..ResetRequest::default()
    })
}

/// Events, the network, and the five states of the case's steps.
#[test]
fn the_page_stands_where_the_user_is() {
    use Event::{Chose, Composed, OpenedMain, Received, RequestAgain, Requested};
    use State::{Done, Later, Now, Unproven};
    let (a, b) = (Chose(Case::Online), Chose(Case::Offline));
    for (what, events, online, states) in [
        ("nothing yet", vec![], true, [Now, Later, Later, Later, Later]),
        (
            "the mail program was opened: that is not a request yet",
            vec![Composed],
            true,
            [Now, Later, Later, Later, Later],
        ),
        (
            "A: requested",
            vec![Requested],
            true,
            [Done, Now, Later, Later, Later],
        ),
        (
            "A: the helpdesk has called",
            vec![Requested, Received],
            true,
            [Done, Done, Now, Later, Later],
        ),
        (
            "A: called without an e-mail",
            vec![Received],
            true,
            [Done, Done, Now, Later, Later],
        ),
        (
            "A: signed in with the temp password",
            vec![Requested, Received, signed_in(true, true)],
            true,
            [Done, Done, Done, Now, Later],
        ),
        (
            "A: the same, and nobody said that it had come",
            vec![Requested, signed_in(true, true)],
            true,
            [Done, Done, Done, Now, Later],
        ),
        (
            "A: the main application was opened: nobody knows what was done there",
            vec![Requested, Received, signed_in(true, true), OpenedMain],
            true,
            [Done, Done, Done, Unproven, Now],
        ),
        (
            "B: requested in the field",
            vec![Requested],
            false,
            [Done, Now, Later, Later, Later],
        ),
        (
            "B: no network yet",
            vec![Requested, Received],
            false,
            [Done, Done, Now, Later, Later],
        ),
        (
            "B: the network comes, and the way stays",
            vec![b.clone(), Requested, Received],
            true,
            [Done, Done, Done, Now, Later],
        ),
        (
            "B: a network does not help before the temp password",
            vec![b.clone(), Requested],
            true,
            [Done, Now, Later, Later, Later],
        ),
        (
            "B: back from the main application",
            vec![b.clone(), Requested, Received, OpenedMain],
            true,
            [Done, Done, Done, Unproven, Now],
        ),
        (
            "B: the network has gone again",
            vec![b.clone(), Requested, Received, OpenedMain],
            false,
            [Done, Done, Now, Unproven, Later],
        ),
        (
            "B: the temp password was used here: from then on it is case A",
            vec![b, Requested, Received, signed_in(true, true)],
            true,
            [Done, Done, Done, Now, Later],
        ),
        (
            "the helpdesk has tried twice: a new request",
            vec![a, Requested, RequestAgain],
            true,
            [Now, Later, Later, Later, Later],
        ),
    ] {
        let guide = after(&events, online);
        let found = guide.case(online).steps().map(|step| guide.state(step, online));
        assert_eq!(found, states, "{what}");
    }
}

#[test]
fn the_network_chooses_the_way_until_the_request_is_sent() {
    let guide = Guide::default();
    assert_eq!(guide.case(true), Case::Online);
    assert_eq!(guide.case(false), Case::Offline);
    assert_eq!(after(&[Event::Requested], false).case(true), Case::Offline);
    assert_eq!(
        after(&[Event::Chose(Case::Online)], false).case(false),
        Case::Online
    );
}

#[test]
fn the_first_sign_in_with_the_new_password_ends_it_and_erases_what_was_typed() {
    let way = [typed("Testcase Amber"), Event::Requested, Event::Received];
    for last in [signed_in(false, true), signed_in(false, false), Event::Ended] {
        let guide = after(&[&way[..], &[last]].concat(), true);
        assert_eq!(guide, Guide::default());
        assert!(!guide.is_running());
    }
}

#[test]
fn a_colleague_who_signs_in_on_the_same_tablet_changes_nothing() {
    let way = [typed("Testcase Birch"), Event::Requested];
    let guide = after(&way, true);
    for temp in [false, true] {
        let other = guide.clone().after(signed_in(temp, false), AT, true);
        assert_eq!(other, guide);
    }
}

#[test]
fn a_sign_in_without_a_guide_begins_none() {
    assert_eq!(after(&[signed_in(true, true)], true), Guide::default());
}

#[test]
fn what_was_typed_is_kept_for_a_week_from_the_first_letter() {
    let week = 7 * 24 * 3_600_000;
    let guide = after(&[typed("Testcase Amber")], true);
    let later = Timestamp(AT.0 + week - 1);
    assert_eq!(guide.clone().at(later), guide);
    let typed_on = guide.clone().after(Event::Requested, later, true);
    for guide in [guide.clone(), typed_on] {
        assert_eq!(guide.at(Timestamp(AT.0 + week)), Guide::default());
    }
    let set_back = guide.clone().at(Timestamp(10));
    assert_eq!(set_back.request, guide.request);
    assert_eq!(set_back.clone().at(Timestamp(10 + week - 1)), set_back);
    assert_eq!(set_back.at(Timestamp(10 + week)), Guide::default());
}

#[test]
fn it_is_read_again_as_it_was_kept() {
    let guide = after(
        &[typed("Testcase Amber"), Event::Requested, Event::Received],
        false,
    );
    let kept = serde_json::to_vec(&guide).unwrap();
    assert_eq!(protocol::json::read::<Guide>(&kept).unwrap(), guide);
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    fn event() -> impl Strategy<Value = Event> {
        prop_oneof![
            Just(typed("Testcase Amber")),
            Just(typed("Testcase Birch")),
            Just(Event::Chose(Case::Online)),
            Just(Event::Chose(Case::Offline)),
            Just(Event::Composed),
            Just(Event::Requested),
            Just(Event::RequestAgain),
            Just(Event::Received),
            Just(Event::OpenedMain),
            (any::<bool>(), any::<bool>()).prop_map(|(temp, new)| signed_in(temp, new)),
            Just(Event::Ended),
        ]
    }

    proptest! {
        /// Whatever happens in whatever order: a step is called done only where the user has said so, or the app has seen
        /// it; and that the password was changed is never claimed.
        #[test]
        fn it_never_claims_what_it_cannot_know(events in prop::collection::vec((event(), any::<bool>()), 0..24), online: bool) {
            let (mut guide, mut said, mut received, mut seen) = (Guide::default(), false, false, false);
            for (event, online) in events {
                match &event {
                    Event::Requested => said = true,
                    Event::RequestAgain => (said, received) = (false, false),
                    Event::Received => received = true,
                    Event::SignedIn(SignedIn { temp: true, .. }) => seen = true,
                    _ => {}
                }
                guide = guide.after(event, AT, online);
                if !guide.is_running() {
                    (said, received, seen) = (false, false, false);
                }
            }
            let steps = guide.case(online).steps();
            let states = steps.map(|step| guide.state(step, online));
            prop_assert_eq!(states.iter().filter(|state| **state == State::Now).count(), 1);
            for (step, state) in steps.into_iter().zip(states) {
                let known = match step {
                    Step::Request => said || received || seen,
                    Step::TempPassword => received || seen,
                    Step::SignInWithTemp => seen,
                    Step::Connect => online,
                    Step::Change | Step::Back => false,
                };
                prop_assert!(state != State::Done || known, "{:?} is called done", step);
            }
        }
    }
}
