/** Adopts the name that a document had in 0.1.0, once its command may do what it is going to do. */
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import type { DocumentSource } from "../records/DocumentSource.ts"
import { type Asked, type Confirm, type ConfirmRequest, makeConfirmation } from "./Confirmation.ts"
import { DocumentEntry } from "./DocumentEntry.ts"

export const makeNameAdoption = Effect.gen(function* () {
  const confirmed = yield* makeConfirmation
  const documents = yield* DocumentEntry

  /**
   * Plans under the earlier name, asks, and adopts the name, so that a command
   * that is refused has not changed it. `asked` has that plan. Gives what to ask
   * with after that: it answers what was confirmed already. Nothing is done where
   * the state has the present name.
   */
  return Effect.fnUntraced(function* <E, R>(
    earlierName: string,
    source: DocumentSource | undefined,
    asked: Omit<Asked<E, R>, "takenUp">,
  ) {
    const { confirm, ref } = asked
    if (earlierName === ref.forma || source === undefined) return confirm
    let answered: ConfirmRequest | undefined
    const remembering: Confirm | undefined =
      confirm &&
      ((request) =>
        Effect.tap(confirm(request), (isYes) =>
          Effect.sync(() => {
            if (isYes) answered = request
          }),
        ))
    yield* confirmed({ ...asked, confirm: remembering, takenUp: [] })
    yield* documents.adopt(earlierName, ref.forma, source)
    const again: Confirm | undefined =
      confirm && ((request) => (Equal.equals(request, answered) ? Effect.succeed(true) : confirm(request)))
    return again
  })
})
