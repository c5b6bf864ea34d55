//! Photographs and files: picked, or taken with the camera, made smaller where they are photographs, and kept in the
//! answer itself, so that they are sealed, saved and sent as every answer is.

use crate::prelude::*;
use forms::{Answer, ItemId};
use leptos::task::spawn_local;
use serde_json::{Map, Value, json};

use super::{
    FormHandle,
    frame::Question,
    item::Sheet,
    limits::{self, Limits, size_words},
};
use crate::browser::{
    device,
    files::{self, File, Picked},
};
use crate::components::FieldError;

pub(super) fn draw(sheet: Sheet, id: ItemId) -> AnyView {
    let mut question = Question::of(sheet, id);
    let form = sheet.form;
    let limits = form.read(|form| Limits::of(form, id));
    question.explain(&limits.words());
    let several = form.peek(id, |item| item.repeats);
    let refused = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let (accept, pictures) = (limits.accept(), limits.takes_pictures());
    let limits = StoredValue::new(limits);
    let take = move |files: Vec<File>| {
        if files.is_empty() || busy.get_untracked() {
            return;
        }
        refused.set(None);
        busy.set(true);
        let limits = limits.get_value();
        spawn_local(async move {
            for file in files {
                let why = match read(&file, &limits).await {
                    Some(picked) => attach(form, id, &picked, true).err(),
                    None => Some(tr!(
                        "“{name}” cannot be read. Choose it once more, or another.",
                        name = file.name()
                    )),
                };
                // One that was taken says nothing about the one before.
                if why.is_some() {
                    refused.try_set(why);
                }
            }
            // The page may have been left meanwhile.
            busy.try_set(false);
        });
    };
    let answered = memo(move || form.item(id, |item| !item.answers.is_empty()));
    let picker = |words: &'static str, again: &'static str, accept: String, camera: bool| {
        let name = question.name().to_owned();
        let words = move || if !several && answered.get() { again } else { words };
        view! {
            <label class="button button-secondary picker" class:picker-camera=camera>
                {words}
                <span class="unseen">": " {name}</span>
                <input
                    type="file"
                    id=(!camera).then(|| question.part("input"))
                    accept=accept
                    capture=camera.then_some("environment")
                    multiple=several && !camera
                    data-linkid=question.link_id.clone()
                    aria-describedby=question.described_by()
                    on:change:target=move |event| take(files::take(&event.target()))
                />
            </label>
        }
    };
    let control = view! {
        <FieldError id=question.part("refused") text=refused />
        {attached(form, id, true)}
        <div class="buttons">
            {pictures.then(|| picker(tr!("Take a photograph"), tr!("Take another photograph"), "image/*".to_owned(), true))}
            {picker(tr!("Choose a file"), tr!("Choose another file"), accept, false)}
        </div>
        <p class="attachment-busy" role="status">
            {move || busy.get().then_some(tr!("Reading the file…"))}
        </p>
    };
    question.fieldset("group", control)
}

/// What has been attached, with a way to take each back where it can be changed.
pub(super) fn attached(form: FormHandle, id: ItemId, changes: bool) -> AnyView {
    let rows = move || {
        let answers = form.item(id, |item| item.answers.to_vec());
        let rows = answers.into_iter().filter_map(|answer| match answer {
            Answer::Attachment(attachment) => Some(row(form, id, *attachment, changes)),
            _ => None,
        });
        rows.collect_view()
    };
    view! { <ul class="attachments">{rows}</ul> }
}

