import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { badInput } from "../CommandFailure.ts"
import { readDocument } from "../DocumentFile.ts"
import { documentFlags } from "../document/documentFlags.ts"
import { span } from "../Line.ts"
import { formatDot, formatMermaid, graphOf } from "../looking/graph.ts"
import { printJson, printLines } from "../Outputs.ts"
import { withJsonError } from "../printResult.ts"
import { file, json, name, trust } from "../SharedFlags.ts"

const dot = Flag.Boolean("dot").pipe(
  Flag.withDescription("Print it for Graphviz, and not for Mermaid"),
  Flag.withDefault(false),
)

export const graph = Command.make("graph", { file, dot, name, ...documentFlags, json, trust }, (flags) =>
  Effect.gen(function* () {
    if (flags.dot && flags.json) return yield* badInput("FlagsConflict", "Give --dot or --json, not both")
    const { forma } = yield* readDocument(flags.file, flags)
    const made = graphOf(forma)
    yield* flags.json
      ? printJson({ command: "graph", status: "succeeded", ...made })
      : printLines((flags.dot ? formatDot(made) : formatMermaid(made)).map((line) => [span(line)]))
  }).pipe(withJsonError(flags.json, "graph")),
).pipe(
  Command.withDescription(
    "Print the resources of a document as a graph. An arrow leads to what a resource refers to, and a dashed one to what it only depends on. No plugin is started",
  ),
  Command.withExamples([
    { command: "formae graph network.yaml", description: "For a page that shows Mermaid, such as a README on GitHub" },
    { command: "formae graph network.yaml --dot | dot -Tsvg", description: "As a picture, with Graphviz" },
  ]),
)
