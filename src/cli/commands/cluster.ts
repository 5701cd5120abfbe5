import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { formatTime } from "../../protocol/formatTime.ts"
import type { ClusterReport } from "../../cluster/ClusterReport.ts"
import { readConfig, stateFileOf } from "../AgentConfig.ts"
import { failed, refused } from "../agentFailures.ts"
import { formatDuration } from "../formatDuration.ts"
import { formatTable } from "../formatTable.ts"
import { printJson, printLines, stdoutWidth } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { config, json, state, trust } from "../SharedFlags.ts"
import { requireTrust } from "../trust/requireTrust.ts"

const runnerColumns = ["runner", "answers", "hosts", "shards", "rate limits", "last renewed"] as const
const documentColumns = ["document", "runner", "epoch", "since"] as const

const linesOf = ({ documents, messages, runners, unfinished }: ClusterReport, width: number | undefined) => [
  ...(runners.length === 0
    ? ['There is no runner now. "formae agent --cluster HOST:PORT" starts one']
    : formatTable(
        runnerColumns,
        runners.map(({ healthy, lagMillis, namespaces, rateShares, runner, shards }) => [
          runner,
          healthy ? "yes" : "no",
          namespaces.join(", "),
          String(shards),
          rateShares
            .filter(({ namespace }) => namespaces.includes(namespace))
            .map(({ namespace, share }) => `${namespace} ${Math.floor(share * 100)}%`)
            .join(", "),
          `${formatDuration(lagMillis)} ago`,
        ]),
        width,
      )),
  ...(documents.length === 0
    ? []
    : [
        "",
        ...formatTable(
          documentColumns,
          documents.map(({ epoch, forma, runner, since }) => [
            forma === "" ? "all" : forma,
            runner ?? "none now",
            String(epoch),
            formatTime(since),
          ]),
          width,
        ),
      ]),
  "",
  `${unfinished} ${unfinished === 1 ? "command has" : "commands have"} not ended; ${messages} ${messages === 1 ? "message is" : "messages are"} kept`,
]

export const cluster = Command.make("cluster", { json, state, config, trust }, (flags) =>
  Effect.gen(function* () {
    const { readReport } = yield* Effect.promise(() => import("../cluster/readReport.ts"))
    const settings = yield* readConfig(flags.config)
    yield* requireTrust(flags, settings, ["state"])
    const stateFile = stateFileOf(flags, settings)
    const report = yield* readReport(stateFile)
    if (flags.json) return yield* printJson({ command: "cluster", status: "succeeded", cluster: report ?? null })
    if (report === undefined) {
      return yield* printLines([
        `No runner has ever joined the cluster of ${stateFile}. "formae agent --cluster HOST:PORT" starts one`,
      ])
    }
    yield* printLines(linesOf(report, yield* stdoutWidth))
  }).pipe(
    Effect.catchTags({
      StoreUnavailable: (error) => Effect.fail(refused(error)),
      SqlError: (error) => Effect.fail(failed(error)),
    }),
    withJsonError(flags.json, "cluster"),
  ),
).pipe(
  Command.withDescription(
    "Show the runners of a cluster, what each may host, and which of them has which document. Asks the database alone",
  ),
)
