import { toBase64 } from "@madoguchi/wire";

const DATABASE = "madoguchi";
const STORE = "keys";
const NAME = "session";

/**
 * Makes this session's key, in place of an older one, and gives its public half in base64. The
 * private half never leaves the browser, not even to this page's script. `undefined` where the
 * browser has no Ed25519, or none on this address.
 */
export async function makeKey(): Promise<string | undefined> {
  try {
    const pair = (await crypto.subtle.generateKey("Ed25519", false, [
      "sign",
      "verify",
    ])) as CryptoKeyPair;
    await within("readwrite", (store) => store.put(pair, NAME));
    return await publicHalf(pair);
  } catch {
    return undefined;
  }
}

/** The public half of the key that is kept here, in base64. */
export async function keptKey(): Promise<string | undefined> {
  const pair = await kept();
  return pair && publicHalf(pair);
}

/** Signs with the key that is kept here; the signature in base64. */
export async function sign(message: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const pair = await kept();
  return pair && toBase64(await crypto.subtle.sign("Ed25519", pair.privateKey, message));
}

async function publicHalf({ publicKey }: CryptoKeyPair): Promise<string> {
  return toBase64(await crypto.subtle.exportKey("raw", publicKey));
}

async function kept(): Promise<CryptoKeyPair | undefined> {
  try {
    return (await within("readonly", (store) => store.get(NAME))) as CryptoKeyPair | undefined;
  } catch {
    return undefined;
  }
}

/** Does one thing in the browser's store of keys. */
async function within(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = (await done(opening)) as IDBDatabase;
  try {
    return await done(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

const done = (request: IDBRequest): Promise<unknown> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser keeps no keys"));
  });
