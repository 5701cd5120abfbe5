/**
 * What a terminal shows, as files in `test/fixtures/screens`. After a change that is meant,
 * `npm run screens` writes them again: look at what has changed in them.
 */
import { assert, describe, expect, it } from "@effect/vitest"
import { formatResult } from "../../src/cli/formatResult.ts"
import type { Line } from "../../src/cli/Line.ts"
import { linesToWrite } from "../../src/cli/Outputs.ts"
import { formatPlan } from "../../src/cli/plan/formatPlan.ts"
import { addedTable, foundTable } from "../../src/cli/pluginTables.ts"
import { reportLines } from "../../src/cli/reportLines.ts"
import { widthOf } from "../../src/cli/textWidth.ts"
import { added, found, report } from "./screenPlugins.ts"
import { underWay } from "./screenUnderWay.ts"
import { applied, inventory, planned } from "./screenResults.ts"

const widths = [60, 100, 160]

/** An escape character would steer the terminal on which the file is printed. */
const written = (lines: ReadonlyArray<Line>, hasColor: boolean) =>
  linesToWrite(lines, hasColor).join("\n").replaceAll("\u001b", "␛")

const screenOf = (width: number | undefined, hasColor: boolean): string =>
  [
    "$ formae plan network.yaml",
    written(formatResult(planned, ["network"], width), hasColor),
    "",
    "$ formae apply network.yaml",
    // Where there is no terminal, it is not drawn.
    ...(width === undefined ? [] : [written(underWay(width), hasColor), ""]),
    written(formatResult(applied, ["network"], width), hasColor),
    "",
    "$ formae inventory",
    written(formatResult(inventory, ["network"], width), hasColor),
    "",
    "$ formae plugins",
    written(
      foundTable(found, (name) => placed(name === "my-cloud" ? "Quarantined" : undefined), width),
      hasColor,
    ),
    "",
    "$ formae plugin list",
    written(addedTable(added, false, width), hasColor),
    "",
    "$ formae plugin test .",
    written(reportLines(report), hasColor),
    "",
  ].join("\n")

const placed = (state: string | undefined) => ({ state, rateLimit: undefined })

describe("the screen", () => {
  it.each(widths.flatMap((width) => [false, true].map((hasColor) => ({ width, hasColor }))))(
    "of a terminal with $width columns is as it was (color: $hasColor)",
    async ({ hasColor, width }) => {
      await expect(screenOf(width, hasColor)).toMatchFileSnapshot(
        `../fixtures/screens/${width}${hasColor ? "-color" : ""}.txt`,
      )
    },
  )

  it("where there is no terminal is as it was", async () => {
    await expect(screenOf(undefined, false)).toMatchFileSnapshot("../fixtures/screens/pipe.txt")
  })

  it.each(widths)("fits %d columns", (width) => {
    const lines = linesToWrite(
      [
        ...formatPlan(planned.resources, width),
        ...foundTable(found, () => placed("Quarantined"), width),
        ...addedTable(added, false, width),
      ],
      false,
    )
    assert.isAbove(lines.length, 30)
    for (const line of lines) assert.isAtMost(widthOf(line), width, line)
  })

  it.each(widths)("of %d columns has the same text in colors as without", (width) => {
    // oxlint-disable-next-line no-control-regex
    const plain = screenOf(width, true).replaceAll(/␛\[\d+m/g, "")
    assert.strictEqual(plain, screenOf(width, false))
    assert.notStrictEqual(screenOf(width, true), plain)
  })

  it("shows no secret", () => {
    assert.notInclude(screenOf(160, false), "canary")
  })
})
