/** What `formae doctor` says of the runners that share a state. Pure. */
import type { ClusterReport } from "../../cluster/ClusterReport.ts"
import { formatDuration } from "../formatDuration.ts"
import { type Finding, ok, warning } from "./Finding.ts"

/** Nothing of a state that no runner has ever shared. */
export const clusterFindings = (report: ClusterReport | undefined): ReadonlyArray<Finding> => {
  if (report === undefined) return []
  const { runners, unfinished } = report
  const there = runners.filter(({ healthy }) => healthy)
  const names = there.map(({ runner }) => runner).join(", ")
  return [
    ...(there.length === 0
      ? []
      : [ok(`${there.length === 1 ? "One runner shares" : `${there.length} runners share`} the state: ${names}`)]),
    ...runners
      .filter(({ healthy }) => !healthy)
      .map(({ lagMillis, runner }) =>
        warning(
          `The runner ${runner} does not answer. It has last renewed its lease ${formatDuration(lagMillis)} ago`,
          "Others take over what it had. If it should be there, see what it has printed, and start it again",
        ),
      ),
    ...(there.length > 0
      ? []
      : [
          unfinished === 0
            ? ok("Runners have shared the state, and there is none now")
            : warning(
                `There is no runner now, and ${unfinished === 1 ? "one command has" : `${unfinished} commands have`} not ended`,
                '"formae agent --cluster HOST:PORT" starts a runner, which continues what is under way',
              ),
        ]),
  ]
}
