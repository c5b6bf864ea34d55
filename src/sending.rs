//! When what waits is sent without anybody asking: at sign-in, when the network is back, a while after a save, at once
//! when an assessment is completed; and after a failure later and later.
//!
//! [`Schedule`] decides, [`watch`] asks it every few seconds. Neighbours: `desk`, which does the sending.

use std::time::Duration;

use crate::prelude::*;
use leptos::task::spawn_local;

use crate::desk::Desk;

const TICK: Duration = Duration::from_secs(2);
/// Answers given one after another go together.
const AFTER_SAVE_MS: f64 = 20_000.0;
/// Nothing waits: this often the caseload is asked for news. What was refused is offered again as often.
const REFRESH_MS: f64 = 10.0 * 60_000.0;
/// The main application answered: this often it is asked whether it still does.
const PROBE_MS: f64 = 60_000.0;
const FIRST_RETRY_MS: f64 = 5_000.0;
const LAST_PROBE_MS: f64 = 60_000.0;
const LAST_RETRY_MS: f64 = 10.0 * 60_000.0;

/// What is due, and when. Times are the browser's milliseconds, given by the caller.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Schedule {
    send_at: f64,
    probe_at: f64,
    /// Times in a row that nobody answered.
    misses: i32,
    /// Times in a row that sending came to nothing, whether or not a probe was answered in between.
    failed_sends: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Nothing,
    /// Send what waits, and hear what is new.
    Send,
    /// Ask whether the main application can be reached.
    Probe,
}

impl Schedule {
    pub fn due(&self, now: f64, signed_in: bool) -> Due {
        if signed_in && self.misses == 0 && now >= self.send_at {
            Due::Send
        } else if now >= self.probe_at {
            Due::Probe
        } else {
            Due::Nothing
        }
    }

    /// Somebody signed in, or the browser says that the network is back: everything is due.
    pub fn at_once(&mut self) {
        *self = Self::default();
    }

    /// An answer was saved; or, with `complete`, the last of an assessment.
    pub fn saved(&mut self, now: f64, complete: bool) {
        let wanted = if complete { now } else { now + AFTER_SAVE_MS };
        if self.failed_sends == 0 {
            self.send_at = self.send_at.min(wanted);
        }
    }

    /// Everything was sent that could be.
    pub fn sent(&mut self, now: f64) {
        self.reached(now);
        self.failed_sends = 0;
        self.send_at = now + REFRESH_MS;
    }

    /// A probe was answered.
    pub fn reached(&mut self, now: f64) {
        self.misses = 0;
        self.probe_at = now + PROBE_MS;
    }

    /// A probe was not answered: the next one comes later.
    pub fn missed(&mut self, now: f64) {
        self.misses += 1;
        self.probe_at = now + later(self.misses, LAST_PROBE_MS);
    }

    /// Nobody took what was sent, or the answer was to wait. The first retry follows on the first probe that is answered.
    pub fn not_sent(&mut self, now: f64, wait_seconds: Option<u32>) {
        self.missed(now);
        self.failed_sends += 1;
        let asked = wait_seconds.map_or(0.0, |seconds| f64::from(seconds) * 1_000.0);
        let backed_off = if self.failed_sends == 1 {
            0.0
        } else {
            later(self.failed_sends, LAST_RETRY_MS)
        };
        self.send_at = now + backed_off.max(asked);
    }
}

/// 5 s, 10 s, 20 s and so on.
fn later(times: i32, longest: f64) -> f64 {
    (FIRST_RETRY_MS * 2_f64.powi((times - 1).min(16))).min(longest)
}

/// Sends by itself for as long as the app is open.
pub fn watch(desk: Desk) {
    let signed_in = memo(move || desk.session.with(Option::is_some));
    let tick = move || {
        if !desk.link.get_untracked() || desk.is_busy() {
            return;
        }
        let due = desk
            .schedule
            .with_value(|schedule| schedule.due(desk.now(), signed_in.get_untracked()));
        match due {
            Due::Nothing => {}
            Due::Send => spawn_local(async move {
                // What came of it stands in the header.
                drop(desk.send().await);
            }),
            Due::Probe => spawn_local(desk.probe()),
        }
    };
    effect(move || {
        signed_in.get();
        if desk.link.get() {
            desk.schedule.update_value(Schedule::at_once);
            tick();
        }
    });
    let timer = set_interval_with_handle(tick, TICK);
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: f64 = 1_000.0;

    #[test]
    fn what_waits_goes_at_sign_in_and_nothing_goes_before_it() {
        let schedule = Schedule::default();
        assert_eq!(schedule.due(0.0, true), Due::Send);
        assert_eq!(schedule.due(0.0, false), Due::Probe);
    }

    #[test]
    fn answers_go_together_and_a_completed_assessment_goes_at_once() {
        let mut schedule = Schedule::default();
        schedule.sent(0.0);
        schedule.saved(SECOND, false);
        schedule.saved(5.0 * SECOND, false);
        assert_eq!(schedule.due(20.0 * SECOND, true), Due::Nothing);
        assert_eq!(schedule.due(21.0 * SECOND, true), Due::Send);
        schedule.saved(6.0 * SECOND, true);
        assert_eq!(schedule.due(6.0 * SECOND, true), Due::Send);
    }

    #[test]
    fn when_the_network_is_back_what_waits_is_sent_with_the_first_answer() {
        let mut schedule = Schedule::default();
        schedule.not_sent(0.0, None);
        assert_eq!(schedule.due(SECOND, true), Due::Nothing);
        assert_eq!(schedule.due(5.0 * SECOND, true), Due::Probe);
        schedule.missed(5.0 * SECOND);
        assert_eq!(schedule.due(10.0 * SECOND, true), Due::Nothing);
        assert_eq!(schedule.due(15.0 * SECOND, true), Due::Probe);
        schedule.reached(15.0 * SECOND);
        assert_eq!(schedule.due(15.0 * SECOND, true), Due::Send);
    }

    #[test]
    fn a_main_application_that_answers_and_takes_nothing_is_asked_later_and_later() {
        let (mut schedule, mut now, mut pauses) = (Schedule::default(), 0.0, Vec::new());
        for _ in 0..4 {
            schedule.not_sent(now, None);
            schedule.reached(now);
            let before = now;
            while schedule.due(now, true) != Due::Send {
                schedule.saved(now, true);
                now += SECOND;
            }
            pauses.push((now - before) / SECOND);
        }
        assert_eq!(pauses, [0.0, 10.0, 20.0, 40.0]);
    }

    #[test]
    fn a_wish_to_wait_is_granted() {
        let mut schedule = Schedule::default();
        schedule.not_sent(0.0, Some(90));
        schedule.reached(SECOND);
        assert_eq!(schedule.due(89.0 * SECOND, true), Due::Probe);
        assert_eq!(schedule.due(90.0 * SECOND, true), Due::Send);
    }

    #[test]
    fn probes_never_lie_further_apart_than_a_minute() {
        let mut schedule = Schedule::default();
        (0..40).for_each(|_| schedule.missed(0.0));
        assert_eq!(schedule.due(LAST_PROBE_MS, false), Due::Probe);
    }
}
