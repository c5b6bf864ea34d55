//! "Saved 3 seconds ago": said after the commit and not before, and true whenever it is read.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use crate::prelude::*;
use protocol::Timestamp;

use super::saver::Mark;
use crate::browser::device;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;

/// How long ago, and after how many milliseconds that is not true any more. `None` where the time of day says more: after ten
/// minutes, or where a clock was set back.
///
/// Seconds are counted one by one at first, and then by fives: numbers that change draw the eye.
fn ago(age: i64) -> Option<(String, i64)> {
    let until = |step: i64| step - age % step;
    match age {
        ..0 => None,
        0..3_000 => Some((tr!("Saved just now").to_owned(), 3_000 - age)),
        3_000..10_000 => Some((seconds(age / SECOND), until(SECOND))),
        10_000..MINUTE => Some((seconds(age / SECOND / 5 * 5), until(5 * SECOND))),
        MINUTE..120_000 => Some((tr!("Saved 1 minute ago").to_owned(), until(MINUTE))),
        120_000..600_000 => Some((tr!("Saved {n} minutes ago", n = age / MINUTE), until(MINUTE))),
        _ => None,
    }
}

fn seconds(seconds: i64) -> String {
    tr!("Saved {n} seconds ago", n = seconds)
}

/// "14:02", and the day where that is another.
fn time(at: Timestamp) -> String {
    match device::moment(at, device::now()) {
        today if today.days_ago == 0 => today.time,
        _ => device::when(at),
    }
}

/// Says how it stands now, and again as soon as that is no longer true. Each turn ends the one before.
fn say(mark: RwSignal<Mark>, words: RwSignal<String>, turn: &Rc<Cell<u32>>) {
    let Some(now) = mark.try_get_untracked() else {
        // The page is left.
        return;
    };
    let (said, until) = match now {
        Mark::Saving => (tr!("Saving…").to_owned(), None),
        Mark::NotSaved(_) => (tr!("Not saved").to_owned(), None),
        Mark::Saved(at) => match ago(device::now().0 - at.0) {
            Some((ago, until)) => (ago, u64::try_from(until).ok()),
            None => (tr!("Saved {time}", time = time(at)), None),
        },
    };
    words.set(said);
    let this = turn.get().wrapping_add(1);
    turn.set(this);
    // Nobody looks at a page that is out of sight: there it waits.
    if let Some(until) = until.filter(|_| !device::is_hidden()) {
        let turn = turn.clone();
        let again = move || {
            if turn.get() == this {
                say(mark, words, &turn);
            }
        };
        set_timeout(again, Duration::from_millis(until));
    }
}

/// Beside the buttons. Screen readers are told the time of day, and that once a minute at most: what is being saved is not read
/// out, and neither is how long ago it was.
#[component]
pub fn SavedMark(mark: RwSignal<Mark>) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let turn = Rc::new(Cell::new(0));
    let again = turn.clone();
    effect(move || {
        mark.track();
        say(mark, words, &again);
    });
    device::on_show(move || say(mark, words, &turn));
    let heard = Memo::new(move |before: Option<&String>| match mark.get() {
        Mark::Saving => before.cloned().unwrap_or_default(),
        Mark::Saved(at) => tr!("Saved {time}", time = time(at)),
        Mark::NotSaved(_) => tr!("Not saved").to_owned(),
    });
    view! {
        <p class="saved small" class:saved-not=move || matches!(mark.get(), Mark::NotSaved(_)) aria-hidden="true">
            {words}
        </p>
        <p class="unseen" role="status">
            {heard}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_save_is_told_by_its_age_and_the_words_change_when_they_are_no_longer_true() {
        for (age, words, until) in [
            (0, "just now", 3_000),
            (2_999, "just now", 1),
            (3_000, "3 seconds ago", 1_000),
            (9_400, "9 seconds ago", 600),
            (10_000, "10 seconds ago", 5_000),
            (59_999, "55 seconds ago", 1),
            (60_000, "1 minute ago", 60_000),
            (150_000, "2 minutes ago", 30_000),
            (599_999, "9 minutes ago", 1),
        ] {
            assert_eq!(ago(age), Some((format!("Saved {words}"), until)), "{age}");
        }
        // The time of day says more; and a clock that was set back says nothing.
        assert_eq!(ago(600_000), None);
        assert_eq!(ago(-1), None);
    }
}
