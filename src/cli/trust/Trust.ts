/**
 * The gate before everything that a folder supplies: programs, state, whatever
 * comes later. Nothing of it is used before the user has said yes, which is
 * remembered outside the folder, with its real path and the sums of what was
 * there. What was named on the command line does not come here: naming it was
 * the yes.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import { printProgress } from "../Outputs.ts"
import { requireOwn } from "./ownership.ts"
import { standingOf, withTrusted } from "./standing.ts"
import type { Remembered } from "./Remembered.ts"
import type { Examined, Supplied, Supply } from "./Supply.ts"
import { FolderNotTrusted, type TrustError, type TrustUnusable } from "./TrustError.ts"
import { TrustPrompt } from "./TrustPrompt.ts"
import { questionLines } from "./questionLines.ts"
import { type TrustRecord, TrustRecords } from "./TrustRecords.ts"

/** The yes was for what is there now, so that it is used. */
const sayUnremembered = ({ reason }: TrustUnusable) =>
  printProgress(`It cannot be remembered that you trust this folder: ${reason}. The next command will ask again`)

export class Trust extends Context.Service<
  Trust,
  {
    /**
     * Completes if all of it is trusted, or becomes so because the user is asked
     * and says yes. `isNamed` is a yes for this time, which is not remembered.
     * Fails with `FolderNotTrusted` otherwise, and with `NotOwned` where
     * something belongs to another user, whatever was said.
     */
    readonly require: (supplied: Supplied & { readonly isNamed: boolean }) => Effect.Effect<void, TrustError>
    /** Trusts what a folder supplies now, and gives how each supply stood before. */
    readonly grant: (supplied: Supplied) => Effect.Effect<ReadonlyArray<Examined>, TrustError>
    /** Trusts what a command has made itself in a folder. */
    readonly remember: (folder: string, made: Remembered) => Effect.Effect<void, TrustUnusable>
    /** Ends the trust in a folder. False if it was not trusted. */
    readonly revoke: (folder: string) => Effect.Effect<boolean, TrustUnusable>
    /** The folders that are trusted. */
    readonly list: Effect.Effect<ReadonlyArray<TrustRecord>, TrustUnusable>
  }
>()("formae/cli/trust/Trust") {
  static readonly layerNoDeps: Layer.Layer<Trust, never, FileSystem.FileSystem | TrustPrompt | TrustRecords> =
    Layer.effect(
      Trust,
      Effect.gen(function* () {
        const prompt = yield* TrustPrompt
        const records = yield* TrustRecords
        const context = yield* Effect.context<FileSystem.FileSystem>()

        const requireOwnOf = (supplies: ReadonlyArray<Supply>) =>
          Effect.provideContext(requireOwn(supplies.flatMap(({ owned }) => owned)), context)

        const examine = Effect.fnUntraced(function* ({ folder, supplies }: Supplied) {
          yield* requireOwnOf(supplies)
          const remembered = (yield* records.find(folder))?.supplies ?? []
          const examined = yield* Effect.forEach(supplies, (supply) =>
            Effect.map(supply.sums, (sums): Examined => {
              const found = { kind: supply.kind, path: supply.path, sums }
              return { supply, found, standing: standingOf(remembered, found) }
            }),
          )
          const write = records.write(
            folder,
            withTrusted(
              remembered,
              examined.map(({ found }) => found),
            ),
          )
          return { examined, write }
        })

        return Trust.of({
          require: Effect.fnUntraced(function* ({ folder, isNamed, supplies }) {
            if (supplies.length === 0) return
            if (isNamed) return yield* requireOwnOf(supplies)
            const { examined, write } = yield* examine({ folder, supplies })
            const asked = examined.filter(({ standing }) => standing._tag !== "Trusted")
            if (asked.length === 0) return
            const lines = yield* questionLines(asked)
            const answer = yield* prompt.ask(folder, lines)
            if (answer === "yes") return yield* Effect.catch(write, sayUnremembered)
            return yield* new FolderNotTrusted({
              folder,
              supplies: asked.map(({ found: { kind, path }, standing }) => ({ kind, path, standing })),
              lines,
              isDeclined: answer === "no",
            })
          }),
          grant: Effect.fnUntraced(function* (supplied) {
            const { examined, write } = yield* examine(supplied)
            if (supplied.supplies.length > 0) yield* write
            return examined
          }),
          remember: Effect.fnUntraced(function* (folder, made) {
            const remembered = (yield* records.find(folder))?.supplies ?? []
            yield* records.write(folder, withTrusted(remembered, [made]))
          }),
          revoke: records.remove,
          list: records.list,
        })
      }),
    )

  /** Asks at the terminal, and remembers in the user's own folder. */
  static readonly layer = this.layerNoDeps.pipe(Layer.provide([TrustPrompt.layerTerminal, TrustRecords.layer]))
}
