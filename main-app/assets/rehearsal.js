// The console's side of a rehearsal: hands on what the app in the frame shows, tells it of the network, and keeps the page up
// to date without loading it anew, which would load the frame anew too. It draws nothing: every part comes from the server.

const LOOK_EVERY_MS = 1500;
/** A page that nobody uses asks no more: asking is what keeps its clerk signed in. */
const IDLE_MS = 10 * 60_000;
const page = document.getElementById("rehearsal");
const tablet = document.getElementById("tablet");
const { run, frame } = page.dataset;
const token = document.querySelector("input[name=token]").value;
document.documentElement.classList.add("scripted");

/** Each part as the server drew it last, to see what has changed. */
const drawn = new Map(parts(document).map((part) => [part.id, part.outerHTML]));
/** One thing after another, in the order in which it happened. */
let turn = Promise.resolve();
let standing = "";
let usedAt = Date.now();

function used() {
  usedAt = Date.now();
}

function parts(root) {
  return [...root.querySelectorAll("[data-part]")];
}

function next(work) {
  turn = turn.then(work).catch((error) => {
    // What was not taken is told again.
    standing = "";
    console.warn("the main application was not reached", error);
  });
  return turn;
}

/** Asks the server, and takes the changed parts from the page that it answers with. */
async function ask(path, fields) {
  const body = fields && new URLSearchParams(fields);
  const response = await fetch(path, body && { method: "POST", body });
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  if (answer.getElementById("rehearsal")?.dataset.run !== run) {
    // Signed out, or another rehearsal has begun.
    location.reload();
    return;
  }
  for (const part of parts(answer)) take(part);
}

function take(part) {
  if (drawn.get(part.id) === part.outerHTML) return;
  drawn.set(part.id, part.outerHTML);
  const old = document.getElementById(part.id);
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  if (part.id === "now") {
    // A live region stays where it is, or its words are not read out.
    old.replaceChildren(...part.childNodes);
  } else {
    old.replaceWith(part);
  }
  if (focused) document.getElementById(focused)?.focus();
}

function isOn() {
  return document.getElementById("network").classList.contains("on");
}

/** The app hears at once what a tablet would hear from its own network. */
function tellTheTablet() {
  tablet.contentWindow?.postMessage(isOn() ? "online" : "offline", frame);
}

addEventListener("message", (event) => {
  if (event.origin !== frame || event.source !== tablet.contentWindow || typeof event.data !== "string") return;
  // How it stands is told again and again.
  if (event.data === standing) return;
  used();
  if (event.data.includes('"standing"')) standing = event.data;
  next(() => ask("/main/rehearsal/seen", { token, run, shown: event.data }));
});

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-in-place]")) return;
  event.preventDefault();
  const fields = new FormData(form);
  next(async () => {
    await ask(form.action, fields);
    tellTheTablet();
  });
});

addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.firstChild.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source);
  }
});

addEventListener("pointerdown", used);
addEventListener("keydown", used);
tablet.addEventListener("load", tellTheTablet);
setInterval(() => {
  if (document.hidden || Date.now() - usedAt > IDLE_MS) return;
  next(async () => {
    await ask(location.pathname);
    tellTheTablet();
  });
}, LOOK_EVERY_MS);
