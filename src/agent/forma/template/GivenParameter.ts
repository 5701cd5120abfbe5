/** The values that the parameters of a document are given. */
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import type { LocatedText, PlacedIssue, Position } from "../LocatedText.ts"
import { knownNames, nearestName } from "../nearestName.ts"
import type { CompilePattern } from "../schema/PatternMatcher.ts"
import type { Parameter } from "./Parameter.ts"
import { objectionToValue, readValue } from "./parameterValue.ts"

/** A value that a parameter is given. */
export interface GivenParameter {
  /** The name of the parameter. */
  readonly name: string
  /** The value; where `isText` is true, a text that is read by the type of the parameter. */
  readonly value: Schema.Json
  /** Whether the value is a text as somebody has typed it. */
  readonly isText?: boolean
  /** Where it comes from, in words for a message: `the program`. */
  readonly from?: string
  /** Where it stands, if it is from a file. */
  readonly place?: Position & { readonly file: string }
  /** Whether other documents take values from the same place, so that an unknown name may be of one of them. */
  readonly isShared?: boolean
}

/** The values of the parameters, by name, and what is wrong. A value is undefined where none was given. */
export interface ChosenParameters {
  readonly values: ReadonlyMap<string, Schema.Json>
  readonly issues: ReadonlyArray<PlacedIssue>
}

type Locate = LocatedText["locate"]

const issueOf = (locate: Locate, given: GivenParameter, message: string, path = ["parameters", given.name]) =>
  given.place === undefined ? { path, message, ...locate(path) } : { path: [given.name], message, ...given.place }

const sourceOf = ({ from, place }: GivenParameter): string =>
  place !== undefined ? "the value" : from === undefined ? "the value that is given" : `the value from ${from}`

/** Whether an unknown name is certainly a mistake: where others take values too, only if it is much like one that has none. */
const isMistake = (
  given: GivenParameter,
  names: ReadonlyArray<string>,
  all: ReadonlyArray<GivenParameter>,
): boolean => {
  if (given.isShared !== true) return true
  const nearest = nearestName(given.name, names)
  return nearest !== undefined && !all.some(({ name }) => name === nearest)
}

/** Chooses among the values that are given: of a parameter that has several, the last one. */
export const chooseParameters = (
  declared: ReadonlyArray<Parameter>,
  given: ReadonlyArray<GivenParameter>,
  locate: Locate,
  compile: CompilePattern,
): ChosenParameters => {
  const byName = new Map(declared.map((parameter) => [parameter.name, parameter]))
  const names = [...byName.keys()]
  const last = new Map(given.map((one) => [one.name, one]))
  const values = new Map<string, Schema.Json>()
  const unknown = given
    .filter((one) => !byName.has(one.name) && isMistake(one, names, given))
    .map((one) => {
      const from =
        one.place !== undefined || one.from === undefined ? "" : `, for which there is a value from ${one.from}`
      const message = `the document has no parameter ${one.name}${from}; ${knownNames(one.name, "parameters", names)}`
      return issueOf(locate, one, message, ["parameters"])
    })
  const wrong = [...last.values()].flatMap((one) => {
    const parameter = byName.get(one.name)
    if (parameter === undefined) return []
    const read =
      one.isText === true && typeof one.value === "string" ? readValue(parameter, one.value) : Result.succeed(one.value)
    const objection = Result.isFailure(read) ? read.failure : objectionToValue(parameter, read.success, compile)
    if (objection !== undefined) return [issueOf(locate, one, `${sourceOf(one)} ${objection}`)]
    if (Result.isSuccess(read)) values.set(one.name, read.success)
    return []
  })
  return { values, issues: [...unknown, ...wrong] }
}
