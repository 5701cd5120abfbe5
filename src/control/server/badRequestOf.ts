/** What is wrong with a request that does not decode, with the place of each mistake. */
import type * as Schema from "effect/Schema"
import * as SemVer from "effect/SemVer"
import { agentVersion } from "../../agent/version.ts"
import { type LocatedIssue, locateIssues } from "../../protocol/Issue.ts"
import { BadRequest, type UnknownRequestFacts } from "../api/ApiFailure.ts"
import { schemaVersion } from "../api/version.ts"
import { describeUnknownField, type UnknownField, unknownFields } from "./unknownFields.ts"

/** The answer to a request whose part at `path` does not decode. */
export const badRequestOf =
  (path: ReadonlyArray<string>) =>
  ({ issue }: Schema.SchemaError): BadRequest => {
    const unknown = unknownFields(issue)
    return unknown.length === 0 ? refusal(path, locateIssues(issue)) : unknownRequest(path, unknown)
  }

/**
 * The answer to a request whose part at `path` has fields that the agent does
 * not know. `facts` has their names for a client that is newer: the agent
 * cannot know what it would have done wrong without them.
 */
export const unknownRequest = (path: ReadonlyArray<string>, unknown: ReadonlyArray<UnknownField>): BadRequest =>
  refusal(
    path,
    unknown.map((one) => ({ path: one.path, message: describeUnknownField(one) })),
    {
      unknownFields: unknown.slice(0, maxIssues).map((one) => String(one.path.at(-1))),
      agentVersion: SemVer.format(agentVersion),
    } satisfies typeof UnknownRequestFacts.Type,
  )

const refusal = (
  path: ReadonlyArray<string>,
  located: ReadonlyArray<LocatedIssue>,
  facts?: Readonly<Record<string, Schema.Json>>,
): BadRequest => {
  const issues = located
    .slice(0, maxIssues)
    .map((one) => ({ message: one.message, path: [...path, ...one.path.map(toKey)] }))
  const message = issues.map((one) => `${one.path.join(".")}: ${one.message}`).join("\n")
  return new BadRequest({
    schemaVersion,
    code: "BadRequest",
    message,
    issues,
    ...(facts === undefined ? {} : { facts }),
  })
}

/** More are not told. */
const maxIssues = 20

const toKey = (key: PropertyKey): string | number => (typeof key === "symbol" ? String(key) : key)
