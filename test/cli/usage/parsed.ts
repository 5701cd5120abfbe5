/** What the parser of the command says of the words of a command line. */
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { makeFormae } from "../../../src/cli/commandTree.ts"
import { layerPermission } from "../../../src/cli/layerPermission.ts"
import { Trust } from "../../../src/cli/trust/Trust.ts"

/** The events of the parser. The words must be such that it runs no command. */
export const eventsOf = Effect.fnUntraced(function* (...words: ReadonlyArray<string>) {
  const events: Array<CliOutput.Presenter.Event> = []
  yield* Command.runWith(makeFormae("1.2.3"), { version: "1.2.3" })(words).pipe(
    Effect.ignore,
    Effect.provideService(CliOutput.Presenter, {
      present: (event) => Effect.sync(() => void events.push(event)),
    }),
    Effect.provide(Trust.layer.pipe(Layer.provideMerge(layerPermission), Layer.provideMerge(NodeServices.layer))),
  )
  return events
})
