/** What a command of the API does in the agent. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Agent } from "../../agent/Agent.ts"
import type { CommandOptions } from "../../agent/commands/CommandOptions.ts"
import type { CommandResult } from "../../agent/commands/CommandResult.ts"
import { decodeForma } from "../../agent/forma/Forma.ts"
import { type FormaDocument, FormaTarget, MovedLabel } from "../../agent/forma/FormaDocument.ts"
import { CaredFor, type DestroyedForma } from "../../agent/plan/DestroyedForma.ts"
import { PropertyChange } from "../../agent/plan/PropertyChange.ts"
import { NativeId } from "../../protocol/Identity.ts"
import type { ApiCommand } from "../api/ApiCommand.ts"
import type { AgentError } from "../mapping/errors.ts"
import { thingsFromApi } from "../mapping/importing.ts"
import { resourceFromApi } from "../mapping/models.ts"
import { badRequestOf } from "./badRequestOf.ts"
import type { BadRequest } from "../api/ApiFailure.ts"

const Targets = Schema.Record(Schema.String, FormaTarget)
const unread = Schema.optionalKey(Schema.Json)

/** Of a whole document the rest is not needed, and may be there. */
const Destroyed = Schema.Struct({
  name: Schema.String,
  targets: Schema.optionalKey(Targets),
  resources: unread,
  moved: unread,
  outputs: unread,
} satisfies Record<keyof typeof FormaDocument.fields, unknown>)
const decodeTargets = Schema.decodeUnknownEffect(Targets, { onExcessProperty: "error" })
const decodeOutputs = Schema.decodeUnknownEffect(Schema.Array(PropertyChange))
const decodeWhole = Schema.decodeUnknownEffect(Destroyed, { onExcessProperty: "error" })
/** What counts of the rest is read for itself: a document has more. */
const decodeCare = Schema.decodeUnknownEffect(
  Schema.Struct({
    resources: Schema.optionalKey(Schema.Array(CaredFor)),
    moved: Schema.optionalKey(Schema.Array(MovedLabel)),
  }),
)
const decodeDestroyed = (forma: unknown) =>
  Effect.map(Effect.all([decodeWhole(forma), decodeCare(forma)]), ([{ name, targets }, care]) => ({
    name,
    ...(targets === undefined ? {} : { targets }),
    ...care,
  }))

/** A forma by its name, or with the targets by which it is reached. Fails with `BadRequest` where it is neither. */
export const destroyedOf = (
  forma: string | Readonly<Record<string, Schema.Json>> | undefined,
): Effect.Effect<string | DestroyedForma | undefined, BadRequest> =>
  typeof forma === "object" ? Effect.mapError(decodeDestroyed(forma), badRequestOf(["forma"])) : Effect.succeed(forma)

/** The targets of a document. Fails with `BadRequest` where they are none. */
export const targetsOf = (
  targets: Readonly<Record<string, Schema.Json>> | undefined,
): Effect.Effect<DestroyedForma["targets"], BadRequest> =>
  targets === undefined ? Effect.undefined : Effect.mapError(decodeTargets(targets), badRequestOf(["targets"]))

/** A command that may run. Fails with `BadRequest`, before anything is done, where it says what no version of the agent can mean. */
export const commandOf = (
  agent: Agent["Service"],
  command: ApiCommand,
): Effect.Effect<(options: CommandOptions) => Effect.Effect<CommandResult, AgentError>, BadRequest> => {
  switch (command.command) {
    case "apply": {
      const { acceptDrift, document, forma, only, whenInUse } = command
      return Effect.all({
        resources: Effect.mapError(Effect.forEach(command.expected ?? [], resourceFromApi), badRequestOf(["expected"])),
        outputs: Effect.mapError(decodeOutputs(command.expectedOutputs ?? []), badRequestOf(["expectedOutputs"])),
      }).pipe(
        Effect.map(({ outputs, resources }) => {
          const expected = command.expected === undefined ? undefined : resources
          const expectedOutputs = command.expectedOutputs === undefined ? undefined : outputs
          return (options) =>
            Effect.flatMap(decodeForma(forma), (decoded) =>
              agent.apply(decoded, {
                ...options,
                acceptDrift,
                document,
                only,
                whenInUse,
                expected,
                expectedOutputs,
              }),
            )
        }),
      )
    }
    case "destroy": {
      const { acceptDrift, document, forma, only, whenInUse } = command
      return Effect.mapError(decodeDestroyed(forma), badRequestOf(["forma"])).pipe(
        Effect.map(
          (decoded) => (options) => agent.destroy(decoded, { ...options, acceptDrift, document, only, whenInUse }),
        ),
      )
    }
    case "resume": {
      const { commandId, forma, whenInUse } = command
      return Effect.succeed((options) => agent.resume({ ...options, commandId, forma, whenInUse }))
    }
    case "adopt":
      return Effect.succeed(() => agent.adopt(command, NativeId.make(command.nativeId)))
    case "forget":
      return Effect.succeed(() => agent.forget(command))
    case "import": {
      const { document, forma, isWritten, things, whenInUse } = command
      return Effect.mapError(thingsFromApi(things), badRequestOf(["things"])).pipe(
        Effect.map(
          (decoded) => (options) =>
            Effect.flatMap(decodeForma(forma), (one) =>
              agent.import(one, decoded, {
                commandId: options.commandId,
                observe: options.observe,
                document,
                isWritten,
                whenInUse,
              }),
            ),
        ),
      )
    }
    case "mv":
      return Effect.succeed(() => agent.move(command, command.to))
  }
}
