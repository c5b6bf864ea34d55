//! Mounts the app behind the start page.

use mobile_assessments::browser::start;

fn main() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        mobile_assessments::language::begin().await;
        start::next_task().await;
        if let Some(place) = start::place() {
            leptos::mount::mount_to(place, mobile_assessments::App).forget();
        }
    });
}
