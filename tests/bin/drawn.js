// Fills in a form as it is drawn, all of it: every field, option and button once, and whatever comes of that once more. Calls back with
// what went wrong. `drawn.rs` gives it the questionnaire.

const [questionnaire, done] = arguments;
const ENOUGH = 20_000; // milliseconds for one form

const wrong = [];
addEventListener("error", (event) => wrong.push(String(event.message)));
addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));

const painted = () => new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
const WORDS = ["7", "words", "2024-02-29", "-1.5", "https://example.org/"];
const VALUES = { date: "2024-02-29", time: "10:30", "datetime-local": "2024-02-29T10:30" };

function enter(field, value) {
  field.focus();
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.blur();
}

function answer(field, turn) {
  if (!field.isConnected || field.disabled || field.readOnly || field.type === "file") return;
  if (["radio", "checkbox"].includes(field.type)) return field.click();
  if (field.tagName === "SELECT") return enter(field, field.options[(1 + turn) % field.options.length]?.value);
  if (field.type === "range") return enter(field, field.max);
  enter(field, VALUES[field.type] ?? WORDS[turn % WORDS.length]);
}

async function fillIn(begun, first) {
  document.querySelectorAll("main details").forEach((folded) => (folded.open = true));
  const fields = [...document.querySelectorAll("main input, main select, main textarea")];
  for (const [at, field] of fields.entries()) if (performance.now() - begun < ENOUGH) answer(field, at + first);
  await painted();
}

(async () => {
  const begun = performance.now();
  await window.__bench.ready;
  await window.__bench.load(questionnaire);
  await painted();
  await fillIn(begun, 0);
  const buttons = [...document.querySelectorAll("main button")];
  for (const button of buttons) if (button.isConnected && performance.now() - begun < ENOUGH) button.click();
  await fillIn(begun, 1);
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  // As whoever opens it again meets it.
  await window.__bench.load(questionnaire, window.__bench.getResponse());
  await painted();
  if (!document.querySelector("[data-linkid]")) wrong.push("nothing is drawn");
})().then(
  () => done(wrong),
  (error) => done([...wrong, String(error)]),
);
