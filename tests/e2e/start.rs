//! The first seconds: the sign-in page stands before the app is loaded, and nothing moves and nothing is lost when the app takes
//! its place. The app's program is held back in the page, for as long as the test wants it.

use anyhow::{Result, ensure};
use journeys::{Browser, Whole, until};
use serde_json::{Value, json};

use crate::accessibility::is_accessible_everywhere;
use crate::people::{Nurse, SAMPLE_PASSWORD};
use crate::tricks::{Stranger, prepare, run};

/// The program waits for `comes(true)`, and fails to come with `comes(false)`. What moves is added up meanwhile.
const HELD_BACK: &str = "(() => {
  const compile = WebAssembly.compileStreaming;
  const told = new Promise(tell => { window.comes = tell; });
  WebAssembly.compileStreaming = async source => {
    if (!await told) throw new Error('told to');
    return compile(source);
  };
  window.moved = 0;
  new PerformanceObserver(list => { for (const { value } of list.getEntries()) window.moved += value; })
    .observe({ type: 'layout-shift', buffered: true });
})();";

/// Everything that can be read or pressed, and where it stands; what is said of the start aside, and how the network is.
const SEEN: &str = "return [...document.querySelectorAll('h1, label, input, button, a[href]')]
  .filter(e => e.checkVisibility() && !e.matches('.skip-link'))
  .map(e => {
    const { x, y, width, height } = e.getBoundingClientRect();
    return [e.innerText.trim(), e.type ?? '', x, y, width, height].join(' ');
  });";

async fn starts(tablet: &Browser) -> Result<()> {
    run(tablet, "window.comes(true);").await?;
    until("the app has taken the place of the start page", || async {
        let gone = run(tablet, "return !document.getElementById('starting');").await?;
        Ok((gone == true).then_some(()))
    })
    .await
}

async fn is_typed(tablet: &Browser, login: &str, password: &str) -> Result<()> {
    let typed = "return ['username', 'password'].map(id => document.getElementById(id).value)
      .concat(document.activeElement.id);";
    let typed = run(tablet, typed).await?;
    ensure!(typed == json!([login, password, "password"]), "there is {typed}");
    Ok(())
}

#[tokio::test]
async fn what_is_done_before_the_app_is_loaded_is_not_lost() -> Result<()> {
    let whole = Whole::start().await?;
    let tablet = Browser::open().await?;
    prepare(&tablet, HELD_BACK).await?;
    tablet.go(&whole.url("/")).await?;
    tablet.arrives_at("Sign in").await?;
    tablet.sees("Starting Mobile Assessments…").await?;
    is_accessible_everywhere(&tablet, "the start page").await?;

    // Somebody types on while the app takes its place.
    tablet.fill("Username", "field1").await?;
    let (first, rest) = SAMPLE_PASSWORD.split_at(6);
    tablet.fill("Password", first).await?;
    let before = run(&tablet, SEEN).await?;
    ensure!(before.as_array().is_some_and(|seen| seen.len() > 7), "{before}");
    run(&tablet, "window.moved = 0;").await?;
    starts(&tablet).await?;
    is_typed(&tablet, "field1", first).await?;
    same(&before, &run(&tablet, SEEN).await?)?;
    // The mark in the header alone may, when it learns how the network is.
    let moved = run(&tablet, "return window.moved;").await?;
    ensure!(moved.as_f64() < Some(0.001), "the page moved by {moved}");
    let here = tablet.raw().active_element().await?;
    here.send_keys(rest).await?;
    tablet.press("Sign in").await?;
    tablet.arrives_at("Caseload").await?;

    // What is pressed is done as soon as it can be.
    tablet.reload().await?;
    tablet.fill("Username", "field1").await?;
    tablet.press("Español").await?;
    starts(&tablet).await?;
    tablet.arrives_at("Iniciar sesión").await?;
    tablet.reload().await?;
    tablet.arrives_at("Iniciar sesión").await?;
    tablet.is_accessible().await?;
    let before = run(&tablet, SEEN).await?;
    tablet.fill("Nombre de usuario", "field1").await?;
    tablet.press("Mostrar contraseña").await?;
    starts(&tablet).await?;
    tablet.sees("Ocultar contraseña").await?;
    tablet.press("Ocultar contraseña").await?;
    same(&before, &run(&tablet, SEEN).await?)?;
    tablet.reload().await?;
    tablet.fill("Nombre de usuario", "field1").await?;
    tablet.fill("Contraseña", SAMPLE_PASSWORD).await?;
    tablet.press("Iniciar sesión").await?;
    starts(&tablet).await?;
    tablet.sees("Testcase Amber").await?;

    // On the way to a new password nobody signs in.
    tablet.go(&whole.url("/reset")).await?;
    tablet.sees("Iniciando Mobile Assessments…").await?;
    ensure!(!tablet.text().await?.contains("Iniciar sesión"));
    run(&tablet, "window.comes(false);").await?;
    let said = tablet.alert().await?;
    ensure!(said.contains("No se perdió nada"), "{said}");
    tablet.is_accessible().await?;
    tablet.close().await
}

fn same(before: &Value, after: &Value) -> Result<()> {
    ensure!(before == after, "before: {before}\nafter: {after}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_visit_loads_the_program_once() -> Result<()> {
    let whole = Whole::start().await?;
    let stranger = Stranger::before(&whole).await?;
    let nurse = Nurse::with(Browser::open().await?, &stranger.url("/")).await?;
    ensure!(stranger.programs() == 1, "{} times", stranger.programs());
    nurse.tablet.close().await
}
