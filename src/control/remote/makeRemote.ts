/** What each method of the agent is over its API. */
import * as Effect from "effect/Effect"
import type { Agent } from "../../agent/Agent.ts"
import type { CommandOptions } from "../../agent/commands/CommandOptions.ts"
import { commandStream } from "../../agent/commands/commandStream.ts"
import { withWatch } from "../../agent/commands/CommandWatch.ts"
import { decodeForma, type Forma } from "../../agent/forma/Forma.ts"
import type { ApiCommand } from "../api/ApiCommand.ts"
import type { Connection } from "./Connection.ts"
import { commandTags, expecting } from "./expectedErrors.ts"
import { runRemote } from "./remoteCommand.ts"
import { remoteReads } from "./remoteReads.ts"
import { applyOf, destroyOf, importOf, inUseOf, nameOf } from "./requests.ts"

/** The agent over a connection. `makeKey` makes the key of a command. */
export const makeRemote = (connection: Connection, makeKey: Effect.Effect<string>): Agent["Service"] => {
  const run = (asked: ApiCommand, options: CommandOptions = {}) =>
    Effect.flatMap(makeKey, (key) => withWatch(options, (watched) => runRemote(connection, key, asked, watched)))
  const command = expecting(connection, ...commandTags)
  // A forma that was made by hand may not even be JSON. What is wrong with it is said in the same words as there.
  const apply = (forma: Forma, options: CommandOptions = {}) =>
    command(Effect.flatMap(decodeForma(forma), (decoded) => run(applyOf(decoded, options), options)))

  return {
    ...remoteReads(connection),
    apply,
    applyStream: (forma, options) => commandStream((observe) => apply(forma, { ...options, observe })),
    destroy: (forma, options = {}) => command(run(destroyOf(forma, options), options)),
    resume: ({ commandId, forma, ...options } = {}) => {
      const which = {
        ...(forma === undefined ? {} : { forma }),
        ...(commandId === undefined ? {} : { commandId }),
      }
      return command(run({ command: "resume", ...which, ...inUseOf(options) }, options))
    },
    stop: (commandId) =>
      connection
        .call((client) => client.commands.cancel({ params: { key: commandId }, payload: { how: "stop" } }))
        .pipe(
          Effect.map(({ wasRunning }) => wasRunning),
          // Nobody was asked, so it is not known that it will stop.
          Effect.catch((error) => Effect.as(Effect.logWarning(error.message), false)),
        ),
    adopt: (name, nativeId) =>
      run({ command: "adopt", ...nameOf(name), nativeId }).pipe(
        expecting(connection, "ChangeFailed", "OperationNotOpen", ...commandTags),
      ),
    import: (forma, things, options = {}) =>
      decodeForma(forma).pipe(
        Effect.flatMap((decoded) => run(importOf(decoded, things, options), options)),
        expecting(connection, "ChangeFailed", "ImportRefused", ...commandTags),
      ),
    forget: (name) =>
      run({ command: "forget", ...nameOf(name) }).pipe(expecting(connection, "OperationNotOpen", ...commandTags)),
    move: (name, to) =>
      run({ command: "mv", ...nameOf(name), to }).pipe(
        expecting(connection, "MoveRefused", "ResourceNotFound", ...commandTags),
      ),
  }
}
