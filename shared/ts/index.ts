export * from "./proof";
export * from "./backoff";
export * from "./bidi";
export * from "./language";
export * from "./level";
export * from "./rtc";
export * from "./socket";
export * from "./time";
export type * from "./wire.gen";
