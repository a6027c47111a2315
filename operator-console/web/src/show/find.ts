/** What can be looked for. */
export interface Findable {
  topic: string;
  title: string;
  text: string;
}

/** Those in whose title, name or words all that was typed occurs; titles first. */
export function found<T extends Findable>(all: T[], typed: string): T[] {
  const parts = fold(typed).split(/\s+/u).filter(Boolean);
  const has = (text: string): boolean => parts.every((part) => fold(text).includes(part));
  const inTitle = all.filter(({ title }) => has(title));
  const elsewhere = all.filter(
    (own) => !inTitle.includes(own) && has(`${own.title} ${own.topic} ${own.text}`),
  );
  return [...inTitle, ...elsewhere];
}

/** Without case, width and accents. */
function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
