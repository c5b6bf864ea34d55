// The service worker: keeps one whole version of the app on the tablet, so that it starts without a network.
//
// This file is a template. `cargo xtask sw` fills in VERSION and ASSETS after each build and writes the result to dist/sw.js.
//
//   install    fetches every file of the new version and checks its hash. One failure fails the install: the old version
//              goes on, and nothing half-fetched is left. A new version waits; it never takes over by itself.
//   activate   removes the other versions.
//   message    "SKIP_WAITING" (a plain string, from the page's "Update" button): the waiting version takes over, and the page
//              gets "controllerchange" and reloads once.
//              "WHOLE?" with a port: the files of this version that are not in the cache are fetched again, and the port is told
//              how many are missing after that.
//   fetch      a page's address is answered with the cached start page, a file of this version from the cache. Everything else
//              goes to the network untouched; so do the main application (/main), the API (/api) and /health.
//
// The page's side is in src/browser: it registers "/sw.js", shows a banner when a version waits, and posts the message.

const VERSION = "__VERSION__";
/** Pairs of address and hash (Subresource Integrity). The start page is "/", never "/index.html". */
const ASSETS = __ASSETS__;

const PREFIX = "app-";
const CACHE = PREFIX + VERSION;
const START = "/";
const OWN = new Set(ASSETS.map(([path]) => path));
const LEFT_ALONE = ["/main", "/api", "/health"];

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  if (event.data === "SKIP_WAITING") self.skipWaiting();
  if (event.data === "WHOLE?") event.waitUntil(makeWhole().then((missing) => event.ports[0].postMessage(missing)));
});
self.addEventListener("fetch", (event) => {
  const path = cachedPath(event.request);
  if (path !== null) event.respondWith(answer(path, event.request));
});

async function install() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(ASSETS.map((asset) => store(cache, asset)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

/**
 * Only with the bytes of this build: a server may answer a missing file with a page. What the page has loaded a moment ago is not
 * sent again, if the server says that it is still so; where the browser's own cache holds something else, it is passed over.
 */
async function store(cache, [path, integrity]) {
  const ask = (mode) => fetch(path, { cache: mode, credentials: "same-origin", integrity, redirect: "error" });
  const response = await ask("no-cache").catch(() => ask("reload"));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  await cache.put(path, response);
}

/** How many files are missing, after those that were have been asked for again. */
async function makeWhole() {
  const cache = await caches.open(CACHE);
  const there = await Promise.all(ASSETS.map(([path]) => cache.match(path)));
  const missing = ASSETS.filter((_, place) => !there[place]);
  const stored = await Promise.allSettled(missing.map((asset) => store(cache, asset)));
  return stored.filter(({ status }) => status === "rejected").length;
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The cached file that answers this request, or null when the network has to. */
function cachedPath(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return null;
  if (LEFT_ALONE.some((root) => url.pathname === root || url.pathname.startsWith(root + "/"))) return null;
  if (OWN.has(url.pathname)) return url.pathname;
  return request.mode === "navigate" ? START : null;
}

/** The cache may have been emptied by hand or by the browser: then the network is asked. */
async function answer(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}
