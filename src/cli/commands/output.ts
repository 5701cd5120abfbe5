import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Agent, type CommandResult } from "../../agent/index.ts"
import { ownValue } from "../../protocol/ownValue.ts"
import { failed, refused } from "../agentFailures.ts"
import { badInput, withLine } from "../CommandFailure.ts"
import { openStateToRead } from "../openState.ts"
import { layerAgent } from "../layerAgent.ts"
import { listedOutputs, namedOutput } from "../outputLines.ts"
import { printJson, printLines, printText } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { agentFlags } from "../SharedFlags.ts"

const name = Argument.String("name").pipe(
  Argument.withDescription("An output as document.name, or a document (default: all outputs)"),
  Argument.optional,
)

const showSecret = Flag.Boolean("show-secret").pipe(
  Flag.withDescription("Print the value of a secret too. It takes the name of one output"),
  Flag.withDefault(false),
)

/** One output by its name is for a script: its value alone. A document has lines with names, however many outputs it has. */
const print = (outputs: NonNullable<CommandResult["outputs"]>, name: string | undefined) => {
  const one = name === undefined ? undefined : ownValue(outputs, name)
  if (one === undefined) return printLines(listedOutputs(outputs))
  const text = namedOutput(one)
  return text === undefined
    ? withLine(badInput("OutputSecret", `The output ${name} is secret`), "--show-secret prints it")
    : printText(text)
}

export const output = Command.make("output", { name, showSecret, ...agentFlags }, (flags) =>
  Effect.gen(function* () {
    const agent = yield* Agent
    const query = { name: Option.getOrUndefined(flags.name), withSecret: flags.showSecret }
    const result = yield* Effect.mapError(agent.outputs(query), (error) =>
      error._tag === "OutputNotFound" ? refused(error) : failed(error),
    )
    yield* flags.json ? printJson(result) : print(result.outputs ?? {}, query.name)
  }).pipe(
    Effect.provide(layerAgent(flags, { openStore: openStateToRead })),
    Effect.catchTag("StoreUnavailable", (error) => Effect.fail(refused(error))),
    withJsonError(flags.json, "output"),
  ),
).pipe(
  Command.withDescription("Print the outputs of documents, as their last applies have given them"),
  Command.withExamples([
    { command: "formae output network.vpcId", description: "One value, for a script" },
    { command: "formae output --json", description: "All of them" },
  ]),
)
