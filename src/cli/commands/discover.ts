import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import { Agent } from "../../agent/index.ts"
import { type AgentConfig, readConfig } from "../AgentConfig.ts"
import { failedUnlessUnknown, refused } from "../agentFailures.ts"
import { CommandFailure, exitCodes } from "../CommandFailure.ts"
import { documentFlags } from "../document/documentFlags.ts"
import { targetsOf } from "../importing/discoveryTargets.ts"
import { type Failed, formatDiscovery, type Found, isFound } from "../importing/formatDiscovery.ts"
import { query, queryOf } from "../importing/queryFlag.ts"
import { openStateToRead } from "../openState.ts"
import { layerAgent } from "../layerAgent.ts"
import { printJsonList, printLines, stdoutWidth } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { agentFlags, name } from "../SharedFlags.ts"
import { textFlag } from "../textFlag.ts"
import { repeatable } from "../repeatable.ts"

const types = Argument.String("type").pipe(
  Argument.withDescription("Only resources of this type; AWS::EC2 stands for all types that begin so, and AWS too"),
  Argument.variadic(),
)

const document = textFlag("document").pipe(
  Flag.withMetavar("FILE"),
  Flag.withDescription("Look at the targets of this document (default: those of all resources in the state)"),
  Flag.optional,
)

const target = textFlag("target").pipe(
  Flag.withMetavar("NAME"),
  Flag.withDescription("Only at the target with this name; may be repeated"),
  repeatable,
)

const targetConfig = textFlag("target-config").pipe(
  Flag.withMetavar("JSON"),
  Flag.withDescription("Look at a target with this config. A type must be named, because it says which plugin to ask"),
  Flag.optional,
)

const flagsOfDiscover = { types, document, target, targetConfig, query, name, ...documentFlags, ...agentFlags }

const hintFor = (found: ReadonlyArray<Found>, isOfInventory: boolean): string =>
  found.length > 0
    ? '"formae import LABEL TYPE NATIVE_ID --into FILE" takes one into a document'
    : isOfInventory
      ? "These are the targets of the state; --document FILE looks at those of a document"
      : "What the provider itself owns, such as a default VPC, is left out"

/** The settings that decide what is looked for where a command does not say it. */
const settingsIn = ({ plugin = {} }: AgentConfig): ReadonlyArray<string> =>
  Object.entries(plugin).flatMap(([name, { discover: set }]) =>
    set === undefined ? [] : [`plugin.${name}.discover of the configuration says what is looked for`],
  )

export const discover = Command.make("discover", flagsOfDiscover, (flags) =>
  Effect.gen(function* () {
    const targets = yield* targetsOf(flags)
    const options = {
      targets,
      at: flags.target.length === 0 ? undefined : flags.target,
      types: flags.types.length === 0 ? undefined : flags.types,
      query: yield* queryOf(flags.query),
    }
    const failures: Array<Failed> = []
    const found = Effect.map(Agent, (agent) =>
      Stream.mapError(agent.discover(options), failedUnlessUnknown).pipe(Stream.filter(isFound(failures))),
    ).pipe(Stream.unwrap)
    if (flags.json) {
      yield* printJsonList(
        { command: "discover" },
        "resources",
        Stream.chunks(Stream.map(found, Struct.omit(["_tag"]))),
        () => ({
          failures: failures.map(Struct.omit(["_tag"])),
          status: failures.length === 0 ? "succeeded" : "failed",
        }),
      )
    } else {
      const all = yield* Stream.runCollect(found)
      const hint = hintFor(all, targets === undefined)
      const settings = settingsIn(yield* readConfig(flags.config))
      yield* printLines([...formatDiscovery(all, failures, hint, yield* stdoutWidth), ...settings])
    }
    if (failures.length > 0) return yield* new CommandFailure({ exitCode: exitCodes.failed, message: "" })
  }).pipe(
    Effect.provide(layerAgent(flags, { openStore: openStateToRead, startWith: [] })),
    Effect.catchTag("StoreUnavailable", (error) => Effect.fail(refused(error))),
    withJsonError(flags.json, "discover"),
  ),
).pipe(
  Command.withDescription(
    "List what exists at the providers and is in no document. Changes nothing. What a provider itself owns is left out",
  ),
  Command.withExamples([
    { command: "formae discover --document shop.yaml", description: "Look at the targets of a document" },
    {
      command: 'formae discover AWS::EC2 --target-config \'{"region":"eu-west-1"}\' --query team=web',
      description: "Look at one region, for what has a tag",
    },
  ]),
)
