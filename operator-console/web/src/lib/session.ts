import type { ApiError, OperatorCard, Session, SignIn } from "@madoguchi/wire";
import { keptKey, makeKey } from "./identity";
import { words } from "./words";

/** What came of a sign-in: the operator, or a sentence that says why not. */
export type SignInOutcome = { operator: OperatorCard } | { problem: string };

/** Asks who is signed in; `null` for nobody, `undefined` when the console can't be reached. */
export async function whoAmI(): Promise<OperatorCard | null | undefined> {
  try {
    const answer = await fetch("api/session", { headers: { accept: "application/json" } });
    if (answer.ok) {
      const { operator, key } = (await answer.json()) as Session;
      // A session whose key this browser has lost can carry no call.
      return key === (await keptKey()) || key === undefined ? operator : null;
    }
    return answer.status === 401 ? null : undefined;
  } catch {
    return undefined;
  }
}

/** Signs in, with a key for this session. */
export async function signIn(who: Omit<SignIn, "key">): Promise<SignInOutcome> {
  const key = await makeKey();
  const body: SignIn = { ...who, ...(key && { key }) };
  try {
    const answer = await fetch("api/session", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.ok) return { operator: ((await answer.json()) as Session).operator };
    return { problem: await problemOf(answer) };
  } catch {
    return { problem: words.signIn.unreachable };
  }
}

/** Signs out; `false` when the console could not be reached and the session lives on. */
export async function signOut(): Promise<boolean> {
  const answer = await fetch("api/session", { method: "DELETE" }).catch(() => undefined);
  return answer?.ok ?? false;
}

async function problemOf(answer: Response): Promise<string> {
  const error = (await answer.json().catch(() => null)) as Partial<ApiError> | null;
  return error?.message || words.signIn.unexpected(answer.status);
}
