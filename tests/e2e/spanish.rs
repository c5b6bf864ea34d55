//! The app in Spanish: switched on the sign-in page and in the middle of an assessment, remembered without a network, and
//! whole from the first word to the last. What the bulletin says stays English, with its translation below.

use anyhow::{Result, ensure};
use journeys::{Browser, Device, Engine, Whole, in_every_engine, until};
use serde_json::json;
use thirtyfour::prelude::*;

use crate::people::{Nurse, S1, SAMPLE_PASSWORD};

/// What the document says of its language, and what it says of the message.
const LANGUAGES: &str = "return [document.documentElement.lang,
      document.querySelector('[role=alert] p')?.lang ?? ''].join(' ')";

const INTAKE_TITLE: &str = "Ingreso a la atención en el hogar";

/// Each section of the intake: its name, and the answers without which it is not ready.
const INTAKE: [(&str, &[Answer]); 8] = [
    (
        "Visita y comprobación de identidad",
        &[
            Answer::Day("visit-date", "2026-03-31"),
            Answer::Choice("identity", "Sí"),
            Answer::Choice("interpreter", "Sí"),
            Answer::Text("language", "español"),
        ],
    ),
    (
        "Situación de vivienda",
        &[
            Answer::Choice("lives-with", "Solo"),
            Answer::Listed("home", "Casa"),
            Answer::Text("contact-name", "Testcase Pérez"),
            Answer::Text("contact-phone", "555 010 0142"),
            Answer::Choice("stairs", "No"),
            Answer::Choice("hazards", "Ninguno de estos"),
        ],
    ),
    (
        "Actividades diarias",
        &[
            Answer::Choice("adl-bathing", "Solo"),
            Answer::Choice("adl-dressing", "Con apoyos"),
            Answer::Choice("adl-toilet", "Solo"),
            Answer::Choice("adl-transfer", "Solo"),
            Answer::Choice("adl-eating", "Solo"),
            Answer::Choice("adl-walking", "Solo"),
        ],
    ),
    (
        "Medicamentos",
        &[Answer::Text("med-count", "0"), Answer::Choice("allergies", "No")],
    ),
    ("Movilidad y caídas", &[Answer::Choice("fell", "No")]),
    (
        "Nutrición",
        &[Answer::Choice("weight-lost", "No"), Answer::Text("meals", "7")],
    ),
    (
        "Estado de ánimo y seguridad",
        &[Answer::Choice("low", "Nunca"), Answer::Choice("safe", "Sí")],
    ),
    (
        "Plan y resumen",
        &[
            Answer::Text("summary", "Todo está bien."),
            Answer::Choice("agrees", "Sí"),
        ],
    ),
];

enum Answer {
    Choice(&'static str, &'static str),
    Listed(&'static str, &'static str),
    Text(&'static str, &'static str),
    Day(&'static str, &'static str),
}

in_every_engine!(a_nurse_works_in_spanish_and_loses_nothing_by_switching);

