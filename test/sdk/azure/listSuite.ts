/** The test for each type that is listed by itself, and not container by container. */
import { assert, type Vitest } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { AzureClients } from "../../../plugins/azure/src/AzureClients.ts"
import type { Creators } from "../../../plugins/azure/src/Creators.ts"
import type { AzureEmulator } from "./AzureEmulator.ts"
import type { callsOf } from "./callsOf.ts"

type Needs = AzureEmulator | AzureClients | Creators

export const listSuite = (
  it: Vitest.MethodsNonLive<Needs>,
  calls: Effect.Effect<ReturnType<typeof callsOf>, never, Needs>,
) => {
  it.effect("is listed page by page", () =>
    Effect.gen(function* () {
      const { create, list } = yield* calls
      const names = ["list-a", "list-b", "list-c"]
      yield* Effect.forEach(names, (Name) => create({ Name }))
      const pages = yield* list(2)
      assert.isAbove(pages.length, 1)
      assert.isTrue(pages.every((page) => page.length <= 2))
      assert.includeMembers(pages.flat() as Array<string>, names)
    }),
  )
}
