/**
 * Mistakes that are planted one by one into a plugin that does everything right
 * (test/fixtures/plugins/wrong), and the checks that find each of them. Each
 * MUST of PROTOCOL.md, by its id, has a mistake. docs/kit.md shows this table.
 */
import type { CheckId } from "../../../src/testing/conformance/index.ts"
import { callMutations } from "./callMutations.ts"
import { frameMutations } from "./frameMutations.ts"
import { providerMutations } from "./providerMutations.ts"
import { typeMutations } from "./typeMutations.ts"

export interface Mutation {
  /** What the plugin does wrong: its name in the fixture. */
  readonly fault: string
  /** The ids of what it breaks in PROTOCOL.md; none if that is a SHOULD, or is said without MUST. */
  readonly musts: ReadonlyArray<string>
  /** Exactly the checks that fail. */
  readonly fails: ReadonlyArray<CheckId>
  /** Exactly the checks that warn: what they look at is a SHOULD. */
  readonly warns: ReadonlyArray<CheckId>
  /** Why no check finds it. */
  readonly unseen?: string
}

/** The musts, the fault, and the checks that fail and that warn. */
export type Row = readonly [
  musts: ReadonlyArray<string>,
  fault: string,
  fails: ReadonlyArray<CheckId>,
  warns?: ReadonlyArray<CheckId>,
]

const unseen: ReadonlyArray<Mutation> = [
  {
    fault: "accepts settings that it does not have",
    musts: ["handshake.noSettings"],
    fails: [],
    warns: [],
    unseen: "a plugin may have settings that the kit does not know, so the report only notes that it accepts others",
  },
]

export const mutations: ReadonlyArray<Mutation> = [
  ...[...frameMutations, ...callMutations, ...typeMutations, ...providerMutations].map(
    ([musts, fault, fails, warns = []]): Mutation => ({ musts, fault, fails, warns }),
  ),
  ...unseen,
]
