/** The flag that says which resources are meant by what they have. */
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { badInput, type CommandFailure } from "../CommandFailure.ts"
import { textFlag } from "../textFlag.ts"
import { repeatable } from "../repeatable.ts"

export const query = textFlag("query").pipe(
  Flag.withMetavar("NAME=VALUE"),
  Flag.withDescription(
    "Only resources with this value of a tag or of a property; a * stands for any characters. May be repeated. Each resource is read for that",
  ),
  repeatable,
)

/** The query of the flags. None where there are none. */
export const queryOf = Effect.fnUntraced(function* (
  given: ReadonlyArray<string>,
): Effect.fn.Return<Readonly<Record<string, string>> | undefined, CommandFailure> {
  if (given.length === 0) return undefined
  const pairs = yield* Effect.forEach(given, (text) => {
    const at = text.indexOf("=")
    return at > 0
      ? Effect.succeed([text.slice(0, at), text.slice(at + 1)] as const)
      : Effect.fail(
          badInput(
            "QueryInvalid",
            `The query ${text} is not NAME=VALUE, such as team=web. A * stands for any characters`,
          ),
        )
  })
  const names = pairs.map(([name]) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    return yield* badInput("QueryInvalid", `The query has ${twice} twice; nothing has both values`)
  return Object.fromEntries(pairs)
})
