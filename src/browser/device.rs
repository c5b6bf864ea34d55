//! Small wishes of the pages that only a browser can grant: focus, clipboard, dates in words, the way to another page.
//! None of them fails in a way that a user could act on, unless it says so in its return value.

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::{ev, prelude::*};
use protocol::Timestamp;
use replica::Clock as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDialogElement, HtmlElement, MouseEvent};
use zeroize::Zeroize;

use super::SystemClock;
use crate::language::{self, tr};

/// Brings a typed password to Unicode NFC; the text as typed is wiped.
pub fn nfc(mut typed: String) -> String {
    let text = js_sys::JsString::from(typed.as_str());
    typed.zeroize();
    text.normalize("NFC").into()
}

pub fn focus(element: &HtmlElement) {
    // An element that cannot be focused leaves the focus where it was.
    drop(element.focus());
}

/// Gives the focus to the element of this id, where there is one, and leaves the page where it is.
pub fn focus_on(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element
        .as_ref()
        .and_then(|element| element.dyn_ref::<HtmlElement>())
    {
        focus(element);
    }
}

/// Brings the element into view and, where it can, the focus to it. False where there is none of that id.
pub fn go_to(id: &str) -> bool {
    let Some(element) = document().and_then(|document| document.get_element_by_id(id)) else {
        return false;
    };
    unfold(&element);
    element.scroll_into_view();
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        focus(element);
    }
    true
}

/// What stands in a part that is folded up cannot be seen.
fn unfold(element: &web_sys::Element) {
    let mut above = element.closest("details:not([open])").ok().flatten();
    while let Some(folded) = above {
        // An attribute of its own: it can be set.
        drop(folded.set_attribute("open", ""));
        above = folded.closest("details:not([open])").ok().flatten();
    }
}

/// Scrolls what is around the element as far as it needs to be seen, and leaves the focus.
pub fn scroll_near(id: &str) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    if let Some(element) = document().and_then(|document| document.get_element_by_id(id)) {
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Brings a question into view and marks it, and the focus to where it is answered: to the answer that is chosen, or else to the
/// first field. What is folded up on the way is unfolded. False where there is none of that id.
pub fn go_to_field(id: &str) -> bool {
    let Some(document) = document() else { return false };
    let Some(element) = document.get_element_by_id(id) else {
        return false;
    };
    unfold(&element);
    if let Ok(Some(before)) = document.query_selector("[data-shown]") {
        drop(before.remove_attribute("data-shown"));
    }
    drop(element.set_attribute("data-shown", ""));
    element.scroll_into_view();
    let field = ["input:checked", "input, textarea, select"]
        .into_iter()
        .find_map(|css| element.query_selector(css).ok().flatten())
        .unwrap_or(element);
    if let Some(field) = field.dyn_ref::<HtmlElement>() {
        focus(field);
    }
    true
}

/// Calls back with the id of the innermost element with an id that can take the focus itself, wherever the focus goes within it.
pub fn on_focus(call: impl Fn(String) + 'static) {
    let listener = window_event_listener(ev::focusin, move |event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(holder) = target.and_then(|target| target.closest("[id][tabindex]").ok().flatten()) {
            call(holder.id());
        }
    });
    on_cleanup(move || listener.remove());
}

/// What can be read in the first element that `css` selects; empty where there is none.
pub fn text_of(css: &str) -> String {
    let element = document().and_then(|document| document.query_selector(css).ok()?);
    let text = element.and_then(|element| element.text_content());
    text.unwrap_or_default().trim().to_owned()
}

/// Whether a key was pressed in a field that is typed in, and so has an undo of its own.
pub fn is_typed_in(event: &web_sys::KeyboardEvent) -> bool {
    let field = event.target();
    let input = field
        .as_ref()
        .and_then(|field| field.dyn_ref::<web_sys::HtmlInputElement>());
    input.is_some_and(|input| !matches!(input.type_().as_str(), "radio" | "checkbox" | "range" | "button"))
        || field.is_some_and(|field| field.has_type::<web_sys::HtmlTextAreaElement>())
}

/// Opens the browser's own way to print what is shown.
pub fn print() {
    if let Some(window) = web_sys::window() {
        // A browser that cannot print has nothing to show for it.
        drop(window.print());
    }
}

/// Sets a property of the whole page's style, such as what its printed pages say at their foot; none takes it away.
pub fn set_property(name: &str, value: Option<&str>) {
    let root = document().and_then(|document| document.document_element());
    let Some(root) = root.as_ref().and_then(|root| root.dyn_ref::<HtmlElement>()) else {
        return;
    };
    // Neither throws for a property of one's own.
    match value {
        Some(value) => drop(root.style().set_property(name, value)),
        None => drop(root.style().remove_property(name)),
    }
}

/// Calls back when the page goes out of sight: on many tablets the last that it hears before it is ended.
pub fn on_hide(call: impl Fn() + 'static) {
    on_sight(true, call);
}

