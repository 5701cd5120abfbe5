import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { objectionToState } from "../postgres/objectionToState.ts"
import { badInput } from "../CommandFailure.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, json, trust } from "../SharedFlags.ts"
import { refuseElsewhere } from "../staying/namedAgent.ts"

const what = "a file, or postgres://ROLE@HOST:PORT/DATABASE?schema=NAME"
const from = Argument.String("from").pipe(Argument.withDescription(`The state to copy: ${what}`))
const to = Argument.String("to").pipe(Argument.withDescription(`The state to make: ${what}. It must be new or empty`))

const refuseBad = Effect.fnUntraced(function* (state: string) {
  const objection = objectionToState(state)
  if (objection !== undefined) return yield* badInput("StateInvalid", `A state cannot be used: ${objection}`)
})

export const copyState = Command.make("copy", { from, to, json, config, trust }, (flags) =>
  Effect.gen(function* () {
    yield* refuseElsewhere("state copy")
    yield* refuseBad(flags.from)
    yield* refuseBad(flags.to)
    const { runCopy } = yield* Effect.promise(() => import("../postgres/runCopy.ts"))
    const { key, tables } = yield* runCopy(flags)
    const rows = tables.reduce((sum, one) => sum + one.rows, 0)
    yield* flags.json
      ? printJson({ command: "state copy", status: "succeeded", from: flags.from, to: flags.to, key, tables })
      : printLast(
          `Copied ${rows} rows from the state ${flags.from} to ${flags.to}, and compared both row by row`,
          key === null
            ? "Its key is the one that was given, and is kept nowhere else"
            : `Its key is ${key}: every host that works on the copy needs the same one`,
          `Do not work on ${flags.from} any more: the two would no longer know the same things`,
        )
  }).pipe(withJsonError(flags.json, "state copy")),
).pipe(
  Command.withDescription(
    "Copy a state to another place, from a file to a Postgres server or back. Nobody may use either meanwhile",
  ),
  Command.withExamples([
    {
      command: "formae state copy .formae/state.db postgres://formae@db.example.com/infra",
      description: "Move a state to a server, where several hosts can work on it",
    },
  ]),
)
