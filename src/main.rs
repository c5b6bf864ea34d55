//! Mounts the app.

fn main() {
    console_error_panic_hook::set_once();
    wasm_bindgen_futures::spawn_local(async {
        mobile_assessments::language::begin().await;
        leptos::mount::mount_to_body(mobile_assessments::App);
    });
}
