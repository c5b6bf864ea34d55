//! A tablet that was put down locks itself, and a page that the back button brings out of the browser's cache was
//! never there: both end in one reload.

use std::time::Duration;

use leptos::{ev, prelude::*};

/// Without a touch or a key for this long, in milliseconds, the tablet locks.
pub const LOCK_AFTER_MS: f64 = 15.0 * 60_000.0;
/// This long before, in milliseconds, it says so.
pub const WARN_BEFORE_MS: f64 = 60_000.0;
const LOOK_EVERY: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    InUse,
    AboutToLock,
    Lock,
}

/// Where a tablet is that was used last at `last`. Of a clock that was set back nothing follows.
pub fn stage(last: f64, now: f64) -> Stage {
    match now - last {
        idle if idle >= LOCK_AFTER_MS => Stage::Lock,
        idle if idle >= LOCK_AFTER_MS - WARN_BEFORE_MS => Stage::AboutToLock,
        _ => Stage::InUse,
    }
}

/// Watches while somebody is signed in. A touch ends the warning.
pub fn watch(signed_in: Signal<bool>, warning: RwSignal<bool>, lock: Callback<()>) {
    let last = StoredValue::new(js_sys::Date::now());
    let look = move || {
        if !signed_in.get_untracked() {
            last.set_value(js_sys::Date::now());
            return;
        }
        match stage(last.get_value(), js_sys::Date::now()) {
            Stage::InUse if warning.get_untracked() => warning.set(false),
            Stage::InUse => {}
            Stage::AboutToLock if warning.get_untracked() => {}
            Stage::AboutToLock => warning.set(true),
            Stage::Lock => lock.run(()),
        }
    };
    let used = move || {
        // A tablet that wakes from sleep has not been used: the time before the touch counts first.
        look();
        last.set_value(js_sys::Date::now());
        if warning.get_untracked() {
            warning.set(false);
        }
    };
    let listeners = [
        window_event_listener(ev::pointerdown, move |_| used()),
        window_event_listener(ev::keydown, move |_| used()),
        window_event_listener(ev::wheel, move |_| used()),
        window_event_listener(ev::visibilitychange, move |_| look()),
    ];
    let timer = set_interval_with_handle(look, LOOK_EVERY);
    on_cleanup(move || {
        listeners.into_iter().for_each(|listener| listener.remove());
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}

/// Calls `lock` when the page is shown again out of the back/forward cache.
pub fn on_return_from_cache(lock: Callback<()>) {
    let listener = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            lock.run(());
        }
    });
    on_cleanup(move || listener.remove());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tablet_that_was_put_down_warns_and_then_locks() {
        let minutes = |n: f64| n * 60_000.0;
        for (idle, expected) in [
            (0.0, Stage::InUse),
            (minutes(13.9), Stage::InUse),
            (minutes(14.0), Stage::AboutToLock),
            (minutes(14.9), Stage::AboutToLock),
            (minutes(15.0), Stage::Lock),
            (minutes(600.0), Stage::Lock),
            (minutes(-600.0), Stage::InUse),
        ] {
            assert_eq!(stage(1_000_000.0, 1_000_000.0 + idle), expected, "{idle} ms");
        }
    }
}
