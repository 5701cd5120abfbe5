import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { explainPolicy, restartPolicy } from "../../agent/index.ts"
import { readConfig } from "../AgentConfig.ts"
import { config, json } from "../SharedFlags.ts"
import { formatPolicy } from "../formatPolicy.ts"
import { supervisionOf } from "../SupervisionConfig.ts"

const plugin = Flag.String("plugin").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("The plugin whose policy is told, with its own settings and its very delays"),
  Flag.optional,
)

const explain = Command.make(
  "explain",
  { plugin, json, config },
  Effect.fnUntraced(function* (flags) {
    const { plugin: own, supervision } = yield* readConfig(flags.config)
    const name = Option.getOrUndefined(flags.plugin)
    const { restart } = supervisionOf(supervision, name === undefined ? undefined : own?.[name]?.supervision)
    // Without a plugin there is nothing that the jitter could follow from.
    const settings = name === undefined ? { ...restart, jitter: 0 } : restart
    const explanation = yield* explainPolicy(restartPolicy(settings, name ?? ""))
    yield* Console.log(
      flags.json
        ? JSON.stringify(
            { command: "policy explain", plugin: name ?? null, settings: restart, ...explanation },
            null,
            2,
          )
        : formatPolicy(name, restart, explanation),
    )
  }),
).pipe(Command.withDescription("Print each delay of the restart policy, its running sum, and when quarantine comes"))

export const policy = Command.make("policy").pipe(
  Command.withDescription("What the agent does to a plugin that crashes"),
  Command.withSubcommands([explain]),
)
