/** Whether a resource is found in the list of its type, however it is paged. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { NativeId } from "../../../../protocol/Identity.ts"
import type { ListPage } from "../../../../protocol/Operation.ts"
import type { Succeeded } from "../../../../protocol/Progress.ts"
import type { TypeCapabilities } from "../../../../protocol/Resource.ts"
import { expectSuccess } from "../../peer/expectEnd.ts"
import { listFinding, type TypeCalls } from "../../peer/TypeCalls.ts"
import { type Descriptions, sections } from "../../report/CheckDescription.ts"
import type { TypeCheckId } from "../../report/CheckId.ts"
import { expectThat, type Finding, mismatch, skip } from "../../report/Finding.ts"
import type { ResourceTest } from "./ResourceTest.ts"
import { ownIds, withSpare } from "./withSpare.ts"

export const listDescriptions = {
  "type.list": {
    section: sections.calls,
    title: "lists it",
    remedy: "Return its native id in List, as Create returned it.",
  },
  "type.listPages": {
    section: sections.calls,
    title: "lists it page by page, with a page size of 1, to the end",
    remedy: "Return no more than `pageSize` native ids, a new token while there are more, and none with the last page.",
  },
  "type.listToken": {
    section: sections.calls,
    title: "refuses a page token that it does not know",
    remedy: "Fail List with ListFailed and the code InvalidRequest.",
  },
  "type.listMany": {
    section: sections.calls,
    title: "lists each of several resources once, whatever the size of a page",
    remedy: "Begin each page after the last native id of the page before it: leave none out, and repeat none.",
  },
} as const satisfies Descriptions<TypeCheckId>

/** A longer list is not read one by one. */
const mostPages = 200

/** The list of a provider may lag behind. */
const soon = Schedule.upTo(Schedule.spaced("500 millis"), { times: 5 })

export const listChecks = Effect.fnUntraced(function* (
  test: ResourceTest,
  { nativeId }: Succeeded,
): Effect.fn.Return<void> {
  const { calls, record, subject } = test
  const { capabilities, type } = subject
  const listable = requireListable(capabilities)
  yield* record.type(type, "type.list", Effect.andThen(listable, allPages(calls, nativeId)))
  yield* record.type(type, "type.listPages", Effect.andThen(listable, smallPages(calls, nativeId)))
  yield* record.type(type, "type.listToken", Effect.andThen(listable, unknownToken(calls)))
  yield* record.type(type, "type.listMany", Effect.andThen(listable, manyPages(test)))
})

const requireListable = ({ listable }: TypeCapabilities): Effect.Effect<void, Finding> =>
  expectThat(listable, skip("the type does not declare that it is listable"))

const allPages = ({ listAll }: TypeCalls, nativeId: NativeId): Effect.Effect<void, Finding> => {
  const inList = `${nativeId} in its list`
  return Effect.flatMap(listAll, (found) =>
    expectThat(found.has(nativeId), mismatch(inList, `${found.size} others, and not this one`)),
  ).pipe(Effect.retry({ schedule: soon, while: ({ expected }) => expected === inList }))
}

/** Page by page, with one resource in each. */
const smallPages = Effect.fnUntraced(function* (calls: TypeCalls, nativeId: NativeId): Effect.fn.Return<void, Finding> {
  const found = new Set<NativeId>()
  const tokens = new Set<string>()
  let pageToken: string | undefined
  while (tokens.size < mostPages) {
    const page: ListPage = yield* Effect.mapError(
      calls.list({ pageSize: 1, ...(pageToken === undefined ? {} : { pageToken }) }),
      listFinding,
    )
    if (page.nativeIds.length > 1) return yield* mismatch("one native id in a page", `${page.nativeIds.length}`)
    for (const one of page.nativeIds) {
      if (found.has(one)) return yield* mismatch("each native id once", `${one} twice`)
      found.add(one)
    }
    pageToken = page.nextPageToken
    if (pageToken === undefined) {
      if (!found.has(nativeId)) return yield* mismatch(`${nativeId} in one of the pages`, `${found.size} others`)
      return
    }
    if (tokens.has(pageToken)) return yield* mismatch("a new token for each page", "the same one again")
    tokens.add(pageToken)
  }
  return yield* skip(`there are more than ${mostPages} resources of its type`)
})

/** So many that a page of each size has one before it and one after it. */
const fewest = 4
const pageSizes = [2, 3]

/** With four resources or more, as far as the sample provides for them. */
const manyPages = (test: ResourceTest) =>
  withSpare(test, (properties) =>
    Effect.gen(function* () {
      const { calls, nextOperationId, subject, traces } = test
      yield* expectSuccess("Create", calls.create(nextOperationId(), properties))
      while (subject.isFree && ownIds(subject.type, traces).size < fewest) {
        yield* expectSuccess("Create", calls.create(nextOperationId(), subject.spare()))
      }
      const own = ownIds(subject.type, traces)
      for (const pageSize of pageSizes) yield* eachOnce(calls, own, pageSize)
      return { note: `${own.size} of them` }
    }),
  )

const eachOnce = (calls: TypeCalls, own: ReadonlySet<NativeId>, pageSize: number): Effect.Effect<void, Finding> => {
  const inPages = `each of ${own.size} in one of the pages of ${pageSize}`
  return Effect.gen(function* () {
    const found: Array<NativeId> = []
    let pageToken: string | undefined
    for (let pages = 0; pages < mostPages; pages++) {
      const page: ListPage = yield* Effect.mapError(
        calls.list({ pageSize, ...(pageToken === undefined ? {} : { pageToken }) }),
        listFinding,
      )
      found.push(...page.nativeIds)
      pageToken = page.nextPageToken
      if (pageToken === undefined) break
    }
    if (pageToken !== undefined) return yield* skip(`there are more than ${mostPages} pages of its type`)
    const twice = found.find((one, index) => found.indexOf(one) !== index)
    if (twice !== undefined) return yield* mismatch(`each native id once in pages of ${pageSize}`, `${twice} twice`)
    const lost = [...own].filter((one) => !found.includes(one))
    if (lost.length > 0) return yield* mismatch(inPages, `no ${lost.join(", ")}`)
  }).pipe(Effect.retry({ schedule: soon, while: ({ expected }) => expected === inPages }))
}

const unknownToken = Effect.fnUntraced(function* (calls: TypeCalls) {
  const answer = yield* Effect.result(calls.list({ pageToken: "formae-no-such-token" }))
  if (answer._tag === "Success") {
    return yield* mismatch("ListFailed with InvalidRequest", `a page of ${answer.success.nativeIds.length}`)
  }
  if (answer.failure._tag === "Finding") return yield* answer.failure
  const { code } = answer.failure.failure
  if (code !== "InvalidRequest") return yield* mismatch("ListFailed with InvalidRequest", answer.failure.message)
})
