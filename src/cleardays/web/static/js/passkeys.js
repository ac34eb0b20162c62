// Passkeys: signing in with one, and adding one. Where the browser knows none, nothing of it is shown.

const base = "/api/v1/passkeys";

async function send(path, body) {
  const answer = await fetch(base + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.problems.map((each) => `${each.what} ${each.try_this}`).join(" "), { cause: "said" });
  return said;
}

async function signIn() {
  const { handle, options } = await send("/sign-in/ask");
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  const own = document.querySelector("input[name=own]")?.checked ?? false;
  const { to } = await send("/sign-in", { handle, credential: credential.toJSON(), own });
  location.assign(to);
}

async function add(place) {
  const { handle, options } = await send("/ask");
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  const credential = await navigator.credentials.create({ publicKey });
  const label = place.querySelector("input[name=label]").value;
  const { to } = await send("", { handle, credential: credential.toJSON(), label });
  location.assign(to);
}

function offer(place, act) {
  if (!place) return;
  place.classList.remove("hidden");
  const message = place.querySelector("[role=alert]"), otherwise = message.textContent;
  place.querySelector("button").addEventListener("click", async () => {
    message.classList.add("hidden");
    try {
      await act(place);
    } catch (error) {
      message.textContent = error.cause === "said" ? error.message : otherwise;
      message.classList.remove("hidden");
    }
  });
}

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  offer(document.querySelector("[data-passkey-sign-in]"), signIn);
  offer(document.querySelector("[data-passkey-add]"), add);
}
