/** Every word about robots' software: a part of the file to translate. */
export const update = {
  system: (version: string) => `System ${version}`,
  program: (version: string) => `Software ${version}`,
  kinds: { system: "System", pack: "Knowledge pack", models: "Models" } as Record<string, string>,
  phases: {
    writing: (what: string, percent: number) => `${what} is being installed, ${percent} %`,
    restarting: (what: string) => `${what} waits for a restart`,
    trial: (what: string) => `${what} is on trial`,
    done: (what: string) => `${what} is in use`,
    failed: (what: string) => `${what} was not installed`,
    fell_back: (what: string) => `${what} was tried and given up`,
  },
};
