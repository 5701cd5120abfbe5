import type { TypeCapabilities } from "./Resource.ts"

/** The declared paths at which a resource of the type is compared exactly. */
export const exactPathsOf = ({ paths = {} }: TypeCapabilities): ReadonlyArray<string> =>
  Object.entries(paths).flatMap(([path, { exact, policy }]) => ((exact ?? policy) === true ? [path] : []))
