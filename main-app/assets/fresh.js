// Makes the browser a new tablet for a rehearsal: removes everything that it keeps for the rehearsal's origin, once for each
// run, and goes on to the app. Only the rehearsal's listener serves it; a real tablet's storage is never removed.

const RUN = "rehearsal-run";
const run = new URL(location.href).searchParams.get("run") ?? "";

/** A database that another tab holds open is removed when that tab lets go of it, which the app does when it is asked. */
function remove(name) {
  return new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => done();
    request.onerror = () => failed(request.error);
  });
}

async function forget() {
  const databases = await indexedDB.databases();
  await Promise.all(databases.map(({ name }) => remove(name)));
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  localStorage.clear();
  sessionStorage.clear();
  localStorage.setItem(RUN, run);
}

try {
  if (localStorage.getItem(RUN) !== run) await forget();
  location.replace("/");
} catch (error) {
  console.error("the last rehearsal's tablet could not be removed", error);
  document.getElementById("said").textContent =
    "This browser did not let go of the last rehearsal. Close its other tabs, leave private browsing, and start over.";
}
