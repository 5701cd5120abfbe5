/** What to say where a value fits none of several schemas: what is wrong with the form that was probably meant. */
import type { Found, Outcome } from "./Outcome.ts"
import type { Place } from "./Place.ts"
import { expectedOneOf } from "./sentences.ts"

/** Nobody reads more. */
const mostForms = 100

export const tellAlternatives = (at: Place, outcomes: ReadonlyArray<Outcome>): ReadonlyArray<Found> => {
  const forms = outcomes.slice(0, mostForms).map(({ found }) => found)
  const near = forms.filter((found) => !found.some((one) => one.at === at && one.expected !== undefined))
  if (near.length === 0) {
    return [
      expectedOneOf(
        at,
        "literal",
        forms.flat().flatMap((one) => ofPlace(one, at)),
        String,
      ),
    ]
  }
  const meant = near.filter((found) => labelIn(found, at) === undefined)
  if (meant.length === 0) return tellLabels(near, at)
  // A field that is only in some forms says that one of these is meant.
  const known = meant.filter((found) => !found.some((one) => one.isUnexpected === true && one.at.parent === at))
  const likely = known.length > 0 ? known : meant
  return needs(likely, at) ?? likely.flat()
}

const ofPlace = ({ at, expected }: Found, place: Place): ReadonlyArray<string> =>
  at === place && expected !== undefined ? expected.each : []

/** The field that says which form it is, if it says that it is not this one. */
const labelIn = (found: ReadonlyArray<Found>, at: Place): Found | undefined =>
  found.find((one) => one.expected?.of === "literal" && one.at.parent === at)

/** All forms have another label than the one that was given. */
const tellLabels = (forms: ReadonlyArray<ReadonlyArray<Found>>, at: Place): ReadonlyArray<Found> => {
  const labels = forms.map((found) => labelIn(found, at)).filter((found) => found !== undefined)
  const [first] = labels
  return first !== undefined && labels.every((label) => label.at.key === first.at.key)
    ? [
        expectedOneOf(
          first.at,
          "literal",
          labels.flatMap(({ expected }) => expected?.each ?? []),
          String,
        ),
      ]
    : forms.flat()
}

/** `needs side, or radius and colour`, where it is only that. */
const needs = (forms: ReadonlyArray<ReadonlyArray<Found>>, at: Place): ReadonlyArray<Found> | undefined => {
  const isOnlyThat = forms.every((found) => found.every((one) => one.missing !== undefined && one.at.parent === at))
  if (forms.length < 2 || !isOnlyThat) return undefined
  const each = forms.map((found) => found.flatMap(({ missing = [] }) => missing).join(" and "))
  return [{ at, message: `needs ${[...new Set(each)].join(", or ")}`, wayOut: "add one of these" }]
}
