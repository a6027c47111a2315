/** What vitest does before the first test. */
export { warmUp as setup } from "./house";
