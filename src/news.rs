//! What a user is told once, after it has happened: that the browser has emptied this tablet, and that somebody has tried
//! their username on it.
//!
//! Neighbours: `replica::Eviction` and `replica::Failures`, which outlive a closed tab until they have been told; `frame`,
//! which stands these among the notices.

use crate::prelude::*;
use leptos::task::spawn_local;
use replica::Eviction;

use crate::browser::device::{self, Moment};
use crate::components::{Banner, Button, ButtonKind, Show, Tone};
use crate::desk::use_desk;

/// Loud, and on every page, until somebody who is signed in says that they have read it.
#[component]
pub fn Emptied() -> impl IntoView {
    let desk = use_desk();
    let signed_in = memo(move || desk.session.with(Option::is_some));
    let read = Callback::new(move |()| spawn_local(desk.eviction_read()));
    move || {
        desk.eviction.get().map(|eviction| {
            view! {
                <Banner tone=Tone::Danger>
                    <p>
                        <strong>{tr!("The browser has removed what was stored on this tablet. ")}</strong>
                        {lost_words(&eviction, device::when)}
                    </p>
                    <p>{told_words(&eviction)}</p>
                    <Show when=move || eviction.reported && signed_in.get()>
                        <div>
                            <Button label=tr!("I have read this") kind=ButtonKind::Secondary on_press=read />
                        </div>
                    </Show>
                </Banner>
            }
        })
    }
}

/// Calm: most often it was the user.
#[component]
pub fn FailedAttempts() -> impl IntoView {
    let desk = use_desk();
    let close = Callback::new(move |()| desk.failures.set(None));
    // It counts as told when it stands on the page of somebody who is signed in.
    effect(move || {
        if let Some(failures) = desk.failures.get() {
            spawn_local(async move {
                if let Ok(tablet) = desk.tablet().await {
                    tablet.failures_shown(failures).await;
                }
            });
        }
    });
    move || {
        let failures = desk
            .session
            .with(Option::is_some)
            .then(|| desk.failures.get())
            .flatten();
        failures.map(|failures| {
            let since = device::moment(failures.since, device::now());
            view! {
                <Banner tone=Tone::Info>
                    <p>
                        <strong>{failure_words(failures.count, &since)}</strong>
                        {tr!(" Your username was typed with a wrong password while there was no network. If it was not you, tell the helpdesk.")}
                    </p>
                    <div>
                        <Button label=tr!("Close") kind=ButtonKind::Secondary on_press=close />
                    </div>
                </Banner>
            }
        })
    }
}

fn lost_words(eviction: &Eviction, when: impl Fn(protocol::Timestamp) -> String) -> String {
    let Some(report) = eviction.last_report else {
        return tr!("Assessments that had not been sent from here are lost.").to_owned();
    };
    let when = when(report.at);
    match report.waiting {
        0 => tr!(
            "It last sent {when}, and nothing was left to send then. What was filled in here after that is lost.",
            when
        ),
        waiting => tr!(
            "It last sent {when}, and 1 assessment was still waiting then. That one, and what was filled in here after \
             that, is lost."
                | "It last sent {when}, and {n} assessments were still waiting then. They, and what was filled in here \
                   after that, are lost."
                    % waiting,
            when
        ),
    }
}

fn told_words(eviction: &Eviction) -> &'static str {
    if eviction.reported {
        tr!(
            "The main application has been told, and the helpdesk can see it. What was sent before is safe there."
        )
    } else {
        tr!(
            "What was sent before is safe in the main application. Sign in with a network: that tells the helpdesk. A first \
             sign-in needs a connection."
        )
    }
}

/// "1 failed attempt on this tablet yesterday at 17:40.", "4 failed attempts on this tablet since Tuesday."
fn failure_words(count: u32, since: &Moment) -> String {
    let Moment {
        days_ago,
        time,
        weekday,
        calendar,
    } = since;
    if count == 1 {
        return tr!(
            "1 failed attempt on this tablet {when}.",
            when = device::sentence(since)
        );
    }
    match days_ago {
        0 => tr!(
            "{n} failed attempts on this tablet since {time} today.",
            n = count,
            time
        ),
        1 => tr!("{n} failed attempts on this tablet since yesterday.", n = count),
        2..=6 => tr!(
            "{n} failed attempts on this tablet since {weekday}.",
            n = count,
            weekday
        ),
        _ => tr!(
            "{n} failed attempts on this tablet since {date}.",
            n = count,
            date = calendar
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{LastReport, Timestamp};

    #[test]
    fn failed_attempts_are_told_with_the_day_of_the_first() {
        for (count, days_ago, words) in [
            (1, 0, "1 failed attempt on this tablet today at 17:40."),
            (1, 1, "1 failed attempt on this tablet yesterday at 17:40."),
            (1, 2, "1 failed attempt on this tablet on Tuesday at 17:40."),
            (1, 6, "1 failed attempt on this tablet on Tuesday at 17:40."),
            (1, 7, "1 failed attempt on this tablet on 3 Nov 2026 at 17:40."),
            (4, 0, "4 failed attempts on this tablet since 17:40 today."),
            (4, 1, "4 failed attempts on this tablet since yesterday."),
            (4, 2, "4 failed attempts on this tablet since Tuesday."),
            (4, 6, "4 failed attempts on this tablet since Tuesday."),
            // A week later "Tuesday" would be another day.
            (4, 7, "4 failed attempts on this tablet since 3 Nov 2026."),
            (
                1_000,
                400,
                "1000 failed attempts on this tablet since 3 Nov 2026.",
            ),
            // The clock was set back in between.
            (4, -1, "4 failed attempts on this tablet since 3 Nov 2026."),
            (1, -1, "1 failed attempt on this tablet on 3 Nov 2026 at 17:40."),
        ] {
            let since = Moment {
                days_ago,
                time: "17:40".into(),
                weekday: "Tuesday".into(),
                calendar: "3 Nov 2026".into(),
            };
            assert_eq!(failure_words(count, &since), words);
        }
    }

    #[test]
    fn an_emptied_tablet_says_what_it_knows_of_what_is_lost() {
        let said = |last_report| {
            let eviction = Eviction {
                at: Timestamp(0),
                last_report,
                reported: false,
            };
            lost_words(&eviction, |_| "Monday 09:12".to_owned())
        };
        let waiting = |waiting| {
            said(Some(LastReport {
                waiting,
                at: Timestamp(0),
            }))
        };
        assert_eq!(
            said(None),
            "Assessments that had not been sent from here are lost."
        );
        assert!(waiting(0).starts_with("It last sent Monday 09:12, and nothing was left to send then."));
        assert!(
            waiting(1).starts_with("It last sent Monday 09:12, and 1 assessment was still waiting then.")
        );
        assert!(
            waiting(3).starts_with("It last sent Monday 09:12, and 3 assessments were still waiting then.")
        );
    }
}
