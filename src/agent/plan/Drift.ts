/** Drift: how a resource differs from what was wanted of it last, without a document that has made the difference. */
import type { Properties, TypeCapabilities } from "../../protocol/Resource.ts"
import { ignoredPlaces, type PropertyPlace } from "../forma/IgnoredPlaces.ts"
import type { InventoryRow } from "../records/InventoryRow.ts"
import type { DifferingPlace } from "../records/LastRead.ts"
import type { SealedProperties } from "../secrets/Seals.ts"
import { isSecretProperty } from "./Change.ts"
import { findingsOf } from "./Comparison.ts"
import type { Finding } from "./Differences.ts"
import { shownPlaces } from "./ShownPlaces.ts"

/** What drift is found in. */
export interface DriftInput {
  /** The row of the resource, with what was wanted last. */
  readonly row: Pick<InventoryRow, "actual" | "exactPaths">
  /** What was wanted last, with the seals opened that fit what the provider has. */
  readonly prior: SealedProperties
  /** What the provider has. */
  readonly actual: Properties
  /** Both in the form that the plugin gives them, if its type says `canonicalizes`. */
  readonly canonical?: { readonly prior: SealedProperties; readonly actual: Properties } | undefined
  /** The places that are left to others. */
  readonly ignored: ReadonlyArray<PropertyPlace>
}

/** The places that differ: what a plan for the document that was applied last would set back, and nothing else. */
export const driftFindings = (
  { actual, canonical, ignored, prior, row }: DriftInput,
  capabilities: TypeCapabilities,
): ReadonlyArray<Finding> =>
  findingsOf(
    {
      desired: prior,
      unknown: [],
      prior,
      actual,
      exactBefore: row.exactPaths ?? [],
      ignored,
      ...(canonical === undefined ? {} : { canonical: { ...canonical, desired: canonical.prior } }),
    },
    capabilities,
  ).findings

/** The same as they are kept and shown, without secrets. */
export const driftedPlaces = (input: DriftInput, capabilities: TypeCapabilities): ReadonlyArray<DifferingPlace> => {
  const { actual, prior, row } = input
  const places = shownPlaces(driftFindings(input, capabilities), {
    actual,
    lastRead: row.actual,
    prior,
    shown: prior,
    capabilities,
    isSecret: isSecretProperty(capabilities),
    isReplaced: true,
  })
  return places.map(({ after, before, forcesReplacement, path, secret }) => ({
    path,
    ...(after === undefined ? {} : { wanted: after }),
    ...(before === undefined ? {} : { found: before }),
    ...(secret === true ? { secret } : {}),
    ...(forcesReplacement === true ? { createOnly: true } : {}),
  }))
}

/** The places that a row says are left to others. */
export const ignoredByRow = ({ care }: Pick<InventoryRow, "care">): ReadonlyArray<PropertyPlace> =>
  ignoredPlaces({ ignore: care?.ignore ?? [] })