fn row(form: FormHandle, id: ItemId, attachment: Map<String, Value>, changes: bool) -> AnyView {
    let part = |name: &str| {
        attachment
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (title, kind, data) = (part("title"), part("contentType"), part("data"));
    let answer = Answer::Attachment(Box::new(attachment));
    let size = size_words(limits::size_of(&answer));
    let title = if title.is_empty() {
        tr!("Without a name").to_owned()
    } else {
        title
    };
    let picture = picture_address(&answer)
        .map(|source| view! { <img class="form-picture" src=source alt=title.clone() /> });
    let save = (picture.is_none() && !data.is_empty()).then(|| {
        let (name, words) = (title.clone(), title.clone());
        view! {
            <button
                type="button"
                class="button button-quiet"
                on:click=act(move || files::save_copy(&name, &kind, &data))
            >
                {tr!("Save a copy")}
                <span class="unseen">": " {words}</span>
            </button>
        }
    });
    let words = title.clone();
    let remove = changes.then(|| {
        let remove = move || {
            form.take_back(id, &answer);
            device::go_to(&Question::part_of(id, "input"));
        };
        view! {
            <button type="button" class="button button-quiet" on:click=act(remove)>
                {tr!("Remove")}
                <span class="unseen">": " {words}</span>
            </button>
        }
    });
    view! {
        <li class="attachment">
            {picture}
            <span class="attachment-name">{title} <span class="muted">" · " {size}</span></span>
            <span class="attachment-buttons">{save} {remove}</span>
        </li>
    }
}

/// The address of a picture that browsers draw, and of nothing that could be a program. It holds all of it, so it is there offline.
pub fn picture_address(answer: &Answer) -> Option<String> {
    let Answer::Attachment(file) = answer else {
        return None;
    };
    let text = |name: &str| file.get(name).and_then(Value::as_str);
    let (kind, data) = (text("contentType")?, text("data")?);
    let is_shown = matches!(kind, "image/png" | "image/jpeg" | "image/gif" | "image/webp");
    let is_base64 = data
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte));
    (is_shown && is_base64).then(|| format!("data:{kind};base64,{data}"))
}

/// The file as it is kept. Small pictures stay as they are; photographs are drawn anew, without the place and the camera
/// that they tell of.
async fn read(file: &File, limits: &Limits) -> Option<Picked> {
    let kind = file.type_();
    let small = file.size() <= limits.most() as f64;
    let photograph = kind.starts_with("image/")
        && kind != "image/svg+xml"
        && (kind == "image/jpeg" || !small || !limits.takes(&kind));
    if photograph {
        let png = !limits.takes("image/jpeg");
        if let Some(picked) = files::photograph(file, png, limits.most()).await {
            return Some(picked);
        }
    }
    files::read(file).await
}

/// Puts a file into the answer, or says why not.
pub(super) fn attach(form: FormHandle, id: ItemId, picked: &Picked, settled: bool) -> Result<(), String> {
    // A picture takes its time, and the page may have been left meanwhile.
    if !form.is_open() {
        return Ok(());
    }
    let (limits, held, mut answers) = form.read(|form| {
        let item = form.item(id);
        let kept = if item.repeats {
            item.answers.to_vec()
        } else {
            Vec::new()
        };
        let besides = (!item.repeats).then_some(id);
        (Limits::of(form, id), limits::held(form, besides), kept)
    });
    if let Some(why) = limits.refuse(&picked.name, &picked.kind, picked.size, held) {
        return Err(why);
    }
    answers.push(as_answer(picked, super::moment(device::now())));
    form.answer(id, answers, settled);
    Ok(())
}

/// FHIR R4's `Attachment` (<https://hl7.org/fhir/R4/datatypes.html#attachment>): its `hash` is SHA-1, its `size` in bytes.
fn as_answer(picked: &Picked, creation: String) -> Answer {
    let mut attachment = Map::new();
    let mut put = |name: &str, value: Value| attachment.insert(name.to_owned(), value);
    if !picked.kind.is_empty() {
        put("contentType", json!(picked.kind));
    }
    put("title", json!(picked.name));
    put("size", json!(picked.size));
    if let Some(hash) = &picked.hash {
        put("hash", json!(hash));
    }
    if !creation.is_empty() {
        put("creation", json!(creation));
    }
    put("data", json!(picked.data));
    Answer::Attachment(Box::new(attachment))
}
