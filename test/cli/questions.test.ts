/** What a terminal asks, as files in `test/fixtures/screens`; `npm run screens` writes them again. */
import { assert, describe, expect, it } from "@effect/vitest"
import { withOnly, withOutputChanges } from "../../src/agent/commands/CommandResult.ts"
import { detachQuestion } from "../../src/cli/Detaching.ts"
import { questionFor } from "../../src/cli/document/askParameters.ts"
import { formatResult } from "../../src/cli/formatResult.ts"
import type { Line } from "../../src/cli/Line.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"
import { questionOf } from "../../src/cli/plan/confirmPlan.ts"
import { foldedTo } from "../../src/cli/Question.ts"
import { widthOf } from "../../src/cli/textWidth.ts"
import { trustQuestion } from "../../src/cli/trust/TrustPrompt.ts"
import { planned } from "./screenResults.ts"

const widths = [60, 100, 160]

const path = "./policies/the-policy-of-all-buckets-that-others-read.json"

const supplied = [
  "- the document /home/ann/shop/infrastructure/network.yaml",
  "    sends these files to its targets:",
  `      ${path}`,
  "    has these targets:",
  '      aws.config.region: "eu-west-1"',
]

/** A user who applies a part of a document sees what it is limited to, and the outputs. */
const limited = withOutputChanges(
  withOnly(planned, { labels: ["front"], added: [{ label: "network", by: "front", reason: "needed" }], of: 9 }),
  [
    { path: "/vpcId", before: "vpc-0a1b2c3d4e5f67890", after: { $ref: "network.VpcId" }, knownLater: true },
    { path: "/zone", after: "eu-west-1a" },
  ],
)

const asked = (width: number): ReadonlyArray<ReadonlyArray<Line>> => [
  [
    "$ formae apply network.yaml",
    ...formatResult(limited, ["network"], width),
    "",
    ...fold(questionOf({ command: "apply", forma: "network" }, undefined), width),
  ],
  [
    "$ formae destroy network.yaml",
    ...fold(questionOf({ command: "destroy", forma: "network" }, "/home/ann/.formae/state.db"), width),
  ],
  ["$ formae apply shop.yaml", ...fold(trustQuestion("/home/ann/shop/infrastructure", supplied), width)],
  [
    "$ formae apply shop.yaml",
    ...fold(
      questionFor({
        name: "password",
        type: "string",
        secret: true,
        description: "with which the shop reads its database, of at least eight characters",
      }),
      width,
    ),
    ...fold(questionFor({ name: "stage", type: "string", allowed: ["dev", "prod"] }), width),
  ],
  ["$ formae apply shop.yaml", "^C", ...fold(detachQuestion, width)],
]

const fold = (question: ReadonlyArray<Line>, width: number) => foldedTo(question, width)

const screenOf = (width: number, hasColor: boolean): string =>
  asked(width)
    .map((lines) => `${linesToWrite(lines, hasColor).join("\n").replaceAll("\u001b", "␛")}\n`)
    .join("\n")

describe("a question", () => {
  it.each(widths.flatMap((width) => [false, true].map((hasColor) => ({ width, hasColor }))))(
    "on a terminal with $width columns is as it was (color: $hasColor)",
    async ({ hasColor, width }) => {
      await expect(screenOf(width, hasColor)).toMatchFileSnapshot(
        `../fixtures/screens/questions-${width}${hasColor ? "-color" : ""}.txt`,
      )
    },
  )

  it.each(widths)("fits %d columns, but for a path that is longer", (width) => {
    for (const line of screenOf(width, false).split("\n")) {
      if (!line.trim().startsWith("./")) assert.isAtMost(widthOf(line), width, line)
    }
  })

  it("shows a path as a whole, however long it is", () => {
    for (const width of [20, ...widths]) assert.include(screenOf(width, false), path)
  })
})
