/** What became of the steps of one property on an emulator. */
import { type PropertyCase, type Step, steps } from "./Subject.ts"

/**
 * `passed`: as the provider does it. `unable`: the step does not exist for this property. `gap`: the emulator does not
 * do it, as was said beforehand. `limit`: formae does not, as was said beforehand. `failed`: everything else.
 */
export interface Finding {
  readonly step: Step
  readonly kind: "passed" | "unable" | "gap" | "limit" | "failed"
  readonly text: string
}

export interface CaseResult {
  /** The name of the emulator. */
  readonly cloud: string
  readonly version: string
  readonly type: string
  /** The property, with the part of it that was tried; undefined for the resource as a whole. */
  readonly property: string | undefined
  readonly findings: ReadonlyArray<Finding>
}

export const nameOf = ({ part, property }: Pick<PropertyCase<never>, "part" | "property">): string =>
  part === undefined ? property : `${property} (${part})`

/** The finding of a step that has ended, where it was said beforehand that it cannot pass. */
export const findingOf = (
  step: Step,
  failure: string | undefined,
  { gap, limit }: { readonly gap: string | undefined; readonly limit: string | undefined },
): Finding => {
  const known = gap ?? limit
  if (known === undefined) return { step, kind: failure === undefined ? "passed" : "failed", text: failure ?? "" }
  if (failure === undefined) return { step, kind: "failed", text: `passes, although the table says: ${known}` }
  return { step, kind: gap === undefined ? "limit" : "gap", text: known }
}

export const failuresOf = (results: ReadonlyArray<CaseResult>): ReadonlyArray<string> =>
  results.flatMap(({ cloud, findings, property = "the resource", type }) =>
    findings
      .filter(({ kind }) => kind === "failed")
      .map(({ step, text }) => `${cloud}: ${type} ${property}: ${step}: ${text}`),
  )

const marks = { passed: "+", unable: ".", gap: "g", limit: "l", failed: "!" } as const

/** One line of progress, with a mark for each step. */
export const progressOf = ({ cloud, findings, property = "the resource", type }: CaseResult): string => {
  const marked = steps.map((step) => {
    const found = findings.find((finding) => finding.step === step)
    return found === undefined ? " " : marks[found.kind]
  })
  return `${marked.join("")} ${cloud} ${type} ${property}`
}
