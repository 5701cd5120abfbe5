/** Which operation of this launch created what, for types whose service stores nothing that identifies the creator. */
import type { OperationId } from "formae/protocol"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** More than one launch is likely to create. What is forgotten counts as someone else's, which does no harm. */
const capacity = 10_000

export class Creators extends Context.Service<
  Creators,
  {
    readonly creatorOf: (key: string) => Effect.Effect<OperationId | undefined>
    readonly record: (key: string, operationId: OperationId) => Effect.Effect<void>
    readonly forget: (key: string) => Effect.Effect<void>
  }
>()("@formae/plugin-azure/Creators") {
  static readonly layer = Layer.sync(Creators, () => {
    const operations = new Map<string, OperationId>()
    return Creators.of({
      creatorOf: (key) => Effect.sync(() => operations.get(key)),
      record: (key, operationId) =>
        Effect.sync(() => {
          operations.delete(key)
          operations.set(key, operationId)
          const [oldest] = operations.keys()
          if (operations.size > capacity && oldest !== undefined) operations.delete(oldest)
        }),
      forget: (key) => Effect.sync(() => operations.delete(key)),
    })
  })
}
