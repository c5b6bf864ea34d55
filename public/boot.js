// Starts the app. A file of its own, because the Content-Security-Policy allows no inline script.
// The build writes the names of the app's two files into this script's tag in index.html (see Trunk.toml).

// The app's own words come with it: before, and where it does not come, these are all.
const SPANISH = {
  starting: "Iniciando Mobile Assessments…",
  once: "La primera vez, la aplicación se carga en esta tableta. A partir de entonces se inicia también sin conexión.",
  failed: "Mobile Assessments no se inició. Vuelva a cargar esta página. No se perdió nada de lo guardado en esta tableta.",
  old: "Este navegador es demasiado antiguo para Mobile Assessments o está en modo privado. Actualícelo o use otro.",
};
const tag = document.querySelector("script[data-js][data-wasm]");
const starting = document.getElementById("starting-words");
const once = document.getElementById("starting-once");
const spanish = language().startsWith("es");

if (spanish) {
  document.documentElement.lang = "es";
  if (starting) starting.textContent = SPANISH.starting;
  if (once) once.textContent = SPANISH.once;
}

try {
  const app = await import(tag.dataset.js);
  await app.default({ module_or_path: tag.dataset.wasm });
} catch (error) {
  console.error("Mobile Assessments did not start", error);
  const supported = "WebAssembly" in globalThis && "indexedDB" in globalThis && "serviceWorker" in navigator;
  once?.remove();
  starting?.setAttribute("role", "alert");
  if (starting) {
    const [failed, old] = spanish
      ? [SPANISH.failed, SPANISH.old]
      : [
          "Mobile Assessments did not start. Reload this page. Nothing that was saved on this tablet is lost.",
          "This browser is too old for Mobile Assessments, or it is in private mode. Update it, or use another one.",
        ];
    starting.textContent = supported ? failed : old;
  }
}

/** What was chosen on this tablet (src/browser/language.rs), or else the browser's own. */
function language() {
  try {
    return JSON.parse(localStorage.getItem("language")) ?? navigator.language;
  } catch {
    return navigator.language;
  }
}
