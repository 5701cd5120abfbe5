/** What a terminal shows while an apply is running. */
import type { Line } from "../../src/cli/Line.ts"
import { liveLines } from "../../src/cli/progress/liveLines.ts"
import { makeLiveWork } from "../../src/cli/progress/LiveWork.ts"
import { accepted, changeOf, failedTry, finished, planned, retry, started, usual } from "./progress/work.ts"

const labels = ["network", "subnet-of-the-first-zone", "database", "cache"]

export const underWay = (width: number): ReadonlyArray<Line> => {
  const work = makeLiveWork()
  const changes = [
    ...labels.map((label) => changeOf(label)),
    changeOf("web", "create", labels),
    changeOf("logs"),
    changeOf("done"),
    changeOf("broken"),
  ]
  work.note(planned(changes, [usual("Create", 90_000)]), 0)
  for (const label of [...labels, "done", "broken"]) work.note(started(label), 0)
  work.note(accepted("network", "vpc-0a1b2c3d4e5f67890"), 1_000)
  work.note(failedTry("database", 6), 60_000)
  work.note(finished("done"), 61_000)
  work.note(finished("broken", "AccessDenied"), 61_000)
  return liveLines(work, { now: 65_000, width, height: 24, retry, restartAt: () => undefined })
}
