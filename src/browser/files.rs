//! Files that the user picks or photographs, and pictures that are drawn: read into memory, photographs made smaller on the
//! tablet, and nothing kept anywhere. What is made of them, and what is too large, `crate::form` decides.

use base64ct::{Base64, Encoding as _};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
pub use web_sys::File;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement, HtmlInputElement,
    ImageBitmap, PointerEvent, Url,
};

use super::device::document;

/// The content of a file, in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub name: String,
    /// Its media type; empty where the browser does not know it.
    pub kind: String,
    /// In base 64.
    pub data: String,
    /// Bytes.
    pub size: usize,
    /// SHA-1 in base 64, as FHIR's `Attachment.hash` wants it; where the browser can make one.
    pub hash: Option<String>,
}

/// The longest side of a photograph, in pixels: enough to read a label on a packet of medicine.
const LONGEST: f64 = 1_600.0;
/// How well a JPEG is kept, from what is tried first; the last is as small as it gets.
const QUALITIES: [f64; 3] = [0.82, 0.65, 0.45];

/// What was picked in the input, which is empty afterwards: the same file can be picked again.
pub fn take(input: &HtmlInputElement) -> Vec<File> {
    let files = input.files();
    let files = files.map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect());
    input.set_value("");
    files.unwrap_or_default()
}

/// The file as it is. `None` where it cannot be read any more.
pub async fn read(file: &File) -> Option<Picked> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    Some(picked(file.name(), file.type_(), &bytes).await)
}

/// A picture as large as is needed and no larger, as a JPEG, or as a PNG where `png` is so: without the place and the
/// camera that photographs tell. `None` where the browser cannot draw it.
pub async fn photograph(file: &File, png: bool, most: usize) -> Option<Picked> {
    let bitmap = web_sys::window()?.create_image_bitmap_with_blob(file).ok()?;
    let bitmap: ImageBitmap = JsFuture::from(bitmap).await.ok()?.dyn_into().ok()?;
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let kind = if png { "image/png" } else { "image/jpeg" };
    let mut longest = LONGEST;
    let mut best = None;
    for quality in QUALITIES {
        let scale = (longest / width.max(height)).min(1.0);
        let (width, height) = (
            (width * scale).round().max(1.0),
            (height * scale).round().max(1.0),
        );
        let canvas = canvas(width as u32, height as u32)?;
        let context = paper(&canvas)?;
        context
            .draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height)
            .ok()?;
        let address = canvas
            .to_data_url_with_type_and_encoder_options(kind, &quality.into())
            .ok()?;
        best = bytes_of(&address);
        if best.as_ref().is_some_and(|(_, bytes)| bytes.len() <= most) {
            break;
        }
        longest *= 0.75;
    }
    bitmap.close();
    let (kind, bytes) = best?;
    let stem = file.name();
    let stem = stem.rsplit_once('.').map_or(stem.as_str(), |(stem, _)| stem);
    let name = format!("{stem}.{}", if kind == "image/png" { "png" } else { "jpg" });
    Some(picked(name, kind, &bytes).await)
}

/// Hands a copy to the browser's downloads.
pub fn save_copy(name: &str, kind: &str, data: &str) {
    // Nothing that it could fail at is the user's to mend.
    try_save(name, kind, data).unwrap_or_default();
}

fn try_save(name: &str, kind: &str, data: &str) -> Option<()> {
    let bytes = Base64::decode_vec(data).ok()?;
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = Array::of1(&Uint8Array::from(bytes.as_slice()));
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let address = Url::create_object_url_with_blob(&blob).ok()?;
    let anchor = document()?
        .create_element("a")
        .ok()?
        .dyn_into::<HtmlAnchorElement>()
        .ok()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address).ok()
}

async fn picked(name: String, kind: String, bytes: &[u8]) -> Picked {
    Picked {
        name,
        kind,
        data: Base64::encode_string(bytes),
        size: bytes.len(),
        hash: sha1(bytes).await,
    }
}

async fn sha1(bytes: &[u8]) -> Option<String> {
    let subtle = web_sys::window()?.crypto().ok()?.subtle();
    if subtle.is_undefined() {
        return None;
    }
    let digest = subtle.digest_with_str_and_u8_array("SHA-1", bytes).ok()?;
    let digest = JsFuture::from(digest).await.ok()?;
    Some(Base64::encode_string(&Uint8Array::new(&digest).to_vec()))
}

// Ink on paper.

/// A line that was drawn without lifting the pen, in the pixels of its canvas.
pub type Stroke = Vec<(f64, f64)>;

/// Where the pen is on the canvas.
pub fn point(canvas: &HtmlCanvasElement, event: &PointerEvent) -> (f64, f64) {
    let frame = canvas.get_bounding_client_rect();
    let along = |at: i32, begin: f64, length: f64, pixels: u32| {
        (f64::from(at) - begin) * f64::from(pixels) / length.max(1.0)
    };
    (
        along(event.client_x(), frame.left(), frame.width(), canvas.width()),
        along(event.client_y(), frame.top(), frame.height(), canvas.height()),
    )
}

/// The canvas hears of the pen until it is lifted, also beside its edge.
pub fn hold(canvas: &HtmlCanvasElement, event: &PointerEvent) {
    // A pointer that is gone already draws nothing more.
    drop(canvas.set_pointer_capture(event.pointer_id()));
}

/// White paper with these strokes on it.
pub fn draw(canvas: &HtmlCanvasElement, strokes: &[Stroke]) {
    let Some(context) = paper(canvas) else { return };
    context.set_line_width(5.0);
    context.set_line_cap("round");
    context.set_line_join("round");
    context.set_stroke_style_str(INK);
    for stroke in strokes {
        context.begin_path();
        for (at, (x, y)) in stroke.iter().enumerate() {
            match at {
                0 => context.move_to(*x, *y),
                _ => context.line_to(*x, *y),
            }
        }
        if let [(x, y)] = stroke.as_slice() {
            // A tap is a dot.
            context.line_to(x + 0.1, *y);
        }
        context.stroke();
    }
}

/// What is on the canvas, as a PNG.
pub async fn png(canvas: &HtmlCanvasElement, name: String) -> Option<Picked> {
    let (kind, bytes) = bytes_of(&canvas.to_data_url().ok()?)?;
    Some(picked(name, kind, &bytes).await)
}

/// A line of words, as a PNG of this size.
pub async fn written(words: &str, (width, height): (u32, u32), name: String) -> Option<Picked> {
    let canvas = canvas(width, height)?;
    let context = paper(&canvas)?;
    context.set_fill_style_str(INK);
    context.set_font(&format!(
        "italic {}px Georgia, 'Times New Roman', serif",
        height / 3
    ));
    context.set_text_baseline("middle");
    let (margin, middle) = (f64::from(height) / 8.0, f64::from(height) / 2.0);
    context
        .fill_text_with_max_width(words, margin, middle, f64::from(width) - 2.0 * margin)
        .ok()?;
    png(&canvas, name).await
}

/// Of a signature, in both of the app's colour schemes: it is paper.
const INK: &str = "#10203a";

fn canvas(width: u32, height: u32) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    Some(canvas)
}

fn paper(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.set_fill_style_str("#ffffff");
    context.fill_rect(0.0, 0.0, f64::from(canvas.width()), f64::from(canvas.height()));
    Some(context)
}

/// The kind and the bytes of a `data:` address.
fn bytes_of(address: &str) -> Option<(String, Vec<u8>)> {
    let (kind, data) = address.strip_prefix("data:")?.split_once(";base64,")?;
    Some((kind.to_owned(), Base64::decode_vec(data).ok()?))
}
