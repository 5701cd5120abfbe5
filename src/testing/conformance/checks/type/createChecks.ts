/** The create of a resource, and the progress on the way. */
import * as Effect from "effect/Effect"
import { schemaCheckFor } from "../../../../agent/forma/SchemaCheck.ts"
import { formatIssue } from "../../../../protocol/Issue.ts"
import type { InProgress, Succeeded } from "../../../../protocol/Progress.ts"
import { expectSuccess } from "../../peer/expectEnd.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { type Finding, mismatch, skip } from "../../report/Finding.ts"
import { show } from "../../report/show.ts"
import type { ResourceTest } from "./ResourceTest.ts"

export const createDescriptions = {
  "type.schema": {
    section: sections.handshake,
    title: "has a schema that allows the sample",
    remedy: "Make `schema` and `targetSchema` of the handshake allow what the handlers accept.",
  },
  "type.create": {
    section: sections.calls,
    title: "creates the resource",
    remedy: "Answer Create with progress that ends in Succeeded, with the native id and the properties.",
  },
  "type.inProgress": {
    section: sections.calls,
    title: "answers InProgress with a request id while the provider works, and can be watched to the end",
    remedy:
      "Answer InProgress with a `requestId` as soon as the provider has accepted the work, and report the rest through Watch.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** What was created, if it was. */
export const createChecks = Effect.fnUntraced(function* (test: ResourceTest): Effect.fn.Return<Succeeded | undefined> {
  const { calls, operationId, record, specimen, subject } = test
  yield* record.type(subject.type, "type.schema", schemaAllows(test))
  const progress: Array<InProgress> = []
  const observe = (one: InProgress) => Effect.sync(() => void progress.push(one))
  const created = yield* record.type(
    subject.type,
    "type.create",
    expectSuccess("Create", calls.create(operationId, specimen.properties, observe)),
  )
  yield* record.type(subject.type, "type.inProgress", acceptedWork(progress, created))
  return created
})

const schemaAllows = Effect.fnUntraced(function* ({
  specimen: { properties },
  subject: {
    capabilities: { schema = {}, targetSchema = {} },
    target,
  },
}: ResourceTest): Effect.fn.Return<void, Finding> {
  const check = yield* schemaCheckFor([schema, targetSchema])
  const issues = [
    ...check(schema, properties).issues.map((issue) => `properties: ${formatIssue(issue)}`),
    ...check(targetSchema, target).issues.map((issue) => `target: ${formatIssue(issue)}`),
  ]
  if (issues.length > 0) return yield* mismatch("no objection to the sample", issues.join("; "))
})

const acceptedWork = Effect.fnUntraced(function* (progress: ReadonlyArray<InProgress>, created: Succeeded | undefined) {
  const accepted = progress.filter(({ failure }) => failure === undefined)
  if (accepted.length === 0) return yield* skip("its create ends with the answer")
  if (accepted.some(({ requestId }) => requestId === undefined)) {
    return yield* mismatch("a request id in each InProgress of accepted work", show(accepted))
  }
  if (created === undefined) return yield* mismatch("Succeeded at the end of Watch", "see above")
  return undefined
})
