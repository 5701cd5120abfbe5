import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { supervisionOf } from "../../agent/configuration/SupervisionConfiguration.ts"
import { explainPolicy as explain, restartPolicy } from "../../agent/index.ts"
import { readConfig } from "../AgentConfig.ts"
import { formatPolicy } from "../formatPolicy.ts"
import { printJson, printLast } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, json, trust } from "../SharedFlags.ts"
import { requireTrust } from "../trust/requireTrust.ts"
import { ownValue } from "../../protocol/ownValue.ts"

const plugin = Flag.String("plugin").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("The plugin whose policy is explained, with its own settings and its exact delays"),
  Flag.optional,
)

export const explainPolicy = Command.make("explain", { plugin, json, config, trust }, (flags) =>
  Effect.gen(function* () {
    const settings = yield* readConfig(flags.config)
    yield* requireTrust(flags, settings, [])
    const { plugin: plugins, supervision } = settings
    const name = Option.getOrUndefined(flags.plugin)
    const { limits, restart } = supervisionOf(
      supervision,
      name === undefined ? undefined : ownValue(plugins, name)?.supervision,
    )
    // The jitter follows from the plugin's name, so without a name there is none to compute.
    const jittered = name === undefined ? { ...restart, jitter: 0 } : restart
    const explanation = yield* explain(restartPolicy(jittered, name ?? ""))
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
