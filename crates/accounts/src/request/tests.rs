use std::collections::{HashSet, VecDeque};

use super::*;

const ANNA: char = 'a';
const BERT: char = 'b';
const USER: char = 'u';
const OTHER: char = 'o';

const STAFF: Option<Subject> = Some(Subject {
    has_question: true,
    is_privileged: false,
});
const SUPERVISOR: Option<Subject> = Some(Subject {
    has_question: true,
    is_privileged: true,
});
const WITHOUT_QUESTION: Option<Subject> = Some(Subject {
    has_question: false,
    is_privileged: false,
});
const MATCH: Act<char> = Act::Answer { matches: true };
const CHOSEN: Act<char> = Act::Choose(USER);
const WRONG: Act<char> = Act::Answer { matches: false };

/// What it is about, the account, Anna's acts, and what they come to.
type Row = (
    &'static str,
    Option<Subject>,
    &'static [Act<char>],
    Result<Stage, Refusal>,
);

/// Carries out acts in a row; the first refusal ends it.
fn story(subject: Option<Subject>, acts: &[(char, Act<char>)]) -> Result<Request<char>, Refusal> {
    acts.iter().try_fold(Request::new(), |request, (by, what)| {
        let subject = subject.filter(|_| request.account.is_some());
        act(&request, *by, *what, subject)
    })
}

fn by_anna(subject: Option<Subject>, acts: &[Act<char>]) -> Result<Request<char>, Refusal> {
    let acts: Vec<_> = acts.iter().map(|what| (ANNA, *what)).collect();
    story(subject, &acts)
}

#[test]
fn each_row_of_the_table() {
    use Act::{Ask, Choose, NotReached, Reached, Reset, Withdraw};
    let rows: &[Row] = &[
        ("a call that reached", STAFF, &[Reached], Ok(Stage::Reached)),
        ("a first vain call", STAFF, &[NotReached], Ok(Stage::FirstAttempt)),
        (
            "a second vain call",
            STAFF,
            &[NotReached, NotReached],
            Ok(Stage::Returned(Why::Unreached)),
        ),
        (
            "reached the second time",
            STAFF,
            &[NotReached, Reached],
            Ok(Stage::Reached),
        ),
        (
            "a call that broke off counts",
            STAFF,
            &[NotReached, Reached, NotReached],
            Ok(Stage::Returned(Why::Unreached)),
        ),
        (
            "one's own account",
            STAFF,
            &[Choose(ANNA)],
            Err(Refusal::OwnAccount),
        ),
        (
            "an answer without an account",
            STAFF,
            &[Reached, MATCH],
            Err(Refusal::NoAccount),
        ),
        (
            "an answer without a call",
            STAFF,
            &[CHOSEN, MATCH],
            Err(Refusal::NotOnThePhone),
        ),
        (
            "an answer without a question",
            WITHOUT_QUESTION,
            &[CHOSEN, Reached, MATCH],
            Err(Refusal::NoQuestion),
        ),
        (
            "a second answer",
            STAFF,
            &[CHOSEN, Reached, MATCH, WRONG],
            Err(Refusal::AlreadyAnswered),
        ),
        (
            "two wrong answers and a right one",
            STAFF,
            &[CHOSEN, Reached, WRONG, WRONG, MATCH, Reset],
            Ok(Stage::Done),
        ),
        (
            "three wrong answers",
            STAFF,
            &[CHOSEN, Reached, WRONG, WRONG, WRONG],
            Ok(Stage::Returned(Why::NotValidated)),
        ),
        (
            "wrong answers for two accounts",
            STAFF,
            &[CHOSEN, Reached, WRONG, WRONG, Choose(OTHER), WRONG],
            Ok(Stage::Returned(Why::NotValidated)),
        ),
        (
            "a reset without an answer",
            STAFF,
            &[CHOSEN, Reached, Reset],
            Err(Refusal::NotValidated),
        ),
        (
            "a reset after the call has ended",
            STAFF,
            &[CHOSEN, Reached, MATCH, NotReached, Reset],
            Err(Refusal::NotOnThePhone),
        ),
        (
            "the answer was of the call before",
            STAFF,
            &[CHOSEN, Reached, MATCH, NotReached, Reached, Reset],
            Err(Refusal::NotValidated),
        ),
        (
            "the answer was of another account",
            STAFF,
            &[CHOSEN, Reached, MATCH, Choose(OTHER), Reset],
            Err(Refusal::NotValidated),
        ),
        (
            "a supervisor's account",
            SUPERVISOR,
            &[CHOSEN, Reached, MATCH, Reset],
            Err(Refusal::NeedsSecond),
        ),
        (
            "approval without an answer",
            SUPERVISOR,
            &[CHOSEN, Reached, Ask(Purpose::Approval)],
            Err(Refusal::NotValidated),
        ),
        (
            "identity after an answer",
            STAFF,
            &[CHOSEN, Reached, MATCH, Ask(Purpose::Identity)],
            Err(Refusal::AlreadyAnswered),
        ),
        (
            "asking twice",
            STAFF,
            &[CHOSEN, Ask(Purpose::Identity), Ask(Purpose::Identity)],
            Err(Refusal::AlreadyAsked),
        ),
        (
            "an approval rested on the answer of the call before",
            SUPERVISOR,
            &[
                CHOSEN,
                Reached,
                MATCH,
                Ask(Purpose::Approval),
                NotReached,
                Reached,
                Ask(Purpose::Identity),
            ],
            Ok(Stage::Reached),
        ),
        (
            "asking without an account",
            STAFF,
            &[Ask(Purpose::Identity)],
            Err(Refusal::NoAccount),
        ),
        (
            "agreeing with oneself",
            STAFF,
            &[CHOSEN, Ask(Purpose::Identity), Act::Agree],
            Err(Refusal::SamePerson),
        ),
        (
            "agreeing unasked",
            STAFF,
            &[CHOSEN, Act::Agree],
            Err(Refusal::NothingAsked),
        ),
        (
            "withdrawn",
            STAFF,
            &[Withdraw],
            Ok(Stage::Returned(Why::Withdrawn)),
        ),
        (
            "a closed request",
            STAFF,
            &[Withdraw, Reached],
            Err(Refusal::Closed),
        ),
        (
            "a second reset",
            STAFF,
            &[CHOSEN, Reached, MATCH, Reset, Reset],
            Err(Refusal::Closed),
        ),
    ];
    for (name, subject, acts, expected) in rows {
        assert_eq!(
            by_anna(*subject, acts).map(|request| request.stage),
            *expected,
            "{name}"
        );
    }
}