async fn a_nurse_works_in_spanish_and_loses_nothing_by_switching(engine: Engine) -> Result<()> {
    let mut whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet_in(engine, &whole).await?;
    let tablet = &nurse.tablet;

    // What was typed stays, the password too.
    tablet.fill("Username", "field1").await?;
    tablet.fill("Password", "not-my-password").await?;
    tablet.press("Español").await?;
    tablet.arrives_at("Iniciar sesión").await?;
    until("what was typed", || async {
        let login = tablet.field("Nombre de usuario").await?.prop("value").await?;
        let password = tablet.field("Contraseña").await?.prop("value").await?;
        let typed = (login.as_deref(), password.as_deref()) == (Some("field1"), Some("not-my-password"));
        Ok(typed.then_some(()))
    })
    .await?;
    tablet.press("Iniciar sesión").await?;
    let said = tablet.alert().await?;
    ensure!(said == S1, "the message of the bulletin is “{said}”");
    tablet
        .sees("Traducción del mensaje: «El nombre de usuario o la contraseña son incorrectos.»")
        .await?;
    ensure!(asked(tablet, LANGUAGES).await? == "es en");
    tablet.is_accessible().await?;

    // The message stays in the other language too.
    tablet.press("English").await?;
    tablet.arrives_at("Sign in").await?;
    ensure!(tablet.alert().await? == S1);
    tablet.press("Español").await?;
    tablet.arrives_at("Iniciar sesión").await?;

    // Remembered, without a network too.
    whole.stop().await?;
    tablet.reload().await?;
    tablet.arrives_at("Iniciar sesión").await?;
    tablet.sees("Sin conexión").await?;
    whole.start_again().await?;

    tablet.fill("Nombre de usuario", "field1").await?;
    tablet.fill("Contraseña", SAMPLE_PASSWORD).await?;
    tablet.press("Iniciar sesión").await?;
    tablet.arrives_at("Mis clientes").await?;
    let client = nurse.sees_a_client().await?;
    tablet.is_accessible().await?;
    nurse
        .starts_by("Iniciar evaluación", &client, INTAKE_TITLE)
        .await?;

    for (place, (section, answers)) in INTAKE.iter().enumerate() {
        tablet.arrives_at(section).await?;
        for answer in *answers {
            gives(&nurse, answer).await?;
        }
        if place == 0 {
            switches_and_comes_back(&nurse, section).await?;
            finds_in_her_own_words(&nurse).await?;
        }
        tablet.press_at(".bar .button-primary").await?;
    }
    tablet.sees("Todo lo obligatorio está respondido.").await?;
    tablet.is_accessible().await?;
    tablet.press("Pasar a Pendiente").await?;
    tablet.press("Firmar y completar").await?;
    tablet.sees("Usted firma como").await?;
    tablet.press("Firmar y completar").await?;
    tablet.press("Volver a mis clientes").await?;
    tablet.arrives_at("Mis clientes").await?;
    tablet.press_at("header a").await?;
    tablet.arrives_at("Bandeja de salida").await?;
    tablet.press("Enviar ahora").await?;
    tablet.sees("Enviadas (1)").await?;
    tablet.sees(INTAKE_TITLE).await?;
    tablet.is_accessible().await?;
    nurse.tablet.close().await
}

/// In the middle of an assessment: it stays where it is, with what was answered, in both languages.
async fn switches_and_comes_back(nurse: &Nurse, section: &str) -> Result<()> {
    let tablet = &nurse.tablet;
    let path = tablet.path().await?;
    tablet.is_accessible().await?;
    tablet.press("Menú").await?;
    tablet.press("English").await?;
    tablet.arrives_at("Visit and identity check").await?;
    ensure!(tablet.path().await? == path, "the assessment moved");
    nurse.finds_chosen("identity", "Yes").await?;
    ensure!(nurse.reads("language").await? == "español");
    tablet.press("Menu").await?;
    tablet.press("Español").await?;
    tablet.arrives_at(section).await?;
    nurse.finds_chosen("identity", "Sí").await?;
    ensure!(nurse.reads("language").await? == "español");
    Ok(())
}

/// An answer is found by the words that it is shown in, a note by what it says, both without their accents.
async fn finds_in_her_own_words(nurse: &Nurse) -> Result<()> {
    let tablet = &nurse.tablet;
    pastes(
        tablet,
        "Notas sobre esta sección (opcional)",
        "La hija sirvió café.",
    )
    .await?;
    for (typed, found) in [("interprete si", "¿"), ("cafe hija", "La hija sirvió café.")] {
        tablet.press("Secciones").await?;
        tablet.press("Buscar una pregunta").await?;
        pastes(tablet, "Palabras o un código", typed).await?;
        tablet.sees("1 lugar encontrado").await?;
        let row = tablet.raw().find(By::Css("dialog[open] .rows a")).await?;
        let row = row.prop("textContent").await?.unwrap_or_default();
        ensure!(row.contains(found), "“{typed}” finds {row}");
        tablet.press_at("dialog[open] .rows a").await?;
    }
    until("the focus in the note", || async {
        Ok(
            (asked(tablet, "return document.activeElement.value ?? ''").await? == "La hija sirvió café.")
                .then_some(()),
        )
    })
    .await
}

/// At once: typed key by key, WebKit's driver turns signs round.
async fn pastes(tablet: &Browser, label: &str, text: &str) -> Result<()> {
    let script = "const [field, text] = arguments;
        field.value = text;
        for (const event of ['input', 'change']) field.dispatchEvent(new Event(event, { bubbles: true }));";
    let parts = vec![tablet.field(label).await?.to_json()?, json!(text)];
    tablet.raw().execute(script, parts).await?;
    Ok(())
}

