import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { explainPolicy as explain, restartPolicy } from "../../agent/index.ts"
import { readConfig } from "../AgentConfig.ts"
import { formatPolicy } from "../formatPolicy.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, json } from "../SharedFlags.ts"
import { supervisionOf } from "../SupervisionConfig.ts"
import { ownValue } from "../../protocol/ownValue.ts"

const plugin = Flag.String("plugin").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("The plugin whose policy is explained, with its own settings and its exact delays"),
  Flag.optional,
)

export const explainPolicy = Command.make("explain", { plugin, json, config }, (flags) =>
  Effect.gen(function* () {
    const { plugin: plugins, supervision } = yield* readConfig(flags.config)
    const name = Option.getOrUndefined(flags.plugin)
    const { limits, restart } = supervisionOf(
      supervision,
      name === undefined ? undefined : ownValue(plugins, name)?.supervision,
    )
    // The jitter follows from the plugin's name, so without a name there is none to compute.
    const settings = name === undefined ? { ...restart, jitter: 0 } : restart
    const explanation = yield* explain(restartPolicy(settings, name ?? ""))
    yield* flags.json
      ? printJson({
          command: "policy explain",
          plugin: name ?? null,
          settings: restart,
          operationCrashes: limits.operationCrashes,
          ...explanation,
        })
      : printLast(...formatPolicy(name, { limits, restart }, explanation))
  }).pipe(withJsonError(flags.json, "policy explain")),
).pipe(
  Command.withDescription(
    "Print each restart delay, their running sum, when the plugin is quarantined, and when an operation is set aside",
  ),
)