#[test]
fn a_second_clerk_agrees_to_the_reset_of_an_account_with_power() {
    let answered = [
        Act::Choose(USER),
        Act::Reached,
        MATCH,
        Act::Ask(Purpose::Approval),
    ]
    .map(|what| (ANNA, what));
    let then = |more: &[(char, Act<char>)]| {
        story(SUPERVISOR, &[&answered[..], more].concat()).map(|request| request.stage)
    };
    assert_eq!(then(&[(ANNA, Act::Reset)]), Err(Refusal::NeedsSecond));
    assert_eq!(then(&[(BERT, Act::Agree), (ANNA, Act::Reset)]), Ok(Stage::Done));
    assert_eq!(
        then(&[(BERT, Act::Agree), (BERT, Act::Reset)]),
        Err(Refusal::SamePerson)
    );
    assert_eq!(
        then(&[(BERT, Act::Decline), (ANNA, Act::Reset)]),
        Err(Refusal::NeedsSecond)
    );
    assert_eq!(then(&[(USER, Act::Agree)]), Err(Refusal::OwnAccount));
}

#[test]
fn a_second_clerk_confirms_who_the_user_is_where_the_question_cannot() {
    for subject in [WITHOUT_QUESTION, STAFF, SUPERVISOR] {
        let asked = [
            (ANNA, Act::Choose(USER)),
            (ANNA, Act::Ask(Purpose::Identity)),
            (BERT, Act::Agree),
        ];
        let reset = [&asked[..], &[(ANNA, Act::Reached), (ANNA, Act::Reset)]].concat();
        assert_eq!(
            story(subject, &reset).map(|request| request.stage),
            Ok(Stage::Done)
        );
        let alone = [&asked[..], &[(BERT, Act::Reached), (BERT, Act::Reset)]].concat();
        assert_eq!(story(subject, &alone), Err(Refusal::SamePerson));
    }
}

/// Every request that three people can bring about, the two clerks and a user who is a clerk too.
#[test]
fn no_order_of_acts_resets_without_validation() {
    let people = [ANNA, BERT, USER];
    let acts = [
        Act::Choose(USER),
        Act::Choose(OTHER),
        Act::Reached,
        Act::NotReached,
        MATCH,
        WRONG,
        Act::Ask(Purpose::Approval),
        Act::Ask(Purpose::Identity),
        Act::Agree,
        Act::Decline,
        Act::Reset,
        Act::Withdraw,
    ];
    for facts in [STAFF, SUPERVISOR, WITHOUT_QUESTION] {
        let mut seen = HashSet::from([Request::new()]);
        let mut next = VecDeque::from([Request::new()]);
        let mut resets = 0;
        while let Some(request) = next.pop_front() {
            let subject = facts.filter(|_| request.account.is_some());
            for by in people {
                for what in acts {
                    let Ok(after) = act(&request, by, what, subject) else {
                        continue;
                    };
                    assert!(request.is_open(), "a closed request changes no more");
                    assert!(request.wrong < TRIES && request.missed < CALLS);
                    if what == Act::Reset {
                        resets += 1;
                        assert_eq!(may_reset(&request, by, subject), Ok(()));
                        assert_eq!(request.stage, Stage::Reached);
                        assert!(request.account.is_some_and(|account| account != by));
                        let second = match request.second {
                            Second::Agreed {
                                purpose,
                                asked_by,
                                by: second,
                            } => {
                                assert!(
                                    second != by && second != asked_by && Some(second) != request.account
                                );
                                Some(purpose)
                            }
                            _ => None,
                        };
                        assert!(request.is_answered || second == Some(Purpose::Identity));
                        assert!(second.is_some() || facts.is_some_and(|facts| !facts.is_privileged));
                    } else {
                        assert_ne!(after.stage, Stage::Done);
                    }
                    if seen.insert(after) {
                        next.push_back(after);
                    }
                }
            }
        }
        assert!(resets > 0, "{facts:?}");
    }
}