/// Calls back when the page comes into sight again.
pub fn on_show(call: impl Fn() + 'static) {
    on_sight(false, call);
}

fn on_sight(hidden: bool, call: impl Fn() + 'static) {
    let listener = window_event_listener(ev::visibilitychange, move |_| {
        if is_hidden() == hidden {
            call();
        }
    });
    on_cleanup(move || listener.remove());
}

/// Whether the page is out of sight.
pub fn is_hidden() -> bool {
    document().is_some_and(|document| document.hidden())
}

/// Names the tab.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

pub fn scroll_to_top() {
    if let Some(window) = web_sys::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Shows it before everything else. The focus goes to the first of its fields and buttons; where they are drawn later than it is
/// shown, to its heading, and not to the whole.
pub fn show_modal(dialog: &HtmlDialogElement) {
    // It throws only where the dialog is open already or not on the page: then there is nothing to show.
    drop(dialog.show_modal());
    let dialog = dialog.clone();
    request_animation_frame(move || {
        let at = document().and_then(|document| document.active_element());
        let within = at.is_some_and(|at| at != **dialog && dialog.contains(Some(&at)));
        let heading = dialog.query_selector("h2").ok().flatten();
        if let Some(heading) = heading
            .as_ref()
            .and_then(|heading| heading.dyn_ref::<HtmlElement>())
            && !within
        {
            heading.set_tab_index(-1);
            focus(heading);
        }
    });
}

pub fn hide_popover(element: &HtmlElement) {
    // It throws only where the browser knows no popovers.
    drop(element.hide_popover());
}

/// Whether the event began on the element that listens, and not on something inside it.
pub fn is_target_itself(event: &MouseEvent) -> bool {
    event.target().is_some() && event.target() == event.current_target()
}

/// Puts the text on the clipboard. False where the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    let clipboard = window.navigator().clipboard();
    // Undefined on pages that are not served over a secure connection.
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(clipboard.write_text(text)).await.is_ok()
}

/// Loads the page anew, so that nothing of before stays in memory.
pub fn reload() {
    if let Some(window) = web_sys::window() {
        // A reload that is refused leaves a locked page, which shows the sign-in.
        drop(window.location().reload());
    }
}

/// Whether the browser has promised to keep what is stored here. `None` where it cannot be asked.
pub async fn storage_is_kept() -> Option<bool> {
    let storage = web_sys::window()?.navigator().storage();
    if storage.is_undefined() {
        return None;
    }
    let answer = JsFuture::from(storage.persisted().ok()?).await.ok()?;
    answer.as_bool()
}

/// Asks the browser to keep what is stored here.
pub async fn ask_to_keep_storage() -> Option<bool> {
    let storage = web_sys::window()?.navigator().storage();
    if storage.is_undefined() {
        return None;
    }
    let answer = JsFuture::from(storage.persist().ok()?).await.ok()?;
    answer.as_bool()
}

/// How many bytes the browser would still store here. `None` where it does not say.
pub async fn free_space() -> Option<u64> {
    let storage = web_sys::window()?.navigator().storage();
    if storage.is_undefined() {
        return None;
    }
    let estimate = JsFuture::from(storage.estimate().ok()?).await.ok()?;
    let bytes = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some((bytes("quota")? - bytes("usage")?) as u64)
}

/// A moment as people tell it, seen from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// 0 is today, 1 yesterday. Negative where a clock was set back in between.
    pub days_ago: i64,
    /// "14:02"
    pub time: String,
    /// "Monday"
    pub weekday: String,
    /// "3 Nov 2026"
    pub calendar: String,
}

/// The tablet's own clock.
pub fn now() -> Timestamp {
    SystemClock.now()
}

/// "3 Nov 2026", where the tablet is.
pub fn day(at: Timestamp) -> String {
    calendar(&date(at))
}

/// "3 Nov 2026, 14:02", where the tablet is: what is on paper does not stay today's.
pub fn moment_in_full(at: Timestamp) -> String {
    format!("{}, {}", day(at), clock(at))
}

/// A moment in the tablet's own time zone.
pub fn moment(at: Timestamp, now: Timestamp) -> Moment {
    let then = date(at);
    Moment {
        days_ago: day_number(&date(now)) - day_number(&then),
        time: clock(at),
        weekday: weekday(&then),
        calendar: calendar(&then),
    }
}

/// "today 14:02", "yesterday 17:40", "Monday 09:12", "3 Nov 2026, 09:12".
pub fn when(at: Timestamp) -> String {
    day_words(&moment(at, now()))
}

/// In a sentence: "today at 14:02", "yesterday at 17:40", "on Monday at 09:12", "on 3 Nov 2026 at 09:12".
pub fn at(at: Timestamp, now: Timestamp) -> String {
    sentence(&moment(at, now))
}

