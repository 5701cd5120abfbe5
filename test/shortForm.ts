/** `npm test` runs the short form of what takes long; `npm run survival` runs all of it. */
export const isWhole = process.env["FORMAE_SURVIVAL"] === "whole"

/** All of them, or one in so many, from the first on. */
export const oneIn = <A>(every: number, all: ReadonlyArray<A>): ReadonlyArray<A> =>
  isWhole ? all : all.filter((_, index) => index % every === 0)
