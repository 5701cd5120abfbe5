/** The page docs/fidelity.md: what was tried on which emulator, and what an emulator cannot show. */
import { type CaseResult, type Finding } from "./CaseResult.ts"

const wordOf = {
  apply: "apply",
  again: "apply again",
  change: "change",
  drift: "change from outside",
  remove: "remove",
  destroy: "destroy",
}

const count = (results: ReadonlyArray<CaseResult>, kind: Finding["kind"]): number =>
  results.flatMap(({ findings }) => findings).filter((finding) => finding.kind === kind).length

const distinct = <A>(values: ReadonlyArray<A>): ReadonlyArray<A> => [...new Set(values)]

export const summaryOf = (results: ReadonlyArray<CaseResult>): string =>
  [
    `${distinct(results.map(({ type }) => type)).length} types`,
    `${results.filter(({ property }) => property !== undefined).length} properties`,
    `${count(results, "passed")} steps passed`,
    `${count(results, "gap")} not shown by the emulator`,
    `${count(results, "limit")} limits of formae`,
    `${count(results, "failed")} failed`,
  ].join(", ")

const rowsOf = (results: ReadonlyArray<CaseResult>, kind: "gap" | "limit"): ReadonlyArray<string> =>
  results.flatMap(({ cloud, findings, property = "the resource", type, version }) => {
    const found = findings.filter((finding) => finding.kind === kind)
    return distinct(found.map(({ text }) => text)).map((text) => {
      const steps = found.filter((finding) => finding.text === text).map(({ step }) => wordOf[step])
      return `| ${cloud} ${version} | \`${type}\` | ${property === "the resource" ? property : `\`${property}\``} | ${steps.join(", ")} | ${text} |`
    })
  })

const tableOf = (results: ReadonlyArray<CaseResult>, kind: "gap" | "limit"): ReadonlyArray<string> => {
  const rows = rowsOf(results, kind)
  if (rows.length === 0) return ["None."]
  return ["| emulator | resource type | property | step | what it does |", "|---|---|---|---|---|", ...rows]
}

const runsOf = (results: ReadonlyArray<CaseResult>): ReadonlyArray<string> =>
  distinct(results.map(({ cloud }) => cloud)).map((cloud) => {
    const own = results.filter((result) => result.cloud === cloud)
    const types = distinct(own.map(({ type }) => type)).length
    const properties = own.filter(({ property }) => property !== undefined).length
    return `| ${cloud} | ${own[0]?.version} | ${types} | ${properties} | ${count(own, "passed")} | ${count(own, "unable")} | ${count(own, "gap")} |`
  })

export const fidelityPage = (results: ReadonlyArray<CaseResult>): string =>
  [
    "# What the emulators show",
    "",
    "`npm run fidelity` tries what [docs/types.md](types.md) says of the resource types of AWS and Azure, and writes this page if nothing else has failed than what it lists.",
    "",
    "On each emulator, each property of each resource type is set alone, beside the required ones, by a real agent:",
    "",
    "* **Apply**, and **apply again**, which must do nothing.",
    "* **Change** to another value: in place, or by a replacement where the property is create-only. The next plan is empty.",
    "* **Change from outside**: the provider's own SDK gives it a third value. The plan must see that, and an apply put it right.",
    "* **Remove** from the document: it is back at its default, or the plugin refuses and nothing has changed.",
    "* **Destroy**: nothing is left at the emulator or in the inventory.",
    "",
    "Each resource as a whole is also deleted from outside, and created again by the next apply.",
    "",
    "| emulator | version | types | properties | steps passed | steps that do not exist | steps that it cannot show |",
    "|---|---|---|---|---|---|---|",
    ...runsOf(results),
    "",
    "## What an emulator cannot show",
    "",
    "Each of these was tried, and failed as it says. If an emulator learns one of them, the run says so.",
    "",
    ...tableOf(results, "gap"),
    "",
    "## Known limits of formae",
    "",
    ...tableOf(results, "limit"),
    "",
  ].join("\n")
