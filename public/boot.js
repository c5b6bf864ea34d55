// Starts the app. A file of its own, because the Content-Security-Policy allows no inline script.
// The build writes the names of the app's two files into this script's tag in index.html (see Trunk.toml).

const tag = document.querySelector("script[data-js][data-wasm]");
const starting = document.getElementById("starting");

try {
  const app = await import(tag.dataset.js);
  await app.default({ module_or_path: tag.dataset.wasm });
  starting?.remove();
} catch (error) {
  console.error("Mobile Assessments did not start", error);
  const supported = "WebAssembly" in globalThis && "indexedDB" in globalThis && "serviceWorker" in navigator;
  starting?.setAttribute("role", "alert");
  if (starting) {
    starting.textContent = supported
      ? "Mobile Assessments did not start. Reload this page. Nothing that was saved on this tablet is lost."
      : "This browser is too old for Mobile Assessments, or it is in private mode. Update it, or use another one.";
  }
}
