/**
 * The terminal, of which each question reads only what is typed to it. The one of
 * the library keeps what was typed to a question that reads key by key, as a line
 * for the next question that reads a line: a secret would be the answer to it.
 */
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Terminal from "effect/Terminal"

const ofItsOwn = NodeTerminal.make()

export const layerTerminal: Layer.Layer<Terminal.Terminal, never, Terminal.Terminal> = Layer.effect(
  Terminal.Terminal,
  Effect.map(Terminal.Terminal, ({ columns, display, rows, size }) =>
    Terminal.make({
      columns,
      display,
      rows,
      size,
      readInput: Effect.flatMap(ofItsOwn, ({ readInput }) => readInput),
      readLine: Effect.scoped(Effect.flatMap(ofItsOwn, ({ readLine }) => readLine)),
    }),
  ),
)