/// Spanish is longer: on the narrowest tablet no word runs out of its place.
#[tokio::test]
async fn nothing_is_cut_off_in_spanish_on_a_narrow_screen() -> Result<()> {
    let whole = Whole::start().await?;
    let nurse = Nurse::with_new_tablet(&whole).await?;
    let tablet = &nurse.tablet;
    tablet.show_on(Device::PHONE).await?;
    tablet.press("Español").await?;
    tablet.arrives_at("Iniciar sesión").await?;
    holds_its_words(tablet).await?;
    tablet.press("¿Olvidó su contraseña?").await?;
    tablet.arrives_at("¿Olvidó su contraseña?").await?;
    holds_its_words(tablet).await?;
    tablet.go(&whole.url("/")).await?;
    tablet.fill("Nombre de usuario", "field1").await?;
    tablet.fill("Contraseña", SAMPLE_PASSWORD).await?;
    tablet.press("Iniciar sesión").await?;
    tablet.arrives_at("Mis clientes").await?;
    let client = nurse.sees_a_client().await?;
    holds_its_words(tablet).await?;
    tablet.press("Menú").await?;
    holds_its_words(tablet).await?;
    for (name, heading) in [
        ("Listo para las visitas", "Listo para las visitas"),
        ("Bandeja de salida", "Bandeja de salida"),
        ("Configuración", "Configuración"),
        ("Mis clientes", "Mis clientes"),
    ] {
        if heading != "Listo para las visitas" {
            tablet.press("Menú").await?;
        }
        tablet.press(name).await?;
        tablet.arrives_at(heading).await?;
        holds_its_words(tablet).await?;
    }
    nurse
        .starts_by("Iniciar evaluación", &client, INTAKE_TITLE)
        .await?;
    for (section, answers) in &INTAKE {
        tablet.arrives_at(section).await?;
        holds_its_words(tablet).await?;
        for answer in *answers {
            gives(&nurse, answer).await?;
        }
        tablet.press_at(".bar .button-primary").await?;
    }
    tablet.sees("Todo lo obligatorio está respondido.").await?;
    holds_its_words(tablet).await?;
    nurse.tablet.close().await
}

/// Words that are wider than their place, or run out of the page. The name in the header ends in dots where it is long.
const OUT_OF_PLACE: &str = "return [...document.querySelectorAll('h1, h2, button, a, label, legend, p, dt, dd, span, summary')]
      .filter(e => e.checkVisibility() && !e.closest('.unseen, .header-name, .skip-link') && e.textContent.trim())
      .filter(e => {
        const box = e.getBoundingClientRect();
        const cut = getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1;
        return box.width > 0 && (cut || box.right > innerWidth + 1 || box.left < -1);
      })
      .map(e => e.textContent.trim()).join(' | ')
      + (document.documentElement.scrollWidth > innerWidth ? ' | the page is wider than the screen' : '')";

async fn holds_its_words(tablet: &Browser) -> Result<()> {
    let out = asked(tablet, OUT_OF_PLACE).await?;
    ensure!(out.is_empty(), "at {}: {out}", tablet.path().await?);
    Ok(())
}

async fn asked(tablet: &Browser, script: &str) -> Result<String> {
    let answer = tablet.raw().execute(script, vec![]).await?;
    Ok(answer.json().as_str().unwrap_or_default().to_owned())
}

async fn gives(nurse: &Nurse, answer: &Answer) -> Result<()> {
    match answer {
        Answer::Choice(link_id, words) => nurse.chooses(link_id, words).await,
        Answer::Text(link_id, text) => nurse.writes(link_id, text).await,
        Answer::Day(link_id, day) => nurse.picks(link_id, day).await,
        Answer::Listed(link_id, words) => {
            let script = "const [id, want] = arguments;
                const list = [...document.querySelectorAll('select')].find(s => s.dataset.linkid === id);
                const option = [...(list?.options ?? [])].find(o => o.text.trim() === want);
                if (!option) return false;
                list.value = option.value;
                list.dispatchEvent(new Event('change', { bubbles: true }));
                return true;";
            let parts = vec![json!(link_id), json!(words)];
            let done = nurse.tablet.raw().execute(script, parts).await?;
            ensure!(done.json() == true, "{link_id} does not offer “{words}”");
            Ok(())
        }
    }
}
