/** Small choices that a browser keeps for its operator; nothing about visitors. */
export type Preference = "chime" | "single_keys";

/** Reads a choice; both are on until somebody switches them off. */
export function preferred(name: Preference): boolean {
  try {
    return localStorage.getItem(`madoguchi.${name}`) !== "off";
  } catch {
    return true;
  }
}

/** Keeps a choice where the browser allows it. */
export function prefer(name: Preference, on: boolean): void {
  try {
    localStorage.setItem(`madoguchi.${name}`, on ? "on" : "off");
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