/// "14:02".
pub fn clock(at: Timestamp) -> String {
    let options = [("hour", "2-digit"), ("minute", "2-digit"), ("hourCycle", "h23")];
    format(&options, &date(at))
}

/// "January" for 1.
pub fn month_name(month: u32) -> String {
    let day = Date::new_with_year_month_day(2000, month.saturating_sub(1) as i32, 1);
    format(&[("month", "long")], &day)
}

/// "3 Nov 2026" for "2026-11-03"; anything else stays as it is.
pub fn calendar_date(iso: &str) -> String {
    match local_day(iso) {
        Some(day) => calendar(&day),
        None => iso.to_owned(),
    }
}

/// Whole days from today to an ISO date; negative where it has passed.
pub fn days_until(iso: &str) -> Option<i64> {
    Some(day_number(&local_day(iso)?) - day_number(&Date::new_0()))
}

/// Calls back while the page is scrolled and less than a screen of it is left below.
pub fn on_near_end(call: impl Fn() + 'static) {
    let near = || {
        let page = document()?.document_element()?;
        Some(page.scroll_height() - page.scroll_top() < 2 * page.client_height())
    };
    let listener = window_event_listener(ev::scroll, move |_| {
        if near() == Some(true) {
            call();
        }
    });
    on_cleanup(move || listener.remove());
}

/// The age in whole years of someone born on an ISO date.
pub fn age(birth_date: &str) -> Option<i64> {
    let (born, now) = (local_day(birth_date)?, Date::new_0());
    let years = i64::from(now.get_full_year()) - i64::from(born.get_full_year());
    let had_birthday = (now.get_month(), now.get_date()) >= (born.get_month(), born.get_date());
    Some(if had_birthday { years } else { years - 1 })
}

pub(super) fn document() -> Option<web_sys::Document> {
    web_sys::window()?.document()
}

fn date(at: Timestamp) -> Date {
    Date::new(&JsValue::from_f64(at.0 as f64))
}

/// The day of an ISO date where the tablet is, at its begin.
fn local_day(iso: &str) -> Option<Date> {
    let mut parts = iso.splitn(3, '-').map(str::parse::<u32>);
    let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
    let date = Date::new_with_year_month_day(year, month.checked_sub(1)? as i32, day as i32);
    // 30 February rolls over into March: then it is no date.
    (date.get_month() + 1 == month && date.get_date() == day).then_some(date)
}

/// Days since 1970 where the tablet is.
fn day_number(date: &Date) -> i64 {
    let midnight = Date::utc(f64::from(date.get_full_year()), f64::from(date.get_month()));
    (midnight / 86_400_000.0) as i64 + i64::from(date.get_date())
}

fn weekday(date: &Date) -> String {
    format(&[("weekday", "long")], date)
}

fn calendar(date: &Date) -> String {
    format(
        &[("day", "numeric"), ("month", "short"), ("year", "numeric")],
        date,
    )
}

fn format(options: &[(&str, &str)], date: &Date) -> String {
    let chosen = Object::new();
    for (name, value) in options {
        // Setting a plain property of a fresh object cannot fail.
        drop(Reflect::set(&chosen, &(*name).into(), &(*value).into()));
    }
    // Dates and times are written as the app's own language writes them, and in the tablet's own time zone.
    let locale = language::current().locale();
    let format: Function = Intl::DateTimeFormat::new(&Array::of1(&locale.into()), &chosen).format();
    let text = format.call1(&JsValue::UNDEFINED, date);
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

fn day_words(moment: &Moment) -> String {
    let Moment {
        days_ago,
        time,
        weekday,
        calendar,
    } = moment;
    match days_ago {
        0 => tr!("today {time}", time),
        1 => tr!("yesterday {time}", time),
        2..=6 => format!("{weekday} {time}"),
        _ => format!("{calendar}, {time}"),
    }
}

pub(crate) fn sentence(moment: &Moment) -> String {
    let Moment {
        days_ago,
        time,
        weekday,
        calendar,
    } = moment;
    match days_ago {
        0 => tr!("today at {time}", time),
        1 => tr!("yesterday at {time}", time),
        2..=6 => tr!("on {weekday} at {time}", weekday, time),
        _ => tr!("on {date} at {time}", date = calendar, time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_by_the_day_that_it_is_away() {
        for (days_ago, words) in [
            (0, "today 14:02"),
            (1, "yesterday 14:02"),
            (2, "Monday 14:02"),
            (6, "Monday 14:02"),
            (7, "3 Nov 2026, 14:02"),
            (-1, "3 Nov 2026, 14:02"),
        ] {
            let moment = Moment {
                days_ago,
                time: "14:02".into(),
                weekday: "Monday".into(),
                calendar: "3 Nov 2026".into(),
            };
            assert_eq!(day_words(&moment), words);
        }
    }
}
