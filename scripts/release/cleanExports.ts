export type Exports = string | { readonly [condition: string]: Exports } | undefined

/** The condition under which the repository imports its own source, which is in no package. */
const sourceCondition = "formae-source"

/** Exports without the source. */
export const cleanExports = (exports: Exports): Exports =>
  exports === undefined || typeof exports === "string"
    ? exports
    : Object.fromEntries(
        Object.entries(exports)
          .filter(([condition]) => condition !== sourceCondition)
          .map(([condition, target]) => [condition, cleanExports(target)]),
      )
