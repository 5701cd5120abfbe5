/** Which operation of this launch made what, of those types whose service keeps nothing by which to tell. */
import type { OperationId } from "formae/protocol"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** More than one launch is likely to make. What falls out is taken for somebody else's, which harms nothing. */
const capacity = 10_000

export class Made extends Context.Service<
  Made,
  {
    readonly by: (key: string) => Effect.Effect<OperationId | undefined>
    readonly note: (key: string, operationId: OperationId) => Effect.Effect<void>
    readonly forget: (key: string) => Effect.Effect<void>
  }
>()("@formae/plugin-azure/Made") {
  static readonly layer = Layer.sync(Made, () => {
    const makers = new Map<string, OperationId>()
    return Made.of({
      by: (key) => Effect.sync(() => makers.get(key)),
      note: (key, operationId) =>
        Effect.sync(() => {
          makers.delete(key)
          makers.set(key, operationId)
          const [oldest] = makers.keys()
          if (makers.size > capacity && oldest !== undefined) makers.delete(oldest)
        }),
      forget: (key) => Effect.sync(() => makers.delete(key)),
    })
  })
}
