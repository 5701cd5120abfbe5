/**
 * Mistakes that are planted one by one into a plugin that does everything right
 * (test/fixtures/plugins/wrong), and the checks that find each of them. Each
 * MUST of PROTOCOL.md, by its id, has a mistake. docs/kit.md shows this table.
 */
import { callMutations } from "./callMutations.ts"
import { frameMutations } from "./frameMutations.ts"
import type { Mutation } from "./Mutation.ts"
import { providerMutations } from "./providerMutations.ts"
import { typeMutations } from "./typeMutations.ts"

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
