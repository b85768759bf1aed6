// Asking the server. The token comes in the address's fragment, which no browser sends, and lives
// on in a cookie that no script can read.

export class Refused extends Error {} // the token is missing or wrong

export async function ask(path, options = {}) {
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  if (answer.status === 401) throw new Refused("the token is missing or wrong");
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const problem = await answer.json().catch(() => ({}));
  throw new Error([problem.detail ?? `the server says ${answer.status}`, problem.fix]
    .filter(Boolean).join(". "));
}

export const send = (method, path, body) => ask(path, {
  method,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

// Take the token out of the address bar, and give it to the server for a cookie.
export async function signIn() {
  const token = decodeURIComponent(location.hash.slice(1));
  if (!token) return;
  history.replaceState(null, "", location.pathname);
  const headers = { Authorization: `Bearer ${token}` };
  await ask("session", { method: "POST", headers });
}
