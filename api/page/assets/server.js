// The one way in which scripts of the page ask the server: answers, or a kind of trouble that is told in words.

export class Trouble extends Error {
  constructor(kind, words = []) {
    super(kind);
    this.kind = kind;
    this.words = words;
  }
}

let csrf = document.querySelector('meta[name="csrf"]').content;

export async function ask(address, { method = "GET", body = null, version = null } = {}) {
  const headers = { accept: "application/json", "x-csrf-token": csrf };
  if (body !== null) headers["content-type"] = "application/json";
  if (version !== null) headers["if-match"] = `"${version}"`;
  let answer;
  try {
    answer = await fetch(address, { method, headers, body: body === null ? null : JSON.stringify(body), credentials: "same-origin" });
  } catch {
    throw new Trouble("offline");
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  throw new Trouble(told.kind ?? "internal", told.words ?? []);
}

/** After a new sign-in in another tab this page's token is of the session before: fetch the new one's. */
export async function renew() {
  csrf = (await ask("/session")).csrf;
}
