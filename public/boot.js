// Starts the app, and brings the start page of index.html to life until the app stands. A file of its own, because the
// Content-Security-Policy allows no inline script. It runs before the page is painted: it says in which language, and whether
// the page is the sign-in. The build writes the names of the app's two files into this script's tag (see Trunk.toml).
"use strict";

{
  // The app's own words come with it: where it does not come, these are all.
  const FAILED = {
    en: "Mobile Assessments did not start",
    es: "Mobile Assessments no se inició",
  };
  const AGAIN = {
    en: "Reload this page. Nothing that was saved on this tablet is lost.",
    es: "Vuelva a cargar esta página. No se perdió nada de lo guardado en esta tableta.",
  };
  const OLD = {
    en: "This browser is too old for Mobile Assessments, or it is in private mode. Update it, or use another one.",
    es: "Este navegador es demasiado antiguo para Mobile Assessments o está en modo privado. Actualícelo o use otro.",
  };
  const root = document.documentElement;
  const { js, wasm } = document.currentScript.dataset;

  root.lang = language().startsWith("es") ? "es" : "en";
  root.dataset.start = isSignIn() ? "sign-in" : "words";
  for (const event of ["click", "submit"]) document.addEventListener(event, keep);
  document.addEventListener("DOMContentLoaded", () => painted().then(() => start(js, wasm)));

  /** Whoever waits sees the page first: the program, which is large, does not compete with it. A page in the background is not
   *  painted, and starts all the same. */
  function painted() {
    return new Promise((done) => {
      requestAnimationFrame(() => requestAnimationFrame(done));
      setTimeout(done, 500);
    });
  }

  /** In steps, each a task of its own, so that whoever types is never kept waiting. */
  async function start(js, wasm) {
    try {
      const [app, program] = await Promise.all([import(js), WebAssembly.compileStreaming(fetch(wasm))]);
      await new Promise((next) => setTimeout(next));
      await app.default({ module_or_path: program });
    } catch (error) {
      console.error("Mobile Assessments did not start", error);
      const words = document.getElementById("starting-words");
      if (!words) return;
      const supported = "WebAssembly" in globalThis && "indexedDB" in globalThis && "serviceWorker" in navigator;
      root.dataset.start = "words";
      words.setAttribute("role", "alert");
      const [heading, advice] = ["h1", "p"].map((name) => document.createElement(name));
      heading.textContent = FAILED[root.lang];
      advice.textContent = (supported ? AGAIN : OLD)[root.lang];
      words.replaceChildren(heading, advice);
    }
  }

  /** What is pressed on the start page is done by the app as soon as it can: the last of it, if there is more. */
  function keep(event) {
    const page = event.target.closest("#starting");
    const pressed = page && (event.submitter ?? event.target).closest("[data-then]:not(input)");
    if (!pressed) return;
    event.preventDefault();
    for (const busy of page.querySelectorAll(".busy")) busy.classList.remove("busy");
    pressed.querySelector("span").classList.add("busy");
    page.dataset.pressed = pressed.dataset.then;
  }

  /** What was chosen on this tablet (src/browser/language.rs), or else the browser's own. */
  function language() {
    return String(kept(() => localStorage, "language") ?? navigator.language);
  }

  /** Whether the first page is the sign-in (src/route.rs), with nothing to be told above it (src/desk.rs, src/guide.rs). */
  function isSignIn() {
    const why = kept(() => sessionStorage, "signed-out");
    const isTold = why !== null && !["signed_out", "back_button"].includes(why);
    const isOfTheApp = /^\/((assessment|client|outbox|ready|settings)(\/.*)?)?$/.test(location.pathname);
    return isOfTheApp && !isTold && kept(() => localStorage, "reset-guide") === null;
  }

  function kept(storage, name) {
    try {
      return JSON.parse(storage().getItem(name));
    } catch {
      return null;
    }
  }
}
